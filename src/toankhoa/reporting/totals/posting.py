"""From returns to totals: step by step as they are accepted, or all at once.

Both give the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection, transaction

from toankhoa.core.basics import year_key
from toankhoa.core.organisation import BoundaryChanges
from toankhoa.core.returns import Value, numbers
from toankhoa.core.totals import MONTHS, Cell, Months, UnitYear, YearTrees, own_years
from toankhoa.org.models import Unit
from toankhoa.org.organisation import last_mark
from toankhoa.reporting.models import Return
from toankhoa.reporting.totals import store
from toankhoa.reporting.totals.ledger import Ledger
from toankhoa.reporting.totals.recompute import Stages, blocks_of_year, counting

Progress = Callable[[int, int, str], None]  # done, total, what is being done


def silent(done: int, total: int, message: str) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True)
class _Family:
    """The unit of a return in its year, with those that it hands figures over to or takes figures
    over from.
    """

    unit: str
    year: int
    changes: BoundaryChanges
    ids: Mapping[str, int]  # of the family's units
    above: Mapping[str, Mapping[str, Months]]  # by unit of the family, see `YearTrees.above`

    @classmethod
    def of(cls, unit: str, year: int, ledger: Ledger) -> _Family:
        changes = ledger.boundary_changes(year).among(unit)
        codes = changes.units or (unit,)
        trees = ledger.year(year)
        return cls(
            unit,
            year,
            changes,
            ids={code: ledger.organisation.ids[code] for code in codes},
            above={code: trees.above(code) for code in codes},
        )

    @property
    def units_touched(self) -> set[str]:
        """The family, and all whose totals take in its figures."""
        touched: set[str] = set()
        for above in self.above.values():
            touched.update(above)
        return touched


def move(*, ret: Return, unit: str, before: Stages, after: Stages, ledger: Ledger) -> None:
    """Bring the totals from one set of counted revisions of a return to the next, inside the
    caller's transaction.

    A return of a month in which its unit did not exist counts nowhere.
    """
    year, month = divmod(ret.key, 100)
    stages = _stages_that_change(before, after)
    if not stages or unit not in ledger.year(year).trees[month - 1]:
        return
    family, width = _Family.of(unit, year, ledger), ledger.library.width
    _lock(family.ids.values())
    own, mark = store.own(
        units=family.ids.values(),
        first=year_key(year),
        last=year_key(year) + MONTHS,
        stages=stages,
        width=width,
    )
    ledger.organisation.check(mark)
    changes: dict[store.Key, Cell] = {}
    for stage in stages:
        held = {code: own[pk, stage] for code, pk in family.ids.items()}
        values = _counted_values(ret, after.get(stage))
        changes |= _StageChange(ret, family, stage, held, ledger).differences(values)
    ids, depth = ledger.organisation.ids, ledger.year(year).depth
    order = {ids[code]: depth(code) for code in family.units_touched}
    store.add(changes, order=order, width=width)


def _stages_that_change(before: Stages, after: Stages) -> list[int]:
    return [stage for stage in sorted({*before, *after}) if before.get(stage) != after.get(stage)]


def _lock(units: Iterable[int]) -> None:
    """Another return of these may change the same year: read what they have now under their
    locks.
    """
    if (
        connection.features.has_select_for_update
    ):  # where there is none (SQLite), there is one writer at a time
        list(Unit.objects.select_for_update(no_key=True).filter(pk__in=units).order_by("id"))


def _counted_values(ret: Return, revision: int | None) -> Mapping[str, Value]:
    """What counts once this revision does, nothing where none does."""
    if revision is None:
        return {}
    # Nobody types in a return between its sending and a move of its totals, so its figures are its
    # last revision's.
    if revision == ret.revision:
        return ret.values
    earlier: Mapping[str, Value] = ret.revisions.get(number=revision).values
    return earlier


@dataclass(frozen=True)
class _StageChange:
    """What one return changes in the rows of one stage.

    `held`: own cells by unit of the family, then by period key, of the year at that stage and of
    its months.
    """

    ret: Return
    family: _Family
    stage: int
    held: Mapping[str, Mapping[int, Cell]]
    ledger: Ledger

    def differences(self, values: Mapping[str, Value]) -> dict[store.Key, Cell]:
        """Differences in every row, once these values take the place of what the return held there.

        Months first: the figure of each goes to the unit and to all above it. Then the year, which
        is closed again for the whole family: see docs/arithmetic.md, "A year in which units are
        rearranged".
        """
        rules, first = self.ledger.rules, year_key(self.family.year)
        years = {code: UnitYear.stored(rules, first, cells) for code, cells in self.held.items()}
        before = self._own_years(years)
        for code, cells in self.held.items():
            # Of the unit's own year the difference is taken from what is stored.
            whole_months = self.family.above[code][code]
            before[code][whole_months] = cells.get(first, Cell.zero(self.ledger.library.width))
        changes = self._in_months(years[self.family.unit], values)
        after = self._own_years(years)
        for code in self.held:
            for key, change in self._in_year(code, before[code], after[code]).items():
                changes[key] = changes[key] + change if key in changes else change
        return changes

    def _own_years(self, years: Mapping[str, UnitYear]) -> dict[str, dict[Months, Cell]]:
        return own_years(years, self.ledger.rules, self.family.changes, self.family.above)

    def _in_months(self, year: UnitYear, values: Mapping[str, Value]) -> dict[store.Key, Cell]:
        """Differences in the rows of months, once the values are put into the unit's year."""
        unit, first, trees = self.family.unit, year_key(self.family.year), self._trees
        figures = numbers(values, self.ledger.library.forms[self.ret.form].elements)
        slots = self.ledger.slots(self.ret.form)
        changes: dict[store.Key, Cell] = {}
        for month, change in year.put(self.ret.key - first, slots, figures).items():
            tree = trees.trees[month - 1]
            of_units = [(code, change) for code in tree.path(unit)]
            bare = not tree.children(unit)
            changes |= self._spread(of_units, unit=unit, bare=bare, period=first + month)
        return changes

    def _in_year(
        self, code: str, before: Mapping[Months, Cell], after: Mapping[Months, Cell]
    ) -> dict[store.Key, Cell]:
        """Differences in the rows of the year that one unit of the family makes."""
        more = {months: after[months] - cell for months, cell in before.items()}
        of_units = [(upper, more[months]) for upper, months in self.family.above[code].items()]
        return self._spread(
            of_units, unit=code, bare=self._trees.bare(code), period=year_key(self.family.year)
        )

    def _spread(
        self, of_units: list[tuple[str, Cell]], *, unit: str, bare: bool, period: int
    ) -> dict[store.Key, Cell]:
        return store.spread(
            of_units,
            unit=unit,
            bare=bare,
            period=period,
            stage=self.stage,
            ids=self.ledger.organisation.ids,
        )

    @property
    def _trees(self) -> YearTrees:
        return self.ledger.year(self.family.year)


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
    wrong: list[Difference] = []
    with _standstill(ledger):
        for rows in _rows(ledger, progress):
            wrong += [row for row in rows if row.wrong]
    return wrong


def _rows(
    ledger: Ledger, progress: Progress, years: Iterable[int] | None = None
) -> Iterator[list[Difference]]:
    """Year by year, every row that says something, stored or derived: from the steps and revisions
    alone.
    """
    counted = counting(ledger)
    keys = Return.objects.values_list("key", flat=True).distinct()
    known = store.years() | {key // 100 for key in keys}
    wanted = sorted(known if years is None else known.intersection(years))
    for done, year in enumerate(wanted):
        progress(done, len(wanted), f"Cộng lại năm {year}")
        blocks = list(blocks_of_year(year, counted, ledger))
        held = dict(store.stored(ledger.rules.width, year))
        rows = [Difference(key, held.pop(key, None), cell) for key, cell in store.by_unit(blocks)]
        yield rows + [Difference(key, cell, None) for key, cell in held.items()]
