"""One cell for each year, where the document writes otherwise: a level for several years, a deadline, a unit apart."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from toankhoa.core.basics import words_of
from toankhoa.core.compiling.frame import FrameLine
from toankhoa.core.compiling.headers import Period
from toankhoa.core.compiling.language.targets import is_mark
from toankhoa.core.plan import Basis, Target

_YEARS = re.compile(r"((?:19|20)\d\d)(?: ?[-–] ?((?:19|20)\d\d))?")
_PER_MILLE = "‰"
_PERCENT = re.compile(r"(?:tỷ lệ|tỉ lệ)?\s*\(?\s*%\s*\)?", re.IGNORECASE)


def years_named(text: str) -> set[int]:
    """The years in a text, those between two joined by a dash too."""
    found: set[int] = set()
    for first, last in _YEARS.findall(text):
        found |= set(range(int(first), int(last or first) + 1))
    return found


def spread(
    cells: Mapping[int, FrameLine],
    spans: Mapping[Period, FrameLine],
    deadline: FrameLine,
    years: Sequence[int],
) -> dict[int, FrameLine]:
    """A line for each year: its own cell, else a mark of a span, else the level that a span ends at, else a deadline.

    A deadline counts where a row has no levels at all: it marks the years it names, or every year ("Thường xuyên").
    """
    blank = FrameLine("", deadline.source)
    lines = {year: cells.get(year, blank) for year in years}
    for (first, last), line in spans.items():
        covered = [year for year in years if first <= year <= last]
        due = covered if is_mark(line.text) else covered[-1:]
        lines |= {year: line for year in due if line.text and year not in cells}
    if not any(line.text for line in lines.values()):
        named = years_named(deadline.text)
        always = is_mark(deadline.text) or len(years) == 1
        lines |= {year: deadline for year in years if year in named or (always and deadline.text)}
    return lines


def with_unit(target: Target, unit: str) -> Target:
    """The target with the unit of its row's own column, where its cell says none."""
    if not unit or target.unit:
        return target
    if _PERCENT.fullmatch(unit):
        return replace(
            target, unit="%", basis=Basis.RATE if target.basis is Basis.WHOLE else target.basis
        )
    return replace(target, unit=unit if words_of(unit) or unit == _PER_MILLE else "")
