"""An Excel workbook as paragraphs and tables: each cell as a Vietnamese Excel shows it.

Reads the XML itself: merges, hidden rows and columns, the fonts of old encodings and the form of numbers are all
needed, and no library gives them together. What is hidden stays out of the table and is listed.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
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
    """What the style of a cell says: the form of numbers, the script of its font, whether it has a border."""

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
            _tell_hidden(
                book,
                f"Trang tính “{sheet.title}”",
                (text for text, _ in sheet.cells.values()),
                Source(name),
            )
            continue
        found = list(laid_out(name, _visible(book, sheet, tables), tables, len(blocks)))
        tables += sum(isinstance(block, Table) for block in found)
        blocks += found
    book.problems += [old_script(script, name) for script in sorted(book.scripts)]
    return Document(name, tuple(blocks), (*package.problems, *book.problems))


def _strings(package: Package, main: str) -> list[list[tuple[str, Script | None]]]:
    part = package.beside(main, "sharedStrings")
    return [list(_pieces(one)) for one in package.xml(part).iterchildren(f"{_S}si")] if part else []


def _pieces(element: Any) -> Iterator[tuple[str, Script | None]]:
    """The runs of a rich text, each with the script of its own font; how it is to be spoken (rPh) is left out."""
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
    forms = {one.get("numFmtId"): one.get("formatCode", "") for one in root.iter(f"{_S}numFmt")}
    fonts = [_script(font.find(f"{_S}name")) for font in root.iterfind(f"{_S}fonts/{_S}font")]
    borders = [_is_border(one) for one in root.iterfind(f"{_S}borders/{_S}border")]
    return [
        _Look(
            form_of(one.get("numFmtId"), forms),
            _item(fonts, one.get("fontId")),
            bool(_item(borders, one.get("borderId"))),
        )
        for one in root.iterfind(f"{_S}cellXfs/{_S}xf")
    ]


def _is_border(element: Any) -> bool:
    sides = (element.find(_S + side) for side in _SIDES)
    return any(side is not None and side.get("style", "none") != "none" for side in sides)


def _item(items: Sequence[Any], index: str | None) -> Any:
    """The item at an index written in the file; None where there is none."""
    place = (
        int(index) if index and index.isascii() and index.isdecimal() and len(index) < 10 else -1
    )
    return items[place] if 0 <= place < len(items) else None


def _read_sheet(book: _Book, title: str, root: Any) -> _Sheet:
    sheet = _Sheet(title)
    for one in root.iterfind(f"{_S}cols/{_S}col"):
        if one.get("hidden") in ("1", "true"):
            first, last = (_number(one.get(edge), 1) for edge in ("min", "max"))
            sheet.hidden_columns |= set(range(first - 1, min(last, MOST_COLUMNS * 4)))
    for row, element in enumerate(root.iterfind(f"{_S}sheetData/{_S}row")):
        index = _number(element.get("r"), row + 1) - 1
        if element.get("hidden") in ("1", "true"):
            sheet.hidden_rows.add(index)
        for column, cell in enumerate(element.iterchildren(f"{_S}c")):
            place = _place(cell.get("r", "")) or (index, column)
            look = _item(book.looks, cell.get("s")) or _Look(GENERAL, None, False)
            sheet.cells[place] = _text(book, sheet, place, cell, look), look.bordered
    for one, _ in zip(
        root.iterfind(f"{_S}mergeCells/{_S}mergeCell"), range(_MOST_MERGES), strict=False
    ):
        first, _, last = one.get("ref", "").partition(":")
        begin, end = _place(first), _place(last)
        if begin and end:
            sheet.merges[begin] = end
    return sheet


def _number(written: str | None, default: int) -> int:
    return int(written[:8]) if written and written.isascii() and written.isdecimal() else default


def _place(reference: str) -> tuple[int, int] | None:
    """(row, column), from 0, of "B7"."""
    said = _PLACE.fullmatch(reference)
    if not said:
        return None
    column = 0
    for letter in said.group(1):
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(said.group(2)) - 1, column - 1


def _text(book: _Book, sheet: _Sheet, place: tuple[int, int], cell: Any, look: _Look) -> str:
    """What the cell shows. A formula counts by the value that was kept with it."""
    kind, kept = cell.get("t", "n"), cell.find(f"{_S}v")
    written = "" if kept is None else kept.text or ""
    if kind == "inlineStr":
        inline = cell.find(f"{_S}is")
        return _converted(book, [] if inline is None else list(_pieces(inline)), look)
    if kind == "s":
        return _converted(book, _item(book.strings, written) or [], look)
    if kind == "e":
        message = f"Ô {_address(place)} của trang “{sheet.title}” báo lỗi {written}. Hãy sửa công thức, lưu lại."
        book.problems.append(
            Problem("cell-error", Severity.ERROR, message, _source(book, place), written)
        )
        return written
    if kept is None and cell.find(f"{_S}f") is not None:
        message = f"Công thức ở ô {_address(place)} của trang “{sheet.title}” chưa có kết quả. "
        message += "Hãy mở bằng Excel để tính lại, rồi lưu."
        book.problems.append(
            Problem("formula-not-computed", Severity.ERROR, message, _source(book, place))
        )
    if kind == "n":
        return shown(written, look.form, since_1904=book.since_1904)
    return _converted(book, [(written, None)], look) if kind == "str" else written


def _converted(book: _Book, pieces: list[tuple[str, Script | None]], look: _Look) -> str:
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


def _visible(book: _Book, sheet: _Sheet, table: int) -> list[SheetLine]:
    """The rows to be read, without what is hidden; that is listed instead."""
    _list_hidden(book, sheet)
    filled = [place for place, (text, _) in sheet.cells.items() if text.strip()]
    last = max((column for _, column in filled), default=-1)
    columns = [column for column in range(last + 1) if column not in sheet.hidden_columns]
    if len(columns) > MOST_COLUMNS:
        columns = columns[:MOST_COLUMNS]
        beyond = (sheet.cells[place][0] for place in filled if place[1] > columns[-1])
        _tell_hidden(
            book,
            f"Cột sau cột thứ {MOST_COLUMNS} của trang “{sheet.title}”",
            beyond,
            Source(book.name),
        )
    rows = sorted({row for row, _ in filled} - sheet.hidden_rows)
    if len(rows) > MOST_ROWS:
        raise too_large(book.name)
    by_row: dict[int, list[int]] = {}
    for row, column in sheet.cells:
        by_row.setdefault(row, []).append(column)
    where = {column: shown_at for shown_at, column in enumerate(columns)}
    covered = _covered(book.name, sheet, rows, where)
    return [
        SheetLine(
            row,
            tuple(_boxes(book, sheet, row, where, covered, rows, table)),
            _bordered(sheet, row, by_row[row]),
        )
        for row in rows
    ]


def _bordered(sheet: _Sheet, row: int, columns: Iterable[int]) -> bool:
    return any(sheet.cells[row, column][1] for column in columns)


def _covered(
    book: str, sheet: _Sheet, rows: Sequence[int], where: dict[int, int]
) -> set[tuple[int, int]]:
    """The places that a merged cell covers beside its own first one."""
    covered = set()
    area = 0  # of all merges, overlapping ones told each for itself
    for (top, left), (bottom, right) in sheet.merges.items():
        inside = _between(rows, top, bottom)
        across = [
            column
            for column in range(left, min(right, max(where, default=left)) + 1)
            if column in where
        ]
        area += len(inside) * len(across)
        if area > MOST_ROWS * MOST_COLUMNS:
            raise too_large(book)
        covered |= {(row, column) for row in inside for column in across} - {(top, left)}
    return covered


def _between(rows: Sequence[int], first: int, last: int) -> Sequence[int]:
    """Of rows in order those from the first to the last."""
    return rows[bisect_left(rows, first) : bisect_right(rows, last)]


def _boxes(
    book: _Book,
    sheet: _Sheet,
    row: int,
    where: dict[int, int],
    covered: set[tuple[int, int]],
    rows: Sequence[int],
    table: int,
) -> Iterator[tuple[int, PlacedCell]]:
    """The cells that begin in a row, at the columns that are shown."""
    for column, at in where.items():
        if (row, column) in covered:
            continue
        bottom, right = sheet.merges.get((row, column), (row, column))
        text, _ = sheet.cells.get((row, column), ("", False))
        across = 1 if right == column else sum(1 for other in where if column <= other <= right)
        down = 1 if bottom == row else len(_between(rows, row, bottom))
        yield at, PlacedCell(text, across, down, Source(book.name, table, row, column))


def _list_hidden(book: _Book, sheet: _Sheet) -> None:
    rows: dict[int, list[str]] = {}
    columns: dict[int, list[str]] = {}
    for (row, column), (text, _) in sorted(sheet.cells.items()):
        if row in sheet.hidden_rows:
            rows.setdefault(row, []).append(text)
        elif column in sheet.hidden_columns:
            columns.setdefault(column, []).append(text)
    for first, last in _stretches(rows):
        texts = [text for row in range(first, last + 1) for text in rows[row]]
        what = f"Dòng {first + 1}" + (f" đến {last + 1}" if last > first else "")
        _tell_hidden(book, f"{what} của trang “{sheet.title}”", texts, Source(book.name, row=first))
    for first, last in _stretches(columns):
        texts = [text for column in range(first, last + 1) for text in columns[column]]
        what = f"Cột {_letters(first)}" + (f" đến {_letters(last)}" if last > first else "")
        _tell_hidden(
            book, f"{what} của trang “{sheet.title}”", texts, Source(book.name, cell=first)
        )


def _stretches(places: Iterable[int]) -> list[tuple[int, int]]:
    """First and last of each stretch of numbers that follow one another."""
    found: list[tuple[int, int]] = []
    for place in sorted(places):
        if found and found[-1][1] == place - 1:
            found[-1] = found[-1][0], place
        else:
            found.append((place, place))
    return found


def _tell_hidden(book: _Book, what: str, texts: Iterable[str], source: Source) -> None:
    text = " | ".join(filter(str.strip, texts))[:_FRAGMENT]
    if text:
        message = f"{what} bị ẩn nên không vào kế hoạch. Hãy bỏ ẩn nếu thuộc kế hoạch, hoặc xóa đi."
        book.problems.append(Problem("cells-hidden", Severity.WARNING, message, source, text))
