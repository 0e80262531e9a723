"""What decisions ask of a unit, as the readings of its plan take it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from toankhoa.core.organisation import Tree, UnitVersion
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
    targets = targets_in_force.in_force(
        unit, organisation=organisation, years=years, day=today, as_of=as_of
    )
    return {key: _cascaded_target(target, organisation) for key, target in targets.items()}


def _cascaded_target(target: TargetInForce, organisation: Organisation) -> CascadedTarget:
    decision = target.allocation
    return CascadedTarget(
        required=required_of(target.column, target.part),
        decision=decision.pk,
        number=decision.number,
        issued_on=issue_day(decision),
        issued_by=issuer(decision, organisation).name,
    )


def issue_day(decision: Allocation) -> date:
    """The day of an issued decision."""
    assert decision.issued_on is not None  # only a draft has none
    return decision.issued_on


def issuer(decision: Allocation, organisation: Organisation) -> UnitVersion:
    """The unit that issued a decision, as it was on that day."""
    code = organisation.codes[decision.unit_id]
    return organisation.on(issue_day(decision)).units[code]


def targets_below(
    unit: str, key: Key, *, organisation: Organisation, today: date, as_of: datetime | None = None
) -> dict[str, Required | None]:
    """What the unit's own decision asks of each unit directly below, by code; None: nothing.

    Empty where it has decided nothing. One query.
    """
    decided = targets_in_force.cascaded_below(
        unit, key, organisation=organisation, day=today, as_of=as_of
    )
    if decided is None:
        return {}
    column, parts = decided
    return {code: required_of(column, part) for code, part in parts.items()}


@dataclass(frozen=True)
class CascadeStep:
    """How a target came to one unit: what it must reach, the decision, and the amount divided.

    `unit`, `giver`: names, of the unit and of the one that decided.
    """

    unit: str
    giver: str
    need: Required | None
    divided: Required | None
    decision: Allocation
    column: Column


def cascade_steps(
    unit: str, key: Key, *, organisation: Organisation, today: date, as_of: datetime | None = None
) -> list[CascadeStep]:
    """How what is asked of a unit in one column came down to it, from the top.

    A step for each unit to which a decision handed it. One query for each unit above.
    """
    year = key[2]
    tree = organisation.on(min(today, date(year, 12, 31)))
    if unit not in tree:
        return []
    steps = []
    for code in reversed(tree.path(unit)):
        targets = targets_in_force.in_force(
            code, organisation=organisation, years=[year], day=today, as_of=as_of
        )
        if target := targets.get(key):
            steps.append(_step(code, target, organisation, tree))
    return steps


def _step(unit: str, target: TargetInForce, organisation: Organisation, tree: Tree) -> CascadeStep:
    return CascadeStep(
        unit=tree.units[unit].name,
        giver=issuer(target.allocation, organisation).name,
        need=required_of(target.column, target.part),
        divided=_divided(unit, target, organisation, tree),
        decision=target.allocation,
        column=target.column,
    )


def _divided(
    unit: str, target: TargetInForce, organisation: Organisation, tree: Tree
) -> Required | None:
    """The amount of which a unit has a part: what the unit above it got, else the whole column.

    Where every unit has the same, or parts sum up to whatever they sum up to, it is the whole.
    """
    column = target.column
    giver = organisation.codes[target.allocation.unit_id]
    spot = targets_in_force.spot_of(tree, unit, giver)
    if spot and spot.above and not column.rule.sums_up and not column.alike:
        above = targets_in_force.target_of(target.allocation, column, tree, spot.above[0], giver)
        if above is not None:
            return required_of(column, above.part)
    return required_of(column, column.whole)
