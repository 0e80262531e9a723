"""The plan as an auditor reads it: one small function per rule, each giving the findings it makes.

A new rule is one generator of `Problem`s and its name in RULES.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from toankhoa.core.numbers import format_number
from toankhoa.core.plan import Activity, Basis, CommitmentKind, Comparator, Objective, Plan, Target
from toankhoa.core.problems import Problem, Severity
from toankhoa.core.text import words_of
from toankhoa.core.wording import board_names

Units = Mapping[str, int]  # level → number of its units
_LEVELS = {Basis.PER_BASE: "base", Basis.PER_DISTRICT: "district"}


def check(plan: Plan, *, units: Units | None = None) -> tuple[Problem, ...]:
    """Findings of every rule, in the order of RULES. Without `units` the rules that need their number say nothing."""
    return tuple(problem for rule in RULES for problem in rule(plan, units or {}))


def row_without_year(plan: Plan, _: Units) -> Iterator[Problem]:
    """A row with nothing under any year is never due."""
    for row in plan.activities:
        if all(commitment.kind is CommitmentKind.NONE for commitment in row.commitments.values()):
            yield _finding(
                "row-no-year", row, "không có năm nào được đánh dấu. Hãy đánh “x” hoặc ghi mức của từng năm."
            )


def row_without_level(plan: Plan, _: Units) -> Iterator[Problem]:
    """Nobody is said to carry the row out."""
    for row in plan.activities:
        if not row.levels:
            yield _finding("row-no-level", row, "chưa rõ cấp thực hiện. Hãy ghi cấp thực hiện.")


def row_without_board(plan: Plan, _: Units) -> Iterator[Problem]:
    """Neither the row nor a heading above it names a lead board."""
    for row in plan.activities:
        if not row.boards:
            yield _finding(
                "row-no-board", row, "chưa có ban chủ trì, đề mục ở trên cũng không có. Hãy ghi ban chủ trì."
            )


def row_twice(plan: Plan, _: Units) -> Iterator[Problem]:
    """The same words in two rows: their figures would be counted twice."""
    first: dict[str, Activity] = {}
    for row in plan.activities:
        earlier = first.setdefault(words_of(row.title), row)
        if earlier is not row:
            yield _finding(
                "row-twice", row, f"trùng lời với {earlier.code}. Hãy giữ một dòng, hoặc nói rõ chỗ khác nhau."
            )


def target_outside_years(plan: Plan, _: Units) -> Iterator[Problem]:
    """The row's words name a number, its year cells only marks: no year has a level of its own."""
    for row in plan.activities:
        kinds = {commitment.kind for commitment in row.commitments.values()}
        if row.targets and CommitmentKind.SCHEDULED in kinds and CommitmentKind.TARGET not in kinds:
            yield _finding(
                "target-not-in-years",
                row,
                "có chỉ tiêu trong lời nhưng các năm chỉ đánh dấu. Hãy ghi mức của từng năm.",
            )


def board_under_two_names(plan: Plan, _: Units) -> Iterator[Problem]:
    """One board written in two ways ("Ban Kinh tế" and "Ban KT")."""
    first: dict[str, str] = {}
    told: set[str] = set()
    for row in plan.rows():
        for code, name in board_names(row.boards_text, row.boards):
            earlier = first.setdefault(code, name)
            if words_of(earlier) != words_of(name) and words_of(name) not in told:
                told.add(words_of(name))
                yield _finding("board-two-names", row, f"“{name}” và “{earlier}” là một ban. Hãy dùng một tên.", name)


def total_against_parts(plan: Plan, units: Units) -> Iterator[Problem]:
    """So much per unit, times the units there are, is not the total that the row or its year cells state."""
    for row in plan.activities:
        totals = [*row.targets, *(target for year in row.commitments.values() for target in year.targets)]
        apart = {(part, total.amount) for part in row.targets for total in totals if _contradict(part, total, units)}
        for part, stated in sorted(apart, key=lambda pair: (pair[0].amount, pair[1])):
            count = units[_LEVELS[part.basis]]
            yield _finding(
                "total-not-parts",
                row,
                f"{format_number(part.amount)} mỗi đơn vị × {count} đơn vị = {format_number(part.amount * count)}, "
                f"nhưng kế hoạch ghi {format_number(stated)}. Hãy sửa một trong hai số.",
            )


def _contradict(part: Target, total: Target, units: Units) -> bool:
    """Whether both count the same thing and disagree; "about 4 each" agrees with 45 in 11 units."""
    count = units.get(_LEVELS.get(part.basis, ""), 0)
    if not count or total.basis is not Basis.WHOLE or total.unit not in ("", part.unit):
        return False
    if Comparator.RANGE in (part.comparator, total.comparator):
        return False
    if part.comparator is Comparator.ABOUT:
        return (total.amount / count).quantize(Decimal(1), ROUND_HALF_UP) != part.amount
    return part.amount * count != total.amount


def _finding(code: str, row: Objective | Activity, says: str, fragment: str = "") -> Problem:
    return Problem(code, Severity.WARNING, f"{row.code}: {says}", row.source, fragment or row.title)


RULES: Sequence[Callable[[Plan, Units], Iterator[Problem]]] = (
    row_without_year,
    row_without_level,
    row_without_board,
    row_twice,
    target_outside_years,
    board_under_two_names,
    total_against_parts,
)
