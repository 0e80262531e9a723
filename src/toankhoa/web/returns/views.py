"""My returns, and one return.

Typed and saved as she types, sent, corrected, accepted, sent back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
from toankhoa.core.returns import Role, State, Value, read_figure
from toankhoa.reporting.models import Return, Step
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
from toankhoa.web.shell.access import member, only, refusal
from toankhoa.web.shell.navigation import INBOX, RETURNS, UNIT, Link, navigation
from toankhoa.web.shell.requests import Request
from toankhoa.web.shell.typed import form_fields, query_fields
from toankhoa.web.templatetags.vietnamese import co_khong, gia_tri

EARLIEST = 2001  # the first year whose returns can be asked for
NOTHING = "–"  # as gia_tri shows that nothing happened
ANSWERS = [("", "chưa có"), ("1", "Có"), ("0", "Không"), ("/", "Không áp dụng")]


@dataclass(frozen=True)
class Wanted:
    """A return as its address names it."""

    unit: str
    form: str
    period: str

    @property
    def address(self) -> str:
        """Of its page."""
        return reverse("return", args=[self.unit, self.form, self.period])


@dataclass(frozen=True)
class TypedFigures:
    """Figures read from a posted form; `errors` by element, with the text as it was typed."""

    figures: Mapping[str, Value | None]
    errors: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class FigureRow:
    """One line of the form.

    `part`: whether the figure it is part of is asked in the same section.
    `former`: what units that this one carries on had reported, with their names.
    """

    element: DataElement
    value: Value | None
    text: str
    before: Value | None
    problems: tuple[Problem, ...]
    part: bool
    former: tuple[tuple[str, Value], ...]

    @property
    def wrong(self) -> bool:
        """Whether it cannot be sent like this."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)

    @property
    def value_words(self) -> str:
        """The figure as it is read."""
        return _figure_words(self.element, self.value)

    @property
    def before_words(self) -> str:
        """The last period's figure as it is read."""
        return _figure_words(self.element, self.before)

    @property
    def former_words(self) -> list[tuple[str, str]]:
        """What units that this one carries on had reported, as it is read, with their names."""
        return [(name, _figure_words(self.element, value)) for name, value in self.former]

    @property
    def described_by(self) -> str:
        """Ids of what describes its box."""
        says = f"says-{self.element.code}"
        if self.element.hint:
            return f"hint-{self.element.code} {says}"
        return says

    @property
    def answers(self) -> list[tuple[str, str]]:
        """Of a question with yes and no: what can be answered."""
        return ANSWERS

    @property
    def choice(self) -> str:
        """Of a question with yes and no: which answer is chosen; "không phát sinh" is a no."""
        if self.text == NOTHING:
            return "0"
        return self.text


def _figure_words(element: DataElement, value: Value | None) -> str:
    if value is None:
        return "chưa có"
    if element.yes_no:
        return co_khong(value)
    return gia_tri(value)


@dataclass(frozen=True)
class LifeStep:
    """One step of a return's life, with the figures it changed.

    `place`: the unit whose step it was; `stood_in`: whether another one acted for it.
    """

    step: Step
    place: UnitVersion | None
    stood_in: bool
    figures: Figures


@member
def my_returns(request: Request) -> HttpResponse:
    """Everything her unit owes and has sent in one year."""
    today = request.actor.today
    year = query_fields(request).year("nam")
    if year is None or not EARLIEST <= year <= today.year:
        year = today.year
    within = {"since": date(year, 1, 1), "today": min(today, date(year, 12, 31))}
    unit, ledger = request.actor.unit, request.ledger
    taken = inherited_returns(unit=unit, ledger=ledger, **within)
    context = {
        "rows": obligations(unit=unit, ledger=ledger, **within),
        "taken": [predecessor for predecessor in taken if predecessor.unfinished],
        "former": [predecessor for predecessor in taken if predecessor.sent],
        "corrections_due": corrections_due(units=[unit], ledger=ledger, **within),
        "year": year,
        "years": range(today.year - 4, today.year + 1),
    }
    return render(request, "returns/my_returns.html", context)


@member
def show(request: Request, unit: str, form: str, period: str) -> HttpResponse:
    """The form, to type in or to read, whichever she may."""
    return _page(request, _view(request, Wanted(unit, form, period)))


@require_POST
@member
def save(request: Request, unit: str, form: str, period: str) -> HttpResponse:
    """Keep what was typed: a figure as its box is left (htmx), all of them by the Save button."""
    wanted = Wanted(unit, form, period)
    try:
        view = _view(request, wanted)
        typed = _typed(request, view)
        if typed.figures:
            _save(request, view, typed)
    except Refused as refused:
        if request.htmx:
            return refusal(str(refused))
        messages.error(request, str(refused))
        return redirect(wanted.address)
    fresh = _view(request, wanted)
    if request.htmx:
        changed = {code for code in view.form.elements if code in form_fields(request)}
        context = _context(request, fresh, typed) | {"changed": changed}
        return render(request, "returns/saved.html", context)
    if typed.errors:
        return _page(request, fresh, typed)
    messages.success(request, "Đã lưu. Báo cáo chưa gửi đi cho đến khi bạn bấm Gửi.")
    return redirect(wanted.address)


