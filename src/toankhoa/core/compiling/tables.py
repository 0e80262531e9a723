"""What readers produce: a document of paragraphs and tables, cells with their spans and places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from toankhoa.core.basics import Problem, Source, tidy


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph outside any table; line breaks inside it are newlines."""

    text: str
    source: Source = field(default=Source(), compare=False)


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell. `columns` and `rows` are its spans.

    What it covers holds it once, at its first row and column.
    """

    text: str
    column: int
    columns: int = 1
    rows: int = 1
    source: Source = field(default=Source(), compare=False)


@dataclass(frozen=True, slots=True)
class TableRow:
    """The cells that begin in one row, left to right; what a cell above covers is left out."""

    cells: tuple[TableCell, ...]
    source: Source = field(default=Source(), compare=False)

    def texts(self) -> tuple[str, ...]:
        """The tidied texts of its cells, blank ones too."""
        return tuple(tidy(cell.text) for cell in self.cells)

    def at(self, column: int) -> TableCell | None:
        """The cell that covers a column, or None."""
        for cell in self.cells:
            if cell.column <= column < cell.column + cell.columns:
                return cell
        return None


@dataclass(frozen=True, slots=True)
class Table:
    """A grid of `width` columns."""

    rows: tuple[TableRow, ...]
    width: int

    def cells(self) -> Iterator[TableCell]:
        """Every cell, row by row; a merged one once."""
        for row in self.rows:
            yield from row.cells


@dataclass(frozen=True, slots=True)
class Document:
    """Blocks in reading order, and what the reader of the file met on its way.

    A source counts what a person sees in the file: a table that was broken over pages is one
    `Table`, though the sources of its later rows name the later pieces; rows of a spreadsheet are
    counted with the hidden ones.
    """

    file: str
    blocks: tuple[Paragraph | Table, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables, in order."""
        return tuple(block for block in self.blocks if isinstance(block, Table))
