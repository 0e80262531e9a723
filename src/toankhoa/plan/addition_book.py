"""What the installation added to its library, as the database keeps it: every state, the last of
each code counts.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile

from toankhoa.library.additions import in_force, read_addition
from toankhoa.library.schema import Addition
from toankhoa.org import organisation
from toankhoa.org.models import User
from toankhoa.plan.models import LibraryAddition


@dataclass(frozen=True)
class AdditionState:
    """An addition from a moment on; None where it was withdrawn."""

    code: str
    addition: Addition | None
    since: datetime


@dataclass(frozen=True)
class Book:
    """Every state of every addition, in the order in which they were made."""

    states: tuple[AdditionState, ...]

    @property
    def current(self) -> dict[str, Addition]:
        """Those that count, by code."""
        last = {state.code: state.addition for state in self.states}
        return {code: addition for code, addition in last.items() if addition}

    @property
    def made(self) -> int:
        """How many were ever made."""
        return len({state.code for state in self.states})

    @property
    def slots(self) -> frozenset[int]:
        """Every slot that any ever had."""
        slots: set[int] = set()
        for state in self.states:
            if state.addition:
                slots.update(state.addition.slots)
        return frozenset(slots)

    def as_of(self, moment: datetime | None) -> Book:
        """The book as it stood: without the states from the first one on that came after the
        moment.
        """
        if moment is None:
            return self
        return Book(tuple(takewhile(lambda state: state.since <= moment, self.states)))


def book() -> Book:
    """Read it: one query."""
    rows = LibraryAddition.objects.order_by("pk").values_list("code", "content", "made_at")
    return Book(
        tuple(
            AdditionState(code, content and read_addition(content), at)
            for code, content, at in rows
        )
    )


def begin() -> Book:
    """The book, locked until the transaction ends: nobody else gives out slots meanwhile."""
    organisation.changed()
    return book()


def keep(addition: Addition, by: User, at: datetime) -> None:
    """A new state of an addition, in a transaction that began with `begin`."""
    LibraryAddition.objects.create(
        code=addition.code, content=addition.model_dump(mode="json"), made_by=by, made_at=at
    )


def withdraw(code: str, by: User, at: datetime) -> None:
    """An addition counts no more, in a transaction that began with `begin`."""
    LibraryAddition.objects.create(code=code, content=None, made_by=by, made_at=at)


def put_in_force(codes: Collection[str], day: date, by: User, at: datetime) -> list[str]:
    """Let forms ask for additions that a plan in force from a day on needs; which of these had
    waited for it.
    """
    if not LibraryAddition.objects.filter(code__in=codes).exists():
        return []
    current = begin().current.values()
    waiting = [addition for addition in current if addition.code in codes and not addition.since]
    for addition in waiting:
        keep(in_force(addition, day), by, at)
    return [addition.code for addition in waiting]
