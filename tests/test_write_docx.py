"""The plan on paper: it compiles back to itself, and what the living plan adds can be told from
what was signed.
"""

import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from papers import HEADING, PLAN, VOCABULARY, lines

from toankhoa import documents
from toankhoa.core.compiling import Document as Written
from toankhoa.core.compiling import Paragraph as Words
from toankhoa.core.compiling import Table, TableCell, TableRow, compile_document
from toankhoa.documents.reading.word_styles import REPORTED
from toankhoa.documents.writing.seed_document import seed_docx
from toankhoa.documents.writing.term_table import HEADERS
from toankhoa.documents.writing.write_docx import write_docx
from toankhoa.library import load_library

SIGNED = Path(__file__).resolve().parents[2] / "shared" / "plans" / "kh-70-toan-khoa-2016-2021.docx"


def compiled(data: bytes, vocabulary=VOCABULARY):
    return compile_document(documents.read("plan.docx", data), vocabulary)


def plan_table(data: bytes):
    """The table with the years over its columns, between letterhead and signature."""
    return Document(BytesIO(data)).tables[1]


def texts(row) -> list[str]:
    """One text for each cell as it is drawn; paragraphs are parted by newlines."""
    return [
        "\n".join("".join(t.text for t in p.iter(qn("w:t"))) for p in cell.p_lst)
        for cell in row._tr.tc_lst
    ]


def living_row(number: int) -> list[str]:
    return [
        text.replace("\u00a0", " ")
        for text in texts(plan_table(write_docx(PLAN, lines())).rows[number])
    ]


# The plan alone


def test_a_plan_compiles_back_to_itself():
    plan, problems = compiled(write_docx(PLAN))
    assert plan == PLAN
    assert problems == ()


def round_trip(data: bytes) -> None:
    vocabulary = load_library(None).vocabulary
    plan, problems = compiled(data, vocabulary)
    again, problems_again = compiled(write_docx(plan), vocabulary)
    assert len(plan.activities) == 81
    assert again == plan
    assert [(p.code, p.fragment) for p in problems_again] == [
        (p.code, p.fragment) for p in problems
    ]


def test_the_demonstration_plan_compiles_back_to_itself():
    round_trip(seed_docx())


def test_the_signed_plan_compiles_back_to_itself():
    if not SIGNED.exists():
        pytest.skip("../shared is not here: the signed plan cannot be written back")
    round_trip(SIGNED.read_bytes())


def test_a_plan_of_two_tables_comes_back_from_one():
    head = ("Số: 5/KH", "KẾ HOẠCH", "Giai đoạn 2021-2022")
    targets = [
        ["TT", "Chỉ tiêu", "ĐVT", "2021", "2022", "2021-2022"],
        ["1", "Mở lớp dạy nghề", "lớp", "2", "3", "5"],
    ]
    tasks = [
        ["TT", "Nhiệm vụ", "Chủ trì", "Phối hợp", "Thời hạn"],
        ["1", "Sơ kết", "Ban Phong trào", "", "Quý I/2022"],
    ]
    written = Written(
        "a",
        (
            *map(Words, head),
            drawn(targets),
            Words("Biểu số 2: Nhiệm vụ"),
            drawn(tasks),
            Words("Nơi nhận: VP"),
        ),
    )
    plan, _ = compile_document(written, VOCABULARY)
    assert [row.boards for row in plan.activities] == [(), ("PT",)]
    again, _ = compiled(write_docx(plan))
    assert (again.headers, again.objectives, again.activities) == (
        plan.headers,
        plan.objectives,
        plan.activities,
    )


def drawn(texts: list[list[str]]) -> Table:
    rows = (tuple(TableCell(text, column) for column, text in enumerate(row)) for row in texts)
    return Table(tuple(map(TableRow, rows)), len(texts[0]))


def test_merges_are_those_of_the_plan():
    spans = [
        [cell.grid_span for cell in row._tr.tc_lst] for row in plan_table(write_docx(PLAN)).rows
    ]
    years = len(PLAN.years)
    assert spans[0] == [1, 1, years, 1, 1]
    assert spans[2] == [1] * (years + 4), "a section keeps its blank cells"
    assert spans[3] == spans[4] == [1, years + 2, 1], (
        "goal and heading cover the years and the levels"
    )
    merges = [cell.vMerge for cell in plan_table(write_docx(PLAN)).rows[0]._tr.tc_lst]
    assert merges == ["restart", "restart", None, "restart", "restart"]


def test_header_rows_are_repeated_and_no_row_is_cut():
    rows = plan_table(write_docx(PLAN, lines())).rows
    repeated = [row._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in rows]
    assert repeated == [True, True] + [False] * (len(rows) - 2)
    assert all(row._tr.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in rows)


def test_the_page_is_landscape_a4_with_page_numbers():
    word = Document(BytesIO(write_docx(PLAN)))
    page = word.sections[0]
    assert (round(page.page_width.cm, 1), round(page.page_height.cm, 1)) == (29.7, 21.0)
    fields = [field.get(qn("w:instr")) for field in page.footer._element.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]
    columns = sum(
        int(column.get(qn("w:w")))
        for column in plan_table(write_docx(PLAN))._tbl.tblGrid.gridCol_lst
    )
    room = page.page_width - page.left_margin - page.right_margin
    assert columns * 635 <= room + 635 * len(PLAN.years), (
        "twentieths of a point in EMU: the table keeps to the margins"
    )


