"""Targets in running text: which numbers are to be reached, of what, when and by whom.

The grammar picks the numbers out; here each one is held against the words around it. A sentence
carries its time ("Hàng năm, …"), a clause its "mỗi cơ sở". A percentage and a number under a
comparator are targets. A bare number is one only where a clause begins with it or a verb of
achievement governs it: "thành lập 25 tổ", but not "rèn luyện 4 phẩm chất".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile

from toankhoa.core.basics import Problem, Severity, Source, format_number, tidy
from toankhoa.core.compiling.language.quantity import PLAIN, Language, Mark, Quantity, read_marks
from toankhoa.core.compiling.language.time import (
    UNSAID,
    TextSpan,
    When,
    after,
    is_hidden,
    moments_in,
    part_of_year,
    split,
)
from toankhoa.core.plan import NOWHERE, Applies, Basis, Comparator, Target

_DIGIT = re.compile(r"\d")
# Words for units. Where no level of the library bears such a word, an amount for each of these
# units would be read as one for the whole body: that is said. The syllables after "tổ" make other
# nouns of it.
_UNITS = (
    r"đơn vị|cơ sở|chi nhánh|chi đoàn|chi hội|chi bộ|liên chi|phân hội|hội cơ sở|đoàn cơ sở"
    r"|(?:tỉnh|thành|quận|huyện|thị|phường|xã) (?:đoàn|ủy)|(?:tỉnh|huyện) hội"
    r"|công đoàn cơ sở|đảng bộ|tỉnh|thành phố|quận|huyện|thị xã|thị trấn|đặc khu|phường|xã"
    r"|thôn|ấp|xóm|khu phố|khu dân cư|công ty|xí nghiệp|phân xưởng|phòng giao dịch"
    r"|trạm|trung tâm"
)
_LONGEST_UNIT = 20  # characters
_EACH_UNIT = re.compile(
    rf"m[ỗổ]i ((?:{_UNITS}|tổ(?! chức| hợp tác| liên kết| viên))(?!\w))", re.IGNORECASE
)
_PER_UNIT = re.compile(rf"/ ?((?:{_UNITS})(?!\w))", re.IGNORECASE)
# Words that say nothing of what is counted.
_LIGHT = r"(?:đạt|có|là|chiếm|phải|phấn đấu|được|đã|sẽ|tỷ lệ)"
_ONLY_LIGHT = re.compile(rf"(?:\W|{_LIGHT}(?!\w))*", re.IGNORECASE)
_LIGHT_END = re.compile(rf"(?:(?:^|\s){_LIGHT})+$", re.IGNORECASE)
_ACHIEVES = re.compile(
    r"(?:^|\W)(?:giúp|thêm|được|đạt|thành lập|tổ chức|hỗ trợ|xây dựng|phát triển|kết nạp|giới thiệu"
    r"|hoàn thành|trồng|huy động|vận động|mở|ra mắt|trao|tặng|tạo|đào tạo|tập huấn|bồi dưỡng"
    r"|duy trì|củng cố|đăng ký|giải quyết)"
    r"(?: mới| thêm| được| lại|(?: \w+){1,4} cho)?$",
    re.IGNORECASE,
)
_GROWS = re.compile(
    r"\W*(tăng|giảm) (?:tỷ lệ|tỉ lệ|tổng số|số|mức)\s(?!.*\b(?:đạt|lên|còn|xuống)\b)", re.IGNORECASE
)
_OF_FRACTIONS = re.compile(
    r"(?:^|\s)(?:trên|dưới|ít nhất|tối thiểu|hơn|khoảng|quá|chiếm|đạt|có|bằng)$", re.IGNORECASE
)

_PLACES_IT = re.compile(r"(?:^|\W)(?:tại|ở|trong|trên|cho|với|của)$", re.IGNORECASE)
_ORDINAL = re.compile(
    r"(?:^|\W)(?:thứ|lần|số|khóa|khoá|điều|khoản|điểm|chương|mục|phần|ngày|tháng|quý|năm|đợt"
    r"|chỉ tiêu|nhiệm vụ|nghị quyết|quyết định|chỉ thị|kế hoạch|công văn|thông tư|nghị định)$",
    re.IGNORECASE,
)
_DURATIONS = {"năm", "tháng", "ngày", "giờ", "phút", "tuần"}
_GRADES = {"tuổi", "sao"}  # "từ 15 tuổi", "4 sao trở lên": who or which, not how many
_PER_TIME = ("/quý", "/tháng", "/tuần", "/ngày")
_DISTANT = {"ONWARDS": Comparator.AT_LEAST, "DOWNWARDS": Comparator.AT_MOST}
_WORD_FOLLOWS = re.compile(r"\s+[^\W\d]")
_EDGES = " ,.;:-–+•/\n"


@dataclass(frozen=True, slots=True)
class ProseReading:
    """The targets of a text, in its order, and what a person should look at.

    `timed` says of each target whether the text itself says when it holds.
    """

    targets: tuple[Target, ...]
    timed: tuple[bool, ...]
    problems: tuple[Problem, ...]


def _ends_clause(mark: Mark) -> bool:
    return mark.kind in {"SEMI", "COLON", "OPEN", "CLOSE", "STOP"}


def read_prose(
    text: str, language: Language = PLAIN, source: Source = NOWHERE, *, cell: bool = False
) -> ProseReading:
    """The targets in a text (tidied; lines parted by newlines).

    In a `cell` a number needs no noun to be a target.
    """
    if not _DIGIT.search(text):  # most rows of a plan: nothing to reach, nothing to parse
        return ProseReading((), (), ())
    return _Prose(text, language, source, cell).read()


class _Prose:
    """One text while it is read."""

    def __init__(self, text: str, language: Language, source: Source, cell: bool) -> None:
        self.text, self.language, self.source, self.cell = text, language, source, cell
        self.targets: list[Target] = []
        self.timed: list[bool] = []
        self.problems: list[Problem] = []

    def read(self) -> ProseReading:
        marks, problems = read_marks(self.text, self.language, self.source)
        self.problems += problems
        for sentence in split(TextSpan(0, len(self.text), marks), self._ends_sentence):
            when, before = UNSAID, len(self.targets)
            for clause in split(sentence, _ends_clause):
                when = self._read_clause(clause, when)
            self.targets[before:] = _with_means(
                _with_subjects(self.targets[before:]), self.timed[before:]
            )
            if len(self.targets) == before:
                self.problems += map(self._fraction, filter(self._measures, sentence.marks))
        return ProseReading(tuple(self.targets), tuple(self.timed), tuple(self.problems))

    def _ends_sentence(self, mark: Mark) -> bool:
        """A line, a full stop unless a small letter follows, a semicolon where a capital
        follows.
        """
        following = self.text[mark.end :].lstrip()[:1]
        match mark.kind:
            case "NEWLINE":
                return True
            case "STOP":
                return not following.islower()
            case "SEMI":
                return following.isupper()
        return False

    def _read_clause(self, clause: TextSpan, when: When) -> When:
        """Adds the clause's targets; what time it leaves for the rest of its sentence."""
        hidden = [
            *self._scopes(clause),
            *(mark for mark in clause.marks if is_hidden(mark, clause, self.text)),
        ]
        chosen = self._choose(clause, hidden)
        moments = moments_in(hidden, clause.start, clause.end)
        if not chosen:
            return after(when, moments)
        if len(moments) == 1 and moments[0].start > chosen[-1].start and not when.explicit:
            # "75%, trong đó … 35% vào năm 2030": the only time, at the end, is of all.
            when = after(when, moments)
        for quantity, start, end in _parted(chosen, clause):
            when = after(when, moments_in(hidden, start, end))
            self.timed.append(when.explicit or quantity.unit.each_year)
            self.targets.append(self._target(quantity, start, end, when, hidden))
        return when

    def _scopes(self, clause: TextSpan) -> Iterator[Mark]:
        """Each "mỗi …" with the level after it and the level's code as text; for others an empty
        mark without text.

        Of the top level, as of anyone else, "mỗi …" stays in the subject.
        """
        for mark in clause.marks:
            if mark.kind != "EACH":
                continue
            level, end = self.language.level_at(self.text, mark.end)
            if self.language.counts(level):
                yield Mark("EACH", mark.start, end, level)
            else:
                yield Mark("EACH", mark.start, mark.start, "")

    def _choose(self, clause: TextSpan, hidden: Sequence[Mark]) -> list[Quantity]:
        """The quantities that are targets; others that may be meant as such become notes."""
        chosen: list[Quantity] = []
        for quantity in _completed(clause):
            before = _visible(self.text, clause.start, quantity.start, hidden)
            nested = bool(chosen) and not _connectors(clause, chosen[-1].end, quantity.start)
            if self._is_target(quantity, before, chosen[-1:], nested) or (
                not nested and quantity.unit.noun and _each_has(quantity, before, hidden)
            ):
                chosen.append(_as_change(quantity, before))
            elif _worth_a_note(quantity, before, nested):
                self.problems.append(_not_a_target(quantity.text, self.source))
        return chosen

    def _measures(self, mark: Mark) -> bool:
        """Whether a fraction is said where a level would be: "chiếm 1/3 tổng số"."""
        before, following = tidy(self.text[: mark.start].rpartition("\n")[2]), self.text[mark.end :]
        return mark.kind == "FRACTION" and bool(
            _OF_FRACTIONS.search(before) and _WORD_FOLLOWS.match(following)
        )

    def _fraction(self, mark: Mark) -> Problem:
        return _not_a_target(mark.text, self.source)

    def _is_target(
        self, quantity: Quantity, before: str, last: Sequence[Quantity], nested: bool
    ) -> bool:
        """Whether a number is one to be reached, by its comparator or unit, else by the words
        `before` it.
        """
        if quantity.unit.name in _GRADES:
            return False
        if nested and _is_per_so_many(quantity):
            return False
        if quantity.unit.rate:
            return _is_rate_to_reach(quantity, before)
        if quantity.explicit:
            return True
        if nested or not self._may_be_bare(quantity):
            return False
        return _is_timely(quantity) or _is_listed(before, last) or _is_governed(before)

    def _may_be_bare(self, quantity: Quantity) -> bool:
        """Whether it may be a target without a comparator: no mere start, no duration, a number of
        something.

        In a cell it need not say of what.
        """
        if not quantity.decided or quantity.unit.name in _DURATIONS:
            return False
        return bool(quantity.unit.name) or self.cell

    def _target(
        self, quantity: Quantity, start: int, end: int, when: When, hidden: Sequence[Mark]
    ) -> Target:
        scope = _scope_of(quantity, hidden, end)
        basis, level = self._basis(quantity, scope)
        if basis is Basis.WHOLE:
            self._note_unknown_unit(quantity, scope)
        part = "" if quantity.unit.rate else part_of_year(hidden, start, end)
        every_year = quantity.unit.each_year and not when.years
        return Target(
            comparator=quantity.comparator,
            amount=quantity.amount,
            upper=quantity.upper,
            unit=quantity.unit.name + part,
            basis=basis,
            level=level,
            subject=self._subject(quantity, start, end, hidden),
            applies=Applies.EACH_YEAR if every_year else when.applies,
            years=when.years,
        )

    def _basis(self, quantity: Quantity, scope: Sequence[Mark]) -> tuple[Basis, str | None]:
        """What the amount is an amount of, and of each of whose units: "/huyện", "mỗi huyện"."""
        if quantity.comparator is Comparator.CHANGE:
            return Basis.CHANGE, None
        if quantity.unit.rate:
            return Basis.RATE, None
        level = quantity.unit.level or (scope[0].text if scope else "")
        return (Basis.PER_UNIT, level) if level else (Basis.WHOLE, None)

    def _note_unknown_unit(self, quantity: Quantity, scope: Sequence[Mark]) -> None:
        """A problem where a whole is meant for each of some units: no level below the top bears
        their name.
        """
        named = _PER_UNIT.search(self.text, quantity.start, quantity.end + _LONGEST_UNIT)
        if named and named.start() < quantity.end:
            place = named.start(1)
        elif scope:
            named = _EACH_UNIT.match(self.text, scope[0].start)
            place = scope[0].start + len("mỗi ")
        else:
            return
        level, end = self.language.level_at(self.text, place)
        if level:
            self.problems.append(self._unit_of_the_top(quantity, self.text[place:end]))
        elif named:
            self.problems.append(self._unknown_unit(quantity, named[0], named[1]))

    def _unit_of_the_top(self, quantity: Quantity, unit: str) -> Problem:
        amount = format_number(quantity.amount)
        message = (
            f"“{unit.strip()}” là cấp đứng đầu trong thư viện, nên {amount} được hiểu là của "
            "toàn đơn vị. Nếu không phải vậy, hãy xếp các cấp trong thư viện từ trên xuống."
        )
        return Problem("unit-of-top-level", Severity.NOTE, message, self.source, unit.strip())

    def _unknown_unit(self, quantity: Quantity, fragment: str, unit: str) -> Problem:
        amount = format_number(quantity.amount)
        levels = dict.fromkeys(self.language.levels.values())
        names = [self.language.name_of(level) for level in levels if self.language.counts(level)]
        mend = f"Hãy ghi “mỗi {'” hoặc “mỗi '.join(names)}”" if names else "Hãy ghi tên một cấp"
        message = (
            f"“{fragment}”: thư viện không có cấp nào gọi là “{unit}”, nên {amount} được hiểu là "
            f"của toàn đơn vị. {mend}, hoặc thêm cách gọi “{unit}” cho một cấp trong thư viện."
        )
        return Problem("unit-of-no-level", Severity.WARNING, message, self.source, fragment)

    def _subject(self, quantity: Quantity, start: int, end: int, hidden: Sequence[Mark]) -> str:
        """The clause without its number; the counted noun is said again only where a verb before it
        needs it.
        """
        for mark in hidden:  # words before "mỗi …" belong to the row, not to this target
            if mark.kind == "EACH" and start <= mark.start < quantity.start:
                start = mark.end
        ratio = max(
            self.text.lower().rfind(word, start, quantity.start) for word in ("tỷ lệ", "tỉ lệ")
        )
        lead = _visible(self.text, max(start, ratio), quantity.start, hidden).strip(_EDGES)
        lead = _LIGHT_END.sub("", lead).strip(_EDGES)
        after = _visible(self.text, quantity.end, end, hidden).rstrip(_EDGES)
        if lead and quantity.unit.noun:
            gap = "" if after.startswith(",") else " "
            return tidy(f"{lead} {quantity.unit.noun}{gap}{after}")
        rest = after.strip(_EDGES)
        aside = re.fullmatch(r"\(([^()]*)\)", rest)
        return tidy(f"{lead} {aside.group(1) if aside else rest}")


