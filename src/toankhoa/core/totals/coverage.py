"""A unit's year: every element's figure, and how much of each is in.

A stock is only as good as its last reports: of a unit that sent an earlier period's, but not the
last one due, no report is in; its figure is carried forward. Who said "không áp dụng" owes none
(docs/arithmetic.md, "Ratios and coverage").
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from toankhoa.core.basics import Period, periods_of, year_key
from toankhoa.core.measures import DataElement, Form, Indicator, IndicatorKind, Library, TimeRule
from toankhoa.core.organisation import BoundaryShare
from toankhoa.core.totals.cell import Cell, Counts
from toankhoa.core.totals.figure import Figure

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class DuePeriod:
    """What every unit of a level owes: a form for a period that is over.

    Its figures sit in `month` (1–12), the period's last.
    """

    level: str
    month: int


@dataclass(frozen=True, slots=True, eq=False)
class Cover:
    """By slot: how many reports are in, of how many that are due by a day."""

    reports: NDArray[np.int64]
    due: NDArray[np.int64]
    carried: NDArray[np.int64]  # units whose figure comes from before the last report due

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

    Of what is summed every period counts, of all else (`lasting`) the last one of each form.
    `asks[i, slot]`: whether `owed[i]` counts for the element at a slot; `counted[i, slot]`: whether
    its reports at `keys[i]` do. `last[slot]`: the last of those keys, 0 where there is none.
    `source`: the slot that a derived element looks at, or its own.
    """

    owed: tuple[DuePeriod, ...]
    asks: NDArray[np.int64]
    keys: tuple[int, ...]
    counted: Flags
    last: NDArray[np.int64]
    source: NDArray[np.intp]
    lasting: Flags

    @classmethod
    def of(cls, library: Library, year: int, today: date) -> Schedule:
        """Read off the declarations."""
        source, lasting = _source(library), _lasting(library)
        owed: list[DuePeriod] = []
        rows: list[Flags] = []
        for form in library.forms.values():
            periods: list[Period] = []
            for period in periods_of(year, form.frequency):
                if period.over(today):
                    periods.append(period)
                    owed.append(DuePeriod(form.level, period.last_month))
            of_form = _asks(form, periods, library)[:, source]
            rows += [*_without_earlier(of_form, lasting)]
        asks = np.array(rows, np.int64).reshape(len(owed), library.width)
        keys = tuple(dict.fromkeys(year_key(year) + period.month for period in owed))
        counted = np.zeros((len(keys), library.width), np.bool_)
        for due_period, row in zip(owed, rows, strict=True):
            counted[keys.index(year_key(year) + due_period.month)] |= row
        last = (np.array(keys, np.int64)[:, None] * counted).max(axis=0, initial=0)
        return cls(tuple(owed), asks, keys, counted, last, source, lasting)

    def cover(self, owing: Sequence[int], cells: Sequence[Cell], year: Cell) -> Cover:
        """How much is in.

        `owing`: how many units owe each of `owed`; `cells`: the rows at `keys`; `year`: the year's.
        """
        due = np.array(owing, np.int64) @ self.asks
        reports = self._counted([cell.counts for cell in cells])
        if any(cell.marked is not None for cell in cells):
            nobody = np.zeros(len(self.source), np.int32)
            waived = [nobody if cell.marked is None else cell.marked for cell in cells]
            due -= self._counted(waived)
        carried = np.minimum(year.counts[self.source], due) - reports
        return Cover(reports, due, np.where(self.lasting, carried, 0).clip(0))

    def where_it_lasts(self, lasting: Cover, summed: Cover) -> Cover:
        """What lasts as one says it, what is summed as another does."""
        return Cover(
            np.where(self.lasting, lasting.reports, summed.reports),
            np.where(self.lasting, lasting.due, summed.due),
            np.where(self.lasting, lasting.carried, summed.carried),
        )

    def _counted(self, counts: Sequence[Counts]) -> NDArray[np.int64]:
        """How many there are in the periods that count."""
        rows = np.array(counts, np.int64).reshape(self.counted.shape)
        sums: NDArray[np.int64] = (rows[:, self.source] * self.counted).sum(axis=0)
        return sums

    def keys_of(self, slot: int) -> set[int]:
        """Keys of the periods that count for an element."""
        counted = self.counted[:, slot]
        return {key for key, counts in zip(self.keys, counted, strict=True) if counts}


