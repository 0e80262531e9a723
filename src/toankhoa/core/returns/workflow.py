"""The states of a return and who moves it: one table, `MOVES`.

Sending is accepting one's own: a unit answers for its figures by sending them, then each unit above
in turn by accepting. A *stage* is a depth in the tree: the stage of depth d holds the figures that
are accepted to depth d. So the province (depth 0) reads stage 0, a district (depth 1) reads stage
1, and what was only sent is at the deepest stage. There is no other notion of "accepted"
(docs/arithmetic.md, "Stages").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a return stands."""

    DRAFT = "draft"
    SENT = "sent"
    ACCEPTED = "accepted"  # by at least the next unit up; `accepted_depth` says how far
    RETURNED = "returned"


class Role(StrEnum):
    """What a person is, over one unit and all below it."""

    OFFICER = "officer"  # types the unit's own returns, accepts those from below
    PLAN = "plan"  # plan officer: an officer who also compiles, publishes and amends the plan
    BOARD = "board"  # a board's officer: reads, with her board's rows first
    LEADER = "leader"  # reads
    ADMIN = "admin"  # users, units, rebuild


class Who(StrEnum):
    """From which unit a move is made."""

    OWN = "own"  # the unit that owes the return
    NEXT = "next"  # the unit next above the last one that accepted


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One way a return changes state."""

    verb: str
    of: frozenset[State | None]  # None: the return does not exist yet
    to: State
    who: Who
    roles: frozenset[Role]
    reason: bool = False


_ACTING_ROLES = frozenset({Role.OFFICER, Role.PLAN})

MOVES: Mapping[str, Move] = {
    move.verb: move
    for move in (
        Move(
            verb="save",
            of=frozenset({None, State.DRAFT, State.RETURNED}),
            to=State.DRAFT,
            who=Who.OWN,
            roles=_ACTING_ROLES,
        ),
        Move(
            verb="send",
            of=frozenset({State.DRAFT, State.RETURNED}),
            to=State.SENT,
            who=Who.OWN,
            roles=_ACTING_ROLES,
        ),
        Move(
            verb="accept",
            of=frozenset({State.SENT, State.ACCEPTED}),
            to=State.ACCEPTED,
            who=Who.NEXT,
            roles=_ACTING_ROLES,
        ),
        Move(
            verb="return",
            of=frozenset({State.SENT, State.ACCEPTED}),
            to=State.RETURNED,
            who=Who.NEXT,
            roles=_ACTING_ROLES,
            reason=True,
        ),
        Move(
            verb="correct",
            of=frozenset({State.SENT, State.ACCEPTED}),
            to=State.DRAFT,
            who=Who.OWN,
            roles=_ACTING_ROLES,
            reason=True,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Position:
    """What decides a move of a return.

    `chain`: the units from the one that owes it up to the root. `accepted_depth`: the depth to
    which it is accepted, None where nobody has so much as sent it. `acting`: for each unit of the
    chain, the units that act for it today: itself, or those that carry it on. A chain in which
    nobody acts is one that nobody moves.
    """

    chain: tuple[str, ...]  # the unit itself first, the root last
    state: State | None
    accepted_depth: int | None
    acting: tuple[tuple[str, ...], ...]

    @property
    def own_depth(self) -> int:
        """Depth of the owing unit."""
        return len(self.chain) - 1

    @property
    def next_place(self) -> int | None:
        """Place in the chain of the unit whose turn it is to accept, None when nobody's is."""
        if self.state not in MOVES["accept"].of or not self.accepted_depth:
            return None
        return len(self.chain) - self.accepted_depth

    @property
    def next_unit(self) -> str | None:
        """The unit whose turn it is to accept, None when nobody's is."""
        return None if self.next_place is None else self.chain[self.next_place]

    def accepted_at_once(self, unit: str) -> tuple[int, ...]:
        """Depths of the steps that one acceptance by a unit takes.

        More than one where it acts for several in a row: once districts are abolished, what the
        province accepts counts as accepted by the district too.
        """
        if self.next_place is None:
            return ()
        depths: list[int] = []
        for place in range(self.next_place, len(self.chain)):
            if unit not in self.acting[place]:
                break
            depths.append(self.own_depth - place)
        return tuple(depths)


def may(verb: str, position: Position, *, role: Role, unit: str) -> bool:
    """Whether a person with that role at that unit may make the move."""
    move = MOVES[verb]
    if role not in move.roles or position.state not in move.of:
        return False
    place = 0 if move.who is Who.OWN else position.next_place
    return place is not None and unit in position.acting[place]


@dataclass(frozen=True, slots=True)
class Event:
    """One step in a return's life; `depth` is that of the unit that took it."""

    verb: str  # send, accept or return
    revision: int
    depth: int


def depth_in(chain: Sequence[int], unit: int, verb: str) -> int:
    """The depth at which a unit took a step.

    That of its place in the chain of the return: the unit that owes it first, the root last. Who is
    not in the chain did nothing that counts above that unit; but what it returned did come back,
    as if the unit next above had returned it.
    """
    own = len(chain) - 1
    if unit in chain:
        return own - chain.index(unit)
    return max(own - 1, 0) if verb == "return" else own


def counted_revisions(events: Iterable[Event], deepest: int) -> dict[int, int]:
    """Which revision counts at each stage, after these events in their order.

    A stage at which none counts is left out.

    Sending counts at the unit's own stage and below; accepting at the accepter's; returning takes
    the doubted revision out of every stage below the one that returned it, which fall back to what
    that one had accepted.
    """
    stages: dict[int, int] = {}
    for event in events:
        below = range(event.depth + 1, deepest + 1)
        if event.verb == "send":
            stages |= dict.fromkeys(range(event.depth, deepest + 1), event.revision)
        elif event.verb == "accept":
            stages[event.depth] = event.revision
        elif event.verb == "return" and event.depth in stages:
            stages |= dict.fromkeys(below, stages[event.depth])
        elif event.verb == "return":
            for stage in below:
                stages.pop(stage, None)
    return stages
