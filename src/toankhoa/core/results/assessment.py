"""Where one indicator of one unit stands in a year or in the term: `assess`, whose `Result` everything shown reads.

Four facts, never mixed: the level, the pace, the outlook, the confidence.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor

from toankhoa.core.measures import Indicator
from toankhoa.core.plan import Comparator
from toankhoa.core.results.forecast import (
    Pace,
    Progress,
    Projection,
    Remainder,
    Tempo,
    pace,
    remainder,
)
from toankhoa.core.targets.requirement import Required
from toankhoa.core.totals.figure import Figure

ABOUT_SHARE = Fraction(1, 20)  # "khoảng": within 5% of the amount

# Held against last year: without last year's figure nothing can be said.
_AGAINST_LAST_YEAR = frozenset({Comparator.CHANGE, Comparator.KEEP})
# Actual ÷ required says how far along one is only where the amount is to be reached from below.
_NO_SHARE = _AGAINST_LAST_YEAR | {Comparator.AT_MOST, Comparator.BELOW}
# Met now, such a target may yet be missed by what more comes.
_NOT_FOR_GOOD = _AGAINST_LAST_YEAR | {Comparator.ABOUT}
_UPPER_BOUNDS = frozenset({Comparator.AT_MOST, Comparator.BELOW})
_LOWER_BOUNDS = frozenset({Comparator.AT_LEAST, Comparator.ABOVE})


class Level(StrEnum):
    """The actual against this year's target. Every missing answer has its own name."""

    MET = "met"
    NOT_MET = "not_met"
    OPEN = "open"  # the year is running and the level is not reached yet
    NO_DATA = "no_data"  # a target, but nothing accepted (this year, or last year where the target compares with it)
    NO_TARGET = "no_target"  # a figure, but this unit has no target (a total not handed down yet, or none set)
    NOT_DUE = "not_due"  # nothing is asked of this year
    NOT_APPLICABLE = "not_applicable"  # no unit here reports this figure


