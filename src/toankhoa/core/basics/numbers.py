"""Vietnamese numbers and dates, in and out: 1.234,5 · 02 · 88,3% · ngày 29 tháng 9 năm 2017.

Screens, Word and Excel all print with these functions: a framework's `vi` locale cannot be trusted with them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from toankhoa.core.basics.problems import Problem, Severity, Source

NUMBER = r"\d+(?:[.,]\d+)*"
_NUMBER = re.compile(NUMBER)
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_DATE = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})")
_LONG_DATE = re.compile(r"ngày\s*(\d{1,2})\s*tháng\s*(\d{1,2})\s*năm\s*(\d{4})", re.IGNORECASE)
_DECIMALS = 2  # of an exact fraction, where the caller names no number of places


@dataclass(frozen=True, slots=True)
class NumberReading:
    """What a written number means; `other` is the second meaning where the writing does not decide."""

    value: Decimal
    other: Decimal | None = None


def read_number(text: str, decimal: str | None = None) -> NumberReading | None:
    """Read "1.234,5", "02", "5.000"; None where it is no number.

    `decimal` is the sign that the document is known to write before decimals ("," or "."), or None where unknown.
    "1.234" is read the Vietnamese way, 1234, with `other` 1.234 as long as the document does not decide.
    """
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        return None
    marks = [char for char in text if char in ".,"]
    if len(set(marks)) == 2:
        return _read_both_marks(text, marks)
    if len(marks) > 1:
        return NumberReading(_whole(text)) if _GROUPED.fullmatch(text) else None
    if not marks:
        return NumberReading(Decimal(text))
    return _read_one_mark(text, marks[0], decimal)


def _whole(text: str) -> Decimal:
    return Decimal(text.replace(".", "").replace(",", ""))


def _read_both_marks(text: str, marks: list[str]) -> NumberReading | None:
    """The last mark is the decimal one: 1.234,5 or 1,234.5."""
    head, _, tail = text.rpartition(marks[-1])
    if marks[-1] in head or not _GROUPED.fullmatch(head):
        return None
    return NumberReading(Decimal(f"{_whole(head)}.{tail}"))


def _read_one_mark(text: str, mark: str, decimal: str | None) -> NumberReading:
    fraction, whole = Decimal(text.replace(",", ".")), _whole(text)
    if text.startswith("0") or (mark == "," and not _GROUPED.fullmatch(text)):
        return NumberReading(fraction)
    if not _GROUPED.fullmatch(text):  # 18.5: no group of three, yet no Vietnamese decimal either
        return NumberReading(fraction, None if decimal == "." else whole)
    if decimal:
        return NumberReading(fraction if mark == decimal else whole)
    return NumberReading(whole, fraction) if mark == "." else NumberReading(fraction, whole)


def decimal_mark(text: str) -> str | None:
    """The sign a text writes before decimals where its numbers show it beyond doubt and agree, else None."""
    marks = {sign for number in _NUMBER.findall(text) for sign in _plain_decimal(number)}
    return marks.pop() if len(marks) == 1 else None


def _plain_decimal(number: str) -> str:
    marks = [char for char in number if char in ".,"]
    if len(set(marks)) == 2:
        return marks[-1]
    return "," if marks == [","] and not _GROUPED.fullmatch(number) else ""


def ambiguity(text: str, reading: NumberReading, source: Source) -> tuple[Problem, ...]:
    """The problem of a number that can be read in two ways, or nothing."""
    if reading.other is None:
        return ()
    first, second = format_number(reading.value), format_number(reading.other)
    message = f"Số “{text}” có thể là {first} hoặc {second}; đã hiểu là {first}. Hãy viết lại theo lối 1.234,5."
    return (Problem("number-ambiguous", Severity.WARNING, message, source, text),)


def format_number(value: int | Decimal | Fraction, places: int | None = None) -> str:
    """1.234.567,5. With `places`, rounded half up to so many decimals; without, as exact as it is (a fraction: two)."""
    digits = _exact(value) if places is None else _rounded(value, places)
    sign, digits = ("-", digits[1:]) if digits.startswith("-") else ("", digits)
    whole, _, tail = digits.partition(".")
    return f"{sign}{int(whole):,}".replace(",", ".") + (f",{tail}" if tail else "")


def _rounded(value: int | Decimal | Fraction, places: int) -> str:
    fraction = Fraction(value)
    scaled = abs(fraction) * 10**places
    units = int(scaled + Fraction(1, 2))
    text = f"{units:0{places + 1}d}"
    text = f"{text[:-places]}.{text[-places:]}" if places else text
    return f"-{text}" if fraction < 0 and units else text


def _exact(value: int | Decimal | Fraction) -> str:
    text = (
        _rounded(value, _DECIMALS) if isinstance(value, Fraction) else format(Decimal(value), "f")
    )
    return text.rstrip("0").rstrip(".") if "." in text else text


def format_percent(percent: int | Decimal | Fraction, places: int | None = None) -> str:
    """88,3%. The argument counts percents already: 88.3, not 0.883."""
    return f"{format_number(percent, places)}%"


def _padded(day: date) -> tuple[str, str]:
    """Days below 10, January and February carry a zero: the rule of Decree 30/2020 on official documents."""
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
    """The first date in a text, day before month: "29/9/2017", "ngày 29 tháng 9 năm 2017"; None where there is none."""
    match = _LONG_DATE.search(text) or _DATE.search(text)
    if not match:
        return None
    day, month, year = map(int, match.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None
