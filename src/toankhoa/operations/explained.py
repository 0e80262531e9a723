"""All that is to be said of one figure: its parts, returns, target and reforms."""

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
    cascade_steps,
    cascaded_targets,
    targets_below,
)
from toankhoa.operations.living_plan import LivingPlan
from toankhoa.org.organisation import Organisation
from toankhoa.plan.targets_in_force import Key
from toankhoa.plan.versions import Published
from toankhoa.reporting.reading.plan_reader import Explanation
from toankhoa.reporting.reading.source_returns import SourceReturn, elements_of, source_returns


@dataclass(frozen=True)
class ExplainedPart:
    """What one unit brings to a figure.

    `share`: of the figure's numerator; `tenure`: how long it was there in the figure's span;
    `target`: what the unit above has asked of it.
    """

    unit: str
    name: str
    figure: Figure
    share: Fraction | None
    tenure: Tenure
    target: Required | None = None

    @property
    def brings(self) -> PartStatus:
        """Whether something that is due of it is missing."""
        return part_status(self.figure)


@dataclass(frozen=True)
class Explained:
    """A figure of a year, or of the term, with all that its page and its workbook say of it.

    `mark`: the code by which it is found again, None where the plan has more figures than codes.
    """

    living: LivingPlan
    row: Objective | Activity
    explanation: Explanation
    mark: FigureCode | None

    @property
    def reading(self) -> Reading:
        """The figure against its target."""
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
        today, last = self.living.reader.reader.today, date(self.years[-1], 12, 31)
        return date(self.years[0], 1, 1), min(today, last)

    @cached_property
    def parts(self) -> list[ExplainedPart]:
        """Missing first, then the largest."""
        whole, unit = self.reading.result.figure, self.living.unit
        parts = []
        for part in sorted_by_weight(self.explanation.parts, lambda part: part.figure):
            below = None if part.unit == unit else unit
            parts.append(
                ExplainedPart(
                    unit=part.unit,
                    name=part.name,
                    figure=part.figure,
                    share=share_of_whole(part.figure, whole),
                    tenure=self._tenure(part.unit, below),
                    target=self.targets_below.get(part.unit),
                )
            )
        return parts

    def _tenure(self, unit: str, below: str | None) -> Tenure:
        first, last = self.span
        return tenure(self.organisation.lineage, unit, first, last, below=below)

    @cached_property
    def tenure(self) -> Tenure:
        """Since when and until when there was the unit itself, within the figure's span."""
        return self._tenure(self.living.unit, None)

    def names(self, units: Iterable[str]) -> list[str]:
        """What these are called, or were last."""
        last = self.organisation.lineage.last
        return [last[unit].name for unit in units]

    @property
    def forebears(self) -> list[tuple[UnitVersion, Required | None]]:
        """Of a unit that began in the figure's span: those before it, what was asked of each.

        A query each.
        """
        if not self.tenure.began:
            return []
        last = self.organisation.lineage.last
        return [(last[old], self._target_of(old)) for old in self.tenure.came_from]

    def _target_of(self, unit: str) -> Required | None:
        """What a decision asked of a unit that has ended, on its last day, in the figure's year."""
        _, last = self.span
        day = self.organisation.trees.last_day(unit, last)
        if day is None:
            return None
        year = self.years[-1]
        targets = cascaded_targets(
            unit,
            organisation=self.organisation,
            years=[year],
            today=day,
            as_of=self.living.ledger.as_of,
        )
        target = targets.get((self.row.code, self.reading.indicator.code, year))
        return target.required if target is not None else None

    @cached_property
    def targets_below(self) -> dict[str, Required | None]:
        """What the unit's own decision asks of each unit below, in the figure's year."""
        key = self._key
        if key is None:
            return {}
        return targets_below(
            self.living.unit,
            key,
            organisation=self.organisation,
            today=self.living.last_day,
            as_of=self.living.ledger.as_of,
        )

    @cached_property
    def cascade_steps(self) -> list[CascadeStep]:
        """How its target came down to the unit."""
        key = self._key
        if key is None:
            return []
        return cascade_steps(
            self.living.unit,
            key,
            organisation=self.organisation,
            today=self.living.last_day,
            as_of=self.living.ledger.as_of,
        )

    @property
    def _key(self) -> Key | None:
        """The column of a decision that it answers to; decisions are about years, not the term."""
        reading = self.reading
        if isinstance(reading, TermReading):
            return None
        return self.row.code, reading.indicator.code, reading.year

    @property
    def reforms(self) -> list[Reform]:
        """Those within its span that changed what adds up to it."""
        first, last = self.span
        unit, trees, levels = self.living.unit, self.organisation.trees, self._reporting_levels
        reforms = []
        for reform in self.organisation.reforms:
            if first <= reform.day <= last and touches(reform, unit, trees, levels):
                reforms.append(reform)
        return reforms

    @property
    def _reporting_levels(self) -> set[str]:
        """Levels of the units that the figure counts or is reported by."""
        levels: set[str] = set()
        for element in (self.explanation.numerator, self.explanation.denominator):
            if element is not None:
                levels.update(form.level for form in self.living.reader.reader.forms(element))
        counted = self.reading.indicator.unit_level
        if counted:
            levels.add(counted)
        return levels

    def returns(self, *, alone: bool) -> list[SourceReturn]:
        """The returns it is made of: of the unit itself, or of all below it too."""
        reader, indicator = self.living.reader.reader, self.reading.indicator
        returns: list[SourceReturn] = []
        for year in self.years:
            returns.extend(source_returns(reader, indicator, year, alone=alone))
        return returns

    @property
    def governed_by(self) -> Published:
        """The version whose words it is held against."""
        reading, versions = self.reading, self.living.in_force
        return versions.now if isinstance(reading, TermReading) else versions.of(reading.year)

    @property
    def target_row(self) -> Objective | Activity:
        """The row or heading whose words set the target."""
        row, target = self.row, self.reading.target
        if isinstance(row, Activity) and target is not None and target.origin == "heading":
            return self.living.plan.find(row.objective)
        return row

    @property
    def elements(self) -> list[str]:
        """Names of what its returns' figures are."""
        elements = elements_of(self.reading.indicator, self.living.reader.reader)
        return [element.name for element in elements]


def explained(
    living: LivingPlan, row: str, indicator: str, year: int | None, *, at: datetime
) -> Explained:
    """One figure of a unit's plan; year None: that of the term. KeyError: there is no such figure.

    `at`: the moment that its code names.
    """
    if year is not None and year not in living.plan.years:
        raise KeyError(year)
    explanation = living.reader.explain(row, indicator, year)
    place = living.reader.addresses().index((row, indicator, year))
    unit_id = living.ledger.organisation.ids[living.unit]
    mark = FigureCode(at, unit_id, place) if fits(at, unit_id, place) else None
    return Explained(living, living.plan.find(row), explanation, mark)
