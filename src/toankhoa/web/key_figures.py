"""A plan's headline figures: every numbered target with the readings of its heading and of the rows below it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from toankhoa.core.assessment import Level
from toankhoa.core.living import Line, Reading
from toankhoa.core.plan import Activity, Objective, Plan

# What needs a person first: not met, then running, then without figures; what is met, then what nobody asks for yet.
URGENCY = (Level.NOT_MET, Level.OPEN, Level.NO_DATA, Level.MET, Level.NO_TARGET, Level.NOT_DUE, Level.NOT_APPLICABLE)
SHOWN = frozenset(URGENCY) - {Level.NOT_DUE, Level.NOT_APPLICABLE}


@dataclass(frozen=True)
class Measured:
    """One indicator of one row through the years of the plan."""

    row: Objective | Activity
    readings: tuple[Reading, ...]


@dataclass(frozen=True)
class Standing:
    """Where one indicator of one row stands in the year that is looked at."""

    row: Objective | Activity
    reading: Reading

    @property
    def level(self) -> Level:
        """Of its result."""
        return self.reading.result.level

    @property
    def urgency(self) -> tuple[int, Fraction]:
        """Sort key: what needs a person first, and the furthest behind first within it."""
        return URGENCY.index(self.level), self.reading.result.attainment or Fraction(0)


@dataclass(frozen=True)
class Goal:
    """A top heading's child (a chỉ tiêu) with all that measures it in the year that is looked at."""

    objective: Objective
    standings: tuple[Standing, ...]

    @property
    def now(self) -> tuple[Standing, ...]:
        """What this year asks for here, or would once the unit's own level is handed down."""
        return tuple(each for each in self.standings if each.level in SHOWN)

    @property
    def level(self) -> Level:
        """The level that needs a person most: a target is on course only where all that is asked of it is."""
        return min((each.level for each in self.standings), key=URGENCY.index, default=Level.NOT_DUE)

    @property
    def confidence(self) -> Fraction | None:
        """The least share of due reports behind any of its figures."""
        return min((c for each in self.now if (c := each.reading.result.confidence) is not None), default=None)


def measured(lines: Iterable[Line]) -> Iterator[Measured]:
    """Every indicator of every row, in the plan's order."""
    for line in lines:
        for place in range(len(line.cells[0].readings) if line.cells else 0):
            yield Measured(line.row, tuple(cell.readings[place] for cell in line.cells))


def _in_year(lines: Iterable[Line], year: int) -> Iterator[Standing]:
    for line in lines:
        for cell in line.cells:
            if cell.year == year:
                yield from (Standing(line.row, reading) for reading in cell.readings)


def goals(plan: Plan, lines: Iterable[Line], year: int) -> list[Goal]:
    """The targets of the plan's first section, each with what measures it in one year."""
    first = next((objective.code for objective in plan.objectives if objective.parent is None), None)
    found = {objective.code: objective for objective in plan.objectives if objective.parent == first}
    now: dict[str, list[Standing]] = {code: [] for code in found}
    for each in _in_year(lines, year):
        code = each.row.objective if isinstance(each.row, Activity) else each.row.code
        if code in now:
            now[code].append(each)
    return [Goal(objective, tuple(now[code])) for code, objective in found.items()]


def of_board(lines: Iterable[Line], board: str, year: int) -> list[Standing]:
    """What measures a board's rows this year, the furthest behind first."""
    mine = (each for each in _in_year(lines, year) if board in each.row.boards and each.level in SHOWN)
    return sorted(mine, key=lambda each: each.urgency)


def charts(lines: Iterable[Line]) -> list[Measured]:
    """One entry per indicator that has a figure here in some year, in the plan's order."""
    found: dict[str, Measured] = {}
    for each in measured(lines):
        if any(reading.result.figure.value is not None for reading in each.readings):
            found.setdefault(each.readings[0].indicator.code, each)
    return list(found.values())
