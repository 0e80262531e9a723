"""One edit of a plan under review: a field gets other words and is read again. Codes stay."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from toankhoa.core.basics import Problem, Source, read_date, refuse, tidy, tidy_lines
from toankhoa.core.compiling import (
    DETAILS,
    Language,
    boards_of,
    is_mark,
    missing_parts,
    of_whole_term,
    parse_cell,
    read_boards,
    read_levels,
    read_prose,
    read_supporting,
    timed,
    with_unit,
    with_units,
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
    headings_by_code,
    is_detail,
    subject,
    words,
)

RowT = TypeVar("RowT", Objective, Activity)

UNIT = "unit"
# In place of the file's name in the source of what no file holds.
ADDED = "(thêm khi xem lại)"
# Characters of one field: longer than any cell of a plan, short enough to be read while one types.
LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Edited:
    """The plan after an edit, and what its new reading met."""

    plan: Plan
    problems: tuple[Problem, ...]


def edit(
    plan: Plan, place: Place, text: str, vocabulary: Vocabulary, language: Language | None = None
) -> Edited:
    """The plan with other words in one field, read again.

    Rows that inherit from an edited heading follow it. `language`: what `language_of` gives for
    the plan, where the caller knows it already. KeyError where there is no such place; refused
    where the text is too long, takes a row its words, or is no date.
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
        changed, problems = _with_detail(of, place.field, text, language, vocabulary)
        return Edited(with_row(plan, changed), problems)
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
    sources = {**plan.sources, part.source: plan.sources.get(part.source, Source(ADDED))}
    return Edited(replace(changed, sources=sources), _missing(changed, part.source, plan))


def _missing(changed: Plan, name: str, plan: Plan) -> tuple[Problem, ...]:
    """The problem of a part of the document that is blank now; none where it has words."""
    present = {part.source for part in PARTS.values() if part.words(changed)}
    code = f"no-{name}"
    missing = missing_parts(present, _file_of(plan))
    return tuple(problem for problem in missing if problem.code == code)


def _file_of(plan: Plan) -> str:
    """The name of the file that a plan was read from."""
    sources = [*plan.sources.values(), *(row.source for row in plan.rows())]
    for source in sources:
        if source.file and source.file != ADDED:
            return source.file
    return ""


def _dated(plan: Plan, text: str) -> Plan:
    day = read_date(text)
    if text and day is None:
        raise refuse(
            "edit-date", f"“{text}” không phải ngày. Hãy ghi ngày/tháng/năm, ví dụ 29/9/2017.", text
        )
    return replace(plan, date=day)


def _edit_cell(plan: Plan, row: Activity, year: int, text: str, language: Language) -> Edited:
    cell, problems = _read_cell(row, year, text, row.details.get(UNIT, ""), language)
    cells = {**row.commitments, year: cell}
    return Edited(with_row(plan, replace(row, commitments=cells)), problems)


def _read_cell(
    row: Activity, year: int, text: str, unit: str, language: Language
) -> tuple[Commitment, tuple[Problem, ...]]:
    """A cell that spoke for the whole term does so with other words, too."""
    before = row.commitments[year]
    cell, problems = parse_cell(text, year, language, before.source)
    targets = with_units(cell.targets, unit)
    if _is_of_term(before, row.details.get(UNIT, ""), year, language):
        targets = tuple(map(of_whole_term, targets))
    return replace(cell, targets=targets), problems


def _is_of_term(cell: Commitment, unit: str, year: int, language: Language) -> bool:
    """Whether a cell was read as what the whole term asks for, not as its words by themselves."""
    alone, _ = parse_cell(cell.text, year, language)
    targets = with_units(alone.targets, unit)
    return cell.targets != targets and cell.targets == tuple(map(of_whole_term, targets))


def _with_detail(
    row: Activity, name: str, text: str, language: Language, vocabulary: Vocabulary
) -> tuple[Activity, tuple[Problem, ...]]:
    """A row with another detail, and what depends on it read again.

    Its unit is that of its cells that say none; a level of several years is a target of the row.
    """
    edited = {**row.details, name: text}
    details = {key: words for key, words in edited.items() if words}
    changed = replace(row, details=details)
    if name == UNIT:
        cells = {}
        for year, cell in row.commitments.items():
            cells[year], _ = _read_cell(row, year, cell.text, text, language)
        changed = replace(changed, commitments=cells)
    if name == UNIT or name not in DETAILS:
        own = len(read_prose(row.title, language).targets)
        changed = replace(changed, targets=(*row.targets[:own], *_of_years(details, language)))
    supporting, problems = read_supporting(
        row.boards_text, details.get("support", ""), vocabulary, row.source
    )
    return replace(changed, supporting=supporting), problems if name == "support" else ()


