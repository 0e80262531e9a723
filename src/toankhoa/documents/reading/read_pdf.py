"""A PDF with a text layer as paragraphs and tables: cells by the lines around them, sentences by where words stand."""

from __future__ import annotations

import logging
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from io import BytesIO
from itertools import pairwise
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect

from toankhoa.core.basics import Source
from toankhoa.core.compiling import Document, Paragraph, Table, TableRow
from toankhoa.documents.reading.encodings import script_of
from toankhoa.documents.reading.packages import MAX_UNZIPPED
from toankhoa.documents.reading.pdf_lines import Word, lines_of, rows_of, sentences
from toankhoa.documents.reading.pdf_margins import Edges, Page, without_margins
from toankhoa.documents.reading.sheet_layout import around
from toankhoa.documents.reading.spans import PlacedCell, placed_table
from toankhoa.documents.reading.unreadable import (
    UnreadableDocument,
    broken,
    footnotes_left,
    old_script,
    page_lines_left,
    protected,
    too_large,
)

MOST_PAGES = 200
_STREAM = re.compile(rb"stream\r?\n(?=[\x08-\x78])")  # followed by what packed bytes begin with
_PIECE = 2**14  # packed bytes looked at at a time; they hold a thousand times as many at most
_CLOSE = 3.0  # points: edges nearer than this are one
_PADDING = 6.5  # points between the border of a cell and its text; office programs leave 5 to 6

# It warns of each damaged object; what matters of that is told as a refusal.
logging.getLogger("pdfminer").setLevel(logging.ERROR)

Side = tuple[
    int, int
]  # left and right of a table, to a few points: pieces of one table have the same


@dataclass(slots=True)
class _Blocks:
    """Blocks so far. `margins`: between which the text of the document stands; `columns`: edges in a table's pieces."""

    name: str
    margins: tuple[float, float]
    columns: dict[Side, list[float]]
    found: list[Paragraph | Table] = field(default_factory=list)
    tables: int = 0

    def add(self, page: Page) -> None:
        """Tables and what stands around them, from top to bottom."""
        begin = len(self.found)
        outside = list(page.words)
        for cells in page.tables:
            inside = _by_cell(outside, cells)
            taken = {id(word) for words in inside for word in words}
            top = min(cell[1] for cell in cells)
            before = [word for word in outside if id(word) not in taken and word.middle[1] < top]
            self.text(before)
            outside = [word for word in outside if id(word) not in taken and word.middle[1] >= top]
            self.found.append(
                _table(self.name, self.tables, cells, inside, self.columns[_side(cells)])
            )
            self.tables += 1
        self.text(outside)
        if 0 < begin < len(self.found) and (whole := _whole(*self.found[begin - 1 : begin + 1])):
            self.found[begin - 1 : begin + 1] = [whole]

    def text(self, words: Iterable[Word]) -> None:
        rows = rows_of(lines_of(words), *self.margins)
        blocks = list(around(self.name, rows, self.tables, len(self.found)))
        self.tables += sum(isinstance(block, Table) for block in blocks)
        self.found += blocks


def _whole(above: Paragraph | Table, below: Paragraph | Table) -> Table | None:
    """Recipients and signature, side by side, that the end of a page cut: one row of two cells again, else None."""
    if (
        isinstance(above, Paragraph)
        or isinstance(below, Paragraph)
        or (above.width, below.width) != (2, 2)
    ):
        return None
    cells = [row.cells for table in (above, below) for row in table.rows]
    if [len(one) for one in cells] != [2, 2]:
        return None
    pairs = zip(*cells, strict=True)
    halves = (
        replace(top, text="\n".join(filter(None, (top.text, rest.text)))) for top, rest in pairs
    )
    return Table((TableRow(tuple(halves), above.rows[0].source),), 2)


def read_pdf(name: str, data: bytes) -> Document:
    """The document in a PDF. Raises UnreadableDocument, also where it is a picture of a document."""
    pages, margins = without_margins(_pages(name, data))
    words = [word for page in pages for word in page.words]
    if not words:
        message = f"Tệp “{name}” là bản chụp (scan), không có chữ để đọc. Hãy dùng tệp Word, hoặc nhận dạng chữ trước."
        raise UnreadableDocument("document-scanned", message, name)
    sides = min(word.left for word in words), max(word.right for word in words)
    blocks = _Blocks(name, sides, _columns(cells for page in pages for cells in page.tables))
    for page in pages:
        blocks.add(page)
    scripts = sorted({word.script for word in words if word.script})
    problems = [old_script(script, name) for script in scripts]
    problems += [footnotes_left(margins.notes, name)] if margins.notes else []
    problems += [page_lines_left(margins.lines, name)] if margins.lines else []
    return Document(name, tuple(blocks.found), tuple(problems))


