"""The short code of a figure on paper: `4K7M-200F-8GQ2-01CX` leads back to where it came from.

It says which document (a moment and a unit: the first twelve characters, the same all over the
document), which figure of it, and ends in a check character: every wrong character and every two
that changed places are found. No letter looks like a digit, so I, L and O may be written for 1
and 0; capitals, spaces and dashes do not matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from toankhoa.core.basics.problems import Refused, refuse

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {char: value for value, char in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_BITS = 5  # a character holds
_MASK = (1 << _BITS) - 1
_GROUP = 4
_BEGINNING = datetime(2010, 1, 1, tzinfo=UTC)
_LEAST = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class CodeLayout:
    """How a code is written, and how much it can name."""

    length: int  # in characters, the check character included
    tick: timedelta  # how exactly it holds its moment
    ticks: int  # moments, units and places that it can tell apart
    units: int
    places: int


# For 69 years from 2010, 524.288 units and 32.768 figures of a document.
EXACT = CodeLayout(16, timedelta(milliseconds=1), ticks=1 << 41, units=1 << 19, places=1 << 15)
# On papers printed before there was the one above: these are read for ever, and written no more.
TO_THE_MINUTE = CodeLayout(12, timedelta(minutes=1), ticks=1 << 25, units=1 << 15, places=1 << 15)
_LAYOUTS = {layout.length: layout for layout in (EXACT, TO_THE_MINUTE)}


@dataclass(frozen=True, slots=True)
class FigureCode:
    """A figure of a document: when that was made, the number of its unit, the figure's place."""

    moment: datetime
    unit: int
    place: int
    layout: CodeLayout = EXACT

    @property
    def until(self) -> datetime:
        """The last moment that is written alike."""
        return self.moment + self.layout.tick - _LEAST

    def __str__(self) -> str:
        """Groups of four. ValueError where a part is out of bounds (see `fits`)."""
        layout = self.layout
        ticks = _ticks(self.moment, layout)
        if not _fits(ticks, self.unit, self.place, layout):
            raise ValueError(f"no code for {self!r}")
        number = (ticks * layout.units + self.unit) * layout.places + self.place
        digits = []
        for power in reversed(range(layout.length - 1)):
            digits.append(number >> _BITS * power & _MASK)
        text = "".join(ALPHABET[digit] for digit in (*digits, _check(digits)))
        return "-".join(text[start : start + _GROUP] for start in range(0, layout.length, _GROUP))

    @property
    def document(self) -> str:
        """What all codes of the document begin with: `4K7M-200F-8GQ2`."""
        return str(self)[: -_GROUP - 1]

    @property
    def figure(self) -> str:
        """What tells its figures apart: `01CX`."""
        return str(self)[-_GROUP:]


def fits(moment: datetime, unit: int, place: int) -> bool:
    """Whether there is a code for it. `moment` must be aware."""
    return _fits(_ticks(moment, EXACT), unit, place, EXACT)


def _fits(ticks: int, unit: int, place: int, layout: CodeLayout) -> bool:
    return 0 <= ticks < layout.ticks and 0 <= unit < layout.units and 0 <= place < layout.places


def _ticks(moment: datetime, layout: CodeLayout) -> int:
    return (moment - _BEGINNING) // layout.tick


def read_code(text: str) -> FigureCode:
    """A code as somebody typed it. Refused where it is none; the message says what is wrong."""
    values = _values(text)
    layout = _LAYOUTS.get(len(values))
    if layout is None:
        lengths = " hoặc ".join(map(str, _LAYOUTS))
        raise _refused(f"có {len(values)} ký tự, mã đủ có {lengths}, ví dụ {_EXAMPLE}", text)
    *digits, check = values
    if check != _check(digits):
        raise _refused("có ký tự gõ sai hoặc đổi chỗ", text)
    number = 0
    for digit in digits:
        number = number << _BITS | digit
    document, place = divmod(number, layout.places)
    ticks, unit = divmod(document, layout.units)
    return FigureCode(_BEGINNING + ticks * layout.tick, unit, place, layout)


def _values(text: str) -> list[int]:
    """What its characters stand for, whatever is written between them."""
    values = []
    for char in text.upper():
        if not char.isalnum():
            continue
        if char not in _VALUES:
            raise _refused(f"có ký tự “{char}” không dùng trong mã", text)
        values.append(_VALUES[char])
    return values


def _refused(what: str, text: str) -> Refused:
    message = f"Mã “{text.strip()}” {what}. Hãy so lại từng ký tự với mã trên giấy."
    return refuse("figure-code", message, text)


def _check(digits: list[int]) -> int:
    """The value that makes the whole code a multiple of x in the field of 32 elements.

    No two places weigh the same there, so two characters that changed places are found.
    """
    total = 0
    for digit in digits:
        total = _times_x(total ^ digit)
    return total


def _times_x(value: int) -> int:
    """Times x modulo x⁵ + x² + 1, whose powers of x run through all 31 values but 0."""
    doubled = value << 1
    return doubled ^ 0b100101 if doubled >> _BITS else doubled


_EXAMPLE = str(FigureCode(datetime(2021, 10, 20, 7, 0, tzinfo=UTC), 1, 1))
