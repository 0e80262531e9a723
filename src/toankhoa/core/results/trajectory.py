"""A year of one indicator, period by period: how far it had come by the end of each.

A trajectory tells the shape of a year, not its figure. What is counted at the end of a period (a
stock, persons so far) is raised to all units known in the year, so that a unit that was late in
March does not look like a fall in March (docs/arithmetic.md, "The trajectory of a year"). The
year's figure itself is always that of `core.totals.year.year_of`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from toankhoa.core.basics import Frequency, periods_of
from toankhoa.core.measures import DataElement, Indicator, IndicatorKind, Library, TimeRule
from toankhoa.core.results.missing import difference
from toankhoa.core.totals import Cell

_ADDED = (TimeRule.FLOW, TimeRule.TO_DATE)  # months hold what came in them, and add up
Amounts = tuple[Fraction | None, ...]


@dataclass(frozen=True, slots=True)
class Trajectory:
    """How one indicator of one unit came along in a year.

    `reached[i]`: how far the figure had come by the end of period i + 1, None where nothing of it
    was reported. `adds_up`: what comes in each period is counted for itself, and the year is the
    sum of its periods.
    """

    year: int
    frequency: Frequency
    reached: Amounts
    adds_up: bool

    def reached_by(self, period: int) -> Fraction | None:
        """How far it had come by the end of a period, counted from 1; None before the first."""
        return self.reached[period - 1] if period else None

    def gain_after(self, period: int) -> Fraction | None:
        """What came between the end of a period and the end of the year.

        Period 0 is the start of the year: known only of a figure that adds up, which starts at 0.
        """
        start = self.reached_by(period)
        if self.adds_up and not period:
            start = Fraction(0)
        return difference(self.reached[-1], start)

    @property
    def steps(self) -> Amounts:
        """What came in each period of a figure that adds up.

        None also in the period after one of which nothing is known: after 5, then nothing, then 9,
        nobody knows how much of the 4 came in the last one.
        """
        ends = (Fraction(0), *self.reached)
        return tuple(difference(end, start) for start, end in pairwise(ends))


@dataclass(frozen=True, slots=True)
class _YearRows:
    """The packed rows of one year: those of its twelve months, and that of the year itself."""

    months: Sequence[Cell]
    whole: Cell

    def reached(self, element: DataElement, end: int, months_back: int) -> Fraction | None:
        """How far an element had come by the end of month `end`.

        None where none of the last `months_back` months brought a report of it.
        """
        if element.derived:
            return None  # it is derived from whole years
        slot = element.slot
        reported = [
            month for month in self.months[end - months_back : end] if month.counts[slot] > 0
        ]
        if not reported:
            return None
        if element.time in _ADDED:
            return Fraction(sum(int(month.values[slot]) for month in self.months[:end]))
        # Two of three units reported 200 members in June: that is 300 in all, no fall to 200.
        # Where units were merged since, the year knows fewer than reported then; nothing is cut.
        last = reported[-1]
        reports = int(last.counts[slot])
        units = max(int(self.whole.counts[slot]), reports)
        return Fraction(int(last.values[slot]) * units, reports)


def frequency_of(indicator: Indicator, library: Library) -> Frequency:
    """How often the indicator can be read: as often as the rarest form that asks for a part of it.

    Of an indicator in percent, a numerator typed by month and a denominator typed by half-year are
    read by half-year.
    """
    typed = _typed_elements(indicator, library)
    rarest = Frequency.MONTH
    for form in library.forms.values():
        if not typed.isdisjoint(form.elements) and form.frequency.months > rarest.months:
            rarest = form.frequency
    return rarest


def trajectory_of(
    indicator: Indicator,
    library: Library,
    year: int,
    months: Sequence[Cell],
    whole: Cell,
    units: int,
) -> Trajectory:
    """A year's trajectory out of the packed rows of its twelve months and of the year itself.

    `units`: how many units a built-in denominator counts. A figure that is derived from whole years
    has no trajectory: all its amounts are None.
    """
    frequency = frequency_of(indicator, library)
    is_ratio = indicator.kind is IndicatorKind.RATIO
    numerator = library.elements[indicator.numerator]
    rows = _YearRows(months, whole)
    reached: list[Fraction | None] = []
    for period in periods_of(year, frequency):
        end = period.last_month
        amount = rows.reached(numerator, end, frequency.months)
        if is_ratio:
            amount = _percentage(amount, _denominator(indicator, library, rows, end, units))
        reached.append(amount)
    adds_up = numerator.time in _ADDED and not is_ratio
    return Trajectory(year, frequency, tuple(reached), adds_up)


def _typed_elements(indicator: Indicator, library: Library) -> set[str]:
    """Codes of what units type for it: a derived element comes from another one's figures."""
    typed: set[str] = set()
    for code in (indicator.numerator, indicator.denominator):
        element = library.elements.get(code) if code else None
        if element is None:
            continue  # a built-in denominator is not typed
        if element.derived:
            typed.add(element.derived.element)
        else:
            typed.add(element.code)
    return typed


def _denominator(
    indicator: Indicator, library: Library, rows: _YearRows, end: int, units: int
) -> Fraction | None:
    """A ratio's denominator by the end of a month: the last one known by then, however old."""
    if indicator.unit_level or indicator.denominator is None:
        return Fraction(units)
    return rows.reached(library.elements[indicator.denominator], end, months_back=end)


def _percentage(numerator: Fraction | None, denominator: Fraction | None) -> Fraction | None:
    if numerator is None or not denominator:
        return None
    return 100 * numerator / denominator
