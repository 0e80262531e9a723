"""The living plan in Excel, read back: numbers are numbers, missing is blank, and it prints on
landscape A4.
"""

import re
import zipfile
from io import BytesIO

import openpyxl
import pytest
from papers import HEADING, PLAN, lines

from toankhoa.documents.writing.term_sheet import COLUMNS, TERM_SHEET
from toankhoa.documents.writing.write_xlsx import (
    FIGURE_COLUMNS,
    FIGURES_SHEET,
    PLAN_SHEET,
    write_xlsx,
)

TOP = 5  # row of the table's header: two title lines, the heading, the warning, a blank


@pytest.fixture(scope="module")
def book():
    return openpyxl.load_workbook(BytesIO(write_xlsx(PLAN, lines(), heading=HEADING)))


@pytest.fixture(scope="module")
def table(book):
    """Values of the plan's sheet from the header down."""
    return [list(row) for row in book[PLAN_SHEET].iter_rows(min_row=TOP + 1, values_only=True)]


def rows_of(table, words: str):
    return next(index for index, row in enumerate(table) if row[1] and row[1].startswith(words))


def test_the_header_is_the_plans_own_with_three_columns_to_a_year(table, book):
    assert table[0][:4] == ["STT", "Hoạt động chính", "Chỉ số", "Mức độ đạt từng năm"]
    assert table[1][3] == 2020
    assert table[1][6] == 2021
    assert table[2][3:9] == ["Kế hoạch", "Thực hiện", "Đánh giá"] * 2
    merged = {str(area) for area in book[PLAN_SHEET].merged_cells.ranges}
    assert {"D6:I6", "D7:F7", "G7:I7", "A6:A8", "K6:K8"} <= merged


def test_rows_stand_in_the_order_of_the_plan(table):
    words = [row[1] for row in table[3:] if row[1]]
    assert words[:3] == [
        "CÁC CHỈ TIÊU",
        "Mục tiêu: Đoàn vững mạnh.",
        "Chỉ tiêu 1: Chi đoàn vững mạnh",
    ]
    assert [row[0] for row in table if row[1] == "Chi đoàn mạnh"] == ["1.1"]
    assert len(words) == len(PLAN.objectives) + len(PLAN.activities) + 1


def test_a_percentage_is_the_exact_ratio(table, book):
    at = rows_of(table, "Chi đoàn có tủ sách")
    assert table[at][3:6] == ["88,3%", 151 / 171, "✓ đạt"]
    cell = book[PLAN_SHEET].cell(TOP + 1 + at, 5)
    assert cell.data_type == "n"
    assert cell.number_format == "0.0#%"


def test_a_count_keeps_its_unit_in_the_format_and_missing_is_blank(table, book):
    at = rows_of(table, "Chi đoàn giúp hộ nghèo")
    assert table[at][2:6] == ["Số hộ được giúp", "342 hộ", 300, "✗ chưa đạt (3 số kỳ trước)"]
    assert table[at][6:9] == ["x\nKH: ≥ 342 hộ", None, "? chưa có số liệu (0/171 báo cáo)"]
    assert book[PLAN_SHEET].cell(TOP + 1 + at, 5).number_format == '#,##0" hộ"'


def test_a_second_indicator_has_a_row_of_its_own_and_zero_is_a_number(table):
    below = table[rows_of(table, "Chi đoàn giúp hộ nghèo") + 1]
    assert below[:3] == [None, None, "Số cây đã trồng"]
    assert below[3:6] == ["KH: ≥ 10.000 cây", 12345, "✓ đạt"]
    assert below[6:9] == [None, 0, "– không đến hạn"]


def test_a_headings_indicator_stands_below_it(table):
    at = rows_of(table, "Chỉ tiêu 2")
    assert table[at][-1] == "Ban Phong trào"
    assert table[at + 1][2:5] == ["Tỷ lệ đoàn viên ưu tú", "KH: ≥ 70%", 0.7]


def test_a_milestone_stays_a_number_that_reads_as_words(table, book):
    at = rows_of(table, "Sinh hoạt chi đoàn")
    assert (table[at][4], table[at][7]) == (0, 1)
    assert (
        book[PLAN_SHEET].cell(TOP + 1 + at, 5).number_format == '"đã thực hiện";;"chưa thực hiện"'
    )


def test_words_that_look_like_a_formula_are_words(table, book):
    at = rows_of(table, "=Bồi dưỡng")
    assert book[PLAN_SHEET].cell(TOP + 1 + at, 2).data_type == "s"


