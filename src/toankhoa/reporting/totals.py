"""From returns to totals: step by step as they are accepted, or all at once. Both give the same rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property, lru_cache, partial
from itertools import groupby, islice
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from toankhoa.core.measures import Library
from toankhoa.core.org import Tree
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
        return Rules.of(self.library)

    def slots(self, form: str) -> list[int]:
        """Slots of a form's elements, in its order."""
        return [self.library.elements[code].slot for code in self.library.forms[form].elements]


@cache
def last_day(key: int) -> date:
    """The day whose tree a cell adds up along: the month's last, or the year's."""
    year, month = divmod(key, 100)
    return Period(year, month or MONTHS, Frequency.MONTH).last_day


def move(*, ret: Return, unit: str, before: Stages, after: Stages, ledger: Ledger) -> None:
    """Bring the totals from one set of counted revisions of a return to the next, inside the caller's transaction."""
    _hold(ret.unit_id)
    changes: dict[store.Key, Cell] = {}
    for stage in sorted({*before, *after}):
        if before.get(stage) == after.get(stage):
            continue
        changes |= _changes(ret, unit, stage, _figures(ret, after.get(stage)), ledger)
    organisation = ledger.organisation
    trees = (organisation.on(last_day(ret.key)), organisation.on(last_day(year_key(ret.key // 100))))
    order = {organisation.ids[code]: tree.depth(code) for tree in trees for code in tree.path(unit)}
    store.add(changes, order=order, width=ledger.library.width)


def _hold(unit: int) -> None:
    """Another return of the unit may change the same year: read what the unit has now under its lock."""
    if connection.features.has_select_for_update:  # where there is none (SQLite), there is one writer at a time
        Unit.objects.select_for_update(no_key=True).get(pk=unit)


def _figures(ret: Return, revision: int | None) -> Mapping[str, Value]:
    """What counts once this revision does, nothing where none does."""
    if revision is None:
        return {}
    # Nobody types in a return between its sending and a move of its totals, so its figures are its last revision's.
    return ret.values if revision == ret.revision else ret.revisions.get(number=revision).values


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
    of_year = own.pop(first, Cell.zero(rules.width))
    year = UnitYear(rules)
    for period, cell in own.items():
        year.load(period - first, cell)
    figures = numbers(values, ledger.library.forms[ret.form].elements)
    added = {first + month: cell for month, cell in year.put(ret.key - first, ledger.slots(ret.form), figures).items()}
    added[first] = year.year() - of_year
    changes: dict[store.Key, Cell] = {}
    for period, change in added.items():
        if change:
            tree = ledger.organisation.on(last_day(period))
            changes |= store.spread(change, unit=unit, period=period, stage=stage, tree=tree, ids=ids)
    return changes


def counted_now(ledger: Ledger) -> dict[int, Stages]:
    """Which revision counts at which stage, for every return by id, worked out from the steps alone."""
    keys = dict(Return.objects.values_list("id", "key"))
    deepest = {key: ledger.organisation.on(last_day(key)).deepest for key in set(keys.values())}
    steps = Step.objects.order_by("ret_id", "id").values_list("ret_id", "verb", "revision", "depth")
    lives = groupby(steps.iterator(chunk_size=5000), key=itemgetter(0))
    return {pk: _stages(tuple(step[1:] for step in life), deepest[keys[pk]]) for pk, life in lives}


@lru_cache(maxsize=4096)
def _stages(life: tuple[tuple[str, int, int], ...], deepest: int) -> Stages:
    """`counted`, once for all the returns that lived alike: nearly every one was sent, then accepted level by level."""
    return counted((Event(*step) for step in life), deepest)


def _blocks_of(
    year: int, sheets: Mapping[int, _Sheet], ledger: Ledger, layout: Callable[[Tree], _Layout]
) -> Iterator[store.Block]:
    """All rows of a year. Once everything is accepted all stages say the same, and are worked out once."""
    known: list[tuple[_Sheet, list[store.Block]]] = []
    for stage, sheet in sheets.items():
        blocks = next((blocks for other, blocks in known if other.same(sheet)), None)
        if blocks is None:
            blocks = [
                block
                for period, values, counts in sheet.periods(year, ledger.rules)
                for block in _blocks(period, stage, values, counts, layout(ledger.organisation.on(last_day(period))))
            ]
            known.append((sheet, blocks))
        yield from (replace(block, stage=stage) for block in blocks)


@dataclass
class _Sheet:
    """All units' own figures of one year at one stage: arrays [month, unit, slot], units as the organisation lists."""

    values: Values
    counts: Counts

    @classmethod
    def blank(cls, units: int, width: int) -> _Sheet:
        shape = (MONTHS, units, width)
        return cls(np.zeros(shape, np.int64), np.zeros(shape, np.int32))

    def same(self, other: _Sheet) -> bool:
        """Whether both hold the same figures."""
        return np.array_equal(self.counts, other.counts) and np.array_equal(self.values, other.values)

    def periods(self, year: int, rules: Rules) -> Iterator[tuple[int, Values, Counts]]:
        """Own cells [unit, slot] of the year and of each month, by period key."""
        yield year_key(year), *year_of(self.values, self.counts, rules)
        for month in range(MONTHS):
            yield year_key(year) + month + 1, self.values[month], self.counts[month]


def _own_sheets(year: int, counting: Mapping[int, Stages], ledger: Ledger) -> dict[int, _Sheet]:
    place = {unit: row for row, unit in enumerate(ledger.organisation.codes)}
    sheets: dict[int, _Sheet] = defaultdict(lambda: _Sheet.blank(len(place), ledger.rules.width))
    of_year = Revision.objects.filter(ret__key__gte=year_key(year), ret__key__lt=year_key(year + 1))
    for code, form in ledger.library.forms.items():
        slots, elements = np.array(ledger.slots(code), np.intp), form.elements
        rows = of_year.filter(ret__form=code).values_list("ret_id", "number", "ret__unit_id", "ret__key", "values")
        sent = rows.iterator(chunk_size=_BATCH)
        while batch := list(islice(sent, _BATCH)):
            values, counts = _typed([numbers(figures, elements) for *_, figures in batch])
            units = np.array([place[unit] for _, _, unit, _, _ in batch])
            months = np.array([key % 100 - 1 for _, _, _, key, _ in batch])
            for stage, kept in _counting_at(batch, counting).items():
                where = months[kept, None], units[kept, None], slots
                sheets[stage].values[where], sheets[stage].counts[where] = values[kept], counts[kept]
    columns = ledger.rules.to_date
    for sheet in sheets.values():
        sheet.values[..., columns] = increments(sheet.values[..., columns], sheet.counts[..., columns])
    return sheets


_BATCH = 5000  # returns that become arrays together


def _counting_at(batch: list[tuple], counting: Mapping[int, Stages]) -> dict[int, list[int]]:
    """By stage, the places in a batch of those revisions that count there."""
    found = defaultdict(list)
    for place, (pk, number, *_) in enumerate(batch):
        for stage, revision in counting.get(pk, {}).items():
            if revision == number:
                found[stage].append(place)
    return found


def _typed(figures: list[list[int | None]]) -> tuple[Values, Counts]:
    """Figures of many returns as arrays [return, element]."""
    values = np.array([[_MISSING if figure is None else figure for figure in row] for row in figures], np.int64)
    present = values != _MISSING
    return np.where(present, values, 0), present.astype(np.int32)


_MISSING = np.iinfo(np.int64).min  # no figure can be that


@dataclass(frozen=True)
class _Layout:
    """Where the units of a tree, in its pre-order, stand in a sheet."""

    tree: Tree
    units: NDArray[np.int64]  # database ids
    places: NDArray[np.intp]
    leaf: NDArray[np.bool_]

    @classmethod
    def of(cls, tree: Tree, organisation: Organisation) -> _Layout:
        place = {code: row for row, code in enumerate(organisation.codes.values())}
        return cls(
            tree=tree,
            units=np.array([organisation.ids[code] for code in tree.order], np.int64),
            places=np.array([place[code] for code in tree.order], np.intp),
            leaf=np.array([not tree.children(code) for code in tree.order], np.bool_),
        )


def _blocks(period: int, stage: int, values: Values, counts: Counts, layout: _Layout) -> Iterator[store.Block]:
    own, reports = values[layout.places], counts[layout.places]
    sums, below = subtree_sums(own, layout.tree), subtree_sums(reports, layout.tree).astype(np.int32)
    for scope, those, figures, present in (
        (store.BOTH, layout.leaf, own, reports),
        (store.SUBTREE, ~layout.leaf, sums, below),
        (store.OWN, ~layout.leaf, own, reports),
    ):
        kept = np.flatnonzero(those & present.any(axis=1))
        yield store.Block(period, stage, scope, layout.units[kept].tolist(), figures[kept], present[kept])


@contextmanager
def _standstill() -> Iterator[None]:
    """A transaction in which no return moves a total: every mover waits for its unit's lock (see `move`)."""
    with transaction.atomic():
        list(Unit.objects.select_for_update(no_key=True).order_by("id"))
        yield


class Difference(NamedTuple):
    """A row as it is stored beside what the returns say; None where there is no such row."""

    key: store.Key
    stored: Cell | None
    derived: Cell | None

    @property
    def wrong(self) -> bool:
        """Whether the two differ."""
        return self.stored != self.derived


def rebuild(*, ledger: Ledger, progress: Progress = silent) -> int:
    """Derive all rows again and mend those that are wrong, in one transaction; how many rows there are."""
    count = 0
    with _standstill():
        for rows in _rows(ledger, progress):
            store.settle((row.key, row.derived) for row in rows if row.wrong)
            count += sum(row.derived is not None for row in rows)
    return count


def differences(*, ledger: Ledger, progress: Progress = silent) -> list[Difference]:
    """Recompute everything and compare with what is stored. Empty is the healthy answer."""
    with _standstill():
        return [row for rows in _rows(ledger, progress) for row in rows if row.wrong]


def _rows(ledger: Ledger, progress: Progress) -> Iterator[list[Difference]]:
    """Year by year, every row that says something, stored or derived: from the steps and revisions alone."""
    counting = counted_now(ledger)
    layout = cache(partial(_Layout.of, organisation=ledger.organisation))
    years = sorted(store.years() | {key // 100 for key in Return.objects.values_list("key", flat=True).distinct()})
    for done, year in enumerate(years):
        progress(done, len(years), f"Cộng lại năm {year}")
        blocks = list(_blocks_of(year, _own_sheets(year, counting, ledger), ledger, layout))
        held = dict(store.stored(ledger.rules.width, year))
        rows = [Difference(key, held.pop(key, None), cell) for key, cell in store.by_unit(blocks)]
        yield rows + [Difference(key, cell, None) for key, cell in held.items()]
