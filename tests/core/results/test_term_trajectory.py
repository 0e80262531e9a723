"""How a whole term comes along: years that add up, and figures of the last year."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from toankhoa.core.basics import Frequency
from toankhoa.core.measures import Indicator, IndicatorKind, Path, TermRule
from toankhoa.core.plan import Comparator
from toankhoa.core.results import (
    ExpectedPath,
    ForecastMethod,
    Level,
    Progress,
    Projection,
    TermResult,
    TermYear,
    Trajectory,
    assess,
    term_result,
)
from toankhoa.core.targets import Required
from toankhoa.core.totals import Figure

MEETINGS = Indicator(
    code="i", name="", name_en="", kind=IndicatorKind.COUNT, numerator="n", more_is_better=True
)
HALF_WAY = Projection(
    method=ForecastMethod.SEASON,
    points=3,
    low=Fraction(8),
    middle=Fraction(9),
    high=Fraction(10),
)
IN_JUNE = Progress(
    adds_up=True,
    ends=date(2021, 12, 31),
    by=date(2021, 6, 30),
    so_far=Fraction(4),
    path=ExpectedPath(shape=Path.EVEN, start=Fraction(0), share=Fraction(1, 2)),
    frequency=Frequency.HALF,
    left=1,
    best=None,
    projection=HALF_WAY,
)
IN_JANUARY = replace(IN_JUNE, by=None, so_far=None, left=2)


def at_least(amount: int | None, comparator: Comparator = Comparator.AT_LEAST) -> Required | None:
    if amount is None:
        return None
    return Required(comparator=comparator, amount=Fraction(amount))


def term_year(
    year: int, figure: int | None, level: int | None, progress: Progress | None = None
) -> TermYear:
    """A year up to 2020 is over; `level`: what the plan asks of the year itself."""
    result = assess(
        indicator=MEETINGS,
        figure=Figure(numerator=figure),
        target=at_least(level),
        due=level is not None,
        year_over=year < 2021,
    )
    return TermYear(
        year=year,
        result=result,
        has_target=level is not None,
        over=year < 2021,
        progress=progress,
    )


def term(
    *years: TermYear,
    rule: TermRule = TermRule.SUM,
    path: Path = Path.EVEN,
    words: int | None = 40,
    trajectories: tuple[Trajectory, ...] = (),
) -> TermResult:
    return term_result(
        indicator=MEETINGS,
        rule=rule,
        path=path,
        years=years,
        required=at_least(words),
        due=True,
        trajectories=trajectories,
    )


def progress_of(result: TermResult) -> Progress:
    assert result.result.progress is not None
    return result.result.progress


# Years that add up


def test_closed_years_count_with_the_running_one():
    """7 and 5 of closed years, 4 by June: 16, and the outlook has the 12 on top."""
    progress = progress_of(
        term(
            term_year(2019, 7, None),
            term_year(2020, 5, None),
            term_year(2021, 4, None, IN_JUNE),
        )
    )
    assert (progress.so_far, progress.by, progress.ends) == (16, IN_JUNE.by, date(2021, 12, 31))
    assert progress.projection is not None
    assert (progress.projection.low, progress.projection.high) == (20, 22)


def test_a_term_without_levels_goes_evenly():
    """By June of the third of three years, 30 of 36 months are over."""
    years = [term_year(2019, 7, None), term_year(2020, 5, None)]
    progress = progress_of(term(*years, term_year(2021, 4, None, IN_JUNE)))
    assert progress.path == ExpectedPath(shape=Path.EVEN, start=Fraction(0), share=Fraction(30, 36))


def test_a_term_with_levels_goes_by_them():
    """10 and 20 of closed years and half of this year's 10, of 40."""
    years = [term_year(2019, 7, 10), term_year(2020, 5, 20)]
    progress = progress_of(term(*years, term_year(2021, 4, 10, IN_JUNE)))
    assert progress.path == ExpectedPath(
        shape=Path.STEPS, start=Fraction(0), share=Fraction(35, 40)
    )


