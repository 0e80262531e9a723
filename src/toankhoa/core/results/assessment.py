"""How one indicator of one unit compares with its target, in a year or in the term: `assess`.

Everything shown reads its `Result`. Four facts, never mixed: the level, the pace, the outlook, the
confidence (docs/arithmetic.md, "The level, and how sure it is", "Pace", "Outlook").
"""

from __future__ import annotations

import operator
from collections.abc import Callable
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
from toankhoa.core.results.missing import added, difference
from toankhoa.core.targets import Required
from toankhoa.core.totals import Figure

ABOUT_SHARE = Fraction(1, 20)  # "khoảng": within 5% of the amount

# Held against last year: without last year's figure nothing can be said.
_AGAINST_LAST_YEAR = frozenset({Comparator.CHANGE, Comparator.KEEP})
_UPPER_BOUNDS = frozenset({Comparator.AT_MOST, Comparator.BELOW})
_LOWER_BOUNDS = frozenset({Comparator.AT_LEAST, Comparator.ABOVE})
# Actual ÷ required says how far along a figure is only where it has to come up to the amount.
_NO_ATTAINMENT = _AGAINST_LAST_YEAR | _UPPER_BOUNDS
# Met now, such a target may yet be missed by what more comes.
_NOT_FOR_GOOD = _AGAINST_LAST_YEAR | {Comparator.ABOUT}
# A bound holds exactly as it is written: > 80% is not met at 80,0%.
_BOUNDS: dict[Comparator, Callable[[Fraction, Fraction], bool]] = {
    Comparator.AT_LEAST: operator.ge,
    Comparator.ABOVE: operator.gt,
    Comparator.AT_MOST: operator.le,
    Comparator.BELOW: operator.lt,
}


class Level(StrEnum):
    """The actual against this year's target. Every missing answer has its own name."""

    MET = "met"
    NOT_MET = "not_met"
    OPEN = "open"  # the year is running and the level is not reached yet
    # A target, but nothing accepted: this year, or last year where the target compares with it.
    NO_DATA = "no_data"
    # A figure, but no target of this unit: a total not handed down yet, or none set.
    NO_TARGET = "no_target"
    NOT_DUE = "not_due"  # the plan asks for nothing this year
    NOT_APPLICABLE = "not_applicable"  # no unit here reports this figure


class Prospect(StrEnum):
    """Whether what is required will be reached by the end of its span, and on what that rests."""

    # The span is over without it, or what adds up has gone past the most that is allowed.
    LOST = "lost"
    # Not even the better bound of the outlook reaches it, or the rest would take what never was.
    UNLIKELY = "unlikely"
    UNSURE = "unsure"  # it lies between the bounds
    LIKELY = "likely"  # even the worse bound reaches it
    LAGGING = "lagging"  # no outlook: behind its path
    ON_COURSE = "on_course"  # no outlook: on its path, or ahead of it
    UNKNOWN = "unknown"  # nothing to go by
    REACHED = "reached"


