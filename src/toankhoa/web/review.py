"""A draft under review: its table, each row with its readings, its findings; edited, set aside, published."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from toankhoa.audit.clock import now
from toankhoa.core.fields import DOCUMENT, HEADING, TITLE, WHOLE, Place
from toankhoa.core.headers import MEANINGS
from toankhoa.core.numbers import read_date
from toankhoa.core.plan import CommitmentKind, Objective, Plan
from toankhoa.core.problems import Refused, Severity
from toankhoa.core.returns import Role
from toankhoa.operations.review import Finding, Review, review
from toankhoa.plan import amendments, drafts
from toankhoa.plan.models import PlanVersion
from toankhoa.web.access import Request, only
from toankhoa.web.columns import likely_years, questions
from toankhoa.web.review_rows import DOCUMENT_RANK, FieldView, RowView, anchor, view, views
from toankhoa.web.words import COMMITMENTS

SAVED = "Đã lưu."


@only(Role.PLAN)
def show(request: Request, pk: int) -> HttpResponse:
    """What was read, as the plan's own table, with what to look at; a published version is only shown."""
    looked = _review(request, pk)
    context = _whole(request, looked) | {
        "counts": _counts(looked.plan),
        "rows": list(views(looked)),
        "document": _view(looked, DOCUMENT.row),
        "headings": looked.headings,
        "unconfirmed": _unconfirmed(looked.version),
        "questions": questions(looked.version),
        "meanings": MEANINGS,
        "years": looked.plan.years or likely_years(request.actor.today),
    }
    return render(request, "web/review/review.html", context)


@only(Role.PLAN)
def row(request: Request, pk: int, row: str) -> HttpResponse:
    """One row, or the document around the table, with all its fields: beside the table (htmx), or as a page."""
    looked = _review(request, pk)
    context = (
        _whole(request, looked) | _of_row(looked, _view(looked, row)) | {"asked_field": request.GET.get("o", TITLE)}
    )
    return render(request, "web/review/row.html" if request.htmx else "web/review/row_page.html", context)


@require_POST
@only(Role.PLAN)
def preview(request: Request, pk: int, row: str, field: str) -> HttpResponse:
    """How other words would be read; nothing is kept. Words already kept are said to be (a preview may come after)."""
    looked = _review(request, pk)
    seen = _field(_view(looked, row), field)
    text = request.POST.get("text", "")
    try:
        read, problems = looked.reread(Place(row, field), text)
    except Refused as refused:
        return render(request, "web/review/reading.html", {"field": seen, "refused": refused.problem})
    kept = text.strip() == seen.words
    context = {"field": replace(seen, row=read, problems=problems), "saved": SAVED if kept else None}
    return render(request, "web/review/reading.html", context)


@require_POST
@only(Role.PLAN)
def save(request: Request, pk: int, row: str, field: str) -> HttpResponse:
    """Keep other words in one field."""
    _field(_view(_review(request, pk), row), field)
    text = request.POST.get("text", "")
    moved = field == HEADING

    def act() -> str:
        drafts.edit_draft(
            draft=pk,
            place=Place(row, field),
            text=text,
            edition=_edition(request),
            by=request.actor,
            at=now(),
            vocabulary=request.ledger.library.vocabulary,
        )
        return "Đã chuyển sang đề mục khác." if moved else SAVED

    return _done(request, pk, row, act, None if moved else "web/review/saved.html", field)


@require_POST
@only(Role.PLAN)
def attach(request: Request, pk: int, row: str) -> HttpResponse:
    """An indicator measures this row, or no row any more."""
    _view(_review(request, pk), row)

    def act() -> str:
        drafts.attach_indicator(
            draft=pk,
            row="" if "remove" in request.POST else row,
            indicator=request.POST.get("indicator", ""),
            edition=_edition(request),
            by=request.actor,
            at=now(),
            library=request.ledger.library,
        )
        return "Đã lưu chỉ số của hàng."

    return _done(request, pk, row, act, "web/review/indicators.html", TITLE)


@require_POST
@only(Role.PLAN)
def dismiss(request: Request, pk: int) -> HttpResponse:
    """Set a finding aside with a reason, or put it back on the list."""
    _mine(request, pk)
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

    return _done(request, pk, None, act, "web/review/dismissed.html")


@require_POST
@only(Role.PLAN)
def add(request: Request, pk: int) -> HttpResponse:
    """A row, or a heading, that the document lacks or that was not read."""
    version, said = _mine(request, pk), request.POST
    about = {"draft": version.pk, "title": said.get("title", ""), "by": request.actor, "at": now()}
    about["vocabulary"] = request.ledger.library.vocabulary
    try:
        if "number" in said:
            code = drafts.add_heading(parent=said.get("heading", ""), number=said["number"], **about)
            done = "Đã thêm đề mục. Hãy ghi ban thực hiện, rồi thêm hoặc chuyển hàng vào dưới đề mục này."
        else:
            code = drafts.add_row(heading=said.get("heading", ""), **about)
            done = "Đã thêm hàng. Hãy ghi mức từng năm, cấp và ban thực hiện của hàng này."
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
    seen = _view(_review(request, pk), row)
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
    version = _mine(request, pk)
    signed, effective = (read_date(request.POST.get(name, "").strip()) for name in ("signed_on", "effective_on"))
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


