"""Figures of units out of their packed totals, with how much of each is in.

What is read are the rows of `unit_rows`, once for all readers of a page; what is asked of them is
answered here. A parent's totals cost as much as a commune's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property

import numpy as np

from toankhoa.core.basics import year_key
from toankhoa.core.measures import DataElement, Form, Indicator
from toankhoa.core.organisation import Tree
from toankhoa.core.review import YearTarget
from toankhoa.core.targets import Required, required
from toankhoa.core.totals import (
    ALL_YEAR,
    MONTHS,
    Cell,
    Cover,
    CoveredYear,
    Figure,
    Months,
    Schedule,
    part_of_year,
)
from toankhoa.org.organisation import Organisation
from toankhoa.reporting.reading.counted_units import CountedUnits, months_of_both
from toankhoa.reporting.reading.unit_rows import RowBatch, RowRequest, UnitRows
from toankhoa.reporting.totals import past_totals, store
from toankhoa.reporting.totals.ledger import Ledger


class UnitReader:
    """Figures of one unit for some years, as accepted to a depth: `stage`, the unit's own in each
    year if none is named.

    With all below it, or `alone`: only what the unit itself sends. `during`: the months that are
    meant, where it is read as a part of another unit below which it was not all year. `above`: a
    reader of a unit above, at whose depth it is read where no stage is named, and which reads for
    all below it what only few figures need. `batch`: readers whose rows are read together.
    """

    def __init__(
        self,
        *,
        unit: str,
        years: Iterable[int],
        today: date,
        ledger: Ledger,
        stage: int | None = None,
        alone: bool = False,
        during: Months = ALL_YEAR,
        above: UnitReader | None = None,
        batch: RowBatch | None = None,
    ) -> None:
        self.unit = unit
        self.years = tuple(years)
        self.today = today
        self.ledger = ledger
        self.counted = CountedUnits(unit, today=today, ledger=ledger, alone=alone, during=during)
        self._stage = stage
        self._above = above
        self._covered_years: dict[int, CoveredYear] = {}
        self._own_rows_below: dict[tuple[int, int], Mapping[tuple[int, int], Cell]] = {}
        self._batch = batch or RowBatch(ledger)
        self._batch.expect(lambda: self._request)

    @property
    def organisation(self) -> Organisation:
        """Units of all days."""
        return self.ledger.organisation

    @property
    def during(self) -> Months:
        """The months that are meant."""
        return self.counted.during

    @property
    def top(self) -> UnitReader:
        """The reader that reads for all below it: the one above, or this one."""
        return self._above or self

    def stage(self, year: int) -> int:
        """The depth to which what is read of a year was accepted."""
        if self._stage is not None:
            return self._stage
        if self._above is not None:
            return self._above.stage(year)
        tree = self.tree(year)
        return tree.depth(self.unit) if self.unit in tree else 0

    def tree(self, year: int) -> Tree:
        """See `CountedUnits.tree`."""
        return self.counted.tree(year)

    def count(self, level: str, tree: Tree) -> int:
        """How many units of a level this reader reads."""
        return self.counted.count(level, tree)

    @cached_property
    def _request(self) -> RowRequest:
        stages = tuple((year, self.stage(year)) for year in self.years)
        return RowRequest(self.unit, stages, self.counted.alone)

    @cached_property
    def rows(self) -> UnitRows:
        """What was read of the unit, with the readers of the same batch."""
        return self._batch.rows(self._request)

    def cell(self, key: int) -> Cell:
        """A row by its period key, empty where nothing was accepted."""
        return self.rows.cell(key)

    def year(self, year: int) -> Cell:
        """The year's row, or what of it belongs to the months that are meant."""
        whole = self.cell(year_key(year))
        if self.counted.wholly_meant(year):
            return whole
        months = self.rows.months(year)
        part = part_of_year(months, whole, self.ledger.rules, self.during)
        return self._sum_of_parts(year) if part is None else part

    def _sum_of_parts(self, year: int) -> Cell:
        """What the units directly below bring in the months that are meant, and the unit itself:
        one query each.
        """
        batch = RowBatch(self.ledger)
        parts = []
        for code, months_below in self.ledger.year(year).below(self.unit).items():
            months = months_of_both(months_below, self.during)
            if any(months):
                parts.append(self._part(code, year, months, batch, alone=False))
        parts.append(self._part(self.unit, year, self.during, batch, alone=True))
        return sum((part.year(year) for part in parts), self.rows.nothing)

    def _part(
        self, unit: str, year: int, months: Months, batch: RowBatch, *, alone: bool
    ) -> UnitReader:
        return UnitReader(
            unit=unit,
            years=(year,),
            today=self.today,
            ledger=self.ledger,
            alone=alone,
            during=months,
            above=self.top,
            batch=batch,
        )

    def months(self, element: DataElement, year: int) -> list[tuple[int, int]]:
        """Month and figure, for the months in which figures of an element sit; a single one says
        nothing.
        """
        figures = []
        for month, cell in enumerate(self.rows.months(year), 1):
            figure = cell.get(element.slot)
            if figure is not None:
                figures.append((month, figure))
        return figures if len(figures) > 1 else []

    def forms(self, element: DataElement) -> list[Form]:
        """The forms that collect an element (or what it is derived from)."""
        code = element.derived.element if element.derived else element.code
        return [form for form in self.ledger.library.forms.values() if code in form.elements]

    def reporters(self, indicator: Indicator, year: int) -> int:
        """How many units here report the indicator's numerator."""
        element = self.ledger.library.elements[indicator.numerator]
        levels = {form.level for form in self.forms(element)}
        return sum(self.count(level, self.tree(year)) for level in levels)

    def covered_year(self, year: int) -> CoveredYear:
        """All figures of a year and how much of each is in, by today."""
        if year not in self._covered_years:
            self._covered_years[year] = self._covered_year(year)
        return self._covered_years[year]

    def _covered_year(self, year: int) -> CoveredYear:
        cell = self.year(year)

        def units_of(level: str) -> int:
            # Of a unit that is elsewhere by December none are counted here: they are where it is
            # then.
            return self.count(level, self.tree(year)) if self.counted.at_year_end else 0

        return CoveredYear(cell, self._cover(cell, year), units_of)

    def _cover(self, cell: Cell, year: int) -> Cover:
        """How much of a year's row is in, see docs/arithmetic.md, "Ratios and coverage"."""
        schedule = self.ledger.schedule(year, self.today)
        owing = [self.counted.owing_when_meant(due, year) for due in schedule.owed]
        cover = schedule.cover(owing, self._rows_when_meant(schedule), cell)
        if self.during != ALL_YEAR:
            cover = schedule.where_it_lasts(self._cover_of_lasting(schedule, cell, year), cover)
        return self._without_early(cover, schedule)

    def _rows_when_meant(self, schedule: Schedule) -> list[Cell]:
        """The rows in which what is owed is in, those of months that are not meant empty."""
        rows = []
        for key in schedule.keys:
            meant = self.during[key % 100 - 1]
            rows.append(self.cell(key) if meant else self.rows.nothing)
        return rows

    def _cover_of_lasting(self, schedule: Schedule, cell: Cell, year: int) -> Cover:
        """How much is in of what lasts, where not the whole year is meant.

        A stock is read where the unit is at the year's end, so all of it is owed there. Of a unit
        that is elsewhere by then nothing is owed here; of one that ended, what it owed while it
        existed.
        """
        if self.counted.at_year_end:
            owing = [self.counted.owing(due, year) for due in schedule.owed]
            return schedule.cover(owing, [self.cell(key) for key in schedule.keys], cell)
        owing = [self.counted.ended(due, year) for due in schedule.owed]
        return schedule.cover(owing, self._rows_when_meant(schedule), cell).at_most_due()

    def _without_early(self, cover: Cover, schedule: Schedule) -> Cover:
        """Whoever has sent a later figure already carries none forward, though the last one due is
        not in.

        Example: in September a commune that has not sent its August sends its September ahead of
        time. Its figure is of a later period than the last one due, so that it is not an old one
        that is carried forward.
        """
        carried = cover.carried.copy()
        may_be_early = (carried > 0) & (schedule.last < self.rows.last_key)
        for slot in np.flatnonzero(may_be_early).tolist():
            early = self._early(int(schedule.source[slot]), schedule.keys_of(slot))
            carried[slot] = max(0, int(carried[slot]) - early)
        return Cover(cover.reports, cover.due, carried)

    def _early(self, slot: int, due: set[int]) -> int:
        """How many units here sent a later figure than the last one due, but not that one.

        Rarely takes a query.
        """
        first, last = min(due), max(due) // 100 * 100 + MONTHS
        later_keys = range(max(due) + 1, last + 1)
        if not any(self.cell(key).counts[slot] for key in later_keys):
            return 0
        codes = self.counted.codes(self.tree(first // 100))
        ids = {self.organisation.ids[code] for code in codes}
        sent: dict[int, set[int]] = {}
        for (unit, period), cell in self.top.own_rows_below(first, last).items():
            if unit in ids and cell.counts[slot]:
                sent.setdefault(unit, set()).add(period)
        return sum(periods.isdisjoint(due) for periods in sent.values())

    def own_rows_below(self, first: int, last: int) -> Mapping[tuple[int, int], Cell]:
        """Own rows of every unit here, by unit id and period key: one query for all readers
        below.
        """
        if (first, last) not in self._own_rows_below:
            year = first // 100
            codes = self.tree(year).subtree(self.unit)
            self._own_rows_below[first, last] = past_totals.read(
                ledger=self.ledger,
                units=[self.organisation.ids[code] for code in codes],
                first=first,
                last=last,
                stage=self.stage(year),
                scopes=store.OF_ITSELF,
            )
        return self._own_rows_below[first, last]

    def figure(self, indicator: Indicator, year: int) -> Figure:
        """The year's actual of an indicator, with how much of it is in."""
        return self.covered_year(year).figure(indicator, self.ledger.library)

    def required(
        self, target: YearTarget | None, indicator: Indicator, year: int, *, whole: bool
    ) -> Required | None:
        """The plan's target as this unit must meet it."""
        if target is None:
            return None
        level, reporters = target.target.level, self.reporters(indicator, year)
        counts = {} if level is None else {level: self.count(level, self.tree(year))}
        return required(target.target, indicator, counts, whole=whole, reporters=reporters)


def readers_below(above: UnitReader) -> list[UnitReader]:
    """A reader for each unit directly below today, at the stage of the one above: one query for
    all.
    """
    tree = above.organisation.on(above.today)
    return readers_of(above, tree.children(above.unit))


def readers_of(above: UnitReader, units: Iterable[str]) -> list[UnitReader]:
    """A reader for each of some units anywhere below, at the stage of the one above: one query for
    all.
    """
    batch = RowBatch(above.ledger)
    return [_reader_below(above, unit, above.years, ALL_YEAR, batch) for unit in units]


def parts_of_year(above: UnitReader, year: int) -> list[UnitReader]:
    """A reader for each unit that was directly below in some month of a year, for its months there:
    one query for all.
    """
    batch = RowBatch(above.ledger)
    months_below = above.ledger.year(year).below(above.unit)
    return [
        _reader_below(above, unit, (year,), months, batch) for unit, months in months_below.items()
    ]


def _reader_below(
    above: UnitReader, unit: str, years: Sequence[int], during: Months, batch: RowBatch
) -> UnitReader:
    return UnitReader(
        unit=unit,
        years=years,
        today=above.today,
        ledger=above.ledger,
        during=during,
        above=above,
        batch=batch,
    )
