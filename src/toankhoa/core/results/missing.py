"""Arithmetic with figures that may be missing.

None is missing, and never 0: what is made of a missing figure is missing itself
(docs/arithmetic.md, "What a unit types").
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import TypeVar

T = TypeVar("T")


def present(values: Iterable[T | None]) -> list[T]:
    """Those that are not missing, in their order."""
    return [value for value in values if value is not None]


def added(first: Fraction | None, second: Fraction | None) -> Fraction | None:
    """Both together; None where either is missing."""
    if first is None or second is None:
        return None
    return first + second


def difference(end: Fraction | None, start: Fraction | None) -> Fraction | None:
    """From start to end; None where either is missing."""
    if end is None or start is None:
        return None
    return end - start
