"""The other design: a figure per row, a table of ancestors, GROUP BY. As good as we could make it
on SQLite.

The key runs unit → element → period, WITHOUT ROWID, so that a unit's figures lie together; there is
no second index,
which would cost every acceptance more than it brings the reads. Questions are asked in two ways:
`ValueRows` with plain
GROUP BY, `TunedRows` by hand, with one seek for each unit, element and year in place of sorting.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import connection, transaction
from facts import Facts
from packed import Answer, Packed

from toankhoa.core.measures import TimeRule
from toankhoa.org.organisation import organisation
from toankhoa.reporting.models import Return
from toankhoa.reporting.totals import posting

_TABLES = (
    "CREATE TABLE element (id INTEGER PRIMARY KEY, stock INTEGER NOT NULL)",
    "CREATE TABLE year (year INTEGER PRIMARY KEY)",
    "CREATE TABLE unit_closure (ancestor INTEGER, descendant INTEGER, PRIMARY KEY (ancestor, descendant))"
    " WITHOUT ROWID",
    "CREATE INDEX unit_closure_up ON unit_closure (descendant, ancestor)",
    "CREATE TABLE value (unit_id INTEGER, element_id INTEGER, period INTEGER, value INTEGER NOT NULL,"
    " PRIMARY KEY (unit_id, element_id, period)) WITHOUT ROWID",
    "CREATE TABLE agg (unit_id INTEGER, element_id INTEGER, year INTEGER, total INTEGER NOT NULL,"
    " PRIMARY KEY (unit_id, element_id, year)) WITHOUT ROWID",
    "CREATE TABLE agg_month (unit_id INTEGER, element_id INTEGER, period INTEGER, total INTEGER NOT NULL,"
    " reports INTEGER NOT NULL, PRIMARY KEY (unit_id, element_id, period)) WITHOUT ROWID",
)
_INSERT = "INSERT INTO value (unit_id, element_id, period, value) VALUES (%s, %s, %s, %s)"

_FACTS = """
unit_closure c JOIN value v ON v.unit_id = c.descendant JOIN element e ON e.id = v.element_id
WHERE {units} AND v.period BETWEEN {first} * 100 + 1 AND {last} * 100 + 12"""
# SQLite takes the other columns of a group with MAX() from the row that holds the greatest: the
# last month's figure.
_GROUP_BY = f"""
SELECT c.ancestor, v.element_id, v.period / 100, SUM(v.value)
FROM {_FACTS} AND NOT e.stock GROUP BY c.ancestor, v.element_id, v.period / 100
UNION ALL
SELECT ancestor, element_id, year, SUM(value) FROM (
    SELECT c.ancestor, v.element_id, v.period / 100 AS year, MAX(v.period), v.value
    FROM {_FACTS} AND e.stock GROUP BY c.ancestor, v.unit_id, v.element_id, v.period / 100)
GROUP BY ancestor, element_id, year"""

_SOUGHT = "unit_id = c.descendant AND element_id = e.id AND period BETWEEN y.year * 100 + 1 AND y.year * 100 + 12"
_YEAR = f"""CASE e.stock
    WHEN 1 THEN (SELECT value FROM value WHERE {_SOUGHT} ORDER BY period DESC LIMIT 1)
    ELSE (SELECT SUM(value) FROM value WHERE {_SOUGHT}) END"""
_SEEK = f"""
SELECT c.ancestor, e.id, y.year, SUM({_YEAR}) AS total
FROM element e CROSS JOIN year y CROSS JOIN unit_closure c
WHERE {{units}} AND y.year BETWEEN {{first}} AND {{last}} GROUP BY e.id, y.year, c.ancestor HAVING total IS NOT NULL"""
# Every unit's own years once, then those along the ancestors.
_SEEK_ALL = f"""
WITH own AS MATERIALIZED (
    SELECT c.descendant AS unit_id, e.id AS element_id, y.year, {_YEAR} AS figure
    FROM (SELECT DISTINCT descendant FROM unit_closure) c CROSS JOIN element e CROSS JOIN year y)
