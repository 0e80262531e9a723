"""Two other designs on the same PostgreSQL: a figure per row, and an analytics table as DHIS2
builds it.

Both are granted what they do not have at home: a hierarchy that knows the day, so that a month adds
up along its own
tree.

`ValueTable`: figures by unit, element and period; ancestors in a dated closure table; every
question is a GROUP BY.
`AnalyticsTable`: one wide row per figure with its ancestors by level and its year, one partition a
year, an index on
each of the columns that are asked for; built from the figures, as DHIS2 does every night, and the
build is timed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import connection
from packed import Answer
from reformed import Reformed

from toankhoa.core.basics import year_key
from toankhoa.core.measures import TimeRule
from toankhoa.core.organisation import Tree
from toankhoa.org.organisation import organisation

_FIGURES = """
CREATE TABLE bench_element (id integer PRIMARY KEY, stock boolean NOT NULL);
CREATE TABLE bench_closure (ancestor integer, descendant integer, first integer, last integer);
CREATE TABLE bench_levels
    (unit_id integer, first integer, last integer, level1 integer, level2 integer, level3 integer);
CREATE TABLE bench_successor (old integer PRIMARY KEY, new integer NOT NULL);
CREATE TABLE bench_value (unit_id integer, element_id integer, period integer, value bigint NOT NULL)
"""
_INDEXES = """
ALTER TABLE bench_value ADD PRIMARY KEY (unit_id, element_id, period);
CREATE INDEX ON bench_closure (ancestor, descendant);
CREATE INDEX ON bench_closure (descendant);
CREATE INDEX ON bench_levels (unit_id);
ANALYZE
"""
# A flow is summed over the months in which a unit stood there; a stock is its last figure, where it
# stands at the end.
_BY_ANCESTOR = """
SELECT c.ancestor, v.element_id, v.period / 100, SUM(v.value)
FROM bench_closure c JOIN bench_value v ON v.unit_id = c.descendant AND v.period BETWEEN c.first AND c.last
JOIN bench_element e ON e.id = v.element_id
WHERE NOT e.stock AND {units} AND v.period BETWEEN {first}01 AND {last}12
GROUP BY 1, 2, 3
UNION ALL
SELECT c.ancestor, v.element_id, v.year, SUM(v.value)
FROM (SELECT DISTINCT ON (unit_id, element_id, period / 100) unit_id, element_id, period / 100 AS year, value
      FROM bench_value JOIN bench_element e ON e.id = element_id
      WHERE e.stock AND period BETWEEN {first}01 AND {last}12
        AND unit_id IN (SELECT descendant FROM bench_closure c WHERE {units})
      ORDER BY unit_id, element_id, period / 100, period DESC) v
JOIN bench_closure c ON c.descendant = v.unit_id AND v.year * 100 + 12 BETWEEN c.first AND c.last
WHERE {units}
GROUP BY 1, 2, 3
"""
_ANALYTICS = "unit_id integer, element_id integer, stock boolean, period integer, year integer, level1 integer,"
_ANALYTICS += " level2 integer, level3 integer, value bigint"
_INDEXED = ("element_id", "unit_id", "level1", "level2", "level3", "period")
_LEVELS = ("level1", "level2", "level3")
_BY_LEVEL = """
SELECT {level}, element_id, year, SUM(value) FROM bench_analytics
WHERE NOT stock AND {units} AND year BETWEEN {first} AND {last} GROUP BY 1, 2, 3
UNION ALL
SELECT {level}, element_id, year, SUM(value) FROM (
    SELECT DISTINCT ON (unit_id, element_id, year) unit_id, element_id, year, value, level1, level2, level3, at_end
    FROM (SELECT a.*, l.unit_id IS NOT NULL AS at_end FROM bench_analytics a
          LEFT JOIN bench_levels l ON l.unit_id = a.unit_id AND a.year * 100 + 12 BETWEEN l.first AND l.last
          WHERE stock AND a.{units} AND year BETWEEN {first} AND {last}) marked
    ORDER BY unit_id, element_id, year, period DESC) latest
