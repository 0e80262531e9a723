"""A row's indicators: attached, created where the library has none that fits, changed while nothing was reported."""

from __future__ import annotations

from typing import TypeVar

from django.http import HttpResponse, QueryDict
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
from toankhoa.web.shell.access import Request, only

PAGE = "review/indicators.html"


@require_POST
@only(Role.PLAN)
def attach(request: Request, pk: int, row: str) -> HttpResponse:
    """An indicator measures this row, or no row any more."""

    def act() -> str:
        drafts.attach_indicator(
            draft=pk,
            row=NO_ROW if "remove" in request.POST else row,
            indicator=request.POST.get("indicator", ""),
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
    asked = wish(request.POST)

    def act() -> str:
        library_additions.create_indicator(
            draft=pk, row=row, wish=asked, by=request.actor, at=now()
        )
        return "Đã thêm chỉ số vào thư viện và gắn với hàng này."

    return done(request, pk, known(request, pk, row), act, PAGE)


@require_POST
@only(Role.PLAN)
def change(request: Request, pk: int, row: str, indicator: str) -> HttpResponse:
    """Another name, unit, direction, path, term or choice of an added indicator, or away with it."""
    asked, leave = wish(request.POST), "withdraw" in request.POST

    def act() -> str:
        about = {"draft": pk, "code": indicator, "by": request.actor, "at": now()}
        if leave:
            library_additions.withdraw_indicator(**about)
            return "Đã rút chỉ số khỏi thư viện."
        library_additions.change_indicator(wish=asked, **about)
        return "Đã sửa chỉ số."

    return done(request, pk, known(request, pk, row), act, PAGE)


def wish(said: QueryDict) -> Wish:
    """What the form asks for; where it names no choice, the first one offered; path and term go by the kind then."""
    kind = _one_of(IndicatorKind, said.get("kind"))
    name = said.get("name", "")
    return Wish(
        name=name,
        kind=kind,
        numerator=_part(said, "tu", "" if kind is IndicatorKind.RATIO else name),
        denominator=_part(said, "mau", "") if kind is IndicatorKind.RATIO else None,
        level=said.get("level", ""),
        frequency=_one_of(Frequency, said.get("frequency")),
        starts_now=said.get("starts") == "now",
        more_is_better=said.get("direction") != "less",
        path=next((each for each in Path if each == said.get("path")), None),
        term=next((each for each in TermRule if each == said.get("term")), None),
        unit=said.get("unit", ""),
        question=said.get("question", "").strip(),
        answer=said.get("answer", "").strip(),
        others=tuple(line for line in said.get("others", "").splitlines() if line.strip()),
    )


Choice = TypeVar("Choice", IndicatorKind, Frequency, TimeRule)


def _one_of(kinds: type[Choice], said: str | None) -> Choice:
    return next((each for each in kinds if each == said), next(iter(kinds)))


def _part(said: QueryDict, which: str, name: str) -> AdditionPart:
    return AdditionPart(
        code=said.get(which, ""),
        name=said.get(f"{which}-ten", "").strip() or name,
        unit=said.get(f"{which}-don-vi", ""),
        time=_one_of(TimeRule, said.get(f"{which}-tinh")),
    )
