"""How a target is handed down, in words: on its sheet and where a figure is explained."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from toankhoa.core.basics import format_date
from toankhoa.core.measures import UNITS, Library, Vocabulary
from toankhoa.core.targets import AllocationMethod, Column, Reach, Rule, say_part
from toankhoa.operations.allocation_sheet import LAST_ACTUAL
from toankhoa.operations.as_issued import UnitSince
from toankhoa.web.shell.words import METHODS, REACHES

_SO_MUCH_EACH = (AllocationMethod.SAME_RATE, AllocationMethod.PER_UNIT)


def method_words(method: AllocationMethod, level: str | None, vocabulary: Vocabulary) -> str:
    """`Mỗi chi nhánh một mức`, `Chia đều`: a method, with the level whose units it counts."""
    if method is AllocationMethod.PER_UNIT and level is not None:
        return f"Mỗi {vocabulary.level_name(level)} một mức"
    return METHODS[method]


def weight_names(levels: Iterable[str], vocabulary: Vocabulary) -> dict[str, str]:
    """What can weigh besides elements, by its code: how many units of these levels, the last actual."""
    units = {f"{UNITS}{code}": f"Số đơn vị cấp {vocabulary.level_name(code)}" for code in levels}
    return units | {LAST_ACTUAL: "Kết quả năm trước của chỉ số này"}


def rule_words(
    column: Column,
    weights: Mapping[str, str],
    vocabulary: Vocabulary,
    weight_year: int | None = None,
) -> str:
    """`Chia theo tổng số hội viên năm 2020, mỗi nơi ít nhất 2; đến đơn vị cấp cuối, qua đơn vị trực thuộc`. `weights`: names by code."""
    rule, percent = column.rule, "%" if column.rate else ""
    words = method_words(rule.method, rule.level, vocabulary)
    if column.keeps and rule.method is AllocationMethod.SAME_RATE:
        words = "Đơn vị nào cũng giữ như năm trước"
    elif rule.method in _SO_MUCH_EACH and rule.each is not None:
        words += f": {say_part(rule.each)}{percent}"
    elif rule.method is AllocationMethod.WEIGHT:
        name = weights.get(rule.weight, rule.weight)
        words = f"Chia theo {name[:1].lower()}{name[1:]}" + (
            f" năm {weight_year}" if weight_year else ""
        )
    elif rule.method is AllocationMethod.ACTUAL and rule.stretch:
        sign, points = "+" if rule.stretch > 0 else "–", " điểm" if column.rate else "%"
        words += f" {sign} {say_part(abs(rule.stretch))}{points}"
    elif rule.method is AllocationMethod.PLACES:
        words += f": {', '.join(rule.places)}"
    bounds = [
        f"{said} {bound}"
        for said, bound in (("ít nhất", rule.least), ("nhiều nhất", rule.most))
        if bound
    ]
    words += f", mỗi nơi {', '.join(bounds)}" if bounds else ""
    return (
        words
        if rule.reach is Reach.NEXT
        else f"{words}; {REACHES[rule.reach][:1].lower()}{REACHES[rule.reach][1:]}"
    )


def counted_level(rule: Rule) -> str:
    """The level whose units a rule counts, blank where it counts none."""
    if rule.method is AllocationMethod.WEIGHT and rule.weight.startswith(UNITS):
        return rule.weight.removeprefix(UNITS)
    return rule.level or ""


def base_words(column: Column, weights: Mapping[str, str], weight_year: int | None = None) -> str:
    """What a unit's figure is called that its part comes from: `Kết quả năm 2020`; blank where there is none."""
    rule = column.rule
    if _goes_by_last(rule):
        return f"Kết quả năm {column.year - 1}"
    if counted_level(rule):
        return "Số đơn vị được tính"
    named = weights.get(rule.weight, rule.weight) if rule.method is AllocationMethod.WEIGHT else ""
    return f"{named} năm {weight_year}" if weight_year else named


def base_unit(column: Column, library: Library) -> str:
    """What follows such a figure: `%`, ` người`, ` cơ sở`."""
    if _goes_by_last(column.rule):
        return "%" if column.rate else f" {column.unit}".rstrip()
    level, element = counted_level(column.rule), library.elements.get(column.rule.weight)
    if level:
        return f" {library.vocabulary.level_name(level)}"
    return f" {element.unit}".rstrip() if element else ""


def _goes_by_last(rule: Rule) -> bool:
    return rule.method is AllocationMethod.ACTUAL or (
        rule.method is AllocationMethod.WEIGHT and rule.weight == LAST_ACTUAL
    )


def became_words(became: UnitSince) -> str:
    """`từ 01/07/2025 nay là Xã A, Xã B; gồm cả Xã C`: what has become of a unit since a decision."""
    said, still = [], became.now
    if became.since is not None:
        others = ", ".join(heir.name for heir in became.heirs if heir is not still)
        led_to = (
            f"{'một phần sang' if still else 'nay là'} {others}"
            if others
            else "không có đơn vị kế tục"
        )
        said.append(f"từ {format_date(became.since)} {led_to}")
    if still is not None and became.renamed:
        said.append(f"nay tên là {still.name}")
    if became.under is not None:
        said.append(f"nay thuộc {became.under.name}")
    if became.joined:
        said.append(f"nay gồm cả {', '.join(unit.name for unit in became.joined)}")
    return "; ".join(said)