def _is_rate_to_reach(quantity: Quantity, before: str) -> bool:
    """Not where it says among whom something is done: "tại 5% cơ sở", "từ 5%" alone."""
    among = quantity.comparator is Comparator.EXACTLY and _PLACES_IT.search(before)
    return quantity.decided and not among


def _is_timely(quantity: Quantity) -> bool:
    """So many a year, a quarter, a month."""
    return quantity.unit.each_year or quantity.unit.name.endswith(_PER_TIME)


def _is_listed(before: str, last: Sequence[Quantity]) -> bool:
    """One more of a list: "25 tổ, 3 lớp"."""
    return bool(last) and not last[0].unit.rate and before.endswith((",", " và"))


def _is_governed(before: str) -> bool:
    """A clause begins with it, or a verb of achievement stands before it: "thành lập 25 tổ"."""
    return bool(_ONLY_LIGHT.fullmatch(before) or _ACHIEVES.search(before))


def _scope_of(quantity: Quantity, hidden: Sequence[Mark], end: int) -> Sequence[Mark]:
    """The "mỗi …" that a number is meant for: the last one before it, else the first one behind
    it.
    """
    scopes = [mark for mark in hidden if mark.kind == "EACH" and mark.end <= end]
    before = [mark for mark in scopes if mark.end <= quantity.start]
    behind = [mark for mark in scopes if mark.start >= quantity.end]
    return before[-1:] or behind[:1]


