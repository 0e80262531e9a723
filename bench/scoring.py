"""A compiled plan held against the truth: what was read right, and what was read wrong without a
word.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from toankhoa.core.basics import Problem, Severity
from toankhoa.core.plan import Activity, Commitment, CommitmentKind, Objective, Plan, Target

KINDS = ("rows", "targets", "cells", "levels", "boards")
_WHOLE_TABLE = {
    "no-plan-table",
    "column-unknown",
    "no-table",
}  # what they speak of is missing in every row
_NOTHING = Commitment(text="", kind=CommitmentKind.NONE)

Row = Objective | Activity


@dataclass(slots=True)
class Score:
    """Right and all by kind; `wrong` says each miss, `silent` those that no problem speaks of."""

    right: Counter[str] = field(default_factory=Counter)
    all: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)

    def note(self, kind: str, right: bool, said: bool, what: str) -> None:
        """One thing read; `said` where a problem speaks of it."""
        self.all[kind] += 1
        self.right[kind] += right
        if not right:
            self.wrong.append(f"{kind}: {what}")
            if not said:
                self.silent.append(f"{kind}: {what}")

    def add(self, other: Score) -> None:
        """Another document's score."""
        self.right += other.right
        self.all += other.all
        self.wrong += other.wrong
        self.silent += other.silent

    def share(self, kind: str) -> float:
        """Of all of a kind, what was read right; 1 where there was nothing to read."""
        return self.right[kind] / self.all[kind] if self.all[kind] else 1.0


def scored(truth: Plan, found: Plan, problems: Sequence[Problem]) -> Score:
    """Rows are matched by their words; a row that is not in the truth counts as one read wrong."""
    score = Score()
    said = _Said(problems)
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in found.rows():
        rows[row.title].append(row)
    above = {objective.code: objective.title for objective in truth.objectives}
    found_above = {objective.code: objective.title for objective in found.objectives}
    for row in truth.rows():
        match = rows[row.title].pop(0) if rows[row.title] else None
        _score_row(
            score,
            row,
            match,
            said,
            _heading(row, above) == (match and _heading(match, found_above)),
        )
    for row in (row for extra in rows.values() for row in extra):
        score.note(
            "rows", False, said.of(row) or not row.title, f"not in the document: {row.title!r}"
        )
    return score


def _heading(row: Row, titles: dict[str, str]) -> str | None:
    """The words of the heading that a row stands under; of headings only the numbers are held
    against each other.
    """
    return titles.get(row.objective) if isinstance(row, Activity) else row.number


def _score_row(score: Score, row: Row, match: Row | None, said: _Said, placed: bool) -> None:
    known = type(match) is type(row) and match is not None
    spoken = said.of(match) if match else said.missing(row.title)
    number = known and match is not None and match.number == row.number
    score.note(
        "rows",
        known and placed and number,
        spoken,
        f"{row.number!r} {row.title!r} as {_shown(match)}",
    )
    score.note(
        "targets",
        known and _same(row.targets, match.targets if match else ()),
        spoken,
        f"of {row.title!r}",
    )
    if row.boards:
        score.note(
            "boards",
            known and match is not None and row.boards == match.boards,
            spoken,
            f"of {row.title!r}",
        )
    if not isinstance(row, Activity):
        return
    read = match if isinstance(match, Activity) else None
    if row.levels:
        score.note(
            "levels", read is not None and read.levels == row.levels, spoken, f"of {row.title!r}"
        )
    for year, cell in row.commitments.items():
        got = read.commitments.get(year, _NOTHING) if read else None
        score.note(
            "cells",
            got is not None and _same_cell(cell, got),
            spoken,
            f"{year} {cell.text!r} as {got and _told(got)}",
        )


def _shown(match: Row | None) -> str:
    return f"{type(match).__name__} {match.number!r}" if match else "nothing"


def _told(cell: Commitment) -> str:
    targets = [f"{t.comparator}{t.amount}{t.unit} {t.basis} {t.years}" for t in cell.targets]
    return f"{cell.kind} {cell.text!r} {targets}"


def _same_cell(truth: Commitment, found: Commitment) -> bool:
    return (truth.kind, truth.places) == (found.kind, found.places) and _same(
        truth.targets, found.targets
    )


def _same(truth: Iterable[Target], found: Iterable[Target]) -> bool:
    """Equal but for the words they are about, which a person words as he likes."""
    return [replace(target, subject="") for target in truth] == [
        replace(target, subject="") for target in found
    ]


class _Said:
    """Where problems stand, notes included: those who review see them at the row."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.places = {(problem.source.table, problem.source.row) for problem in problems}
        self.table = any(
            problem.code in _WHOLE_TABLE and problem.severity is Severity.ERROR
            for problem in problems
        )
        self.fragments = [problem.fragment for problem in problems if problem.fragment]

    def of(self, row: Row) -> bool:
        """Whether a problem stands at the row, or at its table as a whole."""
        return self.table or (row.source.table, row.source.row) in self.places

    def missing(self, title: str) -> bool:
        """Whether a problem speaks of words that are in no row."""
        return self.table or any(
            title in fragment or fragment in title for fragment in self.fragments
        )


def shares(score: Score) -> Iterator[str]:
    """The shares of a score in percent, cut after one decimal, one for each kind; "–" where a
    document has none.
    """
    for kind in KINDS:
        yield f"{int(1000 * score.share(kind)) / 10}" if score.all[kind] else "–"
