"""Figures on the boundaries of another day: what is exact, what divided, what nobody knows."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import LONG_AGO, unit_version
from strategies_reforms import histories

from toankhoa.core.organisation import (
    WHOLE,
    Boundaries,
    BoundaryShare,
    BoundaryShares,
    Change,
    Effect,
    Reform,
    ReformPart,
    Unsure,
    folded,
)

BEFORE, DAY = date(2021, 6, 30), date(2021, 7, 1)
PROVINCE = (
    unit_version("p", level="province"),
    unit_version("d1", "p", level="district"),
    unit_version("d2", "p", level="district"),
    *(unit_version(code, "d1") for code in ("c1", "c2", "c3")),
    *(unit_version(code, "d2") for code in ("c4", "c5")),
)


def lineage_of(*changes: Change):
    reform = Reform(code="r", day=DAY, document="NQ", title="", changes=changes)
    return folded(PROVINCE, [reform])[1]


def forward(*changes: Change) -> Boundaries:
    """Figures of June on the boundaries of July."""
    return Boundaries.between(BEFORE, DAY, lineage_of(*changes))


def backward(*changes: Change) -> Boundaries:
    """Figures of July on the boundaries of June."""
    return Boundaries.between(DAY, BEFORE, lineage_of(*changes))


def whole(*units: str, alone: bool = False) -> BoundaryShares:
    return BoundaryShares(tuple(BoundaryShare(unit, alone) for unit in units), ())


MERGE = Change(effect=Effect.MERGE, units=("c1", "c2"), parts=(ReformPart(code="n", name="Xã N"),))
MOVE = Change(effect=Effect.MOVE, parts=(ReformPart(code="c1", parent="d2"),))
ABOLISH = Change(effect=Effect.ABOLISH, level="district")


def split(*shares: Fraction | None, into: tuple[str, ...] = ("a", "b")) -> Change:
    parts = (
        ReformPart(code=code, name=code, share=share)
        for code, share in zip(into, shares, strict=True)
    )
    return Change(effect=Effect.SPLIT, units=("c1",), parts=tuple(parts))


def test_merged_units_are_added():
    """Nothing else moves."""
    boundaries = forward(MERGE)
    assert boundaries.shares_of("n") == whole("c1", "c2")
    assert boundaries.shares_of("d1") == whole("d1")
    assert boundaries.shares_of("p") == whole("p")
    assert boundaries.shares_of("c3") == whole("c3")


def test_a_merger_cannot_be_undone_below():
    """Known again from the lowest unit up that holds all that was merged."""
    boundaries = backward(MERGE)
    assert boundaries.shares_of("c1") == BoundaryShares((), (Unsure("n", known_from="d1"),))
    assert boundaries.shares_of("d1") == whole("d1")


def test_declared_shares_are_laid_end_to_end():
    boundaries = forward(split(Fraction(3, 5), Fraction(2, 5)))
    a, b = boundaries.shares_of("a"), boundaries.shares_of("b")
    assert a == BoundaryShares(
        (BoundaryShare("c1", alone=True, part=(Fraction(0), Fraction(3, 5))),), ()
    )
    assert b == BoundaryShares(
        (BoundaryShare("c1", alone=True, part=(Fraction(3, 5), Fraction(1))),), ()
    )
    assert [(a.parts[0].of(figure), b.parts[0].of(figure)) for figure in (10, 7, 1, 0, -7)] == [
        (6, 4),
        (4, 3),
        (1, 0),
        (0, 0),
        (-4, -3),
    ]


def test_undeclared_shares_leave_their_holder_known():
    """The lowest unit that holds all parts is known, none below it."""
    boundaries = forward(split(None, None))
    assert boundaries.shares_of("a") == BoundaryShares((), (Unsure("c1", known_from="d1"),))
    assert boundaries.shares_of("d1") == whole("d1")


def test_a_split_across_districts_leaves_the_province():
    boundaries = forward(split(None, None, into=("c2", "c4")))
    assert boundaries.shares_of("d2") == BoundaryShares(
        (BoundaryShare("d2", alone=False),), (Unsure("c1", known_from="p"),)
    )
    assert boundaries.shares_of("p") == whole("p")


def test_a_part_passes_to_a_neighbour():
    """Though both units stand before and after."""
    boundaries = forward(split(Fraction(3, 4), Fraction(1, 4), into=("c1", "c2")))
    assert boundaries.shares_of("c1").parts == (
        BoundaryShare("c1", alone=True, part=(Fraction(0), Fraction(3, 4))),
    )
    assert boundaries.shares_of("c2").parts == (
        BoundaryShare("c1", alone=True, part=(Fraction(3, 4), Fraction(1))),
        BoundaryShare("c2", alone=False),
    )


def test_going_back_puts_a_split_together():
    """Whatever the shares."""
    assert backward(split(None, None)).shares_of("c1") == whole("a", "b")


def test_a_moved_unit_takes_its_figures_along():
    assert forward(MOVE).shares_of("d2") == whole("c1", "d2")
    assert forward(MOVE).shares_of("d1") == BoundaryShares(
        (BoundaryShare("d1", alone=True), BoundaryShare("c2", False), BoundaryShare("c3", False)),
        (),
    )


def test_an_abolished_district_leaves_its_figures():
    """What it sent itself is the province's; going back, nobody knows what of it was."""
    boundaries = forward(ABOLISH)
    assert boundaries.shares_of("p") == whole("p")
    assert boundaries.shares_of("c1") == whole("c1")
    back = backward(ABOLISH).shares_of("d1")
    assert back.parts == (
        BoundaryShare("c1", False),
        BoundaryShare("c2", False),
        BoundaryShare("c3", False),
    )
    assert back.unsure == (
        Unsure("p", known_from="p"),
    )  # what the province itself sends could be the district's


