"""A chart as SVG. Colours are classes of static/css/charts.css, so that light, dark and paper work.

On a screen the words of a year appear while it is pointed at; `<title>` and `<desc>` say the whole
chart to who does not see it. The figures stand in a table or a list beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import wrap
from xml.etree.ElementTree import Element, SubElement, tostring

from toankhoa.documents.charts.layout import (
    LINE,
    WHISKER_GAP,
    WIDTH,
    Band,
    Layout,
    in_lines,
    width_of,
)
from toankhoa.documents.charts.years_chart import YearsChart

NAMESPACE = "http://www.w3.org/2000/svg"
HEIGHT = 220
KEY_WIDTH, KEY_GAP = 18, 14  # of a sign of the legend with the blank after it; between two entries
WHISKER_END = 4
LONGEST_TIP = 42  # letters of a line
TIP_EDGE = 7
CORNER = 3


@dataclass(frozen=True)
class LegendEntry:
    """A sign and what it means. `kind` is part of its class: bar, target, forecast, reform."""

    kind: str
    words: str

    @property
    def width(self) -> float:
        """With the blank after it."""
        return KEY_WIDTH + width_of(self.words) + KEY_GAP


def chart_svg(chart: YearsChart, key: str, height: int = HEIGHT) -> str:
    """The drawing. `key`: a name of its own among the charts of a page."""
    entries = list(_legend(chart))
    lines = in_lines([entry.width for entry in entries], WIDTH + KEY_GAP)
    layout = Layout(chart, height, legend_lines=max(lines) + 1)
    svg = Element(
        "svg",
        {
            "xmlns": NAMESPACE,
            "class": "chart",
            "viewBox": f"0 0 {WIDTH} {height}",
            "role": "img",
            "aria-labelledby": f"{key}-title {key}-desc",
        },
    )
    SubElement(svg, "title", id=f"{key}-title").text = chart.title
    SubElement(svg, "desc", id=f"{key}-desc").text = chart.description
    _draw_legend(svg, entries, lines)
    _draw_axis(svg, layout)
    for band in layout.bands:
        _draw_bar(svg, band, layout)
    for run in layout.target_runs:
        for name in ("chart-halo", "chart-target"):
            _line(svg, name, run.left, run.y, run.right, run.y)
    _draw_forecast(svg, layout)
    for reform in chart.marks:
        _triangle(svg, layout.x(reform.day), layout.bottom + 1)
    for band in layout.bands:
        _text(svg, _label_class(band), band.centre, band.label.y, band.label.words)
    for band in layout.bands:
        _draw_tip(svg, band, layout)
    return tostring(svg, encoding="unicode")


def _legend(chart: YearsChart) -> Iterator[LegendEntry]:
    divided_by = Layout(chart, HEIGHT, 1).scale[1]
    actual = chart.actual_name
    if divided_by:
        actual = f"{actual} ({divided_by} {chart.unit})"
    yield LegendEntry("bar", actual)
    if any(year.target is not None for year in chart.years):
        yield LegendEntry("target", chart.target_name)
    if chart.forecast:
        yield LegendEntry("forecast", "Dự báo, từ thấp đến cao")
    if chart.marks:
        yield LegendEntry("reform", "Sắp xếp đơn vị")


def _draw_legend(svg: Element, entries: list[LegendEntry], lines: list[int]) -> None:
    x, current = 0.0, 0
    for entry, line in zip(entries, lines, strict=True):
        if line != current:
            x, current = 0.0, line
        y = line * LINE + 10
        _draw_key(svg, entry.kind, x, y)
        _text(svg, "chart-words", x + KEY_WIDTH, y, entry.words)
        x += entry.width


def _draw_key(svg: Element, kind: str, x: float, y: float) -> None:
    """`y`: the line that the words stand on."""
    match kind:
        case "bar":
            _rect(svg, "chart-bar", x, y - 9, 12, 10, rx="2")
        case "target":
            _line(svg, "chart-target", x, y - 4, x + 14, y - 4)
        case "forecast":
            _line(svg, "chart-whisker", x + 6, y - 9, x + 6, y + 1)
            _circle(svg, x + 6, y - 4)
        case "reform":
            _triangle(svg, x + 6, y - 8)


def _draw_axis(svg: Element, layout: Layout) -> None:
    for tick in layout.ticks:
        y = layout.y(tick)
        name = "chart-grid" if tick else "chart-axis"
        _line(svg, name, layout.left, y, layout.right, y)
        _text(svg, "chart-tick", layout.left - 5, y + 4, layout.tick_words(tick))


def _draw_bar(svg: Element, band: Band, layout: Layout) -> None:
    _text(svg, "chart-year", band.centre, layout.height - 5, str(band.year.year))
    if band.top is None:
        return
    # What is 0 still shows: a bar of one unit's height.
    height = max(layout.bottom - band.top, 1)
    corner = min(CORNER, height)
    left, width = band.centre - band.bar_width / 2, band.bar_width
    outline = (
        f"M{_short(left)} {layout.bottom}v{corner - height}"
        f"q0 {-corner} {corner} {-corner}h{_short(width - 2 * corner)}"
        f"q{corner} 0 {corner} {corner}V{layout.bottom}z"
    )
    name = "chart-bar" if band.year.shown else "chart-bar chart-pale"
    SubElement(svg, "path", {"class": name, "d": outline})


def _label_class(band: Band) -> str:
    if band.top is None:
        return "chart-gap"
    if band.label.in_bar and band.year.shown:
        return "chart-value chart-in-bar"
    return "chart-value"


def _draw_forecast(svg: Element, layout: Layout) -> None:
    forecast = layout.chart.forecast
    if forecast is None:
        return
    band = next(band for band in layout.bands if band.year.year == forecast.year)
    x = band.centre + band.bar_width / 2 + WHISKER_GAP
    low, high = layout.y(forecast.low), layout.y(forecast.high)
    _line(svg, "chart-whisker", x, low, x, high)
    for y in (low, high):
        _line(svg, "chart-whisker", x - WHISKER_END, y, x + WHISKER_END, y)
    _circle(svg, x, layout.y(forecast.middle))


def _draw_tip(svg: Element, band: Band, layout: Layout) -> None:
    """What a year says while it is pointed at: the field to point at, then the words."""
    top = layout.legend_lines * LINE
    _rect(svg, "chart-field", band.left, top, band.right - band.left, layout.height - top)
    lines = _tip_lines(band, layout.chart)
    width = max(width_of(line) for line in lines) + 2 * TIP_EDGE
    left = min(max(band.centre - width / 2, 0), WIDTH - width)
    tip = SubElement(svg, "g", {"class": "chart-tip"})
    _rect(tip, "chart-tip-box", left, top, width, len(lines) * LINE + TIP_EDGE, rx="6")
    for place, line in enumerate(lines, start=1):
        _text(tip, "chart-words", left + TIP_EDGE, top + place * LINE, line)


def _tip_lines(band: Band, chart: YearsChart) -> list[str]:
    year = band.year
    actual = f"{year.year} · {chart.actual_name}: {year.words}"
    if year.value is not None and not chart.percent:
        actual = f"{actual} {chart.unit}".strip()
    sentences = [actual]
    if year.target is not None:
        sentences.append(f"{chart.target_name}: {year.target_words}")
    if chart.forecast and chart.forecast.year == year.year:
        sentences.append(f"Dự báo {chart.forecast.words}")
    for reform in chart.marks:
        if reform.day.year == year.year:
            sentences.append(f"Sắp xếp {reform.words}")
    lines: list[str] = []
    for sentence in sentences:
        lines += wrap(sentence, LONGEST_TIP)
    return lines


def _text(parent: Element, name: str, x: float, y: float, words: str) -> None:
    SubElement(parent, "text", {"class": name, "x": _short(x), "y": _short(y)}).text = words


def _line(parent: Element, name: str, x1: float, y1: float, x2: float, y2: float) -> None:
    ends = {"x1": _short(x1), "y1": _short(y1), "x2": _short(x2), "y2": _short(y2)}
    SubElement(parent, "line", {"class": name} | ends)


def _rect(
    parent: Element, name: str, x: float, y: float, width: float, height: float, rx: str = "0"
) -> None:
    place = {"x": _short(x), "y": _short(y), "width": _short(width), "height": _short(height)}
    SubElement(parent, "rect", {"class": name, "rx": rx} | place)


def _circle(parent: Element, x: float, y: float) -> None:
    SubElement(
        parent, "circle", {"class": "chart-dot", "cx": _short(x), "cy": _short(y), "r": "3.5"}
    )


def _triangle(parent: Element, x: float, top: float) -> None:
    foot = top + 7
    points = [(x, top), (x - 4, foot), (x + 4, foot)]
    corners = " ".join(f"{_short(across)},{_short(down)}" for across, down in points)
    SubElement(parent, "polygon", {"class": "chart-reform", "points": corners})


def _short(number: float) -> str:
    """At most one decimal: `12`, `12.5`."""
    return f"{number:.1f}".removesuffix(".0")
