"""What a library's parts must say about each other: one small function per rule, all problems at
once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from toankhoa.core.basics import Problem, Severity, Source, words_of
from toankhoa.core.measures import Indicator, IndicatorKind, Library

K = TypeVar("K")
V = TypeVar("V")
Rule = Callable[[Library], Iterator[Problem]]


def cross_checks(library: Library) -> tuple[Problem, ...]:
    """Every problem of a library, rule by rule; empty when it can be used."""
    problems: list[Problem] = []
    for rule in RULES:
        problems += rule(library)
    return tuple(problems)


def slots_are_left(library: Library) -> Iterator[Problem]:
    """A file's own slots stay below those that it leaves to additions (`extended` is not held to
    this).
    """
    if library.additions_from and library.width > library.additions_from:
        what = (
            f"các ô từ {library.additions_from} dành cho chỉ số bổ sung, "
            f"nhưng tệp đã dùng đến ô {library.width - 1}"
        )
        mend = "chọn số ô nhỏ hơn hoặc nâng additions_from"
        yield _problem("slots-left", "additions_from", f"{what}; {mend}")


def slots_are_own(library: Library) -> Iterator[Problem]:
    """A slot holds one element, or one part of one ratio, for ever."""
    taken = [(element.slot, f"elements.{code}.slot") for code, element in library.elements.items()]
    for code, ratio in library.indicators.items():
        taken += [(slot, f"indicators.{code}.slots") for slot in ratio.slots or ()]
    for slot, places in _grouped(taken):
        for place in places[1:]:
            yield _problem(
                "slot-twice", place, f"ô {slot} đã dùng cho {places[0]}; chọn số kế tiếp"
            )


def ratios_keep_their_parts(library: Library) -> Iterator[Problem]:
    """A ratio of two elements needs two slots of its own, no other indicator does."""
    for code, indicator in library.indicators.items():
        needed = indicator.denominator is not None and indicator.unit_level is None
        if needed != (indicator.slots is not None):
            mend = "thêm slots: [a, b], hai số ô kế tiếp chưa dùng" if needed else "bỏ slots"
            yield _problem(
                "ratio-slots",
                f"indicators.{code}.slots",
                f"chỉ tỷ lệ của hai số liệu giữ hai ô riêng; {mend}",
            )


def names_are_own(library: Library) -> Iterator[Problem]:
    """Two things with one name cannot be told apart on a screen."""
    for kind, items in (
        ("elements", library.elements),
        ("indicators", library.indicators),
        ("forms", library.forms),
    ):
        for name, codes in _grouped((words_of(item.name), code) for code, item in items.items()):
            for code in codes[1:]:
                yield _problem(
                    "name-twice",
                    f"{kind}.{code}.name",
                    f"trùng tên với {codes[0]} (“{name}”); đặt tên khác",
                )


def elements_refer_to_elements(library: Library) -> Iterator[Problem]:
    """`of` and `derived` name another, typed element."""
    for code, element in library.elements.items():
        if element.of is not None and (element.of not in library.elements or element.of == code):
            yield _problem("unknown-element", f"elements.{code}.of", _unknown(element.of))
        if element.derived is None:
            continue
        source = library.elements.get(element.derived.element)
        if source is None or source.derived is not None:
            where = f"elements.{code}.derived.element"
            yield _problem(
                "unknown-element",
                where,
                _unknown(element.derived.element) + " và phải là số liệu được nhập",
            )


def of_ends(library: Library) -> Iterator[Problem]:
    """Going from a part to its whole comes to an end."""
    for code in library.elements:
        path = [code]
        while (whole := library.elements[path[-1]].of) in library.elements and whole not in path:
            path.append(str(whole))
        if whole == code:
            yield _problem(
                "circle", f"elements.{code}.of", f"đi vòng qua {' → '.join(path)}; bỏ một bước “of”"
            )


def forms_hold_typed_elements(library: Library) -> Iterator[Problem]:
    """A form asks for elements that exist and are typed."""
    for code, form in library.forms.items():
        for element in form.elements:
            if element not in library.elements:
                yield _problem("unknown-element", f"forms.{code}.sections", _unknown(element))
            elif library.elements[element].derived:
                yield _problem(
                    "derived-typed",
                    f"forms.{code}.sections",
                    f"{element} do máy tính; bỏ khỏi biểu",
                )


def one_form_per_level(library: Library) -> Iterator[Problem]:
    """A level owes one form per frequency, and types an element on one form."""
    by_level = [((form.level, form.frequency), code) for code, form in library.forms.items()]
    for (level, frequency), codes in _grouped(by_level):
        for code in codes[1:]:
            yield _problem(
                "form-twice",
                f"forms.{code}",
                f"cấp {level} đã có biểu {frequency} là {codes[0]}; gộp lại",
            )
    typed: list[tuple[tuple[str, str], str]] = []
    for form in library.forms.values():
        typed += [((form.level, element), form.code) for element in form.elements]
    for (_, element), forms in _grouped(typed):
        for code in forms[1:]:
            where = f"forms.{code}.sections"
            yield _problem(
                "element-twice", where, f"{element} đã nhập ở biểu {forms[0]} cùng cấp; để một nơi"
            )


def every_element_is_collected(library: Library) -> Iterator[Problem]:
    """An element that nobody types is a figure that never comes."""
    collected: set[str] = set()
    for form in library.forms.values():
        collected |= set(form.elements)
    for code, element in library.elements.items():
        if element.derived is None and code not in collected:
            yield _problem(
                "not-collected",
                f"elements.{code}",
                "không biểu nào thu số liệu này; thêm vào một biểu",
            )


def levels_are_known(library: Library) -> Iterator[Problem]:
    """Forms and indicators speak of levels that the vocabulary has, and each has a name and a
    word.
    """
    vocabulary = library.vocabulary
    known = ", ".join(vocabulary.levels)
    used = [(f"forms.{code}.level", form.level) for code, form in library.forms.items()]
    for code, item in library.indicators.items():
        used += [(f"indicators.{code}.levels", level) for level in item.levels]
        if item.unit_level is not None:
            used.append((f"indicators.{code}.denominator", item.unit_level))
    for where, level in used:
        if level not in vocabulary.levels:
            yield _problem(
                "unknown-level", where, f"không có cấp “{level}”; dùng một trong {known}"
            )
    for level in vocabulary.levels:
        if level not in vocabulary.level_names:
            yield _problem(
                "level-name",
                f"vocabulary.level_names.{level}",
                "chưa có tên gọi của cấp; hãy thêm vào",
            )


def boards_are_told_apart(library: Library) -> Iterator[Problem]:
    """A word means one board; each board has a name."""
    words: list[tuple[str, str]] = []
    for board, aliases in library.vocabulary.boards.items():
        words += [(words_of(word), board) for word in aliases]
    for word, boards in _grouped(words):
        for board in sorted(set(boards) - {boards[0]}):
            where = f"vocabulary.boards.{board}"
            yield _problem(
                "board-word-twice", where, f"“{word}” đã chỉ {boards[0]}; mỗi cách gọi chỉ một ban"
            )
    for board in library.vocabulary.boards:
        if board not in library.vocabulary.board_names:
            yield _problem(
                "board-name",
                f"vocabulary.board_names.{board}",
                "chưa có tên đầy đủ của ban; hãy thêm vào",
            )


def indicators_divide_what_is_there(library: Library) -> Iterator[Problem]:
    """Numerator and denominator exist and suit the kind."""
    for code, item in library.indicators.items():
        where = f"indicators.{code}"
        if item.numerator not in library.elements:
            yield _problem("unknown-element", f"{where}.numerator", _unknown(item.numerator))
        elif item.kind is IndicatorKind.MILESTONE and not library.elements[item.numerator].yes_no:
            yield _problem(
                "milestone",
                f"{where}.numerator",
                "mốc công việc cần số liệu có/không (yes_no: true)",
            )
        if (item.kind is IndicatorKind.RATIO) != (item.denominator is not None):
            yield _problem(
                "denominator",
                f"{where}.denominator",
                "tỷ lệ phải có mẫu số, các loại khác thì không",
            )
        elif (
            item.denominator
            and item.unit_level is None
            and item.denominator not in library.elements
        ):
            yield _problem("unknown-element", f"{where}.denominator", _unknown(item.denominator))


def both_parts_meet(library: Library) -> Iterator[Problem]:
    """A ratio adds only units that have both parts, so each level that types figures must type
    both.
    """
    for code, item in library.indicators.items():
        for level in item.levels:
            missing = [
                part
                for part in _typed_parts(item, library)
                if library.collected_by(part, level) is None
            ]
            for part in missing:
                where = f"indicators.{code}.levels"
                yield _problem(
                    "part-missing",
                    where,
                    f"cấp {level} không nhập {part}; thêm vào biểu hoặc bỏ cấp này",
                )


def phrases_say_something(library: Library) -> Iterator[Problem]:
    """An empty phrase would match every row of a plan, and a name without words none."""
    for code, item in library.indicators.items():
        if any(not words or not all(words) for words in item.matches):
            yield _problem(
                "empty-phrase", f"indicators.{code}.matches", "có cụm từ trống; điền từ hoặc xóa đi"
            )
        if not words_of(item.name):
            yield _problem(
                "empty-name", f"indicators.{code}.name", "tên chưa có chữ nào; đặt tên cho chỉ số"
            )


RULES: tuple[Rule, ...] = (
    slots_are_own,
    ratios_keep_their_parts,
    names_are_own,
    elements_refer_to_elements,
    of_ends,
    forms_hold_typed_elements,
    one_form_per_level,
    every_element_is_collected,
    levels_are_known,
    boards_are_told_apart,
    indicators_divide_what_is_there,
    both_parts_meet,
    phrases_say_something,
)


def _typed_parts(item: Indicator, library: Library) -> Iterator[str]:
    """Elements a unit types for an indicator: a derived one is looked through, unknown ones are
    told elsewhere.
    """
    for part in (item.numerator, None if item.unit_level else item.denominator):
        element = library.elements.get(part or "")
        if element is not None:
            yield element.derived.element if element.derived else element.code


def _grouped(pairs: Iterable[tuple[K, V]]) -> list[tuple[K, list[V]]]:
    groups: dict[K, list[V]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return list(groups.items())


def _unknown(element: str) -> str:
    return f"không có số liệu “{element}” trong elements; sửa mã hoặc khai báo thêm"


def _problem(code: str, where: str, what: str) -> Problem:
    return Problem(f"library-{code}", Severity.ERROR, f"{where}: {what}.", Source(), where)
