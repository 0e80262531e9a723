"""Parts of a figure in the order in which they matter."""

from fractions import Fraction

import pytest

from toankhoa.core.results import PartStatus, part_status, share_of_whole, sorted_by_weight
from toankhoa.core.totals import Figure


@pytest.mark.parametrize(
    ("figure", "status"),
    [
        (Figure(numerator=None, reports=0, due=1), PartStatus.MISSING),
        (Figure(numerator=None, reports=2, due=3), PartStatus.MISSING),
        (Figure(numerator=None), PartStatus.NOTHING_DUE),
        (Figure(numerator=None, reports=1, due=1), PartStatus.NOTHING_DUE),
        (Figure(numerator=0, reports=1, due=1), PartStatus.FIGURE),
        (Figure(numerator=3, reports=0, due=1), PartStatus.FIGURE),
    ],
)
def test_only_what_is_due_is_missing(figure: Figure, status: PartStatus):
    """A part without a figure is missing where a report due of it is not in."""
    assert part_status(figure) is status


def test_missing_parts_come_first_then_largest():
    """What has nothing due comes last."""
    parts = {
        "idle": Figure(numerator=None),
        "small": Figure(numerator=0, due=1, reports=1),
        "large": Figure(numerator=9),
        "missing": Figure(numerator=None, due=1),
    }
    assert sorted_by_weight(parts, parts.__getitem__) == ["missing", "large", "small", "idle"]


def test_a_share_needs_part_and_whole():
    """It is unknown where either is missing, or the whole is 0."""
    whole = Figure(numerator=12)
    assert share_of_whole(Figure(numerator=3), whole) == Fraction(1, 4)
    assert share_of_whole(Figure(numerator=0), whole) == 0
    assert share_of_whole(Figure(numerator=None), whole) is None
    assert share_of_whole(Figure(numerator=0), Figure(numerator=0)) is None
