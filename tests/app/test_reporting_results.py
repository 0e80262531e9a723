"""The one read path: figures with how much of them is in, their parts, and what reading them
costs.
"""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from pytest_django import DjangoAssertNumQueries
from strategies import unit_version
from worlds import LIBRARY, World

from toankhoa.core.basics import Frequency, periods_of
from toankhoa.core.plan import Comparator, Objective, Plan, Signature, Target
from toankhoa.core.results import Level
from toankhoa.core.returns import NIL, NOT_APPLICABLE, Value
from toankhoa.core.review import Binding, YearTarget
from toankhoa.core.totals import Figure
from toankhoa.reporting.models import Return
from toankhoa.reporting.reading.contributions import contributions
from toankhoa.reporting.reading.plan_reader import PlanReader
from toankhoa.reporting.reading.unit_reader import UnitReader, readers_below
from toankhoa.reporting.returns import workflow
from toankhoa.reporting.returns.workflow import PastReturn
from toankhoa.reporting.totals.posting import differences

JULY_TO_SEPTEMBER = ("2021-07", "2021-08", "2021-09")


def parts_of(
    world: World, unit: str, indicator: str, year: int = 2021, *, stage: int | None = None
) -> dict[str, Figure]:
    reader = world.reader(unit, year, stage=stage)
    return {
        part.unit: part.figure
        for part in contributions(reader, LIBRARY.indicators[indicator], year)
    }


# Missing is not zero


@pytest.mark.parametrize(
    ("value", "numerator", "reports", "due"),
    [(0, 0, 1, 1), (NIL, 0, 1, 1), (NOT_APPLICABLE, None, 0, 0), (12, 12, 1, 1)],
)
def test_a_figure_says_whether_it_is_zero_or_missing(
    world: World, value: Value, numerator: int | None, reports: int, due: int
):
    world.accepted("c1", "B-M", "2021-09", {"members": value, "meetings": 1})
    figure = world.figure("c1", "members")
    assert (figure.numerator, figure.reports, figure.due) == (numerator, reports, due)


def test_what_is_not_applicable_is_not_owed_at_any_level(world: World):
    for month in JULY_TO_SEPTEMBER:
        world.accepted("c1", "B-M", month, {"members": 5, "meetings": NOT_APPLICABLE})
        world.accepted("c2", "B-M", month, {"members": NOT_APPLICABLE, "meetings": 2})
    flow, stock = world.figure("d1", "meetings"), world.figure("d1", "members")
    assert (flow.reports, flow.due) == (3, 3 * 9 - 3)
    assert (stock.numerator, stock.reports, stock.due, stock.carried) == (5, 1, 2, 0)
    world.correct(Return.objects.get(unit__code="c2", period="2021-09"))
    world.accepted("c2", "B-M", "2021-09", {"members": 7})
    assert (world.figure("d1", "members").reports, world.figure("d1", "members").due) == (2, 3)
    assert differences(ledger=world.ledger) == []


def test_a_year_without_returns_is_missing_and_not_zero(world: World):
    figure = world.figure("p", "meetings")
    assert (figure.numerator, figure.reports, figure.due, figure.confidence) == (None, 0, 45, 0)


def test_nothing_is_due_of_a_year_in_which_no_period_is_over(world: World):
    january = world.reader("p", today=date(2021, 1, 20)).figure(LIBRARY.indicators["members"], 2021)
    assert (january.due, january.confidence) == (0, None)
    assert (
        world.figure("p", "model%").confidence is None
    )  # the yearly form of 2021 is not due in October


# Coverage


def test_a_flow_needs_every_period_of_every_unit_that_types_it(world: World):
    for period in JULY_TO_SEPTEMBER:
        world.accepted("c1", "B-M", period, {"articles": 1})
    world.accepted("d1", "D-Q", "2021-Q3", {"articles": 5})
    figure = world.figure("d1", "articles")
    assert (figure.numerator, figure.reports, figure.due) == (8, 4, 3 * 9 + 3)
    assert world.figure("c1", "articles").confidence == Fraction(3, 9)


