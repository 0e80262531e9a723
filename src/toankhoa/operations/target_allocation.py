"""Allocating targets: what a unit can hand down, and the verbs that need figures.

The table that a decision is shown as: `allocation_sheet`.
"""

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
from toankhoa.operations.cascaded_targets import issuer
from toankhoa.operations.living_plan import LivingPlan, living_plan, plan_of
from toankhoa.org.scope import Actor
from toankhoa.plan import allocations
from toankhoa.plan.models import Allocation
from toankhoa.plan.targets_in_force import Key, divided_above
from toankhoa.reporting.totals.posting import Ledger


@dataclass(frozen=True)
class Offer:
    """A target that can be handed down: its row, and the column it would make.

    The column's rule is the one that the plan's words suggest. `above`: the decision of a unit
    above that has handed it to the units below this one already.
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
        """Whether the plan's own words give every unit its target already."""
        # "Keep" of a count holds for the whole alone.
        counted = self.column.keeps and self.column.unit != PERCENT
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
    """Every target of these years that the plan's unit can hand down, in the order of the plan.

    The unit must reach it itself, and units below report it. `keys`: only these of them. A
    milestone is owed by whom the plan names, and "keep" by everybody as it is.
    """
    below = Below(unit=living.unit, years=years, today=today, ledger=ledger)
    above = divided_above(living.unit, organisation=ledger.organisation, day=today)
    offered = []
    for row, binding, year in _planned(living, years):
        key = row.code, binding.indicator, year
        if keys is not None and key not in keys:
            continue
        indicator = ledger.library.indicators[binding.indicator]
        need = living.reader.required(binding, year)
        if need is None or not below.reporting(indicator):
            continue
        rule = _suggested(living, row, binding, year, need, below)
        column = column_for(row.code, indicator, year, need, rule)
        if indicator.kind is IndicatorKind.MILESTONE:
            column = replace(column, whole=Fraction(below.reporters(indicator)))
        offered.append(Offer(row, indicator, column, above.get(key)))
    return offered


