"""A PDF with a text layer as paragraphs and tables.

Cells by the lines around them, sentences by where words stand.
"""

from __future__ import annotations

import logging
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from io import BytesIO
from itertools import chain, pairwise
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect

from toankhoa.core.basics import Problem, Source
from toankhoa.core.compiling import Document, Paragraph, Table, TableRow
from toankhoa.documents.reading.encodings import script_of
from toankhoa.documents.reading.packages import MAX_UNZIPPED
from toankhoa.documents.reading.pdf_lines import Word, lines_of, rows_of, sentences
from toankhoa.documents.reading.pdf_margins import Edges, Margins, Page, without_margins
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

# Left and right of a table, to a few points: pieces of one table have the same.
Side = tuple[int, int]


@dataclass(slots=True)
class _Blocks:
    """Blocks so far.

    `margins`: between which the text of the document stands; `columns`: edges in a table's pieces.
    """

    name: str
    margins: tuple[float, float]
    columns: dict[Side, list[float]]
    blocks: list[Paragraph | Table] = field(default_factory=list)
    tables: int = 0

    def add(self, page: Page) -> None:
        """Tables and what stands around them, from top to bottom."""
        begin = len(self.blocks)
        outside = list(page.words)
        for cells in page.tables:
            inside, outside = _by_cell(outside, cells)
            top = min(cell[1] for cell in cells)
            self.add_text(word for word in outside if word.middle[1] < top)
            outside = [word for word in outside if word.middle[1] >= top]
            columns = self.columns[_side(cells)]
            self.blocks.append(_table(self.name, self.tables, cells, inside, columns))
            self.tables += 1
        self.add_text(outside)
        self.mend(begin)

    def add_text(self, words: Iterable[Word]) -> None:
        """Text outside tables, as paragraphs and halves side by side."""
        rows = rows_of(lines_of(words), *self.margins)
        blocks = list(around(self.name, rows, self.tables, len(self.blocks)))
        self.tables += sum(isinstance(block, Table) for block in blocks)
        self.blocks += blocks

    def mend(self, begin: int) -> None:
        """The first block of a page, and the last of the page before, made one where they are."""
        if not 0 < begin < len(self.blocks):
            return
        whole = _whole(self.blocks[begin - 1], self.blocks[begin])
        if whole:
            self.blocks[begin - 1 : begin + 1] = [whole]


def _whole(above: Paragraph | Table, below: Paragraph | Table) -> Table | None:
    """Recipients and signature, side by side, that the end of a page cut.

    One row of two cells again, else None.
    """
    if isinstance(above, Paragraph) or isinstance(below, Paragraph):
        return None
    if not (_is_pair(above) and _is_pair(below)):
        return None
    row, rest_row = above.rows[0], below.rows[0]
    cells = []
    for cell, rest in zip(row.cells, rest_row.cells, strict=True):
        texts = filter(None, (cell.text, rest.text))
        cells.append(replace(cell, text="\n".join(texts)))
    return Table((TableRow(tuple(cells), row.source),), 2)


def _is_pair(table: Table) -> bool:
    """Whether a table is one row of two cells."""
    return table.width == 2 and len(table.rows) == 1 and len(table.rows[0].cells) == 2


def read_pdf(name: str, data: bytes) -> Document:
    """The document in a PDF.

    Raises UnreadableDocument, also where it is a picture of a document.
    """
    pages, margins = without_margins(_pages(name, data))
    words = list(chain.from_iterable(page.words for page in pages))
    if not words:
        raise _scanned(name)
    sides = min(word.left for word in words), max(word.right for word in words)
    columns = _columns(chain.from_iterable(page.tables for page in pages))
    reader = _Blocks(name, sides, columns)
    for page in pages:
        reader.add(page)
    return Document(name, tuple(reader.blocks), tuple(_problems(name, words, margins)))


def _scanned(name: str) -> UnreadableDocument:
    message = (
        f"Tệp “{name}” là bản chụp (scan), không có chữ để đọc. "
        "Hãy dùng tệp Word, hoặc nhận dạng chữ trước."
    )
    return UnreadableDocument("document-scanned", message, name)


