"""Lines that part their cells with bars ("2 | 2027 | Kỳ họp thường lệ") as the table they are meant to be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from toankhoa.core.basics import Source, tidy
from toankhoa.core.compiling.tables import Document, Paragraph, Table, TableCell, TableRow

_BAR = "|"
_FEWEST = 3  # cells of a line, and lines of a table


def with_barred_tables(document: Document) -> Document:
    """The document, runs of barred lines of one width as tables; a document with tables of its own stays as it is."""
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
    return (
        block.text.count(f" {_BAR} ") + 1
        if isinstance(block, Paragraph) and "\n" not in block.text
        else 0
    )


def _table(lines: Sequence[Paragraph], width: int, file: str, number: int) -> Table:
    def row(index: int, line: Paragraph) -> TableRow:
        place = Source(file, number, index, paragraph=line.source.paragraph)
        texts = line.text.split(_BAR)
        return TableRow(
            tuple(
                TableCell(tidy(text), column, source=place.at(cell=column))
                for column, text in enumerate(texts)
            ),
            place,
        )

    return Table(tuple(row(index, line) for index, line in enumerate(lines)), width)
