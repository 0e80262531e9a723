"""A Word file as paragraphs and tables, with spans and places. Reads the XML itself: python-docx hides merges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from toankhoa.core.problems import Source
from toankhoa.core.table import Cell, Document, Paragraph, Row, Table
from toankhoa.documents.living_words import REPORTED
from toankhoa.documents.unreadable import UnreadableDocument

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# What is not the document's text now: deletions, the place a piece was moved from, the second copy of a text box.
_HIDDEN = {f"{_W}del", f"{_W}moveFrom", "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
_CHARACTERS = {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_WRAPPERS = {f"{_W}sdt", f"{_W}sdtContent", f"{_W}customXml", f"{_W}ins", f"{_W}smartTag"}

_MOST_COLUMNS = 63  # Word's own limit; a span beyond it is damage


@dataclass(frozen=True, slots=True)
class _RawCell:
    text: str
    column: int
    columns: int
    continues: bool  # the lower part of a cell merged downwards
    place: int  # among the row's own cells


def read_docx(name: str, parts: Mapping[str, bytes]) -> Document:
    """The document in the parts of a Word package. Raises UnreadableDocument."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(parts["word/document.xml"], parser)
    except etree.XMLSyntaxError as error:
        message = f"Nội dung tệp “{name}” bị hỏng, không đọc được. Hãy mở bằng Word và lưu lại."
        raise UnreadableDocument("document-broken", message, name) from error
    blocks: list[Paragraph | Table] = []
    tables = 0
    for place, element in enumerate(_children(root.find(f"{_W}body"), "p", "tbl")):
        if element.tag == f"{_W}p":
            blocks.append(Paragraph(_text(element), Source(name, paragraph=place)))
        else:
            blocks.append(_table(element, name, tables))
            tables += 1
    return Document(name, tuple(blocks))


def _children(parent: Any, *names: str) -> Iterator[Any]:
    """Elements of those names, looking through wrappers such as content controls."""
    tags = {f"{_W}{name}" for name in names}
    for element in parent if parent is not None else ():
        if element.tag in tags:
            yield element
        elif element.tag in _WRAPPERS:
            yield from _children(element, *names)


def _text(element: Any) -> str:
    """The text of a paragraph; a line break inside it is a newline. What a living plan adds reads as blank."""
    style = element.find(f"{_W}pPr/{_W}pStyle")
    if style is not None and style.get(f"{_W}val") == REPORTED:
        return ""
    return "".join(_pieces(element))


def _pieces(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _CHARACTERS:
            yield _CHARACTERS[child.tag]
        elif child.tag not in _HIDDEN:
            yield from _pieces(child)


def _table(element: Any, name: str, number: int) -> Table:
    raw = [list(_raw_cells(row)) for row in _children(element, "tr")]
    rows = tuple(_row(raw, index, Source(name, number, index)) for index in range(len(raw)))
    return Table(rows, max((cell.column + cell.columns for cells in raw for cell in cells), default=0))


def _row(raw: list[list[_RawCell]], index: int, place: Source) -> Row:
    cells = (
        Cell(cell.text, cell.column, cell.columns, _depth(raw, index, cell.column), place.at(cell=cell.place))
        for cell in raw[index]
        if not cell.continues
    )
    return Row(tuple(cells), place)


def _raw_cells(row: Any) -> Iterator[_RawCell]:
    column = _number(row.find(f"{_W}trPr/{_W}gridBefore"), 0)
    for place, element in enumerate(_children(row, "tc")):
        properties = f"{_W}tcPr"
        columns = _number(element.find(f"{properties}/{_W}gridSpan"), 1)
        merge = element.find(f"{properties}/{_W}vMerge")
        text = "\n".join(_text(paragraph) for paragraph in element.iter(f"{_W}p"))
        continues = merge is not None and merge.get(f"{_W}val", "continue") == "continue" and not text.strip()
        yield _RawCell(text, column, columns, continues, place)
        column += columns


def _number(element: Any, default: int) -> int:
    value = "" if element is None else element.get(f"{_W}val", "")
    return min(int(value), _MOST_COLUMNS) if value.isdecimal() else default


def _depth(raw: list[list[_RawCell]], index: int, column: int) -> int:
    """How many rows the cell that begins there covers."""
    depth = 1
    while index + depth < len(raw) and any(cell.column == column and cell.continues for cell in raw[index + depth]):
        depth += 1
    return depth
