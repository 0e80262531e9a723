"""Rows add up to their chỉ tiêu, chỉ tiêu to the plan, by one rule that is shown beside its counts.

Of all that is measured and asked for here, the worst decides (docs/arithmetic.md, "Rows, chỉ tiêu,
plan"): met only where all are met; not met as soon as one is not; else running as long as one runs;
else without data. Where nothing is asked for: no target, not due or not applicable.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from toankhoa.core.results.assessment import Level, Prospect, Result

# What needs a person first.
URGENCY = (
    Level.NOT_MET,
    Level.OPEN,
    Level.NO_DATA,
    Level.MET,
    Level.NO_TARGET,
    Level.NOT_DUE,
    Level.NOT_APPLICABLE,
)
# The levels of what has a target here, in the order in which they are counted out.
WITH_TARGET = (Level.MET, Level.OPEN, Level.NOT_MET, Level.NO_DATA)
# The worst first.
TROUBLE = (
    Prospect.LOST,
    Prospect.UNLIKELY,
    Prospect.LAGGING,
    Prospect.UNSURE,
    Prospect.UNKNOWN,
    Prospect.ON_COURSE,
    Prospect.LIKELY,
    Prospect.REACHED,
)


@dataclass(frozen=True, slots=True)
class StatusTally:
    """How many of the things rolled up are at each level, and how they are expected to end."""

    levels: Mapping[Level, int]
    prospects: Mapping[Prospect, int]

    @property
    def level(self) -> Level:
        """The worst level there is; not due where there is none."""
        return min(self.levels, key=URGENCY.index, default=Level.NOT_DUE)

    @property
    def prospect(self) -> Prospect:
        """The worst prospect of what has a target."""
        return min(self.prospects, key=TROUBLE.index, default=Prospect.UNKNOWN)

    @property
    def with_target(self) -> int:
        """How many have a target here."""
        return sum(self.levels.get(level, 0) for level in WITH_TARGET)

    @property
    def counts(self) -> list[tuple[Level, int]]:
        """Met, running, not met and without data, those that there are."""
        return [(level, self.levels[level]) for level in WITH_TARGET if self.levels.get(level)]

    @property
    def expected(self) -> list[tuple[Prospect, int]]:
        """How they are expected to end, the worst first, those that there are."""
        prospects = self.prospects
        return [(prospect, prospects[prospect]) for prospect in TROUBLE if prospects.get(prospect)]


def tally_results(results: Iterable[Result]) -> StatusTally:
    """The rows of a chỉ tiêu."""
    return _tally((result.level, result.prospect) for result in results)


def tally_objectives(tallies: Iterable[StatusTally]) -> StatusTally:
    """The chỉ tiêu of a plan: each counts as one, at its own level."""
    return _tally((tally.level, tally.prospect) for tally in tallies)


def _tally(statuses: Iterable[tuple[Level, Prospect]]) -> StatusTally:
    """What has no target is counted by its level, and expects nothing."""
    levels: Counter[Level] = Counter()
    prospects: Counter[Prospect] = Counter()
    for level, prospect in statuses:
        levels[level] += 1
        if level in WITH_TARGET:
            prospects[prospect] += 1
    return StatusTally(levels, prospects)
