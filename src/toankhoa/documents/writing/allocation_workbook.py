"""The sheet of an allocation as an Excel workbook, and what somebody typed into such a workbook.

The first row of the table names every column by its key and the first column every unit by its
code: with these the workbook finds its way back, whatever was sorted, inserted or left out in
between. A second sheet of the same shape holds what binds single parts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO
from itertools import chain

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from toankhoa.core.basics import tidy
from toankhoa.core.compiling import TableRow
from toankhoa.core.targets import NOTHING, Part, Parts, say_part
from toankhoa.documents.reading.reader import read
from toankhoa.documents.writing.spreadsheet import (
    AS_DECIMAL,
    AS_WHOLE,
    NO_TIME,
    SHADE,
    Looks,
    SheetCell,
    number,
    on_paper,
    put,
    put_row,
)

CODES, LIMITS, NAMES = "Mã", "Mã (giới hạn)", "Đơn vị"
PARTS_SHEET, LIMITS_SHEET = "Giao chỉ tiêu", "Giới hạn"
TOGETHER = "cộng các đơn vị bên dưới"
_LEFT, _WIDTH = (14, 34), 20
_HEADER = 3  # rows above it: title, how to fill it in, a blank one
_INDENT = "    "


@dataclass(frozen=True, slots=True)
class SheetUnit:
    """One row: how many units of the sheet stand above the unit, and which directly below."""

    code: str
    name: str
    depth: int = 0
    below: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationColumn:
    """One column: its key, its words, how it is divided, and the parts so far.

    `whole`: what the unit above must reach. `adds_up`: whether the parts are parts of it; `keeps`:
    whether they only say that a unit has the target. `limits`: what binds single parts, in words;
    `handed`: what the units directly below have together.
    """

    key: str
    title: str
    rule: str
    whole: Fraction
    adds_up: bool
    keeps: bool
    parts: Parts
    limits: Mapping[str, str]
    handed: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Filled:
    """One cell of a filled workbook that has a key and a code.

    Its text and its address, such as C7.

    `limits`: whether it stands where limits are said.
    """

    key: str
    unit: str
    text: str
    address: str
    limits: bool = False


def write_allocation(
    title: str,
    units: Sequence[SheetUnit],
    columns: Sequence[AllocationColumn],
    *,
    as_signed: str = "",
) -> bytes:
    """The workbook; the same for the same input. `units`: those below a unit after it.

    `as_signed`: what an issued decision says of itself; it is for reading, without the sheet of
    limits.
    """
    saved = BytesIO()
    with Workbook(saved, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": title, "created": NO_TIME})
        looks = Looks(book)
        fill_in = (
            f"Sửa chỉ tiêu ở các ô trắng; ô ghi “{NOTHING}” là không giao. "
            "Giữ nguyên cột mã và hàng mã."
        )
        sheet = _new_sheet(book, looks, PARTS_SHEET, (title, as_signed or fill_in), CODES, columns)
        _whole(sheet, looks, columns)
        rows = _rows(units, _HEADER + 4)
        for unit in units:
            _unit(sheet, looks, unit, rows, columns)
        _totals(
            sheet,
            looks,
            columns,
            [rows[unit.code] for unit in units if not unit.depth],
            _after(units, rows),
        )
        sheet.freeze_panes(_HEADER + 4, len(_LEFT))
        if not as_signed:
            _limits_sheet(book, looks, title, units, columns)
    return saved.getvalue()


def _limits_sheet(
    book: Workbook,
    looks: Looks,
    title: str,
    units: Sequence[SheetUnit],
    columns: Sequence[AllocationColumn],
) -> None:
    hint = (
        "Giới hạn của riêng đơn vị: ≥ 3, ≤ 10, 3–10; giữ lại dự phòng: dp 5. "
        "Ô trống: theo cách giao của cột."
    )
    sheet = _new_sheet(book, looks, LIMITS_SHEET, (title, hint), LIMITS, columns)
    for row, unit in enumerate(units, _HEADER + 3):
        cells = [
            SheetCell(column.limits.get(unit.code), looks(align="right")) for column in columns
        ]
        put_row(sheet, row, [*_left(unit, looks), *cells], _widths(columns))
    sheet.freeze_panes(_HEADER + 3, len(_LEFT))


def _widths(columns: Sequence[AllocationColumn]) -> Sequence[float]:
    return (*_LEFT, *[_WIDTH] * len(columns))


def _new_sheet(
    book: Workbook,
    looks: Looks,
    name: str,
    words: tuple[str, str],
    codes: str,
    columns: Sequence[AllocationColumn],
) -> Worksheet:
    """A sheet with its title, its hint, and the rows that name its columns."""
    sheet, widths = book.add_worksheet(name), _widths(columns)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    put(sheet, 0, 0, SheetCell(words[0], looks(border=0, text_wrap=False, bold=True, font_size=13)))
    put(sheet, 1, 0, SheetCell(words[1], looks(border=0, text_wrap=False)))
    head, shaded = looks.header(), looks(bg_color=SHADE)
    keys, titles, rules = [codes, NAMES], ["", "Chỉ tiêu"], ["", "Cách giao"]
    for heading in columns:
        keys.append(heading.key)
        titles.append(heading.title)
        rules.append(heading.rule)
    put_row(sheet, _HEADER, [SheetCell(key, head) for key in keys], widths)
    for row, texts in enumerate((titles, rules), start=_HEADER + 1):
        put_row(sheet, row, [SheetCell(text, shaded) for text in texts], widths)
    on_paper(sheet)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEADER, _HEADER + 2)
    return sheet


def _whole(sheet: Worksheet, looks: Looks, columns: Sequence[AllocationColumn]) -> None:
    shaded = looks(bg_color=SHADE)
    put_row(
        sheet,
        _HEADER + 3,
        [SheetCell("", shaded), SheetCell("Chỉ tiêu của cấp trên", shaded)],
        _LEFT,
    )
    for place, column in enumerate(columns, len(_LEFT)):
        whole = say_part(column.whole, keeps=True) if column.keeps else number(column.whole)
        put(sheet, _HEADER + 3, place, SheetCell(whole, _amount(looks, bg_color=SHADE, bold=True)))


def _rows(units: Sequence[SheetUnit], first: int) -> dict[str, int]:
    """The row of each unit.

    One with others below it takes a second one, for what these have together.
    """
    rows: dict[str, int] = {}
    for unit in units:
        rows[unit.code] = first
        first += 2 if unit.below else 1
    return rows


def _after(units: Sequence[SheetUnit], rows: Mapping[str, int]) -> int:
    return max((rows[unit.code] + bool(unit.below) for unit in units), default=_HEADER + 3) + 1


def _left(unit: SheetUnit, looks: Looks) -> list[SheetCell]:
    look = looks(bold=bool(unit.below), bg_color=SHADE) if unit.below else looks()
    return [SheetCell(unit.code, look), SheetCell(f"{_INDENT * unit.depth}{unit.name}", look)]


def _unit(
    sheet: Worksheet,
    looks: Looks,
    unit: SheetUnit,
    rows: Mapping[str, int],
    columns: Sequence[AllocationColumn],
) -> None:
    """A unit's row, and below it what those under it have together."""
    row, widths = rows[unit.code], _widths(columns)
    put_row(
        sheet,
        row,
        [*_left(unit, looks), *[_part(column, unit.code, looks) for column in columns]],
        widths,
    )
    if unit.below:
        look = _amount(looks, bg_color=SHADE, italic=True)
        put_row(
            sheet,
            row + 1,
            [SheetCell("", look), SheetCell(f"{_INDENT * (unit.depth + 1)}{TOGETHER}", look)],
            _LEFT,
        )
        for place, column in enumerate(columns, len(_LEFT)):
            _sum(sheet, look, (row + 1, place), column, {code: rows[code] for code in unit.below})


