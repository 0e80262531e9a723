"""Where everything of a chart stands, in units of its drawing (about a pixel): nothing here is SVG.

The scale begins at 0, so that the length of a bar is the amount. A value stands in the foot of its
bar, or above a bar that is too low to hold it; where the dashed line of the target would strike it
through, it moves clear of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

from toankhoa.core.basics import format_number
from toankhoa.documents.charts.years_chart import ChartYear, YearsChart
from toankhoa.documents.words.alike_figures import decimal_places

WIDTH = 320
DIGIT = 6.9  # width of a digit or a percent sign of the labels, as wide as they come
LETTER = 6.2  # the same of words, on the whole
LINE = 15  # height of a line of the legend
HEADROOM = 16  # above the highest tick: for a label that stands on a bar, or on the target's line
FOOT = 18  # below the axis: the years
REFORM_STRIP = 9  # between the axis and the years, where there are marks of reforms
BAR_SHARE, WIDEST_BAR = 0.74, 42  # of its year's band
LABEL_UP, LABEL_DOWN = 10, 3  # how far letters reach above and below their line
CLEAR = 2  # between letters and a line
IN_THE_FOOT, ON_TOP = 6, 6  # from the axis up to a label in its bar; from the bar to one above it
TALL_ENOUGH = 20  # a bar that holds its label
TICKS = 5
STEPS = (1, 2, 5, 10)
WHISKER_GAP = 6
# An amount of money is written in thousands of millions or in millions where it would not fit.
SCALES = ((10**9, "tỷ"), (10**6, "triệu"))


@dataclass(frozen=True)
class Label:
    """Words of a value, and the line that they stand on. `in_bar`: drawn over the bar's colour."""

    words: str
    y: int
    in_bar: bool


@dataclass(frozen=True)
class Band:
    """One year's share of the width. `top`: of its bar, None where there is none."""

    year: ChartYear
    left: float
    right: float
    top: int | None
    target: int | None
    label: Label

    @property
    def centre(self) -> float:
        """Where its bar and its words are centred."""
        return (self.left + self.right) / 2

    @property
    def bar_width(self) -> float:
        """Of its bar, or of the bar that would stand there."""
        return min((self.right - self.left) * BAR_SHARE, WIDEST_BAR)


@dataclass(frozen=True)
class TargetRun:
    """The target's line over years that ask the same amount."""

    left: float
    right: float
    y: int


