"""Who carries on what a unit was, on any later day."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property

from toankhoa.core.organisation.units import OrgTree, UnitVersion

Shares = Mapping[str, Fraction | None]  # by unit; None: a part, and nobody knows how much


@dataclass(frozen=True, slots=True)
class SuccessionLink:
    """`new` carries on this share of what `old` was until the day before `day`; None: nobody knows how much."""

    old: str
    new: str
    day: date
    share: Fraction | None


Passings = tuple[
    SuccessionLink, ...
]  # all that one unit passes on in one change: together the whole


class Lineage:
    """What passed from which unit to which, in the order it happened."""

    def __init__(self, trees: OrgTree, passed: Iterable[Passings] = ()) -> None:
        self.trees = trees
        self.passed = tuple(passed)
        self._days = [passings[0].day for passings in self.passed]
        self._of: dict[str, list[int]] = {}
        for place, passings in enumerate(self.passed):
            self._of.setdefault(passings[0].old, []).append(place)
        self._forebears: dict[tuple[date, int], dict[str, tuple[str, ...]]] = {}

    @property
    def passings(self) -> tuple[SuccessionLink, ...]:
        """All of them in one row."""
        return tuple(passing for passings in self.passed for passing in passings)

    @cached_property
    def last(self) -> Mapping[str, UnitVersion]:
        """The last placement of each unit that ever stood: what one that ended was called."""
        last: dict[str, UnitVersion] = {}
        for unit_version in self.trees.unit_versions:
            if unit_version.code not in last or last[unit_version.code].start < unit_version.start:
                last[unit_version.code] = unit_version
        return last

    def epoch(self, day: date) -> tuple[date, int]:
        """The same for two days between which nothing changed: no unit, and no part of one that passed to another."""
        return self.trees.since(day), bisect_right(self._days, day)

    def shares(self, code: str, since: date, day: date) -> Shares:
        """What became of a unit as it stood on `since`: how much of it each unit standing on `day` carries on.

        Known shares of one unit add up to 1. Empty where `day` is before the unit began, or nobody is left.
        """
        return self._shares(code, bisect_right(self._days, since), day)

    def _shares(self, code: str, first: int, day: date) -> Shares:
        for place in self._of.get(code, ()):
            if place >= first and self.passed[place][0].day <= day:
                parts = [
                    (each.share, self._shares(each.new, place + 1, day))
                    for each in self.passed[place]
                ]
                return {
                    heir: _sum(heir, parts)
                    for heir in dict.fromkeys(heir for _, heirs in parts for heir in heirs)
                }
        if code in self.trees.on(day):
            return {code: Fraction(1)}
        return self._above(code, day)

    def _above(self, code: str, day: date) -> Shares:
        """A unit that ended and passed on nothing is carried on by its parent of its last day."""
        last = self.last.get(code)
        if last is None or last.end is None or last.end > day or last.parent is None:
            return {}
        return self.shares(last.parent, last.end - timedelta(days=1), day)

    def heirs(self, code: str, day: date) -> tuple[str, ...]:
        """Units standing on `day` that carry a unit on: itself where it stands, else through all that passed since."""
        if code in self.trees.on(day):
            return (code,)
        last = self.last.get(code)
        if last is None or last.end is None or last.end > day:
            return ()
        return tuple(self.shares(code, last.end - timedelta(days=1), day))

    def forebears(self, code: str, day: date) -> tuple[str, ...]:
        """Units no longer standing on `day` whose heirs include the unit, by code."""
        epoch = self.epoch(day)
        if epoch not in self._forebears:
            found: dict[str, list[str]] = {}
            for old in sorted(self.last):
                for heir in self.heirs(old, day):
                    if heir != old:
                        found.setdefault(heir, []).append(old)
            self._forebears[epoch] = {heir: tuple(olds) for heir, olds in found.items()}
        return self._forebears[epoch].get(code, ())


def _sum(heir: str, parts: list[tuple[Fraction | None, Shares]]) -> Fraction | None:
    """The heir's share over all parts. Where it has the same of every part, it does not matter how large they are."""
    of_each = [heirs.get(heir, Fraction(0)) for _, heirs in parts]
    if len(set(of_each)) == 1:
        return of_each[0]
    total = Fraction(0)
    for (share, _), each in zip(parts, of_each, strict=True):
        if share is None or each is None:
            return None
        total += share * each
    return total
