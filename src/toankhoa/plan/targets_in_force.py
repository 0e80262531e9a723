"""Which levels hold: those handed down to a unit, and those it handed on; from issued decisions, one query each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from toankhoa.core.organisation import Tree
from toankhoa.core.targets import Column, Part, Reach, Spot
from toankhoa.org.organisation import Organisation
from toankhoa.plan.column_json import column_from
from toankhoa.plan.models import Allocation, Receipt

Key = tuple[str, str, int]  # row, indicator, year


@dataclass(frozen=True)
class TargetInForce:
    """What a decision asks of one unit in one column; nothing where `part` is None."""

    allocation: Allocation
    column: Column
    part: Part


def in_force(
    unit: str,
    *,
    organisation: Organisation,
    years: Collection[int],
    day: date,
    as_of: datetime | None = None,
) -> dict[Key, TargetInForce]:
    """The levels of a unit on a day, by row, indicator and year; `as_of`: as decisions stood at that moment.

    An amount that was handed to the unit itself is its own wherever it stands now; a rule that follows the tree
    reaches a unit that stands under the deciding one in the year that is read. A later decision takes the place of what
    an earlier one says of the units that it is about, whoever made it, also where it leaves a unit out; and of all that
    the deciding unit itself said of the column before, so that what it once handed past a district is the district's to
    divide when it no longer does. One query.
    """
    return all_in_force([unit], organisation=organisation, years=years, day=day, as_of=as_of)[unit]


def all_in_force(
    units: Collection[str],
    *,
    organisation: Organisation,
    years: Collection[int],
    day: date,
    as_of: datetime | None = None,
) -> dict[str, dict[Key, TargetInForce]]:
    """The levels of each of some units, see `in_force`. One query for all of them."""
    trees = {year: organisation.on(min(day, date(year, 12, 31))) for year in years}
    paths = {unit: _paths(unit, trees) for unit in units}
    concerned = {
        unit: {code for path in above.values() for code in path} for unit, above in paths.items()
    }
    decisions = _effective(units, set().union(*concerned.values()), day, as_of)
    levels: dict[str, dict[Key, TargetInForce]] = {unit: {} for unit in units}
    for allocation in decisions:
        giver = organisation.codes[allocation.unit_id]
        for data in allocation.columns:
            for unit in units:
                if data["year"] in paths[unit] and (
                    giver in concerned[unit] or unit in data["parts"]
                ):
                    column = column_from(data, concerned[unit])
                    _decide(levels[unit], allocation, column, trees[data["year"]], unit, giver)
    return levels


def _paths(unit: str, trees: Mapping[int, Tree]) -> dict[int, tuple[str, ...]]:
    return {year: tree.path(unit) for year, tree in trees.items() if unit in tree}


def _decide(
    levels: dict[Key, TargetInForce],
    allocation: Allocation,
    column: Column,
    tree: Tree,
    unit: str,
    giver: str,
) -> None:
    """Take in what a later decision says of a unit in one column."""
    key = column.row, column.indicator, column.year
    level, spot, before = (
        target_of(allocation, column, tree, unit, giver),
        spot_of(tree, unit, giver),
        levels.get(key),
    )
    again = before is not None and before.allocation.unit_id == allocation.unit_id
    if level or (spot and (column.covers(spot) or again)):
        levels.pop(key, None)
    if level:
        levels[key] = level


def handed_on(
    unit: str, key: Key, *, organisation: Organisation, day: date, as_of: datetime | None = None
) -> tuple[Column, dict[str, Part]] | None:
    """What is asked in one column of each unit directly below a unit in that year: by its own decision, or by one of a
    unit above that goes as deep, whichever is later; None without one. One query."""
    tree = organisation.on(min(day, date(key[2], 12, 31)))
    path = tree.path(unit) if unit in tree else (unit,)
    for allocation in _issued(day, as_of).filter(unit__code__in=path).reverse():
        giver = organisation.codes[allocation.unit_id]
        for column in _of_key(allocation, key):
            spots = {code: spot_of(tree, code, giver) for code in tree.children(unit)}
            if giver == unit or any(spot and column.covers(spot) for spot in spots.values()):
                reached = {
                    code: spot
                    for code, spot in spots.items()
                    if spot and column.reaches(code, spot)
                }
                return column, {code: column.part(code, spot) for code, spot in reached.items()}
    return None


def divided_above(
    unit: str, *, organisation: Organisation, day: date, as_of: datetime | None = None
) -> dict[Key, Allocation]:
    """Columns in which a unit above has decided for the units below this one too, with the decision. One query."""
    tree = organisation.on(day)
    found: dict[tuple[Key, int], tuple[Allocation, bool]] = {}
    for allocation in _issued(day, as_of).filter(unit__code__in=tree.path(unit)[1:]):
        for data in allocation.columns:
            column = column_from(data, ())
            key = column.row, column.indicator, column.year
            found[key, allocation.unit_id] = allocation, column.rule.reach is not Reach.NEXT
    return {key: allocation for (key, _), (allocation, deep) in found.items() if deep}


def target_of(
    allocation: Allocation, column: Column, tree: Tree, unit: str, giver: str
) -> TargetInForce | None:
    """What a column asks of a unit as it stands in a tree; None where it decides nothing about it."""
    spot = spot_of(tree, unit, giver)
    if spot and column.reaches(unit, spot):
        return TargetInForce(allocation, column, column.part(unit, spot))
    return TargetInForce(allocation, column, column.parts[unit]) if unit in column.parts else None


def spot_of(tree: Tree, unit: str, giver: str) -> Spot | None:
    """Where a unit stands below the one that decided; None where it does not."""
    path = tree.path(unit)
    if giver not in path[1:]:
        return None
    return Spot(
        counts=tree.counts(unit),
        above=path[1 : path.index(giver)],
        last=not tree.children(unit),
    )


def _of_key(allocation: Allocation, key: Key) -> list[Column]:
    return [
        column_from(each)
        for each in allocation.columns
        if (each["row"], each["indicator"], each["year"]) == key
    ]


def _effective(
    units: Collection[str], givers: Collection[str], day: date, as_of: datetime | None
) -> list[Allocation]:
    """Issued decisions that may reach some units, those that replace others last."""
    received = Receipt.objects.filter(unit__code__in=units).values("allocation")
    return list(_issued(day, as_of).filter(Q(unit__code__in=givers) | Q(pk__in=received)))


def _issued(day: date, as_of: datetime | None) -> QuerySet[Allocation]:
    """Decisions in effect on a day, as they stood at a moment, in the order in which they replace one another."""
    found = Allocation.objects.filter(state=Allocation.State.ISSUED, effective_on__lte=day)
    if as_of is not None:
        found = found.filter(issued_at__lte=as_of)
    return found.order_by("effective_on", "issued_at", "pk")
