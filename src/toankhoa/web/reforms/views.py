"""Reforms of units: enter one, see what it would do, apply it, take it back, seat those whom no unit carries on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
from toankhoa.core.basics import Refused, read_date, refuse
from toankhoa.core.organisation import EFFECTS, Change, Finder, Tree, changes_of
from toankhoa.core.organisation import Reform as Record
from toankhoa.core.returns import Role
from toankhoa.jobs.models import Job
from toankhoa.jobs.runner import Progress, start, up_to_date
from toankhoa.operations.reform_dependents import dependents, rerouted_by_undoing
from toankhoa.operations.reform_files import changes_csv, changes_in, reforms_in
from toankhoa.operations.reform_preview import Preview, preview, tree_before
from toankhoa.operations.reforms import apply_reform, in_the_way, undo_reform
from toankhoa.org import reforms as verbs
from toankhoa.org.models import MemberMove, Reform
from toankhoa.org.people import moves_of, unseated
from toankhoa.web.reforms.words import Sentences, rows_typed
from toankhoa.web.shell.access import Request, View, member, only
from toankhoa.web.units.views import offered

APPLY, UNDO = "apply-reform", "undo-reform"
LARGEST = 5 * 1024 * 1024
SHOWN = 200  # lines of a list; a nation's reform has thousands
MERGED, PARTS = range(6), range(4)  # lines on the forms of a merger and of a division


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
    return _all(request)


def _all(request: Request, typed: Mapping[str, str] | None = None) -> HttpResponse:
    """The list; `typed`: a heading that was refused, to be mended where it was typed."""
    by_state: dict[str, list[Reform]] = {state: [] for state in Reform.State}
    for reform in verbs.reforms(request.as_of):
        by_state[reform.state].append(reform)
    context = {
        "drafts": by_state[Reform.State.DRAFT],
        "applied": by_state[Reform.State.APPLIED][::-1],
        "undone": by_state[Reform.State.UNDONE],
        "tally": _tally(request, request.actor.tree),
        "left": unseated(request.as_of),
        "typed": typed or {},
    }
    return render(request, "reforms/reforms.html", context)


@require_POST
@administrator
def draft(request: Request) -> HttpResponse:
    """Begin a new one, with the changes of a file where she gives one."""

    try:
        record = _heading(
            request, Record(code="", day=request.actor.today, document="", title="", changes=())
        )
        record = replace(
            record, changes=_from_file(request, request.actor.organisation.on(record.day))
        )
        return redirect("reform", verbs.draft_reform(reform=record, by=request.actor, at=now()).pk)
    except Refused as refused:
        messages.error(request, str(refused))
        return _all(request, request.POST)


@require_POST
@administrator
def load(request: Request) -> HttpResponse:
    """Draft every reform of a YAML file."""

    def begin() -> HttpResponse:
        verbs.draft_reforms(reforms=reforms_in(*_file(request)), by=request.actor, at=now())
        messages.success(
            request,
            "Đã nạp các lần sắp xếp trong tệp thành bản thảo. Hãy mở từng bản để xem trước.",
        )
        return redirect("reforms")

    return _try(request, begin, "reforms")


@administrator
def show(request: Request, pk: int) -> HttpResponse:
    """One reform: its changes as sentences, what they do, and what may be done with it now."""
    reform, as_of = _found(request, pk), request.as_of
    seen = preview(reform, request.ledger.library, as_of)
    names = request.ledger.library.vocabulary.level_names
    changes = reform.record().changes
    said = Sentences(seen.before, names).all(changes)
    faults = dict(seen.faults)
    editable = reform.state == Reform.State.DRAFT
    applied = reform.state == Reform.State.APPLIED
    reasons = list(dependents(reform, request.actor.organisation, as_of)) if applied else []
    context = {
        "reform": reform,
        "preview": seen,
        "changes": [(place, sentence, faults.get(place)) for place, sentence in enumerate(said)],
        "whole_fault": faults.get(None),
        "levels": [
            (names.get(level, level), before, after) for level, before, after in seen.levels
        ],
        "follows": [(each, *_went(seen, each.was, each.to)) for each in seen.follows]
        if editable
        else [],
        "moves": [
            (move, *_went(seen, move.was.code, move.now and move.now.code))
            for move in moves_of(reform, as_of)
        ],
        "editable": editable,
        "in_the_way": in_the_way(reform, request.actor.today, as_of) if editable else "",
        "reasons": reasons,
        "rerouted_by_undoing": rerouted_by_undoing(reform, request.actor.organisation, as_of)
        if applied and not reasons
        else [],
        "offered": offered(seen.before)
        if editable
        else offered(request.actor.tree)
        if applied
        else [],
        "level_names": names,
        "opened": request.GET.get("them", ""),
        "effects": EFFECTS,
        "shown": f":{SHOWN}",
        "most": SHOWN,
        "merged_lines": MERGED,
        "part_lines": PARTS,
    }
    return render(request, "reforms/reform.html", context)


@require_POST
@administrator
def revise(request: Request, pk: int) -> HttpResponse:
    """Another title, document or day."""
    return _revise(request, pk, lambda record, _: _heading(request, record))


@require_POST
@administrator
def add_change(request: Request, pk: int) -> HttpResponse:
    """One more change, typed on its form or, many at once, in a file."""

    def more(record: Record, tree: Tree) -> Record:
        if "file" in request.FILES:
            return replace(record, changes=(*record.changes, *_from_file(request, tree)))
        return replace(
            record,
            changes=(
                *record.changes,
                *changes_of(rows_typed(request.POST), _finder(request, tree)),
            ),
        )

    return _revise(request, pk, more)


@require_POST
@administrator
def remove_change(request: Request, pk: int) -> HttpResponse:
    """One change less."""
    place = request.POST.get("place", "")

    def less(record: Record, _: Tree) -> Record:
        kept = tuple(change for at, change in enumerate(record.changes) if str(at) != place)
        return replace(record, changes=kept)

    return _revise(request, pk, less)


@require_POST
@administrator
def drop(request: Request, pk: int) -> HttpResponse:
    """Throw a draft away."""

    def gone() -> HttpResponse:
        verbs.drop_reform(draft=_found(request, pk), by=request.actor, at=now())
        messages.success(request, "Đã bỏ bản thảo.")
        return redirect("reforms")

    return _try(request, gone, "reform", pk)


@administrator
def download(request: Request, pk: int) -> HttpResponse:
    """The changes as a CSV that can be loaded again."""
    reform = _found(request, pk)
    response = HttpResponse(
        changes_csv(reform.record().changes), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="sap-xep-{reform.code}.csv"'
    return response


@require_POST
@administrator
def apply(request: Request, pk: int) -> HttpResponse:
    """Begin to apply a draft."""
    reform, by, at = _found(request, pk), request.actor, now()
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
    reform, by, at = _found(request, pk), request.actor, now()
    library = request.ledger.library

    def work(progress: Progress) -> dict[str, Any]:
        progress(0, 1, "Đang hoàn tác sắp xếp")
        undo_reform(reform=reform, by=by, at=at, library=library, progress=progress)
        return {"reform": pk}

    return redirect("reform-job", start(kind=UNDO, work=work, by=by.user, at=at).pk)


@administrator
def watch(request: Request, pk: int) -> HttpResponse:
    """How far applying or undoing is: asks again every moment until it is done, then leads back to the reform."""
    job = get_object_or_404(Job, pk=pk, by=request.user, kind__in=(APPLY, UNDO))
    if job.state != Job.State.DONE:
        part = "parts/progress.html" if request.htmx else "reforms/job.html"
        context = {
            "job": up_to_date(job),
            "watch": reverse("reform-job", args=[pk]),
            "undoing": job.kind == UNDO,
        }
        return render(request, part, context)
    done = (
        "Đã hoàn tác: đơn vị, người dùng và số tổng hợp trở lại như trước."
        if job.kind == UNDO
        else (
            "Đã thực hiện: cây đơn vị đổi từ ngày hiệu lực, số tổng hợp đã tính lại; các kỳ trước đó giữ nguyên."
        )
    )
    messages.success(request, done)
    address = reverse("reform", args=[job.result["reform"]])
    return HttpResponse(headers={"HX-Redirect": address}) if request.htmx else redirect(address)


@require_POST
@administrator
def seat(request: Request, pk: int) -> HttpResponse:
    """Say for which unit a person acts whose own was carried on by none or by several."""
    move = get_object_or_404(
        MemberMove.objects.select_related("user"),
        pk=_number(request.POST.get("move", "")),
        reform=pk,
    )

    def seated() -> HttpResponse:
        unit = _finder(request, request.actor.tree).unit(request.POST.get("unit", ""))
        if unit not in request.actor.tree:
            raise refuse("seat-unit", "Hãy chọn một đơn vị đang hoạt động.")
        verbs.seat_member(move=move, unit=unit, by=request.actor, at=now())
        messages.success(request, f"Đã xếp {move.user} vào {request.actor.tree.units[unit].name}.")
        return redirect("reform", pk)

    return _try(request, seated, "reform", pk)


@require_POST
@member
def read(request: Request) -> HttpResponse:
    """She has read that a reform moved her."""
    verbs.read_move(by=request.actor, at=now())
    return redirect("home")


def _found(request: Request, pk: int) -> Reform:
    """A reform, as it stood at the moment that is looked at; Http404 where there was none, or it had been dropped."""
    found = next((reform for reform in verbs.reforms(request.as_of) if reform.pk == pk), None)
    if found is None:
        raise Http404
    return found


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
    row = _found(request, pk)

    def revised() -> HttpResponse:
        record, row_version = (
            change(row.record(), tree_before(row)),
            _number(request.POST.get("row_version", "")),
        )
        verbs.revise_reform(
            draft=row, reform=record, row_version=row_version, by=request.actor, at=now()
        )
        again = urlencode(
            {"them": request.POST.get("effect", "")}
        )  # the same form stays open for the next one
        return redirect(f"{reverse('reform', args=[pk])}?{again}#thay-doi")

    return _try(request, revised, "reform", pk)


def _heading(request: Request, record: Record) -> Record:
    day = read_date(request.POST.get("day", ""))
    if day is None:
        raise refuse("reform-day", "Hãy ghi ngày có hiệu lực, ví dụ 01/7/2025.")
    return replace(
        record,
        day=day,
        document=request.POST.get("document", ""),
        title=request.POST.get("title", ""),
    )


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _file(request: Request) -> tuple[str, bytes]:
    """The uploaded file. `Refused` where there is none or it is too large."""
    file = request.FILES.get("file")
    if file is None:
        raise refuse("reform-file", "Chưa chọn tệp. Hãy chọn tệp rồi bấm Nạp.")
    if file.size > LARGEST:
        raise refuse("reform-file", "Tệp lớn hơn 5 MB. Hãy chỉ để bảng thay đổi trong tệp.")
    return file.name, file.read()


def _from_file(request: Request, tree: Tree) -> tuple[Change, ...]:
    """The changes of the file, none where none was given."""
    return changes_in(*_file(request), _finder(request, tree)) if "file" in request.FILES else ()


def _finder(request: Request, tree: Tree) -> Finder:
    return Finder(tree, request.ledger.library.vocabulary.level_names)


def _went(seen: Preview, was: str, now_: str | None) -> tuple[str, str]:
    """The names of the unit a person had, and of the one she has."""
    old = seen.before.units[was].name if was in seen.before else was
    if now_ is None:
        return old, ""
    return old, seen.after.units[now_].name if seen.after and now_ in seen.after else now_


def _tally(request: Request, tree: Tree) -> list[tuple[str, int]]:
    names = request.ledger.library.vocabulary.level_names
    return [(name, tree.count(level, request.actor.unit)) for level, name in names.items()]
