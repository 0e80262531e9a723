"""What decisions ask of a unit, as the readings of its plan take it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from toankhoa.core.organisation import Tree
from toankhoa.core.targets import CascadedTarget, Column, Required, required_of
from toankhoa.org.organisation import Organisation
from toankhoa.plan import targets_in_force
from toankhoa.plan.models import Allocation
from toankhoa.plan.targets_in_force import Key, TargetInForce


def cascaded_targets(
    unit: str,
    *,
    organisation: Organisation,
    years: Collection[int],
    today: date,
    as_of: datetime | None = None,
) -> dict[Key, CascadedTarget]:
    """By row, indicator and year; see `plan.targets_in_force.in_force`. One query."""
    found = targets_in_force.in_force(
        unit, organisation=organisation, years=years, day=today, as_of=as_of
    )
    return {key: _cascaded_target(level, organisation) for key, level in found.items()}


def handed_on(
    unit: str, key: Key, *, organisation: Organisation, today: date, as_of: datetime | None = None
) -> dict[str, Required | None]:
    """What the unit's own decision asks of each unit directly below it, by code; None: nothing. One query."""
    found = targets_in_force.cascaded_below(
        unit, key, organisation=organisation, day=today, as_of=as_of
    )
    return {code: required_of(found[0], part) for code, part in found[1].items()} if found else {}


@dataclass(frozen=True)
class CascadeStep:
    """How a target came to one unit: what it must reach, the decision, its column, and the amount that was divided."""

    unit: str  # its name, as those that follow
    giver: str
    need: Required | None
    divided: Required | None
    decision: Allocation
    column: Column


def steps_down(
    unit: str, key: Key, *, organisation: Organisation, today: date, as_of: datetime | None = None
) -> list[CascadeStep]:
    """How what is asked of a unit in one column came down to it, from the top: a step for each unit to which a decision
    handed it. One query for each unit above."""
    tree = organisation.on(min(today, date(key[2], 12, 31)))
    path = reversed(tree.path(unit)) if unit in tree else ()
    asked = {"organisation": organisation, "years": [key[2]], "day": today, "as_of": as_of}
    found = ((code, targets_in_force.in_force(code, **asked).get(key)) for code in path)
    return [_step(code, level, organisation, tree) for code, level in found if level]


def _step(unit: str, level: TargetInForce, organisation: Organisation, tree: Tree) -> CascadeStep:
    decision, column = level.allocation, level.column
    giver = organisation.codes[decision.unit_id]
    spot = targets_in_force.spot_of(tree, unit, giver)
    above = (
        spot.above[0]
        if spot and spot.above and not column.rule.sums_up and not column.alike
        else None
    )
    part = targets_in_force.target_of(decision, column, tree, above, giver) if above else None
    return CascadeStep(
        unit=tree.units[unit].name,
        giver=organisation.on(decision.issued_on).units[giver].name,
        need=required_of(column, level.part),
        divided=required_of(column, part.part if part else column.whole),
        decision=decision,
        column=column,
    )


def _cascaded_target(level: TargetInForce, organisation: Organisation) -> CascadedTarget:
    decision = level.allocation
    giver = organisation.codes[decision.unit_id]
    return CascadedTarget(
        required=required_of(level.column, level.part),
        decision=decision.pk,
        number=decision.number,
        issued_on=decision.issued_on,
        issued_by=organisation.on(decision.issued_on).units[giver].name,
    )
