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
from toankhoa.core.results.plan_status import StatusTally, of_results
from toankhoa.core.results.term_status import TermResult
from toankhoa.core.review import YearTarget
from toankhoa.core.targets import CascadedTarget


@dataclass(frozen=True)
class FigureMark:
    """The code of a figure on paper, and the address at which it is explained; blank where no address is known."""

    code: FigureCode
    link: str = ""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One indicator of one row in one year. `target` is the plan's, and says where its words stand.

    `mark`: what leads back to the figure from paper, where it is on paper.
    """

    indicator: Indicator
    year: int
    target: YearTarget | None
    result: Result
    cascaded: CascadedTarget | None = None
    mark: FigureMark | None = None


@dataclass(frozen=True, kw_only=True)
class TermReading(Reading):
    """One indicator of one row in the whole term. `target` is what the plan's words ask of the term, if they do.

    `year` is the term's last; `years` are its readings of every year.
    """

    term: TermResult
    years: tuple[Reading, ...]


@dataclass(frozen=True, kw_only=True)
class YearCell:
    """One year of one row: what the plan says, and what each of the row's indicators has come to."""

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


Span = Callable[
    [PlanLine], Iterable[Reading]
]  # the readings of a row in the span that is looked at


def in_year(year: int) -> Span:
    """The readings of one year."""
    return lambda line: [
        reading for cell in line.cells if cell.year == year for reading in cell.readings
    ]


def in_term(line: PlanLine) -> Iterable[Reading]:
    """The readings of the whole term."""
    return line.term


def rolled_up(lines: Iterable[PlanLine], span: Span) -> dict[str, StatusTally]:
    """By the code of each heading: its own figures and those of the rows right below it, in a span."""
    results: dict[str, list[Result]] = {}
    for line in lines:
        code = line.row.objective if isinstance(line.row, Activity) else line.row.code
        results.setdefault(code, []).extend(reading.result for reading in span(line))
    return {code: of_results(found) for code, found in results.items()}


Address = tuple[str, str, int | None]  # row, indicator, year; None: the whole term


def addresses(lines: Sequence[PlanLine]) -> Iterator[Address]:
    """What each figure of the living plan is about, in the order in which their codes count them."""
    for line in lines:
        for cell in line.cells:
            yield from (
                (line.row.code, reading.indicator.code, cell.year) for reading in cell.readings
            )
        yield from ((line.row.code, reading.indicator.code, None) for reading in line.term)


def marked(
    lines: Sequence[PlanLine], moment: datetime, unit: int, site: str = ""
) -> list[PlanLine]:
    """The lines as a document of that moment shows them. `unit`: its number; `site`: what a code is put behind to open.

    See `core.basics.figure_code`.
    """
    marks = (_mark(FigureCode(moment, unit, place), site) for place in count())

    def of_line(line: PlanLine) -> PlanLine:
        cells = [
            replace(cell, readings=tuple(replace(r, mark=next(marks)) for r in cell.readings))
            for cell in line.cells
        ]
        return replace(
            line, cells=tuple(cells), term=tuple(replace(r, mark=next(marks)) for r in line.term)
        )

    return [of_line(line) for line in lines]


def marks(lines: Sequence[PlanLine]) -> Iterator[FigureMark]:
    """Those of all figures, in their order."""
    for line in lines:
        every = (*(reading for cell in line.cells for reading in cell.readings), *line.term)
        yield from (reading.mark for reading in every if reading.mark)


def _mark(code: FigureCode, site: str) -> FigureMark | None:
    """None where there are more figures or units than codes."""
    return (
        FigureMark(code, site and f"{site}{code}")
        if fits(code.moment, code.unit, code.place)
        else None
    )
