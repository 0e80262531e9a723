"""Home: what each role came for, first."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from toankhoa.core.results import in_term, in_year
from toankhoa.core.returns import Role, State
from toankhoa.operations.living_plan import living_plan
from toankhoa.org.models import Membership
from toankhoa.org.people import members, unseated
from toankhoa.org.reforms import overdue
from toankhoa.plan import drafts
from toankhoa.plan.allocations import awaiting
from toankhoa.reporting.past_returns import sent_ever
from toankhoa.reporting.returns.corrections import corrections
from toankhoa.reporting.returns.corrections_due import CorrectionDue, corrections_due
from toankhoa.reporting.returns.obligations import inbox, inherited_returns, intake, obligations
from toankhoa.web.inbox.views import grouped
from toankhoa.web.plan.key_figures import goals, of_board, whole
from toankhoa.web.shell.access import Request, member
from toankhoa.web.units.views import last_due

RECENT = 6


@member
def show(request: Request) -> HttpResponse:
    """One page per role; a plan officer's also shows what an officer's does."""
    actor = request.actor
    if actor.role is Role.ADMIN:
        return render(request, "home/admin.html", _administration(request))
    if actor.role is Role.BOARD:
        return render(request, "home/board.html", _plan(request))
    if actor.role is Role.LEADER:
        return render(request, "home/leader.html", _plan(request, of_term=True) | _intake(request))
    if not actor.tree.children(actor.unit):
        return render(request, "home/officer.html", _owing(request))
    context = _owing(request) | _inbox(request) | _intake(request) | _plan(request)
    if actor.role is Role.PLAN:
        return render(request, "home/plan.html", context | {"drafts": drafts.drafts(actor)})
    return render(request, "home/receiver.html", context)


def _owing(request: Request) -> dict[str, Any]:
    """What her unit owes: due and not sent, sent back, open now, and the last ones with their states."""
    today = request.actor.today
    rows = obligations(
        unit=request.actor.unit, since=date(today.year, 1, 1), today=today, ledger=request.ledger
    )
    todo = [row for row in rows if not row.sent and row.period.over(today)]
    open_now = [row for row in rows if not row.sent and not row.period.over(today)]
    returned = [row for row in rows if row.ret is not None and row.ret.state == State.RETURNED]
    recent = [row for row in rows if row.sent][:RECENT]
    open_now.sort(key=lambda row: (row.deadline, row.period.frequency.months))
    taken = inherited_returns(
        unit=request.actor.unit, since=date(today.year, 1, 1), today=today, ledger=request.ledger
    )
    return {
        "todo": todo[::-1],
        "open": open_now,
        "returned": returned,
        "recent": recent,
        "taken": [each for each in taken if each.unfinished],
        "corrections_due": _corrections_due(request),
        "cascaded": awaiting(request.actor),
    }


def _corrections_due(request: Request) -> list[CorrectionDue]:
    """Returns of her unit, and of those below, to be corrected after a reform that was entered late."""
    actor = request.actor
    below, january = actor.tree.subtree(actor.unit), date(actor.today.year, 1, 1)
    return corrections_due(units=below, since=january, today=actor.today, ledger=request.ledger)


def _inbox(request: Request) -> dict[str, Any]:
    waiting = inbox(request.actor)
    return {
        "waiting": len(waiting),
        "groups": list(grouped(request, waiting)),
        "corrections": corrections(request.actor, request.ledger),
    }


def _intake(request: Request) -> dict[str, Any]:
    actor = request.actor
    return {
        "intakes": intake(
            unit=actor.unit, periods=last_due(actor.today), today=actor.today, ledger=request.ledger
        )
    }


def _plan(request: Request, *, of_term: bool = False) -> dict[str, Any]:
    """The plan as it stands for her unit: this year or the nearest year it governs, or the whole term.

    The address says which; where it does not, `of_term`. Of the term, trouble stands first.
    """
    actor = request.actor
    living = living_plan(unit=actor.unit, by=actor)
    if living is None:
        return {"living": None}
    plan, lines = living.plan, living.reader.lines()
    year = min(max(actor.today.year, plan.years[0]), plan.years[-1])
    of_term = {"toan-khoa": True, "nam": False}.get(request.GET.get("xem", ""), of_term)
    found = goals(plan, lines, in_term if of_term else in_year(year))
    return {
        "living": living,
        "year": year,
        "of_term": of_term,
        "goals": sorted(found, key=lambda goal: goal.trouble) if of_term else found,
        "whole": whole(found),
        "rows": of_board(lines, actor.board, year),
        "board": request.ledger.library.vocabulary.board_names.get(actor.board, ""),
    }


def _administration(request: Request) -> dict[str, Any]:
    whole_tree, as_of = not request.actor.tree.depth(request.actor.unit), request.as_of
    return {
        "units": len(request.actor.tree.order),
        "members": len(members(Membership.objects.all(), as_of)),
        "returns": sent_ever(as_of),
        "overdue": overdue(request.actor.today, as_of) if whole_tree else [],
        "left": unseated(as_of) if whole_tree else 0,
    }
