"""Run a piece of work beside the request, in a thread of this process.

A thread is enough while one server process serves the installation; see docs/decisions/ on why
there is no queue yet.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction

from toankhoa.core.basics import Refused
from toankhoa.jobs.models import Job

logger = logging.getLogger(__name__)

Progress = Callable[[int, int, str], None]  # done, total, what is being done
Work = Callable[[Progress], dict[str, Any]]

# What each running job said last: work in one long transaction hides what it writes until it ends.
_last_progress: dict[int, tuple[int, int, str]] = {}


def start(*, kind: str, work: Work, by: AbstractBaseUser | None, at: datetime) -> Job:
    """Begin; the returned job is read again to see how far it is."""
    # The user model, which the stubs ask for, lies on a floor above this one.
    job = Job.objects.create(kind=kind, by=by, started=at)  # type: ignore[misc]
    if settings.JOBS == "inline":
        _run(job.pk, work)
        job.refresh_from_db()
    else:
        thread = threading.Thread(
            target=_run_and_close, args=(job.pk, work), name=f"job-{job.pk}", daemon=True
        )
        transaction.on_commit(thread.start)  # it could not see its own job before
    return job


def up_to_date(job: Job) -> Job:
    """The same job with what its work said last."""
    job.done, job.total, job.message = _last_progress.get(
        job.pk, (job.done, job.total, job.message)
    )
    return job


def _run_and_close(pk: int, work: Work) -> None:
    try:
        _run(pk, work)
    finally:
        connection.close()


def _run(pk: int, work: Work) -> None:
    row = Job.objects.filter(pk=pk)

    def progress(done: int, total: int, message: str) -> None:
        _last_progress[pk] = done, total, message
        row.update(done=done, total=total, message=message)

    try:
        result = work(progress)
    except Refused as refused:
        row.update(state=Job.State.FAILED, message=str(refused)[:300])
    except Exception:
        logger.exception("job %s", pk)
        row.update(
            state=Job.State.FAILED,
            message="Có lỗi trong máy chủ; chưa có gì bị thay đổi. Hãy thử lại.",
        )
    else:
        total = row.values_list("total", flat=True).get()
        row.update(state=Job.State.DONE, done=total, result=result)
    finally:
        _last_progress.pop(pk, None)