def test_what_is_not_accepted_here_is_not_covered_here(world: World):
    ret = world.send("c1", "B-M", "2021-09", {"members": 50})
    assert (world.figure("c1", "members").reports, world.figure("d1", "members").reports) == (1, 0)
    world.accept(ret, "d1")
    assert (world.figure("d1", "members").reports, world.figure("p", "members").reports) == (1, 0)


def test_a_figure_of_the_open_month_adds_but_is_not_due(world: World):
    world.accepted("c1", "B-M", "2021-10", {"meetings": 4})
    figure = world.figure("c1", "meetings")
    assert (figure.numerator, figure.reports, figure.due) == (4, 0, 9)


@pytest.mark.parametrize("indicator", ["members", "lent"])
def test_a_stock_and_a_running_total_are_carried_forward_and_say_so(world: World, indicator: str):
    world.accepted("c1", "B-M", "2021-06", {indicator: 40})
    world.accepted("c2", "B-M", "2021-09", {indicator: 50})
    figure = world.figure("d1", indicator)
    assert (figure.numerator, figure.reports, figure.due, figure.carried) == (90, 1, 3, 1)


def test_who_skipped_the_last_period_and_sent_the_open_one_carries_nothing_forward(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
):
    """c1's figure is of August, c2's of October, c3's of September and October."""
    for unit, month in (("c1", "08"), ("c2", "10"), ("c3", "09"), ("c3", "10")):
        world.accepted(unit, "B-M", f"2021-{month}", {"members": 10})
    figure = world.figure("d1", "members")
    assert (figure.numerator, figure.reports, figure.due, figure.carried) == (30, 1, 3, 1)
    assert {unit: part.carried for unit, part in parts_of(world, "d1", "members").items()} == {
        "c1": 1,
        "c2": 0,
        "c3": 0,
    }
    reader = world.reader("d1")
    with django_assert_num_queries(
        3
    ):  # the district's rows; those of the units below; what they sent of late
        reader.figure(LIBRARY.indicators["members"], 2021)
        contributions(reader, LIBRARY.indicators["members"], 2021)


def test_each_year_has_its_own_stock(world: World):
    world.accepted("c1", "B-M", "2020-12", {"members": 40})
    assert world.figure("d1", "members", 2020).numerator == 40
    assert world.figure("d1", "members", 2021).numerator is None


def test_bases_with_something_are_counted_and_missing_ones_are_told(world: World):
    world.accepted("c1", "B-Y", "2020", {"model": 1})
    world.accepted("c4", "B-Y", "2020", {"model": 0})
    figure = world.figure("p", "model%", 2020)
    assert (figure.numerator, figure.denominator, figure.reports, figure.due) == (1, 5, 2, 5)
    assert world.figure("d2", "model%", 2020).value == 0
    assert world.figure("c2", "model%", 2020).value is None


# Ratios


def test_a_ratio_is_that_of_the_sums(world: World):
    for code, active, members in (("c1", 9, 10), ("c2", 10, 90), ("c3", 0, 0)):
        world.accepted(code, "B-M", "2021-09", {"active": active, "members": members})
    figure = world.figure("d1", "active%")
    assert (figure.value, figure.partial, figure.confidence) == (19, False, 1)


def test_a_ratio_leaves_out_units_without_a_denominator(world: World):
    world.accepted("c1", "B-M", "2021-09", {"active": 9, "members": 10})
    world.accepted("c2", "B-M", "2021-09", {"active": 5})
    figure = world.figure("d1", "active%")
    assert (figure.numerator, figure.denominator, figure.partial) == (9, 10, True)


def test_equal_numbers_of_reports_are_no_proof_of_the_same_units(world: World):
    """c1 has only the numerator, c2 only the denominator: one report each, and no ratio."""
    world.accepted("c1", "B-M", "2021-09", {"active": 9})
    world.accepted("c2", "B-M", "2021-09", {"members": 90})
    figure = world.figure("d1", "active%")
    assert (figure.numerator, figure.denominator, figure.value, figure.partial) == (
        None,
        None,
        None,
        True,
    )
    world.accepted("c3", "B-M", "2021-09", {"active": 1, "members": 4})
    assert world.figure("d1", "active%").value == 25


