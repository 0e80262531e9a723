"""The living plan: the plan's own table with what each cell has come to, and the explanation of every figure."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from toankhoa.core.assessment import Level
from toankhoa.core.living import Reading
from toankhoa.core.measures import DataElement
from toankhoa.core.org import Placement, Tree
from toankhoa.core.periods import year_key
from toankhoa.core.plan import Activity, Objective, Plan
from toankhoa.core.problems import Refused
from toankhoa.operations.living import LivingPlan, living_plan, report
from toankhoa.web.access import Request, member
from toankhoa.web.plan_rows import Filters, filtered, rows_of

SHOWN_LEVELS = (Level.MET, Level.OPEN, Level.NOT_MET, Level.NO_DATA, Level.NO_TARGET)
OFFICE = "application/vnd.openxmlformats-officedocument."
FILES = {"word": (".docx", f"{OFFICE}wordprocessingml.document"), "excel": (".xlsx", f"{OFFICE}spreadsheetml.sheet")}


@dataclass(frozen=True)
class Choice:
    """One unit in the selector, indented by how far it stands below the reader's own."""

    unit: Placement
    indent: str


def choices(tree: Tree, own: str) -> list[Choice]:
    """The reader's unit and all below it, in the order of the tree."""
    top = tree.depth(own)
    return [Choice(tree.units[code], " " * (tree.depth(code) - top)) for code in tree.subtree(own)]


def asked_unit(request: Request) -> str:
    """The unit an address names, the reader's own where it names none. OutOfReach where it is not hers."""
    return request.actor.reach(request.GET.get("don-vi") or request.actor.unit)


@member
def show(request: Request) -> HttpResponse:
    """The table, filtered."""
    actor = request.actor
    living = living_plan(unit=asked_unit(request), by=actor)
    if living is None:
        return render(request, "web/plan/none.html")
    plan = living.plan
    filters = Filters.read(request.GET, plan.years, actor.today.year)
    rows = list(rows_of(plan, living.reader.lines(), living.term.removed))
    kept = filtered(rows, filters) if filters.active else rows
    context = {
        "living": living,
        "plan": plan,
        "filters": filters,
        "rows": kept,
        "activities": sum(row.kind == "activity" for row in kept),
        "shown_levels": SHOWN_LEVELS,
        "units": choices(actor.tree, actor.unit),
        "vocabulary": request.ledger.library.vocabulary,
    }
    return render(request, "web/plan/plan.html", context)


@member
def explain(request: Request, unit: str, row: str, indicator: str, year: int) -> HttpResponse:
    """How one figure came about: beside the plan (htmx), or as a page."""
    living = living_plan(unit=request.actor.reach(unit), by=request.actor)
    if living is None:
        raise Http404
    try:
        explanation = living.reader.explain(row, indicator, year)
        at = living.plan.find(row)
        said_by = _said_by(living.plan, at, explanation.reading)
    except KeyError as error:
        raise Http404 from error
    context = {
        "living": living,
        "explanation": explanation,
        "reading": explanation.reading,
        "row": at,
        "governed_by": living.in_force.of(year),
        "said_by": said_by,
        "commitment": at.commitments.get(year) if isinstance(at, Activity) else None,
        "year": year,
        "months": _months(living, explanation.numerator, year),
    }
    return render(request, "web/plan/explanation.html" if request.htmx else "web/plan/explain.html", context)


def _said_by(plan: Plan, row: Objective | Activity, reading: Reading) -> Objective | Activity:
    """The row or heading whose words set the target."""
    from_above = isinstance(row, Activity) and reading.target is not None and reading.target.origin == "heading"
    return plan.find(row.objective) if from_above else row


@member
def download(request: Request, kind: str) -> HttpResponse:
    """The living plan as a Word or Excel file."""
    unit = asked_unit(request)
    if kind not in FILES:
        raise Http404
    suffix, content_type = FILES[kind]
    today = request.actor.today
    try:
        data = report(unit=unit, kind=suffix, today=today)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("living-plan")
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="ke-hoach-{unit}-{today:%Y-%m-%d}{suffix}"'
    return response


def _months(living: LivingPlan, element: DataElement, year: int) -> list[tuple[int, int]]:
    """Month and figure, for the months in which figures of an element sit; a yearly one's only month says nothing."""
    reader = living.reader.reader
    sums = [(month, reader.cell(year_key(year) + month).get(element.slot)) for month in range(1, 13)]
    found = [(month, figure) for month, figure in sums if figure is not None]
    return found if len(found) > 1 else []