def _visible(text: str, start: int, end: int, hidden: Sequence[Mark]) -> str:
    """A stretch of the text without what is hidden there (phrases of time, "mỗi cơ sở")."""
    for mark in sorted(hidden, key=lambda mark: mark.start, reverse=True):
        if start <= mark.start and mark.end <= end:
            text = text[: mark.start] + " " * (mark.end - mark.start) + text[mark.end :]
    return tidy(text[start:end])


def _connectors(clause: TextSpan, start: int, end: int) -> list[Mark]:
    return [
        mark
        for mark in clause.marks
        if mark.kind in {"COMMA", "AND"} and start <= mark.start and mark.end <= end
    ]


def _parted(chosen: Sequence[Quantity], clause: TextSpan) -> Iterator[tuple[Quantity, int, int]]:
    """Each target's quantity with the stretch of the clause that is about it."""
    starts, ends = [clause.start], []
    for last, following in pairwise(chosen):
        cut = _cut(_connectors(clause, last.end, following.start), clause, following)
        ends.append(cut.start if cut else following.start)
        starts.append(cut.end if cut else last.end)
    yield from zip(chosen, starts, [*ends, clause.end], strict=False)


def _cut(connectors: Sequence[Mark], clause: TextSpan, after: Quantity) -> Mark | None:
    """Where one target ends and the next one begins: at a connector just before the number, else at
    the last comma.
    """
    if not connectors:
        return None
    last = connectors[-1]
    words = [mark for mark in clause.marks if last.end <= mark.start < after.start]
    if all(_ONLY_LIGHT.fullmatch(mark.text) for mark in words):
        return last
    return next((mark for mark in reversed(connectors) if mark.kind == "COMMA"), last)


