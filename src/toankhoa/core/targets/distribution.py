"""The parts of a column, worked out down the tree: one function per method divides what one unit
has to hand on.

Units whose parts are parts of the same unit's are a group. From the top down every group is divided
by the rule, within bounds that come up from below: a unit gets at least what those below it need,
at most what they may take. The units directly below are the tree of depth 1. Parts are whole
numbers and together exactly what there is to divide, unless bounds or what was fixed by hand keep
them from it. See docs/arithmetic.md, "Handing down".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from toankhoa.core.basics import Problem, Severity, format_number, half_up, words_of
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
_NO_ROOM = Bounds(0, 0)
_ZERO = Fraction(0)

Groups = Mapping[str, Sequence[Recipient]]  # units by the one above whose part theirs are parts of


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """The parts that could be worked out, and why others could not."""

    parts: Parts
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _ToDivide:
    """What is divided: groups by the unit above them, how, and what a person set."""

    whole: Fraction
    below: Groups
    rule: Rule
    rate: bool
    fixed: Parts
    limits: Mapping[str, Limits]

    @property
    def sign(self) -> int:
        """A reduction (a whole below 0) is divided by its size."""
        return -1 if self.whole < 0 else 1

    def reserve(self, code: str) -> int:
        """What a unit holds back from those below it."""
        if code == WHOLE:
            return self.rule.reserve
        return self.limits.get(code, FREE).reserve

    def own_bounds(self, unit: Recipient) -> Bounds:
        """What binds one unit itself."""
        limits = self.limits.get(unit.code, FREE)
        return self.rule.bounds(limits, bottom=unit.code not in self.below)

    def downwards(self) -> Iterator[tuple[str, Sequence[Recipient]]]:
        """Every group, none before the one that its upper unit is in."""
        waiting = [WHOLE]
        for above in waiting:
            group = self.below.get(above, ())
            yield above, group
            waiting += [unit.code for unit in group if unit.code in self.below]


@dataclass(frozen=True, slots=True)
class _GroupTask:
    """One group while it is divided.

    `rest`: what there is left for those that nobody fixed (`free`), None where the part above is
    undecided; `named`: how many of those that the plan names stand at or below each.
    """

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
    """A part for every unit, in the order of their codes: those fixed by hand, the others by the
    rule.

    `rate`: every unit is asked for itself (`Column.alike`), so that no part is a part of another.
    """
    tree = grouped(recipients)
    straight = rule.sums_up and not rate
    below: Groups = {WHOLE: _last_units(recipients, tree)} if straight else tree
    task = _ToDivide(whole, below, rule, rate, _fixed_here(fixed, below), limits or {})
    named: dict[str, int] = {}
    if rule.method is AllocationMethod.PLACES:
        named, problem = _units_named(task)
        if problem:
            return Division(parts=_in_order(task.fixed), problems=(problem,))
    parts, problems = _divided_downwards(task, named)
    if not rate:
        reserves = {} if rule.sums_up else {code: task.reserve(code) for code in tree}
        _add_up(tree, parts, reserves)
    return Division(parts=_in_order(parts), problems=problems)


def _fixed_here(fixed: Parts, below: Groups) -> Parts:
    """The parts fixed by hand of units that are divided to."""
    divided: set[str] = set()
    for group in below.values():
        divided |= {unit.code for unit in group}
    return {code: part for code, part in fixed.items() if code in divided}


def _in_order(parts: Parts) -> Parts:
    return {code: parts[code] for code in sorted(parts)}


def _last_units(recipients: Sequence[Recipient], tree: Groups) -> Sequence[Recipient]:
    last = [unit for unit in recipients if unit.code not in tree]
    return sorted(last, key=lambda unit: unit.code)


def _divided_downwards(
    task: _ToDivide, named: Mapping[str, int]
) -> tuple[dict[str, Part], tuple[Problem, ...]]:
    """Group by group, from the top."""
    bounds = _bounds_from_below(task, named)
    names: dict[str, str] = {}
    parts: dict[str, Part] = {WHOLE: task.whole}
    problems: list[Problem] = []
    for above, group in task.downwards():
        names |= {unit.code: unit.name for unit in group}
        free = _take_fixed(task, group, parts)
        if above in parts and parts[above] is None:  # nothing is asked of the one above
            parts |= dict.fromkeys([unit.code for unit in free])
        elif free:
            rest = _rest(task, above, group, parts)
            of_group = _GroupTask(rest, free, task.rule, task.rate, bounds, named)
            division = _SHARERS[task.rule.method](of_group)
            parts |= division.parts
            problems += [_below(names.get(above, ""), problem) for problem in division.problems]
    del parts[WHOLE]
    return parts, tuple(problems)


def _take_fixed(
    task: _ToDivide, group: Sequence[Recipient], parts: dict[str, Part]
) -> list[Recipient]:
    """Put the parts that a person fixed; the units that are left to the rule."""
    free: list[Recipient] = []
    for unit in group:
        if unit.code in task.fixed:
            parts[unit.code] = task.fixed[unit.code]
        else:
            free.append(unit)
    return free


def _rest(task: _ToDivide, above: str, group: Sequence[Recipient], parts: Parts) -> Fraction | None:
    """What is left of a unit's part for those below that nobody fixed; of a rate the whole of it
    for each.

    Nothing is left where more is gone than there was; a reduction is less than 0.
    """
    if task.rate:
        return task.whole
    part = parts.get(above)
    if part is None:
        return None
    given = _sum_of(task.fixed.get(unit.code) for unit in group)
    rest = part - given - task.reserve(above)
    return max(rest, _ZERO) if task.whole >= 0 else min(rest, _ZERO)


def _sum_of(parts: Iterable[Part]) -> Fraction:
    """Those that ask something, together."""
    return sum((part for part in parts if part is not None), _ZERO)


def _add_up(tree: Groups, parts: dict[str, Part], reserves: Mapping[str, int]) -> None:
    """A unit that has no part yet, while all below it have theirs, has what these have together."""
    for above in reversed(_top_down(tree)):
        if above in parts or above not in tree:
            continue
        group = [unit.code for unit in tree[above]]
        if any(code not in parts for code in group):
            continue
        below = [parts[code] for code in group]
        asks_nothing = all(part is None for part in below)
        parts[above] = None if asks_nothing else _sum_of(below) + reserves.get(above, 0)


def _top_down(tree: Groups) -> list[str]:
    """Every unit, those above before those below."""
    codes = [unit.code for unit in tree.get(WHOLE, ())]
    for above in codes:  # grows while it is walked
        codes += [unit.code for unit in tree.get(above, ())]
    return codes


def _bounds_from_below(task: _ToDivide, named: Mapping[str, int]) -> dict[str, Bounds]:
    """What binds each part: its own bounds, and what those below it need and may take together."""
    bounds: dict[str, Bounds] = {}
    for _, group in reversed([*task.downwards()]):
        for unit in group:
            bounds[unit.code] = _bounds_of(unit, task, named, bounds)
    return bounds


def _bounds_of(
    unit: Recipient, task: _ToDivide, named: Mapping[str, int], bounds: Mapping[str, Bounds]
) -> Bounds:
    """`bounds`: of the units below it."""
    if unit.code in task.fixed:
        size = task.sign * (task.fixed[unit.code] or _ZERO)
        return Bounds(ceil(size), floor(size))
    if task.rule.method is AllocationMethod.PLACES and not named.get(unit.code):
        return Bounds() if unit.code in named else _NO_ROOM
    own = task.own_bounds(unit)
    below = [bounds[lower.code] for lower in task.below.get(unit.code, ())]
    if below:
        return _bounds_with_below(own, below, task.reserve(unit.code))
    if task.rule.method is AllocationMethod.WEIGHT and unit.weight == 0:
        return Bounds(own.least, own.least)  # without weight it gets no more than it must
    return own


def _bounds_with_below(own: Bounds, below: Sequence[Bounds], reserve: int) -> Bounds:
    needed = sum(bounds.least for bounds in below) + reserve
    caps = [bounds.most for bounds in below if bounds.most is not None]
    tops = [] if own.most is None else [own.most]
    if len(caps) == len(below):  # where any may take more, so may they together
        tops.append(sum(caps) + reserve)
    return Bounds(max(own.least, needed), min(tops, default=None))


# One function per method.


def _following(task: _GroupTask) -> Division:
    if task.rule.each is None:
        what = "tỷ lệ" if task.rate else "mức cho mỗi đơn vị"
        message = f"Chưa ghi {what}. Hãy ghi một số ở cách giao của cột này."
        return _cannot("allocation-each", message)
    parts = {
        unit.code: followed(task.rule, unit.counts, task.bounds[unit.code]) for unit in task.free
    }
    return Division(parts=parts)


def _equal(task: _GroupTask) -> Division:
    return _shared(task, {unit.code: Fraction(1) for unit in task.free})


def _weighed(task: _GroupTask) -> Division:
    weights = {unit.code: unit.weight for unit in task.free if unit.weight is not None}
    if blank := [unit for unit in task.free if unit.code not in weights]:
        message = (
            f"Chưa biết số để chia của {_names(blank)}. "
            "Hãy ghi mức của các đơn vị này bằng tay hoặc chia cách khác."
        )
        return _cannot("allocation-weight-missing", message)
    return _shared(task, weights)


def _from_actual(task: _GroupTask) -> Division:
    parts: dict[str, Part] = {}
    for unit in task.free:
        if unit.actual is not None:
            parts[unit.code] = _stretched(unit.actual, task, unit.code)
    if blank := [unit for unit in task.free if unit.actual is None]:
        message = (
            f"Chưa có kết quả năm trước của {_names(blank)}. "
            "Hãy ghi mức của các đơn vị này bằng tay."
        )
        return _cannot("allocation-actual-missing", message)
    return Division(parts=parts)


def _stretched(actual: Fraction, task: _GroupTask, code: str) -> Fraction:
    """Half and more is rounded up: a count to a whole number, a rate to a tenth of a point and at
    most to 100%.
    """
    stretch = task.rule.stretch
    if task.rate:
        return min(Fraction(half_up(10 * (actual + stretch)), 10), Fraction(_PERCENT))
    grown = actual * (_PERCENT + stretch) / _PERCENT
    return task.bounds[code].clip(Fraction(half_up(grown)))


def _to_places(task: _GroupTask) -> Division:
    """Below a unit that is named itself, while none of these is, who shall do it is left open."""
    weights: dict[str, Fraction] = {}
    nothing: dict[str, Part] = {}
    for unit in task.free:
        if task.named.get(unit.code):
            weights[unit.code] = Fraction(task.named[unit.code])
        elif unit.code not in task.named:
            nothing[unit.code] = None
    if task.rate or not weights:
        return Division(parts=nothing | dict.fromkeys(weights, task.rest))
    shared = _shared(task, weights)
    return shared if shared.problems else Division(parts=nothing | dict(shared.parts))


def _by_hand(_: _GroupTask) -> Division:
    return Division(parts={})


def _shared(task: _GroupTask, weights: Mapping[str, Fraction]) -> Division:
    """Parts by weight of what is left; of a reduction (less than 0) those of its size."""
    if task.rate:
        return _cannot(
            "allocation-rate",
            "Tỷ lệ không chia thành phần được. Hãy giao cùng một tỷ lệ hoặc ghi bằng tay.",
        )
    if task.rest is None:
        return Division(parts={})
    bounds = {code: task.bounds[code] for code in weights}
    if problem := _indivisible(task, task.rest, weights, bounds):
        return Division(parts={}, problems=(problem,))
    sign = -1 if task.rest < 0 else 1
    sizes = apportion(abs(int(task.rest)), weights, bounds)
    return Division(parts={code: Fraction(sign * size) for code, size in sizes.items()})


def _indivisible(
    task: _GroupTask,
    rest: Fraction,
    weights: Mapping[str, Fraction],
    bounds: Mapping[str, Bounds],
) -> Problem | None:
    """Why what is left cannot be shared by these weights within these bounds; None where it can."""
    if rest.denominator != 1:
        return _problem(
            "allocation-whole",
            f"Mức {format_number(rest)} không phải số nguyên. Hãy ghi mức từng đơn vị.",
        )
    for unit in task.free:
        if unit.code in bounds and bounds[unit.code].empty:
            return _problem("allocation-bounds", _crossed(unit, bounds[unit.code]))
    size, needed = abs(int(rest)), sum(bound.least for bound in bounds.values())
    if size < needed:
        return _problem(
            "allocation-least",
            f"Mức ít nhất của các đơn vị cộng lại là {format_number(needed)}, "
            f"mà chỉ còn {format_number(size)}. Hãy giảm mức ít nhất.",
        )
    if size > needed and not any(weight > 0 for weight in weights.values()):
        return _problem(
            "allocation-weight-zero",
            "Số để chia của mọi đơn vị đều là 0. Hãy chọn số khác hoặc chia đều.",
        )
    return None


def _crossed(unit: Recipient, bounds: Bounds) -> str:
    least, most = format_number(bounds.least), format_number(bounds.most or 0)
    return (
        f"{unit.name or unit.code} cần ít nhất {least} mà chỉ được nhiều nhất {most}. "
        "Hãy sửa một trong hai giới hạn."
    )


# Units that the plan names


def _units_named(task: _ToDivide) -> tuple[dict[str, int], Problem | None]:
    """How many named units stand at or below each one of which something is asked: 0 where it
    stands below a named one.

    A name is looked for among the units directly below, then further down.
    """
    if not task.rule.places:
        message = "Ô kế hoạch không nêu tên đơn vị nào. Hãy chọn cách giao khác."
        return {}, _problem("allocation-places", message)
    codes: set[str] = set()
    for place in task.rule.places:
        called = _units_called(task, place)
        if len(called) != 1:
            return {}, _not_one(place, len(called))
        codes.add(called[0])
    named = _counted_upwards(task, codes)
    for above, group in task.downwards():
        if above in named and not any(unit.code in named for unit in group):
            named |= {unit.code: 0 for unit in group}
    return named, None


def _counted_upwards(task: _ToDivide, codes: Iterable[str]) -> dict[str, int]:
    """How many of these units stand at or below each unit; those with none are left out."""
    under: dict[str, str] = {}
    for above, group in task.below.items():
        under |= {unit.code: above for unit in group}
    counts: dict[str, int] = {}
    for code in codes:
        while code != WHOLE:
            counts[code] = counts.get(code, 0) + 1
            code = under[code]
    return counts


def _units_called(task: _ToDivide, place: str) -> list[str]:
    """Codes of the units of that name at the first depth that has any."""
    tier = [*task.below.get(WHOLE, ())]
    while tier:
        if called := [unit.code for unit in tier if _is_called(unit, place)]:
            return called
        tier = _next_tier(task, tier)
    return []


def _next_tier(task: _ToDivide, tier: Sequence[Recipient]) -> list[Recipient]:
    lower: list[Recipient] = []
    for unit in tier:
        lower += task.below.get(unit.code, ())
    return lower


def _is_called(unit: Recipient, place: str) -> bool:
    """The name, with or without what kind of unit it is before it."""
    return f" {words_of(unit.name)}".endswith(f" {words_of(place)}")


def _not_one(place: str, number: int) -> Problem:
    what = (
        f"“{place}” là tên của {number} đơn vị" if number else f"Không có đơn vị nào tên “{place}”"
    )
    return _problem(
        "allocation-place", f"{what} trong bảng này. Hãy ghi mức bằng tay.", fragment=place
    )


# What is said


def _cannot(code: str, message: str) -> Division:
    return Division(parts={}, problems=(_problem(code, message),))


def _problem(code: str, message: str, fragment: str = "") -> Problem:
    return Problem(code, Severity.ERROR, message, fragment=fragment)


def _below(name: str, problem: Problem) -> Problem:
    """Said of those below a unit."""
    if not name:
        return problem
    return Problem(problem.code, problem.severity, f"{name}: {problem.message}")


def _names(units: Sequence[Recipient]) -> str:
    names = ", ".join(unit.name or unit.code for unit in units[:_NAMED])
    others = len(units) - _NAMED
    return f"{names} và {others} đơn vị khác" if others > 0 else names


_Sharer = Callable[[_GroupTask], Division]
_SHARERS: Mapping[AllocationMethod, _Sharer] = {
    AllocationMethod.SAME_RATE: _following,
    AllocationMethod.PER_UNIT: _following,
    AllocationMethod.EQUAL: _equal,
    AllocationMethod.WEIGHT: _weighed,
    AllocationMethod.ACTUAL: _from_actual,
    AllocationMethod.PLACES: _to_places,
    AllocationMethod.HAND: _by_hand,
}
