"""Which indicator measures which row of a plan, and which target it must meet in each year.

Two ordered steps. First every indicator finds its row: the words of its library entry are looked
for in the words of each row and heading (`_find_rows`). Then the targets of a cell, a row or a
heading are given to the indicators that stand there, by what each target is about
(`_Reader.share_out`); an indicator's target of a year is the cell's, else the row's, else the
heading's, and says which.
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
    Objective,
    Plan,
    Target,
)
from toankhoa.core.review.fields import headings_by_code

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
    """An indicator measures a row or heading; `row` is its code.

    A year without a target asks for nothing. `score`: how well its words fit, see `_Reader`.
    `term`: what the plan's words ask of the whole term, or by its end; None where they speak of
    years only.
    """

    row: str
    indicator: str
    score: float
    targets: Mapping[int, YearTarget]
    term: YearTarget | None = None


@dataclass(frozen=True, slots=True)
class _Place:
    """A row or heading as matching sees it.

    `words`: folded; `numbers`: the folded numbers of the headings it stands under; `commitments`:
    its year cells, None for a heading; `heading`: code of the heading just above.
    """

    code: str
    words: str
    numbers: frozenset[str]
    targets: tuple[Target, ...]
    commitments: Mapping[int, Commitment] | None
    heading: str | None

    @property
    def promises(self) -> bool:
        """A heading may hold a target of its own; a row without a mark in any year holds none."""
        return self.commitments is None or any(map(_is_marked, self.commitments.values()))

    def asks_for(self, year: int) -> bool:
        """Whether a year is marked; a heading has no marks and asks for each."""
        return self.commitments is None or _is_marked(self.commitments[year])

    def all_targets(self) -> Iterator[Target]:
        """Its own words' targets and those of its cells."""
        yield from self.targets
        for cell in (self.commitments or {}).values():
            yield from cell.targets


@dataclass(frozen=True, slots=True)
class _Source:
    """Targets and where their words stand; `code`: of the place whose claimants share them."""

    origin: Origin
    code: str
    targets: Sequence[Target]


@dataclass(frozen=True, slots=True)
class _Fit:
    """The place that an indicator has in the plan, and how well its words fit there."""

    row: str
    score: float


NO_ROW = ""  # where an indicator is placed that a person took out of the plan
Placed = Mapping[str, str]  # indicator → code of the row a person gave it, or NO_ROW


@dataclass(frozen=True, slots=True)
class Candidate:
    """An indicator that may measure a row.

    `score`: from 0, nothing in common, to 1, everything that speaks for it does.
    """

    indicator: Indicator
    score: float


def candidates(row: str, plan: Plan, library: Library, limit: int = 5) -> tuple[Candidate, ...]:
    """The indicators whose words fit a row or heading, the best first.

    KeyError where there is no such row. Without the threshold of `bind`: a person chooses.
    """
    place, reader = _places(plan)[row], _Reader(library)
    scored = [Candidate(item, reader.likeness(item, place)) for item in library.indicators.values()]
    scored.sort(key=lambda candidate: candidate.score, reverse=True)
    return tuple(candidate for candidate in scored[:limit] if candidate.score > 0)


def bind(plan: Plan, library: Library, placed: Placed | None = None) -> tuple[Binding, ...]:
    """Every indicator that the plan asks for, in the order of its rows, with its target per year.

    An indicator whose words are nowhere in the plan is left out; one that a person placed stands
    where she put it. A target by the end of the term, or of the whole term, stands in the last year
    the row is marked (for a heading: the last year of the plan), as what it is.
    """
    places = _places(plan)
    reader = _Reader(library)
    by_hand = _placed_by_hand(placed or {}, places, library, reader)
    fits = {}
    for code, fit in _find_rows(places, library, reader).items():
        if not placed or code not in placed:
            fits[code] = fit
    fits |= by_hand
    sharing = _Sharing(plan.years, places, reader)
    for code, fit in fits.items():
        sharing.claim(fit.row, library.indicators[code])
    order = {code: rank for rank, code in enumerate(places)}
    bindings = []
    for code, fit in fits.items():
        indicator = library.indicators[code]
        binding = Binding(
            row=fit.row,
            indicator=code,
            score=round(fit.score, 3),
            targets=sharing.targets(indicator, fit.row),
            term=sharing.term(indicator, fit.row),
        )
        bindings.append(binding)
    return tuple(sorted(bindings, key=lambda binding: order[binding.row]))


