"""Stretches of a text, and when what they say holds: "hằng năm", "đến năm 2030", "giai đoạn
2026-2030, mỗi năm".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from toankhoa.core.basics import words_of
from toankhoa.core.compiling.language.quantity import Mark, Quantity
from toankhoa.core.plan import Applies

_YEAR = re.compile(r"(?:19|20)\d\d")
_MOMENTS = {
    "EVERY_YEAR": Applies.EACH_YEAR,
    "THAT_YEAR": Applies.EACH_YEAR,
    "TERM_END": Applies.BY_TERM_END,
    "WHOLE_TERM": Applies.TERM_TOTAL,
}
# Said of the number, not of what is counted.
_HIDDEN = _MOMENTS.keys() | {"LABEL", "IN_YEAR", "DUE", "ASIDE_YEAR", "START"}
_UNTIMED = {"EACH", "EVERY_PART", "START"}  # hidden as well, but no time of the plan
_PER = {"PER", "PER_NOUN"}
_NAMES = re.compile(
    r"\b(?:đề án|chương trình|kế hoạch|dự án|chiến lược|nghị quyết|phong trào)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class When:
    """When what a sentence says holds; `explicit` is False where it does not say."""

    applies: Applies = Applies.EACH_YEAR
    years: tuple[int, ...] = ()
    explicit: bool = True


UNSAID = When(explicit=False)


@dataclass(frozen=True, slots=True)
class TextSpan:
    """A sentence or a clause: a stretch of the text and the marks in it."""

    start: int
    end: int
    marks: tuple[Mark, ...]


def split(piece: TextSpan, ends: Callable[[Mark], bool]) -> Iterator[TextSpan]:
    """The pieces between marks that end one."""
    first, start = 0, piece.start
    for index, mark in enumerate(piece.marks):
        if ends(mark):
            yield TextSpan(start, mark.start, piece.marks[first:index])
            first, start = index + 1, mark.end
    yield TextSpan(start, piece.end, piece.marks[first:])


def is_hidden(mark: Mark, clause: TextSpan, text: str) -> bool:
    """Phrases of time; also "/năm" at a distance, "mỗi quý" of something counted, and a period that
    names nothing.
    """
    if mark.kind in _PER:
        return words_of(mark.text) == "nam"
    if mark.kind == "EVERY_PART":
        return any(isinstance(mark, Quantity) and mark.unit.noun for mark in clause.marks)
    if mark.kind == "PERIOD":
        return mark.text.lower().startswith(("trong", "cả", "suốt")) or _stands_alone(
            mark, clause, text
        )
    return mark.kind in _HIDDEN


def _stands_alone(period: Mark, clause: TextSpan, text: str) -> bool:
    """Whether a period begins or ends its clause, and is not of a name: "Đề án … giai đoạn
    2021-2025".
    """
    if period is clause.marks[0]:
        return True
    numbers = (
        mark.end for mark in clause.marks if isinstance(mark, Quantity) and mark.end <= period.start
    )
    between = text[max(numbers, default=clause.start) : period.start]
    return period is clause.marks[-1] and not _NAMES.search(between)


def moments_in(hidden: Sequence[Mark], start: int, end: int) -> list[Mark]:
    """The phrases of time in a stretch, in its order."""
    timed = (mark for mark in hidden if mark.kind not in _UNTIMED and start <= mark.start < end)
    return sorted(timed, key=lambda mark: mark.start)


def after(when: When, moments: Sequence[Mark]) -> When:
    """The time that holds after these phrases; "mỗi năm" within a period keeps its years."""
    for mark in moments:
        moment = _moment(mark)
        keeps = moment.applies is Applies.EACH_YEAR and not moment.years and len(when.years) > 1
        when = When(Applies.EACH_YEAR, when.years) if keeps else moment
    return when


def _moment(mark: Mark) -> When:
    if mark.kind in _MOMENTS or mark.kind in _PER:
        return When(_MOMENTS.get(mark.kind, Applies.EACH_YEAR))
    years = [int(year) for year in _YEAR.findall(mark.text)]
    if len(years) == 1:
        return When(Applies.IN_YEAR, (years[0],))
    applies = Applies.TERM_TOTAL if mark.kind == "PERIOD" else Applies.EACH_YEAR
    return When(applies, tuple(range(years[0], years[1] + 1)))


def part_of_year(hidden: Sequence[Mark], start: int, end: int) -> str:
    """ "/quý" where a stretch says "mỗi quý", "hằng quý"; else nothing."""
    parts = [mark for mark in hidden if mark.kind == "EVERY_PART" and start <= mark.start < end]
    return f"/{parts[-1].text.split()[-1].lower()}" if parts else ""
