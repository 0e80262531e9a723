"""Cells that say where they stand and how far they reach, laid out as a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, product

from toankhoa.core.basics import Source
from toankhoa.core.compiling import Table, TableCell, TableRow
from toankhoa.documents.reading.limits import MOST_COLUMNS, MOST_ROWS


@dataclass(frozen=True, slots=True)
class PlacedCell:
    """A cell of a file: its text and spans, and its place as a person counts it."""

    text: str
    columns: int = 1
    rows: int = 1
    source: Source = field(default=Source())


def flowed(rows: Sequence[Sequence[PlacedCell]], sources: Sequence[Source]) -> Table:
    """A table whose rows list their cells from the left, as HTML does.

    Each takes the next place left free.
    """
    covered: set[tuple[int, int]] = set()
    placed: list[list[tuple[int, PlacedCell]]] = []
    for index, boxes in enumerate(rows):
        line: list[tuple[int, PlacedCell]] = []
        column = 0
        for box in boxes:
            while (index, column) in covered:
                column += 1
            if column >= MOST_COLUMNS:
                break
            line.append((column, box))
            reach = range(column, min(column + box.columns, MOST_COLUMNS))
            covered.update(product(range(index, min(index + box.rows, len(rows))), reach))
            column = reach.stop
        placed.append(line)
    return placed_table(placed, sources)


def placed_table(
    rows: Sequence[Sequence[tuple[int, PlacedCell]]], sources: Sequence[Source]
) -> Table:
    """A table of cells that know their columns; spans are cut at its last row."""
    lines = []
    for index, (boxes, source) in enumerate(zip(rows, sources, strict=True)):
        lines.append(TableRow(tuple(_cells(boxes, len(rows) - index)), source))
    cells = chain.from_iterable(line.cells for line in lines)
    width = max((cell.column + cell.columns for cell in cells), default=0)
    return Table(tuple(lines), width)


def _cells(boxes: Iterable[tuple[int, PlacedCell]], depth: int) -> Iterator[TableCell]:
    for column, box in boxes:
        columns = max(1, min(box.columns, MOST_COLUMNS - column))
        yield TableCell(box.text, column, columns, max(1, min(box.rows, depth)), box.source)


def span(attributes: Mapping[str, str], name: str) -> int:
    """A span written as an attribute; 1 where it is none."""
    written = attributes.get(name, "").strip()
    if not written.isascii() or not written.isdecimal():
        return 1
    return min(int(written[:6]), MOST_ROWS) or 1
