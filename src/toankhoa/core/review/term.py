"""The plan of a whole term that was amended on the way: every year as the version that governed it said.

Codes of rows survive amendments, so a row's years are put together from several versions. Rows are those of the
version in force now; a row that was taken out stays for the years in which it held.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from toankhoa.core.plan import Activity, Commitment, CommitmentKind, Objective, Plan
from toankhoa.core.review.amendment import AmendmentStep, Kind, difference
from toankhoa.core.review.matching import Binding, YearTarget

_BLANK = Commitment(text="", kind=CommitmentKind.NONE)


@dataclass(frozen=True, slots=True)
class Version:
    """A published plan with the indicators that measure its rows."""

    plan: Plan
    bindings: tuple[Binding, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """The plan and bindings to hold results against; `removed`: codes of rows that are in force no more."""

    plan: Plan
    bindings: tuple[Binding, ...]
    removed: frozenset[str] = frozenset()


def whole_term(now: Version, governing: Mapping[int, Version]) -> Term:
    """Each year of `governing` as its version says, other years as the version in force says."""
    past = {
        year: version
        for year, version in governing.items()
        if version is not now and year in now.plan.years
    }
    if not past:
        return Term(now.plan, now.bindings)
    earlier = list({id(version): version for version in past.values()}.values())
    kept = {row.code for row in now.plan.rows()}
    plans = [version.plan for version in earlier]
    objectives = _with_gone(now.plan.objectives, [plan.objectives for plan in plans])
    activities = _with_gone(now.plan.activities, [plan.activities for plan in plans])
    found = {year: _cells(version.plan) for year, version in past.items()}
    plan = replace(
        now.plan,
        objectives=tuple(objectives),
        activities=tuple(
            _with_past(row, now.plan.years, found, in_force=row.code in kept) for row in activities
        ),
    )
    return Term(plan, _bindings(now, past), frozenset(row.code for row in plan.rows()) - kept)


Row = TypeVar("Row", Objective, Activity)


def _with_gone(now: Sequence[Row], earlier: Sequence[Sequence[Row]]) -> list[Row]:
    """The rows in force, and those of earlier versions that are no more, as they were last and where they stood."""
    rows: list[Row] = list(now)
    for version in reversed(earlier):
        held = {row.code for row in rows}
        behind: dict[str, list[Row]] = {}
        last = ""  # in force, of those before
        for row in version:
            if row.code in held:
                last = row.code
            else:
                behind.setdefault(last, []).append(row)
        rows = [
            *behind.get("", ()),
            *(each for kept in rows for each in (kept, *behind.get(kept.code, ()))),
        ]
    return rows


def _cells(plan: Plan) -> dict[str, Mapping[int, Commitment]]:
    return {row.code: row.commitments for row in plan.activities}


def _with_past(
    row: Activity,
    years: Sequence[int],
    past: Mapping[int, Mapping[str, Mapping[int, Commitment]]],
    *,
    in_force: bool,
) -> Activity:
    def cell(year: int) -> Commitment:
        if year in past:
            return past[year].get(row.code, {}).get(year, _BLANK)
        return row.commitments.get(year, _BLANK) if in_force else _BLANK

    return replace(row, commitments={year: cell(year) for year in years})


def _bindings(now: Version, past: Mapping[int, Version]) -> tuple[Binding, ...]:
    """One binding per row and indicator of any version; each year's target is that of its own version."""
    first: dict[tuple[str, str], Binding] = {}
    targets: dict[tuple[str, str], dict[int, YearTarget]] = {}
    for years, version in (
        *(((year,), past[year]) for year in sorted(past)),
        (_rest(now, past), now),
    ):
        for binding in version.bindings:
            key = binding.row, binding.indicator
            held = {year: target for year, target in binding.targets.items() if year in years}
            if version is now or held:
                first[key] = binding
                targets.setdefault(key, {}).update(held)
    return tuple(replace(binding, targets=targets[key]) for key, binding in first.items())


def _rest(now: Version, past: Mapping[int, Version]) -> tuple[int, ...]:
    return tuple(year for year in now.plan.years if year not in past)


def row_history(plans: Sequence[Plan], code: str) -> list[AmendmentStep | None]:
    """What each version, in the order given, did to the row of that code; None where it is not in it and was not.

    The first version that holds it adds it; a step without kinds leaves it as it was.
    """
    steps: list[AmendmentStep | None] = []
    before: Plan | None = None
    for plan in plans:
        held = {row.code: row for row in plan.rows()}
        if before is None:
            steps.append(
                AmendmentStep(None, held[code], frozenset({Kind.ADDED})) if code in held else None
            )
        else:
            carried = {row.code: row.code for row in before.rows() if row.code in held}
            steps.append(
                next(
                    (step for step in difference(before, plan, carried) if step.row.code == code),
                    None,
                )
            )
        before = plan
    return steps
