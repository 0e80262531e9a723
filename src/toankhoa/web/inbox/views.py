"""The inbox: returns that wait for this unit, and what has not come in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
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
from toankhoa.reporting.returns.obligations import inbox, intake
from toankhoa.reporting.returns.return_view import doubtful_figures
from toankhoa.web.shell.access import Request, only
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
        return self.first_sent is not None and timezone.localdate(self.first_sent) > deadline(
            self.ret.when
        )


@dataclass(frozen=True)
class Group:
    """Returns of one form and period."""

    form: Form
    period: Period
    waiting: tuple[Waiting, ...]


@only(Role.OFFICER, Role.PLAN)
def show(request: Request) -> HttpResponse:
    """Grouped by form and period, oldest first; filtered by form and by the unit directly below."""
    actor = request.actor
    form, branch = request.GET.get("bieu", ""), request.GET.get("thuoc", "")
    returns = inbox(actor)
    asked = [ret for ret in returns if _asked(request, ret, form, branch)]
    again = any(ret.revision > 1 for ret in asked)
    corrected = {each.ret.pk: each for each in corrections(actor, request.ledger)} if again else {}
    groups = list(grouped(request, asked, doubtful_figures(asked, request.ledger), corrected))
    intakes = intake(
        unit=actor.unit, periods=last_due(actor.today), today=actor.today, ledger=request.ledger
    )
    context = {
        "groups": groups,
        "total": len(returns),
        "forms": [
            request.ledger.library.forms[code] for code in sorted({ret.form for ret in returns})
        ],
        "branches": [actor.tree.units[code] for code in actor.tree.children(actor.unit)],
        "form": form,
        "branch": branch,
        "intakes": [
            (each, [_unit(actor, code, each.period) for code in each.missing]) for each in intakes
        ],
    }
    return render(request, "inbox/inbox.html", context)


@require_POST
@only(Role.OFFICER, Role.PLAN)
def accept_chosen(request: Request) -> HttpResponse:
    """Accept several at once, each for itself."""
    chosen = {int(pk) for pk in request.POST.getlist("chosen") if pk.isdigit()}
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


def _asked(request: Request, ret: Return, form: str, branch: str) -> bool:
    organisation, today = request.actor.organisation, request.actor.today
    trees = (organisation.on(today), organisation.on(ret.when.last_day))
    inside = not branch or any(tree.within(ret.unit.code, branch) for tree in trees)
    return inside and (not form or ret.form == form)


def _unit(actor: Actor, code: str, period: Period) -> UnitVersion:
    """A unit as it was called in a period."""
    return actor.organisation.on(period.last_day).units[code]


def grouped(
    request: Request,
    returns: Iterable[Return],
    doubtful: Mapping[int, Sequence[Problem]] | None = None,
    corrected: Mapping[int, Correction] | None = None,
) -> Iterable[Group]:
    """Returns of one form and period together, in the order they come in.

    `doubtful`: see `sheet.doubts`; `corrected`: what was accepted here before, by id of return.
    """
    forms, listed = request.ledger.library.forms, list(returns)
    first = first_sent(listed)
    for (_, form), group in groupby(listed, key=lambda ret: (ret.key, ret.form)):
        rows = tuple(
            replace(
                _waiting(request.actor, ret, first.get(ret.pk, ret.sent_at)),
                doubts=(doubtful or {}).get(ret.pk, ()),
                correction=(corrected or {}).get(ret.pk),
            )
            for ret in group
        )
        yield Group(forms[form], rows[0].ret.when, rows)


def _waiting(actor: Actor, ret: Return, first: datetime | None) -> Waiting:
    units = actor.organisation.on(ret.when.last_day).units
    unit = units[ret.unit.code]
    return Waiting(
        ret, unit, units.get(unit.parent or "") if unit.parent != actor.unit else None, first
    )
