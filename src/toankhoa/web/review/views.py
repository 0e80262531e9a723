"""A draft under review: its table with readings and findings; edited, set aside, published."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from toankhoa.audit.clock import now
from toankhoa.core.basics import Refused, long_date
from toankhoa.core.compiling import MEANINGS
from toankhoa.core.plan import Plan
from toankhoa.core.returns import Role
from toankhoa.core.review import DOCUMENT, HEADING, TITLE, Place
from toankhoa.operations.plan_counts import plan_counts
from toankhoa.operations.review import Review
from toankhoa.plan import amendments, drafts
from toankhoa.plan.models import PlanVersion
from toankhoa.web.review.column_views import likely_years, questions
from toankhoa.web.review.forms import PublishingForm
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
from toankhoa.web.shell.access import only
from toankhoa.web.shell.requests import Request, part_or_page
from toankhoa.web.shell.typed import Fields, form_fields, query_fields
from toankhoa.web.shell.words import COMMITMENTS

SAVED = "Đã lưu."


@only(Role.PLAN)
def show(request: Request, pk: int) -> HttpResponse:
    """What was read, as the plan's own table; a published version is only shown."""
    looked = looked_at(request, pk)
    return render(request, "review/review.html", _draft_context(request, looked))


def _draft_context(request: Request, looked: Review) -> dict[str, object]:
    return whole(request, looked) | {
        "counts": _counts(looked.plan),
        "signed_as": _signed_as(looked.plan),
        "rows": list(views(looked)),
        "document": view_of(looked, DOCUMENT.row),
        "headings": looked.headings,
        "unconfirmed": _unconfirmed(looked.version),
        "questions": questions(looked.version),
        "meanings": MEANINGS,
        "years": looked.plan.years or likely_years(request.actor.today),
    }


@only(Role.PLAN)
def row(request: Request, pk: int, row: str) -> HttpResponse:
    """One row, or the document, with all its fields: beside the table (htmx), or as a page."""
    looked = looked_at(request, pk)
    context = whole(request, looked) | of_row(request, looked, view_of(looked, row))
    context["asked_field"] = query_fields(request).text("o") or TITLE
    page = part_or_page(request, "review/row.html", "review/row_page.html")
    return render(request, page, context)


@require_POST
@only(Role.PLAN)
def preview(request: Request, pk: int, row: str, field: str) -> HttpResponse:
    """How other words would be read; nothing is stored.

    Words that are stored already are said to be: a preview may come after its save.
    """
    looked = looked_at(request, pk)
    shown = field_of(view_of(looked, row), field)
    text = form_fields(request).as_typed("text")
    try:
        read, problems = looked.reread(Place(row, field), text)
    except Refused as refused:
        context: dict[str, object] = {"field": shown, "refused": refused.problem}
        return render(request, "review/reading.html", context)
    context = {
        "field": replace(shown, row=read, problems=problems),
        "saved": SAVED if text.strip() == shown.words else None,
    }
    return render(request, "review/reading.html", context)


@require_POST
@only(Role.PLAN)
def save(request: Request, pk: int, row: str, field: str) -> HttpResponse:
    """Keep other words in one field."""
    field_of(view_of(looked_at(request, pk), row), field)
    text = form_fields(request).as_typed("text")
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
        if moved:
            return "Đã chuyển sang đề mục khác."
        return SAVED

    return done(request, pk, row, act, None if moved else "review/saved.html", field)


@dataclass(frozen=True)
class NamedFinding:
    """A finding as its form names it."""

    code: str
    place: Place
    fragment: str


def _named_finding(fields: Fields) -> NamedFinding:
    place = Place(fields.text("row"), fields.text("field"))
    return NamedFinding(fields.text("code"), place, fields.as_typed("fragment"))


@require_POST
@only(Role.PLAN)
def dismiss(request: Request, pk: int) -> HttpResponse:
    """Set a finding aside with a reason, or put it back on the list."""
    mine(request, pk)
    fields = form_fields(request)
    finding = _named_finding(fields)

    def act() -> str:
        if "restore" in fields:
            drafts.restore_problem(
                draft=pk,
                code=finding.code,
                place=finding.place,
                fragment=finding.fragment,
                by=request.actor,
                at=now(),
            )
            return "Đã đưa điểm này trở lại danh sách."
        drafts.dismiss_problem(
            draft=pk,
            code=finding.code,
            place=finding.place,
            fragment=finding.fragment,
            reason=fields.text("reason"),
            by=request.actor,
            at=now(),
        )
        return "Đã bỏ qua, lý do được giữ cùng bản thảo."

    return done(request, pk, None, act, "review/dismissed.html")


