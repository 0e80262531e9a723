"""The packed row in which figures are kept and added: a cell.

A *cell* holds, for every data element (by slot), a sum and the number of reports in it. A unit's own
accepted figures and a nation's sum have the same shape, so cells add, and a change is a difference of two cells.
A count of 0 means missing, which is not the same as a sum of 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from toankhoa.core.measures import Library, TimeRule

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
    the figure is that of units before a reform (`core.totals.succession`). None where there are none.
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
        return cls(
            wide.values,
            wide.counts,
            None if marked is None else np.pad(marked, (0, width - stored)),
        )

    def pack(self) -> tuple[bytes, bytes]:
        """Little-endian int64 sums and int32 counts; those marked follow the counts where there are any."""
        counts = self.counts
        if self.marked is not None and self.marked.any():
            counts = np.concatenate([counts, self.marked])
        return self.values.astype("<i8", copy=False).tobytes(), counts.astype(
            "<i4", copy=False
        ).tobytes()

    def copy(self) -> Cell:
        """The same in arrays of its own."""
        return Cell(
            self.values.copy(),
            self.counts.copy(),
            None if self.marked is None else self.marked.copy(),
        )

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
        return bool(
            self.values.any()
            or self.counts.any()
            or (self.marked is not None and self.marked.any())
        )

    @property
    def arrays(self) -> tuple[NDArray[np.integer], ...]:
        """All that it consists of."""
        return (
            (self.values, self.counts)
            if self.marked is None
            else (self.values, self.counts, self.marked)
        )

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
    pairs: tuple[
        tuple[tuple[int, int], tuple[int, int]], ...
    ]  # (slots of a ratio's matched parts, slots of the parts)

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
            yes_no=np.array(
                [each.slot for each in typed if each.yes_no and each.time in _LAST], np.intp
            ),
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
        every = (
            (kept, of) for pair, parts in self.pairs for kept, of in zip(pair, parts, strict=True)
        )
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
