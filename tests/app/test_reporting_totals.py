"""Totals follow the returns at every stage, move by move, and are what deriving them from nothing
gives.
"""

from __future__ import annotations

import pytest
from histories import FIELDS, LAW, PERIODS, Act, acts, perform, provinces, values
from hypothesis import given
from hypothesis import strategies as st
from strategies import unit_version
from worlds import LIBRARY, World, rolled_back

from toankhoa.core.organisation import UnitVersion
from toankhoa.core.returns import NIL, NOT_APPLICABLE, State, Value
from toankhoa.reporting.models import Return, Total
from toankhoa.reporting.totals import store
from toankhoa.reporting.totals.posting import differences, rebuild

AUGUST, YEAR = 202108, 202100


def seen(world: World, element: str, period: int = AUGUST, at: str = "p") -> list[int | None]:
    """What a unit and all below it have come to, at the stages of the province, the district and
    the commune.
    """
    return [world.total(at, element, period, stage=stage) for stage in (0, 1, 2)]


# Stage by stage


def test_a_figure_climbs_as_each_unit_vouches_for_it(world: World):
    ret = world.send("c1", "B-M", "2021-08", {"meetings": 3})
    assert seen(world, "meetings") == [None, None, 3]
    world.accept(ret, "d1")
    assert seen(world, "meetings") == [None, 3, 3]
    world.accept(ret, "p")
    assert seen(world, "meetings") == [3, 3, 3]
    assert seen(world, "meetings", YEAR) == [3, 3, 3]
    assert seen(world, "meetings", at="d1") == [3, 3, 3]
    assert seen(world, "meetings", at="d2") == [None, None, None]


def test_what_is_accepted_counts_until_its_correction_is_accepted(world: World):
    ret = world.accepted("c1", "B-M", "2021-08", {"meetings": 3})
    world.correct(ret)
    assert seen(world, "meetings") == [3, 3, 3]
    world.save("c1", "B-M", "2021-08", {"meetings": 8})
    assert seen(world, "meetings") == [3, 3, 3]
    ret = world.send("c1", "B-M", "2021-08", {})
    assert seen(world, "meetings") == [3, 3, 8]
    world.accept(ret, "d1")
    assert seen(world, "meetings") == [3, 8, 8]
    world.accept(ret, "p")
    assert seen(world, "meetings") == [8, 8, 8]


def test_what_is_sent_back_leaves_the_stages_below(world: World):
    ret = world.send("c1", "B-M", "2021-08", {"meetings": 3})
    ret = world.send_back(ret, "d1")
    assert seen(world, "meetings") == [None, None, None]
    world.send("c1", "B-M", "2021-08", {"meetings": 4})
    ret = world.accept(ret, "d1")
    ret = world.send_back(ret, "p")
    assert (ret.state, ret.accepted_depth) == (State.RETURNED, None)
    assert seen(world, "meetings") == [None, None, None]


def test_a_correction_sent_back_falls_back_to_what_was_accepted(world: World):
    world.correct(world.accepted("c1", "B-M", "2021-08", {"meetings": 3}))
    ret = world.accept(world.send("c1", "B-M", "2021-08", {"meetings": 9}), "d1")
    assert seen(world, "meetings") == [3, 9, 9]
    world.send_back(ret, "p")
    assert seen(world, "meetings") == [3, 3, 3]


def test_a_districts_own_return_counts_beside_those_of_its_communes(world: World):
    world.accepted("c1", "B-M", "2021-09", {"articles": 1})
    ret = world.send("d1", "D-Q", "2021-Q3", {"articles": 10})
    assert seen(world, "articles", 202109) == [1, 11, 11]
    world.accept(ret, "p")
    assert seen(world, "articles", 202109) == [11, 11, 11]
    assert seen(world, "articles", YEAR, at="d1") == [11, 11, 11]


