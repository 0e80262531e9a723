"""From a file that a plan officer uploads to a draft she can look at, and again with what she said of its columns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from toankhoa import documents
from toankhoa.core.compiling import Document, Table, compile_document
from toankhoa.jobs import runner
from toankhoa.jobs.models import Job
from toankhoa.operations.measuring import library
from toankhoa.org.scope import Actor
from toankhoa.plan.drafts import answers_for, keep_draft, reread_draft
from toankhoa.plan.models import PlanVersion

HeaderPlace = tuple[
    int, int, int
]  # table, row and cell of a column's header, as a `Source` counts them


def compile_upload(
    *, name: str, data: bytes, by: Actor, at: datetime, based_on: PlanVersion | None = None
) -> Job:
    """Compile a file beside the request; the job's result holds the id of the draft.

    `based_on`: the published version that the file amends. What was said of the same file's columns before still holds.
    """

    def work(progress: runner.Progress) -> dict[str, Any]:
        progress(0, 3, "Đang đọc tệp")
        document = documents.read(name, data)
        progress(1, 3, "Đang hiểu bảng kế hoạch")
        answers = answers_for(source=data, by=by)
        plan, problems = compile_document(document, library().vocabulary, answers)
        progress(2, 3, "Đang ghi bản thảo")
        draft = keep_draft(
            source_name=name,
            source=data,
            plan=plan,
            problems=problems,
            by=by,
            at=at,
            based_on=based_on,
            answers=answers,
        )
        return {"version": draft.pk}

    return runner.start(kind="compile", work=work, by=by.user, at=at)


def answer_columns(
    *, draft: PlanVersion, meanings: Mapping[HeaderPlace, str], by: Actor, at: datetime
) -> PlanVersion:
    """Read the draft's file again with what columns are: the place of a header → a code of `MEANINGS`, or a year.

    The plan is what is read now: edits made by hand go, and the audit keeps them.
    """
    source = bytes(draft.source)
    document = documents.read(draft.source_name, source)
    columns = _columns(document)
    said = {columns[place]: meaning for place, meaning in meanings.items() if place in columns}
    answers = {**draft.answers, **said}
    plan, problems = compile_document(document, library().vocabulary, answers)
    return reread_draft(draft=draft.pk, plan=plan, problems=problems, answers=answers, by=by, at=at)


def _columns(document: Document) -> dict[HeaderPlace, str]:
    """What the compiler calls the column of each cell: "1:3" is column 3 of table 1."""
    cells = (
        cell
        for block in document.blocks
        if isinstance(block, Table)
        for row in block.rows
        for cell in row.cells
    )
    return {
        (cell.source.table, cell.source.row, cell.source.cell): f"{cell.source.table}:{cell.column}"
        for cell in cells
        if cell.source.table is not None
        and cell.source.row is not None
        and cell.source.cell is not None
    }
