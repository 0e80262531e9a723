"""People and their accounts, as an administrator keeps them: added, moved to another unit, closed
and opened again.
"""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction

from toankhoa.audit import chain
from toankhoa.core.basics import refuse
from toankhoa.core.returns import Role
from toankhoa.org.models import MemberMove, Membership, Reform, User
from toankhoa.org.organisation import add_member
from toankhoa.org.people import CLOSE, OPEN
from toankhoa.org.scope import Actor

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,29}")
LONGEST_NAME = 120
SHORTEST = 10  # characters of a password


def enter_person(
    *,
    username: str,
    full_name: str,
    unit: str,
    role: str,
    board: str,
    password: str,
    by: Actor,
    at: datetime,
) -> User:
    """Somebody new at a unit within reach, with a password that she changes when she first signs
    in.
    """
    _guard(by)
    _check_seat(by, unit)
    if not USERNAME.fullmatch(username):
        raise refuse(
            "user-name",
            f"Tên đăng nhập “{username}” không dùng được: gồm 3 đến 30 chữ thường không dấu,"
            " chữ số, dấu chấm hoặc gạch, bắt đầu bằng chữ hoặc số.",
        )
    if not full_name.strip() or len(full_name) > LONGEST_NAME:
        raise refuse("user-full-name", f"Hãy ghi họ tên, không quá {LONGEST_NAME} chữ.")
    if role not in set(Role):
        raise refuse("user-role", "Hãy chọn vai trò trong danh sách.")
    if role == Role.BOARD and not board:
        raise refuse("user-board", "Hãy chọn ban mà người này làm việc.")
    return add_member(
        username=username,
        full_name=full_name.strip(),
        password=password,
        unit=unit,
        role=Role(role),
        board=board if role == Role.BOARD else "",
        lent=True,
        by=by.user,
        at=at,
    )


def move_person(*, user: User, unit: str, by: Actor, at: datetime) -> None:
    """She acts for another unit from now on.

    Where a reform left her without one, this settles it.
    """
    _check_seat(by, unit)
    with transaction.atomic():
        member = _locked(user, by)
        target = by.organisation.ids[unit]
        waits = MemberMove.objects.filter(
            user=user, now=None, reform__state=Reform.State.APPLIED
        ).last()
        if member.unit_id == target and waits is None:
            raise refuse(
                "user-same-unit", "Người này đang ở chính đơn vị đó. Hãy chọn đơn vị khác."
            )
        move = waits or MemberMove(user=user, was_id=member.unit_id)
        move.now_id, move.seated_at = target, at
        move.save()
        member.unit_id, member.move = target, waits
        member.save()
        _record("move_member", user, by, at, {"was": move.was.code, "unit": unit})


def close_account(*, user: User, by: Actor, at: datetime) -> None:
    """She can no longer sign in; what she did stays under her name."""
    if user.pk == by.user.pk:
        raise refuse(
            "user-self", "Không tự ngừng tài khoản của mình được. Hãy nhờ một người quản trị khác."
        )
    _switch(CLOSE, user, False, by, at)


def open_account(*, user: User, by: Actor, at: datetime) -> None:
    """She can sign in again, with the password she had."""
    _switch(OPEN, user, True, by, at)


def lend_password(*, user: User, password: str, by: Actor, at: datetime) -> None:
    """Another password for somebody who forgot hers, which she changes when she next signs in."""
    with transaction.atomic():
        person = _locked(user, by).user
        person.set_password(password)
        person.lent = True
        person.save()
        _record("lend_password", person, by, at, {})


def choose_password(*, old: str, new: str, by: Actor, at: datetime) -> User:
    """Her own password, in the place of the one she has. The user as she is now."""
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=by.user.pk)
        if not user.check_password(old):
            raise refuse("password-old", "Mật khẩu đang dùng chưa đúng. Hãy gõ lại.")
        if len(new) < SHORTEST or new == old:
            raise refuse(
                "password-short",
                f"Mật khẩu mới cần ít nhất {SHORTEST} ký tự và khác mật khẩu đang dùng.",
            )
        user.set_password(new)
        user.lent = False
        user.save()
        _record("choose_password", user, by, at, {})
    return user


def _switch(verb: str, user: User, active: bool, by: Actor, at: datetime) -> None:
    with transaction.atomic():
        person = _locked(user, by).user
        if person.is_active is active:
            raise refuse(
                "user-state", "Tài khoản này đã ở trạng thái đó. Hãy tải lại trang để xem."
            )
        person.is_active = active
        person.save()
        _record(verb, person, by, at, {})


def _guard(by: Actor) -> None:
    if by.role is not Role.ADMIN:
        raise refuse("user-role-admin", "Chỉ người quản trị được thêm hoặc đổi người dùng.")


def _check_seat(by: Actor, unit: str) -> None:
    """A unit that stands today, within reach."""
    if unit not in by.tree or not by.tree.within(unit, by.unit):
        raise refuse(
            "user-unit", "Hãy chọn một đơn vị đang hoạt động trong danh sách, hoặc ghi đúng mã."
        )


def _locked(user: User, by: Actor) -> Membership:
    """Her seat, with herself, locked; only of a unit within reach."""
    _guard(by)
    member = (
        Membership.objects.select_for_update(of=("self", "user"))
        .select_related("user", "unit")
        .get(user=user)
    )
    by.reach(member.unit.code)
    return member


def _record(verb: str, user: User, by: Actor, at: datetime, data: dict[str, str]) -> None:
    subject = f"user:{user.username}"
    chain.record(stream=chain.SYSTEM, verb=verb, subject=subject, data=data, by=by.user, at=at)
