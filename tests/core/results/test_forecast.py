"""How a year came along, where it will likely end, and what the rest would take."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import chain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toankhoa.core.basics import Frequency
from toankhoa.core.measures import (
    Condition,
    DataElement,
    Form,
    Indicator,
    IndicatorKind,
    Library,
    Path,
    Section,
    TimeRule,
)
from toankhoa.core.results import (
    ExpectedPath,
    ForecastMethod,
    Progress,
    Tempo,
    Trajectory,
    best_gain,
    best_run,
    by_rate,
    by_season,
    by_trend,
    frequency_of,
    pace,
    remainder,
    trajectory_of,
    usual_share,
    worst_fall,
)
from toankhoa.core.totals import Cell


def element(code: str, slot: int, time: TimeRule, **more) -> DataElement:
    return DataElement(code=code, slot=slot, name=code, name_en=code, unit="", time=time, **more)


def form(code: str, frequency: Frequency, *elements: str) -> Form:
    return Form(
        code=code,
        name=code,
        level="base",
        frequency=frequency,
        sections=(Section(title="", elements=elements),),
    )


def indicator(top: str, below: str | None = None) -> Indicator:
    kind = IndicatorKind.RATIO if below else IndicatorKind.COUNT
    return Indicator(code=top, name=top, name_en=top, kind=kind, numerator=top, denominator=below)


LIBRARY = Library(
    elements={
        item.code: item
        for item in (
            element("born", 0, TimeRule.FLOW),
            element("members", 1, TimeRule.STOCK),
            element("trained", 2, TimeRule.DISTINCT),
            element("with_births", 3, TimeRule.STOCK, derived=Condition(element="born")),
        )
    },
    indicators={},
    forms={
        "Q": form("Q", Frequency.QUARTER, "born", "trained"),
        "H": form("H", Frequency.HALF, "members"),
    },
)


def cell(**slots: tuple[int, int]) -> Cell:
    """A packed row: element → (sum, reports)."""
    row = Cell.zero(4)
    for code, (value, reports) in slots.items():
        slot = LIBRARY.elements[code].slot
        row.values[slot], row.counts[slot] = value, reports
    return row


def year(whole: Cell, **months: Cell) -> tuple[list[Cell], Cell]:
    """`m3=…` is March's row."""
    return [months.get(f"m{month}", Cell.zero(4)) for month in range(1, 13)], whole


def trajectory(
    *reached: object, frequency: Frequency = Frequency.HALF, adds_up: bool = True, of: int = 2020
) -> Trajectory:
    known = tuple(None if value is None else Fraction(str(value)) for value in reached)
    return Trajectory(of, frequency, known, adds_up)


# A year as it went


def test_a_flow_is_a_running_total():
    """A period without reports is unknown, and so is what came in the one after it."""
    months, whole = year(
        Cell.zero(4), m3=cell(born=(5, 2)), m6=cell(born=(0, 2)), m12=cell(born=(4, 1))
    )
    born = trajectory_of(indicator("born"), LIBRARY, 2020, months, whole, 0)
    assert born == Trajectory(
        2020, Frequency.QUARTER, (Fraction(5), Fraction(5), None, Fraction(9)), adds_up=True
    )
    assert born.steps == (5, 0, None, None)  # what came in the last quarter alone nobody knows


def test_a_late_unit_is_no_fall():
    """Three units have 300 members in the year; in June only two of them had reported their 200."""
    months, whole = year(
        cell(members=(300, 3)), m6=cell(members=(200, 2)), m12=cell(members=(300, 3))
    )
    assert trajectory_of(indicator("members"), LIBRARY, 2020, months, whole, 0).reached == (
        300,
        300,
    )


def test_ratios_follow_their_rarer_part():
    """Trained persons are typed by quarter, members by half-year: it is read twice a year."""
    months, whole = year(
        cell(trained=(60, 2), members=(100, 2)),
        m3=cell(trained=(10, 2)),
        m6=cell(trained=(20, 2), members=(80, 2)),
        m12=cell(trained=(60, 2), members=(100, 2)),
    )
    ratio = indicator("trained", "members")
    assert frequency_of(ratio, LIBRARY) is Frequency.HALF
    assert trajectory_of(ratio, LIBRARY, 2020, months, whole, 0).reached == (25, 60)


def test_a_denominator_of_units_is_known():
    """It does not wait for any report."""
    months, whole = year(cell(trained=(6, 4)), m3=cell(trained=(2, 4)), m12=cell(trained=(6, 4)))
    ratio = indicator("trained", "units:base")
    assert trajectory_of(ratio, LIBRARY, 2020, months, whole, 8).reached == (25, None, None, 75)


