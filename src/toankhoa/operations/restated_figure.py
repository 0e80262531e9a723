"""One figure on the boundaries of another day: which units of then it is put together from, and how much of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from toankhoa.core.measures import Indicator
from toankhoa.core.plan import Activity, Objective
from toankhoa.core.results import by_weight, share
from toankhoa.core.totals import Figure
from toankhoa.operations.living_plan import LivingPlan
from toankhoa.reporting.reading.restated_reader import Restated, RestatedPart, RestatedReader


@dataclass(frozen=True)
class RestatedFigure:
    """A year's figure of a unit of a day, as seen from itself or from a unit above it. `living`: its plan."""

    living: LivingPlan
    row: Objective | Activity
    indicator: Indicator
    reader: RestatedReader
    year: int
    told: Restated

    @property
    def name(self) -> str:
        """What the unit was called on the day."""
        return self.reader.ledger.organisation.on(self.reader.day).units[self.reader.unit].name

    @property
    def figure(self) -> Figure | None:
        """None where it cannot be known."""
        return self.told.figure

    @property
    def parts(self) -> list[tuple[RestatedPart, Fraction | None]]:
        """Missing first, then the largest, each with its share of the whole."""
        whole = self.figure
        parts = by_weight(self.told.parts, lambda part: part.figure)
        return [(part, None if whole is None else share(part.figure, whole)) for part in parts]

    @property
    def unsure(self) -> list[tuple[str, str, str]]:
        """Names of the units of which nobody knows how much belongs here; code and name of where each is known."""
        last = self.reader.ledger.organisation.lineage.last
        found = ((last[each.unit].name, each.known_from) for each in self.told.unsure)
        return [(name, known or "", last[known].name if known else "") for name, known in found]


def restated_figure(
    living: LivingPlan, row: str, indicator: str, year: int, *, day: date, seen_from: str = ""
) -> RestatedFigure:
    """A figure of the plan's unit. KeyError where there is no such figure, or no such unit on the day."""
    if year not in living.plan.years:
        raise KeyError(year)
    if seen_from and not living.ledger.organisation.on(day).within(living.unit, seen_from):
        raise KeyError(seen_from)
    living.reader.binding(row, indicator)
    today, measure = living.reader.reader.today, living.ledger.library.indicators[indicator]
    about = {
        "day": day,
        "years": (year,),
        "today": today,
        "ledger": living.ledger,
        "seen_from": seen_from,
    }
    reader = RestatedReader(unit=living.unit, **about)
    return RestatedFigure(
        living, living.plan.find(row), measure, reader, year, reader.restated(measure, year)
    )
