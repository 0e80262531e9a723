"""Where an indicator stands, case by case as a plan officer would put it, and how sure that is."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from toankhoa.core.assessment import PERCENT, Figure, Level, Required, assess, holds, required
from toankhoa.core.measures import Indicator, IndicatorKind
from toankhoa.core.plan import Basis, Comparator, Target

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "assessment.yaml").read_text(encoding="utf-8"))
UNITS = {
    "province": {"province": 1, "district": 11, "base": 171},
    "district": {"district": 1, "base": 15},
    "base": {"base": 1},
}


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


@pytest.mark.parametrize("case", [pytest.param(case, id=case["is"]) for group in CASES.values() for case in group])
def test_case(case):
    target = target_of(case)
    kind = case.get("kind") or ("ratio" if target and target.unit == PERCENT else "count")
    indicator = indicator_of(kind, less=case.get("less", False))
    at = case.get("at", "province")
    need = target and required(target, indicator, UNITS[at], whole=at == "province", reporters=case.get("reporters", 1))
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


def test_the_cases_cover_every_comparator_basis_and_level():
    cases = [case for group in CASES.values() for case in group]
    assert {case["target"][0] for case in cases if case["target"]} == set(Comparator)
    assert {case.get("basis", "whole") for case in cases} == set(Basis)
    assert {case["level"] for case in cases} == set(Level)


def test_both_ends_of_a_range_grow_with_the_number_of_bases():
    target = Target(
        comparator=Comparator.RANGE, amount=Decimal(2), upper=Decimal(3), unit="hộ", basis=Basis.PER_BASE, subject="hộ"
    )
    assert required(target, indicator_of("count"), UNITS["district"], whole=False) == Required(
        comparator=Comparator.RANGE, amount=Fraction(30), upper=Fraction(45), unit="hộ"
    )


# How sure it is


def test_a_figure_of_which_nothing_more_is_known_is_a_count_that_nobody_owes():
    figure = Figure(numerator=7)
    assert (figure.value, figure.confidence, figure.reports, figure.carried, figure.partial) == (7, None, 0, 0, False)


@pytest.mark.parametrize(
    ("reports", "due", "confidence"),
    [(167, 171, Fraction(167, 171)), (0, 171, 0), (171, 171, 1), (172, 171, 1), (0, 0, None), (3, 0, None)],
)
def test_confidence_is_the_share_of_due_reports(reports, due, confidence):
    figure = Figure(numerator=1, reports=reports, due=due)
    result = assess(indicator=indicator_of("count"), figure=figure, target=None, due=True, year_over=True)
    assert figure.confidence == result.confidence == confidence


def test_a_target_met_on_few_reports_is_met_and_unsure():
    need = Required(comparator=Comparator.AT_LEAST, amount=Fraction(90), unit=PERCENT)
    figure = Figure(numerator=95, denominator=100, ratio=True, reports=60, due=100)
    result = assess(indicator=indicator_of("ratio"), figure=figure, target=need, due=True, year_over=True)
    assert (result.level, result.confidence) == (Level.MET, Fraction(3, 5))


# Laws

amounts = st.integers(-(10**6), 10**6).map(lambda number: Fraction(number, 10))


@pytest.mark.law
@given(amounts, amounts, st.booleans())
def test_each_bound_and_its_opposite_part_all_figures_between_them(amount, actual, more):
    def met(comparator: Comparator) -> bool:
        return holds(Required(comparator=comparator, amount=amount), actual, more_is_better=more)

    assert met(Comparator.AT_LEAST) != met(Comparator.BELOW)
    assert met(Comparator.AT_MOST) != met(Comparator.ABOVE)
    assert met(Comparator.EXACTLY) == met(Comparator.AT_LEAST if more else Comparator.AT_MOST)


@pytest.mark.law
@given(st.sampled_from(sorted(set(Comparator) - {Comparator.ABOUT})), amounts, amounts, amounts, amounts)
def test_a_better_figure_never_loses_what_a_worse_one_met(comparator, amount, before, one, other):
    """Save for "about", and for bounds set against the indicator's direction."""
    worse, better = sorted((one, other))
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
def test_a_ratio_is_exact_down_to_the_last_person(numerator, denominator, comparator, tenths):
    need = Required(comparator=comparator, amount=Fraction(tenths, 10), unit=PERCENT)
    figure = Figure(numerator=numerator, denominator=denominator, ratio=True)
    result = assess(indicator=indicator_of("ratio"), figure=figure, target=need, due=True, year_over=True)
    over, exactly = 1000 * numerator > tenths * denominator, 1000 * numerator == tenths * denominator
    assert (result.level is Level.MET) == (over or (exactly and comparator is not Comparator.ABOVE))
    assert (result.attainment >= 1) == (over or exactly)
