"""A web page as paragraphs and tables, with the spans of its cells. Nothing is fetched and no script is run."""

from __future__ import annotations

import re
from collections.abc import Iterator
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
    "address article blockquote body caption center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header "
    "hr html li main nav ol p pre section ul table thead tbody tfoot tr td th"
)
_BLOCKS = frozenset(_PARAGRAPHS.split())
_FONT = re.compile(
    r"font(?:-family)?\s{0,9}:[^;]{0,99}?[\"']?(\.Vn\w+|VNI[- ][\w -]+)", re.IGNORECASE
)
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
# How Word and LibreOffice mark a footnote in the text, and the footnote itself at the end of the page.
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
        if _is_silent(element) or (element.tag == "a" and _says(element, _NOTE_MARK)):
            return
        if element.tag == "div" and _says(element, _NOTE):
            self.notes.append(" ".join("".join(element.itertext()).split()))
            return
        script = _script(element) or script
        if element.tag == "table" and not _is_frame(element):
            self.close()
            self.blocks.append(self.table(element, script))
            return
        is_block = element.tag in _BLOCKS
        if is_block:
            self.close()
        self.say(element.text, script)
        for child in element:
            self.read(child, script)
            self.say(child.tail, script)
        if element.tag == "br":
            self.open.append(_NEW_LINE)
        if is_block:
            self.close()

    def say(self, text: str | None, script: Script | None) -> None:
        if text:
            self.scripts |= {script} if script and text.strip() else set()
            self.open.append((" ".join(re.split(r"[ \t\r\n\f]+", text)), script))

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
        sources = [Source(self.name, number, index) for index in range(len(lines))]
        rows = [
            list(self.boxes(row, script, source))
            for row, source in zip(lines, sources, strict=True)
        ]
        return flowed(rows, sources)

    def boxes(self, row: Any, script: Script | None, source: Source) -> Iterator[PlacedCell]:
        script = _script(row) or script
        for place, cell in enumerate(child for child in row if child.tag in ("td", "th")):
            text = self.cell_text(cell, script)
            yield PlacedCell(
                text,
                span(cell.attrib, "colspan"),
                span(cell.attrib, "rowspan"),
                source.at(cell=place),
            )

    def cell_text(self, cell: Any, script: Script | None) -> str:
        """The paragraphs of a cell as lines; so are those of tables inside it."""
        inside = _Reader(self.name)
        inside.read(cell, script)
        self.scripts |= inside.scripts
        self.notes += inside.notes
        lines = []
        for block in inside.blocks:
            cells = (
                [block]
                if isinstance(block, Paragraph)
                else [cell for row in block.rows for cell in row.cells]
            )
            lines += [one.text for one in cells if one.text]
        return "\n".join(lines)


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
    problems += [footnotes_left(reader.notes, name)] if reader.notes else []
    return Document(name, tuple(reader.blocks), tuple(problems))


def _is_silent(element: Any) -> bool:
    if not isinstance(element.tag, str) or element.tag in _SILENT:
        return True
    return bool(_HIDDEN.search(element.get("style", ""))) or element.get("hidden") is not None


def _says(element: Any, form: re.Pattern[str]) -> bool:
    return any(form.search(element.get(name, "")) for name in ("style", "class", "id"))


def _script(element: Any) -> Script | None:
    """The script of the font that an element names itself."""
    if face := element.get("face"):
        return script_of(face.partition(",")[0])
    said = _FONT.search(element.get("style", ""))
    return script_of(said.group(1)) if said else None


def _rows(table: Any) -> Iterator[Any]:
    for element in table:
        if element.tag == "tr":
            yield element
        elif element.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in element if row.tag == "tr")


def _is_frame(table: Any) -> bool:
    """A table of one column that holds another one only holds the page together."""
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in _rows(table)]
    return all(len(cells) <= 1 for cells in rows) and any(
        cell.find(".//table") is not None for cells in rows for cell in cells
    )


def _tidy(text: str) -> str:
    """Lines without the spaces that a page does not show."""
    lines = (re.sub(r" +", " ", line).strip(" ") for line in text.split("\n"))
    return "\n".join(lines).strip("\n ")
