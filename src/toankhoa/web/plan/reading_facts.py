"""The four facts beside a figure, as its page shows them: level, pace, outlook, confidence."""

from __future__ import annotations

from dataclasses import dataclass

from toankhoa.core.basics import format_number
from toankhoa.core.results import Level, Reading, TermReading
from toankhoa.documents.words import forecast


@dataclass(frozen=True)
class ReadingFacts:
    """A reading, with what its page says only under a condition: blank or False elsewhere."""

    reading: Reading

    @property
    def unit_of_measure(self) -> str:
        """What a count is of."""
        figure = self.reading.result.figure
        if figure.ratio or figure.value is None:
            return ""
        return self.reading.indicator.unit

    @property
    def of_year(self) -> str:
        """Of which year a term's figure is."""
        return forecast.of_year(self.reading) if isinstance(self.reading, TermReading) else ""

    @property
    def years_met(self) -> str:
        """How many of a term's years reached their level."""
        return forecast.years_met(self.reading) if isinstance(self.reading, TermReading) else ""

    @property
    def has_attainment(self) -> bool:
        """Whether the figure is a share of what is required."""
        return self.reading.result.attainment is not None

    @property
    def without_target_of_its_own(self) -> bool:
        """Whether the plan's level is one for all units together, and none was handed down."""
        return self.reading.result.level is Level.NO_TARGET

    @property
    def needed(self) -> str:
        """Of a ratio: what its numerator must come to, with the denominator of now."""
        result = self.reading.result
        if result.needed is None or result.figure.numerator is None:
            return ""
        needed, reached = format_number(result.needed), format_number(result.figure.numerator)
        return f"Với mẫu số hiện có cần {needed}, đã có {reached}."

    @property
    def earlier_years(self) -> str:
        """Of a year that has part of a term's target: what the years before it brought."""
        result = self.reading.result
        if result.earlier_years is None or isinstance(self.reading, TermReading):
            return ""
        brought = format_number(result.earlier_years)
        reached = "" if result.reached is None else format_number(result.reached)
        return (
            "Chỉ tiêu là của cả nhiệm kỳ: "
            f"các năm trước đã được {brought}, cộng năm nay là {reached}."
        )

    @property
    def has_prospect(self) -> bool:
        """Whether something is said of how it will end."""
        return bool(self.reading.result.verdict or self.reading.result.warning)
