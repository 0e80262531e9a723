"""A plan without a table: its numbered lines, dashes and paragraphs as headings and rows.

A line with lines of a deeper rank below it is a heading. A line that nothing stands below is a row; where it lists
several targets between semicolons, a row each. A numbered target ("Chỉ tiêu 3: …") is both, as it is in tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from toankhoa.core.basics import Problem, Severity, tidy, words_of
from toankhoa.core.compiling.frame import FrameLine
from toankhoa.core.compiling.language.prose import read_prose
from toankhoa.core.compiling.language.quantity import Language
from toankhoa.core.compiling.language.targets import cell_words
from toankhoa.core.compiling.outline import Outline, TableEntry, read_entry
from toankhoa.core.plan import Applies, Target

_MARKDOWN = re.compile(r"^#+\s*|\s*-->$|^\*+|\*+$")
_PART, _ROMAN, _GROUP, _DOTTED, _NAMED, _LETTER, _DASH, _PLUS = (
    0,
    1,
    2,
    3,
    6,
    7,
    8,
    9,
)  # ranks, top first
_DEEPEST = 2  # of "1.1.1" below _DOTTED: it stays above a numbered target
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
    r"(?:dấu ấn|kết quả (?:thực hiện|công tác|đạt được|nổi bật|nhiệm kỳ)|thành tích|đánh giá|tình hình)(?!\w)",
    re.IGNORECASE,
)
_ONLY_NUMBER = re.compile(r"[\d.,]+\s*(?:%|tỷ|triệu|tỷ đồng|triệu đồng)?", re.IGNORECASE)
_SEMICOLON = re.compile(r";\s+(?=[^”]*(?:“|$))")
_MOMENT = re.compile(
    r"(?:phấn đấu,? )?((?:đến|tới|vào|trong|hết|hàng|hằng|mỗi|giai đoạn)\s[^,:;%]*?(?:\d{4}|năm|kỳ|khóa))\s*[,:]\s*",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Item:
    """A line with its rank and number, and the plain lines that follow it."""

    rank: int
    number: str
    title: FrameLine
    body: list[FrameLine] = field(default_factory=list)


def opens_item(line: FrameLine) -> bool:
    """Whether a line is numbered or dashed, so that a body begins with it: capitals alone are a title."""
    item = _item(line)
    return item is not None and (bool(item.number) or item.rank != _PART)


def is_past(title: str) -> bool:
    """Whether a heading speaks of what was reached, not of what is to be."""
    return bool(_PAST.match(title))


def read_listing(
    lines: Sequence[FrameLine], years: Sequence[int], outline: Outline
) -> list[FrameLine]:
    """Reads the lines into the outline, each row with a cell for each of the years; returns what was not understood."""
    loose: list[FrameLine] = []
    items = list(_without_past(_items(lines, outline, loose), outline))
    stack: list[tuple[int, str]] = []  # ranks and codes of the headings that are open
    for place, item in enumerate(items):
        following = items[place + 1].rank if place + 1 < len(items) else -1
        stack = [(rank, code) for rank, code in stack if rank < item.rank]
        if following > item.rank or item.rank <= _GROUP or item.rank == _NAMED:
            _add_heading(item, stack, outline)
            if item.rank != _NAMED:
                loose += _without_goal(item, outline)
        if following <= item.rank and item.rank > _GROUP:
            _add_rows(item, years, outline)
    return loose


def _without_goal(item: _Item, outline: Outline) -> list[FrameLine]:
    """The plain lines under a heading; under "Mục tiêu" they are the plan's goal."""
    if outline.goal or not item.body or not words_of(item.title.text).startswith("muc tieu"):
        return item.body
    outline.goal = "\n".join(line.text for line in item.body)
    outline.sources["goal"] = item.body[0].source
    return []


def _item(line: FrameLine) -> _Item | None:
    text = _MARKDOWN.sub("", line.text).strip()
    for rank, form in _FORMS:
        if said := form.fullmatch(text):
            number, title = said.groups()
            depth = min(number.count("."), _DEEPEST) if rank == _DOTTED else 0
            return _Item(rank + depth, tidy(number), FrameLine(title, line.source))
    if text.isupper() and len(text) <= _LONGEST_PART and not _ONLY_NUMBER.fullmatch(text):
        return _Item(_PART, "", FrameLine(text, line.source))
    return None


