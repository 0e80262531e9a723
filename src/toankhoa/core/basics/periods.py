"""Months, quarters, halves and years: the periods for which a form is due."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date
from enum import StrEnum
from functools import cached_property, lru_cache

ROMAN = ("", "I", "II", "III", "IV")


class Frequency(StrEnum):
    """How often a form is due."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"

    @property
    def months(self) -> int:
        """Length of one period, in months."""
        return {"month": 1, "quarter": 3, "half": 6, "year": 12}[self.value]


_CODE = re.compile(r"([0-9]{4})(?:-(?:([0-9]{2})|Q([1-4])|H([12])))?")


@dataclass(frozen=True, order=True)
class Period:
    """One period. `index` counts from 1 within the year (always 1 for a year).

    `key` orders and stores periods: year × 100 + last month for what sits in a month, so that a
    quarter's figures stand in its last month; a *year cell* uses year × 100 (see `year_key`).
    """

    year: int
    index: int
    frequency: Frequency

    def __post_init__(self) -> None:
        if not MINYEAR <= self.year <= MAXYEAR:
            raise ValueError(f"no year {self.year}")
        if not 1 <= self.index <= 12 // self.frequency.months:
            raise ValueError(f"no {self.frequency} {self.index} in a year")

    @classmethod
    def parse(cls, code: str) -> Period:
        """Read `2021`, `2021-09`, `2021-Q3` or `2021-H2`; ValueError for anything else."""
        match = _CODE.fullmatch(code)
        if not match:
            raise ValueError(f"not a period: {code!r}")
        year, month, quarter, half = match.groups()
        if month:
            return cls(int(year), int(month), Frequency.MONTH)
        if quarter:
            return cls(int(year), int(quarter), Frequency.QUARTER)
        if half:
            return cls(int(year), int(half), Frequency.HALF)
        return cls(int(year), 1, Frequency.YEAR)

    @classmethod
    def containing(cls, day: date, frequency: Frequency) -> Period:
        """The period of that frequency that a day falls in."""
        return cls(day.year, (day.month - 1) // frequency.months + 1, frequency)

    @property
    def code(self) -> str:
        """`2021-09`, `2021-Q3`, `2021-H2`, `2021`."""
        tail = {
            "month": f"-{self.index:02}",
            "quarter": f"-Q{self.index}",
            "half": f"-H{self.index}",
            "year": "",
        }
        return f"{self.year:04}{tail[self.frequency]}"

    @property
    def last_month(self) -> int:
        """The month (1–12) in which the period's figures sit."""
        return self.index * self.frequency.months

    @cached_property
    def first_day(self) -> date:
        """First day of the period."""
        return date(self.year, self.last_month - self.frequency.months + 1, 1)

    @cached_property
    def last_day(self) -> date:
        """Last day of the period: the day whose tree its figures add up along."""
        return date(self.year, self.last_month, calendar.monthrange(self.year, self.last_month)[1])

    @property
    def key(self) -> int:
        """year × 100 + last month."""
        return self.year * 100 + self.last_month

    @property
    def label(self) -> str:
        """As a person writes it: "tháng 9/2021", "quý III/2021", "6 tháng cuối năm 2021"."""
        match self.frequency:
            case Frequency.MONTH:
                return f"tháng {self.index}/{self.year}"
            case Frequency.QUARTER:
                return f"quý {ROMAN[self.index]}/{self.year}"
            case Frequency.HALF:
                return f"6 tháng {'đầu' if self.index == 1 else 'cuối'} năm {self.year}"
            case Frequency.YEAR:
                return f"năm {self.year}"

    def previous(self) -> Period:
        """The period just before."""
        if self.index > 1:
            return Period(self.year, self.index - 1, self.frequency)
        return Period(self.year - 1, 12 // self.frequency.months, self.frequency)

    def over(self, today: date) -> bool:
        """Whether the period has ended, so that its return is due."""
        return self.last_day < today


def year_key(year: int) -> int:
    """Key of a year's own cell."""
    return year * 100


@lru_cache(maxsize=1024)
def periods_of(year: int, frequency: Frequency) -> tuple[Period, ...]:
    """All periods of one frequency in a year, in order.

    The same records each time, so that their days are worked out once.
    """
    indexes = range(1, 12 // frequency.months + 1)
    return tuple(Period(year, index, frequency) for index in indexes)
