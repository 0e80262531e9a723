"""Issued reports: frozen files and figures, their digests, what has changed since, and codes that
lead back.
"""

from __future__ import annotations

import io
import re
from datetime import timedelta

import docx
import openpyxl
import pytest
from reformed_units import ABOLISH, MERGE, reformed
from visits import province, publish_plan, queries, visitor
from worlds import TODAY, World

from toankhoa.cli import installation
from toankhoa.core.basics import Refused, read_code
from toankhoa.core.results import addresses, figure_marks, marked_lines
from toankhoa.core.returns import Role
from toankhoa.operations.living_plan import living_plan
from toankhoa.operations.report_issue import issue_report
from toankhoa.reporting.models import IssuedReport
from toankhoa.reporting.reading import issued_reports

pytestmark = pytest.mark.django_db
FORM = {"kind": "year", "number": "12/BC", "signed_on": "20/10/2021"}
COOPERATIVES = {"htx_moi": 3}


@pytest.fixture(autouse=True)
def today(settings) -> None:
    settings.TODAY, settings.DEMO = (
        TODAY + timedelta(days=1),
        False,
    )  # whatever was done on that day is past


@pytest.fixture
def living() -> World:
    world = province()
    publish_plan(world)
    return world


def issue(world: World, number: str = "12/BC") -> IssuedReport:
    by = world.person("p", Role.PLAN)
    return issue_report(
        kind="year",
        number=number,
        signed_on=TODAY,
        by=by,
        at=world.at,
        site="https://so.vn/so-lieu/",
    )


def word_text(data: bytes) -> str:
    paper = docx.Document(io.BytesIO(data))
    cells = (cell.text for table in paper.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(paragraph.text for paragraph in paper.paragraphs), *cells])


# Frozen


def test_a_report_stays_as_it_was_issued(living):
    ret = living.accepted("d1", "H-QUY", "2020-Q3", COOPERATIVES)
    report = issue(living)
    kept = bytes(report.word), bytes(report.excel), report.figures
    living.correct(ret)
    living.accepted("d1", "H-QUY", "2020-Q3", {"htx_moi": 8})
    report.refresh_from_db()
    assert (bytes(report.word), bytes(report.excel), report.figures) == kept
    assert list(issued_reports.altered()) == []
    client = visitor(living, "p")
    assert client.get(f"/bao-cao-ban-hanh/{report.pk}/word/").content == kept[0]
    page = client.get(f"/bao-cao-ban-hanh/{report.pk}/").content.decode()
    assert "1 số của các năm trước 2021 đã đổi" in page
    assert re.search(r"3 [^<]*</td>\s*<td[^>]*>\s*<strong>8 ", page)
    assert report.digests["word"] in page


def test_the_next_report_tells_what_has_changed(living):
    ret = living.accepted("d1", "H-QUY", "2020-Q3", COOPERATIVES)
    first = issue(living)
    assert "Số đã đổi" not in word_text(bytes(first.word))
    living.minutes += 5
    living.correct(ret)
    living.accepted("d1", "H-QUY", "2020-Q3", {"htx_moi": 8})
    living.accepted("d1", "H-QUY", "2021-Q3", COOPERATIVES)
    second = issue(living, "13/BC")
    assert second.previous == first
    text = word_text(bytes(second.word))
    assert (
        "Số đã đổi từ Báo cáo năm 2020 số 12/BC ngày 20/10/2021: 1 số của các năm trước 2021. Năm 2021:"
        in text
    )
    sheet = openpyxl.load_workbook(io.BytesIO(bytes(second.excel)))["Số đã đổi"]
    rows = list(sheet.iter_rows(min_row=3, values_only=True))
    assert [(row[1], row[4]) for row in rows] == [("2020", "+5")]


@pytest.mark.parametrize("part", ["word", "excel", "figures", "digests"])
def test_what_was_tampered_with_is_found(living, part, capsys):
    living.accepted("d1", "H-QUY", "2020-Q3", COOPERATIVES)
    report = issue(living)
    if part == "digests":
        report.digests["word"] = "0" * 64
    elif part == "figures":
        report.figures[0]["numerator"] = 99
    else:
        setattr(report, part, bytes(getattr(report, part)) + b" ")
    report.save()
    assert [name for _, name in issued_reports.altered()] == [part]
    assert installation.audit() == 1
    assert "Báo cáo đã ban hành bị đổi: Báo cáo năm 2020 số 12/BC" in capsys.readouterr().out


