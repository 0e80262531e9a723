"""The whole term on screen: the leader's page, the plan's second view, the four facts."""

import html
import io
import re

import docx
import openpyxl
import pytest
from docx.document import Document
from visits import province, publish_plan, visitor
from worlds import TODAY, World

from toankhoa.core.returns import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(settings) -> None:
    settings.TODAY, settings.DEMO = TODAY, False


@pytest.fixture
def living() -> World:
    world = province()
    publish_plan(world)
    return world


def page(world: World, path: str, role: Role = Role.PLAN) -> str:
    return html.unescape(visitor(world, "p", role).get(path).content.decode())


def cards(text: str) -> list[tuple[int, str]]:
    """Number and words of every target's card, in order."""
    items = re.findall(r'<li class="card goal">(.*?)</li>', text, re.S)
    return [(int(re.search(r">Chỉ tiêu (\d+)</a>", card)[1]), card) for card in items]


def groups(world: World, *figures: int) -> None:
    """New boarding-house groups from 2017 on; the plan asks for 25 in the term, 5 a year."""
    for year, figure in enumerate(figures, start=2017):
        world.accepted("d1", "H-QUY", f"{year}-Q3", {"nha_tro_moi": figure})


def test_the_leader_sees_trouble_first(living):
    """The first page shows the whole term, the targets that fail before those that are met."""
    for year in (2017, 2018, 2019, 2020):
        living.accepted("d1", "H-QUY", f"{year}-Q1", {"nha_tro_moi": 1, "htx_moi": 9})
    living.accepted("d1", "H-QUY", "2021-Q3", {"nha_tro_moi": 0})
    shown = cards(page(living, "/", Role.LEADER))
    numbers = [number for number, _ in shown]
    assert len(numbers) == 14
    assert numbers.index(11) < numbers.index(5)
    failing, done = dict(shown)[11], dict(shown)[5]
    assert "cần thêm 21 chi/tổ mỗi quý, cao nhất từng đạt 1" in failing
    assert "Đạt" in done
    assert "Khó đạt" not in done


def test_the_leader_may_look_at_the_year(living):
    text = page(living, "/?xem=nam", Role.LEADER)
    assert "Chỉ tiêu năm 2021 đang ở đâu" in text
    assert [number for number, _ in cards(text)] == list(range(1, 15))


def test_counts_say_how_they_roll_up(living):
    """The rule by which rows make a target is written beside the counts."""
    groups(living, 9, 9, 9)
    text = page(living, "/", Role.LEADER)
    assert "chỉ tiêu đạt khi mọi con số có chỉ tiêu của nó đều đạt" in text
    assert re.search(r"\d+ chỉ tiêu có số", text)
    assert "1 đạt" in text


def test_the_plan_has_a_second_view(living):
    groups(living, 2, 6, 5, 5, 2)
    text = page(living, "/ke-hoach/?xem=toan-khoa")
    assert re.search(r'href="\?[^"]*xem=toan-khoa" aria-current="true">Toàn khóa', text)
    row = re.search(r'id="I.CT11.1">.*?</tr>', text, re.S)
    assert row is not None
    assert ">20<" in re.sub(r"\s+", "", row[0])
    assert "chỉ tiêu 25 chi/tổ" in row[0]
    assert "3/5 năm đạt" in row[0]
    assert 'class="c-year' not in text


def test_status_and_words_filter_the_term_too(living):
    groups(living, 9, 9, 9)
    met = page(living, "/ke-hoach/?xem=toan-khoa&tinh-trang=met")
    assert 'id="I.CT11.1"' in met
    assert 'id="I.CT01.1"' not in met
    assert "1 hoạt động khớp" in met