def _source(library: Library) -> NDArray[np.intp]:
    """By slot, the slot whose reports say what is in: of a derived element, what it looks at."""
    source = np.arange(library.width)
    for element in library.elements.values():
        if element.derived:
            source[element.slot] = library.elements[element.derived.element].slot
    return source


def _lasting(library: Library) -> Flags:
    """By slot, whether the last period of a year says it all: of everything but what is summed."""
    lasting = np.ones(library.width, np.bool_)
    for element in library.elements.values():
        if element.time is TimeRule.FLOW and not element.derived:
            lasting[element.slot] = False
    return lasting


def _asks(form: Form, periods: Sequence[Period], library: Library) -> Flags:
    """Which elements a form asks for in each period: [period, slot]."""
    asks = np.zeros((len(periods), library.width), np.bool_)
    for row, period in zip(asks, periods, strict=True):
        codes = form.on(period.first_day).elements
        row[[library.elements[code].slot for code in codes]] = True
    return asks


def _without_earlier(asks: Flags, lasting: Flags) -> Flags:
    """The same without the periods of what lasts that a later one asks for again."""
    later = np.cumsum(asks[::-1], axis=0)[::-1] > asks
    return np.asarray(asks & ~(lasting & later), np.bool_)


@dataclass(frozen=True, slots=True, eq=False)
class CoveredYear:
    """A unit's year: its packed row, how much of it is in, how many units of a level it has."""

    cell: Cell
    cover: Cover
    units: Callable[[str], int]

    def figure(self, indicator: Indicator, library: Library) -> Figure:
        """The year's actual of an indicator, with how much of it is in.

        Of a ratio that is how much is in of the part that is less covered.
        """
        top = library.elements[indicator.numerator]
        slot, partial = top.slot, False
        numerator, denominator = self.cell.get(slot), None
        if indicator.unit_level:
            denominator = self.units(indicator.unit_level)
        elif indicator.denominator and indicator.slots:
            bottom = library.elements[indicator.denominator]
            numerator, denominator = map(self.cell.get, indicator.slots)
            partial = self._partial(indicator.slots, (top, bottom))
            slot = min(top.slot, bottom.slot, key=self.cover.share)
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

    def _partial(self, slots: tuple[int, int], parts: tuple[DataElement, DataElement]) -> bool:
        """Whether a ratio leaves something out; `slots`: where its matched parts are kept."""
        for matched, part in zip(slots, parts, strict=True):
            if self.cell.counts[matched] != self.cell.counts[part.slot]:
                return True
        # Where units have both parts, they may still lack months of one that is summed: members of
        # December over meetings of eleven months.
        top, bottom = parts
        summed = TimeRule.FLOW in (top.time, bottom.time)
        return summed and self.cover.share(top.slot) != self.cover.share(bottom.slot)

    def _inherited(self, indicator: Indicator, library: Library) -> int:
        """See `Figure.inherited`; of a ratio, of the part in which it is more."""
        if self.cell.marked is None:
            return 0
        most = 0
        for code in (indicator.numerator, indicator.denominator or ""):
            if element := library.elements.get(code):  # a denominator may count units instead
                most = max(most, int(self.cell.marked[element.slot]))
        return most

    def part(self, share: BoundaryShare) -> CoveredYear:
        """What of it falls to a share; of how many reports it is stays as it was."""
        if share.whole:
            return self
        values = np.array([share.of(figure) for figure in self.cell.values.tolist()], np.int64)
        cell = Cell(values, self.cell.counts, self.cell.marked)
        return CoveredYear(cell, self.cover, lambda level: share.of(self.units(level)))


def combined_year(years: Sequence[CoveredYear], width: int) -> CoveredYear:
    """Several units' year as one."""
    cell, nothing = Cell.zero(width), np.zeros(width, np.int64)
    cover = Cover(nothing, nothing, nothing)
    for year in years:
        cell, cover = cell + year.cell, cover + year.cover
    return CoveredYear(cell, cover, lambda level: sum(year.units(level) for year in years))
