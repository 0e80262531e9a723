"""Rounding: half up for one amount, cumulative for the parts of a whole."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toankhoa.core.basics import half_up, part_of_whole

HALF = Fraction(1, 2)

wholes = st.integers(-(10**13), 10**13)


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [("5/2", 3), ("-5/2", -2), ("1/2", 1), ("-1/2", 0), ("7/3", 2), ("8/3", 3), ("-8/3", -3)],
)
def test_a_half_goes_up(amount, rounded):
    assert half_up(Fraction(amount)) == rounded


def test_thirds_are_rounded_where_they_end():
    """Each third of 11 rounded for itself would be 4, and all three of them 12."""
    ends = [Fraction(third, 3) for third in range(4)]
    assert [part_of_whole(11, low, high) for low, high in pairwise(ends)] == [4, 3, 4]


@pytest.mark.law
@given(st.fractions())
def test_half_up_is_the_nearest(amount):
    """No whole number is nearer; of two as near it is the greater one."""
    assert -HALF < half_up(amount) - amount <= HALF


@pytest.mark.law
@given(st.fractions(), st.integers(-100, 100))
def test_half_up_moves_with_wholes(amount, whole):
    assert half_up(amount + whole) == half_up(amount) + whole


@pytest.mark.law
@given(st.integers(0, 10**13), st.lists(st.integers(1, 1000), min_size=1, max_size=8))
def test_parts_add_up_to_their_whole(whole, weights):
    """However a whole is divided, and no part is a whole unit off its exact size, or below 0."""
    low, parts = Fraction(0), []
    for weight in weights:
        share = Fraction(weight, sum(weights))
        parts.append(part_of_whole(whole, low, low + share))
        assert parts[-1] >= 0
        assert abs(parts[-1] - whole * share) < 1
        low += share
    assert sum(parts) == whole


@pytest.mark.law
@given(wholes, st.lists(st.fractions(0, 1), min_size=3, max_size=3))
def test_a_stretch_is_its_stretches(whole, ends):
    """What a part takes does not depend on how it is divided further."""
    low, middle, high = sorted(ends)
    halves = part_of_whole(whole, low, middle) + part_of_whole(whole, middle, high)
    assert halves == part_of_whole(whole, low, high)
