"""A table that was broken over pages is one table again; the same for Word, PDF and all that is made from them.

Two tables with nothing between them but page numbers are pieces of one where they are equally wide and the second
either begins with the header of the first or with none of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from toankhoa.core.problems import Problem, Severity
from toankhoa.core.table import Document, Paragraph, Row, Table
from toankhoa.core.text import tidy

_LEAST_COLUMNS = 3  # a letterhead and a signature have two, and are never pieces of a table
_MOST_HEADER_ROWS = 5
_ENDS, _DASHES = ".;:!?", "-–+•"
_PAGE_NUMBER = re.compile(r"(?:trang\s*)?[-–]?\s*\d{1,3}\s*[-–]?(?:\s*/\s*\d{1,3})?", re.IGNORECASE)
_YEAR = re.compile(r"(?:năm )?(?:19|20)\d\d", re.IGNORECASE)


@dataclass(slots=True)
class _Joining:
    """Blocks so far, and what stands since the last table: nothing yet, or only what a page prints by itself."""

    blocks: list[Paragraph | Table] = field(default_factory=list)
    table: int | None = None  # place of a table that may go on
    notes: list[Problem] = field(default_factory=list)

    def add(self, block: Paragraph | Table) -> None:
        if isinstance(block, Paragraph):
            if not is_page_number(block.text):
                self.table = None
            self.blocks.append(block)
        elif self.table is not None and (above := self._above()) and _goes_on(above, block):
            self.blocks[self.table :] = [self._one(above, block)]  # without the page numbers between
        else:
            self.table = len(self.blocks)
            self.blocks.append(block)

    def _above(self) -> Table | None:
        block = None if self.table is None else self.blocks[self.table]
        return block if isinstance(block, Table) else None

    def _one(self, above: Table, below: Table) -> Table:
        rows = list(below.rows[_repeated(above, below) :])
        if rows and _is_rest(rows[0], above.rows[-1]):
            mended = _mended(above.rows[-1], rows.pop(0))
            self.notes.append(_note(mended))
            return Table((*above.rows[:-1], mended, *rows), above.width)
        return Table((*above.rows, *rows), above.width)


def joined(document: Document) -> Document:
    """The document with the pieces of a broken table made one; a row cut in two is made one, too, with a warning."""
    joining = _Joining()
    for block in document.blocks:
        joining.add(block)
    return replace(document, blocks=tuple(joining.blocks), problems=(*document.problems, *joining.notes))


def _goes_on(above: Table, below: Table) -> bool:
    if above.width != below.width or above.width < _LEAST_COLUMNS:
        return False
    return bool(_repeated(above, below)) or not _has_header(below)


def _repeated(above: Table, below: Table) -> int:
    """How many rows the two begin with alike; a first row that is the table's name stands only on the first page."""
    named = len(above.rows[0].cells) == 1 and len(below.rows[0].cells) > 1 if above.rows and below.rows else False
    pairs = list(zip(above.rows[named : _MOST_HEADER_ROWS + named], below.rows, strict=False))
    return next((place for place, (a, b) in enumerate(pairs) if _texts(a) != _texts(b)), len(pairs))


def _texts(row: Row) -> list[str]:
    return [tidy(cell.text) for cell in row.cells]


def _has_header(table: Table) -> bool:
    """Whether one of the first rows names years, or the first begins with the word for a number column."""
    first = table.rows[:_MOST_HEADER_ROWS]
    years = any(sum(bool(_YEAR.fullmatch(text)) for text in _texts(row)) > 1 for row in first)
    numbered = bool(first) and any(text.lower() in ("stt", "tt") for text in _texts(first[0])[:2])
    return years or numbered


def is_page_number(text: str) -> bool:
    """Whether a line is blank, or what a page prints by itself: "3", "- 3 -", "Trang 3/12"."""
    return not text.strip() or bool(_PAGE_NUMBER.fullmatch(tidy(text)))


def _is_rest(row: Row, above: Row) -> bool:
    """Whether a page's first row goes on with the last one of the page before.

    It has no number, stands in the same columns, and ends a sentence begun there; or has neither number nor words of
    its own.
    """
    begun = {cell.column: cell.text.strip() for cell in above.cells}
    rest = {cell.column: cell.text.strip() for cell in row.cells}
    if len(rest) < _LEAST_COLUMNS or begun.keys() != rest.keys() or not any(rest.values()) or rest.get(0, "x"):
        return False
    words = next((column for column in sorted(rest) if column > 0 and rest[column]), 0)
    if words > min(column for column in rest if column > 0):
        return all(begun[column] for column in rest if rest[column])
    alone = not any(text for column, text in rest.items() if column != words)
    return _goes_on_in(begun[words], rest[words], alone=alone)


def _goes_on_in(begun: str, rest: str, *, alone: bool) -> bool:
    """Whether a text is the second half of a sentence. `alone`: nothing else stands in its row."""
    if not begun or len(rest) < 2:
        return False
    if begun[-1] in _ENDS or rest[0] in _DASHES:
        return rest[0].islower()
    return alone or rest[0].islower() or not rest[0].isalnum()


def _mended(above: Row, rest: Row) -> Row:
    more = {cell.column: cell.text.strip() for cell in rest.cells if cell.text.strip()}
    cells = (
        replace(cell, text=f"{cell.text.rstrip()} {more[cell.column]}") if cell.column in more else cell
        for cell in above.cells
    )
    return Row(tuple(cells), above.source)


def _note(row: Row) -> Problem:
    text = " | ".join(filter(None, _texts(row)))
    message = f"Dòng “{text}” bị ngắt giữa hai trang, đã nối lại. Hãy đối chiếu với bản gốc."
    return Problem("row-joined", Severity.WARNING, message, row.source, text)
