"""Percentages of what: none said, or two that may be meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from toankhoa.core.compiling.checks.finding import PERCENT, Facts, Remark, shown, year_targets
from toankhoa.core.plan import Activity, Objective, Plan, Target

# Whom a share is taken of in most plans; an organisation's own words come with its vocabulary.
_PEOPLE = (
    *("hội viên", "đoàn viên", "đảng viên", "cán bộ", "công chức", "viên chức"),
    *("thanh niên", "thiếu nhi", "trẻ em", "học sinh", "sinh viên"),
    *("nông dân", "người lao động", "lao động", "người dân", "nhân dân"),
)
_OF_WHICH = re.compile(r"(?:trong đó|trong số đó)(?!\w)", re.IGNORECASE)
_BARE_VERB = re.compile(
    r"(?:trong đó |trong số đó )?(?:đạt|được|có|thoát|hoàn thành|tham gia)(?!\w)", re.IGNORECASE
)


def _rates(plan: Plan) -> Iterator[tuple[Objective | Activity, Target]]:
    """Percentages, each once: those of a heading that its rows say again are theirs."""
    in_rows: set[tuple[object, ...]] = set()
    for activity in plan.activities:
        for target in activity.targets:
            in_rows.add((activity.objective, target.amount, target.comparator))
    for row in plan.rows():
        for target in row.targets:
            said_again = (row.code, target.amount, target.comparator) in in_rows
            if isinstance(row, Objective) and said_again:
                continue
            if target.unit == PERCENT:
                yield row, target


def percent_of_two(plan: Plan, facts: Facts) -> Iterator[Remark]:
    """A share of "A, B" or "A B": of both together, or of each?"""
    two = _two_populations(facts)
    for row, target in _rates(plan):
        if match := two.match(target.subject):
            both, first = match.group(1), match.group(2)
            yield Remark(
                row,
                f"{shown(target)} tính trên “{both}”: có thể hiểu hai mẫu số. "
                f"Hãy ghi rõ tính trên {first} hay trên tất cả.",
                both,
            )


def _two_populations(facts: Facts) -> re.Pattern[str]:
    """Two populations side by side, the longer names first so that none is cut."""
    names = set(map(re.escape, (*_PEOPLE, *facts.populations)))
    words = "|".join(sorted(names, key=len, reverse=True))
    pair = rf"(({words})(?:\s*[,/]\s*|\s)(?:{words}))"
    return re.compile(rf"(?:\W|tỷ lệ )*{pair}(?!\w)", re.IGNORECASE)


def percent_of_which(plan: Plan, _: Facts) -> Iterator[Remark]:
    """ "80% …, of which 40% …": of those 80%, or of all?"""
    for row, target in _rates(plan):
        rates = _percentages(row.targets)
        nested = _OF_WHICH.match(target.subject) and rates.index(target) > 0
        if nested and _BARE_VERB.match(target.subject):
            yield Remark(
                row,
                f"“{target.subject}” {shown(target)}: "
                "không rõ tính trên phần vừa nói hay trên tất cả. Hãy ghi rõ mẫu số.",
                target.subject,
            )


def percent_of_nothing(plan: Plan, _: Facts) -> Iterator[Remark]:
    """A share, and no word in the row or its cells of what it is a share."""
    for row in plan.activities:
        bare = _bare_percentage(row)
        if bare:
            share = shown(bare)
            yield Remark(
                row,
                f"“{share}” không nói tính trên tổng nào. Hãy ghi “{share} …” của ai, của gì.",
                share,
            )


def _bare_percentage(row: Activity) -> Target | None:
    """The first percentage of a row that says of nothing what it is a share of.

    Those of the year cells count where the words have none, and do not speak of a share either
    ("Tỷ lệ hội viên …").
    """
    in_words = _percentages(row.targets)
    for target in in_words:
        if not target.subject:
            return target
    in_cells = _percentages(year_targets(row))
    title = row.title.lower()
    named = in_words or "tỷ lệ" in title or "tỉ lệ" in title
    if named or any(target.subject for target in in_cells):
        return None
    return in_cells[0] if in_cells else None


def _percentages(targets: Iterable[Target]) -> list[Target]:
    return [target for target in targets if target.unit == PERCENT]
