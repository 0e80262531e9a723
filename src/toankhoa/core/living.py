"""The living plan: the rows of the plan's own table, each year cell beside what it has come to.

Screens, Word and Excel print these records and compute nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from toankhoa.core.assessment import Result
from toankhoa.core.handing import HandedDown
from toankhoa.core.matching import YearTarget
from toankhoa.core.measures import Indicator
from toankhoa.core.plan import Activity, Commitment, Objective
from toankhoa.core.term_result import TermResult


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One indicator of one row in one year. `target` is the plan's, and says where its words stand."""

    indicator: Indicator
    year: int
    target: YearTarget | None
    result: Result
    handed_down: HandedDown | None = None


@dataclass(frozen=True, kw_only=True)
class TermReading(Reading):
    """One indicator of one row in the whole term. `target` is what the plan's words ask of the term, if they do.

    `year` is the term's last; `years` are its readings of every year.
    """

    term: TermResult
    years: tuple[Reading, ...]


@dataclass(frozen=True, kw_only=True)
class YearCell:
    """One year of one row: what the plan says, and what each of the row's indicators has come to."""

    year: int
    commitment: Commitment | None  # None for a heading
    readings: tuple[Reading, ...]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row of the living plan, in the order of the plan's own table."""

    row: Objective | Activity
    cells: tuple[YearCell, ...]
    term: tuple[TermReading, ...] = ()  # one for each of the row's indicators

    @property
    def is_heading(self) -> bool:
        """Whether the row is a heading of the table."""
        return isinstance(self.row, Objective)
