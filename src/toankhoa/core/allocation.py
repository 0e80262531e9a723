"""Handing a target down (giao chỉ tiêu): from what a unit must reach to the part of each unit below it.

A `Rule` works the parts out, what is fixed by hand goes before it, and a `Balance` holds the parts against the whole.
Parts are whole numbers and together exactly the whole, unless a cap or what was fixed by hand keeps them from it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from math import floor

from toankhoa.core.numbers import format_number
from toankhoa.core.plan import Comparator
from toankhoa.core.problems import Problem, Severity
from toankhoa.core.text import words_of

# A part: an amount, or None where the decision asks nothing of the unit. A unit without a part is undecided.
Part = Fraction | None
Parts = Mapping[str, Part]

_NAMED = 4  # units that a message names
_PERCENT = 100


class Method(StrEnum):
    """How the parts are worked out."""

    SAME_RATE = "same_rate"  # every unit the same rate
    PER_BASE = "per_base"  # so much for each base at or below the unit
    PER_DISTRICT = "per_district"
    EQUAL = "equal"
    WEIGHT = "weight"  # in proportion to a figure of the unit
    ACTUAL = "actual"  # what the unit reached last, and a stretch
    PLACES = "places"  # the units that the year cell names, in equal parts; nothing is asked of the others
    HAND = "hand"


# These hold for whatever units stand there later: they are worked out along the tree of the year that is read.
FOLLOWING = frozenset({Method.SAME_RATE, Method.PER_BASE, Method.PER_DISTRICT})
_COUNTED = {Method.PER_BASE: "base", Method.PER_DISTRICT: "district"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A method with what it needs.

    `each`: the amount for each base or district, or the rate; `weight`: code of the figure that weighs; `stretch`: per
    cent on top of the last actual, of a rate percentage points; `least` and `most` bound every part that the rule works
    out; `reserve` is held back from the whole.
    """

    method: Method
    each: Fraction | None = None
    weight: str = ""
    stretch: Fraction = Fraction(0)
    places: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    reserve: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """A unit that receives a part, and what rules ask of it; None is not known, never 0.

    `counts`: units per level at or below it; `weight`: its figure that weighs; `actual`: what it reached last; `size`:
    the denominator behind a rate.
    """

    code: str
    name: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    weight: Fraction | None = None
    actual: Fraction | None = None
    size: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """The parts that could be worked out, and why others could not."""

    parts: Parts
    problems: tuple[Problem, ...] = ()


