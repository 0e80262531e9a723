"""Whose plan it is: the units that the checks hold a plan against, as they were on its own day.

A plan signed for 171 communes speaks of 171, however many there are today. The command line and
the page of a draft ask the same function. No Django here: a file is checked without a database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from toankhoa.core.basics import fold
from toankhoa.core.organisation import OrgTree, Tree
from toankhoa.core.plan import Plan


@dataclass(frozen=True)
class PlanUnits:
    """A unit and all below it on one day: how many there are of each level, and their names."""

    by_level: Mapping[str, int] = field(default_factory=dict)
    names: tuple[str, ...] = ()


def plan_day(plan: Plan) -> date | None:
    """The day of the plan: its date, else the first day of its first year, else None."""
    if plan.date is not None:
        return plan.date
    if plan.years:
        return date(min(plan.years), 1, 1)
    return None


def units_of_plan(
    plan: Plan, trees: OrgTree, *, otherwise: date, unit: str | None = None
) -> PlanUnits:
    """The units of a plan's organisation on the day of the plan.

    `otherwise`: the day for a plan that has none. `unit`: whose plan it is; without one it is the
    unit at the top that the plan names, and nothing is known of the plan of another organisation.
    A unit that began after the plan's day is taken as it was on its own first day.
    """
    day = plan_day(plan) or otherwise
    tree = trees.on(day)
    if unit is None:
        unit = _issuer(plan, tree)
        if unit is None:
            return PlanUnits()
    elif unit not in tree:
        tree = trees.on(_first_day(unit, trees, otherwise))
    units = [tree.units[code] for code in tree.subtree(unit)]
    by_level = Counter(below.level for below in units)
    return PlanUnits(dict(by_level), tuple(below.name for below in units))


def _issuer(plan: Plan, tree: Tree) -> str | None:
    """The unit at the top that the plan's words name; "Tỉnh An Hà" goes by "An Hà"."""
    words = fold(f"{plan.organisation} {plan.title} {plan.place}")
    for code in tree.roots:
        root = tree.units[code]
        if fold(root.name.removeprefix(f"{root.kind} ")) in words:
            return code
    return None


def _first_day(unit: str, trees: OrgTree, otherwise: date) -> date:
    starts = (version.start for version in trees.unit_versions if version.code == unit)
    return min(starts, default=otherwise)
