"""All rows of a year out of what people sent and accepted: arrays in place of one return at a
time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

import numpy as np
from django.db.models import Model, QuerySet
from numpy.typing import NDArray

from toankhoa.core.basics import year_key
from toankhoa.core.organisation import BoundaryChanges, Tree
from toankhoa.core.returns import NOT_APPLICABLE, Event, Reported, Value, counted_revisions, numbers
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

_BATCH = 5000  # revisions that become arrays together

Row = TypeVar("Row", bound=Model)


def counting(
    ledger: Ledger, *, year: int | None = None, units: Collection[int] | None = None
) -> dict[int, Stages]:
    """Which revision counts at which stage, by id of return, worked out from the steps alone.

    For every return, or those of a year or of these units (by id); where the ledger looks back, as
    it was then.
    """
    returns = _narrowed(Return.objects.all(), "", year, units)
    keys = dict(returns.values_list("id", "key"))
    years = {key // 100 for key in keys.values()}
    deepest = {reported: ledger.year(reported).deepest for reported in years}
    steps = _narrowed(Step.objects.order_by("ret_id", "id"), "ret__", year, units)
    counted: dict[int, Stages] = {}
    for pk, life in groupby(_steps(steps, ledger), key=itemgetter(0)):
        events = tuple(step[1:4] for step in life)
        counted[pk] = _stages(events, deepest[keys[pk] // 100])
    return counted


def _steps(steps: QuerySet[Step], ledger: Ledger) -> Iterable[tuple[Any, ...]]:
    """Id of return, verb, revision and depth of each step: as they are, or as they were."""
    if ledger.as_of is not None:
        return past_steps(steps, ledger.organisation, ledger.as_of)
    return steps.values_list("ret_id", "verb", "revision", "depth").iterator(chunk_size=_BATCH)


def _narrowed(
    rows: QuerySet[Row], to_return: str, year: int | None, units: Collection[int] | None
) -> QuerySet[Row]:
    """Rows of a year and of these units, where those are named.

    `to_return`: the way from a row to its return.
    """
    if year is not None:
        of_year = {
            f"{to_return}key__gte": year_key(year),
            f"{to_return}key__lt": year_key(year + 1),
        }
        rows = rows.filter(**of_year)
    return rows if units is None else rows.filter(**{f"{to_return}unit__in": units})


@lru_cache(maxsize=4096)
def _stages(life: tuple[tuple[str, int, int], ...], deepest: int) -> Stages:
    """What counts, once for all returns that lived alike: nearly every one was sent, then accepted
    level by level.
    """
    return counted_revisions((Event(*step) for step in life), deepest)


def blocks_of_year(
    year: int, counting: Mapping[int, Stages], ledger: Ledger, units: Collection[int] | None = None
) -> Iterator[store.Block]:
    """All rows of a year.

    Once everything is accepted all stages say the same, and are worked out once.

    `units`: ids of those whose returns are added up, None for all.
    """
    worked_out: list[tuple[_OwnFigures, list[store.Block]]] = []
    recomputation = _YearRecomputation.of(year, ledger)
    for stage, own in _own_figures(year, counting, ledger, units).items():
        blocks = _blocks_of_same(own, worked_out)
        if blocks is None:
            blocks = list(recomputation.blocks(own, stage, ledger.rules))
            worked_out.append((own, blocks))
        for block in blocks:
            yield replace(block, stage=stage)


def _blocks_of_same(
    own: _OwnFigures, worked_out: Iterable[tuple[_OwnFigures, list[store.Block]]]
) -> list[store.Block] | None:
    """The blocks of a stage that holds the same figures; None where none does."""
    for of_stage, blocks in worked_out:
        if of_stage.same(own):
            return blocks
    return None


@dataclass
class _OwnFigures:
    """All units' own figures of one year at one stage.

    Arrays [month, unit, slot], units in the order in which the organisation lists them. `waived`:
    who said "không áp dụng"; None where nobody did.
    """

    values: Values
    counts: Counts
    waived: Counts | None = None

    @classmethod
    def blank(cls, units: int, width: int) -> _OwnFigures:
        shape = (MONTHS, units, width)
        return cls(np.zeros(shape, np.int64), np.zeros(shape, np.int32))

    def same(self, other_stage: _OwnFigures) -> bool:
        """Whether both hold the same figures."""
        return (
            np.array_equal(self.counts, other_stage.counts)
            and np.array_equal(self.values, other_stage.values)
            and self._same_waived(other_stage)
        )

    def _same_waived(self, other_stage: _OwnFigures) -> bool:
        if self.waived is None or other_stage.waived is None:
            return self.waived is other_stage.waived
        return np.array_equal(self.waived, other_stage.waived)

    def put(self, where: tuple[NDArray[np.intp], ...], typed: NDArray[np.int64]) -> None:
        """Figures of many returns, with the marks of `_MARKS` among them."""
        waived = typed == _WAIVED
        present = (typed != _MISSING) & ~waived
        self.values[where], self.counts[where] = np.where(present, typed, 0), present
        if waived.any():
            if self.waived is None:
                self.waived = np.zeros_like(self.counts)
            self.waived[where] = waived

    def month(self, month: int, places: NDArray[np.intp]) -> Cell:
        """Own cells of a month (0–11) of the units at these places: arrays [unit, slot]."""
        waived = None if self.waived is None else self.waived[month]
        return Cell(self.values[month], self.counts[month], waived).at(places)


class _Sent(NamedTuple):
    """Figures as they were sent once: a revision, with what tells where they belong."""

    ret: int
    number: int
    unit: int
    key: int
    form: str
    values: Mapping[str, Value]

    @property
    def month(self) -> int:
        """0–11."""
        return self.key % 100 - 1


_SENT_FIELDS = ("ret_id", "number", "ret__unit_id", "ret__key", "ret__form", "values")


def _own_figures(
    year: int, counting: Mapping[int, Stages], ledger: Ledger, of_units: Collection[int] | None
) -> dict[int, _OwnFigures]:
    """By stage, for the stages at which anything counts."""
    place_of = {unit: place for place, unit in enumerate(ledger.organisation.codes)}
    by_stage: dict[int, _OwnFigures] = defaultdict(
        lambda: _OwnFigures.blank(len(place_of), ledger.rules.width)
    )
    sent = _sent(year, ledger, of_units)
    while batch := list(islice(sent, _BATCH)):
        for form, alike in _by_form(batch).items():
            elements = ledger.library.forms[form].elements
            slots = np.array(ledger.slots(form), np.intp)
            typed = _typed([numbers(revision.values, elements) for revision in alike])
            units = np.array([place_of[revision.unit] for revision in alike], np.intp)
            months = np.array([revision.month for revision in alike], np.intp)
            for stage, rows in _counting_at(alike, counting).items():
                where = (months[rows, None], units[rows, None], slots)
                by_stage[stage].put(where, typed[rows])
    # What runs since 1 January is typed as a total to date, and added up as what each month adds to
    # it.
    to_date = ledger.rules.to_date
    for own in by_stage.values():
        own.values[..., to_date] = increments(own.values[..., to_date], own.counts[..., to_date])
    return by_stage


def _sent(year: int, ledger: Ledger, of_units: Collection[int] | None) -> Iterator[_Sent]:
    """Every revision of a year.

    A return of a month in which its unit did not exist counts nowhere.
    """
    ids = ledger.organisation.ids
    existing = [{ids[code] for code in tree.order} for tree in ledger.year(year).trees]
    of_known_forms = Revision.objects.filter(ret__form__in=[*ledger.library.forms])
    rows = _narrowed(of_known_forms, "ret__", year, of_units).values_list(*_SENT_FIELDS)
    for row in rows.iterator(chunk_size=_BATCH):
        revision = _Sent(*row)
        if revision.unit in existing[revision.month]:
            yield revision


def _by_form(batch: Iterable[_Sent]) -> Mapping[str, list[_Sent]]:
    """Revisions of each form: figures of one form make one array."""
    by_form: dict[str, list[_Sent]] = defaultdict(list)
    for revision in batch:
        by_form[revision.form].append(revision)
    return by_form


def _counting_at(batch: Iterable[_Sent], counting: Mapping[int, Stages]) -> Mapping[int, list[int]]:
    """By stage, the places in a batch of those revisions that count there."""
    places: dict[int, list[int]] = defaultdict(list)
    for place, sent in enumerate(batch):
        for stage, revision in counting.get(sent.ret, {}).items():
            if revision == sent.number:
                places[stage].append(place)
    return places


_MISSING = int(np.iinfo(np.int64).min)  # no figure can be that
_WAIVED = _MISSING + 1
_MARKS: dict[Reported, int] = {None: _MISSING, NOT_APPLICABLE: _WAIVED}


def _typed(figures: Sequence[Sequence[Reported]]) -> NDArray[np.int64]:
    """Figures of many returns as an array [return, element]."""
    return np.array([_marked(row) for row in figures], np.int64)


def _marked(row: Sequence[Reported]) -> list[int]:
    return [figure if isinstance(figure, int) else _MARKS[figure] for figure in row]


@dataclass(frozen=True)
class _Layout:
    """Where units are in arrays [unit, …]; `bare` has nothing below it, so that its own figures are
    all there are.
    """

    units: NDArray[np.int64]  # database ids
    places: NDArray[np.intp]
    bare: NDArray[np.bool_]

    def blocks(self, period: int, stage: int, own: Cell, below: Cell) -> Iterator[store.Block]:
        """Rows of these units for a period, out of their own figures and those with all below:
        [unit, slot].
        """
        for scope, of_scope, cells in (
            (store.BOTH, self.bare, own),
            (store.SUBTREE, ~self.bare, below),
            (store.OWN, ~self.bare, own),
        ):
            rows = np.flatnonzero(of_scope & _says_something(cells))
            units: list[int] = self.units[rows].tolist()
            chosen = cells.at(rows)
            yield store.Block(
                period, stage, scope, units, chosen.values, chosen.counts, chosen.marked
            )


def _says_something(cells: Cell) -> NDArray[np.bool_]:
    """By unit. A figure without a report says nothing, a mark does."""
    says = np.asarray(cells.counts.any(axis=1), np.bool_)
    if cells.marked is not None:
        says |= cells.marked.any(axis=1)
    return says


def _summed(own: Cell, tree: Tree) -> Cell:
    """With all below, where the cells are in the order of the tree."""
    return Cell(
        subtree_sums(own.values, tree),
        _summed_counts(own.counts, tree),
        None if own.marked is None else _summed_counts(own.marked, tree),
    )


def _summed_counts(counts: Counts, tree: Tree) -> Counts:
    return subtree_sums(counts.astype(np.int64), tree).astype(np.int32)


@dataclass(frozen=True)
class _YearRecomputation:
    """How the own figures of a year become its rows; the same for every stage."""

    year: int
    trees: YearTrees
    changes: BoundaryChanges
    place_of: Mapping[str, int]
    layouts: Mapping[int, _Layout]  # of each tree, by identity
    whole: _Layout  # of all units of the year

    @classmethod
    def of(cls, year: int, ledger: Ledger) -> _YearRecomputation:
        organisation, trees = ledger.organisation, ledger.year(year)
        place_of = {code: place for place, code in enumerate(organisation.codes.values())}

        def layout(codes: tuple[str, ...], bare: list[bool]) -> _Layout:
            units = np.array([organisation.ids[code] for code in codes], np.int64)
            places = np.array([place_of[code] for code in codes], np.intp)
            return _Layout(units, places, np.array(bare, np.bool_))

        layouts = {}
        for tree in trees.distinct:
            layouts[id(tree)] = layout(tree.order, [not tree.children(code) for code in tree.order])
        whole = layout(trees.units, [trees.bare(code) for code in trees.units])
        return cls(year, trees, ledger.boundary_changes(year), place_of, layouts, whole)

    def blocks(self, own: _OwnFigures, stage: int, rules: Rules) -> Iterator[store.Block]:
        """Rows of the months, then of the year."""
        for month, tree in enumerate(self.trees.trees):
            layout = self.layouts[id(tree)]
            cells = own.month(month, layout.places)
            period = year_key(self.year) + month + 1
            yield from layout.blocks(period, stage, cells, _summed(cells, tree))
        own_year, with_below = self._year(own, rules)
        yield from self.whole.blocks(year_key(self.year), stage, own_year, with_below)

    def _year(self, own: _OwnFigures, rules: Rules) -> tuple[Cell, Cell]:
        """Of every unit of the year, its own year and that with all below: arrays [unit, slot]."""
        values, counts, places = own.values, own.counts, self.whole.places
        closed = close_years(values, counts, rules, self.changes, self.place_of)
        if self.trees.steady:
            own_year = year_of(values, counts, rules, closed).at(places)
            return own_year, _summed(own_year, self.trees.last)
        own_years, with_below = year_sums(values, counts, rules, closed, self.trees, self.place_of)
        return own_years.at(places), with_below.at(places)
