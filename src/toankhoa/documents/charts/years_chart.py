"""An indicator through the years as a record: all that a chart draws, and the same in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from toankhoa.core.basics import format_date

GAP = "…"  # stands where a bar would: nothing came in, which is not 0
MISSING_WORDS = "chưa có"


@dataclass(frozen=True, kw_only=True)
class ChartYear:
    """One year. `value` None is a gap, in which `gap` is drawn; `words` say the figure in full.

    `target`: the level to reach, None where none is asked. `shown`: drawn in full colour; the
    years beside the one that is looked at are paler.
    """

    year: int
    value: Fraction | None
    words: str
    gap: str = GAP
    target: Fraction | None = None
    target_words: str = ""
    shown: bool = True


@dataclass(frozen=True)
class ChartForecast:
    """Where a year, or the term, is expected to end: from `low` up to `high`."""

    year: int
    low: Fraction
    middle: Fraction
    high: Fraction
    words: str


@dataclass(frozen=True)
class ChartReform:
    """A reform of units that changed what adds up to the figures, from its day on."""

    day: date
    title: str

    @property
    def words(self) -> str:
        """`từ 01/7/2021: NQ 1`."""
        return f"từ {format_date(self.day)}: {self.title}"


@dataclass(frozen=True, kw_only=True)
class YearsChart:
    """A bar a year, the level to reach as a dashed line, the outlook, and when units were reformed.

    `percent`: values count percents (88.3, not 0.883); else they are in `unit`.
    """

    title: str
    years: tuple[ChartYear, ...]
    percent: bool
    unit: str = ""
    actual_name: str = "Kết quả"
    target_name: str = "Chỉ tiêu kế hoạch"
    forecast: ChartForecast | None = None
    reforms: tuple[ChartReform, ...] = ()

    @property
    def description(self) -> str:
        """All of it in one line: `2017 95,34%; 2018 chưa có. Dự báo 343–407 hộ.`"""
        years = "; ".join(f"{year.year} {year.words}" for year in self.years)
        sentences = [years]
        if self.forecast:
            sentences.append(f"Dự báo {self.forecast.words}")
        sentences.extend(f"Sắp xếp đơn vị {reform.words}" for reform in self.marks)
        return ". ".join(sentences) + "."

    @property
    def marks(self) -> list[ChartReform]:
        """The reforms within its years."""
        first, last = self.years[0].year, self.years[-1].year
        return [reform for reform in self.reforms if first <= reform.day.year <= last]

    @property
    def amounts(self) -> list[Fraction]:
        """Every amount that is drawn."""
        amounts = [year.value for year in self.years] + [year.target for year in self.years]
        if self.forecast:
            amounts += [self.forecast.low, self.forecast.middle, self.forecast.high]
        return [amount for amount in amounts if amount is not None]
