"""Handing a target down (giao chỉ tiêu): what a decision holds, and what it asks of a unit.

A `Rule` works parts out down the tree as far as it `Reach`es (`core.targets.distribution`), what is
fixed by hand goes before it, and a `Balance` at every unit that has others below it holds the parts
against what they are parts of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from toankhoa.core.plan import Comparator
from toankhoa.core.targets.apportionment import Bounds

# A part: an amount, or None where the decision asks nothing of the unit. A unit without a part is
# undecided.
Part = Fraction | None
Parts = Mapping[str, Part]
WHOLE = ""  # stands for the unit that decides, where parts are parts of what it must reach itself


class AllocationMethod(StrEnum):
    """How the parts are worked out."""

    SAME_RATE = "same_rate"  # every unit the same rate; of "keep" everybody her own
    PER_UNIT = "per_unit"  # so much for each unit of one level at or below: `Rule.level`
    EQUAL = "equal"
    WEIGHT = "weight"  # in proportion to a figure of the unit
    ACTUAL = "actual"  # what the unit reached last, and a stretch
    # The units that the year cell names, in equal parts; nothing is asked of the others.
    PLACES = "places"
    HAND = "hand"


# These hold for whatever units stand there later: they are worked out along the tree of the year
# that is read.
FOLLOWING = frozenset({AllocationMethod.SAME_RATE, AllocationMethod.PER_UNIT})
# These divide what there is: the parts below a unit are parts of its own.
SHARING = frozenset({AllocationMethod.EQUAL, AllocationMethod.WEIGHT, AllocationMethod.PLACES})


class Reach(StrEnum):
    """How far down a column goes."""

    NEXT = "next"  # to the units directly below, which divide their parts further themselves
    THROUGH = "through"  # on to the last ones, every unit's part divided among those below it
    # To the last ones at once; a unit between them has what those below it have together.
    STRAIGHT = "straight"


@dataclass(frozen=True, slots=True)
class Limits:
    """What binds one unit's part beside the rule, and what of its part is held back from those
    below it.
    """

    least: int | None = None
    most: int | None = None
    reserve: int = 0

    @property
    def bounds(self) -> bool:
        """Whether the part itself is bound."""
        return self.least is not None or self.most is not None


FREE = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A method with what it needs.

    `level`: code of the level whose units `PER_UNIT` counts, None of other methods; `each`: the
    amount for each of them, or the rate; `weight`: code of the figure that weighs; `stretch`: per
    cent on top of the last actual, of a rate percentage points; `least` and `most` bound the part
    of every unit at the bottom of its reach that has no bounds of its own; `reserve` is held back
    from the whole.
    """

    method: AllocationMethod
    level: str | None = None
    each: Fraction | None = None
    weight: str = ""
    stretch: Fraction = Fraction(0)
    places: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    reserve: int = 0
    reach: Reach = Reach.NEXT

    def __post_init__(self) -> None:
        """ValueError of so much per unit that says of which level: it would ask nothing in
        silence.
        """
        if self.method is AllocationMethod.PER_UNIT and not self.level:
            raise ValueError("a rule per unit names no level")

    @property
    def sums_up(self) -> bool:
        """Whether units between the one that decides and the last ones only add up what stands
        below them.
        """
        return self.reach is Reach.STRAIGHT and self.method in SHARING

    def base(self, unit: Recipient) -> Part:
        """The figure of a unit that its part comes from; None where it is not known, or the rule
        asks for none.
        """
        if self.method is AllocationMethod.ACTUAL:
            return unit.actual
        if self.method is AllocationMethod.WEIGHT:
            return unit.weight
        if self.method is AllocationMethod.PER_UNIT and self.level is not None:
            return Fraction(unit.counts.get(self.level, 0))
        return None

    def bounds(self, limits: Limits, *, bottom: bool) -> Bounds:
        """What binds a unit's part: its own limits, at the bottom else those for everybody."""
        least, most = limits.least, limits.most
        if bottom and not limits.bounds:
            least, most = self.least, self.most
        return Bounds(least or 0, most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """A unit that receives a part, and what rules ask of it; None is not known, never 0.

    `under`: the recipient above it whose part its own is a part of; `counts`: units per level at or
    below it; `weight`: its figure that weighs; `actual`: what it reached last; `size`: the
    denominator behind a rate.
    """

    code: str
    name: str = ""
    under: str = WHOLE
    counts: Mapping[str, int] = field(default_factory=dict)
    weight: Fraction | None = None
    actual: Fraction | None = None
    size: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where a unit stands below the one that decided, on a day: units `above` it on the way, the
    nearest first, units per level at or below it, and whether it is the last one.
    """

    counts: Mapping[str, int]
    above: tuple[str, ...] = ()
    last: bool = True


class Verdict(StrEnum):
    """The parts against the whole."""

    EXACT = "exact"
    UNDER = "under"  # not all of it is handed down or held back
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What is handed down and held back, against what the unit above must reach.

    Of a rate: the units' mean by size.
    """

    whole: Fraction
    handed: Fraction
    reserve: Fraction = Fraction(0)

    @property
    def left(self) -> Fraction:
        """What is neither handed down nor held back; negative where more was handed down than there
        is.
        """
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
    """One target of one year in a decision.

    `whole`: what the unit above must reach; `unit`: its unit of measure.

    `fixed`: parts set by hand; `limits`: what binds single units; `parts`: those of all units as
    they were issued, none while it is a draft.
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
    limits: Mapping[str, Limits] = field(default_factory=dict)
    parts: Parts = field(default_factory=dict)

    @property
    def keeps(self) -> bool:
        """Whether it asks each unit to keep what it has: its parts are 1, and stand for no
        amount.
        """
        return self.comparator is Comparator.KEEP

    @property
    def alike(self) -> bool:
        """Whether every unit is asked for itself, so that no part is a part of another: a rate, and
        "keep".
        """
        return self.rate or self.keeps

    def part(self, code: str, spot: Spot) -> Part:
        """What it asks of a unit that stands so on a day. KeyError where it decides nothing.

        A rule that follows the tree also reaches units that were founded later.
        """
        if not self._follows(code, spot):
            return self.parts[code]
        if any(above in self.fixed and self.fixed[above] is None for above in spot.above):
            return None
        bottom = spot.last or self.rule.reach is Reach.NEXT
        bounds = self.rule.bounds(self.limits.get(code, FREE), bottom=bottom)
        return followed(self.rule, spot.counts, bounds)

    def reaches(self, code: str, spot: Spot) -> bool:
        """Whether it decides anything about a unit below."""
        return self._follows(code, spot) or code in self.parts

    def covers(self, spot: Spot) -> bool:
        """Whether units that stand so are its to decide about."""
        return not spot.above or self.rule.reach is not Reach.NEXT

    def _follows(self, code: str, spot: Spot) -> bool:
        return code not in self.fixed and self.rule.method in FOLLOWING and self.covers(spot)


def followed(rule: Rule, counts: Mapping[str, int], bounds: Bounds) -> Part:
    """The part of a rule that follows the tree, for a unit with so many units per level.

    None where it has none. A reduction (less than 0) is not bound.
    """
    if rule.each is None or rule.method is AllocationMethod.SAME_RATE or rule.level is None:
        return rule.each
    count = counts.get(rule.level, 0)
    if not count:
        return None
    amount = rule.each * count
    return bounds.clip(amount) if amount >= 0 else amount


def grouped(recipients: Iterable[Recipient]) -> dict[str, tuple[Recipient, ...]]:
    """Units by the one above whose part theirs are parts of, each group in the order of its
    codes.
    """
    units = sorted(recipients, key=lambda unit: unit.code)
    codes = {unit.code for unit in units}
    below: dict[str, list[Recipient]] = {}
    for unit in units:
        above = unit.under if unit.under in codes else WHOLE
        below.setdefault(above, []).append(unit)
    return {above: tuple(group) for above, group in below.items()}


def balance(
    whole: Fraction, parts: Parts, recipients: Iterable[Recipient], *, rate: bool, reserve: int = 0
) -> Balance | None:
    """The parts of these units against the whole; of a rate None where a size is not known."""
    handed: list[tuple[Recipient, Fraction]] = []
    for unit in recipients:
        part = parts.get(unit.code)
        if part is not None:
            handed.append((unit, part))
    if rate:
        mean = _mean_by_size(handed)
        return None if mean is None else Balance(whole=whole, handed=mean)
    total = sum((part for _, part in handed), Fraction(0))
    return Balance(whole=whole, handed=total, reserve=Fraction(reserve))


def _mean_by_size(rates: Sequence[tuple[Recipient, Fraction]]) -> Fraction | None:
    """What rates come to together, by the denominators behind them; None where one is not known."""
    total = weighed = Fraction(0)
    for unit, rate in rates:
        if unit.size is None:
            return None
        total += unit.size
        weighed += unit.size * rate
    return weighed / total if total else None


def balances(
    column: Column, parts: Parts, recipients: Sequence[Recipient], *, whole: Fraction
) -> dict[str, Balance]:
    """At every unit with others below it what was handed on against what it has; `WHOLE` for the
    one that decides.

    A unit of which nothing is asked has 0 to hand on; one without a part, and a rate whose sizes
    are not known, are left out, as is "keep", which adds up to nothing.
    """
    if column.keeps:
        return {}
    by_unit: dict[str, Balance] = {}
    for above, group in grouped(recipients).items():
        if above == WHOLE:
            amount, reserve = whole, column.rule.reserve
        elif above in parts:
            amount = parts[above] or Fraction(0)
            reserve = column.limits.get(above, FREE).reserve
        else:
            continue
        of_group = balance(amount, parts, group, rate=column.rate, reserve=reserve)
        if of_group:
            by_unit[above] = of_group
    return by_unit
