"""Along which trees the months of a year add up.

A month adds up along its own tree. Where units are rearranged within a year, `YearTrees` says whose
year takes in which months of a unit, and `year_of` what it takes in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from toankhoa.core.basics import Frequency, periods_of
from toankhoa.core.organisation import OrgTree, Tree
from toankhoa.core.totals.cell import ALL_YEAR, Months


def subtree_sums(own: NDArray[np.int64], tree: Tree) -> NDArray[np.int64]:
    """Every unit's total at once. `own` is [unit in `tree.order`, slot]; so is the result.

    In pre-order a subtree is a slice, so its sum is the difference of two running sums: exact, for
    any depth.
    """
    running = np.zeros((len(tree.order) + 1, own.shape[1]), np.int64)
    np.cumsum(own, axis=0, out=running[1:])
    return running[np.array(tree.ends, np.intp)] - running[:-1]


@dataclass(frozen=True)
class Routes:
    """Which units bring figures to which: `lower[i]` all go to `upper[i]`."""

    upper: tuple[str, ...]
    lower: tuple[list[str], ...]


@dataclass(frozen=True, eq=False)
class YearTrees:
    """The trees of the twelve months of a year; a month's is that of its last day.

    The year of a unit holds, of all that is summed, each month of every unit that stood below it in
    that month; of everything else, the year of every unit that stands below it at the year's end.
    See docs/arithmetic.md, "A year in which units are rearranged".
    """

    trees: tuple[Tree, ...]

    @property
    def last(self) -> Tree:
        """The tree of the year's last day."""
        return self.trees[-1]

    @cached_property
    def steady(self) -> bool:
        """Whether one tree stands all year, as in most years."""
        return all(tree is self.last for tree in self.trees)

    @cached_property
    def distinct(self) -> tuple[Tree, ...]:
        """Each tree of the year once, in order."""
        return tuple({id(tree): tree for tree in self.trees}.values())

    @cached_property
    def units(self) -> tuple[str, ...]:
        """Every unit that stood in some month."""
        codes: dict[str, None] = {}
        for tree in self.distinct:
            codes |= dict.fromkeys(tree.order)
        return tuple(codes)

    @cached_property
    def deepest(self) -> int:
        """The greatest depth of the year: the last stage of its figures."""
        return max(tree.deepest for tree in self.distinct)

    def depth(self, unit: str) -> int:
        """The greatest depth at which a unit of this year stood."""
        return max(tree.depth(unit) for tree in self.distinct if unit in tree)

    def bare(self, unit: str) -> bool:
        """Whether nothing ever stood below it this year."""
        return not any(tree.children(unit) for tree in self.distinct)

    def above(self, unit: str) -> dict[str, Months]:
        """Every unit whose year takes in figures of this one, itself first: in which months."""
        if self.steady:
            return dict.fromkeys(self.last.path(unit), ALL_YEAR) if unit in self.last else {}
        paths = [tree.path(unit) if unit in tree else () for tree in self.trees]
        return _months_in(paths)

    def below(self, unit: str) -> dict[str, Months]:
        """Every unit that stood directly below this one: in which months."""
        return _months_in([tree.children(unit) for tree in self.trees])

    @cached_property
    def routes(self) -> Mapping[Months, Routes]:
        """All that `above` says of all units, by months."""
        lower: dict[Months, dict[str, list[str]]] = {}
        for unit in self.units:
            for upper, months in self.above(unit).items():
                lower.setdefault(months, {}).setdefault(upper, []).append(unit)
        routes: dict[Months, Routes] = {}
        for months, groups in lower.items():
            routes[months] = Routes(tuple(groups), tuple(groups.values()))
        return routes


def _months_in(codes_by_month: Sequence[Sequence[str]]) -> dict[str, Months]:
    """Of each code, in which months it is there; codes in the order they come."""
    months = list(map(frozenset, codes_by_month))
    there: dict[str, Months] = {}
    for codes in codes_by_month:
        for code in codes:
            if code not in there:
                there[code] = tuple(code in month for month in months)
    return there


@lru_cache(maxsize=256)
def trees_of_year(organisation: OrgTree, year: int) -> YearTrees:
    """The trees of a year, worked out once."""
    months = periods_of(year, Frequency.MONTH)
    return YearTrees(tuple(organisation.on(month.last_day) for month in months))
