"""A target as one unit must meet it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from toankhoa.core.measures import Indicator, IndicatorKind
from toankhoa.core.plan import Comparator, Target

PERCENT = "%"


@dataclass(frozen=True, slots=True, kw_only=True)
class Required:
    """A target as this unit must meet it: comparator and amounts for the whole unit."""

    comparator: Comparator
    amount: Fraction
    upper: Fraction | None = None
    unit: str = ""


def required(
    target: Target,
    indicator: Indicator,
    units: Mapping[str, int],
    *,
    whole: bool,
    reporters: int = 1,
) -> Required | None:
    """A plan's target for one unit with so many `units` per level at or below it.

    A rate is the same for everyone. An amount per unit of a level is multiplied by the units of
    that level: "mỗi chi nhánh 2 mô hình" is 6 of a region of three branches, 2 of each. A milestone
    is owed by every unit that answers for it (`reporters`). An amount for the whole body holds only
    for the unit that the plan is made for (`whole`) until it is handed down. None where it does not
    hold here (a unit without branches owes nothing "per branch") or where target and indicator are
    not in the same kind of number.
    """
    if (target.unit == PERCENT) != (indicator.kind is IndicatorKind.RATIO):
        return None
    factor = 1
    if target.level is not None:
        factor = units.get(target.level, 0)
    elif indicator.kind is IndicatorKind.MILESTONE:
        factor = reporters
    elif target.unit != PERCENT and not whole:
        return None
    if not factor:
        return None
    return Required(
        comparator=target.comparator,
        amount=_exact(target.amount) * factor,
        upper=None if target.upper is None else _exact(target.upper) * factor,
        unit=target.unit,
    )


def _exact(amount: Decimal) -> Fraction:
    return Fraction(amount)
