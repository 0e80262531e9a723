"""All that is to be said of one figure: what it is made of, what stands behind it, what was asked, what reforms did."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import cached_property

from toankhoa.core.basics import FigureCode, fits
from toankhoa.core.organisation import Reform, Tenure, UnitVersion, tenure, touches
from toankhoa.core.plan import Activity, Objective
from toankhoa.core.results import (
    PartStatus,
    Reading,
    TermReading,
    part_status,
    share_of_whole,
    sorted_by_weight,
)
from toankhoa.core.targets import Required
from toankhoa.core.totals import Figure
from toankhoa.operations.cascaded_targets import (
    CascadeStep,
    cascaded_targets,
    handed_on,
    steps_down,
)
from toankhoa.operations.living_plan import LivingPlan
from toankhoa.org.organisation import Organisation
from toankhoa.plan.versions import Published
from toankhoa.reporting.reading.plan_reader import Explanation
from toankhoa.reporting.reading.source_returns import SourceReturn, elements_of, source_returns


@dataclass(frozen=True)
class ExplainedPart:
    """What one unit brings to a figure. `share` of its numerator; `level`: what the unit above has asked of it.

    `stay`: how long it stood there in the figure's span.
    """

    unit: str
    name: str
    figure: Figure
    share: Fraction | None
    stay: Tenure
    level: Required | None = None

    @property
    def brings(self) -> PartStatus:
        """Whether it lacks something that is due."""
        return part_status(self.figure)


@dataclass(frozen=True)
class Explained:
    """A figure of a year, or of the term, with all that its page and its workbook say of it."""

    living: LivingPlan
    row: Objective | Activity
    explanation: Explanation
    mark: FigureCode | None

    @property
    def reading(self) -> Reading:
        """Where the figure stands."""
        return self.explanation.reading

    @property
    def years(self) -> tuple[int, ...]:
        """Those that it takes in."""
        return self.explanation.years

    @property
    def of_term(self) -> bool:
        """Whether it is that of the whole term."""
        return isinstance(self.reading, TermReading)

    @property
    def organisation(self) -> Organisation:
        """Units of all days."""
        return self.living.ledger.organisation

    @property
    def span(self) -> tuple[date, date]:
        """From the first day of its years to the last one that has come."""
        return date(self.years[0], 1, 1), min(
            self.living.reader.reader.today, date(self.years[-1], 12, 31)
        )

    @cached_property
    def parts(self) -> list[ExplainedPart]:
        """Missing first, then the largest."""
        whole, levels, unit = self.reading.result.figure, self.handed_on, self.living.unit
        return [
            ExplainedPart(
                unit=part.unit,
                name=part.name,
                figure=part.figure,
                share=share_of_whole(part.figure, whole),
                stay=self._stay(part.unit, below=None if part.unit == unit else unit),
                level=levels.get(part.unit),
            )
            for part in sorted_by_weight(self.explanation.parts, lambda part: part.figure)
        ]

    def _stay(self, unit: str, below: str | None) -> Tenure:
        return tenure(self.organisation.lineage, unit, *self.span, below=below)

    @cached_property
    def stay(self) -> Tenure:
        """Since when and until when the unit itself stood in the figure's span."""
        return self._stay(self.living.unit, None)

    def names(self, units: Iterable[str]) -> list[str]:
        """What these are called, or were last."""
        last = self.organisation.lineage.last
        return [last[unit].name for unit in units]

    @property
    def forebears(self) -> list[tuple[UnitVersion, Required | None]]:
        """Of a unit that began in the figure's span: those that it carries on, what was asked of each. A query each."""
        olds = self.stay.came_from if self.stay.began else ()
        return [(self.organisation.lineage.last[old], self._asked_of(old)) for old in olds]

    def _asked_of(self, unit: str) -> Required | None:
        key, years = (self.row.code, self.reading.indicator.code, self.years[-1]), self.years[-1:]
        day = self.organisation.trees.last_day(unit, self.span[1])
        if day is None:
            return None
        as_of = self.living.ledger.as_of
        given = cascaded_targets(
            unit, organisation=self.organisation, years=years, today=day, as_of=as_of
        ).get(key)
        return given and given.required

    @cached_property
    def handed_on(self) -> dict[str, Required | None]:
        """What the unit's own decision asks of each unit below, in the year that the figure is of."""
        return {} if self.of_term else handed_on(self.living.unit, self._key, **self._now)

    @cached_property
    def steps_down(self) -> list[CascadeStep]:
        """How its target came down to the unit."""
        return [] if self.of_term else steps_down(self.living.unit, self._key, **self._now)

    @property
    def _key(self) -> tuple[str, str, int]:
        return self.row.code, self.reading.indicator.code, self.reading.year

    @property
    def _now(self) -> dict[str, object]:
        return {
            "organisation": self.organisation,
            "today": self.living.stood,
            "as_of": self.living.ledger.as_of,
        }

    @property
    def reforms(self) -> list[Reform]:
        """Those within its span that changed what adds up to it."""
        first, last = self.span
        about = self.living.unit, self.organisation.trees, self._reporting
        within = (reform for reform in self.organisation.reforms if first <= reform.day <= last)
        return [reform for reform in within if touches(reform, *about)]

    @property
    def _reporting(self) -> set[str]:
        """Levels of the units that the figure counts or is reported by."""
        parts, counted = (
            (self.explanation.numerator, self.explanation.denominator),
            self.reading.indicator.unit_level,
        )
        levels = {
            form.level for part in parts if part for form in self.living.reader.reader.forms(part)
        }
        return levels | {counted} if counted else levels

    def returns(self, *, alone: bool) -> list[SourceReturn]:
        """The returns behind it: of the unit itself, or of all below it too."""
        reader, indicator = self.living.reader.reader, self.reading.indicator
        return [
            each
            for year in self.years
            for each in source_returns(reader, indicator, year, alone=alone)
        ]

    @property
    def governed_by(self) -> Published:
        """The version whose words it is held against."""
        return (
            self.living.in_force.now if self.of_term else self.living.in_force.of(self.reading.year)
        )

    @property
    def said_by(self) -> Objective | Activity:
        """The row or heading whose words set the target."""
        row, target = self.row, self.reading.target
        from_above = isinstance(row, Activity) and target is not None and target.origin == "heading"
        return self.living.plan.find(row.objective) if from_above else row

    @property
    def elements(self) -> list[str]:
        """Names of what its returns' figures are."""
        return [
            element.name
            for element in elements_of(self.reading.indicator, self.living.reader.reader)
        ]


def explained(
    living: LivingPlan, row: str, indicator: str, year: int | None, *, at: datetime
) -> Explained:
    """One figure of a unit's plan; year None: that of the term. KeyError where there is no such figure.

    `at`: the moment that its code names.
    """
    if year is not None and year not in living.plan.years:
        raise KeyError(year)
    explanation = living.reader.explain(row, indicator, year)
    place = living.reader.addresses().index((row, indicator, year))
    number = living.ledger.organisation.ids[living.unit]
    mark = FigureCode(at, number, place) if fits(at, number, place) else None
    return Explained(living, living.plan.find(row), explanation, mark)
