"""Which indicator measures which row of a plan, and which target it must meet in each year.

Two ordered steps. First every indicator finds its row: the words of its library entry are looked for in the words of
each row and heading (`_find_rows`). Then the targets of a cell, a row or a heading are given to the indicators that
stand there, by what each target is about (`_Reader.share_out`); an indicator's target of a year is the cell's, else
the row's, else the heading's, and says which.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from toankhoa.core.basics import words_of
from toankhoa.core.measures import Indicator, IndicatorKind, Library, Vocabulary
from toankhoa.core.plan import (
    Activity,
    Applies,
    Basis,
    Commitment,
    CommitmentKind,
    Comparator,
    Plan,
    Target,
)

Origin = Literal["cell", "row", "heading"]

PERCENT = "%"
ALL_OF_THEM = Decimal(100)
EVERY_YEAR = ("hang nam", "moi nam")
_AT_THE_END = (Applies.BY_TERM_END, Applies.TERM_TOTAL)

# A mark beside a piece of work says that it is to be done that year.
DONE = Target(comparator=Comparator.AT_LEAST, amount=Decimal(1), applies=Applies.IN_YEAR)

# What makes a row the right one. Words come first: without WORDS_NEEDED nothing else counts.
WORDS_NEEDED = 0.5
NAME_ALONE = 0.7  # the indicator's name is all there, none of its phrases
IN_ITS_OBJECTIVE = 0.3
TARGET_OF_ITS_KIND = 0.2
HAS_YEAR_CELLS = 0.25
SUBJECT_NEEDED = 0.3
BEST_FITNESS = 1 + IN_ITS_OBJECTIVE + TARGET_OF_ITS_KIND + HAS_YEAR_CELLS


@dataclass(frozen=True, slots=True, kw_only=True)
class YearTarget:
    """The target of one year and where its words stand."""

    target: Target
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """An indicator measures a row or heading (`row` is its code). A year without a target asks for nothing.

    `term`: what the plan's words ask of the whole term, or by its end; None where they speak of years only.
    """

    row: str
    indicator: str
    score: float
    targets: Mapping[int, YearTarget]
    term: YearTarget | None = None


@dataclass(frozen=True, slots=True)
class _Place:
    """A row or heading as matching sees it: its folded words, the folded numbers of the headings it stands under, the
    heading just above, its year cells (None for a heading)."""

    code: str
    words: str
    numbers: frozenset[str]
    targets: tuple[Target, ...]
    commitments: Mapping[int, Commitment] | None
    heading: str | None

    @property
    def promises(self) -> bool:
        """A heading may hold a target of its own; a row without a mark in any year holds none."""
        return self.commitments is None or any(_asked(cell) for cell in self.commitments.values())

    def all_targets(self) -> Iterator[Target]:
        """Its own words' targets and those of its cells."""
        yield from self.targets
        for cell in (self.commitments or {}).values():
            yield from cell.targets


_Source = tuple[
    Origin, str, Sequence[Target]
]  # where words stand, whose claimants share them, their targets

NO_ROW = ""  # where an indicator is placed that a person took out of the plan
Placed = Mapping[str, str]  # indicator → code of the row a person gave it, or NO_ROW


@dataclass(frozen=True, slots=True)
class Candidate:
    """An indicator that may measure a row. `score`: 0 nothing in common … 1 everything that speaks for it does."""

    indicator: Indicator
    score: float


def candidates(row: str, plan: Plan, library: Library, limit: int = 5) -> tuple[Candidate, ...]:
    """The indicators whose words stand best in a row or heading, the best first; KeyError where there is no such row.

    Without the threshold of `bind`: a person chooses among them.
    """
    place, reader = _places(plan)[row], _Reader(library)
    scored = [Candidate(item, reader.likeness(item, place)) for item in library.indicators.values()]
    best = sorted(scored, key=lambda candidate: -candidate.score)
    return tuple(candidate for candidate in best[:limit] if candidate.score > 0)


def bind(plan: Plan, library: Library, placed: Placed | None = None) -> tuple[Binding, ...]:
    """Every indicator that the plan asks for, in the order of the plan's rows, with its target per year.

    An indicator whose words are nowhere in the plan is left out; one that a person placed stands where she put it. A
    target by the end of the term, or of the whole term, stands in the last year the row is marked (for a heading: the
    last year of the plan), as what it is.
    """
    places = _places(plan)
    reader = _Reader(library)
    found = _placed_by_hand(
        _find_rows(places, library, reader), placed or {}, places, library, reader
    )
    sharing = _Sharing(plan.years, places, reader)
    for indicator, (row, _) in found.items():
        sharing.claim(row, library.indicators[indicator])
    order = {code: rank for rank, code in enumerate(places)}
    bindings = [
        Binding(
            row=row,
            indicator=code,
            score=round(score, 3),
            targets=sharing.targets(library.indicators[code], row),
            term=sharing.term(library.indicators[code], row),
        )
        for code, (row, score) in found.items()
    ]
    return tuple(sorted(bindings, key=lambda binding: order[binding.row]))