@pytest.mark.parametrize(
    ("everybody", "one", "value"),
    [
        pytest.param(
            ("B-M", "2021-09", {"members": 10}),
            ("B-Q", "2021-Q3", {"savers": 5}),
            50,
            id="the numerator",
        ),
        pytest.param(
            ("B-Q", "2021-Q3", {"savers": 2}),
            ("B-M", "2021-09", {"members": 10}),
            20,
            id="the denominator",
        ),
    ],
)
def test_a_ratio_is_as_sure_as_its_less_covered_part(
    world: World, everybody: tuple, one: tuple, value: int
):
    for code in ("c1", "c2", "c3"):
        world.accepted(code, *everybody)
    world.accepted("c1", *one)
    figure = world.figure("d1", "savers%")
    assert (figure.value, figure.reports, figure.due, figure.partial) == (value, 1, 3, True)
    for code in ("c2", "c3"):
        world.accepted(code, *one)
    figure = world.figure("d1", "savers%")
    assert (figure.value, figure.reports, figure.due, figure.partial) == (value, 3, 3, False)


def test_a_ratio_with_few_units_that_all_match_is_not_partial(world: World):
    world.accepted("c1", "B-M", "2021-09", {"active": 9, "members": 10})
    figure = world.figure("p", "active%")
    assert (figure.value, figure.partial, figure.confidence) == (90, False, Fraction(1, 5))


def test_a_ratio_whose_one_part_lacks_months_is_partial(world: World):
    """Every unit has both, but three months of one are held against one month of the other."""
    for month in JULY_TO_SEPTEMBER:
        world.accepted(
            "c1",
            "B-M",
            month,
            {"meetings": 4, "members": 1} | ({"articles": 6} if month[-1] == "9" else {}),
        )
    figure = world.figure("c1", "articles%")
    assert (figure.value, figure.partial, figure.reports, figure.due) == (50, True, 1, 9)


# Who reports what


def test_where_no_unit_types_it_an_indicator_does_not_apply(world: World):
    indicator, articles = LIBRARY.indicators["meetings"], LIBRARY.indicators["articles"]
    assert world.reader("d1").reporters(indicator, 2021) == 3
    own = {
        "unit": "d1",
        "years": [2021],
        "today": world.today,
        "ledger": world.ledger,
        "alone": True,
    }
    assert UnitReader(**own).reporters(indicator, 2021) == 0
    assert UnitReader(**own).reporters(articles, 2021) == 1


# Explanations


def add_up(parts: dict[str, Figure], figure: Figure) -> None:
    """The parts are the figure, coverage included."""
    for name in ("numerator", "denominator"):
        summed = [getattr(part, name) for part in parts.values() if getattr(part, name) is not None]
        assert (sum(summed) if summed else None) == getattr(figure, name)
    for name in ("reports", "due", "carried"):
        assert sum(getattr(part, name) for part in parts.values()) == getattr(figure, name)


def test_the_parts_of_a_count_are_the_units_below_and_the_units_own_return(world: World):
    world.accepted("c1", "B-M", "2021-09", {"articles": 1})
    world.accepted("c4", "B-M", "2021-09", {"articles": 2})
    world.accepted("d1", "D-Q", "2021-Q3", {"articles": 10})
    world.accepted("p", "P-Y", "2021", {"articles": 100})
    parts = parts_of(world, "p", "articles")
    assert {unit: part.numerator for unit, part in parts.items()} == {"d1": 11, "d2": 2, "p": 100}
    add_up(parts, world.figure("p", "articles"))
    parts = parts_of(world, "d1", "articles")
    assert {unit: part.numerator for unit, part in parts.items()} == {
        "c1": 1,
        "c2": None,
        "c3": None,
        "d1": 10,
    }
    assert list(parts)[:2] == ["c2", "c3"]  # what is missing comes first
    add_up(parts, world.figure("d1", "articles"))


