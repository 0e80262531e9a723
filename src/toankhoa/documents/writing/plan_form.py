"""The form of a plan's own table: its columns in their order, how wide each is, and what a row says in each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from toankhoa.core.compiling import name_of
from toankhoa.core.plan import Activity, Plan
from toankhoa.documents.writing.paper import WIDTH

NUMBER_WIDTH = 1.1
# Centimetres of a column beside the years, and of all years together; the words of a row take the rest.
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

    `added`: years that the plan has no column for; only the living plan shows them. `levels`: columns for the level of
    several years → the last of those, whose cell holds it, since it has no column of its own.
    """

    columns: Mapping[str, str]
    over_years: str
    added: frozenset[str]
    levels: Mapping[str, int]
    living: bool

    @classmethod
    def of(cls, plan: Plan, *, living: bool) -> PlanForm:
        """The plan's own columns and those that its rows have words for besides; on a living plan every year."""
        own = {key: words or name_of(key) for key, words in plan.headers.of(plan.years).items()}
        said = dict.fromkeys(key for row in plan.activities for key in _said(row) if key not in own)
        front = {"number": name_of("number")} if "number" in said else {}
        others = {key: name_of(key) for key in said if key != "number"}
        added = [str(year) for year in plan.years if living and str(year) not in own]
        last = {_last(key, plan): key for key in sorted(own, key=lambda key: key == "target")}
        levels = {key: int(year) for year, key in last.items() if year and year not in own}
        columns = front | own | others | {year: year for year in added}
        return cls(columns, plan.headers.years, frozenset(added), levels, living)

    @property
    def widths(self) -> tuple[float, ...]:
        """Centimetres of each column."""
        beside, together = LIVING_WIDTHS if self.living else PLAIN_WIDTHS
        years = sum(map(str.isdigit, self.columns))
        others = len(self.columns) - years - len({"number", "title"} & self.columns.keys())
        taken = others * beside + (together if years else 0.0)
        room = WIDTH - (NUMBER_WIDTH if "number" in self.columns else 0.0)
        narrower = min(1.0, (room - NARROWEST_TITLE) / taken) if taken else 1.0
        wide = {"number": NUMBER_WIDTH, "title": room - taken * narrower}
        return tuple(
            wide.get(key, (together / years if key.isdigit() else beside) * narrower)
            for key in self.columns
        )

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


def _said(row: Activity) -> Iterator[str]:
    """The columns beside the years that a row has words for."""
    yield from (key for key, name in _OWN_FIELDS.items() if getattr(row, name))
    yield from row.details


def _last(key: str, plan: Plan) -> str:
    """The last year of a column for several years, nothing for any other column."""
    first, dash, last = key.partition("-")
    return (
        last
        if dash and first.isdigit()
        else str(plan.years[-1])
        if key == "target" and plan.years
        else ""
    )
