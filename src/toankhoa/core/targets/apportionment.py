"""A whole number divided in proportion to weights: the largest remainders, within the bounds of each part."""

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
    """Divide a whole number in proportion to weights, every part within its bounds: the largest remainders.

    Together the parts are the whole, or as near to it as the caps let them come. A unit of no weight gets its least;
    ties go to the code that comes first. ValueError where the whole is less than the least parts together, or more and
    no weight is above 0.
    """
    within = {code: (bounds or {}).get(code, UNBOUND) for code in weights}
    needed = sum(each.least for each in within.values())
    weighed = [(weights[code], within[code]) for code in weights if weights[code] > 0]
    if whole < needed or (whole > needed and not weighed):
        raise ValueError("nothing to divide by, or less than the least parts together")
    spare = sum(each.least for code, each in within.items() if not weights[code] > 0)
    level = _level(_within_caps(whole - spare, weighed), weighed)
    quotas = {
        code: within[code].clip(level * weights[code] if weights[code] > 0 else Fraction(0))
        for code in weights
    }
    parts = {code: floor(quota) for code, quota in quotas.items()}
    rounded_up = sorted(quotas, key=lambda code: (parts[code] - quotas[code], code))
    for code in rounded_up[: _within_caps(whole - spare, weighed) + spare - sum(parts.values())]:
        parts[code] += 1
    return parts


def _within_caps(whole: int, weighed: _Weighed) -> int:
    """As much of it as the caps leave room for."""
    caps = [bounds.most for _, bounds in weighed]
    return (
        whole
        if any(cap is None for cap in caps)
        else min(whole, sum(cap for cap in caps if cap is not None))
    )


def _level(whole: int, weighed: _Weighed) -> Fraction:
    """How much a unit of weight gets, so that bounded parts together are the whole.

    Their sum grows along straight lines, which turn where a part leaves its least or meets its cap.
    """

    def total(level: Fraction) -> Fraction:
        return sum((bounds.clip(level * weight) for weight, bounds in weighed), Fraction(0))

    ends = [
        (end, weight)
        for weight, bounds in weighed
        for end in (bounds.least, bounds.most)
        if end is not None
    ]
    turns = sorted({end / weight for end, weight in ends}) or [Fraction(0)]
    turn = turns[bisect_right(turns, Fraction(whole), key=total) - 1]
    growing = sum(
        (weight for weight, bounds in weighed if _grows(turn * weight, bounds)), Fraction(0)
    )
    return turn + (whole - total(turn)) / growing if growing else turn


def _grows(amount: Fraction, bounds: Bounds) -> bool:
    return amount >= bounds.least and (bounds.most is None or amount < bounds.most)
