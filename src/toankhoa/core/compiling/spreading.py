"""One cell for each year, where the document writes otherwise.

It may write a level for several years, a deadline, a unit in a column of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
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
    years: set[int] = set()
    for first, last in _YEARS.findall(text):
        years.update(range(int(first), int(last or first) + 1))
    return years


def spread(
    cells: Mapping[int, FrameLine],
    spans: Mapping[Period, FrameLine],
    deadline: FrameLine,
    years: Sequence[int],
) -> dict[int, FrameLine]:
    """A line for each year: its own cell, else that of a span, else the deadline, else blank.

    A deadline counts where a row has no levels at all.
    """
    blank = FrameLine("", deadline.source)
    lines = {year: cells.get(year, blank) for year in years}
    for period, line in spans.items():
        for year in _years_of_span(period, line, years):
            if line.text and year not in cells:
                lines[year] = line
    if not any(line.text for line in lines.values()):
        lines.update(dict.fromkeys(_years_of_deadline(deadline.text, years), deadline))
    return lines


def _years_of_span(period: Period, line: FrameLine, years: Sequence[int]) -> Sequence[int]:
    """The years that a cell for several years speaks for.

    A mark speaks for each of them, a level for the last: "2026-2030: 90%" is due in 2030.
    """
    first, last = period
    covered = [year for year in years if first <= year <= last]
    return covered if is_mark(line.text) else covered[-1:]


def _years_of_deadline(deadline: str, years: Sequence[int]) -> Sequence[int]:
    """The years that a deadline names.

    "Thường xuyên" is in each of them; where the plan has but one year, it is that one.
    """
    if not deadline:
        return ()
    if is_mark(deadline) or len(years) == 1:
        return years
    named = years_named(deadline)
    return [year for year in years if year in named]


def with_units(targets: Iterable[Target], unit: str) -> tuple[Target, ...]:
    """`with_unit` for the targets of a cell."""
    return tuple(with_unit(target, unit) for target in targets)


def with_unit(target: Target, unit: str) -> Target:
    """The target with the unit of its row's own column, where its cell says none."""
    if not unit or target.unit:
        return target
    if _PERCENT.fullmatch(unit):
        basis = Basis.RATE if target.basis is Basis.WHOLE else target.basis
        return replace(target, unit="%", basis=basis)
    has_words = words_of(unit) or unit == _PER_MILLE
    return replace(target, unit=unit) if has_words else target
