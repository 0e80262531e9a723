"""Series on the boundaries of another day, out of the rows as they were added up then."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from pytest_django import DjangoAssertNumQueries
from reformed_units import ABOLISH, JULY, MERGE, MOVE, reformed
from strategies import unit_version
from worlds import LIBRARY, PROVINCE, World

from toankhoa.core.basics import Frequency, periods_of
from toankhoa.core.organisation import BoundaryShare, Change, Effect, ReformPart
from toankhoa.reporting.reading.restated_reader import Restated, RestatedReader
from toankhoa.reporting.returns import workflow
from toankhoa.reporting.returns.workflow import PastReturn

TODAY, JUNE = date(2021, 10, 20), date(2021, 6, 30)
INDICATORS = ("meetings", "members", "active%", "bases_with_model")


@pytest.fixture
def told(world: World) -> World:
    """Every commune has reported every month of 2020 and of 2021 until June: n meetings, 10 n
    members, n active.
    """
    past = [
        PastReturn(
            unit=f"c{number}",
            form="B-M",
            period=period,
            values={"meetings": number, "members": 10 * number, "active": number},
            accepted_depth=0,
            sent_at=world.at,
        )
        for number in range(1, 6)
        for period in [*periods_of(2020, Frequency.MONTH), *periods_of(2021, Frequency.MONTH)[:6]]
    ]
    yearly = [
        PastReturn(
            unit=unit,
            form="B-Y",
            period=periods_of(2020, Frequency.YEAR)[0],
            values=model,
            accepted_depth=0,
            sent_at=world.at,
        )
        for unit, model in (("c1", {"model": 1}), ("c2", {"model": 1}))
    ]
    workflow.import_returns(returns=past + yearly, by=None, at=world.at, ledger=world.ledger)
    return world


def reader(world: World, unit: str, day: date = TODAY) -> RestatedReader:
    return RestatedReader(unit=unit, day=day, years=(2020, 2021), today=TODAY, ledger=world.ledger)


def restated(
    world: World, unit: str, indicator: str, year: int = 2020, day: date = TODAY
) -> Restated:
    return reader(world, unit, day).restated(LIBRARY.indicators[indicator], year)


def split(*shares: Fraction | None) -> Change:
    parts = tuple(
        ReformPart(code=code, name=f"Xã {code}", share=share)
        for code, share in zip("ab", shares, strict=True)
    )
    return Change(effect=Effect.SPLIT, units=("c3",), parts=parts)


def report(world: World, unit: str, month: int, **figures: int) -> None:
    world.accepted(unit, "B-M", f"2021-{month:02}", figures)


def test_a_new_unit_has_a_past_what_was_merged_into_it(told: World):
    world, reform = reformed(told, MERGE)
    report(world, "n", 8, meetings=7, members=33)
    values = {code: restated(world, "n", code).figure.value for code in INDICATORS}
    assert values == {"meetings": 36, "members": 30, "active%": 10, "bases_with_model": 2}
    now = {
        code: restated(world, "n", code, 2021).figure.numerator for code in ("meetings", "members")
    }
    assert now == {"meetings": 6 * 1 + 6 * 2 + 7, "members": 33}
    told_of = restated(world, "n", "meetings")
    assert [each.code for each in told_of.reforms] == [reform.code]
    assert [(part.name, part.figure.numerator) for part in told_of.parts] == [
        ("c1", 12),
        ("c2", 24),
    ]
    assert not told_of.as_reported


def test_only_reforms_that_speak_of_what_stands_here_are_named(told: World):
    world, _ = reformed(told, MERGE)
    world, move = reformed(
        world, Change(effect=Effect.MOVE, parts=(ReformPart(code="c3", parent="d2"),))
    )
    assert [each.code for each in restated(world, "d2", "meetings").reforms] == [move.code]
    assert len(restated(world, "d1", "meetings").reforms) == 2
    assert restated(world, "p", "meetings").reforms == ()


def test_coverage_is_that_of_what_stood_then(told: World):
    world, _ = reformed(told, MERGE)
    figure = restated(world, "n", "meetings", 2021).figure
    assert (figure.reports, figure.due) == (12, 12 + 3)


def test_a_merger_is_not_undone(told: World):
    world, _ = reformed(told, MERGE)
    report(world, "n", 8, meetings=7, members=33)
    for indicator in ("meetings", "members"):
        found = restated(world, "c1", indicator, 2021, JUNE)
        assert (found.figure, [each.known_from for each in found.unsure]) == (None, ["d1"])
    assert restated(world, "c1", "meetings", 2020, JUNE).figure.numerator == 12
    assert restated(world, "d1", "meetings", 2021, JUNE).figure.numerator == 6 * (1 + 2 + 3) + 7


def test_a_split_unit_is_divided_by_declared_shares_and_the_parts_make_the_whole(told: World):
    world, _ = reformed(told, split(Fraction(1, 3), Fraction(2, 3)))
    for indicator, whole in (("meetings", 36), ("members", 30)):
        a, b = (restated(world, unit, indicator).figure.numerator for unit in ("a", "b"))
        assert (a, b) == (whole / 3, whole * 2 / 3)
    assert restated(world, "a", "active%").figure.value == 10
    piece = restated(world, "b", "meetings").parts[0].share
    assert piece == BoundaryShare("c3", alone=True, part=(Fraction(1, 3), Fraction(1)))


def test_without_declared_shares_the_parts_are_not_known(told: World):
    world, _ = reformed(told, split(None, None))
    found = restated(world, "a", "meetings")
    assert (found.figure, [(each.unit, each.known_from) for each in found.unsure]) == (
        None,
        [("c3", "d1")],
    )
    assert restated(world, "d1", "meetings").figure.numerator == 12 * (1 + 2 + 3)
    assert (
        restated(world, "a", "lent").figure.value is None
    )  # what nobody reported is missing, not unsure


def test_a_district_takes_over_the_past_of_what_was_moved_to_it(told: World):
    world, _ = reformed(told, MOVE)
    assert {
        unit: restated(world, unit, "meetings").figure.numerator for unit in ("d1", "d2", "p")
    } == {
        "d1": 12 * (2 + 3),
        "d2": 12 * (1 + 4 + 5),
        "p": 12 * 15,
    }
    assert restated(world, "p", "meetings").as_reported
    assert restated(world, "d1", "meetings", day=JUNE).figure.numerator == 12 * 6


def test_an_abolished_level_leaves_the_communes_as_they_were(told: World):
    world, _ = reformed(told, ABOLISH)
    assert restated(world, "c1", "meetings").figure.numerator == 12
    assert restated(world, "d1", "meetings", 2021, JUNE).figure.numerator == 6 * (1 + 2 + 3)


@pytest.mark.parametrize("indicator", INDICATORS)
@pytest.mark.parametrize("unit", ["p", "d1", "c1"])
def test_on_the_same_boundaries_a_figure_is_what_was_reported(
    told: World, unit: str, indicator: str
):
    for year in (2020, 2021):
        found = restated(told, unit, indicator, year)
        assert found.as_reported
        assert found.figure == told.reader(unit, 2020, 2021).figure(
            LIBRARY.indicators[indicator], year
        )


def test_where_a_unit_does_not_stand_on_the_day_it_has_no_series(told: World):
    world, _ = reformed(told, MERGE)
    with pytest.raises(KeyError):
        reader(world, "c1")
    with pytest.raises(KeyError):
        reader(world, "n", JUNE)


@pytest.mark.parametrize("communes", [2, 4])
@pytest.mark.django_db
def test_a_series_costs_the_same_whatever_it_is_put_together_from(
    communes: int, django_assert_num_queries: DjangoAssertNumQueries
):
    world = World.of((*PROVINCE, *(unit_version(f"x{number}", "d1") for number in range(communes))))
    units = tuple(f"x{number}" for number in range(communes))
    world, _ = reformed(
        world,
        Change(effect=Effect.MERGE, units=units, parts=(ReformPart(code="n", name="Xã N"),)),
        day=JULY,
    )
    series = reader(world, "n")
    with django_assert_num_queries(1):  # the rows of all units of all years
        for year in (2020, 2021):
            for indicator in LIBRARY.indicators.values():
                series.figure(indicator, year)


@pytest.mark.parametrize("units", [("n",), ("n", "c3", "c4")])
def test_units_read_together_cost_the_same_and_say_the_same(
    told: World, units: tuple[str, ...], django_assert_num_queries: DjangoAssertNumQueries
):
    world, _ = reformed(told, MERGE)
    of_day = {"day": TODAY, "years": (2020, 2021), "today": TODAY, "ledger": world.ledger}
    with django_assert_num_queries(1):
        found = [
            [
                each.figure(indicator, year)
                for indicator in LIBRARY.indicators.values()
                for year in (2020, 2021)
            ]
            for each in RestatedReader.of_units(units, **of_day)
        ]
    alone = [
        [
            reader(world, unit).figure(indicator, year)
            for indicator in LIBRARY.indicators.values()
            for year in (2020, 2021)
        ]
        for unit in units
    ]
    assert found == alone


def test_the_units_below_add_up_to_the_one_above(told: World):
    world, _ = reformed(told, MERGE)
    below = RestatedReader.of_units(
        ("n", "c3"), day=TODAY, years=(2020, 2021), today=TODAY, ledger=world.ledger
    )
    for year in (2020, 2021):
        parts = [each.figure(LIBRARY.indicators["meetings"], year).numerator for each in below]
        assert sum(parts) == restated(world, "d1", "meetings", year).figure.numerator
