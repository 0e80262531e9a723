"""Documents of blocks as files of many kinds, through the writers that offices' own programs stand
behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from html import escape
from io import BytesIO
from typing import Any

import xlsxwriter
from docx import Document as Word

from toankhoa.core.compiling import Document, Paragraph, Table, TableCell, TableRow

_PERCENT = re.compile(r"(\d+)(?:,(\d+))?%")


def written(document: Document, kind: str) -> bytes:
    """The bytes of a file of that kind: docx, xlsx, html, md or txt."""
    return {"docx": docx, "xlsx": xlsx, "html": html, "md": markdown, "txt": dump}[kind](document)


def docx(document: Document) -> bytes:
    """Word: merged cells are merged, an empty paragraph parts two tables."""
    word = Word()
    for block in document.blocks:
        if isinstance(block, Paragraph):
            word.add_paragraph(block.text)
            continue
        drawn = word.add_table(len(block.rows), block.width)
        grid = [list(row.cells) for row in drawn.rows]
        for place, row in enumerate(block.rows):
            for cell in row.cells:
                here = grid[place][cell.column]
                if cell.columns > 1 or cell.rows > 1:
                    here = here.merge(grid[place + cell.rows - 1][cell.column + cell.columns - 1])
                here.text = cell.text
        word.add_paragraph("")
    saved = BytesIO()
    word.save(saved)
    return saved.getvalue()


def xlsx(document: Document) -> bytes:
    """Excel: paragraphs in merged rows, rates and counts as numbers."""
    saved = BytesIO()
    with xlsxwriter.Workbook(saved, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        forms = [
            book.add_format({"border": 1, "num_format": form})
            for form in ("0%", "0.0%", "#,##0", "@")
        ]
        width = max(table.width for table in document.tables)
        place = 0
        for block in document.blocks:
            if isinstance(block, Paragraph):
                sheet.merge_range(place, 0, place, width - 1, block.text)
                place += 1
            elif block.width < 3:
                place = _halves(sheet, place, block, width)
            else:
                for row in block.rows:
                    for cell in row.cells:
                        _put(sheet, place, cell, forms)
                    place += 1
    return saved.getvalue()


def _halves(sheet: Any, place: int, table: Table, width: int) -> int:
    sides = [cell.text.splitlines() for cell in table.rows[0].cells]
    for column, lines in zip((0, width - 2), sides, strict=True):
        for row, text in enumerate(lines):
            sheet.write_string(place + row, column, text)
    return place + max(map(len, sides)) + 1


def _put(sheet: Any, place: int, cell: TableCell, forms: list[Any]) -> None:
    value: str | float = cell.text
    form = forms[3]
    if said := _PERCENT.fullmatch(cell.text):
        value, form = (
            float(Decimal(cell.text[:-1].replace(",", ".")) / 100),
            forms[len(said.group(2) or "")],
        )
    elif cell.text.isdecimal():
        value, form = int(cell.text), forms[2] if int(cell.text) > 2100 else forms[3]
    if cell.columns > 1 or cell.rows > 1:
        sheet.merge_range(
            place, cell.column, place + cell.rows - 1, cell.column + cell.columns - 1, value, form
        )
    else:
        sheet.write(place, cell.column, value, form)


def html(document: Document) -> bytes:
    """A page with spans."""
    blocks = (
        f"<p>{_broken(b.text)}</p>" if isinstance(b, Paragraph) else _html_table(b)
        for b in document.blocks
    )
    return f"<!DOCTYPE html><html><head><meta charset=utf-8></head><body>{''.join(blocks)}</body></html>".encode()


def _html_table(table: Table) -> str:
    rows = ("".join(map(_box, row.cells)) for row in table.rows)
    return "<table>" + "".join(f"<tr>{cells}</tr>" for cells in rows) + "</table>"


def _box(cell: TableCell) -> str:
    return f'<td colspan="{cell.columns}" rowspan="{cell.rows}">{_broken(cell.text)}</td>'


def _broken(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def markdown(document: Document) -> bytes:
    """Pipes, which know no merged cells: a cell's words stand at its first place."""
    lines: list[str] = []
    for block in document.blocks:
        if isinstance(block, Paragraph) or block.width < 3:
            cells = (block,) if isinstance(block, Paragraph) else block.rows[0].cells
            lines += [line + "\n" for cell in cells for line in cell.text.splitlines()]
            continue
        rows = [" | ".join(_flat(row, block.width, "<br>")) for row in block.rows]
        lines += [
            f"| {rows[0]} |",
            "|" + " --- |" * block.width,
            *(f"| {row} |" for row in rows[1:]),
            "",
        ]
    return "\n".join(lines).encode()


def dump(document: Document) -> bytes:
    """Word saved as text: one cell on a line, begun by a tab; which cells were merged is lost."""
    lines: list[str] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            lines.append(block.text)
            continue
        lines.append("")
        for row in block.rows:
            lines += [*(f"\t{text}" for text in _flat(row, block.width, "\n")), ""]
        lines.append("")
    return "\n".join(lines).encode()


def _flat(row: TableRow, width: int, newline: str) -> Iterator[str]:
    texts = {cell.column: cell.text.replace("\n", newline) for cell in row.cells}
    return (texts.get(column, "") for column in range(width))
