"""My returns, and one return: typed and saved as she types, sent, corrected; accepted or sent back by those above."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from toankhoa.audit.clock import now
from toankhoa.core.basics import Period, Problem, Refused, Severity
from toankhoa.core.measures import DataElement, Section
from toankhoa.core.organisation import UnitVersion
from toankhoa.core.returns import Role, Value, read_figure
from toankhoa.reporting.models import Step
from toankhoa.reporting.returns import workflow
from toankhoa.reporting.returns.corrections import Figures, changes_of, correction_of
from toankhoa.reporting.returns.corrections import acknowledge as acknowledge_correction
from toankhoa.reporting.returns.corrections_due import (
    PredecessorReturn,
    corrections_due,
    predecessor_returns,
)
from toankhoa.reporting.returns.obligations import inherited_returns, obligations
from toankhoa.reporting.returns.return_view import ReturnView, last_tree_with, return_view
from toankhoa.web.shell.access import Request, member, only, refusal
from toankhoa.web.shell.navigation import INBOX, RETURNS, UNIT, Link, navigation
from toankhoa.web.templatetags.vietnamese import gia_tri


@dataclass(frozen=True)
class TypedFigures:
    """Figures read from a posted form; `errors` by element, with the text as it was typed."""

    figures: Mapping[str, Value | None]
    errors: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class FigureRow:
    """One line of the form."""

    element: DataElement
    value: Value | None
    text: str
    before: Value | None
    problems: tuple[Problem, ...]
    part: bool  # whether the figure it is part of stands in the same section
    former: tuple[
        tuple[str, Value], ...
    ]  # what units that this one carries on had reported, with their names

    @property
    def wrong(self) -> bool:
        """Whether it cannot be sent like this."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)


@dataclass(frozen=True)
class LifeStep:
    """One step of a return's life: whose it was, whether for a unit that was no more, and the figures it changed."""

    step: Step
    place: UnitVersion | None
    stood_in: bool
    figures: Figures


@member
def my_returns(request: Request) -> HttpResponse:
    """Everything her unit owes and has sent in one year."""
    today = request.actor.today
    asked = request.GET.get("nam", "")
    year = int(asked) if asked.isdigit() and 2000 < int(asked) <= today.year else today.year
    last = min(today, date(year, 12, 31))
    unit, january = request.actor.unit, date(year, 1, 1)
    rows = obligations(unit=unit, since=january, today=last, ledger=request.ledger)
    taken = inherited_returns(unit=unit, since=january, today=last, ledger=request.ledger)
    context = {
        "rows": rows,
        "taken": [each for each in taken if each.unfinished],
        "former": [each for each in taken if each.sent],
        "corrections_due": corrections_due(
            units=[unit], since=january, today=last, ledger=request.ledger
        ),
        "year": year,
        "years": range(today.year - 4, today.year + 1),
    }
    return render(request, "returns/my_returns.html", context)


@member
def show(request: Request, unit: str, form: str, period: str) -> HttpResponse:
    """The form, to type in or to read, whichever she may."""
    return _page(request, _sheet(request, unit, form, period))


@require_POST
@member
def save(request: Request, unit: str, form: str, period: str) -> HttpResponse:
    """Keep what was typed: one figure when she leaves its box (htmx), all of them by the Save button."""
    try:
        at = _sheet(request, unit, form, period)
        typed = _typed(request, at)
        if typed.figures:
            _save(request, at, typed)
    except Refused as refused:
        if request.htmx:
            return refusal(str(refused))
        messages.error(request, str(refused))
        return _back(unit, form, period)
    fresh = _sheet(request, unit, form, period)
    if request.htmx:
        context = {
            **_context(request, fresh, typed),
            "changed": set(at.form.elements) & request.POST.keys(),
        }
        return render(request, "returns/saved.html", context)
    if typed.errors:
        return _page(request, fresh, typed)
    messages.success(request, "Đã lưu. Báo cáo chưa gửi đi cho đến khi bạn bấm Gửi.")
    return redirect(request.path_info.rsplit("/", 2)[0] + "/")


