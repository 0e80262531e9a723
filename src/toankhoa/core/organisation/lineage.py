"""Who carries on what a unit was, on any later day.

docs/arithmetic.md, "Units that change", shows heirs, forebears and shares on an example.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property

from toankhoa.core.organisation.units import OrgTree, Tree, UnitVersion

Shares = Mapping[str, Fraction | None]  # by unit; None: a part, and nobody knows how much


@dataclass(frozen=True, slots=True)
class SuccessionLink:
    """`new` carries on this share of what `old` was until the day before `day`; None: not known."""

    old: str
    new: str
    day: date
    share: Fraction | None


# All links from one unit in one change: together its whole.
Succession = tuple[SuccessionLink, ...]


class Lineage:
    """Which unit succeeded which, in the order it happened."""

    def __init__(self, trees: OrgTree, successions: Iterable[Succession] = ()) -> None:
        self.trees = trees
        self.successions = tuple(successions)
        self._days: list[date] = []  # of each succession
        self._places: dict[str, list[int]] = {}  # by unit, those in which it is succeeded
        for place, succession in enumerate(self.successions):
            self._days.append(succession[0].day)
            self._places.setdefault(succession[0].old, []).append(place)
        self._forebears: dict[tuple[date, int], dict[str, list[str]]] = {}

    @cached_property
    def links(self) -> tuple[SuccessionLink, ...]:
        """The links of all successions in one row."""
        links: list[SuccessionLink] = []
        for succession in self.successions:
            links += succession
        return tuple(links)

    def successions_between(self, eve: date, day: date) -> tuple[Succession, ...]:
        """Those after one day, until another one and on it."""
        return self.successions[bisect_right(self._days, eve) : bisect_right(self._days, day)]

    @cached_property
    def last(self) -> Mapping[str, UnitVersion]:
        """The last version of each unit that ever stood: what one that ended was called."""
        last: dict[str, UnitVersion] = {}
        for version in self.trees.unit_versions:
            if version.code not in last or last[version.code].start < version.start:
                last[version.code] = version
        return last

    def epoch(self, day: date) -> tuple[date, int]:
        """The same for two days between which nothing changed: no unit, and no succession."""
        return self.trees.since(day), bisect_right(self._days, day)

    def shares(self, code: str, since: date, day: date) -> Shares:
        """What became of a unit as it stood on `since`: how much of it each unit of `day` is.

        Known shares of one unit add up to 1. Empty where `day` is before the unit began, or nobody
        is left.
        """
        return self._shares(code, bisect_right(self._days, since), day)

    def _shares(self, code: str, first: int, day: date) -> Shares:
        """`first`: the place of the first succession that comes after the unit was so."""
        for place in self._places.get(code, ()):
            if place >= first and self.successions[place][0].day <= day:
                return self._shares_through(place, day)
        if code in self.trees.on(day):
            return {code: Fraction(1)}
        return self._shares_of_parent(code, day)

    def _shares_through(self, place: int, day: date) -> Shares:
        """What became of a unit by way of those that succeeded it."""
        parts: list[tuple[Fraction | None, Shares]] = []
        heirs: dict[str, None] = {}  # each once, in the order met
        for link in self.successions[place]:
            shares = self._shares(link.new, place + 1, day)
            parts.append((link.share, shares))
            heirs |= dict.fromkeys(shares)
        return {heir: _share_over_parts(heir, parts) for heir in heirs}

    def _shares_of_parent(self, code: str, day: date) -> Shares:
        """A unit that ended without succession is carried on by its parent of its last day."""
        last = self.last.get(code)
        if last is None or last.end is None or last.end > day or last.parent is None:
            return {}
        return self.shares(last.parent, last.end - timedelta(days=1), day)

    def heirs(self, code: str, day: date) -> tuple[str, ...]:
        """Units of a day that carry a unit on: itself where it stands, else those after it."""
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
            self._forebears[epoch] = self._all_forebears(day)
        return tuple(self._forebears[epoch].get(code, ()))

    def _all_forebears(self, day: date) -> dict[str, list[str]]:
        forebears: dict[str, list[str]] = {}
        for old in sorted(self.last):
            for heir in self.heirs(old, day):
                if heir != old:
                    forebears.setdefault(heir, []).append(old)
        return forebears


def end_to_end(shares: Shares, tree: Tree) -> Iterator[tuple[str, Fraction, Fraction]]:
    """Known shares laid end to end on the line from 0 to 1, in the order of the tree.

    Each unit that has some of it with the beginning and the end of its stretch: so figures are
    divided everywhere (docs/arithmetic.md, "On the boundaries of another day").
    """
    low = Fraction(0)
    for unit in sorted(shares, key=tree.index.__getitem__):
        if share := shares[unit]:
            yield unit, low, low + share
            low += share


def _share_over_parts(heir: str, parts: list[tuple[Fraction | None, Shares]]) -> Fraction | None:
    """What an heir has of a unit whose parts, each so large, were carried on so.

    Where it has the same of every part, it does not matter how large they are: who has all the
    parts of an undeclared split has the whole.
    """
    of_each = [shares.get(heir, Fraction(0)) for _, shares in parts]
    if len(set(of_each)) == 1:
        return of_each[0]
    total = Fraction(0)
    for (size, _), share in zip(parts, of_each, strict=True):
        if size is None or share is None:
            return None
        total += size * share
    return total
