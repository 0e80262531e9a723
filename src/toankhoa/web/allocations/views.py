"""Giao chỉ tiêu: decisions that hand targets down, drafted on a sheet.

And those a unit received.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from toankhoa.audit.clock import now
from toankhoa.core.basics import Refused, format_date
from toankhoa.core.measures import Indicator
from toankhoa.core.plan import Objective
from toankhoa.core.targets import Column, Reach, Required, required_of
from toankhoa.documents.writing.allocation_workbook import (
    SheetUnit,
    read_allocation,
    write_allocation,
)
from toankhoa.operations import target_allocation
from toankhoa.operations.allocation_sheet import AllocationSheet, allocation_sheet
from toankhoa.operations.as_issued import as_issued, units_since
from toankhoa.operations.living_plan import LivingPlan, living_plan
from toankhoa.operations.target_allocation import Offer
from toankhoa.plan import allocations
from toankhoa.plan.column_json import column_from
from toankhoa.plan.models import Allocation, Receipt
from toankhoa.plan.targets_in_force import target_of
from toankhoa.web.allocations import forms
from toankhoa.web.allocations.decision_form import DecisionForm, usual_decision
from toankhoa.web.allocations.forms import SheetView, TypedSheet
from toankhoa.web.plan.views import FILES
from toankhoa.web.shell.access import member, refusal
from toankhoa.web.shell.files import file_answer, file_name
from toankhoa.web.shell.requests import Request, part_or_page
from toankhoa.web.shell.typed import UploadedFile, form_fields, query_fields, uploaded_file, year
from toankhoa.web.uploads.views import LARGEST

Wrong = Mapping[str, tuple[str, str]]
Key = tuple[str, str, int]  # row, indicator, year


@dataclass(frozen=True)
class OfferedTarget:
    """A target that may go on a sheet. `decided`: her unit's last decision about it, if any."""

    offer: Offer
    decided: Allocation | None

    @property
    def key(self) -> str:
        """As the form sends it back."""
        column = self.offer.column
        return f"{column.row}|{column.indicator}|{column.year}"

    @property
    def open(self) -> bool:
        """Whether it waits to be handed down.

        Nobody did, and units do not follow it by themselves.
        """
        return not (self.decided or self.offer.follows or self.offer.above)


@dataclass(frozen=True)
class OfferedGroup:
    """Targets under the heading they belong to."""

    heading: Objective
    targets: tuple[OfferedTarget, ...]


@dataclass(frozen=True)
class ReceivedTarget:
    """A target as a decision asks it of a unit.

    `indicator` None where the library has it no more.
    """

    column: Column
    indicator: Indicator | None
    required: Required | None

    @property
    def name(self) -> str:
        """Of its indicator."""
        if self.indicator:
            return self.indicator.name
        return self.column.indicator


@member
def show(request: Request) -> HttpResponse:
    """What was handed to her unit, and what her unit hands down."""
    living = living_plan(unit=request.actor.unit, by=request.actor)
    may = living is not None and allocations.may_allocate(request.actor, living.version.root)
    context = {
        "living": living,
        "may": may,
        "received": allocations.received(request.actor),
        "made": allocations.made(request.actor) if may else [],
    }
    return render(request, "allocations/list.html", context)


@member
def choose(request: Request) -> HttpResponse:
    """Which targets of which years go on a new sheet; ticked, they become one."""
    living = _mine(request)
    years, today = living.plan.years, request.actor.today
    chosen = query_fields(request).year("nam")
    if chosen is None or chosen not in years:
        chosen = min(max(today.year, years[0]), years[-1])
    offers = target_allocation.offers(living, request.ledger, today, years={chosen})
    decided = _decided(request)
    targets = [OfferedTarget(offer, decided.get(offer.key)) for offer in offers]
    context = {
        "year": chosen,
        "years": years,
        "other_years": [year for year in years if year != chosen],
        "groups": _grouped(living, targets),
        "open": sum(target.open for target in targets),
        "reaches": [*Reach] if _above_others(request) else [],
    }
    return render(request, "allocations/choose.html", context)


