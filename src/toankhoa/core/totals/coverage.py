"""A unit's year: every element's figure, and how much of each is in.

A stock is only as good as its last reports: of a unit that sent an earlier period's, but not the last one due, no
report is in; its figure is carried forward. Who said "không áp dụng" owes none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from toankhoa.core.basics import periods_of, year_key
from toankhoa.core.measures import Indicator, IndicatorKind, Library, TimeRule
from toankhoa.core.organisation import BoundaryShare
from toankhoa.core.totals.cell import Cell, Counts
from toankhoa.core.totals.figure import Figure


@dataclass(frozen=True, slots=True)
class DuePeriod:
    """What every unit of a level owes: a form for a period that is over, whose figures sit in a month (1–12)."""

    level: str
    month: int


@dataclass(frozen=True, slots=True, eq=False)
class Cover:
    """By slot: reports in, of those due by a day, and units whose figure comes from before the last one due."""

    reports: NDArray[np.int64]
    due: NDArray[np.int64]
    carried: NDArray[np.int64]

    def __add__(self, other: Cover) -> Cover:
        return Cover(
            self.reports + other.reports, self.due + other.due, self.carried + other.carried
        )

    def at_most_due(self) -> Cover:
        """The same with no more reports than are due."""
        return Cover(np.minimum(self.reports, self.due), self.due, self.carried)

    def share(self, slot: int) -> Fraction:
        """Reports of those due; all where none is due."""
        due = int(self.due[slot])
        return Fraction(min(int(self.reports[slot]), due), due) if due else Fraction(1)


@dataclass(frozen=True, slots=True, eq=False)
class Schedule:
    """What a year's forms ask for by a day, the same for every unit.

    Of what is summed every period counts, of all else (`lasting`) the last one of each form. `asks[i, slot]`: whether
    `owed[i]` counts for the element at a slot; `sits[i, slot]`: whether its reports at `keys[i]` do. `last[slot]`: the
    last of those keys, 0 where there is none. `source`: the slot that a derived element looks at, or its own.
    """

    owed: tuple[DuePeriod, ...]
    asks: NDArray[np.int64]
    keys: tuple[int, ...]
    sits: NDArray[np.bool_]
    last: NDArray[np.int64]
    source: NDArray[np.intp]
    lasting: NDArray[np.bool_]

    @classmethod
    def of(cls, library: Library, year: int, today: date) -> Schedule:
        """Read off the declarations."""
        source, lasting = np.arange(library.width), np.ones(library.width, np.bool_)
        for element in library.elements.values():
            if element.derived:
                source[element.slot] = library.elements[element.derived.element].slot
            else:
                lasting[element.slot] = element.time is not TimeRule.FLOW
        owed, asks = [], []
        for form in library.forms.values():
            periods = [period for period in periods_of(year, form.frequency) if period.over(today)]
            asked = np.zeros((len(periods), library.width), np.bool_)
            for row, period in zip(asked, periods, strict=True):
                row[
                    [library.elements[code].slot for code in form.on(period.first_day).elements]
                ] = True
            asked = asked[:, source]
            # Of a period, whether a later one asks for the same.
            later = np.cumsum(asked[::-1], axis=0)[::-1] > asked
            owed += [DuePeriod(form.level, period.last_month) for period in periods]
            asks += [*(asked & ~(lasting & later))]
        keys = tuple(dict.fromkeys(year_key(year) + each.month for each in owed))
        sits = np.zeros((len(keys), library.width), np.bool_)
        for each, row in zip(owed, asks, strict=True):
            sits[keys.index(year_key(year) + each.month)] |= row
        last = (np.array(keys, np.int64)[:, None] * sits).max(axis=0, initial=0)
        every = np.array(asks, np.int64).reshape(len(owed), library.width)
        return cls(tuple(owed), every, keys, sits, last, source, lasting)

    def cover(self, owing: Sequence[int], cells: Sequence[Cell], year: Cell) -> Cover:
        """How much is in. `owing`: how many units owe each of `owed`; `cells`: rows of `keys`; `year`: the year's."""
        due = np.array(owing, np.int64) @ self.asks
        reports = self._counted([cell.counts for cell in cells])
        if any(cell.marked is not None for cell in cells):
            none = np.zeros(len(self.source), np.int32)
            due -= self._counted([none if cell.marked is None else cell.marked for cell in cells])
        carried = np.minimum(year.counts[self.source], due) - reports
        return Cover(reports, due, np.where(self.lasting, carried, 0).clip(0))

    def where_it_lasts(self, lasting: Cover, summed: Cover) -> Cover:
        """What lasts as one says it, what is summed as another does."""
        pairs = (
            (lasting.reports, summed.reports),
            (lasting.due, summed.due),
            (lasting.carried, summed.carried),
        )
        return Cover(*(np.where(self.lasting, one, other) for one, other in pairs))

    def _counted(self, counts: Sequence[Counts]) -> NDArray[np.int64]:
        """How many there are in the periods that count."""
        every = np.array(counts, np.int64).reshape(self.sits.shape)
        counted: NDArray[np.int64] = (every[:, self.source] * self.sits).sum(axis=0)
        return counted

    def keys_of(self, slot: int) -> set[int]:
        """Keys of the periods that count for an element."""
        return {key for key, here in zip(self.keys, self.sits[:, slot], strict=True) if here}