def test_derived_figures_have_no_trajectory():
    """They follow from whole years, so that nothing is known within one."""
    months, whole = year(cell(with_births=(3, 3)), m12=cell(born=(4, 3)))
    assert set(
        trajectory_of(indicator("with_births"), LIBRARY, 2020, months, whole, 0).reached
    ) == {None}


# By now


def test_the_usual_share_weighs_years_together():
    """40 of 100 and 10 of 20 are 50 of 120; a year that does not know the day is left out."""
    assert usual_share([trajectory(40, 100), trajectory(10, 20)], 1) == Fraction(50, 120)
    assert usual_share([trajectory(None, 100), trajectory(0, 0)], 1) is None


# By the end


def test_a_season_needs_three_years():
    """Only years that know the same day count; the outlook is their median, least and most."""
    years = [trajectory(45, 90), trajectory(40, 100), trajectory(50, 110)]
    assert by_season(Fraction(7), years[:2], 1) is None
    assert by_season(Fraction(7), [*years[:2], trajectory(None, 80)], 1) is None
    outlook = by_season(Fraction(7), years, 1)
    assert outlook is not None
    assert (outlook.method, outlook.points, outlook.low, outlook.middle, outlook.high) == (
        ForecastMethod.SEASON,
        3,
        52,
        67,
        67,
    )


def test_a_rate_needs_three_periods():
    """It goes by the periods of this year, of a figure that adds up."""
    running = trajectory(10, 25, 30, None, frequency=Frequency.QUARTER)
    outlook = by_rate(running, 3)
    assert outlook is not None
    assert (outlook.low, outlook.middle, outlook.high) == (35, 40, 45)
    assert by_rate(running, 2) is None
    assert (
        by_rate(trajectory(10, 25, 30, None, frequency=Frequency.QUARTER, adds_up=False), 3) is None
    )


def test_one_wild_year_bends_no_trend():
    """The slope is the median of the slopes between any two years."""
    straight = {2017: Fraction(10), 2018: Fraction(20), 2019: Fraction(30), 2020: Fraction(40)}
    outlook = by_trend(straight, 2021)
    assert outlook is not None
    assert (outlook.low, outlook.middle, outlook.high) == (50, 50, 50)
    wild = by_trend(straight | {2018: Fraction(80)}, 2021)
    assert wild is not None
    assert abs(wild.middle - 50) <= 15


def test_further_years_are_less_sure():
    points = {2017: Fraction(10), 2018: Fraction(21), 2019: Fraction(29)}
    near, far = by_trend(points, 2020), by_trend(points, 2021)
    assert near is not None
    assert far is not None
    assert far.high - far.low == 2 * (near.high - near.low)


def test_two_points_make_no_trend():
    assert by_trend({2019: Fraction(1), 2020: Fraction(2)}, 2021) is None


def test_a_projection_keeps_within_what_there_is():
    outlook = by_trend({2018: Fraction(80), 2019: Fraction(90), 2020: Fraction(99)}, 2021)
    assert outlook is not None
    assert outlook.within(Fraction(100)).middle == 100
    assert outlook.middle > 100


# The rest


def test_the_best_run_may_cross_years():
    """It may lie anywhere in years that follow each other."""
    years = [trajectory(10, 15, of=2018), trajectory(30, 35, of=2019)]
    assert best_run(years, 1) == 30
    assert best_run(years, 2) == 35
    assert best_run(years, 5) is None


def test_a_run_leaps_over_nothing_unknown():
    """Neither a period without reports nor a year that is not there is skipped."""
    assert best_run([trajectory(10, None, of=2018), trajectory(30, 31, of=2019)], 2) == 31
    assert best_run([trajectory(10, 20, of=2017), trajectory(30, 31, of=2019)], 4) is None


def test_gains_are_of_the_same_season():
    """The most that the same part of an earlier year brought; None where no year knows it."""
    years = [
        trajectory(20, 60, adds_up=False),
        trajectory(50, 70, adds_up=False),
        trajectory(None, 90, adds_up=False),
    ]
    assert best_gain(years, 1) == 40
    assert best_gain([], 1) is None


def test_the_worst_fall_is_of_the_same_season():
    """From 50 in June to 30 in December: 20 were lost; None where no year knows it."""
    years = [
        trajectory(50, 30, adds_up=False),
        trajectory(50, 70, adds_up=False),
        trajectory(None, 90, adds_up=False),
    ]
    assert worst_fall(years, 1) == 20
    assert worst_fall([], 1) is None


