"""The short code of a figure on paper: `4K7M-200F-01CX` leads back to where the figure came from.

It says which document (a moment and a unit: the first eight characters, the same all over the document), which figure
of it, and ends in a check character: every wrong character and every two that changed places are found. No letter
looks like a digit, so I, L and O may be written for 1 and 0; capitals, spaces and dashes do not matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from toankhoa.core.problems import Refused, refuse

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {char: value for value, char in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_BITS = 5  # a character holds
_LENGTH, _GROUP = 12, 4
_BEGINNING = datetime(2010, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)
_MINUTES, _UNITS, _PLACES = 1 << 25, 1 << 15, 1 << 15  # how many of each: 63 years, 32.768 units, 32.768 figures


@dataclass(frozen=True, slots=True)
class FigureCode:
    """A figure of a document: the minute it was made in, the number of its unit, the figure's place in the document."""

    minute: datetime
    unit: int
    place: int

    def __str__(self) -> str:
        """Three groups of four. ValueError where a part is out of bounds (see `fits`)."""
        if not fits(self.minute, self.unit, self.place):
            raise ValueError(f"no code for {self!r}")
        minutes = (self.minute - _BEGINNING) // _MINUTE
        number = (minutes * _UNITS + self.unit) * _PLACES + self.place
        digits = [number >> _BITS * power & (1 << _BITS) - 1 for power in reversed(range(_LENGTH - 1))]
        text = "".join(ALPHABET[digit] for digit in (*digits, _check(digits)))
        return "-".join(text[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP))

    @property
    def document(self) -> str:
        """What all codes of the document begin with: `4K7M-200F`."""
        return str(self)[: -_GROUP - 1]

    @property
    def figure(self) -> str:
        """What tells its figures apart: `01CX`."""
        return str(self)[-_GROUP:]


def fits(minute: datetime, unit: int, place: int) -> bool:
    """Whether there is a code for it. `minute` must be aware."""
    minutes = (minute - _BEGINNING) // _MINUTE
    return 0 <= minutes < _MINUTES and 0 <= unit < _UNITS and 0 <= place < _PLACES


def minute_of(moment: datetime) -> datetime:
    """The minute that an aware moment falls in."""
    return moment.replace(second=0, microsecond=0)


def read_code(text: str) -> FigureCode:
    """A code as somebody typed it. Refused where it is none; the message says what is wrong with it."""
    written = [char for char in text.upper() if char.isalnum()]
    if strange := [char for char in written if char not in _VALUES]:
        raise _refused(f"có ký tự “{strange[0]}” không dùng trong mã", text)
    if len(written) != _LENGTH:
        raise _refused(f"có {len(written)} ký tự, mã đủ có {_LENGTH}, ví dụ {_EXAMPLE}", text)
    *digits, check = (_VALUES[char] for char in written)
    if check != _check(digits):
        raise _refused("có ký tự gõ sai hoặc đổi chỗ", text)
    number = 0
    for digit in digits:
        number = number << _BITS | digit
    number, place = divmod(number, _PLACES)
    minutes, unit = divmod(number, _UNITS)
    return FigureCode(_BEGINNING + minutes * _MINUTE, unit, place)


def _refused(what: str, text: str) -> Refused:
    return refuse("figure-code", f"Mã “{text.strip()}” {what}. Hãy so lại từng ký tự với mã trên giấy.", text)


def _check(digits: list[int]) -> int:
    """The value that makes the whole code a multiple of x in the field of 32: there no two places weigh the same."""
    total = 0
    for digit in digits:
        total = _times_x(total ^ digit)
    return total


def _times_x(value: int) -> int:
    """Times x modulo x⁵ + x² + 1, whose powers of x run through all 31 values but 0."""
    doubled = value << 1
    return doubled ^ 0b100101 if doubled >> _BITS else doubled


_EXAMPLE = str(FigureCode(datetime(2021, 10, 20, 7, 0, tzinfo=UTC), 1, 1))
