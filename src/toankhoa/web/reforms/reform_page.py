"""What the page of one reform shows.

Its changes as sentences, what they do, and what may be done now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from toankhoa.core.basics import Refused, format_number
from toankhoa.core.organisation import EFFECTS
from toankhoa.operations.reform_dependents import dependents, rerouted_by_undoing
from toankhoa.operations.reform_preview import Preview, preview
from toankhoa.operations.reform_returns import OpenReturns, UncountedReturns
from toankhoa.operations.reform_units import Altered, SplitPart, Splitting
from toankhoa.operations.reforms import in_the_way
from toankhoa.org.models import MemberMove, Reform
from toankhoa.org.people import moves_of
from toankhoa.org.reforms import Follow
from toankhoa.org.scope import Actor
from toankhoa.reporting.totals.posting import Ledger
from toankhoa.web.reforms.words import Sentences
from toankhoa.web.shell.lines import SHOWN, lines
from toankhoa.web.units.views import offered

MERGED, PARTS = range(6), range(4)  # lines on the forms of a merger and of a division
MANY_CHANGES = 12  # without a scroll bar of their own
NO_PARENT = "(không có cấp trên)"
BADGES = {  # shape and words of each state
    Reform.State.APPLIED: ("met", "met", "Đã thực hiện"),
    Reform.State.DRAFT: ("open", "draft", "Bản thảo"),
    Reform.State.UNDONE: ("no_data", "returned", "Đã hoàn tác"),
}


@dataclass(frozen=True)
class ShownChange:
    """One change of a draft. `place`: counted from 0; `fault`: why it cannot be made."""

    place: int
    sentence: str
    fault: Refused | None


@dataclass(frozen=True)
class ShownMove:
    """A person whose unit ends: by name, the unit she had and the one she has; blank where none."""

    subject: Follow | MemberMove
    old_unit: str
    new_unit: str


@dataclass(frozen=True)
class ShownUncounted:
    """A period whose returns would count no longer."""

    of: UncountedReturns

    @property
    def words(self) -> str:
        """How many returns, accepted and waiting."""
        parts = []
        if self.of.returns:
            parts.append(f"{format_number(self.of.returns)} báo cáo đã duyệt")
        if self.of.waiting:
            parts.append(f"{format_number(self.of.waiting)} báo cáo đang chờ duyệt")
        return ", ".join(parts)


@dataclass(frozen=True)
class ShownAltered:
    """A unit that goes on under another name, kind or parent."""

    of: Altered

    @property
    def names(self) -> str:
        """The name, or the old and the new one."""
        before, after = self.of.before.name, self.of.after.name
        if before == after:
            return before
        return f"{before} → {after}"

    @property
    def parents(self) -> str:
        """The old and the new unit above; blank where that is the same."""
        before, after = self.of.old_parent, self.of.new_parent
        if before == after:
            return ""
        return f"{before or NO_PARENT} → {after or NO_PARENT}"


@dataclass(frozen=True)
class ShownOpenReturns:
    """Returns under way that other units go on with."""

    of: OpenReturns

    @property
    def words(self) -> str:
        """How many of which sort."""
        parts = []
        if self.of.own:
            parts.append(f"{format_number(self.of.own)} báo cáo của đơn vị chưa xong")
        if self.of.waiting:
            parts.append(f"{format_number(self.of.waiting)} báo cáo chờ đơn vị nhận")
        if self.of.after:
            after = format_number(self.of.after)
            parts.append(f"{after} cho kỳ sau ngày hiệu lực, sẽ được gắn cờ")
        return " · ".join(parts)


@dataclass(frozen=True)
class ShownSplitting:
    """A unit that is divided."""

    of: Splitting

    @property
    def words(self) -> str:
        """Among which units, with their shares where these are known."""
        return ", ".join(self._part(part) for part in self.of.parts)

    def _part(self, part: SplitPart) -> str:
        if part.percent is None:
            return part.unit.name
        return f"{part.unit.name} ({format_number(part.percent)}%)"


@dataclass(frozen=True)
class Applying:
    """Whether a draft can be applied, and the words beside the button."""

    hindered: bool
    words: str


def reform_context(
    reform: Reform, actor: Actor, ledger: Ledger, as_of: datetime | None
) -> dict[str, object]:
    """What the page of a reform says, for its template."""
    seen = preview(reform, ledger.library, as_of)
    level_names = ledger.library.vocabulary.level_names
    changes = _changes(reform, seen, level_names)
    editable = reform.state == Reform.State.DRAFT
    applied = reform.state == Reform.State.APPLIED
    tone, shape, state_words = BADGES[Reform.State(reform.state)]
    faults = dict(seen.faults)
    return {
        "reform": reform,
        "preview": seen,
        "tone": tone,
        "shape": shape,
        "state_words": state_words,
        "changes": lines(changes, MANY_CHANGES),
        "has_effects": bool(changes) and not faults,
        "faulty": bool(changes) and bool(faults) and editable,
        "whole_fault": faults.get(None),
        "levels": [
            (level_names.get(level, level), before, after) for level, before, after in seen.levels
        ],
        **_effects(seen),
        "uncounted_returns": [ShownUncounted(returns) for returns in seen.uncounted]
        if editable
        else [],
        "follows": lines(_follows(seen) if editable else []),
        "moves": _moves(reform, seen, as_of),
        "editable": editable,
        "applied": applied,
        "undone": reform.state == Reform.State.UNDONE,
        "applying": _applying(reform, actor, as_of, seen) if editable else None,
        **_undoing(reform, actor, as_of),
        "offered": _offered(reform, actor, seen),
        "level_names": level_names,
        "effects": EFFECTS,
        "most": SHOWN,
        "merged_lines": MERGED,
        "part_lines": PARTS,
        "required_parts": PARTS[:2],
    }


def _effects(seen: Preview) -> dict[str, object]:
    """What the reform does to units and their returns."""
    return {
        "along": ", ".join(f"“{title}”" for title in seen.along),
        "ending": lines(seen.ending),
        "beginning": lines(seen.beginning),
        "altered": lines([ShownAltered(altered) for altered in seen.altered]),
        "open_returns": lines([ShownOpenReturns(returns) for returns in seen.open_returns]),
        "rerouted_returns": lines(seen.rerouted),
        "splits": [ShownSplitting(split) for split in seen.splits],
    }


def _changes(reform: Reform, seen: Preview, level_names: Mapping[str, str]) -> list[ShownChange]:
    sentences = Sentences(seen.before, level_names).all(reform.record().changes)
    faults = dict(seen.faults)
    return [
        ShownChange(place, sentence, faults.get(place)) for place, sentence in enumerate(sentences)
    ]


def _follows(seen: Preview) -> list[ShownMove]:
    """Whose unit ends, and which one carries on for her."""
    return [
        ShownMove(follow, _name_before(seen, follow.was), _name_after(seen, follow.to))
        for follow in seen.follows
    ]


def _moves(reform: Reform, seen: Preview, as_of: datetime | None) -> list[ShownMove]:
    """Whose unit ended, and where she went."""
    moves = []
    for move in moves_of(reform, as_of):
        now = move.now.code if move.now else None
        old_unit, new_unit = _name_before(seen, move.was.code), _name_after(seen, now)
        moves.append(ShownMove(move, old_unit, new_unit))
    return moves


def _name_before(seen: Preview, code: str) -> str:
    if code in seen.before:
        return seen.before.units[code].name
    return code


def _name_after(seen: Preview, code: str | None) -> str:
    if code is None:
        return ""
    if seen.after and code in seen.after:
        return seen.after.units[code].name
    return code


def _applying(reform: Reform, actor: Actor, as_of: datetime | None, seen: Preview) -> Applying:
    hindrance = in_the_way(reform, actor.today, as_of)
    hindered = bool(seen.faults or hindrance)
    if not reform.changes:
        return Applying(hindered, "Chưa có thay đổi nào.")
    if seen.faults:
        return Applying(hindered, "Còn chỗ chưa thực hiện được.")
    words = "Thực hiện xong vẫn hoàn tác được, cho đến khi có việc khác dựa vào."
    return Applying(hindered, hindrance or words)


def _undoing(reform: Reform, actor: Actor, as_of: datetime | None) -> dict[str, object]:
    """Of an applied reform: why it cannot be undone, or what undoing it hands back."""
    if reform.state != Reform.State.APPLIED:
        return {"reasons": [], "rerouted_by_undoing": []}
    reasons = list(dependents(reform, actor.organisation, as_of))
    back = [] if reasons else rerouted_by_undoing(reform, actor.organisation, as_of)
    return {"reasons": reasons, "rerouted_by_undoing": back}


def _offered(reform: Reform, actor: Actor, seen: Preview) -> list[str]:
    """Units to choose from: those before a draft, today's for people that a reform left over."""
    if reform.state == Reform.State.DRAFT:
        return offered(seen.before)
    if reform.state == Reform.State.APPLIED:
        return offered(actor.tree)
    return []
