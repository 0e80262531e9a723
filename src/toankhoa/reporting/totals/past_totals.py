"""Totals of a past moment: the rows that `store` would have held then, out of what had been sent
and vouched for.

Stored totals never answer for the past. What a moment asks for is derived like a rebuild, by the
same arithmetic, for the years and the branch of the tree asked, and kept for the next page that
asks for the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from toankhoa.core.totals import Cell
from toankhoa.reporting.models import Step
from toankhoa.reporting.totals import store
from toankhoa.reporting.totals.ledger import Ledger
from toankhoa.reporting.totals.recompute import blocks_of_year, counting

Rows = dict[tuple[int, int], Cell]

_KEPT = 64  # answers: a page asks one to three
_kept: dict[tuple, tuple[Ledger, Rows]] = {}


def read(
    *, ledger: Ledger, units: list[int], first: int, last: int, stage: int, scopes: tuple[int, ...]
) -> Rows:
    """Rows of now, or where the ledger looks back those of then: see `store.read`."""
    if ledger.as_of is None:
        return store.read(
            units=units,
            first=first,
            last=last,
            stage=stage,
            scopes=scopes,
            width=ledger.library.width,
        )
    # A past moment changes with what is entered later but dated before it, and with the units known
    # to have stood then.
    newest = Step.objects.order_by("-id").values_list("id", flat=True).first()
    known_by = id(ledger.organisation.trees), id(ledger.library)
    key = (ledger.as_of, newest, *known_by, tuple(units), first, last, stage, scopes)
    if key not in _kept:
        rows = dict(_derived(ledger, units, first, last, stage, scopes))
        while len(_kept) >= _KEPT:
            _kept.pop(next(iter(_kept)), None)
        _kept[key] = (
            ledger,
            rows,
        )  # with the ledger: no other may take over the identity of its trees
    return _kept[key][1]


def forget() -> None:
    """Drop what is kept: for who takes back what was entered, as tests do."""
    _kept.clear()


def _derived(
    ledger: Ledger, units: list[int], first: int, last: int, stage: int, scopes: tuple[int, ...]
) -> Iterator[tuple[tuple[int, int], Cell]]:
    wanted = set(units)
    for year in range(first // 100, last // 100 + 1):
        branch = _with_kin(
            ledger, year, _branch(ledger, year, wanted) if store.SUBTREE in scopes else wanted
        )
        counted = {
            pk: {stage: stages[stage]}
            for pk, stages in counting(ledger, year=year, units=branch).items()
            if stage in stages
        }
        for block in blocks_of_year(year, counted, ledger, branch):
            if block.scope in scopes and first <= block.period <= last:
                for row, unit in enumerate(block.units):
                    if unit in wanted:
                        yield (unit, block.period), block.cell(row).copy()


def _branch(ledger: Ledger, year: int, units: Collection[int]) -> set[int] | None:
    """Ids of units that stood at or below these in some month of a year; None where that is every
    unit.
    """
    organisation, trees = ledger.organisation, ledger.year(year)
    codes = {organisation.codes[unit] for unit in units}
    below = {
        code
        for tree in trees.distinct
        for top in codes
        if top in tree
        for code in tree.subtree(top)
    }
    return None if below >= set(trees.units) else {organisation.ids[code] for code in below}


def _with_kin(ledger: Ledger, year: int, units: Collection[int] | None) -> Collection[int] | None:
    """With those that hand over to them, or take over from them, in the year."""
    handed, ids = ledger.boundary_changes(year), ledger.organisation.ids
    if units is None or not handed:
        return units
    families = {handed.family_of[code] for code in handed.units if ids[code] in units}
    return {*units, *(ids[code] for code in handed.units if handed.family_of[code] in families)}
