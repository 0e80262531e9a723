"""A draft as a person reviews it: its plan, the findings, and the indicators of its rows."""

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
from toankhoa.operations.units_of_plan import units_of_plan
from toankhoa.org.scope import Actor
from toankhoa.plan.models import PlanVersion

CANDIDATES = 6
UNNAMED = "(đề mục chưa có tên)"
_WORST_FIRST = (Severity.ERROR, Severity.WARNING, Severity.NOTE)


@dataclass(frozen=True)
class Finding:
    """A problem of reading or of the rules, at its place.

    `dismissed`: reason, name and moment, where it was set aside.
    """

    problem: Problem
    place: Place
    dismissed: Mapping[str, str] | None


@dataclass(frozen=True)
class Review:
    """A version and what its screens ask of it; nothing is read twice.

    `facts`: what `check` is told besides the plan, by the names of its arguments.
    """

    version: PlanVersion
    library: Library
    plan: Plan
    facts: Mapping[str, Any]

    @cached_property
    def rows(self) -> dict[str, Objective | Activity]:
        """Its rows by code, in the order of the table."""
        return {row.code: row for row in self.plan.rows()}

    @cached_property
    def headings(self) -> dict[str, str]:
        """Number and title of each heading by its code, in the order of the table."""
        names = {}
        for code, row in self.rows.items():
            if isinstance(row, Objective):
                names[code] = f"{row.number} {row.title}".strip() or UNNAMED
        return names

    @cached_property
    def findings(self) -> list[Finding]:
        """What reading met, then what the rules find; the worst first, as the document runs."""
        findings = [*self._met_in_reading(), *self._met_by_rules()]
        return sorted(findings, key=self._urgency)

    def _met_in_reading(self) -> list[Finding]:
        findings = []
        for stored in self.version.problems:
            place = Place(stored["row"], stored["field"])
            findings.append(self._finding(_problem(stored), place))
        return findings

    def _met_by_rules(self) -> list[Finding]:
        problems = check(self.plan, **self.facts)
        places = places_of(problems, self.plan)
        findings = []
        for problem, place in zip(problems, places, strict=True):
            findings.append(self._finding(problem, place))
        return findings

    def _finding(self, problem: Problem, place: Place) -> Finding:
        key = problem.code, place.row, place.field, problem.fragment
        return Finding(problem, place, self._dismissed.get(key))

    @cached_property
    def _dismissed(self) -> dict[tuple[str, str, str, str], Mapping[str, str]]:
        """What was set aside, by code of the problem, row, field and the words it is about."""
        by_key = {}
        for dismissal in self.version.dismissed:
            place = dismissal["row"], dismissal["field"]
            by_key[dismissal["code"], *place, dismissal["fragment"]] = dismissal
        return by_key

    def _urgency(self, finding: Finding) -> tuple[int, int]:
        """Errors first; of one severity the document, then its rows as they run."""
        rank = self.ranks.get(finding.place.row, -1)
        return _WORST_FIRST.index(finding.problem.severity), rank

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
        free = [candidate for candidate in offered if candidate.indicator.code not in taken]
        return free[:CANDIDATES]

    def reread(self, place: Place, text: str) -> tuple[Subject, tuple[Problem, ...]]:
        """The row, or the document, with other words in one field; nothing is kept."""
        edited = edit(self.plan, place, text, self.library.vocabulary)
        return subject(edited.plan, place.row), edited.problems


def review(version: PlanVersion, *, by: Actor, library: Library) -> Review:
    """The review of a version, with what is known of its organisation's units and words.

    Its units are those of the plan's own day, as on the command line.
    """
    plan = codec.plan_from(version.document)
    units = units_of_plan(plan, by.organisation.trees, unit=by.unit, otherwise=by.today)
    facts = {
        "units": units.by_level,
        "places": units.names,
        "populations": library.vocabulary.counters,
        "level_names": library.vocabulary.level_names,
    }
    return Review(version, library, plan, facts)


def _problem(stored: Mapping[str, Any]) -> Problem:
    return Problem(
        stored["code"],
        Severity(stored["severity"]),
        stored["message"],
        Source(**stored["source"]),
        stored["fragment"],
    )
