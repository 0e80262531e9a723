"""The organisation in time: who stands under whom, on a day."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitVersion:
    """A unit's name, kind, level and parent from `start` until the day before `end` (None: still).

    Codes are stable, names are not: a name can be used again by another code.
    """

    code: str
    name: str
    kind: str
    level: str
    parent: str | None
    start: date
    end: date | None = None

    def holds(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.start <= day and (self.end is None or day < self.end)


class Tree:
    """The tree of one day, in pre-order: a subtree is a slice, a parent's sum one subtraction.

    Depth 0 is the root. Any depth is allowed. Raises ValueError for a unit placed twice, a parent
    that is not there or a circle.
    """

    def __init__(self, unit_versions: Iterable[UnitVersion]) -> None:
        listed = tuple(unit_versions)
        self.units: Mapping[str, UnitVersion] = {version.code: version for version in listed}
        if len(self.units) != len(listed):
            raise ValueError("a unit is placed twice on that day")
        self._below = _children(self.units)
        order: list[str] = []
        end: dict[str, int] = {}
        self._walk(None, order, end)
        if len(order) != len(self.units):
            raise ValueError("units stand in a circle")
        self.order = tuple(order)
        self.index = {code: place for place, code in enumerate(order)}
        self._end = end

    def _walk(self, parent: str | None, order: list[str], end: dict[str, int]) -> None:
        for code in self._below.get(parent, ()):
            order.append(code)
            self._walk(code, order, end)
            end[code] = len(order)

    def __contains__(self, code: str) -> bool:
        return code in self.units

    @property
    def roots(self) -> tuple[str, ...]:
        """Units without a parent."""
        return tuple(self._below.get(None, ()))

    def children(self, code: str) -> tuple[str, ...]:
        """Units directly below."""
        return tuple(self._below.get(code, ()))

    def path(self, code: str) -> tuple[str, ...]:
        """The unit itself, then every unit above it, up to the root."""
        steps = [code]
        while (parent := self.units[steps[-1]].parent) is not None:
            steps.append(parent)
        return tuple(steps)

    def depth(self, code: str) -> int:
        """How many units stand above."""
        return len(self.path(code)) - 1

    @cached_property
    def deepest(self) -> int:
        """The greatest depth in the tree."""
        return max(map(self.depth, self.order), default=0)

    def span(self, code: str) -> tuple[int, int]:
        """The slice of `order` that holds the unit and all below it."""
        return self.index[code], self._end[code]

    @cached_property
    def ends(self) -> tuple[int, ...]:
        """Where the slice of each unit ends, in the order of `order`."""
        return tuple(self._end[code] for code in self.order)

    def subtree(self, code: str) -> tuple[str, ...]:
        """The unit and all below it."""
        start, end = self.span(code)
        return self.order[start:end]

    def within(self, code: str, ancestor: str) -> bool:
        """Whether a unit is the ancestor itself or below it; False where one is not in the tree."""
        if code not in self or ancestor not in self:
            return False
        start, end = self.span(ancestor)
        return start <= self.index[code] < end

    def lowest_holding(self, codes: Iterable[str]) -> str | None:
        """The lowest unit at or below which all of these stand; None where no unit holds them."""
        holders: list[str] = []  # of those looked at so far, the lowest first
        for number, code in enumerate(codes):
            path = self.path(code)
            holders = [above for above in path if number == 0 or above in holders]
        return holders[0] if holders else None

    @cached_property
    def _level_counts(self) -> dict[str, dict[str, int]]:
        counts: dict[str, dict[str, int]] = {}
        for code in self.order:  # a unit comes after those above it
            counts[code] = {}
            level = self.units[code].level
            for above in self.path(code):
                counts[above][level] = counts[above].get(level, 0) + 1
        return counts

    def counts(self, code: str) -> Mapping[str, int]:
        """How many units of each level stand at or below a unit, by the code of the level."""
        return self._level_counts[code]

    def count(self, level: str, code: str) -> int:
        """How many units of a level stand at or below a unit: the denominator units(level)."""
        return self._level_counts[code].get(level, 0)


def _children(units: Mapping[str, UnitVersion]) -> dict[str | None, list[str]]:
    """Codes of the units directly below each one, and below none (None), in order of code."""
    below: dict[str | None, list[str]] = {}
    for code in sorted(units):
        parent = units[code].parent
        if parent is not None and parent not in units:
            raise ValueError(f"unit {code} stands under {parent}, which does not exist on that day")
        below.setdefault(parent, []).append(code)
    return below


class OrgTree:
    """All unit versions ever; `on(day)` is the tree of that day."""

    def __init__(self, unit_versions: Iterable[UnitVersion]) -> None:
        self.unit_versions = tuple(unit_versions)
        days = set[date]()
        for version in self.unit_versions:
            days.add(version.start)
            if version.end is not None:
                days.add(version.end)
        self._changes = sorted(days)
        self._trees: dict[date, Tree] = {}

    def since(self, day: date) -> date:
        """The day of the last change by then: since that day nothing has changed."""
        place = bisect_right(self._changes, day)
        return self._changes[place - 1] if place else date.min

    def on(self, day: date) -> Tree:
        """The tree as it stood on a day; days between two changes share one tree."""
        since = self.since(day)
        if since not in self._trees:
            self._trees[since] = Tree(
                version for version in self.unit_versions if version.holds(day)
            )
        return self._trees[since]

    def last_day(self, code: str, day: date) -> date | None:
        """The last day, by a given one, on which a unit stood; None before it began.

        That day itself while the unit stands.
        """
        if code in self.on(day):
            return day
        last = date.min
        for version in self.unit_versions:
            if version.code == code and version.end is not None and version.end <= day:
                last = max(last, version.end)
        return None if last == date.min else last - timedelta(days=1)


def ranks(unit_versions: tuple[UnitVersion, ...]) -> frozenset[tuple[str, str]]:
    """Which level is above which, as units have ever stood: pairs (higher, lower).

    What is above a level is above all that is below it, though no unit may ever have stood so.
    Levels that stood both ways are not ranked.
    """
    levels = {version.code: version.level for version in unit_versions}
    pairs = set[tuple[str, str]]()
    for version in unit_versions:
        if version.parent in levels:
            pairs.add((levels[version.parent], version.level))
    while further := _two_steps(pairs) - pairs:
        pairs |= further
    return frozenset((high, low) for high, low in pairs if (low, high) not in pairs)


def _two_steps(pairs: set[tuple[str, str]]) -> set[tuple[str, str]]:
    reached = set[tuple[str, str]]()
    for high, middle in pairs:
        reached |= {(high, low) for above, low in pairs if above == middle}
    return reached
