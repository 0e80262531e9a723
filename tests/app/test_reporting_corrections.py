"""Corrections after acceptance: who is told, what, and until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries
from reformed_units import MERGE, reformed
from worlds import World

from toankhoa.audit.models import AuditEntry
from toankhoa.core.basics import Refused
from toankhoa.core.returns import Role
from toankhoa.org.scope import OutOfReach
from toankhoa.reporting.models import Return
from toankhoa.reporting.returns import workflow
from toankhoa.reporting.returns.corrections import acknowledge, correction_of, corrections

MONTH = "2021-08"
pytestmark = pytest.mark.django_db


def corrected(world: World, unit: str = "c1", reason: str = "Sót một chi hội") -> Return:
    """Accepted by the district and the province, then opened, mended and sent again."""
    ret = world.accepted(unit, "B-M", MONTH, {"meetings": 2, "members": 100})
    world.correct(ret, reason)
    return world.send(unit, "B-M", MONTH, {"members": 110, "articles": 1})


def told(world: World, unit: str, name: str = "") -> list[tuple]:
    """What the officer of a unit is told: unit, figures then and now, reasons."""
    return [
        (
            each.unit.code,
            [(figure.element, figure.old, figure.new) for _, figure in each.figures],
            each.reasons,
        )
        for each in corrections(world.person(unit, name=name), world.ledger)
    ]


def test_all_who_had_accepted_are_told_what_changed_and_why(world: World):
    corrected(world)
    news = [("c1", [("members", 100, 110), ("articles", None, 1)], ("Sót một chi hội",))]
    assert [told(world, unit) for unit in ("d1", "p")] == [news, news]
    assert [told(world, unit) for unit in ("c1", "d2", "c2")] == [[], [], []]


def test_nobody_is_told_of_what_nobody_had_accepted_nor_before_it_is_sent_again(world: World):
    ret = world.send_back(world.send("c1", "B-M", MONTH, {"members": 1}), "d1")
    world.send("c1", "B-M", MONTH, {"members": 2})
    assert [told(world, unit) for unit in ("d1", "p")] == [[], []]
    world.accept(ret, "d1", "p")
    world.correct(ret)
    world.save("c1", "B-M", MONTH, {"members": 3})
    assert [told(world, unit) for unit in ("d1", "p")] == [[], []]


def test_a_correction_that_changes_nothing_is_no_news(world: World):
    world.correct(world.accepted("c1", "B-M", MONTH, {"members": 1}))
    world.send("c1", "B-M", MONTH, {})
    assert told(world, "p") == []


def test_it_is_told_until_she_has_looked_or_her_unit_has_accepted_the_new_figures(world: World):
    ret = corrected(world)
    acknowledge(ret=ret, revision=ret.revision, by=world.person("p"), at=world.at)
    assert (told(world, "p"), len(told(world, "d1"))) == ([], 1)
    assert (
        len(corrections(world.person("p", name="colleague"), world.ledger)) == 1
    )  # each for herself
    entry = AuditEntry.objects.get(verb="acknowledge")
    assert (entry.by, entry.subject, entry.data["revision"]) == (
        world.person("p").user,
        f"return:{ret.pk}",
        2,
    )
    ret = world.accept(ret, "d1")
    assert told(world, "d1") == []
    world.correct(ret)
    ret = world.send("c1", "B-M", MONTH, {"members": 120})
    assert [each[1] for each in told(world, "p")] == [
        [("members", 100, 120), ("articles", None, 1)]
    ]
    assert [each[1] for each in told(world, "d1")] == [[("members", 110, 120)]]
    one = correction_of(ret, world.person("d1"), world.ledger)
    assert one is not None
    assert one.ret == ret


def test_who_had_accepted_is_told_though_a_colleague_has_accepted_the_correction(world: World):
    ret = corrected(world)
    workflow.accept_return(
        ret=ret, by=world.person("d1", name="colleague"), at=world.at, ledger=world.ledger
    )
    assert [len(told(world, "d1", name)) for name in ("", "colleague", "newcomer")] == [1, 0, 0]
    acknowledge(ret=ret, revision=2, by=world.person("d1"), at=world.at)
    assert told(world, "d1") == []


def test_what_was_sent_once_more_meanwhile_is_not_taken_as_seen(world: World):
    ret = corrected(world)
    with pytest.raises(Refused, match="gửi lại lần nữa"):
        acknowledge(ret=ret, revision=1, by=world.person("p"), at=world.at)
    with pytest.raises(OutOfReach):
        acknowledge(ret=ret, revision=2, by=world.person("d2"), at=world.at)


@pytest.mark.parametrize("units", [["c1"], ["c1", "c2", "c4"]])
def test_the_news_are_three_queries(
    world: World, units: list[str], django_assert_num_queries: DjangoAssertNumQueries
):
    for unit in units:
        corrected(world, unit)
    by = world.person("p", Role.OFFICER)
    with django_assert_num_queries(3):  # the returns with their units; their steps; their revisions
        assert len(corrections(by, world.ledger)) == len(units)


def test_what_a_reform_has_put_aside_since_is_no_news(world: World):
    ret = corrected(world)
    world, _ = reformed(world, MERGE)
    assert told(world, "p", "later") == []
    assert correction_of(ret, world.person("p", name="later"), world.ledger) is None


def test_looking_back_she_is_told_what_she_was_told_then(world: World):
    """p accepted at nine; the correction came at ten, p looked at eleven, another came at twelve."""
    ret = world.accepted("c1", "B-M", MONTH, {"members": 100})

    def hour(number: int) -> datetime:
        return world.at + timedelta(hours=number)

    def told_at(moment: datetime) -> list[tuple]:
        by = replace(world.person("p"), as_of=moment)
        return [
            (each.revision, each.sent_at, [f.new for _, f in each.figures])
            for each in corrections(by, world.ledger)
        ]

    for number, members in ((1, 110), (3, 120)):
        by = world.person("c1")
        workflow.correct_return(ret=ret, reason="Gõ nhầm", by=by, at=hour(number))
        world.save("c1", "B-M", MONTH, {"members": members})
        workflow.send_return(ret=ret, by=by, at=hour(number), ledger=world.ledger)
        if number == 1:
            acknowledge(ret=ret, revision=2, by=world.person("p"), at=hour(2))
    assert [told_at(hour(number)) for number in range(4)] == [
        [],
        [(2, hour(1), [110])],
        [],
        [(3, hour(3), [120])],
    ]
