"""Which targets are in force: those cascaded to a unit, and those it cascaded further.

From issued decisions, one query each. See docs/arithmetic.md, "Handing a target down".
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

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
    """The targets of a unit on a day, by row, indicator and year; `as_of`: as decisions stood at
    that moment.

    An amount that was handed to the unit itself is its own wherever it stands now; a rule that
    follows the tree reaches a unit that stands under the deciding one in the year that is read. A
    later decision takes the place of what an earlier one says of the units that it is about,
    whoever made it, also where it leaves a unit out; and of all that the deciding unit itself said
    of the column before, so that what it once handed past a district is the district's to divide
    when it no longer does. One query.
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
    """The targets of each of some units, see `in_force`. One query for all of them."""
    trees = {year: organisation.on(min(day, date(year, 12, 31))) for year in years}
    lines = {unit: _Line.of(unit, trees) for unit in units}
    all_concerned: set[str] = set().union(*(line.concerned for line in lines.values()))
    targets: dict[str, dict[Key, TargetInForce]] = {unit: {} for unit in units}
    for allocation in _effective(units, all_concerned, day, as_of):
        giver = organisation.codes[allocation.unit_id]
        for data in allocation.columns:
            for unit, line in lines.items():
                if line.may_be_reached(data, giver):
                    column = column_from(data, line.concerned)
                    _decide(targets[unit], allocation, column, trees[data["year"]], unit, giver)
    return targets


@dataclass(frozen=True)
class _Line:
    """A unit with all that were above it in some of the years asked for."""

    unit: str
    years: frozenset[int]  # those in which it exists
    concerned: frozenset[str]

    @classmethod
    def of(cls, unit: str, trees: Mapping[int, Tree]) -> _Line:
        paths = {year: tree.path(unit) for year, tree in trees.items() if unit in tree}
        return cls(unit, frozenset(paths), frozenset().union(*paths.values()))

    def may_be_reached(self, column: Mapping[str, Any], giver: str) -> bool:
        """Whether a decision of `giver` can say anything about the unit in a column, as it is
        stored.
        """
        if column["year"] not in self.years:
            return False
        return giver in self.concerned or self.unit in column["parts"]


def _decide(
    targets: dict[Key, TargetInForce],
    allocation: Allocation,
    column: Column,
    tree: Tree,
    unit: str,
    giver: str,
) -> None:
    """Take in what a later decision says of a unit in one column."""
    key = column.row, column.indicator, column.year
    target = target_of(allocation, column, tree, unit, giver)
    spot = spot_of(tree, unit, giver)
    before = targets.get(key)
    same_giver = before is not None and before.allocation.unit_id == allocation.unit_id
    replaces = spot is not None and (column.covers(spot) or same_giver)
    if target or replaces:
        targets.pop(key, None)
    if target:
        targets[key] = target


def cascaded_below(
    unit: str, key: Key, *, organisation: Organisation, day: date, as_of: datetime | None = None
) -> tuple[Column, dict[str, Part]] | None:
    """What is asked in one column of each unit directly below a unit in that year; None without a
    decision.

    By its own decision, or by one of a unit above that goes as deep, whichever is later. One query.
    """
    tree = organisation.on(min(day, date(key[2], 12, 31)))
    path = tree.path(unit) if unit in tree else (unit,)
    for allocation in _issued(day, as_of).filter(unit__code__in=path).reverse():
        giver = organisation.codes[allocation.unit_id]
        spots = _spots_below(tree, unit, giver)
        for column in _of_key(allocation, key):
            if giver == unit or any(column.covers(spot) for spot in spots.values()):
                return column, _parts(column, spots)
    return None


def _spots_below(tree: Tree, unit: str, giver: str) -> dict[str, Spot]:
    """Where each unit directly below a unit is, as the one that decided sees it; those it does not
    see left out.
    """
    spots = {}
    for code in tree.children(unit):
        spot = spot_of(tree, code, giver)
        if spot is not None:
            spots[code] = spot
    return spots


def _parts(column: Column, spots: Mapping[str, Spot]) -> dict[str, Part]:
    """What a column asks of those of these units that it reaches."""
    return {
        code: column.part(code, spot) for code, spot in spots.items() if column.reaches(code, spot)
    }


def divided_above(
    unit: str, *, organisation: Organisation, day: date, as_of: datetime | None = None
) -> dict[Key, Allocation]:
    """Columns in which a unit above has decided for the units below this one too, with the
    decision. One query.
    """
    tree = organisation.on(day)
    last: dict[
        tuple[Key, int], tuple[Allocation, bool]
    ] = {}  # of each unit, with whether it goes deep
    for allocation in _issued(day, as_of).filter(unit__code__in=tree.path(unit)[1:]):
        for data in allocation.columns:
            column = column_from(data, ())
            key = column.row, column.indicator, column.year
            last[key, allocation.unit_id] = allocation, column.rule.reach is not Reach.NEXT
    return {key: allocation for (key, _), (allocation, deep) in last.items() if deep}


def target_of(
    allocation: Allocation, column: Column, tree: Tree, unit: str, giver: str
) -> TargetInForce | None:
    """What a column asks of a unit as it stands in a tree; None where it decides nothing about
    it.
    """
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
        column_from(data)
        for data in allocation.columns
        if (data["row"], data["indicator"], data["year"]) == key
    ]


def _effective(
    units: Collection[str], givers: Collection[str], day: date, as_of: datetime | None
) -> list[Allocation]:
    """Issued decisions that may reach some units, those that replace others last."""
    received = Receipt.objects.filter(unit__code__in=units).values("allocation")
    return list(_issued(day, as_of).filter(Q(unit__code__in=givers) | Q(pk__in=received)))


def _issued(day: date, as_of: datetime | None) -> QuerySet[Allocation]:
    """Decisions in effect on a day, as they stood at a moment, in the order in which they replace
    one another.
    """
    issued = Allocation.objects.filter(state=Allocation.State.ISSUED, effective_on__lte=day)
    if as_of is not None:
        issued = issued.filter(issued_at__lte=as_of)
    return issued.order_by("effective_on", "issued_at", "pk")
