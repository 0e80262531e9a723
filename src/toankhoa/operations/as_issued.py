"""An issued decision as it was signed, and beside it what has become of its units and their parts since."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

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
    """The sheet of the moment it was issued: units, names, figures and plan as they were known then.

    Only `whole_now` is of today: what the unit must reach as the plan stands.
    """
    moment = allocation.issued_at
    then = replace(by, organisation=organisation(moment), today=localdate(moment), as_of=moment)
    signed = allocation_sheet(
        allocation=allocation, by=then, ledger=ledger(then.organisation, moment)
    )
    living, years = living_plan(unit=by.unit, by=by), {each.column.year for each in signed.columns}
    below = Below(
        unit=by.unit, years=years, today=by.today, ledger=ledger(by.organisation, by.as_of)
    )
    now = [as_planned(living, each.column, each.indicator, below)[2] for each in signed.columns]
    columns = [
        replace(each, whole_now=whole) for each, whole in zip(signed.columns, now, strict=True)
    ]
    return replace(signed, columns=tuple(columns))


@dataclass(frozen=True, kw_only=True)
class Became:
    """What has become of a unit that a decision reached.

    `heirs`: those that carry it on today, itself first while it stands; `since`: the day from which others do, None
    where none do; `joined`: units of the decision that it takes in today; `under`: the unit below which it came to
    stand; `levels`: what its heirs must reach today, by column, for years that were not over on that day.
    """

    was: UnitVersion
    heirs: tuple[UnitVersion, ...]
    since: date | None = None
    joined: tuple[UnitVersion, ...] = ()
    under: UnitVersion | None = None
    levels: Mapping[Key, tuple[tuple[UnitVersion, TargetInForce | None], ...]] = field(
        default_factory=dict
    )

    @property
    def stands(self) -> UnitVersion | None:
        """The unit itself as it is placed today; None where it has ended."""
        return next((heir for heir in self.heirs if heir.code == self.was.code), None)

    @property
    def renamed(self) -> bool:
        """Whether it stands under another name."""
        return self.stands is not None and self.stands.name != self.was.name

    @property
    def changed(self) -> bool:
        """Whether anything has become of it."""
        return self.since is not None or self.renamed or bool(self.joined) or self.under is not None


def became(*, shown: AllocationSheet, by: Actor) -> dict[str, Became]:
    """What has become of the units of an issued decision, by code; those of which nothing has are left out. One query
    for the levels of all that carry others on."""
    tree, was = by.tree, {unit.code: unit for unit in shown.units}
    parted = _parted(shown.allocation, by)
    heirs = {code: _heirs(code, parted, by) for code in was}
    taken: dict[str, list[UnitVersion]] = {}
    for code, carried_by in heirs.items():
        for heir in carried_by:
            if heir != code:
                taken.setdefault(heir, []).append(was[code])
    found = []
    for code, unit in was.items():
        now = tree.units.get(code)
        moved = now is not None and now.parent != unit.parent and now.parent is not None
        one = Became(
            was=unit,
            heirs=tuple(tree.units[heir] for heir in heirs[code]),
            since=None if heirs[code] == (code,) else _since(code, parted, by),
            joined=tuple(taken.get(code, ())),
            under=tree.units[now.parent] if moved else None,
        )
        found.append(one)
    return _with_levels(
        [one for one in found if one.changed], [each.column for each in shown.columns], by
    )


def _parted(decision: Allocation, by: Actor) -> dict[str, tuple[date, tuple[str, ...]]]:
    """Units of which something has passed to others since: the first day, and to whom. What was not known when it was
    issued came after it, whatever its day."""
    known = {*organisation(decision.issued_at).lineage.links}
    found: dict[str, tuple[date, tuple[str, ...]]] = {}
    for each in by.organisation.lineage.links:
        if each not in known and each.day <= by.today:
            day, others = found.get(each.old, (each.day, ()))
            found[each.old] = day, (*others, each.new)
    return found


def _heirs(
    code: str, parted: Mapping[str, tuple[date, tuple[str, ...]]], by: Actor
) -> tuple[str, ...]:
    if code not in by.tree:
        return by.organisation.heirs(code, by.today)
    others = [new for new in parted.get(code, (None, ()))[1] if new != code]
    further = [heir for new in others for heir in by.organisation.heirs(new, by.today)]
    return tuple(dict.fromkeys([code, *further]))


def _since(code: str, parted: Mapping[str, tuple[date, tuple[str, ...]]], by: Actor) -> date | None:
    """The day from which others carry a unit on."""
    if code in parted:
        return parted[code][0]
    last = by.organisation.trees.last_day(code, by.today)
    return last and last + timedelta(days=1)


def _with_levels(
    found: Collection[Became], columns: Collection[Column], by: Actor
) -> dict[str, Became]:
    """With what the heirs must reach that stand below the one that decided."""
    below = {*by.tree.subtree(by.unit)[1:]}
    heirs = {heir.code for one in found if one.since for heir in one.heirs if heir.code in below}
    keys = {(column.row, column.indicator, column.year): column for column in columns}
    years = {column.year for column in columns}
    asked = {"organisation": by.organisation, "years": years, "day": by.today, "as_of": by.as_of}
    now = targets_in_force.all_in_force(heirs, **asked) if heirs else {}
    return {
        one.was.code: replace(
            one,
            levels={
                key: tuple(
                    (heir, now[heir.code].get(key)) for heir in one.heirs if heir.code in now
                )
                for key, column in keys.items()
                if one.since
                and one.since <= date(column.year, 12, 31)
                and column.parts.get(one.was.code) is not None
            },
        )
        for one in found
    }