@dataclass(frozen=True)
class Layout:
    """A chart placed in `WIDTH` times `height`; `legend_lines` stand above the plot."""

    chart: YearsChart
    height: int
    legend_lines: int

    @cached_property
    def scale(self) -> tuple[int, str]:
        """What amounts are divided by to be written, and the word for it."""
        most = max(self.chart.amounts, default=Fraction(0))
        for divisor, word in SCALES:
            if not self.chart.percent and most >= divisor:
                return divisor, word
        return 1, ""

    @cached_property
    def ticks(self) -> list[Fraction]:
        """Round amounts from 0 up to the highest that is drawn, or just beyond it."""
        most = max(self.chart.amounts, default=Fraction(0)) or Fraction(1)
        step = _round_step(most / TICKS)
        if not self.chart.percent:
            step = max(step, Fraction(1))
        count = -(-most // step)
        return [step * place for place in range(count + 1)]

    @property
    def top(self) -> int:
        """Of the plot: the highest tick."""
        return self.legend_lines * LINE + HEADROOM

    @property
    def bottom(self) -> int:
        """The axis."""
        strip = REFORM_STRIP if self.chart.marks else 0
        return self.height - FOOT - strip

    @cached_property
    def left(self) -> float:
        """Where the axis begins, right of the widest tick."""
        return max(len(self.tick_words(tick)) for tick in self.ticks) * DIGIT + 6

    @property
    def right(self) -> float:
        """Where the axis ends: a whisker beside the last bar has room before the edge."""
        return WIDTH - 4

    def y(self, amount: Fraction) -> int:
        """How high an amount stands; what is below 0 stands on the axis."""
        share = max(amount, Fraction(0)) / self.ticks[-1]
        return round(self.bottom - (self.bottom - self.top) * share)

    def x(self, day: date) -> float:
        """Where a day stands within its year's band."""
        first = self.chart.years[0].year
        into_year = (day - date(day.year, 1, 1)).days / 366
        return self.left + (day.year - first + into_year) * self._band_width

    @property
    def _band_width(self) -> float:
        return (self.right - self.left) / len(self.chart.years)

    def tick_words(self, tick: Fraction) -> str:
        """A tick's amount as it is written beside the axis."""
        places = decimal_places((tick / self.scale[0] for tick in self.ticks), most=1)
        return self._written(tick, places)

    def value_words(self, value: Fraction) -> str:
        """A value as it is written on its bar: all with as many decimals, at most one."""
        values = [year.value for year in self.chart.years if year.value is not None]
        places = decimal_places((value / self.scale[0] for value in values), most=1)
        return self._written(value, places)

    def _written(self, amount: Fraction, places: int) -> str:
        sign = "%" if self.chart.percent else ""
        return format_number(amount / self.scale[0], places) + sign

    @cached_property
    def bands(self) -> list[Band]:
        """The years from left to right."""
        return [self._band(place, year) for place, year in enumerate(self.chart.years)]

    def _band(self, place: int, year: ChartYear) -> Band:
        left = self.left + place * self._band_width
        top = None if year.value is None else self.y(year.value)
        target = None if year.target is None else self.y(year.target)
        words = year.gap if year.value is None else self.value_words(year.value)
        return Band(
            year=year,
            left=left,
            right=left + self._band_width,
            top=top,
            target=target,
            label=placed_label(words, top, target, axis=self.bottom),
        )

    @property
    def target_runs(self) -> Iterator[TargetRun]:
        """The target's line, one piece for all years in a row that ask the same."""
        run: TargetRun | None = None
        for band in self.bands:
            if run and run.y == band.target:
                run = TargetRun(run.left, band.right, run.y)
                continue
            if run:
                yield run
            run = None if band.target is None else TargetRun(band.left, band.right, band.target)
        if run:
            yield run


def placed_label(words: str, bar_top: int | None, target: int | None, *, axis: int) -> Label:
    """Where a value stands clear of the target's line; heights count from the drawing's top."""
    top = axis if bar_top is None else bar_top
    foot = axis - IN_THE_FOOT
    if axis - top >= TALL_ENOUGH and _is_clear(foot, target):
        return Label(words, foot, in_bar=True)
    above = top - ON_TOP
    if target is None or _is_clear(above, target):
        return Label(words, above, in_bar=False)
    return Label(words, min(top, target) - ON_TOP, in_bar=False)


def _is_clear(baseline: int, line: int | None) -> bool:
    if line is None:
        return True
    return not baseline - LABEL_UP - CLEAR <= line <= baseline + LABEL_DOWN + CLEAR


def _round_step(least: Fraction) -> Fraction:
    """The smallest of 1, 2, 5, 10, 20, 50 … (and of 0,1, 0,2 …) that is no smaller than `least`."""
    power = Fraction(1)
    while power > least:
        power /= 10
    while power * 10 <= least:
        power *= 10
    return next(power * step for step in STEPS if power * step >= least)


def width_of(words: str) -> float:
    """How wide a line of words is drawn."""
    return len(words) * LETTER


def in_lines(widths: Sequence[float], room: float) -> list[int]:
    """Things of these widths one after the other: on which line each stands, from 0."""
    lines: list[int] = []
    line, taken = 0, 0.0
    for width in widths:
        if taken and taken + width > room:
            line, taken = line + 1, 0.0
        taken += width
        lines.append(line)
    return lines
