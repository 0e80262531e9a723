"""A figure on its way: how far it should be by now, how far it will come, what is left to bring.

Every method is simple enough to be said in one line beside its answer, and is silent below
`POINTS` points (docs/arithmetic.md, "Pace" and "Outlook").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import combinations
from math import ceil, floor
from statistics import median

from toankhoa.core.basics import Frequency, Period
from toankhoa.core.measures import Path
from toankhoa.core.results.missing import added, present
from toankhoa.core.results.trajectory import Trajectory
from toankhoa.core.totals import MONTHS

POINTS = 3
MARGIN = Fraction(1, 20)  # on course: within 5% of what is expected by then


class ForecastMethod(StrEnum):
    """How a projection was made."""

    SEASON = "season"  # so far + what the rest of the year brought in earlier years
    RATE = "rate"  # so far + what a period of this year brought, for each period left
    TREND = "trend"  # the line through the years before


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """Where a figure will be at the end of its span, and between which bounds.

    `points`: on how many figures of the past it rests.
    """

    method: ForecastMethod
    points: int
    low: Fraction
    middle: Fraction
    high: Fraction

    def within(self, ceiling: Fraction | None) -> Projection:
        """The same, never below 0 and never above the ceiling, where there is one."""
        return replace(
            self,
            low=_clamped(self.low, ceiling),
            middle=_clamped(self.middle, ceiling),
            high=_clamped(self.high, ceiling),
        )

    def raised_by(self, amount: Fraction) -> Projection:
        """With what is known already on top."""
        return replace(
            self, low=self.low + amount, middle=self.middle + amount, high=self.high + amount
        )

    def plus(self, later: Projection) -> Projection:
        """With a later year's on top: bounds add up, and it is as sure as the less sure of both."""
        return replace(
            self,
            points=min(self.points, later.points),
            low=self.low + later.low,
            middle=self.middle + later.middle,
            high=self.high + later.high,
        )


def _clamped(amount: Fraction, ceiling: Fraction | None) -> Fraction:
    amount = max(amount, Fraction(0))
    if ceiling is None:
        return amount
    return min(amount, ceiling)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedPath:
    """The way a figure is expected to take from `start` to the amount that meets its target.

    `share`: the part of that way that should have been covered by the last day that reports were
    due. None: nothing can be expected (before a deadline; where the start is not known).
    """

    shape: Path
    start: Fraction | None
    share: Fraction | None

    def expected(self, goal: Fraction) -> Fraction | None:
        """How far a figure on its way to `goal` should have come: half-way from 60 to 20 is 40."""
        if self.start is None or self.share is None:
            return None
        return self.start + (goal - self.start) * self.share


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How a figure has come along by the last day that reports were due.

    `ends`: last day of the span (a year, the term); `by`: last day that reports were due, None
    before the first; `so_far`: how far it had come by then. `left` periods of a `frequency` are
    still to come; `best` is the most that as many ever brought, `fall` the most that they ever took
    away. `adds_up`: what comes is added to what is there, and never taken away.
    """

    adds_up: bool
    ends: date
    by: date | None
    so_far: Fraction | None
    path: ExpectedPath
    frequency: Frequency
    left: int
    best: Fraction | None
    projection: Projection | None
    fall: Fraction | None = None

    def with_earlier_years(self, amount: Fraction | None) -> Progress:
        """The same on top of what earlier years brought towards a target of the whole term."""
        if amount is None:
            return self
        return replace(
            self,
            so_far=added(self.so_far, amount),
            path=replace(self.path, start=added(self.path.start, amount)),
            projection=self.projection.raised_by(amount) if self.projection else None,
        )


class Tempo(StrEnum):
    """Where a figure is beside its path."""

    AHEAD = "ahead"
    ON = "on"
    BEHIND = "behind"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What was expected by a day, and what was there."""

    by: date
    expected: Fraction
    actual: Fraction
    tempo: Tempo
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Remainder:
    """What each of the periods left must bring, and the most that each of as many ever brought.

    `best`: None where nothing is known of it. Not `up`: what each must take away.
    """

    left: int
    frequency: Frequency
    needed: Fraction
    best: Fraction | None
    up: bool = True

    @property
    def unheard_of(self) -> bool:
        """Whether it would take more than was ever reached: the early warning."""
        return self.best is not None and self.needed > self.best


# Pace


def pace(progress: Progress, goal: Fraction, *, more_is_better: bool, whole: bool) -> Pace | None:
    """How a figure is doing beside its path to `goal`.

    None where nothing is expected yet or nothing is known. `whole`: it counts things that cannot be
    halved.
    """
    expected = progress.path.expected(goal)
    if expected is None or progress.by is None or progress.so_far is None:
        return None
    tempo = _tempo(progress.so_far, expected, more_is_better=more_is_better, whole=whole)
    return Pace(
        by=progress.by,
        expected=expected,
        actual=progress.so_far,
        tempo=tempo,
        path=progress.path.shape,
    )


