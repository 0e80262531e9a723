"""From returns to totals: step by step as they are accepted, or all at once.

Both give the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

from django.db import connection, transaction

from toankhoa.core.basics import year_key
from toankhoa.core.organisation import BoundaryChanges
from toankhoa.core.returns import Value, numbers
from toankhoa.core.totals import MONTHS, Cell, UnitYear, own_years
from toankhoa.org.models import Unit
from toankhoa.org.organisation import last_mark
from toankhoa.reporting.models import Return
from toankhoa.reporting.totals import store
from toankhoa.reporting.totals.ledger import Ledger  # asked for here, where it is used
from toankhoa.reporting.totals.recompute import Stages, blocks_of_year, counting

Progress = Callable[[int, int, str], None]  # done, total, what is being done


def silent(done: int, total: int, message: str) -> None:
    """Tell nobody."""


def move(*, ret: Return, unit: str, before: Stages, after: Stages, ledger: Ledger) -> None:
    """Bring the totals from one set of counted revisions of a return to the next, inside the
    caller's transaction.

    A return of a month in which its unit stood nowhere counts nowhere.
    """
    year, month = divmod(ret.key, 100)
    trees = ledger.year(year)
    stages = [stage for stage in sorted({*before, *after}) if before.get(stage) != after.get(stage)]
    if not stages or unit not in trees.trees[month - 1]:
        return
    handed, ids, width = (
        ledger.boundary_changes(year).among(unit),
        ledger.organisation.ids,
        ledger.library.width,
    )
    kin = {code: ids[code] for code in handed.units or (unit,)}
    _hold(kin.values())
    first = year_key(year)
    own, mark = store.own(
        units=kin.values(), first=first, last=first + MONTHS, stages=stages, width=width
    )
    ledger.organisation.check(mark)
    changes: dict[store.Key, Cell] = {}
    for stage in stages:
        held = {code: own[pk, stage] for code, pk in kin.items()}
        changes |= _changes(ret, unit, stage, held, _figures(ret, after.get(stage)), handed, ledger)
    order = {ids[code]: trees.depth(code) for each in kin for code in trees.above(each)}
    store.add(changes, order=order, width=width)


def _hold(units: Iterable[int]) -> None:
    """Another return of these may change the same year: read what they have now under their
    locks.
    """
    if (
        connection.features.has_select_for_update
    ):  # where there is none (SQLite), there is one writer at a time
        list(Unit.objects.select_for_update(no_key=True).filter(pk__in=units).order_by("id"))


def _figures(ret: Return, revision: int | None) -> Mapping[str, Value]:
    """What counts once this revision does, nothing where none does."""
    if revision is None:
        return {}
    # Nobody types in a return between its sending and a move of its totals, so its figures are its
    # last revision's.
    return ret.values if revision == ret.revision else ret.revisions.get(number=revision).values


def _changes(
    ret: Return,
    unit: str,
    stage: int,
    held: Mapping[str, Mapping[int, Cell]],
    values: Mapping[str, Value],
    handed: BoundaryChanges,
    ledger: Ledger,
) -> dict[store.Key, Cell]:
    """Differences in every row at one stage, once these values take the place of what the return
    held there.

    `held`: own cells, of the year at that stage and of its months, of the unit and of those that it
    hands over to or takes over from.
    """
    first, ids, trees = (
        year_key(ret.key // 100),
        ledger.organisation.ids,
        ledger.year(ret.key // 100),
    )
    above = {code: trees.above(code) for code in held}
    years = {code: UnitYear.stored(ledger.rules, first, cells) for code, cells in held.items()}
    before = own_years(years, ledger.rules, handed, above)
    for code, cells in held.items():
        before[code][above[code][code]] = cells.get(first, Cell.zero(ledger.library.width))
    figures = numbers(values, ledger.library.forms[ret.form].elements)
    changes: dict[store.Key, Cell] = {}
    for month, change in years[unit].put(ret.key - first, ledger.slots(ret.form), figures).items():
        tree = trees.trees[month - 1]
        each, bare = ((code, change) for code in tree.path(unit)), not tree.children(unit)
        changes |= store.spread(
            each, unit=unit, bare=bare, period=first + month, stage=stage, ids=ids
        )
    after = own_years(years, ledger.rules, handed, above)
    for code in held:
        more = {months: after[code][months] - cell for months, cell in before[code].items()}
        each = ((upper, more[months]) for upper, months in above[code].items())
        of_year = store.spread(
            each, unit=code, bare=trees.bare(code), period=first, stage=stage, ids=ids
        )
        for key, change in of_year.items():
            changes[key] = changes[key] + change if key in changes else change
    return changes


@contextmanager
def _standstill(ledger: Ledger) -> Iterator[None]:
    """A transaction in which no return moves a total: every mover waits for its unit's lock (see
    `move`).
    """
    with transaction.atomic():
        list(Unit.objects.select_for_update(no_key=True).order_by("id"))
        ledger.organisation.check(last_mark())
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


def rebuild(
    *, ledger: Ledger, years: Iterable[int] | None = None, progress: Progress = silent
) -> int:
    """Derive all rows (of these years) again and mend those that are wrong, in one transaction; how
    many there are.
    """
    count = 0
    with _standstill(ledger):
        for rows in _rows(ledger, progress, years):
            store.settle((row.key, row.derived) for row in rows if row.wrong)
            count += sum(row.derived is not None for row in rows)
    return count


def differences(*, ledger: Ledger, progress: Progress = silent) -> list[Difference]:
    """Recompute everything and compare with what is stored. Empty is the healthy answer."""
    with _standstill(ledger):
        return [row for rows in _rows(ledger, progress) for row in rows if row.wrong]


def _rows(
    ledger: Ledger, progress: Progress, years: Iterable[int] | None = None
) -> Iterator[list[Difference]]:
    """Year by year, every row that says something, stored or derived: from the steps and revisions
    alone.
    """
    counted = counting(ledger)
    known = store.years() | {
        key // 100 for key in Return.objects.values_list("key", flat=True).distinct()
    }
    wanted = sorted(known if years is None else known.intersection(years))
    for done, year in enumerate(wanted):
        progress(done, len(wanted), f"Cộng lại năm {year}")
        blocks = list(blocks_of_year(year, counted, ledger))
        held = dict(store.stored(ledger.rules.width, year))
        rows = [Difference(key, held.pop(key, None), cell) for key, cell in store.by_unit(blocks)]
        yield rows + [Difference(key, cell, None) for key, cell in held.items()]
