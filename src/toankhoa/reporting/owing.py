"""Who owes what, what waits for whom, and what is still missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from toankhoa.core.measures import Form
from toankhoa.core.org import Tree
from toankhoa.core.periods import Period, periods_of
from toankhoa.core.returns import State, deadline
from toankhoa.org.scope import Actor
from toankhoa.plan.models import PlanVersion
from toankhoa.reporting.models import Return
from toankhoa.reporting.totals import Ledger

_WITH_SOMEBODY = (State.SENT, State.ACCEPTED)


@dataclass(frozen=True)
class Owed:
    """One return that a unit owes; `ret` None where it has not been begun."""

    unit: str
    form: Form
    period: Period
    ret: Return | None

    @property
    def deadline(self) -> date:
        """Last day on time."""
        return deadline(self.period)

    @property
    def sent(self) -> bool:
        """Whether it is with somebody above, or accepted."""
        return self.ret is not None and self.ret.state in _WITH_SOMEBODY

    def late(self, today: date) -> bool:
        """Whether it came, or is still to come, after its last day."""
        came = self.ret.sent_at if self.sent and self.ret else None
        return (timezone.localdate(came) if came else today) > self.deadline


def owed(*, unit: str, since: date, today: date, ledger: Ledger) -> list[Owed]:
    """All that a unit owes from the period holding `since` to the ones open today, newest first: one query."""
    unit_id = ledger.organisation.ids[unit]
    have = {(ret.form, ret.period): ret for ret in Return.objects.filter(unit_id=unit_id, key__gt=since.year * 100)}
    rows = [
        Owed(unit, form, period, have.get((form.code, period.code)))
        for form in ledger.library.forms.values()
        for year in range(since.year, today.year + 1)
        for period in periods_of(year, form.frequency)
        if since <= period.last_day and period.first_day <= today and _owes(unit, form, period, ledger)
    ]
    return sorted(rows, key=lambda row: (row.period.last_day, row.form.code), reverse=True)


def first_year(unit: str, tree: Tree) -> int | None:
    """The first year that any published plan over a unit governs; None where there is no plan yet: one query."""
    plans = PlanVersion.objects.filter(unit__code__in=tree.path(unit), state=PlanVersion.State.PUBLISHED)
    return min((year for years in plans.values_list("years", flat=True) for year in years), default=None)


def _owes(unit: str, form: Form, period: Period, ledger: Ledger) -> bool:
    """Whether the unit stands in the period's tree, at the level that the form is for."""
    tree = ledger.organisation.on(period.last_day)
    return unit in tree and tree.units[unit].level == form.level


def inbox(actor: Actor) -> list[Return]:
    """Returns whose next step is this person's unit's, oldest period first: one query."""
    tree = actor.tree
    ids = actor.organisation.ids
    below = [ids[code] for code in tree.subtree(actor.unit) if code != actor.unit]
    waiting = Return.objects.filter(
        unit__in=below, state__in=_WITH_SOMEBODY, vouched=tree.depth(actor.unit) + 1
    ).select_related("unit")
    return list(waiting.order_by("key", "form", "unit__code"))


@dataclass(frozen=True)
class Intake:
    """One form and period below a unit: how many owe it, have sent it, and have been accepted by the unit."""

    form: Form
    period: Period
    units: tuple[str, ...]
    sent: frozenset[str]
    accepted: frozenset[str]

    @property
    def missing(self) -> tuple[str, ...]:
        """Units that have sent nothing, or had it sent back."""
        return tuple(unit for unit in self.units if unit not in self.sent)


def intake(*, unit: str, periods: Iterable[Period], today: date, ledger: Ledger) -> list[Intake]:
    """What has come in from below, for every form owed in those of these periods that have begun: one query."""
    organisation = ledger.organisation
    wanted = [period for period in periods if period.first_day <= today]
    vouched: dict[tuple[str, str], dict[str, int]] = {}
    rows = Return.objects.filter(period__in={period.code for period in wanted}, vouched__isnull=False)
    for form, period, unit_id, depth in rows.values_list("form", "period", "unit_id", "vouched"):
        vouched.setdefault((form, period), {})[organisation.codes[unit_id]] = depth
    found = []
    for period in wanted:
        tree = organisation.on(period.last_day)
        if unit not in tree:
            continue
        stage, below = tree.depth(unit), tree.subtree(unit)[1:]
        for form in ledger.library.forms.values():
            units = tuple(code for code in below if tree.units[code].level == form.level)
            if form.frequency is period.frequency and units:
                depths = vouched.get((form.code, period.code), {})
                sent = frozenset(code for code in units if code in depths)
                accepted = frozenset(code for code in sent if depths[code] <= stage)
                found.append(Intake(form, period, units, sent, accepted))
    return found
