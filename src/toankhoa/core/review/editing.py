"""One edit of a plan under review: a field gets other words, and its reading is done again. Codes stay."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from toankhoa.core.basics import Problem, Source, read_date, refuse, tidy, tidy_lines
from toankhoa.core.compiling import (
    DETAILS,
    Language,
    boards_of,
    is_mark,
    missing_parts,
    parse_cell,
    read_boards,
    read_levels,
    read_prose,
    read_supporting,
    timed,
    whole_term,
    with_unit,
)
from toankhoa.core.measures import Vocabulary
from toankhoa.core.plan import Activity, Commitment, Objective, Plan, Target
from toankhoa.core.review.fields import (
    BOARDS,
    DATE,
    HEADING,
    LEVELS,
    NUMBER,
    PARTS,
    TITLE,
    Place,
    Row,
    is_detail,
    subject,
    words,
)

UNIT = "unit"
ADDED = (
    "(thêm khi xem lại)"  # stands where the file's name stands in the source of what no file holds
)
LONGEST = 4000  # characters of one field: longer than any cell of a plan, short enough to be read while one types


@dataclass(frozen=True, slots=True)
class Edited:
    """The plan after an edit, and what its new reading met."""

    plan: Plan
    problems: tuple[Problem, ...]


def edit(
    plan: Plan, place: Place, text: str, vocabulary: Vocabulary, language: Language | None = None
) -> Edited:
    """The plan with other words in one field, read again; rows that inherit from an edited heading follow it.

    `language`: what `language_of` says of the plan, where the caller knows it already.
    KeyError where there is no such place; refused where the text is too long, takes a row its words, or says no date.
    """
    of = subject(plan, place.row)
    if place.field not in words(of):
        raise KeyError(place.field)
    text = tidy_lines(text)
    if len(text) > LONGEST:
        raise refuse("edit-long", f"Một ô không dài quá {LONGEST} ký tự. Hãy rút gọn.", text[:40])
    if isinstance(of, Plan):
        return _edit_document(plan, place.field, text)
    language = language or language_of(plan, vocabulary)
    if isinstance(of, Activity) and place.field.isdigit():
        return _edit_cell(plan, of, int(place.field), text, language)
    if isinstance(of, Activity) and is_detail(of, place.field):
        changed = _with_detail(of, place.field, text, language)
        support = changed.details.get("support", "")
        supporting, strange = read_supporting(of.boards_text, support, vocabulary, of.source)
        problems = strange if place.field == "support" else ()
        return Edited(with_row(plan, replace(changed, supporting=supporting)), problems)
    return _EDITS[place.field](plan, of, text, language, vocabulary)


def language_of(plan: Plan, vocabulary: Vocabulary) -> Language:
    """What the plan's words are read with: its own habit of writing decimals, and its term."""
    return Language.of(vocabulary, "\n".join(_texts(plan)), plan.years)


def _texts(plan: Plan) -> Iterator[str]:
    yield from words(plan).values()
    for row in plan.rows():
        yield from words(row).values()


def _edit_document(plan: Plan, field: str, text: str) -> Edited:
    part = PARTS[field]
    changed = _dated(plan, text) if field == DATE else part.put(plan, text)
    files = (
        source.file for source in (*plan.sources.values(), *(row.source for row in plan.rows()))
    )
    file = next((file for file in files if file and file != ADDED), "")
    there = {each.source for each in PARTS.values() if each.words(changed)}
    corrections_due = tuple(
        each for each in missing_parts(there, file) if each.code == f"no-{part.source}"
    )
    sources = {**plan.sources, part.source: plan.sources.get(part.source, Source(ADDED))}
    return Edited(replace(changed, sources=sources), corrections_due)


def _dated(plan: Plan, text: str) -> Plan:
    day = read_date(text)
    if text and day is None:
        raise refuse(
            "edit-date", f"“{text}” không phải ngày. Hãy ghi ngày/tháng/năm, ví dụ 29/9/2017.", text
        )
    return replace(plan, date=day)


def _edit_cell(plan: Plan, row: Activity, year: int, text: str, language: Language) -> Edited:
    cell, problems = _read_cell(row, year, text, row.details.get(UNIT, ""), language)
    return Edited(
        with_row(plan, replace(row, commitments={**row.commitments, year: cell})), problems
    )


def _read_cell(
    row: Activity, year: int, text: str, unit: str, language: Language
) -> tuple[Commitment, tuple[Problem, ...]]:
    """A cell that spoke for the whole term does so with other words, too."""
    was = row.commitments[year]
    before = [
        with_unit(each, row.details.get(UNIT, ""))
        for each in parse_cell(was.text, year, language)[0].targets
    ]
    of_term = was.targets != tuple(before) and was.targets == tuple(map(whole_term, before))
    cell, problems = parse_cell(text, year, language, was.source)
    targets = tuple(with_unit(target, unit) for target in cell.targets)
    return replace(cell, targets=tuple(map(whole_term, targets)) if of_term else targets), problems


def _with_detail(row: Activity, name: str, text: str, language: Language) -> Activity:
    """A row's unit is that of its cells that say none; a level of several years is a target of the row."""
    details = {each: said for each, said in {**row.details, name: text}.items() if said}
    changed = replace(row, details=details)
    if name == UNIT:
        cells = {
            year: _read_cell(row, year, cell.text, text, language)[0]
            for year, cell in row.commitments.items()
        }
        changed = replace(changed, commitments=cells)
    if name == UNIT or name not in DETAILS:
        own = len(read_prose(row.title, language).targets)
        changed = replace(changed, targets=(*row.targets[:own], *_of_years(details, language)))
    return changed


