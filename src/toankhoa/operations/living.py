"""The living plan of a unit, on screen and on paper."""

from __future__ import annotations

from dataclasses import dataclass

from toankhoa.core.problems import refuse
from toankhoa.operations.measuring import ledger
from toankhoa.org.scope import Actor
from toankhoa.plan.versions import Published, in_force
from toankhoa.reporting.results import PlanReader


@dataclass(frozen=True)
class LivingPlan:
    """The version in force and its figures for one unit."""

    version: Published
    reader: PlanReader
    unit: str
    unit_name: str


def living_plan(*, unit: str, by: Actor) -> LivingPlan | None:
    """The plan in force as it stands today for a unit within reach; None where no plan is published yet."""
    by.reach(unit)
    version = in_force(unit=unit, actor=by)
    if version is None:
        return None
    reader = PlanReader(
        plan=version.plan,
        bindings=version.bindings,
        root=version.root,
        unit=unit,
        today=by.today,
        ledger=ledger(by.organisation),
    )
    return LivingPlan(version, reader, unit, by.tree.units[unit].name)