def _find_rows(places: Mapping[str, _Place], library: Library, reader: _Reader) -> dict[str, _Fit]:
    """The best row or heading of each indicator. At a tie the first in the plan wins."""
    possible = [place for place in places.values() if place.promises]
    fits: dict[str, _Fit] = {}
    for indicator in library.indicators.values():
        scored = [_Fit(place.code, reader.fitness(indicator, place)) for place in possible]
        best = max(scored, key=lambda fit: fit.score, default=None)
        if best and best.score > 0:
            fits[indicator.code] = best
    return fits


def _placed_by_hand(
    placed: Placed, places: Mapping[str, _Place], library: Library, reader: _Reader
) -> dict[str, _Fit]:
    """Where a person put indicators; a row that is gone holds nothing."""
    fits: dict[str, _Fit] = {}
    for code, row in placed.items():
        if row in places and code in library.indicators:
            score = reader.likeness(library.indicators[code], places[row])
            fits[code] = _Fit(row, score)
    return fits


class _Reader:
    """How well an indicator's words fit a text.

    A word of its name counts less the more names have it.
    """

    def __init__(self, library: Library) -> None:
        self._vocabulary = library.vocabulary
        self._names: dict[str, set[str]] = {}
        frequency: Counter[str] = Counter()
        for code, indicator in library.indicators.items():
            self._names[code] = set(words_of(indicator.name).split())
            frequency.update(self._names[code])
        self._weight = {word: 1 / count for word, count in frequency.items()}
        self._whole = {code: self._weight_of(words) for code, words in self._names.items()}
        self._words: dict[str, set[str]] = {}  # of each text once: every indicator looks at it

    def _weight_of(self, words: Iterable[str]) -> float:
        return sum(self._weight[word] for word in words)

    def words_fit(self, indicator: Indicator, words: str) -> float:
        """How well a name fits folded words, from 0 to NAME_ALONE by the share that is there.

        1 and a little where all phrases of one of the indicator's alternatives are there.
        """
        words_there = self._words.get(words)
        if words_there is None:
            words_there = self._words[words] = set(words.split())
        name = self._names[indicator.code]
        share = self._weight_of(name & words_there) / self._whole[indicator.code]
        if _has_any_alternative(f" {words} ", indicator):
            return 1 + share / 20
        return NAME_ALONE * share

    def fitness(self, indicator: Indicator, place: _Place) -> float:
        """Words first; then whether it is the right objective, place and kind of number.

        0 where the words are not there.
        """
        words = self.words_fit(indicator, place.words)
        return words + self._around(indicator, place) if words >= WORDS_NEEDED else 0.0

    def likeness(self, indicator: Indicator, place: _Place) -> float:
        """Fitness without a threshold, from 0 (no common words) to 1.

        The fewer words, the less the rest counts.
        """
        words = self.words_fit(indicator, place.words)
        share = words * (1 + self._around(indicator, place)) / BEST_FITNESS
        return round(max(min(share, 1), 0), 3)

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
        """Give each target to at most one indicator and each indicator at most one.

        The surest pair comes first.
        What the target is about decides, unless only one of them can read that kind of number.
        """
        pairs: list[_Pair] = []
        for place, target in enumerate(targets):
            pairs += self._pairs(place, target, claimants)
        shared: dict[str, Target] = {}
        taken: set[int] = set()
        for pair in sorted(pairs, key=_Pair.rank):
            if pair.indicator not in shared and pair.place not in taken:
                shared[pair.indicator] = pair.reading
                taken.add(pair.place)
        return shared

    def _pairs(self, place: int, target: Target, claimants: Sequence[Indicator]) -> Iterator[_Pair]:
        """The indicators that may have a target, as they read it."""
        readings: list[tuple[Indicator, Target]] = []
        for claimant in claimants:
            reading = _in_kind(target, claimant, self._vocabulary)
            if reading is not None:
                readings.append((claimant, reading))
        subject = words_of(f"{target.unit} {target.subject}")
        for claimant, reading in readings:
            score = self.words_fit(claimant, subject)
            if score >= SUBJECT_NEEDED or len(readings) == 1:
                yield _Pair(score, place, claimant.code, reading)


