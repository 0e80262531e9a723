"""How large a plan may be.

What goes beyond is no plan, and would keep the machine busy or fill its memory.

A plan of 5,000 rows, the longest that is to be read, stays below half of each limit.
"""

from __future__ import annotations

from collections.abc import Iterator

from toankhoa.core.compiling import Document, Paragraph
from toankhoa.documents.reading.unreadable import UnreadableDocument, too_large

MOST_COLUMNS = 63  # Word's own limit; a span beyond it is damage
MOST_ROWS = 12_000  # of all tables together
MOST_CELLS = 300_000
MOST_PARAGRAPHS = 12_000
MOST_CHARACTERS = 5_000_000  # of the whole text
LONGEST_TEXT = 20_000  # characters of one paragraph or cell: six pages
MOST_TAGS = 1_500_000  # of one XML part: a cell of Word has thirty
_MOST_PAGE_TAGS = 1_000_000
_LARGEST_PAGE = 20 * 2**20  # bytes of a web page with its marks


def check_tags(name: str, data: bytes) -> None:
    """Raises UnreadableDocument where a part has more elements than any plan."""
    if data.count(b"<") > MOST_TAGS:
        raise too_large(name)


def check_text(name: str, data: bytes) -> None:
    """The same for plain text, or a web page, before anything is made of it."""
    cells = max(map(data.count, (b"\t", b"|", b"<td", b"<th", b"<TD", b"<TH")))
    if len(data) > _LARGEST_PAGE or data.count(b"<") > _MOST_PAGE_TAGS or cells > MOST_CELLS:
        raise too_large(name)
    if data.count(b"\n") > MOST_CELLS + MOST_PARAGRAPHS:
        raise too_large(name)


def check_document(document: Document) -> None:
    """The same for what was read.

    A paragraph that is too long is no paragraph: its lines were lost on the way.
    """
    rows = sum(len(table.rows) for table in document.tables)
    cells = list(cell_texts(document))
    paragraphs = [block.text for block in document.blocks if isinstance(block, Paragraph)]
    if rows > MOST_ROWS or len(cells) > MOST_CELLS or len(paragraphs) > MOST_PARAGRAPHS:
        raise too_large(document.file)
    lengths = [len(text) for text in (*cells, *paragraphs)]
    if sum(lengths) > MOST_CHARACTERS:
        raise too_large(document.file)
    if max(lengths, default=0) > LONGEST_TEXT:
        message = (
            f"Tệp “{document.file}” có đoạn dài hơn {LONGEST_TEXT} chữ, không giống kế hoạch. "
            "Hãy ngắt thành từng đoạn, từng ô rồi lưu lại."
        )
        raise UnreadableDocument("paragraph-too-long", message, document.file)


def cell_texts(document: Document) -> Iterator[str]:
    """The texts of all tables, cell by cell."""
    for table in document.tables:
        for row in table.rows:
            yield from (cell.text for cell in row.cells)
