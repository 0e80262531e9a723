"""What the pages of a PDF print beside the text.

Lines at the head or foot of every page, footnotes and their marks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, dropwhile

from toankhoa.documents.reading.pages import is_page_number
from toankhoa.documents.reading.pdf_lines import PdfLine, Word, lines_of

_EDGE = 0.12  # share of a page's height, above and below, where such lines stand
_SMALL = 0.8  # a mark is lower than its line by so much …
_RAISED = 0.1  # … and stands higher by that share of its height
_DIGITS = re.compile(r"\d+")

Edges = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Page:
    """The words of a page, and the cells of each table on it from the top."""

    height: float
    words: tuple[Word, ...]
    tables: tuple[tuple[Edges, ...], ...]


@dataclass(frozen=True, slots=True)
class Margins:
    """What was taken off the pages: lines that stand on most of them, and footnotes."""

    lines: tuple[str, ...]
    notes: tuple[str, ...]


def without_margins(pages: Sequence[Page]) -> tuple[list[Page], Margins]:
    """The pages without what is no part of the text."""
    edges = [_edge_lines(page) for page in pages]
    running = _running(edges)
    texts: dict[str, None] = {}
    notes: list[str] = []
    bare = []
    for page, lines in zip(pages, edges, strict=True):
        repeated = [line for line in lines if _key(line) in running]
        numbers = [line for line in lines if is_page_number(line.text)]
        texts.update(dict.fromkeys(_key(line) for line in repeated if line not in numbers))
        page_without_notes, note = _without_notes(_without(page, [*repeated, *numbers]))
        if note:
            notes.append(note)
        bare.append(page_without_notes)
    return bare, Margins(tuple(texts), tuple(notes))


def _without_notes(page: Page) -> tuple[Page, str]:
    """A page without its footnotes and their marks, and the words of the footnotes."""
    footnotes = _notes(page)
    words = " ".join(line.text for line in footnotes)
    return _without_marks(_without(page, footnotes), footnotes), words


def _running(edges: Sequence[Sequence[PdfLine]]) -> set[str]:
    """Lines that stand at the edge of most pages, as their keys; the first page may be without."""
    pages = Counter[str]()
    for lines in edges:
        pages.update({_key(line) for line in lines})
    return {key for key, count in pages.items() if count > 1 and 2 * count >= len(edges) - 1}


def _without(page: Page, lines: Sequence[PdfLine]) -> Page:
    return _without_words(page, chain.from_iterable(line.words for line in lines))


def _without_words(page: Page, words: Iterable[Word]) -> Page:
    """The page without these very words; others may be equal to them."""
    taken = set(map(id, words))
    return replace(page, words=tuple(word for word in page.words if id(word) not in taken))


def _key(line: PdfLine) -> str:
    """Its words; what counts pages in them differs from page to page."""
    return _DIGITS.sub("#", line.text)


def _outside(page: Page) -> list[PdfLine]:
    """The lines that stand in no table."""
    frames = [_top_and_bottom(cells) for cells in page.tables]
    return lines_of(word for word in page.words if not _is_within(word, frames))


def _top_and_bottom(cells: Sequence[Edges]) -> tuple[float, float]:
    return min(cell[1] for cell in cells), max(cell[3] for cell in cells)


def _is_within(word: Word, frames: Sequence[tuple[float, float]]) -> bool:
    return any(top <= word.middle[1] <= bottom for top, bottom in frames)


def _edge_lines(page: Page) -> list[PdfLine]:
    edge = page.height * _EDGE
    return [
        line
        for line in _outside(page)
        if line.top < edge or line.top + line.height > page.height - edge
    ]


def _marks(page: Page) -> Iterator[Word]:
    """Small raised figures right after a word: marks of footnotes, or powers such as in m²."""
    for line in lines_of(page.words):
        for before, word in zip(line.words, line.words[1:], strict=False):
            height = before.bottom - before.top
            small = (
                word.bottom - word.top < _SMALL * height
                and word.bottom < before.bottom - _RAISED * height
            )
            if small and word.text.isdecimal() and word.left - before.right < height * _RAISED:
                yield word


def _notes(page: Page) -> list[PdfLine]:
    """The lines at the foot of a page from the first that begins with a mark of that page."""
    marks = {word.text for word in _marks(page)}
    lowest = max((_top_and_bottom(cells)[1] for cells in page.tables), default=0.0)
    lines = [line for line in _outside(page) if line.top > lowest]
    return list(dropwhile(lambda line: line.words[0].text not in marks, lines))


def _without_marks(page: Page, notes: Sequence[PdfLine]) -> Page:
    """Only what a footnote answers is a mark."""
    numbers = {line.words[0].text for line in notes}
    return _without_words(page, (word for word in _marks(page) if word.text in numbers))
