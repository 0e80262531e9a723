"""A year of one indicator, period by period: how far it had come by the end of each.

A course tells the shape of a year, not its figure: what is counted at the end of a period (a stock, persons so far) is
raised to all units known in the year, so that a unit that was late in March does not look like a fall in March. The
year's figure itself is always that of `rollup.year_of`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from toankhoa.core.basics import Frequency, periods_of
from toankhoa.core.measures import DataElement, Indicator, IndicatorKind, Library, TimeRule
from toankhoa.core.totals import Cell

_ADDED = (TimeRule.FLOW, TimeRule.TO_DATE)  # months hold what came in them, and add up
Amounts = tuple[Fraction | None, ...]


@dataclass(frozen=True, slots=True)
class Trajectory:
    """`reached[i]`: how far the figure had come by the end of period i + 1, None where nothing of it was reported.

    `adds_up`: what comes in each period is counted for itself, and the year is their sum.
    """

    year: int
    frequency: Frequency
    reached: Amounts
    adds_up: bool

    def by(self, period: int) -> Fraction | None:
        """How far it had come by the end of a period, counted from 1; None before the first."""
        return self.reached[period - 1] if period else None

    def gain(self, period: int) -> Fraction | None:
        """What came between the end of a period (0: the start of a year that adds up) and the end of the year."""
        start = Fraction(0) if self.adds_up and not period else self.by(period)
        end = self.reached[-1]
        return None if start is None or end is None else end - start

    @property
    def steps(self) -> Amounts:
        """What came in each period of a figure that adds up; None also after a period of which nothing is known."""
        starts = (Fraction(0), *self.reached)
        return tuple(
            None if end is None or start is None else end - start
            for start, end in zip(starts, self.reached, strict=False)
        )


def frequency_of(indicator: Indicator, library: Library) -> Frequency:
    """How often the indicator can be read: as often as the rarest form that one of its parts is typed on."""
    rarest = Frequency.MONTH
    for form in library.forms.values():
        if any(element in form.elements for element in _typed(indicator, library)):
            rarest = max(rarest, form.frequency, key=lambda frequency: frequency.months)
    return rarest


def trajectory_of(
    indicator: Indicator,
    library: Library,
    year: int,
    months: Sequence[Cell],
    whole: Cell,
    units: int,
) -> Trajectory:
    """A year's course out of the packed rows of its twelve months and of the year itself.

    `units`: how many units a built-in denominator counts. A figure that is derived from whole years has no course.
    """
    frequency = frequency_of(indicator, library)
    top = library.elements[indicator.numerator]
    ends = [period.last_month for period in periods_of(year, frequency)]
    counted = [_by(top, months, whole, end, frequency.months) for end in ends]
    if indicator.kind is IndicatorKind.RATIO:
        below = [_below(indicator, library, months, whole, end, units) for end in ends]
        counted = [
            None if over is None or not under else 100 * over / under
            for over, under in zip(counted, below, strict=True)
        ]
    adds_up = top.time in _ADDED and indicator.kind is not IndicatorKind.RATIO
    return Trajectory(year, frequency, tuple(counted), adds_up)


def _typed(indicator: Indicator, library: Library) -> set[str]:
    parts = {indicator.numerator} | ({indicator.denominator} if indicator.denominator else set())
    return {
        element.derived.element if element.derived else element.code
        for part in parts
        if (element := library.elements.get(part)) is not None
    }


def _below(
    indicator: Indicator,
    library: Library,
    months: Sequence[Cell],
    whole: Cell,
    end: int,
    units: int,
) -> Fraction | None:
    """A ratio's denominator by the end of a month: the last one known by then."""
    if indicator.unit_level or indicator.denominator is None:
        return Fraction(units)
    return _by(library.elements[indicator.denominator], months, whole, end, end)


def _by(
    element: DataElement, months: Sequence[Cell], whole: Cell, end: int, back: int
) -> Fraction | None:
    """How far an element had come by the end of a month, of what was reported in that month or so many before it."""
    if element.derived:
        return None
    slot = element.slot
    reported = [month for month in months[end - back : end] if month.counts[slot]]
    if not reported:
        return None
    if element.time in _ADDED:
        return Fraction(sum(int(month.values[slot]) for month in months[:end]))
    last = reported[-1]
    told = int(last.counts[slot])
    # Units that were merged since are fewer, and no less.
    return Fraction(int(last.values[slot]) * max(int(whole.counts[slot]), told), told)
