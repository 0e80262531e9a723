"""What a reform does to returns: those due, those open, those waiting, those that count no more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from toankhoa.core.basics import Period
from toankhoa.core.measures import DataElement, Form, Library
from toankhoa.core.organisation import Tree, UnitVersion
from toankhoa.core.returns import State
from toankhoa.core.totals import Cell
from toankhoa.operations.reform_units import heirs_of
from toankhoa.org.organisation import Organisation
from toankhoa.reporting import past_returns
from toankhoa.reporting.models import Return
from toankhoa.reporting.totals import store

_Address = tuple[int, str, str]  # key of the period, form, period


@dataclass(frozen=True)
class UncountedReturns:
    """Returns of a form and period that would count no longer: their unit ends before the period.

    `returns`: accepted by all; `waiting`: still on their way. `figures`: those of the whole
    organisation in the period's month that move, before and after; `after` is None where nobody
    else reported one.
    """

    form: Form
    period: Period
    returns: int
    waiting: int
    figures: tuple[tuple[DataElement, int, int | None], ...] = ()


@dataclass(frozen=True)
class FormDue:
    """How many units owe a form in the period that holds the day."""

    form: Form
    period: Period
    before: int
    after: int


@dataclass(frozen=True)
class OpenReturns:
    """Open returns that a unit that ends has to act on; its heirs go on with them.

    `own`: its own that it has not sent; `waiting`: others' that it has not accepted; `after`: of
    its own, those of periods that end on the day or later: nobody owes them any more.
    """

    holder: UnitVersion
    heirs: tuple[UnitVersion, ...]
    own: int
    waiting: int
    after: int


@dataclass(frozen=True)
class ReroutedReturn:
    """Returns on their way that would wait for another unit than now."""

    old: UnitVersion
    new: UnitVersion
    returns: int


def forms_due(
    base: Organisation, after: Organisation, day: date, library: Library
) -> Iterator[FormDue]:
    """Forms that more or fewer units owe than before."""
    for form in library.forms.values():
        period = Period.containing(day, form.frequency)
        before = _owing(form, base.on(period.last_day))
        now = _owing(form, after.on(period.last_day))
        if before != now:
            yield FormDue(form, period, before, now)


def _owing(form: Form, tree: Tree) -> int:
    return sum(unit.level == form.level for unit in tree.units.values())


@dataclass
class _InHand:
    """How many open returns one unit has to act on; see `OpenReturns`."""

    own: int = 0
    waiting: int = 0
    after: int = 0


def open_returns(
    ended: Sequence[str],
    base: Organisation,
    after: Organisation,
    day: date,
    as_of: datetime | None,
) -> Iterator[OpenReturns]:
    """Open returns that the units that end have to act on: one query, of a past moment four."""
    in_hand = _in_hand_of(ended, base, day, as_of)
    for code in ended:
        held = in_hand[code]
        if held.own or held.waiting:
            holder, heirs = base.on(day).units[code], heirs_of(code, after, day)
            yield OpenReturns(holder, heirs, held.own, held.waiting, held.after)


def _in_hand_of(
    ended: Sequence[str], base: Organisation, day: date, as_of: datetime | None
) -> dict[str, _InHand]:
    in_hand = {code: _InHand() for code in ended}
    rows = Return.objects.filter(unit__in=_ids_at_or_below(ended, base, day))
    for unit_id, state, accepted_depth, period in _not_accepted_by_all(rows, base, as_of):
        code, last_day = base.codes[unit_id], Period.parse(period).last_day
        holder = _holder(code, state, accepted_depth, base.on(last_day))
        if holder not in in_hand:
            continue
        if holder != code:
            in_hand[holder].waiting += 1
            continue
        in_hand[code].own += 1
        in_hand[code].after += last_day >= day
    return in_hand


def _ids_at_or_below(codes: Sequence[str], base: Organisation, day: date) -> list[int]:
    """Ids of these units and of all below them on a day."""
    tree = base.on(day)
    wanted: set[str] = set()
    for code in codes:
        wanted.update(tree.subtree(code))
    return [base.ids[code] for code in tree.order if code in wanted and code in base.ids]


def _not_accepted_by_all(
    rows: QuerySet[Return], base: Organisation, as_of: datetime | None
) -> Iterator[tuple[int, str, int | None, str]]:
    """Of these returns those that not everybody accepted: unit, state, accepted depth, period."""
    if as_of is None:
        unaccepted = rows.exclude(state=State.ACCEPTED, accepted_depth=0)
        yield from unaccepted.values_list("unit_id", "state", "accepted_depth", "period")
        return
    for ret in past_returns.returns_as_of(rows, base, as_of):
        if (ret.state, ret.accepted_depth) != (State.ACCEPTED, 0):
            yield ret.unit_id, ret.state, ret.accepted_depth, ret.period


def _holder(code: str, state: str, accepted_depth: int | None, tree: Tree) -> str:
    """Who has to act on a return: the unit above the highest that accepted it, else its own."""
    if state not in (State.SENT, State.ACCEPTED) or not accepted_depth or code not in tree:
        return code
    chain = tree.path(code)[::-1]
    if accepted_depth > len(chain):
        return code
    return chain[accepted_depth - 1]


def uncounted_returns(
    ended: Sequence[str], base: Organisation, day: date, library: Library, as_of: datetime | None
) -> Iterator[UncountedReturns]:
    """Sent returns of units that end on a day, for periods that end on it or later.

    Two queries, of a past moment more, and no figures then: totals never answer for a past moment.
    """
    ids = [base.ids[code] for code in ended if code in base.ids]
    accepted, waiting = Counter[_Address](), Counter[_Address]()
    for ret in past_returns.sent_returns(_not_over(ids, day), base, as_of):
        if ret.when.last_day >= day:
            counter = accepted if ret.accepted_depth == 0 else waiting
            counter[ret.key, ret.form, ret.period] += 1
    totals = {} if as_of is not None else _totals(ids, accepted, base, day, library)
    for address in sorted(accepted.keys() | waiting.keys()):
        key, form_code, period_code = address
        period = Period.parse(period_code)
        form = library.forms[form_code].on(period.first_day)
        figures: tuple[tuple[DataElement, int, int | None], ...] = ()
        if address in accepted and key in totals:
            figures = tuple(_moved_figures(form, library, *totals[key]))
        yield UncountedReturns(form, period, accepted[address], waiting[address], figures)


def _not_over(unit_ids: Sequence[int], day: date) -> QuerySet[Return]:
    """These units' returns of the periods that end in the day's month or later."""
    return Return.objects.filter(unit__in=unit_ids, key__gte=day.year * 100 + day.month)


def _totals(
    ids: Sequence[int],
    accepted: Iterable[_Address],
    base: Organisation,
    day: date,
    library: Library,
) -> dict[int, tuple[Cell, Cell]]:
    """By period key the total of the whole organisation, and what these units have in it."""
    keys = sorted({key for key, _, _ in accepted})
    if not keys:
        return {}
    root, width = base.ids[base.on(day).roots[0]], library.width
    first, last = keys[0], keys[-1]
    whole = store.read(
        units=[root], first=first, last=last, stage=0, scopes=store.OF_ALL_BELOW, width=width
    )
    own = store.read(
        units=ids, first=first, last=last, stage=0, scopes=store.OF_ITSELF, width=width
    )
    empty = Cell.zero(width)
    totals = {}
    for key in keys:
        of_units = sum((own.get((unit, key), empty) for unit in ids), start=empty)
        totals[key] = whole.get((root, key), empty), of_units
    return totals


def _moved_figures(
    form: Form, library: Library, whole: Cell, lost: Cell
) -> Iterator[tuple[DataElement, int, int | None]]:
    rest = whole - lost
    for code in form.elements:
        element = library.elements[code]
        before, after = whole.get(element.slot), rest.get(element.slot)
        if before is not None and before != after:
            yield element, before, after


def rerouted_returns(
    base: Organisation, after: Organisation, day: date, as_of: datetime | None
) -> Iterator[ReroutedReturn]:
    """Returns of units that go on, waiting for one that does too, that would wait for another one.

    One query, of a past moment four.
    """
    old, new = base.on(day), after.on(day)
    moved = [
        base.ids[code]
        for code in old.order
        if code in new and code in base.ids and old.path(code) != new.path(code)
    ]
    waiting = Counter[tuple[str, str]]()
    for ret in past_returns.sent_returns(_not_over(moved, day), base, as_of):
        unit, last_day = base.codes[ret.unit_id], ret.when.last_day
        route = _route(unit, ret.accepted_depth, base, after, last_day)
        if route is not None and route[0] in new:
            waiting[route] += 1
    for (holder, taker), count in sorted(waiting.items()):
        yield ReroutedReturn(old.units[holder], new.units[taker], count)


def _route(
    unit: str, accepted_depth: int | None, base: Organisation, after: Organisation, day: date
) -> tuple[str, str] | None:
    """For whom a return of a unit waits, and for whom it would; None where nothing changes.

    Chains run from the root down: what is accepted at depth 2 waits for the unit at depth 1.
    """
    trees = base.on(day), after.on(day)
    if not accepted_depth or any(unit not in tree for tree in trees):
        return None
    old_chain, new_chain = (tree.path(unit)[::-1] for tree in trees)
    if old_chain == new_chain or accepted_depth > len(old_chain):
        return None
    holder = old_chain[accepted_depth - 1]
    taker = _next_in_turn(accepted_depth, old_chain, new_chain)
    if holder == taker:
        return None
    return holder, taker


def _next_in_turn(accepted_depth: int, old: Sequence[str], new: Sequence[str]) -> str:
    """Whose turn it is in the new chain: the one above the highest that accepted in the old."""
    accepted_by = old[accepted_depth:]
    places = [place for place, code in enumerate(new) if code in accepted_by]
    highest = min(places, default=len(new) - 1)
    return new[max(highest - 1, 0)]
