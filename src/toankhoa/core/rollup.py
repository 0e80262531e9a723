"""The only aggregation there is: returns → a unit's own cells → the totals of every unit above.

A *cell* is one packed row: for every data element (by slot) a sum and the number of reports in it. A unit's own
accepted figures and a nation's sum have the same shape, so cells add, and a change is a difference of two cells.
A count of 0 means missing, which is not the same as a sum of 0.

A month adds up along its own tree. Where units are rearranged within a year, `YearTrees` says whose year takes in which
months of a unit, and `year_of` what it takes in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from toankhoa.core.measures import Library, TimeRule
from toankhoa.core.org import OrgTree, Tree
from toankhoa.core.periods import Frequency, periods_of
from toankhoa.core.returns import NOT_APPLICABLE, Reported

Values = NDArray[np.int64]
Counts = NDArray[np.int32]

MONTHS = 12
_LAST = (TimeRule.STOCK, TimeRule.DISTINCT)
Months = tuple[bool, ...]  # for each month of a year, whether it is meant
ALL_YEAR: Months = (True,) * MONTHS


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """One slot per data element: `values` the sums, `counts` how many reports each holds.

    `marked`: of a month, how many units said "không áp dụng" and owe no report of that figure; of a year, for how many
    the figure is that of units before a reform (`core.carrying`). None where there are none.
    """

    values: Values
    counts: Counts
    marked: Counts | None = None

    @classmethod
    def zero(cls, width: int) -> Cell:
        """Nothing reported."""
        return cls(np.zeros(width, np.int64), np.zeros(width, np.int32))

    @classmethod
    def unpack(cls, values: bytes, counts: bytes, width: int) -> Cell:
        """From storage. A row stored before later slots were declared is shorter: those are missing in it."""
        sums, reports = np.frombuffer(values, "<i8"), np.frombuffer(counts, "<i4")
        stored = len(sums)
        marked = reports[stored:] if len(reports) > stored else None
        reports = reports[:stored]
        if stored == width:
            return cls(sums, reports, marked)
        wide = cls.zero(width)
        wide.values[:stored], wide.counts[:stored] = sums, reports
        return cls(wide.values, wide.counts, None if marked is None else np.pad(marked, (0, width - stored)))

    def pack(self) -> tuple[bytes, bytes]:
        """Little-endian int64 sums and int32 counts; those marked follow the counts where there are any."""
        counts = self.counts
        if self.marked is not None and self.marked.any():
            counts = np.concatenate([counts, self.marked])
        return self.values.astype("<i8", copy=False).tobytes(), counts.astype("<i4", copy=False).tobytes()

    def copy(self) -> Cell:
        """The same in arrays of its own."""
        return Cell(self.values.copy(), self.counts.copy(), None if self.marked is None else self.marked.copy())

    def __add__(self, other: Cell) -> Cell:
        if self.marked is None or other.marked is None:
            marked = other.marked if self.marked is None else self.marked
        else:
            marked = self.marked + other.marked
        return Cell(self.values + other.values, self.counts + other.counts, marked)

    def __sub__(self, other: Cell) -> Cell:
        marked = self.marked
        if other.marked is not None:
            marked = -other.marked if marked is None else marked - other.marked
        return Cell(self.values - other.values, self.counts - other.counts, marked)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Cell) and self.pack() == other.pack()

    __hash__ = None  # type: ignore[assignment]

    def __bool__(self) -> bool:
        """False where adding it would change nothing."""
        return bool(self.values.any() or self.counts.any() or (self.marked is not None and self.marked.any()))

    @property
    def arrays(self) -> tuple[NDArray[np.integer], ...]:
        """All that it consists of."""
        return (self.values, self.counts) if self.marked is None else (self.values, self.counts, self.marked)

    def at(self, places: int | NDArray[np.intp]) -> Cell:
        """Of the cells of many units, in arrays [unit, slot], those at these places."""
        return Cell(*(array[places] for array in self.arrays))  # type: ignore[arg-type]

    def get(self, slot: int) -> int | None:
        """The sum of one element, None where no report holds it."""
        return int(self.values[slot]) if self.counts[slot] else None


@dataclass(frozen=True)
class Rules:
    """The time rules of a library as slots, ready for arrays."""

    width: int
    summed: NDArray[np.intp]  # flow, and to-date once turned into increments
    last: NDArray[np.intp]  # stock and distinct: the last value within the year
    to_date: NDArray[np.intp]
    yes_no: NDArray[np.intp]  # of the last: two units that are one have it once
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
            last=slots(*_LAST),
            to_date=slots(TimeRule.TO_DATE),
            yes_no=np.array([each.slot for each in typed if each.yes_no and each.time in _LAST], np.intp),
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

    @cached_property
    def parts(self) -> NDArray[np.intp]:
        """The slots of the parts of each ratio: [ratio, 2]."""
        return np.array([parts for _, parts in self.pairs], np.intp).reshape(-1, 2)

    @cached_property
    def summed_pairs(self) -> tuple[tuple[int, int], ...]:
        """Of the parts of ratios those that are summed: where a year keeps them matched, and the slot of the part."""
        every = ((kept, of) for pair, parts in self.pairs for kept, of in zip(pair, parts, strict=True))
        return tuple((kept, of) for kept, of in every if of in self.summed)

    def derive(self, values: Values, counts: Counts) -> None:
        """Fill in what is derived from years: 1 where the condition is met, 0 where not; missing like its source."""
        for slot, source, at_least in self.derived:
            values[..., slot] = (values[..., source] >= at_least) & (counts[..., source] > 0)
        self.pass_on(counts)

    def pass_on(self, counts: Counts) -> None:
        """Give what is derived the count of its source."""
        for slot, source, _ in self.derived:
            counts[..., slot] = counts[..., source]


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """Units' whole years, each taken for itself: arrays [unit, slot], or [slot] of one; ratios are not filled in.

    `matched`, [unit, ratio]: whether a unit has what the ratio takes. `carried`: see `Cell.marked`.
    """

    values: Values
    counts: Counts
    matched: NDArray[np.bool_]
    carried: Counts | None = None


def stands(values: Values, counts: Counts, rules: Rules) -> Standing:
    """Units' years from their months. Arrays are [12, …, slot]; the results drop the first axis.

    The rule per element: flow → sum; stock, distinct → the last month that has a value. A derived 0/1 looks at the
    year that results. Units that handed over to each other: `core.carrying.standing`.
    """
    year, seen = np.zeros(values.shape[1:], np.int64), np.zeros(counts.shape[1:], np.int32)
    present = counts > 0
    seen[...] = present.any(axis=0)
    year[..., rules.summed] = values[..., rules.summed].sum(axis=0)
    if rules.last.size:
        newest = len(values) - 1 - present[::-1, ..., rules.last].argmax(axis=0)
        stock = np.take_along_axis(values[..., rules.last], newest[None], axis=0)[0]
        year[..., rules.last] = stock * seen[..., rules.last]
    rules.derive(year, seen)
    return Standing(year, seen, np.asarray((seen[..., rules.parts] > 0).all(axis=-1), np.bool_))


def year_of(values: Values, counts: Counts, rules: Rules, whole: Standing, months: Months = ALL_YEAR) -> Cell:
    """A unit's year, or what of it goes to another one; one call serves one unit or every unit of the nation.

    `whole`: what stands of it. `months`: those in which the unit stood below the one whose year is asked (see
    `YearTrees`). What is summed is summed over them; everything else goes to where the unit stands at the year's end.
    A ratio's matched parts are the parts of units that have what it takes, and go as their parts do.
    """
    if months[-1]:
        year, seen, carried = whole.values.copy(), whole.counts.copy(), whole.carried
    else:
        year, seen, carried = np.zeros_like(whole.values), np.zeros_like(whole.counts), None
    if months != ALL_YEAR:
        there = np.flatnonzero(months)
        year[..., rules.summed] = values[there][..., rules.summed].sum(axis=0)
        seen[..., rules.summed] = (counts[there][..., rules.summed] > 0).any(axis=0)
    for ratio, (kept, parts) in enumerate(rules.pairs):
        matched = whole.matched[..., ratio, None]
        year[..., kept], seen[..., kept] = year[..., parts] * matched, seen[..., parts] * matched
    return Cell(year, seen, carried)


def part_of_year(months: Sequence[Cell], whole: Cell, rules: Rules, there: Months) -> Cell | None:
    """What a unit's totals bring to another's year, below which it stood in some months only (see `year_of`).

    `months`: its totals of the twelve months, `whole`: of the year. How many units reported what is summed is told by
    the month in which most did. None where a ratio takes in some units below and not others, so that only the
    units below can say what of their months it takes.
    """
    part = whole.copy() if there[-1] else Cell.zero(rules.width)
    cells = [cell for cell, meant in zip(months, there, strict=True) if meant]
    part.values[rules.summed] = sum(cell.values[rules.summed] for cell in cells)
    part.counts[rules.summed] = np.max([cell.counts[rules.summed] for cell in cells], axis=0)
    for kept, of in rules.summed_pairs:
        if whole.counts[kept] not in (0, whole.counts[of]):
            return None
        taken = whole.counts[kept] > 0
        part.values[kept], part.counts[kept] = part.values[of] * taken, part.counts[of] * taken
    return part


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
        """Replace the figures at these slots of a month (1–12), None takes a figure out; what that adds, by month.

        A to-date figure is typed as a running total and kept as its increment, so what comes after it changes too.
        """
        values, counts, waived = self.values.copy(), self.counts.copy(), self.waived.copy()
        columns = self.rules.to_date
        self.values[:, columns] = np.cumsum(self.values[:, columns], axis=0)
        for slot, figure in zip(slots, figures, strict=True):
            number = figure if isinstance(figure, int) else None
            self.values[month - 1, slot] = number or 0
            self.counts[month - 1, slot] = number is not None
            self.waived[month - 1, slot] = figure == NOT_APPLICABLE
        self.values[:, columns] = increments(self.values[:, columns], self.counts[:, columns])
        more, reports, fewer = self.values - values, self.counts - counts, self.waived - waived
        touched = np.flatnonzero(more.any(axis=1) | reports.any(axis=1) | fewer.any(axis=1)).tolist()
        return {row + 1: Cell(more[row], reports[row], fewer[row]) for row in touched}

    def month(self, month: int) -> Cell:
        """The own cell of a month (1–12)."""
        return Cell(self.values[month - 1].copy(), self.counts[month - 1].copy(), self.waived[month - 1].copy())

    def year(self, months: Months = ALL_YEAR) -> Cell:
        """The own cell of the year, or what of it goes to a unit below which this one stood in these months."""
        whole = stands(self.values, self.counts, self.rules)
        return year_of(self.values, self.counts, self.rules, whole, months)


def subtree_sums(own: NDArray[np.int64], tree: Tree) -> NDArray[np.int64]:
    """Every unit's total at once. `own` is [unit in `tree.order`, slot]; so is the result.

    In pre-order a subtree is a slice, so its sum is the difference of two running sums: exact, for any depth.
    """
    running = np.zeros((len(tree.order) + 1, own.shape[1]), np.int64)
    np.cumsum(own, axis=0, out=running[1:])
    return running[np.array(tree.ends, np.intp)] - running[:-1]


@dataclass(frozen=True)
class Ways:
    """Which units bring figures to which: `lower[i]` all go to `upper[i]`."""

    upper: tuple[str, ...]
    lower: tuple[list[str], ...]


@dataclass(frozen=True, eq=False)
class YearTrees:
    """The trees of the twelve months of a year; a month's is that of its last day.

    The year of a unit holds, of all that is summed, each month of every unit that stood below it in that month; of
    everything else, the year of every unit that stands below it at the year's end.
    """

    trees: tuple[Tree, ...]

    @property
    def last(self) -> Tree:
        """The tree of the year's last day."""
        return self.trees[-1]

    @cached_property
    def steady(self) -> bool:
        """Whether one tree stands all year, as in most years."""
        return all(tree is self.last for tree in self.trees)

    @cached_property
    def distinct(self) -> tuple[Tree, ...]:
        """Each tree of the year once, in order."""
        return tuple({id(tree): tree for tree in self.trees}.values())

    @cached_property
    def units(self) -> tuple[str, ...]:
        """Every unit that stood in some month."""
        return tuple(dict.fromkeys(code for tree in self.distinct for code in tree.order))

    @cached_property
    def deepest(self) -> int:
        """The greatest depth of the year: the last stage of its figures."""
        return max(tree.deepest for tree in self.distinct)

    def depth(self, unit: str) -> int:
        """The greatest depth at which a unit of this year stood."""
        return max(tree.depth(unit) for tree in self.distinct if unit in tree)

    def bare(self, unit: str) -> bool:
        """Whether nothing ever stood below it this year."""
        return not any(tree.children(unit) for tree in self.distinct)

    def above(self, unit: str) -> dict[str, Months]:
        """Every unit whose year takes in figures of this one, itself first: in which months."""
        if self.steady:
            return dict.fromkeys(self.last.path(unit), ALL_YEAR) if unit in self.last else {}
        paths = [tree.path(unit) if unit in tree else () for tree in self.trees]
        every = dict.fromkeys(code for path in paths for code in path)
        return {code: tuple(code in path for path in paths) for code in (unit, *every) if code in every}

    def below(self, unit: str) -> dict[str, Months]:
        """Every unit that stood directly below this one: in which months."""
        every = dict.fromkeys(code for tree in self.distinct for code in tree.children(unit))
        paths = [frozenset(tree.children(unit)) for tree in self.trees]
        return {code: tuple(code in children for children in paths) for code in every}

    @cached_property
    def ways(self) -> Mapping[Months, Ways]:
        """All that `above` says of all units, by months."""
        found: dict[Months, dict[str, list[str]]] = {}
        for unit in self.units:
            for upper, months in self.above(unit).items():
                found.setdefault(months, {}).setdefault(upper, []).append(unit)
        return {months: Ways(tuple(into), tuple(into.values())) for months, into in found.items()}


@lru_cache(maxsize=256)
def year_trees(organisation: OrgTree, year: int) -> YearTrees:
    """The trees of a year, worked out once."""
    return YearTrees(tuple(organisation.on(period.last_day) for period in periods_of(year, Frequency.MONTH)))
