"""Year cells against the words of their row: each year's level, its unit, what they add up to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from toankhoa.core.basics import format_number
from toankhoa.core.compiling.checks.finding import PERCENT, Facts, Remark, shown, year_targets
from toankhoa.core.plan import (
    Activity,
    Applies,
    Basis,
    Commitment,
    CommitmentKind,
    Comparator,
    Plan,
    Target,
)

_UPWARDS = {Comparator.EXACTLY, Comparator.AT_LEAST, Comparator.ABOVE, Comparator.KEEP}


def _levels(row: Activity, target: Target) -> dict[int, Target]:
    """The year cells' own levels of a row's target, where there is no doubt which is which."""
    levels: dict[int, Target] = {}
    place = row.targets.index(target)
    for year, cell in row.commitments.items():
        if len(cell.targets) == len(row.targets) and cell.targets[place].unit == target.unit:
            levels[year] = cell.targets[place]
    return levels


def _rates(row: Activity) -> Iterator[tuple[Target, dict[int, Target]]]:
    """A row's percentages that should rise, each with its levels by year."""
    for target in row.targets:
        levels = _levels(row, target)
        if target.unit == PERCENT and target.comparator in _UPWARDS and levels:
            yield target, levels


def level_above_target(plan: Plan, _: Facts) -> Iterator[Remark]:
    """A year asks for more than the row does in the end."""
    for row in plan.activities:
        for target, levels in _rates(row):
            above = {year: level for year, level in levels.items() if level.amount > target.amount}
            if above and target.comparator is Comparator.EXACTLY:
                years = ", ".join(f"năm {year}: {shown(level)}" for year, level in above.items())
                yield Remark(
                    row,
                    f"mức từng năm ({years}) cao hơn chính chỉ tiêu {shown(target)}. "
                    "Hãy sửa một trong hai.",
                    years,
                )


def level_short_of_target(plan: Plan, _: Facts) -> Iterator[Remark]:
    """The last year asks for less than the row does."""
    for row in plan.activities:
        for target, levels in _rates(row):
            year = max(levels)
            if levels[year].amount < target.amount and not target.years:
                yield Remark(
                    row,
                    f"năm cuối chỉ ghi {shown(levels[year])}, chưa tới chỉ tiêu {shown(target)}. "
                    "Hãy nâng mức năm cuối, hoặc sửa chỉ tiêu.",
                    shown(levels[year]),
                    row.commitments[year].source,
                )


def level_backwards(plan: Plan, _: Facts) -> Iterator[Remark]:
    """A rate that should rise falls from one year to the next."""
    for row in plan.activities:
        if _falls(row):
            continue
        for levels in _levels_by_place(row):
            for earlier, later in pairwise(levels):
                if _is_backwards(earlier.target, later.target):
                    yield Remark(
                        row,
                        f"mức năm {later.year} ({shown(later.target)}) thấp hơn năm trước "
                        f"({shown(earlier.target)}). Hãy xem lại hai mức này.",
                        shown(later.target),
                        row.commitments[later.year].source,
                    )


def _falls(row: Activity) -> bool:
    """Whether the row itself asks for less: "Giảm tỷ lệ …"."""
    if "giảm" in row.title.lower():
        return True
    return any(target.comparator not in _UPWARDS for target in row.targets)


@dataclass(frozen=True, slots=True)
class _YearLevel:
    """What one year asks for."""

    year: int
    target: Target


def _levels_by_place(row: Activity) -> list[list[_YearLevel]]:
    """The first targets of the year cells, then the second ones, and so on."""
    by_place: list[list[_YearLevel]] = []
    for year, cell in row.commitments.items():
        for place, target in enumerate(cell.targets):
            if place == len(by_place):
                by_place.append([])
            by_place[place].append(_YearLevel(year, target))
    return by_place


def _is_backwards(earlier: Target, later: Target) -> bool:
    are_rates = earlier.unit == later.unit == PERCENT
    should_rise = {earlier.comparator, later.comparator} <= _UPWARDS
    return are_rates and should_rise and later.amount < earlier.amount


def unit_changes(plan: Plan, _: Facts) -> Iterator[Remark]:
    """The cells of one row count different things in different years: 2 … 100%."""
    for row in plan.activities:
        cells = [cell for cell in row.commitments.values() if cell.targets]
        units = {cell.targets[0].unit for cell in cells}
        mixes_rates = PERCENT in units and len(units) > 1
        if mixes_rates or len(units - {""}) > 1:
            texts = " · ".join(dict.fromkeys(cell.text for cell in cells))
            yield Remark(
                row,
                f"các năm dùng đơn vị khác nhau ({texts}). Hãy dùng một đơn vị cho cả dòng.",
                texts,
            )


def words_against_years(plan: Plan, _: Facts) -> Iterator[Remark]:
    """The words give a year a number, its cell gives none or another."""
    for row in plan.activities:
        listed = "; ".join(dict.fromkeys(_differences(row)))
        if listed:
            says = f"lời và ô năm không khớp ({listed}). Hãy ghi một số ở cả hai chỗ."
            yield Remark(row, says, listed)


def _differences(row: Activity) -> Iterator[str]:
    """The years whose cell does not say what the words do."""
    for target in row.targets:
        for year in target.years:
            cell = row.commitments.get(year)
            if cell and _apart(target, cell):
                yield f"năm {year}: lời ghi {shown(target)}, ô ghi “{cell.text}”"


def _apart(target: Target, cell: Commitment) -> bool:
    if cell.kind is CommitmentKind.NONE:
        return True
    same = [level for level in cell.targets if level.unit in ("", target.unit)]
    return bool(same) and all(level.amount != target.amount for level in same)


def years_against_term_total(plan: Plan, _: Facts) -> Iterator[Remark]:
    """What the years ask for does not add up to what the whole term does."""
    for row in plan.activities:
        for target in row.targets:
            levels = _levels(row, target).values()
            total = sum((level.amount for level in levels), Decimal())
            whole = target.applies is Applies.TERM_TOTAL and target.basis is Basis.WHOLE
            if whole and levels and total != target.amount:
                yield Remark(
                    row,
                    f"cả nhiệm kỳ ghi {shown(target)}, các năm cộng lại là {format_number(total)}. "
                    "Hãy sửa cho khớp.",
                    shown(target),
                )


def total_against_parts(plan: Plan, facts: Facts) -> Iterator[Remark]:
    """So much per unit, times the units there are, is not the total that the plan states."""
    for row in plan.activities:
        totals = [*row.targets, *year_targets(row)]
        apart: set[tuple[Target, Decimal]] = set()
        for part in row.targets:
            apart |= {(part, total.amount) for total in totals if _contradict(part, total, facts)}
        for part, stated in sorted(apart, key=lambda pair: (pair[0].amount, pair[1])):
            count = facts.count(part)
            yield Remark(
                row,
                f"{format_number(part.amount)} mỗi đơn vị × {count} đơn vị = "
                f"{format_number(part.amount * count)}, "
                f"nhưng kế hoạch ghi {format_number(stated)}. Hãy sửa một trong hai số.",
                format_number(stated),
            )


def _contradict(part: Target, total: Target, facts: Facts) -> bool:
    """Whether both count the same thing and disagree; "about 4 each" agrees with 45 in 11 units."""
    count = facts.count(part)
    if not count or total.basis is not Basis.WHOLE or total.unit not in ("", part.unit):
        return False
    if Comparator.RANGE in (part.comparator, total.comparator):
        return False
    if part.comparator is Comparator.ABOUT:
        return (total.amount / count).quantize(Decimal(1), ROUND_HALF_UP) != part.amount
    return part.amount * count != total.amount
