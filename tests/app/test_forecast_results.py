"""Pace, outlook and the whole term out of returns: every reading has them."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from pytest_django import DjangoAssertNumQueries
from strategies import unit_version
from worlds import World

from toankhoa.core.measures import Path, TermRule
from toankhoa.core.plan import Applies, Comparator, Objective, Plan, Signature, Target
from toankhoa.core.results import ForecastMethod, Level, Prospect, Tempo
from toankhoa.core.review import Binding, YearTarget
from toankhoa.reporting.reading.plan_reader import PlanReader

YEARS = (2018, 2019, 2020, 2021)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    """One commune under one district: figures are easy to follow."""
    return World.of(
        (
            unit_version("p", level="province"),
            unit_version("d1", "p", level="district"),
            unit_version("c1", "d1"),
        )
    )


def year_target(
    amount: object, comparator: Comparator = Comparator.AT_LEAST, unit: str = "", **more
) -> YearTarget:
    return YearTarget(
        target=Target(comparator=comparator, amount=Decimal(str(amount)), unit=unit, **more),
        origin="heading",
    )


def reader_of(
    world: World,
    indicator: str,
    targets: dict[int, YearTarget],
    *,
    term: YearTarget | None = None,
    unit: str = "p",
) -> PlanReader:
    plan = Plan(
        **dict.fromkeys(
            ("organisation", "body", "number", "place", "motto", "title", "goal", "closing"), ""
        ),
        date=None,
        bases=(),
        years=YEARS,
        objectives=(Objective(code="I", number="I", title="Mục", parent=None),),
        activities=(),
        signature=Signature(),
        recipients=(),
    )
    binding = Binding(row="I", indicator=indicator, score=1.0, targets=targets, term=term)
    return PlanReader(
        plan=plan, bindings=[binding], root="p", unit=unit, today=world.today, ledger=world.ledger
    )


def months(world: World, year: int, figures: dict[int, int], element: str = "meetings") -> None:
    for month, figure in figures.items():
        world.accepted("c1", "B-M", f"{year}-{month:02}", {element: figure})


def test_pace_is_by_the_last_month_due(world: World):
    """What was sent early for an open month counts in the year, not in the pace."""
    months(
        world, 2021, {3: 10, 6: 10, 9: 10, 10: 99}
    )  # October is open: it counts in the year, not in the pace
    reading = reader_of(world, "meetings", {2021: year_target(60)}).reading(
        *first(world, "meetings", {2021: year_target(60)})
    )
    pace = reading.result.pace
    assert reading.result.figure.numerator == 129
    assert pace is not None
    assert (pace.by, pace.expected, pace.actual) == (date(2021, 9, 30), 45, 30)
    assert (pace.tempo, pace.path) == (Tempo.BEHIND, Path.EVEN)


def first(world: World, indicator: str, targets: dict[int, YearTarget]) -> tuple[Binding, int]:
    """Arguments of a reading of 2021."""
    return reader_of(world, indicator, targets).binding("I", indicator), 2021


def test_three_earlier_years_make_an_outlook(world: World):
    """It speaks once the same day is known of this year too; the rest is held against the best."""
    for year, rest in ((2018, 2), (2019, 6), (2020, 4)):
        months(world, year, {3: 10, 12: rest})
    months(world, 2021, {3: 10})
    targets = {2021: year_target(30)}
    result = (
        reader_of(world, "meetings", targets).reading(*first(world, "meetings", targets)).result
    )
    assert (
        result.outlook is None
    )  # nothing was reported for September: how far it had come by then nobody knows
    months(world, 2021, {9: 0})
    for year in (2018, 2019, 2020):
        months(world, year, {9: 0})
    result = (
        reader_of(world, "meetings", targets).reading(*first(world, "meetings", targets)).result
    )
    assert result.outlook is not None
    assert (result.outlook.method, result.outlook.points) == (ForecastMethod.SEASON, 3)
    assert (result.outlook.low, result.outlook.middle, result.outlook.high) == (12, 14, 16)
    assert result.prospect is Prospect.UNLIKELY
    assert result.rest is not None
    assert (result.rest.left, result.rest.needed) == (3, Fraction(20, 3))


def test_a_stock_goes_by_last_years_step(world: World):
    months(world, 2020, {12: 80}, "members")
    months(world, 2021, {9: 84}, "members")
    targets = {2020: year_target(80), 2021: year_target(90)}
    result = reader_of(world, "members", targets).reading(*first(world, "members", targets)).result
    assert result.pace is not None
    assert (result.pace.expected, result.pace.actual, result.pace.path) == (80, 84, Path.STEPS)
    assert result.level is Level.OPEN


def test_a_closed_year_has_no_outlook(world: World):
    """Nor pace, nor anything left to bring."""
    months(world, 2020, {9: 3})
    targets = {2020: year_target(60)}
    reader = reader_of(world, "meetings", targets)
    result = reader.reading(reader.binding("I", "meetings"), 2020).result
    assert (result.level, result.pace, result.outlook, result.rest) == (
        Level.NOT_MET,
        None,
        None,
        None,
    )


# The whole term


def test_a_term_total_counts_all_years(world: World):
    """The year in whose cell the total is written counts what earlier years brought."""
    for year, figure in ((2018, 4), (2019, 5), (2020, 6), (2021, 7)):
        months(world, year, {9: figure})
    of_term = year_target(20, applies=Applies.TERM_TOTAL)
    reader = reader_of(world, "meetings", {2021: of_term}, term=of_term)
    term = reader.term("I", "meetings")
    assert (term.term.rule, term.result.figure.value, term.result.level) == (
        TermRule.SUM,
        22,
        Level.MET,
    )
    assert not term.term.from_years
    assert [year.result.level for year in term.years] == [
        Level.NOT_DUE,
        Level.NOT_DUE,
        Level.NOT_DUE,
        Level.MET,
    ]
    in_2021 = term.years[-1].result
    assert (in_2021.figure.value, in_2021.earlier_years, in_2021.reached) == (7, 15, 22)
    assert in_2021.pace is not None  # what earlier years left is to come evenly: 15 + 9/12 of 5
    assert (in_2021.pace.expected, in_2021.pace.actual) == (Fraction("18.75"), 22)


def test_the_term_asks_what_years_ask(world: World):
    """Without words of its own its amount is the sum of those of the years."""
    for year, figure in ((2018, 4), (2019, 5), (2020, 6), (2021, 2)):
        months(world, year, {9: figure})
    term = reader_of(world, "meetings", {year: year_target(5) for year in YEARS}).term(
        "I", "meetings"
    )
    assert term.result.required is not None
    assert (term.result.required.amount, term.result.figure.value, term.result.level) == (
        20,
        17,
        Level.OPEN,
    )
    assert (term.term.from_years, term.term.years_met, term.term.years_with_target) == (True, 2, 4)


def test_a_ratio_is_the_last_closed_year(world: World):
    """A ratio of the term is that of the last year that is over."""
    for year, active in ((2018, 5), (2019, 6), (2020, 7)):
        world.accepted("c1", "B-M", f"{year}-12", {"active": active, "members": 10})
    by_end = year_target(90, unit="%", applies=Applies.BY_TERM_END)
    term = reader_of(world, "active%", {2021: by_end}, term=by_end).term("I", "active%")
    assert (term.term.rule, term.term.year, term.result.figure.value) == (TermRule.LAST, 2020, 70)
    assert term.result.level is Level.OPEN  # 2020 says nothing of 2021 yet
    assert term.result.outlook is not None
    assert (term.result.outlook.method, term.result.outlook.middle) == (ForecastMethod.TREND, 80)
    assert term.result.prospect is Prospect.UNLIKELY


def test_amounts_of_the_whole_bind_no_part(world: World):
    """A district has no target of the term until it is handed down."""
    of_term = year_target(20, applies=Applies.TERM_TOTAL)
    months(world, 2021, {9: 3})
    term = reader_of(world, "meetings", {2021: of_term}, term=of_term, unit="d1").term(
        "I", "meetings"
    )
    assert (term.result.level, term.result.required) == (Level.NO_TARGET, None)


def test_all_facts_take_one_query(world: World, django_assert_num_queries: DjangoAssertNumQueries):
    """Pace, outlook and term come out of the unit's packed rows, which are read anyway."""
    months(world, 2021, {9: 3})
    reader = reader_of(
        world, "meetings", {2021: year_target(5)}, term=year_target(20, applies=Applies.TERM_TOTAL)
    )
    with django_assert_num_queries(1):  # the unit's packed rows
        (line,) = reader.lines()
        assert line.term[0].result.pace is not None
    with django_assert_num_queries(0):
        reader.term("I", "meetings")
