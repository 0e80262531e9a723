"""What a figure is made of: its parts in the order in which they matter, and the share of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from toankhoa.core.totals import Figure

Of = TypeVar("Of")


class Brings(StrEnum):
    """What a part has to do with a figure."""

    MISSING = "missing"  # something is due of it, and it brings nothing yet
    FIGURE = "figure"
    NOTHING_DUE = "nothing_due"  # it brings nothing, and nothing that is due is lacking


_ORDER = tuple(Brings)


def brings(part: Figure) -> Brings:
    """Missing is what is due and is not there: who owes nothing here lacks nothing."""
    if part.numerator is not None:
        return Brings.FIGURE
    return Brings.MISSING if part.reports < part.due else Brings.NOTHING_DUE


def share(part: Figure, whole: Figure) -> Fraction | None:
    """How much of a figure's numerator a part brings; None where either is missing or the whole is 0."""
    if part.numerator is None or not whole.numerator:
        return None
    return Fraction(part.numerator, whole.numerator)


def by_weight(parts: Iterable[Of], figure: Callable[[Of], Figure]) -> list[Of]:
    """What is missing first, then the largest, what owes nothing last; equal ones as they came."""

    def weight(part: Of) -> tuple[int, int]:
        brought = figure(part)
        return _ORDER.index(brings(brought)), -(brought.numerator or 0)

    return sorted(parts, key=weight)
