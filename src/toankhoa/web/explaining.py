"""Explain this number: where a figure comes from, unit by unit, on screen, on paper and from the code beside it."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import get_script_prefix, reverse
from django.utils.timezone import localdate

from toankhoa.audit.clock import now, today
from toankhoa.core.figure_code import FigureCode, read_code
from toankhoa.core.living import Reading
from toankhoa.core.measures import DataElement
from toankhoa.core.periods import year_key
from toankhoa.core.plan import Activity, Objective, Plan
from toankhoa.core.problems import Refused, refuse
from toankhoa.operations.living import LivingPlan, living_plan
from toankhoa.org.organisation import organisation
from toankhoa.org.scope import OutOfReach, actor_of
from toankhoa.web import outlook_chart
from toankhoa.web.access import Request, member
from toankhoa.web.as_of import address_at


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
        "chart": outlook_chart.of_year(living.reader.term(row, indicator), year),
    }
    return render(request, "web/plan/explanation.html" if request.htmx else "web/plan/explain.html", context)


@member
def explain_term(request: Request, unit: str, row: str, indicator: str) -> HttpResponse:
    """How one indicator's term came about, year by year: beside the plan (htmx), or as a page."""
    living = living_plan(unit=request.actor.reach(unit), by=request.actor)
    if living is None:
        raise Http404
    try:
        reading = living.reader.term(row, indicator)
        at = living.plan.find(row)
    except KeyError as error:
        raise Http404 from error
    context = {
        "living": living,
        "reading": reading,
        "row": at,
        "said_by": _said_by(living.plan, at, reading),
        "governed_by": living.in_force.now,
        "chart": outlook_chart.of_term(reading),
    }
    return render(request, "web/plan/term_explanation.html" if request.htmx else "web/plan/explain_term.html", context)


def _said_by(plan: Plan, row: Objective | Activity, reading: Reading) -> Objective | Activity:
    """The row or heading whose words set the target."""
    from_above = isinstance(row, Activity) and reading.target is not None and reading.target.origin == "heading"
    return plan.find(row.objective) if from_above else row


def _months(living: LivingPlan, element: DataElement, year: int) -> list[tuple[int, int]]:
    """Month and figure, for the months in which figures of an element sit; a yearly one's only month says nothing."""
    reader = living.reader.reader
    sums = [(month, reader.cell(year_key(year) + month).get(element.slot)) for month in range(1, 13)]
    found = [(month, figure) for month, figure in sums if figure is not None]
    return found if len(found) > 1 else []


@member
def find(request: Request, code: str = "") -> HttpResponse:
    """A figure by the code beside it on paper: typed, or followed as a link."""
    typed = code or request.GET.get("ma", "").strip()
    if not typed:
        return render(request, "web/plan/find.html")
    try:
        return redirect(_leads_to(request, read_code(typed)))
    except Refused as refused:
        return render(request, "web/plan/find.html", {"typed": typed, "refused": refused}, status=404)


def figure_site(request: Request) -> str:
    """The address that a figure's code is put behind, to open it from paper."""
    return request.build_absolute_uri(address_at(request, None, "/so-lieu/"))


def _leads_to(request: Request, code: FigureCode) -> str:
    """The address of the explanation, as of the end of the document's minute. Refused where there is none for her."""
    moment: datetime | None = code.minute.replace(second=59, microsecond=999_999)
    if moment >= now():
        moment = None
    day = today() if moment is None else localdate(moment)
    actor = actor_of(request.user, day, moment)
    unit = organisation(moment).codes.get(code.unit)
    nothing = refuse(
        "figure-unknown", f"Không có số nào mang mã {code} trong phạm vi của bạn. Hãy so lại với mã trên giấy."
    )
    try:
        living = living_plan(unit=unit, by=actor) if actor and unit else None
    except OutOfReach as out:
        raise nothing from out
    addresses = living.reader.addresses() if living else []
    if code.place >= len(addresses):
        raise nothing
    row, indicator, year = addresses[code.place]
    name, of_year = ("explain-term", []) if year is None else ("explain", [year])
    path = reverse(name, args=[unit, row, indicator, *of_year])
    return address_at(request, moment, path.removeprefix(get_script_prefix()))