def test_the_same_plan_gives_the_same_bytes_without_a_clock():
    data = write_docx(PLAN, lines(), heading=HEADING)
    assert data == write_docx(PLAN, lines(), heading=HEADING)
    with zipfile.ZipFile(BytesIO(data)) as package:
        assert {entry.date_time[0] for entry in package.infolist()} == {1980}
        assert set(re.findall(rb">(\d{4})-\d\d-\d\dT", package.read("docProps/core.xml"))) == {
            b"1980"
        }


# The living plan


def test_a_year_cell_holds_the_words_the_actual_and_how_it_stands():
    cells = living_row(5)
    assert cells[2].split("\n") == ["88,3%", "TH: 151/171 = 88,3%", "✓ đạt"]
    assert cells[3].split("\n") == [
        "> 90%",
        "TH: 120/171 = 70,18%",
        "► đang thực hiện, chậm tiến độ (167/171 báo cáo)",
    ]


def test_several_indicators_are_named_once_and_called_by_number():
    cells = living_row(6)
    assert cells[1].endswith("\nvà trồng cây\n(1) Số hộ được giúp\n(2) Số cây đã trồng")
    assert cells[2].split("\n") == [
        "342 hộ",
        "(1) TH: 300 hộ",
        "✗ chưa đạt (3 số kỳ trước)",
        "(2) KH: ≥ 10.000 cây",
        "TH: 12.345 cây",
        "✓ đạt",
    ]


def test_missing_is_not_zero_and_what_the_cell_does_not_say_is_said():
    cells = living_row(6)
    assert cells[3].split("\n") == [
        "x",
        "(1) KH: ≥ 342 hộ",
        "TH: …",
        "? chưa có số liệu (0/171 báo cáo)",
        "(2) TH: 0 cây",
        "– không đến hạn",
    ]


def test_a_heading_shows_its_own_indicators_in_a_line_below():
    assert living_row(7)[1] == "Chỉ tiêu 2: Đoàn viên ưu tú"
    number, name, first, second, *rest = living_row(8)
    assert (number, name, rest) == ("", "Tỷ lệ đoàn viên ưu tú", ["", ""])
    assert first.split("\n") == ["KH: ≥ 70%", "TH: 70/100 = 70%*", "✓ đạt"]
    assert second == "– không đến hạn"


def test_a_milestone_is_said_in_words():
    cells = living_row(-1)
    assert cells[2].split("\n") == ["x", "TH: chưa thực hiện", "✗ chưa đạt"]
    assert cells[3].split("\n") == ["x", "TH: đã thực hiện", "✓ đạt"]


def test_all_that_the_living_plan_adds_stands_in_its_own_style():
    """The reader leaves that style out: what it reads is the signed plan again."""
    living = write_docx(PLAN, lines(), heading=HEADING)
    word = Document(BytesIO(living))
    added = [p for p in word.element.body.iter(qn("w:p")) if p.style == REPORTED]
    assert len(added) > 20
    assert [style.name for style in word.styles if style.style_id == REPORTED] == ["Thực hiện"]
    assert compiled(living)[0] == PLAN


def words_under_the_title(**change) -> list[str]:
    heading = HEADING.__class__(
        **{name: getattr(HEADING, name) for name in HEADING.__slots__} | change
    )
    return [
        paragraph.text
        for paragraph in Document(BytesIO(write_docx(PLAN, lines(), heading=heading))).paragraphs
    ]


def test_the_paper_says_whose_figures_it_shows_and_that_a_demonstration_is_one():
    said = words_under_the_title()
    line = "Đơn vị: Tỉnh A. Số liệu đến ngày 20/10/2021. Phiên bản kế hoạch: 12/KH-ĐTN."
    assert said.index(line) == said.index("Hai năm") + 1
    assert said[said.index(line) + 1] == "DỮ LIỆU MẪU (TỔNG HỢP)"
    assert "DỮ LIỆU MẪU (TỔNG HỢP)" not in words_under_the_title(synthetic=False)


# The whole term


def term_rows() -> list[list[str]]:
    table = plan_table(write_docx(PLAN, lines(), heading=HEADING, of_term=True))
    return [[text.replace("\u00a0", " ") for text in texts(row)] for row in table.rows]


def test_the_term_stands_in_place_of_the_years():
    header, *rows = term_rows()
    assert header == list(HEADERS)
    (shelves,) = (row for row in rows if row[1] == "Chi đoàn có tủ sách")
    assert shelves[2:4] == ["≥ 90%", "120/171 = 70,18%"]
    assert shelves[4].split("\n") == [
        "► đang thực hiện",
        "1/2 năm đạt",
        "▼ chậm tiến độ",
        "167/171 báo cáo",
    ]
    assert shelves[5].startswith("khó đạt: dự báo 80,0–85,2%; cần thêm 19,9 điểm phần trăm mỗi quý")


def test_each_indicator_of_a_row_has_a_line_and_the_words_stand_once():
    rows = term_rows()
    at = next(
        place for place, row in enumerate(rows) if row[1].startswith("Chi đoàn giúp hộ nghèo")
    )
    assert rows[at][1].endswith("Số hộ được giúp")
    assert rows[at + 1][:4] == ["", "Số cây đã trồng", "≥ 10.000 cây", "12.345 cây"]


def test_every_row_of_the_plan_is_there():
    titles = {row[1].partition("\n")[0] for row in term_rows()}
    assert {row.title.partition("\n")[0] for row in PLAN.activities} <= titles


def test_a_heading_says_what_its_rows_add_up_to():
    (heading,) = (row for row in term_rows() if row[1].startswith("Chỉ tiêu 1"))
    assert heading[1].split("\n")[1] == "1 đạt, 2 đang thực hiện; khó đạt"
