"""Forms: what every unit of one level owes at one frequency."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from toankhoa.core.basics import Frequency


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a form under one heading, asked for in periods that begin on `since` or later."""

    title: str
    elements: tuple[str, ...]
    since: date = date.min


@dataclass(frozen=True, kw_only=True)
class Form:
    """What every unit of one level owes at one frequency."""

    code: str
    name: str
    level: str
    frequency: Frequency
    sections: tuple[Section, ...]

    @cached_property
    def elements(self) -> tuple[str, ...]:
        """Codes of its elements in order."""
        codes: list[str] = []
        for section in self.sections:
            codes += section.elements
        return tuple(codes)

    def on(self, day: date) -> Form:
        """The form as it is for a period that begins on a day; without sections it is not owed."""
        sections = tuple(section for section in self.sections if section.since <= day)
        return replace(self, sections=sections)

    def asks(self, element: str, day: date) -> bool:
        """Whether it asks for an element in a period that begins on a day."""
        return any(element in section.elements for section in self.sections if section.since <= day)