def _find_rows(
    places: Mapping[str, _Place], library: Library, reader: _Reader
) -> dict[str, tuple[str, float]]:
    """For each indicator the code of the best row or heading and its score. At a tie the first in the plan wins."""
    candidates = [place for place in places.values() if place.promises]
    found: dict[str, tuple[str, float]] = {}
    for indicator in library.indicators.values():
        scored = [(reader.fitness(indicator, place), place.code) for place in candidates]
        best, code = max(scored, key=lambda pair: pair[0], default=(0.0, ""))
        if best > 0:
            found[indicator.code] = (code, best)
    return found


def _placed_by_hand(
    found: Mapping[str, tuple[str, float]],
    placed: Placed,
    places: Mapping[str, _Place],
    library: Library,
    reader: _Reader,
) -> dict[str, tuple[str, float]]:
    """What a person said goes before what the words say; a row that is gone holds nothing."""
    chosen = {
        code: (row, reader.likeness(library.indicators[code], places[row]))
        for code, row in placed.items()
        if row in places and code in library.indicators
    }
    return {code: at for code, at in found.items() if code not in placed} | chosen


class _Reader:
    """How well an indicator's words stand in a text. A word of its name counts less the more names have it."""

    def __init__(self, library: Library) -> None:
        self._vocabulary = library.vocabulary
        self._names = {
            code: set(words_of(item.name).split()) for code, item in library.indicators.items()
        }
        frequency = Counter(word for words in self._names.values() for word in words)
        self._weight = {word: 1 / count for word, count in frequency.items()}
        self._whole = {
            code: sum(self._weight[word] for word in words) for code, words in self._names.items()
        }
        self._words: dict[str, set[str]] = {}  # of each text once: every indicator looks at it

    def words_fit(self, indicator: Indicator, words: str) -> float:
        """1 and a little where all phrases of one alternative are there; else by the share of the name that is."""
        name = self._names[indicator.code]
        if (there := self._words.get(words)) is None:
            there = self._words[words] = set(words.split())
        share = sum(self._weight[word] for word in name & there) / self._whole[indicator.code]
        padded = f" {words} "
        if any(
            all(f" {phrase} " in padded for phrase in together) for together in indicator.matches
        ):
            return 1 + share / 20
        return NAME_ALONE * share

    def fitness(self, indicator: Indicator, place: _Place) -> float:
        """Words first; then whether it is the right objective, place and kind of number. 0: the words are not there."""
        words = self.words_fit(indicator, place.words)
        return words + self._around(indicator, place) if words >= WORDS_NEEDED else 0.0

    def likeness(self, indicator: Indicator, place: _Place) -> float:
        """Fitness without a threshold, from 0 (no common words) to 1; the fewer words, the less the rest counts."""
        words = self.words_fit(indicator, place.words)
        return round(max(min(words * (1 + self._around(indicator, place)) / BEST_FITNESS, 1), 0), 3)

    def _around(self, indicator: Indicator, place: _Place) -> float:
        """What speaks for a row besides its words."""
        score = IN_ITS_OBJECTIVE if words_of(indicator.objective) in place.numbers else 0.0
        if place.commitments is not None:
            score += HAS_YEAR_CELLS
        if targets := list(place.all_targets()):
            readable = any(_in_kind(target, indicator, self._vocabulary) for target in targets)
            score += TARGET_OF_ITS_KIND if readable else -TARGET_OF_ITS_KIND
        return score

    def share_out(
        self, targets: Sequence[Target], claimants: Sequence[Indicator]
    ) -> dict[str, Target]:
        """Give each target to at most one indicator and each indicator at most one: the surest pair first.

        What the target is about decides, unless only one of them can read that kind of number.
        """
        pairs: list[tuple[float, int, str, Target]] = []
        for place, target in enumerate(targets):
            subject = words_of(f"{target.unit} {target.subject}")
            readings = [(item, _in_kind(target, item, self._vocabulary)) for item in claimants]
            able = [(item, reading) for item, reading in readings if reading is not None]
            for indicator, reading in able:
                score = self.words_fit(indicator, subject)
                if score >= SUBJECT_NEEDED or len(able) == 1:
                    pairs.append((-score, place, indicator.code, reading))
        given: dict[str, Target] = {}
        taken: set[int] = set()
        for _, place, code, reading in sorted(pairs, key=lambda pair: pair[:3]):
            if code not in given and place not in taken:
                given[code] = reading
                taken.add(place)
        return given