def _items(lines: Sequence[FrameLine], outline: Outline, loose: list[FrameLine]) -> Iterator[_Item]:
    """The numbered lines with their plain ones; a plain line with a target is a row, one before all items is loose."""
    item: _Item | None = None
    for line in lines:
        opened = _item(line)
        stands_alone = item is None or item.rank <= _GROUP
        if (
            opened is None
            and stands_alone
            and read_prose(line.text, outline.language, line.source).targets
        ):
            opened = _Item(_DASH, "", line)
        if opened is None:
            (item.body if item else loose).append(line)
            continue
        if (
            item
            and item.rank == opened.rank == _PART
            and words_of(opened.title.text) in words_of(item.title.text)
        ):
            continue  # a part's heading again
        if item:
            yield item
        item = opened
    if item:
        yield item


def _without_past(items: Iterator[_Item], outline: Outline) -> Iterator[_Item]:
    """Leaves out what stands under a heading of results, and says so."""
    past: _Item | None = None
    count = 0
    for item in items:
        if past and item.rank > past.rank:
            count += 1
            continue
        if past and (count or past.body):
            outline.problems.append(_results(past, count))
        past, count = (item, 0) if item.rank <= _NAMED and is_past(item.title.text) else (None, 0)
        if not past:
            yield item
    if past and (count or past.body):
        outline.problems.append(_results(past, count))


def _results(past: _Item, count: int) -> Problem:
    message = (
        f"Phần “{past.title.text}” ({count} mục) nói kết quả đã đạt, không phải chỉ tiêu: không vào kế hoạch. "
        "Nếu là chỉ tiêu, hãy đổi tên phần này."
    )
    return Problem(
        "results-not-targets", Severity.WARNING, message, past.title.source, past.title.text
    )


def _add_heading(item: _Item, stack: list[tuple[int, str]], outline: Outline) -> None:
    """Under the last heading of a lower rank; the number "1.2" tells its own parent."""
    above = [
        code for rank, code in stack if not (_DOTTED <= item.rank < _NAMED and rank >= _DOTTED)
    ]
    outline.section = above[-1] if above else None
    read_entry(_entry(item.number, item.title), outline)
    if outline.heading:
        stack.append((item.rank, outline.heading))


def _entry(number: str, title: FrameLine) -> TableEntry:
    blank = FrameLine("", title.source)
    return TableEntry(
        replace(blank, text=number), title, merged=True, years={}, levels=blank, boards=blank
    )


def _add_rows(item: _Item, years: Sequence[int], outline: Outline) -> None:
    """One row for each part of the item's text between semicolons, numbers and words of its body joined."""
    for part in _parts(_joined(item.body) or item.title.text):
        title = FrameLine(part, item.title.source)
        reading = read_prose(part, outline.language, title.source)
        due = list(zip(reading.targets, reading.timed, strict=True))
        whole = any(
            not target.years and not (said and target.applies is Applies.EACH_YEAR)
            for target, said in due
        )
        entry = replace(
            _entry("" if item.rank == _NAMED else item.number, title),
            years=dict(_cells(due, years, title, outline.language)),
            of_term=frozenset(years[-1:]) if whole else frozenset(),
            listed=True,
        )
        read_entry(entry, outline)


def _joined(body: Sequence[FrameLine]) -> str:
    """Lines as one text; a number that stands alone belongs to the words after it."""
    text = ""
    for line in body:
        text += line.text + (" " if _ONLY_NUMBER.fullmatch(line.text) else "\n")
    return text.strip()


def _parts(text: str) -> Iterator[str]:
    """The parts between semicolons, each with the moment that the first one began with."""
    pieces = [piece for piece in _SEMICOLON.split(text) if piece.strip()]
    if sum(any(char.isdigit() for char in piece) for piece in pieces) < 2:
        yield text
        return
    said = _MOMENT.match(pieces[0])
    for place, piece in enumerate(pieces):
        bare = place == 0 or not said or _MOMENT.match(piece)
        yield piece.strip() if bare or not said else f"{said.group(1)}, {piece.strip()}"


def _cells(
    due: Sequence[tuple[Target, bool]], years: Sequence[int], title: FrameLine, language: Language
) -> Iterator[tuple[int, FrameLine]]:
    """Each year's targets in the fewest words. One without a time of its own is due when the plan ends."""
    for year in years:
        targets = [target for target, said in due if _is_due(target, said, year, years)]
        words = "; ".join(cell_words(target, language) for target in targets)
        yield year, FrameLine(words, title.source)


def _is_due(target: Target, said: bool, year: int, years: Sequence[int]) -> bool:
    if target.years and target.applies is not Applies.TERM_TOTAL:
        return year in target.years
    return year == years[-1] or (said and target.applies is Applies.EACH_YEAR)
