"""Where one indicator of one unit stands in one year: `assess`, whose `Result` all screens and papers read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from toankhoa.core.measures import Indicator, IndicatorKind
from toankhoa.core.plan import Basis, Comparator, Target

PERCENT = "%"
ABOUT_SHARE = Fraction(1, 20)  # "khoảng": within 5% of the amount

# Held against last year: without last year's figure nothing can be said.
_AGAINST_LAST_YEAR = frozenset({Comparator.CHANGE, Comparator.KEEP})
# Actual ÷ required says how far along one is only where the amount is to be reached from below.
_NO_SHARE = _AGAINST_LAST_YEAR | {Comparator.AT_MOST, Comparator.BELOW}
_UNITS_OF_BASIS = {Basis.PER_BASE: "base", Basis.PER_DISTRICT: "district"}


class Level(StrEnum):
    """The actual against this year's target. Every missing answer has its own name."""

    MET = "met"
    NOT_MET = "not_met"
    OPEN = "open"  # the year is running and the level is not reached yet
    NO_DATA = "no_data"  # a target, but nothing accepted (this year, or last year where the target compares with it)
    NO_TARGET = "no_target"  # a figure, but this unit has no target (a total not handed down yet, or none set)
    NOT_DUE = "not_due"  # nothing is asked of this year
    NOT_APPLICABLE = "not_applicable"  # no unit here reports this figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """An actual. A ratio keeps both parts to the end. `reports` of `due` say how much of it is in.

    `carried`: units whose stock figure comes from an earlier period than the last one due. `partial`: only units with
    both parts of a ratio were added.
    """

    numerator: int | None
    denominator: int | None = None
    ratio: bool = False
    reports: int = 0
    due: int = 0
    carried: int = 0
    partial: bool = False

    @property
    def value(self) -> Fraction | None:
        """The figure: a percentage for a ratio. None where it is missing or divides by nothing."""
        if self.numerator is None:
            return None
        if not self.ratio:
            return Fraction(self.numerator)
        return Fraction(100 * self.numerator, self.denominator) if self.denominator else None

    @property
    def confidence(self) -> Fraction | None:
        """Share of due reports that are accepted, None when none is due yet."""
        return Fraction(min(self.reports, self.due), self.due) if self.due else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Required:
    """A target as this unit must meet it: comparator and amounts for the whole unit."""

    comparator: Comparator
    amount: Fraction
    upper: Fraction | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What `assess` says. `attainment` is actual ÷ required as a share, where that has a meaning."""

    figure: Figure
    required: Required | None
    level: Level
    attainment: Fraction | None

    @property
    def confidence(self) -> Fraction | None:
        """See `Figure.confidence`."""
        return self.figure.confidence


def required(
    target: Target, indicator: Indicator, units: Mapping[str, int], *, whole: bool, reporters: int = 1
) -> Required | None:
    """A plan's target for one unit with so many `units` per level at or below it.

    A rate is the same for everyone; "each base" is multiplied by the unit's bases; a milestone is owed by every unit
    that answers for it (`reporters`); an amount for the whole body holds only for the unit that the plan is made for
    (`whole`) until it is handed down. None where it does not hold here (a unit without bases owes nothing "per base")
    or where target and indicator are not in the same kind of number.
    """
    if (target.unit == PERCENT) != (indicator.kind is IndicatorKind.RATIO):
        return None
    factor = 1
    if target.basis in _UNITS_OF_BASIS:
        factor = units.get(_UNITS_OF_BASIS[target.basis], 0)
    elif indicator.kind is IndicatorKind.MILESTONE:
        factor = reporters
    elif target.unit != PERCENT and not whole:
        return None
    if not factor:
        return None
    return Required(
        comparator=target.comparator,
        amount=_exact(target.amount) * factor,
        upper=None if target.upper is None else _exact(target.upper) * factor,
        unit=target.unit,
    )


def holds(need: Required, actual: Fraction, *, more_is_better: bool, before: Fraction | None = None) -> bool:
    """Whether an actual meets what is required. `before` is last year's actual, for change and keep.

    A bare figure is read by the indicator's direction. Going past the upper end of a range is no failure where more
    is better. Change and keep are not met while last year is unknown.
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
            return before is not None and _reaches(actual - before, need.amount, more_is_better)
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
) -> Result:
    """The level of one figure.

    `due`: the plan asks for something this year; `year_over`: no more can come; `applies`: some unit here reports it.
    """
    actual = figure.value
    if not applies:
        level = Level.NOT_APPLICABLE
    elif not due:
        level = Level.NOT_DUE
    elif target is None:
        level = Level.NO_TARGET
    elif actual is None or (before is None and target.comparator in _AGAINST_LAST_YEAR):
        level = Level.NO_DATA
    elif holds(target, actual, more_is_better=indicator.more_is_better, before=before):
        level = Level.MET
    else:
        level = Level.NOT_MET if year_over else Level.OPEN
    attainment = _attainment(target, actual) if indicator.more_is_better else None
    return Result(figure=figure, required=target, level=level, attainment=attainment)


def _attainment(target: Required | None, actual: Fraction | None) -> Fraction | None:
    if target is None or actual is None or not target.amount or target.comparator in _NO_SHARE:
        return None
    return actual / target.amount


def _reaches(actual: Fraction, amount: Fraction, more_is_better: bool) -> bool:
    return actual >= amount if more_is_better else actual <= amount


def _exact(amount: Decimal) -> Fraction:
    return Fraction(amount)
