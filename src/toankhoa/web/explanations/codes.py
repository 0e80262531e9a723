"""A figure by the code beside it on paper: from there to where it is explained."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import get_script_prefix
from django.utils.timezone import localdate

from toankhoa.audit.clock import now, today
from toankhoa.core.basics import FigureCode, Refused, read_code, refuse
from toankhoa.operations.living_plan import living_plan
from toankhoa.org.organisation import organisation
from toankhoa.org.scope import OutOfReach, actor_of
from toankhoa.reporting.reading import issued_reports
from toankhoa.web.explanations.addresses import explained_at
from toankhoa.web.looking_back.middleware import address_at
from toankhoa.web.shell.access import Request, member
from toankhoa.web.shell.typed import query_fields


@member
def find(request: Request, code: str = "") -> HttpResponse:
    """A figure by the code beside it on paper: typed, or followed as a link."""
    typed = code or query_fields(request).text("ma")
    if not typed:
        return render(request, "explanations/find.html")
    try:
        return redirect(_leads_to(request, read_code(typed)))
    except Refused as refused:
        return render(
            request, "explanations/find.html", {"typed": typed, "refused": refused}, status=404
        )


def figure_site(request: Request) -> str:
    """The address that a figure's code is put behind, to open it from paper."""
    return request.build_absolute_uri(address_at(request, None, "/so-lieu/"))


def _leads_to(request: Request, code: FigureCode) -> str:
    """The address of the explanation as of the document's moment.

    Of an issued report that of its figures, else the last that its code names. Refused where there
    is none for her.
    """
    nothing = refuse(
        "figure-unknown",
        f"Không có số nào mang mã {code} trong phạm vi của bạn. Hãy so lại với mã trên giấy.",
    )
    moment = _moment(code)
    day = today() if moment is None else localdate(moment)
    actor = actor_of(request.user, day, moment)
    unit = organisation(moment).codes.get(code.unit)
    if actor is None or unit is None:
        raise nothing
    try:
        living = living_plan(unit=unit, by=actor)
    except OutOfReach as out:
        raise nothing from out
    addresses = living.reader.addresses() if living else []
    if code.place >= len(addresses):
        raise nothing
    path = explained_at(unit, *addresses[code.place])
    return address_at(request, moment, path.removeprefix(get_script_prefix()))


def _moment(code: FigureCode) -> datetime | None:
    """The moment at which a code's figure is explained; None for now."""
    report = issued_reports.between(code.unit, code.moment, code.until)
    moment: datetime | None = report.as_of if report else code.until
    if moment is not None and moment >= now():
        return None
    return moment
