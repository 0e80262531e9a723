"""Issued reports: the list, one of them with its files and digests, and what has changed since."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from toankhoa.audit.clock import now
from toankhoa.core.basics import Period, Refused, read_date, refuse
from toankhoa.core.organisation import UnitVersion
from toankhoa.core.results import SnapshotChange, snapshot_changes, take_snapshot
from toankhoa.documents.words import report_changes
from toankhoa.operations import report_issue
from toankhoa.operations.living_plan import living_plan
from toankhoa.org.models import Reform
from toankhoa.org.reforms import reforms
from toankhoa.org.scope import Actor
from toankhoa.reporting.models import IssuedReport
from toankhoa.reporting.reading import issued_reports
from toankhoa.web.explanations.codes import figure_site
from toankhoa.web.looking_back.middleware import address_at
from toankhoa.web.plan.views import FILES
from toankhoa.web.shell.access import Request, member

PERIODS = 4  # of each kind to choose from, beside the running one
PART_NAMES = {"word": "Tệp Word", "excel": "Tệp Excel", "figures": "Số liệu"}


@dataclass(frozen=True)
class ReportChange:
    """A figure that a report shows otherwise than it is now, in words."""

    changed: SnapshotChange
    was: str
    now: str
    difference: str


@member
def show(request: Request) -> HttpResponse:
    """Reports of her unit and of those below, the newest first; those who may issue one do so here."""
    actor = request.actor
    units = _units(actor)
    reports = issued_reports.of_units(units, request.as_of)
    context = {
        "reports": [(report, units[report.unit_id]) for report in reports[:100]],
        "may_issue": report_issue.may_issue(actor),
        "kinds": list(_kinds(actor.today)),
    }
    return render(request, "issued/list.html", context)


@require_POST
@member
def issue(request: Request) -> HttpResponse:
    """Freeze the unit's plan as it stands now."""
    signed_on = read_date(request.POST.get("signed_on", ""))
    if signed_on is None:
        messages.error(request, "Ngày ký chưa đúng. Hãy ghi như 29/9/2017.")
        return redirect("issued-reports")
    try:
        report = report_issue.issue_report(
            **_asked(request.POST.get("kind", "")),
            number=request.POST.get("number", ""),
            signed_on=signed_on,
            by=request.actor,
            at=now(),
            site=figure_site(request),
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("issued-reports")
    messages.success(
        request, f"Đã ban hành {report}. Tệp và số liệu của báo cáo này không đổi nữa."
    )
    return redirect("issued-report", report.pk)


@member
def one(request: Request, pk: int) -> HttpResponse:
    """A report, and what is no longer as it says."""
    report, unit = _found(request, pk)
    living = living_plan(unit=unit.code, by=request.actor)
    changes = snapshot_changes(
        issued_reports.figures_of(report), take_snapshot(living.reader.lines()) if living else []
    )
    since = report_issue.since_report(report, changes)
    context = {
        "report": report,
        "unit": unit,
        "since": since,
        "changes": changes,
        "reforms": [reform for reform in reforms(request.as_of) if _came_between(reform, report)],
        "settled": [_change(change) for change in since.changes],
        "running": [_change(change) for change in changes if change.about.year >= since.year],
        "then": address_at(request, report.as_of, f"/ke-hoach/?don-vi={unit.code}"),
        "digests": [(PART_NAMES[part], digest) for part, digest in report.digests.items()],
    }
    return render(request, "issued/one.html", context)


@member
def download(request: Request, pk: int, kind: str) -> HttpResponse:
    """A file of a report, as it was issued."""
    report, unit = _found(request, pk)
    if kind not in FILES:
        raise Http404
    suffix, content_type = FILES[kind]
    response = HttpResponse(bytes(getattr(report, kind)), content_type=content_type)
    response["Content-Disposition"] = (
        f'attachment; filename="bao-cao-{unit.code}-{report.signed_on}{suffix}"'
    )
    return response


def _came_between(reform: Reform, report: IssuedReport) -> bool:
    """Whether a reform was applied after the figures of a report were taken, or undone when they held it."""
    applied, undone = reform.applied_at, reform.undone_at
    if applied is None or applied > report.as_of:
        return applied is not None and undone is None
    return undone is not None and undone > report.as_of


def _found(request: Request, pk: int) -> tuple[IssuedReport, UnitVersion]:
    report = (
        IssuedReport.objects.select_related("version", "previous", "issued_by")
        .filter(pk=pk)
        .first()
    )
    if report is None or (request.as_of and report.issued_at > request.as_of):
        raise Http404
    unit = _units(request.actor).get(report.unit_id)
    if unit is None:
        raise Http404
    return report, unit


def _units(actor: Actor) -> dict[int, UnitVersion]:
    """Her unit, those below, and those that ended and that they carry on, by id: as they are called, or were last."""
    here = actor.tree.subtree(actor.unit)
    ended = (old for code in here for old in actor.organisation.forebears(code, actor.today))
    last = actor.organisation.lineage.last
    return {
        actor.organisation.ids[code]: actor.tree.units.get(code) or last[code]
        for code in (*here, *ended)
    }


def _kinds(today: date) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Kinds of reports, each with its last periods, the last one that has ended first; what `_asked` reads."""
    for kind in report_issue.Kind:
        period = report_issue.last_over(kind, today)
        if period is None:
            yield "", [(kind.value, kind.label)]
            continue
        periods = [period]
        while len(periods) < PERIODS:
            periods.append(periods[-1].previous())
        running = Period.containing(today, period.frequency)
        named = [
            (f"{kind.value} {each.code}", f"Báo cáo {each.label}") for each in (*periods, running)
        ]
        yield kind.label, [*named[:-1], (named[-1][0], f"{named[-1][1]} (chưa hết kỳ)")]


def _asked(typed: str) -> dict[str, Any]:
    """`quarter 2021-Q3`; a kind alone is of the last period that has ended."""
    kind, _, period = typed.partition(" ")
    try:
        return {"kind": kind, "period": Period.parse(period) if period else None}
    except ValueError as error:
        raise refuse("report-period", "Hãy chọn kỳ báo cáo trong danh sách.") from error


def _change(change: SnapshotChange) -> ReportChange:
    return ReportChange(
        change,
        report_changes.said(change.was),
        report_changes.said(change.now),
        report_changes.difference(change),
    )
