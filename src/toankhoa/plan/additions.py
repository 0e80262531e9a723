"""What the installation added to its library, as the database keeps it: every state, the last of each code counts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from toankhoa.library.additions import in_force, read_addition
from toankhoa.library.schema import Addition
from toankhoa.org import organisation
from toankhoa.org.models import User
from toankhoa.plan.models import LibraryAddition


@dataclass(frozen=True)
class Book:
    """All additions: those that count, by code, how many were ever made, and every slot that any ever had."""

    current: dict[str, Addition]
    made: int
    slots: frozenset[int]


def book() -> Book:
    """Read it: one query."""
    states = [(code, content and read_addition(content)) for code, content in _states()]
    last = dict(states)
    slots = frozenset(slot for _, addition in states if addition for slot in addition.slots)
    return Book({code: addition for code, addition in last.items() if addition}, len(last), slots)


def _states() -> list[tuple[str, dict | None]]:
    return list(LibraryAddition.objects.order_by("pk").values_list("code", "content"))


def begin() -> Book:
    """The book, locked until the transaction ends: nobody else gives out slots meanwhile."""
    organisation.changed()
    return book()


def keep(addition: Addition, by: User, at: datetime) -> None:
    """A new state of an addition, in a transaction that began with `begin`."""
    LibraryAddition.objects.create(code=addition.code, content=addition.model_dump(mode="json"), made_by=by, made_at=at)


def withdraw(code: str, by: User, at: datetime) -> None:
    """An addition counts no more, in a transaction that began with `begin`."""
    LibraryAddition.objects.create(code=code, content=None, made_by=by, made_at=at)


def put_in_force(codes: Collection[str], day: date, by: User, at: datetime) -> list[str]:
    """Let forms ask for additions that a plan in force from a day on needs; which of these had waited for it."""
    if not LibraryAddition.objects.filter(code__in=codes).exists():
        return []
    waiting = [each for each in begin().current.values() if each.code in codes and each.since is None]
    for addition in waiting:
        keep(in_force(addition, day), by, at)
    return [addition.code for addition in waiting]
