"""The short code of a figure on paper: `4K7M-200F-8GQ2-01CX` leads back to where the figure came from.

It says which document (a moment and a unit: the first twelve characters, the same all over the document), which figure
of it, and ends in a check character: every wrong character and every two that changed places are found. No letter
looks like a digit, so I, L and O may be written for 1 and 0; capitals, spaces and dashes do not matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from toankhoa.core.basics.problems import Refused, refuse

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {char: value for value, char in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_BITS = 5  # a character holds
_GROUP = 4
_BEGINNING = datetime(2010, 1, 1, tzinfo=UTC)
_LEAST = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class CodeLayout:
    """How a code is written: of so many characters, its moment told to a `tick`; how many ticks, units and places."""

    length: int
    tick: timedelta
    ticks: int
    units: int
    places: int


EXACT = CodeLayout(
    16, timedelta(milliseconds=1), 1 << 41, 1 << 19, 1 << 15
)  # 69 years, 524.288 units, 32.768 figures
TO_THE_MINUTE = CodeLayout(
    12, timedelta(minutes=1), 1 << 25, 1 << 15, 1 << 15
)  # on papers of before
_FORMS = {form.length: form for form in (EXACT, TO_THE_MINUTE)}


@dataclass(frozen=True, slots=True)
class FigureCode:
    """A figure of a document: the moment it was made at, the number of its unit, the figure's place in the document."""

    moment: datetime
    unit: int
    place: int
    form: CodeLayout = EXACT

    @property
    def until(self) -> datetime:
        """The last moment that is written alike."""
        return self.moment + self.form.tick - _LEAST

    def __str__(self) -> str:
        """Groups of four. ValueError where a part is out of bounds (see `fits`)."""
        form, ticks = self.form, _ticks(self.moment, self.form)
        if not _fits(ticks, self.unit, self.place, form):
            raise ValueError(f"no code for {self!r}")
        number = (ticks * form.units + self.unit) * form.places + self.place
        digits = [
            number >> _BITS * power & (1 << _BITS) - 1 for power in reversed(range(form.length - 1))
        ]
        text = "".join(ALPHABET[digit] for digit in (*digits, _check(digits)))
        return "-".join(text[start : start + _GROUP] for start in range(0, form.length, _GROUP))

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


def _fits(ticks: int, unit: int, place: int, form: CodeLayout) -> bool:
    return 0 <= ticks < form.ticks and 0 <= unit < form.units and 0 <= place < form.places


def _ticks(moment: datetime, form: CodeLayout) -> int:
    return (moment - _BEGINNING) // form.tick


def read_code(text: str) -> FigureCode:
    """A code as somebody typed it. Refused where it is none; the message says what is wrong with it."""
    written = [char for char in text.upper() if char.isalnum()]
    if strange := [char for char in written if char not in _VALUES]:
        raise _refused(f"có ký tự “{strange[0]}” không dùng trong mã", text)
    if len(written) not in _FORMS:
        lengths = " hoặc ".join(str(length) for length in _FORMS)
        raise _refused(f"có {len(written)} ký tự, mã đủ có {lengths}, ví dụ {_EXAMPLE}", text)
    *digits, check = (_VALUES[char] for char in written)
    if check != _check(digits):
        raise _refused("có ký tự gõ sai hoặc đổi chỗ", text)
    form, number = _FORMS[len(written)], 0
    for digit in digits:
        number = number << _BITS | digit
    number, place = divmod(number, form.places)
    ticks, unit = divmod(number, form.units)
    return FigureCode(_BEGINNING + ticks * form.tick, unit, place, form)


def _refused(what: str, text: str) -> Refused:
    return refuse(
        "figure-code", f"Mã “{text.strip()}” {what}. Hãy so lại từng ký tự với mã trên giấy.", text
    )


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