WHERE at_end GROUP BY 1, 2, 3
"""
_RESTATED = """
SELECT COALESCE(s.new, v.unit_id), v.element_id, v.period / 100, SUM(v.value)
FROM {table} v JOIN bench_element e ON e.id = v.element_id LEFT JOIN bench_successor s ON s.old = v.unit_id
WHERE NOT e.stock AND v.period BETWEEN {first}01 AND {last}12 AND {units} GROUP BY 1, 2, 3
"""
_OF_A_UNIT = "v.unit_id IN (SELECT {unit} UNION SELECT old FROM bench_successor WHERE new = {unit})"


def sql(statements: str) -> None:
    """Run statements one after another."""
    with connection.cursor() as cursor:
        for statement in statements.split(";"):
            cursor.execute(statement)


def _ask(query: str) -> Answer:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [
            (unit, element, year, int(total))
            for unit, element, year, total in cursor.fetchall()
            if unit is not None
        ]


@dataclass(frozen=True)
class ValueTable:
    """A figure per row."""

    facts: Reformed
    name: str = "value per row"

    def load(self) -> int:
        """Create and fill the tables; how many figures."""
        ids = organisation().ids
        sql(_FIGURES)
        elements = self.facts.library.elements.values()
        _copy("bench_element (id, stock)", ((e.slot, e.time is TimeRule.STOCK) for e in elements))
        _copy("bench_closure", self._closure(ids))
        _copy("bench_levels", self._levels(ids))
        _copy(
            "bench_successor", ((ids[old], ids[new]) for old, new in self.facts.successors.items())
        )
        _copy("bench_value", self._figures(ids))
        sql(_INDEXES)
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM bench_value")
            return int(cursor.fetchone()[0])

    def _figures(self, ids: Mapping[str, int]) -> Iterator[tuple[int, ...]]:
        keys = [period.key for period in self.facts.periods]
        for number, code in enumerate(self.facts.codes):
            for slot, row in enumerate(self.facts.figures[:, number].T.tolist()):
                for key, figure in zip(keys, row, strict=True):
                    if figure >= 0:
                        yield ids[code], slot, key, figure

    def _trees(self) -> list[tuple[int, int, Tree]]:
        """The tree of before and of after the reform, with the periods it holds in."""
        day, known = self.facts.day, organisation()
        before = known.on(date(day.year, 1, 1))
        return [
            (0, year_key(day.year) + day.month - 1, before),
            (year_key(day.year) + day.month, 999999, known.on(day)),
        ]

    def _closure(self, ids: Mapping[str, int]) -> Iterator[tuple[int, ...]]:
        for first, last, tree in self._trees():
            for code in tree.order:
                yield from ((ids[above], ids[code], first, last) for above in tree.path(code))

    def _levels(self, ids: Mapping[str, int]) -> Iterator[tuple[int | None, ...]]:
        for first, last, tree in self._trees():
            for code in tree.order:
                path = [ids[above] for above in reversed(tree.path(code))]
                yield (ids[code], first, last, *path, *[None] * (len(_LEVELS) - len(path)))

    def dashboard(self, unit: str) -> Answer:
        """All elements × all years of one unit."""
        return self._totals(f"c.ancestor = {organisation().ids[unit]}")

    def matrix(self) -> Answer:
        """Every unit × element × year."""
        return self._totals("TRUE")

    def _totals(self, units: str) -> Answer:
        years = self.facts.years
        return _ask(_BY_ANCESTOR.format(units=units, first=years[0], last=years[-1]))

    def rebuild(self) -> None:
        """Fill a table of yearly sums, which dashboards would need."""
        years = self.facts.years
        query = _BY_ANCESTOR.format(units="TRUE", first=years[0], last=years[-1])
        sql("DROP TABLE IF EXISTS bench_sums")
        sql(f"CREATE TABLE bench_sums AS {query}; CREATE INDEX ON bench_sums (ancestor)")

    def restated(self, units: list[str], years: list[int]) -> Answer:
        """Flows of some years on the boundaries of after the reform, of one commune or of all."""
        return _restated("bench_value", units, years)


@dataclass(frozen=True)
class AnalyticsTable:
    """Denormalised, a partition a year, indexed."""

    facts: Reformed
    name: str = "analytics table"

    def rebuild(self) -> None:
        """Build the table from the figures, as is done every night."""
        sql("DROP TABLE IF EXISTS bench_analytics")
        sql(f"CREATE TABLE bench_analytics ({_ANALYTICS}) PARTITION BY LIST (year)")
        for year in self.facts.years:
            part = f"bench_analytics_{year}"
            columns = "v.unit_id, v.element_id, e.stock, v.period, v.period / 100 AS year, l.level1, l.level2, l.level3"
            sql(
                f"CREATE TABLE {part} AS SELECT {columns}, v.value FROM bench_value v"
                " JOIN bench_element e ON e.id = v.element_id"
                " JOIN bench_levels l ON l.unit_id = v.unit_id AND v.period BETWEEN l.first AND l.last"
                f" WHERE v.period BETWEEN {year}01 AND {year}12"
            )
            sql(";".join(f"CREATE INDEX ON {part} ({column})" for column in _INDEXED))
            sql(
                f"ALTER TABLE bench_analytics ATTACH PARTITION {part} FOR VALUES IN ({year}); ANALYZE {part}"
            )

    def dashboard(self, unit: str) -> Answer:
        """All elements × all years of one unit, a province or a commune."""
        known = organisation()
        level = _LEVELS[known.on(self.facts.today).depth(unit)]
        return self._totals(level, f"{level} = {known.ids[unit]}")

    def matrix(self) -> Answer:
        """Every unit × element × year: a question for each level."""
        return [row for level in _LEVELS for row in self._totals(level, f"{level} IS NOT NULL")]

    def _totals(self, level: str, units: str) -> Answer:
        years = self.facts.years
        return _ask(_BY_LEVEL.format(level=level, units=units, first=years[0], last=years[-1]))

    def restated(self, units: list[str], years: list[int]) -> Answer:
        """Flows of some years on the boundaries of after the reform, of one commune or of all."""
        return _restated("bench_analytics", units, years)


def _restated(table: str, units: list[str], years: list[int]) -> Answer:
    of = _OF_A_UNIT.format(unit=organisation().ids[units[0]]) if len(units) == 1 else "TRUE"
    partition = (
        f" AND v.year BETWEEN {years[0]} AND {years[-1]}" if table == "bench_analytics" else ""
    )
    return _ask(_RESTATED.format(table=table, first=years[0], last=years[-1], units=of + partition))


def _copy(table: str, rows: Iterator[tuple[int | None, ...]] | Iterator[tuple[int, bool]]) -> None:
    listed = list(
        rows
    )  # what makes them may itself ask the database, which must not be copying then
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in listed:
            copy.write_row(row)
