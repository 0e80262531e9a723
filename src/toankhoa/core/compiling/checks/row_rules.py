"""Rows as such: without year, level or board; twice or nearly; not numbered; cut."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

from toankhoa.core.basics import words_of
from toankhoa.core.compiling.checks.finding import Facts, Remark
from toankhoa.core.plan import Activity, CommitmentKind, Plan

_NEARLY = 0.75  # of the runs of three words of both rows
_SHORT = 6  # words: below that, likeness says nothing
_COMMON = 20  # rows: a run of words that more rows have says nothing
_LEADS = "-–+•*“”\"'( "
_DASH_TAIL = re.compile(r"(?:,|;\s*và|\b(?:và|của|cho|với|hoặc|các|những|để))$", re.IGNORECASE)
_PAIRS = (("(", ")"), ("“", "”"))
_MOSTLY = 0.8


def row_without_year(plan: Plan, _: Facts) -> Iterator[Remark]:
    """A row with nothing under any year is never due."""
    return _rows_without(
        plan,
        lambda row: all(cell.kind is CommitmentKind.NONE for cell in row.commitments.values()),
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


def _rows_without(plan: Plan, lacks: Callable[[Activity], bool], says: str) -> Iterator[Remark]:
    """A remark on each row that lacks it; a single one where all do."""
    rows = [row for row in plan.activities if lacks(row)]
    if len(rows) > 2 and len(rows) == len(plan.activities):
        yield Remark(None, f"cả {len(rows)} dòng đều {says}", rows[0].title, rows[0].source)
    else:
        yield from (Remark(row, says) for row in rows)


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
    holders: dict[tuple[str, ...], list[Activity]] = {}
    for row in plan.activities:
        shared = Counter(
            earlier.code
            for run in runs[row.code]
            if len(held := holders.get(run, [])) <= _COMMON
            for earlier in held
        )
        for code, count in shared.most_common(1):
            union = len(runs[row.code]) + len(runs[code]) - count
            if _NEARLY <= count / union < 1 and digits[row.code] == digits[code]:
                yield Remark(
                    row,
                    f"gần như trùng lời với {code}. Hãy gộp hai dòng, hoặc nói rõ chỗ khác nhau.",
                )
        for run in runs[row.code]:
            holders.setdefault(run, []).append(row)


def _runs(title: str) -> frozenset[tuple[str, ...]]:
    words = words_of(title).split()
    if len(words) < _SHORT:
        return frozenset()
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def row_not_numbered(plan: Plan, _: Facts) -> Iterator[Remark]:
    """Rows without a number under a heading, in a plan that numbers its rows; numbers that skip or repeat."""
    rows: dict[str, list[Activity]] = {}
    for row in plan.activities:
        rows.setdefault(row.objective, []).append(row)
    numbered = sum(bool(row.number) for row in plan.activities)
    for code, under in rows.items():
        blank = [row for row in under if not row.number]
        plain = [int(row.number) for row in under if row.number.isdecimal()]
        if blank and len(under) > 1 and numbered > len(plan.activities) / 2:
            yield Remark(
                blank[0], f"đề mục {code} có {len(blank)} dòng chưa đánh số. Hãy đánh số lần lượt."
            )
        elif (
            not blank
            and len(plain) == len(under)
            and plain != list(range(plain[0], plain[0] + len(plain)))
        ):
            said = ", ".join(map(str, plain))
            yield Remark(
                under[0], f"số thứ tự các dòng không liên tiếp ({said}). Hãy đánh lại số.", said
            )


def text_cut(plan: Plan, _: Facts) -> Iterator[Remark]:
    """A row that begins in the middle of a sentence, ends before its end, or opens what it does not close."""
    begun = [row.title.lstrip(_LEADS)[:1] for row in plan.activities]
    habit = sum(letter.isupper() or letter.isdecimal() for letter in begun) >= _MOSTLY * len(begun)
    for row in plan.activities:
        text = row.title.strip()
        if habit and text.lstrip(_LEADS)[:1].islower():
            yield Remark(
                row,
                "bắt đầu giữa câu: có thể bị cắt hoặc đảo đoạn. Hãy đối chiếu với bản gốc.",
                text[:60],
            )
        elif _DASH_TAIL.search(text):
            yield Remark(row, "câu chưa hết: có thể bị cắt. Hãy đối chiếu với bản gốc.", text[-60:])
        elif any(text.count(opened) != text.count(closed) for opened, closed in _PAIRS):
            yield Remark(
                row,
                "ngoặc mở và ngoặc đóng không đủ đôi: có thể thiếu chữ. Hãy đối chiếu với bản gốc.",
                text,
            )