def _with_subjects(targets: Sequence[Target]) -> list[Target]:
    """A number that only repeats the one before ("ít nhất 45 hộ … (bình quân 4 hộ/huyện)") speaks
    of the same thing.
    """
    named: list[Target] = []
    for target in targets:
        if named and not target.subject and target.unit == named[-1].unit:
            target = replace(target, subject=named[-1].subject)
        named.append(target)
    return named


def _with_means(targets: Sequence[Target], timed: Sequence[bool]) -> Iterator[Target]:
    """So many, "bình quân mỗi năm" so many of the same: the first are those of the whole term."""
    for place, target in enumerate(targets):
        mean = targets[place + 1] if place + 1 < len(targets) else target
        of_term = (
            mean.comparator is Comparator.ABOUT
            and timed[place + 1 : place + 2] == [True]
            and not timed[place]
        )
        same = mean.unit == target.unit and mean.amount < target.amount
        yield replace(target, applies=Applies.TERM_TOTAL) if of_term and same else target


def _completed(clause: TextSpan) -> Iterator[Quantity]:
    """The quantities of a clause; "trở lên" at a distance belongs to the last "từ …": "từ 80 đảng
    viên mới trở lên".
    """
    for place, mark in enumerate(clause.marks):
        if not isinstance(mark, Quantity):
            continue
        until_next = takewhile(
            lambda later: not isinstance(later, Quantity), clause.marks[place + 1 :]
        )
        signs = {later.kind for later in until_next} & _DISTANT.keys()
        if not mark.decided and len(signs) == 1:
            mark = replace(mark, comparator=_DISTANT[signs.pop()], explicit=True, decided=True)
        yield mark


