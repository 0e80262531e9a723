"""Charts on a unit's page: 0 is a figure, nothing is not; rates in percent, counts in whole
numbers; nothing moves.
"""

import gzip

import pytest
from playwright.sync_api import Page, expect
from sites import Site

pytestmark = pytest.mark.browser


def words(page: Page, name: str) -> list[str]:
    """All that the chart of an indicator says, without what appears while it is pointed at."""
    chart = page.get_by_role("img", name=name).first
    chart.wait_for()
    return chart.locator("text:not(.chart-tip text)").all_text_contents()


def test_zero_is_drawn_and_nothing_is_said_to_be_missing(demo_site: Site):
    with demo_site.visit("coso") as page:
        page.goto(f"{demo_site.url}/don-vi/")
        rate = words(page, "Tỷ lệ cơ sở Hội có tủ, ngăn hoặc kệ sách")
        assert {"0%", "20%", "100%", "…"} <= set(rate)
        assert rate.count("0%") > 1, "on the axis only"
        count = words(page, "Số hộ nghèo do phụ nữ làm chủ thoát nghèo bền vững")
        assert [tick for tick in count if "," in tick] == []
        assert "…" in count


def test_pointing_at_a_year_says_it_in_words(demo_site: Site):
    """The words of a year are hidden until its part of the drawing is pointed at."""
    with demo_site.visit("coso") as page:
        page.goto(f"{demo_site.url}/don-vi/")
        chart = page.get_by_role("img", name="Tỷ lệ cơ sở Hội có tủ, ngăn hoặc kệ sách").first
        words = chart.locator(".chart-tip").last
        expect(words).to_be_hidden()
        chart.locator(".chart-field").last.hover()
        expect(words).to_be_visible()
        assert "2021 · Kết quả: chưa có" in words.text_content()


def test_charts_wear_the_colours_of_the_page(demo_site: Site):
    """Light and dark: the same drawing, no colour of its own."""
    colour = "getComputedStyle(document.querySelector('.chart-bar')).fill"
    fills = set()
    for theme in ("light", "dark"):
        with demo_site.visit("coso", theme=theme) as page:
            page.goto(f"{demo_site.url}/don-vi/")
            fills.add(page.evaluate(colour))
    assert len(fills) == 2


def test_a_page_of_charts_costs_few_bytes(demo_site: Site):
    """At most 30 KB of scripts and of what the charts add; the drawing is part of the page."""
    with demo_site.visit("coso") as page:
        page.goto(f"{demo_site.url}/don-vi/")
        scripts = page.locator("script[src]").evaluate_all("all => all.map(one => one.src)")
        assert not [source for source in scripts if "vendor" in source]
        drawn = page.locator("svg.chart").evaluate_all("all => all.map(one => one.outerHTML)")
        assert len(drawn) > 3
        assert len(gzip.compress("".join(drawn).encode())) < 30_000
