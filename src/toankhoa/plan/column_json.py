"""A column of an allocation as JSON: what a decision keeps. Amounts are exact: 342, or "883/10" for 88,3."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from toankhoa.core.allocation import Column, Method, Part, Parts, Rule
from toankhoa.core.plan import Comparator


def column_json(column: Column) -> dict[str, Any]:
    """See `column_from`."""
    rule = column.rule
    return {
        "row": column.row,
        "indicator": column.indicator,
        "year": column.year,
        "comparator": column.comparator,
        "whole": _amount(column.whole),
        "unit": column.unit,
        "rate": column.rate,
        "rule": {
            "method": rule.method,
            "each": _amount(rule.each),
            "weight": rule.weight,
            "stretch": _amount(rule.stretch),
            "places": list(rule.places),
            "least": rule.least,
            "most": rule.most,
            "reserve": rule.reserve,
        },
        "fixed": _parts_json(column.fixed),
        "parts": _parts_json(column.parts),
    }


def column_from(data: Mapping[str, Any]) -> Column:
    """The column that `column_json` wrote."""
    rule = data["rule"]
    return Column(
        row=data["row"],
        indicator=data["indicator"],
        year=data["year"],
        comparator=Comparator(data["comparator"]),
        whole=Fraction(data["whole"]),
        unit=data["unit"],
        rate=data["rate"],
        rule=Rule(
            method=Method(rule["method"]),
            each=_part(rule["each"]),
            weight=rule["weight"],
            stretch=Fraction(rule["stretch"]),
            places=tuple(rule["places"]),
            least=rule["least"],
            most=rule["most"],
            reserve=rule["reserve"],
        ),
        fixed={code: _part(part) for code, part in data["fixed"].items()},
        parts={code: _part(part) for code, part in data["parts"].items()},
    )


def _parts_json(parts: Parts) -> dict[str, int | str | None]:
    return {code: _amount(part) for code, part in sorted(parts.items())}


def _amount(amount: Part) -> int | str | None:
    if amount is None:
        return None
    return amount.numerator if amount.denominator == 1 else str(amount)


def _part(written: int | str | None) -> Part:
    return None if written is None else Fraction(written)