@require_POST
@member
def start(request: Request) -> HttpResponse:
    """A draft with the targets that were ticked, for their year and others that she asked for."""
    _mine(request)
    fields = form_fields(request)
    try:
        draft = target_allocation.start(
            keys=_ticked(fields.texts("target"), fields.numbers("year")),
            by=request.actor,
            at=now(),
            ledger=request.ledger,
            reach=fields.member("reach", Reach) or Reach.NEXT,
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("choose-targets")
    return redirect("allocation", draft.pk)


@member
def one(request: Request, pk: int) -> HttpResponse:
    """A decision of her unit: its sheet, to be filled in or to be read."""
    return _page(request, _decision(request, pk))


@require_POST
@member
def save(request: Request, pk: int) -> HttpResponse:
    """Keep what was typed: boxes as they are left (by script), all of them by the Save button."""
    decision, fields = _decision(request, pk), form_fields(request)
    typed = forms.read_typed(_sheet(request, decision), fields.dictionary())
    row_version = fields.number("row_version")
    try:
        decision = _save(request, decision, typed, -1 if row_version is None else row_version)
    except Refused as refused:
        if request.htmx:
            return refusal(str(refused))
        messages.error(request, str(refused))
        return redirect("allocation", pk)
    if not request.htmx and not typed.wrong:
        messages.success(request, "Đã lưu bảng giao.")
        return redirect("allocation", pk)
    return _page(request, decision, wrong=typed.wrong)


@require_POST
@member
def issue(request: Request, pk: int) -> HttpResponse:
    """Put it in force, under a number and a date."""
    decision, form = _decision(request, pk), DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, decision, form=form)
    try:
        target_allocation.issue(
            allocation=decision,
            **form.cleaned_data,
            by=request.actor,
            at=now(),
            ledger=request.ledger,
        )
    except Refused as refused:
        form.refuse(refused)
        return _page(request, decision, form=form)
    messages.success(request, "Đã giao. Các đơn vị thấy chỉ tiêu của mình và xác nhận đã nhận.")
    return redirect("allocation", pk)


