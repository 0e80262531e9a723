"""Reforms of units that changed what adds up to a figure."""

from __future__ import annotations

from datetime import date

from toankhoa.core.measures import Indicator
from toankhoa.core.organisation import Reform, touches
from toankhoa.reporting.reading.unit_reader import UnitReader


class FigureReforms:
    """Those from a first to a last day that changed what adds up to figures of one unit.

    Figures that are reported at the same levels share an answer: a page asks for many.
    """

    def __init__(self, reader: UnitReader, first: date, last: date) -> None:
        self._reader = reader
        self._first, self._last = first, last
        self._by_levels: dict[frozenset[str], list[Reform]] = {}

    def behind(self, indicator: Indicator) -> list[Reform]:
        """Those that changed what adds up to an indicator, in order."""
        levels = self._reporting_levels(indicator)
        if levels not in self._by_levels:
            self._by_levels[levels] = self._touching(levels)
        return self._by_levels[levels]

    def _touching(self, levels: frozenset[str]) -> list[Reform]:
        organisation, unit = self._reader.organisation, self._reader.unit
        return [
            reform
            for reform in organisation.reforms
            if self._first <= reform.day <= self._last
            and touches(reform, unit, organisation.trees, levels)
        ]

    def _reporting_levels(self, indicator: Indicator) -> frozenset[str]:
        """Levels of the units that an indicator counts or is reported by."""
        elements = self._reader.ledger.library.elements
        parts = [indicator.numerator]
        if indicator.denominator and not indicator.unit_level:
            parts.append(indicator.denominator)
        levels: set[str] = set()
        for part in parts:
            levels.update(form.level for form in self._reader.forms(elements[part]))
        if indicator.unit_level:
            levels.add(indicator.unit_level)
        return frozenset(levels)
