"""Targets handed down as people do it: a sheet that saves itself, pasted into, undone, issued,
acknowledged.
"""

import re
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, Route, expect
from sites import Site

pytestmark = pytest.mark.browser

HOUSEHOLDS, EXEMPLARS = 0, 1  # columns of the sheet
NUMBER = "201/QĐ-BTV"


def new_sheet(page: Page, site: Site) -> str:
    """A sheet with the 342 households and the 513 exemplars of 2020; its address."""
    page.goto(f"{site.url}/giao-chi-tieu/chon/?nam=2020")
    for box in page.locator(".target input:checked").all():
        box.uncheck()
    for words in ("5 không, 3 sạch", "gương điển hình"):
        page.locator(".target", has_text=words).locator("input").check()
    page.get_by_role("button", name="Mở bảng giao").click()
    expect(page.locator(".handing thead th")).to_have_count(3)
    return page.url


def cell(page: Page, row: int, column: int):
    return page.locator(".handing tbody tr").nth(row).locator("td").nth(column).locator("input")


def paste(page: Page, text: str) -> None:
    page.evaluate(
        """(text) => {
          const carried = new DataTransfer();
          carried.setData("text/plain", text);
          const pasted = new ClipboardEvent("paste", { clipboardData: carried, bubbles: true, cancelable: true });
          document.activeElement.dispatchEvent(pasted);
        }""",
        text,
    )


def test_a_sheet_is_filled_in_without_a_mouse(demo_site: Site):
    with demo_site.visit("kehoach") as page:
        new_sheet(page, demo_site)
        left = page.locator(f"#left-{HOUSEHOLDS}")
        expect(left).to_contain_text("Khớp")
        cell(page, 0, HOUSEHOLDS).focus()
        page.keyboard.type("100")
        page.keyboard.press("Enter")
        expect(cell(page, 1, HOUSEHOLDS)).to_be_focused()
        expect(cell(page, 0, HOUSEHOLDS)).to_have_class(re.compile("by-hand"))
        expect(left).to_contain_text("Khớp")
        page.keyboard.type("-")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowRight")
        expect(cell(page, 2, EXEMPLARS)).to_be_focused()
        expect(cell(page, 1, HOUSEHOLDS)).to_have_value("–")
        page.keyboard.type("mười")
        page.keyboard.press("ArrowUp")
        expect(page.locator("#saved")).to_contain_text("1 ô chưa đọc được")
        expect(cell(page, 2, EXEMPLARS)).to_have_attribute("aria-invalid", "true")
        cell(page, 5, HOUSEHOLDS).fill("7")
        cell(page, 5, HOUSEHOLDS).blur()
        expect(cell(page, 5, HOUSEHOLDS)).to_have_class(re.compile("by-hand"))
        expect(cell(page, 2, EXEMPLARS)).to_have_value("mười")
        expect(page.locator("#saved")).to_contain_text("1 ô chưa đọc được")
        page.get_by_role("button", name="Hoàn tác").click()
        expect(cell(page, 5, HOUSEHOLDS)).to_have_value("")
        page.keyboard.press("Control+z")
        expect(page.locator("#saved")).to_contain_text("Đã lưu")
        page.keyboard.press("Control+z")
        expect(cell(page, 1, HOUSEHOLDS)).to_have_value("")
        page.keyboard.press("Control+y")
        expect(cell(page, 1, HOUSEHOLDS)).to_have_value("–")
        page.reload()
        expect(cell(page, 0, HOUSEHOLDS)).to_have_value("100")
        expect(cell(page, 1, HOUSEHOLDS)).to_have_value("–")
    assert demo_site.noise == []


def test_nobody_types_faster_than_it_saves(demo_site: Site):
    with demo_site.visit("kehoach") as page:
        new_sheet(page, demo_site)
        page.route("**/luu/", lambda route: (page.wait_for_timeout(300), route.continue_()))
        cell(page, 0, HOUSEHOLDS).focus()
        for typed in ("41", "42", "43", "-"):
            page.keyboard.type(typed)
            page.keyboard.press("Enter")
        expect(cell(page, 3, HOUSEHOLDS)).to_have_class(re.compile("by-hand"))
        page.reload()
        for row, kept in enumerate(("41", "42", "43", "–", "")):
            expect(cell(page, row, HOUSEHOLDS)).to_have_value(kept)
    assert demo_site.noise == []