def test_what_hinders_issuing_is_said(living):
    planner = visitor(living, "p", Role.PLAN)
    issue(living)
    for wrong, words in (
        ({"number": "12/BC"}, "đã ban hành báo cáo số 12/BC"),
        ({"number": " "}, "Hãy ghi số, ký hiệu"),
        ({"signed_on": "22/10/2021"}, "Ngày ký ở tương lai"),
        ({"signed_on": "mai"}, "Ngày ký chưa đúng"),
        ({"kind": "poem"}, "Hãy chọn loại báo cáo"),
        ({"kind": "quarter 2021-09"}, "Báo cáo quý không phải báo cáo của tháng 9/2021"),
        ({"kind": "quarter 2022-Q1"}, "Chưa đến quý I/2022"),
        ({"kind": "quarter Q1"}, "Hãy chọn kỳ báo cáo trong danh sách"),
    ):
        page = planner.post(
            "/bao-cao-ban-hanh/ban-hanh/", FORM | {"number": "14/BC"} | wrong, follow=True
        )
        assert words in page.content.decode()
    assert IssuedReport.objects.count() == 1
    leader = living.person("p", Role.LEADER)
    with pytest.raises(Refused, match="Chỉ cán bộ"):
        issue_report(kind="year", number="1", signed_on=TODAY, by=leader, at=living.at)


def test_a_report_says_of_which_period_it_is(living):
    planner = visitor(living, "p", Role.PLAN)
    choices = re.findall(
        r'<option value="(quarter [^"]+)">([^<]+)<',
        planner.get("/bao-cao-ban-hanh/").content.decode(),
    )
    assert choices[0] == ("quarter 2021-Q3", "Báo cáo quý III/2021"), (
        "the last one that has ended comes first"
    )
    assert choices[-1] == ("quarter 2021-Q4", "Báo cáo quý IV/2021 (chưa hết kỳ)")
    sent = FORM | {"kind": "quarter 2021-Q2"}
    page = planner.post("/bao-cao-ban-hanh/ban-hanh/", sent, follow=True).content.decode()
    assert "<h1>Báo cáo quý II/2021 số 12/BC</h1>" in page
    report = IssuedReport.objects.get()
    assert report.period == "2021-Q2"
    assert "Báo cáo quý II/2021 số 12/BC ngày 20/10/2021" in word_text(bytes(report.word))


def test_reports_of_a_unit_that_ended_stay_with_those_that_carry_it_on(living):
    report = issue_report(
        kind="term", number="1/BC", signed_on=TODAY, by=living.person("c1", Role.PLAN), at=living.at
    )
    world, _ = reformed(living, MERGE)
    for unit in ("n", "d1"):
        client = visitor(world, unit)
        assert (
            f"/bao-cao-ban-hanh/{report.pk}/" in client.get("/bao-cao-ban-hanh/").content.decode()
        )
        assert client.get(f"/bao-cao-ban-hanh/{report.pk}/").status_code == 200
    assert visitor(world, "d2").get(f"/bao-cao-ban-hanh/{report.pk}/").status_code == 404


def test_reports_belong_to_their_branch_and_their_time(living):
    report = visitor(living, "d1").post("/bao-cao-ban-hanh/ban-hanh/", FORM, follow=True)
    address = report.redirect_chain[-1][0]
    assert "Đã ban hành" in report.content.decode()
    assert visitor(living, "p").get(address).status_code == 200
    assert visitor(living, "d2").get(address).status_code == 404
    assert address not in visitor(living, "d2").get("/bao-cao-ban-hanh/").content.decode()
    assert visitor(living, "p").get(f"/tai/2021-10-19{address}").status_code == 404


def test_the_list_asks_the_same_of_one_report_and_of_three(living):
    client, counts = visitor(living, "p", Role.PLAN), []
    for number in ("1", "2", "3"):
        issue(living, number)
        with queries() as asked:
            assert client.get("/bao-cao-ban-hanh/").status_code == 200
        counts.append(len(asked))
    assert len(set(counts)) == 1


def test_a_reform_entered_since_is_named_as_a_cause(living):
    living.accepted("d1", "H-QUY", "2021-Q3", COOPERATIVES)
    report = issue(living)
    page = f"/bao-cao-ban-hanh/{report.pk}/"
    assert "cây đơn vị đã đổi" not in visitor(living, "p", Role.PLAN).get(page).content.decode()
    living.minutes += 5
    after, _ = reformed(living, ABOLISH)
    said = visitor(after, "p", Role.PLAN).get(page).content.decode()
    assert (
        "Từ đó cây đơn vị đã đổi, nên số cũng có thể khác: “Sắp xếp” (hiệu lực 01/7/2021)." in said
    )


