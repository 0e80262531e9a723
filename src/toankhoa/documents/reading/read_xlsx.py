"""An Excel workbook as paragraphs and tables: each cell as a Vietnamese Excel shows it.

Reads the XML itself: merges, hidden rows and columns, the fonts of old encodings and the form of
numbers are all needed, and no library gives them together. What is hidden stays out of the table
and is listed.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice, product
from typing import Any

from toankhoa.core.basics import Problem, Severity, Source
from toankhoa.core.compiling import Document, Paragraph, Table
from toankhoa.documents.reading.encodings import Script, joined, script_of
from toankhoa.documents.reading.limits import MOST_COLUMNS, MOST_ROWS
from toankhoa.documents.reading.packages import Package
from toankhoa.documents.reading.sheet_layout import SheetLine, laid_out
from toankhoa.documents.reading.spans import PlacedCell
from toankhoa.documents.reading.unreadable import old_script, too_large
from toankhoa.documents.reading.xlsx_numbers import GENERAL, form_of, shown

_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PLACE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_SIDES = ("left", "right", "top", "bottom")
_MOST_MERGES = 20_000
_FRAGMENT = 80  # characters of a hidden row or column that are quoted


@dataclass(frozen=True, slots=True)
class _Look:
    """What the style of a cell says.

    The form of numbers, the script of its font, whether it has a border.
    """

    form: str
    script: Script | None
    bordered: bool


@dataclass(slots=True)
class _Book:
    name: str
    looks: list[_Look]
    strings: list[list[tuple[str, Script | None]]]
    since_1904: bool
    scripts: set[Script] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class _Sheet:
    """The cells of one sheet by (row, column), and what is merged or hidden."""

    title: str
    cells: dict[tuple[int, int], tuple[str, bool]] = field(default_factory=dict)  # text, bordered
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merges: dict[tuple[int, int], tuple[int, int]] = field(
        default_factory=dict
    )  # first place → last place


def read_xlsx(package: Package) -> Document:
    """The document in an Excel package: its sheets one after another. Raises UnreadableDocument."""
    main, name = package.main, package.name
    root, targets = package.xml(main), package.targets(main)
    properties = root.find(f"{_S}workbookPr")
    since_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    book = _Book(name, _looks(package, main), _strings(package, main), since_1904)
    blocks: list[Paragraph | Table] = []
    tables = 0
    for element in root.iter(f"{_S}sheet"):
        kind, part = targets.get(element.get(f"{_R}id", ""), ("", ""))
        if kind != "worksheet" or part not in package:
            continue
        sheet = _read_sheet(book, element.get("name", ""), package.xml(part))
        if element.get("state", "visible") != "visible":
            texts = [text for text, _ in sheet.cells.values()]
            _report_hidden(book, f"Trang tính “{sheet.title}”", texts, Source(name))
            continue
        lines = _visible_lines(book, sheet, tables)
        sheet_blocks = list(laid_out(name, lines, tables, len(blocks)))
        tables += sum(isinstance(block, Table) for block in sheet_blocks)
        blocks += sheet_blocks
    book.problems += [old_script(script, name) for script in sorted(book.scripts)]
    return Document(name, tuple(blocks), (*package.problems, *book.problems))


def _strings(package: Package, main: str) -> list[list[tuple[str, Script | None]]]:
    part = package.beside(main, "sharedStrings")
    if not part:
        return []
    return [list(_pieces(item)) for item in package.xml(part).iterchildren(f"{_S}si")]


def _pieces(element: Any) -> Iterator[tuple[str, Script | None]]:
    """The runs of a rich text, each with the script of its own font.

    How it is to be spoken (rPh) is left out.
    """
    for child in element:
        if child.tag == f"{_S}t":
            yield child.text or "", None
        elif child.tag == f"{_S}r":
            font = child.find(f"{_S}rPr/{_S}rFont")
            yield "".join(text.text or "" for text in child.iterchildren(f"{_S}t")), _script(font)


def _script(font: Any) -> Script | None:
    return None if font is None else script_of(font.get("val"))


def _looks(package: Package, main: str) -> list[_Look]:
    part = package.beside(main, "styles")
    if not part:
        return []
    root = package.xml(part)
    forms = {}
    for form in root.iter(f"{_S}numFmt"):
        forms[form.get("numFmtId")] = form.get("formatCode", "")
    fonts = [_script(font.find(f"{_S}name")) for font in root.iterfind(f"{_S}fonts/{_S}font")]
    borders = [_is_border(border) for border in root.iterfind(f"{_S}borders/{_S}border")]
    looks = []
    for style in root.iterfind(f"{_S}cellXfs/{_S}xf"):
        form = form_of(style.get("numFmtId"), forms)
        script = _item(fonts, style.get("fontId"))
        bordered = bool(_item(borders, style.get("borderId")))
        looks.append(_Look(form, script, bordered))
    return looks


def _is_border(element: Any) -> bool:
    sides = (element.find(_S + side) for side in _SIDES)
    return any(side is not None and side.get("style", "none") != "none" for side in sides)


def _item(items: Sequence[Any], index: str | None) -> Any:
    """The item at an index written in the file; None where there is none."""
    if not index or not index.isascii() or not index.isdecimal() or len(index) >= 10:
        return None
    place = int(index)
    return items[place] if place < len(items) else None


def _read_sheet(book: _Book, title: str, root: Any) -> _Sheet:
    sheet = _Sheet(title, hidden_columns=_hidden_columns(root), merges=_merges(root))
    for count, row in enumerate(root.iterfind(f"{_S}sheetData/{_S}row"), start=1):
        index = _number(row.get("r"), count) - 1
        if _is_hidden(row):
            sheet.hidden_rows.add(index)
        for column, cell in enumerate(row.iterchildren(f"{_S}c")):
            place = _place(cell.get("r", "")) or (index, column)
            look = _item(book.looks, cell.get("s")) or _Look(GENERAL, None, False)
            sheet.cells[place] = _text(book, sheet, place, cell, look), look.bordered
    return sheet


def _is_hidden(element: Any) -> bool:
    return element.get("hidden") in ("1", "true")


def _hidden_columns(root: Any) -> set[int]:
    hidden: set[int] = set()
    for columns in root.iterfind(f"{_S}cols/{_S}col"):
        if _is_hidden(columns):
            first = _number(columns.get("min"), 1) - 1
            beyond = _number(columns.get("max"), 1)
            # A file may name all 16,384 columns of a sheet; no plan reaches so far.
            hidden.update(range(first, min(beyond, MOST_COLUMNS * 4)))
    return hidden


def _merges(root: Any) -> dict[tuple[int, int], tuple[int, int]]:
    merges = {}
    for merge in islice(root.iterfind(f"{_S}mergeCells/{_S}mergeCell"), _MOST_MERGES):
        first, _, last = merge.get("ref", "").partition(":")
        begin, end = _place(first), _place(last)
        if begin and end:
            merges[begin] = end
    return merges


def _number(written: str | None, default: int) -> int:
    return int(written[:8]) if written and written.isascii() and written.isdecimal() else default


def _place(reference: str) -> tuple[int, int] | None:
    """(row, column), from 0, of "B7"."""
    parts = _PLACE.fullmatch(reference)
    if not parts:
        return None
    column = 0
    for letter in parts.group(1):
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(parts.group(2)) - 1, column - 1


def _text(book: _Book, sheet: _Sheet, place: tuple[int, int], cell: Any, look: _Look) -> str:
    """What the cell shows. A formula counts by the value that was stored with it."""
    kind, written = cell.get("t", "n"), cell.findtext(f"{_S}v", "")
    if kind == "inlineStr":
        inline = cell.find(f"{_S}is")
        return _converted(book, () if inline is None else _pieces(inline), look)
    if kind == "s":
        return _converted(book, _item(book.strings, written) or (), look)
    if kind == "e":
        book.problems.append(_cell_error(book, sheet, place, written))
        return written
    if cell.find(f"{_S}v") is None and cell.find(f"{_S}f") is not None:
        book.problems.append(_formula_not_computed(book, sheet, place))
    if kind == "n":
        return shown(written, look.form, since_1904=book.since_1904)
    return _converted(book, [(written, None)], look) if kind == "str" else written


def _cell_error(book: _Book, sheet: _Sheet, place: tuple[int, int], written: str) -> Problem:
    message = (
        f"Ô {_address(place)} của trang “{sheet.title}” báo lỗi {written}. "
        "Hãy sửa công thức, lưu lại."
    )
    return Problem("cell-error", Severity.ERROR, message, _source(book, place), written)


def _formula_not_computed(book: _Book, sheet: _Sheet, place: tuple[int, int]) -> Problem:
    message = (
        f"Công thức ở ô {_address(place)} của trang “{sheet.title}” chưa có kết quả. "
        "Hãy mở bằng Excel để tính lại, rồi lưu."
    )
    return Problem("formula-not-computed", Severity.ERROR, message, _source(book, place))


def _converted(book: _Book, pieces: Iterable[tuple[str, Script | None]], look: _Look) -> str:
    read = [(text, script or look.script) for text, script in pieces]
    book.scripts |= {script for text, script in read if script and text.strip()}
    return joined(read)


def _source(book: _Book, place: tuple[int, int]) -> Source:
    return Source(book.name, row=place[0], cell=place[1])


def _address(place: tuple[int, int]) -> str:
    return f"{_letters(place[1])}{place[0] + 1}"


def _letters(column: int) -> str:
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


@dataclass(frozen=True, slots=True)
class _View:
    """What is shown of a sheet: its rows in order, and each column with its place from the left."""

    rows: Sequence[int]
    columns: dict[int, int]
    covered: set[tuple[int, int]]  # by merged cells, beside their own first places


def _visible_lines(book: _Book, sheet: _Sheet, table: int) -> list[SheetLine]:
    """The rows to be read, without what is hidden; that is listed instead."""
    _list_hidden(book, sheet)
    filled = [place for place, (text, _) in sheet.cells.items() if text.strip()]
    rows = sorted({row for row, _ in filled} - sheet.hidden_rows)
    columns = _visible_columns(book, sheet, filled)
    if len(rows) > MOST_ROWS:
        raise too_large(book.name)
    view = _View(rows, columns, _covered(book.name, sheet, rows, columns))
    bordered_rows = {row for (row, _), (_, bordered) in sheet.cells.items() if bordered}
    lines = []
    for row in rows:
        boxes = tuple(_boxes(book, sheet, row, view, table))
        lines.append(SheetLine(row, boxes, row in bordered_rows))
    return lines


def _visible_columns(
    book: _Book, sheet: _Sheet, filled: Sequence[tuple[int, int]]
) -> dict[int, int]:
    """Each column that is shown, with its place.

    Columns beyond the most there may be are listed.
    """
    last = max((column for _, column in filled), default=-1)
    columns = [column for column in range(last + 1) if column not in sheet.hidden_columns]
    if len(columns) > MOST_COLUMNS:
        columns = columns[:MOST_COLUMNS]
        beyond = [sheet.cells[place][0] for place in filled if place[1] > columns[-1]]
        what = f"Cột sau cột thứ {MOST_COLUMNS} của trang “{sheet.title}”"
        _report_hidden(book, what, beyond, Source(book.name))
    return {column: place for place, column in enumerate(columns)}


def _covered(
    book: str, sheet: _Sheet, rows: Sequence[int], columns: dict[int, int]
) -> set[tuple[int, int]]:
    """The places that a merged cell covers beside its own first one."""
    covered: set[tuple[int, int]] = set()
    area = 0  # of all merges, overlapping ones counted each for itself
    for (top, left), (bottom, right) in sheet.merges.items():
        inside = _between(rows, top, bottom)
        last = min(right, max(columns, default=left))
        across = [column for column in range(left, last + 1) if column in columns]
        area += len(inside) * len(across)
        if area > MOST_ROWS * MOST_COLUMNS:
            raise too_large(book)
        # A first place inside an earlier merge stays covered by that one.
        covered.update(place for place in product(inside, across) if place != (top, left))
    return covered


def _between(rows: Sequence[int], first: int, last: int) -> Sequence[int]:
    """Of rows in order those from the first to the last."""
    return rows[bisect_left(rows, first) : bisect_right(rows, last)]


def _boxes(
    book: _Book,
    sheet: _Sheet,
    row: int,
    view: _View,
    table: int,
) -> Iterator[tuple[int, PlacedCell]]:
    """The cells that begin in a row, at the columns that are shown."""
    for column, place in view.columns.items():
        if (row, column) in view.covered:
            continue
        text, _ = sheet.cells.get((row, column), ("", False))
        across = down = 1
        if (row, column) in sheet.merges:
            bottom, right = sheet.merges[row, column]
            across = sum(column <= shown_column <= right for shown_column in view.columns)
            down = len(_between(view.rows, row, bottom))
        yield place, PlacedCell(text, across, down, Source(book.name, table, row, column))


def _list_hidden(book: _Book, sheet: _Sheet) -> None:
    rows: dict[int, list[str]] = {}
    columns: dict[int, list[str]] = {}
    for (row, column), (text, _) in sorted(sheet.cells.items()):
        if row in sheet.hidden_rows:
            rows.setdefault(row, []).append(text)
        elif column in sheet.hidden_columns:
            columns.setdefault(column, []).append(text)
    for stretch in _stretches(rows):
        what = _stretch_name("Dòng", f"{stretch[0] + 1}", f"{stretch[-1] + 1}")
        texts = chain.from_iterable(rows[row] for row in stretch)
        source = Source(book.name, row=stretch[0])
        _report_hidden(book, f"{what} của trang “{sheet.title}”", texts, source)
    for stretch in _stretches(columns):
        what = _stretch_name("Cột", _letters(stretch[0]), _letters(stretch[-1]))
        texts = chain.from_iterable(columns[column] for column in stretch)
        source = Source(book.name, cell=stretch[0])
        _report_hidden(book, f"{what} của trang “{sheet.title}”", texts, source)


def _stretch_name(what: str, first: str, last: str) -> str:
    return f"{what} {first}" if first == last else f"{what} {first} đến {last}"


def _stretches(places: Iterable[int]) -> list[range]:
    """Each stretch of numbers that follow one another."""
    stretches: list[range] = []
    for place in sorted(places):
        if stretches and stretches[-1].stop == place:
            stretches[-1] = range(stretches[-1].start, place + 1)
        else:
            stretches.append(range(place, place + 1))
    return stretches


def _report_hidden(book: _Book, what: str, texts: Iterable[str], source: Source) -> None:
    text = " | ".join(filter(str.strip, texts))[:_FRAGMENT]
    if text:
        message = f"{what} bị ẩn nên không vào kế hoạch. Hãy bỏ ẩn nếu thuộc kế hoạch, hoặc xóa đi."
        book.problems.append(Problem("cells-hidden", Severity.WARNING, message, source, text))