def _suggested(
    living: LivingPlan, row: Row, binding: Binding, year: int, need: Required, below: Below
) -> Rule:
    """The rule that the plan's words suggest: who is named; else everybody the same, each its own,
    or by how many
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


def _planned(living: LivingPlan, years: Collection[int]) -> Iterator[tuple[Row, Binding, int]]:
    """Every row with its indicators and those of the years in which the plan has a target."""
    for row in living.plan.rows():
        for binding in living.reader.bindings.get(row.code, ()):
            for year in sorted(binding.targets):
                if year in years:
                    yield row, binding, year


def _of_words(target: Target | None, indicator: Indicator) -> Rule | None:
    """So much for each unit of a level, where a target says so; None where the amount was handed to
    the unit.
    """
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
    """An amount goes by how many units of the lowest level each has, equally where all have as
    many.
    """
    lowest = below.levels[-1]
    numbers = {below.tree.count(lowest, unit.code) for unit in below.units}
    if len(numbers) == 1:
        return Rule(method=AllocationMethod.EQUAL)
    return Rule(method=AllocationMethod.WEIGHT, weight=f"{UNITS}{lowest}")


def start(
    *, keys: Sequence[Key], by: Actor, at: datetime, ledger: Ledger, reach: Reach = Reach.NEXT
) -> Allocation:
    """A draft decision with these targets of her unit, by the rules that their words suggest.

    Its columns are in the order of the plan. `reach`: how far down they go; where the plan names
    units directly below, these divide on themselves.
    """
    living = _governing(by)
    years = {year for _, _, year in keys}
    chosen = offers(living, ledger, by.today, years=years, keys=set(keys))
    for offer in chosen:
        _refuse_divided_above(offer.indicator.name, offer.above, ledger)
    names = {words_of(by.tree.units[code].name) for code in by.tree.children(by.unit)}
    columns = [_reaching(offer.column, reach, names) for offer in chosen]
    return allocations.start(version=living.version.pk, columns=columns, by=by, at=at)


def _reaching(column: Column, reach: Reach, directly_below: Collection[str]) -> Column:
    """The column with its reach, but next only where every place it names is directly below."""
    places = column.rule.places
    if places and all(_names_one_of(place, directly_below) for place in places):
        return column
    return replace(column, rule=replace(column.rule, reach=reach))


def _names_one_of(place: str, names: Collection[str]) -> bool:
    """Whether a place ends one of the names, in whole words: "Tân Phú" names "huyện tân phú"."""
    ending = f" {words_of(place)}"
    return any(f" {name}".endswith(ending) for name in names)


def _refuse_divided_above(name: str, above: Allocation | None, ledger: Ledger) -> None:
    """What a unit above has handed to the units below this one is not this one's to divide.

    Only a later decision of the one above changes it.
    """
    if above is None:
        return
    giver = issuer(above, ledger.organisation).name
    raise refuse(
        "allocation-above",
        f"“{name}”: {giver} đã giao đến từng đơn vị bên dưới tại quyết định số {above.number}, "
        f"nên không chia lại ở đây. Muốn đổi, đề nghị {giver} lập bản điều chỉnh.",
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
    """Put a decision in force. Refused, the place named, while some unit lacks a part."""
    shown = allocation_sheet(allocation=allocation, by=by, ledger=ledger)
    names = {unit.code: unit.name for unit in shown.units}
    above = divided_above(by.unit, organisation=ledger.organisation, day=effective_on)
    columns = []
    for worked in shown.columns:
        _refuse_open(worked, names, above, ledger)
        columns.append(replace(worked.column, parts=_issued_parts(worked, by.unit)))
    return allocations.issue(
        allocation=allocation.pk,
        columns=columns,
        number=number,
        issued_on=issued_on,
        effective_on=effective_on,
        by=by,
        at=at,
    )


def _refuse_open(
    worked: SheetColumn,
    names: Mapping[str, str],
    above: Mapping[Key, Allocation],
    ledger: Ledger,
) -> None:
    """Refused where a column is not hers to divide, cannot be divided, or leaves a unit out."""
    column = worked.column
    title = worked.indicator.name if worked.indicator else column.indicator
    key = column.row, column.indicator, column.year
    _refuse_divided_above(title, above.get(key), ledger)
    if worked.division.problems:
        raise refuse("allocation-open", f"Cột “{title}”: {worked.division.problems[0].message}")
    if worked.undecided:
        unit = names[worked.undecided[0]]
        raise refuse(
            "allocation-open",
            f"Cột “{title}” chưa có chỉ tiêu của {unit}. Hãy ghi số, hoặc “–” nếu không giao.",
        )


def _issued_parts(worked: SheetColumn, giver: str) -> dict[str, Part]:
    """The part of every unit.

    Where only some units are to do something, the one that decides answers for how many.
    """
    parts = dict(worked.division.parts)
    if worked.counts_units and worked.balance and worked.balance.left:
        parts[giver] = worked.balance.handed
    return parts


def revise(*, allocation: Allocation, by: Actor, at: datetime, ledger: Ledger) -> Allocation:
    """A draft that begins with what a decision says, for the units and the plan of today."""
    shown = allocation_sheet(allocation=allocation, by=by, ledger=ledger)
    columns = [_of_today(worked) for worked in shown.columns]
    living = _governing(by)
    return allocations.revise(
        allocation=allocation.pk, version=living.version.pk, columns=columns, by=by, at=at
    )


def _of_today(worked: SheetColumn) -> Column:
    """The column against what the unit must reach today, without what it says of former units."""
    column, recipients = worked.column, worked.recipients
    return replace(
        column,
        whole=column.whole if worked.whole_now is None else worked.whole_now,
        fixed={code: part for code, part in column.fixed.items() if code in recipients},
        limits={code: limits for code, limits in column.limits.items() if code in recipients},
    )


def trial(
    *,
    row: str,
    year: int,
    indicator: str | None,
    unit: str | None,
    typed_rule: Mapping[str, str],
    today: date,
) -> SheetColumn:
    """One target of a unit (None: the root) divided, nothing kept; the rule: see `read_rule`.

    Refused where there is no such target to hand down, or several indicators measure the row and
    none is named.
    """
    living = plan_of(unit=unit, today=today)
    offer = _offer_of(living, row, year, indicator, today)
    column = replace(offer.column, rule=read_rule(typed_rule, offer.column.rule))
    deep = column.rule.reach is not Reach.NEXT
    below = Below(unit=living.unit, years={year}, today=today, ledger=living.ledger, deep=deep)
    return worked_out(column, below, living)


def _offer_of(living: LivingPlan, row: str, year: int, indicator: str | None, today: date) -> Offer:
    """The one offer of a row in a year, by the indicator where one is named. Refused otherwise."""
    offered = []
    for offer in offers(living, living.ledger, today, years={year}):
        if offer.column.row == row and indicator in (None, offer.indicator.code):
            offered.append(offer)
    if not offered:
        raise refuse(
            "allocation-target",
            f"Hàng {row} không có chỉ tiêu năm {year} để {living.unit_name} giao cho đơn vị "
            "trực thuộc. Hãy xem lại mã hàng, chỉ số và năm.",
        )
    if len(offered) > 1:
        codes = ", ".join(offer.indicator.code for offer in offered)
        raise refuse(
            "allocation-indicator", f"Hàng {row} có nhiều chỉ số: {codes}. Hãy nêu một chỉ số."
        )
    return offered[0]


def _governing(by: Actor) -> LivingPlan:
    living = living_plan(unit=by.unit, by=by)
    if living is None:
        raise refuse("plan-none", "Chưa có kế hoạch nào được ban hành, nên chưa có gì để giao.")
    return living
