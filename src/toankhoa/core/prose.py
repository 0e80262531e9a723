"""Targets in running text: which numbers are to be reached, of what, when and by whom.

The grammar picks the numbers out; here each one is held against the words around it. A sentence carries its time
("Hàng năm, …"), a clause its "mỗi cơ sở". A percentage and a number under a comparator are targets. A bare number is
one only where a clause begins with it or a verb of achievement governs it: "thành lập 25 tổ", but not "rèn luyện 4
phẩm chất".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from toankhoa.core.plan import NOWHERE, Applies, Basis, Comparator, Target
from toankhoa.core.problems import Problem, Severity, Source
from toankhoa.core.quantity import PLAIN, Language, Mark, Quantity, read_marks
from toankhoa.core.text import tidy, words_of

_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"(?:19|20)\d\d")
_MOMENTS = {
    "EVERY_YEAR": Applies.EACH_YEAR,
    "THAT_YEAR": Applies.EACH_YEAR,
    "TERM_END": Applies.BY_TERM_END,
    "WHOLE_TERM": Applies.TERM_TOTAL,
}
_DATED = {"LABEL", "IN_YEAR", "ASIDE_YEAR"}
_HIDDEN = _MOMENTS.keys() | _DATED | {"START"}  # said of the number, not of what is counted
_BASES = {"base": Basis.PER_BASE, "district": Basis.PER_DISTRICT}
_LIGHT = r"(?:đạt|có|là|chiếm|phải|phấn đấu|được|đã|sẽ|tỷ lệ)"  # words that say nothing of what is counted
_ONLY_LIGHT = re.compile(rf"(?:\W|{_LIGHT}(?!\w))*", re.IGNORECASE)
_LIGHT_END = re.compile(rf"(?:(?:^|\s){_LIGHT})+$", re.IGNORECASE)
_ACHIEVES = re.compile(
    r"(?:^|\W)(?:giúp|thêm|được|đạt|thành lập|tổ chức|hỗ trợ|xây dựng|phát triển|kết nạp|giới thiệu|hoàn thành|trồng"
    r"|huy động|vận động|mở|ra mắt|trao|tặng|tạo|đào tạo|tập huấn|bồi dưỡng|duy trì|củng cố|đăng ký|giải quyết)$",
    re.IGNORECASE,
)
_PLACES_IT = re.compile(r"(?:^|\W)(?:tại|ở|trong|trên|cho|với|của)$", re.IGNORECASE)
_ORDINAL = re.compile(
    r"(?:^|\W)(?:thứ|lần|số|khóa|khoá|điều|khoản|điểm|chương|mục|phần|ngày|tháng|quý|năm|đợt|chỉ tiêu|nhiệm vụ"
    r"|nghị quyết|quyết định|chỉ thị|kế hoạch|công văn|thông tư|nghị định)$",
    re.IGNORECASE,
)
_PER = {"PER", "PER_NOUN"}
_DURATIONS = {"năm", "tháng", "ngày", "giờ", "phút", "tuổi", "tuần"}
_EDGES = " ,.;:-–+•/\n"


@dataclass(frozen=True, slots=True)
class When:
    """When what a sentence says holds; `said` is False where it does not say."""

    applies: Applies = Applies.EACH_YEAR
    years: tuple[int, ...] = ()
    said: bool = True


_UNSAID = When(said=False)


@dataclass(frozen=True, slots=True)
class Reading:
    """The targets of a text, in its order, and what a person should look at.

    `timed` says of each target whether the text itself says when it holds.
    """

    targets: tuple[Target, ...]
    timed: tuple[bool, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence or a clause: a stretch of the text and the marks in it."""

    start: int
    end: int
    marks: tuple[Mark, ...]


def _split(piece: _Piece, ends: Callable[[Mark], bool]) -> Iterator[_Piece]:
    first, start = 0, piece.start
    for index, mark in enumerate(piece.marks):
        if ends(mark):
            yield _Piece(start, mark.start, piece.marks[first:index])
            first, start = index + 1, mark.end
    yield _Piece(start, piece.end, piece.marks[first:])


def _ends_clause(mark: Mark) -> bool:
    return mark.kind in {"SEMI", "COLON", "OPEN", "CLOSE", "STOP"}


def read_prose(text: str, language: Language = PLAIN, source: Source = NOWHERE, *, cell: bool = False) -> Reading:
    """The targets in a text (tidied; lines parted by newlines). In a `cell` a number needs no noun to be a target."""
    if not _DIGIT.search(text):  # most rows of a plan: nothing to reach, nothing to parse
        return Reading((), (), ())
    return _Prose(text, language, source, cell).read()


