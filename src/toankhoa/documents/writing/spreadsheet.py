"""Cells of a workbook: what they hold, how they look, how high a row is, how a sheet is printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from math import ceil
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from toankhoa.core.results import FigureMark

FONT = {"font_name": "Times New Roman", "font_size": 11}
# A file must carry a time; the first day of its format says that it means nothing.
NO_TIME = datetime(1980, 1, 1)
SHADE, GREY = "#EDEDED", "#555555"
A4 = 9
HEIGHT_OF_LINE = 15.0  # points
CHARACTERS_A_WIDTH = 1.15  # a column is as wide as so many digits; letters are a little narrower
TALLEST = 409.0  # the highest row that Excel takes

AS_WHOLE, AS_DECIMAL, AS_PERCENT = "#,##0", "#,##0.0##", "0.0#%"

Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A value (None: blank), how it looks, the address it leads to and what is said of that."""

    value: Value
    look: Format
    link: str = ""
    tip: str = ""


class Looks:
    """Cell formats of a workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def __call__(self, **look: Any) -> Format:
        """Bordered, wrapped, from the top, with `look` on top of it."""
        whole = {**FONT, "valign": "top", "text_wrap": True, "border": 1, **look}
        key = tuple(sorted(whole.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(whole)
        return self._made[key]

    def header(self) -> Format:
        """Of a table's header."""
        return self(bold=True, align="center", valign="vcenter", bg_color=SHADE)


def code_cell(mark: FigureMark | None, looks: Looks) -> SheetCell:
    """The code of a figure, which leads to where the figure comes from."""
    look = looks(font_color=GREY)
    return SheetCell(str(mark.code), look, mark.link) if mark else SheetCell(None, look)


def number(value: Fraction | int | None, *, percent: bool = False) -> int | float | None:
    """A value as Excel keeps it: whole numbers whole, percentages as shares.

    None stays a blank cell.
    """
    if value is None:
        return None
    exact = Fraction(value) / 100 if percent else Fraction(value)
    return exact.numerator if exact.denominator == 1 else exact.numerator / exact.denominator


def put(sheet: Worksheet, row: int, column: int, cell: SheetCell) -> None:
    """Text as text, numbers as numbers, nothing as a blank cell."""
    if cell.link:
        sheet.write_url(row, column, cell.link, cell.look, str(cell.value), cell.tip)
    if cell.value is None or cell.value == "":
        sheet.write_blank(row, column, None, cell.look)
    elif isinstance(cell.value, str):
        sheet.write_string(row, column, cell.value, cell.look)
    else:
        sheet.write_number(row, column, cell.value, cell.look)


def put_row(
    sheet: Worksheet, row: int, cells: Sequence[SheetCell], widths: Sequence[float]
) -> None:
    """A whole row, as high as its texts need in columns of those widths.

    Not every program sees to that itself.
    """
    for column, cell in enumerate(cells):
        put(sheet, row, column, cell)
    needed = max(_lines(cell.value, width) for cell, width in zip(cells, widths, strict=True))
    sheet.set_row(row, min(needed * HEIGHT_OF_LINE + 3, TALLEST))


def _lines(value: Value, width: float) -> int:
    if not isinstance(value, str):
        return 1
    return sum(ceil(max(len(part), 1) / (width * CHARACTERS_A_WIDTH)) for part in value.split("\n"))


def on_paper(sheet: Worksheet) -> None:
    """Landscape A4 with page numbers."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.6, right=0.4, top=0.6, bottom=0.7)
    sheet.set_footer('&C&"Times New Roman"Trang &P/&N')


def put_figures(
    sheet: Worksheet,
    looks: Looks,
    columns: Mapping[str, float],
    rows: Sequence[tuple[Iterable[tuple[Value, str]], FigureMark | None]],
    *,
    frozen: int,
) -> None:
    """A list of figures to filter and to print: titles with their widths, then a row each.

    A row is its values with their number formats, and the mark that its last cell bears as a code.
    `frozen`: how many columns stay in sight.
    """
    cells = [
        [
            *(SheetCell(value, looks(num_format=form)) for value, form in values),
            code_cell(mark, looks),
        ]
        for values, mark in rows
    ]
    put_table(sheet, looks, columns, cells, frozen=frozen)
    sheet.autofilter(0, 0, len(rows), len(columns) - 1)


def put_table(
    sheet: Worksheet,
    looks: Looks,
    columns: Mapping[str, float],
    rows: Sequence[Sequence[SheetCell]],
    *,
    frozen: int,
) -> None:
    """Titles with their widths, then the rows; the titles again on every page.

    `frozen`: columns that stay in sight.
    """
    widths = tuple(columns.values())
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    put_row(sheet, 0, [SheetCell(title, looks.header()) for title in columns], widths)
    for place, row in enumerate(rows, start=1):
        put_row(sheet, place, row, widths)
    sheet.freeze_panes(1, frozen)
    on_paper(sheet)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
