"""The one read path: what every screen, document and export shows of a plan's figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from toankhoa.core.living import HandedDown, Line, Reading, YearCell
from toankhoa.core.matching import Binding
from toankhoa.core.measures import DataElement
from toankhoa.core.plan import Activity, Objective, Plan
from toankhoa.reporting.figures import Contribution, UnitReader, contributions
from toankhoa.reporting.totals import Ledger


@dataclass(frozen=True)
class Explanation:
    """How a figure came about: its parts add up to it."""

    reading: Reading
    numerator: DataElement
    denominator: DataElement | None
    parts: tuple[Contribution, ...]


class PlanReader:
    """A published plan as it stands for one unit. `handed_down`: what decisions ask of it, by row, indicator, year."""

    def __init__(
        self,
        *,
        plan: Plan,
        bindings: Iterable[Binding],
        root: str,
        unit: str,
        today: date,
        ledger: Ledger,
        handed_down: Mapping[tuple[str, str, int], HandedDown] | None = None,
    ) -> None:
        self.plan = plan
        self.whole = unit == root
        self.handed_down = handed_down or {}
        self.reader = UnitReader(unit=unit, years=plan.years, today=today, ledger=ledger)
        self.bindings: dict[str, list[Binding]] = {}
        for binding in bindings:
            self.bindings.setdefault(binding.row, []).append(binding)

    def lines(self) -> list[Line]:
        """Every row of the plan with its readings."""
        return [
            Line(row=row, cells=tuple(self._cell(row, year) for year in self.plan.years)) for row in self.plan.rows()
        ]

    def _cell(self, row: Objective | Activity, year: int) -> YearCell:
        commitment = row.commitments[year] if isinstance(row, Activity) else None
        readings = tuple(self._reading(binding, year) for binding in self.bindings.get(row.code, ()))
        return YearCell(year=year, commitment=commitment, readings=readings)

    def _reading(self, binding: Binding, year: int) -> Reading:
        indicator = self.reader.ledger.library.indicators[binding.indicator]
        return self.reader.reading(
            indicator,
            year,
            binding.targets.get(year),
            whole=self.whole,
            handed_down=self.handed_down.get((binding.row, binding.indicator, year)),
        )

    def binding(self, row: str, indicator: str) -> Binding:
        """Which targets an indicator has in a row; KeyError where it measures something else."""
        for binding in self.bindings.get(row, ()):
            if binding.indicator == indicator:
                return binding
        raise KeyError(indicator)

    def explain(self, row: str, indicator: str, year: int) -> Explanation:
        """The parts of one figure: each unit directly below, and the unit's own return where it sends one."""
        reader = self.reader
        reading = self._reading(self.binding(row, indicator), year)
        elements = reader.ledger.library.elements
        bottom = reading.indicator.denominator
        return Explanation(
            reading=reading,
            numerator=elements[reading.indicator.numerator],
            denominator=None if bottom is None or reading.indicator.unit_level else elements[bottom],
            parts=contributions(reader, reading.indicator, year),
        )
