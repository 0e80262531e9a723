"""Workbooks: what is seen on the sheet is what is read."""

import zipfile
from datetime import date
from io import BytesIO

import pytest
import xlsxwriter
from test_reading import shape, texts

from toankhoa.core.basics import Severity
from toankhoa.documents import read
from toankhoa.documents.reading.xlsx_numbers import shown


def book(fill) -> bytes:
    """A workbook that `fill(workbook, its first sheet)` writes."""
    saved = BytesIO()
    with xlsxwriter.Workbook(saved, {"in_memory": True}) as workbook:
        fill(workbook, workbook.add_worksheet("Kế hoạch"))
    return saved.getvalue()


def plan(workbook, sheet) -> None:
    drawn = workbook.add_format({"border": 1})
    sheet.write_row(0, 0, ["HỘI A", "", "", "CỘNG HÒA"])
    sheet.write_row(1, 0, ["Số: 1", "", "", "Độc lập"])
    sheet.merge_range(3, 0, 3, 3, "KẾ HOẠCH")
    sheet.merge_range(5, 0, 6, 0, "STT", drawn)
    sheet.merge_range(5, 1, 6, 1, "Nội dung", drawn)
    sheet.merge_range(5, 2, 5, 3, "Mức đạt", drawn)
    sheet.write_row(6, 2, [2017, 2018], drawn)
    sheet.write_row(7, 0, [1, "Thi đua", "x", "x"], drawn)
    sheet.merge_range(8, 0, 8, 3, "Ghi chú trong bảng", drawn)
    sheet.write_string(9, 0, "Kết thúc./.")


def test_what_stands_around_the_table_is_read_as_on_paper():
    document = read("a.xlsx", book(plan))
    letterhead, table = document.tables
    assert shape(letterhead) == [[("HỘI A\nSố: 1", 0, 1, 1), ("CỘNG HÒA\nĐộc lập", 1, 1, 1)]]
    assert texts(document) == ["KẾ HOẠCH", "Kết thúc./."]
    assert shape(table) == [
        [("STT", 0, 1, 2), ("Nội dung", 1, 1, 2), ("Mức đạt", 2, 2, 1)],
        [("2017", 2, 1, 1), ("2018", 3, 1, 1)],
        [("1", 0, 1, 1), ("Thi đua", 1, 1, 1), ("x", 2, 1, 1), ("x", 3, 1, 1)],
        [("Ghi chú trong bảng", 0, 4, 1)],
    ]
    source = table.rows[2].cells[1].source
    assert (source.table, source.row, source.cell) == (1, 7, 1)


def hide(workbook, sheet) -> None:
    for row in range(4):
        sheet.write_row(row, 0, ["a", "b", "mật", "d"])
    sheet.set_row(1, None, None, {"hidden": True})
    sheet.set_row(2, None, None, {"hidden": True})
    sheet.set_column(2, 2, None, None, {"hidden": True})
    other = workbook.add_worksheet("Nháp")
    other.write(0, 0, "bỏ")
    other.hide()


def test_what_is_hidden_is_told_and_not_read():
    document = read("a.xlsx", book(hide))
    assert shape(document.tables[0]) == [[("a", 0, 1, 1), ("b", 1, 1, 1), ("d", 2, 1, 1)]] * 2
    told = [
        (one.code, one.severity, one.message.partition(" bị ẩn")[0]) for one in document.problems
    ]
    assert told == [
        ("cells-hidden", Severity.WARNING, "Dòng 2 đến 3 của trang “Kế hoạch”"),
        ("cells-hidden", Severity.WARNING, "Cột C của trang “Kế hoạch”"),
        ("cells-hidden", Severity.WARNING, "Trang tính “Nháp”"),
    ]


def formulas(_, sheet) -> None:
    sheet.write_row(0, 0, ["a", "b"])
    sheet.write_formula(0, 2, "=1+1", None, 2)
    sheet.write_formula(1, 0, '="x"&"y"', None, "xy")
    sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")
    sheet.write_formula(1, 2, "=A9", None, "")


def test_formulas_count_by_their_value():
    document = read("a.xlsx", book(formulas))
    assert [[cell.text for cell in row.cells] for row in document.tables[0].rows] == [
        ["a", "b", "2"],
        ["xy", "#DIV/0!", ""],
    ]
    assert [(one.code, one.source.row, one.source.cell) for one in document.problems] == [
        ("cell-error", 1, 1)
    ]


