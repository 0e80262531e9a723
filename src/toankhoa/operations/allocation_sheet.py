"""The sheet of a decision with its figures: columns worked out for the units that stand below today."""

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
# What weighs, besides the codes of data elements and `units:<level>`: the number of units of a level.
LAST_ACTUAL = "actual"
Row = Objective | Activity


@dataclass(frozen=True)
class SheetColumn:
    """A column with what is known of it now. `row` and its `heading` are None where the plan no longer holds it.

    `balances`: see `core.targets.allocation.balances`. `whole_now`: what the unit must reach as the plan stands today, None
    where that is nothing. `weight_year`: the year whose figures weigh, where those of an element do. `source`: the
    figure of the plan, of each unit, that explains what the rule goes by; None where that is no figure, or none there.
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
        """Whether its amounts are units that are to do something, so that nothing is left over where only some are."""
        return self.indicator is not None and self.indicator.kind is IndicatorKind.MILESTONE

    @property
    def undecided(self) -> list[str]:
        """Codes of the units that have no part yet."""
        return [code for code in self.recipients if code not in self.division.parts]


@dataclass(frozen=True)
class AllocationSheet:
    """A decision as a table: units are its rows, in the order of the tree, those below a unit after it.

    `weights`: elements that can weigh; `deeper`: whether units below stand above others in turn;
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
    """The units below one, down to those directly below or, `deep`, to the last, with the figures that rules ask for:
    read in one query, when first asked for."""

    def __init__(
        self, *, unit: str, years: Iterable[int], today: date, ledger: Ledger, deep: bool = False
    ) -> None:
        self.tree = ledger.organisation.on(today)
        self.ledger = ledger
        span = {year for named in years for year in (named - 1, named)}
        self.above = UnitReader(unit=unit, years=sorted(span), today=today, ledger=ledger)
        codes = self.tree.subtree(unit)[1:] if deep else self.tree.children(unit)
        self.units = tuple(self.tree.units[code] for code in codes)

    @property
    def deeper(self) -> bool:
        """Whether some unit directly below stands above others."""
        return any(self.tree.children(code) for code in self.tree.children(self.above.unit))

    @cached_property
    def readers(self) -> Mapping[str, UnitReader]:
        """A reader for each unit."""
        return {
            reader.unit: reader
            for reader in readers_of(self.above, [unit.code for unit in self.units])
        }

    def reporting(self, indicator: Indicator) -> list[UnitVersion]:
        """The units at or below which the indicator is reported: only they can be asked for it."""
        levels = self._levels(indicator)
        return [
            unit
            for unit in self.units
            if any(self.tree.count(level, unit.code) for level in levels)
        ]

    def reporters(self, indicator: Indicator) -> int:
        """How many units below report it."""
        directly = self.tree.children(self.above.unit)
        return sum(
            self.tree.count(level, code) for level in self._levels(indicator) for code in directly
        )

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
        return {
            form.level
            for form in self.above.forms(self.ledger.library.elements[indicator.numerator])
        }

    def recipients(self, column: Column, indicator: Indicator) -> dict[str, Recipient]:
        """Whom a column goes to, with what its rule may ask of them. "Last" is the year before the column's."""
        found, known = {}, self._known(column)
        for unit in self.reporting(indicator):
            if column.rule.reach is Reach.NEXT and unit.parent != self.above.unit:
                continue
            last = self.readers[unit.code].figure(indicator, column.year - 1) if known else NOT_READ
            found[unit.code] = Recipient(
                code=unit.code,
                name=unit.name,
                under=WHOLE if unit.parent in (None, self.above.unit) else unit.parent,
                counts=self.tree.counts(unit.code),
                weight=self._weight(unit.code, column, last.value),
                actual=last.value,
                size=None if last.denominator is None else Fraction(last.denominator),
            )
        return found

    def _known(self, column: Column) -> bool:
        """Whether what was reached last is of use: while it is worked out, and where the rule or a mean goes by it."""
        rule = column.rule
        return (
            not column.parts
            or column.rate
            or rule.method is AllocationMethod.ACTUAL
            or rule.weight == LAST_ACTUAL
        )

    def _weight(self, unit: str, column: Column, last: Fraction | None) -> Fraction | None:
        """What weighs: units of a level, the last actual, or an element's last year; this year's in the first one."""
        source = column.rule.weight
        if source == LAST_ACTUAL:
            return last
        if source.startswith(UNITS):
            return Fraction(self.tree.count(source.removeprefix(UNITS), unit))
        element = self.ledger.library.elements.get(source)
        if element is None:
            return None
        figure = (
            self.readers[unit]
            .cell(year_key(self.weight_year(element, column.year)))
            .get(element.slot)
        )
        return None if figure is None else Fraction(figure)

    def weight_year(self, element: DataElement, year: int) -> int:
        """The year whose figures weigh for a year: the one before it, where any unit has a figure of it."""
        before = (
            reader.cell(year_key(year - 1)).get(element.slot) for reader in self.readers.values()
        )
        return year - 1 if any(figure is not None for figure in before) else year

    def weights(self) -> list[DataElement]:
        """The elements that can weigh: what stands at the end of a period and is typed at or below these units."""
        typed: set[str] = set()
        for form in self.ledger.library.forms.values():
            if form.level in self.levels:
                typed |= set(form.elements)
        found = [self.ledger.library.elements[code] for code in sorted(typed)]
        return [
            element for element in found if element.time is TimeRule.STOCK and not element.yes_no
        ]


