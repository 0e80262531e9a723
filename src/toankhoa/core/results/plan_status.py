"""Rows add up to their chỉ tiêu, chỉ tiêu to the plan, by one rule that is shown beside its counts.

Of all that is measured and asked for here, the worst decides: met only where every one is met; not met as soon as one
is; else running as long as one runs; else without data. Nothing asked for here: no target, not due or not applicable.
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
ASKED = (Level.MET, Level.OPEN, Level.NOT_MET, Level.NO_DATA)
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
    """How many of the things rolled up stand at each level, and how they are expected to end."""

    levels: Mapping[Level, int]
    prospects: Mapping[Prospect, int]

    @property
    def level(self) -> Level:
        """The worst level there is; not due where there is none."""
        return min(self.levels, key=URGENCY.index, default=Level.NOT_DUE)

    @property
    def prospect(self) -> Prospect:
        """The worst prospect of what is asked for."""
        return min(self.prospects, key=TROUBLE.index, default=Prospect.UNKNOWN)

    @property
    def asked(self) -> int:
        """How many have a target here."""
        return sum(self.levels.get(level, 0) for level in ASKED)

    @property
    def counts(self) -> list[tuple[Level, int]]:
        """Met, running, not met and without data, those that there are."""
        return [(level, self.levels[level]) for level in ASKED if self.levels.get(level)]

    @property
    def expected(self) -> list[tuple[Prospect, int]]:
        """How they are expected to end, the worst first, those that there are."""
        return [
            (prospect, self.prospects[prospect])
            for prospect in TROUBLE
            if self.prospects.get(prospect)
        ]


def of_results(results: Iterable[Result]) -> StatusTally:
    """The rows of a chỉ tiêu."""
    every = list(results)
    asked = (result.prospect for result in every if result.level in ASKED)
    return StatusTally(Counter(result.level for result in every), Counter(asked))


def of_tallies(tallies: Iterable[StatusTally]) -> StatusTally:
    """The chỉ tiêu of a plan: each counts as one, at its own level."""
    every = list(tallies)
    return StatusTally(
        Counter(tally.level for tally in every),
        Counter(tally.prospect for tally in every if tally.level in ASKED),
    )