def _problems(name: str, words: Iterable[Word], margins: Margins) -> Iterator[Problem]:
    """What a person should know of the reading: old encodings, and what was left out."""
    for script in sorted({word.script for word in words if word.script}):
        yield old_script(script, name)
    if margins.notes:
        yield footnotes_left(margins.notes, name)
    if margins.lines:
        yield page_lines_left(margins.lines, name)


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
    """An exception and all that it was raised for.

    The library pdfplumber wraps exceptions of pdfminer in its own.
    """
    yield error
    for argument in error.args:
        if isinstance(argument, BaseException):
            yield from _reasons(argument)
    before = error.__cause__ or error.__context__
    if before is not None:
        yield from _reasons(before)


def _page(page: Any) -> Page:
    extracted = page.extract_words(extra_attrs=["fontname", "size"], x_tolerance_ratio=0.15)
    words = tuple(_word(word) for word in extracted if word["text"].strip())
    drawn = [tuple(table.cells) for table in page.find_tables()]
    drawn.sort(key=lambda cells: cells[0][1])
    height = float(page.height)
    page.close()  # what it holds of its drawing is large
    return Page(height, words, tuple(cells for cells in drawn if _is_table(cells)))


def _word(word: Mapping[str, Any]) -> Word:
    return Word(
        text=word["text"],
        left=word["x0"],
        right=word["x1"],
        top=word["top"],
        bottom=word["bottom"],
        script=script_of(word["fontname"]),
    )


def _is_table(cells: Sequence[Edges]) -> bool:
    """Whether drawn lines are a table, not a frame or a rule under a title."""
    columns, rows = ({round(cell[place]) for cell in cells} for place in (0, 1))
    return len(columns) > 2 or (len(columns) == 2 and len(rows) > 1)


def _side(cells: Sequence[Edges]) -> Side:
    left = min(cell[0] for cell in cells)
    right = max(cell[2] for cell in cells)
    return round(left / _CLOSE), round(right / _CLOSE)


def _columns(tables: Iterable[Sequence[Edges]]) -> dict[Side, list[float]]:
    """The edges between columns of tables that stand between the same edges.

    A page may show some of them only.
    """
    edges_by_side: dict[Side, list[float]] = {}
    for cells in tables:
        edges = edges_by_side.setdefault(_side(cells), [])
        for left, _, right, _ in cells:
            edges += left, right
    return {side: _merged(edges) for side, edges in edges_by_side.items()}


def _merged(edges: Iterable[float]) -> list[float]:
    ordered = sorted(edges)
    return ordered[:1] + [edge for before, edge in pairwise(ordered) if edge - before > _CLOSE]


def _nearest(edges: Sequence[float], edge: float) -> int:
    return min(range(len(edges)), key=lambda place: abs(edges[place] - edge))


def _by_cell(words: Sequence[Word], cells: Sequence[Edges]) -> tuple[list[list[Word]], list[Word]]:
    """The words in each cell, and those in none."""
    inside: list[list[Word]] = [[] for _ in cells]
    outside: list[Word] = []
    for word in words:
        place = _cell_around(word, cells)
        (outside if place is None else inside[place]).append(word)
    return inside, outside


def _cell_around(word: Word, cells: Sequence[Edges]) -> int | None:
    across, down = word.middle
    for place, (left, top, right, bottom) in enumerate(cells):
        if left <= across < right and top <= down < bottom:
            return place
    return None


def _table(
    name: str,
    number: int,
    cells: Sequence[Edges],
    words: Sequence[Sequence[Word]],
    columns: Sequence[float],
) -> Table:
    rows = _merged(chain.from_iterable((top, bottom) for _, top, _, bottom in cells))
    lines: list[list[tuple[int, PlacedCell]]] = [[] for _ in rows[:-1]]
    from_the_left = sorted(zip(cells, words, strict=True), key=lambda pair: pair[0][0])
    for (left, top, right, bottom), inside in from_the_left:
        row, column = _nearest(rows, top), _nearest(columns, left)
        if row >= len(lines):
            continue
        text = sentences(lines_of(inside), left + _PADDING, right - _PADDING)
        width, depth = _nearest(columns, right) - column, _nearest(rows, bottom) - row
        source = Source(name, number, row, len(lines[row]))
        lines[row].append((column, PlacedCell(text, width, depth, source)))
    return placed_table(lines, [Source(name, number, row) for row in range(len(lines))])
