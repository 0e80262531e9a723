"""The main job, end to end, as people do it: a plan goes in as a Word file and comes back with a
commune's figure.
"""

import re
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Page, expect
from sites import ROOT, Site

from toankhoa.documents.writing.seed_document import seed_docx

pytestmark = pytest.mark.browser

SIGNED_PLAN = ROOT.parent / "shared" / "plans" / "kh-70-toan-khoa-2016-2021.docx"
FORM, PERIOD = "CS-QUY", "2021-Q3"
MEMBERS, SAVERS = "2.468", "1.999"


def plan_file(folder: Path) -> Path:
    """The signed plan where it is at hand, else the one made from the seed."""
    if SIGNED_PLAN.exists():
        return SIGNED_PLAN
    path = folder / "ke-hoach.docx"
    path.write_bytes(seed_docx())
    return path


def upload_and_publish(page: Page, file: Path) -> None:
    page.click("nav >> text=Nạp kế hoạch")
    page.set_input_files("#file", file)
    page.click("text=Nạp và đọc tệp")
    page.wait_for_selector("text=Kết quả đọc văn bản")
    numbered = page.locator("dl.figures div", has=page.get_by_text("Chỉ tiêu", exact=True))
    expect(numbered.locator("dd")).to_have_text("14")
    page.click("text=Ban hành kế hoạch")
    expect(page.locator(".notice.success")).to_contain_text("Đã ban hành")
    assert [int(n) for n in re.findall(r"Chỉ tiêu (\d+):", page.inner_text(".plan"))] == list(
        range(1, 15)
    )


def send_return(page: Page) -> str:
    """Type three figures as a person does, each saved by itself; the address of the return."""
    page.locator("section", has_text="Cần gửi ngay").locator(
        f"a.button[href*='{FORM}/{PERIOD}']"
    ).click()
    page.fill("#hoi_vien", "2468")
    page.press("#hoi_vien", "Tab")
    expect(page.locator("#hoi_vien")).to_have_value(MEMBERS)
    expect(page.locator("#saved")).to_contain_text("Đã lưu lúc")
    page.fill("#hv_tiet_kiem", "3000")
    page.press("#hv_tiet_kiem", "Tab")
    expect(page.locator("#says-hv_tiet_kiem")).to_contain_text("lớn hơn")
    page.fill("#hv_tiet_kiem", "1999")
    page.press("#hv_tiet_kiem", "Tab")
    expect(page.locator("#says-hv_tiet_kiem")).to_be_empty()
    expect(page.locator("#hv_tiet_kiem")).to_have_value(SAVERS)
    page.reload()
    expect(page.locator("#hoi_vien")).to_have_value(MEMBERS)
    page.click("text=Gửi báo cáo")
    expect(page.locator(".notice.success")).to_contain_text("Đã gửi")
    return page.url


def accept(page: Page, unit: str) -> None:
    page.click("nav >> text=Hộp duyệt")
    page.locator("tr", has_text=unit).locator("text=Mở").click()
    expect(page.locator(".entry")).to_contain_text(MEMBERS)
    page.get_by_role("button", name="Duyệt báo cáo").click()
    expect(page.locator(".notice.success")).to_contain_text("Đã duyệt")


def saving_cell(page: Page, url: str) -> str:
    """What the living plan says about members who save, this year."""
    page.goto(f"{url}/ke-hoach/?tim=tiet+kiem")
    row = page.locator("tr.activity", has_text="tiết kiệm").filter(has=page.locator("a.cell"))
    return row.first.locator("td[data-of='2021']").inner_text()


def test_the_main_job(empty_site: Site, tmp_path: Path):
    with empty_site.visit("kehoach") as page:
        upload_and_publish(page, plan_file(tmp_path))
        assert "chưa có" in saving_cell(page, empty_site.url)
    with empty_site.visit("coso") as page:
        unit = page.inner_text(".bar-where strong")
        send_return(page)
    with empty_site.visit("huyen") as page:
        accept(page, unit)
    with empty_site.visit("kehoach") as page:
        assert "chưa có" in saving_cell(page, empty_site.url), (
            "counts before the province has accepted it"
        )
        accept(page, unit)
        assert "81%" in saving_cell(page, empty_site.url)
        page.locator("td[data-of='2021'] a.cell", has_text="81%").first.click()
        expect(page.locator("#panel")).to_contain_text("1.999")
        expect(page.locator("#panel")).to_contain_text(MEMBERS)
        page.click("[data-close-panel]")
        with page.expect_download() as coming:
            page.get_by_role("link", name="Word").click()
        words = [
            cell.text
            for table in docx.Document(coming.value.path()).tables
            for cell in table._cells
        ]
        assert any("1.999/2.468" in text for text in words)
    assert empty_site.noise == []
