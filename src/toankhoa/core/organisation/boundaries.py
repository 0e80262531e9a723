"""Figures of one day on the boundaries of another: what in an older or newer tree is a unit of a given day.

Where units were merged, their figures are added: exact. Where one was split, its figures are divided by the shares that
were declared, so that the parts make the whole. Where nobody knows the shares, or a merger is to be undone, figures are
known from the lowest unit up that holds all those that they may belong to, and not below it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property, lru_cache

from toankhoa.core.organisation.lineage import Lineage, Shares
from toankhoa.core.organisation.units import Tree

WHOLE = (Fraction(0), Fraction(1))


@dataclass(frozen=True, slots=True, order=True)
class BoundaryShare:
    """A unit of the other tree that belongs here: with all below it, or `alone` only what the unit itself sends.

    `part`: from where to where on the way from 0 to 1, as all parts of a unit are laid end to end.
    """

    unit: str
    alone: bool
    part: tuple[Fraction, Fraction] = WHOLE

    @property
    def whole(self) -> bool:
        """Whether all of it belongs here."""
        return self.part == WHOLE

    def of(self, figure: int) -> int:
        """What of a whole number falls to this part. The parts of a unit add up to it."""
        low, high = self.part
        return _rounded(figure * high) - _rounded(figure * low)


@dataclass(frozen=True, slots=True)
class Unsure:
    """What a unit itself sends belongs here in part, or perhaps: it is known from `known_from` up."""

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

    `homes`: by unit of then, the units of the day that it is, and how much of it each is; None: nobody knows how much.
    """

    then: Tree
    of_day: Tree
    homes: Mapping[str, Shares]

    @classmethod
    @lru_cache(maxsize=32)
    def between(cls, then: date, day: date, lineage: Lineage) -> Boundaries:
        """Figures of `then` are put on the boundaries of `day`, which may be the earlier or the later one."""
        before, after = lineage.trees.on(then), lineage.trees.on(day)
        if lineage.epoch(then) == lineage.epoch(day):
            return cls(before, after, {code: {code: Fraction(1)} for code in before.order})
        if then <= day:
            return cls(
                before, after, {code: lineage.shares(code, then, day) for code in before.order}
            )
        return cls(before, after, _origins(then, day, lineage))

    def pieces(self, unit: str) -> BoundaryShares:
        """What of the other tree is this unit of the day, with all below it."""
        touched = {
            code for home in self.of_day.subtree(unit) for code in self._at_home.get(home, ())
        }
        parts = {
            code: self._part(code, unit)
            for code in sorted(touched, key=self.then.index.__getitem__)
        }
        whole: dict[str, bool] = {}
        for code in reversed(parts):
            below = self.then.children(code)
            whole[code] = parts[code] == WHOLE and all(whole.get(child, False) for child in below)
        found = [
            BoundaryShare(code, not whole[code], part)
            for code, part in parts.items()
            if part and not any(whole.get(above, False) for above in self.then.path(code)[1:])
        ]
        unsure = (
            Unsure(code, self._known_from(code)) for code, part in parts.items() if part is None
        )
        return BoundaryShares(tuple(found), tuple(unsure))

    @cached_property
    def _at_home(self) -> Mapping[str, list[str]]:
        """By unit of the day, the units of then that it carries on."""
        found: dict[str, list[str]] = {}
        for code, homes in self.homes.items():
            for home in homes:
                found.setdefault(home, []).append(code)
        return found

    def _part(self, code: str, unit: str) -> tuple[Fraction, Fraction] | tuple[()] | None:
        """Which part of what a unit itself sends belongs to another; None: some or all of it may."""
        homes = self.homes[code]
        inside = [home for home in homes if self.of_day.within(home, unit)]
        if not inside:
            return ()
        if len(inside) == len(homes):
            return WHOLE
        low, high = Fraction(0), Fraction(0)
        # In the order of the tree, what stands below one unit lies together.
        for home in sorted(homes, key=self.of_day.index.__getitem__):
            share = homes[home]
            if share is None:
                return None
            if home in inside:
                high += share
            elif not high:
                low += share
        return (low, low + high) if high else ()

    def _known_from(self, code: str) -> str | None:
        """The lowest unit of the day that holds all that a unit may be."""
        first, *others = (self.of_day.path(home) for home in self.homes[code])
        return next((above for above in first if all(above in path for path in others)), None)


def _origins(then: date, day: date, lineage: Lineage) -> dict[str, Shares]:
    """Going back: what came out of one unit alone was part of it; what came out of several could be of any.

    What was founded since is held with the unit above it.
    """
    came: dict[str, list[str]] = {}
    for old in lineage.trees.on(day).order:
        for new, share in lineage.shares(old, day, then).items():
            if share != 0:
                came.setdefault(new, []).append(old)
    homes: dict[str, Shares] = {}
    now = lineage.trees.on(then)
    for code in now.order:  # a unit comes after the one above it
        olds, parent = came.get(code, []), now.units[code].parent
        if olds:
            homes[code] = {olds[0]: Fraction(1)} if len(olds) == 1 else dict.fromkeys(olds)
        else:
            homes[code] = {} if parent is None else homes[parent]
    return homes


def _rounded(figure: Fraction) -> int:
    """To the nearest whole number, halves up."""
    return (2 * figure.numerator + figure.denominator) // (2 * figure.denominator)
