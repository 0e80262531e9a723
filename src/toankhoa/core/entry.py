"""Figures as a person types them: reading them, and what looks wrong about them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from toankhoa.core.measures import DataElement, TimeRule
from toankhoa.core.problems import Problem, Refused, Severity, refuse
from toankhoa.core.returns import NIL, NOT_APPLICABLE, Value

_WHOLE = re.compile(r"\d+|\d{1,3}(?:\.\d{3})+|\d{1,3}(?: \d{3})+")
_SIGNS: Mapping[str, Value | None] = {
    "": None,
    "-": NIL,
    "–": NIL,
    "không phát sinh": NIL,
    "/": NOT_APPLICABLE,
    "không áp dụng": NOT_APPLICABLE,
}
_YES_NO: Mapping[str, Value] = {"có": 1, "co": 1, "không": 0, "khong": 0}

LARGEST = 10**15  # far above any money in đồng a unit can hold, and far below where int64 sums could overflow
JUMP = 3  # a figure this many times its last one, or a third of it, deserves a second look
SMALL = 10  # below this, big ratios mean nothing


def read_figure(text: str, element: DataElement) -> Value | None:
    """What was typed: a whole number ("1.234" is 1234), NIL for "–", NOT_APPLICABLE for "/", None for a blank.

    Raises `Refused` for anything else, with the way to mend it.
    """
    text = " ".join(text.split()).lower()
    if text in _SIGNS:
        return _SIGNS[text]
    if element.yes_no and text in _YES_NO:
        return _YES_NO[text]
    if not _WHOLE.fullmatch(text):
        raise _refused("entry-number", element, f"“{text}” không phải số nguyên. Gõ số, ví dụ 1.234", text)
    number = int(re.sub(r"\D", "", text))
    if element.yes_no and number > 1:
        raise _refused("entry-yes-no", element, "chỉ gõ 1 (có) hoặc 0 (không)", text)
    if number > LARGEST:
        raise _refused("entry-large", element, "số quá lớn, hãy kiểm tra lại", text)
    return number


def contradictions(values: Mapping[str, Value], elements: Mapping[str, DataElement]) -> list[Problem]:
    """Parts greater than their whole: a return that holds one is not sent."""
    return [
        Problem(
            "entry-part",
            Severity.ERROR,
            f"“{elements[code].name}” ({part}) lớn hơn “{elements[whole].name}” ({values[whole]}). Sửa một trong hai.",
            fragment=code,
        )
        for code, part in values.items()
        if (whole := elements[code].of) and isinstance(part, int) and _exceeds(part, values.get(whole))
    ]


def surprises(
    values: Mapping[str, Value], before: Mapping[str, Value], elements: Mapping[str, DataElement]
) -> list[Problem]:
    """Stock figures far from their last ones: worth a second look, never a reason to refuse."""
    return [
        Problem(
            "entry-jump",
            Severity.WARNING,
            f"“{elements[code].name}”: {now}, kỳ trước {before[code]}. Thay đổi lớn, hãy xem lại trước khi gửi.",
            fragment=code,
        )
        for code, now in values.items()
        if elements[code].time is TimeRule.STOCK and _jumps(now, before.get(code))
    ]


def missing(values: Mapping[str, Value], codes: Iterable[str]) -> list[str]:
    """Codes of the figures not typed yet."""
    return [code for code in codes if code not in values]


def _exceeds(part: int, whole: Value | None) -> bool:
    if whole == NIL:
        whole = 0
    return isinstance(whole, int) and part > whole


def _jumps(now: Value, was: Value | None) -> bool:
    if not isinstance(now, int) or not isinstance(was, int) or max(now, was) < SMALL:
        return False
    return now > JUMP * was or was > JUMP * now


def _refused(code: str, element: DataElement, why: str, fragment: str) -> Refused:
    return refuse(code, f"{element.name}: {why}.", fragment)
