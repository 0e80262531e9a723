"""Handing targets down: what there is to hand down, the sheet with its figures, and the verbs that need them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from functools import cached_property

from toankhoa.core.allocation import FOLLOWING, Balance, Column, Division, Method, Recipient, Rule, balance, divide
from toankhoa.core.allocation_entry import read_rule
from toankhoa.core.assessment import PERCENT, Required, required
from toankhoa.core.handing import column_for, divisible, required_of
from toankhoa.core.matching import Binding
from toankhoa.core.measures import UNITS, DataElement, Indicator, IndicatorKind, TimeRule
from toankhoa.core.org import Placement
from toankhoa.core.periods import year_key
from toankhoa.core.plan import Activity, Basis, Comparator, Objective, Target
from toankhoa.core.problems import refuse
from toankhoa.operations.living import LivingPlan, living_plan, plan_of
from toankhoa.org.scope import Actor
from toankhoa.plan import allocations
from toankhoa.plan.column_json import column_from
from toankhoa.plan.levels import counts_of
from toankhoa.plan.models import Allocation
from toankhoa.reporting.figures import UnitReader, readers_below
from toankhoa.reporting.totals import Ledger

BASES, LAST_ACTUAL = f"{UNITS}base", "actual"  # what weighs, besides the codes of data elements
_ONE_OF_EACH = {"base": 1, "district": 1}
_PER_UNIT = {Basis.PER_BASE: Method.PER_BASE, Basis.PER_DISTRICT: Method.PER_DISTRICT}
Row = Objective | Activity
Key = tuple[str, str, int]  # row, indicator, year


@dataclass(frozen=True)
class Offer:
    """A target that can be handed down: its row, and the column it would make with the rule that its words suggest."""

    row: Row
    indicator: Indicator
    column: Column

    @property
    def need(self) -> Required | None:
        """What the unit itself must reach."""
        return required_of(self.column, self.column.whole)

    @property
    def follows(self) -> bool:
        """Whether the plan's own words give every unit its level already."""
        return self.column.rule.method in FOLLOWING

    @property
    def key(self) -> Key:
        """Row, indicator, year."""
        return self.column.row, self.column.indicator, self.column.year


@dataclass(frozen=True)
class SheetColumn:
    """A column with what is known of it now. `row` and its `heading` are None where the plan no longer holds it.

    `whole_now`: what the unit must reach as the plan stands today, which the `balance` of an issued column is held
    against; None where that is nothing. `weight_year`: the year whose figures weigh, where those of an element do.
    """

    column: Column
    row: Row | None
    heading: Objective | None
    indicator: Indicator | None
    recipients: Mapping[str, Recipient]
    division: Division
    balance: Balance | None
    whole_now: Fraction | None
    weight_year: int | None

    @property
    def undecided(self) -> list[str]:
        """Codes of the units that have no part yet."""
        return [code for code in self.recipients if code not in self.division.parts]


@dataclass(frozen=True)
class Sheet:
    """A decision as a table: units are its rows, in the order of the tree. `weights`: elements that can weigh."""

    allocation: Allocation
    units: tuple[Placement, ...]
    columns: tuple[SheetColumn, ...]
    weights: tuple[DataElement, ...]


class Below:
    """The units directly below one, with the figures that rules ask for: read in one query, when first asked for."""

    def __init__(self, *, unit: str, years: Iterable[int], today: date, ledger: Ledger) -> None:
        self.tree = ledger.organisation.on(today)
        self.ledger = ledger
        span = {year for named in years for year in (named - 1, named)}
        self.above = UnitReader(unit=unit, years=sorted(span), today=today, ledger=ledger)
        self.units = tuple(self.tree.units[code] for code in self.tree.children(unit))

    @cached_property
    def readers(self) -> Mapping[str, UnitReader]:
        """A reader for each unit."""
        return {reader.unit: reader for reader in readers_below(self.above, self.tree)}

    def counts(self, unit: str) -> dict[str, int]:
        """Units per level at or below one."""
        return counts_of(self.tree, unit)

    def reporting(self, indicator: Indicator) -> list[Placement]:
        """The units at or below which the indicator is reported: only they can be asked for it."""
        element = self.ledger.library.elements[indicator.numerator]
        levels = {form.level for form in self.above.forms(element)}
        return [unit for unit in self.units if any(self.tree.count(level, unit.code) for level in levels)]

    def recipients(self, column: Column, indicator: Indicator) -> dict[str, Recipient]:
        """Whom a column goes to, with what its rule may ask of them. "Last" is the year before the column's."""
        found = {}
        for unit in self.reporting(indicator):
            last = self.readers[unit.code].figure(indicator, column.year - 1)
            found[unit.code] = Recipient(
                code=unit.code,
                name=unit.name,
                counts=self.counts(unit.code),
                weight=self._weight(unit.code, column, last.value),
                actual=last.value,
                size=None if last.denominator is None else Fraction(last.denominator),
            )
        return found

    def decided(self, column: Column) -> Division:
        """What an issued column asks of these units today."""
        reached = [unit.code for unit in self.units if column.reaches(unit.code)]
        return Division(parts={code: column.part(code, self.counts(code)) for code in reached})

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
        figure = self.readers[unit].cell(year_key(self.weight_year(element, column.year))).get(element.slot)
        return None if figure is None else Fraction(figure)

    def weight_year(self, element: DataElement, year: int) -> int:
        """The year whose figures weigh for a year: the one before it, where any unit has a figure of it."""
        before = [reader.cell(year_key(year - 1)).get(element.slot) for reader in self.readers.values()]
        return year - 1 if any(figure is not None for figure in before) else year

    def weights(self) -> list[DataElement]:
        """The elements that can weigh: what stands at the end of a period and is typed at or below these units."""
        levels = {level for unit in self.units for level in ("base", "district") if self.tree.count(level, unit.code)}
        typed = {code for form in self.ledger.library.forms.values() if form.level in levels for code in form.elements}
        found = [self.ledger.library.elements[code] for code in sorted(typed)]
        return [element for element in found if element.time is TimeRule.STOCK and not element.yes_no]


