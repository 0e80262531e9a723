"""Markdown as paragraphs and tables of pipes.

A merged cell cannot be written there: each row has all its cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from toankhoa.core.basics import Source
from toankhoa.core.compiling import Document, Paragraph, Table
from toankhoa.documents.reading.spans import PlacedCell, flowed

_RULE = re.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)+\|?|\|\s*:?-+:?\s*\|")
_BAR = re.compile(r"(?<!\\)\|")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_HEADING = re.compile(r"#{1,6}\s")
# Inner signs first; each looks no further than to the next sign of its kind.
_EMPHASES = tuple(
    re.compile(form)
    for form in (
        r"(?<![\\*])\*(?=[^\s*])([^*]+)(?<=\S)\*(?![\w*])",
        r"\*\*(?=[^\s*])([^*]+)(?<=\S)\*\*(?!\w)",
        r"(?<![\w_])_(?=[^\s_])([^_]+)(?<=\S)_(?![\w_])",
        r"(?<![\w_])__(?=[^\s_])([^_]+)(?<=\S)__(?!\w)",
    )
)
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~])")


def is_markdown(text: str) -> bool:
    """Whether a text holds a table of pipes: a row, and under it a rule of dashes."""
    lines = text.splitlines()
    return any(_begins(lines, place) for place in range(len(lines)))


def _begins(lines: list[str], place: int) -> bool:
    """Whether a table begins with that line."""
    return (
        "|" in lines[place]
        and place + 1 < len(lines)
        and bool(_RULE.fullmatch(lines[place + 1].strip()))
    )


def read_markdown(name: str, text: str) -> Document:
    """The document in a Markdown text; each line outside a table is a paragraph."""
    lines = text.splitlines()
    blocks: list[Paragraph | Table] = []
    place = tables = 0
    while place < len(lines):
        if _begins(lines, place):
            rows = [lines[place], *_rows(lines[place + 2 :])]
            blocks.append(_table(rows, name, tables))
            tables, place = tables + 1, place + len(rows) + 1
            continue
        if lines[place].strip():
            blocks.append(
                Paragraph(
                    _plain(_unheaded(lines[place].strip())), Source(name, paragraph=len(blocks))
                )
            )
        place += 1
    return Document(name, tuple(blocks))


def _rows(lines: list[str]) -> Iterator[str]:
    for line in lines:
        if "|" not in line:
            return
        yield line


def _table(lines: list[str], name: str, number: int) -> Table:
    sources = [Source(name, number, index) for index in range(len(lines))]
    rows = [
        [
            PlacedCell(_plain(text), source=source.at(cell=place))
            for place, text in enumerate(_cells(line))
        ]
        for line, source in zip(lines, sources, strict=True)
    ]
    return flowed(rows, sources)


def _cells(line: str) -> list[str]:
    line = line.strip()
    inside = line[line.startswith("|") :]
    if _BAR.search(inside[-1:]) and not inside.endswith("\\|"):
        inside = inside[:-1]
    return _BAR.split(inside)


def _unheaded(line: str) -> str:
    return line.strip("#").strip() if _HEADING.match(line) else line


def _plain(text: str) -> str:
    """The words without emphasis and escapes; a line break is a newline."""
    text = _BREAK.sub("\n", text)
    for emphasis in _EMPHASES:
        text = emphasis.sub(r"\1", text)
    return "\n".join(_ESCAPE.sub(r"\1", line).strip() for line in text.splitlines())
