"""Totals in the database: the only code that reads or writes packed rows.

What a return changes is a set of differences, one per packed row; `add` applies them in one order
(leaf → root, then period), so that writers who meet wait for each other and never lock crosswise.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain, islice, product
from typing import NamedTuple

from django.db import connection

from toankhoa.core.totals import Cell, Counts, Values
from toankhoa.org.models import Unit
from toankhoa.reporting.models import Total

OWN, SUBTREE, BOTH = Total.Scope.OWN, Total.Scope.SUBTREE, Total.Scope.BOTH
OF_ITSELF = (OWN, BOTH)  # scopes that hold a unit's own figures
OF_ALL_BELOW = (SUBTREE, BOTH)  # scopes that hold the figures of a unit and all below it


class Key(NamedTuple):
    """Address of a packed row; `unit` is the database id."""

    unit: int
    period: int
    stage: int
    scope: int


def read(
    *, units: Iterable[int], first: int, last: int, stage: int, scopes: tuple[int, ...], width: int
) -> dict[tuple[int, int], Cell]:
    """Cells by (unit id, period key) for period keys from `first` to `last`.

    Rows that do not exist are left out.
    """
    wanted = list(units)
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT unit_id, period, sums, counts FROM reporting_total"
            f" WHERE unit_id IN ({_marks(wanted)})"
            f" AND period BETWEEN %s AND %s AND stage = %s AND scope IN ({_marks(scopes)})",
            [*wanted, first, last, stage, *scopes],
        )
        rows = cursor.fetchall()
    return {
        (unit, period): Cell.unpack(bytes(sums), bytes(counts), width)
        for unit, period, sums, counts in rows
    }


def own(
    *, units: Collection[int], first: int, last: int, stages: Collection[int], width: int
) -> tuple[dict[tuple[int, int], dict[int, Cell]], str]:
    """Units' own cells by unit and stage, then period key, for period keys from `first` to `last`,
    and the mark of the last change of units: one query for all.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT mark, unit_id, stage, period, sums, counts"
            " FROM org_orgrevision LEFT JOIN reporting_total"
            f" ON unit_id IN ({_marks(units)}) AND period BETWEEN %s AND %s"
            f" AND stage IN ({_marks(stages)}) AND scope IN ({_marks(OF_ITSELF)})",
            [*units, first, last, *stages, *OF_ITSELF],
        )
        rows = cursor.fetchall()  # one without a cell where there is none
    cells: dict[tuple[int, int], dict[int, Cell]] = {key: {} for key in product(units, stages)}
    for _, unit, stage, period, sums, counts in rows:
        if unit is not None:
            cells[unit, stage][period] = Cell.unpack(bytes(sums), bytes(counts), width)
    return cells, rows[0][0]


def spread(
    changes: Iterable[tuple[str, Cell]],
    *,
    unit: str,
    bare: bool,
    period: int,
    stage: int,
    ids: Mapping[str, int],
) -> dict[Key, Cell]:
    """Rows that changes of one unit's own cell touch: its own, and the totals of those above it,
    named with each.

    `bare`: nothing stands below the unit, so that one row is its own and its total.
    """
    touched = {
        Key(ids[above], period, stage, SUBTREE): change for above, change in changes if change
    }
    if change := touched.pop(Key(ids[unit], period, stage, SUBTREE), None):
        for scope in (BOTH,) if bare else (SUBTREE, OWN):
            touched[Key(ids[unit], period, stage, scope)] = change
    return touched


