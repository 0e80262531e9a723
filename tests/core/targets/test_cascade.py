"""From what a unit must reach to a column that hands it down, and back."""

from fractions import Fraction

import pytest

from toankhoa.core.measures import Indicator, IndicatorKind
from toankhoa.core.plan import Comparator
from toankhoa.core.targets import (
    AllocationMethod,
    Required,
    Rule,
    column_for,
    divisible,
    required_of,
)

BY_HAND = Rule(method=AllocationMethod.HAND)


def indicator(*, more: bool = True, kind: IndicatorKind = IndicatorKind.COUNT) -> Indicator:
    return Indicator(code="i", name="", name_en="", kind=kind, numerator="e", more_is_better=more)


def need(
    comparator: Comparator, amount: int, upper: int | None = None, unit: str = "hộ"
) -> Required:
    above = None if upper is None else Fraction(upper)
    return Required(comparator=comparator, amount=Fraction(amount), upper=above, unit=unit)


@pytest.mark.parametrize(
    ("asked", "more", "divided"),
    [
        (need(Comparator.AT_LEAST, 513), True, (Comparator.AT_LEAST, 513)),
        (need(Comparator.EXACTLY, 3), False, (Comparator.EXACTLY, 3)),
        (need(Comparator.RANGE, 20, 30), True, (Comparator.AT_LEAST, 20)),
        (need(Comparator.RANGE, 20, 30), False, (Comparator.AT_MOST, 30)),
        (need(Comparator.RANGE, 20), False, (Comparator.AT_MOST, 20)),
    ],
)
def test_the_end_that_counts_is_handed_down(asked, more, divided):
    """Of a range the end that counts is handed down."""
    assert divisible(asked, indicator(more=more)) == divided


@pytest.mark.parametrize(("unit", "rate"), [("hộ", False), ("%", True)])
def test_a_part_is_asked_like_the_whole(unit, rate):
    """A part is asked as the whole was."""
    column = column_for("1", indicator(), 2021, need(Comparator.ABOVE, 80, unit=unit), BY_HAND)
    assert column.rate is rate
    assert required_of(column, Fraction(7)) == need(Comparator.ABOVE, 7, unit=unit)


def test_where_nothing_is_asked_nothing_is_required():
    column = column_for("1", indicator(), 2021, need(Comparator.AT_LEAST, 80), BY_HAND)
    assert required_of(column, None) is None
    assert required_of(column, Fraction(0)) == need(Comparator.AT_LEAST, 0)
