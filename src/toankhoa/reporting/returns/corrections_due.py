"""Reforms entered late: returns sent before one was known, which lack what a unit that ended had
reported for itself.

Its return counts no longer, since it did not see the end of the period; only the unit that succeeds
it can say what the period was for both. That one is asked to correct, and is shown what the other
had reported (decision 0022).

Example: a commune sends its August return on 2 September. On 10 September somebody enters a merger
of 15 August: the commune is the heir of another one, whose own August return is void now. The
heir's return of August is due a correction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from toankhoa.core.basics import Period
from toankhoa.core.measures import Form
from toankhoa.core.organisation import UnitVersion
from toankhoa.core.returns import State
from toankhoa.org.models import Reform
from toankhoa.org.organisation import Organisation
from toankhoa.reporting import past_returns
from toankhoa.reporting.models import Return
from toankhoa.reporting.totals.ledger import Ledger

_WITH_SOMEBODY = (State.SENT, State.ACCEPTED)

_Address = tuple[str, str, str]  # code of the unit, form, period


@dataclass(frozen=True)
class PredecessorReturn:
    """What a unit that ended had reported for a period whose end it did not see."""

    unit: UnitVersion
    ret: Return


@dataclass(frozen=True)
class CorrectionDue:
    """A return that was sent before it was known that its unit succeeds others, and what these had
    reported.
    """

    unit: UnitVersion
    form: Form
    period: Period
    parts: tuple[PredecessorReturn, ...]

    @property
    def names(self) -> str:
        """Of the units whose part is missing in it."""
        return ", ".join(part.unit.name for part in self.parts)


def corrections_due(
    *, units: Collection[str], since: date, today: date, ledger: Ledger
) -> list[CorrectionDue]:
    """Returns of these units to be corrected, oldest period first; one that was sent again since is
    not asked for.

    No query where none of them succeeds another, otherwise two at most (of a past moment more).
    """
    organisation = ledger.organisation
    predecessors: set[str] = set()
    successors: set[str] = set()
    for unit in units:
        ended = _ended_since(since, organisation.forebears(unit, today), organisation)
        if ended:
            predecessors |= ended
            successors.add(unit)
    if not predecessors:
        return []
    sent = _sent_returns(predecessors | successors, since, ledger)
    parts_by_heir = _parts_by_heir(predecessors, sent, organisation)
    if not parts_by_heir:
        return []
    entered = _entered(organisation)
    due = []
    for address in parts_by_heir.keys() & sent.keys():
        parts = _unknown_when_sent(sent[address], parts_by_heir[address], entered)
        if address[0] in units and parts:
            due.append(_correction_due(sent[address], address, parts, ledger))
    due.sort(key=_by_period_unit_form)
    return due


def _unknown_when_sent(
    ret: Return, parts: Iterable[PredecessorReturn], entered: Mapping[date, datetime]
) -> tuple[PredecessorReturn, ...]:
    """Those parts that a return cannot hold, since it was sent before anybody had entered the
    reform.

    None of a return that is with its own unit: it will be sent again anyhow.
    """
    if ret.state not in _WITH_SOMEBODY:
        return ()
    return tuple(part for part in parts if _sent_before_entered(ret, part, entered))


def _correction_due(
    ret: Return, address: _Address, parts: tuple[PredecessorReturn, ...], ledger: Ledger
) -> CorrectionDue:
    unit, form, _ = address
    unit_version = ledger.organisation.on(ret.when.last_day).units[unit]
    return CorrectionDue(unit_version, ledger.library.forms[form], ret.when, parts)


def _by_period_unit_form(due: CorrectionDue) -> tuple[date, str, str]:
    return due.period.last_day, due.unit.code, due.form.code


def _ended_since(since: date, units: Iterable[str], organisation: Organisation) -> set[str]:
    """Those of these units that ended on that day or later."""
    last = organisation.lineage.last
    ended = set()
    for unit in units:
        end = last[unit].end
        if end is not None and end >= since:
            ended.add(unit)
    return ended


def _sent_returns(units: Iterable[str], since: date, ledger: Ledger) -> dict[_Address, Return]:
    """Returns of these units, from that year on, that were ever sent: one query (of a past moment
    more).
    """
    organisation = ledger.organisation
    ids = [organisation.ids[code] for code in units]
    rows = Return.objects.filter(unit__in=ids, key__gte=since.year * 100)
    returns = past_returns.returns_as_of(rows, organisation, ledger.as_of)
    return {
        (organisation.codes[ret.unit_id], ret.form, ret.period): ret
        for ret in returns
        if ret.sent_at is not None
    }


def _parts_by_heir(
    predecessors: Collection[str], sent: Mapping[_Address, Return], organisation: Organisation
) -> dict[_Address, list[PredecessorReturn]]:
    """What units that ended had sent for periods whose end they did not see, by the heir's return
    that it belongs to.
    """
    last = organisation.lineage.last
    parts: dict[_Address, list[PredecessorReturn]] = defaultdict(list)
    for (unit, form, period), ret in sorted(sent.items()):
        if unit not in predecessors:
            continue
        for heir in _heirs(unit, ret.when, organisation):
            parts[heir, form, period].append(PredecessorReturn(last[unit], ret))
    return parts


def predecessor_returns(
    *, unit: str, form: str, period: Period, ledger: Ledger
) -> list[PredecessorReturn]:
    """What units that this one succeeds had reported for a period whose end they did not see.

    One query, none where it succeeds nobody.
    """
    organisation = ledger.organisation
    predecessors = [
        code
        for code in organisation.forebears(unit, period.last_day)
        if unit in _heirs(code, period, organisation)
    ]
    if not predecessors:
        return []
    rows = Return.objects.filter(unit__code__in=predecessors, form=form, period=period.code)
    returns = past_returns.returns_as_of(rows.order_by("unit__code"), organisation, ledger.as_of)
    last = organisation.lineage.last
    return [
        PredecessorReturn(last[organisation.codes[ret.unit_id]], ret)
        for ret in returns
        if ret.sent_at
    ]


def _heirs(unit: str, period: Period, organisation: Organisation) -> tuple[str, ...]:
    """Who succeeds a unit at the end of a period, which it did not see; nobody where it did."""
    if unit in organisation.on(period.last_day):
        return ()
    return organisation.heirs(unit, period.last_day)


def _entered(organisation: Organisation) -> dict[date, datetime]:
    """When the last reform of each day was applied: one query."""
    codes = [reform.code for reform in organisation.reforms]
    applied = Reform.objects.filter(code__in=codes, applied_at__isnull=False).order_by("applied_at")
    entered: dict[date, datetime] = {}
    for day, applied_at in applied.values_list("day", "applied_at"):
        if applied_at is not None:
            entered[day] = applied_at
    return entered


def _sent_before_entered(
    ret: Return, part: PredecessorReturn, entered: Mapping[date, datetime]
) -> bool:
    """Whether a return was last sent before the reform that ended the other unit was entered.

    A unit that ended by no reform (it was entered so from the start) asks nothing of anybody.
    """
    if part.unit.end is None or ret.sent_at is None:
        return False
    entered_at = entered.get(part.unit.end)
    return entered_at is not None and ret.sent_at < entered_at
