"""What units pass on to each other in the course of a year, month by month.

Who keeps the last figure of a unit that was merged, split or ended, until those who carry it on
report for themselves (docs/arithmetic.md, "A year in which units are rearranged").
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple

from toankhoa.core.basics import Frequency, part_of_whole, periods_of
from toankhoa.core.organisation.lineage import Lineage, Shares, end_to_end
from toankhoa.core.organisation.units import Tree


class HeldFigures(NamedTuple):
    """The last figures of a unit that nobody knows how to divide, whole since a month (0–11)."""

    unit: str
    month: int


Keeper = str | HeldFigures  # of figures: a unit by its code, or nobody in particular


class Transfer(NamedTuple):
    """What `old` passes on to `new`: a stretch of the line from 0 to 1, its parts end to end."""

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
        return part_of_whole(figure, self.low, self.high)


@dataclass(frozen=True, slots=True)
class TransferStep:
    """What passes on before a month (0–11), and whose reports from then on end what is held."""

    month: int
    transfers: tuple[Transfer, ...]
    awaited: Mapping[HeldFigures, tuple[str, ...]]

    def __bool__(self) -> bool:
        return bool(self.transfers or self.awaited)

    def among(self, family: Collection[Keeper]) -> TransferStep:
        """What of it concerns these."""
        transfers = tuple(transfer for transfer in self.transfers if transfer.old in family)
        awaited = {held: heirs for held, heirs in self.awaited.items() if held in family}
        return TransferStep(self.month, transfers, awaited)


@dataclass(frozen=True, eq=False)
class BoundaryChanges:
    """All that passes on in a year, in steps.

    `holders`: the unit from which up held figures are known at the year's end, the lowest one that
    holds all who carry them on.
    """

    steps: tuple[TransferStep, ...] = ()
    holders: Mapping[HeldFigures, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.steps)

    @cached_property
    def held(self) -> tuple[HeldFigures, ...]:
        """All that is held in some month."""
        held: dict[HeldFigures, None] = {}
        for step in self.steps:
            held |= dict.fromkeys(step.awaited)
        return tuple(held)

    @cached_property
    def units(self) -> tuple[str, ...]:
        """Every unit that passes something on, receives or holds something, family by family."""
        units: list[str] = []
        for family in self._families:
            units += [keeper for keeper in family if isinstance(keeper, str)]
        return tuple(units)

    @cached_property
    def family_of(self) -> Mapping[Keeper, int]:
        """The number of each keeper's family: those among whom figures pass.

        They are one where a figure needs all of it, such as a ratio.
        """
        numbers: dict[Keeper, int] = {}
        for number, family in enumerate(self._families):
            numbers |= dict.fromkeys(family, number)
        return numbers

    @cached_property
    def _families(self) -> list[list[Keeper]]:
        family_of: dict[Keeper, list[Keeper]] = {}
        for first, second in self._ties():
            family = family_of.setdefault(first, [first])
            joining = family_of.setdefault(second, [second])
            if family is not joining:
                family += joining
                family_of |= dict.fromkeys(joining, family)
        return list({id(family): family for family in family_of.values()}.values())

    def _ties(self) -> Iterator[tuple[Keeper, Keeper]]:
        """Pairs of one family."""
        for step in self.steps:
            for transfer in step.transfers:
                yield transfer.old, transfer.new
            for held, heirs in step.awaited.items():
                for heir in heirs:
                    yield held, heir
        yield from self.holders.items()

    def among(self, unit: str) -> BoundaryChanges:
        """Those of one unit's family, none where it has none."""
        number = self.family_of.get(unit)
        if number is None:
            return BoundaryChanges()
        family = frozenset(self._families[number])
        steps: list[TransferStep] = []
        for step in self.steps:
            if concerned := step.among(family):
                steps.append(concerned)
        holders = {held: holder for held, holder in self.holders.items() if held in family}
        return BoundaryChanges(tuple(steps), holders)


@lru_cache(maxsize=256)
def boundary_changes_in(lineage: Lineage, year: int) -> BoundaryChanges:
    """All that units pass on in a year; what becomes of it follows `Lineage.shares`."""
    ends = [period.last_day for period in periods_of(year, Frequency.MONTH)]
    undivided = _Undivided(lineage)
    steps: list[TransferStep] = []
    for month, (eve, day) in enumerate(pairwise(ends), start=1):
        changed = _changed(lineage, eve, day)
        if changed and (step := undivided.step(month, changed, eve, day)):
            steps.append(step)
    return BoundaryChanges(tuple(steps), undivided.holders(ends[-1]))


class _Undivided:
    """What is held because nobody knows how to divide it, while the months of a year go by."""

    def __init__(self, lineage: Lineage) -> None:
        self.lineage = lineage
        self.since: dict[HeldFigures, date] = {}  # the last day of the unit as its figures know it

    def step(self, month: int, changed: list[str], eve: date, day: date) -> TransferStep:
        """What passes on between the last days of two months, by units that changed."""
        transfers = self._released(day)
        for unit in changed:
            shares = self.lineage.shares(unit, eve, day)
            if None in shares.values():
                held = HeldFigures(unit, month)
                self.since[held] = eve
                transfers.append(Transfer(unit, held, Fraction(0), Fraction(1)))
            else:
                transfers += _transfers(unit, shares, self.lineage.trees.on(day))
        awaited = {held: tuple(self._shares(held, day)) for held in self.since}
        return TransferStep(month, tuple(transfers), awaited)

    def _released(self, day: date) -> list[Transfer]:
        """What can be divided by now: the parts of a split were merged again, for example."""
        transfers: list[Transfer] = []
        for held in list(self.since):
            shares = self._shares(held, day)
            if None not in shares.values():
                transfers += _transfers(held, shares, self.lineage.trees.on(day))
                del self.since[held]
        return transfers

    def _shares(self, held: HeldFigures, day: date) -> Shares:
        return self.lineage.shares(held.unit, self.since[held], day)

    def holders(self, day: date) -> dict[HeldFigures, str]:
        """See `BoundaryChanges.holders`."""
        tree = self.lineage.trees.on(day)
        holders: dict[HeldFigures, str] = {}
        for held in self.since:
            holder = tree.lowest_holding(self._shares(held, day))
            if holder is not None:
                holders[held] = holder
        return holders


def _changed(lineage: Lineage, eve: date, day: date) -> list[str]:
    """Units of one day that are succeeded, or end, by the other."""
    before, after = lineage.trees.on(eve), lineage.trees.on(day)
    succeeded = {succession[0].old for succession in lineage.successions_between(eve, day)}
    if before is after and not succeeded:
        return []
    return [unit for unit in before.order if unit in succeeded or unit not in after]


def _transfers(old: Keeper, shares: Shares, tree: Tree) -> Iterator[Transfer]:
    """Known shares as transfers; nothing where all of it stays where it is."""
    for heir, low, high in end_to_end(shares, tree):
        stays = heir == old and high - low == 1
        if not stays:
            yield Transfer(old, heir, low, high)
