"""What came with a request, by type.

This is the one place where text of an address or a form becomes a value.

A view asks for what it needs and gets a value of that type, or None where there is none: nothing
that somebody types into an address can raise. `"²".isdigit()` is true and `int("²")` raises, and a
database refuses an id of 30 digits; here both are simply no number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TypeVar

from django.core.files.uploadedfile import UploadedFile as DjangoFile
from django.http import HttpRequest, QueryDict

from toankhoa.core.basics import read_date

_DIGITS = re.compile(r"[0-9]{1,18}")  # what fits into eight bytes, with room to spare
_YEAR = re.compile(r"[12][0-9]{3}")

Choice = TypeVar("Choice")
Member = TypeVar("Member", bound=Enum)


def whole_number(text: str) -> int | None:
    """A number of plain digits, such as an id or a row version; None for anything else."""
    if _DIGITS.fullmatch(text):
        return int(text)
    return None


def year(text: str) -> int | None:
    """A year from 1000 to 2999."""
    if _YEAR.fullmatch(text):
        return int(text)
    return None


def day(text: str) -> date | None:
    """A day as Vietnamese write it: 2/9/2021, ngày 2 tháng 9 năm 2021; None where it is none.

    Only of the years that `year` reads: 1/1/0001 has no day before it, and 31/12/9999 none after
    it, with which pages reckon.
    """
    read = read_date(text)
    if read is None or year(f"{read.year:04}") is None:
        return None
    return read


@dataclass(frozen=True)
class Fields:
    """The fields of a form, or of the query of an address, read by type."""

    fields: QueryDict

    def __contains__(self, name: object) -> bool:
        return name in self.fields

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Each name with its text; of a field that is there several times, the last one."""
        for name in self.fields:
            yield name, self.text(name)

    def as_typed(self, name: str) -> str:
        """With its blanks, as a password is kept; without NUL, which no database keeps."""
        return self.fields.get(name, "").replace("\x00", "")

    def text(self, name: str) -> str:
        """Without blanks at its ends, which nobody sees that she has typed."""
        return self.as_typed(name).strip()

    def texts(self, name: str) -> list[str]:
        """Of a field that may be there several times: all its values."""
        return [text.replace("\x00", "").strip() for text in self.fields.getlist(name)]

    def dictionary(self) -> dict[str, str]:
        """Every field by its name."""
        return dict(self)

    def number(self, name: str) -> int | None:
        """See `whole_number`."""
        return whole_number(self.text(name))

    def numbers(self, name: str) -> list[int]:
        """Of a field that may be there several times: those of its values that are numbers."""
        numbers = (whole_number(text) for text in self.texts(name))
        return [number for number in numbers if number is not None]

    def year(self, name: str) -> int | None:
        """See `year`."""
        return year(self.text(name))

    def day(self, name: str) -> date | None:
        """See `day`."""
        return day(self.text(name))

    def choice(self, name: str, choices: Mapping[str, Choice]) -> Choice | None:
        """The one of several values that is named; None where none is."""
        return choices.get(self.text(name))

    def member(self, name: str, of: type[Member]) -> Member | None:
        """The member of an enumeration with that value."""
        return next((member for member in of if member.value == self.text(name)), None)


@dataclass(frozen=True)
class UploadedFile:
    """A file that came with a form. `size`: in bytes, to be looked at before the file is read."""

    name: str
    size: int
    file: DjangoFile

    def read(self) -> bytes:
        """All that is in it."""
        return self.file.read()


def form_fields(request: HttpRequest) -> Fields:
    """What was sent with a form."""
    return Fields(request.POST)


def query_fields(request: HttpRequest) -> Fields:
    """What stands behind the question mark of the address."""
    return Fields(request.GET)


def uploaded_file(request: HttpRequest, name: str = "file") -> UploadedFile | None:
    """The file of that field; None where none was chosen."""
    file = request.FILES.get(name)
    if not isinstance(file, DjangoFile):
        return None
    return UploadedFile(file.name or "", file.size or 0, file)


class IdConverter:
    """An id in an address: plain digits that a database can hold. Anything else is not found."""

    regex = "[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class YearConverter:
    """A year in an address."""

    regex = "[12][0-9]{3}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)
