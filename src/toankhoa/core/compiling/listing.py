"""A plan without a table: its numbered lines, dashes and paragraphs as headings and rows.

A line with lines of a deeper rank below it is a heading. A line that nothing stands below is a row;
where it lists several targets between semicolons, a row for each of them. A numbered target
("Chỉ tiêu 3: …") is both, as it is in tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from toankhoa.core.basics import Problem, Severity, tidy, words_of
from toankhoa.core.compiling.frame import FrameLine, joined_text
from toankhoa.core.compiling.language.prose import ProseReading, read_prose
from toankhoa.core.compiling.language.quantity import Language
from toankhoa.core.compiling.language.targets import cell_words
from toankhoa.core.compiling.outline import Outline, TableEntry, read_entry
from toankhoa.core.plan import Applies, Target

_MARKDOWN = re.compile(r"^#+\s*|\s*-->$|^\*+|\*+$")
# Ranks of lines, top first. "1.1" ranks one below "1", "1.1.1" two below: they stay above a
# numbered target ("Chỉ tiêu 3"), so that _NAMED is the next free rank.
_PART = 0
_ROMAN = 1
_GROUP = 2
_DOTTED = 3
_DEEPEST = 2
_NAMED = _DOTTED + _DEEPEST + 1
_LETTER = 7
_DASH = 8
_PLUS = 9
_FORMS = (
    (_PART, re.compile(r"((?:phần|section|part)\s+\w+)\s*[:.]\s*(\S.*)", re.IGNORECASE)),
    (_GROUP, re.compile(r"((?:nhóm|chương|mục)\s+\w+)\s*[:.]\s*(\S.*)", re.IGNORECASE)),
    (_NAMED, re.compile(r"([^\W\d_]+(?: [^\W\d_]+)? \d+)\s*(?::|\.\s)\s*(\S.*)")),
    (_ROMAN, re.compile(r"([IVXLC]+)[.)]\s*(\S.*)")),
    (_DOTTED, re.compile(r"(\d+(?:\.\d+)*)[.)]\s*([^\W\d].*|\d+%.*)")),
    (_LETTER, re.compile(r"([a-zđ])[.)]\s*(\S.*)")),
    (_DASH, re.compile(r"()[-–•*]\s*(\S.*)")),
    (_PLUS, re.compile(r"()\+\s*(\S.*)")),
)
_LONGEST_PART = 90  # characters of a heading in capitals
_PAST = re.compile(
    r"(?:dấu ấn|kết quả (?:thực hiện|công tác|đạt được|nổi bật|nhiệm kỳ)"
    r"|thành tích|đánh giá|tình hình)(?!\w)",
    re.IGNORECASE,
)
_ONLY_NUMBER = re.compile(r"[\d.,]+\s*(?:%|tỷ|triệu|tỷ đồng|triệu đồng)?", re.IGNORECASE)
_SEMICOLON = re.compile(r";\s+(?=[^”]*(?:“|$))")
# "Đến năm 2030, …" at the head of a list: it holds for all that is listed.
_MOMENT = re.compile(
    r"(?:phấn đấu,? )?((?:đến|tới|vào|trong|hết|hàng|hằng|mỗi|giai đoạn)\s[^,:;%]*?"
    r"(?:\d{4}|năm|kỳ|khóa))\s*[,:]\s*",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Item:
    """A line with its rank and number, and the plain lines that follow it."""

    rank: int
    number: str
    title: FrameLine
    body: list[FrameLine] = field(default_factory=list)

    @property
    def may_hold_rows(self) -> bool:
        """Whether it is a part or a group: a heading always, whatever follows."""
        return self.rank <= _GROUP

    def repeats(self, earlier: _Item) -> bool:
        """Whether it is a part's heading again, as on the next page."""
        same_rank = self.rank == earlier.rank == _PART
        return same_rank and words_of(self.title.text) in words_of(earlier.title.text)


def opens_item(line: FrameLine) -> bool:
    """Whether a line is numbered or dashed, so that a body begins with it.

    Capitals alone are a title.
    """
    item = _item(line)
    return item is not None and (bool(item.number) or item.rank != _PART)


