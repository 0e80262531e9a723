"""Files of older office programs (.doc, .xls, .rtf, .odt, .ods), read through LibreOffice.

A private profile in a folder of its own: nothing of the user's is touched, two conversions may run
at once, and macros stay asleep, as a new profile trusts none.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from struct import unpack_from

from toankhoa.documents.reading.packages import Package
from toankhoa.documents.reading.unreadable import UnreadableDocument, broken, protected, slow

OLE, RTF = b"\xd0\xcf\x11\xe0", b"{\\rtf"
_PROGRAMS = ("soffice", "libreoffice")
_SECONDS = 60
# Kilobytes and seconds, of it and of all that it starts.
_LIMITED = f'ulimit -v {2 * 2**20}; ulimit -t {_SECONDS}; exec "$0" "$@"'
_TEXT, _SHEET = "docx:MS Word 2007 XML", "xlsx:Calc MS Excel 2007 XML"
# A .doc's first bytes, and the flag in its 12th: locked with a password.
_WORD_MAGIC, _LOCKED_FLAG = b"\xec\xa5", 0x01
# An .xls whose first record locks it.
_LOCKED_SHEET = re.compile(rb"\x09\x08\x10\x00\x00\x06.{14}\x2f\x00", re.DOTALL)
_FIRST_SECTOR = 512
_BYTE_ORDER, _SECTOR_SHIFTS = 0xFFFE, (9, 12)  # what the head of every compound file says
_FILLING = b"\0\x1a \t\r\n"  # what may stand after the end of an RTF text


def read_office(name: str, data: bytes) -> bytes:
    """The same document as .docx or .xlsx.

    Raises UnreadableDocument where it cannot be converted.
    """
    suffix, form = _kind(name, data)
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        message = (
            f"Tệp “{name}” thuộc dạng cũ ({suffix}), "
            "máy chủ chưa cài LibreOffice nên không đọc được. "
        )
        message += "Hãy mở bằng Word hoặc Excel và lưu lại thành .docx hoặc .xlsx."
        raise UnreadableDocument("document-old-office", message, name)
    with tempfile.TemporaryDirectory(prefix="toankhoa-") as folder:
        source, target = Path(folder) / f"in{suffix}", Path(folder) / f"in.{form.partition(':')[0]}"
        source.write_bytes(data)
        _convert(program, source, form, name)
        if not target.is_file():
            raise broken(name)
        return target.read_bytes()


def _kind(name: str, data: bytes) -> tuple[str, str]:
    """The suffix of the file's own kind and the form to convert to, by what is in it."""
    if data.startswith(RTF):
        if not data.rstrip(_FILLING).endswith(b"}"):
            raise broken(name)  # cut: what is left would be read as if it were all
        return ".rtf", _TEXT
    if data.startswith(OLE):
        return _kind_of_compound(name, data)
    kind = _open_kind(Package(name, data))
    if not kind:
        return ".xlsb", _SHEET
    return (".ods", _SHEET) if "spreadsheet" in kind else (".odt", _TEXT)


def _kind_of_compound(name: str, data: bytes) -> tuple[str, str]:
    """The same of a compound file (OLE), as Word and Excel wrote until 2003."""
    if _is_locked(data):
        raise protected(name)
    if _is_cut(data):
        raise broken(name)
    if _has_stream(data, "WordDocument"):
        return ".doc", _TEXT
    if _has_stream(data, "Workbook") or _has_stream(data, "Book\0"):
        return ".xls", _SHEET
    raise broken(name)


def _is_locked(data: bytes) -> bool:
    encrypted = _has_stream(data, "EncryptedPackage") or _is_locked_word(data)
    return encrypted or bool(_LOCKED_SHEET.search(data))


def _has_stream(data: bytes, name: str) -> bool:
    """Whether a compound file holds a part of that name."""
    return name.encode("utf-16-le") in data


def _is_cut(data: bytes) -> bool:
    """Whether a compound file ends before the directory of its parts, or never had one."""
    mark, shift, directory = unpack_from("<28xHH16xI", data.ljust(_FIRST_SECTOR, b"\0"))
    return (
        mark != _BYTE_ORDER or shift not in _SECTOR_SHIFTS or (directory + 1) << shift >= len(data)
    )


def has_macros(data: bytes) -> bool:
    """Whether an old office file, as it came, holds macros; what it is converted to has none."""
    return data.startswith(OLE) and "_VBA_PROJECT".encode("utf-16-le") in data


def _is_locked_word(data: bytes) -> bool:
    start = data[_FIRST_SECTOR : _FIRST_SECTOR + 12]
    return len(start) == 12 and start.startswith(_WORD_MAGIC) and bool(start[11] & _LOCKED_FLAG)


def is_open_document(package: Package) -> bool:
    """Whether a package is a text or a sheet of OpenDocument.

    Raises UnreadableDocument where it is locked.
    """
    kind = _open_kind(package)
    if (
        kind
        and "META-INF/manifest.xml" in package
        and b"encryption-data" in package.part("META-INF/manifest.xml")
    ):
        raise protected(package.name)
    return kind.startswith("application/vnd.oasis.opendocument.") and (
        "text" in kind or "spreadsheet" in kind
    )


def _open_kind(package: Package) -> str:
    if "mimetype" not in package:
        return ""
    return package.part("mimetype")[:100].decode("ascii", errors="replace")


def _convert(program: str, source: Path, form: str, name: str) -> None:
    """Run the program on a file; it and all it started end when the time is over."""
    profile = (source.parent / "profile").as_uri()
    command = [
        program,
        f"-env:UserInstallation={profile}",
        "--headless",
        "--norestore",
        "--convert-to",
        form,
    ]
    command = ["sh", "-c", _LIMITED, *command, "--outdir", str(source.parent), str(source)]
    none = subprocess.DEVNULL
    running = subprocess.Popen(
        command, cwd=source.parent, start_new_session=True, stdin=none, stdout=none, stderr=none
    )
    try:
        running.wait(timeout=_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise slow(name, _SECONDS) from error
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        running.wait()
