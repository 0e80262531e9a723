"""How far a return has come, in the same words on every page and in every file."""

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
    depth = ret.accepted_depth
    if depth and on_its_way(ret):
        return _passing(ret, depth, organisation, library)
    return words.STATES[State(ret.state)]


def on_its_way(ret: Return) -> bool:
    """Whether some of those above have accepted it, and not yet all."""
    return State(ret.state) is State.ACCEPTED and bool(ret.accepted_depth)


def _passing(ret: Return, depth: int, organisation: Organisation, library: Library) -> str:
    """Who has accepted it so far and whose turn it is, by their levels."""
    tree, code = organisation.on(ret.when.last_day), organisation.codes[ret.unit_id]
    if code not in tree:  # a reform entered since: the period ended without the unit
        return words.STATES[State.SENT]
    from_the_top = tree.path(code)[::-1]
    accepted_by, waits_for = tree.units[from_the_top[depth]], tree.units[from_the_top[depth - 1]]
    names = library.vocabulary.level_names
    accepted_level = names.get(accepted_by.level, accepted_by.name)
    next_level = names.get(waits_for.level, waits_for.name)
    return f"{accepted_level} đã duyệt, chờ {next_level}"
