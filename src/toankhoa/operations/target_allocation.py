"""Handing targets down: what there is to hand down, and the verbs that need figures. The sheet: `allocation_sheet`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction

from toankhoa.core.basics import refuse, words_of
from toankhoa.core.measures import UNITS, Indicator, IndicatorKind
from toankhoa.core.plan import Activity, Comparator, Target
from toankhoa.core.review import Binding
from toankhoa.core.targets import (
    FOLLOWING,
    PERCENT,
    AllocationMethod,
    Column,
    Part,
    Reach,
    Required,
    Rule,
    column_for,
    divisible,
    read_rule,
    required,
    required_of,
)
from toankhoa.operations.allocation_sheet import (
    Below,
    Row,
    SheetColumn,
    allocation_sheet,
    worked_out,
)
from toankhoa.operations.living_plan import LivingPlan, living_plan, plan_of
from toankhoa.org.scope import Actor
from toankhoa.plan import allocations
from toankhoa.plan.models import Allocation
from toankhoa.plan.targets_in_force import Key, divided_above
from toankhoa.reporting.totals.posting import Ledger


@dataclass(frozen=True)
class Offer:
    """A target that can be handed down: its row, and the column it would make with the rule that its words suggest.

    `above`: the decision of a unit above that has handed it to the units below this one already.
    """

    row: Row
    indicator: Indicator
    column: Column
    above: Allocation | None = None

    @property
    def need(self) -> Required | None:
        """What the unit itself must reach."""
        return required_of(self.column, self.column.whole)

    @property
    def follows(self) -> bool:
        """Whether the plan's own words give every unit its level already."""
        counted = (
            self.column.keeps and self.column.unit != PERCENT
        )  # "keep" of a count holds for the whole alone
        return self.column.rule.method in FOLLOWING and not counted

    @property
    def key(self) -> Key:
        """Row, indicator, year."""
        return self.column.row, self.column.indicator, self.column.year


def offers(
    living: LivingPlan,
    ledger: Ledger,
    today: date,
    *,
    years: Collection[int],
    keys: Collection[Key] | None = None,
) -> list[Offer]:
    """Every target of these years that the plan's unit can hand down: it must reach it itself, units below report it.

    `keys`: only these of them. A milestone is owed by whom the plan names, and "keep" by everybody as it is.
    """
    below = Below(unit=living.unit, years=years, today=today, ledger=ledger)
    above = divided_above(living.unit, organisation=ledger.organisation, day=today)
    reader, found = living.reader, []
    for row, binding, year in _asked(living, years, keys):
        indicator, need = (
            ledger.library.indicators[binding.indicator],
            reader.required(binding, year),
        )
        if need is None or not below.reporting(indicator):
            continue
        column = column_for(
            row.code, indicator, year, need, _suggested(living, row, binding, year, need, below)
        )
        if indicator.kind is IndicatorKind.MILESTONE:
            column = replace(column, whole=Fraction(below.reporters(indicator)))
        found.append(Offer(row, indicator, column, above.get((row.code, indicator.code, year))))
    return found


def _suggested(
    living: LivingPlan, row: Row, binding: Binding, year: int, need: Required, below: Below
) -> Rule:
    """The rule that the plan's words suggest: who is named; else everybody the same, each its own, or by how many
    units of the lowest level each has."""
    indicator = below.ledger.library.indicators[binding.indicator]
    named = _of_places(living, row, year)
    if need.comparator is Comparator.KEEP:
        return named or Rule(method=AllocationMethod.SAME_RATE, each=Fraction(1))
    if need.unit == PERCENT:
        return Rule(method=AllocationMethod.SAME_RATE, each=need.amount)
    if indicator.kind is IndicatorKind.MILESTONE:
        return named or Rule(
            method=AllocationMethod.PER_UNIT,
            level=below.lowest_reporting(indicator),
            each=Fraction(1),
        )
    handed = (row.code, indicator.code, year) in living.reader.cascaded
    return (
        _of_words(None if handed else binding.targets[year].target, indicator)
        or named
        or _by_units(below)
    )


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
    """So much for each unit of a level, where a target says so; None where the amount was handed to the unit."""
    if target is None or target.level is None:
        return None
    of_one = required(target, indicator, {target.level: 1}, whole=True)
    if of_one is None:
        return None
    _, amount = divisible(of_one, indicator)
    return Rule(method=AllocationMethod.PER_UNIT, level=target.level, each=amount)


def _of_places(living: LivingPlan, row: Row, year: int) -> Rule | None:
    """The units that the year cell names, in the sheet of the plan's own unit."""
    named = (
        row.commitments[year].places if living.reader.whole and isinstance(row, Activity) else ()
    )
    return Rule(method=AllocationMethod.PLACES, places=named) if named else None


def _by_units(below: Below) -> Rule:
    """An amount goes by how many units of the lowest level each has, equally where all have as many."""
    lowest = below.levels[-1]
    numbers = {below.tree.count(lowest, unit.code) for unit in below.units}
    if len(numbers) == 1:
        return Rule(method=AllocationMethod.EQUAL)
    return Rule(method=AllocationMethod.WEIGHT, weight=f"{UNITS}{lowest}")


