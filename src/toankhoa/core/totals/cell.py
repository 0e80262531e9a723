"""The packed row in which figures are kept and added: a cell.

A *cell* holds, for every data element (by slot), a sum and the number of reports in it. A unit's
own accepted figures and a nation's sum have the same shape, so cells add, and a change is a
difference of two cells. A count of 0 means missing, which is not the same as a sum of 0
(docs/arithmetic.md, "Cells").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from toankhoa.core.measures import Library, TimeRule

Values = NDArray[np.int64]
Counts = NDArray[np.int32]
Slots = NDArray[np.intp]
Pair = tuple[int, int]  # slots of a numerator and a denominator

MONTHS = 12
_LAST = (TimeRule.STOCK, TimeRule.DISTINCT)
Months = tuple[bool, ...]  # for each month of a year, whether it is meant
ALL_YEAR: Months = (True,) * MONTHS


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """One slot per data element: `values` the sums, `counts` how many reports each holds.

    `marked`: of a month, how many units said "không áp dụng" and owe no report of that figure; of a
    year, for how many the figure is that of units before a reform, inherited
    (`core.totals.succession`). None where there are none.
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
        """From storage. A row stored before later slots were declared lacks those: missing."""
        sums, reports = np.frombuffer(values, "<i8"), np.frombuffer(counts, "<i4")
        stored = len(sums)
        marked = reports[stored:] if len(reports) > stored else None
        reports = reports[:stored]
        if stored == width:
            return cls(sums, reports, marked)
        wide = cls.zero(width)
        wide.values[:stored], wide.counts[:stored] = sums, reports
        if marked is not None:
            marked = np.pad(marked, (0, width - stored))
        return cls(wide.values, wide.counts, marked)

    def pack(self) -> tuple[bytes, bytes]:
        """Little-endian int64 sums and int32 counts, behind these those marked if there are any."""
        counts = self.counts
        if self.marked is not None and self.marked.any():
            counts = np.concatenate([counts, self.marked])
        sums = self.values.astype("<i8", copy=False).tobytes()
        return sums, counts.astype("<i4", copy=False).tobytes()

    def copy(self) -> Cell:
        """The same in arrays of its own."""
        marked = None if self.marked is None else self.marked.copy()
        return Cell(self.values.copy(), self.counts.copy(), marked)

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
        return any(array.any() for array in self.arrays)

    @property
    def arrays(self) -> tuple[NDArray[np.integer], ...]:
        """All that it consists of."""
        if self.marked is None:
            return self.values, self.counts
        return self.values, self.counts, self.marked

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
    summed: Slots  # flow, and to-date once turned into increments
    last: Slots  # stock and distinct: the last value within the year
    to_date: Slots
    yes_no: Slots  # of the last: two units that are one have it once
    derived: tuple[tuple[int, int, int], ...]  # (slot, slot it looks at, at least)
    pairs: tuple[tuple[Pair, Pair], ...]  # of each ratio, slots of its matched parts, of its parts

    @classmethod
    def of(cls, library: Library) -> Rules:
        """Read off the declarations."""
        by_rule: dict[TimeRule, list[int]] = defaultdict(list)
        yes_no: list[int] = []
        derived: list[tuple[int, int, int]] = []
        for element in library.elements.values():
            if element.derived is not None:
                source = library.elements[element.derived.element].slot
                derived.append((element.slot, source, element.derived.at_least))
                continue
            by_rule[element.time].append(element.slot)
            if element.yes_no and element.time in _LAST:
                yes_no.append(element.slot)
        return cls(
            width=library.width,
            summed=_slots(by_rule[TimeRule.FLOW] + by_rule[TimeRule.TO_DATE]),
            last=_slots(by_rule[TimeRule.STOCK] + by_rule[TimeRule.DISTINCT]),
            to_date=_slots(by_rule[TimeRule.TO_DATE]),
            yes_no=_slots(yes_no),
            derived=tuple(derived),
            pairs=tuple(_pairs(library)),
        )

    @cached_property
    def parts(self) -> Slots:
        """The slots of the parts of each ratio: [ratio, 2]."""
        return _slots([parts for _, parts in self.pairs]).reshape(-1, 2)

    @cached_property
    def summed_pairs(self) -> tuple[tuple[int, int], ...]:
        """Of the parts of ratios those that are summed.

        Where a year keeps the matched part, and the slot of the part itself.
        """
        summed: list[Pair] = []
        for matched, parts in self.pairs:
            for slots in zip(matched, parts, strict=True):
                if slots[1] in self.summed:
                    summed.append(slots)
        return tuple(summed)

    def derive(self, values: Values, counts: Counts) -> None:
        """Fill in what is derived from years: 1 where the condition is met, 0 where not.

        It is missing where its source is.
        """
        for slot, source, at_least in self.derived:
            values[..., slot] = (values[..., source] >= at_least) & (counts[..., source] > 0)
        self.pass_on(counts)

    def pass_on(self, counts: Counts) -> None:
        """Give what is derived the count of its source."""
        for slot, source, _ in self.derived:
            counts[..., slot] = counts[..., source]


def _slots(slots: Sequence[int] | Sequence[Pair]) -> Slots:
    return np.array(slots, np.intp)


def _pairs(library: Library) -> Iterator[tuple[Pair, Pair]]:
    """Of each ratio of two elements, the slots of its matched parts and of its parts."""
    for ratio in library.indicators.values():
        if ratio.slots and ratio.denominator:
            top, bottom = (library.elements[ratio.numerator], library.elements[ratio.denominator])
            yield ratio.slots, (top.slot, bottom.slot)
