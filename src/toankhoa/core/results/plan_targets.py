"""A plan's own targets (its chỉ tiêu), each with all that measures it; and figures by urgency.

The targets are the children of the plan's first heading ("I. Các chỉ tiêu": Chỉ tiêu 1, 2 …).
What measures one: the indicators of its heading and those of the rows right below it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from toankhoa.core.plan import Activity, Objective, Plan
from toankhoa.core.results.assessment import Level
from toankhoa.core.results.plan_status import (
    TROUBLE,
    URGENCY,
    WITH_TARGET,
    StatusTally,
    tally_objectives,
    tally_results,
)
from toankhoa.core.results.plan_view import PlanLine, Reading, Span, in_year

# What is asked of the unit, or would be once its own level is handed down to it.
CONCERNED = frozenset(URGENCY) - {Level.NOT_DUE, Level.NOT_APPLICABLE}


@dataclass(frozen=True)
class RowReading:
    """One indicator of one row in the span that is looked at."""

    row: Objective | Activity
    reading: Reading

    @property
    def level(self) -> Level:
        """Of its result."""
        return self.reading.result.level

    @property
    def heading(self) -> str:
        """Code of the heading that it is of: its own, or the one over its row."""
        if isinstance(self.row, Activity):
            return self.row.objective
        return self.row.code

    @property
    def trouble(self) -> int:
        """Sort key: what will fail first."""
        return TROUBLE.index(self.reading.result.prospect)

    @property
    def urgency(self) -> tuple[int, int, Fraction]:
        """Sort key: what needs a person first, and within it what is furthest from its target."""
        attainment = self.reading.result.attainment or Fraction(0)
        return URGENCY.index(self.level), self.trouble, attainment


@dataclass(frozen=True)
class PlanTarget:
    """One target of the plan with all that measures it in the span that is looked at."""

    objective: Objective
    readings: tuple[RowReading, ...]

    @cached_property
    def tally(self) -> StatusTally:
        """Its readings rolled up."""
        return tally_results(of_row.reading.result for of_row in self.readings)

    @property
    def concerned(self) -> list[RowReading]:
        """What is asked for here, or would be once a level is handed down; trouble first."""
        concerned = [of_row for of_row in self.readings if of_row.level in CONCERNED]
        return sorted(concerned, key=lambda of_row: of_row.trouble)

    @property
    def trouble(self) -> tuple[int, int]:
        """Sort key: what will fail first, what nobody asks for here last."""
        prospect = TROUBLE.index(self.tally.prospect) if self.tally.with_target else len(TROUBLE)
        return prospect, URGENCY.index(self.tally.level)

    @property
    def confidence(self) -> Fraction | None:
        """The least share of due reports behind any of its figures; None where none is due."""
        shares = [of_row.reading.result.confidence for of_row in self.concerned]
        return min((share for share in shares if share is not None), default=None)

    @property
    def incomplete(self) -> bool:
        """Whether reports behind its figures are missing."""
        return self.confidence is not None and self.confidence < 1


@dataclass(frozen=True)
class IndicatorYears:
    """One indicator of one row through the years of the plan."""

    row: Objective | Activity
    readings: tuple[Reading, ...]


def plan_targets(plan: Plan, lines: Iterable[PlanLine], span: Span) -> list[PlanTarget]:
    """The plan's targets in its order, each with what measures it in a span."""
    tops = [objective.code for objective in plan.objectives if objective.parent is None]
    if not tops:
        return []
    objectives = [objective for objective in plan.objectives if objective.parent == tops[0]]
    readings: dict[str, list[RowReading]] = {objective.code: [] for objective in objectives}
    for of_row in _readings(lines, span):
        if of_row.heading in readings:
            readings[of_row.heading].append(of_row)
    return [PlanTarget(objective, tuple(readings[objective.code])) for objective in objectives]


def whole_plan(targets: Iterable[PlanTarget]) -> StatusTally:
    """The plan's targets rolled up, those that ask for something here."""
    return tally_objectives(target.tally for target in targets if target.tally.level in WITH_TARGET)


def most_urgent(lines: Iterable[PlanLine], board: str, year: int) -> list[RowReading]:
    """What measures a board's rows in a year, what needs a person first."""
    of_board = [
        of_row
        for of_row in _readings(lines, in_year(year))
        if board in of_row.row.boards and of_row.level in CONCERNED
    ]
    return sorted(of_board, key=lambda of_row: of_row.urgency)


def indicator_years(lines: Iterable[PlanLine]) -> list[IndicatorYears]:
    """Each indicator once, where the plan measures it first, in the plan's order."""
    first_of: dict[str, IndicatorYears] = {}
    for line in lines:
        for of_years in _years_of(line):
            first_of.setdefault(of_years.readings[0].indicator.code, of_years)
    return list(first_of.values())


def _years_of(line: PlanLine) -> Iterator[IndicatorYears]:
    """One entry for each indicator of a row: every cell holds its readings in the same order."""
    of_cells = [cell.readings for cell in line.cells]
    for readings in zip(*of_cells, strict=True):
        yield IndicatorYears(line.row, readings)


def _readings(lines: Iterable[PlanLine], span: Span) -> Iterator[RowReading]:
    for line in lines:
        for reading in span(line):
            yield RowReading(line.row, reading)
