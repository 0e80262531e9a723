"""Issued reports: the list, one with its files and digests, and what has changed since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from toankhoa.audit.clock import now
from toankhoa.core.basics import Period, Refused, format_date, refuse
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
from toankhoa.web.shell.files import file_answer, file_name
from toankhoa.web.shell.typed import form_fields

MOST_REPORTS = 100
PERIODS = 4  # of each kind to choose from, beside the running one
PART_NAMES = {"word": "Tệp Word", "excel": "Tệp Excel", "figures": "Số liệu"}


@dataclass(frozen=True)
class ListedReport:
    """A report in the list, with what its unit is called."""

    report: IssuedReport
    unit_name: str


@dataclass(frozen=True)
class KindChoice:
    """A kind of reports: its name, blank where it has no periods; values and names to choose."""

    name: str
    choices: list[tuple[str, str]]


@dataclass(frozen=True)
class ReportChange:
    """A figure that a report shows otherwise than it is now, in words."""

    changed: SnapshotChange
    was: str
    now: str
    difference: str


@member
def show(request: Request) -> HttpResponse:
    """Reports of her unit and of those below, the newest first; they are issued here, too."""
    actor = request.actor
    units = _units(actor)
    reports = issued_reports.of_units(units, request.as_of)[:MOST_REPORTS]
    context = {
        "reports": [ListedReport(report, units[report.unit_id].name) for report in reports],
        "may_issue": report_issue.may_issue(actor),
        "kinds": _kinds(actor.today),
    }
    return render(request, "issued/list.html", context)


@require_POST
@member
def issue(request: Request) -> HttpResponse:
    """Freeze the unit's plan as it stands now."""
    fields = form_fields(request)
    signed_on = fields.day("signed_on")
    if signed_on is None:
        messages.error(request, "Ngày ký chưa đúng. Hãy ghi như 29/9/2017.")
        return redirect("issued-reports")
    try:
        report = report_issue.issue_report(
            **_kind_and_period(fields.text("kind")),
            number=fields.text("number"),
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
    report, unit = _report(request, pk)
    living = living_plan(unit=unit.code, by=request.actor)
    now_shown = take_snapshot(living.reader.lines()) if living else []
    changes = snapshot_changes(issued_reports.figures_of(report), now_shown)
    since = report_issue.since_report(report, changes)
    between = [reform for reform in reforms(request.as_of) if _came_between(reform, report)]
    running = [change for change in changes if change.about.year >= since.year]
    context = {
        "report": report,
        "unit": unit,
        "since": since,
        "reforms_between": _reforms_in_words(between) if changes else "",
        "settled": [_change(change) for change in since.changes],
        "running": [_change(change) for change in running],
        "plan_then": address_at(request, report.as_of, f"/ke-hoach/?don-vi={unit.code}"),
        "digests": [(PART_NAMES[part], digest) for part, digest in report.digests.items()],
    }
    return render(request, "issued/one.html", context)


@member
def download(request: Request, pk: int, kind: str) -> HttpResponse:
    """A file of a report, as it was issued."""
    report, unit = _report(request, pk)
    if kind not in FILES:
        raise Http404
    suffix, content_type = FILES[kind]
    name = file_name(report, unit.name, suffix=suffix)
    return file_answer(bytes(getattr(report, kind)), name=name, content_type=content_type)


def _reforms_in_words(between: Sequence[Reform]) -> str:
    """`“Hợp nhất” (hiệu lực 01/7/2021); hoàn tác “Chia tách” (hiệu lực 01/8/2021)`."""
    words = []
    for reform in between:
        named = f"“{reform.title}” (hiệu lực {format_date(reform.day)})"
        if reform.state == Reform.State.UNDONE:
            named = f"hoàn tác {named}"
        words.append(named)
    return "; ".join(words)


def _came_between(reform: Reform, report: IssuedReport) -> bool:
    """Whether a reform was applied after a report's figures were taken, or undone since."""
    applied, undone = reform.applied_at, reform.undone_at
    if applied is None or applied > report.as_of:
        return applied is not None and undone is None
    return undone is not None and undone > report.as_of


def _report(request: Request, pk: int) -> tuple[IssuedReport, UnitVersion]:
    """A report within reach, with its unit; one of after the moment looked back at is not there."""
    reports = IssuedReport.objects.select_related("version", "previous", "issued_by")
    report = reports.filter(pk=pk).first()
    if report is None or (request.as_of and report.issued_at > request.as_of):
        raise Http404
    unit = _units(request.actor).get(report.unit_id)
    if unit is None:
        raise Http404
    return report, unit


def _units(actor: Actor) -> dict[int, UnitVersion]:
    """Her unit, those below, and those that ended and that they carry on, by id.

    As they are called, or were last.
    """
    organisation, tree = actor.organisation, actor.tree
    codes = list(tree.subtree(actor.unit))
    for code in tuple(codes):
        codes.extend(organisation.forebears(code, actor.today))
    last = organisation.lineage.last
    return {organisation.ids[code]: tree.units.get(code) or last[code] for code in codes}


def _kinds(today: date) -> list[KindChoice]:
    """Kinds of reports, each with its last periods."""
    return [_kind_choice(kind, today) for kind in report_issue.Kind]


def _kind_choice(kind: report_issue.Kind, today: date) -> KindChoice:
    """The last period that has ended first, the running one last; what `_kind_and_period` reads."""
    last_over = report_issue.last_over(kind, today)
    if last_over is None:
        return KindChoice("", [(kind.value, kind.label)])
    periods = [last_over]
    while len(periods) < PERIODS:
        periods.append(periods[-1].previous())
    choices = [(f"{kind.value} {period.code}", f"Báo cáo {period.label}") for period in periods]
    running = Period.containing(today, last_over.frequency)
    choices.append((f"{kind.value} {running.code}", f"Báo cáo {running.label} (chưa hết kỳ)"))
    return KindChoice(kind.label, choices)


def _kind_and_period(typed: str) -> dict[str, Any]:
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