def offers(
    living: LivingPlan, ledger: Ledger, today: date, *, years: Collection[int], keys: Collection[Key] | None = None
) -> list[Offer]:
    """Every target of these years that the plan's unit can hand down: it must reach it itself, units below report it.

    `keys`: only these of them. A milestone is owed by whom the plan names, and "keep" by everybody as it is.
    """
    below = Below(unit=living.unit, years=years, today=today, ledger=ledger)
    reader, found = living.reader, []
    for row, binding, year in _asked(living, years, keys):
        indicator, need = ledger.library.indicators[binding.indicator], reader.required(binding, year)
        if need is None or need.comparator is Comparator.KEEP or indicator.kind is IndicatorKind.MILESTONE:
            continue
        if below.reporting(indicator):
            target = None if (row.code, indicator.code, year) in reader.handed_down else binding.targets[year].target
            rule = _of_words(target, indicator) or _of_places(living, row, year) or _of_bases(below)
            rule = Rule(method=Method.SAME_RATE, each=need.amount) if need.unit == PERCENT else rule
            found.append(Offer(row, indicator, column_for(row.code, indicator, year, need, rule)))
    return found


def _asked(
    living: LivingPlan, years: Collection[int], keys: Collection[Key] | None
) -> Iterator[tuple[Row, Binding, int]]:
    """Every row with its indicators and those of the years in which the plan asks something of them."""
    for row in living.plan.rows():
        for binding in living.reader.bindings.get(row.code, ()):
            for year in sorted(binding.targets):
                if year in years and (keys is None or (row.code, binding.indicator, year) in keys):
                    yield row, binding, year


def _of_words(target: Target | None, indicator: Indicator) -> Rule | None:
    """So much for each base or district, where a target says so; None where the amount was handed to the unit."""
    if target is None or target.basis not in _PER_UNIT:
        return None
    each = required(target, indicator, _ONE_OF_EACH, whole=True)
    return None if each is None else Rule(method=_PER_UNIT[target.basis], each=divisible(each, indicator)[1])


def _of_places(living: LivingPlan, row: Row, year: int) -> Rule | None:
    """The units that the year cell names, in the sheet of the plan's own unit."""
    named = row.commitments[year].places if living.reader.whole and isinstance(row, Activity) else ()
    return Rule(method=Method.PLACES, places=named) if named else None


def _of_bases(below: Below) -> Rule:
    """An amount goes by bases, equally where all have as many."""
    bases = {below.tree.count("base", unit.code) for unit in below.units}
    return Rule(method=Method.EQUAL) if len(bases) == 1 else Rule(method=Method.WEIGHT, weight=BASES)


def sheet(*, allocation: Allocation, by: Actor, ledger: Ledger) -> Sheet:
    """A decision of her unit: a draft worked out anew, an issued one as it holds for the units that stand today."""
    columns = [column_from(each) for each in allocation.columns]
    below = Below(unit=by.unit, years={column.year for column in columns}, today=by.today, ledger=ledger)
    living = living_plan(unit=by.unit, by=by)
    decided = allocation.state == Allocation.State.ISSUED
    worked = tuple(_worked(column, below, living, decided=decided) for column in columns)
    return Sheet(allocation, below.units, worked, tuple(below.weights()))


def _worked(column: Column, below: Below, living: LivingPlan | None, *, decided: bool) -> SheetColumn:
    indicator = below.ledger.library.indicators.get(column.indicator)
    recipients = below.recipients(column, indicator) if indicator else {}
    row, heading, now = _as_planned(living, column, indicator)
    division = below.decided(column) if decided else _divided(column, recipients)
    whole = now if decided and now is not None else column.whole
    held = balance(whole, division.parts, recipients.values(), rate=column.rate, reserve=column.rule.reserve)
    weigher = below.ledger.library.elements.get(column.rule.weight)
    weight_year = below.weight_year(weigher, column.year) if weigher else None
    return SheetColumn(column, row, heading, indicator, recipients, division, held, now, weight_year)


