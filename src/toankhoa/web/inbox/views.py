"""The inbox: returns that wait for this unit, and what has not come in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from toankhoa.audit.clock import now
from toankhoa.core.basics import Period, Problem
from toankhoa.core.measures import Form
from toankhoa.core.organisation import UnitVersion
from toankhoa.core.returns import Role, deadline
from toankhoa.org.scope import Actor
from toankhoa.reporting.models import Return
from toankhoa.reporting.returns import workflow
from toankhoa.reporting.returns.corrections import Correction, corrections, first_sent
from toankhoa.reporting.returns.obligations import Intake, inbox, intake
from toankhoa.reporting.returns.return_view import doubtful_figures
from toankhoa.web.shell.access import only
from toankhoa.web.shell.requests import Request
from toankhoa.web.shell.typed import form_fields, query_fields
from toankhoa.web.units.views import last_due


@dataclass(frozen=True)
class Waiting:
    """One return in the list."""

    ret: Return
    unit: UnitVersion
    parent: UnitVersion | None  # where it is not the reader's own unit
    first_sent: datetime | None
    doubts: Sequence[Problem] = ()  # about figures that deserve a second look
    correction: Correction | None = None  # of what had been accepted here

    @property
    def late(self) -> bool:
        """Whether it came after its last day."""
        if self.first_sent is None:
            return False
        return timezone.localdate(self.first_sent) > deadline(self.ret.when)


@dataclass(frozen=True)
class Group:
    """Returns of one form and period."""

    form: Form
    period: Period
    waiting: tuple[Waiting, ...]

    @property
    def id(self) -> str:
        """Of its rows on the page."""
        return f"{self.form.code}-{self.period.code}"


@dataclass(frozen=True)
class Notes:
    """What is to be known of returns before they are accepted, by id: see `Waiting`."""

    doubts: Mapping[int, Sequence[Problem]] = field(default_factory=dict)
    corrections: Mapping[int, Correction] = field(default_factory=dict)


@dataclass(frozen=True)
class Missing:
    """What came in of one form and period, with the units that sent nothing.

    By their names then.
    """

    intake: Intake
    units: tuple[UnitVersion, ...]


@dataclass(frozen=True)
class InboxFilters:
    """Which of the waiting returns she asked for.

    Of one form, of one unit directly below and all below it.
    """

    form: str
    branch: str

    def include(self, ret: Return, actor: Actor) -> bool:
        """Whether a return is one of them."""
        if self.form and ret.form != self.form:
            return False
        if not self.branch:
            return True
        trees = (actor.tree, actor.organisation.on(ret.when.last_day))
        return any(tree.within(ret.unit.code, self.branch) for tree in trees)


@only(Role.OFFICER, Role.PLAN)
def show(request: Request) -> HttpResponse:
    """Grouped by form and period, oldest first; filtered by form and by the unit directly below."""
    actor, tree = request.actor, request.actor.tree
    query = query_fields(request)
    filters = InboxFilters(form=query.text("bieu"), branch=query.text("thuoc"))
    returns = inbox(actor)
    chosen = [ret for ret in returns if filters.include(ret, actor)]
    notes = Notes(doubtful_figures(chosen, request.ledger), _corrected(request, chosen))
    forms = request.ledger.library.forms
    context = {
        "groups": list(grouped(request, chosen, notes)),
        "total": len(returns),
        "forms": [forms[code] for code in sorted({ret.form for ret in returns})],
        "branches": [tree.units[code] for code in tree.children(actor.unit)],
        "filters": filters,
        "intakes": [_missing(actor, intake) for intake in _last_intakes(request)],
    }
    return render(request, "inbox/inbox.html", context)


@require_POST
@only(Role.OFFICER, Role.PLAN)
def accept_chosen(request: Request) -> HttpResponse:
    """Accept several at once, each for itself."""
    chosen = set(form_fields(request).numbers("chosen"))
    returns = [ret for ret in inbox(request.actor) if ret.pk in chosen]
    refused = workflow.accept_all(
        returns=returns, by=request.actor, at=now(), ledger=request.ledger
    )
    for refusal in refused:
        messages.error(request, str(refusal))
    if accepted := len(returns) - len(refused):
        messages.success(request, f"Đã duyệt {accepted} báo cáo.")
    elif not refused:
        messages.info(request, "Chưa chọn báo cáo nào. Hãy đánh dấu các báo cáo muốn duyệt.")
    return redirect("inbox")


def _last_intakes(request: Request) -> list[Intake]:
    """What came in of each form for the periods that were due last."""
    actor = request.actor
    periods = last_due(actor.today)
    return intake(unit=actor.unit, periods=periods, today=actor.today, ledger=request.ledger)


def _missing(actor: Actor, intake: Intake) -> Missing:
    units = actor.organisation.on(intake.period.last_day).units
    return Missing(intake, tuple(units[code] for code in intake.missing))


def grouped(
    request: Request, returns: Sequence[Return], notes: Notes | None = None
) -> Iterator[Group]:
    """Returns of one form and period together, in the order they come in."""
    forms, first = request.ledger.library.forms, first_sent(returns)
    notes = notes or Notes()
    for (_, form), group in groupby(returns, key=lambda ret: (ret.key, ret.form)):
        rows = []
        for ret in group:
            row = _waiting(request.actor, ret, first.get(ret.pk, ret.sent_at))
            doubts, correction = notes.doubts.get(ret.pk, ()), notes.corrections.get(ret.pk)
            rows.append(replace(row, doubts=doubts, correction=correction))
        yield Group(forms[form], rows[0].ret.when, tuple(rows))


def _corrected(request: Request, returns: Sequence[Return]) -> dict[int, Correction]:
    """What was accepted here before, by id of return; nothing is asked where all came in once."""
    if not any(ret.revision > 1 for ret in returns):
        return {}
    return {
        correction.ret.pk: correction for correction in corrections(request.actor, request.ledger)
    }


def _waiting(actor: Actor, ret: Return, first: datetime | None) -> Waiting:
    units = actor.organisation.on(ret.when.last_day).units
    unit = units[ret.unit.code]
    parent = None if unit.parent == actor.unit else units.get(unit.parent or "")
    return Waiting(ret, unit, parent, first)
