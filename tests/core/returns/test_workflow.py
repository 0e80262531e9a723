"""Who may move a return, at which depth a step is taken, which revision counts where."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toankhoa.core.basics import Period
from toankhoa.core.returns import (
    MOVES,
    Event,
    Position,
    Role,
    State,
    counted_revisions,
    deadline,
    depth_in,
    may,
)

CHAIN = ("commune", "district", "province")
ACTING_ROLES = {Role.OFFICER, Role.PLAN}

# state, accepted to which depth → who has which moves; nobody else has any
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
def test_each_state_gives_its_moves(state, accepted_depth, turns):
    """To each unit and role its own, and to nobody else any."""
    position = plain(CHAIN, state, accepted_depth)
    for unit in (*CHAIN, "sibling"):
        for role in Role:
            allowed = {verb for verb in MOVES if may(verb, position, role=role, unit=unit)}
            assert allowed == (turns.get(unit, set()) if role in ACTING_ROLES else set())


def test_the_root_alone_accepts_its_children():
    position = plain(("district", "province"), State.SENT, 1)
    assert position.next_unit == "province"
    assert plain(("district", "province"), State.ACCEPTED, 0).next_unit is None


def test_what_the_root_sends_needs_nobody():
    position = plain(("province",), State.SENT, 0)
    assert position.own_depth == 0
    assert position.next_unit is None
    assert counted_revisions([Event("send", 1, 0)], deepest=2) == {0: 1, 1: 1, 2: 1}


def test_which_moves_ask_for_a_reason():
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


def test_a_shallow_unit_counts_below_too():
    """At its own stage and at every deeper one."""
    assert counted_revisions([Event("send", 1, 1)], deepest=3) == {1: 1, 2: 1, 3: 1}


@st.composite
def lives(draw):
    """A return's life as the table of moves allows it: its depth, its events, where it is then."""
    depth = draw(st.integers(0, 4))
    position = plain(tuple(f"level {level}" for level in range(depth, -1, -1)), None, None)
    revision, events = 0, []
    for wish in draw(st.lists(st.sampled_from(sorted(MOVES)), max_size=25)):
        unit = next(
            (unit for unit in position.chain if may(wish, position, role=Role.OFFICER, unit=unit)),
            None,
        )
        if unit is None:
            continue
        at, accepted_depth = depth - position.chain.index(unit), position.accepted_depth
        if wish == "send":
            revision, accepted_depth = revision + 1, depth
        elif wish in ("accept", "return"):
            accepted_depth = at if wish == "accept" else None
        if wish in ("send", "accept", "return"):
            events.append(Event(wish, revision, at))
        position = plain(position.chain, MOVES[wish].to, accepted_depth)
    return depth, events, position


@pytest.mark.law
@given(lives(), st.integers(0, 2))
def test_what_counts_above_is_never_newer(life, extra):
    """And it counts below, too."""
    depth, events, _ = life
    stages = counted_revisions(events, deepest=depth + extra)
    for stage in range(depth + extra):
        if stage in stages:
            assert stages[stage] <= stages[stage + 1]
    assert len({stages.get(stage) for stage in range(depth, depth + extra + 1)}) == 1


@pytest.mark.law
@given(lives())
def test_a_stage_holds_what_was_accepted(life):
    """The revision that the unit of that depth accepted last."""
    depth, events, position = life
    stages = counted_revisions(events, deepest=depth)
    for stage in range(depth):
        accepted = [
            event.revision for event in events if (event.verb, event.depth) == ("accept", stage)
        ]
        assert stages.get(stage) in {None, *accepted}
    if position.state in (State.SENT, State.ACCEPTED):
        latest = events[-1].revision
        assert {stages.get(stage) for stage in range(position.accepted_depth, depth + 1)} == {
            latest
        }


@pytest.mark.parametrize(
    ("period", "last"), [("2021-09", date(2021, 10, 10)), ("2020-Q4", date(2021, 1, 10))]
)
def test_a_return_has_ten_days(period, last):
    """After its period; what comes later is late."""
    assert deadline(Period.parse(period)) == last


# At which depth a step was taken

PATH = (30, 20, 10)  # the ids of a commune, its district, its province


@pytest.mark.parametrize("verb", MOVES)
def test_a_step_has_its_units_depth(verb):
    """Whatever the step: the root is at depth 0, the unit that owes the return deepest."""
    assert [depth_in(PATH, unit, verb) for unit in PATH] == [2, 1, 0]


@pytest.mark.parametrize("verb", sorted(MOVES.keys() - {"return"}))
def test_a_stranger_counts_nowhere_above(verb):
    """Who is above the unit no more: what it did counts at the owing unit's own depth only."""
    assert depth_in(PATH, 99, verb) == 2
    assert depth_in((10,), 99, verb) == 0


def test_what_a_stranger_returned_came_back():
    """As if the unit next above had returned it; a root has none above."""
    assert depth_in(PATH, 99, "return") == 1
    assert depth_in((20, 10), 99, "return") == 0
    assert depth_in((10,), 99, "return") == 0


# Who acts for units that ended

GONE = Position(
    ("c", "d", "p"), State.SENT, 2, (("s",), ("p",), ("p",))
)  # c went into s, the district was abolished


def test_heirs_make_the_moves_of_units():
    assert may("correct", GONE, role=Role.OFFICER, unit="s")
    assert may("accept", GONE, role=Role.OFFICER, unit="p")
    for unit in ("c", "d"):
        assert not any(may(verb, GONE, role=Role.OFFICER, unit=unit) for verb in MOVES)


def test_one_unit_may_accept_for_several():
    """Who acts for several in a row accepts for all of them at once."""
    assert GONE.accepted_at_once("p") == (1, 0)
    assert GONE.accepted_at_once("s") == ()
    assert plain(("c", "d", "p"), State.SENT, 2).accepted_at_once("d") == (1,)
    assert plain(("c", "d", "p"), State.ACCEPTED, 0).accepted_at_once("p") == ()


def test_each_part_of_a_split_may_act():
    split = Position(("c", "p"), State.DRAFT, None, (("a", "b"), ("p",)))
    assert [
        unit for unit in ("a", "b", "c", "p") if may("send", split, role=Role.OFFICER, unit=unit)
    ] == ["a", "b"]


def test_nobody_acting_means_no_move():
    stray = Position(("c",), State.SENT, 2, ((),))
    assert not any(
        may(verb, stray, role=Role.OFFICER, unit="c") for verb in ("correct", "send", "save")
    )
