"""A table that was broken over pages is one table again.

The same for Word, PDF and all that is made from them.

Two tables with nothing between them but page numbers are pieces of one where they are equally wide
and the second either begins with the header of the first or with none of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from toankhoa.core.basics import Problem, Severity, Source, tidy
from toankhoa.core.compiling import Document, Paragraph, Table, TableRow

_LEAST_COLUMNS = 3  # a letterhead and a signature have two, and are never pieces of a table
_MOST_HEADER_ROWS = 5
_ENDS = ".;:!?"
_OPENS = re.compile(
    r"[-–+•]|(?:[IVXLC]+|[A-Z]|\d+(?:\.\d+)*|[a-zđ])[.)]\s|chỉ tiêu \d|mục tiêu", re.IGNORECASE
)
_PAGE_NUMBER = re.compile(r"(?:trang\s*)?[-–]?\s*\d{1,3}\s*[-–]?(?:\s*/\s*\d{1,3})?", re.IGNORECASE)
_YEAR = re.compile(r"(?:năm )?(?:19|20)\d\d", re.IGNORECASE)


class PageRest(Enum):
    """Whether a row is the rest of the one above it."""

    NONE = auto()
    LIKELY = auto()
    SURE = auto()


@dataclass(slots=True)
class _Joining:
    """Blocks so far, and what stands since the last table.

    Nothing yet, or only what a page prints by itself.
    """

    blocks: list[Paragraph | Table] = field(default_factory=list)
    table: int | None = None  # place of a table that may go on
    sure: int = 0  # rows cut by the end of a page and joined
    notes: list[Problem] = field(default_factory=list)  # on those that may be rows of their own

    def add(self, block: Paragraph | Table) -> None:
        if isinstance(block, Paragraph):
            if not is_page_number(block.text):
                self.table = None
            self.blocks.append(block)
            return
        above = self._above()
        if above is not None and _goes_on(above, block):
            # Without the page numbers between them.
            self.blocks[self.table :] = [self._one(above, block)]
            return
        self.table = len(self.blocks)
        self.blocks.append(block)

    def _above(self) -> Table | None:
        block = None if self.table is None else self.blocks[self.table]
        return block if isinstance(block, Table) else None

    def _one(self, above: Table, below: Table) -> Table:
        rows = list(below.rows[_repeated(above, below) :])
        rest = _rest_of(rows[0], above.rows[-1]) if rows else PageRest.NONE
        if rest is PageRest.NONE:
            return Table((*above.rows, *rows), above.width)
        mended = _mended(above.rows[-1], rows.pop(0))
        if rest is PageRest.SURE:
            self.sure += 1
        else:
            self.notes.append(_doubt(mended))
        return Table((*above.rows[:-1], mended, *rows), above.width)


def joined(document: Document) -> Document:
    """The document with the pieces of a broken table made one.

    A row cut in two is made one, too, and that is told.
    """
    joining = _Joining()
    for block in document.blocks:
        joining.add(block)
    notes = [_count(document.file, joining.sure)] if joining.sure else []
    notes += joining.notes
    return replace(document, blocks=tuple(joining.blocks), problems=(*document.problems, *notes))


def _goes_on(above: Table, below: Table) -> bool:
    if above.width != below.width or above.width < _LEAST_COLUMNS:
        return False
    return bool(_repeated(above, below)) or not _has_header(below)


def _repeated(above: Table, below: Table) -> int:
    """How many rows the two begin with alike.

    A first row that is the table's name stands only on the first page.
    """
    if not above.rows or not below.rows:
        return 0
    named = len(above.rows[0].cells) == 1 and len(below.rows[0].cells) > 1
    first_rows = above.rows[named : _MOST_HEADER_ROWS + named]
    repeated = 0
    for row, again in zip(first_rows, below.rows, strict=False):
        if not _alike(row, again):
            break
        repeated += 1
    return repeated


def _alike(row: TableRow, again: TableRow) -> bool:
    """Whether a row stands there again; a cell of it may have lost its end, for want of room."""
    texts, repeats = _texts(row), _texts(again)
    if len(texts) != len(repeats) or texts[0] != repeats[0]:
        return False
    return all(
        text.startswith(repeat) and bool(text) == bool(repeat)
        for text, repeat in zip(texts, repeats, strict=True)
    )


def _texts(row: TableRow) -> list[str]:
    return [tidy(cell.text) for cell in row.cells]


def _has_header(table: Table) -> bool:
    """Whether one of the first rows names years, or the first begins with "STT"."""
    first_rows = table.rows[:_MOST_HEADER_ROWS]
    if any(_names_years(row) for row in first_rows):
        return True
    first_texts = _texts(first_rows[0])[:2] if first_rows else []
    return any(text.lower() in ("stt", "tt") for text in first_texts)


def _names_years(row: TableRow) -> bool:
    """Whether several cells of a row are years."""
    years = [text for text in _texts(row) if _YEAR.fullmatch(text)]
    return len(years) > 1


def is_page_number(text: str) -> bool:
    """Whether a line is blank, or what a page prints by itself: "3", "- 3 -", "Trang 3/12"."""
    return not text.strip() or bool(_PAGE_NUMBER.fullmatch(tidy(text)))


def _rest_of(row: TableRow, above: TableRow) -> PageRest:
    """Whether a page's first row goes on with the last one of the page before.

    It stands in the same columns and has no number. Sure: it ends a sentence begun there, or holds
    only what cells begun there lack. Likely: it has words and nothing else, where every other row
    has something beside its words.
    """
    begun = _texts_by_column(above)
    rest = _texts_by_column(row)
    if not _may_go_on(begun, rest):
        return PageRest.NONE
    columns = sorted(rest)
    if len(columns) > 1:
        columns.remove(0)  # the number column
    filled = [column for column in columns if rest[column]]
    if filled[0] > columns[0]:
        every_cell_begun = all(begun[column] for column in filled)
        return PageRest.SURE if every_cell_begun else PageRest.NONE
    words, *beside = filled
    if beside:
        return _rest_with_more(begun, rest, words, beside)
    return _rest_of_words(begun, rest, columns)


def _rest_of_words(
    begun: Mapping[int, str], rest: Mapping[int, str], columns: Sequence[int]
) -> PageRest:
    """Of a row with nothing but words, which stand in the first of `columns`."""
    words, *beside = columns
    if _goes_on_in(begun[words], rest[words]):
        return PageRest.SURE
    others_filled = any(begun[column] for column in beside)
    if len(rest) < _LEAST_COLUMNS or not begun[words] or not others_filled:
        return PageRest.NONE
    begins_anew = _OPENS.match(rest[words]) or rest[words].isupper()
    return PageRest.NONE if begins_anew else PageRest.LIKELY


def _texts_by_column(row: TableRow) -> dict[int, str]:
    return {cell.column: cell.text.strip() for cell in row.cells}


def _may_go_on(begun: Mapping[int, str], rest: Mapping[int, str]) -> bool:
    """Whether a row has the columns of the row above, something in them, and no number."""
    numbered = len(rest) > 1 and bool(rest.get(0, "x"))
    return begun.keys() == rest.keys() and any(rest.values()) and not numbered


def _rest_with_more(
    begun: Mapping[int, str], rest: Mapping[int, str], words: int, beside: Sequence[int]
) -> PageRest:
    """Of a row with something beside its words: it goes on where its words do, and all else may."""
    if not _goes_on_in(begun[words], rest[words]):
        return PageRest.NONE
    if rest[words][0].islower():
        return PageRest.SURE
    ends_each = all(begun[column] and rest[column][0].islower() for column in beside)
    return PageRest.SURE if ends_each else PageRest.NONE


def _goes_on_in(begun: str, rest: str) -> bool:
    """Whether a text is the second half of a sentence."""
    if not begun or len(rest) < 2 or _OPENS.match(rest):
        return False
    return rest[0].islower() or begun[-1] not in _ENDS


def _mended(above: TableRow, rest: TableRow) -> TableRow:
    more = _texts_by_column(rest)
    cells = []
    for cell in above.cells:
        if more.get(cell.column):
            cell = replace(cell, text=f"{cell.text.rstrip()} {more[cell.column]}")
        cells.append(cell)
    return TableRow(tuple(cells), above.source)


def _count(file: str, rows: int) -> Problem:
    message = (
        f"Có {rows} dòng bị ngắt giữa hai trang, đã nối lại. "
        "Hãy xem lướt các dòng ở đầu và cuối trang."
    )
    return Problem("rows-joined", Severity.NOTE, message, Source(file), file)


def _doubt(row: TableRow) -> Problem:
    text = " | ".join(filter(None, _texts(row)))
    message = f"Dòng “{text}” bị ngắt giữa hai trang, đã nối lại. Hãy đối chiếu với bản gốc."
    return Problem("row-joined", Severity.WARNING, message, row.source, text)