def _divided(column: Column, recipients: Mapping[str, Recipient]) -> Division:
    fixed = {code: part for code, part in column.fixed.items() if code in recipients}
    return divide(column.whole, list(recipients.values()), column.rule, rate=column.rate, fixed=fixed)


def _as_planned(
    living: LivingPlan | None, column: Column, indicator: Indicator | None
) -> tuple[Row | None, Objective | None, Fraction | None]:
    """The column's row, its heading, and what the unit must reach there, as the plan stands today."""
    if living is None or indicator is None:
        return None, None, None
    try:
        row = living.plan.find(column.row)
        need = living.reader.required(living.reader.binding(column.row, column.indicator), column.year)
    except KeyError:
        return None, None, None
    heading = living.plan.find(row.objective) if isinstance(row, Activity) else row
    return row, heading, None if need is None else divisible(need, indicator)[1]


def start(*, keys: Sequence[Key], by: Actor, at: datetime, ledger: Ledger) -> Allocation:
    """A draft sheet with these targets of her unit, in the order of the plan, by the rules that their words suggest."""
    living = _governing(by)
    chosen = offers(living, ledger, by.today, years={year for _, _, year in keys}, keys=set(keys))
    columns = [offer.column for offer in chosen]
    return allocations.start(version=living.version.pk, columns=columns, by=by, at=at)


def issue(
    *, allocation: Allocation, number: str, issued_on: date, effective_on: date, by: Actor, at: datetime, ledger: Ledger
) -> Allocation:
    """Put a sheet in force. Refused where some unit of some column has no part yet, with the place named."""
    shown = sheet(allocation=allocation, by=by, ledger=ledger)
    names = {unit.code: unit.name for unit in shown.units}
    for each in shown.columns:
        called = each.indicator.name if each.indicator else each.column.indicator
        if each.division.problems:
            raise refuse("allocation-open", f"Cột “{called}”: {each.division.problems[0].message}")
        if each.undecided:
            message = f"Cột “{called}” chưa có mức của {names[each.undecided[0]]}. Hãy ghi số, hoặc “–” nếu không giao."
            raise refuse("allocation-open", message)
    return allocations.issue(
        allocation=allocation.pk,
        columns=[replace(each.column, parts=each.division.parts) for each in shown.columns],
        number=number,
        issued_on=issued_on,
        effective_on=effective_on,
        by=by,
        at=at,
    )


def revise(*, allocation: Allocation, by: Actor, at: datetime, ledger: Ledger) -> Allocation:
    """A draft that begins where a decision stands, against what her unit must reach today."""
    shown = sheet(allocation=allocation, by=by, ledger=ledger)
    columns = [
        replace(
            each.column,
            whole=each.column.whole if each.whole_now is None else each.whole_now,
            fixed={code: part for code, part in each.column.fixed.items() if code in each.recipients},
        )
        for each in shown.columns
    ]
    living = _governing(by)
    return allocations.revise(allocation=allocation.pk, version=living.version.pk, columns=columns, by=by, at=at)


def trial(
    *, row: str, year: int, indicator: str | None, unit: str | None, said: Mapping[str, str], today: date
) -> SheetColumn:
    """One target of a unit (None: the root) divided, nothing kept; `said`: the rule, see `read_rule`.

    Refused where there is no such target to hand down, or several indicators measure the row and none is named.
    """
    living = plan_of(unit=unit, today=today)
    found = [offer for offer in offers(living, living.ledger, today, years={year}) if offer.column.row == row]
    chosen = [offer for offer in found if indicator in (None, offer.indicator.code)]
    if not chosen:
        message = f"Hàng {row} không có mức năm {year} để {living.unit_name} giao cho đơn vị trực thuộc."
        raise refuse("allocation-target", f"{message} Hãy xem lại mã hàng, chỉ số và năm.")
    if len(chosen) > 1:
        codes = ", ".join(offer.indicator.code for offer in chosen)
        raise refuse("allocation-indicator", f"Hàng {row} có nhiều chỉ số: {codes}. Hãy nêu một chỉ số.")
    column = replace(chosen[0].column, rule=read_rule(said, chosen[0].column.rule))
    below = Below(unit=living.unit, years={year}, today=today, ledger=living.ledger)
    return _worked(column, below, living, decided=False)


def _governing(by: Actor) -> LivingPlan:
    living = living_plan(unit=by.unit, by=by)
    if living is None:
        raise refuse("plan-none", "Chưa có kế hoạch nào được ban hành, nên chưa có gì để giao.")
    return living
