"""The plan on screen: uploaded, looked at, published, lived with, explained, taken away as a file."""

import html
import io
import re

import docx
import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from markup import flat, tight
from visits import compiled, province, publish_plan, queries, visitor
from worlds import TODAY, World

from toankhoa.core.returns import Role

COOPERATIVES = {"htx_moi": 3}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(settings) -> None:
    settings.TODAY, settings.DEMO = TODAY, False
    settings.JOBS = "inline"


@pytest.fixture
def world() -> World:
    return province()


@pytest.fixture
def living(world) -> World:
    publish_plan(world)
    return world


def upload(client, name: str, data: bytes):
    return client.post("/nap-ke-hoach/nap/", {"file": SimpleUploadedFile(name, data)}, follow=True)


def rows(page: str) -> list[str]:
    body = re.search(r"<tbody>(.*?)</tbody>", page, re.S)
    assert body is not None
    return re.findall(r"<tr.*?</tr>", body[1], re.S)


def test_a_word_file_becomes_a_plan_in_force(world):
    planner = visitor(world, "p", Role.PLAN)
    draft = upload(planner, "ke-hoach.docx", compiled()[0])
    page = draft.content.decode()
    for count, what in (
        (14, "Chỉ tiêu"),
        (81, "Hoạt động"),
        (405, "Ô của các năm"),
        (298, "Ô đánh dấu x"),
    ):
        assert f"<dt>{what}</dt><dd>{count}</dd>" in tight(page)
    assert 'value="70/KH-BCH"' in page
    published = planner.post(
        draft.redirect_chain[-1][0] + "ban-hanh/",
        {"number": "70/KH-BCH", "signed_on": "29/9/2017", "effective_on": "29/9/2017"},
        follow=True,
    )
    assert "Đã ban hành" in published.content.decode()
    assert "Kế hoạch số 70/KH-BCH" in visitor(world, "c1").get("/ke-hoach/").content.decode()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"signed_on": "29/9/2017", "effective_on": "hôm qua"}, "Ngày chưa đúng"),
        ({"signed_on": "29/9/2017", "effective_on": "1/9/2017"}, "không thể trước ngày ký"),
        (
            {"signed_on": "29/9/2017", "effective_on": "29/9/2017", "number": " "},
            "Hãy ghi số, ký hiệu",
        ),
    ],
)
def test_what_hinders_publishing_is_said(world, fields, message):
    planner = visitor(world, "p", Role.PLAN)
    draft = upload(planner, "ke-hoach.docx", compiled()[0]).redirect_chain[-1][0]
    page = planner.post(
        draft + "ban-hanh/", {"number": "1/KH", **fields}, follow=True
    ).content.decode()
    assert message in page
    assert "Chưa có kế hoạch nào" in planner.get("/ke-hoach/").content.decode()


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("ke-hoach.docx", b"\x89PNG\r\n", "là ảnh, không có chữ để đọc"),
        ("ke-hoach.docx", b"PK\x03\x04 cut short", "Nạp tệp khác"),
    ],
)
def test_a_file_that_cannot_be_read_says_how_to_mend_it(world, name, data, message):
    assert message in upload(visitor(world, "p", Role.PLAN), name, data).content.decode()


def test_a_draft_belongs_to_its_unit(world):
    draft = upload(visitor(world, "p", Role.PLAN), "ke-hoach.docx", compiled()[0]).redirect_chain[
        -1
    ][0]
    assert visitor(world, "d1", Role.PLAN).get(draft).status_code == 404


def test_the_table_has_the_plans_own_rows_in_their_order(living):
    page = visitor(living, "p").get("/ke-hoach/").content.decode()
    assert [int(n) for n in re.findall(r"<b>Chỉ tiêu (\d+):</b>", page)] == list(range(1, 15))
    assert page.count('<tr class="activity"') == 81
    assert "81 hoạt động" in page


def test_accepted_figures_stand_beside_their_targets(living):
    client = visitor(living, "p")
    ret = living.send("d1", "H-QUY", "2021-Q3", COOPERATIVES)
    before = client.get("/ke-hoach/?tim=hop+tac+xa").content.decode()
    living.accept(ret, "p")
    after = client.get("/ke-hoach/?tim=hop+tac+xa").content.decode()
    shown = [re.search(r"/2021/\" hx-target.*?</a>", flat(page)) for page in (before, after)]
    assert shown[0] is not None
    assert shown[1] is not None
    assert "chưa có" in shown[0][0]
    assert "</span>3<" in re.sub(r"\s+", "", shown[1][0])


def test_filters_keep_the_headings_over_what_they_find(living):
    client = visitor(living, "p")
    board = rows(client.get("/ke-hoach/?ban=KT").content.decode())
    everything = rows(client.get("/ke-hoach/").content.decode())
    assert 0 < len(board) < len(everything)
    assert "heading depth-0" in board[0]
    with_marks = client.get("/ke-hoach/", {"tim": "hợp tác xã"}).content.decode()
    without = client.get("/ke-hoach/", {"tim": "hop tac xa"}).content.decode()
    assert [re.sub("<[^>]+>", "", row) for row in rows(with_marks)] == [
        re.sub("<[^>]+>", "", row) for row in rows(without)
    ]
    nothing = client.get("/ke-hoach/", {"tim": "không có chữ này"}).content.decode()
    assert "Không có hoạt động nào khớp" in nothing