def _of_years(details: Mapping[str, str], language: Language) -> Iterator[Target]:
    """The targets of columns for several years, which are details by the name of their years."""
    for name, text in details.items():
        if name not in DETAILS and not is_mark(text):
            for target in parse_cell(text, None, language)[0].targets:
                yield of_whole_term(with_unit(target, details.get(UNIT, "")))


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
    """The row with these words, read under a heading with these targets, as it was read before.

    `was_under`: the targets of the heading it was read under. Targets that its words never held (of
    a column for the whole term) stay.
    """
    before, reading = read_prose(row.title, language), read_prose(text, language, row.source)
    count = len(before.targets)
    of_words, of_columns = row.targets[:count], row.targets[count:]
    in_table = tuple(timed(before, was_under))
    in_lines = tuple(timed(before, was_under, untabled=True))
    untabled = of_words != in_table and of_words == in_lines
    targets = (*timed(reading, under, untabled=untabled), *of_columns)
    return Edited(with_row(plan, replace(row, title=text, targets=targets)), reading.problems)


def _above(plan: Plan, row: Row) -> tuple[Target, ...]:
    """The targets that a row may say again; a heading's words stand for themselves."""
    return plan.find(row.objective).targets if isinstance(row, Activity) else ()


def _edit_heading(plan: Plan, row: Row, text: str, language: Language, _: Vocabulary) -> Edited:
    """Another heading above, at the end of what stands there.

    Its boards, and the times of its targets, are the row's from now on. A heading moves with all
    below it. `text` is the code of the heading; blank for a heading that stands under none.
    """
    if text == words(row)[HEADING]:
        return Edited(plan, ())
    headings = headings_by_code(plan)
    if text not in headings and (text or isinstance(row, Activity)):
        raise refuse("edit-heading", f"Không có đề mục mã {text}. Hãy chọn trong danh sách.", text)
    if isinstance(row, Objective):
        return _move_heading(plan, row, text, headings)
    return _move_row(plan, row, headings[text], language)


def _move_heading(
    plan: Plan, heading: Objective, above: str, headings: Mapping[str, Objective]
) -> Edited:
    if heading.code in _path(above or None, headings):
        raise refuse(
            "edit-heading-below", "Không chuyển được đề mục vào chính nó hay vào dưới nó.", above
        )
    rest = rows_without(plan.objectives, heading.code)
    moved = replace(heading, parent=above or None)
    return Edited(inheriting(replace(plan, objectives=(*rest, moved))), ())


def _move_row(plan: Plan, row: Activity, heading: Objective, language: Language) -> Edited:
    edited = _titled(plan, row, row.title, _above(plan, row), heading.targets, language)
    read_again = edited.plan.find(row.code)
    assert isinstance(read_again, Activity)  # it bears the row's code
    rest = rows_without(plan.activities, row.code)
    moved = replace(read_again, objective=heading.code)
    return Edited(inheriting(replace(plan, activities=(*rest, moved))), ())


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
        support = row.details.get("support", "")
        supporting, notes = read_supporting(text, support, vocabulary, row.source)
        row, problems = replace(row, supporting=supporting), (*problems, *notes)
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
        return replace(plan, activities=_replaced(plan.activities, row))
    return replace(plan, objectives=_replaced(plan.objectives, row))


def rows_without(rows: Sequence[RowT], code: str) -> tuple[RowT, ...]:
    """The rows but the one that bears this code."""
    return tuple(row for row in rows if row.code != code)


def _replaced(rows: Sequence[RowT], new: RowT) -> tuple[RowT, ...]:
    return tuple(new if row.code == new.code else row for row in rows)


def inheriting(plan: Plan) -> Plan:
    """Rows without boards of their own have those of the nearest heading that names any."""
    headings = headings_by_code(plan)
    rows = []
    for row in plan.activities:
        boards = row.boards if row.boards_text else boards_of(row.objective, headings)
        rows.append(replace(row, boards=boards))
    return replace(plan, activities=tuple(rows))
