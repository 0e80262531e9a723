"""How a target is handed down, in words: on its sheet and where a figure is explained."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from toankhoa.core.basics import format_date
from toankhoa.core.measures import UNITS, Library, Vocabulary
from toankhoa.core.targets import AllocationMethod, Column, Reach, Rule, say_part
from toankhoa.operations.allocation_sheet import LAST_ACTUAL
from toankhoa.operations.as_issued import UnitSince
from toankhoa.web.shell.words import METHODS, REACHES

_SO_MUCH_EACH = (AllocationMethod.SAME_RATE, AllocationMethod.PER_UNIT)


def method_words(method: AllocationMethod, level: str | None, vocabulary: Vocabulary) -> str:
    """`Mỗi chi nhánh một chỉ tiêu`, `Chia đều`: a method, with the level whose units it counts."""
    if method is AllocationMethod.PER_UNIT and level is not None:
        return f"Mỗi {vocabulary.level_name(level)} một chỉ tiêu"
    return METHODS[method]


def weight_names(levels: Iterable[str], vocabulary: Vocabulary) -> dict[str, str]:
    """What can weigh besides elements, by its code: units of these levels, the last actual."""
    units = {f"{UNITS}{code}": f"Số đơn vị cấp {vocabulary.level_name(code)}" for code in levels}
    return units | {LAST_ACTUAL: "Kết quả năm trước của chỉ số này"}


def rule_words(
    column: Column,
    weights: Mapping[str, str],
    vocabulary: Vocabulary,
    weight_year: int | None = None,
) -> str:
    """`Chia theo tổng số hội viên năm 2020, mỗi nơi ít nhất 2; đến đơn vị cấp cuối`.

    `weights`: names by code.
    """
    rule = column.rule
    words = _dividing_words(column, weights, vocabulary, weight_year)
    bounds = []
    if rule.least:
        bounds.append(f"ít nhất {rule.least}")
    if rule.most:
        bounds.append(f"nhiều nhất {rule.most}")
    if bounds:
        words += f", mỗi nơi {', '.join(bounds)}"
    if rule.reach is Reach.NEXT:
        return words
    return f"{words}; {_uncapitalised(REACHES[rule.reach])}"


def _dividing_words(
    column: Column, weights: Mapping[str, str], vocabulary: Vocabulary, weight_year: int | None
) -> str:
    """By which rule a column is divided."""
    rule = column.rule
    words = method_words(rule.method, rule.level, vocabulary)
    percent = "%" if column.rate else ""
    if column.keeps and rule.method is AllocationMethod.SAME_RATE:
        return "Đơn vị nào cũng giữ như năm trước"
    if rule.method in _SO_MUCH_EACH and rule.each is not None:
        return f"{words}: {say_part(rule.each)}{percent}"
    if rule.method is AllocationMethod.WEIGHT:
        return _weight_words(rule, weights, weight_year)
    if rule.method is AllocationMethod.ACTUAL and rule.stretch:
        return f"{words} {_stretch_words(column, rule.stretch)}"
    if rule.method is AllocationMethod.PLACES:
        return f"{words}: {', '.join(rule.places)}"
    return words


def _weight_words(rule: Rule, weights: Mapping[str, str], weight_year: int | None) -> str:
    name = _uncapitalised(weights.get(rule.weight, rule.weight))
    if weight_year:
        return f"Chia theo {name} năm {weight_year}"
    return f"Chia theo {name}"


def _stretch_words(column: Column, stretch: Fraction) -> str:
    """`+ 2 điểm`: how much more than last year."""
    points = " điểm" if column.rate else "%"
    sign = "+" if stretch > 0 else "–"
    return f"{sign} {say_part(abs(stretch))}{points}"


def _uncapitalised(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"


def counted_level(rule: Rule) -> str:
    """The level whose units a rule counts, blank where it counts none."""
    if rule.method is AllocationMethod.WEIGHT and rule.weight.startswith(UNITS):
        return rule.weight.removeprefix(UNITS)
    return rule.level or ""


def base_words(column: Column, weights: Mapping[str, str], weight_year: int | None = None) -> str:
    """What a unit's figure is called that its part comes from: `Kết quả năm 2020`.

    Blank for none.
    """
    rule = column.rule
    if _goes_by_last(rule):
        return f"Kết quả năm {column.year - 1}"
    if counted_level(rule):
        return "Số đơn vị được tính"
    if rule.method is not AllocationMethod.WEIGHT:
        return ""
    name = weights.get(rule.weight, rule.weight)
    if weight_year:
        return f"{name} năm {weight_year}"
    return name


def base_unit(column: Column, library: Library) -> str:
    """What follows such a figure: `%`, ` người`, ` cơ sở`."""
    if _goes_by_last(column.rule):
        if column.rate:
            return "%"
        return f" {column.unit}".rstrip()
    level, element = counted_level(column.rule), library.elements.get(column.rule.weight)
    if level:
        return f" {library.vocabulary.level_name(level)}"
    if element:
        return f" {element.unit}".rstrip()
    return ""


def _goes_by_last(rule: Rule) -> bool:
    if rule.method is AllocationMethod.WEIGHT:
        return rule.weight == LAST_ACTUAL
    return rule.method is AllocationMethod.ACTUAL


def became_words(became: UnitSince) -> str:
    """`từ 01/07/2025 nay là Xã A, Xã B; gồm cả Xã C`.

    What has become of a unit since a decision.
    """
    changes, still = [], became.now
    if became.since is not None:
        changes.append(f"từ {format_date(became.since)} {_led_to(became)}")
    if still is not None and became.renamed:
        changes.append(f"nay tên là {still.name}")
    if became.under is not None:
        changes.append(f"nay thuộc {became.under.name}")
    if became.joined:
        names = ", ".join(unit.name for unit in became.joined)
        changes.append(f"nay gồm cả {names}")
    return "; ".join(changes)


def _led_to(became: UnitSince) -> str:
    """Which other units carry it on, wholly or in part."""
    still = became.now
    others = ", ".join(heir.name for heir in became.heirs if heir is not still)
    if not others:
        return "không có đơn vị kế tục"
    if still:
        return f"một phần sang {others}"
    return f"nay là {others}"
