"""From returns to totals: step by step as they are accepted, or all at once. Both give the same rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from django.db import transaction

from toankhoa.core.measures import Library
from toankhoa.core.periods import Frequency, Period, year_key
from toankhoa.core.returns import Event, Value, counted, numbers
from toankhoa.core.rollup import MONTHS, Cell, Counts, Rules, UnitYear, Values, increments, subtree_sums, year_of
from toankhoa.org.models import Unit
from toankhoa.org.organisation import Organisation
from toankhoa.reporting import store
from toankhoa.reporting.models import Return, Revision, Step

Stages = Mapping[int, int]  # stage → revision that counts there
Progress = Callable[[int, int, str], None]  # done, total, what is being done


def silent(done: int, total: int, message: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Ledger:
    """What it takes to add up: who stands where, and how each figure adds."""

    organisation: Organisation
    library: Library

    @cached_property
    def rules(self) -> Rules:
        """Time rules as slots."""
        return Rules.of(self.library.elements.values())

    def slots(self, form: str) -> list[int]:
        """Slots of a form's elements, in its order."""
        return [self.library.elements[code].slot for code in self.library.forms[form].elements]


def last_day(key: int) -> date:
    """The day whose tree a cell adds up along: the month's last, or the year's."""
    year, month = divmod(key, 100)
    return Period(year, month or MONTHS, Frequency.MONTH).last_day


