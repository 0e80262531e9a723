"""Vietnamese numbers and dates, in and out: 1.234,5 · 02 · 88,3% · ngày 29 tháng 9 năm 2017.

Screens, Word and Excel all print with these functions: a framework's `vi` locale cannot be trusted
with them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from toankhoa.core.basics.problems import Problem, Severity, Source
from toankhoa.core.basics.rounding import half_up

NUMBER = r"\d+(?:[.,]\d+)*"
_NUMBER = re.compile(NUMBER)
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_DATE = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})")
_LONG_DATE = re.compile(r"ngày\s*(\d{1,2})\s*tháng\s*(\d{1,2})\s*năm\s*(\d{4})", re.IGNORECASE)
_DECIMALS = 2  # of an exact fraction, where the caller names no number of places


@dataclass(frozen=True, slots=True)
class NumberReading:
    """What a written number means; `alternative` where the writing does not decide between two."""

    value: Decimal
    alternative: Decimal | None = None


def read_number(text: str, decimal: str | None = None) -> NumberReading | None:
    """Read "1.234,5", "02", "5.000"; None where it is no number.

    `decimal` is the sign that the document is known to write before decimals ("," or "."), or None
    where unknown. "1.234" is read the Vietnamese way, 1234, with the `alternative` 1.234 as long as
    the document does not decide.
    """
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        return None
    marks = _marks(text)
    if len(set(marks)) == 2:
        return _read_both_marks(text, marks[-1])
    if len(marks) > 1:
        return NumberReading(_whole(text)) if _GROUPED.fullmatch(text) else None
    if not marks:
        return NumberReading(Decimal(text))
    return _read_one_mark(text, marks[0], decimal)


def _marks(text: str) -> list[str]:
    return [char for char in text if char in ".,"]


def _whole(text: str) -> Decimal:
    return Decimal(text.replace(".", "").replace(",", ""))


def _read_both_marks(text: str, last_mark: str) -> NumberReading | None:
    """The last mark is the decimal one: 1.234,5 or 1,234.5."""
    head, _, tail = text.rpartition(last_mark)
    if last_mark in head or not _GROUPED.fullmatch(head):
        return None
    return NumberReading(Decimal(f"{_whole(head)}.{tail}"))


def _read_one_mark(text: str, mark: str, decimal: str | None) -> NumberReading:
    fraction, whole = Decimal(text.replace(",", ".")), _whole(text)
    grouped = _GROUPED.fullmatch(text) is not None
    if text.startswith("0") or (mark == "," and not grouped):
        return NumberReading(fraction)
    if not grouped:  # 18.5: no group of three, yet no Vietnamese decimal either
        return NumberReading(fraction, None if decimal == "." else whole)
    if decimal:
        return NumberReading(fraction if mark == decimal else whole)
    if mark == ".":
        return NumberReading(whole, alternative=fraction)
    return NumberReading(fraction, alternative=whole)


def decimal_mark(text: str) -> str | None:
    """The sign a text writes before decimals, where its numbers show it beyond doubt and agree."""
    shown = {_plain_decimal(number) for number in _NUMBER.findall(text)} - {None}
    return shown.pop() if len(shown) == 1 else None


def _plain_decimal(number: str) -> str | None:
    """The decimal sign of a number that can be read in one way only: 1.234,5 or 18,5."""
    marks = _marks(number)
    if len(set(marks)) == 2:
        return marks[-1]
    return "," if marks == [","] and not _GROUPED.fullmatch(number) else None


def ambiguity(text: str, reading: NumberReading, source: Source) -> tuple[Problem, ...]:
    """The problem of a number that can be read in two ways, or nothing."""
    if reading.alternative is None:
        return ()
    first, second = format_number(reading.value), format_number(reading.alternative)
    message = (
        f"Số “{text}” có thể là {first} hoặc {second}; đã hiểu là {first}. "
        "Hãy viết lại theo lối 1.234,5."
    )
    return (Problem("number-ambiguous", Severity.WARNING, message, source, text),)


def format_number(value: int | Decimal | Fraction, places: int | None = None) -> str:
    """1.234.567,5.

    With `places`, to so many decimals, a half away from zero; without, as exact as it is (a
    fraction: two decimals).
    """
    digits = _exact(value) if places is None else _to_places(value, places)
    sign = "-" if digits.startswith("-") else ""
    whole, _, decimals = digits.removeprefix("-").partition(".")
    grouped = f"{int(whole):,}".replace(",", ".")
    return f"{sign}{grouped},{decimals}" if decimals else f"{sign}{grouped}"


def _to_places(value: int | Decimal | Fraction, places: int) -> str:
    """Plain digits with a point. Below zero as above it: -0,5 is -1, as people round by hand."""
    fraction = Fraction(value)
    units = half_up(abs(fraction) * 10**places)
    digits = f"{units:0{places + 1}d}"
    if places:
        digits = f"{digits[:-places]}.{digits[-places:]}"
    return f"-{digits}" if fraction < 0 and units else digits


def _exact(value: int | Decimal | Fraction) -> str:
    if isinstance(value, Fraction):
        digits = _to_places(value, _DECIMALS)
    else:
        digits = format(Decimal(value), "f")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def format_percent(percent: int | Decimal | Fraction, places: int | None = None) -> str:
    """88,3%. The argument counts percents already: 88.3, not 0.883."""
    return f"{format_number(percent, places)}%"


def _padded(day: date) -> tuple[str, str]:
    """Days below 10, January and February get a zero: Decree 30/2020 on official documents."""
    return f"{day.day:02}", f"{day.month:02}" if day.month < 3 else str(day.month)


def format_date(day: date) -> str:
    """29/9/2017, 05/02/2018."""
    number, month = _padded(day)
    return f"{number}/{month}/{day.year}"


def long_date(day: date) -> str:
    """ngày 29 tháng 9 năm 2017."""
    number, month = _padded(day)
    return f"ngày {number} tháng {month} năm {day.year}"


def read_date(text: str) -> date | None:
    """The first date in a text, or None: "29/9/2017" (day first), "ngày 29 tháng 9 năm 2017"."""
    match = _LONG_DATE.search(text) or _DATE.search(text)
    if not match:
        return None
    day, month, year = map(int, match.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None
