"""The demo's people as they are now: a reform may have moved them, or left them without a unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from toankhoa.core.organisation import Tree
from toankhoa.core.returns import Role
from toankhoa.demo.cast import USERNAMES
from toankhoa.operations.measuring import library
from toankhoa.org.models import Membership
from toankhoa.org.organisation import organisation

_PLACES = {
    Role.BOARD: "Chuyên viên ban",
    Role.LEADER: "Lãnh đạo",
    Role.PLAN: "Cán bộ kế hoạch",
    Role.ADMIN: "Quản trị hệ thống",
}


@dataclass(frozen=True)
class Login:
    """One line of the list: who, and what she is today."""

    username: str
    full_name: str
    label: str


def logins(today: date) -> list[Login]:
    """Those of the demo's people who can sign in, in the order of `cast.people`: one query."""
    rows = Membership.objects.filter(
        user__username__in=USERNAMES, user__is_active=True
    ).select_related("user", "unit")
    members = sorted(rows, key=lambda member: USERNAMES.index(member.user.username))
    if not members:
        return []
    tree = organisation().on(today)
    return [
        Login(member.user.username, member.user.full_name, _label(member, tree))
        for member in members
    ]


def _label(member: Membership, tree: Tree) -> str:
    unit = tree.units.get(member.unit.code)
    role, words = Role(member.role), library().vocabulary
    if unit is None:
        return "Cán bộ đang chờ xếp đơn vị"
    if role is Role.OFFICER:
        return f"Cán bộ {words.level_names.get(unit.level, unit.level).lower()} · {unit.name}"
    board = words.board_names.get(member.board, "")
    return f"{_PLACES[role]} · {board or unit.name}"
