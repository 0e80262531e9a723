"""Where the table of a spreadsheet begins and ends.

A sheet has only cells, also for its letterhead and signature.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from toankhoa.core.basics import Source
from toankhoa.core.compiling import Paragraph, Table, TableCell, TableRow
from toankhoa.documents.reading.spans import PlacedCell, placed_table

_TABLE_CELLS = 3  # a row with so many filled cells belongs to a table; a letterhead has two


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A row of a sheet that holds something.

    Its number in the sheet, its cells with their columns.
    """

    number: int
    boxes: tuple[tuple[int, PlacedCell], ...]
    bordered: bool

    @property
    def filled(self) -> tuple[tuple[int, PlacedCell], ...]:
        """The cells that hold text."""
        return tuple((column, box) for column, box in self.boxes if box.text.strip())


def laid_out(
    name: str, lines: Sequence[SheetLine], tables: int, paragraphs: int
) -> Iterator[Paragraph | Table]:
    """The blocks of a sheet: what stands above its table, the table, what stands below.

    `tables` and `paragraphs`: how many of the workbook come before.
    """
    first, last = _extent(lines)
    above = list(around(name, lines[:first], tables, paragraphs))
    yield from above
    tables += sum(isinstance(block, Table) for block in above)
    if first < last:
        yield _table(name, lines[first:last], tables)
        tables += 1
    yield from around(name, lines[last:], tables, paragraphs + len(above) + 1)


def _extent(lines: Sequence[SheetLine]) -> tuple[int, int]:
    """The first row of the table and the row after its last.

    Both past the end where there is none.
    """
    wide = [place for place, line in enumerate(lines) if len(line.filled) >= _TABLE_CELLS]
    if not wide:
        return len(lines), len(lines)
    first, last = wide[0], wide[-1] + 1
    drawn = any(line.bordered for line in lines[first:last])
    while last < len(lines):
        follows = lines[last].number == lines[last - 1].number + 1
        if not follows or (drawn and not lines[last].bordered):
            break
        last += 1
    return first, last


def _table(name: str, lines: Sequence[SheetLine], number: int) -> Table:
    placed = []
    for place, line in enumerate(lines):
        rows_left = len(lines) - place
        placed.append([(column, _in_table(box, number, rows_left)) for column, box in line.boxes])
    return placed_table(placed, [Source(name, number, line.number) for line in lines])


def _in_table(box: PlacedCell, number: int, rows_left: int) -> PlacedCell:
    """A cell as one of the table of that number, cut where the table ends."""
    source = Source(box.source.file, number, box.source.row, box.source.cell)
    return PlacedCell(box.text, box.columns, min(box.rows, rows_left), source)


def around(
    name: str, lines: Sequence[SheetLine], tables: int, paragraphs: int
) -> Iterator[Paragraph | Table]:
    """Rows outside the table.

    The halves of a letterhead stand side by side, and are read one after the other.

    `tables` and `paragraphs`: how many of the document come before.
    """
    middle = _middle(lines)
    for halved, run in groupby(_runs(lines, middle), key=lambda pair: pair[0]):
        if halved[1]:
            yield _halves(name, [line for _, line in run], middle, tables)
            tables += 1
        else:
            for _, line in run:
                text = " ".join(box.text for _, box in line.filled)
                yield Paragraph(text, Source(name, paragraph=paragraphs, row=line.number))
                paragraphs += 1


def _middle(lines: Sequence[SheetLine]) -> int:
    """The first column of the right half."""
    rights = [line.filled[1][0] for line in lines if len(line.filled) > 1]
    return min(rights, default=0)


def _runs(lines: Sequence[SheetLine], middle: int) -> Iterator[tuple[tuple[int, bool], SheetLine]]:
    """Each row with its run, and whether it is of two halves.

    Rows right below a halved one keep to them.
    """
    run, halved, before = 0, False, -1
    for line in lines:
        follows = line.number == before + 1
        keeps = not any(column < middle < column + box.columns for column, box in line.filled)
        now = len(line.filled) > 1 or (halved and follows and keeps)
        run += now != halved or not follows
        halved, before = now, line.number
        yield (run, halved), line


def _halves(name: str, lines: Sequence[SheetLine], middle: int, number: int) -> Table:
    """A table of one row: left half and right half, their lines one below the other."""
    source = Source(name, number, lines[0].number)
    left: list[str] = []
    right: list[str] = []
    for line in lines:
        for column, box in line.filled:
            half = left if column < middle else right
            half.append(box.text)
    cells = (
        TableCell("\n".join(texts), column, source=source.at(cell=column))
        for column, texts in enumerate((left, right))
    )
    return Table((TableRow(tuple(cells), source),), 2)
