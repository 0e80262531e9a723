"""An issued decision as it was signed, and what has become of its units and their parts since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from django.utils.timezone import localdate

from toankhoa.core.organisation import UnitVersion
from toankhoa.core.targets import Column
from toankhoa.operations.allocation_sheet import (
    AllocationSheet,
    Below,
    allocation_sheet,
    as_planned,
)
from toankhoa.operations.living_plan import living_plan
from toankhoa.operations.measuring import ledger
from toankhoa.org.organisation import organisation
from toankhoa.org.scope import Actor
from toankhoa.plan import targets_in_force
from toankhoa.plan.models import Allocation
from toankhoa.plan.targets_in_force import Key, TargetInForce


def as_issued(*, allocation: Allocation, by: Actor) -> AllocationSheet:
    """The sheet of the moment it was issued: units, names, figures and plan as known then.

    Only `whole_now` is of today: what the unit must reach by the plan of today.
    """
    moment = _issue_moment(allocation)
    then = replace(by, organisation=organisation(moment), today=localdate(moment), as_of=moment)
    signed = allocation_sheet(
        allocation=allocation, by=then, ledger=ledger(then.organisation, moment)
    )
    living = living_plan(unit=by.unit, by=by)
    below = Below(
        unit=by.unit,
        years={shown.column.year for shown in signed.columns},
        today=by.today,
        ledger=ledger(by.organisation, by.as_of),
    )
    columns = []
    for shown in signed.columns:
        planned = as_planned(living, shown.column, shown.indicator, below)
        columns.append(replace(shown, whole_now=planned.whole))
    return replace(signed, columns=tuple(columns))


def _issue_moment(allocation: Allocation) -> datetime:
    assert allocation.issued_at is not None  # only a draft has none
    return allocation.issued_at


HeirTargets = tuple[tuple[UnitVersion, TargetInForce | None], ...]


@dataclass(frozen=True, kw_only=True)
class UnitSince:
    """What has become of a unit since a decision reached it.

    `heirs`: the units that it is today, itself first while it is there; `since`: the day from which
    others are, None where none are; `joined`: units of the decision that it takes in today;
    `under`: the unit below which it came; `targets`: what its heirs must reach today, by column,
    for years that were not over on that day.
    """

    was: UnitVersion
    heirs: tuple[UnitVersion, ...]
    since: date | None = None
    joined: tuple[UnitVersion, ...] = ()
    under: UnitVersion | None = None
    targets: Mapping[Key, HeirTargets] = field(default_factory=dict)

    @property
    def now(self) -> UnitVersion | None:
        """The unit itself as it is today; None where it has ended."""
        for heir in self.heirs:
            if heir.code == self.was.code:
                return heir
        return None

    @property
    def renamed(self) -> bool:
        """Whether it has another name."""
        return self.now is not None and self.now.name != self.was.name

    @property
    def changed(self) -> bool:
        """Whether anything has become of it."""
        return self.since is not None or self.renamed or bool(self.joined) or self.under is not None


def units_since(*, shown: AllocationSheet, by: Actor) -> dict[str, UnitSince]:
    """What has become of the units of an issued decision, by code.

    Those of which nothing has are left out. One query for the targets of all heirs.
    """
    partings = _partings(shown.allocation, by)
    heirs = {unit.code: _heirs(unit.code, partings, by) for unit in shown.units}
    joined = _joined(shown.units, heirs)
    changed = []
    for unit in shown.units:
        codes = heirs[unit.code]
        became = UnitSince(
            was=unit,
            heirs=tuple(by.tree.units[heir] for heir in codes),
            since=_since(unit.code, codes, partings, by),
            joined=tuple(joined.get(unit.code, ())),
            under=_moved_below(unit, by),
        )
        if became.changed:
            changed.append(became)
    columns = [column.column for column in shown.columns]
    return _with_targets(changed, columns, by)


@dataclass(frozen=True)
class _Parting:
    """The first day on which a part of a unit passed to others, and all of these by code."""

    day: date
    takers: tuple[str, ...]


def _partings(decision: Allocation, by: Actor) -> dict[str, _Parting]:
    """Units of which something has passed to others since a decision, by code.

    What was not known when it was issued came after it, whatever its day: a reform of 1 July that
    was entered on 9 July is news to a decision of 5 July.
    """
    known = set(organisation(_issue_moment(decision)).lineage.links)
    partings: dict[str, _Parting] = {}
    for link in by.organisation.lineage.links:
        if link in known or link.day > by.today:
            continue
        earlier = partings.get(link.old, _Parting(link.day, ()))
        partings[link.old] = _Parting(earlier.day, (*earlier.takers, link.new))
    return partings


def _heirs(code: str, partings: Mapping[str, _Parting], by: Actor) -> tuple[str, ...]:
    """The unit itself while it is there, and those to which parts of it have passed."""
    if code not in by.tree:
        return by.organisation.heirs(code, by.today)
    heirs = [code]
    if code in partings:
        for taker in partings[code].takers:
            if taker != code:
                heirs.extend(by.organisation.heirs(taker, by.today))
    return tuple(dict.fromkeys(heirs))


def _joined(
    units: Sequence[UnitVersion], heirs: Mapping[str, tuple[str, ...]]
) -> dict[str, list[UnitVersion]]:
    """By code of an heir the other units that it takes in."""
    joined: dict[str, list[UnitVersion]] = {}
    for unit in units:
        for heir in heirs[unit.code]:
            if heir != unit.code:
                joined.setdefault(heir, []).append(unit)
    return joined


def _moved_below(unit: UnitVersion, by: Actor) -> UnitVersion | None:
    """The unit below which one came to be; None where it is where it was, at the top, or ended."""
    now = by.tree.units.get(unit.code)
    if now is None or now.parent is None or now.parent == unit.parent:
        return None
    return by.tree.units[now.parent]


def _since(
    code: str, heirs: tuple[str, ...], partings: Mapping[str, _Parting], by: Actor
) -> date | None:
    """The day from which others are a unit's heirs; None where it is its only one."""
    if heirs == (code,):
        return None
    if code in partings:
        return partings[code].day
    last = by.organisation.trees.last_day(code, by.today)
    return last and last + timedelta(days=1)


def _with_targets(
    changed: Sequence[UnitSince], columns: Sequence[Column], by: Actor
) -> dict[str, UnitSince]:
    """With what the heirs must reach that are below the unit that decided."""
    below = {*by.tree.subtree(by.unit)[1:]}
    heirs: set[str] = set()
    for became in changed:
        if became.since:
            heirs.update(heir.code for heir in became.heirs if heir.code in below)
    targets: dict[str, dict[Key, TargetInForce]] = {}
    if heirs:
        targets = targets_in_force.all_in_force(
            heirs,
            organisation=by.organisation,
            years={column.year for column in columns},
            day=by.today,
            as_of=by.as_of,
        )
    return {
        became.was.code: replace(became, targets=_targets_of(became, columns, targets))
        for became in changed
    }


def _targets_of(
    became: UnitSince, columns: Sequence[Column], targets: Mapping[str, Mapping[Key, TargetInForce]]
) -> dict[Key, HeirTargets]:
    """By column what each heir must reach, where the unit had a part and the year was not over."""
    by_column: dict[Key, HeirTargets] = {}
    for column in columns:
        had_part = column.parts.get(became.was.code) is not None
        if had_part and became.since and became.since <= date(column.year, 12, 31):
            key = column.row, column.indicator, column.year
            by_column[key] = tuple(
                (heir, targets[heir.code].get(key)) for heir in became.heirs if heir.code in targets
            )
    return by_column
