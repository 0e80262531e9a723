"""What reforms did to one unit: when it came to where it stands, where it went, and which of them touch its sums."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from toankhoa.core.organisation.lineage import Lineage
from toankhoa.core.organisation.reforms import Change, Effect, Reform
from toankhoa.core.organisation.units import OrgTree, Tree

_DAY = timedelta(days=1)
_NO_SUM = frozenset(
    {Effect.RENAME, Effect.KIND}
)  # what a unit is called changes nothing that adds up


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenure:
    """How long, in a span, a unit stood directly below another, or at all; None: since before it, until after it.

    `until`: its last day there. `came_from`: the units that it was before, or below which it stood; `went_to`: those
    that carry it on, or below which it stands next. `began`, `ended`: whether it was not, or is not, any other unit's.
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
    """A unit's stay from a first to a last day: where it stands, or directly `below` a unit (at times, where it left
    and came back).
    """
    days = [
        (each.start, each.end)
        for each in lineage.trees.unit_versions
        if each.code == unit
        and below in (None, each.parent)
        and each.start <= last
        and not _over(each.end, first)
    ]
    if not days:
        return Tenure()
    start, end = min(start for start, _ in days), max((end or date.max for _, end in days))
    since, until = (start if start > first else None), (end - _DAY if end <= last else None)
    stood_before = since is not None and unit in lineage.trees.on(since - _DAY)
    goes_on = until is not None and unit in lineage.trees.on(until + _DAY)
    return Tenure(
        since=since,
        until=until,
        began=since is not None and not stood_before,
        ended=until is not None and not goes_on,
        came_from=() if since is None else _before(lineage, unit, since, stood_before=stood_before),
        went_to=() if until is None else _after(lineage, unit, until, last, goes_on=goes_on),
    )


def _over(end: date | None, day: date) -> bool:
    return end is not None and end <= day


def _before(lineage: Lineage, unit: str, since: date, *, stood_before: bool) -> tuple[str, ...]:
    if not stood_before:
        return tuple(
            passing.old
            for passing in lineage.passings
            if (passing.new, passing.day) == (unit, since)
        )
    parent = lineage.trees.on(since - _DAY).units[unit].parent
    return () if parent is None else (parent,)


def _after(
    lineage: Lineage, unit: str, until: date, last: date, *, goes_on: bool
) -> tuple[str, ...]:
    if not goes_on:
        return lineage.heirs(unit, last)
    parent = lineage.trees.on(until + _DAY).units[unit].parent
    return () if parent is None else (parent,)


def touches(reform: Reform, unit: str, trees: OrgTree, reporting: Collection[str]) -> bool:
    """Whether a reform changes what adds up to a unit's figure: what stands below it, or what it consists of.

    Neither new names and kinds do, nor that it moves with all below it, nor what becomes of units at which, and below
    which, nobody is of a level that reports the figure (`reporting`).
    """
    eve, day = trees.on(reform.day - _DAY), trees.on(reform.day)
    here = _below(eve, unit, reporting) | _below(day, unit, reporting)
    levels = {eve.units[code].level for code in here if code in eve}
    return any(_changes(change, unit, here, levels) for change in reform.changes)


def _below(tree: Tree, unit: str, reporting: Collection[str]) -> set[str]:
    every = tree.subtree(unit) if unit in tree else ()
    return {code for code in every if any(tree.count(level, code) for level in reporting)}


def _changes(change: Change, unit: str, here: set[str], levels: set[str]) -> bool:
    if change.effect in _NO_SUM:
        return False
    named = {*change.units, *(part.code for part in change.parts)}
    if change.effect is Effect.MOVE:
        named.discard(unit)
    return change.level in levels or not here.isdisjoint(named)