def _of_years(details: Mapping[str, str], language: Language) -> Iterator[Target]:
    """The targets of columns for several years, which stand among the details by what they are of."""
    for name, text in details.items():
        if name not in DETAILS and not is_mark(text):
            for target in parse_cell(text, None, language)[0].targets:
                yield whole_term(with_unit(target, details.get(UNIT, "")))


def _edit_number(plan: Plan, row: Row, text: str, _: Language, __: Vocabulary) -> Edited:
    return Edited(with_row(plan, replace(row, number=tidy(text))), ())


def _edit_title(plan: Plan, row: Row, text: str, language: Language, _: Vocabulary) -> Edited:
    if not text:
        raise refuse(
            "edit-title", "Lời của hàng không được để trống. Muốn bỏ hàng, hãy bấm “Bỏ hàng này”."
        )
    return _titled(plan, row, text, _above(plan, row), _above(plan, row), language)


def _titled(
    plan: Plan,
    row: Row,
    text: str,
    was_under: tuple[Target, ...],
    under: tuple[Target, ...],
    language: Language,
) -> Edited:
    """The row with these words, read under a heading with these targets, and in the way it was read before.

    Targets that its words never held (of a column for the whole term) stay.
    """
    before, reading = read_prose(row.title, language), read_prose(text, language, row.source)
    held, kept = row.targets[: len(before.targets)], row.targets[len(before.targets) :]
    untabled = held != tuple(timed(before, was_under)) and held == tuple(
        timed(before, was_under, untabled=True)
    )
    targets = (*timed(reading, under, untabled=untabled), *kept)
    return Edited(with_row(plan, replace(row, title=text, targets=targets)), reading.problems)


def _above(plan: Plan, row: Row) -> tuple[Target, ...]:
    """The targets that a row may say again; a heading's words stand for themselves."""
    return plan.find(row.objective).targets if isinstance(row, Activity) else ()


def _edit_heading(plan: Plan, row: Row, text: str, language: Language, _: Vocabulary) -> Edited:
    """Another heading above, at the end of what stands there: its boards, and the times of its targets, are the row's.

    A heading moves with all below it. `text` is the code of the heading; blank for a heading that stands under none.
    """
    if text == words(row)[HEADING]:
        return Edited(plan, ())
    headings = {objective.code: objective for objective in plan.objectives}
    if text not in headings and (text or isinstance(row, Activity)):
        raise refuse("edit-heading", f"Không có đề mục mã {text}. Hãy chọn trong danh sách.", text)
    if isinstance(row, Objective):
        if row.code in _path(text or None, headings):
            raise refuse(
                "edit-heading-below", "Không chuyển được đề mục vào chính nó hay vào dưới nó.", text
            )
        rest = tuple(each for each in plan.objectives if each.code != row.code)
        moved = replace(plan, objectives=(*rest, replace(row, parent=text or None)))
        return Edited(inheriting(moved), ())
    titled = _titled(
        plan, row, row.title, _above(plan, row), headings[text].targets, language
    ).plan.find(row.code)
    assert isinstance(titled, Activity)  # it bears the row's code
    others = tuple(each for each in plan.activities if each.code != row.code)
    return Edited(
        inheriting(replace(plan, activities=(*others, replace(titled, objective=text)))), ()
    )


def _path(code: str | None, headings: Mapping[str, Objective]) -> Iterator[str]:
    while code is not None:
        yield code
        code = headings[code].parent


def _edit_levels(plan: Plan, row: Row, text: str, _: Language, vocabulary: Vocabulary) -> Edited:
    assert isinstance(row, Activity)  # headings have no such field
    levels, problems = read_levels(text, vocabulary, row.source)
    return Edited(with_row(plan, replace(row, levels=levels, levels_text=text)), problems)


def _edit_boards(plan: Plan, row: Row, text: str, _: Language, vocabulary: Vocabulary) -> Edited:
    boards, problems = read_boards(text, vocabulary, row.source)
    row = replace(row, boards=boards, boards_text=text)
    if isinstance(row, Activity):
        supporting, strange = read_supporting(
            text, row.details.get("support", ""), vocabulary, row.source
        )
        row, problems = replace(row, supporting=supporting), (*problems, *strange)
    return Edited(inheriting(with_row(plan, row)), problems)


_Edit = Callable[[Plan, Row, str, Language, Vocabulary], Edited]
_EDITS: Mapping[str, _Edit] = {
    NUMBER: _edit_number,
    TITLE: _edit_title,
    LEVELS: _edit_levels,
    BOARDS: _edit_boards,
    HEADING: _edit_heading,
}


def with_row(plan: Plan, row: Row) -> Plan:
    """The plan with this row in the place of the one that bears its code."""
    if isinstance(row, Activity):
        return replace(
            plan,
            activities=tuple(row if each.code == row.code else each for each in plan.activities),
        )
    return replace(
        plan, objectives=tuple(row if each.code == row.code else each for each in plan.objectives)
    )


def inheriting(plan: Plan) -> Plan:
    """Rows without boards of their own have those of the nearest heading that names any."""
    headings = {objective.code: objective for objective in plan.objectives}
    return replace(
        plan,
        activities=tuple(
            row if row.boards_text else replace(row, boards=boards_of(row.objective, headings))
            for row in plan.activities
        ),
    )