def _sum(
    sheet: Worksheet,
    look: object,
    at: tuple[int, int],
    column: AllocationColumn,
    rows: Mapping[str, int],
) -> None:
    """A sum that Excel goes on working out.

    There is none of rates, nor where no part was handed that far.
    """
    known = [part for code in rows if (part := column.parts.get(code)) is not None]
    if not column.adds_up or not any(code in column.parts for code in rows):
        put(sheet, *at, SheetCell(None, look))
        return
    cells = ",".join(_runs(sorted(rows.values()), at[1]))
    sheet.write_formula(*at, f"=SUM({cells})", look, number(sum(known, Fraction(0))))


def _runs(rows: Sequence[int], column: int) -> list[str]:
    """Cells one below the other as ranges: C8:C22."""
    starts = [row for row in rows if row - 1 not in rows]
    ends = [row for row in rows if row + 1 not in rows]
    ranges = []
    for start, end in zip(starts, ends, strict=True):
        first, last = xl_rowcol_to_cell(start, column), xl_rowcol_to_cell(end, column)
        ranges.append(first if first == last else f"{first}:{last}")
    return ranges


def _totals(
    sheet: Worksheet,
    looks: Looks,
    columns: Sequence[AllocationColumn],
    tops: Sequence[int],
    row: int,
) -> None:
    """What the units directly below have together, and what is left of the whole."""
    look = _amount(looks, bg_color=SHADE, bold=True)
    for at, text in ((row, "Tổng các phần"), (row + 1, "Còn lại")):
        put(sheet, at, 0, SheetCell("", look))
        put(sheet, at, 1, SheetCell(text, look))
    for place, column in enumerate(columns, len(_LEFT)):
        if not column.adds_up:
            put(sheet, row, place, SheetCell(None, look))
            put(sheet, row + 1, place, SheetCell(None, look))
            continue
        sheet.write_formula(
            row, place, f"=SUM({','.join(_runs(tops, place))})", look, number(column.handed)
        )
        whole, sums = xl_rowcol_to_cell(_HEADER + 3, place), xl_rowcol_to_cell(row, place)
        sheet.write_formula(
            row + 1, place, f"={whole}-{sums}", look, number(column.whole - column.handed)
        )


