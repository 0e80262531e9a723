"""A unit's figures through the years as charts: as they were reported, or on the boundaries of a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from toankhoa.core.basics import format_date, read_date
from toankhoa.core.organisation import Reform, in_order
from toankhoa.core.totals import Figure
from toankhoa.operations.living_plan import LivingPlan
from toankhoa.reporting.reading.restated_reader import RestatedReader
from toankhoa.web.plan.key_figures import Measured, charts
from toankhoa.web.shell.access import Request
from toankhoa.web.templatetags.vietnamese import ket_qua, thuc_te

CHARTS = 12  # as many as a page can hold before nobody looks; the rest stand in the living plan
TODAY = "hom-nay"
MISSING, UNKNOWN = (
    "chưa có",
    "không rõ",
)  # nothing came in; nobody knows how much of it belongs here


@dataclass(frozen=True)
class Told:
    """A year's figure in words. `restated`: it is not what was reported then, and is explained as such."""

    year: int
    words: str
    restated: bool = False


@dataclass(frozen=True)
class SeriesChart:
    """One indicator: what charts.js draws (`data`) and the same in words; each year leads to its explanation.

    `row`, `indicator`: where its figures are explained; `id`: of its drawing among those of the page.
    """

    name: str
    data: dict[str, Any]
    row: str
    indicator: str
    told: tuple[Told, ...]
    id: str = ""
    reforms: tuple[Reform, ...] = ()

    @property
    def words(self) -> str:
        """All years in one line."""
        return "; ".join(f"{each.year} {each.words}" for each in self.told)


@dataclass(frozen=True)
class Boundary:
    """The day whose boundaries are asked for, None for those of each year; `refused`: why another cannot be shown."""

    day: date | None = None
    refused: str = ""


def boundary(request: Request, unit: str) -> Boundary:
    """What the address asks for."""
    asked, today = request.GET.get("dia-gioi", ""), request.actor.today
    if not asked:
        return Boundary()
    day = today if asked == TODAY else read_date(asked)
    if day is None:
        return Boundary(refused=f"“{asked}” không phải một ngày. Hãy ghi như 1/7/2025.")
    if day > today:
        return Boundary(refused="Chưa đến ngày ấy. Hãy chọn một ngày từ hôm nay trở về trước.")
    if unit not in request.actor.organisation.on(day):
        return Boundary(
            refused=f"Đơn vị này chưa có vào ngày {format_date(day)}. Hãy chọn ngày khác."
        )
    return Boundary(day)


def charts_of(living: LivingPlan, at: Boundary, request: Request) -> list[SeriesChart]:
    """The plan's figures of a unit; a milestone is no series."""
    every = charts(living.reader.lines())
    if at.day is None:
        return _shown(_as_reported(each) for each in every)
    reader = RestatedReader(
        unit=living.unit,
        day=at.day,
        years=living.plan.years,
        today=request.actor.today,
        ledger=request.ledger,
    )
    return _shown(_restated(each, reader) for each in every)


def _shown(every: Iterable[SeriesChart]) -> list[SeriesChart]:
    """The first that have a figure in some year, known or not."""
    shown = [chart for chart in every if any(each.words != MISSING for each in chart.told)][:CHARTS]
    return [replace(chart, id=f"chart-{place}") for place, chart in enumerate(shown)]


def reforms_of(drawn: Iterable[SeriesChart]) -> list[Reform]:
    """The reforms through which figures were restated, in order of their days."""
    return in_order({reform.code: reform for chart in drawn for reform in chart.reforms}.values())


def _as_reported(each: Measured) -> SeriesChart:
    """The actual of each year, and the level required as a dashed line where there is one."""
    points = [_point(reading.result.figure) for reading in each.readings]
    required = [
        None if reading.result.required is None else float(reading.result.required.amount)
        for reading in each.readings
    ]
    series: list[dict[str, Any]] = [{"name": "Kết quả", "points": points}]
    if any(point is not None for point in required):
        series.append({"name": "Chỉ tiêu kế hoạch", "points": required, "dashed": True})
    told = (
        Told(reading.year, _said(reading.result.figure, thuc_te(reading)))
        for reading in each.readings
    )
    return _chart(each, series, told)


def _restated(each: Measured, reader: RestatedReader) -> SeriesChart:
    """The actual of each year on the day's boundaries; levels were asked of the units of their time."""
    indicator = each.readings[0].indicator
    found = {reading.year: reader.restated(indicator, reading.year) for reading in each.readings}
    figures = [one.figure for one in found.values()]
    series = [
        {
            "name": "Kết quả tính lại",
            "points": [None if figure is None else _point(figure) for figure in figures],
        }
    ]
    told = (
        Told(
            year,
            UNKNOWN if one.figure is None else _said(one.figure, ket_qua(one.figure)),
            not one.as_reported,
        )
        for year, one in found.items()
    )
    reforms = tuple(reform for one in found.values() for reform in one.reforms)
    return replace(_chart(each, series, told), reforms=reforms)


def _said(figure: Figure, words: str) -> str:
    return MISSING if figure.value is None else words


def _chart(each: Measured, series: list[dict[str, Any]], told: Iterable[Told]) -> SeriesChart:
    indicator, figure = each.readings[0].indicator, each.readings[0].result.figure
    years = tuple(told)
    points = series[0]["points"]
    return SeriesChart(
        name=indicator.name,
        data={
            "kind": "bar",
            "unit": "%" if figure.ratio else indicator.unit,
            "labels": [str(one.year) for one in years],
            "series": series,
            "gaps": [
                one.words if point is None else None
                for one, point in zip(years, points, strict=True)
            ],
        },
        row=each.row.code,
        indicator=indicator.code,
        told=years,
    )


def _point(figure: Figure) -> float | None:
    return None if figure.value is None else round(float(figure.value), 2)
