"""Headings against the rows under them, and targets that stand where nobody looks for them."""

from __future__ import annotations

from collections.abc import Iterator

from toankhoa.core.basics import words_of
from toankhoa.core.compiling.checks.finding import PERCENT, Facts, Remark, shown
from toankhoa.core.plan import (
    Activity,
    Applies,
    Basis,
    CommitmentKind,
    Comparator,
    Objective,
    Plan,
    Target,
)

_SAME_SUBJECT = 0.6  # share of words in common
_TASKS = ("nhiem vu", "giai phap")
_TARGETS = "chi tieu"


def _rows_under(plan: Plan) -> Iterator[tuple[Objective, list[Activity]]]:
    rows: dict[str, list[Activity]] = {}
    for row in plan.activities:
        rows.setdefault(row.objective, []).append(row)
    for objective in plan.objectives:
        if objective.code in rows:
            yield objective, rows[objective.code]


def _alike(first: Target, second: Target) -> bool:
    return (first.amount, first.upper, first.unit) == (second.amount, second.upper, second.unit)


def _levels(row: Activity) -> Iterator[Target]:
    yield from row.targets
    for cell in row.commitments.values():
        yield from cell.targets


def _subject_fit(first: Target, second: Target) -> float:
    one, two = set(words_of(first.subject).split()), set(words_of(second.subject).split())
    return len(one & two) / len(one | two) if one | two else 1.0


def _same_thing(heading: Target, row: Target) -> bool:
    if heading.unit != row.unit or heading.basis is not row.basis or not heading.unit:
        return False
    return heading.unit != PERCENT or _subject_fit(heading, row) >= _SAME_SUBJECT


def heading_sign_apart(plan: Plan, _: Facts) -> Iterator[Remark]:
    """The heading says "at least 2", its row "2"."""
    for heading, rows in _rows_under(plan):
        for above in heading.targets:
            said = [
                (row, target) for row in rows for target in row.targets if _alike(above, target)
            ]
            same = [(row, target) for row, target in said if target.basis is above.basis]
            if any(target.comparator is above.comparator for _, target in same):
                continue
            for row, target in same[:1]:
                yield Remark(
                    row,
                    f"{heading.number} ghi “{shown(above)}”, dòng này ghi “{shown(target)}”. "
                    "Hãy dùng một cách so sánh.",
                    shown(target),
                )


def heading_number_apart(plan: Plan, _: Facts) -> Iterator[Remark]:
    """The heading's number and its row's number for the same thing disagree."""
    for heading, rows in _rows_under(plan):
        for above in heading.targets:
            measured = [
                (row, target)
                for row in rows
                for target in row.targets
                if _same_thing(above, target)
            ]
            if any(_agree(above, target, row) for row, target in measured):
                continue
            for row, target in measured[:1]:
                yield Remark(
                    row,
                    f"{heading.number} ghi {shown(above)}, dòng này ghi {shown(target)}. "
                    "Hãy thống nhất con số, hoặc nói rõ mỗi số tính cho ai.",
                    shown(target),
                )


def _agree(above: Target, target: Target, row: Activity) -> bool:
    """The same number, or a yearly one that makes the term's over the years that the row is marked."""
    marked = sum(cell.kind is not CommitmentKind.NONE for cell in row.commitments.values())
    if above.applies is Applies.TERM_TOTAL and target.applies is not Applies.TERM_TOTAL:
        return (
            target.amount * (len(target.years) or marked) == above.amount
            or target.amount == above.amount
        )
    return target.amount == above.amount and target.upper == above.upper


def heading_not_measured(plan: Plan, _: Facts) -> Iterator[Remark]:
    """A heading's target that no row under it repeats, breaks down or gives levels to."""
    below = {objective.parent for objective in plan.objectives}
    for heading, rows in _rows_under(plan):
        levels = [target for row in rows for target in _levels(row)]
        missing = [
            t
            for t in heading.targets
            if not any(_alike(t, level) or _same_thing(t, level) for level in levels)
        ]
        if missing and heading.code not in below:
            said = "; ".join(f"{shown(target)} {target.subject}".strip() for target in missing)
            yield Remark(
                heading,
                f"{len(missing)} chỉ tiêu không dòng nào đo ({said}). Hãy thêm dòng, hoặc ghi mức từng năm.",
                said,
            )


def target_outside_years(plan: Plan, _: Facts) -> Iterator[Remark]:
    """The row's words name a number, its year cells only marks: no year has a level of its own."""
    tasks = _tasks(plan)
    for row in plan.activities:
        if row.targets and _only_marks(row) and row.objective not in tasks:
            said = "; ".join(map(shown, row.targets))
            yield Remark(
                row,
                f"có chỉ tiêu trong lời ({said}) nhưng các năm chỉ đánh dấu. Hãy ghi mức của từng năm.",
                said,
            )


def target_in_task(plan: Plan, _: Facts) -> Iterator[Remark]:
    """A number to reach among the tasks, where the plan has a section of targets that it is not in."""
    tasks = _tasks(plan)
    elsewhere = {words_of(row.title) for row in plan.activities if row.objective not in tasks}
    for row in plan.activities:
        if row.objective in tasks and _only_marks(row) and words_of(row.title) not in elsewhere:
            hidden = [
                target for target in row.targets if target.comparator is not Comparator.CHANGE
            ]
            if hidden:
                said = "; ".join(f"{shown(target)} {target.subject}".strip() for target in hidden)
                yield Remark(
                    row,
                    f"có chỉ tiêu nằm trong nhiệm vụ ({said}). Hãy đưa lên phần chỉ tiêu, hoặc ghi mức.",
                    said,
                )


def _only_marks(row: Activity) -> bool:
    kinds = {commitment.kind for commitment in row.commitments.values()}
    return CommitmentKind.SCHEDULED in kinds and CommitmentKind.TARGET not in kinds


def _tasks(plan: Plan) -> set[str]:
    """Codes of headings in sections of tasks, where another section is one of targets."""
    titles = {
        objective.code: words_of(objective.title)
        for objective in plan.objectives
        if objective.parent is None
    }
    if not any(_TARGETS in title for title in titles.values()):
        return set()
    tasks: set[str] = set()
    for objective in plan.objectives:  # a heading comes after the one it stands under
        title = titles.get(objective.code, "")
        is_task = _TARGETS not in title and any(word in title for word in _TASKS)
        if is_task or objective.parent in tasks:
            tasks.add(objective.code)
    return tasks


def per_unit_apart(plan: Plan, facts: Facts) -> Iterator[Remark]:
    """So much in each unit, said by the heading, times its units is not the whole that a row asks for."""
    for heading, rows in _rows_under(plan):
        for above in heading.targets:
            count = facts.count(above)
            wholes = [
                (row, target)
                for row in rows
                for target in row.targets
                if target.basis is Basis.WHOLE
            ]
            for row, target in wholes:
                if count and target.unit == above.unit and target.amount != above.amount * count:
                    yield Remark(
                        row,
                        f"{heading.number} ghi {shown(above)} mỗi đơn vị, {count} đơn vị là {above.amount * count}; "
                        f"dòng này ghi {shown(target)}. Hãy sửa một trong hai số.",
                        shown(target),
                    )
