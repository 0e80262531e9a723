"""The one read path: what every screen, document and export shows of a plan's figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from toankhoa.core.measures import DataElement, Indicator, TermRule
from toankhoa.core.plan import Activity, Applies, Objective, Plan
from toankhoa.core.results import (
    Address,
    Level,
    PlanLine,
    Progress,
    Reading,
    TermReading,
    TermYear,
    YearCell,
    assess,
    combined_figure,
    term_result,
)
from toankhoa.core.review import Binding
from toankhoa.core.targets import CascadedTarget, Required
from toankhoa.reporting.reading.contributions import Contribution, contributions
from toankhoa.reporting.reading.trajectories import Trajectories
from toankhoa.reporting.reading.unit_reader import UnitReader
from toankhoa.reporting.totals.ledger import Ledger

_OF_THE_TERM = (Applies.BY_TERM_END, Applies.TERM_TOTAL)


@dataclass(frozen=True)
class Explanation:
    """How a figure came about: its parts add up to it.

    `years`: those it takes in, several where a term adds up.
    """

    reading: Reading
    years: tuple[int, ...]
    numerator: DataElement
    denominator: DataElement | None
    parts: tuple[Contribution, ...]


class PlanReader:
    """A published plan as one unit sees it.

    `cascaded`: what decisions ask of it, by row, indicator, year.
    """

    def __init__(
        self,
        *,
        plan: Plan,
        bindings: Iterable[Binding],
        root: str,
        unit: str,
        today: date,
        ledger: Ledger,
        cascaded: Mapping[tuple[str, str, int], CascadedTarget] | None = None,
    ) -> None:
        self.plan = plan
        self.whole = unit == root
        self.cascaded = cascaded or {}
        self.reader = UnitReader(unit=unit, years=plan.years, today=today, ledger=ledger)
        self.trajectories = Trajectories(self.reader)
        self.bindings: dict[str, list[Binding]] = {}
        for binding in bindings:
            self.bindings.setdefault(binding.row, []).append(binding)

    def addresses(self) -> list[Address]:
        """What `core.results.plan_view.addresses` says of the lines, without reading a figure."""
        listed: list[Address] = []
        for row in self.plan.rows():
            for year in (*self.plan.years, None):
                for binding in self.bindings.get(row.code, ()):
                    listed.append((row.code, binding.indicator, year))
        return listed

    def lines(self) -> list[PlanLine]:
        """Every row of the plan with its readings."""
        return [self._line(row) for row in self.plan.rows()]

    def _line(self, row: Objective | Activity) -> PlanLine:
        bindings = self.bindings.get(row.code, ())
        by_indicator = [self._readings(binding) for binding in bindings]
        commitments = row.commitments if isinstance(row, Activity) else {}
        cells = [
            YearCell(
                year=year,
                commitment=commitments.get(year),
                readings=tuple(readings[place] for readings in by_indicator),
            )
            for place, year in enumerate(self.plan.years)
        ]
        term = [
            self._term(binding, readings)
            for binding, readings in zip(bindings, by_indicator, strict=True)
        ]
        return PlanLine(row=row, cells=tuple(cells), term=tuple(term))

    def _readings(self, binding: Binding) -> list[Reading]:
        """One of each year of the plan."""
        return [self.reading(binding, year) for year in self.plan.years]

    def reading(self, binding: Binding, year: int) -> Reading:
        """One indicator in one year.

        What was cascaded takes the place of what the plan's words ask.
        """
        indicator, target = self._indicator(binding), binding.targets.get(year)
        cascaded = self.cascaded.get((binding.row, binding.indicator, year))
        need = self.required(binding, year)
        earlier_years = self._sum_of_earlier_years(binding, year)
        progress = self._progress(binding, year)
        result = assess(
            indicator=indicator,
            figure=self.trajectories.figure(indicator, year),
            target=need,
            # A target that a decision cascades to others only is not due here.
            due=target is not None and (cascaded is None or need is not None),
            year_over=self.trajectories.over(year),
            applies=self.reader.reporters(indicator, year) > 0,
            before=self.trajectories.value(indicator, year - 1),
            earlier_years=earlier_years,
            progress=progress and progress.with_earlier_years(earlier_years),
        )
        return Reading(
            indicator=indicator, year=year, target=target, result=result, cascaded=cascaded
        )

    def term(self, row: str, indicator: str) -> TermReading:
        """One indicator in the whole term; KeyError as `binding`."""
        binding = self.binding(row, indicator)
        return self._term(binding, self._readings(binding))

    def _term(self, binding: Binding, years: Sequence[Reading]) -> TermReading:
        indicator, last = self._indicator(binding), self.plan.years[-1]
        library = self.reader.ledger.library
        ever_due = any(reading.result.level is not Level.NOT_DUE for reading in years)
        result = term_result(
            indicator=indicator,
            rule=library.term(indicator),
            path=library.path(indicator),
            years=[self._year_of(binding, reading) for reading in years],
            required=self.reader.required(binding.term, indicator, last, whole=self.whole),
            due=binding.term is not None or ever_due,
            trajectories=self.trajectories.trajectories(indicator),
            ceiling=self.trajectories.ceiling(indicator, last),
        )
        return TermReading(
            indicator=indicator,
            year=last,
            target=binding.term,
            result=result.result,
            term=result,
            years=tuple(years),
        )

    def _year_of(self, binding: Binding, reading: Reading) -> TermYear:
        of_the_term = reading.target is not None and reading.target.target.applies in _OF_THE_TERM
        silent = reading.result.level in (Level.NOT_DUE, Level.NOT_APPLICABLE)
        return TermYear(
            year=reading.year,
            result=reading.result,
            has_target=not silent and (reading.cascaded is not None or not of_the_term),
            over=self.trajectories.over(reading.year),
            progress=self._progress(binding, reading.year),
        )

    def _indicator(self, binding: Binding) -> Indicator:
        return self.reader.ledger.library.indicators[binding.indicator]

    def required(self, binding: Binding, year: int) -> Required | None:
        """What the unit must reach: what a decision hands down to it, else what the plan's own
        words ask.
        """
        cascaded = self.cascaded.get((binding.row, binding.indicator, year))
        if cascaded is not None:
            return cascaded.required
        target = binding.targets.get(year)
        return self.reader.required(target, self._indicator(binding), year, whole=self.whole)

    def _sum_of_earlier_years(self, binding: Binding, year: int) -> Fraction | None:
        """What earlier years add to a target that is one for the whole term; None where a year
        stands for itself.

        Example: 25 houses "cả nhiệm kỳ", of which 12 were built in the first two years: the third
        begins at 12.
        """
        indicator, target = self._indicator(binding), binding.targets.get(year)
        if target is None or target.target.applies not in _OF_THE_TERM:
            return None
        if self.reader.ledger.library.term(indicator) is not TermRule.SUM:
            return None
        total = Fraction(0)
        for earlier in self.plan.years:
            value = self.trajectories.value(indicator, earlier) if earlier < year else None
            if value is not None:
                total += value
        return total

    def _progress(self, binding: Binding, year: int) -> Progress | None:
        if year != self.reader.today.year:
            return None
        step = self.required(binding, year - 1)
        return self.trajectories.progress(
            self._indicator(binding), year, self.required(binding, year), step
        )

    def binding(self, row: str, indicator: str) -> Binding:
        """Which targets an indicator has in a row; KeyError where it measures something else."""
        for binding in self.bindings.get(row, ()):
            if binding.indicator == indicator:
                return binding
        raise KeyError(indicator)

    def explain(self, row: str, indicator: str, year: int | None) -> Explanation:
        """The parts of one figure: each unit directly below, and the unit's own return where it
        sends one.

        Year None: the figure of the term.
        """
        reading, years = self._explained(row, indicator, year)
        elements = self.reader.ledger.library.elements
        denominator = reading.indicator.denominator
        if reading.indicator.unit_level:  # units are counted, nobody types them
            denominator = None
        return Explanation(
            reading=reading,
            years=years,
            numerator=elements[reading.indicator.numerator],
            denominator=None if denominator is None else elements[denominator],
            parts=self._parts(reading.indicator, years),
        )

    def _explained(
        self, row: str, indicator: str, year: int | None
    ) -> tuple[Reading, tuple[int, ...]]:
        if year is not None:
            return self.reading(self.binding(row, indicator), year), (year,)
        of_term = self.term(row, indicator)
        return of_term, of_term.term.years

    def _parts(self, indicator: Indicator, years: Iterable[int]) -> tuple[Contribution, ...]:
        """What each unit brings in these years together."""
        by_unit: dict[str, list[Contribution]] = {}
        for year in years:
            for part in contributions(self.reader, indicator, year):
                by_unit.setdefault(part.unit, []).append(part)
        return tuple(
            # The figure of several years is of the unit as it was called in the last.
            replace(parts[-1], figure=combined_figure([part.figure for part in parts]))
            for parts in by_unit.values()
        )