@require_POST
@member
def discard(request: Request, pk: int) -> HttpResponse:
    """Throw a draft away."""
    _decision(request, pk)
    try:
        allocations.discard(allocation=pk, by=request.actor, at=now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("allocation", pk)
    messages.success(request, "Đã bỏ bảng giao này.")
    return redirect("allocations")


@require_POST
@member
def revise(request: Request, pk: int) -> HttpResponse:
    """A draft that begins where this decision stands."""
    decision = _decision(request, pk)
    try:
        draft = target_allocation.revise(
            allocation=decision, by=request.actor, at=now(), ledger=request.ledger
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("allocation", pk)
    messages.success(
        request,
        "Đã lập bản điều chỉnh từ quyết định này. Chỉ tiêu cũ còn hiệu lực đến khi giao bản mới.",
    )
    return redirect("allocation", draft.pk)


@member
def download(request: Request, pk: int) -> HttpResponse:
    """The sheet as an Excel workbook."""
    decision = _decision(request, pk)
    shown = _view(request, decision)
    units = []
    for row in shown.rows:
        below = shown.sheet.inner.get(row.unit.code, ())
        units.append(SheetUnit(row.unit.code, row.unit.name, row.depth, below))
    place = request.actor.place.name
    title, as_signed = f"Giao chỉ tiêu của {place}", ""
    if decision.number and decision.issued_on and decision.effective_on:
        title = f"{title}: quyết định số {decision.number}"
        as_signed = (
            f"Chỉ tiêu đã giao, ký ngày {format_date(decision.issued_on)}, "
            f"có hiệu lực từ {format_date(decision.effective_on)}. "
            "Muốn đổi thì lập bản điều chỉnh."
        )
    suffix, kind = FILES["excel"]
    book = write_allocation(title, units, forms.excel_columns(shown), as_signed=as_signed)
    years = sorted({column.of.column.year for column in shown.columns})
    name = file_name("Giao chỉ tiêu", *years, place, suffix=suffix)
    return file_answer(book, name=name, content_type=kind)


@require_POST
@member
def upload(request: Request, pk: int) -> HttpResponse:
    """Take over what differs in a filled workbook.

    Cells that cannot be read are named by their address.
    """
    decision, file = _decision(request, pk), uploaded_file(request)
    if file is None or file.size > LARGEST:
        messages.error(request, "Hãy chọn tệp Excel tải về từ bảng này, không quá 20 MB.")
        return redirect("allocation", pk)
    try:
        problems = _take_over(request, decision, file)
    except Refused as refused:
        problems = [str(refused)]
    for problem in problems:
        messages.error(request, problem)
    return redirect("allocation", pk)


def _take_over(request: Request, decision: Allocation, file: UploadedFile) -> list[str]:
    """What of a workbook could not be taken over."""
    sheet = _sheet(request, decision)
    filled = read_allocation(file.name, file.read())
    if not filled:
        return [
            "Tệp này không có hàng mã và cột mã của bảng giao. "
            "Hãy tải Excel từ bảng này, sửa rồi nạp lại."
        ]
    changed, lost = forms.from_excel(sheet, filled)
    typed = forms.read_typed(sheet, changed)
    _save(request, decision, typed, decision.row_version)
    if taken := len(changed) - len(typed.wrong):
        messages.success(request, f"Đã lấy {taken} ô khác từ tệp Excel.")
    elif not typed.wrong and not lost:
        messages.info(request, "Tệp Excel không có ô nào khác với bảng này.")
    return [*forms.addressed(filled, sheet, typed.wrong), *lost]


@member
def received(request: Request, pk: int) -> HttpResponse:
    """What one decision asks of her unit."""
    actor, receipt = request.actor, _receipt(request, pk)
    decision = receipt.allocation
    living = living_plan(unit=actor.unit, by=actor)
    divides = living is not None and allocations.may_allocate(actor, living.version.root)
    giver = actor.organisation.codes[decision.unit_id]
    signed = decision.issued_on or actor.today  # a decision that was received has been signed
    context = {
        "receipt": receipt,
        "giver": actor.organisation.on(signed).units[giver],
        "may": actor.role in allocations.ACTING_ROLES and receipt.pk is not None,
        "targets": _received_targets(request, decision, actor.unit),
        "below": _received_below(request, decision),
        "divides": divides,
    }
    return render(request, "allocations/received.html", context)


@require_POST
@member
def acknowledge(request: Request, pk: int) -> HttpResponse:
    """Her unit has taken note."""
    _receipt(request, pk)
    try:
        allocations.acknowledge(allocation=pk, by=request.actor, at=now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Đã xác nhận. Đơn vị giao thấy ngay xác nhận này.")
    return redirect("received-allocation", pk)


def _mine(request: Request) -> LivingPlan:
    """The plan of somebody who may hand down; for others the page does not exist."""
    living = living_plan(unit=request.actor.unit, by=request.actor)
    if living is None or not allocations.may_allocate(request.actor, living.version.root):
        raise Http404
    return living


def _decision(request: Request, pk: int) -> Allocation:
    mine = (
        allocations.decisions(request.actor)
        .filter(pk=pk)
        .select_related("revises", "version__unit")
    )
    decisions = allocations.as_they_stood(mine, request.actor)
    decision = decisions[0] if decisions else None
    if decision is None or not allocations.may_allocate(request.actor, decision.version.unit.code):
        raise Http404
    return decision


def _receipt(request: Request, pk: int) -> Receipt:
    mine = allocations.receipts(
        Receipt.objects.filter(allocation=pk, unit__code=request.actor.unit), request.actor
    )
    if mine:
        return mine[0]
    return _later_receipt(request, pk)


def _later_receipt(request: Request, pk: int) -> Receipt:
    """Of a unit founded after the decision, which reaches it by a rule that follows the tree.

    There is none to acknowledge.
    """
    actor, living = request.actor, living_plan(unit=request.actor.unit, by=request.actor)
    reached = {handed.decision for handed in living.reader.cascaded.values()} if living else set()
    if pk not in reached:
        raise Http404
    return Receipt(
        allocation=Allocation.objects.get(pk=pk), unit_id=actor.organisation.ids[actor.unit]
    )


def _sheet(request: Request, decision: Allocation) -> AllocationSheet:
    """A draft worked out anew; what was issued as it was signed."""
    if decision.state == Allocation.State.ISSUED:
        return as_issued(allocation=decision, by=request.actor)
    return allocation_sheet(allocation=decision, by=request.actor, ledger=request.ledger)


def _view(request: Request, decision: Allocation, wrong: Wrong | None = None) -> SheetView:
    shown = _sheet(request, decision)
    issued = decision.state == Allocation.State.ISSUED
    since = units_since(shown=shown, by=request.actor) if issued else {}
    return forms.view(shown, request.ledger.library, wrong, since)


def _save(
    request: Request, decision: Allocation, typed: TypedSheet, row_version: int
) -> Allocation:
    return allocations.save_sheet(
        allocation=decision.pk,
        columns=typed.columns,
        row_version=row_version,
        by=request.actor,
        at=now(),
    )


def _page(
    request: Request,
    decision: Allocation,
    wrong: Wrong | None = None,
    form: DecisionForm | None = None,
) -> HttpResponse:
    """The sheet, with what could not be read still in its boxes; `form`: to put it in force."""
    shown = _view(request, decision, wrong)
    receipts = {
        receipt.unit.code: receipt
        for receipt in allocations.receipts(decision.receipts.all(), request.actor)
    }
    context = {
        "decision": decision,
        "shown": shown,
        "draft": decision.state == Allocation.State.DRAFT,
        "rows": [(row, receipts.get(row.unit.code)) for row in shown.rows],
        "later": allocations.later(decision, request.actor),
        "acknowledged": sum(receipt.acknowledged_at is not None for receipt in receipts.values()),
        "handed_to": len(receipts),
        "changed": sum(bool(row.became) for row in shown.rows),
        "form": form or usual_decision(request.actor.today),
    }
    page = part_or_page(request, "allocations/table.html", "allocations/sheet.html")
    return render(request, page, context)


def _decided(request: Request) -> dict[Key, Allocation]:
    """The last decision of her unit about each target, drafts included."""
    decided: dict[Key, Allocation] = {}
    for decision in reversed(allocations.made(request.actor)):
        for column in map(column_from, decision.columns):
            decided[column.row, column.indicator, column.year] = decision
    return decided


def _grouped(living: LivingPlan, targets: list[OfferedTarget]) -> list[OfferedGroup]:
    """Targets under the headings they belong to, in the order of the plan."""
    headings = {objective.code: objective for objective in living.plan.objectives}

    def heading(target: OfferedTarget) -> str:
        row = target.offer.row
        if isinstance(row, Objective):
            return row.code
        return row.objective

    return [
        OfferedGroup(headings[code], tuple(group)) for code, group in groupby(targets, key=heading)
    ]


def _received_below(
    request: Request, decision: Allocation
) -> list[tuple[str, list[ReceivedTarget]]]:
    """What a decision asks of units directly below hers, where it goes that far: by their names."""
    tree, below = request.actor.tree, []
    for code in tree.children(request.actor.unit):
        if targets := _received_targets(request, decision, code):
            below.append((tree.units[code].name, targets))
    return below


def _received_targets(request: Request, decision: Allocation, unit: str) -> list[ReceivedTarget]:
    """What a decision asks of a unit."""
    actor, indicators = request.actor, request.ledger.library.indicators
    giver = actor.organisation.codes[decision.unit_id]
    targets = []
    for column in map(column_from, decision.columns):
        target = target_of(decision, column, actor.tree, unit, giver)
        if target is not None:
            indicator = indicators.get(target.column.indicator)
            required = required_of(target.column, target.part)
            targets.append(ReceivedTarget(target.column, indicator, required))
    return targets


def _above_others(request: Request) -> bool:
    """Whether units directly below hers have others below them: one sheet can go further then."""
    tree = request.actor.tree
    return any(tree.children(code) for code in tree.children(request.actor.unit))


def _ticked(targets: list[str], further_years: list[int]) -> list[Key]:
    """Each ticked target (`row|indicator|year`) for its own year, then for the others."""
    keys = []
    for target in targets:
        row, _, rest = target.partition("|")
        indicator, _, year_text = rest.partition("|")
        own_year = year(year_text) or 0  # no plan has it: the verb says which target it is
        keys += [(row, indicator, number) for number in (own_year, *further_years)]
    return keys
