"""The form of a plan's own table.

Its columns in their order, how wide each is, and what a row says in each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from toankhoa.core.compiling import name_of
from toankhoa.core.plan import Activity, Plan
from toankhoa.documents.writing.paper import WIDTH

NUMBER_WIDTH = 1.1
# Centimetres of a column beside the years, and of all years together; the words of a row take the
# rest.
PLAIN_WIDTHS = (2.6, 10.5)
LIVING_WIDTHS = (2.0, 14.0)
NARROWEST_TITLE = 4.5
_OWN_FIELDS = {
    "number": "number",
    "title": "title",
    "levels": "levels_text",
    "boards": "boards_text",
}


@dataclass(frozen=True, slots=True)
class PlanForm:
    """`columns`: meaning → words over it, in order; `over_years`: words over all years, or none.

    `added`: years that the plan has no column for; only the living plan shows them. `levels`:
    columns for the level of several years → the last of those, whose cell holds it, since it has no
    column of its own.
    """

    columns: Mapping[str, str]
    over_years: str
    added: frozenset[str]
    levels: Mapping[str, int]
    living: bool

    @classmethod
    def of(cls, plan: Plan, *, living: bool) -> PlanForm:
        """The plan's own columns and those that its rows have words for besides.

        On a living plan every year.
        """
        own = {key: words or name_of(key) for key, words in plan.headers.of(plan.years).items()}
        besides = _columns_besides(plan, own)
        front = {}
        if "number" in besides:
            front["number"] = besides.pop("number")
        added: list[str] = []
        if living:
            added = [str(year) for year in plan.years if str(year) not in own]
        columns = front | own | besides | dict(zip(added, added, strict=True))
        return cls(columns, plan.headers.years, frozenset(added), _levels(plan, own), living)

    @property
    def widths(self) -> tuple[float, ...]:
        """Centimetres of each column."""
        beside, together = LIVING_WIDTHS if self.living else PLAIN_WIDTHS
        years = sum(map(str.isdigit, self.columns))
        others = len(self.columns) - years - len({"number", "title"} & self.columns.keys())
        taken = others * beside + (together if years else 0.0)
        room = WIDTH - (NUMBER_WIDTH if "number" in self.columns else 0.0)
        narrower = min(1.0, (room - NARROWEST_TITLE) / taken) if taken else 1.0
        widths = []
        for key in self.columns:
            if key == "number":
                widths.append(NUMBER_WIDTH)
            elif key == "title":
                widths.append(room - taken * narrower)
            elif key.isdigit():
                widths.append(together / years * narrower)
            else:
                widths.append(beside * narrower)
        return tuple(widths)

    def runs(self) -> Iterator[tuple[bool, list[str]]]:
        """The columns from left to right, years that stand side by side together."""
        for are_years, keys in groupby(self.columns, key=str.isdigit):
            yield are_years, list(keys)

    def words(self, row: Activity, key: str) -> str:
        """What a row says in a column."""
        if key in _OWN_FIELDS:
            return str(getattr(row, _OWN_FIELDS[key]))
        if key.isdigit():
            return "" if key in self.added else row.commitments[int(key)].text
        if key in row.details or key not in self.levels:
            return row.details.get(key, "")
        level = row.commitments[self.levels[key]].text
        return "" if level == row.details.get("deadline") else level


def _columns_besides(plan: Plan, own: Mapping[str, str]) -> dict[str, str]:
    """Columns that the document has no header for, though its rows have words for them."""
    columns: dict[str, str] = {}
    for row in plan.activities:
        for key in _keys_with_words(row):
            if key not in own:
                columns[key] = name_of(key)
    return columns


def _keys_with_words(row: Activity) -> Iterator[str]:
    """The columns beside the years that a row has words for."""
    yield from (key for key, name in _OWN_FIELDS.items() if getattr(row, name))
    yield from row.details


def _levels(plan: Plan, own: Mapping[str, str]) -> dict[str, int]:
    """Columns for several years whose last year has no column of its own, with that year.

    Where several end in the same year, "target" (the whole term) is the one.
    """
    by_year = {}
    for key in sorted(own, key=lambda key: key == "target"):
        by_year[_last_year(key, plan)] = key
    return {key: int(year) for year, key in by_year.items() if year and year not in own}


def _last_year(key: str, plan: Plan) -> str:
    """The last year of a column for several years, nothing for any other column."""
    if key == "target" and plan.years:
        return str(plan.years[-1])
    first, dash, last = key.partition("-")
    return last if dash and first.isdigit() else ""
