"""What an installation adds to its library on screen: an indicator drawn up from what a person
asked for.

Slots are append-only: one that any addition ever had, a withdrawn one too, is never given again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from toankhoa.core.basics import Frequency, Period, refuse, tidy, words_of
from toankhoa.core.measures import (
    UNITS,
    Form,
    IndicatorKind,
    Library,
    Path,
    Section,
    TermRule,
    TimeRule,
)
from toankhoa.library.checks import cross_checks
from toankhoa.library.schema import Addition, element_record, indicator_record

NOT_YET = date.max  # no period begins so late
SECTION = "Bổ sung"
PERIODS = {
    Frequency.MONTH: "tháng",
    Frequency.QUARTER: "quý",
    Frequency.HALF: "6 tháng",
    Frequency.YEAR: "năm",
}
_UNLIKE = {  # what each kind needs of its parts, else the mend
    IndicatorKind.RATIO: "Tỷ lệ cần mẫu số. Hãy chọn mẫu số.",
    IndicatorKind.COUNT: "Số đếm không có mẫu số. Hãy bỏ mẫu số, hoặc chọn cách đo là tỷ lệ.",
    IndicatorKind.MILESTONE: "Việc xong hay chưa không có mẫu số. Hãy bỏ mẫu số.",
}


@dataclass(frozen=True, kw_only=True)
class AdditionPart:
    """A numerator or denominator: an element of the library by its `code` (or `units:<level>`), or
    a new one.
    """

    code: str = ""
    name: str = ""
    unit: str = ""
    time: TimeRule = TimeRule.FLOW


@dataclass(frozen=True, kw_only=True)
class Wish:
    """An indicator as a person asks for it.

    `starts_now`: the running period asks for it, else the next one does.

    `path`, `term`: None where what follows from its kind is right (`Library.path`, `Library.term`).
    """

    name: str
    kind: IndicatorKind
    numerator: AdditionPart
    denominator: AdditionPart | None = None
    level: str
    frequency: Frequency
    starts_now: bool = False
    more_is_better: bool = True
    path: Path | None = None
    term: TermRule | None = None
    unit: str = ""
    question: str = ""
    answer: str = ""
    others: tuple[str, ...] = ()


def read_addition(content: Mapping[str, Any]) -> Addition:
    """An addition as it is kept; pydantic's ValidationError where it is none."""
    since = content["since"]
    return Addition.model_validate(
        {**content, "since": date.fromisoformat(since) if since else None}
    )


def draw_up(wish: Wish, number: int, library: Library, taken: Collection[int]) -> Addition:
    """The addition that a wish comes to.

    `number`: how many were made before; `taken`: slots that any ever had.

    Refused, with the mend, where it cannot be measured so.
    """
    name = tidy(wish.name)
    _check(wish, name, library)
    free = _free_slots(library, taken)
    elements: dict[str, dict[str, Any]] = {}
    codes: list[str] = []
    for place, part in enumerate(_parts_of(wish), start=1):
        code = part.code or f"bs{number + 1}_{place}"
        codes.append(code)
        if not part.code:
            elements[code] = _element(part, wish, next(free))
    of_two = len(codes) == 2 and not codes[1].startswith(UNITS)
    indicator = {
        "name": name,
        "name_en": name,
        "kind": wish.kind.value,
        "numerator": codes[0],
        "denominator": codes[1] if len(codes) == 2 else None,
        "slots": [next(free), next(free)] if of_two else None,
        "levels": [wish.level],
        "frequency": wish.frequency.value,
        "matches": [[name]],
        **described(wish),
    }
    content = {
        "code": f"BS{number + 1}",
        "indicator": indicator,
        "elements": elements,
        "level": wish.level,
    }
    addition = Addition.model_validate(
        {**content, "frequency": wish.frequency.value, "starts_now": wish.starts_now}
    )
    if wrong := cross_checks(extended(library, [addition])):
        raise refuse(wrong[0].code, f"Chưa thêm được chỉ số: {wrong[0].message}", wrong[0].fragment)
    return addition


