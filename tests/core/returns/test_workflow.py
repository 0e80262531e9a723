"""Who may move a return, which revision counts where, and which figures add up."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toankhoa.core.basics import Period
from toankhoa.core.returns import (
    MOVES,
    NIL,
    NOT_APPLICABLE,
    Event,
    Position,
    Role,
    State,
    counted_revisions,
    deadline,
    may,
    numbers,
)

CHAIN = ("commune", "district", "province")
ACTING_ROLES = {Role.OFFICER, Role.PLAN}

# state, depth vouched so far → who has which moves; nobody else has any
TURNS = [
    (None, None, {"commune": {"save"}}),
    (State.DRAFT, None, {"commune": {"save", "send"}}),
    (State.SENT, 2, {"commune": {"correct"}, "district": {"accept", "return"}}),
    (State.ACCEPTED, 1, {"commune": {"correct"}, "province": {"accept", "return"}}),
    (State.ACCEPTED, 0, {"commune": {"correct"}}),
    (State.RETURNED, None, {"commune": {"save", "send"}}),
]


def plain(chain: tuple[str, ...], state: State | None, accepted_depth: int | None) -> Position:
    """Where nothing was rearranged: each unit acts for itself."""
    return Position(chain, state, accepted_depth, tuple((unit,) for unit in chain))


@pytest.mark.parametrize(("state", "accepted_depth", "turns"), TURNS)
def test_each_state_gives_each_unit_its_moves_and_no_other(state, accepted_depth, turns):
    standing = plain(CHAIN, state, accepted_depth)
    for unit in (*CHAIN, "sibling"):
        for role in Role:
            allowed = {verb for verb in MOVES if may(verb, standing, role=role, unit=unit)}
            assert allowed == (turns.get(unit, set()) if role in ACTING_ROLES else set())


def test_a_unit_directly_under_the_root_is_accepted_by_the_root_alone():
    standing = plain(("district", "province"), State.SENT, 1)
    assert standing.next_unit == "province"
    assert plain(("district", "province"), State.ACCEPTED, 0).next_unit is None


def test_what_the_root_sends_needs_nobody():
    standing = plain(("province",), State.SENT, 0)
    assert standing.own_depth == 0
    assert standing.next_unit is None
    assert counted_revisions([Event("send", 1, 0)], deepest=2) == {0: 1, 1: 1, 2: 1}


def test_refusing_and_correcting_ask_for_a_reason_and_nothing_else_does():
    assert {verb for verb, move in MOVES.items() if move.reason} == {"return", "correct"}


SEND, AGAIN = Event("send", 1, 2), Event("send", 2, 2)


@pytest.mark.parametrize(
    ("life", "stages"),
    [
        pytest.param([], {}, id="nothing yet"),
        pytest.param([SEND], {2: 1}, id="sent"),
        pytest.param([SEND, Event("accept", 1, 1)], {2: 1, 1: 1}, id="the district accepts"),
        pytest.param(
            [SEND, Event("accept", 1, 1), Event("accept", 1, 0)],
            {2: 1, 1: 1, 0: 1},
            id="accepted to the top",
        ),
        pytest.param(
            [SEND, Event("accept", 1, 1), Event("accept", 1, 0), AGAIN],
            {2: 2, 1: 1, 0: 1},
            id="a correction counts above only when it is accepted there",
        ),
        pytest.param([SEND, Event("return", 1, 1)], {}, id="returned by the district"),
        pytest.param(
            [SEND, Event("accept", 1, 1), Event("return", 1, 0)], {}, id="returned by the province"
        ),
        pytest.param(
            [SEND, Event("accept", 1, 1), AGAIN, Event("return", 2, 1)],
            {2: 1, 1: 1},
            id="a refused correction falls back to what was accepted",
        ),
        pytest.param(
            [
                SEND,
                Event("accept", 1, 1),
                Event("accept", 1, 0),
                AGAIN,
                Event("accept", 2, 1),
                Event("return", 2, 0),
            ],
            {2: 1, 1: 1, 0: 1},
            id="the province's doubt undoes the district's acceptance too",
        ),
    ],
)
def test_which_revision_counts_at_which_stage(life, stages):
    assert counted_revisions(life, deepest=2) == stages


def test_a_shallow_unit_counts_at_its_own_stage_and_every_deeper_one():
    assert counted_revisions([Event("send", 1, 1)], deepest=3) == {1: 1, 2: 1, 3: 1}


@st.composite
def lives(draw):
    """A return's life as the table of moves allows it: (chain length, events, depth of the last acceptance or None)."""
    depth = draw(st.integers(0, 4))
    standing = plain(tuple(f"level {level}" for level in range(depth, -1, -1)), None, None)
    revision, events = 0, []
    for wish in draw(st.lists(st.sampled_from(sorted(MOVES)), max_size=25)):
        unit = next(
            (unit for unit in standing.chain if may(wish, standing, role=Role.OFFICER, unit=unit)),
            None,
        )
        if unit is None:
            continue
        at, accepted_depth = depth - standing.chain.index(unit), standing.accepted_depth
        if wish == "send":
            revision, accepted_depth = revision + 1, depth
        elif wish in ("accept", "return"):
            accepted_depth = at if wish == "accept" else None
        if wish in ("send", "accept", "return"):
            events.append(Event(wish, revision, at))
        standing = plain(standing.chain, MOVES[wish].to, accepted_depth)
    return depth, events, standing