# Codes lead back


def test_codes_count_figures_in_the_order_of_the_lines(living):
    """Papers in people's hands rest on this order."""
    reader = living_plan(unit="p", by=living.person("p")).reader
    lines = reader.lines()
    assert list(addresses(lines)) == reader.addresses()
    found = marked_lines(lines, living.at, 7)
    assert [mark.code.place for mark in figure_marks(found)] == list(range(len(reader.addresses())))


def test_every_actual_in_word_and_excel_has_a_code_that_opens_it(living):
    living.accepted("d1", "H-QUY", "2021-Q3", COOPERATIVES)
    report = issue(living)
    sheet = openpyxl.load_workbook(io.BytesIO(bytes(report.excel)))["Số liệu"]
    header, *rows = sheet.iter_rows()
    column = [cell.value for cell in header].index("Mã số liệu")
    codes = [row[column].value for row in rows]
    assert len(set(codes)) == len(codes) == len(report.figures)
    assert all(
        row[column].hyperlink.target.endswith(f"/so-lieu/{row[column].value}") for row in rows
    )
    text = word_text(bytes(report.word))
    document = str(read_code(codes[0])).rpartition("-")[0]
    assert f"Mã tài liệu: {document}" in text
    shown = [each for each in report.figures if each["year"] == 2021 and each["numerator"] == 3]
    assert shown
    assert all(each["code"].rpartition("-")[2] in text for each in shown)


def test_a_code_opens_the_explanation_of_the_issued_figure(living):
    ret = living.accepted("d1", "H-QUY", "2021-Q3", COOPERATIVES)
    living.minutes += 1
    report = issue(living)
    living.minutes += 1
    living.correct(ret)
    living.accepted("d1", "H-QUY", "2021-Q3", {"htx_moi": 9})
    code = next(
        each["code"] for each in report.figures if each["numerator"] == 3 and each["year"] == 2021
    )
    client = visitor(living, "p")
    for typed in (code, code.lower().replace("-", " "), code.replace("0", "O")):
        led = client.get("/so-lieu/", {"ma": typed}, follow=True)
        page = led.content.decode()
        assert led.redirect_chain[-1][0].startswith("/tai/2021-10-20T09:01:00")
        assert "Số này trong" in page
        assert ">3" in re.sub(r"\s+", "", page)
    assert client.get(f"/so-lieu/{code}/")["Location"] == led.redirect_chain[-1][0]


def test_figures_of_the_whole_term_have_codes_too(living):
    living.accepted("d1", "H-QUY", "2021-Q3", COOPERATIVES)
    client = visitor(living, "p")
    book = openpyxl.load_workbook(
        io.BytesIO(client.get("/ke-hoach/tep/excel/?xem=toan-khoa").content)
    )
    header, *rows = book["Toàn khóa"].iter_rows(values_only=True)
    row = next(row for row in rows if row[header.index("Thực hiện")] == 3)
    code = row[header.index("Mã số liệu")]
    assert client.get(f"/so-lieu/{code}/")["Location"].endswith("/toan-khoa/")
    paper = client.get("/ke-hoach/tep/word/?xem=toan-khoa").content
    # The check character is that of the moment, which has passed.
    assert re.search(rf" {read_code(code).figure[:3]}\w\b", word_text(paper))


def test_the_code_on_a_page_opens_the_same_figure(living):
    living.accepted("d1", "H-QUY", "2021-Q3", COOPERATIVES)
    client = visitor(living, "p")
    address = "/tai/2021-10-20T09:30/ke-hoach/p/I.CT05.1/CT05.1/2021/"
    page = client.get(address).content.decode()
    code = re.search(r'<strong class="code">([^<]+)</strong>', page)
    assert code is not None
    assert client.get(f"/so-lieu/{code[1]}/")["Location"] == address


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("4K7M", "mã đủ có 16 hoặc 12"),
        ("0000-0000-0001", "gõ sai hoặc đổi chỗ"),
        ("0000-0000-0000", "Không có số nào mang mã"),
    ],
)
def test_a_code_that_leads_nowhere_says_so(living, typed, words):
    answer = visitor(living, "p").get("/so-lieu/", {"ma": typed})
    assert answer.status_code == 404
    assert words in answer.content.decode()


def test_a_code_of_a_unit_out_of_reach_leads_nowhere(living):
    report = issue(living)
    code = report.figures[0]["code"]
    assert (
        "Không có số nào mang mã"
        in visitor(living, "d1").get("/so-lieu/", {"ma": code}).content.decode()
    )
