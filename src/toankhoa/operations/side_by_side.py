"""Units side by side through the years, all on the boundaries of one day, so that they can be compared."""

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
class Year:
    """A unit's figure of a year, None where it cannot be known on these boundaries.

    `restated`: it is not what was reported then. `unsure`: names of the units of which nobody knows how much is this
    one's, each with the unit from which up that is known ("" where there is none).
    """

    year: int
    figure: Figure | None
    restated: bool
    unsure: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class SideBySide:
    """Units of one level below a unit, as they stood on a day. `whole` reads that unit, `readers` those below it."""

    day: date
    whole: RestatedReader
    readers: tuple[RestatedReader, ...]

    @property
    def tree(self) -> Tree:
        """That of the day."""
        return self.whole.ledger.organisation.on(self.day)

    def years(self, reader: RestatedReader, indicator: Indicator) -> list[Year]:
        """One unit's figures of an indicator."""
        return [
            Year(
                year,
                reader.figure(indicator, year),
                not reader.unchanged(year),
                tuple(
                    (self.name(each.unit), self.name(each.known_from))
                    for each in reader.unsure(indicator, year)
                ),
            )
            for year in reader.years
        ]

    def rows(self, indicator: Indicator) -> list[tuple[str, str, list[Year]]]:
        """Code, name and years of every unit, in the order of the tree."""
        return [
            (each.unit, self.name(each.unit), self.years(each, indicator)) for each in self.readers
        ]

    @cached_property
    def reforms(self) -> list[Reform]:
        """Those through which figures of some unit were restated, in order."""
        changed = [
            (each, year) for each in self.readers for year in each.years if not each.unchanged(year)
        ]
        return in_order(
            {
                reform.code: reform for each, year in changed for reform in each.reforms(year)
            }.values()
        )

    def name(self, unit: str | None) -> str:
        """A unit's name on the day, or its last one; blank for none."""
        if unit is None:
            return ""
        return (
            self.tree.units[unit].name
            if unit in self.tree
            else self.whole.ledger.organisation.lineage.last[unit].name
        )


def side_by_side(
    *, unit: str, level: str, day: date, years: Iterable[int], today: date, ledger: Ledger
) -> SideBySide:
    """Units of a level below a unit that stands on the day (KeyError otherwise), seen from that unit."""
    tree = ledger.organisation.on(day)
    below = [code for code in tree.subtree(unit)[1:] if tree.units[code].level == level]
    about = {"day": day, "years": tuple(years), "today": today, "ledger": ledger, "seen_from": unit}
    whole, *readers = RestatedReader.of_units([unit, *below], **about)
    return SideBySide(day, whole, tuple(readers))


def levels_below(unit: str, tree: Tree) -> Sequence[str]:
    """Levels of the units below one, from the top down."""
    return tuple(
        dict.fromkeys(
            tree.units[code].level for code in sorted(tree.subtree(unit)[1:], key=tree.depth)
        )
    )
