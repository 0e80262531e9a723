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
    limits = {code: each for code, each in column.limits.items() if code != unit}
    fixed |= {unit: entry.part} if entry.by_hand else {}
    limits |= {unit: entry.limits} if entry.limits != FREE else {}
    return replace(column, fixed=fixed, limits=limits)


def read_typed_part(text: str, column: Column) -> TypedPart:
    """What was typed for a unit: a part (`read_part`), or bounds that the rule keeps to: "≥ 3", "≤
    10", "3–10".

    After a semicolon, or alone, what it holds back: "205; dp 5". Blank: nothing is set. Raises
    `Refused`.
    """
    entry = TypedPart()
    for said in filter(None, map(tidy, text.split(";"))):
        limits = _limits(said, entry.limits)
        entry = replace(entry, limits=limits) if limits else _by_hand(said, column, entry)
    limits = entry.limits
    if limits != FREE and column.alike:
        raise refuse(
            "part-limits", f"“{tidy(text)}”: giới hạn và dự phòng chỉ dùng cho số đếm được.", text
        )
    if limits.least is not None and limits.most is not None and limits.least > limits.most:
        raise refuse(
            "part-limits", f"“{tidy(text)}”: ít nhất lớn hơn nhiều nhất. Hãy sửa một số.", text
        )
    if limits.bounds and entry.by_hand:
        raise refuse(
            "part-limits",
            f"“{tidy(text)}”: ghi mức, hoặc ghi giới hạn cho cách giao, không ghi cả hai.",
            text,
        )
    return entry


def _by_hand(said: str, column: Column, entry: TypedPart) -> TypedPart:
    if entry.by_hand:
        raise refuse("part-number", f"“{said}”: ô này đã có một mức. Mỗi ô ghi một mức.", said)
    return replace(entry, by_hand=True, part=read_part(said, rate=column.rate, keeps=column.keeps))


def _limits(said: str, was: Limits) -> Limits | None:
    """The limits with these words; None where they are no limit."""
    words = fold(said)
    if found := _RESERVE.fullmatch(words):
        return replace(was, reserve=_count(found[1], said))
    if found := _BETWEEN.fullmatch(words):
        return replace(was, least=_count(found[1], said), most=_count(found[2], said))
    if found := _LEAST.fullmatch(words):
        return replace(was, least=_count(found[1], said))
    if found := _MOST.fullmatch(words):
        return replace(was, most=_count(found[1], said))
    return None


def _count(digits: str, said: str) -> int:
    amount = _amount(digits)
    if amount is None or amount.denominator != 1:
        raise refuse(
            "part-limits", f"“{said}” không phải số nguyên. Gõ ví dụ ≥ 3, 3–10 hoặc dp 5.", said
        )
    return int(amount)


def say_typed_part(entry: TypedPart, column: Column) -> str:
    """What is set, as it is typed."""
    part = [say_part(entry.part, keeps=column.keeps)] if entry.by_hand else []
    return "; ".join([*part, *say_limits(entry.limits)])


def say_limits(limits: Limits) -> list[str]:
    """Each limit as it is typed: `3–10`, `dp 5`."""
    least, most = (
        None if each is None else format_number(each) for each in (limits.least, limits.most)
    )
    said = (
        [f"{least}–{most}"]
        if least and most
        else [f"≥ {least}"]
        if least
        else [f"≤ {most}"]
        if most
        else []
    )
    return [*said, *([f"dp {format_number(limits.reserve)}"] if limits.reserve else [])]


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


def read_rule(said: Mapping[str, str], was: Rule) -> Rule:
    """A rule with what was typed of it; what is not in `said` stays as it was. Raises `Refused`,
    see `read_part`.

    `method` may hold the level with it (`say_method`), or `level` says it.
    """
    method, level = _read_method(said, was)
    return replace(
        was,
        method=method,
        level=level,
        reach=Reach(said["reach"]) if said.get("reach") in set(Reach) else was.reach,
        weight=said.get("weight", was.weight),
        each=_exact(said, "each", was.each),
        stretch=_exact(said, "stretch", was.stretch) or Fraction(0),
        least=_whole(said, "least", was.least),
        most=_whole(said, "most", was.most),
        reserve=_whole(said, "reserve", was.reserve) or 0,
    )


def _read_method(said: Mapping[str, str], was: Rule) -> tuple[AllocationMethod, str | None]:
    """The method, and the level whose units it counts. Refused where it counts units and no level
    is said.
    """
    written, _, of_level = said.get("method", "").partition(":")
    method = AllocationMethod(written) if written in set(AllocationMethod) else was.method
    if method is not AllocationMethod.PER_UNIT:
        return method, None
    level = of_level or said.get("level") or was.level
    if not level:
        raise refuse(
            "rule-level", "Chưa rõ mỗi đơn vị của cấp nào. Hãy chọn cấp được tính ở cách giao."
        )
    return method, level


def _exact(said: Mapping[str, str], name: str, was: Part) -> Part:
    """None where it was left blank."""
    if name not in said:
        return was
    typed = tidy(said[name])
    amount = _amount(typed.removesuffix("%"))
    if typed and amount is None:
        raise refuse(
            "rule-number",
            f"Ô “{_CALLED[name]}”: “{typed}” không phải số. Hãy gõ số hoặc để trống.",
            typed,
        )
    return amount


def _whole(said: Mapping[str, str], name: str, was: int | None) -> int | None:
    amount = _exact(said, name, None if was is None else Fraction(was))
    if amount is not None and amount.denominator != 1:
        raise refuse(
            "rule-number",
            f"Ô “{_CALLED[name]}” phải là số nguyên. Hãy sửa hoặc để trống.",
            said[name],
        )
    return None if amount is None else int(amount)


def _amount(typed: str) -> Part:
    """A number with its sign, None where it is none or too large to be one."""
    sign, digits = (-1, typed[1:]) if typed.startswith(_MINUS) else (1, typed)
    read = read_number(digits.strip(), ",")
    return None if read is None or read.value > LARGEST else sign * Fraction(read.value)
