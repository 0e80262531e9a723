"""What a reader raises: nothing of the file could be read."""

from __future__ import annotations

from toankhoa.core.problems import Problem, Refused, Severity, Source


class UnreadableDocument(Refused):
    """A file that no reader can read; `problem` says in Vietnamese what it is and what to do."""

    def __init__(self, code: str, message: str, name: str) -> None:
        super().__init__(Problem(code, Severity.ERROR, message, Source(name), name))
