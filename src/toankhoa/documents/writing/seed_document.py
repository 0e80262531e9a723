"""The demonstration plan as a Word file, written from `seed/plan.yaml`.

It is compiled like any signed plan. Letterhead, title, bases, the plan's table with its merges,
closing words, recipients and signature; landscape A4. The same YAML always gives the same bytes.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from io import BytesIO
from typing import Any

import yaml
from docx import Document
from docx.document import Document as Word
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

FONT = "Times New Roman"
PAGE = (Cm(29.7), Cm(21.0))
MARGIN = Cm(1.5)
HALVES = (Cm(11.0), Cm(15.7))
COLUMNS = (Cm(1.4), Cm(8.3), *[Cm(2.25)] * 5, Cm(3.3), Cm(2.45))
LEFT, CENTRE, JUSTIFY = (
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)

# A zip entry must carry a time; the format's own first day says that it means nothing.
ZIP_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class SeedCell:
    """One cell to write.

    `columns`: how many it spans; `merge`: whether a vertical merge begins ("restart") or goes on.
    """

    text: str = ""
    columns: int = 1
    merge: str | None = None
    bold: bool = False
    italic: bool = False
    align: WD_ALIGN_PARAGRAPH = LEFT


def seed_docx() -> bytes:
    """The demonstration plan as .docx bytes, the same on every call."""
    text = (files("toankhoa") / "seed" / "plan.yaml").read_text(encoding="utf-8")
    return plan_docx(yaml.safe_load(text))


def plan_docx(plan: Mapping[str, Any]) -> bytes:
    """A plan in the shape of `seed/plan.yaml` as .docx bytes.

    KeyError names a part that is not there.
    """
    word = Document()
    _page(word, plan)
    _letterhead(word, plan)
    _opening(word, plan)
    _plan_table(word, plan)
    _paragraph(word.add_paragraph(), plan["closing"], size=13, align=JUSTIFY, before=8, after=10)
    _foot(word, plan)
    return _settled(word)


def grid(plan: Mapping[str, Any]) -> Iterator[tuple[SeedCell, ...]]:
    """The plan's table row by row: two header rows, then each heading with its rows."""
    words, years = plan["headers"], plan["years"]
    head = [
        SeedCell(words[name], 1, "restart", bold=True, align=CENTRE)
        for name in ("number", "title", "levels", "boards")
    ]
    below = [SeedCell(merge="continue")] * 2
    yield (*head[:2], SeedCell(words["years"], len(years), bold=True, align=CENTRE), *head[2:])
    yield (*below, *(SeedCell(str(year), bold=True, align=CENTRE) for year in years), *below)
    for part in plan["table"]:
        yield _heading(part, len(years))
        for row in part.get("rows", ()):
            yield _activity(row, len(years))


def _heading(part: Mapping[str, Any], years: int) -> tuple[SeedCell, ...]:
    """A section has nine cells of its own.

    Goal and headings span the year columns and the two beside them.
    """
    if "section" in part:
        blank = [SeedCell()] * (years + 2)
        return (
            SeedCell(part["section"], bold=True, align=CENTRE),
            SeedCell(part["text"], bold=True),
            *blank,
        )
    number = SeedCell(str(part.get("number", "")), bold=True, align=CENTRE)
    if "goal" in part:
        return (number, SeedCell(part["goal"], years + 2, italic=True, align=JUSTIFY), SeedCell())
    boards = SeedCell(part.get("boards", ""), bold=True, align=CENTRE)
    return (number, SeedCell(part["heading"], years + 2, bold=True, align=JUSTIFY), boards)


def _activity(row: Mapping[str, Any], years: int) -> tuple[SeedCell, ...]:
    cells = row.get("years", ["x"] * years)
    return (
        SeedCell(str(row.get("number", "")), align=CENTRE),
        SeedCell(row["text"], align=JUSTIFY),
        *(SeedCell(str(cell), align=CENTRE) for cell in cells),
        SeedCell(row["levels"], align=CENTRE),
        SeedCell(row.get("boards", ""), align=CENTRE),
    )


def _page(word: Word, plan: Mapping[str, Any]) -> None:
    section = word.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = PAGE
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = MARGIN
    style = word.styles["Normal"]
    style.font.name = FONT
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.paragraph_format.space_after = Pt(0)
    facts = word.core_properties
    facts.title, facts.author, facts.language = plan["title"][0], plan["organisation"], "vi-VN"
    facts.comments = facts.last_modified_by = ""
    facts.created = facts.modified = datetime(*ZIP_TIME)


