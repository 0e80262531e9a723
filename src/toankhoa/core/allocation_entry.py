"""Parts and rules of an allocation as a person types them, and parts as they are shown again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from toankhoa.core.allocation import Method, Part, Rule
from toankhoa.core.numbers import format_number, read_number
from toankhoa.core.problems import refuse
from toankhoa.core.text import fold, tidy

NOTHING = "–"  # typed and shown where nothing is asked of a unit
_NOTHING = frozenset({"-", NOTHING, "—", "khong giao"})
_MINUS = ("-", "–", "−")
LARGEST = 10**13
_CALLED = {
    "each": "mức cho mỗi đơn vị",
    "stretch": "tăng thêm",
    "least": "ít nhất",
    "most": "nhiều nhất",
    "reserve": "dự phòng",
}


def read_part(text: str, *, rate: bool) -> Part:
    """What was typed for a unit: "1.234", "88,3%" or "88,3" of a rate, "–" where nothing is asked of it.

    Raises `Refused` for anything else, with the way to mend it.
    """
    typed = tidy(text)
    if fold(typed) in _NOTHING:
        return None
    amount = _amount(typed.removesuffix("%") if rate else typed)
    if amount is None:
        raise refuse("part-number", f"“{typed}” không phải số. Gõ số, ví dụ 1.234, hoặc “–” nếu không giao.", typed)
    if rate and not 0 <= amount <= 100:
        raise refuse("part-rate", f"“{typed}” không phải tỷ lệ từ 0 đến 100%.", typed)
    if not rate and amount.denominator != 1:
        raise refuse("part-whole", f"“{typed}” không phải số nguyên. Số đếm được giao bằng số nguyên.", typed)
    return amount


def say_part(part: Part) -> str:
    """A part as it is typed."""
    return NOTHING if part is None else format_number(Decimal(part.numerator) / part.denominator)


def read_rule(said: Mapping[str, str], was: Rule) -> Rule:
    """A rule with what was typed of it; what is not in `said` stays as it was. Raises `Refused`, see `read_part`."""
    return replace(
        was,
        method=Method(said["method"]) if said.get("method") in set(Method) else was.method,
        weight=said.get("weight", was.weight),
        each=_exact(said, "each", was.each),
        stretch=_exact(said, "stretch", was.stretch) or Fraction(0),
        least=_whole(said, "least", was.least),
        most=_whole(said, "most", was.most),
        reserve=_whole(said, "reserve", was.reserve) or 0,
    )


def _exact(said: Mapping[str, str], name: str, was: Part) -> Part:
    """None where it was left blank."""
    if name not in said:
        return was
    typed = tidy(said[name])
    amount = _amount(typed.removesuffix("%"))
    if typed and amount is None:
        raise refuse("rule-number", f"Ô “{_CALLED[name]}”: “{typed}” không phải số. Hãy gõ số hoặc để trống.", typed)
    return amount


def _whole(said: Mapping[str, str], name: str, was: int | None) -> int | None:
    amount = _exact(said, name, None if was is None else Fraction(was))
    if amount is not None and amount.denominator != 1:
        raise refuse("rule-number", f"Ô “{_CALLED[name]}” phải là số nguyên. Hãy sửa hoặc để trống.", said[name])
    return None if amount is None else int(amount)


def _amount(typed: str) -> Part:
    """A number with its sign, None where it is none or too large to be one."""
    sign, digits = (-1, typed[1:]) if typed.startswith(_MINUS) else (1, typed)
    read = read_number(digits.strip(), ",")
    return None if read is None or read.value > LARGEST else sign * Fraction(read.value)
