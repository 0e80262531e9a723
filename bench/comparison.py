"""Every question put to both designs, timed and compared."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Any

import numpy as np
from facts import ROOT, Facts
from packed import Answer, Packed
from value_rows import TunedRows, ValueRows

from toankhoa.reporting.models import Return

LEAST, MOST = (
    3,
    60,
)  # how often a question is put to a design; in between, until the budget is spent
LONG = 10.0  # what takes longer than this is asked once
STAGES = 3  # depths at which figures are vouched for: commune, district, province
# Communes beyond which the other design is not made to derive all that ours holds: it takes too
# long
WHOLE = 2000


@dataclass(frozen=True)
class Timing:
    """Median seconds of one work and how often it was done."""

    seconds: float
    times: int

    def __str__(self) -> str:
        for unit, factor in (("s", 1), ("ms", 1e3)):
            if self.seconds * factor >= 1:
                return f"{self.seconds * factor:,.2f} {unit}"
        return f"{self.seconds * 1e6:,.0f} µs"


@dataclass(frozen=True)
class Line:
    """One question: packed rows, plain GROUP BY, and the same rows asked by hand-tuned queries
    where they differ.
    """

    question: str
    packed: Timing
    group_by: Timing
    tuned: Timing | None = None

    def __str__(self) -> str:
        cells = [f"{self.question:<40}{self.packed!s:>10}"]
        for other in (self.group_by, self.tuned):
            ratio = f"{other.seconds / self.packed.seconds:,.1f} ×" if other else ""
            cells.append(f"{other or '–'!s:>10} {ratio:>10}")
        times = " / ".join(
            str(timing.times) for timing in (self.packed, self.group_by, self.tuned) if timing
        )
        return "  ".join([*cells, times])


def timed(
    work: Callable[[], Any], budget: float, before: Callable[[], None] = lambda: None
) -> tuple[Timing, Any]:
    """Time a work again and again, each time after `before`, which is not timed; with its last
    answer.

    The first go warms the cache and does not count, unless it is so long that there is no other.
    """
    seconds: list[float] = []
    begun = perf_counter()
    while len(seconds) <= LEAST or (perf_counter() - begun < budget and len(seconds) <= MOST):
        before()
        start = perf_counter()
        answer = work()
        seconds.append(perf_counter() - start)
        if seconds[0] > LONG:
            return Timing(seconds[0], 1), answer
    return Timing(statistics.median(seconds[1:]), len(seconds) - 1), answer


HEADINGS = f"{'':<40}{'packed':>10}  {'GROUP BY':>10} {'ratio':>10}  {'tuned':>10} {'ratio':>10}  repetitions"


@dataclass(frozen=True)
class Comparison:
    """The designs, holding the same facts."""

    facts: Facts
    packed: Packed
    plain: ValueRows
    tuned: TunedRows
    budget: float  # seconds for one question put to one design

    @classmethod
    def of(cls, facts: Facts, budget: float) -> Comparison:
        """Designs not loaded yet."""
        return cls(facts, Packed(facts), ValueRows(facts), TunedRows(facts), budget)

    def load(self) -> str:
        """Fill both; what was loaded, in words."""
        start = perf_counter()
        returns, figures = self.packed.load(), self.plain.load()
        facts, units = self.facts, len(self.packed.ledger.organisation.ids)
        return (
            f"{facts.communes:,} communes × {facts.elements} elements × {facts.months} months: {units:,} units, "
            f"{returns:,} returns, {figures:,} figures accepted; loaded in {perf_counter() - start:,.0f} s"
        )

    def lines(self) -> Iterable[Line]:
        """Every question in turn. RuntimeError where the answers differ."""
        yield self.acceptance()
        yield self.question("dashboard of the nation", lambda design: design.dashboard(ROOT))
        yield self.question(
            "dashboard of a commune", lambda design: design.dashboard(self.facts.codes[0])
        )
        yield self.question(
            "all children of the root, a year",
            lambda design: design.children(ROOT, self.facts.years[-1]),
        )
        yield self.question("every unit × element × year", lambda design: design.matrix())
        yield from self.rebuild()

    def acceptance(self) -> Line:
        """Returns accepted by turns in the one and the other design; each then enters what the
        other has accepted.
        """
        seconds: dict[bool, list[float]] = {True: [], False: []}
        for number, ret in enumerate(Return.objects.filter(accepted_depth=1).order_by("id")):
            ours = number % 2 == 0
            start = perf_counter()
            if ours:
                self.packed.accept(ret)
            else:
                self.plain.accept(ret, self.packed)
            seconds[ours].append(perf_counter() - start)
            (self.plain if ours else self.packed).catch_up(ret)
        packed, plain = (
            Timing(statistics.median(taken), len(taken))
            for taken in (seconds[True], seconds[False])
        )
        return Line("accept one return, durable", packed, plain)

    def question(self, words: str, ask: Callable[[Any], Any]) -> Line:
        """One question put to the three."""
        timings, answers = zip(
            *(
                timed(partial(ask, each), self.budget)
                for each in (self.packed, self.plain, self.tuned)
            ),
            strict=True,
        )
        self.compare(words, answers)
        return Line(words, *timings)

    def rebuild(self) -> Iterable[Line]:
        """From nothing: ours from the steps and revisions of every return; the other's sums from
        its figures.

        Ours holds months and years, sums and numbers of reports, at each of three stages of
        acceptance. The other is
        measured twice: filling yearly sums of one stage, and (up to `WHOLE` communes) one stage of
        the same content.
        """
        timings, answers = [], []
        for design in (self.packed, self.plain, self.tuned):
            timings.append(timed(design.rebuild, self.budget, design.forget)[0])
            answers.append(design.sums())
        self.compare("full rebuild", answers)
        packed, plain, tuned = timings
        yield Line("full rebuild; other: years, 1 stage", packed, plain, tuned)
        if self.facts.communes <= WHOLE:
            months = timed(self.plain.rebuild_months, self.budget, self.plain.forget)[0]
            if sorted(self.packed.months(ROOT)) != sorted(self.plain.months(ROOT)):
                raise RuntimeError(f"the designs rebuild other months: {self.facts}")
            same = Timing(STAGES * (plain.seconds + months.seconds), months.times)
            yield Line(f"full rebuild; other: same, × {STAGES} stages", packed, same)

    def compare(self, words: str, answers: Iterable[Answer | np.ndarray]) -> None:
        """RuntimeError unless all answers are the same figures, and some."""
        first, *others = (self.dense(answer) for answer in answers)
        if not (first >= 0).any() or not all(np.array_equal(first, other) for other in others):
            raise RuntimeError(f"the designs answer differently: {words}, {self.facts}")

    def dense(self, answer: Answer | np.ndarray) -> np.ndarray:
        """An answer as `Packed.matrix` gives it."""
        if isinstance(answer, np.ndarray):
            return answer
        units = np.array(sorted(self.packed.ledger.organisation.codes))
        found = np.full((len(units), len(self.facts.years), self.facts.elements), -1, np.int64)
        unit, slot, year, figure = np.array(answer, np.int64).reshape(-1, 4).T
        found[np.searchsorted(units, unit), year - self.facts.years[0], slot] = figure
        return found
