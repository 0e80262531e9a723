"""What a reform does to returns that are in already: which count no longer, and which pass to another unit's inbox."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from toankhoa.core.basics import Period
from toankhoa.core.measures import DataElement, Form, Library
from toankhoa.core.organisation import UnitVersion
from toankhoa.core.totals import Cell
from toankhoa.org.organisation import Organisation
from toankhoa.reporting import past_returns
from toankhoa.reporting.models import Return
from toankhoa.reporting.totals import store


@dataclass(frozen=True)
class Fallen:
    """Returns of a form and period that would count no longer, `returns` accepted by all, `waiting` still on their way:
    their unit ends before the period does.

    `figures`: those of the whole organisation in the period's month that move, before and after; `after` None where
    nobody else reported one.
    """

    form: Form
    period: Period
    returns: int
    waiting: int
    figures: tuple[tuple[DataElement, int, int | None], ...] = ()


@dataclass(frozen=True)
class ReroutedReturn:
    """Returns on their way that would wait for another unit than now."""

    old: UnitVersion
    new: UnitVersion
    returns: int


def fallen(
    gone: Sequence[str], base: Organisation, day: date, library: Library, as_of: datetime | None
) -> Iterator[Fallen]:
    """Two queries, of a past moment more, and no figures then: totals never answer for a past moment."""
    ids = [base.ids[code] for code in gone if code in base.ids]
    rows = Return.objects.filter(unit__in=ids, key__gte=day.year * 100 + day.month)
    sent = Counter(
        ((ret.key, ret.form, ret.period), ret.accepted_depth == 0)
        for ret in past_returns.sent_returns(rows, base, as_of)
        if ret.when.last_day >= day
    )
    told = sorted({about for about, _ in sent})
    keys = sorted({key for (key, _, _), accepted in sent if accepted})
    cells = _cells(ids, keys, base, day, library) if keys and as_of is None else {}
    for key, code, period in told:
        about, form = (key, code, period), library.forms[code].on(Period.parse(period).first_day)
        figures = (
            tuple(_moved(form, library, *cells[key])) if sent[about, True] and key in cells else ()
        )
        yield Fallen(form, Period.parse(period), sent[about, True], sent[about, False], figures)


def _cells(
    ids: Sequence[int], keys: Sequence[int], base: Organisation, day: date, library: Library
) -> dict[int, tuple[Cell, Cell]]:
    """By period key the total of the whole, and what these units themselves have in it."""
    root, width, none = base.ids[base.on(day).roots[0]], library.width, Cell.zero(library.width)
    span = {"first": keys[0], "last": keys[-1], "stage": 0, "width": width}
    whole = store.read(units=[root], scopes=store.OF_ALL_BELOW, **span)
    own = store.read(units=ids, scopes=store.OF_ITSELF, **span)
    return {
        key: (
            whole.get((root, key), none),
            sum((own.get((unit, key), none) for unit in ids), start=none),
        )
        for key in keys
    }


def _moved(
    form: Form, library: Library, whole: Cell, lost: Cell
) -> Iterator[tuple[DataElement, int, int | None]]:
    left = whole - lost
    for element in (library.elements[code] for code in form.elements):
        before, after = whole.get(element.slot), left.get(element.slot)
        if before is not None and before != after:
            yield element, before, after


def passing(
    base: Organisation, after: Organisation, day: date, as_of: datetime | None
) -> Iterator[ReroutedReturn]:
    """Returns of units that go on and wait for one that does, too, but another: one query, of a past moment four."""
    old, new = base.on(day), after.on(day)
    moved = [
        base.ids[code]
        for code in old.order
        if code in new and code in base.ids and old.path(code) != new.path(code)
    ]
    rows = Return.objects.filter(unit__in=moved, key__gte=day.year * 100 + day.month)
    waiting = Counter[tuple[str, str]]()
    for ret in past_returns.sent_returns(rows, base, as_of):
        code, last_day = base.codes[ret.unit_id], ret.when.last_day
        chains = [
            tree.path(code)[::-1]
            for tree in (base.on(last_day), after.on(last_day))
            if code in tree
        ]
        if (
            len(chains) == 2
            and ret.accepted_depth
            and chains[0] != chains[1]
            and ret.accepted_depth <= len(chains[0])
        ):
            holder, taker = chains[0][ret.accepted_depth - 1], _next(ret.accepted_depth, *chains)
            if holder != taker and holder in new:
                waiting[holder, taker] += 1
    for (holder, taker), count in sorted(waiting.items()):
        yield ReroutedReturn(old.units[holder], new.units[taker], count)


def _next(accepted_depth: int, old: Sequence[str], new: Sequence[str]) -> str:
    """Whose turn it is in the new chain: above the highest unit of it that vouched in the old one."""
    known = [place for place, code in enumerate(new) if code in old[accepted_depth:]]
    return new[max(min(known, default=len(new) - 1) - 1, 0)]
