"""The plan of a whole term that was amended on the way.

Every year is as the version that governed it said.

Codes of rows survive amendments, so a row's years are put together from several versions. Rows are
those of the version in force now; a row that was taken out stays for the years in which it held.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from toankhoa.core.plan import Activity, Commitment, CommitmentKind, Objective, Plan
from toankhoa.core.review.amendment import AmendmentKind, AmendmentStep, difference
from toankhoa.core.review.fields import row_codes
from toankhoa.core.review.matching import Binding, YearTarget

_BLANK = Commitment(text="", kind=CommitmentKind.NONE)


@dataclass(frozen=True, slots=True)
class Version:
    """A published plan with the indicators that measure its rows."""

    plan: Plan
    bindings: tuple[Binding, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """The plan and bindings to hold results against.

    `removed`: codes of rows that are in force no more.
    """

    plan: Plan
    bindings: tuple[Binding, ...]
    removed: frozenset[str] = frozenset()


def whole_term(now: Version, governing: Mapping[int, Version]) -> Term:
    """Each year of `governing` as its version says, other years as the version in force says."""
    past: dict[int, Version] = {}
    for year, version in governing.items():
        if version is not now and year in now.plan.years:
            past[year] = version
    if not past:
        return Term(now.plan, now.bindings)
    in_force = row_codes(now.plan)
    plan = _plan(now, past, in_force)
    removed = frozenset(row_codes(plan) - in_force)
    return Term(plan, _bindings(now, past), removed)


def _plan(now: Version, past: Mapping[int, Version], in_force: Collection[str]) -> Plan:
    """The plan in force with the rows and the years' cells of earlier versions."""
    earlier = list({id(version): version.plan for version in past.values()}.values())
    objectives = _with_removed(now.plan.objectives, [plan.objectives for plan in earlier])
    activities = _with_removed(now.plan.activities, [plan.activities for plan in earlier])
    cells_of_past = {year: _cells(version.plan) for year, version in past.items()}
    with_past = []
    for row in activities:
        cells: dict[int, Commitment] = {}
        if row.code in in_force:
            cells |= row.commitments
        for year, cells_by_row in cells_of_past.items():
            cells[year] = cells_by_row.get(row.code, {}).get(year, _BLANK)
        by_year = {year: cells.get(year, _BLANK) for year in now.plan.years}
        with_past.append(replace(row, commitments=by_year))
    return replace(now.plan, objectives=tuple(objectives), activities=tuple(with_past))


Row = TypeVar("Row", Objective, Activity)


def _with_removed(now: Sequence[Row], earlier: Sequence[Sequence[Row]]) -> list[Row]:
    """The rows in force and those that are no more, as they were last and where they stood."""
    rows: list[Row] = list(now)
    for version in reversed(earlier):
        rows = _with_removed_of(rows, version)
    return rows


def _with_removed_of(rows: Sequence[Row], version: Sequence[Row]) -> list[Row]:
    """A removed row comes after the row that it followed, among those that are there."""
    present = {row.code for row in rows}
    following: dict[str, list[Row]] = {}  # removed rows by the code of the one they follow
    last = ""
    for earlier in version:
        if earlier.code in present:
            last = earlier.code
        else:
            following.setdefault(last, []).append(earlier)
    merged: list[Row] = [*following.get("", ())]
    for row in rows:
        merged.append(row)
        merged.extend(following.get(row.code, ()))
    return merged


def _cells(plan: Plan) -> dict[str, Mapping[int, Commitment]]:
    return {row.code: row.commitments for row in plan.activities}


def _bindings(now: Version, past: Mapping[int, Version]) -> tuple[Binding, ...]:
    """One binding per row and indicator of any version; a year's target is its own version's."""
    latest: dict[tuple[str, str], Binding] = {}
    targets: dict[tuple[str, str], dict[int, YearTarget]] = {}
    for years, version in _versions_by_years(now, past):
        for binding in version.bindings:
            key = binding.row, binding.indicator
            own = {year: target for year, target in binding.targets.items() if year in years}
            if version is now or own:
                latest[key] = binding
                targets.setdefault(key, {}).update(own)
    return tuple(replace(binding, targets=targets[key]) for key, binding in latest.items())


def _versions_by_years(
    now: Version, past: Mapping[int, Version]
) -> Iterator[tuple[tuple[int, ...], Version]]:
    """The years that each version governs, the one in force last."""
    for year in sorted(past):
        yield (year,), past[year]
    yield tuple(year for year in now.plan.years if year not in past), now


def row_history(plans: Sequence[Plan], code: str) -> list[AmendmentStep | None]:
    """What each version, in the order given, did to the row of that code.

    None where it is not in it and was not. The first version that holds it adds it; a step without
    kinds leaves it as it was.
    """
    steps: list[AmendmentStep | None] = []
    before: Plan | None = None
    for plan in plans:
        steps.append(_step_of_row(before, plan, code))
        before = plan
    return steps


def _step_of_row(before: Plan | None, plan: Plan, code: str) -> AmendmentStep | None:
    rows = {row.code: row for row in plan.rows()}
    if before is None:
        return (
            AmendmentStep(None, rows[code], frozenset({AmendmentKind.ADDED}))
            if code in rows
            else None
        )
    going_on = {row.code: row.code for row in before.rows() if row.code in rows}
    for step in difference(before, plan, going_on):
        if step.row.code == code:
            return step
    return None
