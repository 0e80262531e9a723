"""Between a target as a unit must meet it and a column that hands it down: there and back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from toankhoa.core.measures import Indicator
from toankhoa.core.plan import Comparator
from toankhoa.core.targets.allocation import Column, Part, Rule
from toankhoa.core.targets.requirement import PERCENT, Required


@dataclass(frozen=True, kw_only=True)
class CascadedTarget:
    """What a decision of a unit above asks here in place of the plan's own words: nothing where
    `required` is None.
    """

    required: Required | None
    decision: int  # its id
    number: str
    issued_on: date
    issued_by: str  # the unit's name


def divisible(need: Required, indicator: Indicator) -> tuple[Comparator, Fraction]:
    """What of a target is handed down: of a range the end that counts, to be at or beyond it; of
    "keep" a mark.
    """
    if need.comparator is Comparator.KEEP:
        return need.comparator, Fraction(1)
    if need.comparator is not Comparator.RANGE:
        return need.comparator, need.amount
    if indicator.more_is_better:
        return Comparator.AT_LEAST, need.amount
    return Comparator.AT_MOST, need.amount if need.upper is None else need.upper


def column_for(row: str, indicator: Indicator, year: int, need: Required, rule: Rule) -> Column:
    """A column that hands down what a unit must reach."""
    comparator, amount = divisible(need, indicator)
    rate = need.unit == PERCENT and comparator is not Comparator.KEEP
    return Column(
        row=row,
        indicator=indicator.code,
        year=year,
        comparator=comparator,
        whole=amount,
        rule=rule,
        unit="" if rate else need.unit,
        rate=rate,
    )


def required_of(column: Column, part: Part) -> Required | None:
    """What a unit must reach by its part of a column; None where nothing is asked of it."""
    if part is None:
        return None
    return Required(
        comparator=column.comparator, amount=part, unit=PERCENT if column.rate else column.unit
    )
