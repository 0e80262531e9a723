"""What decisions ask of a unit, as the readings of its plan take it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from toankhoa.core.handing import HandedDown, required_of
from toankhoa.org.organisation import Organisation
from toankhoa.plan.levels import Key, Level, in_force


def handed_down(
    unit: str, *, organisation: Organisation, years: Collection[int], today: date, as_of: datetime | None = None
) -> dict[Key, HandedDown]:
    """By row, indicator and year; see `plan.levels.in_force`. One query."""
    levels = in_force(unit, organisation=organisation, years=years, day=today, as_of=as_of)
    return {key: _handed_down(level, organisation) for key, level in levels.items()}


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
