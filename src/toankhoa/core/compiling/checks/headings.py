"""Headings against the rows under them, and targets that stand where nobody looks for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from toankhoa.core.basics import words_of
from toankhoa.core.compiling.checks.finding import (
    PERCENT,
    Facts,
    Remark,
    marked_years,
    rows_by_heading,
    shown,
    year_targets,
)
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
    rows = rows_by_heading(plan)
    for objective in plan.objectives:
        if objective.code in rows:
            yield objective, rows[objective.code]


def _alike(first: Target, second: Target) -> bool:
    return (first.amount, first.upper, first.unit) == (second.amount, second.upper, second.unit)


def _all_targets(row: Activity) -> Iterator[Target]:
    """Those of its words, then those of its year cells."""
    yield from row.targets
    yield from year_targets(row)


def _targets_in_words(rows: Sequence[Activity]) -> list[tuple[Activity, Target]]:
    """Each target of the words of these rows, with its row."""
    pairs = []
    for row in rows:
        pairs += [(row, target) for target in row.targets]
    return pairs


def _subject_fit(first: Target, second: Target) -> float:
    """The share of words that two subjects have in common; 1 where neither has any."""
    first_words = set(words_of(first.subject).split())
    second_words = set(words_of(second.subject).split())
    union = first_words | second_words
    return len(first_words & second_words) / len(union) if union else 1.0


def _same_thing(heading: Target, row: Target) -> bool:
    if heading.unit != row.unit or heading.basis is not row.basis or not heading.unit:
        return False
    return heading.unit != PERCENT or _subject_fit(heading, row) >= _SAME_SUBJECT


def heading_sign_apart(plan: Plan, _: Facts) -> Iterator[Remark]:
    """The heading says "at least 2", its row "2"."""
    for heading, rows in _rows_under(plan):
        in_rows = _targets_in_words(rows)
        for above in heading.targets:
            same = [pair for pair in in_rows if _same_but_sign(above, pair[1])]
            if not same or any(target.comparator is above.comparator for _, target in same):
                continue
            row, target = same[0]
            yield Remark(
                row,
                f"{heading.number} ghi “{shown(above)}”, dòng này ghi “{shown(target)}”. "
                "Hãy dùng một cách so sánh.",
                shown(target),
            )


def _same_but_sign(above: Target, target: Target) -> bool:
    return _alike(above, target) and target.basis is above.basis


def heading_number_apart(plan: Plan, _: Facts) -> Iterator[Remark]:
    """The heading's number and its row's number for the same thing disagree."""
    for heading, rows in _rows_under(plan):
        in_rows = _targets_in_words(rows)
        for above in heading.targets:
            measured = [pair for pair in in_rows if _same_thing(above, pair[1])]
            if not measured or any(_agree(above, target, row) for row, target in measured):
                continue
            row, target = measured[0]
            yield Remark(
                row,
                f"{heading.number} ghi {shown(above)}, dòng này ghi {shown(target)}. "
                "Hãy thống nhất con số, hoặc nói rõ mỗi số tính cho ai.",
                shown(target),
            )


def _agree(above: Target, target: Target, row: Activity) -> bool:
    """The same number, or a yearly one that makes the term's over the years of the row."""
    marked = len(marked_years(row))
    if above.applies is Applies.TERM_TOTAL and target.applies is not Applies.TERM_TOTAL:
        of_all_years = target.amount * (len(target.years) or marked)
        return above.amount in (of_all_years, target.amount)
    return target.amount == above.amount and target.upper == above.upper


def heading_not_measured(plan: Plan, _: Facts) -> Iterator[Remark]:
    """A heading's target that no row under it repeats, breaks down or gives levels to."""
    with_headings_below = {objective.parent for objective in plan.objectives}
    for heading, rows in _rows_under(plan):
        missing = _not_measured(heading, rows)
        if missing and heading.code not in with_headings_below:
            listed = "; ".join(map(_with_subject, missing))
            yield Remark(
                heading,
                f"{len(missing)} chỉ tiêu không dòng nào đo ({listed}). "
                "Hãy thêm dòng, hoặc ghi mức từng năm.",
                listed,
            )


def _not_measured(heading: Objective, rows: Sequence[Activity]) -> list[Target]:
    levels: list[Target] = []
    for row in rows:
        levels += _all_targets(row)
    return [target for target in heading.targets if not _is_measured(target, levels)]


def _is_measured(target: Target, levels: Sequence[Target]) -> bool:
    return any(_alike(target, level) or _same_thing(target, level) for level in levels)


def _with_subject(target: Target) -> str:
    return f"{shown(target)} {target.subject}".strip()


def target_outside_years(plan: Plan, _: Facts) -> Iterator[Remark]:
    """The row's words name a number, its year cells only marks: no year has a level of its own."""
    tasks = _tasks(plan)
    for row in plan.activities:
        if row.targets and _only_marks(row) and row.objective not in tasks:
            listed = "; ".join(map(shown, row.targets))
            yield Remark(
                row,
                f"có chỉ tiêu trong lời ({listed}) nhưng các năm chỉ đánh dấu. "
                "Hãy ghi mức của từng năm.",
                listed,
            )


def target_in_task(plan: Plan, _: Facts) -> Iterator[Remark]:
    """A number to reach among the tasks, where the plan has a section of targets without it."""
    tasks = _tasks(plan)
    elsewhere = {words_of(row.title) for row in plan.activities if row.objective not in tasks}
    for row in plan.activities:
        is_elsewhere = row.objective not in tasks or words_of(row.title) in elsewhere
        listed = "; ".join(_with_subject(target) for target in row.targets if _is_amount(target))
        if listed and not is_elsewhere and _only_marks(row):
            yield Remark(
                row,
                f"có chỉ tiêu nằm trong nhiệm vụ ({listed}). "
                "Hãy đưa lên phần chỉ tiêu, hoặc ghi mức.",
                listed,
            )


def _is_amount(target: Target) -> bool:
    """Whether it says how much there is to be, not by how much something changes."""
    return target.comparator is not Comparator.CHANGE


def _only_marks(row: Activity) -> bool:
    kinds = {commitment.kind for commitment in row.commitments.values()}
    return CommitmentKind.SCHEDULED in kinds and CommitmentKind.TARGET not in kinds


def _tasks(plan: Plan) -> set[str]:
    """Codes of headings in sections of tasks, where another section is one of targets."""
    tasks: set[str] = set()
    has_targets = False
    for objective in plan.objectives:  # a heading comes after the one it stands under
        is_section = objective.parent is None
        title = words_of(objective.title)
        if is_section and _TARGETS in title:
            has_targets = True
        elif objective.parent in tasks or (is_section and _names_tasks(title)):
            tasks.add(objective.code)
    return tasks if has_targets else set()


def _names_tasks(title: str) -> bool:
    return any(words in title for words in _TASKS)


def per_unit_apart(plan: Plan, facts: Facts) -> Iterator[Remark]:
    """So much per unit, said by the heading, times its units is not the whole of a row."""
    for heading, rows in _rows_under(plan):
        for above in heading.targets:
            count = facts.count(above)
            if not count:
                continue
            whole = above.amount * count
            for row, target in _targets_in_words(rows):
                is_whole = target.basis is Basis.WHOLE and target.unit == above.unit
                if is_whole and target.amount != whole:
                    yield Remark(
                        row,
                        f"{heading.number} ghi {shown(above)} mỗi đơn vị, "
                        f"{count} đơn vị là {whole}; dòng này ghi {shown(target)}. "
                        "Hãy sửa một trong hai số.",
                        shown(target),
                    )
