"""Indicators that a plan officer adds to the library while she reviews a plan.

Each verb: guards, one transaction. An addition may be changed or withdrawn while nothing has been
reported of it. Forms are everybody's: only the unit at the top of the tree adds to them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from toankhoa.core.basics import refuse
from toankhoa.core.review import Place
from toankhoa.library.additions import Wish, draw_up, extended, redrawn
from toankhoa.library.schema import Addition
from toankhoa.operations.measuring import declared
from toankhoa.org.scope import Actor
from toankhoa.plan import addition_book
from toankhoa.plan.addition_book import Book
from toankhoa.plan.changes import changing, guard, record, touch
from toankhoa.plan.drafts import INDICATORS
from toankhoa.plan.models import PlanVersion
from toankhoa.reporting.models import Return, Revision


def may_add(by: Actor) -> bool:
    """Whether a person's unit stands at the top of the tree."""
    return by.tree.depth(by.unit) == 0


def create_indicator(*, draft: int, row: str, wish: Wish, by: Actor, at: datetime) -> str:
    """A new indicator in the library, measuring this row; its code.

    Forms ask for it once the draft is published.
    """
    _guard_library(by)
    with changing(draft, by) as version:
        rows = [*version.document["objectives"], *version.document["activities"]]
        if all(stored["code"] != row for stored in rows):
            raise KeyError(row)
        book = addition_book.begin()
        library = extended(declared(), list(book.current.values()))
        addition = draw_up(wish, book.made, library, book.slots)
        addition_book.keep(addition, by.user, at)
        version.placed = {**version.placed, addition.code: row}
        touch(version, _place(addition.code))
        what = {"row": row, "indicator": addition.code, "name": addition.indicator.name}
        record("create_indicator", version, by, at, what)
    return addition.code


def change_indicator(*, draft: int, code: str, wish: Wish, by: Actor, at: datetime) -> None:
    """Another name, unit, direction or choice of an addition with nothing reported of it."""

    def change(addition: Addition, book: Book) -> dict[str, object]:
        library = extended(declared(), list(book.current.values()))
        changed = redrawn(addition, wish, library)
        addition_book.keep(changed, by.user, at)
        return {"was": addition.indicator.name, "is": changed.indicator.name}

    _change("change_indicator", draft, code, by, at, change)


def withdraw_indicator(*, draft: int, code: str, by: Actor, at: datetime) -> None:
    """An addition leaves the library that no published plan needs, with nothing reported of it."""

    def withdraw(addition: Addition, _: Book) -> dict[str, object]:
        if _published_with(code):
            raise refuse(
                "measure-published",
                "Kế hoạch đã ban hành đang dùng chỉ số này. Hãy gỡ khỏi hàng trong bản điều chỉnh.",
            )
        addition_book.withdraw(code, by.user, at)
        return {"name": addition.indicator.name}

    _change("withdraw_indicator", draft, code, by, at, withdraw)


def _published_with(code: str) -> bool:
    """Whether a published plan has an indicator measure some row."""
    published = PlanVersion.objects.filter(state=PlanVersion.State.PUBLISHED)
    for bindings in published.values_list("bindings", flat=True):
        if any(binding["indicator"] == code for binding in bindings):
            return True
    return False


def _change(
    verb: str,
    draft: int,
    code: str,
    by: Actor,
    at: datetime,
    act: Callable[[Addition, Book], dict[str, object]],
) -> None:
    _guard_library(by)
    with changing(draft, by) as version:
        book = addition_book.begin()
        if code not in book.current:
            raise refuse("measure-shipped", "Chỉ sửa được chỉ số do đơn vị mình bổ sung.")
        if _reported(book.current[code]):
            raise refuse(
                "measure-reported", "Đã có đơn vị báo số liệu của chỉ số này, không sửa được nữa."
            )
        what = act(book.current[code], book)
        touch(version, _place(code))
        record(verb, version, by, at, {"indicator": code, **what})


def _guard_library(by: Actor) -> None:
    guard(by)
    if not may_add(by):
        raise refuse(
            "measure-root",
            "Biểu là của mọi đơn vị: chỉ cán bộ kế hoạch của cấp cao nhất "
            "được thêm hay sửa chỉ số.",
        )


def _reported(addition: Addition) -> bool:
    """Whether anybody typed a figure of its own elements.

    Nobody can before a form asks for them. Without elements of its own it goes by those of others,
    which may have figures from the day a form asks for them.
    """
    if addition.since is None:
        return False
    codes, first = list(addition.elements), addition.since.year * 100
    if not codes:
        return True
    typed = Return.objects.filter(key__gte=first, values__has_any_keys=codes)
    sent = Revision.objects.filter(ret__key__gte=first, values__has_any_keys=codes)
    return typed.exists() or sent.exists()


def _place(code: str) -> Place:
    return Place(f"indicator:{code}", INDICATORS)
