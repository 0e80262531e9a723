"""The only aggregation there is: returns → a unit's own cells → the totals of every unit above.

A *cell* is one packed row: for every data element (by slot) a sum and the number of reports in it. A unit's own
accepted figures and a nation's sum have the same shape, so cells add, and a change is a difference of two cells.
A count of 0 means missing, which is not the same as a sum of 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from toankhoa.core.measures import Library, TimeRule
from toankhoa.core.org import Tree

Values = NDArray[np.int64]
Counts = NDArray[np.int32]

MONTHS = 12


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """One slot per data element: `values` the sums, `counts` how many reports each holds."""

    values: Values
    counts: Counts

    @classmethod
    def zero(cls, width: int) -> Cell:
        """Nothing reported."""
        return cls(np.zeros(width, np.int64), np.zeros(width, np.int32))

    @classmethod
    def unpack(cls, values: bytes, counts: bytes, width: int) -> Cell:
        """From storage. A row stored before later slots were declared is shorter: those are missing in it."""
        sums, reports = np.frombuffer(values, "<i8"), np.frombuffer(counts, "<i4")
        if len(sums) == width:
            return cls(sums, reports)
        cell = cls.zero(width)
        cell.values[: len(sums)], cell.counts[: len(sums)] = sums, reports
        return cell

    def pack(self) -> tuple[bytes, bytes]:
        """Little-endian int64 sums and int32 counts."""
        return self.values.astype("<i8", copy=False).tobytes(), self.counts.astype("<i4", copy=False).tobytes()

    def __add__(self, other: Cell) -> Cell:
        return Cell(self.values + other.values, self.counts + other.counts)

    def __sub__(self, other: Cell) -> Cell:
        return Cell(self.values - other.values, self.counts - other.counts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Cell) and self.pack() == other.pack()

    __hash__ = None  # type: ignore[assignment]

    def __bool__(self) -> bool:
        """False where adding it would change nothing."""
        return bool(self.values.any() or self.counts.any())

    def get(self, slot: int) -> int | None:
        """The sum of one element, None where no report holds it."""
        return int(self.values[slot]) if self.counts[slot] else None


@dataclass(frozen=True, slots=True)
class Rules:
    """The time rules of a library as slots, ready for arrays."""

    width: int
    summed: NDArray[np.intp]  # flow, and to-date once turned into increments
    last: NDArray[np.intp]  # stock and distinct: the last value within the year
    to_date: NDArray[np.intp]
    derived: tuple[tuple[int, int, int], ...]  # (slot, slot it looks at, at least)
    pairs: tuple[tuple[tuple[int, int], tuple[int, int]], ...]  # (slots of a ratio's matched parts, slots of the parts)

    @classmethod
    def of(cls, library: Library) -> Rules:
        """Read off the declarations."""
        every = library.elements
        typed = [element for element in every.values() if element.derived is None]

        def slots(*rules: TimeRule) -> NDArray[np.intp]:
            return np.array([element.slot for element in typed if element.time in rules], np.intp)

        return cls(
            width=library.width,
            summed=slots(TimeRule.FLOW, TimeRule.TO_DATE),
            last=slots(TimeRule.STOCK, TimeRule.DISTINCT),
            to_date=slots(TimeRule.TO_DATE),
            derived=tuple(
                (element.slot, every[element.derived.element].slot, element.derived.at_least)
                for element in every.values()
                if element.derived is not None
            ),
            pairs=tuple(
                (ratio.slots, (every[ratio.numerator].slot, every[ratio.denominator].slot))
                for ratio in library.indicators.values()
                if ratio.slots and ratio.denominator
            ),
        )


def year_of(values: Values, counts: Counts, rules: Rules) -> tuple[Values, Counts]:
    """A unit's year from its months. Arrays are [12, …, slot]; the result drops the first axis.

    The rule per element: flow → sum; stock, distinct → the last month that has a value. A derived 0/1 looks at the
    year that results; a ratio's matched parts are the year's parts of a unit that has both. One call serves one unit or
    every unit of the nation.
    """
    year, seen = np.zeros(values.shape[1:], np.int64), np.zeros(counts.shape[1:], np.int32)
    present = counts > 0
    seen[...] = present.any(axis=0)
    year[..., rules.summed] = values[..., rules.summed].sum(axis=0)
    newest = MONTHS - 1 - present[::-1].argmax(axis=0)
    stock = np.take_along_axis(values, newest[None], axis=0)[0]
    year[..., rules.last] = (stock * seen)[..., rules.last]
    for slot, source, at_least in rules.derived:
        year[..., slot] = (year[..., source] >= at_least) & (seen[..., source] > 0)
        seen[..., slot] = seen[..., source]
    for kept, parts in rules.pairs:
        both = (seen[..., parts] > 0).all(axis=-1, keepdims=True)
        year[..., kept], seen[..., kept] = year[..., parts] * both, both
    return year, seen


def increments(running: Values, counts: Counts) -> Values:
    """Running totals since 1 January as the increment of each month over the last one present before it.

    Arrays are [12, …]; a month without a figure has none. The increments of a year add up to its last figure.
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

    def load(self, month: int, cell: Cell) -> None:
        """Take a stored own cell (month 1–12)."""
        self.values[month - 1], self.counts[month - 1] = cell.values, cell.counts

    def put(self, month: int, slots: Sequence[int], figures: Sequence[int | None]) -> dict[int, Cell]:
        """Replace the figures at these slots of a month (1–12), None takes a figure out; what that adds, by month.

        A to-date figure is typed as a running total and kept as its increment, so what comes after it changes too.
        """
        values, counts, columns = self.values.copy(), self.counts.copy(), self.rules.to_date
        self.values[:, columns] = np.cumsum(self.values[:, columns], axis=0)
        for slot, figure in zip(slots, figures, strict=True):
            self.values[month - 1, slot] = figure or 0
            self.counts[month - 1, slot] = figure is not None
        self.values[:, columns] = increments(self.values[:, columns], self.counts[:, columns])
        more, reports = self.values - values, self.counts - counts
        touched = np.flatnonzero(more.any(axis=1) | reports.any(axis=1)).tolist()
        return {row + 1: Cell(more[row], reports[row]) for row in touched}

    def month(self, month: int) -> Cell:
        """The own cell of a month (1–12)."""
        return Cell(self.values[month - 1].copy(), self.counts[month - 1].copy())

    def year(self) -> Cell:
        """The own cell of the year."""
        return Cell(*year_of(self.values, self.counts, self.rules))


def subtree_sums(own: NDArray[np.int64], tree: Tree) -> NDArray[np.int64]:
    """Every unit's total at once. `own` is [unit in `tree.order`, slot]; so is the result.

    In pre-order a subtree is a slice, so its sum is the difference of two running sums: exact, for any depth.
    """
    running = np.zeros((len(tree.order) + 1, own.shape[1]), np.int64)
    np.cumsum(own, axis=0, out=running[1:])
    return running[np.array(tree.ends, np.intp)] - running[:-1]