def test_the_parts_of_a_partial_ratio_add_up_to_it(world: World):
    world.accepted("c1", "B-M", "2021-09", {"active": 9, "members": 10})
    world.accepted("c2", "B-M", "2021-09", {"active": 5})
    world.accepted("c4", "B-M", "2021-06", {"active": 3, "members": 20})
    world.accepted("c5", "B-M", "2021-09", {"members": 30})
    for unit, denominator in (("p", 30), ("d1", 10), ("d2", 20)):
        figure = world.figure(unit, "active%")
        parts = parts_of(world, unit, "active%")
        assert sum(part.numerator or 0 for part in parts.values()) == figure.numerator
        assert (
            sum(part.denominator or 0 for part in parts.values())
            == figure.denominator
            == denominator
        )


def test_the_parts_are_read_at_the_stage_of_the_figure(world: World):
    """What the district has accepted and the province has not is missing in the province's
    explanation too.
    """
    world.accept(world.send("c1", "B-M", "2021-09", {"meetings": 3}), "d1")
    assert parts_of(world, "p", "meetings")["d1"].numerator is None
    assert parts_of(world, "d1", "meetings")["c1"].numerator == 3
    assert parts_of(world, "p", "meetings", stage=1)["d1"].numerator == 3


@pytest.mark.django_db
def test_a_past_year_is_explained_by_the_units_of_that_year():
    """c2 moved from d1 to d2 in 2021: in 2020 it is a part of d1 and of nothing else."""
    world = World.of(
        (
            unit_version("p", level="province"),
            unit_version("d1", "p", level="district"),
            unit_version("d2", "p", level="district"),
            unit_version("c1", "d1"),
            unit_version("c2", "d1", end=date(2021, 3, 1)),
            unit_version("c2", "d2", start=date(2021, 3, 1)),
        )
    )
    world.accepted("c1", "B-M", "2020-12", {"members": 10})
    world.send("c2", "B-M", "2020-12", {"members": 5})
    assert world.total("d1", "members", 202000, stage=2) == 15
    reader = world.reader("d1", 2020, stage=2)
    parts = {
        part.unit: part.figure.numerator
        for part in contributions(reader, LIBRARY.indicators["members"], 2020)
    }
    assert parts == {"c1": 10, "c2": 5}
    assert parts_of(world, "d2", "members", 2020, stage=2) == {}


# Years in which units were rearranged

MARCH = date(2021, 3, 1)
REARRANGED = (
    unit_version("p", level="province"),
    unit_version("d1", "p", level="district"),
    unit_version("d2", "p", level="district"),
    unit_version("c1", "d1"),
    unit_version("c2", "d1", end=MARCH),
    unit_version("c2", "d2", start=MARCH),
    unit_version("c3", "d1", end=MARCH),
    unit_version("c4", "d1", start=MARCH),
)


@pytest.fixture
def rearranged(request: pytest.FixtureRequest) -> World:
    """c2 moves from d1 to d2 on 1 March, c3 ends, c4 begins; each has reported every month."""
    request.getfixturevalue("db")
    world = World.of(REARRANGED)
    past = []
    for period in periods_of(2021, Frequency.MONTH)[:9]:
        tree = world.organisation.on(period.last_day)
        for unit in ("c1", "c2", "c3", "c4"):
            if unit in tree:
                figures = {"meetings": 1, "members": 10, "active": 5, "lent": period.index}
                past.append(
                    PastReturn(
                        unit=unit,
                        form="B-M",
                        period=period,
                        values=figures,
                        accepted_depth=0,
                        sent_at=world.at,
                    )
                )
    workflow.import_returns(returns=past, by=None, at=world.at, ledger=world.ledger)
    return world


@pytest.mark.parametrize(
    ("unit", "meetings", "reports", "members", "lent"),
    [
        pytest.param(
            "d1", 9 + 2 + 2 + 7, 20, 30, 9 + 2 + 2 + 9, id="what left takes its later months along"
        ),
        pytest.param("d2", 7, 7, 10, 7, id="what came leaves its earlier months behind"),
        pytest.param("p", 27, 27, 40, 9 + 9 + 2 + 9, id="above both nothing changes"),
        pytest.param("c3", 2, 2, None, 2, id="what ended keeps its months"),
    ],
)
def test_a_flow_stays_where_it_happened_and_a_stock_goes_along(
    rearranged: World, unit, meetings, reports, members, lent
):
    world = rearranged
    assert differences(ledger=world.ledger) == []
    flow = world.figure(unit, "meetings", stage=0)
    assert (flow.numerator, flow.reports, flow.due) == (meetings, reports, reports)
    assert world.figure(unit, "members", stage=0).numerator == members
    assert world.figure(unit, "lent", stage=0).numerator == lent


