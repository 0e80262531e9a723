"""How the figures of a unit came along, period by period, out of the rows that its reader has
already.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from toankhoa.core.basics import periods_of, year_key
from toankhoa.core.measures import Indicator, IndicatorKind, Path, TimeRule
from toankhoa.core.plan import Comparator
from toankhoa.core.results import (
    Progress,
    Trajectory,
    frequency_of,
    goal,
    trajectory_of,
    year_progress,
)
from toankhoa.core.targets import Required
from toankhoa.core.totals import MONTHS, Figure
from toankhoa.reporting.reading.unit_reader import UnitReader

_ALL = Fraction(100)
_COMPARED = (Comparator.CHANGE, Comparator.KEEP)


class Trajectories:
    """Figures and courses of a reader's indicators, each worked out once."""

    def __init__(self, reader: UnitReader) -> None:
        self.reader = reader
        self.library = reader.ledger.library
        self._figures: dict[tuple[str, int], Figure] = {}
        self._courses: dict[tuple[str, int], Trajectory] = {}
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
        if key not in self._courses:
            months = [self.reader.cell(year_key(year) + month) for month in range(1, MONTHS + 1)]
            level = indicator.unit_level
            units = self.reader.count(level, self.reader.tree(year)) if level else 0
            self._courses[key] = trajectory_of(
                indicator, self.library, year, months, self.reader.year(year), units
            )
        return self._courses[key]

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
        today = self.reader.today
        due = [
            period
            for period in periods_of(year, frequency_of(indicator, self.library))
            if period.over(today)
        ]
        before = [each for each in self.reader.years if each < year]
        points = {
            each: value for each in before if (value := self.value(indicator, each)) is not None
        }
        return year_progress(
            self.trajectory(indicator, year),
            [self.trajectory(indicator, each) for each in before],
            ends=date(year, MONTHS, 31),
            by=due[-1].last_day if due else None,
            period=len(due),
            value=self.value(indicator, year),
            path=self.library.path(indicator),
            start=self._start(indicator, year, need, step),
            points=points,
            ceiling=self.ceiling(indicator, year),
        )

    def _start(
        self, indicator: Indicator, year: int, need: Required | None, step: Required | None
    ) -> Fraction | None:
        """Where the year's path begins: what is counted anew each year at 0, a stock where it
        stood.
        """
        path, before = self.library.path(indicator), self.value(indicator, year - 1)
        if path is Path.STEPS:
            if need is not None and need.comparator in _COMPARED:
                return before
            more = indicator.more_is_better
            return (
                None
                if step is None
                else goal(step, self.value(indicator, year - 2), more_is_better=more)
            )
        stands = self.library.elements[indicator.numerator].time is TimeRule.STOCK
        return before if stands and path is Path.EVEN else Fraction(0)

    def ceiling(self, indicator: Indicator, year: int) -> Fraction | None:
        """The most a figure can be: all, where it counts a part of something; None where nothing
        bounds it.
        """
        elements = self.library.elements
        top = elements[indicator.numerator]
        if indicator.kind is IndicatorKind.RATIO:
            whole = top.derived.element if top.derived else top.of
            return _ALL if indicator.unit_level or whole == indicator.denominator else None
        if indicator.kind is IndicatorKind.MILESTONE or top.derived or top.yes_no:
            return Fraction(self.reader.reporters(indicator, year))
        return None