@require_POST
@member
def send(request: Request, unit: str, form: str, period: str) -> HttpResponse:
    """Keep what is in the boxes and send it."""
    wanted = Wanted(unit, form, period)
    view = _view(request, wanted)
    typed = _typed(request, view)
    if typed.errors:
        return _page(request, view, typed)
    try:
        if typed.figures:
            _save(request, view, typed)
        ret = _view(request, wanted).ret
        if ret is None:
            messages.error(
                request, "Báo cáo chưa có số liệu nào. Hãy gõ ít nhất một số liệu rồi gửi."
            )
            return redirect(wanted.address)
        workflow.send_return(ret=ret, by=request.actor, at=now(), ledger=request.ledger)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Đã gửi. Bạn sẽ thấy ở đây khi cấp trên duyệt hoặc trả lại.")
    return redirect(wanted.address)


@require_POST
@member
def correct(request: Request, unit: str, form: str, period: str) -> HttpResponse:
    """Open a sent return again, with a reason."""

    def act(ret: Return, _: ReturnView) -> str:
        reason = form_fields(request).text("reason")
        workflow.correct_return(ret=ret, reason=reason, by=request.actor, at=now())
        return (
            "Đã mở lại. Sửa xong hãy gửi lần nữa; "
            "số cũ còn được tính cho đến khi số mới được duyệt."
        )

    return _move(request, Wanted(unit, form, period), act)


@require_POST
@member
def accept(request: Request, unit: str, form: str, period: str) -> HttpResponse:
    """Accept it for her unit, so that it counts there."""

    def act(ret: Return, view: ReturnView) -> str:
        workflow.accept_return(ret=ret, by=request.actor, at=now(), ledger=request.ledger)
        return f"Đã duyệt {view.form.name}, {view.period.label} của {view.name}."

    return _move(request, Wanted(unit, form, period), act)


@require_POST
@member
def send_back(request: Request, unit: str, form: str, period: str) -> HttpResponse:
    """Return it to its unit with a reason."""

    def act(ret: Return, view: ReturnView) -> str:
        reason = form_fields(request).text("reason")
        workflow.return_return(
            ret=ret, reason=reason, by=request.actor, at=now(), ledger=request.ledger
        )
        return f"Đã trả lại {view.name} kèm lý do."

    return _move(request, Wanted(unit, form, period), act)


@require_POST
@only(Role.OFFICER, Role.PLAN)
def acknowledge(request: Request, unit: str, form: str, period: str) -> HttpResponse:
    """She has seen what was corrected since her unit accepted it."""
    wanted, fields = Wanted(unit, form, period), form_fields(request)
    ret, revision = _view(request, wanted).ret, fields.number("revision")
    if ret is None or revision is None:
        raise Http404
    try:
        acknowledge_correction(ret=ret, revision=revision, by=request.actor, at=now())
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("home" if fields.text("from") == "home" else wanted.address)


def _view(request: Request, wanted: Wanted) -> ReturnView:
    """The return; Http404 where there is none. Refused where a script asks from an open page.

    Such a page may be older than a reform that took the unit away: its reader is told so.
    """
    try:
        return return_view(
            unit=wanted.unit,
            form=wanted.form,
            period=Period.parse(wanted.period),
            actor=request.actor,
            ledger=request.ledger,
        )
    except (KeyError, ValueError) as error:
        raise Http404 from error
    except Refused as refused:
        if request.htmx:
            raise
        raise Http404 from refused


def _closed(request: Request, view: ReturnView) -> str:
    """Why nothing is to be typed for this period, empty where there is no reason."""
    if view.ret is not None:
        return ""
    return workflow.closed(view.unit, view.period, request.actor)


def _typed(request: Request, view: ReturnView) -> TypedFigures:
    """Only figures that differ from what is stored; a box that was not sent is left alone."""
    fields, elements = form_fields(request), request.ledger.library.elements
    figures: dict[str, Value | None] = {}
    errors: dict[str, tuple[str, str]] = {}
    for code in view.form.elements:
        if code not in fields:
            continue
        text = fields.as_typed(code)
        try:
            value = read_figure(text, elements[code])
        except Refused as refused:
            errors[code] = (text, str(refused))
            continue
        if value != view.values.get(code):
            figures[code] = value
    return TypedFigures(figures, errors)


