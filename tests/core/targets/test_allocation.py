"""Handing a target down: cases in YAML, and what holds for every input."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from toankhoa.core.plan import Comparator
from toankhoa.core.targets import (
    AllocationMethod,
    Bounds,
    Column,
    Division,
    Limits,
    Reach,
    Recipient,
    Rule,
    Spot,
    Verdict,
    apportion,
    balance,
    balances,
    divide,
    read_typed_part,
    say_typed_part,
    typed_part,
    with_typed_part,
)

CASES = yaml.safe_load((Path(__file__).parents[2] / "cases" / "allocation.yaml").read_text("utf-8"))


def number(value: Any) -> Fraction | None:
    return None if value is None else Fraction(str(value))


def amounts(said: dict[str, Any]) -> dict[str, Fraction | None]:
    return {code: number(value) for code, value in said.items()}


def recipients(case: dict[str, Any]) -> list[Recipient]:
    bases, actual = case.get("bases", {}), case.get("actual", {})
    return [
        Recipient(
            code=code,
            name=code,
            counts={"base": bases.get(code, 1), "district": 1},
            weight=number(weight),
            actual=number(actual.get(code)),
        )
        for code, weight in case["units"].items()
    ]


def rule_of(said: dict[str, Any]) -> Rule:
    more: dict[str, Any] = {key: number(said[key]) for key in ("each", "stretch") if key in said}
    more |= {key: said[key] for key in ("least", "most", "reserve") if key in said}
    more |= {key: said[key] for key in ("level",) if key in said}
    return Rule(
        method=AllocationMethod(said["method"]), places=tuple(said.get("places", ())), **more
    )


@pytest.mark.parametrize(
    "case", [case for group in CASES.values() for case in group], ids=lambda case: case["is"]
)
def test_a_target_is_handed_down(case):
    rule, units, whole, rate = (
        rule_of(case["rule"]),
        recipients(case),
        number(case["whole"]),
        case.get("rate", False),
    )
    done = divide(whole, units, rule, rate=rate, fixed=amounts(case.get("fixed", {})))
    assert done.parts == amounts(case["parts"])
    assert [problem.code for problem in done.problems] == ([case["why"]] if "why" in case else [])
    held = balance(whole, done.parts, units, rate=rate, reserve=rule.reserve)
    assert (None if held is None else held.left) == number(case.get("left", 0))


def test_a_problem_names_units_and_mend():
    """A problem names the units and the way out."""
    units = [Recipient(code=f"{n}", name=f"Xã {n}") for n in range(1, 7)]
    (problem,) = divide(
        Fraction(9), units, Rule(method=AllocationMethod.WEIGHT), rate=False, fixed={}
    ).problems
    assert "Xã 1, Xã 2, Xã 3, Xã 4 và 2 đơn vị khác" in problem.message
    assert "bằng tay" in problem.message


@pytest.mark.parametrize(
    ("parts", "verdict"),
    [((60, 40), Verdict.EXACT), ((60, 39), Verdict.UNDER), ((60, 41), Verdict.OVER)],
)
def test_the_parts_against_the_whole(parts, verdict):
    units = [Recipient(code="a"), Recipient(code="b")]
    held = balance(
        Fraction(100), dict(zip("ab", map(Fraction, parts), strict=True)), units, rate=False
    )
    assert held is not None
    assert held.verdict is verdict


def test_rates_are_weighed_by_size():
    """Rates are weighed by what stands behind them."""
    units = [Recipient(code="a", size=Fraction(900)), Recipient(code="b", size=Fraction(100))]
    held = balance(Fraction(90), {"a": Fraction(95), "b": Fraction(50)}, units, rate=True)
    assert held is not None
    assert (held.handed, held.verdict) == (Fraction(181, 2), Verdict.OVER)


# What a decision asks of a unit later, when the tree is another


def column(rule: Rule, **more: Any) -> Column:
    return Column(
        row="1",
        indicator="i",
        year=2020,
        comparator=Comparator.AT_LEAST,
        whole=Fraction(342),
        rule=rule,
        **more,
    )


def test_so_much_per_unit_follows_the_tree():
    """So much for each base follows the tree."""
    each = column(
        Rule(method=AllocationMethod.PER_UNIT, level="base", each=Fraction(2)),
        parts={"old": Fraction(4)},
    )
    assert each.part("old", Spot(counts={"base": 3})) == 6
    assert each.part("founded later", Spot(counts={"base": 1})) == 2
    assert each.part("without bases", Spot(counts={"district": 1})) is None


def test_an_amount_does_not_follow_the_tree():
    signed = column(Rule(method=AllocationMethod.EQUAL), parts={"old": Fraction(4)})
    assert signed.part("old", Spot(counts={"base": 3})) == 4
    with pytest.raises(KeyError):
        signed.part("founded later", Spot(counts={"base": 1}))


def test_what_was_fixed_does_not_follow():
    """What was fixed by hand does not follow either."""
    each = column(
        Rule(method=AllocationMethod.PER_UNIT, level="base", each=Fraction(2)),
        fixed={"a": Fraction(9)},
        parts={"a": Fraction(9)},
    )
    assert each.part("a", Spot(counts={"base": 3})) == 9


# Laws


def weights_of(sevenths: list[int]) -> dict[str, Fraction]:
    """Weights with remainders, zeros and ties among them."""
    return {f"u{place:02}": Fraction(weight, 7) for place, weight in enumerate(sevenths)}


WEIGHTS = st.lists(st.integers(0, 3500), min_size=1, max_size=12).filter(any).map(weights_of)


@st.composite
def tasks(draw) -> tuple[int, dict[str, Fraction], dict[str, Bounds]]:
    """A whole that the least parts leave room for, weights, bounds of each or the same of all."""
    weights = draw(WEIGHTS)
    one = st.integers(0, 5).flatmap(
        lambda least: st.builds(Bounds, st.just(least), st.none() | st.integers(least, 40))
    )
    same = draw(st.none() | one)
    bounds = {code: same or draw(one) for code in weights}
    return draw(st.integers(sum(each.least for each in bounds.values()), 600)), weights, bounds


@pytest.mark.law
@given(tasks())
def test_parts_are_the_whole_within_caps(task):
    """Parts are the whole as far as caps let them."""
    whole, weights, bounds = task
    parts = apportion(whole, weights, bounds)
    assert parts.keys() == weights.keys()
    assert all(bounds[code].clip(part) == part for code, part in parts.items())
    if sum(parts.values()) < whole:
        assert all(
            part == (bounds[code].most if weights[code] else bounds[code].least)
            for code, part in parts.items()
        )
    assert sum(parts.values()) <= whole


@pytest.mark.law
@given(tasks())
def test_more_weight_is_never_less(task):
    """More weight is never less where bounds are the same."""
    whole, weights, bounds = task
    parts = apportion(whole, weights, bounds)
    pairs = pairwise(sorted(weights, key=lambda code: weights[code]))
    assert all(
        parts[a] <= parts[b] for a, b in pairs if weights[a] < weights[b] and bounds[a] == bounds[b]
    )


@pytest.mark.law
@given(tasks(), st.data())
def test_a_unit_that_gains_weight_loses_nothing(task, data):
    whole, weights, bounds = task
    one = data.draw(st.sampled_from(sorted(weights)))
    more = weights | {one: weights[one] + Fraction(data.draw(st.integers(0, 350)), 7)}
    before, after = (apportion(whole, each, bounds) for each in (weights, more))
    assert after[one] >= before[one]


@pytest.mark.law
@given(tasks())
def test_nobody_is_a_unit_off_her_share(task):
    """Without bounds nobody is a whole unit off her share."""
    whole, weights, _ = task
    parts, total = apportion(whole, weights), sum(weights.values())
    assert all(abs(part - whole * weights[code] / total) < 1 for code, part in parts.items())


@st.composite
def units(draw) -> list[Recipient]:
    weights = draw(WEIGHTS)
    return [
        Recipient(
            code=code,
            name=code,
            counts={"base": draw(st.integers(0, 9)), "district": 1},
            weight=weight,
            actual=Fraction(draw(st.integers(0, 297)), 3),
        )
        for code, weight in weights.items()
    ]


RULES = st.builds(
    Rule,
    method=st.sampled_from(AllocationMethod),
    level=st.sampled_from(("base", "district")),
    each=st.none() | st.integers(0, 9).map(Fraction),
    stretch=st.integers(-20, 20).map(Fraction),
    least=st.none() | st.integers(0, 3),
    most=st.none() | st.integers(2, 60),
    reserve=st.integers(0, 20),
)
WHOLES = st.integers(0, 600).map(Fraction)


def fixed_for(units: list[Recipient], data: st.DataObject) -> dict[str, Fraction | None]:
    chosen = data.draw(st.sets(st.sampled_from([one.code for one in units])))
    return {
        code: data.draw(st.none() | st.integers(0, 50).map(Fraction)) for code in sorted(chosen)
    }


@pytest.mark.law
@given(WHOLES, units(), RULES, st.booleans(), st.data())
def test_the_order_of_units_does_not_matter(whole, units, rule, rate, data):
    fixed, shuffled = fixed_for(units, data), data.draw(st.permutations(units))
    assert divide(whole, units, rule, rate=rate, fixed=fixed) == divide(
        whole, shuffled, rule, rate=rate, fixed=fixed
    )


@pytest.mark.law
@given(WHOLES, units(), RULES, st.data())
def test_fixed_parts_stay_in_the_whole(whole, units, rule, data):
    """What is fixed stays and the rest makes the whole."""
    fixed = fixed_for(units, data)
    done = divide(whole, units, rule, rate=False, fixed=fixed)
    assert {code: done.parts[code] for code in fixed} == fixed
    held = balance(whole, done.parts, units, rate=False, reserve=rule.reserve)
    assert held is not None
    if (
        rule.method in (AllocationMethod.EQUAL, AllocationMethod.WEIGHT)
        and not done.problems
        and len(done.parts) > len(fixed)
    ):
        given_away = rule.reserve + sum(part for part in fixed.values() if part is not None)
        capped = rule.most is not None
        assert (
            held.left == 0 or (held.left > 0 and capped) or (held.left < 0 and given_away >= whole)
        )


@pytest.mark.law
@given(WHOLES, units(), st.data())
def test_parts_of_parts_are_their_part(whole, units, data):
    """A district divides its share further: its communes together have what the province handed
    down to it.
    """
    equally = Rule(method=AllocationMethod.EQUAL)
    below = {one.code: data.draw(st.integers(1, 5)) for one in units}
    shares = divide(whole, units, Rule(method=AllocationMethod.WEIGHT), rate=False, fixed={}).parts
    parts: list[Division] = [
        divide(
            shares[one.code],
            [Recipient(code=f"{n}") for n in range(below[one.code])],
            equally,
            rate=False,
            fixed={},
        )
        for one in units
    ]
    assert sum(part for each in parts for part in each.parts.values()) == whole


# Down a whole tree in one sheet


WEIGHED = st.integers(1, 40).map(Fraction)


@st.composite
def trees(draw) -> list[Recipient]:
    """Districts, most with communes below, some of these with villages."""
    districts = [
        Recipient(code=f"d{n}", weight=draw(WEIGHED)) for n in range(draw(st.integers(1, 4)))
    ]
    communes = [
        Recipient(code=f"{one.code}c{n}", under=one.code, weight=draw(WEIGHED))
        for one in districts
        for n in range(draw(st.integers(0, 4)))
    ]
    villages = [
        Recipient(code=f"{one.code}v{n}", under=one.code, weight=draw(WEIGHED))
        for one in communes
        for n in range(draw(st.integers(0, 2)))
    ]
    return [*districts, *communes, *villages]


DEEP_RULES = st.builds(
    Rule,
    method=st.sampled_from([AllocationMethod.EQUAL, AllocationMethod.WEIGHT]),
    reserve=st.integers(0, 5),
    reach=st.sampled_from([Reach.THROUGH, Reach.STRAIGHT]),
)


def limits_for(units: list[Recipient], data: st.DataObject) -> dict[str, Limits]:
    chosen = data.draw(st.sets(st.sampled_from([one.code for one in units]), max_size=4))
    bound = st.builds(
        Limits, st.none() | st.integers(0, 6), st.none() | st.integers(6, 90), st.integers(0, 3)
    )
    return {code: data.draw(bound) for code in sorted(chosen)}


@pytest.mark.law
@given(WHOLES, trees(), DEEP_RULES, st.data())
def test_parts_and_reserve_make_the_whole(whole, units, rule, data):
    """At every unit parts and reserve are the whole or it is told."""
    limits = limits_for(units, data) if not rule.sums_up else {}
    done = divide(whole, units, rule, rate=False, fixed={}, limits=limits)
    held = balances(column(rule, limits=limits), done.parts, units, whole=whole)
    capped = any(each.most is not None for each in limits.values())
    assert limits or not done.problems
    if done.problems or rule.reserve > whole:
        return
    assert done.parts.keys() == {one.code for one in units}
    assert all(
        each.verdict is Verdict.EXACT or (each.left > 0 and capped) for each in held.values()
    )


@pytest.mark.law
@given(WHOLES, trees(), DEEP_RULES, st.data())
def test_bounds_are_kept_or_said(whole, units, rule, data):
    """Bounds are kept or it is told that they cannot be."""
    limits = limits_for(units, data)
    done = divide(whole, units, rule, rate=False, fixed={}, limits=limits)
    inner = {one.under for one in units}
    bound = {code: each for code, each in limits.items() if not (rule.sums_up and code in inner)}
    for code, each in bound.items():
        part = done.parts.get(code)
        assert part is not None or done.problems
        if part is not None:
            assert (each.least or 0) <= part <= (part if each.most is None else each.most)


@pytest.mark.law
@given(trees(), DEEP_RULES, st.data())
def test_a_typed_part_reads_as_shown(units, rule, data):
    """What is set for a unit is read as it is said."""
    made = column(rule, fixed=fixed_for(units, data))
    for code, limits in limits_for(units, data).items():
        entry = typed_part(made, code)
        kept = Limits(reserve=limits.reserve) if entry.by_hand else limits
        made = with_typed_part(made, code, replace(entry, limits=kept))
    for one in units:
        entry = typed_part(made, one.code)
        assert (
            with_typed_part(made, one.code, read_typed_part(say_typed_part(entry, made), made))
            == made
        )
