"""Every page in every size and both themes: nobody is shut out, nothing runs over the edge, nothing
is refused by the
policy. And the parts that need a browser to be seen at work."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sites import Site

pytestmark = pytest.mark.browser

PAST = ["/tai/2020-06-30/", "/tai/2020-06-30/ke-hoach/?ban=KT", "/tai/2020-06-30/hop-duyet/"]
PAGES = {
    "": ["/dang-nhap/"],
    "coso": ["/", "/don-vi/", "/bao-cao/", "form"],
    "huyen": ["/", "/hop-duyet/", "waiting", "/giao-chi-tieu/", "handed down"],
    "ban": ["/"],
    "lanhdao": ["/", "/?xem=nam", "/ke-hoach/?xem=toan-khoa", "term", "/khong-co-trang-nay/"],
    "kehoach": [
        "/",
        "/ke-hoach/?ban=KT",
        "/nap-ke-hoach/",
        "draft",
        "explanation",
        "/bao-cao-ban-hanh/",
        "/so-lieu/",
        "/giao-chi-tieu/chon/",
        "sheet",
        "decision",
        *PAST,
    ],
    "quantri": [
        "/",
        "/quan-tri/",
        "/quan-tri/nguoi-dung/them/",
        "/quan-tri/nguoi-dung/1/",
        "/quan-tri/sap-xep/",
        "reform",
        "applied",
    ],
}
LINKS = {
    "handed down": ("/giao-chi-tieu/", "section a.title"),
    "sheet": ("/giao-chi-tieu/", "li:has(.state-draft) a.title"),
    "decision": ("/giao-chi-tieu/", "li:has(.state-met) a.title"),
    "form": ("/", "a.button[href^='/bao-cao/']"),
    "waiting": ("/hop-duyet/", "table a.button"),
    "draft": ("/nap-ke-hoach/", "a.button[href^='/nap-ke-hoach/']"),
    "explanation": ("/ke-hoach/", "a.cell"),
    "term": ("/ke-hoach/?xem=toan-khoa", "a.term-line"),
    "reform": ("/quan-tri/sap-xep/", "li:has-text('Bình Phước, bỏ cấp') a.button"),
    "applied": ("/quan-tri/sap-xep/", ".timeline li:last-child a"),
}
WIDTHS = (320, 768, 1024, 1920)
SERIOUS = ("serious", "critical")


def address(page: Page, site: Site, name: str) -> str:
    """Of a page named by its path, or by the link that leads to it."""
    if name.startswith("/"):
        return site.url + name
    start, link = LINKS[name]
    page.goto(site.url + start)
    return site.url + page.locator(link).first.get_attribute("href")


def shut_out(page: Page) -> list[tuple[str, list[str]]]:
    """What axe finds that keeps somebody from using the page."""
    found = Axe().run(page).response["violations"]
    return [
        (each["id"], [node["html"][:160] for node in each["nodes"][:3]])
        for each in found
        if each["impact"] in SERIOUS
    ]


@pytest.mark.parametrize("login", PAGES)
def test_every_page_serves_everybody_in_every_size(demo_site: Site, login: str):
    demo_site.noise.clear()
    with demo_site.visit(login) as page:
        for name in PAGES[login]:
            page.set_viewport_size({"width": 1440, "height": 900})
            page.goto(address(page, demo_site, name))
            for theme in ("light", "dark"):
                page.emulate_media(color_scheme=theme)
                assert shut_out(page) == [], f"{login} {name} {theme}"
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                over = page.evaluate(
                    "document.documentElement.scrollWidth - document.documentElement.clientWidth"
                )
                assert over <= 0, f"{login} {name} is {over} px too wide at {width}"
    assert [line for line in demo_site.noise if "404" not in line] == []


def test_an_explanation_opens_beside_the_plan_and_leads_on(demo_site: Site):
    with demo_site.visit("kehoach") as page:
        page.goto(f"{demo_site.url}/ke-hoach/?nam=2020")
        page.locator("a.cell").first.click()
        panel = page.locator("#panel")
        expect(panel).to_contain_text("Cách tính")
        panel.locator("table a").first.click()
        expect(panel.locator(".eyebrow")).not_to_contain_text("Tỉnh")
        page.keyboard.press("Escape")
        expect(panel).to_be_hidden()


def test_the_header_and_first_columns_stay_in_sight(demo_site: Site):
    with demo_site.visit("kehoach", width=1000) as page:
        page.goto(f"{demo_site.url}/ke-hoach/")
        page.evaluate("document.querySelector('.plan-scroll').scrollTo(300, 2000)")
        box = page.locator(".plan-scroll").bounding_box()
        head = page.locator(".plan thead th.c-title").bounding_box()
        assert box is not None
        assert head is not None
        assert abs(head["y"] - box["y"]) < 3
        assert 0 <= head["x"] - box["x"] < 60
    with demo_site.visit("kehoach", width=1440) as page:
        page.goto(f"{demo_site.url}/ke-hoach/")
        page.evaluate("scrollTo(0, 3000)")
        head = page.locator(".plan thead th.c-title").bounding_box()
        assert head is not None
        assert 0 <= head["y"] < 70


def test_a_phone_shows_one_year_at_a_time(demo_site: Site):
    with demo_site.visit("kehoach", width=360) as page:
        page.goto(f"{demo_site.url}/ke-hoach/")
        year = "td.c-year[data-of='{}']:visible"
        assert page.locator(year.format(2021)).count() > 50
        assert page.locator(year.format(2020)).count() == 0
        page.click(".plan-years >> text=2020")
        assert page.locator(year.format(2020)).count() > 50
        assert page.locator(year.format(2021)).count() == 0


def test_the_theme_is_chosen_and_remembered(demo_site: Site):
    with demo_site.visit("lanhdao") as page:
        background = "getComputedStyle(document.body).backgroundColor"
        light = page.evaluate(background)
        page.click("[data-toggle-theme]")
        dark = page.evaluate(background)
        assert dark != light
        page.reload()
        assert page.evaluate(background) == dark


def test_charts_are_drawn(demo_site: Site):
    with demo_site.visit("kehoach") as page:
        page.goto(f"{demo_site.url}/don-vi/")
        expect(page.locator("svg.chart").first).to_be_visible()


def test_paper_shows_the_table_in_its_official_form(demo_site: Site):
    with demo_site.visit("kehoach") as page:
        page.goto(f"{demo_site.url}/ke-hoach/")
        page.emulate_media(media="print")
        expect(page.locator(".official").first).to_be_visible()
        for hidden in (".rail", ".bar", ".filters"):
            expect(page.locator(hidden).first).to_be_hidden()
        repeated = page.evaluate("getComputedStyle(document.querySelector('.plan thead')).display")
        assert repeated == "table-header-group"
        paper = page.pdf(prefer_css_page_size=True)
        # A row that were clipped to the screen's height would leave two pages of the fifteen or so.
        assert len(re.findall(rb"/Type\s*/Page[^s]", paper)) > 8


def test_everything_works_without_javascript(demo_site: Site):
    context = demo_site.browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{demo_site.url}/dang-nhap/")
    page.fill("#username", "coso")
    page.fill("#password", "toankhoa")
    page.click("#sign-in button")
    page.locator("a.button[href*='/bao-cao/']").first.click()
    box = page.locator(".typed input").first
    box.fill("12")
    page.click("button:has-text('Lưu')")
    expect(page.locator(".notice.success")).to_contain_text("Đã lưu")
    expect(page.locator(".typed input").first).to_have_value("12")
    page.goto(f"{demo_site.url}/ke-hoach/")
    page.locator("a.cell:visible").first.click()
    expect(page.locator("main")).to_contain_text("Cách tính")
    context.close()