def test_in_a_tree_of_uneven_depth_each_branch_has_its_own_chain(deep: World):
    far, near = (deep.send(code, "B-M", "2021-08", {"meetings": 1}) for code in ("c1", "c3"))
    assert [deep.total("p", "meetings", AUGUST, stage=stage) for stage in range(4)] == [
        None,
        None,
        1,
        2,
    ]
    deep.accept(near, "d2", "p")
    assert [deep.total("p", "meetings", AUGUST, stage=stage) for stage in range(4)] == [1, 1, 1, 2]
    deep.accept(far, "d1", "r", "p")
    assert [deep.total("p", "meetings", AUGUST, stage=stage) for stage in range(4)] == [2, 2, 2, 2]
    assert differences(ledger=deep.ledger) == []


# Time rules, in the database


def test_the_year_of_a_province_is_made_of_each_units_year(world: World):
    world.accepted("c1", "B-M", "2021-02", {"meetings": 1, "members": 50, "lent": 10})
    world.accepted("c1", "B-M", "2021-08", {"meetings": 2, "members": 60, "lent": 25})
    world.accepted("c4", "B-M", "2021-02", {"meetings": 4, "members": 40, "lent": 5})
    year = {
        element: world.total("p", element, YEAR, stage=0)
        for element in ("meetings", "members", "lent")
    }
    assert year == {"meetings": 7, "members": 100, "lent": 30}
    assert world.total("p", "lent", AUGUST, stage=0) == 15  # c1's increment over February
    assert world.total("p", "members", AUGUST, stage=0) == 60


def test_two_forms_of_a_unit_share_its_year_and_its_months(world: World):
    world.accepted("c1", "B-M", "2021-09", {"members": 60})
    world.accepted("c1", "B-Q", "2021-Q3", {"savers": 30})
    world.accepted("c1", "B-Y", "2021", {"model": 1})
    cells = world.reader("p").rows.cells
    slots = {
        code: LIBRARY.elements[code].slot
        for code in ("members", "savers", "model", "bases_with_model")
    }
    assert {code: cells[202109].get(slot) for code, slot in slots.items()} == {
        "members": 60,
        "savers": 30,
        "model": None,
        "bases_with_model": None,
    }
    assert {code: cells[YEAR].get(slot) for code, slot in slots.items()} == {
        "members": 60,
        "savers": 30,
        "model": 1,
        "bases_with_model": 1,
    }


@pytest.mark.parametrize(("figure", "total"), [(0, 0), (NIL, 0), (NOT_APPLICABLE, None), (7, 7)])
def test_zero_and_nothing_happened_count_not_applicable_does_not(
    world: World, figure: Value, total: int | None
):
    world.accepted("c1", "B-M", "2021-08", {"meetings": figure, "members": 1})
    assert seen(world, "meetings") == [total] * 3
    assert seen(world, "lent") == [None] * 3


def test_a_correction_of_an_earlier_month_moves_the_increments_after_it(world: World):
    early = world.accepted("c1", "B-M", "2021-02", {"lent": 10})
    world.accepted("c1", "B-M", "2021-08", {"lent": 25})
    world.correct(early)
    world.accepted("c1", "B-M", "2021-02", {"lent": 24})
    assert [world.total("p", "lent", period, stage=0) for period in (202102, AUGUST, YEAR)] == [
        24,
        1,
        25,
    ]


# Rebuild and audit


def test_rebuilding_gives_the_same_rows(world: World):
    world.accepted("c1", "B-M", "2021-08", {"meetings": 3, "members": 10})
    world.accepted("d1", "D-Q", "2020-Q3", {"articles": 3})
    world.send_back(world.send("c2", "B-M", "2021-08", {"meetings": 3}), "d1")
    before = dict(store.stored(LIBRARY.width))
    assert rebuild(ledger=world.ledger) == len(before)
    assert dict(store.stored(LIBRARY.width)) == before


