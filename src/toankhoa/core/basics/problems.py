"""An error as a value: what was met, where, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """How much a problem matters to the person who reads the list."""

    ERROR = "error"  # something in the document could not be read
    WARNING = "warning"  # it was read, but a person should look
    NOTE = "note"  # read with a convention that is worth knowing


@dataclass(frozen=True, slots=True)
class Source:
    """Where an element stands in its document. All counts start at 0, header rows included.

    Text outside a table has `table` None and a `paragraph` number (of the document's own blocks).
    """

    file: str = ""
    table: int | None = None
    row: int | None = None
    cell: int | None = None
    paragraph: int | None = None

    def at(self, *, cell: int) -> Source:
        """The same row, another cell."""
        return Source(self.file, self.table, self.row, cell, self.paragraph)


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding.

    `message` is Vietnamese, names the rule and suggests a mend; `fragment` is the text met.
    """

    code: str
    severity: Severity
    message: str
    source: Source = field(default=Source(), compare=False)
    fragment: str = ""


class Refused(Exception):
    """Something asked for cannot be done. `problem` says why, and how to mend it."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def refuse(code: str, message: str, fragment: str = "") -> Refused:
    """A refusal in one line: `raise refuse("return-state", "…")`."""
    return Refused(Problem(code, Severity.ERROR, message, fragment=fragment))
