"""Who owes what, what waits for whom, and what is missing."""

from datetime import date, datetime

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from strategies import unit_version
from worlds import PROVINCE, World

from toankhoa.core.basics import Period
from toankhoa.core.returns import Role
from toankhoa.org.scope import Actor
from toankhoa.reporting.models import Return
from toankhoa.reporting.returns.obligations import Obligation, inbox, intake, obligations

FIGURES = {"meetings": 1}
SEPTEMBER = Period.parse("2021-09")


def owed_by(
    world: World, unit: str, since: date = date(2021, 7, 1)
) -> dict[tuple[str, str], Obligation]:
    rows = obligations(unit=unit, since=since, today=world.today, ledger=world.ledger)
    return {(row.form.code, row.period.code): row for row in rows}


def waiting(by: Actor) -> list[tuple[str, str]]:
    return [(ret.unit.code, ret.period) for ret in inbox(by)]


# What a unit owes


def test_a_commune_owes_its_forms_of_every_period_that_has_begun_newest_first(world: World):
    assert list(owed_by(world, "c1")) == [
        ("B-Y", "2021"),
        ("B-Q", "2021-Q4"),
        ("B-M", "2021-10"),
        ("B-Q", "2021-Q3"),
        ("B-M", "2021-09"),
        ("B-M", "2021-08"),
        ("B-M", "2021-07"),
    ]
    assert {form for form, _ in owed_by(world, "d1")} == {"D-Q"}


@pytest.mark.django_db
def test_a_unit_owes_nothing_for_the_time_before_it_was_there():
    world = World.of((*PROVINCE, unit_version("c9", "d1", start=date(2021, 8, 15))))
    months = [
        period for form, period in owed_by(world, "c9", since=date(2020, 1, 1)) if form == "B-M"
    ]
    assert months == ["2021-10", "2021-09", "2021-08"]


def test_what_is_with_somebody_above_is_sent_and_what_came_back_is_not(world: World):
    def sent() -> bool:
        return owed_by(world, "c1")["B-M", "2021-09"].sent

    assert not sent()
    ret = world.save("c1", "B-M", "2021-09", FIGURES)
    assert not sent()
    ret = world.send("c1", "B-M", "2021-09", {})
    assert sent()
    world.send_back(ret, "d1")
    assert not sent()
    world.accepted("c1", "B-M", "2021-09", {})
    assert sent()
    world.correct(ret)
    assert not sent()


@pytest.mark.parametrize(
    ("moment", "late"),
    [
        pytest.param(datetime(2021, 10, 10, 23, 59), False, id="the last minute"),
        pytest.param(
            datetime(2021, 10, 11, 0, 1), True, id="past midnight here, not yet in Greenwich"
        ),
    ],
)
def test_late_is_reckoned_by_the_clock_of_the_country(world: World, moment: datetime, late: bool):
    world.send("c1", "B-M", "2021-09", FIGURES)
    Return.objects.update(sent_at=timezone.make_aware(moment))
    row = owed_by(world, "c1")["B-M", "2021-09"]
    assert (row.deadline, row.late(world.today)) == (date(2021, 10, 10), late)


def test_what_is_still_to_come_is_late_after_its_last_day(world: World):
    rows = owed_by(world, "c1")
    assert rows["B-M", "2021-09"].late(date(2021, 10, 11))
    assert not rows["B-M", "2021-09"].late(date(2021, 10, 10))
    assert not rows["B-M", "2021-10"].late(world.today)


def test_a_late_return_counts_all_the_same(world: World):
    world.accepted("c1", "B-M", "2021-07", FIGURES)
    assert owed_by(world, "c1")["B-M", "2021-07"].late(world.today)
    assert world.figure("p", "meetings").numerator == 1


# What waits


def test_a_return_waits_for_one_unit_at_a_time(world: World):
    ret = world.send("c1", "B-M", "2021-09", FIGURES)
    world.send("c4", "B-M", "2021-08", FIGURES)
    officers = {unit: world.person(unit) for unit in ("p", "d1", "d2", "c1", "c2")}
    assert {unit: waiting(by) for unit, by in officers.items() if waiting(by)} == {
        "d1": [("c1", "2021-09")],
        "d2": [("c4", "2021-08")],
    }
    world.accept(ret, "d1")
    assert (waiting(officers["d1"]), waiting(officers["p"])) == ([], [("c1", "2021-09")])
    world.accept(ret, "p")
    assert waiting(officers["p"]) == []


