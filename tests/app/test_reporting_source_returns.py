"""The returns behind a figure: each once, with what counts of it; together they are the figure."""

from __future__ import annotations

import pytest
from histories import LAW, acts, perform, provinces
from hypothesis import given
from hypothesis import strategies as st
from worlds import LIBRARY, World, rolled_back

from toankhoa.core.results import share_of_whole, sorted_by_weight
from toankhoa.core.returns import NIL
from toankhoa.reporting.reading.contributions import contributions
from toankhoa.reporting.reading.source_returns import source_returns
from toankhoa.reporting.reading.unit_reader import UnitReader


def behind(
    world: World, unit: str, indicator: str, *, alone: bool = False
) -> dict[tuple[str, str], tuple]:
    found = source_returns(world.reader(unit), LIBRARY.indicators[indicator], 2021, alone=alone)
    return {
        (each.unit.code, each.period.code): each.figures
        for each in found
        if each.ret or each.period.index == 9
    }


def test_what_counts_here_is_told_of_each_return_and_what_never_came(world: World):
    ret = world.accepted("c1", "B-M", "2021-09", {"members": 50, "active": 40})
    world.send("c2", "B-M", "2021-09", {"members": 30})
    both = {
        ("c1", "2021-09"): (40, 50),
        ("c2", "2021-09"): (None, None),
        ("c3", "2021-09"): (None, None),
    }
    assert behind(world, "d1", "active%") == both
    world.correct(ret)
    world.send("c1", "B-M", "2021-09", {"members": 60, "active": 41})
    assert behind(world, "d1", "active%") == both, (
        "what was accepted counts until the correction is"
    )
    assert behind(world, "c1", "active%", alone=True) == {("c1", "2021-09"): (41, 60)}


def test_a_unit_of_two_forms_has_both_behind_its_figure(world: World):
    world.accepted("c1", "B-M", "2021-09", {"articles": NIL})
    world.accepted("d1", "D-Q", "2021-Q3", {"articles": 5})
    found = behind(world, "d1", "articles")
    assert (found["c1", "2021-09"], found["d1", "2021-Q3"]) == ((NIL,), (5,))
    assert behind(world, "d1", "articles", alone=True) == {("d1", "2021-Q3"): (5,)}


def test_what_is_derived_has_behind_it_what_was_typed(world: World):
    world.accepted("c1", "B-Y", "2021", {"model": 1})
    found = source_returns(world.reader("p"), LIBRARY.indicators["model%"], 2021)
    assert [(each.unit.code, each.figures) for each in found if each.counts] == [("c1", (1,))]


@pytest.mark.law
@pytest.mark.django_db
@LAW
@given(provinces(), st.lists(acts(), min_size=6, max_size=14), st.integers(0, 5))
def test_parts_and_returns_add_up_to_every_figure(units, life, number):
    with rolled_back():
        world = World.of(units)
        for act in life:
            perform(world, act)
        codes = sorted(world.organisation.codes.values())
        unit = codes[number % len(codes)]
        reader = UnitReader(unit=unit, years=[2021], today=world.today, ledger=world.ledger)
        for code in ("meetings", "articles", "members", "trained"):
            indicator = LIBRARY.indicators[code]
            whole = reader.figure(indicator, 2021)
            parts = contributions(reader, indicator, 2021)
            sums = [part.figure.numerator for part in parts if part.figure.numerator is not None]
            assert (sum(sums) if sums else None) == whole.numerator
            if whole.numerator:
                assert sum(share_of_whole(part.figure, whole) or 0 for part in parts) == 1
            if code in ("meetings", "articles"):  # what adds up over the months
                typed = [each.figures[0] for each in source_returns(reader, indicator, 2021)]
                numbers = [0 if figure == NIL else figure for figure in typed]
                assert sum(n for n in numbers if isinstance(n, int)) == (whole.numerator or 0)
            weights = [
                part.figure.numerator for part in sorted_by_weight(parts, lambda part: part.figure)
            ]
            known = [weight for weight in weights if weight is not None]
            assert weights == [None] * (len(weights) - len(known)) + sorted(known, reverse=True)
