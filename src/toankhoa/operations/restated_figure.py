"""One figure on the boundaries of another day: the units of then that it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from toankhoa.core.measures import Indicator
from toankhoa.core.plan import Activity, Objective
from toankhoa.core.results import share_of_whole, sorted_by_weight
from toankhoa.core.totals import Figure
from toankhoa.operations.living_plan import LivingPlan
from toankhoa.reporting.reading.restated_reader import Restated, RestatedPart, RestatedReader


@dataclass(frozen=True)
class RestatedFigure:
    """A year's figure of a unit of a day, as seen from itself or from a unit above it.

    `living`: its plan; `restated`: the figure and what it is put together from.
    """

    living: LivingPlan
    row: Objective | Activity
    indicator: Indicator
    reader: RestatedReader
    year: int
    restated: Restated

    @property
    def name(self) -> str:
        """What the unit was called on the day."""
        return self.reader.ledger.organisation.on(self.reader.day).units[self.reader.unit].name

    @property
    def figure(self) -> Figure | None:
        """None where it cannot be known."""
        return self.restated.figure

    @property
    def parts(self) -> list[tuple[RestatedPart, Fraction | None]]:
        """Missing first, then the largest, each with its share of the whole."""
        whole = self.figure
        parts = sorted_by_weight(self.restated.parts, lambda part: part.figure)
        if whole is None:
            return [(part, None) for part in parts]
        return [(part, share_of_whole(part.figure, whole)) for part in parts]

    @property
    def unsure(self) -> list[tuple[str, str, str]]:
        """Names of the units of which nobody knows how much belongs here.

        With each the code and the name of the unit from which up that is known, blank for none.
        """
        last = self.reader.ledger.organisation.lineage.last
        named = []
        for unsure in self.restated.unsure:
            code = unsure.known_from or ""
            name = last[code].name if code else ""
            named.append((last[unsure.unit].name, code, name))
        return named


def restated_figure(
    living: LivingPlan, row: str, indicator: str, year: int, *, day: date, seen_from: str = ""
) -> RestatedFigure:
    """A figure of the plan's unit. KeyError: no such figure, or no such unit on the day."""
    if year not in living.plan.years:
        raise KeyError(year)
    if seen_from and not living.ledger.organisation.on(day).within(living.unit, seen_from):
        raise KeyError(seen_from)
    living.reader.binding(row, indicator)
    measure = living.ledger.library.indicators[indicator]
    reader = RestatedReader(
        unit=living.unit,
        day=day,
        years=[year],
        today=living.reader.reader.today,
        ledger=living.ledger,
        seen_from=seen_from,
    )
    return RestatedFigure(
        living, living.plan.find(row), measure, reader, year, reader.restated(measure, year)
    )