# Laws

days = st.integers(-1, 900).map(lambda number: LONG_AGO + timedelta(days=number))


@st.composite
def restated(draw):
    """The boundaries between two days of a history, and what units of the first sent."""
    trees, lineage = folded(*draw(histories(max_size=8)))
    then, day = draw(st.tuples(days, days))
    assume(trees.on(then).order and trees.on(day).order)
    boundaries = Boundaries.between(then, day, lineage)
    figures = st.integers(-50, 50)
    return boundaries, {code: draw(figures) for code in boundaries.then.order}


def total(boundaries: Boundaries, own: dict[str, int], unit: str) -> int | None:
    """A unit's restated total, None where it cannot be known."""
    shares = boundaries.shares_of(unit)
    if shares.unsure:
        return None
    tree = boundaries.then
    return sum(
        share.of(own[share.unit])
        if share.alone
        else sum(own[code] for code in tree.subtree(share.unit))
        for share in shares.parts
    )


@pytest.mark.law
@given(restated())
def test_no_figure_is_lost_or_doubled(world):
    """Where nothing is unsure, the roots of the day hold together all that was sent."""
    boundaries, own = world
    if all(boundaries.homes.values()):
        totals = [total(boundaries, own, root) for root in boundaries.of_day.roots]
        if None not in totals:
            assert sum(totals) == sum(own.values())


@pytest.mark.law
@given(restated())
def test_parts_add_up_on_any_boundaries(world):
    boundaries, own = world
    tree = boundaries.of_day
    for unit in tree.order:
        below = [total(boundaries, own, code) for code in tree.children(unit)]
        whole_of_unit = total(boundaries, own, unit)
        if whole_of_unit is not None and None not in below:
            itself = _own_part(boundaries, own, unit)
            if itself is not None:
                assert whole_of_unit == itself + sum(below)


def _own_part(boundaries: Boundaries, own: dict[str, int], unit: str) -> int | None:
    """What falls to the unit itself and not to one below, None where only both are known."""
    own_figures = 0
    for code, homes in boundaries.homes.items():
        below = [home for home in homes if home != unit and boundaries.of_day.within(home, unit)]
        if unit in homes and (below or len(homes) > 1):
            return None
        own_figures += own[code] if unit in homes else 0
    return own_figures


@pytest.mark.law
@given(histories(max_size=8), days)
def test_on_its_own_boundaries_everything_stays(history, day):
    trees, lineage = folded(*history)
    boundaries = Boundaries.between(day, day, lineage)
    for unit in trees.on(day).order:
        assert boundaries.shares_of(unit).same(unit)


@pytest.mark.law
@given(st.integers(-(10**12), 10**12), st.lists(st.integers(1, 99), min_size=1, max_size=6))
def test_parts_of_a_figure_make_it(figure, weights):
    ends = [Fraction(sum(weights[:place]), sum(weights)) for place in range(len(weights) + 1)]
    parts = [BoundaryShare("u", True, part).of(figure) for part in pairwise(ends)]
    assert sum(parts) == figure
    assert BoundaryShare("u", True, WHOLE).of(figure) == figure