def _save(request: Request, view: ReturnView, typed: TypedFigures) -> None:
    row_version = form_fields(request).number("row_version")
    workflow.save_figures(
        unit=view.unit,
        form=view.form.code,
        period=view.period,
        figures=typed.figures,
        row_version=view.row_version if row_version is None else row_version,
        by=request.actor,
        at=now(),
        library=request.ledger.library,
    )


def _move(
    request: Request, wanted: Wanted, act: Callable[[Return, ReturnView], str]
) -> HttpResponse:
    """Take a step of the workflow, and say what came of it on the return's page."""
    view = _view(request, wanted)
    if view.ret is None:
        raise Http404
    try:
        messages.success(request, act(view.ret, view))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(wanted.address)


def _page(request: Request, view: ReturnView, typed: TypedFigures | None = None) -> HttpResponse:
    context = _context(request, view, typed or TypedFigures({}))
    return render(request, "returns/return.html", context)


def _context(request: Request, view: ReturnView, typed: TypedFigures) -> dict[str, object]:
    actor, ledger, ret = request.actor, request.ledger, view.ret
    names = last_tree_with(view.unit, view.period, actor.organisation).units
    closed = _closed(request, view)
    changes = changes_of(ret, view.form, ledger) if ret else {}
    former = predecessor_returns(
        unit=view.unit, form=view.form.code, period=view.period, ledger=ledger
    )
    typing = view.can_save and not closed
    rows = _Rows(view, ledger.library.elements, typed, former)
    return {
        "view": view,
        "closed": closed,
        "came_from": _came_from(request, view),
        "typing": typing,
        "steps": [_step(request, step, names, changes) for step in view.steps],
        "waits_for": _waits_for(view, names),
        "stand_ins": _stand_ins(request, view),
        "taken_on": view.acting and actor.unit != view.unit,
        "correction": correction_of(ret, actor, ledger) if ret else None,
        "former": former,
        "usual_reason": _usual_reason(former),
        "unseen_doubts": bool(view.doubts) and not typing,
        "sections": [(section, rows.of(section)) for section in view.form.sections],
        "errors": typed.errors,
    }


def _usual_reason(former: Sequence[PredecessorReturn]) -> str:
    """Why a return is opened again where figures of units that are no more belong into it."""
    if not former:
        return ""
    return f"Gộp số của {', '.join(part.unit.name for part in former)}"


def _came_from(request: Request, view: ReturnView) -> Link:
    """The page above this one, of those that she has."""
    actor = request.actor
    link = RETURNS if view.unit in actor.acts_for else INBOX
    if link in navigation(actor):
        return link
    return UNIT


def _waits_for(view: ReturnView, names: Mapping[str, UnitVersion]) -> UnitVersion | None:
    """The unit whose turn it is with a return that was sent; None with any other."""
    if view.ret is None or view.ret.state != State.SENT:
        return None
    return names.get(view.position.next_unit or "")


def _step(
    request: Request, step: Step, names: Mapping[str, UnitVersion], changes: Mapping[int, Figures]
) -> LifeStep:
    organisation = request.actor.organisation
    code = organisation.codes[step.unit_id]
    stood_in = code not in organisation.on(timezone.localdate(step.at))
    figures = changes.get(step.revision, ()) if step.verb == "send" else ()
    return LifeStep(step, names.get(code), stood_in, figures)


def _stand_ins(request: Request, view: ReturnView) -> list[str]:
    """Names of the units that act for the one whose turn it is, where that is no more."""
    place, tree = view.position.next_place, request.actor.tree
    if place is None or view.position.chain[place] in tree:
        return []
    return [tree.units[code].name for code in view.position.acting[place] if code in tree]


@dataclass(frozen=True)
class _Rows:
    """What the lines of a return are made of."""

    view: ReturnView
    elements: Mapping[str, DataElement]
    typed: TypedFigures
    former: Sequence[PredecessorReturn]

    def of(self, section: Section) -> list[FigureRow]:
        """The lines of one section."""
        return [self._row(self.elements[code], section) for code in section.elements]

    def _row(self, element: DataElement, section: Section) -> FigureRow:
        code, value = element.code, self.view.values.get(element.code)
        problems = tuple(problem for problem in self.view.problems if problem.fragment == code)
        text = gia_tri(value)
        if code in self.typed.errors:
            text, message = self.typed.errors[code]
            problems = (Problem("entry", Severity.ERROR, message, fragment=code), *problems)
        return FigureRow(
            element=element,
            value=value,
            text=text,
            before=self.view.before.get(code),
            problems=problems,
            part=element.of in section.elements,
            former=self._former(code),
        )

    def _former(self, code: str) -> tuple[tuple[str, Value], ...]:
        reported = (part for part in self.former if code in part.ret.values)
        return tuple((part.unit.name, part.ret.values[code]) for part in reported)
