"""How a target is handed down, in words: on its sheet and where a figure is explained."""

from __future__ import annotations

from collections.abc import Mapping

from toankhoa.core.allocation import Column, Method, Reach
from toankhoa.core.allocation_entry import say_part
from toankhoa.core.measures import Library
from toankhoa.operations.allocation_sheet import BASES, LAST_ACTUAL
from toankhoa.web.words import METHODS, REACHES

_SO_MUCH_EACH = (Method.SAME_RATE, Method.PER_BASE, Method.PER_DISTRICT)


def weight_names(library: Library) -> dict[str, str]:
    """What can weigh besides elements, by its code."""
    base = library.vocabulary.level_names.get("base", "cơ sở").lower()
    return {BASES: f"Số đơn vị cấp {base}", LAST_ACTUAL: "Kết quả năm trước của chỉ số này"}


def rule_words(column: Column, weights: Mapping[str, str], weight_year: int | None = None) -> str:
    """`Chia theo tổng số hội viên năm 2020, mỗi nơi ít nhất 2; đến từng cơ sở`. `weights`: names by code."""
    rule, percent = column.rule, "%" if column.rate else ""
    words = METHODS[rule.method]
    if column.keeps and rule.method is Method.SAME_RATE:
        words = "Đơn vị nào cũng giữ như năm trước"
    elif rule.method in _SO_MUCH_EACH and rule.each is not None:
        words += f": {say_part(rule.each)}{percent}"
    elif rule.method is Method.WEIGHT:
        name = weights.get(rule.weight, rule.weight)
        words = f"Chia theo {name[:1].lower()}{name[1:]}" + (f" năm {weight_year}" if weight_year else "")
    elif rule.method is Method.ACTUAL and rule.stretch:
        sign, points = "+" if rule.stretch > 0 else "–", " điểm" if column.rate else "%"
        words += f" {sign} {say_part(abs(rule.stretch))}{points}"
    elif rule.method is Method.PLACES:
        words += f": {', '.join(rule.places)}"
    bounds = [f"{said} {bound}" for said, bound in (("ít nhất", rule.least), ("nhiều nhất", rule.most)) if bound]
    words += f", mỗi nơi {', '.join(bounds)}" if bounds else ""
    return words if rule.reach is Reach.NEXT else f"{words}; {REACHES[rule.reach][:1].lower()}{REACHES[rule.reach][1:]}"