def test_a_block_from_excel_is_pasted_and_taken_back(demo_site: Site):
    with demo_site.visit("kehoach") as page:
        new_sheet(page, demo_site)
        cell(page, 0, HOUSEHOLDS).focus()
        paste(page, "60\t90\r\n1.200\t45\r\n")
        expect(cell(page, 1, HOUSEHOLDS)).to_have_value("1.200")
        expect(cell(page, 1, EXEMPLARS)).to_have_value("45")
        expect(page.locator(f"#left-{HOUSEHOLDS}")).to_contain_text("Vượt 918")
        page.get_by_role("button", name="Hoàn tác").click()
        expect(cell(page, 1, HOUSEHOLDS)).to_have_value("")
        expect(page.locator(f"#left-{HOUSEHOLDS}")).to_contain_text("Khớp")
    assert demo_site.noise == []


def test_a_rule_is_changed_and_the_parts_follow(demo_site: Site):
    with demo_site.visit("kehoach") as page:
        new_sheet(page, demo_site)
        rule = page.locator("details.rule").nth(HOUSEHOLDS)
        rule.locator("summary").click()
        rule.get_by_label("Cách giao").select_option("equal")
        expect(rule.locator("summary")).to_contain_text("Chia đều")
        expect(cell(page, 0, HOUSEHOLDS)).to_have_attribute("placeholder", "32")
        rule.get_by_label("Giữ lại dự phòng").fill("12")
        rule.get_by_label("Giữ lại dự phòng").blur()
        expect(page.locator(f"#kept-{HOUSEHOLDS}")).to_have_text("12")
        expect(cell(page, 0, HOUSEHOLDS)).to_have_attribute("placeholder", "30")
        rule.get_by_label("Cách giao").select_option("hand")
        expect(page.locator(f"#left-{HOUSEHOLDS}")).to_contain_text("Còn 330")
    assert demo_site.noise == []


def test_excel_goes_out_and_comes_back_with_bad_cells_named(demo_site: Site, tmp_path: Path):
    with demo_site.visit("kehoach") as page:
        new_sheet(page, demo_site)
        with page.expect_download() as coming:
            page.get_by_role("link", name="Excel").click()
        book = openpyxl.load_workbook(BytesIO(Path(coming.value.path()).read_bytes()))
        book.active["C8"], book.active["D9"] = 77, "nhiều"
        book.save(tmp_path / "giao.xlsx")
        page.get_by_text("Nạp từ Excel").click()
        page.set_input_files("#file", tmp_path / "giao.xlsx")
        page.get_by_role("button", name="Nạp các ô đã sửa").click()
        expect(page.locator(".notice.success")).to_contain_text("Đã lấy 1 ô")
        expect(page.locator(".notice.error")).to_contain_text("Ô D9: “nhiều” không phải số")
        expect(cell(page, 0, HOUSEHOLDS)).to_have_value("77")
    assert demo_site.noise == []


@pytest.mark.parametrize("delay", [0, 300], ids=["all is saved", "a save is on its way"])
def test_one_press_hands_down_whether_or_not_a_save_is_on_its_way(demo_site: Site, delay: int):
    with demo_site.visit("kehoach") as page:
        new_sheet(page, demo_site)
        page.route("**/luu/", lambda route: (page.wait_for_timeout(delay), route.continue_()))
        cell(page, 4, HOUSEHOLDS).fill("51")
        page.fill("#number", f"{NUMBER}-{delay}")
        if not delay:
            expect(cell(page, 4, HOUSEHOLDS)).to_have_attribute("placeholder", "51")
        page.get_by_role("button", name="Giao chỉ tiêu").click()
        expect(page.locator(".notice.success")).to_contain_text("Đã giao")
        expect(page.locator("tbody tr").nth(4)).to_contain_text("51")
    assert demo_site.noise == []


def test_what_is_typed_before_the_script_is_kept(demo_site: Site):
    """On a thin line the page is there before its script: what was typed by then is saved, too."""
    with demo_site.visit("kehoach") as page:
        address = new_sheet(page, demo_site)
        held: list[Route] = []
        page.route("**/allocating*.js", lambda route: held.append(route))
        page.goto(address, wait_until="commit")
        cell(page, 4, HOUSEHOLDS).fill("61")
        held[0].continue_()
        expect(cell(page, 4, HOUSEHOLDS)).to_have_class(re.compile("by-hand"))
        expect(page.locator("#saved")).to_contain_text("Đã lưu")
        page.unroute("**/allocating*.js")
        page.reload()
        expect(cell(page, 4, HOUSEHOLDS)).to_have_value("61")
    assert demo_site.noise == []


