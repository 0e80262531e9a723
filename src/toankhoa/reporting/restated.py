"""A unit's figures of any year on the boundaries of a day: put together from what stood there then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from toankhoa.core.assessment import Figure
from toankhoa.core.measures import Indicator
from toankhoa.core.periods import Frequency, periods_of
from toankhoa.core.reform import Reform
from toankhoa.core.restating import Boundaries, Piece, Pieces, Unsure
from toankhoa.core.rollup import Months
from toankhoa.reporting.figures import UnitReader, rows_of
from toankhoa.reporting.ledger import Ledger


@dataclass(frozen=True)
class Part:
    """What a unit of then brings to a restated figure. `piece`: how much of it, `months`: in which it is meant."""

    piece: Piece
    name: str
    months: Months
    figure: Figure


@dataclass(frozen=True)
class Restated:
    """A year's figure on the boundaries of another day; None where it cannot be known there.

    `unsure`: the units whose figures belong here in part, and nobody knows how much. `reforms`: those between then and
    that day that changed what stands here.
    """

    figure: Figure | None
    parts: tuple[Part, ...]
    unsure: tuple[Unsure, ...]
    reforms: tuple[Reform, ...]

    @property
    def as_reported(self) -> bool:
        """Whether the unit stood then as it does on that day, so that nothing is restated."""
        return not self.reforms and not self.unsure


class RestatedReader:
    """A unit of a day, for some years, on the boundaries of that day. KeyError where it does not stand on it.

    At most two queries for each depth at which it is read, however many figures are asked for.
    """

    def __init__(self, *, unit: str, day: date, years: Iterable[int], today: date, ledger: Ledger) -> None:
        self.unit = unit
        self.day = day
        self.years = tuple(years)
        self.today = today
        self.ledger = ledger
        self._known: dict[int, Pieces] = {}
        self._reforms: dict[int, tuple[Reform, ...]] = {}
        if unit not in ledger.organisation.on(day):
            raise KeyError(unit)

    def figure(self, indicator: Indicator, year: int) -> Restated:
        """Where an indicator stood in a year, on these boundaries."""
        readers, unsure = self._readers[year]
        parts = []
        for piece, reader in readers:
            figure = reader.figure(indicator, year)
            if figure.due or figure.numerator is not None:
                name = reader.tree(year).units[piece.unit].name
                parts.append(Part(piece, name, reader.during, _part_of(figure, piece)))
        kept = tuple(each for each, reader in unsure if reader.figure(indicator, year).numerator is not None)
        total = None if kept else _sum([part.figure for part in parts], ratio=indicator.denominator is not None)
        return Restated(total, tuple(parts), kept, self.reforms(year))

    def reforms(self, year: int) -> tuple[Reform, ...]:
        """Reforms between a year and the day that changed what stands here, in order."""
        if year not in self._reforms:
            first, last = periods_of(year, Frequency.MONTH)[0].last_day, date(year, 12, 31)
            self._reforms[year] = tuple(
                reform
                for reform in self.ledger.organisation.reforms
                if (first < reform.day <= self.day or self.day < reform.day <= last) and self._matters(reform)
            )
        return self._reforms[year]

    def _matters(self, reform: Reform) -> bool:
        """Whether what stands here is another since its day, and it speaks of what stood or stands here."""
        eve = reform.day - timedelta(days=1)
        if self._pieces(eve) == self._pieces(reform.day):
            return False
        here = self._here(eve) | self._here(reform.day)
        then = self.ledger.organisation.on(eve)
        levels = {then.units[code].level for code in here if code in then}
        return any(
            change.level in levels or not here.isdisjoint((*change.units, *(part.code for part in change.parts)))
            for change in reform.changes
        )

    def _here(self, day: date) -> set[str]:
        """Units that stand below the unit on a day, or are part of it."""
        tree, pieces = self.ledger.organisation.on(day), self._pieces(day)
        tops = {each.unit for each in (*pieces.parts, *pieces.unsure)} | ({self.unit} & tree.units.keys())
        return {code for top in tops for code in tree.subtree(top)}

    def _pieces(self, then: date) -> Pieces:
        """What of the tree of a day is this unit."""
        key = id(self.ledger.organisation.on(then))
        if key not in self._known:
            boundaries = Boundaries.between(then, self.day, self.ledger.organisation.lineage)
            self._known[key] = boundaries.pieces(self.unit)
        return self._known[key]

    def _of_year(self, year: int) -> tuple[dict[Piece, Months], dict[Unsure, Months]]:
        """The pieces of a year, and what is unsure, each with the months in which it is one."""
        days = [period.last_day for period in periods_of(year, Frequency.MONTH)]
        by_month = [self._pieces(day) for day in days]
        parts = {piece: tuple(piece in each.parts for each in by_month) for each in by_month for piece in each.parts}
        unsure = {one: tuple(one in each.unsure for each in by_month) for each in by_month for one in each.unsure}
        return parts, unsure

    def _stage(self, year: int) -> int:
        """The unit's depth in the year's tree, or on the day where it did not stand in that year."""
        then, of_day = self.ledger.year(year).last, self.ledger.organisation.on(self.day)
        return then.depth(self.unit) if self.unit in then else min(of_day.depth(self.unit), then.deepest)

    @cached_property
    def _readers(self) -> dict[int, tuple[list[tuple[Piece, UnitReader]], list[tuple[Unsure, UnitReader]]]]:
        """By year, a reader for each piece and for each unit of which nobody knows how much belongs here."""
        found = {}
        for year in self.years:
            parts, unsure = self._of_year(year)
            found[year] = (
                [(piece, self._reader(piece.unit, year, months, alone=piece.alone)) for piece, months in parts.items()],
                [(one, self._reader(one.unit, year, months, alone=True)) for one, months in unsure.items()],
            )
        self._read([reader for two in found.values() for each in two for _, reader in each])
        return found

    def _reader(self, unit: str, year: int, months: Months, *, alone: bool) -> UnitReader:
        of_year = {"years": (year,), "today": self.today, "ledger": self.ledger, "stage": self._stage(year)}
        tree = next(tree for tree, there in zip(self.ledger.year(year).trees, months, strict=True) if there)
        above = UnitReader(unit=tree.path(unit)[-1], **of_year)
        return UnitReader(unit=unit, alone=alone, during=months, family=above, **of_year)

    def _read(self, readers: Sequence[UnitReader]) -> None:
        """Give all of them their rows."""
        kinds: dict[tuple[int, bool], list[UnitReader]] = {}
        for reader in readers:
            kinds.setdefault((reader.stage(reader.years[0]), reader.alone), []).append(reader)
        for (stage, alone), some in kinds.items():
            units, years = {reader.unit for reader in some}, {reader.years[0] for reader in some}
            rows = rows_of(units, years, stage=stage, alone=alone, ledger=self.ledger)
            for reader in some:
                reader.cells = rows[reader.unit]


def _part_of(figure: Figure, piece: Piece) -> Figure:
    """The part of a figure that falls to a piece; of how many reports it is stays as it was."""
    return replace(
        figure,
        numerator=None if figure.numerator is None else piece.of(figure.numerator),
        denominator=None if figure.denominator is None else piece.of(figure.denominator),
    )


def _sum(figures: Sequence[Figure], *, ratio: bool) -> Figure:
    """Figures added; missing where all are."""

    def added(numbers: Iterable[int | None]) -> int | None:
        known = [number for number in numbers if number is not None]
        return sum(known) if known else None

    return Figure(
        numerator=added(each.numerator for each in figures),
        denominator=added(each.denominator for each in figures),
        ratio=ratio,
        reports=sum(each.reports for each in figures),
        due=sum(each.due for each in figures),
        carried=sum(each.carried for each in figures),
        partial=any(each.partial for each in figures),
    )
