"""All rows of a year out of what people sent and vouched for: arrays in place of one return at a
time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby, islice
from operator import itemgetter

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray

from toankhoa.core.basics import year_key
from toankhoa.core.organisation import BoundaryChanges, Tree
from toankhoa.core.returns import NOT_APPLICABLE, Event, Reported, counted_revisions, numbers
from toankhoa.core.totals import (
    MONTHS,
    Cell,
    Counts,
    Rules,
    Values,
    YearTrees,
    close_years,
    increments,
    subtree_sums,
    year_of,
    year_sums,
)
from toankhoa.reporting.models import Return, Revision, Step
from toankhoa.reporting.past_returns import past_steps
from toankhoa.reporting.totals import store
from toankhoa.reporting.totals.ledger import Ledger

Stages = Mapping[int, int]  # stage → revision that counts there


def counting(
    ledger: Ledger, *, year: int | None = None, units: Collection[int] | None = None
) -> dict[int, Stages]:
    """Which revision counts at which stage, by id of return, worked out from the steps alone.

    For every return, or those of a year or of these units (by id); where the ledger looks back, as
    it was then.
    """
    returns = _asked(Return.objects.all(), "", year, units)
    keys = dict(returns.values_list("id", "key"))
    deepest = {each: ledger.year(each).deepest for each in {key // 100 for key in keys.values()}}
    steps = _asked(Step.objects.order_by("ret_id", "id"), "ret__", year, units)
    rows = steps.values_list("ret_id", "verb", "revision", "depth").iterator(chunk_size=5000)
    if ledger.as_of is not None:
        rows = past_steps(steps, ledger.organisation, ledger.as_of)
    lives = groupby(rows, key=itemgetter(0))
    return {
        pk: _stages(tuple(step[1:4] for step in life), deepest[keys[pk] // 100])
        for pk, life in lives
    }


def _asked(
    rows: QuerySet, to_return: str, year: int | None, units: Collection[int] | None
) -> QuerySet:
    """Rows of a year and of these units, where those are asked for."""
    if year is not None:
        rows = rows.filter(
            **{f"{to_return}key__gte": year_key(year), f"{to_return}key__lt": year_key(year + 1)}
        )
    return rows if units is None else rows.filter(**{f"{to_return}unit__in": units})


@lru_cache(maxsize=4096)
def _stages(life: tuple[tuple[str, int, int], ...], deepest: int) -> Stages:
    """`counted`, once for all the returns that lived alike: nearly every one was sent, then
    accepted level by level.
    """
    return counted_revisions((Event(*step) for step in life), deepest)


def blocks_of_year(
    year: int, counting: Mapping[int, Stages], ledger: Ledger, units: Collection[int] | None = None
) -> Iterator[store.Block]:
    """All rows of a year.

    Once everything is accepted all stages say the same, and are worked out once.

    `units`: ids of those whose returns are added up, None for all.
    """
    known: list[tuple[_Sheet, list[store.Block]]] = []
    plan = _Plan.of(year, ledger)
    for stage, sheet in _own_sheets(year, counting, ledger, units).items():
        blocks = next((blocks for other, blocks in known if other.same(sheet)), None)
        if blocks is None:
            blocks = list(plan.blocks(sheet, stage, ledger.rules))
            known.append((sheet, blocks))
        yield from (replace(block, stage=stage) for block in blocks)


@dataclass
class _Sheet:
    """All units' own figures of one year at one stage: arrays [month, unit, slot], units as the
    organisation lists.
    """

    values: Values
    counts: Counts
    waived: Counts | None = None  # None: nobody said "không áp dụng"

    @classmethod
    def blank(cls, units: int, width: int) -> _Sheet:
        shape = (MONTHS, units, width)
        return cls(np.zeros(shape, np.int64), np.zeros(shape, np.int32))

    def same(self, other: _Sheet) -> bool:
        """Whether both hold the same figures."""
        if (self.waived is None) != (other.waived is None):
            return False
        arrays = zip(self._arrays(), other._arrays(), strict=True)
        return all(np.array_equal(one, two) for one, two in arrays)

    def _arrays(self) -> Iterator[NDArray[np.integer]]:
        yield from (each for each in (self.counts, self.values, self.waived) if each is not None)

    def put(self, where: tuple[NDArray[np.intp], ...], typed: NDArray[np.int64]) -> None:
        """Figures of many returns, with the marks of `_MARKS` among them."""
        waived = typed == _WAIVED
        present = (typed != _MISSING) & ~waived
        self.values[where], self.counts[where] = np.where(present, typed, 0), present
        if waived.any():
            if self.waived is None:
                self.waived = np.zeros_like(self.counts)
            self.waived[where] = waived


def _own_sheets(
    year: int, counting: Mapping[int, Stages], ledger: Ledger, of_units: Collection[int] | None
) -> dict[int, _Sheet]:
    """By stage. A return of a month in which its unit stood nowhere counts nowhere."""
    place = {unit: row for row, unit in enumerate(ledger.organisation.codes)}
    standing = [
        {ledger.organisation.ids[code] for code in tree.order} for tree in ledger.year(year).trees
    ]
    sheets: dict[int, _Sheet] = defaultdict(lambda: _Sheet.blank(len(place), ledger.rules.width))
    of_year = _asked(
        Revision.objects.filter(ret__form__in=[*ledger.library.forms]), "ret__", year, of_units
    )
    rows = of_year.values_list(
        "ret_id", "number", "ret__unit_id", "ret__key", "ret__form", "values"
    )
    sent = (row for row in rows.iterator(chunk_size=_BATCH) if row[2] in standing[row[3] % 100 - 1])
    while batch := list(islice(sent, _BATCH)):
        for code, alike in _by_form(batch).items():
            slots, elements = (
                np.array(ledger.slots(code), np.intp),
                ledger.library.forms[code].elements,
            )
            typed = _typed([numbers(figures, elements) for *_, figures in alike])
            units = np.array([place[unit] for _, _, unit, *_ in alike])
            months = np.array([key % 100 - 1 for _, _, _, key, *_ in alike])
            for stage, kept in _counting_at(alike, counting).items():
                sheets[stage].put((months[kept, None], units[kept, None], slots), typed[kept])
    columns = ledger.rules.to_date
    for sheet in sheets.values():
        sheet.values[..., columns] = increments(
            sheet.values[..., columns], sheet.counts[..., columns]
        )
    return sheets


_BATCH = 5000  # returns that become arrays together


def _by_form(batch: list[tuple]) -> Mapping[str, list[tuple]]:
    """Rows of each form: figures of one form make one array."""
    found = defaultdict(list)
    for row in batch:
        found[row[4]].append(row)
    return found


def _counting_at(batch: list[tuple], counting: Mapping[int, Stages]) -> dict[int, list[int]]:
    """By stage, the places in a batch of those revisions that count there."""
    found = defaultdict(list)
    for place, (pk, number, *_) in enumerate(batch):
        for stage, revision in counting.get(pk, {}).items():
            if revision == number:
                found[stage].append(place)
    return found


_MISSING = np.iinfo(np.int64).min  # no figure can be that
_WAIVED = _MISSING + 1
_MARKS = {None: _MISSING, NOT_APPLICABLE: _WAIVED}


def _typed(figures: list[list[Reported]]) -> NDArray[np.int64]:
    """Figures of many returns as an array [return, element]."""
    rows = [
        [figure if type(figure) is int else _MARKS[figure] for figure in row] for row in figures
    ]
    return np.array(rows, np.int64)


@dataclass(frozen=True)
class _Layout:
    """Where units stand in a sheet; `bare` has nothing below it, so that its own figures are all
    there are.
    """

    units: NDArray[np.int64]  # database ids
    places: NDArray[np.intp]
    bare: NDArray[np.bool_]

    def blocks(self, period: int, stage: int, own: Cell, below: Cell) -> Iterator[store.Block]:
        """Rows of these units for a period, out of their own figures and those with all below:
        [unit, slot].
        """
        for scope, those, cells in (
            (store.BOTH, self.bare, own),
            (store.SUBTREE, ~self.bare, below),
            (store.OWN, ~self.bare, own),
        ):
            kept = np.flatnonzero(those & _says_something(cells))
            yield store.Block(
                period, stage, scope, self.units[kept].tolist(), *cells.at(kept).arrays
            )


def _says_something(cells: Cell) -> NDArray[np.bool_]:
    """By unit."""
    return np.logical_or.reduce([array.any(axis=1) for array in (cells.counts, *cells.arrays[2:])])


def _summed(own: Cell, tree: Tree) -> Cell:
    """With all below, where the cells stand in the order of the tree."""
    return Cell(*(subtree_sums(array, tree).astype(array.dtype) for array in own.arrays))


@dataclass(frozen=True)
class _Plan:
    """How the figures of a year become its rows."""

    year: int
    trees: YearTrees
    handed: BoundaryChanges
    place: Mapping[str, int]
    layouts: Mapping[int, _Layout]  # of each tree, by identity
    whole: _Layout  # of all units of the year

    @classmethod
    def of(cls, year: int, ledger: Ledger) -> _Plan:
        organisation, trees = ledger.organisation, ledger.year(year)
        place = {code: row for row, code in enumerate(organisation.codes.values())}

        def layout(codes: tuple[str, ...], bare: list[bool]) -> _Layout:
            units = np.array([organisation.ids[code] for code in codes], np.int64)
            return _Layout(
                units, np.array([place[code] for code in codes], np.intp), np.array(bare, np.bool_)
            )

        layouts = {
            id(tree): layout(tree.order, [not tree.children(code) for code in tree.order])
            for tree in trees.distinct
        }
        whole = layout(trees.units, [trees.bare(code) for code in trees.units])
        return cls(year, trees, ledger.boundary_changes(year), place, layouts, whole)

    def blocks(self, sheet: _Sheet, stage: int, rules: Rules) -> Iterator[store.Block]:
        """Rows of the months, then of the year."""
        for month, tree in enumerate(self.trees.trees):
            waived = None if sheet.waived is None else sheet.waived[month]
            layout = self.layouts[id(tree)]
            own = Cell(sheet.values[month], sheet.counts[month], waived).at(layout.places)
            yield from layout.blocks(
                year_key(self.year) + month + 1, stage, own, _summed(own, tree)
            )
        yield from self._year(sheet, stage, rules)

    def _year(self, sheet: _Sheet, stage: int, rules: Rules) -> Iterator[store.Block]:
        told, places = (sheet.values, sheet.counts, rules), self.whole.places
        whole = close_years(*told, self.handed, self.place)
        if self.trees.steady:
            own = year_of(*told, whole).at(places)
            below = _summed(own, self.trees.last)
        else:
            own, below = (
                cells.at(places) for cells in year_sums(*told, whole, self.trees, self.place)
            )
        yield from self.whole.blocks(year_key(self.year), stage, own, below)
