"""What a row has from the headings above it: when its targets hold, and its boards.

Reading a document and editing a plan use the same rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from toankhoa.core.compiling.language.prose import ProseReading
from toankhoa.core.plan import Applies, Basis, Objective, Target


def timed(
    reading: ProseReading, above: Sequence[Target], *, untabled: bool = False
) -> Iterator[Target]:
    """The targets of a row's words, each with the time it holds for.

    A row that says its heading's target again, but not when, means it for the same time.
    `above`: the heading's targets. `untabled`: the plan has no year columns, so that a target
    without a time is one of the whole term.
    """
    for target, says_when in zip(reading.targets, reading.timed, strict=True):
        repeated = None if says_when else _repeated(target, above)
        if repeated is not None:
            yield replace(target, applies=repeated.applies, years=repeated.years)
        elif untabled and not says_when:
            yield of_whole_term(target)
        else:
            yield target


def _repeated(target: Target, above: Sequence[Target]) -> Target | None:
    """The heading's target that a row's repeats: the same amount of the same thing."""
    for candidate in above:
        if _measure(candidate) == _measure(target):
            return candidate
    return None


def _measure(target: Target) -> tuple[object, ...]:
    amounts = target.comparator, target.amount, target.upper, target.unit
    return *amounts, target.basis, target.level


def of_whole_term(target: Target) -> Target:
    """A target without a year of its own as one of the whole term.

    A rate is reached at its end; a count is what all its years give together.
    """
    applies = Applies.BY_TERM_END if target.basis is Basis.RATE else Applies.TERM_TOTAL
    return replace(target, applies=applies, years=())


def boards_of(heading: str | None, headings: Mapping[str, Objective]) -> tuple[str, ...]:
    """The boards of the nearest heading, from this code upwards, that names any."""
    while heading is not None and not headings[heading].boards:
        heading = headings[heading].parent
    return () if heading is None else headings[heading].boards
