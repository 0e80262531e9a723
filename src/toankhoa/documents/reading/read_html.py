"""A web page as paragraphs and tables, with the spans of its cells.

Nothing is fetched and no script is run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree, html

from toankhoa.core.basics import Source
from toankhoa.core.compiling import Document, Paragraph, Table
from toankhoa.documents.reading.encodings import Script, joined, script_of
from toankhoa.documents.reading.limits import MOST_ROWS
from toankhoa.documents.reading.spans import PlacedCell, flowed, span
from toankhoa.documents.reading.unreadable import broken, footnotes_left, old_script, too_large

_PAGE = re.compile(r"<(?:!doctype\s+html|html|table|body|div|p)\b", re.IGNORECASE)
_WITHIN = 2048  # characters in which a page begins
_DECLARED = re.compile(r"^\s*<\?xml[^>]*>")
_SILENT = frozenset({"script", "style", "head", "template", "noscript", "title"})
_PARAGRAPHS = (
    "address article blockquote body caption center dd div dl dt fieldset figure footer form "
    "h1 h2 h3 h4 h5 h6 header "
    "hr html li main nav ol p pre section ul table thead tbody tfoot tr td th"
)
_BLOCKS = frozenset(_PARAGRAPHS.split())
_FONT = re.compile(
    r"font(?:-family)?\s{0,9}:[^;]{0,99}?[\"']?(\.Vn\w+|VNI[- ][\w -]+)", re.IGNORECASE
)
_WHITE_SPACE = re.compile(r"[ \t\r\n\f]+")
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
# How Word and LibreOffice mark a footnote in the text, and the footnote itself at the end of the
# page.
_NOTE_MARK = re.compile(r"mso-(?:foot|end)note-id|^sd(?:foot|end)note(?:anc|sym)$")
_NOTE = re.compile(r"mso-element\s*:\s*(?:foot|end)note\b(?!-)|^sd(?:foot|end)note\d+$")
Piece = tuple[str, Script | None]
_NEW_LINE: Piece = ("\n", None)


def is_html(text: str) -> bool:
    """Whether a text is a web page, or a piece of one."""
    return bool(_PAGE.search(text[:_WITHIN])) and text.lstrip("\ufeff \t\r\n").startswith("<")


@dataclass(slots=True)
class _Reader:
    name: str
    blocks: list[Paragraph | Table] = field(default_factory=list)
    tables: int = 0
    scripts: set[Script] = field(default_factory=set)
    open: list[Piece] = field(default_factory=list)  # of the paragraph that is being read
    notes: list[str] = field(default_factory=list)  # footnotes

    def read(self, element: Any, script: Script | None) -> None:
        """Every block inside an element, in reading order."""
        if _is_silent(element) or _is_note_mark(element):
            return
        if _is_note(element):
            self.notes.append(" ".join("".join(element.itertext()).split()))
            return
        script = _script(element) or script
        if element.tag == "table" and not _is_frame(element):
            self.close()
            self.blocks.append(self.table(element, script))
            return
        self.flow(element, script)

    def flow(self, element: Any, script: Script | None) -> None:
        """The text of an element and of those inside it.

        A block stands in paragraphs of its own.
        """
        is_block = element.tag in _BLOCKS
        if is_block:
            self.close()
        self.add_text(element.text, script)
        for child in element:
            self.read(child, script)
            self.add_text(child.tail, script)
        if element.tag == "br":
            self.open.append(_NEW_LINE)
        if is_block:
            self.close()

    def add_text(self, text: str | None, script: Script | None) -> None:
        """A piece of the paragraph that is being read; its white space counts as single spaces."""
        if not text:
            return
        if script and text.strip():
            self.scripts.add(script)
        self.open.append((_WHITE_SPACE.sub(" ", text), script))

    def close(self) -> None:
        """End the paragraph that is being read."""
        text = _tidy(joined(self.open))
        self.open = []
        if text:
            self.blocks.append(Paragraph(text, Source(self.name, paragraph=len(self.blocks))))

    def table(self, element: Any, script: Script | None) -> Table:
        number, self.tables = self.tables, self.tables + 1
        lines = [row for row in _rows(element) if not _is_silent(row)]
        if len(lines) > MOST_ROWS:
            raise too_large(self.name)
        rows, sources = [], []
        for index, line in enumerate(lines):
            source = Source(self.name, number, index)
            rows.append(list(self.boxes(line, script, source)))
            sources.append(source)
        return flowed(rows, sources)

    def boxes(self, row: Any, script: Script | None, source: Source) -> Iterator[PlacedCell]:
        script = _script(row) or script
        for place, cell in enumerate(_cells(row)):
            text = self.cell_text(cell, script)
            columns, rows = span(cell.attrib, "colspan"), span(cell.attrib, "rowspan")
            yield PlacedCell(text, columns, rows, source.at(cell=place))

    def cell_text(self, cell: Any, script: Script | None) -> str:
        """The paragraphs of a cell as lines; so are those of tables inside it."""
        inside = _Reader(self.name)
        inside.read(cell, script)
        self.scripts |= inside.scripts
        self.notes += inside.notes
        return "\n".join(text for text in _block_texts(inside.blocks) if text)


def read_html(name: str, text: str) -> Document:
    """The document in a web page. Raises UnreadableDocument."""
    parser = html.HTMLParser(
        no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = html.document_fromstring(_DECLARED.sub("", text.replace("\0", "")), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as error:
        raise broken(name) from error
    reader = _Reader(name)
    reader.read(root, None)
    problems = [old_script(script, name) for script in sorted(reader.scripts)]
    if reader.notes:
        problems.append(footnotes_left(reader.notes, name))
    return Document(name, tuple(reader.blocks), tuple(problems))


def _is_silent(element: Any) -> bool:
    if not isinstance(element.tag, str) or element.tag in _SILENT:
        return True
    return bool(_HIDDEN.search(element.get("style", ""))) or element.get("hidden") is not None


def _block_texts(blocks: Iterable[Paragraph | Table]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block.text
            continue
        for row in block.rows:
            yield from (cell.text for cell in row.cells)


def _is_note_mark(element: Any) -> bool:
    return bool(element.tag == "a" and _is_marked(element, _NOTE_MARK))


def _is_note(element: Any) -> bool:
    return bool(element.tag == "div" and _is_marked(element, _NOTE))


def _is_marked(element: Any, form: re.Pattern[str]) -> bool:
    """Whether the style, class or id of an element is written in a form."""
    return any(form.search(element.get(name, "")) for name in ("style", "class", "id"))


def _script(element: Any) -> Script | None:
    """The script of the font that an element names itself."""
    if face := element.get("face"):
        return script_of(face.partition(",")[0])
    font = _FONT.search(element.get("style", ""))
    return script_of(font.group(1)) if font else None


def _rows(table: Any) -> Iterator[Any]:
    for element in table:
        if element.tag == "tr":
            yield element
        elif element.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in element if row.tag == "tr")


def _is_frame(table: Any) -> bool:
    """A table of one column that holds another one only holds the page together."""
    holds_a_table = False
    for row in _rows(table):
        cells = _cells(row)
        if len(cells) > 1:
            return False
        if cells and cells[0].find(".//table") is not None:
            holds_a_table = True
    return holds_a_table


def _cells(row: Any) -> list[Any]:
    return [child for child in row if child.tag in ("td", "th")]


def _tidy(text: str) -> str:
    """Lines without the spaces that a page does not show."""
    lines = (re.sub(r" +", " ", line).strip(" ") for line in text.split("\n"))
    return "\n".join(lines).strip("\n ")
