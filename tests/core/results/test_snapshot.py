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
def test_what_differs_is_told(was, now, difference):
    (found,) = snapshot_changes([was] if was else [], [now] if now else [])
    assert found == SnapshotChange(was, now)
    assert found.difference == (None if difference is None else Fraction(difference))
    assert found.about == (now or was)


@pytest.mark.parametrize(
    ("was", "now"), [(figure(None), None), (None, figure(None)), (figure(None, 5), figure(None, 7))]
)
def test_what_was_blank_and_is_blank_has_not_changed(was, now):
    assert snapshot_changes([was] if was else [], [now] if now else []) == []


def test_the_same_ratio_of_other_parts_has_changed():
    (found,) = snapshot_changes([figure(1, 2)], [figure(2, 4)])
    assert found.difference == 0


figures = st.lists(
    st.builds(
        figure,
        st.none() | st.integers(0, 3),
        st.none() | st.integers(1, 3),
        year=st.integers(2017, 2019),
        row=st.sampled_from("ab"),
    ),
    unique_by=lambda each: each.address,
)


@pytest.mark.law
@given(figures, figures)
def test_nothing_changes_by_itself_and_every_change_turns_back(was, now):
    assert snapshot_changes(was, was) == []
    assert snapshot_from(snapshot_json(was)) == was
    there = {(each.about.address, each.was, each.now) for each in snapshot_changes(was, now)}
    back = {(each.about.address, each.now, each.was) for each in snapshot_changes(now, was)}
    assert there == back