def _done(
    request: Request, pk: int, row: str | None, act: Callable[[], str], template: str | None, field: str = TITLE
) -> HttpResponse:
    """Act; then the parts of the page that changed (htmx; without a template the page anew), or the page again.

    `row`: the one that was changed, with its fields; None where it was no row.
    """
    back = reverse("draft", args=[pk]) if row is None else reverse("review-row", args=[pk, row])
    try:
        said = act()
    except Refused as refused:
        if request.htmx:
            return HttpResponse(str(refused), status=409, content_type="text/plain; charset=utf-8")
        messages.error(request, str(refused))
        return redirect(back)
    if not request.htmx or template is None:
        messages.success(request, said)
        return HttpResponse(headers={"HX-Refresh": "true"}) if request.htmx else redirect(back)
    looked = _review(request, pk)
    context = _whole(request, looked) | {"oob": True, "saved": said}
    if row is not None:
        shown = _view(looked, row)
        context |= _of_row(looked, shown) | {"field": _field(shown, field)}
    return render(request, template, context)


def _mine(request: Request, pk: int) -> PlanVersion:
    mine = PlanVersion.objects.filter(pk=pk, unit__code=request.actor.unit).select_related("based_on")
    version = mine.defer("source", "based_on__source").first()
    if version is None:
        raise Http404
    return version


def _review(request: Request, pk: int) -> Review:
    return review(_mine(request, pk), by=request.actor, library=request.ledger.library)


def _view(looked: Review, code: str) -> RowView:
    try:
        return view(looked, code)
    except KeyError as error:
        raise Http404 from error


def _field(seen: RowView, name: str) -> FieldView:
    if name not in seen.fields:
        raise Http404
    return seen.fields[name]


def _edition(request: Request) -> int:
    """Of the draft on her screen; without one, nothing that others changed is overwritten."""
    said = request.POST.get("edition", "")
    return int(said) if said.isdigit() else 0


def _whole(request: Request, looked: Review) -> dict[str, object]:
    asked = request.GET.get("muc", "")
    chosen = [finding for finding in looked.open if asked not in list(Severity) or finding.problem.severity == asked]
    return {
        "version": looked.version,
        "plan": looked.plan,
        "editable": looked.version.state == PlanVersion.State.DRAFT,
        "open": looked.open,
        "chosen": [(finding, _anchor(looked, finding)) for finding in chosen],
        "aside": [(finding, _anchor(looked, finding)) for finding in looked.findings if finding.dismissed],
        "severities": [(each, sum(f.problem.severity is each for f in looked.open)) for each in Severity],
        "asked_severity": asked,
    }


def _anchor(looked: Review, finding: Finding) -> str:
    """The id of the cell a finding is about; of none where it is about the document as such."""
    if finding.place.row == DOCUMENT.row:
        return "" if finding.place.field == WHOLE else anchor(DOCUMENT_RANK, finding.place.field)
    rank = looked.ranks.get(finding.place.row)
    return "" if rank is None else anchor(rank, finding.place.field or TITLE)


def _of_row(looked: Review, shown: RowView) -> dict[str, object]:
    code = shown.code
    if shown.document:
        return {"view": shown, "of_row": []}
    standing = {binding.indicator: code for code, bound in looked.bindings.items() for binding in bound}
    offered = [(each, standing.get(each.indicator.code)) for each in looked.candidates(code)]
    return {
        "view": shown,
        "bound": [(looked.library.indicators[each.indicator], each) for each in looked.bindings.get(code, ())],
        "offered": offered,
        "library": looked.library.indicators,
        "of_row": [finding for finding in looked.by_row.get(code, ()) if finding.dismissed is None],
    }


def _unconfirmed(version: PlanVersion) -> int:
    if version.based_on is None or version.state != PlanVersion.State.DRAFT:
        return 0
    return sum(not change.confirmed for change in amendments.changes(version))


def _counts(plan: Plan) -> list[tuple[str, int]]:
    """What was read, in numbers a person can hold against the paper."""
    cells = [cell for row in plan.activities for cell in row.commitments.values()]
    kinds = [(COMMITMENTS[kind], sum(cell.kind is kind for cell in cells)) for kind in CommitmentKind]
    first: Objective | None = plan.objectives[0] if plan.objectives else None
    targets = sum(objective.parent == first.code for objective in plan.objectives) if first else 0
    return [("Chỉ tiêu", targets), ("Hoạt động", len(plan.activities)), ("Ô của các năm", len(cells)), *kinds]
