"""Giao chỉ tiêu: decisions that hand targets down, drafted on a sheet; and those that a unit received."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from toankhoa.audit.clock import now
from toankhoa.core.basics import Refused, format_date, read_date
from toankhoa.core.measures import Indicator
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
from toankhoa.web.allocations.forms import SheetView, TypedSheet
from toankhoa.web.plan.views import FILES
from toankhoa.web.shell.access import Request, member
from toankhoa.web.uploads.views import LARGEST

Wrong = Mapping[str, tuple[str, str]]


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
    years = living.plan.years
    asked = request.GET.get("nam", "")
    usual = min(max(request.actor.today.year, years[0]), years[-1])
    year = int(asked) if asked.isdigit() and int(asked) in years else usual
    found = target_allocation.offers(living, request.ledger, request.actor.today, years={year})
    handed = _handed(request)
    offered = [(offer, handed.get(offer.key)) for offer in found]
    context = {
        "year": year,
        "years": years,
        "groups": _grouped(living, offered),
        "open": sum(
            not decided and not offer.follows and not offer.above for offer, decided in offered
        ),
        "reaches": [*Reach] if _stand_above_others(request) else [],
    }
    return render(request, "allocations/choose.html", context)


@require_POST
@member
def start(request: Request) -> HttpResponse:
    """A draft with the targets that were ticked, for their year and others that she asked for."""
    _mine(request)
    ticked = [_key(said) for said in request.POST.getlist("target")]
    further = [int(year) for year in request.POST.getlist("year") if year.isdigit()]
    keys = [(row, indicator, each) for row, indicator, year in ticked for each in (year, *further)]
    try:
        draft = target_allocation.start(
            keys=keys, by=request.actor, at=now(), ledger=request.ledger, reach=_reach(request)
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
    decision = _decision(request, pk)
    typed = forms.read_typed(_sheet(request, decision), request.POST.dict())
    try:
        decision = _save(request, decision, typed)
    except Refused as refused:
        if request.htmx:
            return HttpResponse(str(refused), status=409, content_type="text/plain; charset=utf-8")
        messages.error(request, str(refused))
        return redirect("allocation", pk)
    if not request.htmx and not typed.wrong:
        messages.success(request, "Đã lưu bảng giao.")
        return redirect("allocation", pk)
    return _page(request, decision, typed.wrong)


@require_POST
@member
def issue(request: Request, pk: int) -> HttpResponse:
    """Put it in force, under a number and a date."""
    decision = _decision(request, pk)
    issued, effective = (
        read_date(request.POST.get(name, "").strip()) for name in ("issued_on", "effective_on")
    )
    if issued is None or effective is None:
        messages.error(request, "Ngày chưa đúng. Hãy ghi ngày/tháng/năm, ví dụ 15/01/2021.")
        return redirect("allocation", pk)
    try:
        target_allocation.issue(
            allocation=decision,
            number=request.POST.get("number", ""),
            issued_on=issued,
            effective_on=effective,
            by=request.actor,
            at=now(),
            ledger=request.ledger,
        )
    except Refused as refused:
        messages.error(request, str(refused))
    else:
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
    units = [
        SheetUnit(row.unit.code, row.unit.name, row.depth, shown.sheet.inner.get(row.unit.code, ()))
        for row in shown.rows
    ]
    title, as_signed = f"Giao chỉ tiêu của {request.actor.place.name}", ""
    if decision.number:
        signed, effective = format_date(decision.issued_on), format_date(decision.effective_on)
        title = f"{title}: quyết định số {decision.number}"
        as_signed = f"Chỉ tiêu đã giao, ký ngày {signed}, có hiệu lực từ {effective}. Muốn đổi thì lập bản điều chỉnh."
    suffix, kind = FILES["excel"]
    book = write_allocation(title, units, forms.excel_columns(shown), as_signed=as_signed)
    response = HttpResponse(book, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="giao-chi-tieu-{pk}{suffix}"'
    return response


@require_POST
@member
def upload(request: Request, pk: int) -> HttpResponse:
    """Take over what differs in a filled workbook; cells that cannot be read are named by their address."""
    decision = _decision(request, pk)
    file = request.FILES.get("file")
    if file is None or file.size > LARGEST:
        messages.error(request, "Hãy chọn tệp Excel tải về từ bảng này, không quá 20 MB.")
        return redirect("allocation", pk)
    try:
        said = _take_over(request, decision, file.name, file.read())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        for problem in said:
            messages.error(request, problem)
    return redirect("allocation", pk)


def _take_over(request: Request, decision: Allocation, name: str, data: bytes) -> list[str]:
    """What of a workbook could not be taken over."""
    sheet = _sheet(request, decision)
    filled = read_allocation(name, data)
    said, lost = forms.from_excel(sheet, filled)
    if not filled:
        return [
            "Tệp này không có hàng mã và cột mã của bảng giao. Hãy tải Excel từ bảng này, sửa rồi nạp lại."
        ]
    typed = forms.read_typed(sheet, said)
    _save(request, decision, typed, row_version=decision.row_version)
    if taken := len(said) - len(typed.wrong):
        messages.success(request, f"Đã lấy {taken} ô khác từ tệp Excel.")
    elif not typed.wrong and not lost:
        messages.info(request, "Tệp Excel không có ô nào khác với bảng này.")
    return [*forms.addressed(filled, sheet, typed.wrong), *lost]


@member
def received(request: Request, pk: int) -> HttpResponse:
    """What one decision asks of her unit."""
    actor, receipt = request.actor, _receipt(request, pk)
    living = living_plan(unit=actor.unit, by=actor)
    library, giver = (
        request.ledger.library.indicators,
        actor.organisation.codes[receipt.allocation.unit_id],
    )
    columns = [*map(column_from, receipt.allocation.columns)]
    asked = [
        target_of(receipt.allocation, column, actor.tree, actor.unit, giver) for column in columns
    ]
    context = {
        "receipt": receipt,
        "giver": actor.organisation.on(receipt.allocation.issued_on).units[giver],
        "may": actor.role in allocations.ACTING_ROLES and receipt.pk is not None,
        "levels": [
            (each.column, library.get(each.column.indicator), required_of(each.column, each.part))
            for each in asked
            if each is not None
        ],
        "below": _handed_below(request, receipt.allocation, columns),
        "divides": living is not None
        and allocations.may_allocate(request.actor, living.version.root),
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
    decision = next(iter(allocations.as_they_stood(mine, request.actor)), None)
    if decision is None or not allocations.may_allocate(request.actor, decision.version.unit.code):
        raise Http404
    return decision


def _receipt(request: Request, pk: int) -> Receipt:
    mine = allocations.receipts(
        Receipt.objects.filter(allocation=pk, unit__code=request.actor.unit), request.actor
    )
    return mine[0] if mine else _later_receipt(request, pk)


def _later_receipt(request: Request, pk: int) -> Receipt:
    """Of a unit founded after the decision, which reaches it by a rule that follows the tree: none to acknowledge."""
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
    since = (
        units_since(shown=shown, by=request.actor)
        if decision.state == Allocation.State.ISSUED
        else {}
    )
    return forms.view(shown, request.ledger.library, wrong, since)


def _save(
    request: Request, decision: Allocation, typed: TypedSheet, row_version: int | None = None
) -> Allocation:
    said = request.POST.get("row_version", "")
    return allocations.save_sheet(
        allocation=decision.pk,
        columns=typed.columns,
        row_version=row_version if row_version is not None else int(said) if said.isdigit() else -1,
        by=request.actor,
        at=now(),
    )


def _page(request: Request, decision: Allocation, wrong: Wrong | None = None) -> HttpResponse:
    shown = _view(request, decision, wrong)
    receipts = {
        each.unit.code: each
        for each in allocations.receipts(decision.receipts.all(), request.actor)
    }
    context: dict[str, Any] = {
        "decision": decision,
        "shown": shown,
        "draft": decision.state == Allocation.State.DRAFT,
        "rows": [(row, receipts.get(row.unit.code)) for row in shown.rows],
        "later": allocations.later(decision, request.actor),
        "acknowledged": sum(receipt.acknowledged_at is not None for receipt in receipts.values()),
        "handed_to": len(receipts),
        "changed": sum(bool(row.became) for row in shown.rows),
    }
    return render(
        request, "allocations/table.html" if request.htmx else "allocations/sheet.html", context
    )


def _handed(request: Request) -> dict[tuple[str, str, int], Allocation]:
    """The last decision of her unit about each target, drafts included."""
    found: dict[tuple[str, str, int], Allocation] = {}
    for decision in reversed(allocations.made(request.actor)):
        for column in map(column_from, decision.columns):
            found[column.row, column.indicator, column.year] = decision
    return found


def _grouped(
    living: LivingPlan, offered: list[tuple[Offer, Allocation | None]]
) -> list[tuple[Any, list[Any]]]:
    """Targets under the headings they stand at, in the order of the plan."""
    headings = {objective.code: objective for objective in living.plan.objectives}

    def heading(pair: tuple[Offer, Allocation | None]) -> str:
        row = pair[0].row
        return row.code if row.code in headings else row.objective

    return [(headings[code], list(group)) for code, group in groupby(offered, key=heading)]


def _handed_below(
    request: Request, decision: Allocation, columns: list[Column]
) -> list[tuple[str, list[tuple[Column, Indicator | None, Required | None]]]]:
    """What a decision asks of the units directly below hers, where it goes that far: by unit."""
    tree, library = request.actor.tree, request.ledger.library.indicators
    giver = request.actor.organisation.codes[decision.unit_id]
    found = []
    for code in tree.children(request.actor.unit):
        levels = [target_of(decision, column, tree, code, giver) for column in columns]
        said = [
            (one.column, library.get(one.column.indicator), required_of(one.column, one.part))
            for one in levels
            if one
        ]
        if said:
            found.append((tree.units[code].name, said))
    return found


def _stand_above_others(request: Request) -> bool:
    """Whether units directly below hers have others below them, so that one sheet can go further."""
    tree = request.actor.tree
    return any(tree.children(code) for code in tree.children(request.actor.unit))


def _reach(request: Request) -> Reach:
    said = request.POST.get("reach", "")
    return Reach(said) if said in set(Reach) else Reach.NEXT


def _key(said: str) -> tuple[str, str, int]:
    row, _, rest = said.partition("|")
    indicator, _, year = rest.partition("|")
    return row, indicator, int(year) if year.isdigit() else 0
