"""A unit's year out of its months: what is summed, what is the last figure, what goes to whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from toankhoa.core.returns import NOT_APPLICABLE, Reported
from toankhoa.core.totals.cell import ALL_YEAR, MONTHS, Cell, Counts, Months, Rules, Values


@dataclass(frozen=True, slots=True, eq=False)
class ClosedYear:
    """Units' whole years, each for itself: arrays [unit, slot], or [slot] of one unit.

    `matched`, [unit, ratio]: whether a unit has what the ratio takes; ratios are not filled in.
    `inherited`: see `Cell.marked`, of a year.
    """

    values: Values
    counts: Counts
    matched: NDArray[np.bool_]
    inherited: Counts | None = None


def close_year(values: Values, counts: Counts, rules: Rules) -> ClosedYear:
    """Units' years from their months. Arrays are [12, …, slot]; the results drop the first axis.

    The rule per element: flow → sum; stock, distinct → the last month that has a value. A derived
    0/1 looks at the year that results. Units that passed figures on to each other:
    `core.totals.succession.close_years`. See docs/arithmetic.md, "A unit's year".
    """
    year = np.zeros(values.shape[1:], np.int64)
    present = counts > 0
    seen: Counts = np.asarray(present.any(axis=0), np.int32)
    year[..., rules.summed] = values[..., rules.summed].sum(axis=0)
    if rules.last.size:
        # The first month with a value, counted from the year's end; 0 where there is none, too.
        newest = len(values) - 1 - present[::-1, ..., rules.last].argmax(axis=0)
        stock = np.take_along_axis(values[..., rules.last], newest[None], axis=0)[0]
        year[..., rules.last] = stock * seen[..., rules.last]
    rules.derive(year, seen)
    matched = (seen[..., rules.parts] > 0).all(axis=-1)
    return ClosedYear(year, seen, np.asarray(matched, np.bool_))


def year_of(
    values: Values, counts: Counts, rules: Rules, closed: ClosedYear, months: Months = ALL_YEAR
) -> Cell:
    """A unit's year, or what of it goes to another one.

    One call serves one unit or every unit of the nation. `closed`: its year, whole. `months`: those
    in which the unit stood below the one whose year is asked (see `YearTrees`). What is summed is
    summed over them; everything else goes to where the unit stands at the year's end. A ratio's
    matched parts are the parts of units that have what it takes, and go as their parts do.
    """
    if months[-1]:
        year, seen, inherited = closed.values.copy(), closed.counts.copy(), closed.inherited
    else:
        year, seen, inherited = np.zeros_like(closed.values), np.zeros_like(closed.counts), None
    if months != ALL_YEAR:
        there = np.flatnonzero(months)
        year[..., rules.summed] = values[there][..., rules.summed].sum(axis=0)
        seen[..., rules.summed] = (counts[there][..., rules.summed] > 0).any(axis=0)
    for ratio, (slots, parts) in enumerate(rules.pairs):
        matched = closed.matched[..., ratio, None]
        year[..., slots] = year[..., parts] * matched
        seen[..., slots] = seen[..., parts] * matched
    return Cell(year, seen, inherited)


def part_of_year(months: Sequence[Cell], whole: Cell, rules: Rules, there: Months) -> Cell | None:
    """What a unit's totals add to another's year, below which it stood in some months only.

    `months`: its totals of the twelve months, `whole`: of the year; see `year_of`. How many units
    reported what is summed is taken from the month in which most did. None where a ratio takes in
    some units below and not others, so that only the units below can say what of their months it
    takes.
    """
    part = whole.copy() if there[-1] else Cell.zero(rules.width)
    cells = [cell for cell, meant in zip(months, there, strict=True) if meant]
    part.values[rules.summed] = sum(cell.values[rules.summed] for cell in cells)
    part.counts[rules.summed] = np.max([cell.counts[rules.summed] for cell in cells], axis=0)
    for matched, slot in rules.summed_pairs:
        if whole.counts[matched] not in (0, whole.counts[slot]):
            return None
        taken = whole.counts[matched] > 0
        part.values[matched] = part.values[slot] * taken
        part.counts[matched] = part.counts[slot] * taken
    return part


def increments(running: Values, counts: Counts) -> Values:
    """Running totals since 1 January as increments: of each month over the last one before it.

    Arrays are [12, …]; a month without a figure has none. The increments of a year add up to its
    last figure: 5, missing, 12 are 5, 0, 7.
    """
    steps, last = np.zeros_like(running), np.zeros_like(running[0])
    if not running.size:  # most libraries have no such element
        return steps
    for month in range(MONTHS):
        present = counts[month] > 0
        steps[month] = np.where(present, running[month] - last, 0)
        last = np.where(present, running[month], last)
    return steps


class UnitYear:
    """One unit's own figures in one year, month by month; `put` replaces those of one return."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.values: Values = np.zeros((MONTHS, rules.width), np.int64)
        self.counts: Counts = np.zeros((MONTHS, rules.width), np.int32)
        self.waived: Counts = np.zeros((MONTHS, rules.width), np.int32)

    @classmethod
    def stored(cls, rules: Rules, first: int, cells: Mapping[int, Cell]) -> UnitYear:
        """Out of a unit's own cells by period key; `first`: the key of the year itself."""
        year = cls(rules)
        for key, cell in cells.items():
            if key > first:
                year.load(key - first, cell)
        return year

    def load(self, month: int, cell: Cell) -> None:
        """Take a stored own cell (month 1–12)."""
        self.values[month - 1], self.counts[month - 1] = cell.values, cell.counts
        if cell.marked is not None:
            self.waived[month - 1] = cell.marked

    def put(self, month: int, slots: Sequence[int], figures: Sequence[Reported]) -> dict[int, Cell]:
        """Replace the figures at these slots of a month (1–12); what that adds, by month.

        None takes a figure out. A to-date figure is typed as a running total and kept as its
        increment, so what comes after it changes too.
        """
        before = self.values.copy(), self.counts.copy(), self.waived.copy()
        columns = self.rules.to_date
        self.values[:, columns] = np.cumsum(self.values[:, columns], axis=0)
        for slot, figure in zip(slots, figures, strict=True):
            number = figure if isinstance(figure, int) else None
            self.values[month - 1, slot] = number or 0
            self.counts[month - 1, slot] = number is not None
            self.waived[month - 1, slot] = figure == NOT_APPLICABLE
        self.values[:, columns] = increments(self.values[:, columns], self.counts[:, columns])
        values, counts = self.values - before[0], self.counts - before[1]
        waived = self.waived - before[2]
        touched = values.any(axis=1) | counts.any(axis=1) | waived.any(axis=1)
        changes: dict[int, Cell] = {}
        for row in np.flatnonzero(touched).tolist():
            changes[row + 1] = Cell(values[row], counts[row], waived[row])
        return changes

    def month(self, month: int) -> Cell:
        """The own cell of a month (1–12)."""
        return Cell(
            self.values[month - 1].copy(),
            self.counts[month - 1].copy(),
            self.waived[month - 1].copy(),
        )

    def year(self, months: Months = ALL_YEAR) -> Cell:
        """The own cell of the year, or what of it goes to a unit above in these months only."""
        closed = close_year(self.values, self.counts, self.rules)
        return year_of(self.values, self.counts, self.rules, closed, months)
