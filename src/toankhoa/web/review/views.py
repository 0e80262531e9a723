"""A draft under review: its table, each row with its readings, its findings; edited, set aside, published."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from toankhoa.audit.clock import now
from toankhoa.core.basics import Refused, read_date
from toankhoa.core.compiling import MEANINGS
from toankhoa.core.plan import CommitmentKind, Objective, Plan
from toankhoa.core.returns import Role
from toankhoa.core.review import DOCUMENT, HEADING, TITLE, Place
from toankhoa.plan import amendments, drafts
from toankhoa.plan.models import PlanVersion
from toankhoa.web.review.column_views import likely_years, questions
from toankhoa.web.review.page import (
    done,
    field_of,
    looked_at,
    mine,
    of_row,
    row_version,
    view_of,
    whole,
)
from toankhoa.web.review.row_views import views
from toankhoa.web.shell.access import Request, only
from toankhoa.web.shell.words import COMMITMENTS

SAVED = "Đã lưu."


@only(Role.PLAN)
def show(request: Request, pk: int) -> HttpResponse:
    """What was read, as the plan's own table, with what to look at; a published version is only shown."""
    looked = looked_at(request, pk)
    context = whole(request, looked) | {
        "counts": _counts(looked.plan),
        "rows": list(views(looked)),
        "document": view_of(looked, DOCUMENT.row),
        "headings": looked.headings,
        "unconfirmed": _unconfirmed(looked.version),
        "questions": questions(looked.version),
        "meanings": MEANINGS,
        "years": looked.plan.years or likely_years(request.actor.today),
    }
    return render(request, "review/review.html", context)


@only(Role.PLAN)
def row(request: Request, pk: int, row: str) -> HttpResponse:
    """One row, or the document around the table, with all its fields: beside the table (htmx), or as a page."""
    looked = looked_at(request, pk)
    context = (
        whole(request, looked)
        | of_row(request, looked, view_of(looked, row))
        | {"asked_field": request.GET.get("o", TITLE)}
    )
    return render(request, "review/row.html" if request.htmx else "review/row_page.html", context)


@require_POST
@only(Role.PLAN)
def preview(request: Request, pk: int, row: str, field: str) -> HttpResponse:
    """How other words would be read; nothing is kept. Words already kept are said to be (a preview may come after)."""
    looked = looked_at(request, pk)
    seen = field_of(view_of(looked, row), field)
    text = request.POST.get("text", "")
    try:
        read, problems = looked.reread(Place(row, field), text)
    except Refused as refused:
        return render(request, "review/reading.html", {"field": seen, "refused": refused.problem})
    kept = text.strip() == seen.words
    context = {
        "field": replace(seen, row=read, problems=problems),
        "saved": SAVED if kept else None,
    }
    return render(request, "review/reading.html", context)


@require_POST
@only(Role.PLAN)
def save(request: Request, pk: int, row: str, field: str) -> HttpResponse:
    """Keep other words in one field."""
    field_of(view_of(looked_at(request, pk), row), field)
    text = request.POST.get("text", "")
    moved = field == HEADING

    def act() -> str:
        drafts.edit_draft(
            draft=pk,
            place=Place(row, field),
            text=text,
            row_version=row_version(request),
            by=request.actor,
            at=now(),
            vocabulary=request.ledger.library.vocabulary,
        )
        return "Đã chuyển sang đề mục khác." if moved else SAVED

    return done(request, pk, row, act, None if moved else "review/saved.html", field)


@require_POST
@only(Role.PLAN)
def dismiss(request: Request, pk: int) -> HttpResponse:
    """Set a finding aside with a reason, or put it back on the list."""
    mine(request, pk)
    said = request.POST
    about = {
        "draft": pk,
        "code": said.get("code", ""),
        "place": Place(said.get("row", ""), said.get("field", "")),
        "fragment": said.get("fragment", ""),
        "by": request.actor,
        "at": now(),
    }

    def act() -> str:
        if "restore" in said:
            drafts.restore_problem(**about)
            return "Đã đưa điểm này trở lại danh sách."
        drafts.dismiss_problem(**about, reason=said.get("reason", ""))
        return "Đã bỏ qua, lý do được giữ cùng bản thảo."

    return done(request, pk, None, act, "review/dismissed.html")


@require_POST
@only(Role.PLAN)
def add(request: Request, pk: int) -> HttpResponse:
    """A row, or a heading, that the document lacks or that was not read."""
    version, said = mine(request, pk), request.POST
    about = {"draft": version.pk, "title": said.get("title", ""), "by": request.actor, "at": now()}
    about["vocabulary"] = request.ledger.library.vocabulary
    try:
        if "number" in said:
            code = drafts.add_heading(
                parent=said.get("heading", ""), number=said["number"], **about
            )
            done = "Đã thêm đề mục. Hãy ghi ban thực hiện, rồi thêm hoặc chuyển hàng vào dưới đề mục này."
        else:
            code = drafts.add_row(heading=said.get("heading", ""), **about)
            done = "Đã thêm hàng. Hãy ghi chỉ tiêu từng năm, cấp và ban thực hiện của hàng này."
    except KeyError as error:
        raise Http404 from error
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("draft", pk)
    messages.success(request, done)
    return redirect("review-row", pk, code)


@require_POST
@only(Role.PLAN)
def remove(request: Request, pk: int, row: str) -> HttpResponse:
    """A row goes, or a heading that holds none."""
    seen = view_of(looked_at(request, pk), row)
    if seen.document:
        raise Http404
    try:
        drafts.remove_row(draft=pk, row=row, by=request.actor, at=now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"Đã bỏ {'đề mục' if seen.heading else 'hàng'} {row}.")
    return redirect("draft", pk)


@require_POST
@only(Role.PLAN)
def publish(request: Request, pk: int) -> HttpResponse:
    """Put it in force, under a number and from a day on."""
    version = mine(request, pk)
    signed, effective = (
        read_date(request.POST.get(name, "").strip()) for name in ("signed_on", "effective_on")
    )
    if signed is None or effective is None:
        messages.error(request, "Ngày chưa đúng. Hãy ghi ngày/tháng/năm, ví dụ 29/9/2017.")
        return redirect("draft", pk)
    try:
        drafts.publish(
            version=version,
            number=request.POST.get("number", ""),
            signed_on=signed,
            effective_on=effective,
            by=request.actor,
            at=now(),
            library=request.ledger.library,
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("draft", pk)
    if effective > request.actor.today:
        messages.success(request, "Đã ban hành. Phiên bản này được dùng từ ngày có hiệu lực.")
    else:
        messages.success(request, "Đã ban hành. Từ nay kết quả được tính theo phiên bản này.")
    return redirect("living-plan")


def _unconfirmed(version: PlanVersion) -> int:
    if version.based_on is None or version.state != PlanVersion.State.DRAFT:
        return 0
    return sum(not change.confirmed for change in amendments.changes(version))


def _counts(plan: Plan) -> list[tuple[str, int]]:
    """What was read, in numbers a person can hold against the paper."""
    cells = [cell for row in plan.activities for cell in row.commitments.values()]
    kinds = [
        (COMMITMENTS[kind], sum(cell.kind is kind for cell in cells)) for kind in CommitmentKind
    ]
    first: Objective | None = plan.objectives[0] if plan.objectives else None
    targets = sum(objective.parent == first.code for objective in plan.objectives) if first else 0
    return [
        ("Chỉ tiêu", targets),
        ("Hoạt động", len(plan.activities)),
        ("Ô của các năm", len(cells)),
        *kinds,
    ]
