"""`compile` and `check`: a document in, the plan and its problems out."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

from toankhoa import documents
from toankhoa.cli.named_files import read_bytes
from toankhoa.core.basics import Problem, Severity, refuse
from toankhoa.core.compiling import compile_document
from toankhoa.core.compiling.checks import check
from toankhoa.core.measures import Library
from toankhoa.core.organisation import folded
from toankhoa.core.plan import CommitmentKind, Plan, codec
from toankhoa.library import LibraryError, load_library, load_reforms, load_units
from toankhoa.operations.units_of_plan import PlanUnits, units_of_plan

_WORDS = {Severity.ERROR: "LỖI", Severity.WARNING: "CẦN XEM", Severity.NOTE: "GHI CHÚ"}


def run(arguments: argparse.Namespace, *, checks: bool) -> int:
    """Print the plan as JSON or as a summary; 1 where `check` finds an error."""
    path = Path(arguments.file)
    data = read_bytes(path)
    library = _library(arguments.library)
    plan, problems = compile_document(documents.read(path.name, data), library.vocabulary)
    if checks:
        # Another library measures another organisation, whose units nobody knows here.
        units = PlanUnits() if arguments.library else _known_units(plan)
        found = check(
            plan,
            units=units.by_level,
            places=units.names,
            populations=library.vocabulary.counters,
            level_names=library.vocabulary.level_names,
        )
        problems = (*problems, *found)
    if arguments.json:
        print(json.dumps(codec.plan_json(plan, problems), ensure_ascii=False, indent=1))
    else:
        _summary(plan)
        for problem in problems:
            print(_line(problem))
    return int(checks and any(problem.severity is Severity.ERROR for problem in problems))


def _library(named: str | None) -> Library:
    """The one that was named, else the one that comes with the product."""
    if named is None:
        return load_library()
    path = Path(named)
    read_bytes(path)
    try:
        return load_library(path)
    except LibraryError as error:
        raise refuse("library-wrong", f"Không dùng được bộ chỉ số {path}:\n{error}") from error


def _known_units(plan: Plan) -> PlanUnits:
    """The units of the plan's organisation, if it is the one whose units come with the product."""
    unit_versions = load_units()
    trees, _ = folded(unit_versions, load_reforms())
    newest = max(unit_version.start for unit_version in unit_versions)
    return units_of_plan(plan, trees, otherwise=newest)


def _summary(plan: Plan) -> None:
    """Whose plan it is, then how many rows and what its year cells hold."""
    title = plan.title.partition("\n")[0]
    print(f"{plan.organisation} · {plan.number} · {title}")
    count: Counter[CommitmentKind] = Counter()
    for activity in plan.activities:
        for commitment in activity.commitments.values():
            count[commitment.kind] += 1
    rows = f"{len(plan.objectives)} đề mục, {len(plan.activities)} dòng, {count.total()} ô năm"
    kinds = (
        f"{count[CommitmentKind.TARGET]} có chỉ tiêu số",
        f"{count[CommitmentKind.MILESTONE]} mốc",
        f"{count[CommitmentKind.SCHEDULED]} đánh dấu",
        f"{count[CommitmentKind.NONE]} để trống",
    )
    print(f"{rows}: {', '.join(kinds)}")


def _line(problem: Problem) -> str:
    """A problem in one line. A source counts from 0, people and screens from 1."""
    source = problem.source
    counted = zip(("bảng", "dòng", "ô"), (source.table, source.row, source.cell), strict=True)
    steps = [f"{word} {number + 1}" for word, number in counted if number is not None]
    place = ", ".join(steps) or "ngoài bảng"
    fragment = f" — “{problem.fragment}”" if problem.fragment else ""
    return f"[{_WORDS[problem.severity]}] {problem.code} ({place}): {problem.message}{fragment}"
