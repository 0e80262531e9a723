"""Words that only know where they stand, put into lines and sentences again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from toankhoa.documents.reading.encodings import Script, joined
from toankhoa.documents.reading.sheet_layout import SheetLine as HalvedLine
from toankhoa.documents.reading.spans import PlacedCell

_GAP = 1.6  # heights of a line: a wider gap between words parts two columns
_APART = 1.9  # heights of a line from one line to the next, beyond which a new paragraph begins
_CENTRED = 4.0  # points by which the two margins of a centred line may differ
_SPACE = 0.25  # of the height of a line: the space between two words
# Characters of the longest Vietnamese word; what is no longer is not cut for want of room.
_LONG_WORD = 7
_LETTER = 1.5  # of the mean width of letters: the room that an "m" needs
_BULLETS, _DASHES, _ENDS = "+•", "-–", ".;:,"
_CLINGS = ".;:,)”…%"  # what no space stands before
_TOUCH = 0.1  # of the height of a line: less than this between two pieces is no space


@dataclass(frozen=True, slots=True)
class Word:
    """A word and its place on the page, in points from the left and from the top."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    script: Script | None = None

    @property
    def middle(self) -> tuple[float, float]:
        """Its middle: across and down."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class PdfLine:
    """Words side by side."""

    words: tuple[Word, ...]

    @property
    def left(self) -> float:
        return self.words[0].left

    @property
    def right(self) -> float:
        return self.words[-1].right

    @property
    def top(self) -> float:
        return min(word.top for word in self.words)

    @property
    def height(self) -> float:
        return max(word.bottom - word.top for word in self.words)

    @property
    def text(self) -> str:
        """The words with one space between; pieces of one word in two fonts touch."""
        pieces = [(self.words[0].text, self.words[0].script)]
        for before, word in zip(self.words, self.words[1:], strict=False):
            touches = word.left - before.right <= self.height * _TOUCH or word.text[0] in _CLINGS
            space = "" if touches else " "
            pieces.append((space + word.text, word.script))
        return joined(pieces)

    def parts(self) -> Iterator[PdfLine]:
        """The line cut where a wide gap stands."""
        begin = 0
        for place in range(1, len(self.words) + 1):
            ends = place == len(self.words)
            if ends or self.words[place].left - self.words[place - 1].right > _GAP * self.height:
                yield PdfLine(self.words[begin:place])
                begin = place


def lines_of(words: Iterable[Word]) -> list[PdfLine]:
    """Lines from top to bottom: words whose middles stand within the height of the first one."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.middle[1]):
        if lines and word.middle[1] < lines[-1][0].bottom and word.top < lines[-1][0].middle[1]:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [PdfLine(tuple(sorted(line, key=lambda word: word.left))) for line in lines]


def sentences(lines: Sequence[PdfLine], left: float, right: float) -> str:
    """The lines between two margins as paragraphs, one a line."""
    text = ""
    above: PdfLine | None = None
    for line in lines:
        if above is not None:
            text += _between(above, line, left, right)
        text += line.text
        above = line
    return text


def _between(above: PdfLine, line: PdfLine, left: float, right: float) -> str:
    """What stands between two lines of a text: nothing, a space, or the end of a paragraph."""
    if line.text[0] in _CLINGS or _cuts_a_word(above, line, left, right):
        return ""
    return " " if _goes_on(above, line, left, right) else "\n"


def _cuts_a_word(above: PdfLine, line: PdfLine, left: float, right: float) -> bool:
    """Whether a line goes on without a space.

    After "2017-", or after one long word to which no letter can be added.
    """
    word = above.words[-1]
    if word.text[-1] == "-" and len(word.text) > 1:
        return True
    whole = len(above.words) > 1 or len(word.text) <= _LONG_WORD or not word.text[-1].isalnum()
    room = right - left - (word.right - word.left)
    letter = (word.right - word.left) / len(word.text)
    return not whole and line.words[0].text[0].islower() and room < _LETTER * letter


def _goes_on(above: PdfLine, line: PdfLine, left: float, right: float) -> bool:
    """Whether a line was broken only because its next word would not have fitted."""
    if line.words[0].text[0] in _BULLETS:
        return False
    if line.words[0].text in _DASHES and above.words[-1].text[-1] in _ENDS:
        return False
    before, after = above.left - left, right - above.right
    centred = before > _CENTRED and abs(before - after) < _CENTRED
    room = before + after if centred else after
    return line.words[0].right - line.left + above.height * _SPACE > room


def rows_of(lines: Sequence[PdfLine], left: float, right: float) -> list[HalvedLine]:
    """Text outside tables, a paragraph a row.

    Each says in which half of the page it stands (0, 1), or spans both.

    Two parts with a wide gap between them, one in each half, are a row of two.
    """
    centre = (left + right) / 2
    rows: list[HalvedLine] = []
    number = 0
    for above, line in zip((None, *lines), lines, strict=False):
        boxes = _pair(line, centre)
        apart = above is not None and _stands_apart(above, line)
        runs_on = above is not None and _runs_on(above, line, left, right)
        if runs_on and not boxes and not apart and len(rows[-1].boxes) == 1:
            text = f"{rows[-1].boxes[0][1].text} {line.text}"
            rows[-1] = HalvedLine(number, ((0, PlacedCell(text, 2)),), False)
            continue
        number += 2 if apart else 1
        rows.append(HalvedLine(number, boxes or _whole(line, centre), False))
    return rows


def _stands_apart(above: PdfLine, line: PdfLine) -> bool:
    return line.top - above.top > _APART * max(above.height, line.height)


def _runs_on(above: PdfLine, line: PdfLine, left: float, right: float) -> bool:
    """Whether a line is the rest of the one above it, in the same half of the page."""
    centre = (left + right) / 2
    return _on_one_side(above, line, centre) and _goes_on(above, line, left, right)


def _on_one_side(above: PdfLine, line: PdfLine, centre: float) -> bool:
    """Whether both begin in the same half of the page."""
    return (above.left < centre) == (line.left < centre)


def _pair(line: PdfLine, centre: float) -> tuple[tuple[int, PlacedCell], ...]:
    parts = list(line.parts())
    if len(parts) != 2 or parts[0].right > centre or parts[1].left < centre:
        return ()
    return tuple((column, PlacedCell(part.text)) for column, part in enumerate(parts))


def _whole(line: PdfLine, centre: float) -> tuple[tuple[int, PlacedCell], ...]:
    crosses = line.left < centre < line.right
    return ((0 if line.left < centre else 1, PlacedCell(line.text, 2 if crosses else 1)),)
