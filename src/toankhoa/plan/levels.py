"""Which handed-down levels hold for a unit: read from issued decisions, one query for all of a unit's."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from toankhoa.core.allocation import Column, Part
from toankhoa.org.organisation import Organisation
from toankhoa.plan.column_json import column_from
from toankhoa.plan.models import Allocation, Receipt

Key = tuple[str, str, int]  # row, indicator, year


@dataclass(frozen=True)
class Level:
    """What a decision asks of one unit in one column; nothing where `part` is None."""

    allocation: Allocation
    column: Column
    part: Part


def in_force(
    unit: str, *, organisation: Organisation, years: Collection[int], day: date, as_of: datetime | None = None
) -> dict[Key, Level]:
    """The levels of a unit on a day, by row, indicator and year; `as_of`: as decisions stood at that moment.

    An amount that was handed to the unit itself is its own wherever it stands now; a rule that follows the tree
    reaches a unit that stands under the deciding one in the year that is read. One query.
    """
    trees = {year: organisation.on(min(day, date(year, 12, 31))) for year in years}
    above = {code for tree in trees.values() if unit in tree for code in tree.path(unit)[1:]}
    levels: dict[Key, Level] = {}
    for allocation in _effective(unit, above, day, as_of):
        giver = organisation.codes[allocation.unit_id]
        for column in map(column_from, allocation.columns):
            tree = trees.get(column.year)
            if tree is None or unit not in tree:
                continue
            counts = {level: tree.count(level, unit) for level in ("base", "district")}
            if unit in column.parts or tree.units[unit].parent == giver:
                key = column.row, column.indicator, column.year
                levels.pop(key, None)  # a later decision replaces the earlier column, also where it leaves a unit out
                if column.reaches(unit):
                    levels[key] = Level(allocation, column, column.part(unit, counts))
    return levels


def _effective(unit: str, above: Collection[str], day: date, as_of: datetime | None) -> list[Allocation]:
    """Issued decisions that may reach a unit, those that replace later ones last."""
    received = Receipt.objects.filter(unit__code=unit).values("allocation")
    found = Allocation.objects.filter(Q(unit__code__in=above) | Q(pk__in=received), state=Allocation.State.ISSUED)
    found = found.filter(effective_on__lte=day)
    if as_of is not None:
        found = found.filter(issued_at__lte=as_of)
    return list(found.order_by("effective_on", "issued_at", "pk"))
