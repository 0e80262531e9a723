"""An amendment on screen: begun from a published version, held against it side by side, confirmed row by row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from toankhoa.audit.clock import now
from toankhoa.core.basics import Refused
from toankhoa.core.compiling import say_codes
from toankhoa.core.measures import Vocabulary
from toankhoa.core.plan import Activity, Objective, Plan, codec
from toankhoa.core.returns import Role
from toankhoa.core.review import HEADING, AmendmentStep, Kind, words
from toankhoa.plan import amendments
from toankhoa.plan.amendments import Amended
from toankhoa.plan.models import PlanVersion
from toankhoa.web.review.page import mine
from toankhoa.web.review.row_views import NO_BOARD, label
from toankhoa.web.shell.access import Request, only


@dataclass(frozen=True)
class Side:
    """One field of a changed row, as it was and as it is."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class AmendedRow:
    """One change as it is shown."""

    amended: Amended
    sides: tuple[Side, ...]
    partners: tuple[Objective | Activity, ...]  # rows of the version in force that it may carry on

    @property
    def step(self) -> AmendmentStep:
        """What happened to the row."""
        return self.amended.step


@require_POST
@only(Role.PLAN)
def start(request: Request, pk: int) -> HttpResponse:
    """A copy of a published version, to be edited."""
    hers = PlanVersion.objects.filter(unit__code=request.actor.unit)
    try:
        draft = amendments.start_amendment(
            based_on=get_object_or_404(hers, pk=pk), by=request.actor, at=now()
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("uploads")
    messages.success(
        request,
        "Đã lập bản điều chỉnh từ phiên bản này. Hãy sửa các ô cần đổi, rồi xem phần so sánh.",
    )
    return redirect("draft", draft.pk)


@only(Role.PLAN)
def show(request: Request, pk: int) -> HttpResponse:
    """Every change, side by side; of one kind where she asks for one."""
    version = _amendment(request, pk)
    every = amendments.changes(version)
    asked = request.GET.get("loai", "")
    chosen = [change for change in every if not asked or asked in change.step.kinds]
    context = {
        "version": version,
        "changes": list(_shown(version, chosen, request.ledger.library.vocabulary)),
        "kinds": [(kind, sum(kind in change.step.kinds for change in every)) for kind in Kind],
        "asked_kind": asked,
        "total": len(every),
        "left": sum(not change.confirmed for change in every),
        "editable": version.state == PlanVersion.State.DRAFT,
    }
    return render(request, "amendments/amend.html", context)


@require_POST
@only(Role.PLAN)
def confirm(request: Request, pk: int) -> HttpResponse:
    """Confirm one change or all that are shown, or take it back."""
    _amendment(request, pk)
    marks, meant = request.POST.getlist("mark"), "take-back" not in request.POST
    try:
        amendments.confirm_steps(draft=pk, marks=marks, confirmed=meant, by=request.actor, at=now())
    except Refused as refused:
        messages.error(request, str(refused))
    return _back(request, pk)


@require_POST
@only(Role.PLAN)
def pair(request: Request, pk: int) -> HttpResponse:
    """Say which row of the version in force a row carries on."""
    _amendment(request, pk)
    row, was = request.POST.get("row", ""), request.POST.get("was", "")
    try:
        amendments.pair_rows(draft=pk, row=row, was=was, by=request.actor, at=now())
    except KeyError as error:
        raise Http404 from error
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"Đã ghép lại hàng {row}.")
    return _back(request, pk)


def _amendment(request: Request, pk: int) -> PlanVersion:
    version = mine(request, pk)
    if version.based_on is None:
        raise Http404
    return version


def _back(request: Request, pk: int) -> HttpResponse:
    asked = request.POST.get("loai", "")
    response = redirect("amendment", pk)
    if asked in set(Kind):
        response["Location"] += f"?loai={asked}"
    return response


def _shown(version: PlanVersion, chosen: list[Amended], vocabulary: Vocabulary) -> list[AmendedRow]:
    assert version.based_on is not None  # it is an amendment
    before: Plan = codec.plan_from(version.based_on.document)
    carried = set(version.pairs.values())
    free = [row for row in before.rows() if row.code not in carried]
    titles = {**headings(before), **headings(codec.plan_from(version.document))}
    shown = [(change, tuple(sides(change.step, vocabulary, titles))) for change in chosen]
    return [AmendedRow(change, fields, _partners(change.step, free)) for change, fields in shown]


def headings(plan: Plan) -> dict[str, str]:
    """Number and title of each heading by its code."""
    return {row.code: f"{row.number} {row.title}".strip() for row in plan.objectives}


def _partners(
    step: AmendmentStep, free: list[Objective | Activity]
) -> tuple[Objective | Activity, ...]:
    """Rows of its kind that no row carries on, and the one it carries on now."""
    if step.after is None:
        return ()
    own = [step.before] if step.before else []
    return (
        *own,
        *(row for row in free if isinstance(row, Activity) == isinstance(step.after, Activity)),
    )


def sides(step: AmendmentStep, vocabulary: Vocabulary, titles: Mapping[str, str]) -> list[Side]:
    """The fields that differ, before and after; of a row that came or went its words and what is in its years.

    `titles`: of headings by code, before and after.
    """
    before, after = (words(row) if row else {} for row in (step.before, step.after))
    named = [
        name for name in {**before, **after} if name != HEADING
    ]  # headings are told below, by their titles
    pairs = [(label(name), before.get(name, ""), after.get(name, "")) for name in named]
    found = [Side(*each) for each in pairs if each[1] != each[2]]
    if step.before and step.after:
        if Kind.MOVED in step.kinds:
            found.append(
                Side("Đề mục", *(titles.get(_above(row), "") for row in (step.before, step.after)))
            )
        if Kind.BOARDS in step.kinds and step.before.boards_text == step.after.boards_text:
            said = (
                say_codes(row.boards, vocabulary.board_names, nobody=NO_BOARD)
                for row in (step.before, step.after)
            )
            found.append(Side("Ban theo đề mục", *said))
    return found


def _above(row: Objective | Activity) -> str:
    return (row.objective if isinstance(row, Activity) else row.parent) or ""
