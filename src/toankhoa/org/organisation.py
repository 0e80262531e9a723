"""The organisation as this process knows it: read from the database once per change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import uuid4

from django.db import transaction

from toankhoa.audit import chain
from toankhoa.core.basics import refuse
from toankhoa.core.organisation import Lineage, OrgTree, Tree, folded, in_order
from toankhoa.core.organisation import Reform as ReformRecord
from toankhoa.core.organisation import UnitVersion as UnitVersionRecord
from toankhoa.core.returns import Role
from toankhoa.org.models import Membership, OrgRevision, Reform, Unit, UnitVersion, User


@dataclass(frozen=True)
class Organisation:
    """The trees of all days, the reforms that made them, and the database ids behind the codes.

    `mark`: that of the last change of units, or of what is measured, when this was read.
    """

    trees: OrgTree
    ids: Mapping[str, int]
    codes: Mapping[int, str]
    lineage: Lineage
    mark: str
    reforms: tuple[ReformRecord, ...] = ()

    def on(self, day: date) -> Tree:
        """The tree as it stood on a day."""
        return self.trees.on(day)

    def check(self, mark: str) -> None:
        """`Refused` where units or measures have changed since: what is added up by the old is lost
        to the new.
        """
        if mark != self.mark:
            raise refuse(
                "org-changed",
                "Đơn vị hoặc biểu mẫu vừa thay đổi. Hãy tải lại trang rồi làm lại bước này.",
            )

    def heirs(self, code: str, day: date) -> tuple[str, ...]:
        """Units standing on a day that carry a unit on; see `core.organisation.lineage`."""
        return self.lineage.heirs(code, day)

    def forebears(self, code: str, day: date) -> tuple[str, ...]:
        """Units no longer standing on a day that a unit carries on."""
        return self.lineage.forebears(code, day)


@dataclass(frozen=True)
class _Books:
    """All that was ever entered about units, and the organisations already made of it, by codes of
    their reforms.
    """

    mark: str
    initial: tuple[UnitVersionRecord, ...]
    reforms: tuple[tuple[ReformRecord, datetime, datetime | None], ...]
    codes: Mapping[int, str]
    made: dict[tuple[str, ...], Organisation] = field(default_factory=dict)

    def known(self, as_of: datetime | None) -> Organisation:
        """The organisation by the reforms applied and not undone by a moment, or now."""
        reforms = [
            reform for reform, applied, undone in self.reforms if _stands(applied, undone, as_of)
        ]
        key = tuple(reform.code for reform in reforms)
        if key not in self.made:
            self.made[key] = self.with_reforms(reforms)
        return self.made[key]

    def with_reforms(self, reforms: Iterable[ReformRecord]) -> Organisation:
        """The organisation that these reforms make of what was first entered."""
        reforms = in_order(reforms)
        trees, lineage = folded(self.initial, reforms)
        ids = {code: pk for pk, code in self.codes.items()}
        return Organisation(trees, ids, self.codes, lineage, self.mark, tuple(reforms))


def _stands(applied: datetime, undone: datetime | None, as_of: datetime | None) -> bool:
    if as_of is None:
        return undone is None
    return applied <= as_of and (undone is None or as_of < undone)


_books: _Books | None = None


def organisation(as_of: datetime | None = None) -> Organisation:
    """The organisation now, or as the reforms applied by a past moment had made it.

    One small query, unless units have changed since they were last read.
    """
    return _read().known(as_of)


def supposing(reforms: Iterable[ReformRecord]) -> Organisation:
    """The organisation if just these reforms were applied; units that they would found have no id
    yet.

    `Refused` where one of them cannot be made.
    """
    return _read().with_reforms(reforms)


def last_mark() -> str:
    """The mark of the last change of units or of what is measured; blank where there are none
    yet.
    """
    return OrgRevision.objects.values_list("mark", flat=True).first() or ""


def _read() -> _Books:
    global _books
    mark = last_mark()
    if _books is None or _books.mark != mark:
        codes = dict(Unit.objects.values_list("id", "code"))
        initial = tuple(
            unit_version.record(codes) for unit_version in UnitVersion.objects.order_by("id")
        )
        applied = Reform.objects.filter(applied_at__isnull=False).order_by(
            "day", "applied_at", "pk"
        )
        reforms = tuple(
            (reform.record(), reform.applied_at, reform.undone_at)
            for reform in applied
            if reform.applied_at is not None
        )
        _books = _Books(mark, initial, reforms, codes)
    return _books


def _check_trees(unit_versions: tuple[UnitVersionRecord, ...]) -> None:
    """ValueError where some day on which anything changes has no tree."""
    trees = OrgTree(unit_versions)
    days: set[date] = set()
    for record in unit_versions:
        days.add(record.start)
        if record.end is not None:
            days.add(record.end)
    for day in days:
        trees.on(day)


def _row(record: UnitVersionRecord, units: Mapping[str, Unit]) -> UnitVersion:
    return UnitVersion(
        unit=units[record.code],
        name=record.name,
        kind=record.kind,
        level=record.level,
        parent=None if record.parent is None else units[record.parent],
        start=record.start,
        end=record.end,
    )


def load_units(
    *, unit_versions: tuple[UnitVersionRecord, ...], by: User | None, at: datetime
) -> None:
    """Enter units where there are none.

    Refused where units stand already, ValueError where some day has no tree.
    """
    if Unit.objects.exists():
        raise refuse(
            "org-loaded",
            "Đã có đơn vị trong hệ thống: chỉ nạp danh sách đơn vị vào cơ sở dữ liệu trống.",
        )
    _check_trees(unit_versions)
    with transaction.atomic():
        codes = dict.fromkeys(record.code for record in unit_versions)
        created = Unit.objects.bulk_create(Unit(code=code) for code in codes)
        units = {unit.code: unit for unit in created}
        UnitVersion.objects.bulk_create(_row(record, units) for record in unit_versions)
        changed()
        chain.record(
            stream=chain.SYSTEM,
            verb="load_units",
            subject="org",
            data={"units": len(codes)},
            by=by,
            at=at,
        )


def mark() -> str:
    """Of what this process knows: another one once units, or what is measured, have changed and
    were read again.
    """
    if _books is None:
        organisation()
    return _books.mark if _books else ""


def changed() -> None:
    """Say that units, or what is measured, have changed: every process reads them again.

    Locks until the end.
    """
    OrgRevision.objects.update_or_create(pk=1, defaults={"mark": uuid4().hex})


def add_member(
    *,
    username: str,
    full_name: str,
    password: str,
    unit: str,
    role: Role,
    board: str = "",
    lent: bool = False,
    by: User | None,
    at: datetime,
) -> User:
    """A new person who acts for a unit.

    Refused where the name is taken or the unit unknown. `lent`: see `User`.
    """
    if User.objects.filter(username=username).exists():
        raise refuse("user-taken", f"Tên đăng nhập {username} đã có người dùng. Hãy chọn tên khác.")
    target = Unit.objects.filter(code=unit).first()
    if target is None:
        raise refuse("unit-unknown", f"Không có đơn vị mã {unit}. Hãy kiểm tra lại mã.")
    with transaction.atomic():
        user = User(username=username, full_name=full_name, date_joined=at, lent=lent)
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
