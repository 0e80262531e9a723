"""What the pages of a PDF print beside the text: lines at the head or foot of every page, footnotes and their marks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from toankhoa.documents.reading.pages import is_page_number
from toankhoa.documents.reading.pdf_lines import PdfLine, Word, lines_of

_EDGE = 0.12  # share of a page's height, above and below, where such lines stand
_SMALL, _RAISED = (
    0.8,
    0.1,
)  # a mark is lower than its line by so much, and stands higher by that share of its height
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
    on_pages = Counter(key for lines in edges for key in {_key(line) for line in lines})
    running = {key for key, count in on_pages.items() if count > 1 and 2 * count >= len(pages) - 1}
    texts: dict[str, None] = {}
    notes: list[str] = []
    bare = []
    for page, lines in zip(pages, edges, strict=True):
        repeated = [line for line in lines if _key(line) in running]
        numbers = [line for line in lines if is_page_number(line.text)]
        texts |= {_key(line): None for line in repeated if not is_page_number(line.text)}
        page = _without(page, [*repeated, *numbers])
        below = _notes(page)
        notes += [" ".join(line.text for line in below)] * bool(below)
        bare.append(_without_marks(_without(page, below), below))
    return bare, Margins(tuple(texts), tuple(notes))


def _without(page: Page, lines: Sequence[PdfLine]) -> Page:
    taken = {id(word) for line in lines for word in line.words}
    return replace(page, words=tuple(word for word in page.words if id(word) not in taken))


def _key(line: PdfLine) -> str:
    """Its words; what counts pages in them differs from page to page."""
    return _DIGITS.sub("#", line.text)


def _outside(page: Page) -> list[PdfLine]:
    """The lines that stand in no table."""
    frames = [
        (min(cell[1] for cell in cells), max(cell[3] for cell in cells)) for cells in page.tables
    ]
    free = (
        word
        for word in page.words
        if not any(top <= word.middle[1] <= bottom for top, bottom in frames)
    )
    return lines_of(free)


def _edge_lines(page: Page) -> list[PdfLine]:
    edge = page.height * _EDGE
    return [
        line
        for line in _outside(page)
        if line.top < edge or line.top + line.height > page.height - edge
    ]


def _marks(page: Page) -> Iterator[tuple[Word, str]]:
    """Small raised figures right after a word: marks of footnotes, or powers such as in m²."""
    for line in lines_of(page.words):
        for before, word in zip(line.words, line.words[1:], strict=False):
            height = before.bottom - before.top
            small = (
                word.bottom - word.top < _SMALL * height
                and word.bottom < before.bottom - _RAISED * height
            )
            if small and word.text.isdecimal() and word.left - before.right < height * _RAISED:
                yield word, word.text


def _notes(page: Page) -> list[PdfLine]:
    """The lines at the foot of a page from the first that begins with a mark of that page."""
    marks = {text for _, text in _marks(page)}
    frames = [cell[3] for cells in page.tables for cell in cells]
    lines = [line for line in _outside(page) if line.top > max(frames, default=0.0)]
    first = next(
        (place for place, line in enumerate(lines) if line.words[0].text in marks), len(lines)
    )
    return lines[first:]


def _without_marks(page: Page, notes: Sequence[PdfLine]) -> Page:
    """Only what a footnote answers is a mark."""
    numbers = {line.words[0].text for line in notes}
    taken = {id(word) for word, text in _marks(page) if text in numbers}
    return replace(page, words=tuple(word for word in page.words if id(word) not in taken))
