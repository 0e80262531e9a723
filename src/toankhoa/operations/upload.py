"""From a file that a plan officer uploads to a draft, and again with her answers about columns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from toankhoa import documents
from toankhoa.core.basics import Source
from toankhoa.core.compiling import Document, Table, compile_document
from toankhoa.jobs import runner
from toankhoa.jobs.models import Job
from toankhoa.operations.measuring import library
from toankhoa.org.scope import Actor
from toankhoa.plan.drafts import answers_for, keep_draft, reread_draft
from toankhoa.plan.models import PlanVersion

# Table, row and cell of a column's header, as a `Source` counts them.
HeaderPlace = tuple[int, int, int]


def compile_upload(
    *, name: str, data: bytes, by: Actor, at: datetime, based_on: PlanVersion | None = None
) -> Job:
    """Compile a file beside the request; the job's result holds the id of the draft.

    `based_on`: the published version that the file amends. Earlier answers about the columns of the
    same file still hold.
    """

    def work(progress: runner.Progress) -> dict[str, Any]:
        progress(0, 3, "Đang đọc tệp")
        document = documents.read(name, data)
        progress(1, 3, "Đang hiểu bảng kế hoạch")
        answers = answers_for(source=data, by=by)
        # The compiler takes columns by their number, too: a wider type of key.
        by_column: dict[int | str, str] = dict(answers.items())
        plan, problems = compile_document(document, library().vocabulary, by_column)
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
    """Read the draft's file again with what columns are: the place of a header → its meaning.

    A meaning is a code of `MEANINGS`, or a year. The plan is what is read now: edits made by hand
    go, and the audit keeps them.
    """
    document = documents.read(draft.source_name, bytes(draft.source))
    columns = _columns(document)
    answers = dict(draft.answers)
    for place, meaning in meanings.items():
        if place in columns:
            answers[columns[place]] = meaning
    plan, problems = compile_document(document, library().vocabulary, answers)
    return reread_draft(draft=draft.pk, plan=plan, problems=problems, answers=answers, by=by, at=at)


def _columns(document: Document) -> dict[HeaderPlace, str]:
    """What the compiler calls the column of each cell: "1:3" is column 3 of table 1."""
    columns = {}
    for block in document.blocks:
        if not isinstance(block, Table):
            continue
        for row in block.rows:
            for cell in row.cells:
                place = _place(cell.source)
                if place is not None:
                    columns[place] = f"{cell.source.table}:{cell.column}"
    return columns


def _place(source: Source) -> HeaderPlace | None:
    """Where a cell is; None outside a table, and for what was not read from a file."""
    if source.table is None or source.row is None or source.cell is None:
        return None
    return source.table, source.row, source.cell
