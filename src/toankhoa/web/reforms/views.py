"""Reforms of units: entered, previewed, applied, taken back.

And people seated whom none carries on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from toankhoa.audit.clock import now
from toankhoa.core.basics import Refused, refuse
from toankhoa.core.organisation import Effect, Finder, Tree, changes_of
from toankhoa.core.organisation import Reform as Record
from toankhoa.core.returns import Role
from toankhoa.jobs.models import Job
from toankhoa.jobs.runner import Progress, start, up_to_date
from toankhoa.operations.reform_files import changes_csv, reforms_in
from toankhoa.operations.reform_preview import tree_before
from toankhoa.operations.reforms import apply_reform, undo_reform
from toankhoa.org import reforms as verbs
from toankhoa.org.models import MemberMove, Reform
from toankhoa.org.people import unseated
from toankhoa.web.reforms.forms import (
    HeadingForm,
    changes_of_file,
    heading_of,
    reform_file,
    typed_rows,
)
from toankhoa.web.reforms.reform_page import reform_context
from toankhoa.web.shell.access import View, member, only
from toankhoa.web.shell.files import file_answer, file_name
from toankhoa.web.shell.requests import Request, part_or_page
from toankhoa.web.shell.typed import form_fields, query_fields, uploaded_file

APPLY, UNDO = "apply-reform", "undo-reform"
DONE = {
    APPLY: (
        "Đã thực hiện: cây đơn vị đổi từ ngày hiệu lực, số tổng hợp đã tính lại; "
        "các kỳ trước đó giữ nguyên."
    ),
    UNDO: "Đã hoàn tác: đơn vị, người dùng và số tổng hợp trở lại như trước.",
}


def administrator(view: View) -> View:
    """Only for an administrator of the whole tree; for others the page does not exist."""

    @only(Role.ADMIN)
    @wraps(view)
    def guarded(request: Request, *args: object, **kwargs: object) -> HttpResponse:
        if request.actor.tree.depth(request.actor.unit):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@administrator
def show_all(request: Request) -> HttpResponse:
    """Drafts by day, what was applied, what was undone."""
    return _list_page(request, HeadingForm())


def _list_page(request: Request, heading: HeadingForm) -> HttpResponse:
    """The list; `heading`: of a new reform, with what is to be mended where it was refused."""
    by_state: dict[str, list[Reform]] = {state: [] for state in Reform.State}
    for reform in verbs.reforms(request.as_of):
        by_state[reform.state].append(reform)
    context = {
        "drafts": by_state[Reform.State.DRAFT],
        "applied": by_state[Reform.State.APPLIED][::-1],
        "undone": by_state[Reform.State.UNDONE],
        "tally": _tally(request, request.actor.tree),
        "unseated": unseated(request.as_of),
        "heading": heading,
    }
    return render(request, "reforms/reforms.html", context)


@require_POST
@administrator
def draft(request: Request) -> HttpResponse:
    """Begin a new one, with the changes of a file where she gives one."""
    heading = HeadingForm(request.POST)
    if not heading.is_valid():
        return _list_page(request, heading)
    record = heading.on(Record(code="", day=request.actor.today, document="", title="", changes=()))
    finder = _finder(request, request.actor.organisation.on(record.day))
    try:
        record = replace(record, changes=changes_of_file(request, finder))
        reform = verbs.draft_reform(reform=record, by=request.actor, at=now())
    except Refused as refused:
        heading.refuse(refused)
        return _list_page(request, heading)
    return redirect("reform", reform.pk)


@require_POST
@administrator
def load(request: Request) -> HttpResponse:
    """Draft every reform of a YAML file."""

    def begin() -> HttpResponse:
        file = reform_file(request)
        reforms = reforms_in(file.name, file.read())
        verbs.draft_reforms(reforms=reforms, by=request.actor, at=now())
        messages.success(
            request,
            "Đã nạp các lần sắp xếp trong tệp thành bản thảo. Hãy mở từng bản để xem trước.",
        )
        return redirect("reforms")

    return _try(request, begin, "reforms")


@administrator
def show(request: Request, pk: int) -> HttpResponse:
    """One reform: its changes as sentences, what they do, and what may be done with it now."""
    reform = _reform(request, pk)
    return _reform_page(request, reform, heading_of(reform))


def _reform_page(request: Request, reform: Reform, heading: HeadingForm) -> HttpResponse:
    context = reform_context(reform, request.actor, request.ledger, request.as_of)
    context |= {"heading": heading, "opened": _opened(request)}
    return render(request, "reforms/reform.html", context)


def _opened(request: Request) -> str:
    """Which form stays open for the next change; another kind is typed on that of another name."""
    effect = query_fields(request).text("them")
    if effect == Effect.KIND:
        return Effect.RENAME
    return effect


@require_POST
@administrator
def revise(request: Request, pk: int) -> HttpResponse:
    """Another title, document or day."""
    reform, heading = _reform(request, pk), HeadingForm(request.POST)
    if not heading.is_valid():
        return _reform_page(request, reform, heading)
    return _revise(request, pk, lambda record, _: heading.on(record))


@require_POST
@administrator
def add_change(request: Request, pk: int) -> HttpResponse:
    """One more change, typed on its form or, many at once, in a file."""

    def more(record: Record, tree: Tree) -> Record:
        finder = _finder(request, tree)
        if uploaded_file(request) is not None:
            added = changes_of_file(request, finder)
        else:
            added = tuple(changes_of(typed_rows(form_fields(request)), finder))
        return replace(record, changes=(*record.changes, *added))

    return _revise(request, pk, more)


@require_POST
@administrator
def remove_change(request: Request, pk: int) -> HttpResponse:
    """One change less."""
    removed = form_fields(request).number("place")

    def less(record: Record, _: Tree) -> Record:
        places = enumerate(record.changes)
        return replace(record, changes=tuple(row for place, row in places if place != removed))

    return _revise(request, pk, less)


@require_POST
@administrator
def drop(request: Request, pk: int) -> HttpResponse:
    """Throw a draft away."""

    def act() -> HttpResponse:
        verbs.drop_reform(draft=_reform(request, pk), by=request.actor, at=now())
        messages.success(request, "Đã bỏ bản thảo.")
        return redirect("reforms")

    return _try(request, act, "reform", pk)


@administrator
def download(request: Request, pk: int) -> HttpResponse:
    """The changes as a CSV that can be loaded again."""
    reform = _reform(request, pk)
    return file_answer(
        changes_csv(reform.record().changes),
        name=file_name("Sắp xếp đơn vị", f"{reform.day:%Y %m %d}", suffix=".csv"),
        content_type="text/csv; charset=utf-8",
    )


@require_POST
@administrator
def apply(request: Request, pk: int) -> HttpResponse:
    """Begin to apply a draft."""
    reform, by, at = _reform(request, pk), request.actor, now()
    library = request.ledger.library

    def work(progress: Progress) -> dict[str, Any]:
        progress(0, 1, "Đang thực hiện sắp xếp")
        apply_reform(draft=reform, by=by, today=by.today, at=at, library=library, progress=progress)
        return {"reform": pk}

    return redirect("reform-job", start(kind=APPLY, work=work, by=by.user, at=at).pk)


@require_POST
@administrator
def undo(request: Request, pk: int) -> HttpResponse:
    """Begin to take an applied reform back."""
    reform, by, at = _reform(request, pk), request.actor, now()
    library = request.ledger.library

    def work(progress: Progress) -> dict[str, Any]:
        progress(0, 1, "Đang hoàn tác sắp xếp")
        undo_reform(reform=reform, by=by, at=at, library=library, progress=progress)
        return {"reform": pk}

    return redirect("reform-job", start(kind=UNDO, work=work, by=by.user, at=at).pk)


@administrator
def watch(request: Request, pk: int) -> HttpResponse:
    """How far it is: asks again every moment until it is done, then leads back to the reform."""
    job = get_object_or_404(Job, pk=pk, by=request.user, kind__in=(APPLY, UNDO))
    if job.state != Job.State.DONE:
        page = part_or_page(request, "parts/progress.html", "reforms/job.html")
        context = {
            "job": up_to_date(job),
            "watch": reverse("reform-job", args=[pk]),
            "undoing": job.kind == UNDO,
        }
        return render(request, page, context)
    messages.success(request, DONE[job.kind])
    address = reverse("reform", args=[job.result["reform"]])
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)


@require_POST
@administrator
def seat(request: Request, pk: int) -> HttpResponse:
    """Say for which unit a person acts whose own was carried on by none or by several."""
    fields, tree = form_fields(request), request.actor.tree
    moves = MemberMove.objects.select_related("user")
    move = get_object_or_404(moves, pk=fields.number("move"), reform=pk)

    def act() -> HttpResponse:
        unit = _finder(request, tree).unit(fields.text("unit"))
        if unit not in tree:
            raise refuse("seat-unit", "Hãy chọn một đơn vị đang hoạt động.")
        verbs.seat_member(move=move, unit=unit, by=request.actor, at=now())
        messages.success(request, f"Đã xếp {move.user} vào {tree.units[unit].name}.")
        return redirect("reform", pk)

    return _try(request, act, "reform", pk)


@require_POST
@member
def read(request: Request) -> HttpResponse:
    """She has read that a reform moved her."""
    verbs.read_move(by=request.actor, at=now())
    return redirect("home")


def _reform(request: Request, pk: int) -> Reform:
    """A reform, as it was at the moment that is looked at; Http404 where there was none then."""
    for reform in verbs.reforms(request.as_of):
        if reform.pk == pk:
            return reform
    raise Http404


def _try(
    request: Request, action: Callable[[], HttpResponse], page: str, *args: object
) -> HttpResponse:
    """Do it; where it is refused, say why on the page she came from."""
    try:
        return action()
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(page, *args)


def _revise(request: Request, pk: int, change: Callable[[Record, Tree], Record]) -> HttpResponse:
    """Keep a draft with a change; the same form stays open for the next one."""
    reform, fields = _reform(request, pk), form_fields(request)

    def act() -> HttpResponse:
        verbs.revise_reform(
            draft=reform,
            reform=change(reform.record(), tree_before(reform)),
            row_version=fields.number("row_version") or 0,
            by=request.actor,
            at=now(),
        )
        opened = urlencode({"them": fields.text("effect")})
        return redirect(f"{reverse('reform', args=[pk])}?{opened}#thay-doi")

    return _try(request, act, "reform", pk)


def _finder(request: Request, tree: Tree) -> Finder:
    return Finder(tree, request.ledger.library.vocabulary.level_names)


def _tally(request: Request, tree: Tree) -> list[tuple[str, int]]:
    names = request.ledger.library.vocabulary.level_names
    return [(name, tree.count(level, request.actor.unit)) for level, name in names.items()]