@require_POST
@member
def send(request: Request, unit: str, form: str, period: str) -> HttpResponse:
    """Keep what is in the boxes and send it."""
    at = _sheet(request, unit, form, period)
    typed = _typed(request, at)
    if typed.errors:
        return _page(request, at, typed)
    try:
        if typed.figures:
            _save(request, at, typed)
        ret = _sheet(request, unit, form, period).ret
        if ret is None:
            messages.error(
                request, "Báo cáo chưa có số liệu nào. Hãy gõ ít nhất một số liệu rồi gửi."
            )
            return _back(unit, form, period)
        workflow.send_return(ret=ret, by=request.actor, at=now(), ledger=request.ledger)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Đã gửi. Bạn sẽ thấy ở đây khi cấp trên duyệt hoặc trả lại.")
    return _back(unit, form, period)


@require_POST
@member
def correct(request: Request, unit: str, form: str, period: str) -> HttpResponse:
    """Open a sent return again, with a reason."""

    def act(at: ReturnView) -> str:
        workflow.correct_return(
            ret=at.ret, reason=request.POST.get("reason", ""), by=request.actor, at=now()
        )
        return "Đã mở lại. Sửa xong hãy gửi lần nữa; số cũ còn được tính cho đến khi số mới được duyệt."

    return _move(request, unit, form, period, act)


@require_POST
@member
def accept(request: Request, unit: str, form: str, period: str) -> HttpResponse:
    """Vouch for it."""

    def act(at: ReturnView) -> str:
        workflow.accept_return(ret=at.ret, by=request.actor, at=now(), ledger=request.ledger)
        return f"Đã duyệt {at.form.name}, {at.period.label} của {at.name}."

    return _move(request, unit, form, period, act)


@require_POST
@member
def send_back(request: Request, unit: str, form: str, period: str) -> HttpResponse:
    """Return it to its unit with a reason."""

    def act(at: ReturnView) -> str:
        reason = request.POST.get("reason", "")
        workflow.return_return(
            ret=at.ret, reason=reason, by=request.actor, at=now(), ledger=request.ledger
        )
        return f"Đã trả lại {at.name} kèm lý do."

    return _move(request, unit, form, period, act)


@require_POST
@only(Role.OFFICER, Role.PLAN)
def acknowledge(request: Request, unit: str, form: str, period: str) -> HttpResponse:
    """She has seen what was corrected since her unit accepted it."""
    at, revision = _sheet(request, unit, form, period), request.POST.get("revision", "")
    if at.ret is None or not revision.isdigit():
        raise Http404
    try:
        acknowledge_correction(ret=at.ret, revision=int(revision), by=request.actor, at=now())
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("home") if request.POST.get("from") == "home" else _back(unit, form, period)


def _sheet(request: Request, unit: str, form: str, period: str) -> ReturnView:
    try:
        when = Period.parse(period)
        return return_view(
            unit=unit, form=form, period=when, actor=request.actor, ledger=request.ledger
        )
    except (KeyError, ValueError) as error:
        raise Http404 from error
    except Refused as refused:
        if request.htmx:  # a page that she had open since before a reform is told why
            raise
        raise Http404 from refused


def _closed(request: Request, at: ReturnView) -> str:
    """Why nothing is to be typed for this period, empty where there is no reason."""
    return "" if at.ret is not None else workflow.closed(at.unit, at.period, request.actor)


def _typed(request: Request, at: ReturnView) -> TypedFigures:
    """Only figures that differ from what is kept; a box that is not in the request is left alone."""
    figures: dict[str, Value | None] = {}
    errors = {}
    for code in at.form.elements:
        text = request.POST.get(code)
        if text is None:
            continue
        try:
            value = read_figure(text, request.ledger.library.elements[code])
        except Refused as refused:
            errors[code] = (text, str(refused))
            continue
        if value != at.values.get(code):
            figures[code] = value
    return TypedFigures(figures, errors)


