"""Decisions that hand targets down: drafted as a sheet, issued, acknowledged, revised by a later
one.

Each verb: guards, one transaction, one audit entry. An issued decision changes no more: it is
acknowledged or revised.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from toankhoa.audit import chain, past_rows
from toankhoa.core.basics import refuse
from toankhoa.core.returns import Role
from toankhoa.core.targets import Column
from toankhoa.org.scope import Actor
from toankhoa.plan.column_json import column_from, column_json
from toankhoa.plan.models import Allocation, PlanVersion, Receipt

State = Allocation.State
ACTING_ROLES = frozenset({Role.OFFICER, Role.PLAN})


def may_allocate(by: Actor, root: str) -> bool:
    """Whether she may hand targets down from her unit: for the unit of the plan its plan officer,
    else any officer.
    """
    role = by.role is Role.PLAN if by.unit == root else by.role in ACTING_ROLES
    return role and bool(by.tree.children(by.unit))


def start(*, version: int, columns: Sequence[Column], by: Actor, at: datetime) -> Allocation:
    """A draft that hands these targets down from her unit; without any there is nothing to
    decide.
    """
    if not columns:
        raise refuse(
            "allocation-empty", "Chưa chọn chỉ tiêu nào để giao. Hãy đánh dấu ít nhất một hàng."
        )
    of = PlanVersion.objects.only("unit_id").get(pk=version)
    _guard(by, by.organisation.codes[of.unit_id])
    with transaction.atomic():
        draft = Allocation.objects.create(
            unit_id=by.organisation.ids[by.unit],
            version_id=version,
            columns=[column_json(column) for column in columns],
            made_by=by.user,
            made_at=at,
        )
        _record(
            "start_allocation", draft, by, at, {"columns": [_key(column) for column in columns]}
        )
    return draft


def save_sheet(
    *, allocation: int, columns: Sequence[Column], row_version: int, by: Actor, at: datetime
) -> Allocation:
    """Other rules or parts fixed by hand, for the same columns.

    `row_version`: of the sheet she saw.

    Refused where the sheet was changed since. What did not change is not written.
    """
    with _changing(allocation, by) as draft:
        if draft.row_version != row_version:
            raise refuse(
                "allocation-row-version",
                "Bảng này vừa được người khác sửa. Hãy tải lại trang để thấy số mới rồi sửa tiếp.",
            )
        was = [column_from(data) for data in draft.columns]
        if [_key(column) for column in was] != [_key(column) for column in columns]:
            raise refuse(
                "allocation-columns",
                "Bảng này không còn những cột như trang đang mở. Hãy tải lại trang.",
            )
        changes = _column_changes(was, columns)
        if changes:
            draft.columns = [column_json(column) for column in columns]
            draft.row_version += 1
            _record("save_allocation", draft, by, at, {"changes": changes})
    return draft


def _column_changes(was: Sequence[Column], now: Sequence[Column]) -> list[dict[str, Any]]:
    """What a person set otherwise, column by column, as the audit entry keeps it."""
    changes = []
    for old, new in zip(was, now, strict=True):
        if old != new:
            changes.append({"column": _key(new), "was": _set_by_hand(old), "is": _set_by_hand(new)})
    return changes


def discard(*, allocation: int, by: Actor, at: datetime) -> None:
    """A draft goes; who looks back finds it."""
    with _changing(allocation, by) as draft:
        draft.state = State.DISCARDED
        _record("discard_allocation", draft, by, at, {})


def issue(
    *,
    allocation: int,
    columns: Sequence[Column],
    number: str,
    issued_on: date,
    effective_on: date,
    by: Actor,
    at: datetime,
) -> Allocation:
    """Put the decision in force: `columns` are the draft's own, now with the part of every unit."""
    with _changing(allocation, by) as draft:
        _check_decision(number, issued_on, effective_on, by.today)
        without_parts = [replace(column, parts={}) for column in columns]
        if without_parts != [column_from(data) for data in draft.columns]:
            raise refuse(
                "allocation-row-version",
                "Bảng này vừa được người khác sửa. Hãy tải lại trang rồi giao lại.",
            )
        draft.columns = [column_json(column) for column in columns]
        draft.state, draft.number = State.ISSUED, number.strip()
        draft.issued_on, draft.effective_on = issued_on, effective_on
        draft.issued_by, draft.issued_at = by.user, at
        Receipt.objects.bulk_create(
            Receipt(allocation=draft, unit_id=by.organisation.ids[code])
            for code in _recipients(columns, by.unit)
        )
        data = {
            "number": draft.number,
            "issued_on": str(issued_on),
            "effective_on": str(effective_on),
            "columns": draft.columns,
        }
        _record("issue_allocation", draft, by, at, data)
    return draft


