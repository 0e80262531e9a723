"""The tree of a day: its walk, its levels, and which placements are in force."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from strategies import LONG_AGO, trees, unit_version

from toankhoa.core.organisation import OrgTree, Tree

REFORM = date(2019, 5, 10)
DAY = timedelta(days=1)


def below(tree: Tree, code: str) -> set[str]:
    """The subtree the slow way: whoever has the unit on the way up."""
    return {candidate for candidate in tree.units if code in tree.path(candidate)}


@pytest.mark.law
@given(trees())
def test_a_subtree_is_a_slice(tree):
    """It begins with its root."""
    assert sorted(tree.order) == sorted(tree.units)
    for code in tree.order:
        start, end = tree.span(code)
        assert tree.order[start] == code
        assert set(tree.order[start:end]) == set(tree.subtree(code)) == below(tree, code)
        assert len(tree.subtree(code)) == len(below(tree, code))


@pytest.mark.law
@given(trees())
def test_all_relations_agree_with_the_path(tree):
    """Within, depth, children and roots say what the way up says."""
    for code in tree.order:
        assert tree.depth(code) == len(tree.path(code)) - 1 <= tree.deepest
        assert {candidate for candidate in tree.order if tree.within(candidate, code)} == below(
            tree, code
        )
        assert set(tree.children(code)) == {
            candidate for candidate in tree.order if tree.path(candidate)[1:2] == (code,)
        }
    assert set(tree.roots) == {code for code in tree.order if tree.depth(code) == 0}


@pytest.mark.law
@given(trees())
def test_units_of_a_level_are_counted(tree):
    """At a unit and below it."""
    for code in tree.order:
        for level in ("province", "district", "base"):
            assert tree.count(level, code) == sum(
                tree.units[candidate].level == level for candidate in below(tree, code)
            )
        assert tree.count("ward", code) == 0


def test_children_come_in_order_of_code():
    tree = Tree(
        [unit_version("9", "0"), unit_version("10", "0"), unit_version("0"), unit_version("1", "9")]
    )
    assert tree.order == ("0", "10", "9", "1")


@pytest.mark.parametrize(
    ("units", "words"),
    [
        ([unit_version("a", "b")], "does not exist"),
        ([unit_version("a"), unit_version("b", "c"), unit_version("c", "b")], "circle"),
        ([unit_version("a", "a")], "circle"),
        ([unit_version("a"), unit_version("b"), unit_version("b", "a")], "placed twice"),
    ],
)
def test_what_is_no_tree_is_refused(units, words):
    with pytest.raises(ValueError, match=words):
        Tree(units)


def test_a_unit_gone_is_within_nothing():
    tree = Tree([unit_version("a")])
    assert not tree.within("gone", "a")
    assert not tree.within("a", "gone")


@pytest.fixture
def reformed():
    """Two communes: the second joins the first, which moves to another district, on one day."""
    return OrgTree(
        [
            unit_version("p"),
            unit_version("d1", "p"),
            unit_version("d2", "p"),
            unit_version("x", "d1", end=REFORM),
            unit_version("x", "d2", start=REFORM),
            unit_version("y", "d1", end=REFORM),
        ]
    )


def test_a_reform_changes_its_own_day(reformed):
    """The day before has the old tree still."""
    assert reformed.on(REFORM - DAY).path("x") == ("x", "d1", "p")
    assert "y" in reformed.on(REFORM - DAY)
    assert reformed.on(REFORM).path("x") == ("x", "d2", "p")
    assert "y" not in reformed.on(REFORM)


def test_nobody_stands_before_the_first_day(reformed):
    assert reformed.on(LONG_AGO - DAY).order == ()
    assert reformed.on(LONG_AGO - DAY).deepest == 0
    assert len(reformed.on(LONG_AGO).order) == 5


def test_days_between_two_changes_share_a_tree(reformed):
    assert reformed.on(LONG_AGO) is reformed.on(REFORM - DAY)
    assert reformed.on(REFORM) is reformed.on(date(2021, 12, 31))
    assert reformed.on(REFORM) is not reformed.on(REFORM - DAY)


def test_overlapping_versions_are_refused():
    """On the days that two versions of one unit share."""
    overlapping = OrgTree([unit_version("p"), unit_version("p", start=REFORM)])
    assert overlapping.on(REFORM - DAY).order == ("p",)
    with pytest.raises(ValueError, match="placed twice"):
        overlapping.on(REFORM)