def test_the_oldest_period_comes_first_and_drafts_do_not_wait(world: World):
    for unit, period in (("c2", "2021-09"), ("c1", "2021-09"), ("c3", "2021-07")):
        world.send(unit, "B-M", period, FIGURES)
    world.save("c1", "B-M", "2021-08", FIGURES)
    assert waiting(world.person("d1")) == [("c3", "2021-07"), ("c1", "2021-09"), ("c2", "2021-09")]


def test_in_a_deep_tree_it_waits_for_the_unit_next_above(deep: World):
    ret = deep.send("c1", "B-M", "2021-09", FIGURES)
    for unit in ("d1", "r", "p"):
        assert [who for who in ("d1", "r", "p", "d2") if waiting(deep.person(who))] == [unit]
        deep.accept(ret, unit)


@pytest.mark.parametrize("units", [["c1"], ["c1", "c2", "c3"]])
def test_the_inbox_is_one_query(
    world: World, django_assert_num_queries: DjangoAssertNumQueries, units: list[str]
):
    for unit in units:
        world.send(unit, "B-M", "2021-09", FIGURES)
    by = world.person("d1", Role.LEADER)
    with django_assert_num_queries(1):  # the returns with their units
        assert [unit for unit, _ in waiting(by)] == units


# What has come in


def test_the_intake_tells_missing_sent_and_accepted_apart(world: World):
    world.accepted("c1", "B-M", "2021-09", FIGURES)
    world.accept(world.send("c2", "B-M", "2021-09", FIGURES), "d1")
    world.send("c4", "B-M", "2021-09", FIGURES)
    world.save("c5", "B-M", "2021-09", FIGURES)
    (row,) = intake(unit="p", periods=[SEPTEMBER], today=world.today, ledger=world.ledger)
    assert (row.form.code, row.units) == ("B-M", ("c1", "c2", "c3", "c4", "c5"))
    assert (row.sent, row.accepted, row.missing) == ({"c1", "c2", "c4"}, {"c1"}, ("c3", "c5"))
    (row,) = intake(unit="d1", periods=[SEPTEMBER], today=world.today, ledger=world.ledger)
    assert (row.sent, row.accepted, row.missing) == ({"c1", "c2"}, {"c1", "c2"}, ("c3",))


def test_the_intake_lists_each_form_owed_below_in_periods_that_have_begun(world: World):
    wanted = [Period.parse(code) for code in ("2021-Q3", "2021-11", "2021")]
    rows = intake(unit="p", periods=wanted, today=world.today, ledger=world.ledger)
    assert [(row.form.code, row.period.code, len(row.units)) for row in rows] == [
        ("B-Q", "2021-Q3", 5),
        ("D-Q", "2021-Q3", 2),
        ("B-Y", "2021", 5),
    ]
    assert intake(unit="c1", periods=wanted, today=world.today, ledger=world.ledger) == []


@pytest.mark.django_db
def test_the_intake_of_a_period_is_that_of_the_units_that_stood_then():
    world = World.of((*PROVINCE, unit_version("c9", "d1", start=date(2021, 8, 15))))
    rows = intake(
        unit="d1",
        periods=[Period.parse("2021-07"), Period.parse("2021-08")],
        today=world.today,
        ledger=world.ledger,
    )
    assert [row.units for row in rows] == [("c1", "c2", "c3"), ("c1", "c2", "c3", "c9")]


def test_the_intake_is_one_query(world: World, django_assert_num_queries: DjangoAssertNumQueries):
    world.send("c1", "B-M", "2021-09", FIGURES)
    with django_assert_num_queries(1):  # how far each return of these periods is vouched for
        intake(
            unit="p",
            periods=[SEPTEMBER, Period.parse("2021-Q3")],
            today=world.today,
            ledger=world.ledger,
        )
