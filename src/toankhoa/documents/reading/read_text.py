"""The text dump of a Word file: one cell a line, each begun by a tab; rows parted by a blank line.

Paragraphs inside a cell are not indented, so that a dump does not say where a table ends. It ends
before a line that is not indented where that line follows two blank ones, or a blank one after an
empty cell; a dashed line, though, carries on the list of its cell.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from toankhoa.core.basics import Source
from toankhoa.core.compiling import Document, Paragraph, Table, TableCell, TableRow

_DASHES = ("-", "–", "+", "•")


@dataclass(slots=True)
class _Reader:
    """Lines so far: finished blocks, and the rows of cells of the table that is open, if any."""

    name: str
    blocks: list[Paragraph | Table] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    tables: int = 0

    def cells(self, texts: list[str], *, new_row: bool) -> None:
        if new_row or not self.rows:
            self.rows.append([])
        self.rows[-1] += texts

    def line(self, text: str, blanks: int) -> None:
        if self.rows and self._leaves(text, blanks):
            self.close()
        if self.rows:
            self.rows[-1][-1] += "\n" + text
        else:
            self.blocks.append(Paragraph(text, Source(self.name, paragraph=len(self.blocks))))

    def _leaves(self, text: str, blanks: int) -> bool:
        cell = self.rows[-1][-1]
        if not cell.strip():
            return blanks > 0
        listed = text.startswith(_DASHES) and any(
            line.startswith(_DASHES) for line in cell.splitlines()
        )
        return blanks > 1 and not listed

    def close(self) -> None:
        if self.rows:
            self.blocks.append(_table(self.rows, self.name, self.tables))
            self.tables += 1
            self.rows = []


def read_text(name: str, text: str) -> Document:
    """The document in a text dump; a text without tabs is a document of paragraphs, one a line."""
    reader = _Reader(name)
    blanks = 0
    for line in text.splitlines():
        if line.startswith("\t"):
            reader.cells(line.split("\t")[1:], new_row=blanks > 0)
        elif line.strip():
            reader.line(line.strip(), blanks)
        else:
            blanks += 1
            continue
        blanks = 0
    reader.close()
    return Document(name, tuple(reader.blocks))


def _table(rows: list[list[str]], name: str, number: int) -> Table:
    width = max(map(len, rows))
    return Table(
        tuple(_row(cells, width, Source(name, number, index)) for index, cells in enumerate(rows)),
        width,
    )


def _row(texts: list[str], width: int, place: Source) -> TableRow:
    """A dump loses spans.

    In a row of fewer cells than the table is wide, the merged cell is the longest text.
    """
    widest = max(range(len(texts)), key=lambda index: len(texts[index]))
    cells = []
    column = 0
    for index, text in enumerate(texts):
        columns = 1 + (width - len(texts) if index == widest else 0)
        cells.append(TableCell(text, column, columns, 1, place.at(cell=index)))
        column += columns
    return TableRow(tuple(cells), place)