def _as_change(quantity: Quantity, before: str) -> Quantity:
    """ "Giảm tỷ lệ hộ nghèo bình quân 1,5%/năm": by so much, though the verb stands far from the
    number.
    """
    bare = not quantity.explicit or quantity.comparator is Comparator.ABOUT
    verb = _GROWS.match(before) if bare and quantity.upper is None else None
    if not verb or not (
        quantity.unit.each_year or (quantity.unit.rate and verb.group(1).lower() == "giảm")
    ):
        return quantity
    falls = verb.group(1).lower() == "giảm"
    amount = -quantity.amount if falls else quantity.amount
    return replace(quantity, comparator=Comparator.CHANGE, amount=amount)


def _is_per_so_many(quantity: Quantity) -> bool:
    """ "12 thuê bao trên 100 dân": of how many, not more than how many."""
    return quantity.comparator is Comparator.ABOVE and bool(
        re.fullmatch(r"1(?:00)+0?", str(quantity.amount))
    )


def _each_has(quantity: Quantity, before: str, hidden: Sequence[Mark]) -> bool:
    """ "mỗi cơ sở có 2 mô hình": what each unit is to have."""
    return before.endswith(" có") and any(
        mark.kind == "EACH" and mark.text and mark.end < quantity.start for mark in hidden
    )


def _worth_a_note(quantity: Quantity, before: str, nested: bool) -> bool:
    if nested:  # within another target's words only money is likely to be one of its own
        return bool(quantity.unit.name) and not quantity.unit.noun
    return quantity.unit.name not in ("", *_GRADES, *_DURATIONS) and not _ORDINAL.search(before)


def _not_a_target(text: str, source: Source) -> Problem:
    message = (
        f"Số trong “{text}” không được hiểu là chỉ tiêu. "
        "Nếu đây là mức phải đạt, hãy ghi “ít nhất”, “trên” hoặc “đạt” ngay trước số."
    )
    return Problem("number-not-target", Severity.NOTE, message, source, text)
