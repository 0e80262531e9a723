"""Who owes what, what waits for whom, and what is still missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from toankhoa.core.basics import Period, periods_of
from toankhoa.core.measures import Form
from toankhoa.core.organisation import Reform, Tree, UnitVersion
from toankhoa.core.returns import State, deadline
from toankhoa.org.organisation import Organisation
from toankhoa.org.scope import Actor
from toankhoa.plan.models import PlanVersion
from toankhoa.reporting import past_returns
from toankhoa.reporting.models import Return
from toankhoa.reporting.totals.posting import Ledger

_WITH_SOMEBODY = (State.SENT, State.ACCEPTED)


@dataclass(frozen=True)
class Obligation:
    """One return that a unit owes; `ret` None where it has not been begun.

    `strayed`: it is of a period at whose end the unit stood no longer, so that it is not owed and counts nowhere.
    """

    unit: str
    form: Form
    period: Period
    ret: Return | None
    strayed: bool = False

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


def obligations(*, unit: str, since: date, today: date, ledger: Ledger) -> list[Obligation]:
    """All that a unit owes from the period holding `since` to the ones open today, newest first: one query."""
    return _owed((unit,), since, today, ledger)[unit]


@dataclass(frozen=True)
class TakenOver:
    """The returns of a unit that ended, for those who carry it on: what is left to do of them, and what was `sent`.

    `strayed`: returns of periods at whose end the unit stood no longer. They are kept, and count nowhere.
    """

    unit: UnitVersion
    end: date
    reforms: tuple[Reform, ...]
    rows: tuple[Obligation, ...]
    strayed: tuple[Obligation, ...]
    sent: tuple[Obligation, ...]

    @property
    def waits(self) -> bool:
        """Whether there is anything but what was sent."""
        return bool(self.rows or self.strayed)


def taken_over(*, unit: str, since: date, today: date, ledger: Ledger) -> list[TakenOver]:
    """Every unit that ended and that this one carries on, if there are any returns of it: at most one query."""
    organisation = ledger.organisation
    olds = organisation.forebears(unit, today)
    if not olds:
        return []
    last = {
        each.code: each
        for each in organisation.trees.unit_versions
        if each.code in olds and each.end is not None
    }
    rows = _owed(olds, since, today, ledger)
    found = []
    for code in olds:
        end = last[code].end
        assert end is not None  # only units that ended are carried on
        owing = tuple(row for row in rows[code] if not row.sent and not row.strayed)
        strayed = tuple(row for row in rows[code] if row.strayed)
        sent = tuple(row for row in rows[code] if row.sent and not row.strayed)
        if owing or strayed or sent:
            reforms = tuple(reform for reform in organisation.reforms if _ends(reform, last[code]))
            found.append(TakenOver(last[code], end, reforms, owing, strayed, sent))
    return found


def _ends(reform: Reform, unit: UnitVersion) -> bool:
    """Whether a reform is of the day on which a unit ended, and speaks of it."""
    return reform.day == unit.end and any(
        unit.code in change.units or change.level == unit.level for change in reform.changes
    )


def _owed(
    units: Collection[str], since: date, today: date, ledger: Ledger
) -> dict[str, list[Obligation]]:
    """By unit, newest first; with those that were begun for periods whose end the unit did not see."""
    ids, forms = ledger.organisation.ids, ledger.library.forms.values()
    begun = Return.objects.filter(
        unit_id__in=[ids[unit] for unit in units], key__gt=since.year * 100
    )
    by_then = past_returns.returns(begun, ledger.organisation, ledger.as_of)
    have = {(ret.unit_id, ret.form, ret.period): ret for ret in by_then}
    periods = [
        period
        for frequency in {form.frequency for form in forms}
        for year in range(since.year, today.year + 1)
        for period in periods_of(year, frequency)
        if since <= period.last_day and period.first_day <= today
    ]
    found: dict[str, list[Obligation]] = {unit: [] for unit in units}
    for period in periods:
        tree = ledger.organisation.on(period.last_day)
        for form in (
            declared.on(period.first_day)
            for declared in forms
            if declared.frequency is period.frequency
        ):
            for unit in units:
                ret = have.get((ids[unit], form.code, period.code))
                owes = unit in tree and tree.units[unit].level == form.level
                if form.sections and (owes or (ret is not None and unit not in tree)):
                    found[unit].append(Obligation(unit, form, period, ret, strayed=not owes))
    for rows in found.values():
        rows.sort(key=lambda row: (row.period.last_day, row.form.code), reverse=True)
    return found


def first_year(unit: str, tree: Tree) -> int | None:
    """The first year that any plan ever published over a unit governs; None where there is no plan yet: one query."""
    plans = PlanVersion.objects.filter(
        unit__code__in=tree.path(unit), state=PlanVersion.State.PUBLISHED
    )
    return min(
        (year for years in plans.values_list("years", flat=True) for year in years), default=None
    )


def inbox(actor: Actor) -> list[Return]:
    """Returns whose next step is this person's unit's, or one's that it carries on, oldest period first: one query."""
    organisation, mine = actor.organisation, actor.acts_for
    ids = [organisation.ids[code] for code in _ever_below(mine, organisation)]
    below = (
        Return.objects.filter(unit__in=ids)
        .select_related("unit")
        .order_by("key", "form", "unit__code")
    )
    if actor.as_of is None:
        below = below.filter(accepted_depth__gt=0)
    sent = past_returns.sent_returns(below, organisation, actor.as_of)
    return [ret for ret in sent if _waits_for(ret, organisation) in mine]


