"""From a file that a plan officer uploads to a draft she can look at."""

from datetime import datetime
from typing import Any

from toankhoa import documents
from toankhoa.core.compiler import compile_document
from toankhoa.jobs import runner
from toankhoa.jobs.models import Job
from toankhoa.operations.measuring import library
from toankhoa.org.scope import Actor
from toankhoa.plan.drafts import keep_draft
from toankhoa.plan.models import PlanVersion


def compile_upload(*, name: str, data: bytes, by: Actor, at: datetime, based_on: PlanVersion | None = None) -> Job:
    """Compile a file beside the request; the job's result holds the id of the draft.

    `based_on`: the published version that the file amends.
    """

    def work(progress: runner.Progress) -> dict[str, Any]:
        progress(0, 3, "Đang đọc tệp")
        document = documents.read(name, data)
        progress(1, 3, "Đang hiểu bảng kế hoạch")
        plan, problems = compile_document(document, library().vocabulary)
        progress(2, 3, "Đang ghi bản thảo")
        draft = keep_draft(source_name=name, source=data, plan=plan, problems=problems, by=by, at=at, based_on=based_on)
        return {"version": draft.pk}

    return runner.start(kind="compile", work=work, by=by.user, at=at)