@dataclass(frozen=True, slots=True)
class _Pair:
    """A target, by its place among those that are shared out, and an indicator that may have it."""

    score: float
    place: int
    indicator: str
    reading: Target

    def rank(self) -> tuple[float, int, str]:
        """The surest first, then in the order of the words."""
        return -self.score, self.place, self.indicator


def _has_any_alternative(padded: str, indicator: Indicator) -> bool:
    """Whether all phrases of one of the indicator's alternatives are in words between blanks."""
    return any(_has_phrases(padded, phrases) for phrases in indicator.matches)


def _has_phrases(padded: str, phrases: Sequence[str]) -> bool:
    return all(f" {phrase} " in padded for phrase in phrases)


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
        years = [year for year in self.years if place.asks_for(year)]
        targets: dict[int, YearTarget] = {}
        for year in years:
            target = self._target(indicator, place, year, last=year == years[-1])
            if target is not None:
                targets[year] = target
        return targets

    def _target(
        self, indicator: Indicator, place: _Place, year: int, *, last: bool
    ) -> YearTarget | None:
        """The year cell's, else the row's words', else the heading's."""
        if indicator.kind is IndicatorKind.MILESTONE:
            return YearTarget(target=DONE, origin="cell") if place.commitments else None

        def is_due(target: Target) -> bool:
            if target.years and year not in target.years:
                return False
            return last or target.applies not in _AT_THE_END

        return self._first(indicator, self._sources(place, (year,)), is_due)

    def term(self, indicator: Indicator, row: str) -> YearTarget | None:
        """What the words ask of the whole term or by its end.

        A milestone has none: what is done or not done is asked of its years.
        """
        if indicator.kind is IndicatorKind.MILESTONE:
            return None
        sources = self._sources(self.places[row], self.years)
        return self._first(indicator, sources, lambda target: target.applies in _AT_THE_END)

    def _first(
        self, indicator: Indicator, sources: Iterable[_Source], due: Callable[[Target], bool]
    ) -> YearTarget | None:
        """The indicator's share of the targets that are due, of the first source that holds one."""
        for source in sources:
            targets = [target for target in source.targets if due(target)]
            shared = self.reader.share_out(targets, self._claimants.get(source.code, ()))
            if indicator.code in shared:
                return YearTarget(target=shared[indicator.code], origin=source.origin)
        return None

    def _sources(self, place: _Place, years: Iterable[int]) -> Iterator[_Source]:
        """Where a target of these years may stand, first choice first."""
        if place.commitments is None:
            yield _Source("heading", place.code, place.targets)
            return
        above = self.places[place.heading] if place.heading else None
        in_cells: list[Target] = []
        for year in years:
            in_cells += place.commitments[year].targets
        yield _Source("cell", place.code, in_cells)
        yield _Source("row", place.code, [_timed(target, place, above) for target in place.targets])
        if above is not None:
            yield _Source("heading", above.code, above.targets)


def _timed(target: Target, place: _Place, above: _Place | None) -> Target:
    """A row that repeats its heading's target and does not say when means what the heading says."""
    if above is None or target.applies is not Applies.EACH_YEAR:
        return target
    if any(words in place.words for words in EVERY_YEAR):
        return target
    amount = target.comparator, target.amount, target.unit
    for candidate in above.targets:
        if (candidate.comparator, candidate.amount, candidate.unit) == amount:
            return replace(target, applies=candidate.applies)
    return target


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


def _is_marked(cell: Commitment) -> bool:
    return cell.kind is not CommitmentKind.NONE


def _places(plan: Plan) -> dict[str, _Place]:
    """Rows and headings by code, in the order of the table."""
    headings = headings_by_code(plan)

    places: dict[str, _Place] = {}
    for row in plan.rows():
        own = row.objective if isinstance(row, Activity) else row.code
        places[row.code] = _Place(
            code=row.code,
            words=words_of(row.title),
            numbers=frozenset(_numbers(own, headings)),
            targets=row.targets,
            commitments=row.commitments if isinstance(row, Activity) else None,
            heading=row.objective if isinstance(row, Activity) else None,
        )
    return places


def _numbers(code: str | None, headings: Mapping[str, Objective]) -> Iterator[str]:
    """The folded numbers of a heading and of those above it."""
    while code is not None:
        yield words_of(headings[code].number)
        code = headings[code].parent
