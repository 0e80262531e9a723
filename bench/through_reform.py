"""Every question put to three designs that have lived through a reform, timed and compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from time import perf_counter
from typing import Any

import numpy as np
from comparison import Timing, timed
from facts import ROOT
from packed import Answer, Packed
from reformed import Reformed
from warehouse import AnalyticsTable, ValueTable

from toankhoa.core.measures import TimeRule
from toankhoa.operations.reforms import apply_reform
from toankhoa.org.organisation import load_units
from toankhoa.org.reforms import draft_reform
from toankhoa.reporting.reading.restated_reader import RestatedReader
from toankhoa.reporting.returns import workflow


@dataclass(frozen=True)
class PackedThroughReform(Packed):
    """The product, with the reform applied through its own verbs."""

    facts: Reformed
    name: str = "packed"

    def load(self) -> int:
        """Enter units, the reform and every return; how many returns."""
        now = self.facts.now
        load_units(unit_versions=self.facts.unit_versions, by=None, at=now)
        draft = draft_reform(reform=self.facts.reform, by=None, at=now)
        apply_reform(
            draft=draft, by=None, today=self.facts.today, at=now, library=self.facts.library
        )
        returns = list(self.facts.returns())
        workflow.import_returns(returns=returns, by=None, at=now, ledger=self.ledger)
        return len(returns)

    @property
    def flows(self) -> list[int]:
        """Slots of the elements that are summed."""
        return [
            each.slot for each in self.facts.library.elements.values() if each.time is TimeRule.FLOW
        ]

    def restated(self, units: list[str], years: list[int]) -> Answer:
        """Flows of some years on the boundaries of after the reform, unit by unit."""
        day, found = self.facts.today, []
        about = {"day": day, "years": years, "today": day, "ledger": self.ledger}
        for reader in RestatedReader.of_units(units, **about):
            unit = self.ledger.organisation.ids[reader.unit]
            for year in years:
                cell = None if reader.doubtful(year) else reader.covered_year(year).cell
                for slot in self.flows:
                    if cell is not None and (figure := cell.get(slot)) is not None:
                        found.append((unit, slot, year, figure))
        return found


@dataclass(frozen=True)
class ThroughReform:
    """The designs, holding the same facts."""

    facts: Reformed
    budget: float

    @cached_property
    def designs(self) -> tuple[PackedThroughReform, ValueTable, AnalyticsTable]:
        """Ours first."""
        return PackedThroughReform(self.facts), ValueTable(self.facts), AnalyticsTable(self.facts)

    def lines(self) -> Iterator[str]:
        """What was loaded, then every question in turn. RuntimeError where the answers differ."""
        packed, rows, _ = self.designs
        start = perf_counter()
        returns, figures = packed.load(), rows.load()
        facts, units = self.facts, len(packed.ledger.organisation.ids)
        yield (
            f"{facts.communes:,} communes until {facts.day:%m/%Y}, then {len(set(facts.successors.values())):,}; "
            f"{facts.elements} elements × {facts.months} months: {units:,} units, {returns:,} returns, "
            f"{figures:,} figures; loaded in {perf_counter() - start:,.0f} s"
        )
        yield f"{'':<40}" + "".join(
            f"{design.name:>17}{'ratio' if place else '':>11}"
            for place, design in enumerate(self.designs)
        )
        yield self.timings("full rebuild", lambda design: design.rebuild())
        commune = facts.codes[-1]
        yield self.question("dashboard of the nation", lambda design: design.dashboard(ROOT))
        yield self.question("dashboard of a commune", lambda design: design.dashboard(commune))
        yield self.question("every unit × element × year", lambda design: design.matrix())
        years, communes = list(facts.years), list(dict.fromkeys(facts.successors.values()))
        yield self.question(
            "restated: a commune, all years", lambda design: design.restated([commune], years)
        )
        yield self.question(
            "restated: every commune, a year", lambda design: design.restated(communes, years[:1])
        )

    def question(self, words: str, ask: Callable[[Any], Any]) -> str:
        """One question put to the three, with the same answer."""
        timings, answers = zip(
            *(timed(lambda each=each: ask(each), self.budget) for each in self.designs), strict=True
        )
        first, *others = (self.sorted(answer) for answer in answers)
        if not first or any(other != first for other in others):
            raise RuntimeError(f"the designs answer differently: {words}, {self.facts}")
        return _line(words, timings)

    def timings(self, words: str, work: Callable[[Any], Any]) -> str:
        """One work done by the three, whose result the questions then ask for."""
        return _line(
            words, [timed(lambda each=each: work(each), self.budget)[0] for each in self.designs]
        )

    def sorted(self, answer: Answer | np.ndarray) -> Answer:
        """An answer as rows, those of nothing left out."""
        if not isinstance(answer, np.ndarray):
            return sorted(answer)
        units = sorted(self.designs[0].ledger.organisation.codes)
        found = np.argwhere(answer >= 0)
        years = self.facts.years
        return sorted(
            (units[unit], int(slot), years[year], int(answer[unit, year, slot]))
            for unit, year, slot in found.tolist()
        )


def _line(words: str, timings: tuple[Timing, ...] | list[Timing]) -> str:
    ours, *others = timings
    cells = "".join(f"{other!s:>17}{other.seconds / ours.seconds:>9,.1f} ×" for other in others)
    return f"{words:<40}{ours!s:>17}{'':>11}{cells}"
