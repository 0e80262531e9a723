"""A unit's figures through the years as charts, as reported or on the boundaries of a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from toankhoa.core.basics import format_date
from toankhoa.core.organisation import Reform, in_order
from toankhoa.core.results import IndicatorYears, indicator_years
from toankhoa.documents.charts import (
    MISSING_WORDS,
    ChartReform,
    ChartYear,
    YearsChart,
    chart_svg,
    reported_chart,
)
from toankhoa.documents.words.alike_figures import figure_places, figure_words
from toankhoa.operations.living_plan import LivingPlan
from toankhoa.reporting.reading.figure_reforms import FigureReforms
from toankhoa.reporting.reading.restated_reader import Restated, RestatedReader
from toankhoa.web.shell.access import Request
from toankhoa.web.shell.typed import query_fields

CHARTS = 12  # as many as a page can hold before nobody looks; the rest stand in the living plan
TODAY = "hom-nay"
UNKNOWN = "không rõ"  # something came in, and nobody knows how much of it belongs here


@dataclass(frozen=True)
class SeriesFigure:
    """A year's figure, and where it is explained. `restated`: not what was reported then."""

    year: int
    words: str
    address: str
    restated: bool = False


@dataclass(frozen=True)
class SeriesCard:
    """One indicator: its chart, and every year's figure, which leads to its explanation."""

    chart: YearsChart
    figures: tuple[SeriesFigure, ...]
    reforms: tuple[Reform, ...] = ()
    key: str = ""  # of its drawing among those of the page

    @property
    def svg(self) -> SafeString:
        """The drawing; `chart_svg` escapes what it is given."""
        return mark_safe(chart_svg(self.chart, self.key))

    @property
    def has_figures(self) -> bool:
        """Whether some year has one, known or not."""
        return any(figure.words != MISSING_WORDS for figure in self.figures)


@dataclass(frozen=True)
class BoundaryDay:
    """The day whose boundaries are asked for, None for those of each year.

    `refused`: why another day cannot be shown.
    """

    day: date | None = None
    refused: str = ""


def boundary_day(request: Request, unit: str) -> BoundaryDay:
    """What the address asks for."""
    fields, today = query_fields(request), request.actor.today
    typed = fields.text("dia-gioi")
    if not typed:
        return BoundaryDay()
    day = today if typed == TODAY else fields.day("dia-gioi")
    if day is None:
        return BoundaryDay(refused=f"“{typed}” không phải một ngày. Hãy ghi như 1/7/2025.")
    if day > today:
        return BoundaryDay(refused="Chưa đến ngày ấy. Hãy chọn một ngày từ hôm nay trở về trước.")
    if unit not in request.actor.organisation.on(day):
        refused = f"Đơn vị này chưa có vào ngày {format_date(day)}. Hãy chọn ngày khác."
        return BoundaryDay(refused=refused)
    return BoundaryDay(day)


def series_cards(living: LivingPlan, day: date | None, request: Request) -> list[SeriesCard]:
    """The plan's figures of a unit, on the boundaries of a day or of each year."""
    series = indicator_years(living.reader.lines())
    if day is None:
        return _first_shown(_reported_cards(living, series))
    reader = RestatedReader(
        unit=living.unit,
        day=day,
        years=living.plan.years,
        today=request.actor.today,
        ledger=request.ledger,
    )
    return _first_shown(_restated_card(of_years, living.unit, reader) for of_years in series)


def _first_shown(cards: Iterable[SeriesCard]) -> list[SeriesCard]:
    """The first that have a figure in some year."""
    shown = [card for card in cards if card.has_figures][:CHARTS]
    return [replace(card, key=f"chart-{place}") for place, card in enumerate(shown)]


def reforms_of(cards: Iterable[SeriesCard]) -> list[Reform]:
    """The reforms through which figures were restated, in order of their days."""
    reforms: list[Reform] = []
    for card in cards:
        reforms.extend(card.reforms)
    return _each_once(reforms)


def _each_once(reforms: Iterable[Reform]) -> list[Reform]:
    return in_order({reform.code: reform for reform in reforms}.values())


def _reported_cards(living: LivingPlan, series: Sequence[IndicatorYears]) -> Iterable[SeriesCard]:
    """The actual of each year beside the level that was asked, and the reforms in between."""
    years = living.plan.years
    within = FigureReforms(
        living.reader.reader, date(years[0], 1, 1), min(living.last_day, date(years[-1], 12, 31))
    )
    for of_years in series:
        indicator = of_years.readings[0].indicator
        chart = reported_chart(of_years.readings, chart_reforms(within.behind(indicator)))
        address = living.unit, of_years.row.code, indicator.code
        figures = [
            SeriesFigure(year.year, year.words, reverse("explain", args=[*address, year.year]))
            for year in chart.years
        ]
        yield SeriesCard(chart, tuple(figures))


def chart_reforms(reforms: Iterable[Reform]) -> list[ChartReform]:
    """As marks of a chart: the day, and the document or else the title."""
    return [ChartReform(reform.day, reform.document or reform.title) for reform in reforms]


def _restated_card(of_years: IndicatorYears, unit: str, reader: RestatedReader) -> SeriesCard:
    """Each year on the day's boundaries, without targets: those were of the units of their time."""
    indicator = of_years.readings[0].indicator
    restated = {
        reading.year: reader.restated(indicator, reading.year) for reading in of_years.readings
    }
    places = figure_places(of_year.figure for of_year in restated.values())
    years = [_restated_year(year, of_year, places) for year, of_year in restated.items()]
    reforms: list[Reform] = []
    for of_year in restated.values():
        reforms.extend(of_year.reforms)
    chart = YearsChart(
        title=indicator.name,
        years=tuple(years),
        percent=of_years.readings[0].result.figure.ratio,
        unit=indicator.unit,
        actual_name="Kết quả tính lại",
        reforms=tuple(chart_reforms(_each_once(reforms))),
    )
    address = unit, of_years.row.code, indicator.code
    figures = [
        _restated_figure(year, address, None if restated[year.year].as_reported else reader.day)
        for year in years
    ]
    return SeriesCard(chart, tuple(figures), tuple(reforms))


def _restated_year(year: int, restated: Restated, places: int) -> ChartYear:
    figure = restated.figure
    if figure is None:
        return ChartYear(year=year, value=None, words=UNKNOWN, gap=UNKNOWN)
    return ChartYear(
        year=year, value=figure.value, words=figure_words(figure, places, MISSING_WORDS)
    )


def _restated_figure(
    year: ChartYear, address: tuple[str, str, str], day: date | None
) -> SeriesFigure:
    """`day`: of the boundaries, None where the figure is as it was reported."""
    if day is None:
        explained = reverse("explain", args=[*address, year.year])
        return SeriesFigure(year.year, year.words, explained)
    explained = reverse("explain-restated", args=[*address, year.year, day.isoformat()])
    return SeriesFigure(year.year, year.words, explained, restated=True)
