"""The sheet of a decision with its figures: columns worked out for the units below today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

from toankhoa.core.basics import year_key
from toankhoa.core.measures import UNITS, DataElement, Indicator, IndicatorKind, TimeRule
from toankhoa.core.organisation import UnitVersion
from toankhoa.core.plan import Activity, Objective
from toankhoa.core.targets import (
    WHOLE,
    AllocationMethod,
    Balance,
    Column,
    Division,
    Reach,
    Recipient,
    balances,
    divide,
    divisible,
)
from toankhoa.core.totals import Figure
from toankhoa.operations.living_plan import LivingPlan, living_plan
from toankhoa.org.scope import Actor
from toankhoa.plan.column_json import column_from
from toankhoa.plan.models import Allocation
from toankhoa.plan.targets_in_force import Key
from toankhoa.reporting.reading.unit_reader import UnitReader, readers_of
from toankhoa.reporting.totals.posting import Ledger

NOT_READ = Figure(numerator=None)
# What weighs, besides the codes of data elements and `units:<level>`: the number of units of a
# level.
LAST_ACTUAL = "actual"
Row = Objective | Activity


@dataclass(frozen=True)
class SheetColumn:
    """A column with what is known of it now.

    `row`, `heading`: None where the plan no longer holds it. `balances`: see
    `core.targets.balances`. `whole_now`: what the unit must reach by today's plan, None where that
    is nothing. `weight_year`: the year whose figures weigh, where those of an element do.
    `source`: the figure of the plan, of each unit, that explains what the rule goes by; None where
    that is no figure, or none of the plan.
    """

    column: Column
    row: Row | None
    heading: Objective | None
    indicator: Indicator | None
    recipients: Mapping[str, Recipient]
    division: Division
    balances: Mapping[str, Balance]
    whole_now: Fraction | None
    weight_year: int | None
    source: Key | None = None

    @property
    def balance(self) -> Balance | None:
        """Of the unit that decides."""
        return self.balances.get(WHOLE)

    @property
    def counts_units(self) -> bool:
        """Whether its amounts are units that are to do something.

        Then nothing is left over where only some of them are.
        """
        return self.indicator is not None and self.indicator.kind is IndicatorKind.MILESTONE

    @property
    def undecided(self) -> list[str]:
        """Codes of the units that have no part yet."""
        return [code for code in self.recipients if code not in self.division.parts]


@dataclass(frozen=True)
class AllocationSheet:
    """A decision as a table: units are its rows, in the order of the tree.

    `weights`: elements that can weigh; `deeper`: whether units below have others below in turn;
    `levels`: codes of the levels below the unit that decides, from the top down.
    """

    allocation: Allocation
    units: tuple[UnitVersion, ...]
    columns: tuple[SheetColumn, ...]
    weights: tuple[DataElement, ...]
    deeper: bool
    levels: tuple[str, ...] = ()

    @cached_property
    def inner(self) -> Mapping[str, tuple[str, ...]]:
        """Units of the sheet that have others of the sheet below them, with these."""
        below: dict[str, tuple[str, ...]] = {}
        for unit in self.units:
            if unit.parent is not None:
                below[unit.parent] = (*below.get(unit.parent, ()), unit.code)
        return {unit.code: below[unit.code] for unit in self.units if unit.code in below}


class Below:
    """The units below one, with the figures that rules go by: one query, when first asked for.

    Those directly below, or, `deep`, all down to the last.
    """

    def __init__(
        self, *, unit: str, years: Iterable[int], today: date, ledger: Ledger, deep: bool = False
    ) -> None:
        self.tree = ledger.organisation.on(today)
        self.ledger = ledger
        # What was reached last weighs, too: figures of the year before each.
        asked_years = set(years)
        span = sorted(asked_years | {year - 1 for year in asked_years})
        self.above = UnitReader(unit=unit, years=span, today=today, ledger=ledger)
        codes = self.tree.subtree(unit)[1:] if deep else self.tree.children(unit)
        self.units = tuple(self.tree.units[code] for code in codes)

    @property
    def deeper(self) -> bool:
        """Whether some unit directly below has others below it."""
        return any(self.tree.children(code) for code in self.tree.children(self.above.unit))

    @cached_property
    def readers(self) -> Mapping[str, UnitReader]:
        """A reader for each unit."""
        readers = readers_of(self.above, [unit.code for unit in self.units])
        return {reader.unit: reader for reader in readers}

    def reporting(self, indicator: Indicator) -> list[UnitVersion]:
        """The units at or below which the indicator is reported: only they can be asked for it."""
        return [unit for unit in self.units if self._reporters_at(unit.code, indicator)]

    def reporters(self, indicator: Indicator) -> int:
        """How many units below report it."""
        directly = self.tree.children(self.above.unit)
        return sum(self._reporters_at(code, indicator) for code in directly)

    def _reporters_at(self, unit: str, indicator: Indicator) -> int:
        return sum(self.tree.count(level, unit) for level in self._levels(indicator))

    @cached_property
    def levels(self) -> tuple[str, ...]:
        """Codes of the levels below, from the top down: by where units of each stand deepest."""
        deepest: dict[str, int] = {}
        for code in self.tree.subtree(self.above.unit)[1:]:
            level = self.tree.units[code].level
            deepest[level] = max(deepest.get(level, 0), self.tree.depth(code))
        return tuple(sorted(deepest, key=lambda level: (deepest[level], level)))

    def lowest_reporting(self, indicator: Indicator) -> str:
        """The lowest level below whose units report it. ValueError where none does."""
        reporting = self._levels(indicator)
        return max((level for level in self.levels if level in reporting), key=self.levels.index)

    def _levels(self, indicator: Indicator) -> set[str]:
        element = self.ledger.library.elements[indicator.numerator]
        return {form.level for form in self.above.forms(element)}

    def recipients(self, column: Column, indicator: Indicator) -> dict[str, Recipient]:
        """Whom a column goes to, with what its rule may ask of them.

        What a unit reached last is of the year before the column's.
        """
        by_code = {}
        for unit in self.reporting(indicator):
            if column.rule.reach is Reach.NEXT and unit.parent != self.above.unit:
                continue
            parent = unit.parent or self.above.unit
            last = self._last_figure(unit.code, column, indicator)
            by_code[unit.code] = Recipient(
                code=unit.code,
                name=unit.name,
                under=WHOLE if parent == self.above.unit else parent,
                counts=self.tree.counts(unit.code),
                weight=self._weight(unit.code, column, last.value),
                actual=last.value,
                size=None if last.denominator is None else Fraction(last.denominator),
            )
        return by_code

    def _last_figure(self, unit: str, column: Column, indicator: Indicator) -> Figure:
        if not self._needs_last(column):
            return NOT_READ
        return self.readers[unit].figure(indicator, column.year - 1)

    def _needs_last(self, column: Column) -> bool:
        """Whether what was reached last matters.

        It does while the column is worked out, and where its rule or the mean of a rate goes by it.
        """
        rule = column.rule
        return (
            not column.parts
            or column.rate
            or rule.method is AllocationMethod.ACTUAL
            or rule.weight == LAST_ACTUAL
        )

    def _weight(self, unit: str, column: Column, last: Fraction | None) -> Fraction | None:
        """What weighs: units of a level, the last actual, or an element's figure."""
        source = column.rule.weight
        if source == LAST_ACTUAL:
            return last
        if source.startswith(UNITS):
            return Fraction(self.tree.count(source.removeprefix(UNITS), unit))
        element = self.ledger.library.elements.get(source)
        if element is None:
            return None
        weight_key = year_key(self.weight_year(element, column.year))
        figure = self.readers[unit].cell(weight_key).get(element.slot)
        return None if figure is None else Fraction(figure)

    def weight_year(self, element: DataElement, year: int) -> int:
        """The year whose figures weigh for a year: the one before, where any unit has one."""
        key = year_key(year - 1)
        for reader in self.readers.values():
            if reader.cell(key).get(element.slot) is not None:
                return year - 1
        return year

    def weights(self) -> list[DataElement]:
        """The elements that can weigh: what stands at the end of a period and is typed at or below
        these units.
        """
        typed: set[str] = set()
        for form in self.ledger.library.forms.values():
            if form.level in self.levels:
                typed |= set(form.elements)
        found = [self.ledger.library.elements[code] for code in sorted(typed)]
        return [
            element for element in found if element.time is TimeRule.STOCK and not element.yes_no
        ]


