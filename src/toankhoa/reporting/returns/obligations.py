"""Who owes what, what waits for whom, and what is still missing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
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
from toankhoa.reporting.totals.ledger import Ledger

_WITH_SOMEBODY = (State.SENT, State.ACCEPTED)


@dataclass(frozen=True)
class Obligation:
    """One return that a unit owes; `ret` None where it has not been begun.

    `uncounted`: the unit had ended before the period did, so that the return that it had begun is
    not owed, is kept and counts nowhere. Example: a commune merged on 15 August keeps what it had
    typed for August.
    """

    unit: str
    form: Form
    period: Period
    ret: Return | None
    uncounted: bool = False

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
        sent_at = self.ret.sent_at if self.sent and self.ret else None
        day = today if sent_at is None else timezone.localdate(sent_at)
        return day > self.deadline


def obligations(*, unit: str, since: date, today: date, ledger: Ledger) -> list[Obligation]:
    """All that a unit owes from the period holding `since` to the ones open today.

    Newest first: one query.
    """
    return _obligations_by_unit((unit,), since, today, ledger)[unit]


@dataclass(frozen=True)
class InheritedReturns:
    """The returns of a unit that ended, for the unit that succeeds it and finishes them.

    `owed`: still to be sent; `sent`: with somebody above, or accepted; `uncounted`: see
    `Obligation`. `reforms`: those that ended the unit.
    """

    unit: UnitVersion
    end: date
    reforms: tuple[Reform, ...]
    owed: tuple[Obligation, ...]
    uncounted: tuple[Obligation, ...]
    sent: tuple[Obligation, ...]

    @property
    def unfinished(self) -> bool:
        """Whether there is anything but what was sent."""
        return bool(self.owed or self.uncounted)


def inherited_returns(
    *, unit: str, since: date, today: date, ledger: Ledger
) -> list[InheritedReturns]:
    """Those of every unit that ended and that this one succeeds, if it has any: at most one
    query.
    """
    organisation = ledger.organisation
    predecessors = organisation.forebears(unit, today)
    if not predecessors:
        return []
    by_unit = _obligations_by_unit(predecessors, since, today, ledger)
    inherited = []
    for code in predecessors:
        if by_unit[code]:
            last = organisation.lineage.last[code]
            inherited.append(_inherited(last, by_unit[code], organisation))
    return inherited


def _inherited(
    unit: UnitVersion, returns: Iterable[Obligation], organisation: Organisation
) -> InheritedReturns:
    assert unit.end is not None  # only units that ended are succeeded
    owed: list[Obligation] = []
    uncounted: list[Obligation] = []
    sent: list[Obligation] = []
    for obligation in returns:
        if obligation.uncounted:
            uncounted.append(obligation)
        elif obligation.sent:
            sent.append(obligation)
        else:
            owed.append(obligation)
    reforms = tuple(reform for reform in organisation.reforms if _ends(reform, unit))
    return InheritedReturns(unit, unit.end, reforms, tuple(owed), tuple(uncounted), tuple(sent))


def _ends(reform: Reform, unit: UnitVersion) -> bool:
    """Whether a reform is of the day on which a unit ended, and speaks of it."""
    if reform.day != unit.end:
        return False
    return any(unit.code in change.units or change.level == unit.level for change in reform.changes)


def _obligations_by_unit(
    units: Collection[str], since: date, today: date, ledger: Ledger
) -> dict[str, list[Obligation]]:
    """By unit, newest first; with those that were begun for periods whose end the unit did not see:
    one query.
    """
    organisation = ledger.organisation
    ids = organisation.ids
    rows = Return.objects.filter(
        unit_id__in=[ids[unit] for unit in units], key__gt=since.year * 100
    )
    begun = {
        (ret.unit_id, ret.form, ret.period): ret
        for ret in past_returns.returns_as_of(rows, organisation, ledger.as_of)
    }
    by_unit: dict[str, list[Obligation]] = {unit: [] for unit in units}
    for form, period in _forms_asked(since, today, ledger):
        tree = organisation.on(period.last_day)
        for unit in units:
            ret = begun.get((ids[unit], form.code, period.code))
            if _owes(unit, form, tree):
                by_unit[unit].append(Obligation(unit, form, period, ret))
            elif ret is not None and unit not in tree:
                by_unit[unit].append(Obligation(unit, form, period, ret, uncounted=True))
    for listed in by_unit.values():
        listed.sort(
            key=lambda obligation: (obligation.period.last_day, obligation.form.code), reverse=True
        )
    return by_unit


def _forms_asked(since: date, today: date, ledger: Ledger) -> Iterator[tuple[Form, Period]]:
    """Every form that asks for anything, as it is in each of its periods from `since` to those open
    today.
    """
    for declared in ledger.library.forms.values():
        for period in _periods_between(declared, since, today):
            form = declared.on(period.first_day)
            if form.sections:
                yield form, period


def _periods_between(form: Form, since: date, today: date) -> Iterator[Period]:
    """A form's periods from the one holding `since` to the one open today."""
    for year in range(since.year, today.year + 1):
        for period in periods_of(year, form.frequency):
            if since <= period.last_day and period.first_day <= today:
                yield period