@pytest.mark.law
@given(lives(), st.integers(0, 2))
def test_what_counts_above_counts_below_and_is_never_newer(life, extra):
    depth, events, _ = life
    stages = counted_revisions(events, deepest=depth + extra)
    for stage in range(depth + extra):
        if stage in stages:
            assert stages[stage] <= stages[stage + 1]
    assert len({stages.get(stage) for stage in range(depth, depth + extra + 1)}) == 1


@pytest.mark.law
@given(lives())
def test_a_stage_holds_what_its_unit_last_accepted(life):
    depth, events, standing = life
    stages = counted_revisions(events, deepest=depth)
    for stage in range(depth):
        accepted = [
            event.revision for event in events if (event.verb, event.depth) == ("accept", stage)
        ]
        assert stages.get(stage) in {None, *accepted}
    if standing.state in (State.SENT, State.ACCEPTED):
        latest = events[-1].revision
        assert {stages.get(stage) for stage in range(standing.accepted_depth, depth + 1)} == {
            latest
        }


def test_nothing_happened_is_zero_and_missing_is_not():
    values = {"a": 3, "b": 0, "c": NIL, "d": NOT_APPLICABLE}
    assert numbers(values, ["d", "c", "b", "a", "e"]) == [NOT_APPLICABLE, 0, 0, 3, None]


@pytest.mark.parametrize("wrong", ["12", "", 1.5])
def test_a_figure_that_is_none_is_refused_rather_than_dropped(wrong):
    with pytest.raises(ValueError, match="not a figure"):
        numbers({"a": wrong}, ["a"])


@pytest.mark.parametrize(
    ("period", "last"), [("2021-09", date(2021, 10, 10)), ("2020-Q4", date(2021, 1, 10))]
)
def test_a_return_is_on_time_for_ten_days_after_its_period(period, last):
    assert deadline(Period.parse(period)) == last


# Who acts for units that ended

GONE = Position(
    ("c", "d", "p"), State.SENT, 2, (("s",), ("p",), ("p",))
)  # c went into s, the district was abolished


def test_those_who_carry_a_unit_on_make_its_moves():
    assert may("correct", GONE, role=Role.OFFICER, unit="s")
    assert may("accept", GONE, role=Role.OFFICER, unit="p")
    for unit in ("c", "d"):
        assert not any(may(verb, GONE, role=Role.OFFICER, unit=unit) for verb in MOVES)


def test_who_acts_for_several_in_a_row_accepts_for_all_of_them():
    assert GONE.accepted_at_once("p") == (1, 0)
    assert GONE.accepted_at_once("s") == ()
    assert plain(("c", "d", "p"), State.SENT, 2).accepted_at_once("d") == (1,)
    assert plain(("c", "d", "p"), State.ACCEPTED, 0).accepted_at_once("p") == ()


def test_where_a_unit_was_split_each_that_carries_it_on_may_act():
    split = Position(("c", "p"), State.DRAFT, None, (("a", "b"), ("p",)))
    assert [
        unit for unit in ("a", "b", "c", "p") if may("send", split, role=Role.OFFICER, unit=unit)
    ] == ["a", "b"]


def test_nobody_moves_a_return_in_which_nobody_acts():
    stray = Position(("c",), State.SENT, 2, ((),))
    assert not any(
        may(verb, stray, role=Role.OFFICER, unit="c") for verb in ("correct", "send", "save")
    )
