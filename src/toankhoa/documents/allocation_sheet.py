"""The sheet of an allocation as an Excel workbook, and what somebody typed into such a workbook.

The first row of the table names every column by its key and the first column every unit by its code: with these the
workbook finds its way back, whatever was sorted, inserted or left out in between.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from toankhoa.core.allocation import Part, Parts
from toankhoa.core.allocation_entry import NOTHING
from toankhoa.core.table import Row
from toankhoa.core.text import tidy
from toankhoa.documents.reading import read
from toankhoa.documents.spreadsheet import AS_DECIMAL, AS_WHOLE, SHADE, Cell, Looks, number, on_paper, put, put_row

# The file must carry a time; the first day of its format says that it means nothing.
NO_TIME = datetime(1980, 1, 1)
CODES, NAMES = "Mã", "Đơn vị"
_LEFT, _WIDTH = (10, 34), 20
_HEADER = 3  # rows above it: title, how to fill it in, a blank one


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationColumn:
    """One column: its key, its words, how it is divided, what the unit above must reach, the parts so far."""

    key: str
    title: str
    rule: str
    whole: Fraction
    rate: bool
    parts: Parts


@dataclass(frozen=True, slots=True)
class Filled:
    """One cell of a filled workbook that has a key and a code: its text and its address, such as C7."""

    key: str
    unit: str
    text: str
    address: str


def write_allocation(title: str, units: Sequence[tuple[str, str]], columns: Sequence[AllocationColumn]) -> bytes:
    """The workbook; the same for the same input. `units`: code and name."""
    widths = (*_LEFT, *[_WIDTH] * len(columns))
    saved = BytesIO()
    with Workbook(saved, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": title, "created": NO_TIME})
        looks = Looks(book)
        sheet = book.add_worksheet("Giao chỉ tiêu")
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        plain = looks(border=0, text_wrap=False)
        put(sheet, 0, 0, Cell(title, looks(border=0, text_wrap=False, bold=True, font_size=13)))
        put(
            sheet,
            1,
            0,
            Cell(f"Sửa mức ở các ô trắng; ô ghi “{NOTHING}” là không giao. Giữ nguyên cột mã và hàng mã.", plain),
        )
        _header(sheet, looks, columns, widths)
        first = _HEADER + 4
        for row, (code, name) in enumerate(units, first):
            cells = [_part(column.parts, code, looks) for column in columns]
            put_row(sheet, row, [Cell(code, looks()), Cell(name, looks()), *cells], widths)
        _totals(sheet, looks, columns, first, first + len(units) - 1)
        sheet.freeze_panes(first, len(_LEFT))
        on_paper(sheet)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(_HEADER, first - 1)
    return saved.getvalue()


def _header(sheet: Worksheet, looks: Looks, columns: Sequence[AllocationColumn], widths: Sequence[float]) -> None:
    head, shaded = looks.header(), looks(bg_color=SHADE)
    put_row(sheet, _HEADER, [Cell(text, head) for text in (CODES, NAMES, *(each.key for each in columns))], widths)
    for row, left, texts in (
        (_HEADER + 1, "Chỉ tiêu", [each.title for each in columns]),
        (_HEADER + 2, "Cách giao", [each.rule for each in columns]),
    ):
        put_row(sheet, row, [Cell(text, shaded) for text in ("", left, *texts)], widths)
    put_row(sheet, _HEADER + 3, [Cell("", shaded), Cell("Mức của cấp trên", shaded)], _LEFT)
    for place, each in enumerate(columns, len(_LEFT)):
        put(sheet, _HEADER + 3, place, Cell(number(each.whole), _amount(looks, bg_color=SHADE, bold=True)))


def _totals(sheet: Worksheet, looks: Looks, columns: Sequence[AllocationColumn], first: int, last: int) -> None:
    """Sums that Excel goes on working out; of rates there is none."""
    look = _amount(looks, bg_color=SHADE, bold=True)
    for row, text in ((last + 1, "Tổng các phần"), (last + 2, "Còn lại")):
        put(sheet, row, 0, Cell("", look))
        put(sheet, row, 1, Cell(text, look))
    for place, each in enumerate(columns, len(_LEFT)):
        if each.rate:
            put(sheet, last + 1, place, Cell(None, look))
            put(sheet, last + 2, place, Cell(None, look))
            continue
        letter = xl_col_to_name(place)
        total = sum((part for part in each.parts.values() if part is not None), Fraction(0))
        sheet.write_formula(last + 1, place, f"=SUM({letter}{first + 1}:{letter}{last + 1})", look, number(total))
        whole, sums = xl_rowcol_to_cell(_HEADER + 3, place), xl_rowcol_to_cell(last + 1, place)
        sheet.write_formula(last + 2, place, f"={whole}-{sums}", look, number(each.whole - total))


def _part(parts: Parts, code: str, looks: Looks) -> Cell:
    part: Part = parts.get(code)
    if code in parts and part is None:
        return Cell(NOTHING, looks(align="right"))
    return Cell(number(part), _amount(looks) if part is None or part.denominator == 1 else looks(num_format=AS_DECIMAL))


def _amount(looks: Looks, **look: object):
    return looks(num_format=AS_WHOLE, align="right", **look)


def read_allocation(name: str, data: bytes) -> list[Filled]:
    """Every cell under a key beside a code. Raises UnreadableDocument; nothing where it is no such workbook."""
    rows = [row for table in read(name, data).tables for row in table.rows]
    head = next((row for row in rows if _texts(row).get(0) == CODES), None)
    if head is None:
        return []
    keys = {column: text for column, text in _texts(head).items() if column >= len(_LEFT) and text}
    return [filled for row in rows[rows.index(head) + 1 :] for filled in _filled(row, keys)]


def _filled(row: Row, keys: Mapping[int, str]) -> Iterator[Filled]:
    texts = _texts(row)
    line = (row.source.row or 0) + 1
    for column, key in keys.items():
        if texts.get(0):
            yield Filled(key, texts[0], texts.get(column, ""), f"{xl_col_to_name(column)}{line}")


def _texts(row: Row) -> dict[int, str]:
    return {cell.column: tidy(cell.text) for cell in row.cells}
