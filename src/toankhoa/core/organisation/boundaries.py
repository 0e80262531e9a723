"""Figures of one day on the boundaries of another: what in another tree is a unit of a day.

Where units were merged, their figures are added: exact. Where one was split, its figures are
divided by the shares that were declared, so that the parts make the whole. Where nobody knows the
shares, or a merger is to be undone, figures are known from the lowest unit up that holds all those
that they may belong to, and not below it (docs/arithmetic.md, "On the boundaries of another day").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property, lru_cache

from toankhoa.core.basics import part_of_whole
from toankhoa.core.organisation.lineage import Lineage, Shares, end_to_end
from toankhoa.core.organisation.units import Tree

# From where to where on the line from 0 to 1 on which all parts of a unit are laid end to end.
Stretch = tuple[Fraction, Fraction]
WHOLE: Stretch = (Fraction(0), Fraction(1))
_NOTHING: Stretch = (Fraction(0), Fraction(0))


@dataclass(frozen=True, slots=True, order=True)
class BoundaryShare:
    """A unit of the other tree, of which `part` belongs here.

    With all below it, or `alone`: only what the unit itself sends.
    """

    unit: str
    alone: bool
    part: Stretch = WHOLE

    @property
    def whole(self) -> bool:
        """Whether all of it belongs here."""
        return self.part == WHOLE

    def of(self, figure: int) -> int:
        """What of a whole number falls to this part. The parts of a unit add up to it."""
        return part_of_whole(figure, *self.part)


@dataclass(frozen=True, slots=True)
class Unsure:
    """What a unit itself sends belongs here in part, or perhaps: known from `known_from` up."""

    unit: str
    known_from: str | None  # None: at no unit of the day


@dataclass(frozen=True, slots=True)
class BoundaryShares:
    """What of another tree is one unit of a day."""

    parts: tuple[BoundaryShare, ...]
    unsure: tuple[Unsure, ...]

    def same(self, unit: str) -> bool:
        """Whether it is the unit itself, as it stood."""
        return self == BoundaryShares((BoundaryShare(unit, alone=False),), ())


@dataclass(frozen=True)
class Boundaries:
    """The units of one day (`then`) as they stand among those of another (`of_day`).

    `homes`: by unit of then, the units of the day that it is, and how much of it each is; None:
    nobody knows how much.
    """

    then: Tree
    of_day: Tree
    homes: Mapping[str, Shares]

    @classmethod
    @lru_cache(maxsize=32)
    def between(cls, then: date, day: date, lineage: Lineage) -> Boundaries:
        """Figures of `then` are put on the boundaries of `day`, the earlier or the later one."""
        before, after = lineage.trees.on(then), lineage.trees.on(day)
        homes: dict[str, Shares]
        if lineage.epoch(then) == lineage.epoch(day):
            homes = {code: {code: Fraction(1)} for code in before.order}
        elif then <= day:
            homes = {code: lineage.shares(code, then, day) for code in before.order}
        else:
            homes = _homes_going_back(then, day, lineage)
        return cls(before, after, homes)

    def shares_of(self, unit: str) -> BoundaryShares:
        """What of the other tree is this unit of the day, with all below it."""
        stretches = {code: self._stretch(code, unit) for code in self._concerned(unit)}
        complete = self._complete(stretches)
        parts: list[BoundaryShare] = []
        unsure: list[Unsure] = []
        for code, stretch in stretches.items():
            if stretch is None:
                unsure.append(Unsure(code, self.of_day.lowest_holding(self.homes[code])))
            elif stretch != _NOTHING and complete.isdisjoint(self.then.path(code)[1:]):
                # Below a complete unit nothing is named: it comes with all below it.
                parts.append(BoundaryShare(code, alone=code not in complete, part=stretch))
        return BoundaryShares(tuple(parts), tuple(unsure))

    def _concerned(self, unit: str) -> list[str]:
        """Units of then that are, in part at least, this unit or one below it; in tree order."""
        codes: set[str] = set()
        for home in self.of_day.subtree(unit):
            codes.update(self._at_home.get(home, ()))
        return sorted(codes, key=self.then.index.__getitem__)

    def _complete(self, stretches: Mapping[str, Stretch | None]) -> set[str]:
        """Those of which all belongs here, and all of every unit below them."""
        complete: set[str] = set()
        for code in reversed(list(stretches)):  # from the bottom up: a unit comes after its parent
            if stretches[code] == WHOLE and complete.issuperset(self.then.children(code)):
                complete.add(code)
        return complete

    @cached_property
    def _at_home(self) -> Mapping[str, list[str]]:
        """By unit of the day, the units of then that it carries on."""
        at_home: dict[str, list[str]] = {}
        for code, homes in self.homes.items():
            for home in homes:
                at_home.setdefault(home, []).append(code)
        return at_home

    def _stretch(self, code: str, unit: str) -> Stretch | None:
        """Which part of what a unit itself sends belongs to another; None: some or all may."""
        homes = self.homes[code]
        inside = [home for home in homes if self.of_day.within(home, unit)]
        if not inside:
            return _NOTHING
        if len(inside) == len(homes):
            return WHOLE
        if None in homes.values():
            return None
        stretches: list[Stretch] = []
        for home, low, high in end_to_end(homes, self.of_day):
            if home in inside:
                stretches.append((low, high))
        # In the order of the tree, what stands below one unit lies together.
        return (stretches[0][0], stretches[-1][1]) if stretches else _NOTHING


def _homes_going_back(then: date, day: date, lineage: Lineage) -> dict[str, Shares]:
    """Homes of later units in an earlier tree.

    What came out of one unit alone was part of it; what came out of several could be of any. What
    was founded since is held with the unit above it.
    """
    origins: dict[str, list[str]] = {}
    for old in lineage.trees.on(day).order:
        for new, share in lineage.shares(old, day, then).items():
            if share != 0:
                origins.setdefault(new, []).append(old)
    homes: dict[str, Shares] = {}
    tree = lineage.trees.on(then)
    for code in tree.order:  # a unit comes after the one above it
        olds, parent = origins.get(code, []), tree.units[code].parent
        if len(olds) == 1:
            homes[code] = {olds[0]: Fraction(1)}
        elif olds:
            homes[code] = dict.fromkeys(olds)
        else:
            homes[code] = {} if parent is None else homes[parent]
    return homes
