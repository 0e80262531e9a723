"""Charts as SVG: nothing strikes a value through, a gap is no zero, and the words are all there."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toankhoa.documents.charts import ChartForecast, ChartReform, ChartYear, YearsChart, chart_svg
from toankhoa.documents.charts.layout import (
    CLEAR,
    LABEL_DOWN,
    LABEL_UP,
    Layout,
    in_lines,
    placed_label,
)
from toankhoa.documents.words.alike_figures import decimal_places

SVG = "{http://www.w3.org/2000/svg}"
HEIGHT = 220


def year(of: int, value: int | None, target: int | None = None) -> ChartYear:
    return ChartYear(
        year=of,
        value=None if value is None else Fraction(value),
        words="chưa có" if value is None else str(value),
        target=None if target is None else Fraction(target),
        target_words="" if target is None else f"≥ {target}",
    )


def chart(*years: ChartYear, percent: bool = False, **more: object) -> YearsChart:
    return YearsChart(title="Số mô hình", years=years, percent=percent, unit="mô hình", **more)


def drawn(of: YearsChart) -> ElementTree.Element:
    return ElementTree.fromstring(chart_svg(of, "c"))


def words(of: YearsChart, name: str) -> list[str]:
    """What the drawing says in texts of a class."""
    texts = drawn(of).iter(f"{SVG}text")
    return [text.text or "" for text in texts if name in text.get("class", "").split()]


# Labels


@given(
    bar=st.none() | st.integers(20, 190),
    target=st.none() | st.integers(20, 190),
)
def test_no_label_is_struck_by_the_target(bar: int | None, target: int | None):
    """Wherever a bar ends and the target's line lies, the letters of the value are clear of it."""
    label = placed_label("12", bar, target, axis=190)
    assert label.y <= 190
    if target is not None:
        assert not label.y - LABEL_UP - CLEAR <= target <= label.y + LABEL_DOWN + CLEAR


def test_labels_never_leave_the_drawing():
    """The highest bar leaves room for a value above it, and for one above the target's line."""
    layout = Layout(chart(year(2020, 3, 1000), year(2021, 1000)), HEIGHT, legend_lines=1)
    for band in layout.bands:
        assert band.label.y - LABEL_UP > 0


def test_a_low_bar_bears_its_label_above():
    layout = Layout(chart(year(2020, 1), year(2021, 100)), HEIGHT, legend_lines=1)
    low, high = layout.bands
    assert not low.label.in_bar
    assert low.label.y < low.top
    assert high.label.in_bar


# Missing, nothing, figures


def test_a_missing_year_is_a_gap():
    """No bar, and “…” in its place; a 0 is a bar of one unit's height with its value."""
    of = chart(year(2020, 0), year(2021, None), year(2022, 4))
    assert [band.label.words for band in Layout(of, HEIGHT, 1).bands] == ["0", "…", "4"]
    bars = [path for path in drawn(of).iter(f"{SVG}path") if path.get("class") == "chart-bar"]
    assert len(bars) == 2
    assert words(of, "chart-gap") == ["…"]


def test_percentages_of_a_chart_look_alike():
    of = chart(year(2020, 90), percent=True)
    assert words(of, "chart-value") == ["90%"]
    uneven = ChartYear(year=2021, value=Fraction(883, 10), words="88,3%")
    assert words(chart(year(2020, 90), uneven, percent=True), "chart-value") == ["90,0%", "88,3%"]


def test_amounts_of_money_fit_their_bars():
    """Thousands of millions are divided, and the legend says by what."""
    of = YearsChart(
        title="Vốn",
        years=(year(2020, 1_250_000_000), year(2021, 2_000_000_000)),
        percent=False,
        unit="đồng",
    )
    assert words(of, "chart-value") == ["1,3", "2,0"]
    assert "Kết quả (tỷ đồng)" in words(of, "chart-words")


@pytest.mark.parametrize(
    ("values", "most", "places"),
    [
        (["88.3", "90"], 2, 1),
        (["90", "100"], 2, 0),
        (["95.345", "98"], 2, 2),
        (["95.345", "98"], 1, 1),
        (["42.001"], 2, 0),
        ([], 2, 0),
    ],
)
def test_a_column_shows_alike_decimals(values: list[str], most: int, places: int):
    assert decimal_places([Fraction(value) for value in values], most) == places


# Lines


def test_targets_alike_are_one_line():
    """Two years that ask the same share a line; another amount, or none, begins another."""
    of = chart(year(2019, 1, 5), year(2020, 1, 5), year(2021, 1), year(2022, 1, 6))
    layout = Layout(of, HEIGHT, legend_lines=1)
    first, second = layout.target_runs
    assert (first.left, first.right) == (layout.bands[0].left, layout.bands[1].right)
    assert second.left == layout.bands[3].left
    assert second.y < first.y


def test_the_scale_begins_at_nothing_and_is_round():
    ticks = Layout(chart(year(2020, 98), percent=True), HEIGHT, 1).ticks
    assert ticks == [0, 20, 40, 60, 80, 100]
    assert Layout(chart(year(2020, 3)), HEIGHT, 1).ticks == [0, 1, 2, 3], "no half of a unit"
    assert Layout(chart(year(2020, 0)), HEIGHT, 1).ticks == [0, 1]


def test_the_forecast_and_reforms_are_marked():
    of = chart(
        year(2020, 4),
        year(2021, 5),
        forecast=ChartForecast(2021, Fraction(6), Fraction(7), Fraction(8), "6–8"),
        reforms=(
            ChartReform(date(2021, 7, 1), "NQ 1"),
            ChartReform(date(2025, 7, 1), "sau các năm ấy"),
        ),
    )
    root = drawn(of)
    assert len(list(root.iter(f"{SVG}polygon"))) == 2, "in the legend and on the axis"
    description = root.find(f"{SVG}desc").text
    assert description == "2020 4; 2021 5. Dự báo 6–8. Sắp xếp đơn vị từ 01/7/2021: NQ 1."
    assert "Sắp xếp từ 01/7/2021: NQ 1" in words(of, "chart-words")
    layout = Layout(of, HEIGHT, 1)
    assert layout.bands[1].left < layout.x(date(2021, 7, 1)) < layout.bands[1].right


def test_the_legend_breaks_where_it_is_full():
    assert in_lines([100, 100, 150, 40], room=300) == [0, 0, 1, 1]
    assert in_lines([400], room=300) == [0]


def test_words_cannot_become_markup():
    of = YearsChart(title="<script>&", years=(year(2021, 1),), percent=False)
    svg = chart_svg(of, "c")
    assert "<script>" not in svg
    assert drawn(of).find(f"{SVG}title").text == "<script>&"