def _letterhead(word: Word, plan: Mapping[str, Any]) -> None:
    organisation, body, number = plan["organisation"], plan["body"], plan["number"]
    left, right = _halves(word)
    _lines(left, [(organisation, "b"), (body, "bu"), (number, "")])
    country, *motto = plan["motto"]
    _lines(
        right, [(country, "b"), *((line, "bu") for line in motto), (plan["place_and_date"], "i")]
    )


def _opening(word: Word, plan: Mapping[str, Any]) -> None:
    for index, line in enumerate(plan["title"]):
        paragraph = word.add_paragraph()
        _paragraph(
            paragraph,
            line,
            size=15 if index == 0 else 13,
            marks="b",
            align=CENTRE,
            before=0 if index else 14,
        )
    for index, line in enumerate(plan["bases"]):
        paragraph = word.add_paragraph()
        paragraph.paragraph_format.first_line_indent = Cm(1)
        last = index == len(plan["bases"]) - 1
        _paragraph(
            paragraph,
            line,
            size=13,
            align=JUSTIFY,
            before=0 if index else 10,
            after=8 if last else 3,
        )


def _plan_table(word: Word, plan: Mapping[str, Any]) -> None:
    table = word.add_table(rows=0, cols=len(COLUMNS))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table._tbl.tblGrid.gridCol_lst, COLUMNS, strict=True):
        column.w = width
    for index, boxes in enumerate(grid(plan)):
        _write_row(table, boxes, header=index < 2)


def _write_row(table: Table, boxes: Sequence[SeedCell], *, header: bool) -> None:
    """Append a row built cell by cell.

    Merging afterwards would visit every cell of the table again.
    """
    row = table._tbl.add_tr()
    properties = row.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if header:
        properties.append(OxmlElement("w:tblHeader"))
    column = 0
    for box in boxes:
        element = row.add_tc()
        element.width = Emu(sum(COLUMNS[column : column + box.columns]))
        if box.columns > 1:
            element.grid_span = box.columns
        element.vMerge = box.merge
        marks = "b" * box.bold + "i" * box.italic
        cell = _Cell(element, table)
        if box.align == CENTRE:
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        _lines(cell, [(line.strip(), marks) for line in box.text.split("\n")], 11, box.align)
        column += box.columns


def _foot(word: Word, plan: Mapping[str, Any]) -> None:
    left, right = _halves(word)
    label, *names = plan["recipients"]
    _lines(left, [(label, "bi"), *((name, "") for name in names)], 11, LEFT)
    authority, title, mark, name = plan["signature"]
    _lines(right, [(authority, "b"), (title, "b"), (mark, "i"), (name, "b")])
    for paragraph in right.paragraphs[2:]:
        paragraph.paragraph_format.space_before = Pt(22)


def _halves(word: Word) -> tuple[_Cell, _Cell]:
    """A table of one row without borders: what stands left and what stands right."""
    table = word.add_table(rows=1, cols=2)
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    left, right = table.rows[0].cells
    left.width, right.width = HALVES
    return left, right


def _lines(
    cell: _Cell,
    lines: Sequence[tuple[str, str]],
    size: int = 13,
    align: WD_ALIGN_PARAGRAPH = CENTRE,
) -> None:
    """Write lines into an empty cell, one paragraph each.

    Marks are b(old), i(talic), u(nderlined).
    """
    for index, (line, marks) in enumerate(lines):
        paragraph = cell.paragraphs[0] if index == 0 else cell.add_paragraph()
        _paragraph(paragraph, line, size=size, marks=marks, align=align)


def _paragraph(
    paragraph: Paragraph,
    text: str,
    *,
    size: int,
    marks: str = "",
    align: WD_ALIGN_PARAGRAPH = LEFT,
    before: int = 0,
    after: int = 0,
) -> None:
    paragraph.alignment = align
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = (
        Pt(before),
        Pt(after),
    )
    if not text:
        return
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    run.bold, run.italic, run.underline = (
        "b" in marks or None,
        "i" in marks or None,
        "u" in marks or None,
    )


def _settled(word: Word) -> bytes:
    """Saved with the clock taken out: entries keep their order and carry one fixed time."""
    saved, settled = BytesIO(), BytesIO()
    word.save(saved)
    with (
        zipfile.ZipFile(saved) as source,
        zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for entry in source.infolist():
            fixed = zipfile.ZipInfo(entry.filename, ZIP_TIME)
            fixed.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(fixed, source.read(entry))
    return settled.getvalue()
