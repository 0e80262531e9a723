"""The only two ways in which an exact amount becomes a whole number.

Half-up rounding is for one amount. Where a whole is divided, its parts are laid end to end on a
line from 0 to 1, and each takes what its stretch covers, both ends rounded: so the parts always
add up to the whole.
"""

from __future__ import annotations

from fractions import Fraction


def half_up(amount: Fraction) -> int:
    """The nearest whole number; a half goes up, below zero too: 5/2 → 3, -5/2 → -2."""
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)


def part_of_whole(whole: int, low: Fraction, high: Fraction) -> int:
    """What of a whole number the stretch from `low` to `high` takes: cumulative rounding.

    Stretches laid end to end from 0 to 1 add up to the whole. 11 in three equal parts is
    4 + 3 + 4, as their ends stand at 0, 3⅔, 7⅓ and 11; each third rounded for itself is 4 + 4 + 4.
    """
    return half_up(whole * high) - half_up(whole * low)
