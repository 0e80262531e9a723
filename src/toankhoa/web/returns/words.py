"""Where a return stands, in the same words on every page and in every file."""

from __future__ import annotations

from toankhoa.core.measures import Library
from toankhoa.core.returns import State
from toankhoa.org.organisation import Organisation
from toankhoa.reporting.models import Return
from toankhoa.web.shell import words


def state_words(ret: Return | None, organisation: Organisation, library: Library) -> str:
    """`Đã gửi`, `Huyện đã duyệt, chờ Tỉnh`; a return that nobody has begun yet is missing."""
    if ret is None:
        return words.MISSING
    state = State(ret.state)
    return _passing(ret, organisation, library) if on_its_way(ret) else words.STATES[state]


def on_its_way(ret: Return) -> bool:
    """Whether some of those above have accepted it, and not yet all."""
    return State(ret.state) is State.ACCEPTED and bool(ret.accepted_depth)


def _passing(ret: Return, organisation: Organisation, library: Library) -> str:
    """Who has accepted it so far and whose turn it is, by their levels."""
    tree, code = organisation.on(ret.when.last_day), organisation.codes[ret.unit_id]
    if code not in tree:  # a reform entered since: the period ended without the unit
        return words.STATES[State.SENT]
    above = tree.path(code)[::-1]
    names = library.vocabulary.level_names
    done, next_up = (
        tree.units[above[depth]] for depth in (ret.accepted_depth, ret.accepted_depth - 1)
    )
    return (
        f"{names.get(done.level, done.name)} đã duyệt, chờ {names.get(next_up.level, next_up.name)}"
    )
