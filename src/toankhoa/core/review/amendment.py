"""The step from one version of a plan to the next: which row became which, and what changed.

A row is recognised by its words first, then by where it stands; a number alone never makes two rows
the same. A row that goes on has its code from the version before.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from toankhoa.core.basics import words_of
from toankhoa.core.plan import Activity, Objective, Plan
from toankhoa.core.review.fields import row_codes

Row = Objective | Activity

ALIKE = 0.5  # below this share of common words two titles are two different rows
# What standing under the same heading adds to likeness, and bearing the same number again.
SAME_PLACE = 0.1


class AmendmentKind(StrEnum):
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
    """One row before and after; one of the two is None where it was added or removed.

    Without kinds it stays as it is.
    """

    before: Row | None
    after: Row | None
    kinds: frozenset[AmendmentKind]
    years: tuple[int, ...] = ()  # years whose cell changed

    @property
    def row(self) -> Row:
        """The row as it is now, or as it was last."""
        row = self.after or self.before
        assert row is not None  # a step has at least one side
        return row


Pairs = Mapping[str, str]  # code in the new plan → code of the row it was


def difference(before: Plan, after: Plan, pairs: Pairs | None = None) -> tuple[AmendmentStep, ...]:
    """Every row of the new plan in its order, then the rows that are gone.

    `pairs`: which row is which, where it is known.
    """
    pairs = match_rows(before, after) if pairs is None else pairs
    old = {row.code: row for row in before.rows()}
    steps = []
    for row in after.rows():
        earlier = old[pairs[row.code]] if row.code in pairs else None
        steps.append(_step(earlier, row, pairs))
    going_on = set(pairs.values())
    for row in before.rows():
        if row.code not in going_on:
            steps.append(AmendmentStep(row, None, frozenset({AmendmentKind.REMOVED})))
    return tuple(steps)


def match_rows(before: Plan, after: Plan) -> dict[str, str]:
    """The likeliest partner of each new row, at most one to one: code now → code before.

    Headings come first, since rows lean on them.
    """
    headings = _pair(before.objectives, after.objectives, {})
    return headings | _pair(before.activities, after.activities, headings)


def carry_codes(before: Plan, after: Plan, pairs: Pairs) -> Plan:
    """The new plan with the codes of the rows it carries on.

    A new row gets a code that neither plan ever used.
    """
    codes = _codes(before, after, pairs)
    objectives = []
    for heading in after.objectives:
        parent = None if heading.parent is None else codes[heading.parent]
        objectives.append(replace(heading, code=codes[heading.code], parent=parent))
    activities = []
    for row in after.activities:
        activities.append(replace(row, code=codes[row.code], objective=codes[row.objective]))
    return replace(after, objectives=tuple(objectives), activities=tuple(activities))


def _step(before: Row | None, after: Row, pairs: Pairs) -> AmendmentStep:
    if before is None:
        return AmendmentStep(None, after, frozenset({AmendmentKind.ADDED}))
    kinds = {kind for kind, same in _comparisons(before, after, pairs) if not same}
    years = _changed_years(before, after)
    if years:
        kinds.add(AmendmentKind.YEARS)
    return AmendmentStep(before, after, frozenset(kinds), years)


def _changed_years(before: Row, after: Row) -> tuple[int, ...]:
    if isinstance(before, Objective) or isinstance(after, Objective):
        return ()
    earlier, later = before.commitments, after.commitments
    years = sorted({*earlier, *later})
    return tuple(year for year in years if earlier.get(year) != later.get(year))


def _comparisons(before: Row, after: Row, pairs: Pairs) -> Iterator[tuple[AmendmentKind, bool]]:
    """What an amendment may change in a row, and whether it is the same before and after."""
    above = _above(after)
    heading_before = None if above is None else pairs.get(above)
    yield AmendmentKind.REWORDED, words_of(before.title) == words_of(after.title)
    yield AmendmentKind.RENUMBERED, before.number == after.number
    yield AmendmentKind.MOVED, heading_before == _above(before)
    yield AmendmentKind.TARGETS, before.targets == after.targets
    yield AmendmentKind.BOARDS, before.boards == after.boards
    if isinstance(before, Activity) and isinstance(after, Activity):
        yield AmendmentKind.LEVELS, before.levels == after.levels
        yield AmendmentKind.DETAILS, before.details == after.details


def _above(row: Row) -> str | None:
    return row.objective if isinstance(row, Activity) else row.parent


@dataclass(frozen=True, slots=True, order=True)
class _Match:
    """Two rows that may be one; in order of likeness, at a tie in the order of the new plan."""

    unlikeness: float  # the likeness, negative: the surest match comes first
    place: int
    code: str
    old_code: str


def _pair(old: Sequence[Row], new: Sequence[Row], headings: Pairs) -> dict[str, str]:
    """The surest match first, each row once."""
    pairs: dict[str, str] = {}
    taken: set[str] = set()
    for match in sorted(_matches(old, new, headings)):
        if match.code not in pairs and match.old_code not in taken:
            pairs[match.code] = match.old_code
            taken.add(match.old_code)
    return pairs


def _matches(old: Sequence[Row], new: Sequence[Row], headings: Pairs) -> Iterator[_Match]:
    """The pairs of rows that are alike enough to be one.

    Only rows that share a word are compared, so that long plans cost no more than their words.
    """
    old_words = list(map(_words, old))
    by_word: dict[str, list[int]] = defaultdict(list)  # places of the old rows with a word
    for old_place, words in enumerate(old_words):
        for word in words:
            by_word[word].append(old_place)
    for place, row in enumerate(new):
        words = _words(row)
        sharing: set[int] = set()
        for word in words:
            sharing.update(by_word.get(word, ()))
        for old_place in sharing:
            likeness = _likeness(words, old_words[old_place])
            if likeness >= ALIKE:
                earlier = old[old_place]
                likeness += _same_place(row, earlier, headings)
                yield _Match(-likeness, place, row.code, earlier.code)


def _words(row: Row) -> Counter[str]:
    return Counter(words_of(row.title).split())


def _likeness(first: Counter[str], second: Counter[str]) -> float:
    """Share of common words (Dice), each counted as often as it stands."""
    return 2 * (first & second).total() / max(first.total() + second.total(), 1)


def _same_place(row: Row, earlier: Row, headings: Pairs) -> float:
    """What two rows' headings and numbers add to their likeness."""
    above = _above(row)
    heading_before = None if above is None else headings.get(above, "")
    same_heading = heading_before == _above(earlier)
    same_number = row.number == earlier.number
    return SAME_PLACE * same_heading + SAME_PLACE * same_number


def _codes(before: Plan, after: Plan, pairs: Pairs) -> dict[str, str]:
    taken = row_codes(before)
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
        own = _counted_on(own)
    return own


_NUMBERED = re.compile(r"(.*?)(\d*)")


def _counted_on(code: str) -> str:
    """The next code: "I.09" → "I.10", "I.A" → "I.A1"."""
    match = _NUMBERED.fullmatch(code)
    assert match is not None  # any code fits the pattern
    head, number = match.groups()
    return f"{head}{int(number or 0) + 1:0{len(number)}}"