class _Prose:
    """One text while it is read."""

    def __init__(self, text: str, language: Language, source: Source, cell: bool) -> None:
        self.text, self.language, self.source, self.cell = text, language, source, cell
        self.targets: list[Target] = []
        self.timed: list[bool] = []
        self.problems: list[Problem] = []

    def read(self) -> Reading:
        marks, problems = read_marks(self.text, self.language, self.source)
        self.problems += problems
        for sentence in _split(_Piece(0, len(self.text), marks), self._ends_sentence):
            when, said = _UNSAID, len(self.targets)
            for clause in _split(sentence, _ends_clause):
                when = self._read_clause(clause, when)
            self.targets[said:] = _with_subjects(self.targets[said:])
        return Reading(tuple(self.targets), tuple(self.timed), tuple(self.problems))

    def _ends_sentence(self, mark: Mark) -> bool:
        """A line, a full stop unless a small letter follows, a semicolon where a capital follows."""
        following = self.text[mark.end :].lstrip()[:1]
        match mark.kind:
            case "NEWLINE":
                return True
            case "STOP":
                return not following.islower()
            case "SEMI":
                return following.isupper()
        return False

    def _read_clause(self, clause: _Piece, when: When) -> When:
        """Adds the clause's targets; what time it leaves for the rest of its sentence."""
        hidden = [*self._scopes(clause), *(mark for mark in clause.marks if _is_hidden(mark, clause))]
        chosen = self._choose(clause, hidden)
        for quantity, start, end in _parted(chosen, clause):
            when = _last_moment(hidden, start, end) or when
            self.timed.append(when.said or quantity.unit.each_year)
            self.targets.append(self._target(quantity, start, end, when, hidden))
        return when if chosen else _last_moment(hidden, clause.start, clause.end) or when

    def _scopes(self, clause: _Piece) -> Iterator[Mark]:
        """Each "mỗi …" with the level after it and the level's code as text; for others an empty mark without text."""
        for mark in clause.marks:
            if mark.kind == "EACH":
                level, end = self.language.level_at(self.text, mark.end)
                yield Mark("EACH", mark.start, end if level else mark.start, level)

    def _choose(self, clause: _Piece, hidden: Sequence[Mark]) -> list[Quantity]:
        """The quantities that are targets; others that may be meant as such become notes."""
        chosen: list[Quantity] = []
        for quantity in (mark for mark in clause.marks if isinstance(mark, Quantity)):
            before = _visible(self.text, clause.start, quantity.start, hidden)
            nested = bool(chosen) and not _connectors(clause, chosen[-1].end, quantity.start)
            if self._is_target(quantity, before, chosen[-1:], nested) or (
                not nested and quantity.unit.noun and _each_has(quantity, before, hidden)
            ):
                chosen.append(quantity)
            elif not nested and _worth_a_note(quantity, before):
                self.problems.append(_not_a_target(quantity, self.source))
        return chosen

    def _is_target(self, quantity: Quantity, before: str, last: Sequence[Quantity], nested: bool) -> bool:
        if quantity.unit.rate:
            return quantity.decided and (quantity.comparator is not Comparator.EXACTLY or not _PLACES_IT.search(before))
        if quantity.explicit:
            return True
        if nested or not quantity.decided or quantity.unit.name in _DURATIONS or not (quantity.unit.name or self.cell):
            return False
        listed = bool(last) and not last[0].unit.rate and before.endswith((",", " và"))
        return not before.strip(_EDGES) or listed or bool(_ACHIEVES.search(before))

    def _target(self, quantity: Quantity, start: int, end: int, when: When, hidden: Sequence[Mark]) -> Target:
        scopes = [mark for mark in hidden if mark.kind == "EACH" and mark.end <= end]
        before = [mark for mark in scopes if mark.end <= quantity.start]
        after = [mark for mark in scopes if mark.start >= quantity.end]
        return Target(
            comparator=quantity.comparator,
            amount=quantity.amount,
            upper=quantity.upper,
            unit=quantity.unit.name,
            basis=self._basis(quantity, before[-1:] or after[:1]),
            subject=self._subject(quantity, start, end, hidden),
            applies=Applies.EACH_YEAR if quantity.unit.each_year and not when.years else when.applies,
            years=when.years,
        )

    def _basis(self, quantity: Quantity, scope: Sequence[Mark]) -> Basis:
        if quantity.comparator is Comparator.CHANGE:
            return Basis.CHANGE
        if quantity.unit.rate:
            return Basis.RATE
        level = quantity.unit.level or (scope[0].text if scope else "")
        return _BASES.get(level, Basis.WHOLE)

    def _subject(self, quantity: Quantity, start: int, end: int, hidden: Sequence[Mark]) -> str:
        """The clause without its number; the counted noun is said again only where a verb before it needs it."""
        for mark in hidden:  # words before "mỗi …" belong to the row, not to this target
            if mark.kind == "EACH" and start <= mark.start < quantity.start:
                start = mark.end
        ratio = max(self.text.lower().rfind(word, start, quantity.start) for word in ("tỷ lệ", "tỉ lệ"))
        lead = _visible(self.text, max(start, ratio), quantity.start, hidden).strip(_EDGES)
        lead = _LIGHT_END.sub("", lead).strip(_EDGES)
        after = _visible(self.text, quantity.end, end, hidden).rstrip(_EDGES)
        if lead and quantity.unit.noun:
            return tidy(f"{lead} {quantity.unit.noun}{after if after.startswith(',') else ' ' + after}")
        aside = re.fullmatch(r"\(([^()]*)\)", after.strip(_EDGES))
        return tidy(f"{lead} {aside.group(1) if aside else after.strip(_EDGES)}")


