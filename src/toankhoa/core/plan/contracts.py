"""The contracts that stored plans, bindings and allocation columns were written under.

A stored document and an audit entry are never rewritten. Each says the version of its contract
(`"contract": 2`; none means 1), and what an older one holds is upcast when it is read. A reverse
patch belongs to the raw JSON: it is applied first, then the result is upcast.

Contract 1 knew two levels by name and wrote an amount for each of their units as basis or method
`per_<code of the level>`. Contract 2 writes `per_unit`, with the code as `level`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

CONTRACT = 2
KEY = "contract"
PER_UNIT = "per_unit"
_PER_LEVEL = re.compile(r"per_(\w+)")
_PER_UNIT_SHOWN = re.compile(r"<Basis\.PER_UNIT: 'per_unit'>, level='([^']*)'")

Json = Mapping[str, Any]


def contract_of(document: Json) -> int:
    """The contract that a stored object was written under.

    Raises ValueError where it is one that a later version of the program wrote.
    """
    contract: int = document.get(KEY, 1)
    if contract > CONTRACT:
        raise ValueError(f"contract {contract} is newer than {CONTRACT}")
    return contract


def upcast_target(target: Json, contract: int) -> Json:
    """A target as contract 2 writes it."""
    return target if contract >= CONTRACT else _with_level(target, "basis")


def upcast_rule(rule: Json, contract: int) -> Json:
    """The rule of an allocation column as contract 2 writes it."""
    return rule if contract >= CONTRACT else _with_level(rule, "method")


def _with_level(written: Json, key: str) -> Json:
    """`{"basis": "per_x"}` as `{"basis": "per_unit", "level": "x"}`; others get no level."""
    per_level = _PER_LEVEL.fullmatch(written[key])
    if per_level is None or written[key] == PER_UNIT:
        return {**written, "level": None}
    return {**written, key: PER_UNIT, "level": per_level[1]}


def as_shown_in_contract_1(record: str) -> str:
    """The `repr` of a record with its targets as they were shown under contract 1.

    What a person has confirmed of an amendment is kept as a digest of such a text: a draft that was
    under review before contract 2 keeps her confirmations.
    """
    by_level = _PER_UNIT_SHOWN.sub(
        lambda shown: f"<Basis.PER_{shown[1].upper()}: 'per_{shown[1]}'>", record
    )
    return by_level.replace(", level=None", "")