def _parts_of(wish: Wish) -> list[AdditionPart]:
    return [wish.numerator] if wish.denominator is None else [wish.numerator, wish.denominator]


def described(wish: Wish) -> dict[str, Any]:
    """What may be changed of an addition while nothing has been reported: how it is read, not what
    it is made of.
    """
    if wish.kind is not IndicatorKind.COUNT and wish.term is TermRule.SUM:
        raise refuse(
            "measure-term", "Chỉ số đếm mới cộng được các năm. Hãy chọn lấy số của năm cuối."
        )
    if bool(wish.question) != bool(wish.answer):
        raise refuse(
            "measure-choice",
            "Đã hỏi thì phải trả lời: hãy ghi cả điều chưa rõ và cách hiểu đã chọn.",
        )
    choice = {
        "question": wish.question,
        "default": wish.answer,
        "others": list(wish.others) or ["chưa có cách khác"],
    }
    return {
        "unit": "" if wish.kind is IndicatorKind.RATIO else tidy(wish.unit),
        "more_is_better": wish.more_is_better,
        "path": wish.path and wish.path.value,
        "term": wish.term and wish.term.value,
        "choice": choice if wish.question else None,
    }


def redrawn(addition: Addition, wish: Wish, library: Library) -> Addition:
    """An addition under another name, unit, direction, path, term or choice; what it is made of
    stays.
    """
    name = tidy(wish.name)
    _check_name(
        name, [item.name for item in library.indicators.values() if item.code != addition.code]
    )
    changed = {
        "name": name,
        "name_en": name,
        "matches": [[name]],
        **described(replace(wish, kind=_kind(addition))),
    }
    return Addition.model_validate(
        {**addition.model_dump(), "indicator": {**addition.indicator.model_dump(), **changed}}
    )


def _kind(addition: Addition) -> IndicatorKind:
    return IndicatorKind(addition.indicator.kind)


def in_force(addition: Addition, day: date) -> Addition:
    """The addition once a plan that it measures holds from a day on.

    One that is in force already stays as it is.
    """
    if addition.since:
        return addition
    running = Period.containing(day, Frequency(addition.frequency))
    since = running.first_day if addition.starts_now else running.last_day + timedelta(days=1)
    return addition.model_copy(update={"since": since})


def _check(wish: Wish, name: str, library: Library) -> None:
    """Refused where a wish cannot be measured, with the mend."""
    _check_name(name, [item.name for item in library.indicators.values()])
    if (wish.kind is IndicatorKind.RATIO) != (wish.denominator is not None):
        raise refuse("measure-denominator", _UNLIKE[wish.kind])
    if wish.level not in library.vocabulary.levels:
        raise refuse("measure-level", "Hãy chọn cấp nào nhập số liệu này.", wish.level)
    parts = _parts_of(wish)
    _check_new_names([part.name for part in parts if not part.code], library)
    held = [part.code for part in parts if part.code]
    _check_all_held(held, wish, library)
    if len(held) > len(set(held)):
        raise refuse(
            "measure-same", "Tử số và mẫu số là một số liệu. Hãy chọn hai số liệu khác nhau."
        )


def _check_new_names(names: Sequence[str], library: Library) -> None:
    """Refused where a new element has no name, or that of another element, held or new."""
    new = [words_of(name) for name in names]
    if "" in new:
        raise refuse("measure-element-name", "Hãy ghi tên số liệu mới, đúng như sẽ in trên biểu.")
    held = {words_of(element.name): element.name for element in library.elements.values()}
    for words in new:
        if words in held or new.count(words) > 1:
            raise refuse(
                "measure-element-twice",
                f"Đã có số liệu tên “{held.get(words, words)}”. "
                "Hãy chọn số liệu đó, hoặc đặt tên khác.",
            )


def _check_name(name: str, others: Iterable[str]) -> None:
    if not words_of(name):
        raise refuse("measure-name", "Hãy đặt tên cho chỉ số.")
    for taken in others:
        if words_of(taken) == words_of(name):
            raise refuse(
                "measure-name-twice",
                f"Đã có chỉ số tên “{taken}”. Hãy gắn chỉ số đó, hoặc đặt tên khác.",
            )