def _visible(text: str, start: int, end: int, hidden: Sequence[Mark]) -> str:
    """A stretch of the text without what is hidden there (phrases of time, "mỗi cơ sở")."""
    for mark in sorted(hidden, key=lambda mark: mark.start, reverse=True):
        if start <= mark.start and mark.end <= end:
            text = text[: mark.start] + " " * (mark.end - mark.start) + text[mark.end :]
    return tidy(text[start:end])


def _connectors(clause: _Piece, start: int, end: int) -> list[Mark]:
    return [mark for mark in clause.marks if mark.kind in {"COMMA", "AND"} and start <= mark.start and mark.end <= end]


def _parted(chosen: Sequence[Quantity], clause: _Piece) -> Iterator[tuple[Quantity, int, int]]:
    """Each target's quantity with the stretch of the clause that is about it."""
    starts, ends = [clause.start], []
    for before, after in pairwise(chosen):
        cut = _cut(_connectors(clause, before.end, after.start), clause, after)
        ends.append(cut.start if cut else after.start)
        starts.append(cut.end if cut else before.end)
    yield from zip(chosen, starts, [*ends, clause.end], strict=False)


def _cut(connectors: Sequence[Mark], clause: _Piece, after: Quantity) -> Mark | None:
    """Where one target ends and the next one begins: at a connector just before the number, else at the last comma."""
    if not connectors:
        return None
    last = connectors[-1]
    words = [mark for mark in clause.marks if last.end <= mark.start < after.start]
    if all(_ONLY_LIGHT.fullmatch(mark.text) for mark in words):
        return last
    return next((mark for mark in reversed(connectors) if mark.kind == "COMMA"), last)


def _last_moment(hidden: Sequence[Mark], start: int, end: int) -> When | None:
    for mark in sorted(hidden, key=lambda mark: mark.start, reverse=True):
        if mark.kind not in {"EACH", "START"} and start <= mark.start < end:
            return _moment(mark)
    return None


def _moment(mark: Mark) -> When:
    if mark.kind in _MOMENTS or mark.kind in _PER:
        return When(_MOMENTS.get(mark.kind, Applies.EACH_YEAR))
    years = [int(year) for year in _YEAR.findall(mark.text)]
    if len(years) == 1:
        return When(Applies.IN_YEAR, (years[0],))
    applies = Applies.TERM_TOTAL if mark.kind == "PERIOD" else Applies.EACH_YEAR
    return When(applies, tuple(range(years[0], years[1] + 1)))


def _is_hidden(mark: Mark, clause: _Piece) -> bool:
    """Phrases of time: "/năm" at a distance, and a period that the clause begins with or that "trong" leads."""
    if mark.kind in _PER:
        return words_of(mark.text) == "nam"
    if mark.kind == "PERIOD":
        return mark is clause.marks[0] or mark.text.lower().startswith(("trong", "cả", "suốt"))
    return mark.kind in _HIDDEN


def _with_subjects(targets: Sequence[Target]) -> list[Target]:
    """A number that only repeats the one before ("ít nhất 45 hộ … (bình quân 4 hộ/huyện)") speaks of the same thing."""
    told: list[Target] = []
    for target in targets:
        same = told and not target.subject and target.unit == told[-1].unit
        told.append(replace(target, subject=told[-1].subject) if same else target)
    return told


def _each_has(quantity: Quantity, before: str, hidden: Sequence[Mark]) -> bool:
    """ "mỗi cơ sở có 2 mô hình": what each unit is to have."""
    return before.endswith(" có") and any(
        mark.kind == "EACH" and mark.text and mark.end < quantity.start for mark in hidden
    )


def _worth_a_note(quantity: Quantity, before: str) -> bool:
    return bool(quantity.unit.name) and quantity.unit.name not in _DURATIONS and not _ORDINAL.search(before)


def _not_a_target(quantity: Quantity, source: Source) -> Problem:
    message = (
        f"Số trong “{quantity.text}” không được hiểu là chỉ tiêu. "
        "Nếu đây là mức phải đạt, hãy ghi “ít nhất”, “trên” hoặc “đạt” ngay trước số."
    )
    return Problem("number-not-target", Severity.NOTE, message, source, quantity.text)
