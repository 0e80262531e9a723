"""What came with a request, by type: the one place where text of an address or a form becomes a value.

A view asks for what it needs and gets a value of that type, or None where there is none: nothing that somebody types
into an address can raise. `"²".isdigit()` is true and `int("²")` raises, and a database refuses an id of 30 digits;
here both are simply no number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TypeVar

from django.http import HttpRequest, QueryDict

from toankhoa.core.basics import read_date

_DIGITS = re.compile(r"[0-9]{1,18}")  # what fits into eight bytes, with room to spare
_YEAR = re.compile(r"[12][0-9]{3}")

Choice = TypeVar("Choice")
Member = TypeVar("Member", bound=Enum)


def whole_number(text: str) -> int | None:
    """A number of plain digits, such as an id or a row version; None for anything else."""
    return int(text) if _DIGITS.fullmatch(text) else None


def year(text: str) -> int | None:
    """A year from 1000 to 2999."""
    return int(text) if _YEAR.fullmatch(text) else None


@dataclass(frozen=True)
class Fields:
    """The fields of a form, or of the query of an address, read by type."""

    fields: QueryDict

    def __contains__(self, name: str) -> bool:
        return name in self.fields

    def text(self, name: str) -> str:
        """As it was typed, without blanks at its ends and without NUL, which no database keeps."""
        return self.fields.get(name, "").replace("\x00", "").strip()

    def texts(self, name: str) -> list[str]:
        """Of a field that may be there several times: all its values."""
        return [text.replace("\x00", "").strip() for text in self.fields.getlist(name)]

    def number(self, name: str) -> int | None:
        """See `whole_number`."""
        return whole_number(self.text(name))

    def numbers(self, name: str) -> list[int]:
        """Of a field that may be there several times: those of its values that are numbers."""
        numbers = (whole_number(text) for text in self.texts(name))
        return [number for number in numbers if number is not None]

    def year(self, name: str) -> int | None:
        """See `year`."""
        return year(self.text(name))

    def day(self, name: str) -> date | None:
        """A day as Vietnamese write it (2/9/2021, ngày 2 tháng 9 năm 2021); None where there is none."""
        return read_date(self.text(name))

    def choice(self, name: str, choices: Mapping[str, Choice]) -> Choice | None:
        """The one of several values that is named; None where none is."""
        return choices.get(self.text(name))

    def member(self, name: str, of: type[Member]) -> Member | None:
        """The member of an enumeration with that value."""
        return next((member for member in of if member.value == self.text(name)), None)


@dataclass(frozen=True)
class UploadedFile:
    """A file that came with a form."""

    name: str
    data: bytes


def form_fields(request: HttpRequest) -> Fields:
    """What was sent with a form."""
    return Fields(request.POST)


def query_fields(request: HttpRequest) -> Fields:
    """What stands behind the question mark of the address."""
    return Fields(request.GET)


def uploaded_file(request: HttpRequest, name: str = "file") -> UploadedFile | None:
    """The file of that field; None where none was chosen."""
    file = request.FILES.get(name)
    if file is None:
        return None
    return UploadedFile(file.name or "", file.read())


class IdConverter:
    """An id in an address: plain digits that a database can hold. Anything else is not found."""

    regex = "[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class YearConverter:
    """A year in an address."""

    regex = "[12][0-9]{3}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)