class Verdict(StrEnum):
    """The parts against the whole."""

    EXACT = "exact"
    UNDER = "under"  # not all of it is handed down or held back
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What is handed down and held back, against what the unit above must reach. Of a rate: the units' mean by size."""

    whole: Fraction
    handed: Fraction
    reserve: Fraction = Fraction(0)

    @property
    def left(self) -> Fraction:
        """What is neither handed down nor held back; negative where more was handed down than there is."""
        return self.whole - self.handed - self.reserve

    @property
    def over(self) -> Fraction:
        """How much more was handed down or held back than there is."""
        return max(-self.left, Fraction(0))

    @property
    def verdict(self) -> Verdict:
        """In one word."""
        if not self.left:
            return Verdict.EXACT
        return Verdict.UNDER if self.left > 0 else Verdict.OVER


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One target of one year in a decision. `whole`: what the unit above must reach; `unit`: its unit of measure.

    `fixed`: parts set by hand; `parts`: those of all units as they were issued, none while it is a draft.
    """

    row: str
    indicator: str
    year: int
    comparator: Comparator
    whole: Fraction
    rule: Rule
    unit: str = ""
    rate: bool = False
    fixed: Parts = field(default_factory=dict)
    parts: Parts = field(default_factory=dict)

    def part(self, code: str, counts: Mapping[str, int]) -> Part:
        """What it asks of a unit on a day when so many units per level stand at or below it.

        A rule that follows the tree also reaches units that were founded later. KeyError where it decides nothing.
        """
        return followed(self.rule, counts) if self._follows(code) else self.parts[code]

    def reaches(self, code: str) -> bool:
        """Whether it decides anything about a unit directly below."""
        return self._follows(code) or code in self.parts

    def _follows(self, code: str) -> bool:
        return code not in self.fixed and self.rule.method in FOLLOWING


def divide(whole: Fraction, recipients: Sequence[Recipient], rule: Rule, *, rate: bool, fixed: Parts) -> Division:
    """A part for every unit, in the order of their codes: those fixed by hand, the others by the rule."""
    units = sorted(recipients, key=lambda one: one.code)
    free = [one for one in units if one.code not in fixed]
    given = sum((part for one in units if (part := fixed.get(one.code)) is not None), Fraction(0))
    rest = whole if rate else _what_remains(whole, rule.reserve + given)
    worked = _SHARERS[rule.method](_Task(rest, units, free, rule, rate)) if free else Division(parts={})
    parts = {**worked.parts, **fixed}
    known = {one.code: parts[one.code] for one in units if one.code in parts}
    return Division(parts=known, problems=worked.problems)


def _what_remains(whole: Fraction, gone: Fraction) -> Fraction:
    """Nothing is left to divide where more is gone than there was; a reduction is less than 0."""
    return max(whole - gone, Fraction(0)) if whole >= 0 else min(whole - gone, Fraction(0))


def balance(
    whole: Fraction, parts: Parts, recipients: Iterable[Recipient], *, rate: bool, reserve: int = 0
) -> Balance | None:
    """The parts of these units against the whole; of a rate None where a size is not known."""
    asked = [(one, part) for one in recipients if (part := parts.get(one.code)) is not None]
    if not rate:
        return Balance(whole=whole, handed=sum((part for _, part in asked), Fraction(0)), reserve=Fraction(reserve))
    sizes = [(one.size, part) for one, part in asked if one.size is not None]
    total = sum((size for size, _ in sizes), Fraction(0))
    if not total or len(sizes) < len(asked):
        return None
    return Balance(whole=whole, handed=sum((size * part for size, part in sizes), Fraction(0)) / total)


def followed(rule: Rule, counts: Mapping[str, int]) -> Part:
    """The part of a rule that follows the tree, for a unit with so many units per level; None where it has none."""
    if rule.each is None or rule.method is Method.SAME_RATE:
        return rule.each
    count = counts.get(_COUNTED[rule.method], 0)
    return _clip(rule.each * count, rule.least, rule.most) if count else None


def apportion(
    whole: int, weights: Mapping[str, Fraction], *, least: int = 0, most: int | None = None
) -> dict[str, int]:
    """Divide a whole number in proportion to weights, every part from `least` to `most`: the largest remainders.

    Together the parts are the whole, or as near to it as the caps let them come. A unit of no weight gets the least;
    ties go to the code that comes first. ValueError where no weight is above 0, or the whole is less than the least
    parts together.
    """
    heavy = [weight for weight in weights.values() if weight > 0]
    if not heavy or whole < least * len(weights):
        raise ValueError("nothing to divide by, or less than the least parts together")
    if most is not None:
        whole = min(whole, most * len(heavy) + least * (len(weights) - len(heavy)))
    level = _level(whole, list(weights.values()), least, most)
    quotas = {code: _clip(level * weight, least, most) for code, weight in weights.items()}
    parts = {code: floor(quota) for code, quota in quotas.items()}
    rounded_up = sorted(quotas, key=lambda code: (parts[code] - quotas[code], code))
    for code in rounded_up[: whole - sum(parts.values())]:
        parts[code] += 1
    return parts


def _level(whole: int, weights: Sequence[Fraction], least: int, most: int | None) -> Fraction:
    """How much a unit of weight gets, so that bounded parts together are the whole.

    Their sum grows along straight lines, which turn where a part leaves its least or meets its cap.
    """

    def total(level: Fraction) -> Fraction:
        return sum((_clip(level * weight, least, most) for weight in weights), Fraction(0))

    bounds = [bound for bound in (least, most) if bound is not None]
    turns = sorted({bound / weight for weight in weights if weight > 0 for bound in bounds})
    turn = turns[bisect_right(turns, Fraction(whole), key=total) - 1]
    growing = sum(
        (weight for weight in weights if turn * weight >= least and (most is None or turn * weight < most)), Fraction(0)
    )
    return turn + (whole - total(turn)) / growing if growing else turn


def _clip(amount: Fraction, least: int | None, most: int | None) -> Fraction:
    amount = amount if least is None else max(amount, Fraction(least))
    return amount if most is None else min(amount, Fraction(most))


# One function per method.


@dataclass(frozen=True, slots=True)
class _Task:
    """What is left to divide, all units in order, those of them that nobody fixed, the rule, whether it is a rate."""

    rest: Fraction
    units: Sequence[Recipient]
    free: Sequence[Recipient]
    rule: Rule
    rate: bool


def _following(task: _Task) -> Division:
    if task.rule.each is None:
        what = "tỷ lệ" if task.rate else "mức cho mỗi đơn vị"
        return _cannot("allocation-each", f"Chưa ghi {what}. Hãy ghi một số ở cách giao của cột này.")
    return Division(parts={one.code: followed(task.rule, one.counts) for one in task.free})


def _equal(task: _Task) -> Division:
    return _shared(task, {one.code: Fraction(1) for one in task.free})


def _weighed(task: _Task) -> Division:
    weights = {one.code: one.weight for one in task.free if one.weight is not None}
    if blank := [one for one in task.free if one.code not in weights]:
        message = (
            f"Chưa biết số để chia của {_names(blank)}. Hãy ghi mức của các đơn vị này bằng tay hoặc chia cách khác."
        )
        return _cannot("allocation-weight-missing", message)
    if not any(weight > 0 for weight in weights.values()):
        return _cannot("allocation-weight-zero", "Số để chia của mọi đơn vị đều là 0. Hãy chọn số khác hoặc chia đều.")
    return _shared(task, weights)


def _from_actual(task: _Task) -> Division:
    if blank := [one for one in task.free if one.actual is None]:
        message = f"Chưa có kết quả năm trước của {_names(blank)}. Hãy ghi mức của các đơn vị này bằng tay."
        return _cannot("allocation-actual-missing", message)
    actual = {one.code: one.actual for one in task.free if one.actual is not None}
    return Division(parts={code: _stretched(amount, task.rule, task.rate) for code, amount in actual.items()})


def _stretched(actual: Fraction, rule: Rule, rate: bool) -> Fraction:
    """Half and more is rounded up: a count to a whole number, a rate to a tenth of a point and at most to 100%."""
    if rate:
        return min(Fraction(_half_up(10 * (actual + rule.stretch)), 10), Fraction(_PERCENT))
    return _clip(Fraction(_half_up(actual * (_PERCENT + rule.stretch) / _PERCENT)), rule.least, rule.most)


def _half_up(amount: Fraction) -> int:
    return floor(amount + Fraction(1, 2))


def _to_places(task: _Task) -> Division:
    if not task.rule.places:
        return _cannot("allocation-places", "Ô kế hoạch không nêu tên đơn vị nào. Hãy chọn cách giao khác.")
    named: set[str] = set()
    for place in task.rule.places:
        found = [one.code for one in task.units if _is_called(one, place)]
        if len(found) != 1:
            many = f"“{place}” là tên của {len(found)} đơn vị" if found else f"Không có đơn vị nào tên “{place}”"
            return _cannot("allocation-place", f"{many} trong bảng này. Hãy ghi mức bằng tay.", place)
        named |= {*found}
    nothing: dict[str, Part] = {one.code: None for one in task.free}
    asked = {one.code: Fraction(1) for one in task.free if one.code in named}
    if task.rate or not asked:
        return Division(parts=nothing | dict.fromkeys(asked, task.rest))
    shared = _shared(task, asked)
    return shared if shared.problems else Division(parts=nothing | dict(shared.parts))


def _is_called(unit: Recipient, place: str) -> bool:
    """The name, with or without what kind of unit it is before it."""
    return f" {words_of(unit.name)}".endswith(f" {words_of(place)}")


def _by_hand(_: _Task) -> Division:
    return Division(parts={})


def _shared(task: _Task, weights: Mapping[str, Fraction]) -> Division:
    """Parts by weight of what is left; of a reduction (less than 0) those of its size."""
    rest, least, most = task.rest, task.rule.least or 0, task.rule.most
    if task.rate:
        return _cannot(
            "allocation-rate", "Tỷ lệ không chia thành phần được. Hãy giao cùng một tỷ lệ hoặc ghi bằng tay."
        )
    if rest.denominator != 1:
        return _cannot("allocation-whole", f"Mức {format_number(rest)} không phải số nguyên. Hãy ghi mức từng đơn vị.")
    if most is not None and most < least:
        return _cannot("allocation-bounds", f"Mức ít nhất ({least}) lớn hơn mức nhiều nhất ({most}). Hãy sửa một số.")
    size, needed = abs(int(rest)), least * len(weights)
    if size < needed:
        message = f"Mỗi đơn vị ít nhất {least} thì cần {format_number(needed)}, mà chỉ còn {format_number(size)}."
        return _cannot("allocation-least", f"{message} Hãy giảm mức ít nhất.")
    sign = -1 if rest < 0 else 1
    parts = apportion(size, weights, least=least, most=most)
    return Division(parts={code: Fraction(sign * part) for code, part in parts.items()})


def _cannot(code: str, message: str, fragment: str = "") -> Division:
    return Division(parts={}, problems=(Problem(code, Severity.ERROR, message, fragment=fragment),))


def _names(units: Sequence[Recipient]) -> str:
    names = ", ".join(one.name or one.code for one in units[:_NAMED])
    return names if len(units) <= _NAMED else f"{names} và {len(units) - _NAMED} đơn vị khác"


_Sharer = Callable[[_Task], Division]
_SHARERS: Mapping[Method, _Sharer] = {
    Method.SAME_RATE: _following,
    Method.PER_BASE: _following,
    Method.PER_DISTRICT: _following,
    Method.EQUAL: _equal,
    Method.WEIGHT: _weighed,
    Method.ACTUAL: _from_actual,
    Method.PLACES: _to_places,
    Method.HAND: _by_hand,
}
