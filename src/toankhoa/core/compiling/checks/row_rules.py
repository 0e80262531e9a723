"""Rows as such: without year, level or board; twice or nearly; not numbered; cut."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from toankhoa.core.basics import words_of
from toankhoa.core.compiling.checks.finding import Facts, Remark, marked_years, rows_by_heading
from toankhoa.core.plan import Activity, Plan

_NEARLY = 0.75  # of the runs of three words of both rows
_SHORT = 6  # words: below that, likeness says nothing
_COMMON = 20  # rows: a run of words that more rows have says nothing
_LEADS = "-–+•*“”\"'( "
_DASH_TAIL = re.compile(r"(?:,|;\s*và|\b(?:và|của|cho|với|hoặc|các|những|để))$", re.IGNORECASE)
_PAIRS = (("(", ")"), ("“", "”"))
_MOSTLY = 0.8  # of the rows begin with a capital letter or a number: then a small one is odd
_LONGEST_FRAGMENT = 60  # characters

_Run = tuple[str, ...]  # three words that follow each other, folded


def row_without_year(plan: Plan, _: Facts) -> Iterator[Remark]:
    """A row with nothing under any year is never due."""
    return _rows_without(
        plan,
        lambda row: not marked_years(row),
        "không có năm nào được đánh dấu. Hãy đánh “x” hoặc ghi mức của từng năm.",
    )


def row_without_level(plan: Plan, _: Facts) -> Iterator[Remark]:
    """Nobody is said to carry the row out."""
    return _rows_without(
        plan, lambda row: not row.levels, "chưa rõ cấp thực hiện. Hãy ghi cấp thực hiện."
    )


def row_without_board(plan: Plan, _: Facts) -> Iterator[Remark]:
    """Neither the row nor a heading above it names a lead board."""
    return _rows_without(
        plan,
        lambda row: not row.boards and not row.boards_text,
        "chưa có ban chủ trì, đề mục ở trên cũng không có. Hãy ghi ban chủ trì.",
    )


def _rows_without(
    plan: Plan, is_without: Callable[[Activity], bool], says: str
) -> Iterator[Remark]:
    """A remark on each row that lacks it; a single one where all do."""
    rows = [row for row in plan.activities if is_without(row)]
    if len(rows) > 2 and len(rows) == len(plan.activities):
        yield Remark(None, f"cả {len(rows)} dòng đều {says}", rows[0].title, rows[0].source)
        return
    for row in rows:
        yield Remark(row, says)


def row_twice(plan: Plan, _: Facts) -> Iterator[Remark]:
    """The same words in two rows: their figures would be counted twice."""
    first: dict[str, Activity] = {}
    for row in plan.activities:
        earlier = first.setdefault(words_of(row.title), row)
        if earlier is not row:
            yield Remark(
                row, f"trùng lời với {earlier.code}. Hãy giữ một dòng, hoặc nói rõ chỗ khác nhau."
            )


def row_nearly_twice(plan: Plan, _: Facts) -> Iterator[Remark]:
    """Nearly the same words, and the same numbers, in two rows."""
    runs = {row.code: _runs(row.title) for row in plan.activities}
    digits = {row.code: re.findall(r"\d+", row.title) for row in plan.activities}
    holders: dict[_Run, list[str]] = {}  # codes of the rows so far that hold a run
    for row in plan.activities:
        own = runs[row.code]
        for code, shared in _shared_runs(own, holders).most_common(1):
            likeness = shared / (len(own) + len(runs[code]) - shared)
            if _NEARLY <= likeness < 1 and digits[row.code] == digits[code]:
                yield Remark(
                    row,
                    f"gần như trùng lời với {code}. Hãy gộp hai dòng, hoặc nói rõ chỗ khác nhau.",
                )
        for run in own:
            holders.setdefault(run, []).append(row.code)


def _shared_runs(runs: frozenset[_Run], holders: Mapping[_Run, list[str]]) -> Counter[str]:
    """How many runs each earlier row shares; one that many rows hold is not counted."""
    shared: Counter[str] = Counter()
    for run in runs:
        codes = holders.get(run, [])
        if len(codes) <= _COMMON:
            shared.update(codes)
    return shared


def _runs(title: str) -> frozenset[_Run]:
    words = words_of(title).split()
    if len(words) < _SHORT:
        return frozenset()
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def row_not_numbered(plan: Plan, _: Facts) -> Iterator[Remark]:
    """Rows without a number, in a plan that numbers its rows; numbers that skip or repeat."""
    mostly_numbered = len(_without_number(plan.activities)) < len(plan.activities) / 2
    for code, rows in rows_by_heading(plan).items():
        blank = _without_number(rows)
        if blank and len(rows) > 1 and mostly_numbered:
            says = f"đề mục {code} có {len(blank)} dòng chưa đánh số. Hãy đánh số lần lượt."
            yield Remark(blank[0], says)
        elif not blank and _skips(rows):
            numbers = ", ".join(str(int(row.number)) for row in rows)
            says = f"số thứ tự các dòng không liên tiếp ({numbers}). Hãy đánh lại số."
            yield Remark(rows[0], says, numbers)


def _without_number(rows: Sequence[Activity]) -> list[Activity]:
    return [row for row in rows if not row.number]


def _skips(rows: Sequence[Activity]) -> bool:
    """Whether plain numbers do not count on from the first; "1.1" or "a" count nothing here."""
    numbers = [row.number for row in rows]
    if not all(map(str.isdecimal, numbers)):
        return False
    first = int(numbers[0])
    return list(map(int, numbers)) != list(range(first, first + len(numbers)))


def text_cut(plan: Plan, _: Facts) -> Iterator[Remark]:
    """A row that begins within a sentence, ends before its end, or opens what it does not close."""
    with_capital = list(filter(_begins_properly, plan.activities))
    is_habit = len(with_capital) >= _MOSTLY * len(plan.activities)
    for row in plan.activities:
        text = row.title.strip()
        if is_habit and _first_letter(row).islower():
            yield Remark(
                row,
                "bắt đầu giữa câu: có thể bị cắt hoặc đảo đoạn. Hãy đối chiếu với bản gốc.",
                text[:_LONGEST_FRAGMENT],
            )
        elif _DASH_TAIL.search(text):
            says = "câu chưa hết: có thể bị cắt. Hãy đối chiếu với bản gốc."
            yield Remark(row, says, text[-_LONGEST_FRAGMENT:])
        elif any(text.count(opened) != text.count(closed) for opened, closed in _PAIRS):
            yield Remark(
                row,
                "ngoặc mở và ngoặc đóng không đủ đôi: có thể thiếu chữ. Hãy đối chiếu với bản gốc.",
                text,
            )


def _begins_properly(row: Activity) -> bool:
    """With a capital letter or a number."""
    letter = _first_letter(row)
    return letter.isupper() or letter.isdecimal()


def _first_letter(row: Activity) -> str:
    return row.title.strip().lstrip(_LEADS)[:1]
