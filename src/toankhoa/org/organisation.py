"""The organisation as this process knows it: read from the database once per change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

from django.db import transaction

from toankhoa.audit import chain
from toankhoa.core.org import OrgTree, Tree
from toankhoa.core.org import Placement as PlacementRecord
from toankhoa.core.problems import refuse
from toankhoa.core.returns import Role
from toankhoa.org.models import Membership, OrgRevision, Placement, Unit, User


@dataclass(frozen=True)
class Organisation:
    """The trees of all days, and the database ids behind the codes."""

    trees: OrgTree
    ids: Mapping[str, int]
    codes: Mapping[int, str]

    def on(self, day: date) -> Tree:
        """The tree as it stood on a day."""
        return self.trees.on(day)


_known: tuple[str, Organisation] | None = None


def organisation() -> Organisation:
    """The organisation now; one small query, unless units have changed since it was last read."""
    global _known
    mark = OrgRevision.objects.values_list("mark", flat=True).first() or ""
    if _known is None or _known[0] != mark:
        codes = dict(Unit.objects.values_list("id", "code"))
        trees = OrgTree(placement.record(codes) for placement in Placement.objects.order_by("id"))
        _known = mark, Organisation(trees, {code: pk for pk, code in codes.items()}, codes)
    return _known[1]


def load_units(*, placements: tuple[PlacementRecord, ...], by: User | None, at: datetime) -> None:
    """Enter units where there are none. Refused where units stand already, ValueError where some day has no tree."""
    if Unit.objects.exists():
        raise refuse("org-loaded", "Đã có đơn vị trong hệ thống: chỉ nạp danh sách đơn vị vào cơ sở dữ liệu trống.")
    trees = OrgTree(placements)
    for day in {placement.start for placement in placements} | {p.end for p in placements if p.end is not None}:
        trees.on(day)
    with transaction.atomic():
        codes = dict.fromkeys(placement.code for placement in placements)
        units = {unit.code: unit for unit in Unit.objects.bulk_create(Unit(code=code) for code in codes)}
        Placement.objects.bulk_create(
            Placement(
                unit=units[record.code],
                name=record.name,
                kind=record.kind,
                level=record.level,
                parent=None if record.parent is None else units[record.parent],
                start=record.start,
                end=record.end,
            )
            for record in placements
        )
        _changed()
        chain.record(stream=chain.SYSTEM, verb="load_units", subject="org", data={"units": len(codes)}, by=by, at=at)


def _changed() -> None:
    OrgRevision.objects.update_or_create(pk=1, defaults={"mark": uuid4().hex})


def add_member(
    *,
    username: str,
    full_name: str,
    password: str,
    unit: str,
    role: Role,
    board: str = "",
    by: User | None,
    at: datetime,
) -> User:
    """A new person who acts for a unit. Refused where the name is taken or the unit unknown."""
    if User.objects.filter(username=username).exists():
        raise refuse("user-taken", f"Tên đăng nhập {username} đã có người dùng. Hãy chọn tên khác.")
    target = Unit.objects.filter(code=unit).first()
    if target is None:
        raise refuse("unit-unknown", f"Không có đơn vị mã {unit}. Hãy kiểm tra lại mã.")
    with transaction.atomic():
        user = User(username=username, full_name=full_name)
        user.set_password(password)
        user.save(force_insert=True)
        Membership.objects.create(user=user, unit=target, role=role, board=board)
        chain.record(
            stream=chain.SYSTEM,
            verb="add_member",
            subject=f"user:{username}",
            data={"unit": unit, "role": role, "board": board},
            by=by,
            at=at,
        )
    return user