def test_what_the_workbook_says_of_itself(book):
    words = [book[PLAN_SHEET].cell(row, 1).value for row in range(1, TOP + 1)]
    assert words == ["KẾ HOẠCH HOẠT ĐỘNG", "Hai năm", HEADING.words, "DỮ LIỆU MẪU (TỔNG HỢP)", None]


def test_panes_filters_and_print(book):
    sheet = book[PLAN_SHEET]
    assert sheet.freeze_panes == "C9"
    assert sheet.auto_filter.ref == f"A8:K{sheet.max_row}"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$6:$8", "$A:$B")


def test_the_long_form_has_every_figure_as_numbers(book):
    header, *rows = book[FIGURES_SHEET].iter_rows(values_only=True)
    assert header == tuple(FIGURE_COLUMNS)
    figures = {(row[1], row[3]): dict(zip(header, row, strict=True)) for row in rows}
    assert len(figures) == len(rows) == 10
    shelves = figures["A1", 2021]
    assert (shelves["Tử số"], shelves["Mẫu số"], shelves["Giá trị"]) == (120, 171, 120 / 171)
    assert (shelves["So sánh"], shelves["Chỉ tiêu"], shelves["Đánh giá"]) == (
        "≥",
        0.9,
        "đang thực hiện",
    )
    assert (shelves["Báo cáo đã duyệt"], shelves["Báo cáo phải gửi"]) == (167, 171)
    missing = figures["A2", 2021]
    assert (missing["Tử số"], missing["Giá trị"], missing["Tỷ lệ đạt chỉ tiêu"]) == (
        None,
        None,
        None,
    )
    assert (missing["Chỉ tiêu"], missing["Đơn vị tính"]) == (342, "hộ")
    assert figures["A3", 2021]["Giá trị"] == 0
    assert figures["A3", 2021]["Chỉ tiêu"] is None


def test_the_same_plan_gives_the_same_bytes_without_a_clock():
    data = write_xlsx(PLAN, lines(), heading=HEADING)
    assert data == write_xlsx(PLAN, lines(), heading=HEADING)
    with zipfile.ZipFile(BytesIO(data)) as package:
        assert {entry.date_time[0] for entry in package.infolist()} == {1980}
        assert set(re.findall(rb">(\d{4})-\d\d-\d\dT", package.read("docProps/core.xml"))) == {
            b"1980"
        }


# The whole term


def test_the_term_has_a_sheet_of_its_own_with_the_same_words(book):
    header, *rows = book[TERM_SHEET].iter_rows(values_only=True)
    assert header == tuple(COLUMNS)
    term = {row[1]: dict(zip(header, row, strict=True)) for row in rows}
    assert len(term) == len(rows) == 5
    shelves = term["Tỷ lệ chi đoàn có tủ sách"]
    assert (shelves["Chỉ tiêu"], shelves["Thực hiện"], shelves["Số của năm"]) == (
        "≥ 90%",
        120 / 171,
        2021,
    )
    assert (shelves["Số năm đạt"], shelves["Số năm có chỉ tiêu"]) == (1, 2)
    assert (shelves["Tiến độ"], shelves["Theo tiến độ"]) == ("chậm tiến độ", 0.81)
    assert (shelves["Dự báo thấp"], shelves["Dự báo giữa"], shelves["Dự báo cao"]) == (
        0.8,
        0.82,
        0.8511,
    )
    assert shelves["Khả năng"] == "khó đạt"
    assert (
        shelves["Vì sao"]
        == "dự báo 80,0–85,2%; cần thêm 19,9 điểm phần trăm mỗi quý, cao nhất từng đạt 10,0"
    )
    houses = term["Số hộ được giúp"]
    assert (houses["Chỉ tiêu"], houses["Thực hiện"], houses["Số của năm"]) == (
        "≥ 684 hộ",
        300,
        None,
    )
    assert houses["Dự báo giữa"] is None
    assert (
        term["Số cây đã trồng"]["Chỉ tiêu"] == "≥ 10.000 cây"
    )  # of the one year that asks for any


def test_the_sheet_that_was_asked_for_opens():
    def opened(*, of_term: bool) -> str:
        data = write_xlsx(PLAN, lines(), heading=HEADING, of_term=of_term)
        return openpyxl.load_workbook(BytesIO(data)).active.title

    assert (opened(of_term=False), opened(of_term=True)) == (PLAN_SHEET, TERM_SHEET)