def _inflated(data: bytes) -> int:
    """How many bytes its packed streams hold together, counted no further than there may be."""
    size = 0
    for stream in _STREAM.finditer(data):
        unpacked, place = zlib.decompressobj(), stream.end()
        with suppress(zlib.error):
            while place < len(data) and not unpacked.eof and size <= MAX_UNZIPPED:
                size += len(unpacked.decompress(data[place : place + _PIECE]))
                place += _PIECE
    return size


def _pages(name: str, data: bytes) -> list[Page]:
    if _inflated(data) > MAX_UNZIPPED:
        raise too_large(name)
    try:
        with pdfplumber.open(BytesIO(data)) as pdf:
            if len(pdf.pages) > MOST_PAGES:
                message = f"Tệp “{name}” dài hơn {MOST_PAGES} trang. Hãy tách riêng phần kế hoạch."
                raise UnreadableDocument("document-too-large", message, name)
            return [_page(page) for page in pdf.pages]
    except UnreadableDocument:
        raise
    except Exception as error:  # pdfminer raises whatever a damaged object makes it stumble over
        reasons = list(_reasons(error))
        if any(isinstance(reason, MemoryError) for reason in reasons):
            raise MemoryError from error
        locked = any(isinstance(reason, PDFPasswordIncorrect) for reason in reasons)
        raise protected(name) if locked else broken(name) from error


def _reasons(error: BaseException) -> Iterator[BaseException]:
    """An exception and all that it was raised for: pdfplumber wraps those of pdfminer in its own."""
    yield error
    for argument in error.args:
        if isinstance(argument, BaseException):
            yield from _reasons(argument)
    before = error.__cause__ or error.__context__
    if before is not None:
        yield from _reasons(before)


def _page(page: Any) -> Page:
    words = (
        Word(
            one["text"], one["x0"], one["x1"], one["top"], one["bottom"], script_of(one["fontname"])
        )
        for one in page.extract_words(extra_attrs=["fontname", "size"], x_tolerance_ratio=0.15)
        if one["text"].strip()
    )
    tables = sorted(
        (tuple(table.cells) for table in page.find_tables()), key=lambda cells: cells[0][1]
    )
    found = Page(
        float(page.height), tuple(words), tuple(cells for cells in tables if _is_table(cells))
    )
    page.close()  # what it keeps of its drawing is large
    return found


def _is_table(cells: Sequence[Edges]) -> bool:
    """Whether drawn lines are a table, not a frame or a rule under a title."""
    columns, rows = ({round(cell[place]) for cell in cells} for place in (0, 1))
    return len(columns) > 2 or (len(columns) == 2 and len(rows) > 1)


def _side(cells: Sequence[Edges]) -> Side:
    return round(min(cell[0] for cell in cells) / _CLOSE), round(
        max(cell[2] for cell in cells) / _CLOSE
    )


def _columns(tables: Iterable[Sequence[Edges]]) -> dict[Side, list[float]]:
    """The edges between columns of tables that stand between the same edges: a page may show some of them only."""
    found: dict[Side, list[float]] = {}
    for cells in tables:
        found.setdefault(_side(cells), []).extend(
            edge for cell in cells for edge in (cell[0], cell[2])
        )
    return {side: _merged(edges) for side, edges in found.items()}


def _merged(edges: Iterable[float]) -> list[float]:
    ordered = sorted(edges)
    return ordered[:1] + [edge for before, edge in pairwise(ordered) if edge - before > _CLOSE]


def _nearest(edges: Sequence[float], edge: float) -> int:
    return min(range(len(edges)), key=lambda place: abs(edges[place] - edge))


def _by_cell(words: Sequence[Word], cells: Sequence[Edges]) -> list[list[Word]]:
    """The words in each cell."""
    found: list[list[Word]] = [[] for _ in cells]
    for word in words:
        across, down = word.middle
        for place, (left, top, right, bottom) in enumerate(cells):
            if left <= across < right and top <= down < bottom:
                found[place].append(word)
                break
    return found


def _table(
    name: str,
    number: int,
    cells: Sequence[Edges],
    words: Sequence[Sequence[Word]],
    columns: Sequence[float],
) -> Table:
    rows = _merged(edge for cell in cells for edge in (cell[1], cell[3]))
    lines: list[list[tuple[int, PlacedCell]]] = [[] for _ in rows[:-1]]
    for (left, top, right, bottom), inside in sorted(
        zip(cells, words, strict=True), key=lambda one: one[0][0]
    ):
        row, column = _nearest(rows, top), _nearest(columns, left)
        if row >= len(lines):
            continue
        text = sentences(lines_of(inside), left + _PADDING, right - _PADDING)
        source = Source(name, number, row, len(lines[row]))
        lines[row].append(
            (
                column,
                PlacedCell(
                    text, _nearest(columns, right) - column, _nearest(rows, bottom) - row, source
                ),
            )
        )
    return placed_table(lines, [Source(name, number, row) for row in range(len(lines))])
