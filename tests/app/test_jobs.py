"""Long work says how far it is, what it left, and why it failed."""

import logging
import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction

from toankhoa.core.basics import refuse
from toankhoa.jobs.models import Job
from toankhoa.jobs.runner import Progress, start, up_to_date

AT = datetime(2021, 10, 20, 2, tzinfo=UTC)


def begin(work: Any) -> Job:
    return start(kind="compile", work=work, by=None, at=AT)


@pytest.fixture
def inline(settings, request: pytest.FixtureRequest) -> None:
    request.getfixturevalue("db")
    settings.JOBS = "inline"


@pytest.mark.usefixtures("inline")
def test_a_job_shows_how_far_it_is_and_keeps_its_result():
    seen = []

    def work(progress: Progress) -> dict[str, Any]:
        progress(1, 4, "Đang đọc tệp")
        job = Job.objects.get()
        seen.append((job.state, job.percent, job.message))
        return {"version": 7}

    job = begin(work)
    assert seen == [(Job.State.RUNNING, 25, "Đang đọc tệp")]
    assert (job.state, job.percent, job.result) == (Job.State.DONE, 100, {"version": 7})


@pytest.mark.usefixtures("inline")
def test_a_job_in_one_long_transaction_still_says_how_far_it_is():
    seen = []

    def work(progress: Progress) -> dict[str, Any]:
        progress(3, 4, "Đang cộng lại")
        unseen = Job(
            pk=Job.objects.get().pk, done=0, total=1, message=""
        )  # as another connection reads it meanwhile
        seen.append(up_to_date(unseen))
        return {}

    job = begin(work)
    assert [(each.percent, each.message) for each in seen] == [(75, "Đang cộng lại")]
    assert up_to_date(job).percent == 100


@pytest.mark.usefixtures("inline")
def test_a_refusal_is_told_in_its_own_words():
    def work(progress: Progress) -> dict[str, Any]:
        progress(1, 2, "Đang đọc tệp")
        raise refuse("document-empty", "Tệp không có bảng nào.")

    job = begin(work)
    assert (job.state, job.message, job.percent) == (Job.State.FAILED, "Tệp không có bảng nào.", 50)


@pytest.mark.usefixtures("inline")
def test_an_error_is_logged_and_told_without_its_insides(caplog: pytest.LogCaptureFixture):
    def work(_: Progress) -> dict[str, Any]:
        raise KeyError("secret")

    with caplog.at_level(logging.ERROR):
        job = begin(work)
    assert job.state == Job.State.FAILED
    assert "secret" not in job.message
    assert "Hãy thử lại" in job.message
    assert "secret" in caplog.text


@pytest.mark.django_db
def test_a_thread_begins_once_its_job_can_be_seen(settings, django_capture_on_commit_callbacks):
    """Started within a transaction it would not find its own row."""
    settings.JOBS = "thread"
    began = threading.Event()

    def work(_: Progress) -> dict[str, Any]:
        began.set()
        return {}

    with django_capture_on_commit_callbacks() as callbacks, transaction.atomic():
        begin(work)
    assert len(callbacks) == 1
    assert not began.wait(0.05)
