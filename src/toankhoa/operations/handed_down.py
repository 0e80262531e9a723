"""What decisions ask of a unit, as the readings of its plan take it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from toankhoa.core.assessment import Required
from toankhoa.core.handing import HandedDown, required_of
from toankhoa.org.organisation import Organisation
from toankhoa.plan import levels
from toankhoa.plan.levels import Key, Level


def handed_down(
    unit: str, *, organisation: Organisation, years: Collection[int], today: date, as_of: datetime | None = None
) -> dict[Key, HandedDown]:
    """By row, indicator and year; see `plan.levels.in_force`. One query."""
    found = levels.in_force(unit, organisation=organisation, years=years, day=today, as_of=as_of)
    return {key: _handed_down(level, organisation) for key, level in found.items()}


def handed_on(
    unit: str, key: Key, *, organisation: Organisation, today: date, as_of: datetime | None = None
) -> dict[str, Required | None]:
    """What the unit's own decision asks of each unit directly below it, by code; None: nothing. One query."""
    found = levels.handed_on(unit, key, organisation=organisation, day=today, as_of=as_of)
    return {code: required_of(found[0], part) for code, part in found[1].items()} if found else {}


def _handed_down(level: Level, organisation: Organisation) -> HandedDown:
    decision = level.allocation
    giver = organisation.codes[decision.unit_id]
    return HandedDown(
        required=required_of(level.column, level.part),
        decision=decision.pk,
        number=decision.number,
        issued_on=decision.issued_on,
        issued_by=organisation.on(decision.issued_on).units[giver].name,
    )
