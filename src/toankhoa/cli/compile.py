"""`compile` and `check`: a document in, the plan and its problems out."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

from toankhoa import documents
from toankhoa.cli.files import read_bytes
from toankhoa.core.basics import Problem, Severity, fold, refuse
from toankhoa.core.compiling import compile_document
from toankhoa.core.compiling.checks import check
from toankhoa.core.measures import Library
from toankhoa.core.organisation import folded
from toankhoa.core.plan import CommitmentKind, Plan, codec
from toankhoa.library import LibraryError, load_library, load_reforms, load_units

_WORDS = {Severity.ERROR: "LỖI", Severity.WARNING: "CẦN XEM", Severity.NOTE: "GHI CHÚ"}


def run(arguments: argparse.Namespace, *, checks: bool) -> int:
    """Print the plan as JSON or as a summary; 1 where `check` finds an error."""
    path = Path(arguments.file)
    data = read_bytes(path)
    library = _library(arguments.library)
    plan, problems = compile_document(documents.read(path.name, data), library.vocabulary)
    if checks:
        units, places = ({}, ()) if arguments.library else _known_units(plan)
        found = check(
            plan,
            units=units,
            places=places,
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


def _known_units(plan: Plan) -> tuple[dict[str, int], tuple[str, ...]]:
    """Units by level and their names on the day of the plan; nothing where the plan is another organisation's."""
    unit_versions = load_units()
    trees, _ = folded(unit_versions, load_reforms())
    tree = trees.on(plan.date or max(unit_version.start for unit_version in unit_versions))
    issuer = fold(f"{plan.organisation} {plan.title} {plan.place}")
    for root in (tree.units[code] for code in tree.roots):
        if fold(root.name.removeprefix(f"{root.kind} ")) in issuer:
            units = [tree.units[code] for code in tree.subtree(root.code)]
            return dict(Counter(unit.level for unit in units)), tuple(unit.name for unit in units)
    return {}, ()


def _summary(plan: Plan) -> None:
    cells = [cell for activity in plan.activities for cell in activity.commitments.values()]
    count = {kind: sum(cell.kind is kind for cell in cells) for kind in CommitmentKind}
    print(
        f"{plan.organisation} · {plan.number} · {plan.title.splitlines()[0] if plan.title else ''}"
    )
    print(
        f"{len(plan.objectives)} đề mục, {len(plan.activities)} dòng, {len(cells)} ô năm:", end=" "
    )
    print(
        f"{count[CommitmentKind.TARGET]} có chỉ tiêu số, {count[CommitmentKind.MILESTONE]} mốc,",
        end=" ",
    )
    print(f"{count[CommitmentKind.SCHEDULED]} đánh dấu, {count[CommitmentKind.NONE]} để trống")


def _line(problem: Problem) -> str:
    source = problem.source
    counted = zip(("bảng", "dòng", "ô"), (source.table, source.row, source.cell), strict=True)
    # A source counts from 0, people and screens from 1.
    place = (
        ", ".join(f"{word} {number + 1}" for word, number in counted if number is not None)
        or "ngoài bảng"
    )
    fragment = f" — “{problem.fragment}”" if problem.fragment else ""
    return f"[{_WORDS[problem.severity]}] {problem.code} ({place}): {problem.message}{fragment}"
