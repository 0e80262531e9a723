"""How the figures of a unit came along, period by period, out of the rows that its reader has
already.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from toankhoa.core.basics import Period, periods_of
from toankhoa.core.measures import Indicator, IndicatorKind, Path, TimeRule
from toankhoa.core.plan import Comparator
from toankhoa.core.results import (
    Progress,
    RunningYear,
    Trajectory,
    frequency_of,
    goal,
    trajectory_of,
    year_progress,
)
from toankhoa.core.targets import Required
from toankhoa.core.totals import MONTHS, Figure
from toankhoa.reporting.reading.unit_reader import UnitReader

_ALL = Fraction(100)  # per cent
_COMPARED = (Comparator.CHANGE, Comparator.KEEP)


class Trajectories:
    """Figures and trajectories of a reader's indicators, each worked out once."""

    def __init__(self, reader: UnitReader) -> None:
        self.reader = reader
        self.library = reader.ledger.library
        self._figures: dict[tuple[str, int], Figure] = {}
        self._trajectories: dict[tuple[str, int], Trajectory] = {}
        self._progress: dict[tuple[str, int, Required | None, Required | None], Progress] = {}

    def figure(self, indicator: Indicator, year: int) -> Figure:
        """See `UnitReader.figure`."""
        key = indicator.code, year
        if key not in self._figures:
            self._figures[key] = self.reader.figure(indicator, year)
        return self._figures[key]

    def value(self, indicator: Indicator, year: int) -> Fraction | None:
        """A year's figure; None where it is missing or the plan does not reach back so far."""
        return self.figure(indicator, year).value if year in self.reader.years else None

    def trajectory(self, indicator: Indicator, year: int) -> Trajectory:
        """See `core.results.trajectory.trajectory_of`."""
        key = indicator.code, year
        if key not in self._trajectories:
            months = self.reader.rows.months(year)
            level = indicator.unit_level
            units = self.reader.count(level, self.reader.tree(year)) if level else 0
            self._trajectories[key] = trajectory_of(
                indicator, self.library, year, months, self.reader.year(year), units
            )
        return self._trajectories[key]

    def trajectories(self, indicator: Indicator) -> list[Trajectory]:
        """Those of every year that has begun."""
        return [
            self.trajectory(indicator, year)
            for year in self.reader.years
            if year <= self.reader.today.year
        ]

    def over(self, year: int) -> bool:
        """Whether no more can come."""
        return date(year, MONTHS, 31) < self.reader.today

    def progress(
        self, indicator: Indicator, year: int, need: Required | None, step: Required | None
    ) -> Progress:
        """How the year that is running has come along.

        `need`: what is asked of the year here; `step`: what was asked of the one before.
        """
        key = indicator.code, year, need, step
        if key not in self._progress:
            self._progress[key] = self._come_along(indicator, year, need, step)
        return self._progress[key]

    def _come_along(
        self, indicator: Indicator, year: int, need: Required | None, step: Required | None
    ) -> Progress:
        earlier_years = [earlier for earlier in self.reader.years if earlier < year]
        running = RunningYear(
            trajectory=self.trajectory(indicator, year),
            value=self.value(indicator, year),
            periods_due=len(self._periods_over(indicator, year)),
            earlier=[self.trajectory(indicator, earlier) for earlier in earlier_years],
            earlier_values=self._values(indicator, earlier_years),
            ceiling=self.ceiling(indicator, year),
        )
        start = self._start(indicator, year, need, step)
        return year_progress(running, self.library.path(indicator), start)

    def _periods_over(self, indicator: Indicator, year: int) -> list[Period]:
        """The reporting periods of a year that have ended by today."""
        periods = periods_of(year, frequency_of(indicator, self.library))
        return [period for period in periods if period.over(self.reader.today)]

    def _values(self, indicator: Indicator, years: Iterable[int]) -> dict[int, Fraction]:
        """The figures of those of these years that have one."""
        values = {}
        for year in years:
            value = self.value(indicator, year)
            if value is not None:
                values[year] = value
        return values

    def _start(
        self, indicator: Indicator, year: int, need: Required | None, step: Required | None
    ) -> Fraction | None:
        """Where the year's path begins: what is counted anew each year at 0, a stock where it was.

        See docs/arithmetic.md, "Pace".
        """
        path, before = self.library.path(indicator), self.value(indicator, year - 1)
        if path is Path.STEPS:
            return self._start_of_steps(indicator, year, need, step)
        is_stock = self.library.elements[indicator.numerator].time is TimeRule.STOCK
        return before if is_stock and path is Path.EVEN else Fraction(0)

    def _start_of_steps(
        self, indicator: Indicator, year: int, need: Required | None, step: Required | None
    ) -> Fraction | None:
        """Of what is reached in steps: where last year's step led, or where it was if the year is
        held against that.
        """
        if need is not None and need.comparator in _COMPARED:
            return self.value(indicator, year - 1)
        if step is None:
            return None
        before_step = self.value(indicator, year - 2)
        return goal(step, before_step, more_is_better=indicator.more_is_better)

    def ceiling(self, indicator: Indicator, year: int) -> Fraction | None:
        """The most a figure can be: all, where it counts a part of something; None where nothing
        bounds it.
        """
        elements = self.library.elements
        top = elements[indicator.numerator]
        if indicator.kind is IndicatorKind.RATIO:
            whole = top.derived.element if top.derived else top.of
            counts_a_part = indicator.unit_level or whole == indicator.denominator
            return _ALL if counts_a_part else None
        if indicator.kind is IndicatorKind.MILESTONE or top.derived or top.yes_no:
            return Fraction(self.reader.reporters(indicator, year))
        return None
