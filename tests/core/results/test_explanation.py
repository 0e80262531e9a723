"""Parts of a figure in the order in which they matter."""

from fractions import Fraction

import pytest

from toankhoa.core.results import Brings, brings, by_weight, share
from toankhoa.core.totals import Figure


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (Figure(numerator=None, reports=0, due=1), Brings.MISSING),
        (Figure(numerator=None, reports=2, due=3), Brings.MISSING),
        (Figure(numerator=None), Brings.NOTHING_DUE),
        (Figure(numerator=None, reports=1, due=1), Brings.NOTHING_DUE),
        (Figure(numerator=0, reports=1, due=1), Brings.FIGURE),
        (Figure(numerator=3, reports=0, due=1), Brings.FIGURE),
    ],
)
def test_missing_is_what_is_due_and_is_not_there(figure: Figure, said: Brings):
    assert brings(figure) is said


def test_missing_first_then_the_largest_then_what_owes_nothing():
    parts = {
        "idle": Figure(numerator=None),
        "small": Figure(numerator=0, due=1, reports=1),
        "large": Figure(numerator=9),
        "missing": Figure(numerator=None, due=1),
    }
    assert by_weight(parts, parts.__getitem__) == ["missing", "large", "small", "idle"]


def test_a_share_is_of_the_whole_and_unknown_where_either_is():
    whole = Figure(numerator=12)
    assert share(Figure(numerator=3), whole) == Fraction(1, 4)
    assert share(Figure(numerator=0), whole) == 0
    assert share(Figure(numerator=None), whole) is None
    assert share(Figure(numerator=0), Figure(numerator=0)) is None
