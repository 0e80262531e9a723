"""The living plan: the rows of the plan's own table, each year cell beside what it has come to.

Screens, Word and Excel print these records and compute nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from toankhoa.core.assessment import Required, Result
from toankhoa.core.matching import YearTarget
from toankhoa.core.measures import Indicator
from toankhoa.core.plan import Activity, Commitment, Objective


@dataclass(frozen=True, kw_only=True)
class HandedDown:
    """What a decision of a unit above asks here in place of the plan's own words: nothing where `required` is None."""

    required: Required | None
    decision: int  # its id
    number: str
    issued_on: date
    issued_by: str  # the unit's code


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One indicator of one row in one year. `target` is the plan's, and says where its words stand."""

    indicator: Indicator
    year: int
    target: YearTarget | None
    result: Result
    handed_down: HandedDown | None = None


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

    @property
    def is_heading(self) -> bool:
        """Whether the row is a heading of the table."""
        return isinstance(self.row, Objective)
