"""What a figure is made of: its parts in the order in which they matter, and the share of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import TypeVar

from toankhoa.core.assessment import Figure

Of = TypeVar("Of")


def share(part: Figure, whole: Figure) -> Fraction | None:
    """How much of a figure's numerator a part brings; None where either is missing or the whole is 0."""
    if part.numerator is None or not whole.numerator:
        return None
    return Fraction(part.numerator, whole.numerator)


def by_weight(parts: Iterable[Of], figure: Callable[[Of], Figure]) -> list[Of]:
    """What is missing first, then the largest; equal ones as they came."""

    def weight(part: Of) -> tuple[bool, int]:
        numerator = figure(part).numerator
        return numerator is not None, -(numerator or 0)

    return sorted(parts, key=weight)
