"""What units hand over to each other in the course of a year, month by month: who keeps the last figure of a unit that
was merged, split or ended, until those who carry it on report for themselves.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple

from toankhoa.core.basics import Frequency, periods_of
from toankhoa.core.organisation.lineage import Lineage, Shares
from toankhoa.core.organisation.units import Tree


class HeldFigures(NamedTuple):
    """The last figures of a unit that nobody knows how to divide, kept whole since a month (0–11)."""

    unit: str
    month: int


Keeper = str | HeldFigures


class Transfer(NamedTuple):
    """What `old` hands to `new`: from where to where on the way from 0 to 1, its parts being laid end to end."""

    old: Keeper
    new: Keeper
    low: Fraction
    high: Fraction

    @property
    def whole(self) -> bool:
        """Whether it is all."""
        return self.low == 0 and self.high == 1

    def of(self, figure: int) -> int:
        """What of a whole number falls to this part. The parts of a unit add up to it."""
        return _rounded(figure * self.high) - _rounded(figure * self.low)


@dataclass(frozen=True, slots=True)
class TransferStep:
    """What is handed over before a month (0–11), and whose reports from then on end what is held."""

    month: int
    parts: tuple[Transfer, ...]
    awaited: Mapping[HeldFigures, tuple[str, ...]]


@dataclass(frozen=True, eq=False)
class BoundaryChanges:
    """All that is handed over in a year. `holders`: the unit from which up the figures of what is held are known at
    the year's end, the lowest one that holds all who carry it on.
    """

    steps: tuple[TransferStep, ...] = ()
    holders: Mapping[HeldFigures, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.steps)

    @cached_property
    def held(self) -> tuple[HeldFigures, ...]:
        """All that is held in some month."""
        return tuple(dict.fromkeys(held for step in self.steps for held in step.awaited))

    @cached_property
    def units(self) -> tuple[str, ...]:
        """Every unit that hands over, is handed something or holds it, family by family."""
        return tuple(unit for family in self._families for unit in family if isinstance(unit, str))

    @cached_property
    def family_of(self) -> Mapping[Keeper, int]:
        """Those among whom figures pass, as a number; they are one where a figure needs all of it."""
        return {each: number for number, family in enumerate(self._families) for each in family}

    @cached_property
    def _families(self) -> list[list[Keeper]]:
        family: dict[Keeper, list[Keeper]] = {}
        for one, other in self._ties():
            first, second = (family.setdefault(each, [each]) for each in (one, other))
            if first is not second:
                first += second
                family.update(dict.fromkeys(second, first))
        return list({id(each): each for each in family.values()}.values())

    def _ties(self) -> Iterator[tuple[Keeper, Keeper]]:
        for step in self.steps:
            yield from ((part.old, part.new) for part in step.parts)
            yield from ((held, heir) for held, heirs in step.awaited.items() for heir in heirs)
        yield from self.holders.items()

    def among(self, unit: str) -> BoundaryChanges:
        """Those of one unit's family, none where it has none."""
        number = self.family_of.get(unit)
        if number is None:
            return BoundaryChanges()
        meant = {each for each, of in self.family_of.items() if of == number}
        steps = [
            replace(
                step,
                parts=tuple(part for part in step.parts if part.old in meant),
                awaited={held: heirs for held, heirs in step.awaited.items() if held in meant},
            )
            for step in self.steps
        ]
        holders = {held: holder for held, holder in self.holders.items() if held in meant}
        return BoundaryChanges(tuple(step for step in steps if step.parts or step.awaited), holders)


@lru_cache(maxsize=256)
def boundary_changes_in(lineage: Lineage, year: int) -> BoundaryChanges:
    """All that units hand over in a year; what becomes of it follows `Lineage.shares`."""
    ends = [period.last_day for period in periods_of(year, Frequency.MONTH)]
    since: dict[HeldFigures, date] = {}  # the day as of which it is held
    steps: list[TransferStep] = []
    for month, (eve, day) in enumerate(pairwise(ends), start=1):
        changed = _changed(lineage, eve, day)
        if not changed:
            continue
        now = lineage.trees.on(day)
        parts: list[Transfer] = []
        waiting: list[tuple[Keeper, date]] = [*since.items(), *((unit, eve) for unit in changed)]
        for keeper, began in waiting:
            shares = lineage.shares(keeper if isinstance(keeper, str) else keeper.unit, began, day)
            if None not in shares.values():
                parts += _laid(keeper, shares, now)
                if isinstance(keeper, HeldFigures):
                    del since[keeper]
            elif isinstance(keeper, str):
                held = HeldFigures(keeper, month)
                since[held] = eve
                parts.append(Transfer(keeper, held, Fraction(0), Fraction(1)))
        awaited = {
            held: tuple(lineage.shares(held.unit, began, day)) for held, began in since.items()
        }
        if parts or awaited:
            steps.append(TransferStep(month, tuple(parts), awaited))
    heirs = {held: lineage.shares(held.unit, began, ends[-1]) for held, began in since.items()}
    found = {held: _above_all(those, lineage.trees.on(ends[-1])) for held, those in heirs.items()}
    return BoundaryChanges(
        tuple(steps), {held: holder for held, holder in found.items() if holder is not None}
    )


def _changed(lineage: Lineage, eve: date, day: date) -> list[str]:
    """Units of one day that pass something on, or end, by the other."""
    then, now = lineage.trees.on(eve), lineage.trees.on(day)
    days = [passings[0].day for passings in lineage.passed]
    passed = {
        each[0].old for each in lineage.passed[bisect_right(days, eve) : bisect_right(days, day)]
    }
    if then is now and not passed:
        return []
    return [unit for unit in then.order if unit in passed or unit not in now]


def _laid(old: Keeper, shares: Shares, now: Tree) -> Iterator[Transfer]:
    """Parts end to end, in the order of the tree, as figures are restated; nothing where it is all its own still."""
    low = Fraction(0)
    for heir in sorted(shares, key=now.index.__getitem__):
        share = shares[heir]
        if share and not (share == 1 and heir == old):
            yield Transfer(old, heir, low, low + share)
        low += share or 0


def _above_all(units: Shares, tree: Tree) -> str | None:
    """The lowest unit that holds all of these."""
    first, *others = (tree.path(unit) for unit in units)
    return next((above for above in first if all(above in path for path in others)), None)


def _rounded(figure: Fraction) -> int:
    """To the nearest whole number, halves up."""
    return (2 * figure.numerator + figure.denominator) // (2 * figure.denominator)