def test_a_level_unknown_here_is_not_guessed():
    """One year's level is not known to the unit: the path is even."""
    unknown = replace(term_year(2020, 5, None), has_target=True)
    years = [term_year(2019, 7, 10), unknown]
    progress = progress_of(term(*years, term_year(2021, 4, 10, IN_JUNE)))
    assert progress.path.shape is Path.EVEN


def test_a_deadline_expects_nothing_before():
    years = [term_year(2019, 7, None), term_year(2020, 5, None)]
    progress = progress_of(term(*years, term_year(2021, 4, None, IN_JUNE), path=Path.DEADLINE))
    assert (progress.path.shape, progress.path.share) == (Path.DEADLINE, None)


def test_january_is_read_at_the_last_year():
    """No report of this year is due yet: the term is read at the end of the year before."""
    years = [term_year(2019, None, None), term_year(2020, 5, None)]
    progress = progress_of(term(*years, term_year(2021, None, None, IN_JANUARY)))
    assert (progress.by, progress.so_far, progress.left) == (date(2020, 12, 31), 5, 2)
    assert progress.path.share == Fraction(24, 36)


@pytest.mark.parametrize(("figures", "expected"), [((6, 8, 10), (46, 47, 48)), ((8, 10), None)])
def test_years_to_come_follow_the_trend(figures, expected):
    """After 6, 8 and 10 the line is at 14 in 2022; this year brings 8 to 10: 46 to 48 in all.

    Two closed years make no trend, and the outlook is silent.
    """
    first = 2021 - len(figures)
    closed = [term_year(first + place, figure, None) for place, figure in enumerate(figures)]
    running, later = term_year(2021, 4, None, IN_JUNE), term_year(2022, None, None)
    projection = progress_of(term(*closed, running, later)).projection
    if expected is None:
        assert projection is None
    else:
        assert projection is not None
        assert (projection.low, projection.middle, projection.high) == expected


def test_the_best_run_is_as_long():
    """Two periods are left of a term that ends a year later: the best two on end count."""
    halves = Trajectory(2020, Frequency.HALF, (Fraction(3), Fraction(5)), adds_up=True)
    years = [term_year(2020, 5, None), term_year(2021, 4, None, replace(IN_JUNE, left=0))]
    result = term(*years, term_year(2022, None, None), trajectories=(halves,))
    assert (progress_of(result).left, progress_of(result).best) == (2, 5)


def test_before_the_first_year_nothing_is_known():
    assert term(term_year(2022, None, 5), term_year(2023, None, 5)).result.progress is None
    last = term(term_year(2022, None, 5), rule=TermRule.LAST)
    assert last.result.progress is None


def test_a_term_that_is_over_runs_no_more():
    result = term(term_year(2019, 7, 5), term_year(2020, 5, 5))
    assert (result.result.progress, result.result.level) == (None, Level.NOT_MET)


# The figure of the last year


def last(*years: TermYear, path: Path = Path.EVEN, words: int | None = 40) -> TermResult:
    return term(*years, rule=TermRule.LAST, path=path, words=words)


def test_the_last_year_is_itself_the_term():
    """With levels of years, the term comes along as its last year does."""
    result = last(term_year(2020, 30, 30), term_year(2021, 34, 40, IN_JUNE))
    assert progress_of(result) is IN_JUNE


def test_words_of_the_term_draw_a_line():
    """From 20 at the end of 2019 to the end of 2021: by June 18 of 24 months are over."""
    years = [term_year(2019, 20, None), term_year(2020, 30, None)]
    result = last(*years, term_year(2021, 34, None, IN_JUNE))
    assert progress_of(result).path == ExpectedPath(
        shape=Path.EVEN, start=Fraction(20), share=Fraction(18, 24)
    )


