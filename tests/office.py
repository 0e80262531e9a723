"""Word files saved by LibreOffice as other kinds: its start costs more than a file, so all of a
kind go in one run.
"""

import fcntl
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path

import pens
import plan_files
import pytest
from docx import Document as Word


@dataclass(frozen=True)
class Office:
    """A folder that every process of a test run shares; a kind of file is made there when it is
    first asked for.
    """

    folder: Path

    def saved(self, name: str, kind: str) -> bytes:
        """The paper of that name as a file of that kind: "pdf", "doc", "rtf", "odt"."""
        made = self.folder / kind
        with self._alone():
            if not made.exists():
                self._convert(kind, papers(kind)).rename(made)
        return (made / f"{name}.{kind}").read_bytes()

    def locked_pdf(self, name: str) -> bytes:
        """A paper as a PDF that asks for a password."""
        asks = '{"EncryptFile":{"type":"boolean","value":"true"},"DocumentOpenPassword":{"type":"string","value":"a"}}'
        with self._alone():
            made = self._convert(f"pdf:writer_pdf_Export:{asks}", {name: papers("pdf")[name]})
            return (made / f"{name}.pdf").read_bytes()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """No other process of this run is making files: two may not share LibreOffice's profile
        either.
        """
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _convert(self, kind: str, written: dict[str, Callable[[], bytes]]) -> Path:
        """The folder of what was made."""
        program = shutil.which("soffice") or shutil.which("libreoffice")
        if program is None:
            pytest.skip("LibreOffice is not installed: no file of this kind can be made")
        made = self.folder / "made"
        made.mkdir(exist_ok=True)
        for name, write in written.items():
            (made / f"{name}.docx").write_bytes(write())
        profile = f"-env:UserInstallation={(self.folder / 'profile').as_uri()}"
        command = [
            program,
            profile,
            "--headless",
            "--convert-to",
            kind,
            *(f"{name}.docx" for name in written),
        ]
        subprocess.run(command, cwd=made, check=True, timeout=240, capture_output=True)
        return made


def papers(kind: str) -> dict[str, Callable[[], bytes]]:
    """What may be asked for as a file of that kind, and what writes its Word file."""
    unseen = {
        path.stem: partial(pens.written, path)
        for path in pens.CASES
        if kind in pens.case(path)["kinds"]
    }
    plans = {which: partial(plan_files.source, which) for which in plan_files.there()}
    return {**unseen, **plans, "one line": one_line}


def one_line() -> bytes:
    word, saved = Word(), BytesIO()
    word.add_paragraph("Một dòng.")
    word.save(saved)
    return saved.getvalue()
