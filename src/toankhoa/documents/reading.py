"""Which reader reads a file: by what is in it, not by how it is called."""

from __future__ import annotations

import codecs
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO

from toankhoa.core.table import Document
from toankhoa.documents.read_docx import read_docx
from toankhoa.documents.read_text import read_text
from toankhoa.documents.unreadable import UnreadableDocument

MAX_UNZIPPED = 100 * 2**20  # bytes of a Word file's parts together; a real plan has less than one million
_WORD_PART = "word/document.xml"
_SIGNATURES = {
    b"\xd0\xcf\x11\xe0": (
        "document-old-word",
        "Tệp “{name}” là tệp .doc kiểu cũ hoặc có đặt mật khẩu. Hãy bỏ mật khẩu, mở bằng Word và lưu lại thành .docx.",
    ),
    b"%PDF": ("document-pdf", "Tệp “{name}” là PDF, chưa đọc được. Hãy dùng bản Word (.docx) của kế hoạch."),
}
_BYTE_ORDERS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def read(name: str, data: bytes) -> Document:
    """The document in a file of that name. Raises UnreadableDocument."""
    if not data.strip():
        raise UnreadableDocument("document-empty", f"Tệp “{name}” trống. Hãy chọn lại tệp kế hoạch.", name)
    for start, (code, message) in _SIGNATURES.items():
        if data.startswith(start):
            raise UnreadableDocument(code, message.format(name=name), name)
    if data.startswith(b"PK"):
        return read_docx(name, _parts(name, data))
    return read_text(name, _decoded(name, data))


def _parts(name: str, data: bytes) -> Mapping[str, bytes]:
    """The parts of a Word package that are read."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            if sum(entry.file_size for entry in package.infolist()) > MAX_UNZIPPED:
                raise UnreadableDocument(
                    "document-too-large", f"Tệp “{name}” quá lớn khi giải nén. Hãy bỏ bớt hình ảnh rồi lưu lại.", name
                )
            if _WORD_PART not in package.namelist():
                raise UnreadableDocument(
                    "document-kind", f"Tệp “{name}” không phải tệp Word. Hãy dùng tệp .docx hoặc .txt.", name
                )
            return {_WORD_PART: package.read(_WORD_PART)}
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error) as error:
        message = f"Tệp “{name}” bị hỏng hoặc thiếu một phần, không mở được. Hãy lấy lại bản gốc."
        raise UnreadableDocument("document-broken", message, name) from error


def _decoded(name: str, data: bytes) -> str:
    encoding = next((encoding for mark, encoding in _BYTE_ORDERS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        message = f"Tệp “{name}” không phải văn bản Unicode (UTF-8). Hãy lưu lại với bảng mã UTF-8 hoặc dùng .docx."
        raise UnreadableDocument("document-encoding", message, name) from error
    if "\0" in text:
        raise UnreadableDocument(
            "document-kind", f"Tệp “{name}” không phải tệp văn bản. Hãy dùng tệp .docx hoặc .txt.", name
        )
    return text