def test_the_status_filter_is_that_of_the_year_looked_at(living):
    client = visitor(living, "p")
    living.accepted("d1", "H-QUY", "2020-Q3", COOPERATIVES)
    met = client.get("/ke-hoach/?nam=2020&tinh-trang=met").content.decode()
    assert 'id="I.CT05' in met
    other = client.get("/ke-hoach/?nam=2019&tinh-trang=met").content.decode()
    assert "Không có hoạt động nào khớp" in other


def test_a_figure_is_explained_beside_the_plan_and_as_a_page(living):
    living.accepted("d1", "H-QUY", "2021-Q3", COOPERATIVES)
    client = visitor(living, "p")
    plan = client.get("/ke-hoach/?tim=hop+tac+xa").content.decode()
    link = re.search(r'hx-get="(/ke-hoach/p/[^"]+/2021/)"', plan)
    assert link is not None
    page = client.get(link[1]).content.decode()
    panel = client.get(link[1], headers={"HX-Request": "true"}).content.decode()
    assert "<html" in page
    assert "<html" not in panel
    for text in (page, panel):
        assert "Cách tính" in text
        assert "70/KH-BCH" in text
        parts = re.findall(r"<th scope=\"row\">\s*<a[^>]*>(\w+)</a>", text)
        assert parts == ["d2", "d1"], "missing first; what owes nothing yet is not among them"


def test_what_the_plan_leaves_open_is_said_where_it_counts(living):
    chosen = next(each for each in living.library.indicators.values() if each.choice)
    page = visitor(living, "p").get("/ke-hoach/").content.decode()
    link = re.search(rf'hx-get="(/ke-hoach/p/[^"]+/{re.escape(chosen.code)}/2021/)"', page)
    assert link is not None
    explained = html.unescape(visitor(living, "p").get(link[1]).content.decode())
    assert chosen.choice.question in explained
    assert chosen.choice.default in explained


def test_a_target_that_only_the_heading_names_is_shown_in_its_words(living):
    plan = compiled()[1]
    page = visitor(living, "p").get("/ke-hoach/p/I.CT13.1/CT13.d/2021/").content.decode()
    quoted = re.search(
        r'Nguồn của chỉ tiêu.*?<blockquote class="formula">(.*?)</blockquote>', page, re.DOTALL
    )
    assert quoted is not None
    assert html.unescape(quoted[1]).strip() == plan.find("I.CT13").title


def test_what_cannot_be_explained_does_not_exist(living):
    client = visitor(living, "p")
    for path in ("/ke-hoach/p/I.CT05/nothing/2021/", "/ke-hoach/p/nowhere/CT05.1/2021/"):
        assert client.get(path).status_code == 404


def test_word_and_excel_hold_the_figures_of_the_screen(living):
    living.accepted("d1", "H-QUY", "2021-Q3", {"pn_khoi_nghiep": 4321})
    client = visitor(living, "p")
    word = client.get("/ke-hoach/tep/word/")
    assert word["Content-Disposition"] == 'attachment; filename="ke-hoach-thuc-hien-p-2021.docx"'
    table = docx.Document(io.BytesIO(word.content)).tables
    assert any("4.321" in cell.text for each in table for row in each.rows for cell in row.cells)
    book = openpyxl.load_workbook(io.BytesIO(client.get("/ke-hoach/tep/excel/").content))
    assert any(
        cell == 4321 for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
    )
    assert client.get("/ke-hoach/tep/pdf/").status_code == 404


def test_without_a_plan_every_page_still_says_something(world):
    client = visitor(world, "p", Role.PLAN)
    assert "Chưa có kế hoạch nào được ban hành" in client.get("/ke-hoach/").content.decode()
    assert "Chưa có kế hoạch nào" in client.get("/ke-hoach/tep/word/", follow=True).content.decode()
    for role in (Role.LEADER, Role.BOARD, Role.PLAN):
        assert visitor(world, "p", role).get("/").status_code == 200
    assert client.get("/don-vi/p/").status_code == 200


def test_a_units_page_shows_its_years_and_who_is_missing(living):
    living.accepted("d1", "H-QUY", "2021-Q3", COOPERATIVES)
    page = visitor(living, "p").get("/don-vi/p/").content.decode()
    assert 'aria-labelledby="chart-0-title chart-0-desc"' in page
    assert re.search(r'<desc id="chart-0-desc">2017 chưa có; ', page)
    assert re.search(r"/don-vi/d1/.*?Thiếu \d+ báo cáo", page, re.S)
    above = visitor(living, "p").get("/don-vi/c1/").content.decode()
    assert re.search(r'class="crumbs".*?/don-vi/p/.*?/don-vi/d1/', above, re.S)
    own = visitor(living, "d1").get("/don-vi/c1/").content.decode()
    assert "/don-vi/p/" not in own, "what stands above is out of reach"


@pytest.mark.parametrize("path", ["/ke-hoach/", "/don-vi/p/", "/"])
def test_pages_ask_the_same_of_one_unit_and_of_three(living, path):
    client = visitor(living, "p", Role.LEADER)
    client.get(path)  # the plan's version is read once per process
    counts = []
    for unit in ("c1", "c2", "c4"):
        living.accepted(unit, "CS-QUY", "2021-Q3", {"hoi_vien": 100, "hv_sinh_hoat": 80})
        with queries() as asked:
            assert client.get(path).status_code == 200
        counts.append(len(asked))
    assert len(set(counts)) == 1
    # session, user, membership, mark of the tree; version in force and its digest; the unit's
    # totals; single units of
    # the year whose coverage differs; the unit page and a leader's home also what has come in and
    # the unit's returns
    assert counts[0] <= 12