class Prospect(StrEnum):
    """Whether what is required will be reached by the end of its span, and on what that rests."""

    LOST = (
        "lost"  # the span is over without; or what adds up has gone past the most that is allowed
    )
    UNLIKELY = "unlikely"  # not even the better bound of the outlook reaches it; or the rest would take what never was
    UNSURE = "unsure"  # it lies between the bounds
    LIKELY = "likely"  # even the worse bound reaches it
    LAGGING = "lagging"  # no outlook: behind its path
    ON_COURSE = "on_course"  # no outlook: on its path, or ahead of it
    UNKNOWN = "unknown"  # nothing to go by
    REACHED = "reached"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What `assess` says.

    `reached` is what is held against the target: the figure, with what earlier years `brought` where the target is
    one for the whole term. `before`: last year's figure, where the target compares with it. `attainment`: reached ÷
    required as a share, where that has a meaning. `up`: whether the figure is to go up. `goal`: the amount that meets
    the target. `pace`, `outlook` and `rest` speak of a span that is running (`progress`), and are None where there is
    nothing to say; `verdict`: what the outlook means.
    """

    figure: Figure
    required: Required | None
    level: Level
    attainment: Fraction | None
    up: bool = True
    reached: Fraction | None = None
    brought: Fraction | None = None
    before: Fraction | None = None
    goal: Fraction | None = None
    progress: Progress | None = None
    pace: Pace | None = None
    outlook: Projection | None = None
    verdict: Prospect | None = None
    rest: Remainder | None = None

    @property
    def needed(self) -> int | None:
        """Of a ratio: how many of the denominator that is known it takes, in whole ones."""
        if (
            self.goal is None
            or self.required is None
            or not self.figure.ratio
            or not self.figure.denominator
        ):
            return None
        exact = self.goal * self.figure.denominator / 100
        if self.required.comparator in _UPPER_BOUNDS:
            return floor(exact) - (
                self.required.comparator is Comparator.BELOW and exact.denominator == 1
            )
        return ceil(exact) + (
            self.required.comparator is Comparator.ABOVE and exact.denominator == 1
        )

    @property
    def warning(self) -> Remainder | None:
        """The rest, where it would take more than was ever reached in as long a time."""
        return self.rest if self.rest and self.rest.unheard_of else None

    @property
    def prospect(self) -> Prospect:
        """See `Prospect`. The outlook speaks first; where it is silent, the rest, then the pace."""
        if self.level is Level.NOT_MET or self._gone_past:
            return Prospect.LOST
        if self.level not in (Level.MET, Level.OPEN, Level.NO_DATA):
            return Prospect.UNKNOWN
        if self.level is Level.MET and (self.progress is None or self._cannot_be_lost):
            return Prospect.REACHED
        if self.verdict:
            return self.verdict
        if self.warning:
            return Prospect.UNLIKELY
        return _BY_TEMPO[self.pace.tempo] if self.pace else Prospect.UNKNOWN

    @property
    def _cannot_be_lost(self) -> bool:
        """Whether more can only help: what came adds up, towards an amount to be reached from below."""
        absolute = self.required is not None and self.required.comparator not in _NOT_FOR_GOOD
        return absolute and self.up and self.progress is not None and self.progress.adds_up

    @property
    def _gone_past(self) -> bool:
        """Whether what came is already too much, and cannot be taken back."""
        if self.level is not Level.OPEN or self.progress is None or not self.progress.adds_up:
            return False
        about = self.required is not None and self.required.comparator is Comparator.ABOUT
        return not self.up or (
            about
            and self.reached is not None
            and self.goal is not None
            and self.reached > self.goal
        )

    @property
    def confidence(self) -> Fraction | None:
        """See `Figure.confidence`."""
        return self.figure.confidence


def holds(
    need: Required, actual: Fraction, *, more_is_better: bool, before: Fraction | None = None
) -> bool:
    """Whether an actual meets what is required. `before` is last year's actual, for change and keep.

    A bare figure is read by the indicator's direction, a change by its own sign (`upwards`). Going past the upper end
    of a range is no failure where more is better. Change and keep are not met while last year is unknown.
    """
    match need.comparator:
        case Comparator.AT_LEAST:
            return actual >= need.amount
        case Comparator.ABOVE:
            return actual > need.amount
        case Comparator.AT_MOST:
            return actual <= need.amount
        case Comparator.BELOW:
            return actual < need.amount
        case Comparator.ABOUT:
            return abs(actual - need.amount) <= ABOUT_SHARE * abs(need.amount)
        case Comparator.RANGE:
            upper = need.amount if need.upper is None else need.upper
            return actual >= need.amount if more_is_better else actual <= upper
        case Comparator.CHANGE:
            return before is not None and _reaches(
                actual - before, need.amount, upwards(need, more_is_better)
            )
        case Comparator.KEEP:
            return before is not None and _reaches(actual, before, more_is_better)
        case _:
            return _reaches(actual, need.amount, more_is_better)


def assess(
    *,
    indicator: Indicator,
    figure: Figure,
    target: Required | None,
    due: bool,
    year_over: bool,
    applies: bool = True,
    before: Fraction | None = None,
    brought: Fraction | None = None,
    progress: Progress | None = None,
) -> Result:
    """Where one figure stands.

    `due`: the plan asks for something in this span; `year_over`: no more can come; `applies`: some unit here reports
    it; `before` is last year's figure; `brought`: what earlier years brought towards a target of the whole term;
    `progress`: how the span has come along, where it is running.
    """
    reached = figure.value if brought is None or figure.value is None else figure.value + brought
    up = indicator.more_is_better if target is None else upwards(target, indicator.more_is_better)
    result = Result(
        figure=figure,
        required=target,
        level=_level(
            indicator, target, reached, due=due, over=year_over, applies=applies, before=before
        ),
        attainment=_attainment(target, reached) if up else None,
        up=up,
        reached=reached,
        brought=brought,
        before=before,
        goal=None if target is None else goal(target, before, more_is_better=up),
    )
    if progress is None or not applies or not due or year_over:
        return result
    return _with_prospects(replace(result, progress=progress), indicator, progress, up=up)


def _level(
    indicator: Indicator,
    target: Required | None,
    actual: Fraction | None,
    *,
    due: bool,
    over: bool,
    applies: bool,
    before: Fraction | None,
) -> Level:
    if not applies:
        return Level.NOT_APPLICABLE
    if not due:
        return Level.NOT_DUE
    if target is None:
        return Level.NO_TARGET
    if actual is None or (before is None and target.comparator in _AGAINST_LAST_YEAR):
        return Level.NO_DATA
    if holds(target, actual, more_is_better=indicator.more_is_better, before=before):
        return Level.MET
    return Level.NOT_MET if over else Level.OPEN


def upwards(need: Required, more_is_better: bool) -> bool:
    """Whether a figure is to go up: a bound or a change says so itself, all else goes by the indicator's direction."""
    if need.comparator in _LOWER_BOUNDS or need.comparator in _UPPER_BOUNDS:
        return need.comparator in _LOWER_BOUNDS
    if need.comparator is Comparator.CHANGE and need.amount:
        return need.amount > 0
    return more_is_better


def goal(need: Required, before: Fraction | None, *, more_is_better: bool) -> Fraction | None:
    """The amount that meets a target: of change and keep, by last year's figure; None while that is unknown."""
    match need.comparator:
        case Comparator.CHANGE:
            return None if before is None else before + need.amount
        case Comparator.KEEP:
            return before
        case Comparator.RANGE if not more_is_better:
            return need.amount if need.upper is None else need.upper
        case _:
            return need.amount


def _with_prospects(
    result: Result, indicator: Indicator, progress: Progress, *, up: bool
) -> Result:
    """Pace, outlook and the rest of a span that is running. Without a target there is an outlook and nothing else."""
    need, aim, outlook = result.required, result.goal, progress.projection
    if need is None or aim is None:
        return replace(result, outlook=outlook)
    ends = (outlook.low, outlook.middle, outlook.high) if outlook else ()
    met = [
        holds(need, end, more_is_better=indicator.more_is_better, before=result.before)
        for end in ends
    ]
    verdict = Prospect.LIKELY if all(met) else Prospect.UNSURE if any(met) else Prospect.UNLIKELY
    return replace(
        result,
        pace=pace(progress, aim, more_is_better=up, whole=not result.figure.ratio),
        outlook=outlook,
        verdict=verdict if outlook else None,
        rest=remainder(progress, aim, up=up) if result.level is not Level.MET else None,
    )


def _attainment(target: Required | None, actual: Fraction | None) -> Fraction | None:
    if target is None or actual is None or not target.amount or target.comparator in _NO_SHARE:
        return None
    return actual / target.amount


def _reaches(actual: Fraction, amount: Fraction, more_is_better: bool) -> bool:
    return actual >= amount if more_is_better else actual <= amount


_BY_TEMPO = {
    Tempo.AHEAD: Prospect.ON_COURSE,
    Tempo.ON: Prospect.ON_COURSE,
    Tempo.BEHIND: Prospect.LAGGING,
}
