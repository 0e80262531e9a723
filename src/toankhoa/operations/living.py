"""The living plan of a unit, on screen and on paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from toankhoa.operations.measuring import ledger
from toankhoa.org.organisation import Organisation
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
    return _living_plan(by.reach(unit), by.organisation, by.today)


def _living_plan(unit: str, units: Organisation, today: date) -> LivingPlan | None:
    version = in_force(unit=unit, organisation=units, today=today)
    if version is None:
        return None
    reader = PlanReader(
        plan=version.plan,
        bindings=version.bindings,
        root=version.root,
        unit=unit,
        today=today,
        ledger=ledger(units),
    )
    return LivingPlan(version, reader, unit, units.on(today).units[unit].name)
