"""How a plan's whole term has come along: closed years, the running one, years to come.

The years either add up, or the figure of the last one is the term's (docs/arithmetic.md, "The whole
term"). `TermTrajectory.progress` is what `assess` needs to know of a term that is still running.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from toankhoa.core.basics import Frequency
from toankhoa.core.measures import Path, TermRule
from toankhoa.core.results.assessment import Result
from toankhoa.core.results.forecast import ExpectedPath, Progress, Projection, best_run, by_trend
from toankhoa.core.results.trajectory import Trajectory
from toankhoa.core.totals import MONTHS


@dataclass(frozen=True, slots=True, kw_only=True)
class TermYear:
    """One year of the term.

    `has_target`: whether the plan sets a level for the year itself; `over`: whether it has ended.
    `progress` is that of the running year, whether it has a target or not.
    """

    year: int
    result: Result
    has_target: bool
    over: bool
    progress: Progress | None = None

    @property
    def value(self) -> Fraction | None:
        """Its figure."""
        return self.result.figure.value


@dataclass(frozen=True, slots=True, kw_only=True)
class TermTrajectory:
    """The term of one indicator, up to the year that its target is for.

    `path`: the indicator's; `years`: in order; `has_yearly_targets`: whether the plan sets a level
    for some year; `trajectories`: those of the years that have begun, period by period; `ceiling`:
    the most that a year's figure can be.
    """

    rule: TermRule
    path: Path
    years: Sequence[TermYear]
    has_yearly_targets: bool
    trajectories: Sequence[Trajectory]
    ceiling: Fraction | None

    @property
    def last_year(self) -> int:
        """The year that the target is for."""
        return self.years[-1].year

    @property
    def ends(self) -> date:
        """Last day of that year."""
        return _last_day(self.last_year)

    @property
    def closed_years(self) -> list[TermYear]:
        """Those that are over."""
        return [year for year in self.years if year.over]

    @property
    def closed_values(self) -> dict[int, Fraction]:
        """The figures of the years that are over, by year; a missing one is left out."""
        return {year.year: year.value for year in self.closed_years if year.value is not None}

    def progress(self) -> Progress | None:
        """How the term has come along; None before its first year and after its last one."""
        if self.years[-1].over:
            return None
        if self.rule is TermRule.SUM:
            return self._sum_progress()
        progress = self.years[-1].progress
        if progress is None:
            return self._closed_progress()
        if self.has_yearly_targets:
            return progress
        return self._on_straight_line(progress)

    # Years that add up

    def _sum_progress(self) -> Progress | None:
        """That of the running year, with what closed years brought and what later ones may."""
        for year in self.years:
            if year.progress is not None:
                return self._sum_of_years(year, year.progress)
        return None

    def _sum_of_years(self, running: TermYear, progress: Progress) -> Progress:
        known = list(self.closed_values.values())
        if progress.so_far is not None:
            known.append(progress.so_far)
        by = progress.by
        if by is None and self.closed_years:
            by = _last_day(self.closed_years[-1].year)
        periods_a_year = MONTHS // progress.frequency.months
        left = progress.left + len(self._years_to_come) * periods_a_year
        return replace(
            progress,
            ends=self.ends,
            by=by,
            so_far=sum(known, Fraction(0)) if known else None,
            path=self._sum_path(running, progress),
            left=left,
            best=best_run(self.trajectories, left),
            projection=self._sum_projection(progress.projection),
        )

    @property
    def _years_to_come(self) -> Sequence[TermYear]:
        """Those after the running one."""
        return self.years[len(self.closed_years) + 1 :]

    def _sum_path(self, running: TermYear, progress: Progress) -> ExpectedPath:
        """By the levels of the years; evenly where there are none, or not all are known here."""
        if not any(year.has_target for year in self.years) and self.path is Path.DEADLINE:
            return ExpectedPath(shape=self.path, start=Fraction(0), share=None)
        goals = self._yearly_goals()
        if not goals:
            share = self._even_share(progress.by)
            return ExpectedPath(shape=Path.EVEN, start=Fraction(0), share=share)
        due = goals.get(running.year, Fraction(0)) * (progress.path.share or 0)
        for year in self.closed_years:
            due += goals.get(year.year, Fraction(0))
        share = due / sum(goals.values())
        return ExpectedPath(shape=Path.STEPS, start=Fraction(0), share=share)

    def _even_share(self, by: date | None) -> Fraction:
        """What part of the term's months is over by a day of the running year."""
        months = MONTHS * len(self.closed_years)
        if by is not None:
            months += by.month
        return Fraction(months, MONTHS * len(self.years))

    def _yearly_goals(self) -> dict[int, Fraction]:
        """What each year has to bring; empty unless all is known and makes an amount."""
        goals: dict[int, Fraction] = {}
        for year in self.years:
            if not year.has_target:
                continue
            if year.result.goal is None:
                return {}
            goals[year.year] = year.result.goal
        return goals if sum(goals.values()) else {}

    def _sum_projection(self, this_year: Projection | None) -> Projection | None:
        """What closed years brought, the running year's outlook, the trend of each year to come."""
        closed_values = self.closed_values
        projection = this_year
        for year in self._years_to_come:
            trend = by_trend(closed_values, year.year)
            if projection is None or trend is None:
                return None
            projection = projection.plus(trend.within(self.ceiling))
        if projection is None:
            return None
        return projection.raised_by(sum(closed_values.values(), Fraction(0)))

    # The figure of the last year

    def _closed_progress(self) -> Progress | None:
        """Of a figure that a later year brings: read at the end of the last year that is over."""
        values = self.closed_values
        if not values:
            return None
        last_known = max(values)
        left = self.last_year - last_known
        gains = self._gains_over(left)
        trend = by_trend(values, self.last_year)
        progress = Progress(
            adds_up=False,
            ends=self.ends,
            by=_last_day(last_known),
            so_far=values[last_known],
            path=ExpectedPath(shape=Path.EVEN, start=None, share=None),
            frequency=Frequency.YEAR,
            left=left,
            best=max(gains, default=None),
            fall=max([-gain for gain in gains], default=None),
            projection=None if trend is None else trend.within(self.ceiling),
        )
        step = self._last_closed_step()
        if step is None:
            return self._on_straight_line(progress)
        path = ExpectedPath(shape=Path.STEPS, start=step, share=Fraction(0))
        return replace(progress, path=path)

    def _gains_over(self, years: int) -> list[Fraction]:
        """What so many years on end brought, for each pair of closed years that far apart."""
        values = self.closed_values
        gains: list[Fraction] = []
        for start, value in values.items():
            if start + years in values:
                gains.append(values[start + years] - value)
        return gains

    def _last_closed_step(self) -> Fraction | None:
        """What the plan asks of the last closed year that has a target of its own."""
        for year in reversed(self.closed_years):
            if year.has_target:
                return year.result.goal
        return None

    def _on_straight_line(self, progress: Progress) -> Progress:
        """On the straight line from the first year that is known to the end of the term."""
        if self.path is Path.DEADLINE:
            return replace(progress, path=replace(progress.path, shape=self.path, share=None))
        values, by = self.closed_values, progress.by
        first_known = min(values, default=self.last_year)
        if by is None or first_known >= self.last_year:
            return replace(progress, path=replace(progress.path, start=None, share=None))
        # The line begins at the end of the first year, so the years after it are counted.
        months = MONTHS * (by.year - first_known - 1) + by.month
        share = Fraction(months, MONTHS * (self.last_year - first_known))
        path = ExpectedPath(shape=Path.EVEN, start=values[first_known], share=share)
        return replace(progress, path=path)


def _last_day(year: int) -> date:
    return date(year, MONTHS, 31)
