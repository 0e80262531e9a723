"""A unit's page: where it stands in the tree, its figures over the years, who below has reported, its own returns."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from toankhoa.core.basics import Frequency, Period
from toankhoa.core.organisation import Tree
from toankhoa.operations.living_plan import living_plan
from toankhoa.reporting.returns.obligations import (
    InheritedReturns,
    inherited_returns,
    intake,
    missing_below,
    obligations,
)
from toankhoa.web.shell.access import Request, member
from toankhoa.web.units.series import boundary, charts_of, reforms_of

RETURNS = 10
MOST_OFFERED = (
    2000  # units in a list of suggestions; beyond, a browser is slow and a code is quicker to type
)


@member
def own(request: Request) -> HttpResponse:
    """Her own unit."""
    return redirect("unit", request.actor.unit)


@member
def show(request: Request, unit: str) -> HttpResponse:
    """Any unit within reach."""
    actor = request.actor
    tree = actor.tree
    actor.reach(unit)
    if unit not in tree:
        return _successor(request, unit)
    living = living_plan(unit=unit, by=actor)
    intakes = intake(
        unit=unit, periods=last_due(actor.today), today=actor.today, ledger=request.ledger
    )
    january = date(actor.today.year, 1, 1)
    missing = missing_below(unit, intakes, tree)
    at = boundary(request, unit)
    drawn = charts_of(living, at, request) if living else []
    context = {
        "place": tree.units[unit],
        "level": request.ledger.library.vocabulary.level_names.get(tree.units[unit].level, ""),
        "above": [
            tree.units[code]
            for code in reversed(tree.path(unit)[1:])
            if tree.within(code, actor.unit)
        ],
        "children": [
            (tree.units[code], len(tree.subtree(code)) - 1, missing[code])
            for code in tree.children(unit)
        ],
        "living": living,
        "charts": drawn,
        "boundary": at,
        "reforms": reforms_of(drawn),
        "rearranged": bool(actor.organisation.reforms),
        "year": actor.today.year,
        "returns": obligations(unit=unit, since=january, today=actor.today, ledger=request.ledger)[
            :RETURNS
        ],
        "former": [each for each in _former(request, unit) if each.sent],
        "intakes": intakes,
    }
    return render(request, "units/unit.html", context)


def _former(request: Request, unit: str) -> list[InheritedReturns]:
    """Units that it carries on, with their returns of this year."""
    today = request.actor.today
    return inherited_returns(
        unit=unit, since=date(today.year, 1, 1), today=today, ledger=request.ledger
    )


def last_due(today: date) -> list[Period]:
    """The last period that has ended, of every frequency."""
    return [Period.containing(today, frequency).previous() for frequency in Frequency]


def offered(tree: Tree, top: str | None = None) -> list[str]:
    """Every unit, or those from `top` down, as a suggestion while she types: its name, whose it is, its code."""
    codes = tree.order if top is None else tree.subtree(top)
    if len(codes) > MOST_OFFERED:
        return []
    units = [tree.units[code] for code in codes]
    parents = [f" · {tree.units[unit.parent].name}" if unit.parent else "" for unit in units]
    return [
        f"{unit.name}{parent} ({unit.code})" for unit, parent in zip(units, parents, strict=True)
    ]


def _successor(request: Request, unit: str) -> HttpResponse:
    """A unit that is no more has no page: that of the first to carry it on within reach."""
    actor = request.actor
    heirs = [
        code
        for code in actor.organisation.heirs(unit, actor.today)
        if actor.tree.within(code, actor.unit)
    ]
    names = ", ".join(actor.tree.units[code].name for code in heirs)
    was = next(
        each.name for each in reversed(actor.organisation.trees.unit_versions) if each.code == unit
    )
    messages.info(request, f"{was} không còn nữa; {names} làm tiếp việc của đơn vị ấy.")
    return redirect("unit", heirs[0])
