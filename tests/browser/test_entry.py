"""Typing a return: keys, what could not be read, the bar that sends, and reasons asked for in our
own words.
"""

import pytest
from playwright.sync_api import Page, expect
from sites import Site

pytestmark = pytest.mark.browser


def open_form(page: Page, site: Site) -> str:
    """The address of a monthly form that is open."""
    page.goto(f"{site.url}/bao-cao/")
    page.locator("a.button[href*='CS-THANG']").first.click()
    page.wait_for_load_state(
        "load"
    )  # until its script is there, Enter sends the form as any page does
    return page.url


def test_enter_goes_to_the_next_box_and_sends_nothing(demo_site: Site):
    with demo_site.visit("coso") as page:
        address = open_form(page, demo_site)
        first, second = page.locator(".typed input").nth(0), page.locator(".typed input").nth(1)
        first.fill("7")
        first.press("Enter")
        expect(second).to_be_focused()
        expect(page.locator("#saved")).to_contain_text("Đã lưu lúc")
        assert page.url == address
        page.locator(".typed input").last.press("Enter")
        expect(page.locator("#send")).to_be_focused()


def settled(page: Page) -> None:
    """A saved box comes back as it was kept: no person types within that moment, a program does."""
    page.wait_for_load_state("networkidle")
    page.wait_for_function(
        "!document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')"
    )
    page.wait_for_timeout(300)


def test_what_could_not_be_read_comes_back_until_it_is_mended(demo_site: Site):
    with demo_site.visit("coso", width=360) as page:
        warned: list[str] = []
        page.on("dialog", lambda dialog: (warned.append(dialog.type), dialog.accept()))
        address = open_form(page, demo_site)
        box = page.locator(".typed input").first
        box.fill("8")
        box.press("Tab")
        expect(page.locator("#saved")).to_contain_text("Đã lưu lúc")
        settled(page)
        box.fill("12,5")
        box.press("Tab")
        expect(page.locator("#saved")).to_contain_text("chưa đọc được")
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        page.goto(f"{demo_site.url}/")
        assert warned == ["beforeunload"]
        page.goto(address)
        expect(box).to_have_value("12,5")
        expect(page.locator("#saved")).to_contain_text("chưa đọc được")
        box.press("Control+Enter")
        expect(page.locator(".entry .says .error").first).to_contain_text("12,5")
        settled(page)
        page.locator(".typed input").first.fill("9")
        page.locator(".typed input").first.press("Control+Enter")
        expect(page.locator(".notice.success")).to_contain_text("Đã gửi")
        page.click("button:has-text('Mở lại để sửa')")
        expect(page.locator(".error[role=alert]")).to_contain_text("Hãy ghi lý do sửa")
        page.fill("#correct-reason", "Gõ nhầm")
        expect(page.locator(".error[role=alert]")).to_be_empty()
        page.click("button:has-text('Mở lại để sửa')")
        expect(box).to_have_value("9")


def test_what_the_server_refused_is_not_said_to_be_saved_and_is_kept(demo_site: Site):
    with demo_site.visit("coso") as page:
        address = open_form(page, demo_site)
        box = page.locator(".typed input").nth(2)
        kept = page.context.cookies()
        page.context.clear_cookies(name="sessionid")
        box.fill("41")
        box.press("Tab")
        expect(page.locator("#saved")).to_contain_text("chưa được lưu")
        expect(page.locator("#toast")).to_contain_text("bạn đã đăng xuất")
        page.context.add_cookies(kept)
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(address)
        expect(box).to_have_value("41")
        expect(page.locator("#saved")).to_contain_text("Đã lưu lúc")
