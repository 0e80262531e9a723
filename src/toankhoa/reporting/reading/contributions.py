"""What the units directly below, and a unit's own return, add to one of its figures."""

from __future__ import annotations

from dataclasses import dataclass

from toankhoa.core.measures import Indicator
from toankhoa.core.totals import Figure
from toankhoa.reporting.reading.unit_reader import UnitReader, parts_of_year


@dataclass(frozen=True)
class Contribution:
    """What one unit below adds to a figure; `unit` itself for its own return."""

    unit: str
    name: str
    figure: Figure


def contributions(reader: UnitReader, indicator: Indicator, year: int) -> tuple[Contribution, ...]:
    """Each unit directly below, for its months there, and the unit's own return: together they are
    the figure.

    Missing first.
    """
    itself = UnitReader(
        unit=reader.unit,
        years=(year,),
        today=reader.today,
        ledger=reader.ledger,
        alone=True,
        above=reader,
    )
    listed = [
        Contribution(part.unit, part.tree(year).units[part.unit].name, part.figure(indicator, year))
        for part in (*parts_of_year(reader, year), itself)
        if part.reporters(indicator, year) or _holds_inherited(part, indicator, year)
    ]
    listed.sort(key=_missing_first)
    return tuple(listed)


def _holds_inherited(part: UnitReader, indicator: Indicator, year: int) -> bool:
    """Whether a unit holds a figure that it does not report: that of a unit of another level, which
    it succeeds.
    """
    families = part.ledger.boundary_changes(year).family_of
    return part.unit in families and bool(part.figure(indicator, year).inherited)


def _missing_first(contribution: Contribution) -> tuple[bool, str]:
    return contribution.figure.numerator is not None, contribution.unit
