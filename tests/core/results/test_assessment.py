"""Where an indicator stands, case by case as a plan officer would put it, and how sure that is."""

from decimal import Decimal
from fractions import Fraction
from itertools import chain
from pathlib import Path as File

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from toankhoa.core.basics import Frequency
from toankhoa.core.measures import Indicator, IndicatorKind, Path, TermRule
from toankhoa.core.plan import Basis, Comparator, Target
from toankhoa.core.results import (
    Level,
    Progress,
    Prospect,
    Result,
    RunningYear,
    TermYear,
    Trajectory,
    assess,
    holds,
    term_result,
    year_progress,
)
from toankhoa.core.targets import PERCENT, Required, required
from toankhoa.core.totals import Figure

CASES = yaml.safe_load(
    (File(__file__).parents[2] / "cases" / "assessment.yaml").read_text(encoding="utf-8")
)
RUNNING, TERM = "năm đang chạy", "toàn khóa"
LEVELS = [group for group in CASES if group not in (RUNNING, TERM)]
UNITS = {
    "province": {"province": 1, "district": 11, "base": 171},
    "district": {"district": 1, "base": 15},
    "base": {"base": 1},
}


def cases_of(*groups: str) -> list:
    cases = chain.from_iterable(CASES[group] for group in groups)
    return [pytest.param(case, id=case["is"]) for case in cases]


def target_of(case: dict) -> Target | None:
    if not case["target"]:
        return None
    comparator, amount, unit, *upper = case["target"]
    return Target(
        comparator=Comparator(comparator),
        amount=Decimal(amount),
        upper=Decimal(upper[0]) if upper else None,
        unit=unit,
        basis=Basis(case.get("basis", "whole")),
        level=case.get("level_of"),
    )


def figure_of(case: dict, *, ratio: bool) -> Figure:
    parts = case["actual"] if isinstance(case["actual"], list) else [case["actual"], None]
    return Figure(numerator=parts[0], denominator=parts[1], ratio=ratio)


def indicator_of(kind: str, *, less: bool = False) -> Indicator:
    return Indicator(
        code="i",
        name="",
        name_en="",
        kind=IndicatorKind(kind),
        numerator="n",
        denominator="d" if kind == "ratio" else None,
        more_is_better=not less,
    )


def fraction(value: object) -> Fraction | None:
    return None if value is None else Fraction(str(value))


@pytest.mark.parametrize("case", cases_of(*LEVELS))
def test_each_case_is_assessed_as_written(case):
    """Level, amount and share of the cases in `tests/cases/assessment.yaml`."""
    target = target_of(case)
    kind = case.get("kind") or ("ratio" if target and target.unit == PERCENT else "count")
    indicator = indicator_of(kind, less=case.get("less", False))
    at = case.get("at", "province")
    need = target and required(
        target, indicator, UNITS[at], whole=at == "province", reporters=case.get("reporters", 1)
    )
    result = assess(
        indicator=indicator,
        figure=figure_of(case, ratio=kind == "ratio"),
        target=need,
        due=case.get("due", True),
        year_over=case.get("over", True),
        applies=case.get("applies", True),
        before=fraction(case.get("before")),
    )
    assert result.level == Level(case["level"])
    assert (need and need.amount) == fraction(case["need"])
    assert result.attainment == fraction(case["share"])
    assert result.required is need


def test_cases_cover_all_that_is_declared():
    """Every comparator, basis, level, path and prospect occurs in the cases."""
    cases = list(chain.from_iterable(CASES[group] for group in LEVELS))
    assert {case["target"][0] for case in cases if case["target"]} == set(Comparator)
    assert {case.get("basis", "whole") for case in cases} == set(Basis)
    assert {case["level"] for case in cases} == set(Level)
    assert {case["path"] for case in CASES[RUNNING]} == set(Path)
    assert {case["prospect"] for case in CASES[RUNNING]} == set(Prospect)
    assert sum(map(len, CASES.values())) >= 60


def test_both_ends_of_ranges_are_multiplied():
    """ "2 to 3 in each base" is 30 to 45 for a district of 15 bases."""
    target = Target(
        comparator=Comparator.RANGE,
        amount=Decimal(2),
        upper=Decimal(3),
        unit="hộ",
        basis=Basis.PER_UNIT,
        level="base",
        subject="hộ",
    )
    assert required(target, indicator_of("count"), UNITS["district"], whole=False) == Required(
        comparator=Comparator.RANGE, amount=Fraction(30), upper=Fraction(45), unit="hộ"
    )


def trajectory(case: dict, year: int, reached: list) -> Trajectory:
    """A year as it went; what has not come yet is unknown."""
    frequency = Frequency(case["each"])
    periods = 12 // frequency.months
    known = [fraction(value) for value in reached] + [None] * (periods - len(reached))
    return Trajectory(year, frequency, tuple(known), adds_up=not case.get("stock", False))