def allocation_sheet(*, allocation: Allocation, by: Actor, ledger: Ledger) -> AllocationSheet:
    """The columns of a decision of her unit, worked out for the units that stand below today.

    Those that hold their parts already, as they do once it is issued, are shown with these.
    """
    columns = [column_from(each) for each in allocation.columns]
    deep = any(column.rule.reach is not Reach.NEXT for column in columns)
    below = Below(
        unit=by.unit,
        years={column.year for column in columns},
        today=by.today,
        ledger=ledger,
        deep=deep,
    )
    living = living_plan(unit=by.unit, by=by)
    worked = tuple(worked_out(column, below, living) for column in columns)
    weights = tuple(below.weights())
    return AllocationSheet(allocation, below.units, worked, weights, below.deeper, below.levels)


def worked_out(column: Column, below: Below, living: LivingPlan | None) -> SheetColumn:
    """One column for the units that stand below."""
    indicator = below.ledger.library.indicators.get(column.indicator)
    recipients = below.recipients(column, indicator) if indicator else {}
    row, heading, now = as_planned(living, column, indicator, below)
    division = _issued(column, below) if column.parts else _divided(column, recipients)
    held = balances(column, division.parts, [*recipients.values()], whole=column.whole)
    weigher = below.ledger.library.elements.get(column.rule.weight)
    weight_year = below.weight_year(weigher, column.year) if weigher else None
    source = _source(column, weight_year, living)
    return SheetColumn(
        column, row, heading, indicator, recipients, division, held, now, weight_year, source
    )


def _issued(column: Column, below: Below) -> Division:
    """The parts of the units below; that of the one that decides is what it answers for itself."""
    return Division(
        parts={code: part for code, part in column.parts.items() if code != below.above.unit}
    )


def _source(column: Column, weight_year: int | None, living: LivingPlan | None) -> Key | None:
    """Where the plan measures what the rule goes by: the column's own indicator the year before, or one of the element
    that weighs, rather its count than a ratio with it."""
    if living is None:
        return None
    rule = column.rule
    if rule.method is AllocationMethod.ACTUAL or (
        rule.method is AllocationMethod.WEIGHT and rule.weight == LAST_ACTUAL
    ):
        found, year = [(column.row, column.indicator)], column.year - 1
    else:
        found, year = _measured(rule.weight if weight_year else "", living), weight_year or 0
    return (*found[0], year) if found and year in living.plan.years else None


def _measured(element: str, living: LivingPlan) -> list[tuple[str, str]]:
    """Rows and indicators that an element is the count of, then those that it is a part of."""
    library = living.ledger.library.indicators
    bindings = [
        binding
        for row in living.plan.rows()
        for binding in living.reader.bindings.get(row.code, ())
    ]
    among = [(each.row, library[each.indicator]) for each in bindings if each.indicator in library]
    using = [(row, each) for row, each in among if element in (each.numerator, each.denominator)]
    return [
        (row, each.code)
        for row, each in sorted(using, key=lambda pair: pair[1].denominator is not None)
    ]


def _divided(column: Column, recipients: Mapping[str, Recipient]) -> Division:
    fixed = {code: part for code, part in column.fixed.items() if code in recipients}
    units, limits = [*recipients.values()], column.limits
    return divide(column.whole, units, column.rule, rate=column.alike, fixed=fixed, limits=limits)


def as_planned(
    living: LivingPlan | None, column: Column, indicator: Indicator | None, below: Below
) -> tuple[Row | None, Objective | None, Fraction | None]:
    """The column's row, its heading, and what the unit must reach there, as the plan stands today."""
    if living is None or indicator is None:
        return None, None, None
    try:
        row = living.plan.find(column.row)
        need = living.reader.required(
            living.reader.binding(column.row, column.indicator), column.year
        )
    except KeyError:
        return None, None, None
    heading = living.plan.find(row.objective) if isinstance(row, Activity) else row
    if need is None:
        return row, heading, None
    milestone = indicator.kind is IndicatorKind.MILESTONE
    return (
        row,
        heading,
        Fraction(below.reporters(indicator)) if milestone else divisible(need, indicator)[1],
    )
