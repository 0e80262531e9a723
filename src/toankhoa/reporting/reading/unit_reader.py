"""Figures of units out of their packed totals, with how much of each is in.

A reader takes one unit's rows once and answers from them; a parent's totals cost as much as a commune's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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
    DuePeriod,
    Figure,
    Months,
    Schedule,
    part_of_year,
)
from toankhoa.org.organisation import Organisation
from toankhoa.reporting.totals import past_totals, store
from toankhoa.reporting.totals.posting import Ledger


class UnitReader:
    """Figures of one unit for some years, as vouched for at a stage (the unit's own in each year, if none is named).

    With all below it, or `alone`: only what the unit itself sends. `during`: the months that are meant, where it is
    read as a part of another unit below which it did not stand all year. `family`: a reader of a unit above, which
    reads for all below it what only few figures need.
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
        family: UnitReader | None = None,
    ) -> None:
        self.unit = unit
        self.years = tuple(years)
        self.today = today
        self.ledger = ledger
        self.alone = alone
        self.during = during
        self.family = family or self
        self._stage = stage
        self._trees: dict[int, Tree] = {}
        self._tallies: dict[int, CoveredYear] = {}
        self._newest: dict[tuple[int, int], Mapping[tuple[int, int], Cell]] = {}

    @property
    def organisation(self) -> Organisation:
        """Units of all days."""
        return self.ledger.organisation

    def stage(self, year: int) -> int:
        """The stage at which a year is read."""
        if self._stage is not None:
            return self._stage
        tree = self.tree(year)
        return tree.depth(self.unit) if self.unit in tree else 0

    def tree(self, year: int) -> Tree:
        """The tree that a year's figures are read along: that of its last day, or of today while it runs.

        Where the unit no longer stands there, the last of the year in which it did.
        """
        if year not in self._trees:
            self._trees[year] = self._tree(year)
        return self._trees[year]

    def _tree(self, year: int) -> Tree:
        now = self.organisation.on(min(self.today, date(year, 12, 31)))
        if self.unit in now and self.during[-1]:
            return now
        stood = (
            tree
            for tree, there in zip(self.ledger.year(year).trees, self.during, strict=True)
            if there
        )
        return next((tree for tree in reversed([*stood]) if self.unit in tree), now)

    def count(self, level: str, tree: Tree) -> int:
        """How many units of a level this reader reads."""
        if self.unit not in tree:
            return 0
        return (
            int(tree.units[self.unit].level == level)
            if self.alone
            else tree.count(level, self.unit)
        )

    @cached_property
    def cells(self) -> Mapping[int, Cell]:
        """The unit's rows by period key: one query, unless `readers_below` has read them for many."""
        return _cells([self])[self.unit]

    def cell(self, key: int) -> Cell:
        """A row, empty where nothing was vouched for."""
        found = self.cells.get(key)
        return self._nothing if found is None else found

    @cached_property
    def _nothing(self) -> Cell:
        return Cell.zero(self.ledger.library.width)

    def year(self, year: int) -> Cell:
        """The year's row, or what of it belongs to the months that are meant."""
        whole = self.cell(year_key(year))
        stood = (self.unit in tree for tree in self.ledger.year(year).trees)
        if all(meant >= here for meant, here in zip(self.during, stood, strict=True)):
            return whole
        months = [self.cell(year_key(year) + month) for month in range(1, MONTHS + 1)]
        part = part_of_year(months, whole, self.ledger.rules, self.during)
        return self._from_below(year) if part is None else part

    def _from_below(self, year: int) -> Cell:
        """What the units directly below bring in the months that are meant, and the unit itself: one query each."""
        of_year = {
            "years": (year,),
            "today": self.today,
            "ledger": self.ledger,
            "family": self.family,
        }
        below = [
            UnitReader(unit=code, during=both, **of_year)
            for code, there in self.ledger.year(year).below(self.unit).items()
            if any(both := tuple(map(all, zip(there, self.during, strict=True))))
        ]
        itself = UnitReader(unit=self.unit, alone=True, during=self.during, **of_year)
        parts = [*_read_together(below), *_read_together([itself])]
        return sum((part.year(year) for part in parts), self._nothing)

    def months(self, element: DataElement, year: int) -> list[tuple[int, int]]:
        """Month and figure, for the months in which figures of an element sit; a single one says nothing."""
        sums = [
            (month, self.cell(year_key(year) + month).get(element.slot))
            for month in range(1, MONTHS + 1)
        ]
        found = [(month, figure) for month, figure in sums if figure is not None]
        return found if len(found) > 1 else []

    def forms(self, element: DataElement) -> list[Form]:
        """The forms that collect an element (or what it is derived from)."""
        code = element.derived.element if element.derived else element.code
        return [form for form in self.ledger.library.forms.values() if code in form.elements]

    def reporters(self, indicator: Indicator, year: int) -> int:
        """How many units here report the indicator's numerator."""
        element = self.ledger.library.elements[indicator.numerator]
        return sum(
            self.count(level, self.tree(year))
            for level in {form.level for form in self.forms(element)}
        )

    def tally(self, year: int) -> CoveredYear:
        """All figures of a year and how much of each is in, by today."""
        if year not in self._tallies:
            self._tallies[year] = self._tally(year)
        return self._tallies[year]

    def _tally(self, year: int) -> CoveredYear:
        schedule, cell = self.ledger.schedule(year, self.today), self.year(year)
        owing = [
            self._owing(owed, year) if self.during[owed.month - 1] else 0 for owed in schedule.owed
        ]
        cover = schedule.cover(owing, self._sent(schedule, self.during), cell)
        if self.during != ALL_YEAR:
            cover = schedule.where_it_lasts(self._at_the_end(schedule, cell, year), cover)
        newest = max(self.cells, default=0)
        for slot in np.flatnonzero((cover.carried > 0) & (schedule.last < newest)).tolist():
            ahead = self._ahead(int(schedule.source[slot]), schedule.keys_of(slot))
            cover.carried[slot] = max(0, int(cover.carried[slot]) - ahead)
        return CoveredYear(
            cell, cover, lambda level: self.count(level, self.tree(year)) if self.during[-1] else 0
        )

    def _owing(self, owed: DuePeriod, year: int) -> int:
        """How many units here owe a form for a period."""
        return self.count(owed.level, self.ledger.year(year).trees[owed.month - 1])

    def _sent(self, schedule: Schedule, months: Months) -> list[Cell]:
        """The rows in which what is owed in some months is in."""
        return [self.cell(key) if months[key % 100 - 1] else self._nothing for key in schedule.keys]

    def _at_the_end(self, schedule: Schedule, cell: Cell, year: int) -> Cover:
        """How much is in of what lasts: it is read where a unit stands at the year's end, so it is owed there, whole.

        Of a unit that stands elsewhere by then nothing is owed here; of one that ended, what it owed while it stood.
        """
        if self.during[-1]:
            owing = [self._owing(owed, year) for owed in schedule.owed]
            return schedule.cover(owing, self._sent(schedule, ALL_YEAR), cell)
        owing = [
            self._ended(owed, year) if self.during[owed.month - 1] else 0 for owed in schedule.owed
        ]
        return schedule.cover(owing, self._sent(schedule, self.during), cell).at_most_due()

    def _ended(self, owed: DuePeriod, year: int) -> int:
        """How many units here that owed a form for a period stand nowhere at the year's end, or today."""
        then = self.ledger.year(year).trees[owed.month - 1]
        now = self.organisation.on(min(self.today, date(year, MONTHS, 31)))
        below = (
            () if self.unit not in then else (self.unit,) if self.alone else then.subtree(self.unit)
        )
        return sum(then.units[code].level == owed.level and code not in now for code in below)

    def _ahead(self, slot: int, due: set[int]) -> int:
        """How many units here sent a later figure than the last one due, but not that one. Rarely takes a query."""
        first, last = min(due), max(due) // 100 * 100 + MONTHS
        if not any(self.cell(key).counts[slot] for key in range(max(due) + 1, last + 1)):
            return 0
        tree = self.tree(first // 100)
        here = {
            self.organisation.ids[code]
            for code in ((self.unit,) if self.alone else tree.subtree(self.unit))
        }
        sent: dict[int, set[int]] = {}
        for (unit, period), cell in self.family.newest(first, last).items():
            if unit in here and cell.counts[slot]:
                sent.setdefault(unit, set()).add(period)
        return sum(periods.isdisjoint(due) for periods in sent.values())

    def newest(self, first: int, last: int) -> Mapping[tuple[int, int], Cell]:
        """Own rows of every unit here, by unit id and period key: one query."""
        if (first, last) not in self._newest:
            tree, year = self.tree(first // 100), first // 100
            units = [self.organisation.ids[code] for code in tree.subtree(self.unit)]
            asked = {
                "first": first,
                "last": last,
                "stage": self.stage(year),
                "scopes": store.OF_ITSELF,
            }
            self._newest[first, last] = past_totals.read(ledger=self.ledger, units=units, **asked)
        return self._newest[first, last]

    def figure(self, indicator: Indicator, year: int) -> Figure:
        """The year's actual of an indicator, with how much of it is in."""
        return self.tally(year).figure(indicator, self.ledger.library)

    def required(
        self, target: YearTarget | None, indicator: Indicator, year: int, *, whole: bool
    ) -> Required | None:
        """The plan's target as this unit must meet it."""
        if target is None:
            return None
        level, reporters = target.target.level, self.reporters(indicator, year)
        counts = {} if level is None else {level: self.count(level, self.tree(year))}
        return required(target.target, indicator, counts, whole=whole, reporters=reporters)


def rows_of(
    units: Iterable[str], years: Iterable[int], *, stage: int, alone: bool, ledger: Ledger
) -> dict[str, dict[int, Cell]]:
    """Rows of several units by unit and period key, with all below or `alone`: one query."""
    organisation, wanted = ledger.organisation, set(years)
    by_unit: dict[str, dict[int, Cell]] = {unit: {} for unit in units}
    found = past_totals.read(
        ledger=ledger,
        units=[organisation.ids[unit] for unit in by_unit],
        first=year_key(min(wanted)),
        last=year_key(max(wanted)) + MONTHS,
        stage=stage,
        scopes=store.OF_ITSELF if alone else store.OF_ALL_BELOW,
    )
    for (unit, period), cell in found.items():
        if period // 100 in wanted:
            by_unit[organisation.codes[unit]][period] = cell
    return by_unit


def _cells(readers: list[UnitReader]) -> dict[str, dict[int, Cell]]:
    """Rows of several readers of one kind (same years, stages, scope).

    One query, or one for each depth at which the unit stood over the years.
    """
    one, units = readers[0], [reader.unit for reader in readers]
    by_stage: dict[int, list[int]] = {}
    for year in one.years:
        by_stage.setdefault(one.family.stage(year), []).append(year)
    by_unit: dict[str, dict[int, Cell]] = {unit: {} for unit in units}
    for stage, years in by_stage.items():
        for unit, cells in rows_of(
            units, years, stage=stage, alone=one.alone, ledger=one.ledger
        ).items():
            by_unit[unit] |= cells
    return by_unit


def _read_together(readers: list[UnitReader]) -> list[UnitReader]:
    """The same readers, which have their rows now."""
    cells = _cells(readers) if readers else {}
    for reader in readers:
        reader.cells = cells[reader.unit]
    return readers


def readers_below(above: UnitReader, tree: Tree | None = None) -> list[UnitReader]:
    """A reader for each unit directly below, today or in a given tree, at the stage of the one above: one query."""
    tree = tree or above.organisation.on(above.today)
    return _read_together([_below(above, code) for code in tree.children(above.unit)])


def readers_of(above: UnitReader, units: Iterable[str]) -> list[UnitReader]:
    """A reader for each of some units anywhere below, at the stage of the one above: one query."""
    return _read_together([_below(above, code) for code in units])


def parts_of_year(above: UnitReader, year: int) -> list[UnitReader]:
    """A reader for each unit that stood directly below in some month of a year, for its months there: one query."""
    below = above.ledger.year(year).below(above.unit).items()
    return _read_together(
        [_below(above, code, years=(year,), during=there) for code, there in below]
    )


def _below(
    above: UnitReader, unit: str, years: Iterable[int] = (), during: Months = ALL_YEAR
) -> UnitReader:
    return UnitReader(
        unit=unit,
        years=years or above.years,
        today=above.today,
        ledger=above.ledger,
        during=during,
        family=above,
    )


@dataclass(frozen=True)
class Contribution:
    """What one unit below adds to a figure; `unit` itself for its own return."""

    unit: str
    name: str
    figure: Figure


def contributions(reader: UnitReader, indicator: Indicator, year: int) -> tuple[Contribution, ...]:
    """Each unit directly below, for its months there, and the unit's own return: together they are the figure.

    Missing first.
    """
    of_year = {"unit": reader.unit, "years": [year], "today": reader.today, "ledger": reader.ledger}
    itself = UnitReader(**of_year, alone=True, family=reader)
    takers = reader.ledger.handovers(year).family_of  # may hold figures that they do not report
    parts = [
        Contribution(part.unit, part.tree(year).units[part.unit].name, part.figure(indicator, year))
        for part in (*parts_of_year(reader, year), itself)
        if part.reporters(indicator, year)
        or (part.unit in takers and part.figure(indicator, year).inherited)
    ]
    return tuple(sorted(parts, key=lambda part: (part.figure.numerator is not None, part.unit)))
