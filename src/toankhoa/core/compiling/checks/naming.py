"""Who and where.

Boards under two names, levels that the words and the cell say differently, places that are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from toankhoa.core.basics import fold, words_of
from toankhoa.core.compiling import board_names, leading_and_supporting
from toankhoa.core.compiling.checks.finding import Facts, Remark
from toankhoa.core.plan import Activity, Objective, Plan

_EVERY_LEVEL = re.compile(
    r"^[\W\d]*(?:h[àằ]ng năm,? |trong nhiệm kỳ,? |mỗi năm,? )?các cấp(?!\w)", re.IGNORECASE
)


def board_under_two_names(plan: Plan, _: Facts) -> Iterator[Remark]:
    """One board written in two ways ("Ban Kinh tế" and "Ban KT")."""
    first: dict[str, str] = {}
    reported: set[str] = set()
    for row in plan.rows():
        for code, name in _named_boards(row):
            earlier = first.setdefault(code, name)
            if words_of(earlier) != words_of(name) and words_of(name) not in reported:
                reported.add(words_of(name))
                yield Remark(row, f"“{name}” và “{earlier}” là một ban. Hãy dùng một tên.", name)


def _named_boards(row: Objective | Activity) -> Iterator[tuple[str, str]]:
    lead, support = leading_and_supporting(row.boards_text)
    yield from board_names(lead, row.boards)
    if isinstance(row, Activity):
        yield from board_names(support or row.details.get("support", ""), row.supporting)


def board_leads_and_supports(plan: Plan, _: Facts) -> Iterator[Remark]:
    """A board that leads a row and is named among those that support it."""
    for row in plan.activities:
        names: dict[str, str] = {}
        for code, name in _named_boards(row):
            names.setdefault(code, name)
        for code in row.supporting:
            if code in row.boards:
                name = names.get(code, code)
                yield Remark(row, f"“{name}” vừa chủ trì vừa phối hợp. Hãy ghi ở một nơi.", name)


def levels_apart(plan: Plan, facts: Facts) -> Iterator[Remark]:
    """The row's words ask every level, or each unit of a level, that its cell does not name."""
    known: set[str] = set()
    for row in plan.activities:
        known.update(row.levels)
    for row in plan.activities:
        asked = (
            "các cấp"
            if _EVERY_LEVEL.match(row.title) and known - set(row.levels)
            else _asked_unit(row, facts)
        )
        if asked and row.levels:
            yield Remark(
                row,
                f"lời nói “{asked}” nhưng cấp thực hiện ghi “{row.levels_text}”. Hãy sửa cho khớp.",
                row.levels_text,
            )


def _asked_unit(row: Activity, facts: Facts) -> str:
    """`mỗi huyện`: the units that an amount of the row is meant for each of, where its cell names
    them not.
    """
    for target in row.targets:
        if target.level is not None and target.level not in row.levels:
            return f"mỗi {facts.level_names.get(target.level, target.level).lower()}"
    return ""


def place_unknown(plan: Plan, facts: Facts) -> Iterator[Remark]:
    """A place in a year cell that is the name of no unit."""
    if not facts.places:
        return
    names = [f" {fold(name)}" for name in facts.places]
    for row in plan.activities:
        for cell in row.commitments.values():
            for place in cell.places:
                if not _ends_a_name(place, names):
                    says = (
                        f"“{place}” không là tên đơn vị nào. "
                        "Hãy sửa tên, hoặc thêm đơn vị vào danh sách."
                    )
                    yield Remark(row, says, place, cell.source)


def _ends_a_name(place: str, names: Sequence[str]) -> bool:
    """Whether a place is the last words of a name: "Tân Phú" of "Hội huyện Tân Phú"."""
    ending = f" {fold(place)}"
    return any(name.endswith(ending) for name in names)