def test_earlier_years_come_on_top():
    """What they brought lifts where the figure is, where its path starts, and its outlook."""
    outlook = by_season(Fraction(7), [trajectory(40, 100)] * 3, 1)
    progress = replace(underway(Fraction(7), Fraction(1, 2), 1), projection=outlook)
    assert progress.with_earlier_years(None) is progress
    later = progress.with_earlier_years(Fraction(10))
    assert (later.so_far, later.path.start) == (17, 10)
    assert later.projection is not None
    assert later.projection.middle == 77
    nothing_known = replace(progress, so_far=None, projection=None)
    assert nothing_known.with_earlier_years(Fraction(10)).so_far is None
    assert nothing_known.with_earlier_years(Fraction(10)).projection is None


def test_two_outlooks_add_up():
    """Bounds add up, and the sum is as sure as the less sure of both."""
    season = by_season(Fraction(0), [trajectory(0, 5), trajectory(0, 6), trajectory(0, 9)], 1)
    trend = by_trend({2017 + place: Fraction(place) for place in range(4)}, 2021)
    assert season is not None
    assert trend is not None
    both = season.plus(trend)
    assert (both.method, both.points) == (ForecastMethod.SEASON, 3)
    assert (both.low, both.middle, both.high) == (9, 10, 13)


def test_no_length_is_no_run():
    assert best_run([trajectory(10, 15)], 0) is None


# Laws

amounts = st.integers(-(10**4), 10**4).map(lambda number: Fraction(number, 7))
points = st.dictionaries(st.integers(2000, 2020), amounts, min_size=3, max_size=6)


@pytest.mark.law
@given(points, st.integers(2021, 2025))
def test_bounds_of_trends_hold_their_middle(known, at):
    """The low bound is never above the middle, the high one never below it."""
    outlook = by_trend(known, at)
    assert outlook is not None
    assert outlook.low <= outlook.middle <= outlook.high


@pytest.mark.law
@given(points, st.integers(2021, 2025), amounts, amounts)
def test_a_trend_moves_with_its_points(known, at, scale, shift):
    moved = {when: scale * value + shift for when, value in known.items()}
    before, after = by_trend(known, at), by_trend(moved, at)
    assert before is not None
    assert after is not None
    assert after.middle == scale * before.middle + shift


@pytest.mark.law
@given(st.lists(amounts, min_size=3))
def test_half_the_seasons_end_above(gains):
    """The middle of an outlook is an exact median: no more than half lie on either side of it."""
    years = [
        Trajectory(2000 + place, Frequency.HALF, (Fraction(0), gain), adds_up=True)
        for place, gain in enumerate(gains)
    ]
    outlook = by_season(Fraction(0), years, 1)
    assert outlook is not None
    assert isinstance(outlook.middle, Fraction)
    assert 2 * sum(gain < outlook.middle for gain in gains) <= len(gains)
    assert 2 * sum(gain > outlook.middle for gain in gains) <= len(gains)


def underway(so_far: Fraction, share: Fraction, left: int) -> Progress:
    return Progress(
        adds_up=True,
        ends=date(2021, 12, 31),
        by=date(2021, 6, 30),
        so_far=so_far,
        path=ExpectedPath(shape=Path.EVEN, start=Fraction(0), share=share),
        frequency=Frequency.MONTH,
        left=left,
        best=None,
        projection=None,
    )


shares = st.fractions(0, 1, max_denominator=12)


@pytest.mark.law
@given(amounts, amounts, st.integers(0, 1000).map(Fraction), shares, st.booleans())
def test_more_never_makes_the_pace_worse(first, second, goal, share, whole):
    paces = [
        pace(underway(so_far, share, 1), goal, more_is_better=True, whole=whole)
        for so_far in sorted((first, second))
    ]
    order = [Tempo.BEHIND, Tempo.ON, Tempo.AHEAD]
    ranks = [order.index(at.tempo) for at in paces if at]
    assert ranks == sorted(ranks)


@pytest.mark.law
@given(st.integers(0, 1000).map(Fraction), st.integers(1, 2000).map(Fraction), st.integers(1, 12))
def test_the_rest_makes_up_the_missing(so_far, goal, left):
    """What each period left must bring, times the periods left, reaches the goal exactly."""
    rest = remainder(underway(so_far, Fraction(1, 2), left), goal)
    assert (rest.needed * rest.left + so_far == goal) if rest else so_far >= goal


@pytest.mark.law
@given(
    st.lists(st.lists(st.integers(0, 99), min_size=4, max_size=4), min_size=1, max_size=3),
    st.integers(1, 4),
)
def test_no_run_beats_the_best(years, length):
    """The best run is the greatest sum of so many steps on end, outlook by trying all."""
    steps = list(chain.from_iterable(years))
    trajectories = [
        trajectory(*np.cumsum(year).tolist(), frequency=Frequency.QUARTER, of=2017 + place)
        for place, year in enumerate(years)
    ]
    runs = [sum(steps[start : start + length]) for start in range(len(steps) - length + 1)]
    assert best_run(trajectories, length) == max(runs)
