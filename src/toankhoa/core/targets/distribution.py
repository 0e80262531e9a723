"""The parts of a column, worked out down the tree: one function per method divides what one unit has to hand on.

Units whose parts are parts of the same unit's are a group. From the top down every group is divided by the rule, within
bounds that come up from below: a unit gets at least what those below it need, at most what they may take. The units
directly below are the tree of depth 1. Parts are whole numbers and together exactly what there is to divide, unless
bounds or what was fixed by hand keep them from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from toankhoa.core.basics import Problem, Severity, format_number, words_of
from toankhoa.core.targets.allocation import (
    FREE,
    WHOLE,
    AllocationMethod,
    Limits,
    Part,
    Parts,
    Recipient,
    Rule,
    followed,
    grouped,
)
from toankhoa.core.targets.apportionment import Bounds, apportion

_NAMED = 4  # units that a message names
_PERCENT = 100
_NOTHING = Bounds(0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """The parts that could be worked out, and why others could not."""

    parts: Parts
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What is divided: groups by the unit above them, how, and what a person set."""

    whole: Fraction
    below: Mapping[str, Sequence[Recipient]]
    rule: Rule
    rate: bool
    fixed: Parts
    limits: Mapping[str, Limits]

    def reserve(self, code: str) -> int:
        """What a unit holds back from those below it."""
        return self.rule.reserve if code == WHOLE else self.limits.get(code, FREE).reserve

    def own(self, one: Recipient) -> Bounds:
        """What binds one unit itself."""
        return self.rule.bounds(self.limits.get(one.code, FREE), bottom=one.code not in self.below)

    def downwards(self) -> Iterator[tuple[str, Sequence[Recipient]]]:
        """Every group, none before the one that its upper unit is in."""
        waiting = [WHOLE]
        for above in waiting:
            group = self.below.get(above, ())
            yield above, group
            waiting += [one.code for one in group if one.code in self.below]


@dataclass(frozen=True, slots=True)
class _Task:
    """One group: what there is left for those that nobody fixed (`rest`, None where the part above is undecided), what
    they are called in the plan (`named`: how many of those it names stand at or below each), their bounds."""

    rest: Fraction | None
    free: Sequence[Recipient]
    rule: Rule
    rate: bool
    bounds: Mapping[str, Bounds]
    named: Mapping[str, int]


def divide(
    whole: Fraction,
    recipients: Sequence[Recipient],
    rule: Rule,
    *,
    rate: bool,
    fixed: Parts,
    limits: Mapping[str, Limits] | None = None,
) -> Division:
    """A part for every unit, in the order of their codes: those fixed by hand, the others by the rule.

    `rate`: every unit is asked for itself (`Column.alike`), so that no part is a part of another.
    """
    tree = grouped(recipients)
    below = {WHOLE: _last(recipients, tree)} if rule.sums_up and not rate else tree
    divided = {one.code for group in below.values() for one in group}
    by_hand = {code: part for code, part in fixed.items() if code in divided}
    sheet = _Sheet(whole, below, rule, rate, by_hand, limits or {})
    named, problem = _named(sheet) if rule.method is AllocationMethod.PLACES else ({}, None)
    if problem:
        return Division(parts=_in_order(by_hand), problems=(problem,))
    parts, problems = _downwards(sheet, named)
    if not rate:
        _add_up(tree, parts, {} if rule.sums_up else {code: sheet.reserve(code) for code in tree})
    return Division(parts=_in_order(parts), problems=problems)


def _in_order(parts: Parts) -> Parts:
    return {code: parts[code] for code in sorted(parts)}


def _last(
    recipients: Sequence[Recipient], tree: Mapping[str, Sequence[Recipient]]
) -> Sequence[Recipient]:
    return sorted((one for one in recipients if one.code not in tree), key=lambda one: one.code)


def _downwards(
    sheet: _Sheet, named: Mapping[str, int]
) -> tuple[dict[str, Part], tuple[Problem, ...]]:
    """Group by group, from the top."""
    bounds, names = (
        _bounds(sheet, named),
        {one.code: one.name for group in sheet.below.values() for one in group},
    )
    parts: dict[str, Part] = {WHOLE: sheet.whole}
    problems: list[Problem] = []
    for above, group in sheet.downwards():
        free = [one for one in group if one.code not in sheet.fixed]
        parts |= {one.code: sheet.fixed[one.code] for one in group if one.code in sheet.fixed}
        if above in parts and parts[above] is None:
            parts |= dict.fromkeys([one.code for one in free])
        elif free:
            task = _Task(
                _rest(sheet, above, group, parts), free, sheet.rule, sheet.rate, bounds, named
            )
            done = _SHARERS[sheet.rule.method](task)
            parts |= done.parts
            problems += [_at(names.get(above, ""), problem) for problem in done.problems]
    del parts[WHOLE]
    return parts, tuple(problems)