def progress_of(case: dict) -> Progress:
    earlier = [
        trajectory(case, 2020 - place, reached)
        for place, reached in enumerate(case.get("earlier", ()))
    ]
    now = trajectory(case, 2021, case["now"])
    period = len(case["now"])
    ends = {known.year: known.reached[-1] for known in earlier}
    running = RunningYear(
        trajectory=now,
        value=fraction(case["now"][-1]) if period else None,
        periods_due=period,
        earlier=earlier,
        earlier_values={known: value for known, value in ends.items() if value is not None},
    )
    return year_progress(running, Path(case["path"]), fraction(case.get("start", 0)))


@pytest.mark.parametrize("case", cases_of(RUNNING))
def test_a_year_that_is_running(case):
    """Pace, outlook, rest and prospect of the cases of a running year."""
    ratio = case["target"][2] == PERCENT
    indicator = indicator_of("ratio" if ratio else "count", less=case.get("less", False))
    value = case["now"][-1] if case["now"] else None
    figure = Figure(numerator=value, denominator=100 if ratio else None, ratio=ratio)
    result = assess(
        indicator=indicator,
        figure=figure,
        target=required(target_of(case), indicator, UNITS["province"], whole=True),
        due=True,
        year_over=False,
        before=fraction(case.get("before")),
        progress=progress_of(case),
    )
    assert (result.pace and [result.pace.expected, result.pace.tempo]) == exact(case["pace"])
    assert outlook_of(result) == exact(case["outlook"])
    assert (result.rest and [result.rest.needed, result.rest.best]) == exact(case["rest"])
    assert result.prospect == Prospect(case["prospect"])
    assert result.level == Level(case.get("level", "open"))


def outlook_of(result: Result) -> list | None:
    """Method, bounds and middle, as the cases write them."""
    outlook = result.outlook
    return outlook and [outlook.method, outlook.low, outlook.middle, outlook.high]


def exact(values: list | None) -> list | None:
    """Figures as fractions, words as they are."""
    return values and [
        value if value is None or str(value).isalpha() else fraction(value) for value in values
    ]


def year_result(level: object, value: object, *, over: bool, ratio: bool) -> Result:
    comparator = Comparator.EXACTLY
    return assess(
        indicator=indicator_of("ratio" if ratio else "count"),
        figure=Figure(numerator=value, denominator=100 if ratio else None, ratio=ratio),
        target=None if level is None else Required(comparator=comparator, amount=Fraction(level)),
        due=level is not None,
        year_over=over,
    )


@pytest.mark.parametrize("case", cases_of(TERM))
def test_the_term_out_of_its_years(case):
    """Figure, amount and level of the cases of a whole term."""
    rule, ended = TermRule(case["rule"]), case.get("ended", 5)
    ratio = rule is TermRule.LAST
    indicator = indicator_of("ratio" if ratio else "count")
    years = [
        TermYear(
            year=2017 + place,
            result=year_result(level, value, over=place < ended, ratio=ratio),
            has_target=level is not None,
            over=place < ended,
        )
        for place, (value, level) in enumerate(zip(case["years"], case["levels"], strict=True))
    ]
    words = case.get("words")
    need = words and Required(
        comparator=Comparator(words[0]), amount=Fraction(words[1]), unit=words[2]
    )
    due = bool(words) or any(year.has_target for year in years)
    term = term_result(
        indicator=indicator, rule=rule, path=Path.EVEN, years=years, required=need, due=due
    )
    assert term.result.figure.value == fraction(case["actual"])
    assert (term.result.required and term.result.required.amount) == fraction(case["need"])
    assert (term.result.level, term.year) == (Level(case["level"]), case["of"])
    assert f"{term.years_met}/{term.years_with_target}" == case["met"]
    assert term.from_years == (words is None and case["need"] is not None)


@pytest.mark.parametrize(
    ("comparator", "amount", "needed"),
    [
        (Comparator.AT_LEAST, "90", 154),  # 153,9
        (Comparator.AT_LEAST, "100", 171),
        (Comparator.ABOVE, "100", 172),
        (Comparator.ABOVE, "90", 154),
        (Comparator.AT_MOST, "90", 153),
        (Comparator.BELOW, "100", 170),
    ],
)
def test_ratios_are_needed_in_whole_ones(comparator, amount, needed):
    """90% of 171 is 153,9: at least 154 are needed, at most 153 are allowed."""
    need = Required(comparator=comparator, amount=Fraction(amount), unit=PERCENT)
    figure = Figure(numerator=100, denominator=171, ratio=True)
    result = assess(
        indicator=indicator_of("ratio"), figure=figure, target=need, due=True, year_over=True
    )
    assert result.needed == needed