def add(changes: Mapping[Key, Cell], *, order: Mapping[int, int], width: int) -> None:
    """Add differences to their rows, inside the caller's transaction.

    `order` gives each unit's depth, the same to all writers of a year: deeper units are locked
    first. Where the database locks rows, those that are not there yet are inserted as zero first,
    since locking a row that does not exist locks nothing.
    """
    if not changes:
        return
    keys = sorted(
        changes, key=lambda key: (-order[key.unit], key.unit, key.period, key.stage, key.scope)
    )
    zero = Cell.zero(width)
    with connection.cursor() as cursor:
        if connection.features.has_select_for_update_of:
            cursor.executemany(_INSERT, [(*key, *zero.pack()) for key in keys])
        addresses = [(place, *key) for place, key in enumerate(keys)]
        cursor.execute(_locking(len(keys)), [*chain.from_iterable(addresses)])
        held = {
            keys[place]: Cell.unpack(bytes(sums), bytes(counts), width)
            for place, sums, counts in cursor.fetchall()
        }
        cursor.executemany(
            _REPLACE, [(*key, *(held.get(key, zero) + changes[key]).pack()) for key in keys]
        )


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Rows of one period, stage and scope; `sums` and `counts` are [unit, slot], units by database
    id.
    """

    period: int
    stage: int
    scope: int
    units: list[int]
    sums: Values
    counts: Counts
    marked: Counts | None = None

    def cell(self, row: int) -> Cell:
        """That of one unit, by its place."""
        return Cell(
            self.sums[row], self.counts[row], None if self.marked is None else self.marked[row]
        )


def by_unit(blocks: list[Block]) -> Iterator[tuple[Key, Cell]]:
    """All rows unit by unit: written so, what is read together lies together, and the index grows
    in place.
    """
    places: list[tuple[int, int, int]] = []  # unit, block, row of the block
    for number, block in enumerate(blocks):
        places += [(unit, number, row) for row, unit in enumerate(block.units)]
    for unit, number, row in sorted(places):
        block = blocks[number]
        yield Key(unit, block.period, block.stage, block.scope), block.cell(row)


def settle(rows: Iterable[tuple[Key, Cell | None]]) -> None:
    """Make these rows hold these cells, inside the caller's transaction; None takes a row away."""
    rest = iter(rows)
    with connection.cursor() as cursor:
        while batch := list(islice(rest, _BATCH)):
            cursor.executemany(_DELETE, [key for key, cell in batch if cell is None])
            cursor.executemany(
                _REPLACE, [(*key, *cell.pack()) for key, cell in batch if cell is not None]
            )


def years() -> set[int]:
    """Years that have rows."""
    return {period // 100 for period in Total.objects.values_list("period", flat=True).distinct()}


def stored(width: int, year: int | None = None) -> Iterator[tuple[Key, Cell]]:
    """Every row that says something, of one year or of all."""
    rows = Total.objects.values_list("unit_id", "period", "stage", "scope", "sums", "counts")
    if year is not None:  # by unit and period, as the primary key runs
        rows = rows.filter(
            unit__in=Unit.objects.values("id"), period__gte=year * 100, period__lt=year * 100 + 100
        )
    for *key, sums, counts in rows.iterator(chunk_size=_BATCH):
        if cell := Cell.unpack(bytes(sums), bytes(counts), width):
            yield Key(*key), cell


_BATCH = 5000  # rows read or written together

_INTO = (
    "INSERT INTO reporting_total (unit_id, period, stage, scope, sums, counts)"
    " VALUES (%s, %s, %s, %s, %s, %s)"
    " ON CONFLICT (unit_id, period, stage, scope)"
)
_INSERT = f"{_INTO} DO NOTHING"
_REPLACE = f"{_INTO} DO UPDATE SET sums = excluded.sums, counts = excluded.counts"
_DELETE = (
    "DELETE FROM reporting_total WHERE unit_id = %s AND period = %s AND stage = %s AND scope = %s"
)


@cache
def _locking(rows: int) -> str:
    """Read so many rows in their order; each is locked as it is read, where the database locks
    rows.
    """
    wanted = ", ".join(["(%s, %s, %s, %s, %s)"] * rows)
    return (
        f"WITH wanted (place, unit_id, period, stage, scope) AS (VALUES {wanted})"
        " SELECT wanted.place, held.sums, held.counts"
        " FROM wanted CROSS JOIN reporting_total AS held"
        " WHERE held.unit_id = wanted.unit_id AND held.period = wanted.period"
        " AND held.stage = wanted.stage AND held.scope = wanted.scope ORDER BY wanted.place"
        f"{' FOR UPDATE OF held' if connection.features.has_select_for_update_of else ''}"
    )


def _marks(values: Collection[int]) -> str:
    return ", ".join(["%s"] * len(values))