@require_POST
@only(Role.PLAN)
def add(request: Request, pk: int) -> HttpResponse:
    """A row, or a heading, that the document lacks or that was not read."""
    mine(request, pk)
    as_heading = "number" in form_fields(request)
    try:
        code = _add_heading(request, pk) if as_heading else _add_row(request, pk)
    except KeyError as error:
        raise Http404 from error
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("draft", pk)
    if as_heading:
        words = (
            "Đã thêm đề mục. Hãy ghi ban thực hiện, rồi thêm hoặc chuyển hàng vào dưới đề mục này."
        )
    else:
        words = "Đã thêm hàng. Hãy ghi chỉ tiêu từng năm, cấp và ban thực hiện của hàng này."
    messages.success(request, words)
    return redirect("review-row", pk, code)


def _add_heading(request: Request, pk: int) -> str:
    fields = form_fields(request)
    return drafts.add_heading(
        draft=pk,
        parent=fields.text("heading"),
        number=fields.text("number"),
        title=fields.text("title"),
        by=request.actor,
        at=now(),
        vocabulary=request.ledger.library.vocabulary,
    )


def _add_row(request: Request, pk: int) -> str:
    fields = form_fields(request)
    return drafts.add_row(
        draft=pk,
        heading=fields.text("heading"),
        title=fields.text("title"),
        by=request.actor,
        at=now(),
        vocabulary=request.ledger.library.vocabulary,
    )


@require_POST
@only(Role.PLAN)
def remove(request: Request, pk: int, row: str) -> HttpResponse:
    """A row goes, or a heading that holds none."""
    shown = view_of(looked_at(request, pk), row)
    if shown.document:
        raise Http404
    try:
        drafts.remove_row(draft=pk, row=row, by=request.actor, at=now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"Đã bỏ {'đề mục' if shown.heading else 'hàng'} {row}.")
    return redirect("draft", pk)


@require_POST
@only(Role.PLAN)
def publish(request: Request, pk: int) -> HttpResponse:
    """Put it in force, under a number and from a day on."""
    version, form = mine(request, pk), PublishingForm(request.POST)
    if not form.is_valid():
        return _refused_page(request, pk, form)
    try:
        drafts.publish(
            version=version,
            **form.cleaned_data,
            by=request.actor,
            at=now(),
            library=request.ledger.library,
        )
    except Refused as refused:
        form.refuse(refused)
        return _refused_page(request, pk, form)
    if form.cleaned_data["effective_on"] > request.actor.today:
        messages.success(request, "Đã ban hành. Phiên bản này được dùng từ ngày có hiệu lực.")
    else:
        messages.success(request, "Đã ban hành. Từ nay kết quả được tính theo phiên bản này.")
    return redirect("living-plan")


def _refused_page(request: Request, pk: int, form: PublishingForm) -> HttpResponse:
    """The draft again, with what was typed and why it was not published."""
    context = _draft_context(request, looked_at(request, pk)) | {"publishing": form}
    return render(request, "review/review.html", context)


def _unconfirmed(version: PlanVersion) -> int:
    """How many changes of an amendment nobody has confirmed."""
    if version.based_on is None or version.state != PlanVersion.State.DRAFT:
        return 0
    return sum(not change.confirmed for change in amendments.changes(version))


def _signed_as(plan: Plan) -> str:
    """Whose plan it is, with the number and the day it was signed under."""
    number = f" · số {plan.number}" if plan.number else ""
    day = f", {long_date(plan.date)}" if plan.date else ""
    return f"{plan.organisation}{number}{day}"


def _counts(plan: Plan) -> list[tuple[str, int]]:
    """What was read, in words and numbers."""
    counts = plan_counts(plan)
    kinds = [(COMMITMENTS[kind], count) for kind, count in counts.kinds.items()]
    return [
        ("Chỉ tiêu", counts.targets),
        ("Hoạt động", counts.activities),
        ("Ô của các năm", counts.cells),
        *kinds,
    ]
