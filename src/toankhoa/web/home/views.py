"""Home: what each role came for, first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from toankhoa.core.results import in_term, in_year, most_urgent, plan_targets, whole_plan
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
from toankhoa.reporting.returns.obligations import (
    InheritedReturns,
    Obligation,
    inbox,
    inherited_returns,
    intake,
    obligations,
)
from toankhoa.web.home.cards import figure_lines, target_cards
from toankhoa.web.inbox.views import grouped
from toankhoa.web.shell.access import Request, member
from toankhoa.web.shell.typed import query_fields
from toankhoa.web.units.views import last_due

RECENT = 6
SPANS = {"toan-khoa": True, "nam": False}  # what an address names: whether it is the whole term


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
        return render(request, "home/officer.html", _own_returns(request))
    context = _own_returns(request) | _inbox(request) | _intake(request) | _plan(request)
    if actor.role is Role.PLAN:
        return render(request, "home/plan.html", context | {"drafts": drafts.drafts(actor)})
    return render(request, "home/receiver.html", context)


def _january(today: date) -> date:
    return date(today.year, 1, 1)


def _own_returns(request: Request) -> dict[str, Any]:
    """What her unit owes this year, its own and that of units that it carries on."""
    actor, today = request.actor, request.actor.today
    owed = obligations(unit=actor.unit, since=_january(today), today=today, ledger=request.ledger)
    return _by_urgency(owed, today) | {
        "taken": _unfinished(request),
        "corrections_due": _corrections_due(request),
        "cascaded": awaiting(actor),
    }


def _by_urgency(owed: Iterable[Obligation], today: date) -> dict[str, Any]:
    """Due and not sent (the oldest first), open now (the next due first), sent back, sent last."""
    todo: list[Obligation] = []
    open_now: list[Obligation] = []
    returned: list[Obligation] = []
    sent: list[Obligation] = []
    for obligation in owed:
        if obligation.ret is not None and obligation.ret.state == State.RETURNED:
            returned.append(obligation)
        if obligation.sent:
            sent.append(obligation)
        elif obligation.period.over(today):
            todo.append(obligation)
        else:
            open_now.append(obligation)
    open_now.sort(key=_when_due)
    return {"todo": todo[::-1], "open": open_now, "returned": returned, "recent": sent[:RECENT]}


def _when_due(obligation: Obligation) -> tuple[date, int]:
    return obligation.deadline, obligation.period.frequency.months


def _unfinished(request: Request) -> list[InheritedReturns]:
    """Units that hers carries on, with returns that are still to be sent."""
    actor, today = request.actor, request.actor.today
    taken = inherited_returns(
        unit=actor.unit, since=_january(today), today=today, ledger=request.ledger
    )
    return [of_unit for of_unit in taken if of_unit.unfinished]


def _corrections_due(request: Request) -> list[CorrectionDue]:
    """Returns of her unit, and of those below, to be corrected after a reform entered late."""
    actor, today = request.actor, request.actor.today
    below = actor.tree.subtree(actor.unit)
    return corrections_due(units=below, since=_january(today), today=today, ledger=request.ledger)


def _inbox(request: Request) -> dict[str, Any]:
    waiting = inbox(request.actor)
    return {
        "waiting": len(waiting),
        "groups": list(grouped(request, waiting)),
        "corrections": corrections(request.actor, request.ledger),
    }


def _intake(request: Request) -> dict[str, Any]:
    unit, today = request.actor.unit, request.actor.today
    intakes = intake(unit=unit, periods=last_due(today), today=today, ledger=request.ledger)
    return {"intakes": intakes}


def _plan(request: Request, *, of_term: bool = False) -> dict[str, Any]:
    """The plan as it stands for her unit: this year or the nearest year it governs, or the term.

    The address says which; where it does not, `of_term`. Of the term, trouble comes first.
    """
    actor = request.actor
    living = living_plan(unit=actor.unit, by=actor)
    if living is None:
        return {"living": None}
    plan, lines = living.plan, living.reader.lines()
    year = min(max(actor.today.year, plan.years[0]), plan.years[-1])
    chosen = query_fields(request).choice("xem", SPANS)
    if chosen is not None:
        of_term = chosen
    targets = plan_targets(plan, lines, in_term if of_term else in_year(year))
    tally = whole_plan(targets)
    if of_term:
        targets.sort(key=lambda target: target.trouble)
    return {
        "living": living,
        "year": year,
        "of_term": of_term,
        "cards": target_cards(targets, living.unit, year=year, of_term=of_term),
        "whole": tally,
        "lines": figure_lines(most_urgent(lines, actor.board, year), living.unit),
        "board": request.ledger.library.vocabulary.board_names.get(actor.board, ""),
    }


def _administration(request: Request) -> dict[str, Any]:
    actor, as_of = request.actor, request.as_of
    sees_all = not actor.tree.depth(actor.unit)
    return {
        "units": len(actor.tree.order),
        "members": len(members(Membership.objects.all(), as_of)),
        "returns": sent_ever(as_of),
        "overdue": overdue(actor.today, as_of) if sees_all else [],
        "left": unseated(as_of) if sees_all else 0,
    }