def _tempo(actual: Fraction, expected: Fraction, *, more_is_better: bool, whole: bool) -> Tempo:
    """On course within `MARGIN` of what is expected.

    Of things that cannot be halved the bounds are rounded outwards, so that 1 of an expected 1,5 is
    on course.
    """
    margin = MARGIN * abs(expected)
    low, high = expected - margin, expected + margin
    if whole:
        low, high = Fraction(floor(low)), Fraction(ceil(high))
    if low <= actual <= high:
        return Tempo.ON
    is_more = actual > high
    return Tempo.AHEAD if is_more == more_is_better else Tempo.BEHIND


def usual_share(earlier: Iterable[Trajectory], period: int) -> Fraction | None:
    """What part of a year's figure had come by the end of a period in earlier years.

    All of them together: 40 of 100 and 10 of 20 are 50 of 120. None where no year knows it.
    """
    by_then, by_the_end = Fraction(0), Fraction(0)
    for trajectory in earlier:
        reached, end = trajectory.reached_by(period), trajectory.reached[-1]
        if reached is not None and end:
            by_then += reached
            by_the_end += end
    return by_then / by_the_end if by_the_end else None


# Outlook


def by_season(
    so_far: Fraction | None, earlier: Iterable[Trajectory], period: int
) -> Projection | None:
    """So far, and what the rest of the year brought in earlier years: median, least and most."""
    gains = _gains(earlier, period)
    if so_far is None or len(gains) < POINTS:
        return None
    return _spread(ForecastMethod.SEASON, gains).raised_by(so_far)


def by_rate(trajectory: Trajectory, period: int) -> Projection | None:
    """So far, and for each period left what one of this year brought: median, least and most."""
    so_far = trajectory.reached_by(period)
    steps = present(trajectory.steps[:period])
    if not trajectory.adds_up or so_far is None or len(steps) < POINTS:
        return None
    left = len(trajectory.reached) - period
    return _spread(ForecastMethod.RATE, [step * left for step in steps]).raised_by(so_far)


def by_trend(points: Mapping[int, Fraction], year: int) -> Projection | None:
    """The line through the years before, bounded by how far these lie from it.

    Theil–Sen: its slope is the median of the slopes between any two years, so one wild year does
    not bend it. The bounds widen by as much again for every further year.
    """
    if len(points) < POINTS:
        return None
    slopes: list[Fraction] = []
    for first, second in combinations(sorted(points), 2):
        slopes.append((points[second] - points[first]) / (second - first))
    slope = median(slopes)
    at_zero = median([amount - slope * known for known, amount in points.items()])
    distances = [amount - slope * known - at_zero for known, amount in points.items()]
    years_ahead = max(year - max(points), 1)
    middle = at_zero + slope * year
    return Projection(
        method=ForecastMethod.TREND,
        points=len(points),
        low=middle + min(distances) * years_ahead,
        middle=middle,
        high=middle + max(distances) * years_ahead,
    )


def _spread(method: ForecastMethod, outcomes: Sequence[Fraction]) -> Projection:
    return Projection(
        method=method,
        points=len(outcomes),
        low=min(outcomes),
        middle=median(outcomes),
        high=max(outcomes),
    )


def _gains(earlier: Iterable[Trajectory], period: int) -> list[Fraction]:
    """What the rest of the year brought after a period, in each year that knows it."""
    return present(trajectory.gain_after(period) for trajectory in earlier)


# The rest


def remainder(progress: Progress, goal: Fraction, *, up: bool = True) -> Remainder | None:
    """What each period left must bring to reach `goal`; not `up`: what it must take away.

    None where nothing is left to come or to reach, or where what adds up would have to come down.
    """
    if progress.so_far is None or not progress.left or (progress.adds_up and not up):
        return None
    missing, best = goal - progress.so_far, progress.best
    if not up:
        missing, best = progress.so_far - goal, progress.fall
    if missing <= 0:
        return None
    if best is not None:
        best = max(best, Fraction(0)) / progress.left
    return Remainder(
        left=progress.left,
        frequency=progress.frequency,
        needed=missing / progress.left,
        best=best,
        up=up,
    )


