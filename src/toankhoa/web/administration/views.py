"""Administration: people, units, and the health of totals and audit chain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from toankhoa.audit.clock import now
from toankhoa.audit.models import AuditEntry
from toankhoa.core.basics import format_number
from toankhoa.core.organisation import UnitVersion
from toankhoa.core.returns import Role
from toankhoa.jobs.models import Job
from toankhoa.jobs.runner import Progress, start, up_to_date
from toankhoa.operations import totals_check
from toankhoa.org.models import Membership
from toankhoa.org.people import closed, members
from toankhoa.reporting.reading import issued_reports
from toankhoa.web.administration.journal import with_subjects
from toankhoa.web.plan.plan_rows import finds
from toankhoa.web.shell.access import only
from toankhoa.web.shell.navigation import ACTING_ROLES
from toankhoa.web.shell.requests import Request, part_or_page
from toankhoa.web.shell.typed import query_fields

LATEST = 15  # entries of the journal
MOST_PEOPLE = 200  # lines of the list; beyond, she searches


@only(Role.ADMIN)
def show(request: Request) -> HttpResponse:
    """Who acts for which unit, and what was written last."""
    actor, tree = request.actor, request.actor.tree
    text = query_fields(request).text("tim")
    people = members(Membership.objects.all(), request.as_of)
    people.sort(key=lambda member: (member.unit.code, member.user.username))
    matching = _matching(request, people, text)
    level_names = request.ledger.library.vocabulary.level_names
    context = {
        "people": matching[:MOST_PEOPLE],
        "people_count": len(matching),
        "closed": closed(people, request.as_of),
        "unmanned": _without_people(request, people),
        "text": text,
        "levels": [(name, tree.count(code, actor.unit)) for code, name in level_names.items()],
        "entries": with_subjects(_last_written(request)[:LATEST], request),
    }
    return render(request, "administration/administration.html", context)


def _matching(
    request: Request, people: list[Membership], text: str
) -> list[tuple[Membership, UnitVersion | None]]:
    """People with their units, as these are or were last; of those in whose names the text is."""
    last = request.actor.organisation.lineage.last
    rows = []
    for member in people:
        unit = request.actor.tree.units.get(member.unit.code) or last.get(member.unit.code)
        if not text or finds(text, _words(member, unit)):
            rows.append((member, unit))
    return rows


def _without_people(request: Request, people: list[Membership]) -> list[UnitVersion]:
    """Units that owe a form of their own and for which nobody acts: they can never report."""
    levels = {form.level for form in request.ledger.library.forms.values()}
    left, tree = closed(people, request.as_of), request.actor.tree
    manned = set()
    for member in people:
        if member.role in ACTING_ROLES and member.user_id not in left:
            manned.add(member.unit.code)
    units = (tree.units[code] for code in tree.subtree(request.actor.unit) if code not in manned)
    return [unit for unit in units if unit.level in levels]


def _last_written(request: Request) -> QuerySet[AuditEntry]:
    written = AuditEntry.objects.select_related("by").order_by("-pk")
    if request.as_of is None:
        return written
    return written.filter(at__lte=request.as_of)


@require_POST
@only(Role.ADMIN)
def check(request: Request) -> HttpResponse:
    """Begin to recompute every total and to walk every audit chain."""

    def work(progress: Progress) -> dict[str, Any]:
        differences, breaks = totals_check.check(progress=progress)
        altered = {report.pk for report, _ in issued_reports.altered()}
        return {"differences": len(differences), "breaks": len(breaks), "altered": len(altered)}

    job = start(kind=CHECK, work=work, by=request.actor.user, at=now())
    return redirect("administration-job", job.pk)


@require_POST
@only(Role.ADMIN)
def rebuild(request: Request) -> HttpResponse:
    """Begin to derive every total again from the returns."""
    user, at = request.actor.user, now()

    def work(progress: Progress) -> dict[str, Any]:
        progress(0, 1, "Đang cộng lại từ báo cáo")
        return {"rows": totals_check.rebuild(by=user, at=at, progress=progress)}

    job = start(kind=REBUILD, work=work, by=user, at=at)
    return redirect("administration-job", job.pk)


@only(Role.ADMIN)
def watch(request: Request, pk: int) -> HttpResponse:
    """How far a check or a rebuild is.

    Asks again every moment, and says at last what came of it.
    """
    job = get_object_or_404(Job, pk=pk, by=request.user, kind__in=OUTCOMES)
    if job.state != Job.State.DONE:
        page = part_or_page(request, "parts/progress.html", "administration/job.html")
        context = {
            "job": up_to_date(job),
            "checking": job.kind == CHECK,
            "watch": reverse("administration-job", args=[pk]),
        }
        return render(request, page, context)
    for level, words in OUTCOMES[job.kind](job.result):
        messages.add_message(request, level, words)
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": reverse("administration")})
    return redirect("administration")


def _checked(result: dict[str, int]) -> Iterator[tuple[int, str]]:
    """Each thing that is wrong, in words; else that all is well."""
    differences, breaks, altered = result["differences"], result["breaks"], result["altered"]
    if differences:
        rows = format_number(differences)
        yield messages.ERROR, f"{rows} dòng tổng hợp khác với báo cáo. Hãy bấm Tính lại."
    if breaks:
        rows = format_number(breaks)
        words = f"{rows} dòng nhật ký không nối đúng chuỗi: có dòng đã bị sửa hoặc xóa."
        yield messages.ERROR, words
    if altered:
        words = f"{format_number(altered)} báo cáo đã ban hành không còn như lúc ban hành."
        yield messages.ERROR, words
    if not any((differences, breaks, altered)):
        words = "Mọi số tổng hợp khớp với báo cáo, nhật ký và báo cáo đã ban hành nguyên vẹn."
        yield messages.SUCCESS, words


def _rebuilt(result: dict[str, int]) -> Iterator[tuple[int, str]]:
    yield messages.SUCCESS, f"Đã tính lại {format_number(result['rows'])} dòng tổng hợp từ báo cáo."


CHECK, REBUILD = "check", "rebuild"
OUTCOMES = {CHECK: _checked, REBUILD: _rebuilt}


def _words(member: Membership, unit: UnitVersion | None) -> str:
    return " ".join([str(member.user), member.user.username, unit.name if unit else ""])
