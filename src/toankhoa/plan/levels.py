"""Which levels hold: those handed down to a unit, and those it handed on; from issued decisions, one query each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from toankhoa.core.allocation import Column, Part
from toankhoa.core.org import Tree
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
            if unit in column.parts or tree.units[unit].parent == giver:
                key = column.row, column.indicator, column.year
                levels.pop(key, None)  # a later decision replaces the earlier column, also where it leaves a unit out
                if column.reaches(unit):
                    levels[key] = Level(allocation, column, column.part(unit, counts_of(tree, unit)))
    return levels


def handed_on(
    unit: str, key: Key, *, organisation: Organisation, day: date, as_of: datetime | None = None
) -> tuple[Column, dict[str, Part]] | None:
    """What a unit's own decision asks in one column of each unit directly below it in that year; None without one.

    One query.
    """
    tree = organisation.on(min(day, date(key[2], 12, 31)))
    for allocation in _issued(day, as_of).filter(unit__code=unit).reverse():
        for column in map(column_from, allocation.columns):
            if (column.row, column.indicator, column.year) == key:
                reached = [code for code in tree.children(unit) if column.reaches(code)]
                return column, {code: column.part(code, counts_of(tree, code)) for code in reached}
    return None


def counts_of(tree: Tree, unit: str) -> dict[str, int]:
    """How many bases and districts stand at or below a unit: what rules that follow the tree ask for."""
    return {level: tree.count(level, unit) for level in ("base", "district")}


def _effective(unit: str, above: Collection[str], day: date, as_of: datetime | None) -> list[Allocation]:
    """Issued decisions that may reach a unit, those that replace others last."""
    received = Receipt.objects.filter(unit__code=unit).values("allocation")
    return list(_issued(day, as_of).filter(Q(unit__code__in=above) | Q(pk__in=received)))


def _issued(day: date, as_of: datetime | None) -> QuerySet[Allocation]:
    """Decisions in effect on a day, as they stood at a moment, in the order in which they replace one another."""
    found = Allocation.objects.filter(state=Allocation.State.ISSUED, effective_on__lte=day)
    if as_of is not None:
        found = found.filter(issued_at__lte=as_of)
    return found.order_by("effective_on", "issued_at", "pk")