def best_run(trajectories: Iterable[Trajectory], length: int) -> Fraction | None:
    """The most that so many periods on end ever brought, in any part of any year or across years.

    None where no such run is known whole.
    """
    if not length:
        return None
    steps = _steps_in_a_row(trajectories)
    sums: list[Fraction] = []
    for start in range(len(steps) - length + 1):
        run = present(steps[start : start + length])
        if len(run) == length:
            sums.append(sum(run, Fraction(0)))
    return max(sums, default=None)


def _steps_in_a_row(trajectories: Iterable[Trajectory]) -> list[Fraction | None]:
    """What each period brought, year after year; None also between years with a gap in between."""
    steps: list[Fraction | None] = []
    year_before: int | None = None
    for trajectory in sorted(trajectories, key=lambda trajectory: trajectory.year):
        if year_before is not None and trajectory.year != year_before + 1:
            steps.append(None)
        steps.extend(trajectory.steps)
        year_before = trajectory.year
    return steps


def best_gain(earlier: Iterable[Trajectory], period: int) -> Fraction | None:
    """The most that the same part of a year ever brought, of a figure that is no sum of periods."""
    return max(_gains(earlier, period), default=None)


def worst_fall(earlier: Iterable[Trajectory], period: int) -> Fraction | None:
    """The most that the same part of a year ever took away."""
    return max([-gain for gain in _gains(earlier, period)], default=None)


# A year that is running


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningYear:
    """A year that is not over, and what is known of the years before it.

    `trajectory`: how it came along; `value`: its figure by now; `periods_due`: how many of its
    periods have ended, so that their reports are due. `earlier` and `earlier_values`: trajectories
    and figures of the years before. `ceiling`: the most that the figure can be, None where nothing
    bounds it.
    """

    trajectory: Trajectory
    value: Fraction | None
    periods_due: int
    earlier: Sequence[Trajectory]
    earlier_values: Mapping[int, Fraction]
    ceiling: Fraction | None = None

    @property
    def periods_left(self) -> int:
        """How many of its periods are still to come, the open one among them."""
        return len(self.trajectory.reached) - self.periods_due

    @property
    def due_until(self) -> date | None:
        """Last day of the last period that is due; None before the first."""
        if not self.periods_due:
            return None
        year, frequency = self.trajectory.year, self.trajectory.frequency
        return Period(year, self.periods_due, frequency).last_day

    @property
    def so_far(self) -> Fraction | None:
        """How far the figure had come by that day.

        What was sent early for the open period is no part of what adds up; of everything else the
        year's figure is the last value that is known.
        """
        if self.trajectory.adds_up:
            return self.trajectory.reached_by(self.periods_due)
        return self.value if self.periods_due else None


def year_progress(year: RunningYear, path: Path, start: Fraction | None) -> Progress:
    """How a year that is running has come along on a path that begins at `start`."""
    trajectory = year.trajectory
    best, fall = _best_and_fall(year)
    return Progress(
        adds_up=trajectory.adds_up,
        ends=date(trajectory.year, MONTHS, 31),
        by=year.due_until,
        so_far=year.so_far,
        path=_year_path(year, path, start),
        frequency=trajectory.frequency,
        left=year.periods_left,
        best=best,
        fall=fall,
        projection=_year_projection(year),
    )


def _year_path(year: RunningYear, path: Path, start: Fraction | None) -> ExpectedPath:
    """Where no earlier year tells a season, the path is even."""
    if path is Path.DEADLINE:
        return ExpectedPath(shape=path, start=start, share=None)
    if path is Path.STEPS:
        return ExpectedPath(shape=path, start=start, share=Fraction(0))
    if path is Path.SEASONAL:
        share = usual_share(year.earlier, year.periods_due)
        if share is not None:
            return ExpectedPath(shape=path, start=start, share=share)
    share = Fraction(year.periods_due, len(year.trajectory.reached))
    return ExpectedPath(shape=Path.EVEN, start=start, share=share)


def _best_and_fall(year: RunningYear) -> tuple[Fraction | None, Fraction | None]:
    """The most that as many periods as are left ever brought, and ever took away."""
    if year.trajectory.adds_up:
        return best_run([*year.earlier, year.trajectory], year.periods_left), None
    return (
        best_gain(year.earlier, year.periods_due),
        worst_fall(year.earlier, year.periods_due),
    )


def _year_projection(year: RunningYear) -> Projection | None:
    """By the first method that has enough to go by.

    The trend knows nothing of what came this year, so it speaks only while nothing has come.
    """
    projection: Projection | None
    if all(amount is None for amount in year.trajectory.reached):
        projection = by_trend(year.earlier_values, year.trajectory.year)
    else:
        projection = by_season(year.so_far, year.earlier, year.periods_due)
        if projection is None:
            projection = by_rate(year.trajectory, year.periods_due)
    if projection is None:
        return None
    return projection.within(year.ceiling)
