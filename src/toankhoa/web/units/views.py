"""A unit's page: its place in the tree, its figures over the years, who below has reported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from toankhoa.core.basics import Frequency, Period, format_date
from toankhoa.core.organisation import Tree, UnitVersion
from toankhoa.documents.words.reforms import reforms_in_line
from toankhoa.operations.living_plan import living_plan
from toankhoa.reporting.returns.obligations import (
    InheritedReturns,
    inherited_returns,
    intake,
    missing_below,
    obligations,
)
from toankhoa.web.shell.access import Request, member
from toankhoa.web.units.series import BoundaryDay, boundary_day, reforms_of, series_cards

RETURNS = 10
# Units in a list of suggestions; beyond, a browser is slow and a code is quicker to type.
MOST_OFFERED = 2000


@dataclass(frozen=True)
class ChildUnit:
    """A unit directly below: how many stand below it, how many returns are missing from it down."""

    unit: UnitVersion
    below: int
    missing: int


@member
def own(request: Request) -> HttpResponse:
    """Her own unit."""
    return redirect("unit", request.actor.unit)


@member
def show(request: Request, unit: str) -> HttpResponse:
    """Any unit within reach."""
    actor, ledger = request.actor, request.ledger
    tree, today = actor.tree, actor.today
    actor.reach(unit)
    if unit not in tree:
        return _led_to_successor(request, unit)
    place = tree.units[unit]
    living = living_plan(unit=unit, by=actor)
    intakes = intake(unit=unit, periods=last_due(today), today=today, ledger=ledger)
    missing = missing_below(unit, intakes, tree)
    boundary = boundary_day(request, unit)
    charts = series_cards(living, boundary.day, request) if living else []
    has_reforms = bool(actor.organisation.reforms)
    returns = obligations(unit=unit, since=_january(today), today=today, ledger=ledger)
    context = {
        "place": place,
        "level": ledger.library.vocabulary.level_names.get(place.level, ""),
        "above": _units_above(request, unit),
        "children": _children(tree, unit, missing),
        "living": living,
        "charts": charts,
        # Where there were reforms, a unit without figures of its own is offered those of its past.
        "shows_series": charts or (living and has_reforms),
        "boundary": boundary,
        "boundary_typed": _typed_day(boundary, today),
        "reforms_in_line": reforms_in_line(reforms_of(charts)),
        "has_reforms": has_reforms,
        "year": today.year,
        "returns": returns[:RETURNS],
        "former": _former(request, unit),
        "intakes": intakes,
    }
    return render(request, "units/unit.html", context)


def _january(today: date) -> date:
    return date(today.year, 1, 1)


def _units_above(request: Request, unit: str) -> list[UnitVersion]:
    """Those between the reader's own and this one, from the top down."""
    tree = request.actor.tree
    above = reversed(tree.path(unit)[1:])
    return [tree.units[code] for code in above if tree.within(code, request.actor.unit)]


def _children(tree: Tree, unit: str, missing: dict[str, int]) -> list[ChildUnit]:
    return [
        ChildUnit(tree.units[code], len(tree.subtree(code)) - 1, missing[code])
        for code in tree.children(unit)
    ]


def _typed_day(boundary: BoundaryDay, today: date) -> str:
    """What the field of another day holds; today has a button of its own."""
    if boundary.day is None or boundary.day == today:
        return ""
    return format_date(boundary.day)


def _former(request: Request, unit: str) -> list[InheritedReturns]:
    """Units that it carries on, with the returns that they sent this year."""
    today = request.actor.today
    taken = inherited_returns(unit=unit, since=_january(today), today=today, ledger=request.ledger)
    return [former for former in taken if former.sent]


def last_due(today: date) -> list[Period]:
    """The last period that has ended, of every frequency."""
    return [Period.containing(today, frequency).previous() for frequency in Frequency]


def offered(tree: Tree, top: str | None = None) -> list[str]:
    """Every unit, or those from `top` down, as a suggestion while she types: name, parent, code."""
    codes = tree.order if top is None else tree.subtree(top)
    if len(codes) > MOST_OFFERED:
        return []
    return [_suggestion(tree, code) for code in codes]


def _suggestion(tree: Tree, code: str) -> str:
    unit = tree.units[code]
    parent = f" · {tree.units[unit.parent].name}" if unit.parent else ""
    return f"{unit.name}{parent} ({unit.code})"


def _led_to_successor(request: Request, unit: str) -> HttpResponse:
    """A unit that is no more has no page: that of the first to carry it on within reach."""
    actor = request.actor
    tree, organisation = actor.tree, actor.organisation
    heirs = organisation.heirs(unit, actor.today)
    within = [code for code in heirs if tree.within(code, actor.unit)]
    names = ", ".join(tree.units[code].name for code in within)
    last_name = organisation.lineage.last[unit].name
    messages.info(request, f"{last_name} không còn nữa; {names} làm tiếp việc của đơn vị ấy.")
    return redirect("unit", within[0])
