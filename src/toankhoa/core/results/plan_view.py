"""The living plan: the rows of the plan's own table, each year cell beside what it has come to.

Screens, Word and Excel print these records and compute nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count

from toankhoa.core.basics import FigureCode, fits
from toankhoa.core.measures import Indicator
from toankhoa.core.plan import Activity, Commitment, Objective
from toankhoa.core.results.assessment import Result
from toankhoa.core.results.plan_status import StatusTally, tally_results
from toankhoa.core.results.term_status import TermResult
from toankhoa.core.review import YearTarget
from toankhoa.core.targets import CascadedTarget


@dataclass(frozen=True)
class FigureMark:
    """The code of a figure on paper, and the address at which it is explained.

    `link`: blank where no address is known.
    """

    code: FigureCode
    link: str = ""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One indicator of one row in one year.

    `target` is the plan's, and says where its words are; `cascaded`: what a decision hands down to
    the unit instead. `mark`: what leads back to the figure from paper, where it is on paper.
    """

    indicator: Indicator
    year: int
    target: YearTarget | None
    result: Result
    cascaded: CascadedTarget | None = None
    mark: FigureMark | None = None


@dataclass(frozen=True, kw_only=True)
class TermReading(Reading):
    """One indicator of one row in the whole term.

    `target` is what the plan's words ask of the term, if they do. `year` is the term's last;
    `years` are its readings of all years.
    """

    term: TermResult
    years: tuple[Reading, ...]


@dataclass(frozen=True, kw_only=True)
class YearCell:
    """One year of one row: what the plan says, and what the row's indicators have come to."""

    year: int
    commitment: Commitment | None  # None for a heading
    readings: tuple[Reading, ...]


@dataclass(frozen=True, kw_only=True)
class PlanLine:
    """One row of the living plan, in the order of the plan's own table."""

    row: Objective | Activity
    cells: tuple[YearCell, ...]
    term: tuple[TermReading, ...] = ()  # one for each of the row's indicators

    @property
    def is_heading(self) -> bool:
        """Whether the row is a heading of the table."""
        return isinstance(self.row, Objective)

    @property
    def heading(self) -> str:
        """The code of the heading that the row counts for: its own, or the one right above it."""
        return self.row.objective if isinstance(self.row, Activity) else self.row.code

    @property
    def year_readings(self) -> Iterator[Reading]:
        """Those of all years, from left to right."""
        for cell in self.cells:
            yield from cell.readings


Span = Callable[[PlanLine], Iterable[Reading]]  # the readings of a row in the span looked at


def in_year(year: int) -> Span:
    """The readings of one year."""

    def readings(line: PlanLine) -> Iterator[Reading]:
        for cell in line.cells:
            if cell.year == year:
                yield from cell.readings

    return readings


def in_term(line: PlanLine) -> Iterable[Reading]:
    """The readings of the whole term."""
    return line.term


def rolled_up(lines: Iterable[PlanLine], span: Span) -> dict[str, StatusTally]:
    """By the code of each heading: its figures and those of the rows right below it, in a span."""
    results: dict[str, list[Result]] = {}
    for line in lines:
        of_heading = results.setdefault(line.heading, [])
        of_heading.extend(reading.result for reading in span(line))
    return {code: tally_results(of_heading) for code, of_heading in results.items()}


Address = tuple[str, str, int | None]  # row, indicator, year; None: the whole term


def addresses(lines: Sequence[PlanLine]) -> Iterator[Address]:
    """What each figure of the living plan is about, in the order in which their codes count them.

    That order is kept for good: codes on paper that was printed long ago lead back by it.
    """
    for line in lines:
        for reading in line.year_readings:
            yield line.row.code, reading.indicator.code, reading.year
        for reading in line.term:
            yield line.row.code, reading.indicator.code, None


def marked_lines(
    lines: Sequence[PlanLine], moment: datetime, unit: int, site: str = ""
) -> list[PlanLine]:
    """The lines as a document of that moment shows them, with a code at each figure.

    `unit`: its number; `site`: the address behind which a code opens its explanation. See
    `core.basics.figure_code`.
    """
    marks = (_mark(FigureCode(moment, unit, place), site) for place in count())
    marked: list[PlanLine] = []
    for line in lines:
        cells: list[YearCell] = []
        for cell in line.cells:
            readings = [replace(reading, mark=next(marks)) for reading in cell.readings]
            cells.append(replace(cell, readings=tuple(readings)))
        term = [replace(reading, mark=next(marks)) for reading in line.term]
        marked.append(replace(line, cells=tuple(cells), term=tuple(term)))
    return marked


def figure_marks(lines: Sequence[PlanLine]) -> Iterator[FigureMark]:
    """Those of all figures, in their order."""
    for line in lines:
        for reading in (*line.year_readings, *line.term):
            if reading.mark:
                yield reading.mark


def _mark(code: FigureCode, site: str) -> FigureMark | None:
    """None where there are more figures or units than codes."""
    if not fits(code.moment, code.unit, code.place):
        return None
    return FigureMark(code, f"{site}{code}" if site else "")
