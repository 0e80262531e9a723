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
    YearCell,
    YearOf,
    assess,
    term_result,
    together,
)
from toankhoa.core.review import Binding
from toankhoa.core.targets import CascadedTarget, Required
from toankhoa.reporting.reading.trajectories import Trajectories
from toankhoa.reporting.reading.unit_reader import Contribution, UnitReader, contributions
from toankhoa.reporting.totals.posting import Ledger

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
    """A published plan as it stands for one unit.

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
        return [
            (row.code, binding.indicator, year)
            for row in self.plan.rows()
            for year in (*self.plan.years, None)
            for binding in self.bindings.get(row.code, ())
        ]

    def lines(self) -> list[PlanLine]:
        """Every row of the plan with its readings."""
        return [self._line(row) for row in self.plan.rows()]

    def _line(self, row: Objective | Activity) -> PlanLine:
        by_indicator = [
            [self.reading(binding, year) for year in self.plan.years]
            for binding in self.bindings.get(row.code, ())
        ]
        words = row.commitments if isinstance(row, Activity) else {}
        cells = tuple(
            YearCell(
                year=year,
                commitment=words.get(year),
                readings=tuple(each[place] for each in by_indicator),
            )
            for place, year in enumerate(self.plan.years)
        )
        bindings = self.bindings.get(row.code, ())
        term = tuple(
            self._term(binding, years)
            for binding, years in zip(bindings, by_indicator, strict=True)
        )
        return PlanLine(row=row, cells=cells, term=term)

    def reading(self, binding: Binding, year: int) -> Reading:
        """Where one indicator stands in one year.

        What was handed down takes the place of what the plan's words ask.
        """
        indicator, target = self._indicator(binding), binding.targets.get(year)
        cascaded = self.cascaded.get((binding.row, binding.indicator, year))
        need = self.required(binding, year)
        brought = self._brought(binding, year)
        progress = self._progress(binding, year)
        result = assess(
            indicator=indicator,
            figure=self.trajectories.figure(indicator, year),
            target=need,
            due=target is not None and (cascaded is None or need is not None),
            year_over=self.trajectories.over(year),
            applies=self.reader.reporters(indicator, year) > 0,
            before=self.trajectories.value(indicator, year - 1),
            brought=brought,
            progress=progress and progress.after(brought),
        )
        return Reading(
            indicator=indicator, year=year, target=target, result=result, cascaded=cascaded
        )

    def term(self, row: str, indicator: str) -> TermReading:
        """Where one indicator stands in the whole term; KeyError as `binding`."""
        binding = self.binding(row, indicator)
        return self._term(binding, [self.reading(binding, year) for year in self.plan.years])

    def _term(self, binding: Binding, years: Sequence[Reading]) -> TermReading:
        indicator, last = self._indicator(binding), self.plan.years[-1]
        result = term_result(
            indicator=indicator,
            rule=self.reader.ledger.library.term(indicator),
            path=self.reader.ledger.library.path(indicator),
            years=[self._year_of(binding, reading) for reading in years],
            asked=self.reader.required(binding.term, indicator, last, whole=self.whole),
            due=binding.term is not None
            or any(reading.result.level is not Level.NOT_DUE for reading in years),
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

    def _year_of(self, binding: Binding, reading: Reading) -> YearOf:
        of_the_term = reading.target is not None and reading.target.target.applies in _OF_THE_TERM
        silent = reading.result.level in (Level.NOT_DUE, Level.NOT_APPLICABLE)
        return YearOf(
            year=reading.year,
            result=reading.result,
            asked=not silent and (reading.cascaded is not None or not of_the_term),
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

    def _brought(self, binding: Binding, year: int) -> Fraction | None:
        """What earlier years brought, where the year's target is one for the whole term and the
        years add up.
        """
        indicator, target = self._indicator(binding), binding.targets.get(year)
        if target is None or target.target.applies not in _OF_THE_TERM:
            return None
        if self.reader.ledger.library.term(indicator) is not TermRule.SUM:
            return None
        values = (
            self.trajectories.value(indicator, each) for each in self.plan.years if each < year
        )
        return sum((value for value in values if value is not None), Fraction(0))

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
        bottom = reading.indicator.denominator
        return Explanation(
            reading=reading,
            years=years,
            numerator=elements[reading.indicator.numerator],
            denominator=None
            if bottom is None or reading.indicator.unit_level
            else elements[bottom],
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
            replace(parts[-1], figure=together([part.figure for part in parts]))
            for parts in by_unit.values()
        )
