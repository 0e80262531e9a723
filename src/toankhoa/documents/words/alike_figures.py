"""Figures below each other: a column of decimals shows as many places in every row.

So 88,3% stands above 90,0% and not above 90%: a reader compares by the length of what stands there.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from toankhoa.core.basics import format_number, format_percent
from toankhoa.core.totals import Figure
from toankhoa.documents.words.plan_view import MISSING

MOST_PLACES = 2


def decimal_places(values: Iterable[Fraction | None], most: int = MOST_PLACES) -> int:
    """How many decimals a column needs: those of the value that needs most, at most `most`."""
    return max((_needed(value, most) for value in values if value is not None), default=0)


def figure_places(figures: Iterable[Figure | None]) -> int:
    """The same of figures; missing ones need none."""
    return decimal_places(figure.value for figure in figures if figure is not None)


def figure_words(figure: Figure, places: int | None = None, missing: str = MISSING) -> str:
    """A figure without its unit of measure, with so many decimals (None: as it needs itself).

    `missing`: what is said where there is none.
    """
    if figure.value is None:
        return missing
    write = format_percent if figure.ratio else format_number
    return write(figure.value, places)


def _needed(value: Fraction, most: int) -> int:
    _, _, decimals = format_number(value, most).partition(",")
    return len(decimals.rstrip("0"))
