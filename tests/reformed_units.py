"""Reforms of the province of `worlds`, and the world once one is in force."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from worlds import World

from toankhoa.core.organisation import Change, Effect, Reform, ReformPart
from toankhoa.operations.reforms import apply_reform
from toankhoa.org.models import Reform as Row
from toankhoa.org.organisation import organisation
from toankhoa.org.reforms import draft_reform
from toankhoa.org.scope import actor_of

JULY = date(2021, 7, 1)
MERGE = Change(
    effect=Effect.MERGE, units=("c1", "c2"), parts=(ReformPart(code="n", name="Xã Mới"),)
)
SPLIT = Change(
    effect=Effect.SPLIT,
    units=("c1",),
    parts=(ReformPart(code="a", name="Xã A"), ReformPart(code="b", name="Xã B")),
)
ABOLISH = Change(effect=Effect.ABOLISH, level="district")
MOVE = Change(effect=Effect.MOVE, parts=(ReformPart(code="c1", parent="d2"),))


def reformed(world: World, *changes: Change, day: date = JULY) -> tuple[World, Row]:
    """The world once a reform is in force; people whose unit stands are in it still."""
    reform = Reform(code="", day=day, document="NQ 1", title="Sắp xếp", changes=changes)
    draft = draft_reform(reform=reform, by=None, at=world.at)
    applied = apply_reform(
        draft=draft, by=None, today=world.today, at=world.at, library=world.library
    )
    seated = {key: actor_of(actor.user, world.today) for key, actor in world.people.items()}
    people = {
        key: actor for key, actor in seated.items() if actor is not None and actor.unit == key[0]
    }
    return replace(world, organisation=organisation(), people=people), applied