def start(
    *, keys: Sequence[Key], by: Actor, at: datetime, ledger: Ledger, reach: Reach = Reach.NEXT
) -> Allocation:
    """A draft sheet with these targets of her unit, in the order of the plan, by the rules that their words suggest.

    `reach`: how far down they go; where the plan names units directly below, these divide on themselves.
    """
    living = _governing(by)
    chosen = offers(living, ledger, by.today, years={year for _, _, year in keys}, keys=set(keys))
    _refuse_divided([(offer.indicator.name, offer.above) for offer in chosen], ledger)
    names = {words_of(by.tree.units[code].name) for code in by.tree.children(by.unit)}
    columns = [_reaching(offer.column, reach, names) for offer in chosen]
    return allocations.start(version=living.version.pk, columns=columns, by=by, at=at)


def _reaching(column: Column, reach: Reach, directly: Collection[str]) -> Column:
    places = [f" {words_of(place)}" for place in column.rule.places]
    if places and all(any(f" {name}".endswith(place) for name in directly) for place in places):
        return column
    return replace(column, rule=replace(column.rule, reach=reach))


def _refuse_divided(columns: Sequence[tuple[str, Allocation | None]], ledger: Ledger) -> None:
    """What a unit above has handed to the units below this one is not this one's to divide: only a later decision of
    the one above changes it."""
    for name, above in columns:
        if above is not None:
            giver = (
                ledger.organisation.on(above.issued_on)
                .units[ledger.organisation.codes[above.unit_id]]
                .name
            )
            raise refuse(
                "allocation-above",
                f"“{name}”: {giver} đã giao đến từng đơn vị bên dưới tại quyết định số {above.number}, nên không chia "
                f"lại ở đây. Muốn đổi, đề nghị {giver} lập bản điều chỉnh.",
            )


def issue(
    *,
    allocation: Allocation,
    number: str,
    issued_on: date,
    effective_on: date,
    by: Actor,
    at: datetime,
    ledger: Ledger,
) -> Allocation:
    """Put a sheet in force. Refused where some unit of some column has no part yet, with the place named."""
    shown = allocation_sheet(allocation=allocation, by=by, ledger=ledger)
    names = {unit.code: unit.name for unit in shown.units}
    above = divided_above(by.unit, organisation=ledger.organisation, day=effective_on)
    for each in shown.columns:
        called = each.indicator.name if each.indicator else each.column.indicator
        key = each.column.row, each.column.indicator, each.column.year
        _refuse_divided([(called, above.get(key))], ledger)
        if each.division.problems:
            raise refuse("allocation-open", f"Cột “{called}”: {each.division.problems[0].message}")
        if each.undecided:
            message = f"Cột “{called}” chưa có mức của {names[each.undecided[0]]}. Hãy ghi số, hoặc “–” nếu không giao."
            raise refuse("allocation-open", message)
    return allocations.issue(
        allocation=allocation.pk,
        columns=[replace(each.column, parts=_parts(each, by.unit)) for each in shown.columns],
        number=number,
        issued_on=issued_on,
        effective_on=effective_on,
        by=by,
        at=at,
    )


def _parts(each: SheetColumn, giver: str) -> dict[str, Part]:
    """The part of every unit; where only some are to do something, the one that decides answers for these."""
    parts = dict(each.division.parts)
    if each.counts_units and each.balance and each.balance.left:
        parts[giver] = each.balance.handed
    return parts


def revise(*, allocation: Allocation, by: Actor, at: datetime, ledger: Ledger) -> Allocation:
    """A draft that begins where a decision stands, for the units of today and against what hers must reach today."""
    shown = allocation_sheet(allocation=allocation, by=by, ledger=ledger)
    columns = [
        replace(
            each.column,
            whole=each.column.whole if each.whole_now is None else each.whole_now,
            fixed={
                code: part for code, part in each.column.fixed.items() if code in each.recipients
            },
            limits={
                code: limits
                for code, limits in each.column.limits.items()
                if code in each.recipients
            },
        )
        for each in shown.columns
    ]
    living = _governing(by)
    return allocations.revise(
        allocation=allocation.pk, version=living.version.pk, columns=columns, by=by, at=at
    )


def trial(
    *,
    row: str,
    year: int,
    indicator: str | None,
    unit: str | None,
    said: Mapping[str, str],
    today: date,
) -> SheetColumn:
    """One target of a unit (None: the root) divided, nothing kept; `said`: the rule, see `read_rule`.

    Refused where there is no such target to hand down, or several indicators measure the row and none is named.
    """
    living = plan_of(unit=unit, today=today)
    found = [
        offer
        for offer in offers(living, living.ledger, today, years={year})
        if offer.column.row == row
    ]
    chosen = [offer for offer in found if indicator in (None, offer.indicator.code)]
    if not chosen:
        message = (
            f"Hàng {row} không có mức năm {year} để {living.unit_name} giao cho đơn vị trực thuộc."
        )
        raise refuse("allocation-target", f"{message} Hãy xem lại mã hàng, chỉ số và năm.")
    if len(chosen) > 1:
        codes = ", ".join(offer.indicator.code for offer in chosen)
        raise refuse(
            "allocation-indicator", f"Hàng {row} có nhiều chỉ số: {codes}. Hãy nêu một chỉ số."
        )
    column = replace(chosen[0].column, rule=read_rule(said, chosen[0].column.rule))
    deep = column.rule.reach is not Reach.NEXT
    below = Below(unit=living.unit, years={year}, today=today, ledger=living.ledger, deep=deep)
    return worked_out(column, below, living)


def _governing(by: Actor) -> LivingPlan:
    living = living_plan(unit=by.unit, by=by)
    if living is None:
        raise refuse("plan-none", "Chưa có kế hoạch nào được ban hành, nên chưa có gì để giao.")
    return living
