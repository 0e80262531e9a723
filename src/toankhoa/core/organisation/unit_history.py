"""What reforms did to one unit.

When it came to where it stands, where it went, and which reforms touch its sums.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from toankhoa.core.organisation.lineage import Lineage
from toankhoa.core.organisation.reforms import Change, Effect, Reform
from toankhoa.core.organisation.units import OrgTree, Tree, UnitVersion

_DAY = timedelta(days=1)
_NO_SUM = frozenset({Effect.RENAME, Effect.KIND})  # what a unit is called adds nothing up


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenure:
    """How long, within a span, a unit stood directly below another, or at all.

    `since`: None where it stood there before the span; `until`: its last day there, None where it
    stands there after it. `came_from`: the units that it was before, or below which it stood;
    `went_to`: those that carry it on, or below which it stands next. `began`, `ended`: whether it
    was not, or is not, any other unit's.
    """

    since: date | None = None
    until: date | None = None
    began: bool = False
    ended: bool = False
    came_from: tuple[str, ...] = ()
    went_to: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything changed within the span."""
        return self.since is not None or self.until is not None


def tenure(
    lineage: Lineage, unit: str, first: date, last: date, *, below: str | None = None
) -> Tenure:
    """A unit's stay from a first to a last day: where it stands, or directly `below` a unit.

    Where it left and came back, from the first time to the last.
    """
    versions = _versions(lineage, unit, first, last, below)
    if not versions:
        return Tenure()
    start = min(version.start for version in versions)
    end = max(version.end or date.max for version in versions)
    since = start if start > first else None
    until = end - _DAY if end <= last else None
    began, came_from = (False, ()) if since is None else _arrival(lineage, unit, since)
    ended, went_to = (False, ()) if until is None else _departure(lineage, unit, until, last)
    return Tenure(
        since=since, until=until, began=began, ended=ended, came_from=came_from, went_to=went_to
    )


def _versions(
    lineage: Lineage, unit: str, first: date, last: date, below: str | None
) -> list[UnitVersion]:
    """Versions of a unit in force within the span, below any unit or one of them."""
    versions = []
    for version in lineage.trees.unit_versions:
        there = version.code == unit and below in (None, version.parent)
        if there and version.start <= last and (version.end is None or version.end > first):
            versions.append(version)
    return versions


def _arrival(lineage: Lineage, unit: str, since: date) -> tuple[bool, tuple[str, ...]]:
    """Whether it began on that day, and what it was before or where it stood."""
    eve = lineage.trees.on(since - _DAY)
    if unit in eve:
        return False, _parent(eve, unit)
    olds = (link.old for link in lineage.links if (link.new, link.day) == (unit, since))
    return True, tuple(olds)


def _departure(
    lineage: Lineage, unit: str, until: date, last: date
) -> tuple[bool, tuple[str, ...]]:
    """Whether it ended on that day, and who carries it on or where it stands next."""
    tree = lineage.trees.on(until + _DAY)
    if unit in tree:
        return False, _parent(tree, unit)
    return True, lineage.heirs(unit, last)


def _parent(tree: Tree, unit: str) -> tuple[str, ...]:
    parent = tree.units[unit].parent
    return () if parent is None else (parent,)


def touches(reform: Reform, unit: str, trees: OrgTree, reporting: Collection[str]) -> bool:
    """Whether a reform changes what adds up to a unit's figure: what is below it or part of it.

    Neither new names and kinds do, nor that it moves with all below it, nor what becomes of units
    at which, and below which, nobody is of a level that reports the figure (`reporting`).
    """
    eve, day = trees.on(reform.day - _DAY), trees.on(reform.day)
    here = _reporting_below(eve, unit, reporting) | _reporting_below(day, unit, reporting)
    levels = {eve.units[code].level for code in here if code in eve}
    return any(_changes(change, unit, here, levels) for change in reform.changes)


def _reporting_below(tree: Tree, unit: str, reporting: Collection[str]) -> set[str]:
    if unit not in tree:
        return set()
    codes = set()
    for code in tree.subtree(unit):
        if any(tree.count(level, code) for level in reporting):
            codes.add(code)
    return codes


def _changes(change: Change, unit: str, here: set[str], levels: set[str]) -> bool:
    if change.effect in _NO_SUM:
        return False
    named = {*change.units, *(part.code for part in change.parts)}
    if change.effect is Effect.MOVE:
        named.discard(unit)
    return change.level in levels or not here.isdisjoint(named)
