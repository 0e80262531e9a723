"""A draft as a person reviews it: its plan, what was found in it, which indicators measure its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from toankhoa.core.basics import Problem, Severity, Source
from toankhoa.core.compiling.checks import check
from toankhoa.core.measures import Library
from toankhoa.core.plan import Activity, Objective, Plan, codec
from toankhoa.core.review import (
    Binding,
    Candidate,
    Place,
    Subject,
    bind,
    candidates,
    edit,
    places_of,
    subject,
)
from toankhoa.org.scope import Actor
from toankhoa.plan.models import PlanVersion

CANDIDATES = 6
UNNAMED = "(đề mục chưa có tên)"
_WORST_FIRST = (Severity.ERROR, Severity.WARNING, Severity.NOTE)


@dataclass(frozen=True)
class Finding:
    """A problem of reading or of the rules, at its place. `dismissed`: reason, name and moment, where set aside."""

    problem: Problem
    place: Place
    dismissed: Mapping[str, str] | None


@dataclass(frozen=True)
class Review:
    """A version and what its screens ask of it; nothing is read twice."""

    version: PlanVersion
    library: Library
    facts: Mapping[str, Any]

    @cached_property
    def plan(self) -> Plan:
        """The plan as it stands now."""
        return codec.plan_from(self.version.document)

    @cached_property
    def rows(self) -> dict[str, Objective | Activity]:
        """Its rows by code, in the order of the table."""
        return {row.code: row for row in self.plan.rows()}

    @cached_property
    def headings(self) -> dict[str, str]:
        """Number and title of each heading by its code, in the order of the table."""
        each = ((code, row) for code, row in self.rows.items() if isinstance(row, Objective))
        return {code: f"{row.number} {row.title}".strip() or UNNAMED for code, row in each}

    @cached_property
    def findings(self) -> list[Finding]:
        """What reading met, then what the rules find; the worst first, as the document runs."""
        read = [
            (_problem(each), Place(each["row"], each["field"])) for each in self.version.problems
        ]
        ruled = check(self.plan, **self.facts)
        every = [*read, *zip(ruled, places_of(ruled, self.plan), strict=True)]
        aside = {
            (one["code"], one["row"], one["field"], one["fragment"]): one
            for one in self.version.dismissed
        }
        found = [
            Finding(
                problem, place, aside.get((problem.code, place.row, place.field, problem.fragment))
            )
            for problem, place in every
        ]
        return sorted(
            found,
            key=lambda f: (_WORST_FIRST.index(f.problem.severity), self.ranks.get(f.place.row, -1)),
        )

    @property
    def open(self) -> list[Finding]:
        """Findings that nobody set aside."""
        return [finding for finding in self.findings if finding.dismissed is None]

    @cached_property
    def by_row(self) -> dict[str, list[Finding]]:
        """Findings by the row they are about; "" holds those about the document."""
        by_row: dict[str, list[Finding]] = {}
        for finding in self.findings:
            by_row.setdefault(finding.place.row, []).append(finding)
        return by_row

    @cached_property
    def ranks(self) -> dict[str, int]:
        """Each row's place in the table."""
        return {code: rank for rank, code in enumerate(self.rows)}

    @cached_property
    def bindings(self) -> dict[str, list[Binding]]:
        """Indicators by the row they measure, as they would be published now."""
        by_row: dict[str, list[Binding]] = {}
        for binding in bind(self.plan, self.library, self.version.placed):
            by_row.setdefault(binding.row, []).append(binding)
        return by_row

    def candidates(self, row: str) -> list[Candidate]:
        """The best of the library for a row, without those that measure it already."""
        taken = {binding.indicator for binding in self.bindings.get(row, ())}
        offered = candidates(row, self.plan, self.library, CANDIDATES + len(taken))
        return [candidate for candidate in offered if candidate.indicator.code not in taken][
            :CANDIDATES
        ]

    def reread(self, place: Place, text: str) -> tuple[Subject, tuple[Problem, ...]]:
        """The row, or the document, as it would be with other words in one field; nothing is kept."""
        edited = edit(self.plan, place, text, self.library.vocabulary)
        return subject(edited.plan, place.row), edited.problems


def review(version: PlanVersion, *, by: Actor, library: Library) -> Review:
    """The review of a version, with what is known of its organisation's units and words."""
    tree = by.tree
    within = [tree.units[code] for code in tree.subtree(by.unit)]
    levels = {unit.level for unit in within}
    facts = {
        "units": {level: tree.count(level, by.unit) for level in levels},
        "places": tuple(unit.name for unit in within),
        "populations": library.vocabulary.counters,
        "level_names": library.vocabulary.level_names,
    }
    return Review(version, library, facts)


def _problem(stored: Mapping[str, Any]) -> Problem:
    return Problem(
        stored["code"],
        Severity(stored["severity"]),
        stored["message"],
        Source(**stored["source"]),
        stored["fragment"],
    )
