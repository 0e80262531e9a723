"""Which units a reader's figures are of, on each day: how many of a level there are, and what they
owe.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from toankhoa.core.organisation import Tree
from toankhoa.core.totals import MONTHS, DuePeriod, Months
from toankhoa.reporting.totals.ledger import Ledger


class CountedUnits:
    """A unit with all below it, or `alone`, by the tree of each period.

    `during`: the months that are meant, where it is read as a part of another unit below which it
    was not all year.
    """

    def __init__(
        self, unit: str, *, today: date, ledger: Ledger, alone: bool, during: Months
    ) -> None:
        self.unit = unit
        self.today = today
        self.ledger = ledger
        self.alone = alone
        self.during = during
        self._trees: dict[int, Tree] = {}

    def tree(self, year: int) -> Tree:
        """The tree that a year's figures are read along: that of its last day, or of today while it
        runs.

        Where the unit has ended by then, or is no longer below the unit that it is read as a part
        of, the last of the year's trees in which it was.
        """
        if year not in self._trees:
            self._trees[year] = self._tree(year)
        return self._trees[year]

    def _tree(self, year: int) -> Tree:
        latest = self.tree_at_end(year)
        if self.unit in latest and self.at_year_end:
            return latest
        of_months = zip(self.ledger.year(year).trees, self.during, strict=True)
        for tree, meant in reversed(list(of_months)):
            if meant and self.unit in tree:
                return tree
        return latest

    def tree_at_end(self, year: int) -> Tree:
        """The tree of a year's last day, or of today while it runs."""
        return self.ledger.organisation.on(min(self.today, date(year, MONTHS, 31)))

    @property
    def at_year_end(self) -> bool:
        """Whether December is one of the months that are meant: what lasts is read there."""
        return self.during[-1]

    def wholly_meant(self, year: int) -> bool:
        """Whether every month of a year in which the unit existed is meant, so that the year's row
        is its figure.
        """
        trees = self.ledger.year(year).trees
        return all(
            meant or self.unit not in tree for meant, tree in zip(self.during, trees, strict=True)
        )

    def codes(self, tree: Tree) -> Sequence[str]:
        """The units themselves in a tree."""
        if self.unit not in tree:
            return ()
        return (self.unit,) if self.alone else tree.subtree(self.unit)

    def count(self, level: str, tree: Tree) -> int:
        """How many of a level there are in a tree."""
        if self.unit not in tree:
            return 0
        if self.alone:
            return int(tree.units[self.unit].level == level)
        return tree.count(level, self.unit)

    def owing(self, due: DuePeriod, year: int) -> int:
        """How many of them owe a form for a period."""
        return self.count(due.level, self._tree_of_month(due, year))

    def owing_when_meant(self, due: DuePeriod, year: int) -> int:
        """The same, none where the period's month is not meant."""
        return self.owing(due, year) if self.during[due.month - 1] else 0

    def ended(self, due: DuePeriod, year: int) -> int:
        """How many of those that owed a form for a period are nowhere at the year's end, or today.

        None where the period's month is not meant.
        """
        if not self.during[due.month - 1]:
            return 0
        then = self._tree_of_month(due, year)
        now = self.tree_at_end(year)
        owed = [code for code in self.codes(then) if then.units[code].level == due.level]
        return sum(code not in now for code in owed)

    def _tree_of_month(self, due: DuePeriod, year: int) -> Tree:
        return self.ledger.year(year).trees[due.month - 1]


def months_of_both(first: Months, second: Months) -> Months:
    """The months that are meant by both."""
    return tuple(here and there for here, there in zip(first, second, strict=True))