def _owes(unit: str, form: Form, tree: Tree) -> bool:
    """Whether a unit owes a form for a period that ends in this tree: it is there, and of the
    form's level.
    """
    return unit in tree and tree.units[unit].level == form.level


def first_year(unit: str, tree: Tree) -> int | None:
    """The first year that any plan ever published over a unit governs; None where there is no plan
    yet: one query.
    """
    plans = PlanVersion.objects.filter(
        unit__code__in=tree.path(unit), state=PlanVersion.State.PUBLISHED
    )
    first_years = [min(years) for years in plans.values_list("years", flat=True) if years]
    return min(first_years, default=None)


def inbox(actor: Actor) -> list[Return]:
    """Returns whose next step is this person's unit's, or one's that it succeeds, oldest period
    first: one query.
    """
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
    return [ret for ret in sent if _next_to_accept(ret, organisation) in mine]


def _ever_below(tops: Iterable[str], organisation: Organisation) -> set[str]:
    """Units that were below one of these on any day."""
    children: dict[str, set[str]] = defaultdict(set)
    for unit_version in organisation.trees.unit_versions:
        if unit_version.parent is not None:
            children[unit_version.parent].add(unit_version.code)
    below = set[str]()
    to_visit = list(tops)
    while to_visit:
        not_yet_seen = children[to_visit.pop()] - below
        below |= not_yet_seen
        to_visit += not_yet_seen
    return below


def _next_to_accept(ret: Return, organisation: Organisation) -> str | None:
    """The unit whose turn it is, in the chain of the period's tree; None where the return's own
    unit had ended.

    Example: accepted to depth 2 (by the district) it waits for the unit at depth 1, the province.
    """
    tree = organisation.on(ret.when.last_day)
    depth = ret.accepted_depth
    if not depth or ret.unit.code not in tree:
        return None
    from_top = tree.path(ret.unit.code)[::-1]
    return from_top[depth - 1] if depth <= len(from_top) else None


@dataclass(frozen=True)
class Intake:
    """One form and period below a unit: how many owe it, have sent it, and have been accepted by
    the unit.
    """

    form: Form
    period: Period
    units: tuple[str, ...]
    sent: frozenset[str]
    accepted: frozenset[str]

    @property
    def missing(self) -> tuple[str, ...]:
        """Units that have sent nothing, or had it sent back."""
        return tuple(unit for unit in self.units if unit not in self.sent)


_DepthByUnit = Mapping[
    str, int
]  # depth of the highest unit that accepted, by code of the owing unit


def intake(*, unit: str, periods: Iterable[Period], today: date, ledger: Ledger) -> list[Intake]:
    """What has come in from below, for every form owed in those of these periods that have begun:
    one query.

    In a period in which the unit did not exist yet, from below those that it succeeds.
    """
    begun = [period for period in periods if period.first_day <= today]
    here = (unit, *ledger.organisation.forebears(unit, today))
    depths = _accepted_depths(begun, ledger)
    intakes = []
    for period in begun:
        tree = ledger.organisation.on(period.last_day)
        stages = _stages_below(here, tree)
        for declared in ledger.library.forms.values():
            form = declared.on(period.first_day)
            if form.frequency is period.frequency and form.sections:
                of_form = _intake(form, period, tree, stages, depths[form.code, period.code])
                if of_form.units:
                    intakes.append(of_form)
    return intakes


def _accepted_depths(
    periods: Iterable[Period], ledger: Ledger
) -> dict[tuple[str, str], dict[str, int]]:
    """How far returns have come, by form and period, then unit: one query."""
    depths: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    organisation = ledger.organisation
    rows = Return.objects.filter(period__in={period.code for period in periods})
    for ret in past_returns.accepted_depths(rows, organisation, ledger.as_of):
        depths[ret.form, ret.period][organisation.codes[ret.unit_id]] = ret.depth
    return depths


def _stages_below(here: Collection[str], tree: Tree) -> dict[str, int]:
    """Units below any of these, in the order of the tree, each with the depth at which it is
    accepted here.

    Of units one of which is below another only the upper one counts.
    """
    stages: dict[str, int] = {}
    for top in here:
        if top in tree and not any(tree.within(top, upper) for upper in here if upper != top):
            stages |= dict.fromkeys(tree.subtree(top)[1:], tree.depth(top))
    return {code: stages[code] for code in tree.order if code in stages}


def _intake(
    form: Form, period: Period, tree: Tree, stages: Mapping[str, int], depths: _DepthByUnit
) -> Intake:
    """Of one form and period. `stages`: see `_stages_below`."""
    units = tuple(code for code in stages if tree.units[code].level == form.level)
    sent = frozenset(code for code in units if code in depths)
    accepted = frozenset(code for code in sent if depths[code] <= stages[code])
    return Intake(form, period, units, sent, accepted)


def missing_below(unit: str, intakes: Iterable[Intake], tree: Tree) -> Counter[str]:
    """How many returns are missing under each unit directly below, itself included."""
    child_above: dict[str, str] = {}
    for child in tree.children(unit):
        child_above |= dict.fromkeys(tree.subtree(child), child)
    missing = Counter[str]()
    for of_form in intakes:
        missing.update(child_above[code] for code in of_form.missing if code in child_above)
    return missing