def test_a_decision_is_issued_and_acknowledged_below(demo_site: Site):
    with demo_site.visit("kehoach") as page:
        address = new_sheet(page, demo_site)
        cell(page, 4, HOUSEHOLDS).fill("50")
        page.fill("#number", NUMBER)
        page.get_by_role("button", name="Giao chỉ tiêu").click()
        expect(page.locator(".notice.success")).to_contain_text("Đã giao")
        expect(page.locator("h1")).to_contain_text(NUMBER)
        expect(page.locator(".handing tbody input")).to_have_count(0)
    with demo_site.visit("huyen", width=360) as page:
        expect(page.locator("main")).to_contain_text(NUMBER)
        page.get_by_role("link", name="Xem và xác nhận").first.click()
        expect(page.locator("tbody")).to_contain_text("50 hộ")
        page.get_by_role("button", name="Xác nhận đã nhận").click()
        expect(page.locator(".badge").first).to_contain_text("Đã xác nhận")
        page.locator("tbody a", has_text="5 không").click()
        expect(page.locator("#panel")).to_contain_text(NUMBER)
    with demo_site.visit("kehoach") as page:
        page.goto(address)
        row = page.locator(".handing tbody tr").nth(4)
        expect(row).to_contain_text("xác nhận 20/10/2021")
    assert demo_site.noise == []


def deep_sheet(page: Page, site: Site) -> None:
    """A sheet with the households of 2020 that goes on to every base."""
    page.goto(f"{site.url}/giao-chi-tieu/chon/?nam=2020")
    for box in page.locator(".target input:checked").all():
        box.uncheck()
    page.locator(".target", has_text="5 không, 3 sạch").locator("input").check()
    page.locator("[name=reach][value=through]").check()
    page.get_by_role("button", name="Mở bảng giao").click()
    expect(page.locator(".handing tr.group")).to_have_count(11)


def test_one_sheet_reaches_every_base_by_district(demo_site: Site):
    with demo_site.visit("kehoach") as page:
        deep_sheet(page, demo_site)
        rows = page.locator(".handing tbody tr")
        expect(rows).to_have_count(11 + 170)
        first = rows.nth(0)
        expect(first.locator(".beneath")).to_contain_text("Khớp")

        first.locator("[data-fold]").click()
        expect(rows.nth(1)).to_be_hidden()
        first.locator("[data-fold]").click()
        expect(rows.nth(1)).to_be_visible()
        page.get_by_role("button", name="Thu gọn").click()
        expect(page.locator(".handing tbody tr:visible")).to_have_count(11)
        page.get_by_role("button", name="Mở hết").click()

        cell(page, 1, 0).focus()
        paste(page, "9\r\n8\r\n≥ 4\r\n")
        expect(cell(page, 2, 0)).to_have_class(re.compile("by-hand"))
        expect(cell(page, 3, 0)).to_have_class(re.compile("bound"))
        expect(first.locator(".beneath")).to_contain_text("Khớp")
        cell(page, 4, 0).fill("1.000")
        cell(page, 4, 0).blur()
        expect(page.locator("#says-0")).to_contain_text("mà chỉ còn 342")
        page.get_by_role("button", name="Hoàn tác").click()
        expect(first.locator(".beneath")).to_contain_text("Khớp")

        page.fill("#number", "301/QĐ-BTV")
        page.get_by_role("button", name="Giao chỉ tiêu").click()
        expect(page.locator(".notice.success")).to_contain_text("Đã giao")
        expect(page.locator(".lead")).to_contain_text("0/181 đơn vị đã xác nhận")
        expect(rows.nth(1)).to_contain_text("9")
    with demo_site.visit("coso", width=360) as page:
        expect(page.locator("main")).to_contain_text("301/QĐ-BTV")
    assert demo_site.noise == []


def test_a_whole_column_of_bases_is_typed_without_a_pause(demo_site: Site):
    with demo_site.visit("kehoach") as page:
        deep_sheet(page, demo_site)
        boxes = page.locator(".handing tbody tr:not(.group) input")
        boxes.nth(0).focus()
        count = boxes.count()
        for place in range(count):
            page.keyboard.type("2")
            page.keyboard.press("Enter")
            if (
                page.evaluate("document.activeElement.closest('tr').classList.contains('group')")
                and place < count - 1
            ):
                page.keyboard.press("ArrowDown")
        expect(boxes.nth(count - 1)).to_have_class(re.compile("by-hand"))
        page.reload()
        for place in (0, count // 2, count - 1):
            expect(boxes.nth(place)).to_have_value("2")
    assert demo_site.noise == []
