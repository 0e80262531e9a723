"""A reform entered late: who carries a unit on is asked for what its return lacks, and those above
see it.
"""

from __future__ import annotations

from datetime import date

import pytest
from reformed_units import ABOLISH, MERGE, SPLIT, reformed
from worlds import World

from toankhoa.core.basics import Period
from toankhoa.core.organisation import Change, Effect, ReformPart
from toankhoa.reporting.returns.corrections_due import (
    CorrectionDue,
    corrections_due,
    predecessor_returns,
)

YEAR = date(2021, 1, 1)
FIGURES = {"meetings": 2, "members": 9}
INTO = Change(effect=Effect.MERGE, units=("c2",), parts=(ReformPart(code="c1"),))


def asked(world: World, *units: str) -> list[CorrectionDue]:
    return corrections_due(units=units, since=YEAR, today=world.today, ledger=world.ledger)


def said(found: list[CorrectionDue]) -> list[tuple[str, str, str]]:
    return [(each.unit.code, each.period.code, each.names) for each in found]


@pytest.fixture
def late(world: World) -> World:
    """Two communes merged from July on, entered in October, when July and August were reported."""
    world.accepted("c1", "B-M", "2021-06", FIGURES)
    world.accepted("c2", "B-M", "2021-06", FIGURES)
    for period in ("2021-07", "2021-08"):
        world.accepted("c1", "B-M", period, FIGURES)
        world.accepted("c2", "B-M", period, FIGURES)
    world.minutes += 5
    return reformed(world, INTO)[0]


def test_returns_sent_before_it_was_known_lack_the_part_of_the_unit_that_ended(late: World):
    assert said(asked(late, "c1")) == [("c1", "2021-07", "c2"), ("c1", "2021-08", "c2")]
    assert said(asked(late, *late.organisation.on(late.today).subtree("d1"))) == said(
        asked(late, "c1")
    )
    assert asked(late, "c3", "d2", "c4") == []
    (part,) = predecessor_returns(
        unit="c1", form="B-M", period=Period.parse("2021-07"), ledger=late.ledger
    )
    assert part.ret.values == FIGURES
    assert (
        predecessor_returns(
            unit="c1", form="B-M", period=Period.parse("2021-06"), ledger=late.ledger
        )
        == []
    )


def test_what_was_sent_again_since_is_not_asked_for(late: World):
    ret = late.accepted("c1", "B-M", "2021-09", FIGURES)
    july = next(each for each in ret.unit.returns.all() if each.period == "2021-07")
    late.minutes += 1
    late.correct(july)
    assert said(asked(late, "c1")) == [("c1", "2021-08", "c2")]  # being corrected
    late.send("c1", "B-M", "2021-07", {"meetings": 4})
    assert said(asked(late, "c1")) == [("c1", "2021-08", "c2")]
    assert late.total("p", "meetings", 202107, stage=0) == 2  # until it is accepted


def test_only_what_was_sent_is_lacking(world: World):
    world.accepted("c1", "B-M", "2021-07", FIGURES)
    world.save("c2", "B-M", "2021-07", FIGURES)
    world.accepted("c2", "B-M", "2021-08", FIGURES)  # which the other has not reported yet
    world.minutes += 5
    world, _ = reformed(world, INTO)
    assert asked(world, "c1") == []


@pytest.mark.parametrize("changes", [(MERGE,), (SPLIT,), (ABOLISH,)])
def test_a_unit_that_did_not_report_yet_is_asked_for_its_return_not_for_a_correction(
    world: World, changes
):
    for unit in ("c1", "c2"):
        world.accepted(unit, "B-M", "2021-07", FIGURES)
    world.minutes += 5
    world, _ = reformed(world, *changes)
    tree = world.organisation.on(world.today)
    assert asked(world, *tree.order) == []


def test_it_asks_the_same_of_one_unit_and_of_many(late: World, django_assert_num_queries):
    for units in (("c1",), late.organisation.on(late.today).order):
        with django_assert_num_queries(2):  # returns, moments of reforms
            assert asked(late, *units)
    with django_assert_num_queries(0):
        assert asked(late, "c3") == []
