"""Office files are zip packages of XML parts.

Opened with limits, so that no file can fill the memory or reach out.
"""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO
from typing import Any

from lxml import etree

from toankhoa.core.basics import Problem
from toankhoa.documents.reading.limits import check_tags
from toankhoa.documents.reading.unreadable import (
    UnreadableDocument,
    broken,
    macros_left,
    protected,
    too_large,
)

# Bytes of all parts together; a real plan has less than one million, pictures apart.
MAX_UNZIPPED = 150 * 2**20
# Bytes of an XML part that is read: a plan of 5,000 rows has less than half of it.
MAX_PART = 40 * 2**20
_DAMAGE = (
    zipfile.BadZipFile,
    EOFError,
    NotImplementedError,
    RuntimeError,
    zlib.error,
    ValueError,
    OSError,
)
# The "strict" variety of the formats says the same in other words.
_STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": (
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    ),
    b"http://purl.oclc.org/ooxml/spreadsheetml/main": (
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    ),
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ),
}
_ENCRYPTED = 0x1


class Package:
    """The parts of a zip package, by name.

    Raises UnreadableDocument where it is damaged, locked or too large.
    """

    def __init__(self, name: str, data: bytes) -> None:
        self.name = name
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except _DAMAGE as error:
            raise broken(name) from error
        self._sizes = {entry.filename: entry.file_size for entry in self._zip.infolist()}
        if any(entry.flag_bits & _ENCRYPTED for entry in self._zip.infolist()):
            raise protected(name)
        if sum(self._sizes.values()) > MAX_UNZIPPED:
            raise too_large(name)

    def __contains__(self, part: str) -> bool:
        return part in self._sizes

    def part(self, part: str) -> bytes:
        """The bytes of a part that is there."""
        if self._sizes[part] > MAX_PART:
            raise too_large(self.name)
        try:
            return self._zip.read(part)
        except _DAMAGE as error:
            raise broken(self.name) from error

    def xml(self, part: str) -> Any:
        """The root element of a part that is there."""
        return parsed(self.name, self.part(part))

    def targets(self, part: str) -> dict[str, tuple[str, str]]:
        """What a part ("" for the package) refers to: id → (kind, name of the part)."""
        folder, _, file = part.rpartition("/")
        listed = f"{folder}/_rels/{file}.rels".lstrip("/")
        if listed not in self:
            return {}
        targets = {}
        for element in self.xml(listed):
            target, kind = element.get("Target", ""), element.get("Type", "").rpartition("/")[2]
            path = (
                target.lstrip("/") if target.startswith("/") else f"{folder}/{target}".lstrip("/")
            )
            targets[element.get("Id", "")] = (kind, path)
        return targets

    @property
    def main(self) -> str:
        """The name of the part that is the document itself; "" where none is."""
        named = (
            path
            for kind, path in self.targets("").values()
            if kind == "officeDocument" and path in self
        )
        usual = (part for part in ("word/document.xml", "xl/workbook.xml") if part in self)
        return next(named, next(usual, ""))

    def beside(self, part: str, kind: str) -> str | None:
        """The name of the first part of that kind which a part refers to."""
        for target_kind, path in self.targets(part).values():
            if target_kind == kind and path in self:
                return path
        return None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What a person should know of the package as a whole."""
        if not any(part.endswith("vbaProject.bin") for part in self._sizes):
            return ()
        return (macros_left(self.name),)


def parsed(name: str, data: bytes) -> Any:
    """The root of an XML text.

    One that declares entities is refused: office programs never write any.
    """
    check_tags(name, data)
    for strict, usual in _STRICT.items():
        data = data.replace(strict, usual)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        if b"<!ENTITY" in data[:4096]:
            raise _unsafe(name) from error
        message = (
            f"Nội dung tệp “{name}” bị hỏng, không đọc được. "
            "Hãy mở bằng Word hoặc Excel và lưu lại."
        )
        raise UnreadableDocument("document-broken", message, name) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise _unsafe(name)
    return root


def _unsafe(name: str) -> UnreadableDocument:
    message = (
        f"Tệp “{name}” có khai báo lạ (DTD) có thể gây hại, không đọc. "
        "Hãy mở bằng Word hoặc Excel và lưu lại."
    )
    return UnreadableDocument("document-unsafe", message, name)
