"""The living plan: the plan's own table with what each cell has come to, on screen and as a file."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime

from toankhoa.audit.clock import now
from toankhoa.core.basics import Refused
from toankhoa.core.organisation import Tree, UnitVersion
from toankhoa.core.results import Level, Prospect, in_term, in_year
from toankhoa.operations.living_plan import living_plan, paper
from toankhoa.web.explanations.codes import figure_site
from toankhoa.web.plan.plan_rows import Filters, asks_term, filtered, rows_of
from toankhoa.web.shell.access import Request, member

SHOWN_LEVELS = (Level.MET, Level.OPEN, Level.NOT_MET, Level.NO_DATA, Level.NO_TARGET)
SHOWN_PROSPECTS = (Prospect.LIKELY, Prospect.UNSURE, Prospect.UNLIKELY)
OFFICE = "application/vnd.openxmlformats-officedocument."
FILES = {
    "word": (".docx", f"{OFFICE}wordprocessingml.document"),
    "excel": (".xlsx", f"{OFFICE}spreadsheetml.sheet"),
}


@dataclass(frozen=True)
class UnitChoice:
    """One unit in the selector, indented by how far it stands below the reader's own."""

    unit: UnitVersion
    indent: str


def choices(tree: Tree, own: str) -> list[UnitChoice]:
    """The reader's unit and all below it, in the order of the tree."""
    top = tree.depth(own)
    return [
        UnitChoice(tree.units[code], " " * (tree.depth(code) - top)) for code in tree.subtree(own)
    ]


def asked_unit(request: Request) -> str:
    """The unit an address names, the reader's own where it names none. OutOfReach where it is not hers."""
    actor = request.actor
    unit = request.GET.get("don-vi") or actor.unit
    return actor.reach(unit, actor.organisation.trees.last_day(unit, actor.today))


@member
def show(request: Request) -> HttpResponse:
    """The table, filtered."""
    actor = request.actor
    living = living_plan(unit=asked_unit(request), by=actor)
    if living is None:
        return render(request, "plan/none.html")
    plan = living.plan
    filters = Filters.read(request.GET, plan.years, actor.today.year)
    span = in_term if filters.of_term else in_year(filters.year)
    rows = list(rows_of(plan, living.reader.lines(), span, living.term.removed))
    kept = filtered(rows, filters) if filters.active else rows
    context = {
        "living": living,
        "plan": plan,
        "filters": filters,
        "rows": kept,
        "activities": sum(row.kind == "activity" for row in kept),
        "shown_levels": SHOWN_LEVELS,
        "shown_prospects": SHOWN_PROSPECTS,
        "units": choices(actor.tree, actor.unit),
        "vocabulary": request.ledger.library.vocabulary,
    }
    return render(request, "plan/plan.html", context)


@member
def download(request: Request, kind: str) -> HttpResponse:
    """The living plan as a Word or Excel file."""
    unit = asked_unit(request)
    if kind not in FILES:
        raise Http404
    suffix, content_type = FILES[kind]
    at, of_term = request.as_of or now(), asks_term(request.GET)
    try:
        data = paper(unit=unit, at=at, as_of=request.as_of, site=figure_site(request)).written(
            suffix, of_term=of_term
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("living-plan")
    name = "toan-khoa" if of_term else "ke-hoach"
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = (
        f'attachment; filename="{name}-{unit}-{localtime(at):%Y-%m-%d}{suffix}"'
    )
    return response
