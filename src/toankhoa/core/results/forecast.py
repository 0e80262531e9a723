"""A figure on its way: how far it should have come by now, how far it will likely come, what the rest would take.

Every method is simple enough to be said in one line beside its answer, and is silent below `POINTS` points.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import combinations, pairwise

from toankhoa.core.basics import Frequency
from toankhoa.core.measures import Path
from toankhoa.core.results.trajectory import Trajectory

POINTS = 3
MARGIN = Fraction(1, 20)  # on course: within 5% of what is expected by then


class ForecastMethod(StrEnum):
    """How a projection was made."""

    SEASON = "season"  # so far + what the rest of the year brought in earlier years
    RATE = "rate"  # so far + what a period of this year brought, for each period left
    TREND = "trend"  # the line through the years before


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """Where a figure will stand at the end of its span, and between which bounds. `points`: on how many it rests."""

    method: ForecastMethod
    points: int
    low: Fraction
    middle: Fraction
    high: Fraction

    def within(self, ceiling: Fraction | None) -> Projection:
        """The same, below nothing and above no ceiling."""

        def held(value: Fraction) -> Fraction:
            value = max(value, Fraction(0))
            return value if ceiling is None else min(value, ceiling)

        return replace(self, low=held(self.low), middle=held(self.middle), high=held(self.high))

    def plus(self, other: Projection | Fraction) -> Projection:
        """With another year's on top, or with what is already known; bounds add up."""
        if isinstance(other, Fraction):
            return replace(
                self, low=self.low + other, middle=self.middle + other, high=self.high + other
            )
        return Projection(
            method=self.method,
            points=min(self.points, other.points),
            low=self.low + other.low,
            middle=self.middle + other.middle,
            high=self.high + other.high,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How a figure has come along by the last day that reports were due.

    `ends`: last day of the span (a year, the term); `by`: last day that reports were due, None before the first;
    `so_far`: how far it had come by then. The path goes from `start`, of which the part `share` should lie behind;
    None where nothing can be expected. `left` periods of a `frequency` are still to come; `best` is the most that as
    many ever brought, `fall` the most that they ever took away. `adds_up`: what comes is added to what is there, and
    never taken away.
    """

    adds_up: bool
    ends: date
    by: date | None
    so_far: Fraction | None
    path: Path
    start: Fraction | None
    share: Fraction | None
    frequency: Frequency
    left: int
    best: Fraction | None
    projection: Projection | None
    fall: Fraction | None = None

    def after(self, brought: Fraction | None) -> Progress:
        """The same with what earlier years brought towards a target of the whole term."""
        if brought is None:
            return self
        return replace(
            self,
            so_far=None if self.so_far is None else self.so_far + brought,
            start=None if self.start is None else self.start + brought,
            projection=self.projection and self.projection.plus(brought),
        )


class Tempo(StrEnum):
    """Where a figure stands beside its path."""

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
    """What each of the periods left must bring, and the most that each of as many ever brought (None: unknown).

    Not `up`: what each must take away.
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
    """How a figure stands beside its path to `goal`; None where nothing is expected yet or nothing is known.

    On course within `MARGIN` of what is expected; of things that cannot be halved (`whole`) the bounds are rounded
    outwards, so that 1 of an expected 1,5 is on course.
    """
    known = progress.by, progress.so_far, progress.start, progress.share
    by, so_far, start, share = known
    if by is None or so_far is None or start is None or share is None:
        return None
    expected = start + (goal - start) * share
    low, high = expected - MARGIN * abs(expected), expected + MARGIN * abs(expected)
    if whole:
        low, high = (
            Fraction(low.numerator // low.denominator),
            Fraction(-(-high.numerator // high.denominator)),
        )
    better, worse = (
        (so_far > high, so_far < low) if more_is_better else (so_far < low, so_far > high)
    )
    tempo = Tempo.AHEAD if better else Tempo.BEHIND if worse else Tempo.ON
    return Pace(by=by, expected=expected, actual=so_far, tempo=tempo, path=progress.path)


def usual_share(earlier: Iterable[Trajectory], period: int) -> Fraction | None:
    """What part of a year's figure had come by the end of a period in earlier years, all of them together."""
    both = [
        (at, trajectory.reached[-1])
        for trajectory in earlier
        if (at := trajectory.by(period)) is not None
    ]
    known = [(at, end) for at, end in both if end]
    whole = sum((end for _, end in known), Fraction(0))
    return sum((at for at, _ in known), Fraction(0)) / whole if whole else None


# Outlook


def by_season(
    so_far: Fraction | None, earlier: Iterable[Trajectory], period: int
) -> Projection | None:
    """So far, and what the rest of the year brought in each earlier year: the middle one, the least and the most."""
    gains = [gain for trajectory in earlier if (gain := trajectory.gain(period)) is not None]
    if so_far is None or len(gains) < POINTS:
        return None
    return _spread(ForecastMethod.SEASON, gains).plus(so_far)


def by_rate(trajectory: Trajectory, period: int) -> Projection | None:
    """So far, and for each period left what a period of this year brought: the middle one, the least and the most."""
    so_far, steps = (
        trajectory.by(period),
        [step for step in trajectory.steps[:period] if step is not None],
    )
    if not trajectory.adds_up or so_far is None or len(steps) < POINTS:
        return None
    left = len(trajectory.reached) - period
    return _spread(ForecastMethod.RATE, [step * left for step in steps]).plus(so_far)


def by_trend(points: Mapping[int, Fraction], year: int) -> Projection | None:
    """The line through the years before (Theil–Sen: the middle of all slopes), bounded by how far they lay from it.

    The bounds widen by as much again for every further year.
    """
    if len(points) < POINTS:
        return None
    slope = median([(points[b] - points[a]) / (b - a) for a, b in combinations(sorted(points), 2)])
    at = median([value - slope * when for when, value in points.items()])
    off = [value - slope * when - at for when, value in points.items()]
    middle, far = at + slope * year, max(year - max(points), 1)
    return Projection(
        method=ForecastMethod.TREND,
        points=len(points),
        low=middle + min(off) * far,
        middle=middle,
        high=middle + max(off) * far,
    )


def median(values: Sequence[Fraction]) -> Fraction:
    """The middle one, or half way between the middle two."""
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _spread(method: ForecastMethod, values: Sequence[Fraction]) -> Projection:
    return Projection(
        method=method, points=len(values), low=min(values), middle=median(values), high=max(values)
    )


# The rest


def remainder(progress: Progress, goal: Fraction, *, up: bool = True) -> Remainder | None:
    """What the periods left must bring (or take away) to reach `goal`; None where nothing is left to come, or to reach.

    What adds up cannot come down again.
    """
    if progress.so_far is None or not progress.left or (progress.adds_up and not up):
        return None
    missing = goal - progress.so_far if up else progress.so_far - goal
    best = progress.best if up else progress.fall
    if missing <= 0:
        return None
    return Remainder(
        left=progress.left,
        frequency=progress.frequency,
        needed=missing / progress.left,
        best=None if best is None else max(best, Fraction(0)) / progress.left,
        up=up,
    )


def best_run(trajectories: Iterable[Trajectory], length: int) -> Fraction | None:
    """The most that so many periods on end ever brought, in any part of any year; None where no such run is known."""
    steps: list[Fraction | None] = []
    years = sorted(trajectories, key=lambda trajectory: trajectory.year)
    for before, trajectory in pairwise((None, *years)):
        if before is not None and trajectory is not None and trajectory.year != before.year + 1:
            steps.append(None)
        steps.extend(trajectory.steps if trajectory else ())
    runs = [steps[start : start + length] for start in range(len(steps) - length + 1)]
    sums = [
        sum((step for step in run if step is not None), Fraction(0))
        for run in runs
        if None not in run
    ]
    return max(sums, default=None) if length else None


def best_gain(earlier: Iterable[Trajectory], period: int, *, up: bool = True) -> Fraction | None:
    """The most that the same part of a year ever brought (or took away), for figures that are no sum of periods."""
    gains = (gain for trajectory in earlier if (gain := trajectory.gain(period)) is not None)
    return max((gain if up else -gain for gain in gains), default=None)


# A year that is running


def year_progress(
    trajectory: Trajectory,
    earlier: Sequence[Trajectory],
    *,
    ends: date,
    by: date | None,
    period: int,
    value: Fraction | None,
    path: Path,
    start: Fraction | None,
    points: Mapping[int, Fraction],
    ceiling: Fraction | None = None,
) -> Progress:
    """Progress of the year of `course`, whose reports are due up to the end of `period` (0: of none yet).

    `value`: the year's figure as it stands; `start`: where its path begins; `points`: the figures of the years before.
    Where no earlier year tells a season, the path is even.
    """
    so_far = trajectory.by(period) if trajectory.adds_up else value if period else None
    share, taken = _share(path, period, earlier, len(trajectory.reached))
    left = len(trajectory.reached) - period
    projection = by_season(so_far, earlier, period) or by_rate(trajectory, period)
    if not any(
        reached is not None for reached in trajectory.reached
    ):  # the trend knows nothing of what came this year
        projection = by_trend(points, trajectory.year)
    return Progress(
        adds_up=trajectory.adds_up,
        ends=ends,
        by=by,
        so_far=so_far,
        path=taken,
        start=start,
        share=share,
        frequency=trajectory.frequency,
        left=left,
        best=best_run([*earlier, trajectory], left)
        if trajectory.adds_up
        else best_gain(earlier, period),
        fall=None if trajectory.adds_up else best_gain(earlier, period, up=False),
        projection=projection and projection.within(ceiling),
    )


def _share(
    path: Path, period: int, earlier: Sequence[Trajectory], periods: int
) -> tuple[Fraction | None, Path]:
    """What part of the way should lie behind at the end of a period, and the path that says so."""
    if path is Path.DEADLINE:
        return None, path
    if path is Path.STEPS:
        return Fraction(0), path
    usual = usual_share(earlier, period) if path is Path.SEASONAL else None
    return (Fraction(period, periods), Path.EVEN) if usual is None else (usual, path)
