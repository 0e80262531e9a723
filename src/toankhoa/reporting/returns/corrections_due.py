"""Reforms entered late: returns sent before one was known, which lack what a unit that ended had reported for itself.

Its return counts no longer, since it did not see the end of the period; only who carries it on can say what the period
was for both. She is asked to correct, and is shown what the other had reported (decision 0022).
"""

from __future__ import annotations

from collections.abc import Collection
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


@dataclass(frozen=True)
class PredecessorReturn:
    """What a unit that ended had reported for a period whose end it did not see."""

    unit: UnitVersion
    ret: Return


@dataclass(frozen=True)
class CorrectionDue:
    """A return that was sent before it was known that its unit carries others on, and what these had reported."""

    unit: UnitVersion
    form: Form
    period: Period
    parts: tuple[PredecessorReturn, ...]

    @property
    def names(self) -> str:
        """Of the units whose part it lacks."""
        return ", ".join(part.unit.name for part in self.parts)


def corrections_due(
    *, units: Collection[str], since: date, today: date, ledger: Ledger
) -> list[CorrectionDue]:
    """Returns of these units to be corrected, oldest period first; one that was sent again since is not asked for.

    No query where none of them carries another on, otherwise two at most (of a past moment more).
    """
    organisation = ledger.organisation
    last = organisation.lineage.last
    carried = {
        unit: [
            old
            for old in organisation.forebears(unit, today)
            if (end := last[old].end) and end >= since
        ]
        for unit in units
    }
    olds = {old for each in carried.values() for old in each}
    if not olds:
        return []
    ids = [
        organisation.ids[code]
        for code in {*olds, *(unit for unit, each in carried.items() if each)}
    ]
    rows = Return.objects.filter(unit__in=ids, key__gte=since.year * 100)
    known = {
        (organisation.codes[ret.unit_id], ret.form, ret.period): ret
        for ret in past_returns.returns(rows, organisation, ledger.as_of)
        if ret.sent_at is not None
    }
    parts: dict[tuple[str, str, str], list[PredecessorReturn]] = {}
    for (old, form, period), ret in sorted(known.items()):
        for heir in _heirs(old, ret.when, organisation) if old in olds else ():
            parts.setdefault((heir, form, period), []).append(PredecessorReturn(last[old], ret))
    entered = _entered(organisation) if parts else {}
    found = [
        CorrectionDue(
            organisation.on(each.when.last_day).units[key[0]],
            ledger.library.forms[key[1]],
            each.when,
            tuple(late),
        )
        for key, listed in parts.items()
        if key[0] in units and (each := known.get(key)) is not None and each.state in _WITH_SOMEBODY
        if (late := [part for part in listed if _sent_before(each, entered.get(part.unit.end))])
    ]
    return sorted(found, key=lambda each: (each.period.last_day, each.unit.code, each.form.code))


def predecessor_returns(
    *, unit: str, form: str, period: Period, ledger: Ledger
) -> list[PredecessorReturn]:
    """What units that this one carries on had reported for a period whose end they did not see.

    One query, none where it carries nobody on.
    """
    organisation = ledger.organisation
    olds = [
        old
        for old in organisation.forebears(unit, period.last_day)
        if unit in _heirs(old, period, organisation)
    ]
    if not olds:
        return []
    rows = Return.objects.filter(unit__code__in=olds, form=form, period=period.code).order_by(
        "unit__code"
    )
    sent = past_returns.returns(rows, organisation, ledger.as_of)
    return [
        PredecessorReturn(organisation.lineage.last[organisation.codes[ret.unit_id]], ret)
        for ret in sent
        if ret.sent_at
    ]


def _heirs(old: str, period: Period, organisation: Organisation) -> tuple[str, ...]:
    """Who carries a unit on at the end of a period, which it did not see; nobody where it did."""
    return (
        () if old in organisation.on(period.last_day) else organisation.heirs(old, period.last_day)
    )


def _entered(organisation: Organisation) -> dict[date, datetime]:
    """When the last reform of each day was applied: one query."""
    codes = [reform.code for reform in organisation.reforms]
    applied = Reform.objects.filter(code__in=codes, applied_at__isnull=False).order_by("applied_at")
    return dict(applied.values_list("day", "applied_at"))


def _sent_before(ret: Return, entered: datetime | None) -> bool:
    """Whether a return was last sent before that was entered; what was never entered as a reform asks nothing."""
    return entered is not None and ret.sent_at is not None and ret.sent_at < entered
