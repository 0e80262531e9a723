"""Cells that say where they stand and how far they reach, laid out as a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

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
    """A table whose rows list their cells from the left, as HTML does: each takes the next place left free."""
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
            covered |= {
                (below, at)
                for below in range(index, min(index + box.rows, len(rows)))
                for at in reach
            }
            column = reach.stop
        placed.append(line)
    return placed_table(placed, sources)


def placed_table(
    rows: Sequence[Sequence[tuple[int, PlacedCell]]], sources: Sequence[Source]
) -> Table:
    """A table of cells that know their columns; spans are cut at its last row."""
    lines = tuple(
        TableRow(tuple(_cells(boxes, len(rows) - index)), source)
        for index, (boxes, source) in enumerate(zip(rows, sources, strict=True))
    )
    return Table(
        lines, max((cell.column + cell.columns for row in lines for cell in row.cells), default=0)
    )


def _cells(boxes: Iterable[tuple[int, PlacedCell]], depth: int) -> Iterator[TableCell]:
    for column, box in boxes:
        columns = max(1, min(box.columns, MOST_COLUMNS - column))
        yield TableCell(box.text, column, columns, max(1, min(box.rows, depth)), box.source)


def span(attributes: Mapping[str, str], name: str) -> int:
    """A span written as an attribute; 1 where it is none."""
    written = attributes.get(name, "").strip()
    return (
        min(int(written[:6]), MOST_ROWS)
        if written.isascii() and written.isdecimal() and int(written[:6])
        else 1
    )