_BY_TEMPO = {
    Tempo.AHEAD: Prospect.ON_COURSE,
    Tempo.ON: Prospect.ON_COURSE,
    Tempo.BEHIND: Prospect.LAGGING,
}
# What a target may still come to: met by now, not met yet, or nothing in yet.
_UNDECIDED = (Level.MET, Level.OPEN, Level.NO_DATA)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What `assess` says.

    `reached` is what is held against the target: the figure, with what came in `earlier_years`
    where the target is one for the whole term. `before`: last year's figure, where the target
    compares with it. `attainment`: reached ÷ required as a share, where that has a meaning. `up`:
    whether the figure is to go up. `goal`: the amount that meets the target. `pace`, `outlook` and
    `rest` speak of a span that is running (`progress`), and are None where there is nothing to say;
    `verdict`: what the outlook means.
    """

    figure: Figure
    required: Required | None
    level: Level
    attainment: Fraction | None
    up: bool = True
    reached: Fraction | None = None
    earlier_years: Fraction | None = None
    before: Fraction | None = None
    goal: Fraction | None = None
    progress: Progress | None = None
    pace: Pace | None = None
    outlook: Projection | None = None
    verdict: Prospect | None = None
    rest: Remainder | None = None

    @property
    def needed(self) -> int | None:
        """Of a ratio: how many of the known denominator meet the target, in whole ones."""
        if self.goal is None or self.required is None:
            return None
        if not self.figure.ratio or not self.figure.denominator:
            return None
        exact = self.goal * self.figure.denominator / 100
        return _in_whole_ones(exact, self.required.comparator)

    @property
    def warning(self) -> Remainder | None:
        """The rest, where it would take more than was ever reached in as long a time."""
        return self.rest if self.rest and self.rest.unheard_of else None

    @property
    def prospect(self) -> Prospect:
        """See `Prospect`. The outlook speaks first; where it is silent, the rest, then the pace."""
        if self.level is Level.NOT_MET or self._gone_past:
            return Prospect.LOST
        if self.level not in _UNDECIDED:
            return Prospect.UNKNOWN
        if self._met_for_good:
            return Prospect.REACHED
        return self._foreseen

    @property
    def _foreseen(self) -> Prospect:
        if self.verdict:
            return self.verdict
        if self.warning:
            return Prospect.UNLIKELY
        if self.pace:
            return _BY_TEMPO[self.pace.tempo]
        return Prospect.UNKNOWN

    @property
    def _met_for_good(self) -> bool:
        """Whether the span is over, or more can only help: what adds up has reached its amount."""
        if self.level is not Level.MET:
            return False
        if self.progress is None:
            return True
        if self.required is None or self.required.comparator in _NOT_FOR_GOOD:
            return False
        return self.up and self.progress.adds_up

    @property
    def _gone_past(self) -> bool:
        """Whether what came is already too much, and cannot be taken back.

        "At most 12" with 13 by June is lost, though the year still runs.
        """
        if self.level is not Level.OPEN or self.progress is None or not self.progress.adds_up:
            return False
        if not self.up:
            return True
        if self.required is None or self.required.comparator is not Comparator.ABOUT:
            return False
        too_much = difference(self.reached, self.goal)
        return too_much is not None and too_much > 0

    @property
    def confidence(self) -> Fraction | None:
        """See `Figure.confidence`."""
        return self.figure.confidence


def _in_whole_ones(exact: Fraction, comparator: Comparator) -> int:
    """90% of 171 is 153,9: at least 154 are needed, at most 153 are allowed.

    A strict bound that comes out whole takes one more, or allows one less.
    """
    match comparator:
        case Comparator.AT_MOST:
            return floor(exact)
        case Comparator.BELOW:
            return ceil(exact) - 1
        case Comparator.ABOVE:
            return floor(exact) + 1
        case _:
            return ceil(exact)


def holds(
    need: Required, actual: Fraction, *, more_is_better: bool, before: Fraction | None = None
) -> bool:
    """Whether an actual meets what is required (docs/arithmetic.md, "Targets").

    `before` is last year's actual, for change and keep, which are not met while it is unknown. A
    bare figure is read by the indicator's direction, a change by its own sign (`upwards`). Going
    past the upper end of a range is no failure where more is better.
    """
    bound = _BOUNDS.get(need.comparator)
    if bound is not None:
        return bound(actual, need.amount)
    if need.comparator is Comparator.ABOUT:
        return abs(actual - need.amount) <= ABOUT_SHARE * abs(need.amount)
    up = upwards(need, more_is_better)
    amount = goal(need, before, more_is_better=up)
    if amount is None:
        return False
    return actual >= amount if up else actual <= amount


def upwards(need: Required, more_is_better: bool) -> bool:
    """Whether a figure is to go up.

    A bound and a change say so themselves; all else goes by the indicator's direction.
    """
    if need.comparator in _LOWER_BOUNDS:
        return True
    if need.comparator in _UPPER_BOUNDS:
        return False
    if need.comparator is Comparator.CHANGE and need.amount:
        return need.amount > 0
    return more_is_better


def goal(need: Required, before: Fraction | None, *, more_is_better: bool) -> Fraction | None:
    """The amount that meets a target.

    Of change and keep it follows from last year's figure, and is None while that is unknown.
    """
    match need.comparator:
        case Comparator.CHANGE:
            return added(before, need.amount)
        case Comparator.KEEP:
            return before
        case Comparator.RANGE if not more_is_better and need.upper is not None:
            return need.upper
        case _:
            return need.amount


def assess(
    *,
    indicator: Indicator,
    figure: Figure,
    target: Required | None,
    due: bool,
    year_over: bool,
    applies: bool = True,
    before: Fraction | None = None,
    earlier_years: Fraction | None = None,
    progress: Progress | None = None,
) -> Result:
    """How one figure compares with its target.

    `due`: the plan asks for something in this span; `year_over`: no more can come; `applies`: some
    unit here reports it; `before` is last year's figure; `earlier_years`: what these brought
    towards a target of the whole term; `progress`: how the span has come along, where it runs.
    """
    reached = figure.value
    if earlier_years is not None:
        reached = added(reached, earlier_years)
    result = Result(
        figure=figure,
        required=target,
        level=Level.NO_TARGET,
        attainment=None,
        up=indicator.more_is_better,
        reached=reached,
        earlier_years=earlier_years,
        before=before,
    )
    if target is not None:
        result = _against(result, target, more_is_better=indicator.more_is_better, over=year_over)
    if not applies:
        return replace(result, level=Level.NOT_APPLICABLE)
    if not due:
        return replace(result, level=Level.NOT_DUE)
    if progress is None or year_over:
        return result
    return _with_prospects(replace(result, progress=progress), progress, indicator.more_is_better)


def _against(result: Result, target: Required, *, more_is_better: bool, over: bool) -> Result:
    """The result with its level, the amount that meets the target, and the share reached of it."""
    up = upwards(target, more_is_better)
    return replace(
        result,
        level=_level(result, target, more_is_better=more_is_better, over=over),
        attainment=_attainment(target, result.reached) if up else None,
        up=up,
        goal=goal(target, result.before, more_is_better=up),
    )


def _level(result: Result, target: Required, *, more_is_better: bool, over: bool) -> Level:
    if result.reached is None:
        return Level.NO_DATA
    if result.before is None and target.comparator in _AGAINST_LAST_YEAR:
        return Level.NO_DATA
    if holds(target, result.reached, more_is_better=more_is_better, before=result.before):
        return Level.MET
    return Level.NOT_MET if over else Level.OPEN


def _attainment(target: Required, reached: Fraction | None) -> Fraction | None:
    if reached is None or not target.amount or target.comparator in _NO_ATTAINMENT:
        return None
    return reached / target.amount


def _with_prospects(result: Result, progress: Progress, more_is_better: bool) -> Result:
    """With pace, outlook and rest of a span that is running.

    Without a target there is an outlook and nothing else.
    """
    outlook = progress.projection
    if result.required is None or result.goal is None:
        return replace(result, outlook=outlook)
    verdict, rest = None, None
    if outlook is not None:
        verdict = _verdict(outlook, result.required, result.before, more_is_better=more_is_better)
    if result.level is not Level.MET:
        rest = remainder(progress, result.goal, up=result.up)
    return replace(
        result,
        pace=pace(progress, result.goal, more_is_better=result.up, whole=not result.figure.ratio),
        outlook=outlook,
        verdict=verdict,
        rest=rest,
    )


def _verdict(
    outlook: Projection, need: Required, before: Fraction | None, *, more_is_better: bool
) -> Prospect:
    """Likely where both bounds and the middle meet the target, unlikely where none of them does."""
    ends = (outlook.low, outlook.middle, outlook.high)
    met = [holds(need, end, more_is_better=more_is_better, before=before) for end in ends]
    if all(met):
        return Prospect.LIKELY
    if any(met):
        return Prospect.UNSURE
    return Prospect.UNLIKELY