def move(*, ret: Return, unit: str, before: Stages, after: Stages, ledger: Ledger) -> None:
    """Bring the totals from one set of counted revisions of a return to the next, inside the caller's transaction."""
    # Another return of this unit may change the same year: what the unit has now is read under its lock.
    Unit.objects.select_for_update(no_key=True).get(pk=ret.unit_id)
    changes: dict[store.Key, Cell] = {}
    for stage in sorted({*before, *after}):
        if before.get(stage) == after.get(stage):
            continue
        values = ret.revisions.get(number=after[stage]).values if stage in after else {}
        changes |= _changes(ret, unit, stage, values, ledger)
    organisation = ledger.organisation
    trees = (organisation.on(last_day(ret.key)), organisation.on(last_day(year_key(ret.key // 100))))
    order = {organisation.ids[code]: tree.depth(code) for tree in trees for code in tree.path(unit)}
    store.add(changes, order=order, width=ledger.library.width)


def _changes(ret: Return, unit: str, stage: int, values: Mapping[str, Value], ledger: Ledger) -> dict[store.Key, Cell]:
    """Differences in every row at one stage, once these values take the place of what the return held there."""
    rules, ids, first = ledger.rules, ledger.organisation.ids, year_key(ret.key // 100)
    own = {
        period: cell
        for (_, period), cell in store.read(
            units=[ids[unit]],
            first=first,
            last=first + MONTHS,
            stage=stage,
            scopes=store.OF_ITSELF,
            width=rules.width,
        ).items()
    }
    year = UnitYear(rules)
    for period, cell in own.items():
        if period != first:
            year.load(period - first, cell)
    elements = ledger.library.forms[ret.form].elements
    year.put(ret.key - first, ledger.slots(ret.form), numbers(values, elements))
    now = {first + month: year.month(month) for month in range(1, MONTHS + 1)} | {first: year.year()}
    changes: dict[store.Key, Cell] = {}
    for period, cell in now.items():
        if change := cell - own.get(period, Cell.zero(rules.width)):
            tree = ledger.organisation.on(last_day(period))
            changes |= store.spread(change, unit=unit, period=period, stage=stage, tree=tree, ids=ids)
    return changes


def counted_now(ledger: Ledger) -> dict[int, Stages]:
    """Which revision counts at which stage, for every return by id, worked out from the steps alone."""
    deepest = {pk: ledger.organisation.on(last_day(key)).deepest for pk, key in Return.objects.values_list("id", "key")}
    events: dict[int, list[Event]] = defaultdict(list)
    steps = Step.objects.order_by("ret_id", "id").values_list("ret_id", "verb", "revision", "depth")
    for pk, *event in steps.iterator(chunk_size=5000):
        events[pk].append(Event(*event))
    return {pk: counted(life, deepest[pk]) for pk, life in events.items()}


def derive(ledger: Ledger, progress: Progress) -> Iterator[tuple[store.Key, Cell]]:
    """Every row that says something, from the steps and revisions alone."""
    counting = counted_now(ledger)
    years = sorted({key // 100 for key in Return.objects.values_list("key", flat=True).distinct()})
    for done, year in enumerate(years):
        progress(done, len(years), f"Cộng lại năm {year}")
        for stage, sheet in _own_sheets(year, counting, ledger).items():
            yield from _rows_of(year, stage, sheet, ledger)


@dataclass
class _Sheet:
    """All units' own figures of one year at one stage: arrays [month, unit, slot]."""

    values: Values
    counts: Counts


def _own_sheets(year: int, counting: Mapping[int, Stages], ledger: Ledger) -> dict[int, _Sheet]:
    place = {pk: row for row, pk in enumerate(ledger.organisation.codes)}
    shape = (MONTHS, len(place), ledger.rules.width)
    sheets: dict[int, _Sheet] = {}
    slots = {form: np.array(ledger.slots(form), np.intp) for form in ledger.library.forms}
    revisions = Revision.objects.filter(ret__key__gte=year_key(year), ret__key__lt=year_key(year + 1)).values_list(
        "ret_id", "number", "values", "ret__unit_id", "ret__key", "ret__form"
    )
    for pk, number, values, unit, key, form in revisions.iterator(chunk_size=5000):
        figures = numbers(values, ledger.library.forms[form].elements)
        present = np.array([figure is not None for figure in figures])
        typed = np.array([figure or 0 for figure in figures], np.int64)
        for stage, revision in counting.get(pk, {}).items():
            if revision == number:
                if stage not in sheets:
                    sheets[stage] = _Sheet(np.zeros(shape, np.int64), np.zeros(shape, np.int32))
                row = key % 100 - 1, place[unit], slots[form]
                sheets[stage].values[row], sheets[stage].counts[row] = typed, present
    columns = ledger.rules.to_date
    for sheet in sheets.values():
        sheet.values[..., columns] = increments(sheet.values[..., columns], sheet.counts[..., columns])
    return sheets


def _rows_of(year: int, stage: int, sheet: _Sheet, ledger: Ledger) -> Iterator[tuple[store.Key, Cell]]:
    of_year = year_of(sheet.values, sheet.counts, ledger.rules)
    cells = [(year_key(year), *of_year)]
    cells += [(year_key(year) + month + 1, sheet.values[month], sheet.counts[month]) for month in range(MONTHS)]
    ids = ledger.organisation.ids
    place = {code: row for row, code in enumerate(ledger.organisation.codes.values())}
    for period, values, counts in cells:
        if not counts.any():
            continue
        tree = ledger.organisation.on(last_day(period))
        rows = np.array([place[code] for code in tree.order], np.intp)
        sums, reports = subtree_sums(values[rows], tree), subtree_sums(counts[rows], tree)
        for row, code in enumerate(tree.order):
            leaf = not tree.children(code)
            scope = store.BOTH if leaf else store.SUBTREE
            if reports[row].any():
                yield store.Key(ids[code], period, stage, scope), Cell(sums[row], reports[row].astype(np.int32))
            if not leaf and counts[rows[row]].any():
                own = Cell(values[rows[row]], counts[rows[row]])
                yield store.Key(ids[code], period, stage, store.OWN), own


@contextmanager
def _standstill() -> Iterator[None]:
    """A transaction in which no return moves a total: every mover waits for its unit's lock (see `move`)."""
    with transaction.atomic():
        list(Unit.objects.select_for_update(no_key=True).order_by("id"))
        yield


def rebuild(*, ledger: Ledger, progress: Progress = silent) -> int:
    """Derive all rows again, in one transaction; how many."""
    with _standstill():
        return store.replace_all(derive(ledger, progress))


@dataclass(frozen=True)
class Difference:
    """A stored row that is not what the returns say; None where there is no such row."""

    key: store.Key
    stored: Cell | None
    derived: Cell | None


def differences(*, ledger: Ledger, progress: Progress = silent) -> list[Difference]:
    """Recompute everything and compare with what is stored. Empty is the healthy answer."""
    with _standstill():
        stored = dict(store.stored(ledger.rules.width))
        found = []
        for key, cell in derive(ledger, progress):
            if (held := stored.pop(key, None)) != cell:
                found.append(Difference(key, held, cell))
    return found + [Difference(key, held, None) for key, held in stored.items()]