def _check_decision(number: str, issued_on: date, effective_on: date, today: date) -> None:
    """A decision has a number, was signed by today and takes effect no earlier than it was
    signed.
    """
    if not number.strip():
        raise refuse(
            "allocation-number", "Hãy ghi số, ký hiệu của quyết định giao, ví dụ 15/QĐ-BTV."
        )
    if issued_on > today:
        raise refuse("allocation-day", "Ngày ký ở tương lai. Hãy ghi ngày ghi trên quyết định.")
    if effective_on < issued_on:
        raise refuse(
            "allocation-dates",
            "Ngày có hiệu lực không thể trước ngày ký. Hãy sửa một trong hai ngày.",
        )


def _recipients(columns: Sequence[Column], giver: str) -> list[str]:
    """Every unit that has a part of its own, but the one that decides, by code."""
    codes: set[str] = set()
    for column in columns:
        codes.update(column.parts)
    return sorted(codes - {giver})


def acknowledge(*, allocation: int, by: Actor, at: datetime) -> Receipt:
    """Her unit has taken note of a decision. A second time changes nothing."""
    if by.role not in ACTING_ROLES:
        raise refuse(
            "allocation-role", "Chỉ cán bộ của đơn vị được xác nhận đã nhận chỉ tiêu được giao."
        )
    with transaction.atomic():
        mine = Receipt.objects.select_for_update(of=("self",)).select_related("allocation")
        receipt = mine.filter(allocation=allocation, unit__code=by.unit).first()
        if receipt is None:
            raise refuse(
                "allocation-receipt", "Quyết định này không giao chỉ tiêu cho đơn vị của bạn."
            )
        if receipt.acknowledged_at is None:
            receipt.acknowledged_by, receipt.acknowledged_at = by.user, at
            receipt.save()
            _record(
                "acknowledge_allocation",
                receipt.allocation,
                by,
                at,
                {"number": receipt.allocation.number},
            )
    return receipt


def revise(
    *, allocation: int, version: int, columns: Sequence[Column], by: Actor, at: datetime
) -> Allocation:
    """A draft that begins where an issued decision of her unit stands; once issued, it replaces it
    from its day on.
    """
    with transaction.atomic():
        before = _mine(allocation, by)
        if before.state != State.ISSUED:
            raise refuse("allocation-draft", "Bản này chưa giao, có thể sửa ngay trong bảng.")
        draft = Allocation.objects.create(
            unit_id=before.unit_id,
            version_id=version,
            columns=[column_json(replace(column, parts={})) for column in columns],
            revises=before,
            made_by=by.user,
            made_at=at,
        )
        _record("revise_allocation", draft, by, at, {"revises": before.number})
    return draft


def made(by: Actor) -> list[Allocation]:
    """Decisions of her unit, drafts first, then the newest; each with how many units it was
    `handed_to` and how many `acknowledged` it."""
    counted = decisions(by).annotate(
        handed_to=Count("receipts"),
        acknowledged=Count("receipts", filter=_by_then("receipts__acknowledged_at", by)),
    )
    made_by_then = as_they_stood(counted.select_related("revises"), by)
    made_by_then.sort(
        key=lambda decision: (decision.issued_on or date.max, decision.pk), reverse=True
    )
    return made_by_then


def decisions(by: Actor) -> QuerySet[Allocation]:
    """Decisions of her unit; looking back, those begun by then. See `as_they_stood`."""
    mine = Allocation.objects.filter(unit__code=by.unit)
    return (
        mine.exclude(state=State.DISCARDED)
        if by.as_of is None
        else mine.filter(made_at__lte=by.as_of)
    )


