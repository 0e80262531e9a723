"""A unit's figures of any year on the boundaries of a day: put together from the units that there
were then.

See docs/arithmetic.md, "On the boundaries of another day".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from toankhoa.core.basics import Frequency, periods_of
from toankhoa.core.measures import Indicator
from toankhoa.core.organisation import Boundaries, BoundaryShare, BoundaryShares, Reform, Unsure
from toankhoa.core.totals import CoveredYear, Figure, Months, combined_year
from toankhoa.reporting.reading.unit_reader import UnitReader
from toankhoa.reporting.reading.unit_rows import RowBatch
from toankhoa.reporting.totals.ledger import Ledger


@dataclass(frozen=True)
class RestatedPart:
    """What a unit of then brings to a restated figure.

    `share`: how much of it, `months`: in which it is meant.

    `whole`: all that it has in those months, of which `figure` is what falls to the share.
    """

    share: BoundaryShare
    name: str
    months: Months
    figure: Figure
    whole: Figure


@dataclass(frozen=True)
class Restated:
    """A year's figure on the boundaries of another day; None where it cannot be known there.

    `unsure`: the units whose figures belong here in part, and nobody knows how much. `reforms`:
    those between then and that day that changed what is here.
    """

    figure: Figure | None
    parts: tuple[RestatedPart, ...]
    unsure: tuple[Unsure, ...]
    reforms: tuple[Reform, ...]

    @property
    def as_reported(self) -> bool:
        """Whether the unit was then what it is on that day, so that nothing is restated."""
        return not self.reforms and not self.unsure


_Belonging = TypeVar("_Belonging", BoundaryShare, Unsure)


@dataclass(frozen=True)
class _YearParts:
    """Readers of a year: of each share that belongs to a unit, and of each unit of which nobody
    knows how much does.
    """

    shares: Sequence[tuple[BoundaryShare, UnitReader]]
    unsure: Sequence[tuple[Unsure, UnitReader]]


class PartReaders:
    """Readers of the parts of one or many restated figures; their rows are read together once one
    is asked.
    """

    def __init__(self, today: date, ledger: Ledger) -> None:
        self._today = today
        self._ledger = ledger
        self._batch = RowBatch(ledger)
        self._tops: dict[tuple[str, int, int], UnitReader] = {}

    def reader(
        self, unit: str, *, root: str, year: int, stage: int, alone: bool, during: Months
    ) -> UnitReader:
        """A reader of one unit in one year, as accepted to the depth `stage`; `root` is the unit
        above all others.
        """
        key = root, stage, year
        if key not in self._tops:
            self._tops[key] = UnitReader(
                unit=root, years=(year,), today=self._today, ledger=self._ledger, stage=stage
            )
        return UnitReader(
            unit=unit,
            years=(year,),
            today=self._today,
            ledger=self._ledger,
            stage=stage,
            alone=alone,
            during=during,
            above=self._tops[key],
            batch=self._batch,
        )


class RestatedReader:
    """A unit of a day, for some years, on the boundaries of that day.

    KeyError where it does not exist on it.

    At most two queries for each depth at which it is read, however many figures are asked for and
    however many readers were made by `of_units`. `seen_from`: the unit at whose stage figures are
    read, its own if none is named.
    """

    def __init__(
        self,
        *,
        unit: str,
        day: date,
        years: Iterable[int],
        today: date,
        ledger: Ledger,
        seen_from: str = "",
        part_readers: PartReaders | None = None,
    ) -> None:
        self.unit = unit
        self.seen_from = seen_from or unit
        self.day = day
        self.years = tuple(years)
        self.today = today
        self.ledger = ledger
        self._part_readers = part_readers or PartReaders(today, ledger)
        self._shares_by_epoch: dict[tuple[date, int], BoundaryShares] = {}
        self._covered_years: dict[int, CoveredYear] = {}
        self._reforms: dict[int, tuple[Reform, ...]] = {}
        if unit not in ledger.organisation.on(day):
            raise KeyError(unit)
        self._parts = {year: self._parts_of(year) for year in self.years}

    @classmethod
    def of_units(
        cls,
        units: Iterable[str],
        *,
        day: date,
        years: Iterable[int],
        today: date,
        ledger: Ledger,
        seen_from: str = "",
    ) -> list[RestatedReader]:
        """A reader for each unit; their rows are read as those of one."""
        part_readers, all_years = PartReaders(today, ledger), tuple(years)
        return [
            cls(
                unit=unit,
                day=day,
                years=all_years,
                today=today,
                ledger=ledger,
                seen_from=seen_from,
                part_readers=part_readers,
            )
            for unit in units
        ]

    def figure(self, indicator: Indicator, year: int) -> Figure | None:
        """An indicator's figure of a year, on these boundaries; None where that cannot be known."""
        if self.unsure(indicator, year):
            return None
        return self.covered_year(year).figure(indicator, self.ledger.library)

    def unchanged(self, year: int) -> bool:
        """Whether the unit was all year what it is on the day, so that its figures are as they were
        reported.
        """
        months = periods_of(year, Frequency.MONTH)
        return all(self._shares(month.last_day).same(self.unit) for month in months)

    def doubtful(self, year: int) -> tuple[Unsure, ...]:
        """Units of whose figures of a year nobody knows how much belongs here, whether they sent
        any or not.
        """
        return tuple(unsure for unsure, _ in self._parts[year].unsure)

    def unsure(self, indicator: Indicator, year: int) -> tuple[Unsure, ...]:
        """Units of whose figure nobody knows how much belongs here."""
        return tuple(
            unsure
            for unsure, reader in self._parts[year].unsure
            if reader.figure(indicator, year).numerator is not None
        )

    def restated(self, indicator: Indicator, year: int) -> Restated:
        """The figure with what it is put together from."""
        parts = []
        for share, reader in self._parts[year].shares:
            of_share = reader.covered_year(year).part(share)
            figure = of_share.figure(indicator, self.ledger.library)
            if figure.due or figure.numerator is not None:
                name = reader.tree(year).units[share.unit].name
                whole = reader.figure(indicator, year)
                parts.append(RestatedPart(share, name, reader.during, figure, whole))
        unsure, reforms = self.unsure(indicator, year), self.reforms(year)
        return Restated(self.figure(indicator, year), tuple(parts), unsure, reforms)

    def covered_year(self, year: int) -> CoveredYear:
        """All that is known to belong here in a year."""
        if year not in self._covered_years:
            parts = [
                reader.covered_year(year).part(share) for share, reader in self._parts[year].shares
            ]
            self._covered_years[year] = combined_year(parts, self.ledger.library.width)
        return self._covered_years[year]

    def reforms(self, year: int) -> tuple[Reform, ...]:
        """Reforms between a year and the day that changed what is here, in order."""
        if year not in self._reforms:
            self._reforms[year] = tuple(
                reform
                for reform in self.ledger.organisation.reforms
                if self._between(reform, year) and self._concerns_unit(reform)
            )
        return self._reforms[year]

    def _between(self, reform: Reform, year: int) -> bool:
        """Whether a reform lies between a year's months and the day, whichever of them is the
        later.
        """
        january = periods_of(year, Frequency.MONTH)[0].last_day
        return january < reform.day <= self.day or self.day < reform.day <= date(year, 12, 31)

    def _concerns_unit(self, reform: Reform) -> bool:
        """Whether what is here is another since its day, and it speaks of what was or is here."""
        eve = reform.day - timedelta(days=1)
        if self._shares(eve) == self._shares(reform.day):
            return False
        here = self._units_here(eve) | self._units_here(reform.day)
        then = self.ledger.organisation.on(eve)
        levels = {then.units[code].level for code in here if code in then}
        for change in reform.changes:
            named = {*change.units, *(part.code for part in change.parts)}
            if change.level in levels or not here.isdisjoint(named):
                return True
        return False

    def _units_here(self, day: date) -> set[str]:
        """Units that are below the unit on a day, or are part of it."""
        tree, shares = self.ledger.organisation.on(day), self._shares(day)
        belonging: list[BoundaryShare | Unsure] = [*shares.parts, *shares.unsure]
        tops = {share.unit for share in belonging}
        if self.unit in tree:
            tops.add(self.unit)
        here: set[str] = set()
        for top in tops:
            here.update(tree.subtree(top))
        return here

    def _shares(self, then: date) -> BoundaryShares:
        """What of the tree of a day is this unit."""
        lineage = self.ledger.organisation.lineage
        epoch = lineage.epoch(then)
        if epoch not in self._shares_by_epoch:
            boundaries = Boundaries.between(then, self.day, lineage)
            self._shares_by_epoch[epoch] = boundaries.shares_of(self.unit)
        return self._shares_by_epoch[epoch]

    def _parts_of(self, year: int) -> _YearParts:
        """A reader for each share of a year and for each unit that is unsure, for the months in
        which it is one.
        """
        by_month = [self._shares(month.last_day) for month in periods_of(year, Frequency.MONTH)]
        shares = _months_of([of_month.parts for of_month in by_month])
        unsure = _months_of([of_month.unsure for of_month in by_month])
        return _YearParts(
            shares=[
                (share, self._reader(share.unit, year, months, alone=share.alone))
                for share, months in shares.items()
            ],
            unsure=[
                (doubt, self._reader(doubt.unit, year, months, alone=True))
                for doubt, months in unsure.items()
            ],
        )

    def _reader(self, unit: str, year: int, months: Months, *, alone: bool) -> UnitReader:
        first = months.index(True)
        root = self.ledger.year(year).trees[first].path(unit)[-1]
        return self._part_readers.reader(
            unit, root=root, year=year, stage=self._stage(year), alone=alone, during=months
        )

    def _stage(self, year: int) -> int:
        """The depth of the unit it is seen from in the year's tree, or on the day where it did not
        exist that year.
        """
        then, of_day = self.ledger.year(year).last, self.ledger.organisation.on(self.day)
        if self.seen_from in then:
            return then.depth(self.seen_from)
        return min(of_day.depth(self.seen_from), then.deepest)


def _months_of(by_month: Sequence[tuple[_Belonging, ...]]) -> Mapping[_Belonging, Months]:
    """All that belongs to a unit in some month of a year, with the months in which it does."""
    of_year: dict[_Belonging, Months] = {}
    for in_month in by_month:
        for belonging in in_month:
            if belonging not in of_year:
                of_year[belonging] = tuple(belonging in other_month for other_month in by_month)
    return of_year
