"""The step from one version of a plan to the next: which row became which, what changed, and codes that survive.

A row is recognised by its words first, then by where it stands; a number alone never makes two rows the same.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from toankhoa.core.basics import words_of
from toankhoa.core.plan import Activity, Objective, Plan

Row = Objective | Activity

ALIKE = 0.5  # below this share of common words two titles are two different rows
SAME_PLACE = (
    0.1  # what standing under the same heading, and bearing the same number, add to likeness
)


class Kind(StrEnum):
    """What an amendment does to a row."""

    ADDED = "added"
    REMOVED = "removed"
    REWORDED = "reworded"
    RENUMBERED = "renumbered"
    MOVED = "moved"  # under another heading
    TARGETS = "targets"  # the numbers in its words
    YEARS = "years"  # one or more year cells
    LEVELS = "levels"
    BOARDS = "boards"
    DETAILS = "details"  # what other columns say: unit, product, deadline, …


@dataclass(frozen=True, slots=True)
class AmendmentStep:
    """One row before and after; one of the two is None where it was added or removed. No kinds: it stays as it is."""

    before: Row | None
    after: Row | None
    kinds: frozenset[Kind]
    years: tuple[int, ...] = ()  # years whose cell changed

    @property
    def row(self) -> Row:
        """The row as it is now, or as it was last."""
        row = self.after or self.before
        assert row is not None  # a step has at least one side
        return row


Pairs = Mapping[str, str]  # code in the new plan → code of the row it was


def difference(before: Plan, after: Plan, pairs: Pairs | None = None) -> tuple[AmendmentStep, ...]:
    """Every row of the new plan in its order, then the rows that are gone. `pairs`: which is which, where known."""
    pairs = match_rows(before, after) if pairs is None else pairs
    old = {row.code: row for row in before.rows()}
    steps = [
        _step(old[pairs[row.code]] if row.code in pairs else None, row, pairs)
        for row in after.rows()
    ]
    kept = set(pairs.values())
    return (
        *steps,
        *(
            AmendmentStep(row, None, frozenset({Kind.REMOVED}))
            for row in before.rows()
            if row.code not in kept
        ),
    )


def match_rows(before: Plan, after: Plan) -> dict[str, str]:
    """The likeliest partner of each new row, at most one to one; headings first, since rows lean on them."""
    headings = _pair(before.objectives, after.objectives, {})
    return headings | _pair(before.activities, after.activities, headings)


def carry_codes(before: Plan, after: Plan, pairs: Pairs) -> Plan:
    """The new plan with the codes of the rows it carries on; a new row gets a code that neither plan ever used."""
    codes = _codes(before, after, pairs)
    return replace(
        after,
        objectives=tuple(
            replace(
                row, code=codes[row.code], parent=None if row.parent is None else codes[row.parent]
            )
            for row in after.objectives
        ),
        activities=tuple(
            replace(row, code=codes[row.code], objective=codes[row.objective])
            for row in after.activities
        ),
    )


def _step(before: Row | None, after: Row, pairs: Pairs) -> AmendmentStep:
    if before is None:
        return AmendmentStep(None, after, frozenset({Kind.ADDED}))
    kinds = {kind for kind, same in _comparisons(before, after, pairs) if not same}
    years: tuple[int, ...] = ()
    if isinstance(before, Activity) and isinstance(after, Activity):
        every = sorted({*before.commitments, *after.commitments})
        years = tuple(
            year for year in every if before.commitments.get(year) != after.commitments.get(year)
        )
    return AmendmentStep(
        before, after, frozenset(kinds | ({Kind.YEARS} if years else set())), years
    )


def _comparisons(before: Row, after: Row, pairs: Pairs) -> Iterator[tuple[Kind, bool]]:
    above = _above(after)
    yield Kind.REWORDED, words_of(before.title) == words_of(after.title)
    yield Kind.RENUMBERED, before.number == after.number
    yield Kind.MOVED, (None if above is None else pairs.get(above)) == _above(before)
    yield Kind.TARGETS, before.targets == after.targets
    yield Kind.BOARDS, before.boards == after.boards
    if isinstance(before, Activity) and isinstance(after, Activity):
        yield Kind.LEVELS, before.levels == after.levels
        yield Kind.DETAILS, before.details == after.details


def _above(row: Row) -> str | None:
    return row.objective if isinstance(row, Activity) else row.parent


def _pair(old: Sequence[Row], new: Sequence[Row], headings: Pairs) -> dict[str, str]:
    """Best pairs first. Only rows that share a word are compared, so that long plans cost no more than their words."""
    by_word: dict[str, list[Row]] = defaultdict(list)
    words = {id(row): Counter(words_of(row.title).split()) for row in (*old, *new)}
    for row in old:
        for word in words[id(row)]:
            by_word[word].append(row)
    scored = []
    for place, row in enumerate(new):
        for other in {id(one): one for word in words[id(row)] for one in by_word[word]}.values():
            likeness = _likeness(words[id(row)], words[id(other)])
            if likeness >= ALIKE:
                above = _above(row)
                same = (None if above is None else headings.get(above, "")) == _above(other)
                bonus = SAME_PLACE * same + SAME_PLACE * (row.number == other.number)
                scored.append((-(likeness + bonus), place, row.code, other.code))
    pairs: dict[str, str] = {}
    for _, _, code, other_code in sorted(scored):
        if code not in pairs and other_code not in pairs.values():
            pairs[code] = other_code
    return pairs


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """Share of common words (Dice), each counted as often as it stands."""
    return 2 * (one & other).total() / max(one.total() + other.total(), 1)


def _codes(before: Plan, after: Plan, pairs: Pairs) -> dict[str, str]:
    taken = {row.code for row in before.rows()}
    codes = dict(pairs)
    for row in after.rows():
        if row.code not in codes:
            codes[row.code] = _free(row, codes, taken)
            taken.add(codes[row.code])
    return codes


def _free(row: Row, codes: Mapping[str, str], taken: set[str]) -> str:
    """The row's own last part under its heading's code, counted on until nobody has it."""
    above = _above(row)
    own = row.code if above is None else codes[above] + row.code.removeprefix(above)
    while own in taken:
        head, number = _NUMBERED.fullmatch(own).groups()  # type: ignore[union-attr]  # any text fits the pattern
        own = f"{head}{int(number or 0) + 1:0{len(number)}}"
    return own


_NUMBERED = re.compile(r"(.*?)(\d*)")