def _rest(sheet: _Sheet, above: str, group: Sequence[Recipient], parts: Parts) -> Fraction | None:
    """What is left of a unit's part for those below that nobody fixed; of a rate the whole of it for each.

    Nothing is left where more is gone than there was; a reduction is less than 0.
    """
    if sheet.rate:
        return sheet.whole
    part = parts.get(above)
    if part is None:
        return None
    given = sum(
        (amount for one in group if (amount := sheet.fixed.get(one.code)) is not None), Fraction(0)
    )
    rest = part - given - sheet.reserve(above)
    return max(rest, Fraction(0)) if sheet.whole >= 0 else min(rest, Fraction(0))


def _add_up(
    tree: Mapping[str, Sequence[Recipient]], parts: dict[str, Part], reserves: Mapping[str, int]
) -> None:
    """A unit that has no part yet, while all below it have theirs, has what these have together."""
    for above in reversed(
        [code for code in _depth_first(tree) if code in tree and code not in parts]
    ):
        group = [one.code for one in tree[above]]
        if all(code in parts for code in group):
            amounts = [part for code in group if (part := parts[code]) is not None]
            parts[above] = sum(amounts, Fraction(reserves.get(above, 0))) if amounts else None


def _depth_first(tree: Mapping[str, Sequence[Recipient]]) -> list[str]:
    """Every unit, those above before those below."""
    found = [one.code for one in tree.get(WHOLE, ())]
    for above in found:
        found += [one.code for one in tree.get(above, ())]
    return found


def _bounds(sheet: _Sheet, named: Mapping[str, int]) -> dict[str, Bounds]:
    """What binds each part: its own bounds, and what those below it need and may take together."""
    sign = -1 if sheet.whole < 0 else 1
    bounds: dict[str, Bounds] = {}
    for _, group in reversed([*sheet.downwards()]):
        for one in group:
            if one.code in sheet.fixed:
                size = sign * (sheet.fixed[one.code] or Fraction(0))
                bounds[one.code] = Bounds(ceil(size), floor(size))
            elif sheet.rule.method is AllocationMethod.PLACES and not named.get(one.code):
                bounds[one.code] = _NOTHING if one.code not in named else Bounds()
            elif (
                sheet.rule.method is AllocationMethod.WEIGHT
                and one.weight == 0
                and one.code not in sheet.below
            ):
                least = sheet.own(one).least
                bounds[one.code] = Bounds(least, least)
            else:
                within = [bounds[each.code] for each in sheet.below.get(one.code, ())]
                bounds[one.code] = (
                    _together(sheet.own(one), within, sheet.reserve(one.code))
                    if within
                    else sheet.own(one)
                )
    return bounds


def _together(own: Bounds, below: Sequence[Bounds], reserve: int) -> Bounds:
    least = max(own.least, sum(each.least for each in below) + reserve)
    caps = [each.most for each in below if each.most is not None]
    room = [sum(caps) + reserve] if len(caps) == len(below) else []
    return Bounds(least, min([*room, *([] if own.most is None else [own.most])], default=None))


# One function per method.


def _following(task: _Task) -> Division:
    if task.rule.each is None:
        what = "tỷ lệ" if task.rate else "mức cho mỗi đơn vị"
        return _cannot(
            "allocation-each", f"Chưa ghi {what}. Hãy ghi một số ở cách giao của cột này."
        )
    return Division(
        parts={
            one.code: followed(task.rule, one.counts, task.bounds[one.code]) for one in task.free
        }
    )


def _equal(task: _Task) -> Division:
    return _shared(task, {one.code: Fraction(1) for one in task.free})


def _weighed(task: _Task) -> Division:
    weights = {one.code: one.weight for one in task.free if one.weight is not None}
    if blank := [one for one in task.free if one.code not in weights]:
        message = f"Chưa biết số để chia của {_names(blank)}. Hãy ghi mức của các đơn vị này bằng tay hoặc chia cách khác."
        return _cannot("allocation-weight-missing", message)
    return _shared(task, weights)


def _from_actual(task: _Task) -> Division:
    known = {one.code: one.actual for one in task.free if one.actual is not None}
    parts = {code: _stretched(amount, task, code) for code, amount in known.items()}
    if blank := [one for one in task.free if one.actual is None]:
        message = f"Chưa có kết quả năm trước của {_names(blank)}. Hãy ghi mức của các đơn vị này bằng tay."
        return _cannot("allocation-actual-missing", message)
    return Division(parts=parts)


def _stretched(actual: Fraction, task: _Task, code: str) -> Fraction:
    """Half and more is rounded up: a count to a whole number, a rate to a tenth of a point and at most to 100%."""
    stretch = task.rule.stretch
    if task.rate:
        return min(Fraction(_half_up(10 * (actual + stretch)), 10), Fraction(_PERCENT))
    return task.bounds[code].clip(Fraction(_half_up(actual * (_PERCENT + stretch) / _PERCENT)))


def _half_up(amount: Fraction) -> int:
    return floor(amount + Fraction(1, 2))


def _to_places(task: _Task) -> Division:
    """Below a unit that is named itself, while none of these is, who shall do it is left open."""
    asked = {
        one.code: Fraction(task.named[one.code]) for one in task.free if task.named.get(one.code)
    }
    nothing: dict[str, Part] = {one.code: None for one in task.free if one.code not in task.named}
    if task.rate or not asked:
        return Division(parts=nothing | dict.fromkeys(asked, task.rest))
    shared = _shared(task, asked)
    return shared if shared.problems else Division(parts=nothing | dict(shared.parts))


