"""What a Word file says of its text elsewhere.

The font of a run, the number that Word puts before a line.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import islice
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# The style of all that we add to a signed plan: without it, the paper is the signed plan; a reader
# skips it.
REPORTED = "ThucHien"
_BULLET = "-"
_DEEPEST = 9  # levels of a Word list
_ROMAN = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)
_HIGHEST_ROMAN, _LETTERS = 3999, 26


def value(element: Any, path: str) -> str | None:
    """The `w:val` of the element at a path of names ("pPr/pStyle"), or None."""
    if element is None:
        return None
    named = element.find("/".join(W + name for name in path.split("/")))
    return None if named is None else named.get(f"{W}val")


def number(element: Any, path: str, default: int) -> int:
    """A whole number written as `w:val`."""
    written = value(element, path) or ""
    return int(written[:9]) if written.isascii() and written.isdecimal() else default


class Styles:
    """The styles of a document by their ids."""

    def __init__(self, root: Any | None) -> None:
        self._styles: dict[str | None, Any] = {}
        self._default: str | None = None
        if root is not None:
            self._styles = {style.get(f"{W}styleId", ""): style for style in root.iter(f"{W}style")}
            self._default = _own_font(root.find(f"{W}docDefaults/{W}rPrDefault"))
        self._fonts: dict[str | None, str | None] = {}

    def font(self, run: Any, paragraph_style: str | None) -> str | None:
        """The name of a run's font: its own, its style's, its paragraph's, or the document's."""
        named = _own_font(run) or self._of_style(value(run, "rPr/rStyle"))
        return named or self._of_style(paragraph_style) or self._of_style("Normal") or self._default

    def _of_style(self, name: str | None) -> str | None:
        if name not in self._fonts:
            self._fonts[name] = next(filter(None, map(_own_font, self._line(name))), None)
        return self._fonts[name]

    def _line(self, name: str | None) -> list[Any]:
        """A style and those it is based on."""
        line: list[Any] = []
        while name in self._styles and self._styles[name] not in line:
            line.append(self._styles[name])
            name = value(line[-1], "basedOn")
        return line

    def listed(self, name: str | None) -> Any | None:
        """The list that a paragraph style puts its paragraphs in."""
        for style in self._line(name):
            listed = style.find(f"{W}pPr/{W}numPr")
            if listed is not None:
                return listed
        return None


def _own_font(element: Any | None) -> str | None:
    fonts = None if element is None else element.find(f"{W}rPr/{W}rFonts")
    return None if fonts is None else fonts.get(f"{W}hAnsi") or fonts.get(f"{W}ascii")


@dataclass(frozen=True, slots=True)
class _Level:
    form: str
    text: str
    start: int


class Numbering:
    """The lists of a document.

    `label` must be asked once for each paragraph, in reading order: it counts.
    """

    def __init__(self, root: Any | None, styles: Styles) -> None:
        self._styles = styles
        self._levels: dict[str | None, dict[int, _Level]] = {}
        self._lists: dict[str | None, Any] = {}
        if root is not None:
            for abstract in root.iter(f"{W}abstractNum"):
                self._levels[abstract.get(f"{W}abstractNumId")] = _levels(abstract)
            for numbered in root.iterchildren(f"{W}num"):
                self._lists[numbered.get(f"{W}numId")] = numbered
        self._counts: dict[str | None, dict[int, int]] = defaultdict(dict)
        self._begun: set[tuple[str, int]] = set()

    def label(self, paragraph: Any) -> str:
        """What Word prints before the paragraph: "1.", "II", "1.2", "-".

        "" where it is in no list.
        """
        listed = paragraph.find(f"{W}pPr/{W}numPr")
        style = self._styles.listed(value(paragraph, "pPr/pStyle"))
        name = value(listed, "numId") or value(style, "numId")
        depth = number(listed, "ilvl", number(style, "ilvl", 0))
        numbered = self._lists.get(name)
        if name is None or numbered is None:
            return ""
        abstract = value(numbered, "abstractNumId")
        levels = self._levels.get(abstract, {})
        if depth not in levels:
            return ""
        counts = self._counts[abstract]
        self._count(name, depth, levels[depth], counts)
        return _label(levels, depth, counts)

    def _count(self, name: str, depth: int, level: _Level, counts: dict[int, int]) -> None:
        start = self._override(name, depth)
        if start is not None and (name, depth) not in self._begun:
            counts[depth] = start
        else:
            counts[depth] = counts[depth] + 1 if depth in counts else level.start
        self._begun.add((name, depth))
        for below in [level_depth for level_depth in counts if level_depth > depth]:
            del counts[below]

    def _override(self, name: str, depth: int) -> int | None:
        for override in self._lists[name].iterchildren(f"{W}lvlOverride"):
            overrides = override.get(f"{W}ilvl") == str(depth)
            if overrides and value(override, "startOverride") is not None:
                return number(override, "startOverride", 1)
        return None


def _levels(abstract: Any) -> dict[int, _Level]:
    levels = {}
    for depth, level in enumerate(islice(abstract.iterchildren(f"{W}lvl"), _DEEPEST)):
        form = value(level, "numFmt") or "decimal"
        levels[depth] = _Level(form, value(level, "lvlText") or "", number(level, "start", 1))
    return levels


def _label(levels: dict[int, _Level], depth: int, counts: dict[int, int]) -> str:
    if levels[depth].form == "bullet":
        return _BULLET
    text = levels[depth].text
    for above in range(depth + 1):
        level = levels.get(above, levels[depth])
        text = text.replace(f"%{above + 1}", _written(counts.get(above, level.start), level.form))
    return text.strip()


def _written(count: int, form: str) -> str:
    """A count as letters, Roman or Arabic figures."""
    if form in ("upperRoman", "lowerRoman") and 0 < count <= _HIGHEST_ROMAN:
        return _roman(count) if form == "upperRoman" else _roman(count).lower()
    if form in ("upperLetter", "lowerLetter") and count > 0:
        letter = chr(ord("A") + (count - 1) % _LETTERS) * min((count - 1) // _LETTERS + 1, _DEEPEST)
        return letter if form == "upperLetter" else letter.lower()
    if form == "none":
        return ""
    return f"{count:02}" if form == "decimalZero" else str(count)


def _roman(count: int) -> str:
    text = ""
    for amount, letters in _ROMAN:
        text += letters * (count // amount)
        count %= amount
    return text
