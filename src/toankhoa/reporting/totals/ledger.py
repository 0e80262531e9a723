"""What it takes to add up: who stands where on which day, and how each figure adds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from toankhoa.core.measures import Library
from toankhoa.core.organisation import BoundaryChanges, boundary_changes_in
from toankhoa.core.totals import Rules, Schedule, YearTrees, trees_of_year
from toankhoa.org.organisation import Organisation


@dataclass(frozen=True)
class Ledger:
    """The units of all days and the library.

    `as_of`: the past moment whose figures are asked for, None for now (see
    `reporting.totals.past_totals`).
    """

    organisation: Organisation
    library: Library
    as_of: datetime | None = None

    @cached_property
    def rules(self) -> Rules:
        """Time rules as slots."""
        return Rules.of(self.library)

    def slots(self, form: str) -> list[int]:
        """Slots of a form's elements, in its order."""
        return [self.library.elements[code].slot for code in self.library.forms[form].elements]

    def schedule(self, year: int, today: date) -> Schedule:
        """What a year's forms ask for by a day, worked out once."""
        if (year, today) not in self._schedules:
            self._schedules[year, today] = Schedule.of(self.library, year, today)
        return self._schedules[year, today]

    @cached_property
    def _schedules(self) -> dict[tuple[int, date], Schedule]:
        return {}

    def year(self, year: int) -> YearTrees:
        """The trees along which a year's figures add up."""
        return trees_of_year(self.organisation.trees, year)

    def boundary_changes(self, year: int) -> BoundaryChanges:
        """Figures that units hand over to each other in a year of reforms."""
        return boundary_changes_in(self.organisation.lineage, year)
