"""Parts, limits and rules of an allocation as a person types them, and as they are shown again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from toankhoa.core.basics import fold, format_number, read_number, refuse, tidy
from toankhoa.core.targets.allocation import (
    FREE,
    AllocationMethod,
    Column,
    Limits,
    Part,
    Reach,
    Rule,
)

NOTHING = "–"  # typed and shown where nothing is asked of a unit
KEPT = "giữ"
_NOTHING = frozenset({"-", NOTHING, "—", "khong giao"})
_KEPT = frozenset({"giu", "duy tri", "x", "v", "co", "1"})
_MINUS = ("-", "–", "−")
LARGEST = 10**13
_CALLED = {
    "each": "mức cho mỗi đơn vị",
    "stretch": "tăng thêm",
    "least": "ít nhất",
    "most": "nhiều nhất",
    "reserve": "dự phòng",
}
_NUMBER = r"(\d[\d.]*)"
_LEAST = re.compile(rf"(?:≥|>=|=>|tu|it nhat)\s*{_NUMBER}")
_MOST = re.compile(rf"(?:≤|<=|=<|den|nhieu nhat)\s*{_NUMBER}")
_BETWEEN = re.compile(rf"(?:tu\s*)?{_NUMBER}\s*(?:-|–|—|\.\.|…|den)\s*{_NUMBER}")
_RESERVE = re.compile(rf"(?:dp|du phong)\s*{_NUMBER}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedPart:
    """What a person set for one unit: its part where it is `by_hand`, what binds it, what it holds
    back.
    """

    by_hand: bool = False
    part: Part = None
    limits: Limits = FREE


def typed_part(column: Column, unit: str) -> TypedPart:
    """What is set for a unit in a column."""
    limits = column.limits.get(unit, FREE)
    return TypedPart(by_hand=unit in column.fixed, part=column.fixed.get(unit), limits=limits)


def with_typed_part(column: Column, unit: str, entry: TypedPart) -> Column:
    """The column with this set for a unit, and nothing else."""
    fixed = {code: part for code, part in column.fixed.items() if code != unit}
    limits = {code: bound for code, bound in column.limits.items() if code != unit}
    if entry.by_hand:
        fixed[unit] = entry.part
    if entry.limits != FREE:
        limits[unit] = entry.limits
    return replace(column, fixed=fixed, limits=limits)


def read_typed_part(text: str, column: Column) -> TypedPart:
    """What was typed for a unit: a part (`read_part`), or bounds that the rule keeps to.

    Bounds are typed `≥ 3`, `≤ 10`, `3–10`; after a semicolon, or alone, what it holds back:
    `205; dp 5`. Blank: nothing is set. Raises `Refused`.
    """
    entry = TypedPart()
    for piece in filter(None, map(tidy, text.split(";"))):
        limits = _limits(piece, entry.limits)
        entry = replace(entry, limits=limits) if limits else _by_hand(piece, column, entry)
    if wrong := _why_not(entry, column):
        raise refuse("part-limits", f"“{tidy(text)}”: {wrong}", text)
    return entry


def _why_not(entry: TypedPart, column: Column) -> str:
    """Why a column does not take what was typed; blank where it does."""
    limits = entry.limits
    if limits != FREE and column.alike:
        return "giới hạn và dự phòng chỉ dùng cho số đếm được."
    if limits.least is not None and limits.most is not None and limits.least > limits.most:
        return "ít nhất lớn hơn nhiều nhất. Hãy sửa một số."
    if limits.bounds and entry.by_hand:
        return "ghi mức, hoặc ghi giới hạn cho cách giao, không ghi cả hai."
    return ""


def _by_hand(piece: str, column: Column, entry: TypedPart) -> TypedPart:
    if entry.by_hand:
        raise refuse("part-number", f"“{piece}”: ô này đã có một mức. Mỗi ô ghi một mức.", piece)
    return replace(entry, by_hand=True, part=read_part(piece, rate=column.rate, keeps=column.keeps))


def _limits(piece: str, was: Limits) -> Limits | None:
    """The limits with these words; None where they are no limit."""
    words = fold(piece)
    if match := _RESERVE.fullmatch(words):
        return replace(was, reserve=_count(match[1], piece))
    if match := _BETWEEN.fullmatch(words):
        return replace(was, least=_count(match[1], piece), most=_count(match[2], piece))
    if match := _LEAST.fullmatch(words):
        return replace(was, least=_count(match[1], piece))
    if match := _MOST.fullmatch(words):
        return replace(was, most=_count(match[1], piece))
    return None


def _count(digits: str, piece: str) -> int:
    amount = _amount(digits)
    if amount is None or amount.denominator != 1:
        raise refuse(
            "part-limits", f"“{piece}” không phải số nguyên. Gõ ví dụ ≥ 3, 3–10 hoặc dp 5.", piece
        )
    return int(amount)


def say_typed_part(entry: TypedPart, column: Column) -> str:
    """What is set, as it is typed."""
    part = [say_part(entry.part, keeps=column.keeps)] if entry.by_hand else []
    return "; ".join([*part, *say_limits(entry.limits)])


def say_limits(limits: Limits) -> list[str]:
    """Each limit as it is typed: `3–10`, `dp 5`."""
    words: list[str] = []
    if bounds := _say_bounds(limits.least, limits.most):
        words.append(bounds)
    if limits.reserve:
        words.append(f"dp {format_number(limits.reserve)}")
    return words


def _say_bounds(least: int | None, most: int | None) -> str:
    """`3–10`, `≥ 3`, `≤ 10`; blank where nothing binds."""
    if least is not None and most is not None:
        return f"{format_number(least)}–{format_number(most)}"
    if least is not None:
        return f"≥ {format_number(least)}"
    return "" if most is None else f"≤ {format_number(most)}"


def read_part(text: str, *, rate: bool, keeps: bool = False) -> Part:
    """What was typed for a unit: "1.234", "88,3%" or "88,3" of a rate, "giữ" of "keep", "–" where
    nothing is asked.

    Raises `Refused` for anything else, with the way to mend it.
    """
    typed = tidy(text)
    if fold(typed) in _NOTHING:
        return None
    if keeps:
        if fold(typed) in _KEPT:
            return Fraction(1)
        raise refuse(
            "part-keep",
            f"“{typed}”: gõ “{KEPT}” nếu giao giữ như năm trước, “–” nếu không giao.",
            typed,
        )
    amount = _amount(typed.removesuffix("%") if rate else typed)
    if amount is None:
        raise refuse(
            "part-number",
            f"“{typed}” không phải số. Gõ số, ví dụ 1.234, hoặc “–” nếu không giao.",
            typed,
        )
    if rate and not 0 <= amount <= 100:
        raise refuse("part-rate", f"“{typed}” không phải tỷ lệ từ 0 đến 100%.", typed)
    if not rate and amount.denominator != 1:
        raise refuse(
            "part-whole", f"“{typed}” không phải số nguyên. Số đếm được giao bằng số nguyên.", typed
        )
    return amount


def say_part(part: Part, *, keeps: bool = False) -> str:
    """A part as it is typed."""
    if part is None:
        return NOTHING
    return KEPT if keeps else format_number(Decimal(part.numerator) / part.denominator)


def say_method(rule: Rule) -> str:
    """A rule's method as one choice among others, as `read_rule` takes it: `equal`,
    `per_unit:xa_doan`.
    """
    return f"{rule.method}:{rule.level}" if rule.level else str(rule.method)


def read_rule(typed_fields: Mapping[str, str], was: Rule) -> Rule:
    """A rule with what was typed of it; what is not in `typed_fields` stays as it was.

    Raises `Refused`, see `read_part`.

    `method` may hold the level with it (`say_method`), or `level` says it.
    """
    method, level = _read_method(typed_fields, was)
    return replace(
        was,
        method=method,
        level=level,
        reach=_read_reach(typed_fields, was),
        weight=typed_fields.get("weight", was.weight),
        each=_exact(typed_fields, "each", was.each),
        stretch=_exact(typed_fields, "stretch", was.stretch) or Fraction(0),
        least=_whole(typed_fields, "least", was.least),
        most=_whole(typed_fields, "most", was.most),
        reserve=_whole(typed_fields, "reserve", was.reserve) or 0,
    )


def _read_reach(typed_fields: Mapping[str, str], was: Rule) -> Reach:
    reach = typed_fields.get("reach")
    return Reach(reach) if reach in set(Reach) else was.reach


def _read_method(typed_fields: Mapping[str, str], was: Rule) -> tuple[AllocationMethod, str | None]:
    """The method, and the level whose units it counts.

    Refused where it counts units and no level is said.
    """
    written, _, of_level = typed_fields.get("method", "").partition(":")
    method = AllocationMethod(written) if written in set(AllocationMethod) else was.method
    if method is not AllocationMethod.PER_UNIT:
        return method, None
    level = of_level or typed_fields.get("level") or was.level
    if not level:
        raise refuse(
            "rule-level", "Chưa rõ mỗi đơn vị của cấp nào. Hãy chọn cấp được tính ở cách giao."
        )
    return method, level


def _exact(typed_fields: Mapping[str, str], name: str, was: Part) -> Part:
    """None where it was left blank."""
    if name not in typed_fields:
        return was
    typed = tidy(typed_fields[name])
    amount = _amount(typed.removesuffix("%"))
    if typed and amount is None:
        raise refuse(
            "rule-number",
            f"Ô “{_CALLED[name]}”: “{typed}” không phải số. Hãy gõ số hoặc để trống.",
            typed,
        )
    return amount


def _whole(typed_fields: Mapping[str, str], name: str, was: int | None) -> int | None:
    amount = _exact(typed_fields, name, None if was is None else Fraction(was))
    if amount is not None and amount.denominator != 1:
        raise refuse(
            "rule-number",
            f"Ô “{_CALLED[name]}” phải là số nguyên. Hãy sửa hoặc để trống.",
            typed_fields[name],
        )
    return None if amount is None else int(amount)


def _amount(typed: str) -> Part:
    """A number with its sign, None where it is none or too large to be one."""
    sign, digits = (-1, typed[1:]) if typed.startswith(_MINUS) else (1, typed)
    read = read_number(digits.strip(), ",")
    return None if read is None or read.value > LARGEST else sign * Fraction(read.value)
