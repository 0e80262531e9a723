"""The same document written as other kinds of file, so that readers can be held to one answer."""

import re
from decimal import Decimal
from functools import cache
from html import escape
from io import BytesIO
from itertools import groupby
from pathlib import Path

import pytest
import xlsxwriter
from docx import Document as Word
from docx.oxml.ns import qn

from toankhoa.core.basics import tidy_lines
from toankhoa.core.compiling import Document, Paragraph, Table
from toankhoa.documents import read
from toankhoa.documents.reading import encodings
from toankhoa.documents.writing.seed_document import seed_docx

REAL = Path(__file__).resolve().parents[2] / "shared" / "plans" / "kh-70-toan-khoa-2016-2021.docx"
_PERCENT = re.compile(r"(\d+)(?:,(\d+))?%")


def there() -> list[str]:
    """The plans that this machine has."""
    return ["seed", "real"] if REAL.is_file() else ["seed"]


@cache
def source(which: str) -> bytes:
    """The Word file of the demonstration plan ("seed") or of the real one, which only some machines
    have.
    """
    if which == "real" and not REAL.is_file():
        pytest.skip("the real plan is not beside the repository (../shared)")
    return REAL.read_bytes() if which == "real" else seed_docx()


@cache
def document(which: str) -> Document:
    return read("plan.docx", source(which))


def xlsx(written: Document) -> bytes:
    """A workbook as an office draws it: paragraphs in merged rows, halves side by side, years and
    rates as numbers.
    """
    saved = BytesIO()
    with xlsxwriter.Workbook(saved, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        width = max(table.width for table in written.tables)
        plain, drawn = book.add_format({"text_wrap": True}), book.add_format({"border": 1})
        forms = {
            places: book.add_format({"border": 1, "num_format": form})
            for places, form in ((0, "0%"), (1, "0.0%"))
        }
        row = 0
        for block in written.blocks:
            if isinstance(block, Paragraph):
                if block.text.strip():
                    sheet.merge_range(row, 0, row, width - 1, block.text, plain)
                row += 1
            elif block.width < 3:
                row = halves(sheet, row, block, width)
            else:
                for cells in block.rows:
                    for cell in cells.cells:
                        put(sheet, row, cell, drawn, forms)
                    row += 1
    return saved.getvalue()


def halves(sheet, row: int, table: Table, width: int) -> int:
    sides = [cell.text.splitlines() for cell in table.rows[0].cells]
    for column, lines in zip((0, width - 3), sides, strict=True):
        for place, text in enumerate(lines):
            sheet.write_string(row + place, column, text)
    return row + max(map(len, sides)) + 1


def put(sheet, row: int, cell, drawn, forms) -> None:
    value, look = cell.text, drawn
    if said := _PERCENT.fullmatch(cell.text):
        value, look = (
            float(Decimal(cell.text[:-1].replace(",", ".")) / 100),
            forms[len(said.group(2) or "")],
        )
    elif cell.text.isdecimal() and str(int(cell.text)) == cell.text:
        value = int(cell.text)
    if cell.columns > 1 or cell.rows > 1:
        last = row + cell.rows - 1, cell.column + cell.columns - 1
        sheet.merge_range(row, cell.column, *last, value, look)
    else:
        sheet.write(row, cell.column, value, look)


def html(written: Document) -> bytes:
    parts = []
    for block in written.blocks:
        if isinstance(block, Paragraph):
            parts.append(f"<p>{broken(block.text)}</p>")
            continue
        rows = ("".join(map(box, row.cells)) for row in block.rows)
        parts.append(
            "<table><tbody>" + "".join(f"<tr>{cells}</tr>\n" for cells in rows) + "</tbody></table>"
        )
    return f"<!DOCTYPE html><html><head><meta charset=utf-8><title>x</title></head>{''.join(parts)}</html>".encode()


def box(cell) -> str:
    return f"<td colspan={cell.columns} rowspan='{cell.rows}'>{broken(cell.text)}</td>"


def broken(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def markdown(written: Document) -> bytes:
    """Tables of pipes; a letterhead, which is none, as its lines."""
    lines = []
    for block in written.blocks:
        if isinstance(block, Paragraph) or block.width < 3:
            cells = [block] if isinstance(block, Paragraph) else block.rows[0].cells
            lines += [
                line.replace("*", "\\*") for cell in cells for line in cell.text.splitlines()
            ] + [""]
            continue
        for place, row in enumerate(block.rows):
            texts = [""] * block.width
            for cell in row.cells:
                texts[cell.column] = cell.text.replace("|", "\\|").replace("\n", "<br>")
            lines.append("| " + " | ".join(texts) + " |")
            lines += ["|" + " --- |" * block.width] if place == 0 else []
        lines.append("")
    return "\n".join(lines).encode()


# Old encodings


_TCVN3 = str.maketrans(*reversed(encodings._TCVN3_CODES))
_VNI = {new: old for old, new in encodings._VNI.items() if old.isupper() or not old[0].isupper()}


def in_tcvn3(text: str):
    """(font, text) of each run: capitals that have no code of their own stand as small ones in a
    font of capitals.
    """
    for own, chars in groupby(
        text, lambda char: char.isascii() or char.islower() or char in "ĂÂÊÔƠƯĐ"
    ):
        piece = "".join(chars)
        yield (
            (".VnTime", piece.translate(_TCVN3))
            if own
            else (".VnTimeH", piece.lower().translate(_TCVN3))
        )


def in_vni(text: str):
    yield "VNI-Times", "".join(_VNI.get(char, char) for char in text)


def typed(which: str, write) -> bytes:
    """The Word file with every run in the fonts and codes of old."""
    word = Word(BytesIO(source(which)))
    for paragraph in word.element.body.iter(qn("w:p")):
        lines = "".join(
            part.text or "" if part.tag == qn("w:t") else "\n" for part in paragraph.iter(*_SAID)
        )
        for run in list(paragraph.iter(qn("w:r"))):
            run.getparent().remove(run)
        for font, text in (one for line in re.split("(\n)", lines) for one in write(line)):
            add_run(paragraph, font, text)
    saved = BytesIO()
    word.save(saved)
    return saved.getvalue()


_SAID = (qn("w:t"), qn("w:br"))


def add_run(paragraph, font: str, text: str) -> None:
    run = paragraph.add_r()
    fonts = run.get_or_add_rPr()._add_rFonts()
    fonts.set(qn("w:ascii"), font)
    fonts.set(qn("w:hAnsi"), font)
    run.text = text.replace("\u00a0", " ")


def lines(written: Document) -> list[str]:
    """Every line of a document, tidied."""
    texts = []
    for block in written.blocks:
        cells = (
            [block]
            if isinstance(block, Paragraph)
            else [cell for row in block.rows for cell in row.cells]
        )
        texts += [tidy_lines(cell.text) for cell in cells]
    return [line for text in texts for line in text.splitlines()]
