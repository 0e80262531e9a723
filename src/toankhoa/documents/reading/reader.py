"""Which reader reads a file: by what is in it, not by how it is called."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import replace

from toankhoa.core.basics import Problem, Severity, Source
from toankhoa.core.compiling import Document, Paragraph, Table, TableRow
from toankhoa.documents.reading import encodings
from toankhoa.documents.reading.apart import read_pdf_apart
from toankhoa.documents.reading.limits import cell_texts, check_document, check_text
from toankhoa.documents.reading.packages import Package
from toankhoa.documents.reading.pages import joined
from toankhoa.documents.reading.plain import decoded
from toankhoa.documents.reading.read_docx import read_docx
from toankhoa.documents.reading.read_html import is_html, read_html
from toankhoa.documents.reading.read_markdown import is_markdown, read_markdown
from toankhoa.documents.reading.read_office import (
    OLE,
    RTF,
    has_macros,
    is_open_document,
    read_office,
)
from toankhoa.documents.reading.read_text import read_text
from toankhoa.documents.reading.read_xlsx import read_xlsx
from toankhoa.documents.reading.unreadable import (
    UnreadableDocument,
    broken,
    macros_left,
    old_script,
)

_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"BM")
_ZIP, _PDF = b"PK", b"%PDF"
_PDF_WITHIN = 1024  # bytes in which a PDF may begin
MAX_BYTES = 64 * 2**20  # of the file as it came


def read(name: str, data: bytes) -> Document:
    """The document in a file of that name: Word, Excel, PDF, HTML, Markdown, text.

    Raises UnreadableDocument.

    All text is NFC; a table that was broken over pages is one.
    """
    if not data.strip(b" \t\r\n\0"):
        raise UnreadableDocument(
            "document-empty", f"Tệp “{name}” trống. Hãy chọn lại tệp kế hoạch.", name
        )
    if len(data) > MAX_BYTES:
        message = f"Tệp “{name}” lớn hơn {MAX_BYTES // 2**20} MB. Hãy bỏ bớt hình ảnh rồi lưu lại."
        raise UnreadableDocument("document-too-large", message, name)
    try:
        document = joined(_in_unicode(_composed(_read(name, data))))
    except RecursionError as error:  # elements nested without end: no program writes such a file
        raise broken(name) from error
    check_document(document)
    return document


def _read(name: str, data: bytes) -> Document:
    if data.startswith(_ZIP):
        return _read_package(name, data)
    if _PDF in data[:_PDF_WITHIN]:
        return read_pdf_apart(name, data)
    if data.startswith((OLE, RTF)):
        return _converted(name, data)
    if data.startswith(_PICTURES):
        message = (
            f"Tệp “{name}” là ảnh, không có chữ để đọc. Hãy dùng tệp Word hoặc Excel của kế hoạch."
        )
        raise UnreadableDocument("document-picture", message, name)
    return _read_text(name, data)


def _read_package(name: str, data: bytes, *, converted: bool = False) -> Document:
    package = Package(name, data)
    main = package.main
    if main.startswith("word/"):
        return read_docx(package)
    if main.startswith("xl/") and not main.endswith(".bin"):
        return read_xlsx(package)
    if not converted and (is_open_document(package) or main.startswith("xl/")):
        return _converted(name, data)
    message = (
        f"Tệp “{name}” không phải tệp Word hay Excel. "
        "Hãy dùng tệp .docx, .xlsx, .pdf, .html hoặc .txt."
    )
    raise UnreadableDocument("document-kind", message, name)


def _converted(name: str, data: bytes) -> Document:
    document = _read_package(name, read_office(name, data), converted=True)
    message = (
        "Tệp thuộc dạng cũ, đã được LibreOffice chuyển đổi trước khi đọc. "
        "Hãy đối chiếu với bản gốc."
    )
    note = Problem("document-converted", Severity.NOTE, message, Source(name), name)
    macros = (macros_left(name),) if has_macros(data) else ()
    return replace(document, problems=(note, *macros, *document.problems))


def _read_text(name: str, data: bytes) -> Document:
    check_text(name, data)
    text, problems = decoded(name, data)
    if is_html(text):
        document = read_html(name, text)
    elif is_markdown(text):
        document = read_markdown(name, text)
    else:
        document = read_text(name, text)
    return replace(document, problems=(*problems, *document.problems))


def _composed(document: Document) -> Document:
    """Every text in NFC."""
    return _with_texts(document, lambda text: unicodedata.normalize("NFC", text))


def _in_unicode(document: Document) -> Document:
    """Where no font vouched for an old encoding though the words do.

    A PDF whose own fonts were replaced.
    """
    texts = list(cell_texts(document))
    texts += [block.text for block in document.blocks if isinstance(block, Paragraph)]
    _, script = encodings.recovered("\n".join(texts))
    if script is None:
        return document
    guess = old_script(script, document.file, guessed=True)
    changed = _with_texts(document, lambda text: encodings.to_unicode(text, script))
    return replace(changed, problems=(*document.problems, guess))


def _with_texts(document: Document, change: Callable[[str], str]) -> Document:
    return replace(document, blocks=tuple(_block(block, change) for block in document.blocks))


def _block(block: Paragraph | Table, change: Callable[[str], str]) -> Paragraph | Table:
    if isinstance(block, Paragraph):
        return replace(block, text=change(block.text))
    rows = []
    for row in block.rows:
        cells = tuple(replace(cell, text=change(cell.text)) for cell in row.cells)
        rows.append(TableRow(cells, row.source))
    return Table(tuple(rows), block.width)
