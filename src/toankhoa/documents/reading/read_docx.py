"""A Word file as paragraphs and tables, with spans and places.

Reads the XML itself: python-docx hides merges.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from toankhoa.core.basics import Problem, Severity, Source
from toankhoa.core.compiling import Document, Paragraph, Table
from toankhoa.documents.reading.encodings import Script, joined, script_of
from toankhoa.documents.reading.limits import MOST_COLUMNS, MOST_ROWS
from toankhoa.documents.reading.packages import Package
from toankhoa.documents.reading.spans import PlacedCell, placed_table
from toankhoa.documents.reading.unreadable import (
    footnotes_left,
    old_script,
    page_lines_left,
    too_large,
)
from toankhoa.documents.reading.word_margins import NOTES, notes, page_lines
from toankhoa.documents.reading.word_styles import REPORTED, Numbering, Styles, W, number, value

# The second copy of a text box.
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_DELETED = {f"{W}del", f"{W}moveFrom"}
_SKIPPED = {f"{W}pPr", f"{W}rPr", f"{W}instrText", _FALLBACK}
_CHARACTERS = {
    f"{W}tab": " ",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
    f"{W}softHyphen": "\u00ad",
}
_WRAPPERS = {f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}ins", f"{W}moveTo", f"{W}smartTag"}
# Of Wingdings and Symbol, which plans use as marks.
_TICKS = {
    0xFC: "✓",
    0xFE: "☑",
    0xFD: "☒",
    0xD6: "√",
}
_NESTED_COLUMNS, _NESTED_ROWS = 3, 3  # a table in a cell that is so large stands for itself
Piece = tuple[str, Script | None]


@dataclass(frozen=True, slots=True)
class _RawCell:
    box: PlacedCell
    column: int
    continues: bool  # the lower part of a cell merged downwards


@dataclass(slots=True)
class _Reader:
    """Reads in one go from top to bottom: numbers of lists are counted on the way."""

    name: str
    styles: Styles
    numbering: Numbering
    blocks: list[Paragraph | Table] = field(default_factory=list)
    tables: int = 0
    places: int = 0  # paragraphs and tables met
    # What text boxes and cells hold that is to be read next.
    aside: list[list[Any]] = field(default_factory=list)
    changes: int = 0
    # Marks of notes: the part that has them, their ids.
    notes: list[tuple[str, str]] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    scripts: set[Script] = field(default_factory=set)

    def read(self, elements: Iterable[Any]) -> None:
        """Every paragraph and table, and after each what stands aside of it."""
        for element in elements:
            if element.tag == f"{W}p":
                self.blocks.append(
                    Paragraph(self.text(element), Source(self.name, paragraph=self.places))
                )
                self.places += 1
            elif _is_frame(element):
                for row in _children(element, "tr"):
                    for cell in _children(row, "tc"):
                        self.read(_children(cell, "p", "tbl"))
            else:
                self.blocks.append(self.table(element))
                self.places += 1
            waiting, self.aside = self.aside, []
            for box in waiting:
                self.read(box)

    def text(self, paragraph: Any) -> str:
        """The text with the number Word prints; line breaks are newlines.

        What a living plan adds reads as blank.
        """
        style = value(paragraph, "pPr/pStyle")
        if style == REPORTED:
            return ""
        label = self.numbering.label(paragraph)
        text = joined(self.pieces(paragraph, style, None))
        return f"{label} {text}".strip() if label else text

    def pieces(self, element: Any, style: str | None, script: Script | None) -> Iterator[Piece]:
        for child in element:
            if child.tag == f"{W}t":
                yield child.text or "", script
            elif child.tag in _CHARACTERS:
                yield _CHARACTERS[child.tag], script
            elif child.tag == f"{W}sym":
                yield _symbol(child)
            elif child.tag == f"{W}r":
                yield from self.run(child, style)
            elif child.tag == f"{W}txbxContent":
                self.aside.append(list(_children(child, "p", "tbl")))
            elif child.tag in _DELETED:
                self.changes += 1
            elif child.tag not in _SKIPPED:
                self.count_mark(child)
                yield from self.pieces(child, style, script)

    def count_mark(self, element: Any) -> None:
        """An insertion that awaits acceptance, or the mark of a footnote."""
        if element.tag == f"{W}ins":
            self.changes += 1
        if element.tag in NOTES:
            self.notes.append((NOTES[element.tag], element.get(f"{W}id", "")))

    def run(self, run: Any, style: str | None) -> Iterator[Piece]:
        script = script_of(self.styles.font(run, style))
        pieces = list(self.pieces(run, style, script))
        vanish = run.find(f"{W}rPr/{W}vanish")
        if vanish is not None and vanish.get(f"{W}val") not in ("0", "false"):
            self.hidden.append(joined(pieces))
            return
        if script and any(text.strip() for text, _ in pieces):
            self.scripts.add(script)
        yield from pieces

    def table(self, element: Any) -> Table:
        table, self.tables = self.tables, self.tables + 1
        rows = [row for row in _children(element, "tr") if not self.is_deleted(row)]
        if len(rows) > MOST_ROWS:
            raise too_large(self.name)
        sources = [Source(self.name, table, index) for index in range(len(rows))]
        raw = [list(self.raw_cells(row, source)) for row, source in zip(rows, sources, strict=True)]
        depths = _depths(raw)
        placed = []
        for index, cells in enumerate(raw):
            line = []
            for cell in cells:
                if not cell.continues:
                    box = replace(cell.box, rows=depths[index, cell.column])
                    line.append((cell.column, box))
            placed.append(line)
        return placed_table(placed, sources)

    def is_deleted(self, row: Any) -> bool:
        deleted = row.find(f"{W}trPr/{W}del") is not None
        self.changes += deleted
        return deleted

    def raw_cells(self, row: Any, source: Source) -> Iterator[_RawCell]:
        column = min(number(row, "trPr/gridBefore", 0), MOST_COLUMNS)
        for place, element in enumerate(_children(row, "tc")):
            if column >= MOST_COLUMNS:
                break
            columns = min(number(element, "tcPr/gridSpan", 1), MOST_COLUMNS) or 1
            text = self.cell_text(element)
            continues = _continues_cell_above(element) and not text.strip()
            yield _RawCell(PlacedCell(text, columns, 1, source.at(cell=place)), column, continues)
            column += columns

    def cell_text(self, cell: Any) -> str:
        """Its paragraphs as lines.

        The rows of a small table in it are lines, too; a large one waits for its turn.
        """
        lines: list[str] = []
        for element in _children(cell, "p", "tbl"):
            if element.tag == f"{W}p":
                lines.append(self.text(element))
            elif _is_large(element):
                self.aside.append([element])
            else:
                rows = _children(element, "tr")
                lines += [
                    " ".join(filter(None, map(self.cell_text, _children(row, "tc"))))
                    for row in rows
                ]
        return "\n".join(lines)

    def problems(self) -> Iterator[Problem]:
        place = Source(self.name)
        if self.changes:
            message = (
                f"Tệp còn {self.changes} chỗ sửa chưa duyệt (Track Changes); "
                "đã đọc như đã chấp nhận hết. "
            )
            message += "Hãy duyệt các chỗ sửa rồi lưu lại."
            yield Problem("changes-tracked", Severity.WARNING, message, place, self.name)
        for text in filter(str.strip, self.hidden):
            message = (
                f"Chữ ẩn “{text}” không vào kế hoạch. "
                "Hãy bỏ thuộc tính ẩn (Hidden) nếu chữ này thuộc kế hoạch."
            )
            yield Problem("text-hidden", Severity.WARNING, message, place, text)
        for script in sorted(self.scripts):
            yield old_script(script, self.name)


def read_docx(package: Package) -> Document:
    """The document in a Word package. Raises UnreadableDocument."""
    main, name = package.main, package.name
    parts = (package.beside(main, kind) for kind in ("styles", "numbering"))
    style_root, list_root = (None if part is None else package.xml(part) for part in parts)
    styles = Styles(style_root)
    reader = _Reader(name, styles, Numbering(list_root, styles))
    reader.read(_children(package.xml(main).find(f"{W}body"), "p", "tbl"))
    return Document(
        name,
        tuple(reader.blocks),
        (*package.problems, *_beside(package, reader), *reader.problems()),
    )


def _beside(package: Package, reader: _Reader) -> Iterator[Problem]:
    """What stands beside the text and is no part of it."""
    if reader.notes:
        yield footnotes_left(notes(package, reader.notes, reader.text), package.name)
    if lines := page_lines(package, reader.text):
        yield page_lines_left(lines, package.name)


def _children(parent: Any, *names: str) -> Iterator[Any]:
    """Elements of those names, looking through wrappers such as content controls."""
    tags = {f"{W}{name}" for name in names}
    for element in parent if parent is not None else ():
        if element.tag in tags:
            yield element
        elif element.tag in _WRAPPERS:
            yield from _children(element, *names)


def _symbol(element: Any) -> Piece:
    """A character of a symbol font.

    A tick, a letter of an old Vietnamese font, or nothing that says anything.
    """
    try:
        code = int(element.get(f"{W}char", ""), 16) & 0xFF
    except ValueError:
        return "", None
    script = script_of(element.get(f"{W}font"))
    return (chr(code), script) if script else (_TICKS.get(code, ""), None)


def _is_frame(table: Any) -> bool:
    """A table of one column that holds another one only holds the page together."""
    holds_a_table = False
    for row in _children(table, "tr"):
        cells = list(_children(row, "tc"))
        if len(cells) > 1:
            return False
        if cells and next(_children(cells[0], "tbl"), None) is not None:
            holds_a_table = True
    return holds_a_table


def _continues_cell_above(cell: Any) -> bool:
    merge = cell.find(f"{W}tcPr/{W}vMerge")
    return merge is not None and merge.get(f"{W}val", "continue") == "continue"


def _is_large(table: Any) -> bool:
    rows = list(_children(table, "tr"))
    widest = max((sum(1 for _ in _children(row, "tc")) for row in rows), default=0)
    return len(rows) >= _NESTED_ROWS and widest >= _NESTED_COLUMNS


def _depths(raw: list[list[_RawCell]]) -> dict[tuple[int, int], int]:
    """How many rows the cell at (row, column) covers."""
    depths: dict[tuple[int, int], int] = {}
    below: dict[int, int] = {}
    for index in reversed(range(len(raw))):
        here = {cell.column: (below.get(cell.column, 0) + 1, cell.continues) for cell in raw[index]}
        depths |= {(index, column): depth for column, (depth, _) in here.items()}
        below = {column: depth for column, (depth, continues) in here.items() if continues}
    return depths
