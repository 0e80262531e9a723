"""Percentages of what: none said, or two that may be meant."""

from __future__ import annotations

import re
from collections.abc import Iterator

from toankhoa.core.compiling.checks.finding import PERCENT, Facts, Remark, shown
from toankhoa.core.plan import Activity, Objective, Plan, Target

# Whom a share is taken of in most plans; an organisation's own words come with its vocabulary.
_PEOPLE: tuple[str, ...] = (
    "hội viên",
    "đoàn viên",
    "đảng viên",
    "cán bộ",
    "công chức",
    "viên chức",
    "thanh niên",
    "thiếu nhi",
)
_PEOPLE += (
    "trẻ em",
    "học sinh",
    "sinh viên",
    "nông dân",
    "người lao động",
    "lao động",
    "người dân",
    "nhân dân",
)
_OF_WHICH = re.compile(r"(?:trong đó|trong số đó)(?!\w)", re.IGNORECASE)
_BARE_VERB = re.compile(
    r"(?:trong đó |trong số đó )?(?:đạt|được|có|thoát|hoàn thành|tham gia)(?!\w)", re.IGNORECASE
)


def _rates(plan: Plan) -> Iterator[tuple[Objective | Activity, Target]]:
    """Percentages, each once: those of a heading that its rows say again are theirs."""
    said = {
        (row.objective, target.amount, target.comparator)
        for row in plan.activities
        for target in row.targets
    }
    for row in plan.rows():
        for target in row.targets:
            again = (
                isinstance(row, Objective) and (row.code, target.amount, target.comparator) in said
            )
            if target.unit == PERCENT and not again:
                yield row, target


def percent_of_two(plan: Plan, facts: Facts) -> Iterator[Remark]:
    """A share of "A, B" or "A B": of both together, or of each?"""
    words = "|".join(
        sorted({re.escape(word) for word in (*_PEOPLE, *facts.populations)}, key=len, reverse=True)
    )
    two = re.compile(rf"(?:\W|tỷ lệ )*(({words})(?:\s*[,/]\s*|\s)(?:{words}))(?!\w)", re.IGNORECASE)
    for row, target in _rates(plan):
        if said := two.match(target.subject):
            yield Remark(
                row,
                f"{shown(target)} tính trên “{said.group(1)}”: có thể hiểu hai mẫu số. "
                f"Hãy ghi rõ tính trên {said.group(2)} hay trên tất cả.",
                said.group(1),
            )


def percent_of_which(plan: Plan, _: Facts) -> Iterator[Remark]:
    """ "80% …, of which 40% …": of those 80%, or of all?"""
    for row, target in _rates(plan):
        rates = [other for other in row.targets if other.unit == PERCENT]
        nested = _OF_WHICH.match(target.subject) and rates.index(target) > 0
        if nested and _BARE_VERB.match(target.subject):
            yield Remark(
                row,
                f"“{target.subject}” {shown(target)}: không rõ tính trên phần vừa nói hay trên tất cả. "
                "Hãy ghi rõ mẫu số.",
                target.subject,
            )


def percent_of_nothing(plan: Plan, _: Facts) -> Iterator[Remark]:
    """A share, and no word in the row or its cells of what it is a share."""
    for row in plan.activities:
        levels = [
            target
            for cell in row.commitments.values()
            for target in cell.targets
            if target.unit == PERCENT
        ]
        rates = [target for target in row.targets if target.unit == PERCENT]
        bare = [target for target in rates if not target.subject]
        counts = not rates and "tỷ lệ" not in row.title.lower() and "tỉ lệ" not in row.title.lower()
        if bare or (counts and levels and not any(target.subject for target in levels)):
            said = shown((bare or levels)[0])
            yield Remark(
                row,
                f"“{said}” không nói tính trên tổng nào. Hãy ghi “{said} …” của ai, của gì.",
                said,
            )
