"""Charts of what the plan reads: its years as reported, a year or the term with its outlook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from toankhoa.core.measures import TermRule
from toankhoa.core.results import Reading, TermReading
from toankhoa.documents.charts.years_chart import (
    MISSING_WORDS,
    ChartForecast,
    ChartReform,
    ChartYear,
    YearsChart,
)
from toankhoa.documents.words import forecast, plan_view
from toankhoa.documents.words.alike_figures import figure_places, figure_words

TARGET_NAME = "Chỉ tiêu phải đạt"


def reported_chart(readings: Sequence[Reading], reforms: Sequence[ChartReform]) -> YearsChart:
    """An indicator's years as they were reported, each beside the level that was asked of it."""
    places = figure_places(reading.result.figure for reading in readings)
    years = [_reported_year(reading, places) for reading in readings]
    first = readings[0]
    return YearsChart(
        title=first.indicator.name,
        years=tuple(years),
        percent=first.result.figure.ratio,
        unit=first.indicator.unit,
        reforms=tuple(reforms),
    )


def _reported_year(reading: Reading, places: int) -> ChartYear:
    result = reading.result
    of_year = ChartYear(
        year=reading.year,
        value=result.figure.value,
        words=figure_words(result.figure, places, MISSING_WORDS),
    )
    if result.required is None:
        return of_year
    asked = plan_view.required(result.required)
    return replace(of_year, target=result.goal, target_words=asked)


def year_chart(
    term: TermReading, year: int, reforms: Sequence[ChartReform] = ()
) -> YearsChart | None:
    """The years beside each other, and the outlook of the one that is looked at.

    None where there is nothing to draw.
    """
    looked_at = next(reading for reading in term.years if reading.year == year)
    bars = [_Bar(reading.result.figure.value, reading.result.goal) for reading in term.years]
    return _chart(looked_at, term.years, bars, shown=year, reforms=reforms)


def term_chart(term: TermReading, reforms: Sequence[ChartReform] = ()) -> YearsChart | None:
    """The years beside each other, with the level that the term asks.

    Where the years add up, each stands on top of those before: the last bar is what the term has
    come to. None where there is nothing to draw.
    """
    values = [reading.result.figure.value for reading in term.years]
    goals = [reading.result.goal for reading in term.years]
    adds_up = term.term.rule is TermRule.SUM
    if adds_up:
        values = _running(values)
    if adds_up or not term.term.years_with_target:
        goals = [*(None for _ in values[1:]), term.result.goal]
    bars = [_Bar(value, goal) for value, goal in zip(values, goals, strict=True)]
    return _chart(term, term.years, bars, shown=term.years[-1].year, reforms=reforms)


@dataclass(frozen=True)
class _Bar:
    value: Fraction | None
    goal: Fraction | None


def _running(values: Sequence[Fraction | None]) -> list[Fraction | None]:
    """Sums so far; None in a year that has brought nothing yet."""
    sums: list[Fraction | None] = []
    so_far = Fraction(0)
    for value in values:
        so_far += value or 0
        sums.append(None if value is None else so_far)
    return sums


def _chart(
    reading: Reading,
    years: Sequence[Reading],
    bars: Sequence[_Bar],
    *,
    shown: int,
    reforms: Sequence[ChartReform],
) -> YearsChart | None:
    outlook = _outlook(reading, shown)
    if outlook is None and all(bar.value is None for bar in bars):
        return None
    drawn = [
        _looked_at_year(reading, of_year.year, bar, shown=of_year.year == shown)
        for of_year, bar in zip(years, bars, strict=True)
    ]
    return YearsChart(
        title=reading.indicator.name,
        years=tuple(drawn),
        percent=reading.result.figure.ratio,
        unit=reading.indicator.unit,
        actual_name="Thực hiện",
        target_name=TARGET_NAME,
        forecast=outlook,
        reforms=tuple(reforms),
    )


def _looked_at_year(reading: Reading, year: int, bar: _Bar, *, shown: bool) -> ChartYear:
    words = MISSING_WORDS if bar.value is None else forecast.amount(reading, bar.value)
    goal = "" if bar.goal is None else forecast.amount(reading, bar.goal)
    return ChartYear(
        year=year, value=bar.value, words=words, target=bar.goal, target_words=goal, shown=shown
    )


def _outlook(reading: Reading, year: int) -> ChartForecast | None:
    outlook = reading.result.outlook
    if outlook is None:
        return None
    words = forecast.outlook(reading)
    return ChartForecast(year, outlook.low, outlook.middle, outlook.high, words)
