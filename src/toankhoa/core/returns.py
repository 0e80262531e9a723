"""The states of a return and who moves it: one table, `MOVES`.

Sending is vouching: a unit vouches for its own figures by sending them, then each unit above vouches in turn by
accepting. A *stage* is a depth in the tree: the stage of depth d holds the figures vouched for by a unit at depth d.
So the province (depth 0) reads stage 0, a district (depth 1) reads stage 1, and what was only sent stands at the
deepest stage. There is no other notion of "accepted".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import takewhile

from toankhoa.core.periods import Period


class State(StrEnum):
    """Where a return stands."""

    DRAFT = "draft"
    SENT = "sent"
    ACCEPTED = "accepted"  # by at least the next unit up; `vouched` says how far
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
    NEXT = "next"  # the unit next above the last one that vouched


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One way a return changes state."""

    verb: str
    of: frozenset[State | None]  # None: the return does not exist yet
    to: State
    who: Who
    roles: frozenset[Role]
    reason: bool = False


_HANDS = frozenset({Role.OFFICER, Role.PLAN})

MOVES: Mapping[str, Move] = {
    move.verb: move
    for move in (
        Move(
            verb="save",
            of=frozenset({None, State.DRAFT, State.RETURNED}),
            to=State.DRAFT,
            who=Who.OWN,
            roles=_HANDS,
        ),
        Move(verb="send", of=frozenset({State.DRAFT, State.RETURNED}), to=State.SENT, who=Who.OWN, roles=_HANDS),
        Move(verb="accept", of=frozenset({State.SENT, State.ACCEPTED}), to=State.ACCEPTED, who=Who.NEXT, roles=_HANDS),
        Move(
            verb="return",
            of=frozenset({State.SENT, State.ACCEPTED}),
            to=State.RETURNED,
            who=Who.NEXT,
            roles=_HANDS,
            reason=True,
        ),
        Move(
            verb="correct",
            of=frozenset({State.SENT, State.ACCEPTED}),
            to=State.DRAFT,
            who=Who.OWN,
            roles=_HANDS,
            reason=True,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides a move: the chain from the owing unit up to the root, the state, and the depth vouched so far.

    `hands`: for each unit of the chain, the units that act for it today: itself, or those that carry it on. A chain in
    which nobody acts is one that nobody moves.
    """

    chain: tuple[str, ...]  # the unit itself first, the root last
    state: State | None
    vouched: int | None  # None: nobody yet
    hands: tuple[tuple[str, ...], ...]

    @property
    def own_depth(self) -> int:
        """Depth of the owing unit."""
        return len(self.chain) - 1

    @property
    def next_place(self) -> int | None:
        """Place in the chain of the unit whose turn it is to accept, None when nobody's is."""
        if self.state not in MOVES["accept"].of or not self.vouched:
            return None
        return len(self.chain) - self.vouched

    @property
    def next_unit(self) -> str | None:
        """The unit whose turn it is to accept, None when nobody's is."""
        return None if self.next_place is None else self.chain[self.next_place]

    def accepted_at_once(self, unit: str) -> tuple[int, ...]:
        """Depths of the steps that one acceptance by a unit takes: more than one where it acts for several in a row."""
        if self.next_place is None:
            return ()
        mine = takewhile(lambda place: unit in self.hands[place], range(self.next_place, len(self.chain)))
        return tuple(self.own_depth - place for place in mine)


def may(verb: str, standing: Standing, *, role: Role, unit: str) -> bool:
    """Whether a person with that role at that unit may make the move."""
    move = MOVES[verb]
    if role not in move.roles or standing.state not in move.of:
        return False
    place = 0 if move.who is Who.OWN else standing.next_place
    return place is not None and unit in standing.hands[place]


@dataclass(frozen=True, slots=True)
class Event:
    """One step in a return's life: `verb` is send, accept or return; `depth` that of the unit that took it."""

    verb: str
    revision: int
    depth: int


def depth_in(chain: Sequence[int], unit: int, verb: str) -> int:
    """The depth at which a unit took a step: its place in the chain of the return, the owing unit first, the root last.

    Whoever is not in the chain did nothing that counts above the owing unit; but what it sent back did come back.
    """
    own = len(chain) - 1
    if unit in chain:
        return own - chain.index(unit)
    return max(own - 1, 0) if verb == "return" else own


def counted(events: Iterable[Event], deepest: int) -> dict[int, int]:
    """Which revision counts at each stage, after these events in their order. A stage with none is left out.

    Sending counts at the unit's own stage and below; accepting at the accepter's; returning takes the doubted
    revision out of every stage below the one that returned it, which fall back to what that one had accepted.
    """
    stages: dict[int, int] = {}
    for event in events:
        match event.verb:
            case "send":
                stages.update(dict.fromkeys(range(event.depth, deepest + 1), event.revision))
            case "accept":
                stages[event.depth] = event.revision
            case "return":
                kept = stages.get(event.depth)
                for stage in range(event.depth + 1, deepest + 1):
                    if kept is None:
                        stages.pop(stage, None)
                    else:
                        stages[stage] = kept
    return stages


NIL = "nil"  # "không phát sinh": the unit says that nothing happened. Adds 0 and counts as reported
NOT_APPLICABLE = "n/a"  # the figure has no meaning for this unit. Adds nothing and does not count as reported

Value = int | str  # a whole number, NIL or NOT_APPLICABLE; a figure not typed yet is absent
Reported = int | str | None  # what adds up: a number, NOT_APPLICABLE, None where nothing was reported


def numbers(values: Mapping[str, Value], elements: Sequence[str]) -> list[Reported]:
    """The figures that add up, in the order of `elements`: "nothing happened" is 0.

    ValueError for anything that is not a `Value`: a figure is never dropped in silence.
    """
    figures: list[Reported] = [values.get(code) for code in elements]
    if _PLAIN.issuperset(map(type, figures)):
        return figures
    return [_reported(figure) for figure in figures]


_PLAIN = {int, type(None)}  # nearly every return holds nothing else


def _reported(value: Reported) -> Reported:
    if value == NIL:
        return 0
    if value is not None and value != NOT_APPLICABLE and not isinstance(value, int):
        raise ValueError(f"not a figure: {value!r}")
    return value


@dataclass(frozen=True, slots=True)
class Changed:
    """A figure that is another than before; None where it was, or is, not there."""

    element: str
    old: Value | None
    new: Value | None


def changed(old: Mapping[str, Value], new: Mapping[str, Value], elements: Sequence[str]) -> tuple[Changed, ...]:
    """Figures that differ between two revisions of a return, in the order of `elements`."""
    pairs = ((code, old.get(code), new.get(code)) for code in elements)
    return tuple(Changed(code, was, now) for code, was, now in pairs if was != now)


DAYS_TO_SEND = 10  # after a period's last day; what comes later counts, and is flagged as late


def deadline(period: Period) -> date:
    """The last day on which a period's return is on time."""
    return period.last_day + timedelta(days=DAYS_TO_SEND)
