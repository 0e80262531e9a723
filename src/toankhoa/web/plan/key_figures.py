"""A plan's headline figures: every numbered target with the readings of its heading and of the rows below it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from toankhoa.core.plan import Activity, Objective, Plan
from toankhoa.core.results import (
    TROUBLE,
    URGENCY,
    WITH_TARGET,
    Level,
    PlanLine,
    Reading,
    Span,
    StatusTally,
    in_year,
    tally_objectives,
    tally_results,
)

SHOWN = frozenset(URGENCY) - {Level.NOT_DUE, Level.NOT_APPLICABLE}


@dataclass(frozen=True)
class Measured:
    """One indicator of one row through the years of the plan."""

    row: Objective | Activity
    readings: tuple[Reading, ...]


@dataclass(frozen=True)
class RowStatus:
    """Where one indicator of one row stands in the span that is looked at."""

    row: Objective | Activity
    reading: Reading

    @property
    def level(self) -> Level:
        """Of its result."""
        return self.reading.result.level

    @property
    def urgency(self) -> tuple[int, int, Fraction]:
        """Sort key: what needs a person first, and the furthest behind first within it."""
        result = self.reading.result
        return (
            URGENCY.index(self.level),
            TROUBLE.index(result.prospect),
            result.attainment or Fraction(0),
        )


@dataclass(frozen=True)
class Goal:
    """A top heading's child (a chỉ tiêu) with all that measures it in the span that is looked at."""

    objective: Objective
    standings: tuple[RowStatus, ...]

    @cached_property
    def tally(self) -> StatusTally:
        """Its rows rolled up."""
        return tally_results(each.reading.result for each in self.standings)

    @property
    def now(self) -> list[RowStatus]:
        """What is asked for here, or would be once the unit's own level is handed down, trouble first."""
        shown = [each for each in self.standings if each.level in SHOWN]
        return sorted(shown, key=lambda each: TROUBLE.index(each.reading.result.prospect))

    @property
    def trouble(self) -> tuple[int, int]:
        """Sort key: what will fail first, what nobody asks for here last."""
        return (
            TROUBLE.index(self.tally.prospect) if self.tally.with_target else len(TROUBLE)
        ), URGENCY.index(self.tally.level)

    @property
    def confidence(self) -> Fraction | None:
        """The least share of due reports behind any of its figures."""
        return min(
            (c for each in self.now if (c := each.reading.result.confidence) is not None),
            default=None,
        )


def measured(lines: Iterable[PlanLine]) -> Iterator[Measured]:
    """Every indicator of every row, in the plan's order."""
    for line in lines:
        for place in range(len(line.cells[0].readings) if line.cells else 0):
            yield Measured(line.row, tuple(cell.readings[place] for cell in line.cells))


def _standings(lines: Iterable[PlanLine], span: Span) -> Iterator[RowStatus]:
    for line in lines:
        yield from (RowStatus(line.row, reading) for reading in span(line))


def goals(plan: Plan, lines: Iterable[PlanLine], span: Span) -> list[Goal]:
    """The targets of the plan's first section, each with what measures it."""
    first = next(
        (objective.code for objective in plan.objectives if objective.parent is None), None
    )
    found = {
        objective.code: objective for objective in plan.objectives if objective.parent == first
    }
    now: dict[str, list[RowStatus]] = {code: [] for code in found}
    for each in _standings(lines, span):
        code = each.row.objective if isinstance(each.row, Activity) else each.row.code
        if code in now:
            now[code].append(each)
    return [Goal(objective, tuple(now[code])) for code, objective in found.items()]


def whole(found: Iterable[Goal]) -> StatusTally:
    """The plan's targets rolled up, those that ask for something here."""
    return tally_objectives(goal.tally for goal in found if goal.tally.level in WITH_TARGET)


def of_board(lines: Iterable[PlanLine], board: str, year: int) -> list[RowStatus]:
    """What measures a board's rows this year, the furthest behind first."""
    every = _standings(lines, in_year(year))
    mine = (each for each in every if board in each.row.boards and each.level in SHOWN)
    return sorted(mine, key=lambda each: each.urgency)


def charts(lines: Iterable[PlanLine]) -> list[Measured]:
    """One entry per indicator, in the plan's order."""
    found: dict[str, Measured] = {}
    for each in measured(lines):
        found.setdefault(each.readings[0].indicator.code, each)
    return list(found.values())
