"""What a reform does to units: which end, begin and change, and how old figures divide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from toankhoa.core.basics import fold
from toankhoa.core.organisation import Change, Effect, Succession, Tree, UnitVersion
from toankhoa.org.organisation import Organisation


@dataclass(frozen=True)
class Ending:
    """A unit that ends, and its heirs."""

    unit: UnitVersion
    heirs: tuple[UnitVersion, ...]


@dataclass(frozen=True)
class Altered:
    """A unit that goes on under another name, kind or parent.

    `old_parent`, `new_parent`: names, blank where it stays below the same unit.
    """

    before: UnitVersion
    after: UnitVersion
    old_parent: str
    new_parent: str


@dataclass(frozen=True)
class SplitPart:
    """A unit that takes over a part of another one."""

    unit: UnitVersion
    share: Fraction | None

    @property
    def percent(self) -> Fraction | None:
        """The share as it is written."""
        return None if self.share is None else self.share * 100


@dataclass(frozen=True)
class Splitting:
    """A unit that is divided; a share that is not known cannot be restated."""

    unit: UnitVersion
    parts: tuple[SplitPart, ...]

    @property
    def known(self) -> bool:
        """Whether every share is declared."""
        return all(part.share is not None for part in self.parts)


def ended_units(old: Tree, new: Tree) -> list[str]:
    """Codes of the units that are in the first tree only, in its order."""
    return [code for code in old.order if code not in new]


def heirs_of(code: str, after: Organisation, day: date) -> tuple[UnitVersion, ...]:
    """Those that carry a unit on that day, as they are then."""
    units = after.on(day).units
    return tuple(units[heir] for heir in after.heirs(code, day))


def endings(codes: Iterable[str], old: Tree, after: Organisation, day: date) -> Iterator[Ending]:
    """Units that end on a day, each with its heirs."""
    for code in codes:
        yield Ending(old.units[code], heirs_of(code, after, day))


def begun_units(old: Tree, new: Tree) -> Iterator[tuple[UnitVersion, str]]:
    """Units that are in the second tree only, each with the name of the unit above it."""
    for code in new.order:
        if code not in old:
            unit = new.units[code]
            yield unit, _name(unit.parent, new)


def altered_units(old: Tree, new: Tree) -> Iterator[Altered]:
    """Units that are in both trees, and differ."""
    for code in old.order:
        before, after = old.units[code], new.units.get(code)
        if after is None:
            continue
        moved = before.parent != after.parent
        if moved:
            yield Altered(before, after, _name(before.parent, old), _name(after.parent, new))
        elif (before.name, before.kind) != (after.name, after.kind):
            yield Altered(before, after, "", "")


def _name(code: str | None, tree: Tree) -> str:
    return tree.units[code].name if code else ""


def units_by_level(old: Tree, new: Tree) -> Iterator[tuple[str, int, int]]:
    """Every level with how many units it has in either tree, from the top down."""
    before = Counter(old.units[code].level for code in old.order)
    after = Counter(new.units[code].level for code in new.order)
    for level in dict.fromkeys([*before, *after]):
        yield level, before[level], after[level]


def merged_units(changes: Iterable[Change]) -> int:
    """How many units changes merge into another one."""
    count = 0
    for change in changes:
        if change.effect is Effect.MERGE:
            count += len({*change.units} - {part.code for part in change.parts})
    return count


def splittings(passed: tuple[Succession, ...], old: Tree, new: Tree) -> Iterator[Splitting]:
    """Units that pass to more than one."""
    units = {**new.units, **old.units}
    for links in passed:
        if len(links) > 1:
            parts = tuple(SplitPart(units[link.new], link.share) for link in links)
            yield Splitting(units[links[0].old], parts)


def displaced_units(base: Organisation, after: Organisation, day: date) -> Iterator[str]:
    """Known units that end, move to another parent or take another one in."""
    old, new = base.on(day), after.on(day)
    enlarged = {link.new for link in after.lineage.links[len(base.lineage.links) :]}
    for code in old.order:
        stays = code in new and old.units[code].parent == new.units[code].parent
        if code in base.ids and (not stays or code in enlarged):
            yield code


def units_outside(old: Tree, new: Tree) -> Iterator[UnitVersion]:
    """New units at the top, above which there is nobody: their figures go nowhere."""
    for code, unit in new.units.items():
        if unit.parent is None and code not in old.roots:
            yield unit


def namesakes(old: Tree, new: Tree) -> Iterator[UnitVersion]:
    """New, renamed or moved units that bear the name of one beside them."""
    for code in new.order:
        unit, before = new.units[code], old.units.get(code)
        if before is not None and (before.name, before.parent) == (unit.name, unit.parent):
            continue
        siblings = new.children(unit.parent) if unit.parent else new.roots
        names = {fold(new.units[sibling].name) for sibling in siblings if sibling != code}
        if fold(unit.name) in names:
            yield unit