def is_past(title: str) -> bool:
    """Whether a heading speaks of what was reached, not of what is to be."""
    return bool(_PAST.match(title))


def read_listing(
    lines: Sequence[FrameLine], years: Sequence[int], outline: Outline
) -> list[FrameLine]:
    """Reads the lines into the outline, each row with a cell for each of the years.

    Returns the lines that were not understood.
    """
    loose: list[FrameLine] = []
    items = list(_without_past(_items(lines, outline, loose), outline))
    open_headings: list[tuple[int, str]] = []  # ranks and codes
    for item, following in zip_longest(items, items[1:]):
        _close_headings(open_headings, item.rank)
        has_deeper = following is not None and following.rank > item.rank
        if has_deeper or item.may_hold_rows or item.rank == _NAMED:
            _add_heading(item, open_headings, outline)
            if item.rank != _NAMED:
                loose += _without_goal(item, outline)
        if not has_deeper and not item.may_hold_rows:
            _add_rows(item, years, outline)
    return loose


def _close_headings(open_headings: list[tuple[int, str]], rank: int) -> None:
    """Takes out the headings that a line of this rank ends: those that are not above it."""
    while open_headings and open_headings[-1][0] >= rank:
        open_headings.pop()


def _without_goal(item: _Item, outline: Outline) -> list[FrameLine]:
    """The plain lines under a heading; under "Mục tiêu" they are the plan's goal."""
    if outline.goal or not item.body or not words_of(item.title.text).startswith("muc tieu"):
        return item.body
    outline.goal = joined_text(item.body)
    outline.sources["goal"] = item.body[0].source
    return []


def _item(line: FrameLine) -> _Item | None:
    """The item that a line begins, by the form of its number; None where it is a plain line."""
    text = _MARKDOWN.sub("", line.text).strip()
    for rank, form in _FORMS:
        if match := form.fullmatch(text):
            number, title = match.groups()
            depth = min(number.count("."), _DEEPEST) if rank == _DOTTED else 0
            return _Item(rank + depth, tidy(number), FrameLine(title, line.source))
    if text.isupper() and len(text) <= _LONGEST_PART and not _ONLY_NUMBER.fullmatch(text):
        return _Item(_PART, "", FrameLine(text, line.source))
    return None


def _items(lines: Sequence[FrameLine], outline: Outline, loose: list[FrameLine]) -> Iterator[_Item]:
    """The numbered lines with their plain ones; a plain line before all items is loose."""
    item: _Item | None = None
    for line in lines:
        opened = _item(line) or _plain_row(line, item, outline)
        if opened is None:
            body = item.body if item else loose
            body.append(line)
        elif item is None or not opened.repeats(item):
            if item:
                yield item
            item = opened
    if item:
        yield item


def _plain_row(line: FrameLine, above: _Item | None, outline: Outline) -> _Item | None:
    """A plain line with a target as an item, where it is no part of a row above it."""
    if above is not None and not above.may_hold_rows:
        return None
    if not read_prose(line.text, outline.language, line.source).targets:
        return None
    return _Item(_DASH, "", line)


def _without_past(items: Iterator[_Item], outline: Outline) -> Iterator[_Item]:
    """Leaves out what stands under a heading of results, and says so."""
    past: _Item | None = None
    below = 0  # items under the heading of results
    for item in items:
        if past and item.rank > past.rank:
            below += 1
            continue
        _note_results(past, below, outline)
        past, below = None, 0
        if item.rank <= _NAMED and is_past(item.title.text):
            past = item
        else:
            yield item
    _note_results(past, below, outline)


def _note_results(past: _Item | None, below: int, outline: Outline) -> None:
    if past and (below or past.body):
        outline.problems.append(_results(past, below))


def _results(past: _Item, count: int) -> Problem:
    message = (
        f"Phần “{past.title.text}” ({count} mục) nói kết quả đã đạt, không phải chỉ tiêu: "
        "không vào kế hoạch. Nếu là chỉ tiêu, hãy đổi tên phần này."
    )
    return Problem(
        "results-not-targets", Severity.WARNING, message, past.title.source, past.title.text
    )


