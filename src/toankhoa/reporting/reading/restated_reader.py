"""A unit's figures of any year on the boundaries of a day: put together from what stood there
then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from toankhoa.core.basics import Frequency, periods_of
from toankhoa.core.measures import Indicator
from toankhoa.core.organisation import Boundaries, BoundaryShare, BoundaryShares, Reform, Unsure
from toankhoa.core.totals import CoveredYear, Figure, Months, together
from toankhoa.reporting.reading.unit_reader import UnitReader, rows_of
from toankhoa.reporting.totals.ledger import Ledger


@dataclass(frozen=True)
class RestatedPart:
    """What a unit of then brings to a restated figure.

    `piece`: how much of it, `months`: in which it is meant.

    `whole`: all that it has in those months, of which `figure` is what falls to the piece.
    """

    piece: BoundaryShare
    name: str
    months: Months
    figure: Figure
    whole: Figure


@dataclass(frozen=True)
class Restated:
    """A year's figure on the boundaries of another day; None where it cannot be known there.

    `unsure`: the units whose figures belong here in part, and nobody knows how much. `reforms`:
    those between then and that day that changed what stands here.
    """

    figure: Figure | None
    parts: tuple[RestatedPart, ...]
    unsure: tuple[Unsure, ...]
    reforms: tuple[Reform, ...]

    @property
    def as_reported(self) -> bool:
        """Whether the unit stood then as it does on that day, so that nothing is restated."""
        return not self.reforms and not self.unsure


Placed = tuple[list[tuple[BoundaryShare, UnitReader]], list[tuple[Unsure, UnitReader]]]


class Shelf:
    """Readers of pieces, which get their rows together as soon as one is asked."""

    def __init__(self, today: date, ledger: Ledger) -> None:
        self._about = {"today": today, "ledger": ledger}
        self._waiting: list[UnitReader] = []
        self._families: dict[tuple[str, int, int], UnitReader] = {}

    def reader(
        self, unit: str, *, root: str, year: int, stage: int, alone: bool, during: Months
    ) -> UnitReader:
        """A reader of one unit in one year."""
        of_year = {"years": (year,), "stage": stage, **self._about}
        family = self._families.setdefault((root, stage, year), UnitReader(unit=root, **of_year))
        self._waiting.append(
            UnitReader(unit=unit, family=family, alone=alone, during=during, **of_year)
        )
        return self._waiting[-1]

    def read(self) -> None:
        """Give those that wait their rows."""
        kinds: dict[tuple[int, bool], list[UnitReader]] = {}
        for reader in self._waiting:
            kinds.setdefault((reader.stage(reader.years[0]), reader.alone), []).append(reader)
        self._waiting = []
        for (stage, alone), some in kinds.items():
            units, years = {reader.unit for reader in some}, {reader.years[0] for reader in some}
            rows = rows_of(units, years, stage=stage, alone=alone, ledger=self._about["ledger"])
            for reader in some:
                reader.cells = rows[reader.unit]


class RestatedReader:
    """A unit of a day, for some years, on the boundaries of that day.

    KeyError where it does not stand on it.

    At most two queries for each depth at which it is read, however many figures are asked for and
    however many readers were made `together`. `seen_from`: the unit at whose stage figures are
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
        shelf: Shelf | None = None,
    ) -> None:
        self.unit = unit
        self.seen_from = seen_from or unit
        self.day = day
        self.years = tuple(years)
        self.today = today
        self.ledger = ledger
        self._shelf = shelf or Shelf(today, ledger)
        self._known: dict[tuple[date, int], BoundaryShares] = {}
        self._tallies: dict[int, CoveredYear] = {}
        self._reforms: dict[int, tuple[Reform, ...]] = {}
        if unit not in ledger.organisation.on(day):
            raise KeyError(unit)
        self._placed = {year: self._of_year(year) for year in self.years}

    @classmethod
    def together(
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
        of_day = {
            "day": day,
            "years": tuple(years),
            "today": today,
            "ledger": ledger,
            "seen_from": seen_from,
        }
        shelf = Shelf(today, ledger)
        return [cls(unit=unit, shelf=shelf, **of_day) for unit in units]

    def figure(self, indicator: Indicator, year: int) -> Figure | None:
        """Where an indicator stood in a year, on these boundaries; None where that cannot be
        known.
        """
        return (
            None
            if self.unsure(indicator, year)
            else self.tally(year).figure(indicator, self.ledger.library)
        )

    def stood(self, year: int) -> bool:
        """Whether the unit was all year what it is on the day, so that its figures are as they were
        reported.
        """
        return all(
            self._pieces(period.last_day).same(self.unit)
            for period in periods_of(year, Frequency.MONTH)
        )

    def doubtful(self, year: int) -> tuple[Unsure, ...]:
        """Units of whose figures of a year nobody knows how much belongs here, whether they sent
        any or not.
        """
        return tuple(each for each, _ in self._placed[year][1])

    def unsure(self, indicator: Indicator, year: int) -> tuple[Unsure, ...]:
        """Units of whose figure nobody knows how much belongs here."""
        readers = self._readers(year)[1]
        return tuple(
            each for each, reader in readers if reader.figure(indicator, year).numerator is not None
        )

    def told(self, indicator: Indicator, year: int) -> Restated:
        """The same with what it is put together from."""
        parts = []
        for piece, reader in self._readers(year)[0]:
            whole = reader.figure(indicator, year)
            figure = reader.tally(year).part(piece).figure(indicator, self.ledger.library)
            if figure.due or figure.numerator is not None:
                parts.append(
                    RestatedPart(
                        piece,
                        reader.tree(year).units[piece.unit].name,
                        reader.during,
                        figure,
                        whole,
                    )
                )
        unsure, reforms = self.unsure(indicator, year), self.reforms(year)
        return Restated(self.figure(indicator, year), tuple(parts), unsure, reforms)

    def tally(self, year: int) -> CoveredYear:
        """All that is known to belong here in a year."""
        if year not in self._tallies:
            parts = [reader.tally(year).part(piece) for piece, reader in self._readers(year)[0]]
            self._tallies[year] = together(parts, self.ledger.library.width)
        return self._tallies[year]

    def reforms(self, year: int) -> tuple[Reform, ...]:
        """Reforms between a year and the day that changed what stands here, in order."""
        if year not in self._reforms:
            first, last = periods_of(year, Frequency.MONTH)[0].last_day, date(year, 12, 31)
            self._reforms[year] = tuple(
                reform
                for reform in self.ledger.organisation.reforms
                if (first < reform.day <= self.day or self.day < reform.day <= last)
                and self._matters(reform)
            )
        return self._reforms[year]

    def _matters(self, reform: Reform) -> bool:
        """Whether what stands here is another since its day, and it speaks of what stood or stands
        here.
        """
        eve = reform.day - timedelta(days=1)
        if self._pieces(eve) == self._pieces(reform.day):
            return False
        here = self._here(eve) | self._here(reform.day)
        then = self.ledger.organisation.on(eve)
        levels = {then.units[code].level for code in here if code in then}
        return any(
            change.level in levels
            or not here.isdisjoint((*change.units, *(part.code for part in change.parts)))
            for change in reform.changes
        )

    def _here(self, day: date) -> set[str]:
        """Units that stand below the unit on a day, or are part of it."""
        tree, pieces = self.ledger.organisation.on(day), self._pieces(day)
        tops = {each.unit for each in (*pieces.parts, *pieces.unsure)} | (
            {self.unit} & tree.units.keys()
        )
        return {code for top in tops for code in tree.subtree(top)}

    def _pieces(self, then: date) -> BoundaryShares:
        """What of the tree of a day is this unit."""
        lineage = self.ledger.organisation.lineage
        epoch = lineage.epoch(then)
        if epoch not in self._known:
            self._known[epoch] = Boundaries.between(then, self.day, lineage).pieces(self.unit)
        return self._known[epoch]

    def _of_year(self, year: int) -> Placed:
        """A reader for each piece of a year and for each unit that is unsure, for the months in
        which it is one.
        """
        by_month = [self._pieces(period.last_day) for period in periods_of(year, Frequency.MONTH)]
        distinct = {id(each): each for each in by_month}.values()

        def readers(
            kind: Callable[[BoundaryShares], tuple[Any, ...]],
        ) -> list[tuple[Any, UnitReader]]:
            every = dict.fromkeys(one for each in distinct for one in kind(each))
            there = {one: tuple(one in kind(each) for each in by_month) for one in every}
            return [(one, self._reader(one, year, months)) for one, months in there.items()]

        return readers(lambda each: each.parts), readers(lambda each: each.unsure)

    def _reader(self, one: BoundaryShare | Unsure, year: int, months: Months) -> UnitReader:
        tree = next(
            tree for tree, there in zip(self.ledger.year(year).trees, months, strict=True) if there
        )
        return self._shelf.reader(
            one.unit,
            root=tree.path(one.unit)[-1],
            year=year,
            stage=self._stage(year),
            alone=isinstance(one, Unsure) or one.alone,
            during=months,
        )

    def _stage(self, year: int) -> int:
        """The depth of the unit it is seen from in the year's tree, or on the day where it did not
        stand that year.
        """
        then, of_day = self.ledger.year(year).last, self.ledger.organisation.on(self.day)
        unit = self.seen_from
        return then.depth(unit) if unit in then else min(of_day.depth(unit), then.deepest)

    def _readers(self, year: int) -> Placed:
        self._shelf.read()
        return self._placed[year]
