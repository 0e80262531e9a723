"""The organisation in time: who stands under whom, on a day."""

from __future__ import annotations

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
    """The tree of one day, in pre-order: a subtree is a slice, so a parent's sum is one subtraction.

    Depth 0 is the root. Any depth is allowed. Raises ValueError for a unit placed twice, a parent that is not there or
    a circle.
    """

    def __init__(self, unit_versions: Iterable[UnitVersion]) -> None:
        listed = tuple(unit_versions)
        self.units: Mapping[str, UnitVersion] = {
            unit_version.code: unit_version for unit_version in listed
        }
        if len(self.units) != len(listed):
            raise ValueError("a unit is placed twice on that day")
        below: dict[str | None, list[str]] = {}
        for code in sorted(self.units):
            parent = self.units[code].parent
            if parent is not None and parent not in self.units:
                raise ValueError(
                    f"unit {code} stands under {parent}, which does not exist on that day"
                )
            below.setdefault(parent, []).append(code)
        self._below = below
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
        return max((self.depth(code) for code in self.order), default=0)

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
        """Whether a unit is the ancestor itself or stands below it; False where either is not in the tree."""
        if code not in self or ancestor not in self:
            return False
        start, end = self.span(ancestor)
        return start <= self.index[code] < end

    @cached_property
    def _level_counts(self) -> dict[str, dict[str, int]]:
        counts: dict[str, dict[str, int]] = {code: {} for code in self.order}
        for code in self.order:
            level = self.units[code].level
            for above in self.path(code):
                counts[above][level] = counts[above].get(level, 0) + 1
        return counts

    def counts(self, code: str) -> Mapping[str, int]:
        """How many units of each level stand at or below a unit, by the code of the level."""
        return self._level_counts[code]

    def count(self, level: str, code: str) -> int:
        """How many units of a level stand at or below a unit: the built-in denominator units(level)."""
        return self._level_counts[code].get(level, 0)


class OrgTree:
    """All placements ever; `on(day)` is the tree of that day."""

    def __init__(self, unit_versions: Iterable[UnitVersion]) -> None:
        self.unit_versions = tuple(unit_versions)
        self._changes = sorted(
            {p.start for p in self.unit_versions}
            | {p.end for p in self.unit_versions if p.end is not None}
        )
        self._trees: dict[date, Tree] = {}

    def since(self, day: date) -> date:
        """The day of the last change by then: since that day nothing has changed."""
        return max((change for change in self._changes if change <= day), default=date.min)

    def on(self, day: date) -> Tree:
        """The tree as it stood on a day; days between two changes share one tree."""
        since = self.since(day)
        if since not in self._trees:
            self._trees[since] = Tree(p for p in self.unit_versions if p.holds(day))
        return self._trees[since]

    def last_day(self, code: str, day: date) -> date | None:
        """The last day, by a given one, on which a unit stood: that day itself while it does; None before it began."""
        if code in self.on(day):
            return day
        ends = (
            each.end
            for each in self.unit_versions
            if each.code == code and each.end is not None and each.end <= day
        )
        return max((end - timedelta(days=1) for end in ends), default=None)


def ranks(unit_versions: tuple[UnitVersion, ...]) -> frozenset[tuple[str, str]]:
    """Which level is above which, as units have ever stood: pairs (higher, lower), never both ways."""
    levels = {unit_version.code: unit_version.level for unit_version in unit_versions}
    found = {(levels[each.parent], each.level) for each in unit_versions if each.parent in levels}
    while (
        more := {(high, low) for high, middle in found for other, low in found if other == middle}
        - found
    ):
        found |= more
    return frozenset((high, low) for high, low in found if (low, high) not in found)
