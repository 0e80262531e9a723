"""What a figure is made of: its parts in the order in which they matter, and the share of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from toankhoa.core.totals import Figure

Part = TypeVar("Part")


class PartStatus(StrEnum):
    """What a part adds to a figure, in the order in which parts are listed."""

    MISSING = "missing"  # something of it is due, and it adds nothing yet
    FIGURE = "figure"
    NOTHING_DUE = "nothing_due"  # it adds nothing, and every report due of it is in


_ORDER = tuple(PartStatus)


def part_status(part: Figure) -> PartStatus:
    """What a part adds to its whole.

    Missing is what is due and not there. A unit without any report due here is not missing.
    """
    if part.numerator is not None:
        return PartStatus.FIGURE
    if part.reports < part.due:
        return PartStatus.MISSING
    return PartStatus.NOTHING_DUE


def share_of_whole(part: Figure, whole: Figure) -> Fraction | None:
    """How much of a figure's numerator a part makes up.

    None where either is missing or the whole is 0.
    """
    if part.numerator is None or not whole.numerator:
        return None
    return Fraction(part.numerator, whole.numerator)


def sorted_by_weight(parts: Iterable[Part], figure_of: Callable[[Part], Figure]) -> list[Part]:
    """What is missing first, then the largest, what has nothing due last; equal ones as they came.

    `figure_of`: the figure that a part adds.
    """

    def weight(part: Part) -> tuple[int, int]:
        figure = figure_of(part)
        return _ORDER.index(part_status(figure)), -(figure.numerator or 0)

    return sorted(parts, key=weight)
