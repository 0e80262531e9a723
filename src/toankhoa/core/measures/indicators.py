"""Indicators: how an activity or objective of a plan is measured."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from toankhoa.core.basics import Frequency


class Path(StrEnum):
    """How a figure is expected to come along on its way to what is required."""

    EVEN = "even"  # the same every month
    SEASONAL = "seasonal"  # as in earlier years: the part of the year that had come by that month
    STEPS = "steps"  # a level for each year: until the year is over, what the step before asked for
    DEADLINE = "deadline"  # nothing before the last day


class TermRule(StrEnum):
    """How the years of a plan make its whole term."""

    SUM = "sum"  # the years add up
    LAST = "last"  # where it stands at the end


class IndicatorKind(StrEnum):
    """What an indicator's value is."""

    COUNT = "count"
    RATIO = "ratio"
    MILESTONE = "milestone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpretation:
    """A question the plan leaves open, what we ship, what else could be meant; in Vietnamese."""

    question: str
    default: str
    others: tuple[str, ...] = ()


# Begins a denominator such as "units:base": the number of units of a level in that year's tree.
UNITS = "units:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """How an activity or objective is measured.

    COUNT: `numerator` is an element. RATIO: `numerator` ÷ `denominator`, in percent; the
    denominator is an element or `units:<level>`. MILESTONE: `numerator` is a yes/no element.
    `matches` are folded phrases that find its target.

    `path` and `term` are declared where what follows from the numerator's time rule is not right
    (`Library.path`, `Library.term`). A ratio of two elements adds only units that have both.
    `slots` is where a year's cell keeps numerator and denominator over those units: two places of
    the packed row, never reused, as an element's slot is.
    """

    code: str
    name: str
    name_en: str
    kind: IndicatorKind
    numerator: str
    denominator: str | None = None
    slots: tuple[int, int] | None = None
    more_is_better: bool = True
    path: Path | None = None
    term: TermRule | None = None
    levels: tuple[str, ...] = ()
    frequency: Frequency = Frequency.YEAR
    unit: str = ""
    objective: str = ""
    matches: tuple[tuple[str, ...], ...] = ()
    choice: Interpretation | None = None
    note: str = ""
    added: bool = False  # by the installation, to the library it came with

    @property
    def unit_level(self) -> str | None:
        """The level that a built-in denominator counts, or None."""
        if self.denominator and self.denominator.startswith(UNITS):
            return self.denominator.removeprefix(UNITS)
        return None
