"""Charts on a unit's page: 0 is a figure, nothing is not; rates in percent, counts in whole numbers; nothing moves."""

import pytest
from playwright.sync_api import Page
from sites import Site

pytestmark = pytest.mark.browser


def words(page: Page, name: str) -> list[str]:
    """All that the chart of an indicator says, as soon as it is there."""
    chart = page.get_by_role("img", name=name).first
    chart.locator("svg").wait_for()
    return chart.locator("text").all_text_contents()


def test_zero_is_drawn_and_nothing_is_said_to_be_missing(demo_site: Site):
    with demo_site.visit("coso") as page:
        page.goto(f"{demo_site.url}/don-vi/")
        rate = words(page, "Tỷ lệ cơ sở Hội có tủ, ngăn hoặc kệ sách")
        assert {"0%", "20%", "100%", "chưa có"} <= set(rate)
        assert rate.count("0%") > 1, "on the axis only"
        count = words(page, "Số hộ nghèo do phụ nữ làm chủ thoát nghèo bền vững")
        assert [tick for tick in count if "," in tick] == []
        assert "chưa có" in count
