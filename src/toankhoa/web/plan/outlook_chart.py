"""A small drawing of an indicator's years: what each has come to, what it had to, and where it will end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from toankhoa.core.measures import TermRule
from toankhoa.core.results import Projection, Reading, TermReading
from toankhoa.documents.words import forecast

STEP, HEIGHT = 64, 128  # of a year; of the drawing
TOP, BOTTOM = 12, 108  # where the highest amount and 0 are drawn
BAR, ROOM, FOOT = (
    44,
    18,
    7,
)  # width of a bar; the height that holds its label; how high the label stands in it
WHISKER = 6  # beside its bar


@dataclass(frozen=True)
class ChartColumn:
    """One year, in whole units of the drawing: a bar from `top` down, None where there is no figure yet."""

    year: int
    centre: int
    top: int | None
    label: str
    label_at: int
    inside: bool  # whether the label stands in the bar
    goal: int | None  # where the level to reach lies
    shown: bool  # the year that is looked at

    @property
    def left(self) -> int:
        """Where its bar begins."""
        return self.centre - BAR // 2

    @property
    def height(self) -> int:
        """Of its bar; what is 0 still shows."""
        return 0 if self.top is None else max(BOTTOM - self.top, 1)


@dataclass(frozen=True)
class Whisker:
    """The outlook: from `low` up to `high`, with `middle` between."""

    centre: int
    low: int
    middle: int
    high: int


@dataclass(frozen=True)
class OutlookChart:
    """All of it, and the same in words."""

    columns: tuple[ChartColumn, ...]
    outlook: Whisker | None
    words: str
    width: int
    bottom: int = BOTTOM
    height: int = HEIGHT
    bar: int = BAR


def of_year(term: TermReading, year: int) -> OutlookChart | None:
    """The years beside each other, and the outlook of the one that is looked at."""
    looked_at = next(reading for reading in term.years if reading.year == year)
    bars = [reading.result.figure.value for reading in term.years]
    goals = [reading.result.goal for reading in term.years]
    return _drawn(looked_at, term.years, bars, goals, shown=year)


def of_term(term: TermReading) -> OutlookChart | None:
    """The years beside each other; where they add up, each on top of those before, towards the term's amount."""
    values = [reading.result.figure.value for reading in term.years]
    goals = [reading.result.goal for reading in term.years]
    if term.term.rule is TermRule.SUM:
        values = _running(values)
        goals = [None] * (len(values) - 1) + [term.result.goal]
    elif not term.term.years_with_target:
        goals = [None] * (len(values) - 1) + [term.result.goal]
    return _drawn(term, term.years, values, goals, shown=term.years[-1].year)


def _running(values: Sequence[Fraction | None]) -> list[Fraction | None]:
    """Sums so far; None in a year that has brought nothing yet."""
    found: list[Fraction | None] = []
    so_far = Fraction(0)
    for value in values:
        so_far += value or 0
        found.append(None if value is None else so_far)
    return found


def _drawn(
    reading: Reading,
    years: Sequence[Reading],
    bars: Sequence[Fraction | None],
    goals: Sequence[Fraction | None],
    *,
    shown: int,
) -> OutlookChart | None:
    """None where there is nothing to draw."""
    outlook = reading.result.outlook
    ends = (outlook.low, outlook.high) if outlook else ()
    known = [value for value in (*bars, *goals, *ends) if value is not None]
    if not any(bar is not None for bar in bars) and outlook is None:
        return None
    most = max(max(known, default=Fraction(1)), Fraction(1))

    def at(value: Fraction) -> int:
        return round(BOTTOM - (BOTTOM - TOP) * max(value, Fraction(0)) / most)

    def column(place: int, year: int, bar: Fraction | None, goal: Fraction | None) -> ChartColumn:
        top = BOTTOM if bar is None else at(bar)
        inside = BOTTOM - top >= ROOM
        return ChartColumn(
            year=year,
            centre=place * STEP + STEP // 2,
            top=None if bar is None else top,
            label="…" if bar is None else forecast.amount(reading, bar),
            label_at=BOTTOM - FOOT if inside else top - FOOT,
            inside=inside,
            goal=None if goal is None else at(goal),
            shown=year == shown,
        )

    drawn = enumerate(zip(years, bars, goals, strict=True))
    columns = tuple(column(place, one.year, bar, goal) for place, (one, bar, goal) in drawn)
    whisker = (
        _whisker(outlook, next(column.centre for column in columns if column.shown), at)
        if outlook
        else None
    )
    return OutlookChart(
        columns, whisker, _words(reading, columns), width=STEP * len(years) + WHISKER
    )


def _whisker(outlook: Projection, centre: int, at: Callable[[Fraction], int]) -> Whisker:
    return Whisker(
        centre + BAR // 2 + WHISKER, at(outlook.low), at(outlook.middle), at(outlook.high)
    )


def _words(reading: Reading, columns: Sequence[ChartColumn]) -> str:
    years = "; ".join(
        f"{column.year} {'chưa có' if column.top is None else column.label}" for column in columns
    )
    said = forecast.outlook(reading)
    return f"{reading.indicator.name}: {years}" + (f". Dự báo {said}." if said else ".")