def test_no_line_without_a_first_year():
    result = last(term_year(2020, None, None), term_year(2021, 34, None, IN_JUNE))
    assert (progress_of(result).path.start, progress_of(result).path.share) == (None, None)


def test_a_deadline_draws_no_line():
    years = [term_year(2020, 30, None), term_year(2021, 34, None, IN_JUNE)]
    result = last(*years, path=Path.DEADLINE)
    assert progress_of(result).path.shape is Path.DEADLINE
    assert progress_of(result).path.share is None


def test_a_later_year_is_read_from_closed_ones():
    """The term ends in 2022: 2020 is the last year known, two years are left.

    From 2018 to 2020 the figure rose by 9: the most that two years on end brought.
    """
    closed = [term_year(2018 + place, figure, None) for place, figure in enumerate((21, 25, 30))]
    result = last(*closed, term_year(2021, 32, None, IN_JUNE), term_year(2022, None, None))
    progress = progress_of(result)
    assert (progress.so_far, progress.by, progress.left) == (30, date(2020, 12, 31), 2)
    assert (progress.best, progress.fall) == (9, -9)
    assert progress.path == ExpectedPath(
        shape=Path.EVEN, start=Fraction(21), share=Fraction(24, 48)
    )
    assert progress.projection is not None
    assert result.result.level is Level.OPEN
    assert result.year == 2020  # 2021 is not over: it says nothing of the end yet


def test_a_later_year_goes_by_steps():
    """Where the plan sets levels for years, the last closed one with a level is the step."""
    years = [term_year(2019, 20, 25), term_year(2020, 30, None), term_year(2021, 32, None, IN_JUNE)]
    result = last(*years, term_year(2022, None, 40))
    assert progress_of(result).path == ExpectedPath(
        shape=Path.STEPS, start=Fraction(25), share=Fraction(0)
    )


def test_a_running_year_is_shown_if_alone():
    """No closed year has a figure: the running one's is shown, and decides nothing."""
    result = last(
        term_year(2020, None, None), term_year(2021, 99, None, IN_JUNE), term_year(2022, None, None)
    )
    assert (result.year, result.result.level) == (2021, Level.OPEN)


# What the years ask of the term


@pytest.mark.parametrize(
    ("levels", "amount"),
    [((5, 5), 10), ((5, None), 5), ((None, None), None)],
)
def test_levels_of_years_add_up(levels, amount):
    years = [term_year(2019 + place, 7, level) for place, level in enumerate(levels)]
    required = term(*years, words=None).result.required
    assert (required and required.amount) == amount


@pytest.mark.parametrize(
    ("comparators", "amount"),
    [
        ((Comparator.AT_LEAST, Comparator.EXACTLY), 10),
        ((Comparator.AT_LEAST, Comparator.RANGE), 10),
        ((Comparator.AT_LEAST, Comparator.AT_MOST), None),
        ((Comparator.ABOVE, Comparator.ABOVE), None),
    ],
)
def test_only_amounts_of_one_kind_add_up(comparators, amount):
    """A bare figure is an amount to reach; "more than 5" twice is not "more than 10"."""
    years = []
    for place, comparator in enumerate(comparators):
        year = term_year(2019 + place, 7, 5)
        need = at_least(5, comparator)
        years.append(replace(year, result=replace(year.result, required=need)))
    required = term(*years, words=None).result.required
    assert (required and required.amount) == amount


def test_both_ends_of_ranges_add_up():
    """2 to 3, and a bare 2: at least 4, at most 5."""
    bare, ranged = term_year(2019, 7, 2), term_year(2020, 7, 2)
    need = Required(comparator=Comparator.RANGE, amount=Fraction(2), upper=Fraction(3))
    ranged = replace(ranged, result=replace(ranged.result, required=need))
    required = term(bare, ranged, words=None).result.required
    assert required is not None
    assert (required.amount, required.upper) == (4, 5)
