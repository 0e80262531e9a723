"""What an issued report said, and what has changed since."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toankhoa.core.results import (
    SnapshotChange,
    SnapshotFigure,
    snapshot_changes,
    snapshot_from,
    snapshot_json,
)


def figure(
    numerator: int | None, denominator: int | None = None, *, year: int = 2020, row: str = "r"
) -> SnapshotFigure:
    return SnapshotFigure(
        row=row,
        indicator="i",
        year=year,
        name="Số hộ",
        unit="hộ",
        numerator=numerator,
        denominator=denominator,
        ratio=denominator is not None,
        reports=1,
        due=1,
        level="met",
    )


@pytest.mark.parametrize(
    ("was", "now", "difference"),
    [
        (figure(3), figure(5), 2),
        (figure(5), figure(3), -2),
        (figure(0), figure(1), 1),
        (figure(1, 2), figure(3, 4), 25),
        (figure(None), figure(0), None),
        (figure(0), figure(None), None),
        (None, figure(4), None),
        (figure(4), None, None),
    ],
)
def test_what_differs_is_listed(was, now, difference):
    """Also what is new, and what is no more; the difference is none where a side is missing."""
    (change,) = snapshot_changes([was] if was else [], [now] if now else [])
    assert change == SnapshotChange(was, now)
    assert change.difference == (None if difference is None else Fraction(difference))
    assert change.about == (now or was)


@pytest.mark.parametrize(
    ("was", "now"), [(figure(None), None), (None, figure(None)), (figure(None, 5), figure(None, 7))]
)
def test_blank_to_blank_is_no_change(was, now):
    """A denominator without a numerator shows nothing either."""
    assert snapshot_changes([was] if was else [], [now] if now else []) == []


def test_other_parts_are_a_change():
    """1 of 2 and 2 of 4 are the same ratio of other parts."""
    (change,) = snapshot_changes([figure(1, 2)], [figure(2, 4)])
    assert change.difference == 0


figures = st.lists(
    st.builds(
        figure,
        st.none() | st.integers(0, 3),
        st.none() | st.integers(1, 3),
        year=st.integers(2017, 2019),
        row=st.sampled_from("ab"),
    ),
    unique_by=lambda item: item.address,
)


@pytest.mark.law
@given(figures, figures)
def test_changes_turn_back_and_never_arise(was, now):
    """Nothing differs from itself, and the changes back are the changes the other way round."""
    assert snapshot_changes(was, was) == []
    assert snapshot_from(snapshot_json(was)) == was
    there = {
        (change.about.address, change.was, change.now) for change in snapshot_changes(was, now)
    }
    back = {(change.about.address, change.now, change.was) for change in snapshot_changes(now, was)}
    assert there == back
