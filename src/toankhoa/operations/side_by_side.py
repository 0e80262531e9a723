"""Units side by side through the years, on the boundaries of one day: so they compare."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from toankhoa.core.measures import Indicator
from toankhoa.core.organisation import Reform, Tree, in_order
from toankhoa.core.totals import Figure
from toankhoa.reporting.reading.restated_reader import RestatedReader
from toankhoa.reporting.totals.ledger import Ledger


@dataclass(frozen=True)
class RestatedYear:
    """A unit's figure of a year, None where it cannot be known on these boundaries.

    `restated`: it is not what was reported then. `unsure`: names of the units of which nobody knows
    how much is this one's, each with the unit from which up that is known ("": there is none).
    """

    year: int
    figure: Figure | None
    restated: bool
    unsure: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class SideBySide:
    """Units of one level below a unit, as they were on a day.

    `whole` reads the unit above, `readers` those below it, in the order of the tree.
    """

    day: date
    whole: RestatedReader
    readers: tuple[RestatedReader, ...]

    @property
    def tree(self) -> Tree:
        """That of the day."""
        return self.whole.ledger.organisation.on(self.day)

    def years(self, reader: RestatedReader, indicator: Indicator) -> list[RestatedYear]:
        """One unit's figures of an indicator."""
        return [self._year(reader, indicator, year) for year in reader.years]

    def _year(self, reader: RestatedReader, indicator: Indicator, year: int) -> RestatedYear:
        unsure = []
        for belonging in reader.unsure(indicator, year):
            unsure.append((self.name(belonging.unit), self.name(belonging.known_from)))
        figure = reader.figure(indicator, year)
        return RestatedYear(year, figure, not reader.unchanged(year), tuple(unsure))

    def rows(self, indicator: Indicator) -> list[tuple[str, str, list[RestatedYear]]]:
        """Code, name and years of every unit, in the order of the tree."""
        rows = []
        for reader in self.readers:
            rows.append((reader.unit, self.name(reader.unit), self.years(reader, indicator)))
        return rows

    @cached_property
    def reforms(self) -> list[Reform]:
        """Those through which figures of some unit were restated, in order."""
        by_code: dict[str, Reform] = {}
        for reader in self.readers:
            for year in reader.years:
                if not reader.unchanged(year):
                    by_code.update((reform.code, reform) for reform in reader.reforms(year))
        return in_order(by_code.values())

    def name(self, unit: str | None) -> str:
        """A unit's name on the day, or its last one; blank for none."""
        if unit is None:
            return ""
        if unit in self.tree:
            return self.tree.units[unit].name
        return self.whole.ledger.organisation.lineage.last[unit].name


def side_by_side(
    *, unit: str, level: str, day: date, years: Iterable[int], today: date, ledger: Ledger
) -> SideBySide:
    """Units of a level below a unit, seen from that unit. KeyError: it is not there on the day."""
    tree = ledger.organisation.on(day)
    below = [code for code in tree.subtree(unit)[1:] if tree.units[code].level == level]
    whole, *readers = RestatedReader.of_units(
        [unit, *below], day=day, years=tuple(years), today=today, ledger=ledger, seen_from=unit
    )
    return SideBySide(day, whole, tuple(readers))


def levels_below(unit: str, tree: Tree) -> Sequence[str]:
    """Levels of the units below one, from the top down."""
    from_top = sorted(tree.subtree(unit)[1:], key=tree.depth)
    return tuple(dict.fromkeys(tree.units[code].level for code in from_top))
