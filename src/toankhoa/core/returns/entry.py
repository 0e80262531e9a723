"""Figures as a person types them: reading them, and what looks wrong about them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from toankhoa.core.basics import Problem, Refused, Severity, fold, format_number, refuse, tidy
from toankhoa.core.measures import DataElement, TimeRule
from toankhoa.core.returns.values import NIL, NOT_APPLICABLE, Value

_WHOLE = re.compile(r"[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+")
# Words are looked up folded, so that they may be typed without diacritics.
_SIGNS: Mapping[str, Value | None] = {
    "": None,
    "-": NIL,
    "–": NIL,
    "—": NIL,
    "khong phat sinh": NIL,
    "/": NOT_APPLICABLE,
    "khong ap dung": NOT_APPLICABLE,
}
_YES_NO: Mapping[str, Value] = {"co": 1, "khong": 0}

# 10,000 billion đồng: above what any unit holds; twelve months of 50,000 units still fit an int64.
LARGEST = 10**13
_ENOUGH_DIGITS = len(str(LARGEST)) + 1
JUMP = 3  # a stock this many times its last one, or a third of it, deserves a second look
SMALL = 10  # below this, big ratios mean nothing
# What happens in a period swings more than what stands at its end: only another order of magnitude
# is surprising.
BURST = 10
FEW = 50


def read_figure(text: str, element: DataElement) -> Value | None:
    """What was typed: a whole number ("1.234" is 1234), NIL for "–", NOT_APPLICABLE for "/".

    None for a blank. Raises `Refused` for anything else, with the way to mend it.
    """
    typed = tidy(text)
    word = fold(typed)
    if word in _SIGNS:
        return _SIGNS[word]
    if element.yes_no and word in _YES_NO:
        return _YES_NO[word]
    if not _WHOLE.fullmatch(typed):
        raise _refused(
            "entry-number", element, f"“{typed}” không phải số nguyên. Gõ số, ví dụ 1.234", typed
        )
    digits = re.sub(r"[. ]", "", typed).lstrip("0") or "0"
    # A pasted page of digits is too large whatever its end: only its beginning becomes a number.
    return checked(int(digits[:_ENOUGH_DIGITS]), element)


def checked(value: Value, element: DataElement) -> Value:
    """The value itself where the element may have it; `Refused` otherwise.

    For figures that were not typed, too: those of a file, for example.
    """
    if value in (NIL, NOT_APPLICABLE):
        return value
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise _refused(
            "entry-number", element, f"“{value}” không phải số nguyên từ 0 trở lên", str(value)
        )
    if element.yes_no and value > 1:
        raise _refused("entry-yes-no", element, "chỉ gõ 1 (có) hoặc 0 (không)", str(value))
    if value > LARGEST:
        raise _refused("entry-large", element, "số quá lớn, hãy kiểm tra lại", str(value))
    return value


def contradictions(
    values: Mapping[str, Value], elements: Mapping[str, DataElement]
) -> list[Problem]:
    """Parts greater than their whole: a return that holds one is not sent."""
    problems: list[Problem] = []
    for code, part in values.items():
        whole = elements[code].of
        if whole is None or not isinstance(part, int):
            continue
        limit = _number(values.get(whole))
        if limit is not None and part > limit:
            message = (
                f"“{elements[code].name}” ({format_number(part)}) lớn hơn "
                f"“{elements[whole].name}” ({format_number(limit)}). Sửa một trong hai."
            )
            problems.append(Problem("entry-part", Severity.ERROR, message, fragment=code))
    return problems


def surprises(
    values: Mapping[str, Value],
    before: Mapping[str, Value],
    elements: Mapping[str, DataElement],
    past: Iterable[Mapping[str, Value]] = (),
) -> list[Problem]:
    """Figures far from what the unit typed earlier: worth a look, no reason to refuse.

    A stock is held against last period's (`before`), anything else against the most in it and in
    the `past`.
    """
    earlier = [before, *past]
    problems: list[Problem] = []
    for code, value in values.items():
        now = _number(value)
        if now is None:
            continue
        if elements[code].time is TimeRule.STOCK:
            why = _jump(now, _number(before.get(code)))
        else:
            why = _burst(now, _known_numbers(code, earlier))
        if why:
            message = f"“{elements[code].name}”: {format_number(now)}, {why}"
            problems.append(Problem("entry-jump", Severity.WARNING, message, fragment=code))
    return problems


def _known_numbers(code: str, returns: Iterable[Mapping[str, Value]]) -> list[int]:
    numbers: list[int] = []
    for values in returns:
        number = _number(values.get(code))
        if number is not None:
            numbers.append(number)
    return numbers


def missing(values: Mapping[str, Value], codes: Iterable[str]) -> list[str]:
    """Codes of the figures not typed yet."""
    return [code for code in codes if code not in values]


def _number(value: Value | None) -> int | None:
    if value == NIL:
        return 0
    return value if isinstance(value, int) else None


def _jump(now: int, was: int | None) -> str:
    """Why a stock surprises after what it was; nothing where it does not."""
    if was is None or max(now, was) < SMALL or (now <= JUMP * was and was <= JUMP * now):
        return ""
    return f"kỳ trước {format_number(was)}. Thay đổi lớn, hãy xem lại."


def _burst(now: int, earlier: list[int]) -> str:
    """Why what happened in a period surprises after earlier ones; nothing where it does not."""
    if not earlier or now <= FEW or now <= BURST * max(earlier):
        return ""
    most = format_number(max(earlier))
    return (
        f"hơn {BURST} lần số lớn nhất đã ghi trong một năm qua ({most}). "
        "Hãy xem lại, có thể đã gõ thừa chữ số."
    )


def _refused(code: str, element: DataElement, why: str, fragment: str) -> Refused:
    return refuse(code, f"{element.name}: {why}.", fragment)
