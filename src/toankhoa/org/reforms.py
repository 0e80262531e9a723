"""Reforms of units: drafted, revised, dropped; what carrying one out and taking it back does to
units and people.

`carry_out` and `take_back` are steps of the verbs in `operations/reforms.py`, which bring the
totals along.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from toankhoa.audit import chain, past_rows
from toankhoa.core.basics import refuse
from toankhoa.core.organisation import Reform as ReformRecord
from toankhoa.core.organisation import reform_codec
from toankhoa.core.returns import Role
from toankhoa.org.models import (
    LONGEST_CODE,
    LONGEST_DOCUMENT,
    LONGEST_TITLE,
    MemberMove,
    Membership,
    OrgRevision,
    Reform,
    Unit,
)
from toankhoa.org.organisation import Organisation, changed, organisation
from toankhoa.org.people import members
from toankhoa.org.scope import Actor


def draft_reform(*, reform: ReformRecord, by: Actor | None, at: datetime) -> Reform:
    """Keep a reform as a draft; a blank code is given one.

    What in it cannot be done is said when it is previewed.
    """
    guard(by)
    with transaction.atomic():
        draft = Reform(
            code=reform.code or _free_code(reform.day),
            drafted_at=at,
            drafted_by=by.user if by else None,
        )
        if reforms_in_force().filter(code=draft.code).exists():
            raise refuse(
                "reform-code-taken",
                f"Đã có lần sắp xếp mã {draft.code}. Hãy đặt mã khác.",
                draft.code,
            )
        _put(draft, reform)
        record(draft, "draft_reform", by, at)
    return draft


def draft_reforms(
    *, reforms: Iterable[ReformRecord], by: Actor | None, at: datetime
) -> list[Reform]:
    """Keep all of a file as drafts, or none."""
    with transaction.atomic():
        return [draft_reform(reform=reform, by=by, at=at) for reform in reforms]


def revise_reform(
    *, draft: Reform, reform: ReformRecord, row_version: int, by: Actor, at: datetime
) -> Reform:
    """Put other contents into a draft.

    `row_version` is that of the draft the person was looking at.
    """
    guard(by)
    with transaction.atomic():
        draft = locked(draft, Reform.State.DRAFT)
        if draft.row_version != row_version:
            raise refuse(
                "reform-row-version",
                "Bản thảo này vừa được sửa ở nơi khác. Hãy tải lại trang rồi sửa tiếp.",
            )
        _put(draft, reform)
        record(draft, "revise_reform", by, at)
    return draft


def drop_reform(*, draft: Reform, by: Actor, at: datetime) -> None:
    """Throw a draft away; who looks back finds it."""
    guard(by)
    with transaction.atomic():
        draft = locked(draft, Reform.State.DRAFT)
        draft.state = Reform.State.DROPPED
        draft.save()
        record(draft, "drop_reform", by, at)


def guard(by: Actor | None) -> None:
    """Only an administrator of the whole tree changes it; `None` is the installation itself."""
    if by and (by.role is not Role.ADMIN or by.tree.depth(by.unit)):
        raise refuse(
            "reform-role", "Chỉ người quản trị của đơn vị cấp cao nhất được sắp xếp đơn vị."
        )


def locked(reform: Reform, state: str) -> Reform:
    """The reform as it is now, in that state, with all other reforms waiting.

    `Refused` where it is in another.
    """
    OrgRevision.objects.select_for_update().filter(pk=1).first()
    current = Reform.objects.select_for_update().filter(pk=reform.pk).first()
    if current is None or current.state != state:
        raise refuse("reform-state", "Lần sắp xếp này đã ở bước khác. Hãy tải lại trang để xem.")
    return past_rows.watched(current)


def reforms_in_force() -> QuerySet[Reform]:
    """Every reform but dropped drafts."""
    return Reform.objects.exclude(state=Reform.State.DROPPED)


def reforms(as_of: datetime | None = None) -> list[Reform]:
    """Every reform but dropped drafts, in order of their days; at a past moment, each as it stood
    then.
    """
    rows = reforms_in_force() if as_of is None else Reform.objects.filter(drafted_at__lte=as_of)
    by_then = past_rows.as_they_stood(
        rows.select_related("applied_by", "undone_by"), "reform", as_of
    )
    listed = [reform for reform in by_then if reform.state != Reform.State.DROPPED]
    listed.sort(key=lambda reform: (reform.day, reform.pk))
    return listed


def record(reform: Reform, verb: str, by: Actor | None, at: datetime, **more: object) -> None:
    """One entry in the audit log."""
    data = {**reform_codec.reform_json(reform.record()), **past_rows.before(reform), **more}
    user = by.user if by else None
    chain.record(
        stream=chain.SYSTEM, verb=verb, subject=f"reform:{reform.pk}", data=data, by=user, at=at
    )


def _put(draft: Reform, reform: ReformRecord) -> None:
    for text, called, longest in (
        (reform.code, "Mã", LONGEST_CODE),
        (reform.title, "Tên gọi", LONGEST_TITLE),
        (reform.document, "Tên văn bản", LONGEST_DOCUMENT),
    ):
        if len(text) > longest:
            raise refuse("reform-long", f"{called} dài quá {longest} chữ. Hãy viết ngắn lại.")
    if not reform.title.strip():
        raise refuse(
            "reform-title", "Hãy ghi tên gọi của lần sắp xếp, ví dụ “Sáp nhập xã A và xã B”."
        )
    draft.day = reform.day
    draft.document, draft.title = reform.document.strip(), reform.title.strip()
    draft.changes = [reform_codec.change_json(change) for change in reform.changes]
    draft.row_version += 1
    draft.save()


def _free_code(day: date) -> str:
    taken = set(reforms_in_force().filter(code__startswith=f"{day}").values_list("code", flat=True))
    number = 1
    while f"{day}-{number}" in taken:
        number += 1
    return f"{day}-{number}"


def overdue(today: date, as_of: datetime | None = None) -> list[Reform]:
    """Drafts whose day has come."""
    return [
        reform
        for reform in reforms(as_of)
        if reform.state == Reform.State.DRAFT and reform.day <= today
    ]


@dataclass(frozen=True)
class Follow:
    """A person whose unit ends; `to` the one unit of the same level that carries it on, None where
    there is no such.
    """

    member: Membership
    was: str
    to: str | None


def follows(
    before: Organisation, after: Organisation, day: date, as_of: datetime | None = None
) -> Iterator[Follow]:
    """Who follows where, once the organisation after a reform takes the place of the one before."""
    old, new = before.on(day), after.on(day)
    gone = {code for code in old.order if code not in new}
    rows = Membership.objects.all() if as_of else Membership.objects.filter(unit__code__in=gone)
    leaving = [member for member in members(rows, as_of) if member.unit.code in gone]
    leaving.sort(key=lambda member: (member.unit.code, member.user.username))
    for member in leaving:
        code = member.unit.code
        same = [
            heir
            for heir in after.heirs(code, day)
            if new.units[heir].level == old.units[code].level
        ]
        yield Follow(member, code, same[0] if len(same) == 1 else None)


def carry_out(reform: Reform, by: Actor | None, at: datetime) -> list[MemberMove]:
    """Make a locked draft part of the organisation; people follow their units.

    `Refused` where it cannot be made.
    """
    before = organisation()
    reform.state, reform.applied_at = Reform.State.APPLIED, at
    reform.applied_by = by.user if by else None
    reform.save()
    named: set[str] = set()
    for change in reform.record().changes:
        named.update(part.code for part in change.parts)
    founded = sorted(named - set(before.ids))
    Unit.objects.bulk_create(Unit(code=code) for code in founded)
    changed()
    after = organisation()
    made = []
    for follow in list(follows(before, after, reform.day)):
        now = None if follow.to is None else after.ids[follow.to]
        who = {"user": follow.member.user, "was": follow.member.unit}
        move = MemberMove.objects.create(
            reform=reform, **who, now_id=now, seated_at=at if now else None
        )
        if now is not None:
            _seat(follow.member, now, move)
        made.append(move)
    return made


def take_back(reform: Reform, by: Actor | None, at: datetime) -> None:
    """Make a locked, applied reform undone; people who followed go back to their units."""
    reform.state, reform.undone_at = Reform.State.UNDONE, at
    reform.undone_by = by.user if by else None
    reform.save()
    for move in reform.moves.select_related("user__membership"):
        if move.now_id is not None and move.user.membership.unit_id == move.now_id:
            _seat(move.user.membership, move.was_id, None)
    changed()


def seat_member(*, move: MemberMove, unit: str, by: Actor, at: datetime) -> None:
    """Say for which unit a person acts from now on, where no unit alone carries on hers."""
    guard(by)
    target = by.organisation.ids[by.reach(unit)]
    with transaction.atomic():
        moves = MemberMove.objects.select_for_update(of=("self",)).select_related(
            "user__membership", "reform"
        )
        move = moves.get(pk=move.pk)
        reform = move.reform
        if move.now_id is not None or reform is None or reform.state != Reform.State.APPLIED:
            raise refuse(
                "move-settled", "Người này đã được xếp vào đơn vị. Hãy tải lại trang để xem."
            )
        move.now_id, move.seated_at = target, at
        move.save()
        _seat(move.user.membership, target, move)
        subject = f"user:{move.user.username}"
        data = {"unit": unit, "reform": reform.code}
        chain.record(
            stream=chain.SYSTEM, verb="seat_member", subject=subject, data=data, by=by.user, at=at
        )


def read_move(*, by: Actor, at: datetime) -> None:
    """She has read how she came to her unit."""
    with transaction.atomic():
        member = Membership.objects.select_for_update().get(user=by.user)
        if member.move_id is None:
            return
        data = {"move": member.move_id}
        member.move = None
        member.save()
        subject = f"user:{by.user.username}"
        chain.record(
            stream=f"unit:{by.unit}",
            verb="read_move",
            subject=subject,
            data=data,
            by=by.user,
            at=at,
        )


def _seat(member: Membership, unit: int, move: MemberMove | None) -> None:
    member.unit_id, member.move = unit, move
    member.save()
