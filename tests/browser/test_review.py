"""A plan officer amends the demo's plan in a real browser: reads a cell, edits it, confirms the
change, publishes.
"""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sites import Site

pytestmark = pytest.mark.browser


def shut_out(page: Page) -> list[tuple[str, str]]:
    """What axe finds that keeps somebody from using the page."""
    found = Axe().run(page).response["violations"]
    return [
        (each["id"], each["nodes"][0]["html"][:200])
        for each in found
        if each["impact"] in ("serious", "critical")
    ]


def serves_everybody(page: Page) -> None:
    """No barrier in either theme, nothing over the edge in any width."""
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        assert shut_out(page) == [], theme
    for width in (320, 768, 1024, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        over = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert over <= 0, f"{over} px too wide at {width}"
    page.set_viewport_size({"width": 1440, "height": 900})


def test_a_cell_is_read_edited_and_carried_into_an_amendment(demo_site: Site):
    demo_site.noise.clear()
    with demo_site.visit("kehoach") as page:
        page.goto(f"{demo_site.url}/nap-ke-hoach/")
        page.get_by_role("button", name="Lập bản điều chỉnh").click()
        draft = page.url
        serves_everybody(page)

        page.locator("tr.activity td.c-year a.slot").nth(1).click()
        panel = page.locator("#panel")
        box = panel.locator("#sua-2018")
        expect(box).to_be_focused()
        expect(panel.get_by_role("button", name="Lưu", exact=True)).to_have_count(0)
        assert shut_out(page) == []
        box.fill("ít nhất 77% hội viên")
        expect(panel.locator("#doc-2018")).to_contain_text(
            "Ít nhất 77% hội viên, mỗi đơn vị như nhau"
        )
        box.blur()
        expect(panel.locator("#doc-2018")).to_contain_text("Đã lưu.")
        page.keyboard.press("Escape")
        expect(page.locator("tr.activity td.c-year a.slot").nth(1)).to_contain_text("77%")

        page.get_by_role("link", name=re.compile("So với phiên bản")).click()
        expect(page.locator(".step ins")).to_have_text("ít nhất 77% hội viên")
        serves_everybody(page)
        page.get_by_role("button", name="Đúng như vậy").click()
        expect(page.locator(".badge").first).to_contain_text("Đã xác nhận")

        page.goto(draft)
        page.locator(".problems .dismiss summary").first.click()
        page.locator(".problems .dismiss input[name=reason]").first.fill("Đã hỏi lại, đúng như vậy")
        page.get_by_role("button", name="Bỏ qua điểm này").first.click()
        expect(page.locator("#findings")).to_contain_text("1 đã bỏ qua")
    assert demo_site.noise == []


def test_what_another_officer_changed_is_not_overwritten(demo_site: Site):
    with demo_site.visit("kehoach") as page, demo_site.visit("kehoach") as other:
        page.goto(f"{demo_site.url}/nap-ke-hoach/")
        page.get_by_role("button", name="Lập bản điều chỉnh").click()
        for each in (page, other):
            each.goto(page.url)
            each.locator("tr.activity td.c-year a.slot").nth(1).click()
            expect(each.locator("#sua-2018")).to_be_focused()
        page.locator("#sua-2018").fill("81%")
        page.locator("#sua-2018").blur()
        expect(page.locator("#doc-2018")).to_contain_text("Đã lưu.")
        other.locator("#sua-2018").fill("82%")
        other.locator("#sua-2018").blur()
        expect(other.locator("#toast")).to_contain_text("vừa được người khác sửa")
        expect(other.locator("#toast")).to_be_visible()
        page.reload()
        expect(page.locator("tr.activity td.c-year a.slot").nth(1)).to_contain_text("81%")
    demo_site.noise.clear()


def test_the_documents_fields_and_headings_with_two_officers_at_once(demo_site: Site):
    with demo_site.visit("kehoach") as page, demo_site.visit("kehoach") as other:
        page.goto(f"{demo_site.url}/nap-ke-hoach/")
        page.get_by_role("button", name="Lập bản điều chỉnh").click()
        draft = page.url
        for each in (page, other):
            each.goto(f"{draft}hang/van-ban/?o=number")
            expect(each.locator("#sua-number")).to_be_focused()
        assert shut_out(page) == []
        page.locator("#sua-number").fill("71/KH-BCH")
        page.locator("#sua-number").blur()
        expect(page.locator("#doc-number")).to_contain_text("Đã lưu.")
        other.locator("#sua-number").fill("72/KH-BCH")
        other.locator("#sua-number").blur()
        expect(other.locator("#toast")).to_contain_text("vừa được người khác sửa")
        other.locator("#sua-goal").fill("Mục tiêu mới")
        other.locator("#sua-goal").blur()
        expect(other.locator("#doc-goal")).to_contain_text("Đã lưu.")

        for each in (page, other):
            each.goto(draft)
            each.locator("tr.activity th a.slot").first.click()
            expect(each.locator("#sua-heading")).to_be_visible()
        page.locator("#sua-heading").select_option(index=4)
        expect(page.locator(".notice, .message").first).to_contain_text(
            "Đã chuyển sang đề mục khác."
        )
        other.locator("#sua-heading").select_option(index=5)
        expect(other.locator("#toast")).to_contain_text("vừa được người khác sửa")
        page.locator("summary", has_text="Phần đầu và phần cuối văn bản").click()
        expect(page.locator("#vb-number")).to_have_text("71/KH-BCH")
        expect(page.locator("#vb-goal")).to_have_text("Mục tiêu mới")
    demo_site.noise.clear()


def test_an_indicator_is_made_for_a_row(demo_site: Site):
    """The form asks only what the kind of measure needs, in any width and theme; what is wrong
    keeps what was typed.
    """
    demo_site.noise.clear()
    with demo_site.visit("kehoach") as page:
        page.goto(f"{demo_site.url}/nap-ke-hoach/")
        page.get_by_role("button", name="Lập bản điều chỉnh").click()
        page.locator("tr.activity th a.slot").first.click()
        panel = page.locator("#panel")
        panel.get_by_text("Tạo chỉ số mới cho hàng này").click()
        expect(panel.locator("#m-mau")).to_be_hidden()
        panel.locator("#m-kind").select_option("ratio")
        expect(panel.locator("#m-mau")).to_be_visible()
        expect(panel.locator("#m-mau-ten")).to_be_visible()
        panel.locator("#m-mau").select_option("units:base")
        expect(panel.locator("#m-mau-ten")).to_be_hidden()
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            assert shut_out(page) == [], theme
        for width in (320, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            body = "document.querySelector('#panel-body')"
            assert page.evaluate(f"{body}.scrollWidth - {body}.clientWidth") <= 0, width
        panel.locator("#m-name").fill("Tỷ lệ cơ sở có câu lạc bộ")
        panel.get_by_role("button", name="Thêm vào thư viện và gắn").click()
        expect(page.locator("#toast")).to_contain_text("Hãy ghi tên số liệu mới")
        expect(panel.locator("#m-name")).to_have_value("Tỷ lệ cơ sở có câu lạc bộ")
        panel.locator("#m-tu-ten").fill("Có câu lạc bộ")
        panel.get_by_role("button", name="Thêm vào thư viện và gắn").click()
        expect(panel.locator("#indicators")).to_contain_text("Đã thêm chỉ số vào thư viện")
        panel.get_by_text("Sửa chỉ số", exact=True).click()
        panel.get_by_role("button", name="Rút khỏi thư viện").click()
        expect(panel.locator("#indicators")).to_contain_text("Đã rút chỉ số khỏi thư viện.")
    assert [each for each in demo_site.noise if "409" not in each] == []
    demo_site.noise.clear()
