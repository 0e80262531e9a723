"""The table of a Word file that says what has changed since an earlier report."""

from __future__ import annotations

from collections.abc import Iterator

from toankhoa.documents.reading.word_styles import REPORTED
from toankhoa.documents.words.report_changes import HEADERS, Since, row
from toankhoa.documents.writing.paper import CENTRE, Box, StyledParagraph, TableStrip, line, lines

WIDTHS = (13.2, 1.8, 3.4, 3.4, 3.4)  # centimetres
SHADE = "EDEDED"


def strips(since: Since) -> Iterator[TableStrip]:
    """The table of a Word file."""
    yield TableStrip(
        boxes=tuple(_box(text, bold=True, shade=SHADE) for text in HEADERS), header=True
    )
    for change in since.changes:
        name, *rest = row(change)
        yield TableStrip(
            boxes=(Box(lines=lines(name, size=11, style=REPORTED)), *(_box(text) for text in rest))
        )


def heading(since: Since) -> StyledParagraph:
    """What stands above it."""
    return line(since.words, size=12, bold=True, before=10, after=4, style=REPORTED)


def _box(text: str, *, bold: bool = False, shade: str = "") -> Box:
    return Box(lines=lines(text, size=11, bold=bold, align=CENTRE, style=REPORTED), shade=shade)
