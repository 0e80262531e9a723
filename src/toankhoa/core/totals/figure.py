"""An actual: what an indicator has come to, and how much of it is in."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """An actual. A ratio keeps both parts to the end. `reports` of `due` say how much of it is in.

    `carried`: units whose stock figure comes from an earlier period than the last one due;
    `inherited`: units whose figure is that of the units before a reform, until they report it.
    `partial`: only units with both parts of a ratio were added.
    """

    numerator: int | None
    denominator: int | None = None
    ratio: bool = False
    reports: int = 0
    due: int = 0
    carried: int = 0
    inherited: int = 0
    partial: bool = False

    @property
    def value(self) -> Fraction | None:
        """The figure: a percentage for a ratio. None where it is missing or divides by nothing."""
        if self.numerator is None:
            return None
        if not self.ratio:
            return Fraction(self.numerator)
        return Fraction(100 * self.numerator, self.denominator) if self.denominator else None

    @property
    def confidence(self) -> Fraction | None:
        """Share of due reports that are accepted, None when none is due yet."""
        return Fraction(min(self.reports, self.due), self.due) if self.due else None