@pytest.mark.parametrize("indicator", ["meetings", "members", "lent", "active%", "model%"])
@pytest.mark.parametrize("unit", ["p", "d1", "d2"])
def test_the_parts_of_a_rearranged_year_are_the_figure(
    rearranged: World, unit: str, indicator: str
):
    add_up(
        parts_of(rearranged, unit, indicator, stage=0), rearranged.figure(unit, indicator, stage=0)
    )


def test_who_was_below_for_some_months_is_a_part_for_those(rearranged: World):
    parts = parts_of(rearranged, "d1", "meetings", stage=0)
    assert {unit: (part.numerator, part.due) for unit, part in parts.items()} == {
        "c1": (9, 9),
        "c2": (2, 2),
        "c3": (2, 2),
        "c4": (7, 7),
    }


@pytest.mark.django_db
def test_a_unit_reads_each_year_at_the_depth_it_stood_at_then():
    """The districts are gone since January: c1 stands directly below the province, and its sent
    figures at stage 1.
    """
    january = date(2021, 1, 1)
    world = World.of(
        (
            unit_version("p", level="province"),
            unit_version("d1", "p", level="district", end=january),
            unit_version("c1", "d1", end=january),
            unit_version("c1", "p", start=january),
        )
    )
    world.send("c1", "B-M", "2020-12", {"meetings": 3})
    world.send("c1", "B-M", "2021-09", {"meetings": 4})
    reader = world.reader("c1", 2020, 2021)
    assert [
        reader.figure(LIBRARY.indicators["meetings"], year).numerator for year in (2020, 2021)
    ] == [3, 4]


# The living plan


def plan_of(*indicators: str, years: tuple[int, ...] = (2020, 2021)) -> tuple[Plan, list[Binding]]:
    """A plan of one heading; each indicator measures it, with a level to reach in the last year."""
    heading = Objective(code="I", number="I", title="Mục", parent=None)
    plan = Plan(
        organisation="",
        body="",
        number="",
        date=None,
        place="",
        motto="",
        title="",
        goal="",
        bases=(),
        years=years,
        objectives=(heading,),
        activities=(),
        closing="",
        signature=Signature(),
        recipients=(),
    )
    targets = {
        years[-1]: YearTarget(
            target=Target(comparator=Comparator.EXACTLY, amount=Decimal(20)), origin="heading"
        )
    }
    return plan, [
        Binding(row="I", indicator=code, score=1.0, targets=targets) for code in indicators
    ]


def plan_reader(world: World, unit: str, *indicators: str) -> PlanReader:
    plan, bindings = plan_of(*indicators)
    return PlanReader(
        plan=plan, bindings=bindings, root="p", unit=unit, today=world.today, ledger=world.ledger
    )


def test_the_living_plan_holds_each_years_actual_against_its_target(world: World):
    world.accepted("c1", "B-M", "2020-12", {"meetings": 30})
    world.accepted("c1", "B-M", "2021-09", {"meetings": 12})
    (line,) = plan_reader(world, "p", "meetings").lines()
    before, now = (cell.readings[0].result for cell in line.cells)
    assert (before.figure.numerator, before.level) == (
        30,
        Level.NOT_DUE,
    )  # no level is set for 2020
    assert (now.figure.numerator, now.level, now.attainment) == (12, Level.OPEN, Fraction(12, 20))
    world.accepted("c4", "B-M", "2021-09", {"meetings": 8})
    (line,) = plan_reader(world, "p", "meetings").lines()
    assert line.cells[1].readings[0].result.level is Level.MET


