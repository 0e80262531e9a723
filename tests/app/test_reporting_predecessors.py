"""Returns of units that ended: who types, sends, accepts and corrects them, and where their figures
go.
"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries
from reformed_units import ABOLISH, JULY, MERGE, MOVE, SPLIT, reformed
from worlds import LIBRARY, PROVINCE, World, rolled_back

from toankhoa.core.basics import Period, Refused
from toankhoa.core.organisation import Change, Effect, ReformPart
from toankhoa.core.returns import State
from toankhoa.operations.reforms import undo_reform
from toankhoa.org.models import Membership, Unit
from toankhoa.org.scope import OutOfReach, actor_of
from toankhoa.reporting.models import Return, Step
from toankhoa.reporting.returns import workflow
from toankhoa.reporting.returns.obligations import inbox, inherited_returns, intake
from toankhoa.reporting.returns.return_view import return_view
from toankhoa.reporting.totals import store
from toankhoa.reporting.totals.posting import differences

FIGURES = {"meetings": 2, "members": 10}
JUNE, AUGUST = "2021-06", "2021-08"


def officer(world: World, unit: str, name: str = "new"):
    return world.person(unit, name=name)


def rows() -> dict[store.Key, bytes]:
    return {key: b"".join(cell.pack()) for key, cell in store.stored(LIBRARY.width)}


# Who acts


def test_the_successor_types_sends_and_corrects_what_is_left_of_the_old_unit(world: World):
    world, _ = reformed(world, MERGE)
    by = officer(world, "n")
    ret = world.save("c1", "B-M", JUNE, FIGURES, by=by)
    workflow.send_return(ret=ret, by=by, at=world.at, ledger=world.ledger)
    ret = world.accept(ret, "d1", "p")
    assert world.total("d1", "meetings", 202106, stage=0) == 2
    workflow.correct_return(ret=ret, reason="Sót một cuộc", by=by, at=world.at)
    world.save("c1", "B-M", JUNE, {"meetings": 5}, by=by)
    workflow.send_return(ret=ret, by=by, at=world.at, ledger=world.ledger)
    world.accept(ret, "d1", "p")
    assert [world.total(unit, "meetings", 202106, stage=0) for unit in ("c1", "d1", "p", "n")] == [
        5,
        5,
        5,
        None,
    ]
    assert differences(ledger=world.ledger) == []


def test_each_part_of_a_split_unit_may_act_and_nobody_else_below_the_district(world: World):
    world, _ = reformed(world, SPLIT)
    world.save("c1", "B-M", JUNE, {"meetings": 1}, by=officer(world, "a"))
    world.save("c1", "B-M", JUNE, {"meetings": 2}, by=officer(world, "b"))
    with pytest.raises(OutOfReach):
        world.save("c1", "B-M", JUNE, FIGURES, by=officer(world, "c2"))
    with pytest.raises(Refused, match="bước"):
        world.save("c1", "B-M", JUNE, FIGURES, by=officer(world, "d1"))


def test_the_province_accepts_for_a_district_that_is_gone_in_one_action_a_step_each(world: World):
    ret = world.send("c1", "B-M", JUNE, FIGURES)
    world, _ = reformed(world, ABOLISH)
    by = officer(world, "p")
    assert [each.pk for each in inbox(by)] == [ret.pk]
    workflow.accept_return(ret=ret, by=by, at=world.at, ledger=world.ledger)
    ret = world.now(ret)
    assert (ret.state, ret.accepted_depth) == (State.ACCEPTED, 0)
    steps = (
        Step.objects.filter(ret=ret, verb="accept")
        .order_by("id")
        .values_list("unit__code", "depth")
    )
    assert list(steps) == [("d1", 1), ("p", 0)]
    assert [world.total("d1", "meetings", 202106, stage=stage) for stage in (0, 1, 2)] == [2, 2, 2]
    assert inbox(by) == []
    assert differences(ledger=world.ledger) == []


def test_what_a_moved_unit_reported_before_waits_for_the_district_it_was_in_then(world: World):
    ret = world.send("c1", "B-M", JUNE, FIGURES)
    world, _ = reformed(world, MOVE)
    before, after = officer(world, "d1"), officer(world, "d2")
    assert ([each.pk for each in inbox(before)], inbox(after)) == ([ret.pk], [])
    with pytest.raises(Refused):
        workflow.accept_return(ret=ret, by=after, at=world.at, ledger=world.ledger)
    workflow.accept_return(ret=ret, by=before, at=world.at, ledger=world.ledger)
    with pytest.raises(OutOfReach):  # what it does now is no longer theirs
        before.reach("c1")
    shown = return_view(
        unit="c1", form="B-M", period=Period.parse(JUNE), actor=before, ledger=world.ledger
    )
    assert shown.ret is not None


def test_the_intake_of_an_earlier_period_is_that_of_the_units_carried_on(world: World):
    world.accepted("c1", "B-M", JUNE, FIGURES)
    merged = Change(
        effect=Effect.MERGE, units=("d1", "d2"), parts=(ReformPart(code="d9", name="Huyện Mới"),)
    )
    world, _ = reformed(world, merged)
    (row,) = intake(unit="d9", periods=[Period.parse(JUNE)], today=world.today, ledger=world.ledger)
    assert (row.units, row.accepted) == (("c1", "c2", "c3", "c4", "c5"), {"c1"})


# What is left to do


def test_what_is_left_of_a_unit_is_listed_under_its_name_with_the_reform(world: World):
    world.accepted("c1", "B-M", JUNE, FIGURES)
    world.save("c2", "B-M", "2021-05", FIGURES)
    world, _ = reformed(world, MERGE)
    since = date(2021, 5, 1)
    left = inherited_returns(unit="n", since=since, today=world.today, ledger=world.ledger)
    assert [(each.unit.name, each.end, each.reforms[0].document) for each in left] == [
        ("c1", JULY, "NQ 1"),
        ("c2", JULY, "NQ 1"),
    ]
    assert [(row.form.code, row.period.code) for row in left[0].owed] == [
        ("B-Q", "2021-Q2"),
        ("B-M", "2021-05"),
    ]
    assert inherited_returns(unit="c3", since=since, today=world.today, ledger=world.ledger) == []


@pytest.mark.parametrize("changes", [(MERGE,), (MERGE, ABOLISH)])
def test_what_is_left_of_any_number_of_units_is_one_query(
    world: World, changes: tuple[Change, ...], django_assert_num_queries: DjangoAssertNumQueries
):
    world, _ = reformed(world, *changes)
    with django_assert_num_queries(1):  # the returns of all units carried on
        assert inherited_returns(
            unit="n", since=JULY.replace(month=1), today=world.today, ledger=world.ledger
        )
    by = officer(world, "p")
    with django_assert_num_queries(1):  # the returns that wait for her, with their units
        inbox(by)


# Returns that a reform finds on their way


def test_a_return_of_a_month_that_the_unit_did_not_see_the_end_of_is_kept_and_counts_nowhere(
    world: World,
):
    ret = world.accepted("c1", "B-M", AUGUST, FIGURES)
    world, _ = reformed(world, MERGE)
    assert differences(ledger=world.ledger) == []
    assert [world.total(unit, "meetings", 202108, stage=0) for unit in ("p", "d1", "n")] == [
        None
    ] * 3
    (left,) = inherited_returns(unit="n", since=JULY, today=world.today, ledger=world.ledger)
    assert [(row.period.code, row.uncounted) for row in left.uncounted] == [(AUGUST, True)]
    by = officer(world, "n")
    shown = return_view(
        unit="c1", form="B-M", period=Period.parse(AUGUST), actor=by, ledger=world.ledger
    )
    assert (shown.uncounted, shown.moves, shown.values) == (True, frozenset(), FIGURES)
    with pytest.raises(Refused):
        workflow.correct_return(ret=ret, reason="x", by=by, at=world.at)


def test_a_reform_entered_late_puts_returns_on_their_way_into_the_new_chains_and_undoing_it_back(
    world: World,
):
    """July was sent and accepted along c1 – d1 – p before anybody entered that the districts ended
    on 1 July.
    """
    accepted = world.accepted("c1", "B-M", "2021-07", FIGURES)
    half = world.accept(world.send("c2", "B-M", "2021-07", FIGURES), "d1")
    sent = world.send("c3", "B-M", "2021-07", FIGURES)
    back = world.send_back(world.send("c4", "B-M", "2021-07", FIGURES), "d2")
    was = [(ret.state, ret.accepted_depth) for ret in (accepted, half, sent, back)]
    totals = rows()
    world, reform = reformed(world, ABOLISH)
    assert [
        (world.now(ret).state, world.now(ret).accepted_depth)
        for ret in (accepted, half, sent, back)
    ] == [
        (State.ACCEPTED, 0),
        (State.SENT, 1),  # what a district accepted that was no longer there waits for the province
        (State.SENT, 1),
        (State.RETURNED, None),
    ]
    assert differences(ledger=world.ledger) == []
    assert {each.pk for each in inbox(officer(world, "p"))} == {half.pk, sent.pk}
    undo_reform(reform=reform, by=admin(world), at=world.at, library=LIBRARY)
    assert [
        (world.now(ret).state, world.now(ret).accepted_depth)
        for ret in (accepted, half, sent, back)
    ] == was
    assert rows() == totals


def admin(world: World):
    user = officer(world, "p", "admin").user
    Membership.objects.filter(user=user).update(role="admin", unit=Unit.objects.get(code="p"))
    actor = actor_of(user, world.today)
    assert actor is not None
    return actor


# Laws

CHANGES = [
    MERGE,
    SPLIT,
    ABOLISH,
    MOVE,
    Change(effect=Effect.MERGE, units=("c3",), parts=(ReformPart(code="c4"),)),
]
LAW = settings(max_examples=max(10, settings().max_examples // 10))


@pytest.mark.law
@pytest.mark.django_db
@LAW
@given(
    st.lists(
        st.tuples(st.integers(1, 5), st.integers(1, 9), st.integers(0, 9), st.booleans()),
        max_size=8,
    ),
    st.sampled_from(CHANGES),
    st.integers(2, 9),
)
def test_no_total_of_a_month_before_a_reform_ever_moves(returns, change: Change, month: int):
    with rolled_back():
        world = World.of(PROVINCE)
        for unit, period, figure, accepted in returns:
            code, when = f"c{unit}", f"2021-{period:02}"
            if not Return.objects.filter(unit__code=code, period=when).exists():
                figures = dict.fromkeys(("meetings", "members", "lent"), figure)
                (world.accepted if accepted else world.send)(code, "B-M", when, figures)
        before, day = rows(), date(2021, month, 1)
        world, _ = reformed(world, change, day=day)
        for key, packed in before.items():
            if key.period % 100 and key.period < 202100 + month:
                assert rows()[key] == packed
        assert differences(ledger=world.ledger) == []
