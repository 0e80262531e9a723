"""Issue a report: the living plan of a unit as it is now, with what changed since the last one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from toankhoa.audit import chain
from toankhoa.core.basics import Frequency, Period, format_date, refuse
from toankhoa.core.results import SnapshotChange, snapshot_changes, snapshot_json, take_snapshot
from toankhoa.core.returns import Role
from toankhoa.documents.words.report_changes import Since
from toankhoa.operations.living_plan import Paper, paper
from toankhoa.org.scope import Actor
from toankhoa.reporting.models import IssuedReport
from toankhoa.reporting.reading import issued_reports

Kind = IssuedReport.Kind
ACTING_ROLES = frozenset({Role.OFFICER, Role.PLAN})
OF_PERIODS = {Kind.QUARTER: Frequency.QUARTER, Kind.HALF: Frequency.HALF, Kind.YEAR: Frequency.YEAR}


def may_issue(by: Actor) -> bool:
    """Whether she may issue reports of her unit now."""
    return by.role in ACTING_ROLES and by.as_of is None


def last_over(kind: str, today: date) -> Period | None:
    """The last period over of those that a kind of report is of; None for the term and others."""
    frequency = OF_PERIODS.get(Kind(kind))
    return None if frequency is None else Period.containing(today, frequency).previous()


def issue_report(
    *,
    kind: str,
    number: str,
    signed_on: date,
    by: Actor,
    at: datetime,
    period: Period | None = None,
    site: str = "",
) -> IssuedReport:
    """Keep her unit's living plan: Word, Excel and figures as they are now, each with its digest.

    The files tell what has changed since the unit's report before. `period`: what it reports on,
    the last one that has ended where none is named. `site`: see `living_plan.paper`.
    """
    number, unit_id = number.strip(), by.organisation.ids[by.unit]
    _check(kind, number, signed_on, by)
    period = _period_of(kind, period, by.today)
    with transaction.atomic():
        before = issued_reports.last(unit_id)
        plan_paper = paper(unit=by.unit, at=at, site=site)
        figures = take_snapshot(plan_paper.lines)
        report = IssuedReport(
            unit_id=unit_id,
            kind=kind,
            period=period.code if period else "",
            number=number,
            signed_on=signed_on,
            as_of=at,
            version_id=plan_paper.living.version.pk,
            previous=before,
            figures=snapshot_json(figures),
            issued_by=by.user,
            issued_at=at,
        )
        since = None
        if before is not None:
            changes = snapshot_changes(issued_reports.figures_of(before), figures)
            since = since_report(before, changes)
        title = f"{report} ngày {format_date(signed_on)}"
        _keep_files(report, plan_paper.issued_as(title, since))
        report.save(force_insert=True)
        _record(report, by)
    return report


def _keep_files(report: IssuedReport, of_report: Paper) -> None:
    report.word, report.excel = of_report.written(".docx"), of_report.written(".xlsx")
    report.digests = issued_reports.digests_of(
        word=report.word, excel=report.excel, figures=report.figures
    )


def since_report(before: IssuedReport, changes: Sequence[SnapshotChange]) -> Since:
    """The report before, and what has changed of the years that were over by its moment."""
    over = localdate(before.as_of).year
    settled = tuple(change for change in changes if change.about.year < over)
    running = sum(change.about.year == over for change in changes)
    return Since(
        report=str(before), signed_on=before.signed_on, changes=settled, year=over, running=running
    )


def _check(kind: str, number: str, signed_on: date, by: Actor) -> None:
    if not may_issue(by):
        raise refuse(
            "report-role",
            "Chỉ cán bộ tổng hợp hoặc cán bộ kế hoạch của đơn vị được ban hành báo cáo.",
        )
    if kind not in Kind:
        raise refuse("report-kind", "Hãy chọn loại báo cáo trong danh sách.")
    if not number:
        raise refuse("report-number", "Hãy ghi số, ký hiệu của báo cáo, ví dụ 12/BC-BTV.")
    if signed_on > by.today:
        raise refuse("report-day", "Ngày ký ở tương lai. Hãy ghi ngày ghi trên báo cáo.")
    if IssuedReport.objects.filter(unit__code=by.unit, number=number).exists():
        raise refuse("report-taken", f"Đơn vị đã ban hành báo cáo số {number}. Hãy ghi số khác.")


def _period_of(kind: str, period: Period | None, today: date) -> Period | None:
    frequency = OF_PERIODS.get(Kind(kind))
    if period is None:
        return last_over(kind, today)
    if period.frequency is not frequency:
        raise refuse(
            "report-period",
            f"{Kind(kind).label} không phải báo cáo của {period.label}. Hãy chọn lại kỳ.",
        )
    if period.first_day > today:
        raise refuse("report-period", f"Chưa đến {period.label}. Hãy chọn một kỳ đã bắt đầu.")
    return period


def _record(report: IssuedReport, by: Actor) -> None:
    data = {
        "kind": report.kind,
        "period": report.period,
        "number": report.number,
        "signed_on": str(report.signed_on),
        "as_of": report.as_of.isoformat(),
        "version": report.version_id,
        "digests": report.digests,
    }
    chain.record(
        stream=f"unit:{by.unit}",
        verb=issued_reports.VERB,
        subject=issued_reports.subject(report),
        data=data,
        by=by.user,
        at=report.issued_at,
    )