SELECT c.ancestor, o.element_id, o.year, SUM(o.figure)
FROM own o CROSS JOIN unit_closure c ON c.descendant = o.unit_id
WHERE o.figure IS NOT NULL GROUP BY c.ancestor, o.element_id, o.year"""


@dataclass(frozen=True)
class ValueRows:
    """Asked with plain GROUP BY."""

    facts: Facts
    of_some: ClassVar[str] = _GROUP_BY
    of_all: ClassVar[str] = _GROUP_BY

    def load(self) -> int:
        """Create and fill the tables, without what still waits for the province; how many figures."""
        org = organisation()
        tree = org.on(self.facts.today)
        elements = self.facts.library.elements.values()
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in _TABLES:
                cursor.execute(statement)
            cursor.executemany(
                "INSERT INTO year VALUES (%s)", [(year,) for year in self.facts.years]
            )
            kinds = [(element.slot, element.time is TimeRule.STOCK) for element in elements]
            cursor.executemany("INSERT INTO element VALUES (%s, %s)", kinds)
            pairs = sorted(
                (org.ids[above], org.ids[code]) for code in tree.order for above in tree.path(code)
            )
            cursor.executemany("INSERT INTO unit_closure VALUES (%s, %s)", pairs)
            cursor.executemany(_INSERT, self._accepted(org.ids))
            cursor.execute("ANALYZE")
            cursor.execute("SELECT COUNT(*) FROM value")
            return int(cursor.fetchone()[0])

    def _accepted(self, ids: Mapping[str, int]) -> Iterator[tuple[int, int, int, int]]:
        keys = [period.key for period in self.facts.periods]
        for number, code in enumerate(self.facts.codes):
            accepted = keys[:-1] if number < self.facts.pending else keys
            for slot, row in enumerate(self.facts.figures[: len(accepted), number].T.tolist()):
                for key, figure in zip(accepted, row, strict=True):
                    if figure >= 0:
                        yield ids[code], slot, key, figure

    def dashboard(self, unit: str) -> Answer:
        """All elements × all years of one unit."""
        return self._ask(self.of_some, f"c.ancestor = {organisation().ids[unit]}", self.facts.years)

    def children(self, unit: str, year: int) -> Answer:
        """All elements of every unit directly below, in one year."""
        org = organisation()
        below = ", ".join(str(org.ids[code]) for code in org.on(self.facts.today).children(unit))
        return self._ask(self.of_some, f"c.ancestor IN ({below})", [year])

    def matrix(self) -> Answer:
        """Every unit × element × year."""
        return self._ask(self.of_all, "1", self.facts.years)

    def rebuild(self) -> int:
        """Fill the empty table of yearly sums that dashboards would need, in one transaction; how
        many rows.
        """
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO agg {self._query(self.of_all, '1', self.facts.years)}")
            return int(cursor.rowcount)

    def rebuild_months(self) -> None:
        """Fill the empty table of monthly sums and numbers of reports, in one transaction."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO agg_month SELECT c.ancestor, v.element_id, v.period, SUM(v.value), COUNT(*)"
                " FROM unit_closure c JOIN value v ON v.unit_id = c.descendant GROUP BY 1, 2, 3"
            )

    def months(self, unit: str) -> Answer:
        """Every month's figures of one unit, out of what `rebuild_months` has filled."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT unit_id, element_id, period, total FROM agg_month WHERE unit_id = %s",
                [organisation().ids[unit]],
            )
            return cursor.fetchall()

    def forget(self) -> None:
        """Empty what `rebuild` fills."""
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM agg")
            cursor.execute("DELETE FROM agg_month")

    def sums(self) -> Answer:
        """What `rebuild` has filled."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT unit_id, element_id, year, total FROM agg")
            return cursor.fetchall()

    def accept(self, ret: Return, packed: Packed) -> None:
        """The same verb with the same guards, step and audit; a row for each figure in place of the
        totals.
        """
        with _in_place_of_totals(self._move):
            packed.accept(ret)

    def catch_up(self, ret: Return) -> None:
        """Count a return that the province accepted in the product's totals."""
        with transaction.atomic():
            self._insert(ret)

    def _move(self, *, ret: Return, **_stages: Any) -> None:
        self._insert(ret)

    def _insert(self, ret: Return) -> None:
        elements = self.facts.library.elements
        rows = [
            (ret.unit_id, elements[code].slot, ret.key, figure)
            for code, figure in ret.values.items()
        ]
        with connection.cursor() as cursor:
            cursor.executemany(_INSERT, rows)

    def _ask(self, query: str, units: str, years: Iterable[int]) -> Answer:
        with connection.cursor() as cursor:
            cursor.execute(self._query(query, units, years))
            return cursor.fetchall()

    @staticmethod
    def _query(query: str, units: str, years: Iterable[int]) -> str:
        return query.format(units=units, first=min(years), last=max(years))


@dataclass(frozen=True)
class TunedRows(ValueRows):
    """The same rows, asked with seeks."""

    of_some: ClassVar[str] = _SEEK
    of_all: ClassVar[str] = _SEEK_ALL


@contextmanager
def _in_place_of_totals(move: Any) -> Iterator[None]:
    kept, posting.move = posting.move, move
    try:
        yield
    finally:
        posting.move = kept
