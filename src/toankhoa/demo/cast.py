"""Who can sign in to the demo, and which day it is there. Light: every start reads this."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from toankhoa.core.organisation import Tree
from toankhoa.core.returns import Role

TODAY = date(2021, 10, 20)
PASSWORD = "toankhoa"


@dataclass(frozen=True)
class Person:
    """A demo login as it is made. Where she works later, reforms decide: see `demo.logins`."""

    username: str
    full_name: str
    role: Role
    unit: str
    board: str = ""


def people(tree: Tree) -> list[Person]:
    """One person per role: for the root, for one unit below it, and for one below that."""
    root = tree.roots[0]
    district = tree.children(root)[4]
    base = tree.children(district)[0]
    return [
        Person("coso", "Nguyễn Thị Hoa", Role.OFFICER, base),
        Person("huyen", "Trần Thị Lan", Role.OFFICER, district),
        Person("ban", "Phạm Thị Mai", Role.BOARD, root, "KT"),
        Person("lanhdao", "Lê Thị Thu", Role.LEADER, root),
        Person("kehoach", "Vũ Thị Hạnh", Role.PLAN, root),
        Person("quantri", "Đỗ Thị Minh", Role.ADMIN, root),
    ]


USERNAMES = ("coso", "huyen", "ban", "lanhdao", "kehoach", "quantri")  # of `people`, in its order
