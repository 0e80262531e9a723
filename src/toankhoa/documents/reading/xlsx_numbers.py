"""A number of a spreadsheet as a Vietnamese Excel shows it.

0,883 under "0.0%" is "88,3%", day 43007 is "29/9/2017".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from toankhoa.core.basics import format_date, format_number

# The forms that Excel knows by number alone; those of money and of the clock are shown as plain
# numbers.
_BUILT_IN = {
    "1": "0",
    "2": "0.00",
    "3": "#,##0",
    "4": "#,##0.00",
    "9": "0%",
    "10": "0.00%",
    **dict.fromkeys(("14", "15", "16", "22"), "d/m/yyyy"),
    "17": "m/yyyy",
    **dict.fromkeys(("37", "38"), "#,##0"),
    **dict.fromkeys(("39", "40", "43", "44"), "#,##0.00"),
}
GENERAL = "General"
_UNFORMED = (GENERAL, "@", "")
_PARTS = re.compile(
    r'"(?P<said>[^"]*)"|\\(?P<escaped>.)|_.|\*.|\[[^\]]*\]'
    r"|(?P<mark>[0#?.,%]+|General)|(?P<other>.)",
    re.DOTALL,
)
_SIGNIFICANT = 15  # digits that a spreadsheet keeps
_LARGEST, _SMALLEST = Decimal(10) ** 15, Decimal(10) ** -12
_MOST_DECIMALS = 10
_EPOCH, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
_LAST_DAY = 2_958_465  # 31/12/9999


def form_of(number: str | None, own: Mapping[str | None, str]) -> str:
    """The form with that number, of the workbook's own or of those that Excel knows."""
    return own.get(number) or _BUILT_IN.get(number or "", GENERAL)


def shown(written: str, form: str, *, since_1904: bool = False) -> str:
    """The text of a number kept as `written` under a form such as "#,##0.0%"."""
    value = _as_number(written)
    if value is None:
        return written
    sections = form.split(";")
    section = _section_for(value, sections)
    if section in _UNFORMED:
        return _plain(value)
    parts = list(_PARTS.finditer(section))
    letters = "".join(match["other"] or "" for match in parts).lower()
    if "y" in letters or "d" in letters:
        return _day(value, letters, since_1904)
    # A section of its own for what is negative writes the sign itself.
    return _formed(value if len(sections) == 1 else abs(value), parts)


def _as_number(written: str) -> Decimal | None:
    """None where it is no number that a spreadsheet would show in plain digits."""
    try:
        value = Decimal(written)
    except InvalidOperation:
        return None
    if not value.is_finite() or (value and not _SMALLEST < abs(value) < _LARGEST):
        return None
    return value


def _section_for(value: Decimal, sections: Sequence[str]) -> str:
    """Of "positive;negative;zero" the section that shows a value; a blank one is not used."""
    if value < 0 and len(sections) > 1 and sections[1]:
        return sections[1]
    return sections[0]


def _plain(value: Decimal) -> str:
    """As exact as it is; grouped only where a form says so."""
    text = format(round(value, _SIGNIFICANT - value.adjusted() - 1), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace(".", ",")


def _formed(value: Decimal, parts: Sequence[re.Match[str]]) -> str:
    """The digits of a form filled in, with the words that stand around them."""
    marks = "".join(match["mark"] or "" for match in parts)
    if GENERAL in marks:
        texts = [_plain(value) if match["mark"] == GENERAL else _said(match) for match in parts]
        return "".join(texts).strip()
    if not any(mark in marks for mark in "0#?"):
        return "".join(_said(match) for match in parts).strip() or _plain(value)
    return _around(parts, _number_by(marks, value))


def _number_by(marks: str, value: Decimal) -> str:
    """A number under marks such as "#,##0.0#%", without the sign of percent."""
    whole, _, decimals = marks.rstrip("%").partition(".")
    places = min(sum(mark in "0#?" for mark in decimals), _MOST_DECIMALS)
    scaled = value * 100 if "%" in marks else value
    rounded = scaled.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    grouped = "," in whole.rstrip(",")
    number = format_number(rounded, places) if grouped else _digits(rounded, whole.count("0"))
    for _ in range(decimals.count("#")):  # decimals that are shown only where they are there
        if "," in number:
            number = number.removesuffix("0")
    return number.rstrip(",")


def _around(parts: Sequence[re.Match[str]], number: str) -> str:
    """The number in the place of the first marks, with its words and signs of percent around it."""
    texts = []
    written = False
    for match in parts:
        mark = match["mark"] or ""
        if mark == "%":
            texts.append("%")
        elif mark and not written:
            texts.append(number + "%" * ("%" in mark))
            written = True
        else:
            texts.append(_said(match))
    return "".join(texts).strip()


def _digits(value: Decimal, least: int) -> str:
    """Plain digits, filled with zeros to the number of digits that a form asks for ("00")."""
    sign, digits = ("-", -value) if value < 0 else ("", value)
    whole, mark, tail = format(digits, "f").partition(".")
    return sign + whole.zfill(least) + mark.replace(".", ",") + tail


def _said(match: re.Match[str]) -> str:
    return match["said"] or match["escaped"] or match["other"] or ""


def _day(value: Decimal, letters: str, since_1904: bool) -> str:
    """A date by its form: day, month and year, month and year, or the year alone."""
    if not 0 < value <= _LAST_DAY - (1462 if since_1904 else 0):
        return _plain(value)
    epoch = _EPOCH_1904 if since_1904 else _EPOCH
    day = epoch + timedelta(days=int(value))
    if "d" in letters:
        return format_date(day)
    if "m" in letters:
        return f"{day.month}/{day.year}"
    return str(day.year)
