"""Who can sign in to the demo, and which day it is there. Light: every page and every start reads this."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from toankhoa.core.org import Tree
from toankhoa.core.returns import Role

TODAY = date(2021, 10, 20)
PASSWORD = "toankhoa"


@dataclass(frozen=True)
class Person:
    """A demo login."""

    username: str
    full_name: str
    role: Role
    unit: str
    label: str
    board: str = ""


def people(tree: Tree) -> list[Person]:
    """One person per role: for the root, for one unit below it, and for one below that."""
    root = tree.roots[0]
    district = tree.children(root)[4]
    base = tree.children(district)[0]
    name = tree.units
    return [
        Person("coso", "Nguyễn Thị Hoa", Role.OFFICER, base, f"Cán bộ cơ sở · {name[base].name}"),
        Person("huyen", "Trần Thị Lan", Role.OFFICER, district, f"Cán bộ huyện · {name[district].name}"),
        Person("ban", "Phạm Thị Mai", Role.BOARD, root, "Cán bộ ban · Ban Kinh tế", "KT"),
        Person("lanhdao", "Lê Thị Thu", Role.LEADER, root, "Lãnh đạo · Thường trực"),
        Person("kehoach", "Vũ Thị Hạnh", Role.PLAN, root, "Cán bộ kế hoạch · Văn phòng"),
        Person("quantri", "Đỗ Thị Minh", Role.ADMIN, root, "Quản trị hệ thống"),
    ]