class _Sharing:
    """The targets of every place, shared out among the indicators that stand there."""

    def __init__(
        self, years: tuple[int, ...], places: Mapping[str, _Place], reader: _Reader
    ) -> None:
        self.years, self.places, self.reader = years, places, reader
        self._claimants: dict[str, list[Indicator]] = {}

    def claim(self, row: str, indicator: Indicator) -> None:
        """An indicator stands at its row, and with it at the heading above."""
        for code in (row, self.places[row].heading):
            if code is not None:
                self._claimants.setdefault(code, []).append(indicator)

    def targets(self, indicator: Indicator, row: str) -> dict[int, YearTarget]:
        """The indicator's target per year; years that ask for nothing are left out."""
        place = self.places[row]
        asked = [
            year
            for year in self.years
            if place.commitments is None or _asked(place.commitments[year])
        ]
        found = {
            year: self._target(indicator, place, year, last=year == asked[-1]) for year in asked
        }
        return {year: target for year, target in found.items() if target is not None}

    def _target(
        self, indicator: Indicator, place: _Place, year: int, *, last: bool
    ) -> YearTarget | None:
        """The year cell's, else the row's words', else the heading's."""
        if indicator.kind is IndicatorKind.MILESTONE:
            return YearTarget(target=DONE, origin="cell") if place.commitments else None
        return self._first(
            indicator,
            self._sources(place, (year,)),
            lambda t: (not t.years or year in t.years) and (last or t.applies not in _AT_THE_END),
        )

    def term(self, indicator: Indicator, row: str) -> YearTarget | None:
        """What the words ask of the whole term or by its end; what is done or not done is asked of its years."""
        if indicator.kind is IndicatorKind.MILESTONE:
            return None
        sources = self._sources(self.places[row], self.years)
        return self._first(indicator, sources, lambda target: target.applies in _AT_THE_END)

    def _first(
        self, indicator: Indicator, sources: Iterable[_Source], due: Callable[[Target], bool]
    ) -> YearTarget | None:
        """The indicator's share of the targets that are due, from the first source that holds one."""
        for origin, code, targets in sources:
            shared = self.reader.share_out(
                [t for t in targets if due(t)], self._claimants.get(code, ())
            )
            if indicator.code in shared:
                return YearTarget(target=shared[indicator.code], origin=origin)
        return None

    def _sources(self, place: _Place, years: Iterable[int]) -> Iterator[_Source]:
        """Where a target of these years may stand, first choice first."""
        if place.commitments is None:
            yield "heading", place.code, place.targets
            return
        above = self.places[place.heading] if place.heading else None
        yield (
            "cell",
            place.code,
            [target for year in years for target in place.commitments[year].targets],
        )
        yield "row", place.code, [_timed(target, place, above) for target in place.targets]
        if above is not None:
            yield "heading", above.code, above.targets


def _timed(target: Target, place: _Place, above: _Place | None) -> Target:
    """A row that repeats its heading's target and does not say when means what the heading says."""
    if (
        above is None
        or target.applies is not Applies.EACH_YEAR
        or any(words in place.words for words in EVERY_YEAR)
    ):
        return target
    same = (
        t
        for t in above.targets
        if (t.comparator, t.amount, t.unit) == (target.comparator, target.amount, target.unit)
    )
    return replace(target, applies=next((t.applies for t in same), target.applies))


def _in_kind(target: Target, indicator: Indicator, vocabulary: Vocabulary) -> Target | None:
    """The target as the indicator's kind of number, or None where it is another kind.

    "100% of the districts", said of a count, is one for each district.
    """
    if (target.unit == PERCENT) == (indicator.kind is IndicatorKind.RATIO):
        return None if indicator.kind is IndicatorKind.MILESTONE else target
    if indicator.kind is IndicatorKind.COUNT and target.amount == ALL_OF_THEM:
        subject = f"{words_of(target.subject)} "
        for level in reversed(vocabulary.counted_levels):
            words = (f"{words_of(word)} " for word in vocabulary.levels[level])
            if any(subject.startswith(word) for word in words):
                return replace(
                    target,
                    amount=Decimal(1),
                    unit=indicator.unit,
                    basis=Basis.PER_UNIT,
                    level=level,
                )
    return None


def _asked(cell: Commitment) -> bool:
    return cell.kind is not CommitmentKind.NONE


def _places(plan: Plan) -> dict[str, _Place]:
    """Rows and headings by code, in the order of the table."""
    headings = {objective.code: objective for objective in plan.objectives}

    def numbers(code: str | None) -> Iterator[str]:
        while code is not None:
            yield words_of(headings[code].number)
            code = headings[code].parent

    places: dict[str, _Place] = {}
    for row in plan.rows():
        own = row.objective if isinstance(row, Activity) else row.code
        places[row.code] = _Place(
            code=row.code,
            words=words_of(row.title),
            numbers=frozenset(numbers(own)),
            targets=row.targets,
            commitments=row.commitments if isinstance(row, Activity) else None,
            heading=row.objective if isinstance(row, Activity) else None,
        )
    return places