def as_they_stood(rows: Iterable[Allocation], by: Actor) -> list[Allocation]:
    """These decisions at the moment that is looked at, without discarded drafts: one more query of
    a past one.
    """
    by_then = past_rows.as_they_stood(rows, "allocation", by.as_of)
    return [decision for decision in by_then if decision.state != State.DISCARDED]


def later(decision: Allocation, by: Actor) -> list[Allocation]:
    """Issued decisions that began as a copy of this one, the first to take effect first."""
    revisions = decision.revisions.filter(_by_then("issued_at", by), state=State.ISSUED)
    return list(revisions.order_by("effective_on"))


def _by_then(moment: str, by: Actor) -> Q:
    """What had happened; looking back, by then."""
    return Q(**{f"{moment}__isnull": False} if by.as_of is None else {f"{moment}__lte": by.as_of})


def received(by: Actor) -> list[Receipt]:
    """Issued decisions that hand something to her unit, those she has not acknowledged first, then
    the newest.
    """
    newest = receipts(Receipt.objects.filter(unit__code=by.unit), by)
    return sorted(newest, key=lambda receipt: receipt.acknowledged_at is not None)


def awaiting(by: Actor) -> list[Receipt]:
    """Issued decisions that her unit has not acknowledged, the newest first."""
    mine = Receipt.objects.filter(unit__code=by.unit)
    return receipts(mine.exclude(_by_then("acknowledged_at", by)), by)


def receipts(rows: QuerySet[Receipt], by: Actor) -> list[Receipt]:
    """These receipts, the newest first; looking back, those of decisions issued by then, as they
    stood then.
    """
    rows = rows.filter(_by_then("allocation__issued_at", by)).order_by(
        "-allocation__issued_on", "-pk"
    )
    listed = list(rows.select_related("allocation", "unit", "acknowledged_by"))
    if by.as_of is not None:
        for receipt in listed:
            if receipt.acknowledged_at is not None and receipt.acknowledged_at > by.as_of:
                receipt.acknowledged_by, receipt.acknowledged_at = None, None
    return listed


@contextmanager
def _changing(allocation: int, by: Actor) -> Iterator[Allocation]:
    """The draft, locked for one change and saved after it.

    Refused where it is issued or another unit's.
    """
    with transaction.atomic():
        draft = _mine(allocation, by)
        if draft.state != State.DRAFT:
            raise refuse(
                "allocation-issued",
                "Quyết định này đã giao, không sửa được nữa. Hãy lập bản điều chỉnh.",
            )
        yield draft
        draft.save()


def _mine(allocation: int, by: Actor) -> Allocation:
    not_discarded = Allocation.objects.exclude(state=State.DISCARDED)
    locked = not_discarded.select_for_update(of=("self",)).select_related("version")
    decision = locked.get(pk=allocation)
    codes = by.organisation.codes
    if codes[decision.unit_id] != by.unit:
        raise refuse("allocation-unit", "Quyết định này thuộc đơn vị khác.")
    _guard(by, codes[decision.version.unit_id])
    return past_rows.watched(decision)


def _guard(by: Actor, root: str) -> None:
    if not may_allocate(by, root):
        raise refuse(
            "allocation-role",
            "Chỉ cán bộ phụ trách của đơn vị có đơn vị trực thuộc được giao chỉ tiêu.",
        )


def _key(column: Column) -> str:
    return f"{column.row} {column.indicator} {column.year}"


def _set_by_hand(column: Column) -> dict[str, Any]:
    """What a person set in a column."""
    data = column_json(column)
    return {"rule": data["rule"], "fixed": data["fixed"], "limits": data["limits"]}


def _record(
    verb: str, allocation: Allocation, by: Actor, at: datetime, data: dict[str, Any]
) -> None:
    subject, data = f"allocation:{allocation.pk}", data | past_rows.before(allocation)
    chain.record(stream=f"unit:{by.unit}", verb=verb, subject=subject, data=data, by=by.user, at=at)