def test_a_term_target_counts_earlier_years():
    """1 of 2 this year is not met alone, and met with 1 of the years before."""
    need = Required(comparator=Comparator.AT_LEAST, amount=Fraction(2))
    arguments = {
        "indicator": indicator_of("count"),
        "figure": Figure(numerator=1),
        "target": need,
        "due": True,
    }
    alone = assess(**arguments, year_over=True)
    after = assess(**arguments, year_over=True, earlier_years=Fraction(1))
    assert (alone.level, after.level, after.reached, after.figure.value) == (
        Level.NOT_MET,
        Level.MET,
        2,
        1,
    )


# How sure it is


def test_a_bare_figure_is_a_count():
    """Nothing is due of it, carried forward or partial."""
    figure = Figure(numerator=7)
    assert (figure.value, figure.confidence, figure.reports, figure.carried, figure.partial) == (
        7,
        None,
        0,
        0,
        False,
    )


@pytest.mark.parametrize(
    ("reports", "due", "confidence"),
    [
        (167, 171, Fraction(167, 171)),
        (0, 171, 0),
        (171, 171, 1),
        (172, 171, 1),
        (0, 0, None),
        (3, 0, None),
    ],
)
def test_confidence_is_the_share_of_due_reports(reports, due, confidence):
    figure = Figure(numerator=1, reports=reports, due=due)
    result = assess(
        indicator=indicator_of("count"), figure=figure, target=None, due=True, year_over=True
    )
    assert figure.confidence == result.confidence == confidence


def test_few_reports_lower_confidence_alone():
    """95% on 60 of 100 reports is met, with a confidence of 60%."""
    need = Required(comparator=Comparator.AT_LEAST, amount=Fraction(90), unit=PERCENT)
    figure = Figure(numerator=95, denominator=100, ratio=True, reports=60, due=100)
    result = assess(
        indicator=indicator_of("ratio"), figure=figure, target=need, due=True, year_over=True
    )
    assert (result.level, result.confidence) == (Level.MET, Fraction(3, 5))


# Laws

amounts = st.integers(-(10**6), 10**6).map(lambda number: Fraction(number, 10))


@pytest.mark.law
@given(amounts, amounts, st.booleans())
def test_bounds_and_their_opposites_exclude_each_other(amount, actual, more):
    """Every figure meets either a bound or its opposite, and never both."""

    def met(comparator: Comparator) -> bool:
        return holds(Required(comparator=comparator, amount=amount), actual, more_is_better=more)

    assert met(Comparator.AT_LEAST) != met(Comparator.BELOW)
    assert met(Comparator.AT_MOST) != met(Comparator.ABOVE)
    assert met(Comparator.EXACTLY) == met(Comparator.AT_LEAST if more else Comparator.AT_MOST)


@pytest.mark.law
@given(
    st.sampled_from(sorted(set(Comparator) - {Comparator.ABOUT})),
    amounts,
    amounts,
    amounts,
    amounts,
)
def test_a_better_figure_stays_met(comparator, amount, before, first, second):
    """Save for "about", and for bounds set against the indicator's direction."""
    worse, better = sorted((first, second))
    if comparator is Comparator.CHANGE:
        amount = abs(amount)  # a fall that is asked for has the other direction
    need = Required(comparator=comparator, amount=amount, upper=amount + 10)
    if comparator in (Comparator.AT_MOST, Comparator.BELOW):
        worse, better = better, worse
    more = comparator not in (Comparator.AT_MOST, Comparator.BELOW)
    if holds(need, worse, more_is_better=more, before=before):
        assert holds(need, better, more_is_better=more, before=before)


@pytest.mark.law
@given(
    st.integers(0, 10**6),
    st.integers(1, 10**6),
    st.sampled_from([Comparator.AT_LEAST, Comparator.ABOVE, Comparator.EXACTLY]),
    st.integers(1, 1000),
)
def test_a_ratio_is_held_exactly(numerator, denominator, comparator, tenths):
    """Whether a ratio meets its amount is decided by whole numbers, never by rounding."""
    need = Required(comparator=comparator, amount=Fraction(tenths, 10), unit=PERCENT)
    figure = Figure(numerator=numerator, denominator=denominator, ratio=True)
    result = assess(
        indicator=indicator_of("ratio"), figure=figure, target=need, due=True, year_over=True
    )
    over, exactly = (
        1000 * numerator > tenths * denominator,
        1000 * numerator == tenths * denominator,
    )
    assert (result.level is Level.MET) == (over or (exactly and comparator is not Comparator.ABOVE))
    assert (result.attainment >= 1) == (over or exactly)
