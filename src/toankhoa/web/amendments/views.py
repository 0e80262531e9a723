"""An amendment on screen: begun from a published version, held against it, confirmed row by row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from toankhoa.audit.clock import now
from toankhoa.core.basics import Refused
from toankhoa.core.compiling import say_codes
from toankhoa.core.measures import Vocabulary
from toankhoa.core.plan import Activity, Objective, Plan, codec
from toankhoa.core.returns import Role
from toankhoa.core.review import HEADING, AmendmentKind, AmendmentStep, words
from toankhoa.plan import amendments
from toankhoa.plan.amendments import Amended
from toankhoa.plan.models import PlanVersion
from toankhoa.web.review.page import mine
from toankhoa.web.review.row_views import NO_BOARD, label
from toankhoa.web.shell.access import only
from toankhoa.web.shell.requests import Request
from toankhoa.web.shell.typed import form_fields, query_fields


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
    def kinds(self) -> list[AmendmentKind]:
        """What kinds of change it is, in the order of the list of kinds."""
        return [kind for kind in AmendmentKind if kind in self.amended.step.kinds]

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
    changes = amendments.changes(version)
    kind = query_fields(request).member("loai", AmendmentKind)
    chosen = [change for change in changes if kind is None or kind in change.step.kinds]
    editable = version.state == PlanVersion.State.DRAFT
    context = {
        "version": version,
        "changes": _shown(version, chosen, request.ledger.library.vocabulary),
        "kinds": [(kind, count) for kind, count in _by_kind(changes) if count],
        "chosen_kind": kind,
        "total": len(changes),
        "left": sum(not change.confirmed for change in changes),
        "editable": editable,
        "confirmable": editable and bool(chosen),
    }
    return render(request, "amendments/amend.html", context)


def _by_kind(changes: list[Amended]) -> list[tuple[AmendmentKind, int]]:
    return [(kind, sum(kind in change.step.kinds for change in changes)) for kind in AmendmentKind]


@require_POST
@only(Role.PLAN)
def confirm(request: Request, pk: int) -> HttpResponse:
    """Confirm one change or all that are shown, or take it back."""
    _amendment(request, pk)
    fields = form_fields(request)
    try:
        amendments.confirm_steps(
            draft=pk,
            marks=fields.texts("mark"),
            confirmed="take-back" not in fields,
            by=request.actor,
            at=now(),
        )
    except Refused as refused:
        messages.error(request, str(refused))
    return _back(request, pk)


@require_POST
@only(Role.PLAN)
def pair(request: Request, pk: int) -> HttpResponse:
    """Say which row of the version in force a row carries on."""
    _amendment(request, pk)
    fields = form_fields(request)
    row, old_row = fields.text("row"), fields.text("was")
    try:
        amendments.pair_rows(draft=pk, row=row, was=old_row, by=request.actor, at=now())
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
    """The page again, of the kind that was shown."""
    kind = form_fields(request).member("loai", AmendmentKind)
    address = reverse("amendment", args=[pk])
    return redirect(address if kind is None else f"{address}?loai={kind}")


def _shown(version: PlanVersion, chosen: list[Amended], vocabulary: Vocabulary) -> list[AmendedRow]:
    assert version.based_on is not None  # it is an amendment
    before: Plan = codec.plan_from(version.based_on.document)
    carried_on = set(version.pairs.values())
    free = [row for row in before.rows() if row.code not in carried_on]
    titles = headings(before) | headings(codec.plan_from(version.document))
    rows = []
    for change in chosen:
        fields = tuple(sides(change.step, vocabulary, titles))
        rows.append(AmendedRow(change, fields, _partners(change.step, free)))
    return rows


def headings(plan: Plan) -> dict[str, str]:
    """Number and title of each heading by its code."""
    return {row.code: f"{row.number} {row.title}".strip() for row in plan.objectives}


def _partners(
    step: AmendmentStep, free: list[Objective | Activity]
) -> tuple[Objective | Activity, ...]:
    """Rows of its kind that no row carries on, and the one it carries on now."""
    if step.after is None:
        return ()
    own = (step.before,) if step.before else ()
    as_activity = isinstance(step.after, Activity)
    return own + tuple(row for row in free if isinstance(row, Activity) == as_activity)


def sides(step: AmendmentStep, vocabulary: Vocabulary, titles: Mapping[str, str]) -> list[Side]:
    """The fields that differ, before and after; of a row that came or went, its words and years.

    `titles`: of headings by code, before and after.
    """
    before = words(step.before) if step.before else {}
    after = words(step.after) if step.after else {}
    shown = []
    for name in before | after:
        old, new = before.get(name, ""), after.get(name, "")
        if name != HEADING and old != new:  # headings are told below, by their titles
            shown.append(Side(label(name), old, new))
    if step.before and step.after:
        shown += _moved(step, step.before, step.after, titles)
        shown += _other_boards(step, step.before, step.after, vocabulary)
    return shown


def _moved(
    step: AmendmentStep,
    before: Objective | Activity,
    after: Objective | Activity,
    titles: Mapping[str, str],
) -> list[Side]:
    """The headings above a row that was moved."""
    if AmendmentKind.MOVED not in step.kinds:
        return []
    return [Side("Đề mục", titles.get(_above(before), ""), titles.get(_above(after), ""))]


def _other_boards(
    step: AmendmentStep,
    before: Objective | Activity,
    after: Objective | Activity,
    vocabulary: Vocabulary,
) -> list[Side]:
    """The boards of a row that says nothing of them itself, and goes by its heading."""
    if AmendmentKind.BOARDS not in step.kinds or before.boards_text != after.boards_text:
        return []
    names = vocabulary.board_names
    old = say_codes(before.boards, names, nobody=NO_BOARD)
    new = say_codes(after.boards, names, nobody=NO_BOARD)
    return [Side("Ban theo đề mục", old, new)]


def _above(row: Objective | Activity) -> str:
    return (row.objective if isinstance(row, Activity) else row.parent) or ""
