"""What a row has from the headings above it: when its targets hold, and its boards; the same in reading and editing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from toankhoa.core.compiling.language.prose import ProseReading
from toankhoa.core.plan import Applies, Basis, Objective, Target


def timed(
    reading: ProseReading, above: Sequence[Target], *, untabled: bool = False
) -> Iterator[Target]:
    """A row that says its heading's target again, but not when, means it for the same time.

    `above`: the heading's targets. `untabled`: the plan has no year columns, so that what says no time is of the term.
    """
    for target, said in zip(reading.targets, reading.timed, strict=True):
        same = next((other for other in above if not said and _repeats(target, other)), None)
        if same is not None:
            yield replace(target, applies=same.applies, years=same.years)
        else:
            yield whole_term(target) if untabled and not said else target


def _repeats(target: Target, above: Target) -> bool:
    return all(
        getattr(target, name) == getattr(above, name)
        for name in ("comparator", "amount", "upper", "unit", "basis", "level")
    )


def whole_term(target: Target) -> Target:
    """A target without a year of its own as one of the whole term: a rate is reached at its end, a count by then."""
    applies = Applies.BY_TERM_END if target.basis is Basis.RATE else Applies.TERM_TOTAL
    return replace(target, applies=applies, years=())


def boards_of(heading: str | None, headings: Mapping[str, Objective]) -> tuple[str, ...]:
    """The boards of the nearest heading, from this code upwards, that names any."""
    while heading is not None and not headings[heading].boards:
        heading = headings[heading].parent
    return () if heading is None else headings[heading].boards