def test_the_audit_of_totals_names_each_row_that_is_wrong(world: World):
    world.accepted("c1", "B-M", "2021-08", {"meetings": 3})
    assert differences(ledger=world.ledger) == []
    ids = world.organisation.ids
    row = Total.objects.filter(unit_id=ids["d1"], period=AUGUST, stage=0, scope=store.SUBTREE)
    other = Total.objects.filter(unit_id=ids["p"], period=AUGUST, stage=0, scope=store.SUBTREE)
    changed = bytearray(row.get().sums)
    changed[0] += 1
    row.update(sums=bytes(changed))
    other.delete()
    found = {
        (d.key.unit, d.stored is None, d.derived is None) for d in differences(ledger=world.ledger)
    }
    assert found == {(ids["d1"], False, False), (ids["p"], True, False)}
    rebuild(ledger=world.ledger)
    assert differences(ledger=world.ledger) == []


def test_a_total_that_no_return_bears_out_is_found(world: World):
    world.accepted("c1", "B-M", "2021-08", {"meetings": 3})
    Return.objects.update(counted={})  # kept for reading only: nothing is derived from it
    assert differences(ledger=world.ledger) == []
    key = store.Key(world.organisation.ids["c2"], AUGUST, 2, store.BOTH)
    cell = next(cell for _, cell in store.stored(LIBRARY.width))
    store.add({key: cell}, order={key.unit: 2}, width=LIBRARY.width)
    (difference,) = differences(ledger=world.ledger)
    assert (difference.key, difference.derived) == (key, None)


# Laws


@pytest.mark.law
@pytest.mark.django_db
@LAW
@given(provinces(), st.lists(acts(), min_size=4, max_size=14))
def test_whatever_people_do_the_totals_are_what_the_returns_say(
    units: tuple[UnitVersion, ...], life: list[Act]
):
    with rolled_back():
        world = World.of(units)
        for act in life:
            perform(world, act)
        assert differences(ledger=world.ledger) == []


@pytest.mark.law
@pytest.mark.django_db
@LAW
@given(
    provinces(),
    st.lists(
        acts(("send",)),
        min_size=2,
        max_size=6,
        unique_by=lambda act: (act.unit, act.form, act.period),
    ).flatmap(lambda sent: st.tuples(st.just(sent), st.permutations(sent))),
)
def test_the_order_in_which_returns_are_accepted_does_not_matter(units, orders):
    def rows(order: list[Act]) -> list[tuple]:
        with rolled_back():
            world = World.of(units)
            for act in orders[0]:
                perform(world, act)
            for act in order:
                for _ in range(4):
                    perform(world, Act(act.unit, act.form, act.period, "accept", 0))
            codes = world.organisation.codes
            found = store.stored(LIBRARY.width)
            return sorted(
                (codes[k.unit], k.period, k.stage, k.scope, cell.pack()) for k, cell in found
            )

    assert rows(orders[0]) == rows(orders[1])


@pytest.mark.law
@pytest.mark.django_db
@LAW
@given(st.lists(acts(("send",)), max_size=4), st.sampled_from(PERIODS["B-M"]), values, values)
def test_to_accept_and_then_correct_is_to_accept_the_corrected(others, period, wrong, right):
    def rows(*figures: Value) -> list[tuple]:
        with rolled_back():
            world = World.of(
                (
                    unit_version("u0", level="province"),
                    unit_version("u1", "u0"),
                    unit_version("u2", "u0"),
                )
            )
            for act in others:
                if (act.form, act.period) != ("B-M", period):
                    perform(world, act)
            for again, figure in enumerate(figures):
                if again:
                    world.correct(Return.objects.get(unit__code="u1", form="B-M", period=period))
                world.accepted("u1", "B-M", period, dict.fromkeys(FIELDS["B-M"], figure))
            codes = world.organisation.codes
            found = store.stored(LIBRARY.width)
            return sorted(
                (codes[k.unit], k.period, k.stage, k.scope, cell.pack()) for k, cell in found
            )

    assert rows(wrong, right) == rows(right)