def allocation_sheet(*, allocation: Allocation, by: Actor, ledger: Ledger) -> AllocationSheet:
    """The columns of a decision of her unit, worked out for the units below today.

    Those that hold their parts already, as they do once it is issued, are shown with these.
    """
    columns, years, deep = [], set(), False
    for stored in allocation.columns:
        column = column_from(stored)
        columns.append(column)
        years.add(column.year)
        deep = deep or column.rule.reach is not Reach.NEXT
    below = Below(unit=by.unit, years=years, today=by.today, ledger=ledger, deep=deep)
    living = living_plan(unit=by.unit, by=by)
    worked = tuple(worked_out(column, below, living) for column in columns)
    weights = tuple(below.weights())
    return AllocationSheet(allocation, below.units, worked, weights, below.deeper, below.levels)


def worked_out(column: Column, below: Below, living: LivingPlan | None) -> SheetColumn:
    """One column for the units below."""
    library = below.ledger.library
    indicator = library.indicators.get(column.indicator)
    recipients = below.recipients(column, indicator) if indicator else {}
    planned = as_planned(living, column, indicator, below)
    division = _issued(column, below) if column.parts else _divided(column, recipients)
    weigher = library.elements.get(column.rule.weight)
    weight_year = below.weight_year(weigher, column.year) if weigher else None
    return SheetColumn(
        column=column,
        row=planned.row,
        heading=planned.heading,
        indicator=indicator,
        recipients=recipients,
        division=division,
        balances=balances(column, division.parts, [*recipients.values()], whole=column.whole),
        whole_now=planned.whole,
        weight_year=weight_year,
        source=_source(column, weight_year, living),
    )


