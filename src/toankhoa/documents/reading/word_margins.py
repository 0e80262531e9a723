"""What a Word file keeps beside its text: heads and feet of pages, footnotes.

None of it is plan; all of it is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from toankhoa.core.basics import tidy
from toankhoa.documents.reading.packages import Package
from toankhoa.documents.reading.pages import is_page_number
from toankhoa.documents.reading.word_styles import W

NOTES = {
    f"{W}footnoteReference": "footnotes",
    f"{W}endnoteReference": "endnotes",
}  # the mark → the part of the notes
_PAGE_PARTS = ("header", "footer")
Text = Callable[[Any], str]  # of a paragraph


def page_lines(package: Package, text: Text) -> tuple[str, ...]:
    """The lines at the head and foot of pages, each once, page numbers left out."""
    lines: dict[str, None] = {}  # in order, each once
    for kind, part in package.targets(package.main).values():
        if kind not in _PAGE_PARTS or part not in package:
            continue
        for paragraph in package.xml(part).iter(f"{W}p"):
            line = tidy(text(paragraph))
            if not is_page_number(line):
                lines[line] = None
    return tuple(lines)


def notes(package: Package, marks: Iterable[tuple[str, str]], text: Text) -> tuple[str, ...]:
    """The words of the notes that `marks` (part and id of each) refer to.

    A note that is not there has none.
    """
    written: dict[tuple[str, str], str] = {}
    for kind in NOTES.values():
        part = package.beside(package.main, kind)
        for note in package.xml(part) if part else ():
            words = (tidy(text(paragraph)) for paragraph in note.iter(f"{W}p"))
            written[kind, note.get(f"{W}id", "")] = " ".join(filter(None, words))
    return tuple(written.get(mark, "") for mark in marks)
