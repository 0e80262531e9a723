"""The text in bytes: Unicode by its marks, else an old encoding where the words say so."""

from __future__ import annotations

import codecs
import re

from toankhoa.core.basics import Problem
from toankhoa.documents.reading import encodings
from toankhoa.documents.reading.unreadable import UnreadableDocument, old_script

_BYTE_ORDERS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FONTS = re.compile(r"(?:face|font-family)\s{0,9}[=:][^;>]{0,99}?(?:\.Vn|VNI[- ])", re.IGNORECASE)
_WITHIN = 1_000_000  # characters in which a page names its fonts
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a]")


def decoded(name: str, data: bytes) -> tuple[str, tuple[Problem, ...]]:
    """The text of a file in NFC, and a warning where its encoding was concluded from its words.

    Raises UnreadableDocument. Where fonts are named that vouch for an old encoding, text is left
    for them to explain.
    """
    encoding = next((encoding for mark, encoding in _BYTE_ORDERS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        text, script = _without_unicode(name, data, error)
    else:
        text, script = (
            (text, None) if _FONTS.search(text, 0, _WITHIN) else encodings.recovered(text)
        )
    if _CONTROL.search(text):
        message = (
            f"Tệp “{name}” không phải tệp văn bản. "
            "Hãy dùng tệp .docx, .xlsx, .pdf, .html hoặc .txt."
        )
        raise UnreadableDocument("document-kind", message, name)
    return text, (old_script(script, name, guessed=True),) if script else ()


def _without_unicode(name: str, data: bytes, error: UnicodeDecodeError) -> tuple[str, str | None]:
    if b"\0" in data[:4096]:
        return "\0", None
    western = data.decode("cp1252", errors="replace")
    if _FONTS.search(western, 0, _WITHIN):
        return western, None
    if decoding := encodings.decoded(data):
        return decoding
    message = (
        f"Tệp “{name}” không phải văn bản Unicode (UTF-8). "
        "Hãy lưu lại với bảng mã UTF-8 hoặc dùng .docx."
    )
    raise UnreadableDocument("document-encoding", message, name) from error