def _save(request: Request, at: ReturnView, typed: TypedFigures) -> None:
    row_version = request.POST.get("row_version", "")
    workflow.save_figures(
        unit=at.unit,
        form=at.form.code,
        period=at.period,
        figures=typed.figures,
        row_version=int(row_version) if row_version.isdigit() else at.row_version,
        by=request.actor,
        at=now(),
        library=request.ledger.library,
    )


def _move(
    request: Request, unit: str, form: str, period: str, act: Callable[[ReturnView], str]
) -> HttpResponse:
    at = _sheet(request, unit, form, period)
    if at.ret is None:
        raise Http404
    try:
        messages.success(request, act(at))
    except Refused as refused:
        messages.error(request, str(refused))
    return _back(unit, form, period)


def _back(unit: str, form: str, period: str) -> HttpResponse:
    return redirect(reverse("return", args=[unit, form, period]))


def _page(request: Request, at: ReturnView, typed: TypedFigures | None = None) -> HttpResponse:
    return render(request, "returns/return.html", _context(request, at, typed or TypedFigures({})))


def _context(request: Request, at: ReturnView, typed: TypedFigures) -> dict[str, object]:
    names = last_tree_with(at.unit, at.period, request.actor.organisation).units
    closed = _closed(request, at)
    changes = changes_of(at.ret, at.form, request.ledger) if at.ret else {}
    former = predecessor_returns(
        unit=at.unit, form=at.form.code, period=at.period, ledger=request.ledger
    )
    return {
        "at": at,
        "closed": closed,
        "came_from": _came_from(request, at),
        "typing": at.can_save and not closed,
        "steps": [_step(request, step, names, changes) for step in at.steps],
        "next_unit": names.get(at.position.next_unit or ""),
        "stand_ins": _stand_ins(request, at),
        "correction": correction_of(at.ret, request.actor, request.ledger) if at.ret else None,
        "former": former,
        "sections": [
            (section, _rows(request, at, section, typed, former)) for section in at.form.sections
        ],
        "errors": typed.errors,
        "saved": not typed.errors,
    }


def _came_from(request: Request, at: ReturnView) -> Link:
    """The page above this one, of those that she has."""
    actor = request.actor
    link = RETURNS if at.unit in actor.acts_for else INBOX
    return link if link in navigation(actor) else UNIT


def _step(
    request: Request, step: Step, names: Mapping[str, UnitVersion], changes: Mapping[int, Figures]
) -> LifeStep:
    organisation = request.actor.organisation
    code = organisation.codes[step.unit_id]
    stood_in = code not in organisation.on(timezone.localdate(step.at))
    return LifeStep(
        step,
        names.get(code),
        stood_in,
        changes.get(step.revision, ()) if step.verb == "send" else (),
    )


def _stand_ins(request: Request, at: ReturnView) -> list[str]:
    """Names of the units that act for the one whose turn it is, where that is no more."""
    place, tree = at.position.next_place, request.actor.tree
    if place is None or at.position.chain[place] in tree:
        return []
    return [tree.units[code].name for code in at.position.acting[place] if code in tree]


def _rows(
    request: Request,
    at: ReturnView,
    section: Section,
    typed: TypedFigures,
    former: list[PredecessorReturn],
) -> list[FigureRow]:
    return [
        _row(at, request.ledger.library.elements[code], section, typed, former)
        for code in section.elements
    ]


def _row(
    at: ReturnView,
    element: DataElement,
    section: Section,
    typed: TypedFigures,
    former: list[PredecessorReturn],
) -> FigureRow:
    code = element.code
    problems = tuple(problem for problem in at.problems if problem.fragment == code)
    text = gia_tri(at.values.get(code))
    if code in typed.errors:
        text, message = typed.errors[code]
        problems = (Problem("entry", Severity.ERROR, message, fragment=code), *problems)
    part = element.of in section.elements
    told = tuple(
        (each.unit.name, each.ret.values[code]) for each in former if code in each.ret.values
    )
    return FigureRow(element, at.values.get(code), text, at.before.get(code), problems, part, told)
