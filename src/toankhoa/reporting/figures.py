"""Figures of units out of their packed totals, with how much of each is in.

A reader takes one unit's rows once and answers from them; a parent's totals cost as much as a commune's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

from toankhoa.core.assessment import Figure, Required, assess, required
from toankhoa.core.living import HandedDown, Reading
from toankhoa.core.matching import YearTarget
from toankhoa.core.measures import DataElement, Form, Indicator, IndicatorKind, TimeRule
from toankhoa.core.org import Tree
from toankhoa.core.periods import Period, periods_of, year_key
from toankhoa.core.rollup import MONTHS, Cell
from toankhoa.org.organisation import Organisation
from toankhoa.reporting import store
from toankhoa.reporting.totals import Ledger


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """How much of a figure is in. See `core.assessment.Figure`."""

    reports: int
    due: int
    carried: int

    @property
    def share(self) -> Fraction:
        """Reports of those due; all where none is due."""
        return Fraction(min(self.reports, self.due), self.due) if self.due else Fraction(1)


class UnitReader:
    """Figures of one unit for some years, as vouched for at a stage (the unit's own, if none is named).

    With all below it, or `alone`: only what the unit itself sends.
    """

    def __init__(
        self,
        *,
        unit: str,
        years: Iterable[int],
        today: date,
        ledger: Ledger,
        stage: int | None = None,
        alone: bool = False,
    ) -> None:
        self.unit = unit
        self.years = tuple(years)
        self.today = today
        self.ledger = ledger
        self.alone = alone
        self.stage = self.organisation.on(today).depth(unit) if stage is None else stage

    @property
    def organisation(self) -> Organisation:
        """Units of all days."""
        return self.ledger.organisation

    def tree(self, year: int) -> Tree:
        """The tree that a year's figures are read along: that of its last day, or of today while it runs."""
        return self.organisation.on(min(self.today, date(year, 12, 31)))

    def count(self, level: str, tree: Tree) -> int:
        """How many units of a level this reader reads."""
        if self.unit not in tree:
            return 0
        return int(tree.units[self.unit].level == level) if self.alone else tree.count(level, self.unit)

    @cached_property
    def cells(self) -> Mapping[int, Cell]:
        """The unit's rows by period key: one query, unless `readers_below` has read them for many."""
        return _cells([self])[self.unit]

    def cell(self, key: int) -> Cell:
        """A row, empty where nothing was vouched for."""
        return self.cells.get(key) or Cell.zero(self.ledger.library.width)

    def forms(self, element: DataElement) -> list[Form]:
        """The forms that collect an element (or what it is derived from)."""
        code = element.derived.element if element.derived else element.code
        return [form for form in self.ledger.library.forms.values() if code in form.elements]

    def reporters(self, indicator: Indicator, year: int) -> int:
        """How many units here report the indicator's numerator."""
        element = self.ledger.library.elements[indicator.numerator]
        return sum(self.count(level, self.tree(year)) for level in {form.level for form in self.forms(element)})

    def coverage(self, element: DataElement, year: int) -> Coverage:
        """Reports in, of those due by today: of a flow those of every period, of others those of the last one.

        A unit that sent an earlier period's stock, but not the last one due, is not a report that is in: its figure is
        carried forward.
        """
        slot = self.ledger.library.elements[element.derived.element].slot if element.derived else element.slot
        over = {
            form.code: [p for p in periods_of(year, form.frequency) if p.over(self.today)]
            for form in self.forms(element)
        }
        if element.time is TimeRule.FLOW and not element.derived:
            return self._flow_coverage(slot, over)
        last = {code: periods[-1] for code, periods in over.items() if periods}
        due = sum(self._owing(code, period) for code, period in last.items())
        known = int(self.cell(year_key(year)).counts[slot])
        reports = sum(int(self.cell(key).counts[slot]) for key in {period.key for period in last.values()})
        return Coverage(reports=reports, due=due, carried=max(min(known, due) - reports, 0))

    def _flow_coverage(self, slot: int, over: Mapping[str, list[Period]]) -> Coverage:
        due = sum(self._owing(code, period) for code, periods in over.items() for period in periods)
        keys = {period.key for periods in over.values() for period in periods}
        return Coverage(reports=sum(int(self.cell(key).counts[slot]) for key in keys), due=due, carried=0)

    def _owing(self, form: str, period: Period) -> int:
        return self.count(self.ledger.library.forms[form].level, self.organisation.on(period.last_day))

    def figure(self, indicator: Indicator, year: int) -> Figure:
        """The year's actual of an indicator, with how much of it is in: of a ratio, the part that is less covered."""
        elements = self.ledger.library.elements
        top = elements[indicator.numerator]
        cover = self.coverage(top, year)
        cell = self.cell(year_key(year))
        numerator, denominator, partial = cell.get(top.slot), None, False
        if indicator.unit_level:
            denominator = self.count(indicator.unit_level, self.tree(year))
        elif indicator.denominator and indicator.slots:
            bottom = elements[indicator.denominator]
            numerator, denominator = (cell.get(slot) for slot in indicator.slots)
            partial = len({int(cell.counts[slot]) for slot in (top.slot, bottom.slot, *indicator.slots)}) > 1
            cover = min(cover, self.coverage(bottom, year), key=lambda each: each.share)
        return Figure(
            numerator=numerator,
            denominator=denominator,
            ratio=indicator.kind is IndicatorKind.RATIO,
            reports=cover.reports,
            due=cover.due,
            carried=cover.carried,
            partial=partial,
        )

    def required(self, target: YearTarget | None, indicator: Indicator, year: int, *, whole: bool) -> Required | None:
        """The plan's target as this unit must meet it."""
        if target is None:
            return None
        counts = {level: self.count(level, self.tree(year)) for level in ("base", "district")}
        return required(target.target, indicator, counts, whole=whole, reporters=self.reporters(indicator, year))

    def reading(
        self,
        indicator: Indicator,
        year: int,
        target: YearTarget | None,
        *,
        whole: bool,
        handed_down: HandedDown | None = None,
    ) -> Reading:
        """Where one indicator stands in one year. What was handed down takes the place of what the plan's words ask."""
        need = handed_down.required if handed_down else self.required(target, indicator, year, whole=whole)
        before = self.figure(indicator, year - 1).value if year - 1 in self.years else None
        result = assess(
            indicator=indicator,
            figure=self.figure(indicator, year),
            target=need,
            due=target is not None and (handed_down is None or need is not None),
            year_over=date(year, 12, 31) < self.today,
            applies=self.reporters(indicator, year) > 0,
            before=before,
        )
        return Reading(indicator=indicator, year=year, target=target, result=result, handed_down=handed_down)


def _cells(readers: list[UnitReader]) -> dict[str, dict[int, Cell]]:
    """Rows of several readers of one kind (same years, stage, scope) by unit and period key, in one query."""
    one = readers[0]
    ids = one.organisation.ids
    found = store.read(
        units=[ids[reader.unit] for reader in readers],
        first=year_key(min(one.years)),
        last=year_key(max(one.years)) + MONTHS,
        stage=one.stage,
        scopes=store.OF_ITSELF if one.alone else store.OF_ALL_BELOW,
        width=one.ledger.library.width,
    )
    by_unit: dict[str, dict[int, Cell]] = {reader.unit: {} for reader in readers}
    for (unit, period), cell in found.items():
        by_unit[one.organisation.codes[unit]][period] = cell
    return by_unit


def readers_below(above: UnitReader, tree: Tree | None = None) -> list[UnitReader]:
    """A reader for each unit directly below, today or in a given tree, at the stage of the one above: one query."""
    tree = tree or above.organisation.on(above.today)
    below = [
        UnitReader(unit=code, years=above.years, today=above.today, ledger=above.ledger, stage=above.stage)
        for code in tree.children(above.unit)
    ]
    cells = _cells(below) if below else {}
    for reader in below:
        reader.cells = cells[reader.unit]
    return below


@dataclass(frozen=True)
class Contribution:
    """What one unit below adds to a figure; `unit` itself for its own return."""

    unit: str
    name: str
    figure: Figure


def contributions(reader: UnitReader, indicator: Indicator, year: int) -> tuple[Contribution, ...]:
    """Each unit directly below and the unit's own return, missing first: together they are the figure."""
    tree = reader.tree(year)
    of_year = {"years": [year], "today": reader.today, "ledger": reader.ledger, "stage": reader.stage}
    above = UnitReader(unit=reader.unit, **of_year)
    itself = UnitReader(unit=reader.unit, **of_year, alone=True)
    parts = [
        Contribution(part.unit, tree.units[part.unit].name, part.figure(indicator, year))
        for part in (*readers_below(above, tree), itself)
        if part.reporters(indicator, year)
    ]
    return tuple(sorted(parts, key=lambda part: (part.figure.numerator is not None, part.unit)))
