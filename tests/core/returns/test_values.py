"""What a return holds, which figures add up, and what changed between two revisions."""

import pytest

from toankhoa.core.returns import NIL, NOT_APPLICABLE, FigureChange, figure_changes, numbers


def test_nil_is_zero_and_missing_none():
    values = {"a": 3, "b": 0, "c": NIL, "d": NOT_APPLICABLE}
    assert numbers(values, ["d", "c", "b", "a", "e"]) == [NOT_APPLICABLE, 0, 0, 3, None]


@pytest.mark.parametrize("wrong", ["12", "", 1.5])
def test_what_is_no_figure_is_refused(wrong):
    """It is never dropped in silence."""
    with pytest.raises(ValueError, match="not a figure"):
        numbers({"a": wrong}, ["a"])


def test_changes_come_in_order_of_elements():
    """That of the form, whatever the order in which figures were typed."""
    old, new = {"a": 1, "b": 2, "c": 3}, {"c": 4, "b": 2, "a": 5}
    assert figure_changes(old, new, ["c", "b", "a"]) == (
        FigureChange("c", old=3, new=4),
        FigureChange("a", old=1, new=5),
    )


def test_figures_come_and_go_as_none():
    old, new = {"a": 1}, {"b": 0}
    assert figure_changes(old, new, ["a", "b", "c"]) == (
        FigureChange("a", old=1, new=None),
        FigureChange("b", old=None, new=0),
    )


@pytest.mark.parametrize(
    ("old", "new"), [(0, NIL), (NIL, NOT_APPLICABLE), (NOT_APPLICABLE, 0), (3, NIL)]
)
def test_another_kind_of_nothing_is_a_change(old, new):
    """0, "không phát sinh" and "không áp dụng" say three things."""
    assert figure_changes({"a": old}, {"a": new}, ["a"]) == (FigureChange("a", old, new),)


def test_only_elements_asked_for_are_compared():
    """Figures of elements that the form has no more are left out."""
    assert figure_changes({"a": 1, "gone": 1}, {"a": 1, "gone": 2}, ["a"]) == ()
    assert figure_changes({}, {}, ["a"]) == ()