def _by_hand(_: _Task) -> Division:
    return Division(parts={})


def _shared(task: _Task, weights: Mapping[str, Fraction]) -> Division:
    """Parts by weight of what is left; of a reduction (less than 0) those of its size."""
    rest, bounds = task.rest, {code: task.bounds[code] for code in weights}
    if task.rate:
        return _cannot(
            "allocation-rate",
            "Tỷ lệ không chia thành phần được. Hãy giao cùng một tỷ lệ hoặc ghi bằng tay.",
        )
    if rest is None:
        return Division(parts={})
    if rest.denominator != 1:
        return _cannot(
            "allocation-whole",
            f"Mức {format_number(rest)} không phải số nguyên. Hãy ghi mức từng đơn vị.",
        )
    if crossed := [one for one in task.free if one.code in bounds and bounds[one.code].empty]:
        return _cannot("allocation-bounds", _crossed(crossed[0], bounds[crossed[0].code]))
    size, needed = abs(int(rest)), sum(each.least for each in bounds.values())
    if size < needed:
        message = f"Mức ít nhất của các đơn vị cộng lại là {format_number(needed)}, mà chỉ còn {format_number(size)}."
        return _cannot("allocation-least", f"{message} Hãy giảm mức ít nhất.")
    if size > needed and not any(weight > 0 for weight in weights.values()):
        return _cannot(
            "allocation-weight-zero",
            "Số để chia của mọi đơn vị đều là 0. Hãy chọn số khác hoặc chia đều.",
        )
    sign = -1 if rest < 0 else 1
    return Division(
        parts={
            code: Fraction(sign * part) for code, part in apportion(size, weights, bounds).items()
        }
    )


def _crossed(one: Recipient, bounds: Bounds) -> str:
    least, most = (format_number(bound or 0) for bound in (bounds.least, bounds.most))
    return f"{one.name or one.code} cần ít nhất {least} mà chỉ được nhiều nhất {most}. Hãy sửa một trong hai giới hạn."


# Units that the plan names


def _named(sheet: _Sheet) -> tuple[dict[str, int], Problem | None]:
    """How many named units stand at or below each one of which something is asked: 0 where it stands below a named one.

    A name is looked for among the units directly below, then further down.
    """
    if not sheet.rule.places:
        return {}, _problem(
            "allocation-places", "Ô kế hoạch không nêu tên đơn vị nào. Hãy chọn cách giao khác."
        )
    found: list[str] = []
    for place in sheet.rule.places:
        called = next((codes for codes in _called(sheet, place) if codes), [])
        if len(called) != 1:
            many = (
                f"“{place}” là tên của {len(called)} đơn vị"
                if called
                else f"Không có đơn vị nào tên “{place}”"
            )
            return {}, _problem(
                "allocation-place", f"{many} trong bảng này. Hãy ghi mức bằng tay.", place
            )
        found += called
    named: dict[str, int] = {}
    under = {one.code: above for above, group in sheet.below.items() for one in group}
    for code in {*found}:
        while code != WHOLE:
            named[code] = named.get(code, 0) + 1
            code = under[code]
    for above, group in sheet.downwards():
        if above in named and not any(one.code in named for one in group):
            named |= {one.code: 0 for one in group}
    return named, None


def _called(sheet: _Sheet, place: str) -> Iterator[list[str]]:
    """Codes of the units of that name, depth by depth."""
    level = [*sheet.below.get(WHOLE, ())]
    while level:
        yield [one.code for one in level if _is_called(one, place)]
        level = [below for one in level for below in sheet.below.get(one.code, ())]


def _is_called(unit: Recipient, place: str) -> bool:
    """The name, with or without what kind of unit it is before it."""
    return f" {words_of(unit.name)}".endswith(f" {words_of(place)}")


# What is said


def _cannot(code: str, message: str) -> Division:
    return Division(parts={}, problems=(_problem(code, message),))


def _problem(code: str, message: str, fragment: str = "") -> Problem:
    return Problem(code, Severity.ERROR, message, fragment=fragment)


def _at(name: str, problem: Problem) -> Problem:
    """Said of those below a unit."""
    return (
        Problem(problem.code, problem.severity, f"{name}: {problem.message}") if name else problem
    )


def _names(units: Sequence[Recipient]) -> str:
    names = ", ".join(one.name or one.code for one in units[:_NAMED])
    return names if len(units) <= _NAMED else f"{names} và {len(units) - _NAMED} đơn vị khác"


_Sharer = Callable[[_Task], Division]
_SHARERS: Mapping[AllocationMethod, _Sharer] = {
    AllocationMethod.SAME_RATE: _following,
    AllocationMethod.PER_UNIT: _following,
    AllocationMethod.EQUAL: _equal,
    AllocationMethod.WEIGHT: _weighed,
    AllocationMethod.ACTUAL: _from_actual,
    AllocationMethod.PLACES: _to_places,
    AllocationMethod.HAND: _by_hand,
}
