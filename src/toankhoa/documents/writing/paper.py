"""A Word file drawn from records: paragraphs of pieces, tables of boxes.

The same records always give the same bytes.

`Sheet` holds the paper while it is drawn; nothing here knows what a plan is.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Hashable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Length, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph as Drawn
from docx.text.run import Run

LEFT, CENTRE, JUSTIFY = (
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)

FONT = "Times New Roman"
SIGN_FONT = "Segoe UI Symbol"  # Times New Roman has no ✓ and no ✗
PAGE = (Cm(29.7), Cm(21.0))
MARGINS = {
    "top_margin": Cm(2),
    "bottom_margin": Cm(2),
    "left_margin": Cm(3),
    "right_margin": Cm(1.5),
}
WIDTH = 25.2  # centimetres of text between the margins
CELL_MARGIN = 57  # twentieths of a point (1 mm): year cells are narrow

# A zip entry must carry a time; the format's own first day says that it means nothing.
NO_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRun:
    """Some text in one dress.

    `size` in points; `colour` as RRGGBB; `sign` for a character that text fonts lack.

    `link`: the address that it leads to.
    """

    text: str
    size: float = 11
    bold: bool = False
    italic: bool = False
    underline: bool = False
    colour: str = ""
    sign: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StyledParagraph:
    """A paragraph.

    `before`, `after` in points, `indent` of the first line in centimetres; `style` by its id.

    `hold`: stays on the page of the paragraph that follows.
    """

    pieces: tuple[TextRun, ...] = ()
    align: WD_ALIGN_PARAGRAPH = LEFT
    before: float = 0
    after: float = 0
    indent: float = 0
    style: str = ""
    hold: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A table cell.

    `columns`: how many it spans; `merge`: whether a downward merge starts ("restart") or goes on
    ("continue").
    """

    lines: tuple[StyledParagraph, ...] = ()
    columns: int = 1
    merge: str | None = None
    shade: str = ""
    middle: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TableStrip:
    """A table row. A `header` is repeated on every page; no row is cut by the end of a page."""

    boxes: tuple[Box, ...]
    header: bool = False


def line(text: str, **look: Any) -> StyledParagraph:
    """A paragraph of one piece; `look` has fields of both records."""
    of_piece = {name: value for name, value in look.items() if name in TextRun.__dataclass_fields__}
    of_line = {name: value for name, value in look.items() if name not in of_piece}
    return StyledParagraph(pieces=(TextRun(text=text, **of_piece),) if text else (), **of_line)


def lines(text: str, **look: Any) -> tuple[StyledParagraph, ...]:
    """One paragraph for each line of a text."""
    return tuple(line(part, **look) for part in text.split("\n"))


class WordPaper:
    """A landscape A4 paper.

    `styles`: id and name of paragraph styles that set some lines apart from the rest.

    `foot`: what stands at the foot of every page, before its number.
    """

    def __init__(
        self, *, title: str, author: str, styles: Mapping[str, str], foot: str = ""
    ) -> None:
        self._word = Document()
        self._looks = _Looks()
        self._look(styles)
        self._facts(title, author)
        self._footer(foot)

    def _look(self, styles: Mapping[str, str]) -> None:
        section = self._word.sections[0]
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = PAGE
        for name, margin in MARGINS.items():
            setattr(section, name, margin)
        normal = self._word.styles["Normal"]
        normal.font.name, normal.font.size = FONT, Pt(13)
        normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
        normal.paragraph_format.space_after = Pt(0)
        for code, name in styles.items():
            style = self._word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            style.base_style, style.element.styleId = normal, code

    def _facts(self, title: str, author: str) -> None:
        facts = self._word.core_properties
        facts.title, facts.author, facts.language = title, author, "vi-VN"
        facts.comments = facts.last_modified_by = ""
        facts.created = facts.modified = datetime(*NO_TIME)

    def _footer(self, foot: str) -> None:
        """Trang x/y, counted by the program that shows the file."""
        paragraph = self._word.sections[0].footer.paragraphs[0]
        paragraph.alignment = CENTRE
        before = f"{foot} · Trang " if foot else "Trang "
        for text, field in ((before, "PAGE"), ("/", "NUMPAGES")):
            _dress(paragraph.add_run(text), TextRun(text=text))
            simple = OxmlElement("w:fldSimple")
            simple.set(qn("w:instr"), field)
            run = OxmlElement("w:r")
            simple.append(run)
            paragraph._p.append(simple)
            shown = Run(run, paragraph)
            shown.text = "1"
            _dress(shown, TextRun(text="1"))

    def write(self, *paragraphs: StyledParagraph) -> None:
        """Add paragraphs below what there is."""
        for paragraph in paragraphs:
            _draw(self._word.add_paragraph(), paragraph, self._looks)

    def halves(
        self,
        left: Sequence[StyledParagraph],
        right: Sequence[StyledParagraph],
        *,
        widths: tuple[float, float],
    ) -> None:
        """Two blocks side by side; widths in centimetres."""
        boxes = (Box(lines=tuple(left)), Box(lines=tuple(right)))
        self.table([TableStrip(boxes=boxes)], widths=widths, style=None)

    def table(
        self,
        strips: Sequence[TableStrip],
        *,
        widths: Sequence[float],
        style: str | None = "Table Grid",
    ) -> None:
        """A table with columns of those widths, in centimetres."""
        lengths = [Cm(width) for width in widths]
        table = self._word.add_table(rows=0, cols=len(lengths))
        table.style, table.alignment, table.autofit = style, WD_TABLE_ALIGNMENT.CENTER, False
        for column, length in zip(table._tbl.tblGrid.gridCol_lst, lengths, strict=True):
            column.w = length
        _narrow_margins(table)
        for strip in strips:
            _draw_strip(table, strip, lengths, self._looks)

    def saved(self) -> bytes:
        """The file, with the clock taken out: entries keep their order and carry one fixed time."""
        saved, settled = BytesIO(), BytesIO()
        self._word.save(saved)
        with zipfile.ZipFile(saved) as source, zipfile.ZipFile(settled, "w") as target:
            for entry in source.infolist():
                fixed = zipfile.ZipInfo(entry.filename, NO_TIME)
                fixed.compress_type = zipfile.ZIP_DEFLATED
                target.writestr(fixed, source.read(entry))
        return settled.getvalue()