@dataclass(frozen=True, slots=True, eq=False)
class CoveredYear:
    """A unit's year: its packed row, how much of it is in, and how many units of a level it counts."""

    cell: Cell
    cover: Cover
    units: Callable[[str], int]

    def figure(self, indicator: Indicator, library: Library) -> Figure:
        """The year's actual of an indicator, with how much of it is in: of a ratio, the part that is less covered."""
        top = library.elements[indicator.numerator]
        slot, numerator, denominator, partial = top.slot, self.cell.get(top.slot), None, False
        if indicator.unit_level:
            denominator = self.units(indicator.unit_level)
        elif indicator.denominator and indicator.slots:
            bottom = library.elements[indicator.denominator]
            numerator, denominator = (self.cell.get(each) for each in indicator.slots)
            of_both = zip(indicator.slots, (top.slot, bottom.slot), strict=True)
            partial = any(
                self.cell.counts[matched] != self.cell.counts[each] for matched, each in of_both
            )
            shares = {each: self.cover.share(each) for each in (top.slot, bottom.slot)}
            # A unit has both parts, but lacks months of one that is summed.
            partial |= TimeRule.FLOW in (top.time, bottom.time) and len(set(shares.values())) > 1
            slot = min(shares, key=shares.__getitem__)
        return Figure(
            numerator=numerator,
            denominator=denominator,
            ratio=indicator.kind is IndicatorKind.RATIO,
            reports=int(self.cover.reports[slot]),
            due=int(self.cover.due[slot]),
            carried=int(self.cover.carried[slot]),
            inherited=self._inherited(indicator, library),
            partial=partial,
        )

    def _inherited(self, indicator: Indicator, library: Library) -> int:
        """See `Figure.inherited`; of a ratio, of the part in which it is more."""
        if self.cell.marked is None:
            return 0
        parts = (
            library.elements.get(code)
            for code in (indicator.numerator, indicator.denominator or "")
        )
        return max(int(self.cell.marked[part.slot]) for part in parts if part)

    def part(self, piece: BoundaryShare) -> CoveredYear:
        """What of it falls to a piece; of how many reports it is stays as it was."""
        if piece.whole:
            return self
        values = np.array([piece.of(figure) for figure in self.cell.values.tolist()], np.int64)
        return CoveredYear(
            Cell(values, self.cell.counts, self.cell.marked),
            self.cover,
            lambda level: piece.of(self.units(level)),
        )


def together(tallies: Sequence[CoveredYear], width: int) -> CoveredYear:
    """Several units' year as one."""
    cell, nothing = Cell.zero(width), np.zeros(width, np.int64)
    cover = Cover(nothing, nothing, nothing)
    for each in tallies:
        cell, cover = cell + each.cell, cover + each.cover
    return CoveredYear(cell, cover, lambda level: sum(each.units(level) for each in tallies))