def _check_all_held(codes: Iterable[str], wish: Wish, library: Library) -> None:
    for code in codes:
        _check_held(code, wish, library)


def _check_held(code: str, wish: Wish, library: Library) -> None:
    """An element of the library serves where the level types it: a ratio adds only units that have
    both parts.
    """
    if code.startswith(UNITS):
        return
    if code not in library.elements:
        raise refuse(
            "measure-element",
            "Không có số liệu này trong thư viện. Hãy chọn trong danh sách.",
            code,
        )
    element = library.elements[code]
    if wish.kind is IndicatorKind.MILESTONE and not element.yes_no:
        raise refuse(
            "measure-yes-no", f"“{element.name}” không phải số liệu có/không. Hãy tạo số liệu mới."
        )
    typed = element.derived.element if element.derived else code
    if library.collected_by(typed, wish.level) is None:
        names = library.vocabulary.level_names
        forms = [form for form in library.forms.values() if typed in form.elements]
        levels = sorted({names.get(form.level, form.level) for form in forms})
        raise refuse(
            "measure-not-typed",
            f"Cấp {names.get(wish.level, wish.level)} không nhập “{element.name}” "
            f"(nơi nhập: {', '.join(levels)}). Hãy chọn cấp đó, hoặc tạo số liệu mới.",
        )


def _element(part: AdditionPart, wish: Wish, slot: int) -> dict[str, Any]:
    """A new element as a library file declares it; what is done or not done is typed as yes or
    no.
    """
    done = wish.kind is IndicatorKind.MILESTONE
    name = tidy(part.name)
    time = TimeRule.STOCK if done else part.time
    unit = tidy(part.unit or wish.unit) or ("việc" if done else "đơn vị")
    return {
        "slot": slot,
        "name": name,
        "name_en": name,
        "unit": unit,
        "time": time.value,
        "yes_no": done,
    }


def _free_slots(library: Library, taken: Collection[int]) -> Iterator[int]:
    slot = max((library.width - 1, library.additions_from - 1, *taken), default=-1)
    while True:
        slot += 1
        yield slot


def extended(library: Library, additions: Sequence[Addition]) -> Library:
    """The library with these additions: their elements on a form of that level and frequency, or on
    a new one.
    """
    if not additions:
        return library
    elements, indicators = dict(library.elements), dict(library.indicators)
    for addition in additions:
        indicator = indicator_record(addition.code, addition.indicator)
        indicators[addition.code] = replace(indicator, added=True)
        for code, spec in addition.elements.items():
            elements[code] = element_record(code, spec)
    with_elements = [addition for addition in additions if addition.elements]
    return replace(
        library,
        elements=elements,
        indicators=indicators,
        forms=dict(_forms(library, with_elements)),
    )


def _forms(library: Library, additions: Sequence[Addition]) -> Iterator[tuple[str, Form]]:
    by_form: dict[tuple[str, Frequency], list[Addition]] = {}
    for addition in additions:
        key = addition.level, Frequency(addition.frequency)
        by_form.setdefault(key, []).append(addition)
    for code, form in library.forms.items():
        more = _sections(by_form.pop((form.level, form.frequency), []))
        yield code, replace(form, sections=(*form.sections, *more)) if more else form
    for (level, frequency), without_form in by_form.items():
        code = f"BS-{level}-{frequency}"
        form = Form(
            code=code,
            name=f"Báo cáo {PERIODS[frequency]} của {library.vocabulary.level_name(level)}",
            level=level,
            frequency=frequency,
            sections=_sections(without_form),
        )
        yield code, form


def _sections(additions: Sequence[Addition]) -> tuple[Section, ...]:
    """One section for those that begin together, the first to begin first."""
    codes_by_start: dict[date, list[str]] = {}
    for addition in sorted(additions, key=_since):
        codes_by_start.setdefault(_since(addition), []).extend(addition.elements)
    return tuple(
        Section(title=SECTION, elements=tuple(codes), since=since)
        for since, codes in codes_by_start.items()
    )


def _since(addition: Addition) -> date:
    return addition.since or NOT_YET
