"""A reader in a process of its own.

A file made to keep its reader busy, or to fill the memory, ends only that one.

The file comes to it by its standard input, the document or the refusal leaves by its standard
output. What answers is our own code, so that pickle may carry the answer.
"""

from __future__ import annotations

import pickle
import signal
import subprocess
import sys
from contextlib import suppress

from toankhoa.core.compiling import Document
from toankhoa.documents.reading.unreadable import UnreadableDocument, broken, slow, too_large

MEMORY = 1024 * 2**20  # bytes of address space; what is used of it stays below half
SECONDS = 30  # of work; a PDF of 200 pages takes 10
_PATIENCE = 3 * SECONDS  # by the clock, on a machine that has other things to do
_TOO_MUCH = 75  # exit code where the memory was not enough


def read_pdf_apart(name: str, data: bytes) -> Document:
    """`read_pdf.read_pdf` with limits.

    Raises UnreadableDocument, also where a limit was reached.
    """
    command = [
        sys.executable,
        "-P",
        "-c",
        f"from {__name__} import serve; serve()",
        name,
        str(SECONDS),
        str(MEMORY),
    ]
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=_PATIENCE, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise slow(name, _PATIENCE) from error
    if done.returncode == -signal.SIGXCPU:
        raise slow(name, SECONDS)
    if done.returncode == _TOO_MUCH:
        raise too_large(name)
    if done.returncode:
        raise broken(name)
    answer = pickle.loads(done.stdout)
    if isinstance(answer, Document):
        return answer
    raise UnreadableDocument(*answer)


def serve() -> None:
    """What the process does: read what comes in, and answer."""
    name, seconds, memory = sys.argv[1:]
    _limit(int(seconds), int(memory))
    # Its libraries take a third of a second to load: only this process waits for them.
    from toankhoa.documents.reading.read_pdf import read_pdf

    try:
        answer: object = read_pdf(name, sys.stdin.buffer.read())
    except UnreadableDocument as refusal:
        answer = refusal.problem.code, refusal.problem.message, name
    except MemoryError:
        sys.exit(_TOO_MUCH)
    sys.stdout.buffer.write(pickle.dumps(answer))


def _limit(seconds: int, memory: int) -> None:
    """Take no more than is given, where the system can see to that."""
    with suppress(ImportError):
        import resource  # not on every system

        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        if sys.platform == "linux":
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
