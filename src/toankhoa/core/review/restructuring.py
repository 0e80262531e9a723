"""Rows and headings that come and go while a plan is reviewed. Codes of all others stay."""

from __future__ import annotations

from dataclasses import replace

from toankhoa.core.basics import Problem, Source, refuse, tidy
from toankhoa.core.compiling import free_code, heading_code
from toankhoa.core.measures import Vocabulary
from toankhoa.core.plan import Activity, Commitment, CommitmentKind, Objective, Plan
from toankhoa.core.review.editing import ADDED, edit, inheriting, rows_without
from toankhoa.core.review.fields import TITLE, Place, headings_by_code, row_codes

Grown = tuple[Plan, str, tuple[Problem, ...]]  # the plan, the new row's code, what its words met


def add_row(plan: Plan, heading: str, title: str, vocabulary: Vocabulary) -> Grown:
    """A new row at the end of a heading's own, with blank years.

    KeyError where there is no such heading; refused without words.
    """
    codes = row_codes(plan)
    if heading not in headings_by_code(plan):
        raise KeyError(heading)
    rank = 1
    while f"{heading}.{rank}" in codes:
        rank += 1
    blank = Commitment(text="", kind=CommitmentKind.NONE)
    row = Activity(
        code=f"{heading}.{rank}",
        number="",
        title="",
        objective=heading,
        levels=(),
        levels_text="",
        boards=(),
        boards_text="",
        targets=(),
        commitments=dict.fromkeys(plan.years, blank),
        source=_added(plan),
    )
    return _titled(
        inheriting(replace(plan, activities=(*plan.activities, row))), row.code, title, vocabulary
    )


def add_heading(plan: Plan, parent: str, number: str, title: str, vocabulary: Vocabulary) -> Grown:
    """A new heading at the end of those under `parent`, or of those under none where it is blank.

    KeyError where there is no such heading; refused without words.
    """
    headings = headings_by_code(plan)
    if parent and parent not in headings:
        raise KeyError(parent)
    number = tidy(number)
    code, _ = heading_code(number, parent or None, headings)
    code = free_code(code, row_codes(plan))
    heading = Objective(
        code=code, number=number, title="", parent=parent or None, source=_added(plan)
    )
    return _titled(replace(plan, objectives=(*plan.objectives, heading)), code, title, vocabulary)


def _titled(plan: Plan, code: str, title: str, vocabulary: Vocabulary) -> Grown:
    edited = edit(plan, Place(code, TITLE), title, vocabulary)
    return edited.plan, code, edited.problems


def _added(plan: Plan) -> Source:
    """A place in no file, and not that of another row: problems are told apart by it."""
    added = (row.source.row or 0 for row in plan.rows() if row.source.file == ADDED)
    return Source(ADDED, row=1 + max(added, default=-1))


def remove_row(plan: Plan, code: str) -> Plan:
    """The plan without a row.

    KeyError where there is none; refused for a heading that still holds rows.
    """
    plan.find(code)
    with_rows = {row.objective for row in plan.activities}
    with_headings = {objective.parent for objective in plan.objectives}
    if code in with_rows | with_headings:
        raise refuse(
            "edit-holding",
            "Đề mục này còn hàng bên dưới. Hãy bỏ, hoặc chuyển các hàng đó đi trước.",
        )
    return replace(
        plan,
        objectives=rows_without(plan.objectives, code),
        activities=rows_without(plan.activities, code),
    )