def test_an_amount_for_the_whole_is_no_target_of_a_part(world: World):
    world.accepted("c1", "B-M", "2021-09", {"meetings": 30})
    (line,) = plan_reader(world, "d1", "meetings").lines()
    assert line.cells[1].readings[0].result.level is Level.NO_TARGET


def test_an_explanation_names_what_is_divided_and_its_parts(world: World):
    world.accepted("c1", "B-M", "2021-09", {"active": 9, "members": 10})
    told = plan_reader(world, "p", "active%", "model%").explain("I", "active%", 2021)
    assert (told.numerator.code, told.denominator and told.denominator.code) == (
        "active",
        "members",
    )
    assert {part.unit: part.figure.value for part in told.parts} == {"d1": 90, "d2": None}
    assert plan_reader(world, "p", "model%").explain("I", "model%", 2021).denominator is None
    with pytest.raises(KeyError):
        plan_reader(world, "p", "model%").explain("I", "active%", 2021)


# What reading costs


@pytest.mark.parametrize(
    "indicators", [["meetings"], ["meetings", "members", "model%"], ["active%", "savers%", "lent"]]
)
def test_the_whole_living_plan_is_one_query(
    world: World, django_assert_num_queries: DjangoAssertNumQueries, indicators: list[str]
):
    for code in ("c1", "c2", "c3", "c4", "c5"):
        for year in (2020, 2021):
            world.accepted(code, "B-M", f"{year}-09", {"active": 1, "members": 10, "meetings": 1})
            world.accepted(code, "B-Q", f"{year}-Q3", {"savers": 4})
    with django_assert_num_queries(1):  # the unit's packed rows of all years
        plan_reader(world, "p", *indicators).lines()


def test_where_coverage_differs_no_single_unit_is_asked(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
):
    for year in (2020, 2021):
        world.accepted("c1", "B-M", f"{year}-09", {"active": 1, "members": 10})
        world.accepted("c2", "B-M", f"{year}-09", {"members": 10})
    with django_assert_num_queries(1):  # the unit's packed rows, which hold the matched parts too
        cells = plan_reader(world, "p", "active%", "savers%").lines()[0].cells
    assert [cell.readings[0].result.figure.partial for cell in cells[-2:]] == [True, True]


@pytest.mark.parametrize("children", [1, 3])
@pytest.mark.django_db
def test_an_explanation_costs_the_same_with_one_unit_below_and_with_three(
    django_assert_num_queries: DjangoAssertNumQueries, children: int
):
    world = World.of(
        (
            unit_version("p", level="province"),
            unit_version("d1", "p", level="district"),
            *(unit_version(f"c{number}", "d1") for number in range(children)),
        )
    )
    world.accepted("c0", "B-M", "2021-09", {"members": 10, "active": 1})
    with django_assert_num_queries(
        3
    ):  # the unit's packed rows; those of all units below; those of its own return
        parts = plan_reader(world, "d1", "articles").explain("I", "articles", 2021).parts
    assert len(parts) == children + 1


def test_explaining_a_ratio_that_is_not_covered_costs_no_more(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
):
    for code in ("c1", "c4"):
        world.accepted(code, "B-M", "2021-09", {"members": 10, "active": 1})
    with django_assert_num_queries(2):  # the unit's packed rows; those of all units below
        parts = plan_reader(world, "p", "active%").explain("I", "active%", 2021).parts
    assert [part.figure.value for part in parts] == [10, 10]


@pytest.mark.parametrize("children", [1, 3])
@pytest.mark.django_db
def test_all_units_below_are_read_together(
    django_assert_num_queries: DjangoAssertNumQueries, children: int
):
    world = World.of(
        (
            unit_version("p", level="province"),
            *(unit_version(f"c{number}", "p") for number in range(children)),
        )
    )
    for number in range(children):
        world.accepted(f"c{number}", "B-M", "2021-09", {"members": 10 + number})
    with django_assert_num_queries(1):  # packed rows of all units below
        found = [
            reader.figure(LIBRARY.indicators["members"], 2021).numerator
            for reader in readers_below(world.reader("p"))
        ]
    assert found == [10, 11, 12][:children]