def _narrow_margins(table: Table) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(CELL_MARGIN))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    # The schema wants the margins before tblLook, which python-docx writes last.
    properties = table._tbl.tblPr
    look = properties.find(qn("w:tblLook"))
    properties.append(margins) if look is None else look.addprevious(margins)


class _Looks:
    """Properties that are drawn once and copied from then on.

    Python-docx looks for the place of each one anew.
    """

    def __init__(self) -> None:
        self._drawn: dict[Hashable, Any] = {}

    def put(self, element: Any, look: Hashable, draw: Callable[[], Any]) -> None:
        """The properties that `draw` gives an element, of that look.

        They come first in it, and it has none yet.
        """
        if look in self._drawn:
            element.insert(0, deepcopy(self._drawn[look]))
        else:
            self._drawn[look] = deepcopy(draw())


def _draw_strip(table: Table, strip: TableStrip, lengths: Sequence[Length], looks: _Looks) -> None:
    """Append a row built cell by cell.

    Merging afterwards would visit every cell of the table again.
    """
    row = table._tbl.add_tr()
    properties = row.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if strip.header:
        properties.append(OxmlElement("w:tblHeader"))
    column = 0
    for box in strip.boxes:
        element, width = row.add_tc(), Length(sum(lengths[column : column + box.columns]))
        looks.put(
            element, (replace(box, lines=()), width), partial(_dress_box, element, box, width)
        )
        cell = _Cell(element, table)
        for index, paragraph in enumerate(box.lines):
            _draw(cell.add_paragraph() if index else cell.paragraphs[0], paragraph, looks)
        column += box.columns


def _dress_box(element: Any, box: Box, width: Length) -> Any:
    """Its properties."""
    element.width = width
    if box.columns > 1:
        element.grid_span = box.columns
    element.vMerge = box.merge
    properties = element.get_or_add_tcPr()
    if box.shade:
        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", box.shade)):
            shade.set(qn(f"w:{name}"), value)
        properties.append(shade)
    if box.middle:
        middle = OxmlElement("w:vAlign")
        middle.set(qn("w:val"), "center")
        properties.append(middle)
    return properties


def _draw(drawn: Drawn, paragraph: StyledParagraph, looks: _Looks) -> None:
    looks.put(drawn._p, replace(paragraph, pieces=()), partial(_dress_paragraph, drawn, paragraph))
    for piece in paragraph.pieces:
        run = drawn.add_run(piece.text)
        looks.put(run._r, replace(piece, text="", link=""), partial(_dress, run, piece))
        if piece.link:
            _link(drawn, run, piece.link)


def _dress_paragraph(drawn: Drawn, paragraph: StyledParagraph) -> Any:
    """Its properties."""
    if paragraph.style:
        drawn._p.style = paragraph.style
    drawn.alignment = paragraph.align
    form = drawn.paragraph_format
    form.space_before, form.space_after = Pt(paragraph.before), Pt(paragraph.after)
    form.keep_with_next = paragraph.hold or None
    if paragraph.indent:
        form.first_line_indent = Cm(paragraph.indent)
    return drawn._p.pPr


def _link(drawn: Drawn, run: Run, address: str) -> None:
    """Wrap a run in a link out of the file."""
    link = OxmlElement("w:hyperlink")
    link.set(
        qn("r:id"), drawn.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    )
    run._r.addprevious(link)
    link.append(run._r)


def _dress(run: Run, piece: TextRun) -> Any:
    """Its properties."""
    properties = run._r.get_or_add_rPr()
    run.font.size = Pt(piece.size)
    run.bold = piece.bold or None
    run.italic = piece.italic or None
    run.underline = piece.underline or None
    if piece.colour:
        run.font.color.rgb = RGBColor.from_string(piece.colour)
    if piece.sign:
        run.font.name = SIGN_FONT
        # Some of the signs count as East Asian.
        properties.get_or_add_rFonts().set(qn("w:eastAsia"), SIGN_FONT)
    return properties


def held(paragraphs: Sequence[StyledParagraph]) -> tuple[StyledParagraph, ...]:
    """The same paragraphs, kept on the page of what follows."""
    return tuple(replace(paragraph, hold=True) for paragraph in paragraphs)
