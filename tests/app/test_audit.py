"""The audit chain: what was altered, removed or put in between is found."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from toankhoa.audit import chain
from toankhoa.audit.chain import Break
from toankhoa.audit.clock import now, today
from toankhoa.audit.models import AuditEntry, AuditHead

AT = datetime(2021, 10, 20, 2, 30, 0, 123456, tzinfo=UTC)


def record(stream: str, *subjects: str) -> None:
    for subject in subjects:
        with transaction.atomic():
            data = {"reason": "Số chưa khớp", "figures": {"b": 1, "a": None}}
            chain.record(stream=stream, verb="accept", subject=subject, data=data, by=None, at=AT)


@pytest.fixture
def streams(request: pytest.FixtureRequest) -> None:
    """Two streams that grew in turns: x has four entries, y two."""
    request.getfixturevalue("db")
    for number in range(1, 5):
        record("x", f"x{number}")
        if number % 2:
            record("y", f"y{number}")


def entry(number: int, stream: str = "x") -> AuditEntry:
    return AuditEntry.objects.get(stream=stream, number=number)


def alter(**change: object) -> Callable[[], object]:
    return lambda: AuditEntry.objects.filter(stream="x", number=2).update(**change)


def remove(*numbers: int, stream: str = "x") -> Callable[[], object]:
    return lambda: AuditEntry.objects.filter(stream=stream, number__in=numbers).delete()


def forge() -> None:
    """Alter the last entry and give it a digest that fits."""
    last = entry(4)
    last.subject = "x5"
    last.digest = chain._digest(last)
    last.save()


def put_in_between() -> None:
    """Push entries 3 and 4 up and put a fitting one in the gap."""
    for number in (4, 3):
        AuditEntry.objects.filter(stream="x", number=number).update(number=number + 1)
    before = entry(2)
    new = AuditEntry(
        stream="x", number=3, at=AT, verb="accept", subject="new", data={}, previous=before.digest
    )
    new.digest = chain._digest(new)
    new.save()


@pytest.mark.usefixtures("streams")
def test_whole_chains_have_no_breaks_and_each_stream_its_own_numbers():
    assert list(chain.breaks()) == []
    assert {head.stream: head.number for head in AuditHead.objects.all()} == {"x": 4, "y": 2}


@pytest.mark.usefixtures("streams")
@pytest.mark.parametrize(
    ("harm", "places"),
    [
        pytest.param(alter(subject="z"), {2}, id="subject"),
        pytest.param(alter(verb="return"), {2}, id="verb"),
        pytest.param(alter(data={}), {2}, id="data"),
        pytest.param(alter(at=AT + timedelta(microseconds=1)), {2}, id="time"),
        pytest.param(alter(previous="0" * 64), {2}, id="link"),
        pytest.param(alter(digest="0" * 64), {2, 3}, id="digest"),
        pytest.param(remove(1), {2}, id="the first removed"),
        pytest.param(remove(2), {3}, id="one in the middle removed"),
        pytest.param(remove(3, 4), {3}, id="the end cut off"),
        pytest.param(remove(1, 2, 3, 4), {1}, id="all removed"),
        pytest.param(forge, {5}, id="the last forged: only the head knows"),
        pytest.param(put_in_between, {4, 5, 6}, id="one put in between"),
    ],
)
def test_every_harm_is_found_where_it_was_done(harm: Callable[[], object], places: set[int]):
    harm()
    assert list(chain.breaks()) == [Break("x", number) for number in sorted(places)]


@pytest.mark.usefixtures("streams")
def test_a_stream_whose_head_is_gone_is_found():
    AuditHead.objects.filter(stream="y").delete()
    assert list(chain.breaks()) == [Break("y", 3)]


@pytest.mark.django_db(transaction=True)
def test_an_entry_is_written_only_within_the_transaction_of_its_verb():
    with pytest.raises(RuntimeError, match="transaction"):
        chain.record(stream="x", verb="accept", subject="", data={}, by=None, at=AT)
    assert not AuditEntry.objects.exists()


@pytest.mark.usefixtures("streams")
def test_what_is_rolled_back_leaves_the_chain_as_it_was():
    with transaction.atomic():
        record("x", "x6")
        transaction.set_rollback(True)
    record("x", "x5")
    assert entry(5).subject == "x5"
    assert list(chain.breaks()) == []


def test_an_installation_may_have_a_day_of_its_own(settings):
    settings.TODAY = datetime(2021, 10, 20).date()
    assert today() == settings.TODAY
    assert now().utcoffset() == timedelta(hours=7)