def test_a_figure_has_four_facts(living):
    groups(living, 2, 6, 5, 5, 2)
    text = page(living, "/ke-hoach/p/I.CT11.1/CT11.1/2021/")
    assert re.findall(r"<dt>(Chỉ tiêu|Tiến độ|Dự báo|Độ tin cậy)</dt>", text) == [
        "Chỉ tiêu",
        "Tiến độ",
        "Dự báo",
        "Độ tin cậy",
    ]
    assert "theo tiến độ là 3,8: chậm tiến độ" in text
    assert "trong vòng 5% là đúng tiến độ" in text
    drawing = re.search(r'role="img" aria-label="([^"]+)"', text)
    assert drawing is not None
    assert "2018 6; 2019 5; 2020 5; 2021 2" in drawing[1]


def test_the_term_is_explained_by_years(living):
    """As a panel beside the plan and as a page of its own, with a link to each year."""
    groups(living, 2, 6, 5, 5, 2)
    path = "/ke-hoach/p/I.CT11.1/CT11.1/toan-khoa/"
    text = page(living, path)
    panel = visitor(living, "p").get(path, headers={"HX-Request": "true"}).content.decode()
    assert "<html" in text
    assert "<html" not in panel
    assert "các năm cộng lại" in text
    assert "Cả nhiệm kỳ thành lập 25" in text  # the heading's words
    assert 'href="/ke-hoach/p/I.CT11.1/CT11.1/2017/"' in text
    assert 'hx-get="/ke-hoach/p/I.CT11.1/CT11.1/2017/"' in panel
    assert visitor(living, "p").get("/ke-hoach/p/I.CT11.1/nothing/toan-khoa/").status_code == 404


def test_term_targets_show_earlier_years(living):
    """A target of the whole term in one year's cell says what came before."""
    for year in (2017, 2018, 2019):
        living.accepted("p", "T-NAM", str(year), {"chuong_trinh_de_an": 1})
    text = page(living, "/ke-hoach/p/I.CT13.2/CT13.a/2019/")
    assert "các năm trước đã được 2, cộng năm nay là 3" in text


def texts_of_cells(document: Document) -> list[str]:
    texts: list[str] = []
    for table in document.tables:
        for row in table.rows:
            texts.extend(cell.text for cell in row.cells)
    return texts


def test_files_hold_the_term_on_screen(living):
    """Word and Excel of the whole term have the same figures as the page."""
    groups(living, 2, 6, 5, 5, 2)
    client = visitor(living, "p")
    word = client.get("/ke-hoach/tep/word/?xem=toan-khoa")
    assert "toan-khoa-p-2021-10-20.docx" in word["Content-Disposition"]
    assert "20 chi/tổ" in texts_of_cells(docx.Document(io.BytesIO(word.content)))
    book = openpyxl.load_workbook(
        io.BytesIO(client.get("/ke-hoach/tep/excel/?xem=toan-khoa").content)
    )
    assert book.active.title == "Toàn khóa"
    assert any(
        row[1:5:3] == ("Số chi, tổ phụ nữ nhà trọ thành lập mới", 20) for row in book.active.values
    )


def test_headings_roll_up_the_shown_span(living):
    """Of a year that year, of the whole term the term."""
    groups(living, 2, 6, 5, 5, 2)

    def heading(path: str) -> str:
        row = re.search(r'id="I.CT11">.*?</tr>', page(living, path), re.S)
        assert row is not None
        return re.sub(r"<[^>]+>|\s+", " ", row[0])

    assert "Năm 2017: 1 chưa đạt" in re.sub(r"\s+", " ", heading("/ke-hoach/?nam=2017"))
    assert "Năm 2018: 1 đạt" in re.sub(r"\s+", " ", heading("/ke-hoach/?nam=2018"))
    assert "Toàn khóa: 1 đang thực hiện" in re.sub(r"\s+", " ", heading("/ke-hoach/?xem=toan-khoa"))


def test_districts_may_look_at_the_term(living):
    """The span is chosen on its first page as on that of the province."""
    text = html.unescape(visitor(living, "d1").get("/?xem=toan-khoa").content.decode())
    assert "Chỉ tiêu toàn khóa của" in text
