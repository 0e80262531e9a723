"""A whole number divided in proportion to weights: the largest remainders, within the bounds of
each part.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor


@dataclass(frozen=True, slots=True)
class Bounds:
    """From `least` to `most` (None: no cap)."""

    least: int = 0
    most: int | None = None

    def clip(self, amount: Fraction) -> Fraction:
        """The amount, or the end that it lies beyond."""
        amount = max(amount, Fraction(self.least))
        return amount if self.most is None else min(amount, Fraction(self.most))

    @property
    def empty(self) -> bool:
        """Whether nothing lies between them."""
        return self.most is not None and self.most < self.least


UNBOUND = Bounds()
_Weighed = Sequence[tuple[Fraction, Bounds]]


def apportion(
    whole: int, weights: Mapping[str, Fraction], bounds: Mapping[str, Bounds] | None = None
) -> dict[str, int]:
    """Divide a whole number in proportion to weights, every part within its bounds: the largest
    remainders.

    Together the parts are the whole, or as near to it as the caps let them come. A unit of no
    weight gets its least; ties go to the code that comes first. ValueError where the whole is less
    than the least parts together, or more and no weight is above 0.
    """
    within = {code: (bounds or {}).get(code, UNBOUND) for code in weights}
    weighed = {code: weight for code, weight in weights.items() if weight > 0}
    _check_divisible(whole, weighed, within)
    unweighed = sum(within[code].least for code in weights if code not in weighed)
    shared, quotas = _quotas(whole - unweighed, weighed, within)
    return _largest_remainders(quotas, shared + unweighed)


def _check_divisible(
    whole: int, weighed: Mapping[str, Fraction], within: Mapping[str, Bounds]
) -> None:
    needed = sum(bounds.least for bounds in within.values())
    if whole < needed or (whole > needed and not weighed):
        raise ValueError("nothing to divide by, or less than the least parts together")


def _quotas(
    whole: int, weights: Mapping[str, Fraction], within: Mapping[str, Bounds]
) -> tuple[int, dict[str, Fraction]]:
    """What is shared as far as caps let it, and each unit's part before rounding; without weight
    its least.
    """
    weighed = [(weight, within[code]) for code, weight in weights.items()]
    shared = _within_caps(whole, weighed)
    level = _level(shared, weighed)
    quotas: dict[str, Fraction] = {}
    for code, bounds in within.items():
        quotas[code] = bounds.clip(level * weights.get(code, Fraction(0)))
    return shared, quotas


def _largest_remainders(quotas: Mapping[str, Fraction], whole: int) -> dict[str, int]:
    """Each quota rounded down, and up again those that lost most, as many as the whole has left."""
    parts = {code: floor(quota) for code, quota in quotas.items()}
    most_lost_first = sorted(quotas, key=lambda code: (parts[code] - quotas[code], code))
    for code in most_lost_first[: whole - sum(parts.values())]:
        parts[code] += 1
    return parts


def _within_caps(whole: int, weighed: _Weighed) -> int:
    """As much of it as the caps leave room for."""
    room = 0
    for _, bounds in weighed:
        if bounds.most is None:
            return whole
        room += bounds.most
    return min(whole, room)


def _level(whole: int, weighed: _Weighed) -> Fraction:
    """How much a unit of weight gets, so that bounded parts together are the whole.

    Their sum grows along straight lines, which turn where a part leaves its least or meets its cap.
    """

    def total(level: Fraction) -> Fraction:
        return sum((bounds.clip(level * weight) for weight, bounds in weighed), Fraction(0))

    turns = _turns(weighed) or [Fraction(0)]
    turn = turns[bisect_right(turns, Fraction(whole), key=total) - 1]
    growing = [weight for weight, bounds in weighed if _grows(turn * weight, bounds)]
    if not growing:
        return turn
    return turn + (whole - total(turn)) / sum(growing, Fraction(0))


def _turns(weighed: _Weighed) -> list[Fraction]:
    """The levels at which a part leaves its least or meets its cap, in their order."""
    turns: set[Fraction] = set()
    for weight, bounds in weighed:
        turns.add(bounds.least / weight)
        if bounds.most is not None:
            turns.add(bounds.most / weight)
    return sorted(turns)


def _grows(amount: Fraction, bounds: Bounds) -> bool:
    return amount >= bounds.least and (bounds.most is None or amount < bounds.most)