def _part(column: AllocationColumn, code: str, looks: Looks) -> SheetCell:
    part: Part = column.parts.get(code)
    if code in column.parts and (part is None or column.keeps):
        return SheetCell(say_part(part, keeps=column.keeps), looks(align="right"))
    if part is None or part.denominator == 1:
        return SheetCell(number(part), _amount(looks))
    return SheetCell(number(part), looks(num_format=AS_DECIMAL))


def _amount(looks: Looks, **look: object):
    return looks(num_format=AS_WHOLE, align="right", **look)


def read_allocation(name: str, data: bytes) -> list[Filled]:
    """Every cell under a key beside a code, of both sheets.

    Raises UnreadableDocument; nothing where it is no such workbook.
    """
    filled: list[Filled] = []
    keys: Mapping[int, str] = {}
    limits = False
    for row in chain.from_iterable(table.rows for table in read(name, data).tables):
        texts = _texts(row)
        if texts.get(0) in (CODES, LIMITS):
            limits = texts[0] == LIMITS
            keys = {column: text for column, text in texts.items() if column >= len(_LEFT) and text}
        elif texts.get(0):
            filled += _filled(row, texts, keys, limits)
    return filled


def _filled(
    row: TableRow, texts: Mapping[int, str], keys: Mapping[int, str], limits: bool
) -> Iterator[Filled]:
    line = (row.source.row or 0) + 1
    sheet = f"{LIMITS_SHEET}!" if limits else ""
    for column, key in keys.items():
        address = f"{sheet}{xl_col_to_name(column)}{line}"
        yield Filled(key, texts[0], texts.get(column, ""), address, limits)


def _texts(row: TableRow) -> dict[int, str]:
    return {cell.column: tidy(cell.text) for cell in row.cells}