def _add_heading(item: _Item, open_headings: list[tuple[int, str]], outline: Outline) -> None:
    """Under the last heading of a lower rank.

    A dotted number tells its own parent ("1.2" stands under "1"): for it other dotted headings are
    passed over, and the section is that of the part or group above them.
    """
    dotted = _DOTTED <= item.rank < _NAMED
    above = [code for rank, code in open_headings if not dotted or rank < _DOTTED]
    outline.section = above[-1] if above else None
    read_entry(_entry(item.number, item.title), outline)
    if outline.heading:
        open_headings.append((item.rank, outline.heading))


def _entry(number: str, title: FrameLine) -> TableEntry:
    blank = FrameLine("", title.source)
    return TableEntry(
        replace(blank, text=number), title, merged=True, years={}, levels=blank, boards=blank
    )


def _add_rows(item: _Item, years: Sequence[int], outline: Outline) -> None:
    """A row for each part of the item's text between semicolons."""
    number = "" if item.rank == _NAMED else item.number
    for part in _parts(_joined(item.body) or item.title.text):
        title = FrameLine(part, item.title.source)
        reading = read_prose(part, outline.language, title.source)
        targets = _due_targets(reading)
        of_term = years[-1:] if any(target.is_of_term for target in targets) else ()
        entry = replace(
            _entry(number, title),
            years=dict(_cells(targets, years, title, outline.language)),
            of_term=frozenset(of_term),
            listed=True,
        )
        read_entry(entry, outline)


@dataclass(frozen=True, slots=True)
class _DueTarget:
    """A target of a row in words; `timed`: its words say when it is due."""

    target: Target
    timed: bool

    @property
    def is_every_year(self) -> bool:
        return self.timed and self.target.applies is Applies.EACH_YEAR

    @property
    def is_of_term(self) -> bool:
        """Whether it is due once, when the plan ends."""
        return not self.target.years and not self.is_every_year

    def is_due(self, year: int, years: Sequence[int]) -> bool:
        """Whether a year's cell holds it. One without a time of its own is due in the last year."""
        if self.target.years and self.target.applies is not Applies.TERM_TOTAL:
            return year in self.target.years
        return year == years[-1] or self.is_every_year


def _due_targets(reading: ProseReading) -> list[_DueTarget]:
    pairs = zip(reading.targets, reading.timed, strict=True)
    return [_DueTarget(target, timed) for target, timed in pairs]


def _joined(body: Sequence[FrameLine]) -> str:
    """Lines as one text; a number that stands alone belongs to the words after it."""
    text = ""
    for line in body:
        text += line.text + (" " if _ONLY_NUMBER.fullmatch(line.text) else "\n")
    return text.strip()


def _parts(text: str) -> Iterator[str]:
    """The parts between semicolons, each with the moment that the first one began with.

    "Đến năm 2030, 90% hội viên …; 5 mô hình …" gives "Đến năm 2030, 5 mô hình …", too. A text in
    which fewer than two parts hold a number is one part.
    """
    pieces = [piece.strip() for piece in _SEMICOLON.split(text) if piece.strip()]
    with_number = [piece for piece in pieces if any(map(str.isdigit, piece))]
    if len(with_number) < 2:
        yield text
        return
    first, *later = pieces
    moment = _MOMENT.match(first)
    yield first
    for piece in later:
        if moment and not _MOMENT.match(piece):
            yield f"{moment.group(1)}, {piece}"
        else:
            yield piece


def _cells(
    targets: Sequence[_DueTarget], years: Sequence[int], title: FrameLine, language: Language
) -> Iterator[tuple[int, FrameLine]]:
    """Each year with the targets that are due in it, in the fewest words."""
    for year in years:
        due = [cell_words(due.target, language) for due in targets if due.is_due(year, years)]
        yield year, FrameLine("; ".join(due), title.source)
