"""Totals of a past moment: the rows that `store` would have held then, out of what had been sent
and accepted.

Stored totals never answer for the past. What a moment asks for is derived like a rebuild, by the
same arithmetic, for the years and the branch of the tree asked, and remembered for the next page
that asks for the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from toankhoa.core.totals import Cell
from toankhoa.reporting.models import Step
from toankhoa.reporting.totals import store
from toankhoa.reporting.totals.ledger import Ledger
from toankhoa.reporting.totals.recent import Recent
from toankhoa.reporting.totals.recompute import Stages, blocks_of_year, counting

Rows = dict[tuple[int, int], Cell]  # by unit id and period key


@dataclass(frozen=True)
class _Question:
    """Which rows are asked for: of these units (by id), periods from `first` to `last`, at a stage,
    of some scopes.
    """

    units: tuple[int, ...]
    first: int
    last: int
    stage: int
    scopes: tuple[int, ...]


@dataclass(frozen=True)
class _Moment:
    """By what a question is answered: the past moment, the last step entered by now, the units and
    the library.

    A past moment changes with what is entered later but dated before it (`last_step`), and with the
    units known to have existed then. Units and library are told apart by identity, `id(…)`, since
    comparing them would cost as much as deriving the rows.
    """

    as_of: datetime
    last_step: int | None
    trees: int
    library: int

    @classmethod
    def of(cls, ledger: Ledger, as_of: datetime) -> _Moment:
        """One query."""
        last_step = Step.objects.order_by("-id").values_list("id", flat=True).first()
        return cls(as_of, last_step, id(ledger.organisation.trees), id(ledger.library))


@dataclass(frozen=True)
class _Answer:
    """Rows, with the ledger that they were derived by: while it is held no other takes over the
    identity of its trees.
    """

    ledger: Ledger
    rows: Rows


_RECENT = Recent[tuple[_Moment, _Question], _Answer](64)  # a page asks one to three


def read(
    *, ledger: Ledger, units: list[int], first: int, last: int, stage: int, scopes: tuple[int, ...]
) -> Rows:
    """Rows of now, or where the ledger looks back those of then: see `store.read`.

    Rows of then are shared with other pages: they are for reading.
    """
    if ledger.as_of is None:
        return store.read(
            units=units,
            first=first,
            last=last,
            stage=stage,
            scopes=scopes,
            width=ledger.library.width,
        )
    question = _Question(tuple(units), first, last, stage, scopes)
    key = _Moment.of(ledger, ledger.as_of), question
    answer = _RECENT.get(key)
    if answer is None:
        answer = _Answer(ledger, dict(_derived(ledger, question)))
        _RECENT.remember(key, answer)
    return answer.rows


def forget() -> None:
    """Drop what is remembered: for who takes back what was entered, as tests do."""
    _RECENT.clear()


def _derived(ledger: Ledger, question: _Question) -> Iterator[tuple[tuple[int, int], Cell]]:
    wanted = set(question.units)
    for year in range(question.first // 100, question.last // 100 + 1):
        for block in _blocks(ledger, question, year):
            for row, unit in enumerate(block.units):
                if unit in wanted:
                    yield (unit, block.period), block.cell(row).copy()


def _blocks(ledger: Ledger, question: _Question, year: int) -> Iterator[store.Block]:
    """Rows of one year that a question asks for, with those of other units of the branch."""
    sources: Collection[int] | None = set(question.units)
    if store.SUBTREE in question.scopes:
        sources = _branch(ledger, year, question.units)
    sources = _with_family(ledger, year, sources)
    counted: dict[int, Stages] = {}
    for pk, stages in counting(ledger, year=year, units=sources).items():
        if question.stage in stages:
            counted[pk] = {question.stage: stages[question.stage]}
    for block in blocks_of_year(year, counted, ledger, sources):
        if block.scope in question.scopes and question.first <= block.period <= question.last:
            yield block


def _branch(ledger: Ledger, year: int, units: Collection[int]) -> set[int] | None:
    """Ids of units that were at or below these in some month of a year; None where that is every
    unit.
    """
    organisation, trees = ledger.organisation, ledger.year(year)
    tops = {organisation.codes[unit] for unit in units}
    below: set[str] = set()
    for tree in trees.distinct:
        for top in tops:
            if top in tree:
                below.update(tree.subtree(top))
    return None if below >= set(trees.units) else {organisation.ids[code] for code in below}


def _with_family(
    ledger: Ledger, year: int, units: Collection[int] | None
) -> Collection[int] | None:
    """With those that hand figures over to them, or take figures over from them, in the year.

    What a unit holds of another cannot be derived without that one's returns: see
    docs/arithmetic.md, "A year in which units are rearranged".
    """
    changes, ids = ledger.boundary_changes(year), ledger.organisation.ids
    if units is None or not changes:
        return units
    families = {changes.family_of[code] for code in changes.units if ids[code] in units}
    of_families = {ids[code] for code in changes.units if changes.family_of[code] in families}
    return {*units, *of_families}