def test_a_formula_without_a_value_is_a_problem():
    data = book(lambda _, sheet: sheet.write_row(0, 0, ["a", "b", "=1+1"]))
    emptied = data_without(data, b"<v>0</v>")
    (problem,) = read("a.xlsx", emptied).problems
    assert (problem.code, problem.severity) == ("formula-not-computed", Severity.ERROR)
    assert "ô C1" in problem.message


def data_without(data: bytes, piece: bytes) -> bytes:
    """The same package with a piece taken out of its first sheet."""
    saved = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as before, zipfile.ZipFile(saved, "w") as after:
        for part in before.namelist():
            inside = before.read(part)
            if part.endswith("sheet1.xml"):
                assert piece in inside
                inside = inside.replace(piece, b"")
            after.writestr(part, inside)
    return saved.getvalue()


def test_sheets_follow_one_another():
    def fill(workbook, sheet):
        for one in (sheet, workbook.add_worksheet("Tiếp")):
            one.write_row(0, 0, ["a", "b", one.name])

    document = read("a.xlsx", book(fill))
    assert [row.cells[2].text for table in document.tables for row in table.rows] == [
        "Kế hoạch",
        "Tiếp",
    ]


def test_dates_and_rates_as_a_vietnamese_excel_shows_them():
    def fill(workbook, sheet):
        sheet.write_row(0, 0, [0.883, 0.8], workbook.add_format({"num_format": "0.0%"}))
        sheet.write_datetime(0, 2, date(2017, 9, 29), workbook.add_format({"num_format": 14}))
        sheet.write(0, 3, 342, workbook.add_format({"num_format": '#,##0" hộ"'}))

    (row,) = read("a.xlsx", book(fill)).tables[0].rows
    assert [cell.text for cell in row.cells] == ["88,3%", "80,0%", "29/9/2017", "342 hộ"]


SHOWN = [
    ("0.88300000000000001", "0.0%", "88,3%"),
    ("0.9", "0%", "90%"),
    ("0.285", "0%", "29%"),
    ("5000", "#,##0", "5.000"),
    ("1234567.5", "#,##0.00", "1.234.567,50"),
    ("88.3", "General", "88,3"),
    ("0.1", "General", "0,1"),
    ("0.30000000000000004", "General", "0,3"),
    ("5000", "General", "5000"),
    ("2", "00", "02"),
    ("-5", "#,##0;(#,##0)", "(5)"),
    ("342", '0" hộ"', "342 hộ"),
    ("342", 'General" hộ"', "342 hộ"),
    ("513", '"≥ "0', "≥ 513"),
    ("42736", "yyyy", "2017"),
    ("42736", "mm/yyyy", "1/2017"),
    ("43007", "dd/mm/yyyy", "29/9/2017"),
    ("43007", "[$-42A]d/m/yyyy;@", "29/9/2017"),
    ("2.50", "0.##", "2,5"),
    ("3", "0.##", "3"),
    ("0", "0", "0"),
    ("0", "0%", "0%"),
    ("999999999999999", "0.000000000000%", "99999999999999900,0000000000%"),
    ("0", "General", "0"),
    ("1e300", "General", "1e300"),
    ("không", "0", "không"),
]


@pytest.mark.parametrize(("written", "form", "text"), SHOWN)
def test_numbers_under_their_form(written, form, text):
    assert shown(written, form) == text


def test_old_fonts_of_cells_and_of_runs():
    def fill(workbook, sheet):
        old, vni = (
            workbook.add_format({"font_name": ".VnTime"}),
            workbook.add_format({"font_name": "VNI-Times"}),
        )
        sheet.write(0, 0, "kÕ ho¹ch", old)
        sheet.write(0, 1, "keá hoaïch", vni)
        sheet.write_rich_string(0, 2, "Số ", old, "®Õm", " này")

    document = read("a.xlsx", book(fill))
    assert [cell.text for cell in document.tables[0].rows[0].cells] == [
        "kế hoạch",
        "kế hoạch",
        "Số đếm này",
    ]
    assert {one.code for one in document.problems} == {"encoding-old"}
