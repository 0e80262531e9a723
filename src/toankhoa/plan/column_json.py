"""A column of an allocation as JSON: what a decision keeps.

Amounts are exact: 342, or "883/10" for 88,3.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from typing import Any

from toankhoa.core.plan import CONTRACT, KEY, Comparator, contract_of, upcast_rule
from toankhoa.core.targets import AllocationMethod, Column, Limits, Part, Parts, Reach, Rule


def column_json(column: Column) -> dict[str, Any]:
    """See `column_from`."""
    rule = column.rule
    return {
        KEY: CONTRACT,
        "row": column.row,
        "indicator": column.indicator,
        "year": column.year,
        "comparator": column.comparator,
        "whole": _amount(column.whole),
        "unit": column.unit,
        "rate": column.rate,
        "rule": {
            "method": rule.method,
            "level": rule.level,
            "each": _amount(rule.each),
            "weight": rule.weight,
            "stretch": _amount(rule.stretch),
            "places": list(rule.places),
            "least": rule.least,
            "most": rule.most,
            "reserve": rule.reserve,
            "reach": rule.reach,
        },
        "fixed": _parts_json(column.fixed),
        "limits": {
            code: [each.least, each.most, each.reserve]
            for code, each in sorted(column.limits.items())
        },
        "parts": _parts_json(column.parts),
    }


def column_from(data: Mapping[str, Any], only: Collection[str] | None = None) -> Column:
    """The column that `column_json` wrote; `only`: what concerns these units, where no other is
    asked for.

    Columns written before there were limits and depths have none and go to the units directly
    below; those of an older contract are upcast.
    """
    rule = upcast_rule(data["rule"], contract_of(data))
    return Column(
        row=data["row"],
        indicator=data["indicator"],
        year=data["year"],
        comparator=Comparator(data["comparator"]),
        whole=Fraction(data["whole"]),
        unit=data["unit"],
        rate=data["rate"],
        rule=Rule(
            method=AllocationMethod(rule["method"]),
            level=rule["level"],
            each=_part(rule["each"]),
            weight=rule["weight"],
            stretch=Fraction(rule["stretch"]),
            places=tuple(rule["places"]),
            least=rule["least"],
            most=rule["most"],
            reserve=rule["reserve"],
            reach=Reach(rule.get("reach", Reach.NEXT)),
        ),
        fixed={code: _part(part) for code, part in _of(data["fixed"], only)},
        limits={code: Limits(*limits) for code, limits in _of(data.get("limits", {}), only)},
        parts={code: _part(part) for code, part in _of(data["parts"], only)},
    )


def _of(by_unit: Mapping[str, Any], only: Collection[str] | None) -> Iterable[tuple[str, Any]]:
    if only is None:
        return by_unit.items()
    return [(code, by_unit[code]) for code in only if code in by_unit]


def _parts_json(parts: Parts) -> dict[str, int | str | None]:
    return {code: _amount(part) for code, part in sorted(parts.items())}


def _amount(amount: Part) -> int | str | None:
    if amount is None:
        return None
    return amount.numerator if amount.denominator == 1 else str(amount)


def _part(written: int | str | None) -> Part:
    return None if written is None else Fraction(written)
