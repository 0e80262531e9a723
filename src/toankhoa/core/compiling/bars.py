"""Lines that part their cells with bars as the table they are meant to be.

Example: "2 | 2027 | Kỳ họp thường lệ".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from toankhoa.core.basics import Source, tidy
from toankhoa.core.compiling.tables import Document, Paragraph, Table, TableCell, TableRow

_BAR = "|"
_FEWEST = 3  # cells of a line, and lines of a table


def with_barred_tables(document: Document) -> Document:
    """The document, runs of barred lines of one width as tables.

    A document with tables of its own stays as it is.
    """
    if document.tables:
        return document
    return replace(document, blocks=tuple(_blocks(document)))


def _blocks(document: Document) -> Iterator[Paragraph | Table]:
    tables = 0
    for width, run in groupby(document.blocks, key=_width):
        lines = [block for block in run if isinstance(block, Paragraph)]
        if width >= _FEWEST and len(lines) >= _FEWEST:
            yield _table(lines, width, document.file, tables)
            tables += 1
        else:
            yield from lines


def _width(block: Paragraph | Table) -> int:
    """Cells of a barred line; 1 for a line without bars, 0 for what is no line."""
    if not isinstance(block, Paragraph) or "\n" in block.text:
        return 0
    return block.text.count(f" {_BAR} ") + 1


def _table(lines: Sequence[Paragraph], width: int, file: str, number: int) -> Table:
    rows = []
    for index, line in enumerate(lines):
        source = Source(file, number, index, paragraph=line.source.paragraph)
        rows.append(_row(line, source))
    return Table(tuple(rows), width)


def _row(line: Paragraph, source: Source) -> TableRow:
    cells = []
    for column, text in enumerate(line.text.split(_BAR)):
        cells.append(TableCell(tidy(text), column, source=source.at(cell=column)))
    return TableRow(tuple(cells), source)
