"""A row's indicators: attached, created where none fits, changed, withdrawn."""

from __future__ import annotations

from enum import Enum
from typing import TypeVar

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from toankhoa.audit.clock import now
from toankhoa.core.basics import Frequency
from toankhoa.core.measures import IndicatorKind, Path, TermRule, TimeRule
from toankhoa.core.returns import Role
from toankhoa.core.review import NO_ROW
from toankhoa.library.additions import AdditionPart, Wish
from toankhoa.operations import library_additions
from toankhoa.plan import drafts
from toankhoa.web.review.page import done, known, row_version
from toankhoa.web.shell.access import only
from toankhoa.web.shell.requests import Request
from toankhoa.web.shell.typed import Fields, form_fields

PAGE = "review/indicators.html"
Choice = TypeVar("Choice", bound=Enum)


@require_POST
@only(Role.PLAN)
def attach(request: Request, pk: int, row: str) -> HttpResponse:
    """An indicator measures this row, or no row any more."""
    fields = form_fields(request)

    def act() -> str:
        drafts.attach_indicator(
            draft=pk,
            row=NO_ROW if "remove" in fields else row,
            indicator=fields.text("indicator"),
            row_version=row_version(request),
            by=request.actor,
            at=now(),
            library=request.ledger.library,
        )
        return "Đã lưu chỉ số của hàng."

    return done(request, pk, known(request, pk, row), act, PAGE)


@require_POST
@only(Role.PLAN)
def create(request: Request, pk: int, row: str) -> HttpResponse:
    """A new indicator in the library, measuring this row."""
    wished = wish(form_fields(request))

    def act() -> str:
        library_additions.create_indicator(
            draft=pk, row=row, wish=wished, by=request.actor, at=now()
        )
        return "Đã thêm chỉ số vào thư viện và gắn với hàng này."

    return done(request, pk, known(request, pk, row), act, PAGE)


@require_POST
@only(Role.PLAN)
def change(request: Request, pk: int, row: str, indicator: str) -> HttpResponse:
    """An added indicator gets another name, unit, direction, path, term or choice, or goes."""
    fields = form_fields(request)

    def act() -> str:
        if "withdraw" in fields:
            library_additions.withdraw_indicator(
                draft=pk, code=indicator, by=request.actor, at=now()
            )
            return "Đã rút chỉ số khỏi thư viện."
        library_additions.change_indicator(
            draft=pk, code=indicator, wish=wish(fields), by=request.actor, at=now()
        )
        return "Đã sửa chỉ số."

    return done(request, pk, known(request, pk, row), act, PAGE)


def wish(fields: Fields) -> Wish:
    """What the form asks for.

    Where it names no choice, the first one offered; path and term then go by the kind.
    """
    kind = _member_or_first(fields, "kind", IndicatorKind)
    is_ratio, name = kind is IndicatorKind.RATIO, fields.text("name")
    return Wish(
        name=name,
        kind=kind,
        numerator=_part(fields, "tu", "" if is_ratio else name),
        denominator=_part(fields, "mau", "") if is_ratio else None,
        level=fields.text("level"),
        frequency=_member_or_first(fields, "frequency", Frequency),
        starts_now=fields.text("starts") == "now",
        more_is_better=fields.text("direction") != "less",
        path=fields.member("path", Path),
        term=fields.member("term", TermRule),
        unit=fields.text("unit"),
        question=fields.text("question"),
        answer=fields.text("answer"),
        others=tuple(line for line in fields.text("others").splitlines() if line.strip()),
    )


def _member_or_first(fields: Fields, name: str, of: type[Choice]) -> Choice:
    return fields.member(name, of) or next(iter(of))


def _part(fields: Fields, which: str, name: str) -> AdditionPart:
    """Numerator (`tu`) or denominator (`mau`).

    `name`: what a new one is called where none is given.
    """
    return AdditionPart(
        code=fields.text(which),
        name=fields.text(f"{which}-ten") or name,
        unit=fields.text(f"{which}-don-vi"),
        time=_member_or_first(fields, f"{which}-tinh", TimeRule),
    )