def _issued(column: Column, below: Below) -> Division:
    """The parts of the units below; that of the one that decides is what it answers for itself."""
    giver = below.above.unit
    return Division(parts={code: part for code, part in column.parts.items() if code != giver})


def _source(column: Column, weight_year: int | None, living: LivingPlan | None) -> Key | None:
    """Where the plan measures what the rule goes by, None where it does not.

    That is the column's own indicator the year before, or one of the element that weighs.
    """
    if living is None:
        return None
    rule = column.rule
    by_last = rule.method is AllocationMethod.WEIGHT and rule.weight == LAST_ACTUAL
    if by_last or rule.method is AllocationMethod.ACTUAL:
        source = column.row, column.indicator, column.year - 1
    else:
        measured = _measuring(rule.weight, living) if weight_year else None
        if measured is None or weight_year is None:
            return None
        source = *measured, weight_year
    if source[2] not in living.plan.years:
        return None
    return source


def _measuring(element: str, living: LivingPlan) -> tuple[str, str] | None:
    """The first row and indicator that an element is part of, rather its count than a ratio."""
    ratio: tuple[str, str] | None = None
    for row in living.plan.rows():
        for binding in living.reader.bindings.get(row.code, ()):
            indicator = living.ledger.library.indicators.get(binding.indicator)
            if indicator is None or element not in (indicator.numerator, indicator.denominator):
                continue
            if indicator.denominator is None:
                return binding.row, indicator.code
            ratio = ratio or (binding.row, indicator.code)
    return ratio


def _divided(column: Column, recipients: Mapping[str, Recipient]) -> Division:
    fixed = {code: part for code, part in column.fixed.items() if code in recipients}
    units, limits = [*recipients.values()], column.limits
    return divide(column.whole, units, column.rule, rate=column.alike, fixed=fixed, limits=limits)


@dataclass(frozen=True)
class PlannedTarget:
    """Where the plan has a column's target today, and what the unit must reach there.

    None: the plan has no such row, or asks nothing there.
    """

    row: Row | None = None
    heading: Objective | None = None
    whole: Fraction | None = None


def as_planned(
    living: LivingPlan | None, column: Column, indicator: Indicator | None, below: Below
) -> PlannedTarget:
    """The column's row, its heading, and what the unit must reach there, by today's plan."""
    if living is None or indicator is None:
        return PlannedTarget()
    try:
        row = living.plan.find(column.row)
        binding = living.reader.binding(column.row, column.indicator)
        need = living.reader.required(binding, column.year)
    except KeyError:
        return PlannedTarget()
    heading = living.plan.find(row.objective) if isinstance(row, Activity) else row
    assert isinstance(heading, Objective)  # only headings have rows below them
    if need is None:
        return PlannedTarget(row, heading)
    if indicator.kind is IndicatorKind.MILESTONE:
        return PlannedTarget(row, heading, Fraction(below.reporters(indicator)))
    _, amount = divisible(need, indicator)
    return PlannedTarget(row, heading, amount)
