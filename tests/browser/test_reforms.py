"""A reform from its first line to its undoing, as an administrator does it and as the officer meets
it.
"""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sites import Site

pytestmark = pytest.mark.browser


def suggestion(page: Page, words: str) -> str:
    """What the list of units offers for these words."""
    return page.locator("#units option").evaluate_all(
        "(options, words) => options.map(each => each.value).find(value => value.includes(words))",
        words,
    )


def change(page: Page, effect: str) -> Locator:
    """The form behind a heading, opened."""
    part = page.locator(".entering > details").filter(has_text=effect).first
    part.locator("summary").click()
    return part.locator("form")


def test_two_communes_merge_and_part_again(demo_site: Site):
    with demo_site.visit("coso") as officer, demo_site.visit("quantri") as page:
        own = officer.locator(".bar-where strong").inner_text()
        page.locator(".rail a", has_text="Sắp xếp đơn vị").click()
        page.fill("#title", "Sáp nhập vào xã bên")
        page.fill("#document", "Nghị quyết 9/NQ")
        page.fill("#day", "01/10/2021")
        page.get_by_role("button", name="Lập bản thảo").click()
        gone = suggestion(page, f"{own} · ")
        district = re.search(r" · (.*) \(", gone)[1]
        heir = next(
            value
            for value in page.locator("#units option").evaluate_all(
                "options => options.map(each => each.value)"
            )
            if value.startswith("Xã") and district in value and value != gone
        )
        form = change(page, "Sáp nhập các đơn vị")
        form.locator("input[name=unit]").first.fill(gone)
        form.locator("#merge-into").fill(heir)
        form.get_by_role("button").click()
        expect(page.locator(".figures")).to_contain_text("170 → 169")
        expect(page.locator(".masonry")).to_contain_text("Nguyễn Thị Hoa")
        page.locator(".actions").get_by_role("button", name="Thực hiện").click()
        expect(page.locator(".notice.success")).to_contain_text("Đã thực hiện", timeout=60_000)

        officer.reload()
        told = officer.locator(".notice", has_text="Sáp nhập vào xã bên")
        expect(told).to_contain_text(f"{own} không còn")
        assert officer.locator(".bar-where strong").inner_text() == heir.partition(" · ")[0]
        told.get_by_role("button", name="Đã rõ").click()
        expect(told).to_have_count(0)

        page.get_by_role("button", name="Hoàn tác sắp xếp").click()
        expect(page.locator(".notice.success")).to_contain_text("Đã hoàn tác", timeout=60_000)
        officer.reload()
        assert officer.locator(".bar-where strong").inner_text() == own


def test_a_change_can_be_typed_without_javascript(browser: Browser, demo_site: Site):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(f"{demo_site.url}/dang-nhap/")
    page.fill("[name=username]", "quantri")
    page.fill("[name=password]", "toankhoa")
    page.locator("form").filter(has=page.locator("[name=password]")).locator("button").first.click()
    page.goto(f"{demo_site.url}/quan-tri/sap-xep/")
    page.fill("#title", "Bỏ cấp huyện")
    page.fill("#day", "01/7/2025")
    page.get_by_role("button", name="Lập bản thảo").click()
    form = change(page, "bỏ cả một cấp")
    form.locator("select").select_option("district")
    form.get_by_role("button").click()
    expect(page.locator(".changes")).to_contain_text(
        "Bỏ cấp huyện; đơn vị bên dưới về thẳng cấp trên."
    )
    expect(page.locator(".actions button")).to_be_disabled()  # its day has not come
    change(page, "Bỏ bản thảo này").get_by_role("button").click()
    expect(page.locator(".notice.success")).to_contain_text("Đã bỏ bản thảo")
    context.close()