def _ever_below(tops: Iterable[str], organisation: Organisation) -> set[str]:
    """Units that ever stood below one of these."""
    below: dict[str, set[str]] = {}
    for unit_version in organisation.trees.unit_versions:
        if unit_version.parent is not None:
            below.setdefault(unit_version.parent, set()).add(unit_version.code)
    found, rest = set[str](), list(tops)
    while rest:
        new = below.get(rest.pop(), set()) - found
        found |= new
        rest += new
    return found


def _waits_for(ret: Return, organisation: Organisation) -> str | None:
    """The unit whose turn it is, in the chain of the period's tree; None where the unit stood no longer."""
    tree = organisation.on(ret.when.last_day)
    chain = tree.path(ret.unit.code)[::-1] if ret.unit.code in tree else ()
    return (
        chain[ret.accepted_depth - 1]
        if ret.accepted_depth and ret.accepted_depth < len(chain) + 1
        else None
    )


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
    """What has come in from below, for every form owed in those of these periods that have begun: one query.

    In a period in which the unit did not stand yet, from below those that it carries on.
    """
    organisation = ledger.organisation
    wanted = [period for period in periods if period.first_day <= today]
    mine = (unit, *organisation.forebears(unit, today))
    accepted_depth: dict[tuple[str, str], dict[str, int]] = {}
    rows = Return.objects.filter(period__in={period.code for period in wanted})
    for form, period, unit_id, depth in past_returns.accepted_depths(
        rows, organisation, ledger.as_of
    ):
        accepted_depth.setdefault((form, period), {})[organisation.codes[unit_id]] = depth
    found = []
    for period in wanted:
        tree = organisation.on(period.last_day)
        tops = [
            code
            for code in mine
            if code in tree and not any(tree.within(code, top) for top in mine if top != code)
        ]
        stage = {code: tree.depth(top) for top in tops for code in tree.subtree(top)[1:]}
        below = [code for code in tree.order if code in stage]
        for declared in ledger.library.forms.values():
            form = declared.on(period.first_day)
            units = tuple(code for code in below if tree.units[code].level == form.level)
            if form.frequency is period.frequency and form.sections and units:
                depths = accepted_depth.get((form.code, period.code), {})
                sent = frozenset(code for code in units if code in depths)
                accepted = frozenset(code for code in sent if depths[code] <= stage[code])
                found.append(Intake(form, period, units, sent, accepted))
    return found


def missing_below(unit: str, intakes: Iterable[Intake], tree: Tree) -> Counter[str]:
    """How many returns are missing under each unit directly below, itself included."""
    branch = {code: child for child in tree.children(unit) for code in tree.subtree(child)}
    return Counter(branch[code] for each in intakes for code in each.missing if code in branch)
