"""One edit of a plan under review: a field of a row gets other words, and its reading is done again. Codes stay.

A field is a `Place`: a row's code and `title`, `number`, `levels`, `boards` or the year of a cell. A problem belongs to
the place whose words it is about, so that a new reading takes the old one's problems with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from toankhoa.core.commitment import parse_cell
from toankhoa.core.measures import Vocabulary
from toankhoa.core.plan import Activity, Commitment, CommitmentKind, Objective, Plan, Target
from toankhoa.core.problems import Problem, Source, refuse
from toankhoa.core.prose import Reading, read_prose
from toankhoa.core.quantity import Language
from toankhoa.core.text import tidy, tidy_lines
from toankhoa.core.wording import read_boards, read_levels

Row = Objective | Activity

NUMBER, TITLE, LEVELS, BOARDS = "number", "title", "levels", "boards"
WHOLE_ROW = ""
ADDED = "(hàng thêm khi xem lại)"  # stands where the file's name stands in the source of a row that no file holds
LONGEST = 4000  # characters of one field: longer than any cell of a plan, short enough to be read while one types


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A field of a row; `field` "" is the row as such, and a blank `row` the document around the table."""

    row: str = ""
    field: str = WHOLE_ROW


DOCUMENT = Place()


@dataclass(frozen=True, slots=True)
class Edited:
    """The plan after an edit, and what its new reading met."""

    plan: Plan
    problems: tuple[Problem, ...]


def fields_of(row: Row) -> tuple[str, ...]:
    """The fields a row has, in the order of the table."""
    years = tuple(map(str, row.commitments)) if isinstance(row, Activity) else ()
    return (NUMBER, TITLE, *years, *((LEVELS,) if isinstance(row, Activity) else ()), BOARDS)


def words_at(row: Row, field: str) -> str:
    """The words that stand in a field; KeyError where the row has no such field."""
    if field not in fields_of(row):
        raise KeyError(field)
    if field.isdigit():
        assert isinstance(row, Activity)  # only rows have years
        return row.commitments[int(field)].text
    written = {NUMBER: "number", TITLE: "title", LEVELS: "levels_text", BOARDS: "boards_text"}
    return str(getattr(row, written[field]))


def edit(plan: Plan, place: Place, text: str, vocabulary: Vocabulary) -> Edited:
    """The plan with other words in one field, read again; rows that inherit from an edited heading follow it.

    KeyError where there is no such place; refused where the text is too long or takes a row its words.
    """
    row = plan.find(place.row)
    if place.field not in fields_of(row):
        raise KeyError(place.field)
    text = tidy_lines(text)
    if len(text) > LONGEST:
        raise refuse("edit-long", f"Một ô không dài quá {LONGEST} ký tự. Hãy rút gọn.", text[:40])
    if place.field == TITLE and not text:
        raise refuse("edit-title", "Lời của hàng không được để trống. Muốn bỏ hàng, hãy bấm “Bỏ hàng này”.")
    language = language_of(plan, vocabulary)
    if place.field.isdigit():
        assert isinstance(row, Activity)
        return _edit_cell(plan, row, int(place.field), text, language)
    return _EDITS[place.field](plan, row, text, language, vocabulary)


def language_of(plan: Plan, vocabulary: Vocabulary) -> Language:
    """What the plan's words are read with: its own habit of writing decimals included."""
    return Language.of(vocabulary, "\n".join(_texts(plan)), plan.years)


def _texts(plan: Plan) -> Iterator[str]:
    for row in plan.rows():
        yield from (words_at(row, field) for field in fields_of(row))


def _edit_cell(plan: Plan, row: Activity, year: int, text: str, language: Language) -> Edited:
    commitment, problems = parse_cell(text, year, language, row.commitments[year].source)
    changed = replace(row, commitments={**row.commitments, year: commitment})
    return Edited(with_row(plan, changed), problems)


def _edit_number(plan: Plan, row: Row, text: str, _: Language, __: Vocabulary) -> Edited:
    return Edited(with_row(plan, replace(row, number=tidy(text))), ())


def _edit_title(plan: Plan, row: Row, text: str, language: Language, _: Vocabulary) -> Edited:
    reading = read_prose(text, language, row.source)
    if isinstance(row, Objective):
        return Edited(with_row(plan, replace(row, title=text, targets=reading.targets)), reading.problems)
    headings = {objective.code: objective for objective in plan.objectives}
    targets = tuple(_timed(reading, headings[row.objective].targets))
    return Edited(with_row(plan, replace(row, title=text, targets=targets)), reading.problems)


def _edit_levels(plan: Plan, row: Row, text: str, _: Language, vocabulary: Vocabulary) -> Edited:
    assert isinstance(row, Activity)  # headings have no such field
    levels, problems = read_levels(text, vocabulary, row.source)
    return Edited(with_row(plan, replace(row, levels=levels, levels_text=text)), problems)


def _edit_boards(plan: Plan, row: Row, text: str, _: Language, vocabulary: Vocabulary) -> Edited:
    boards, problems = read_boards(text, vocabulary, row.source)
    changed = with_row(plan, replace(row, boards=boards, boards_text=text))
    return Edited(_inheriting(changed), problems)


_Edit = Callable[[Plan, Row, str, Language, Vocabulary], Edited]
_EDITS: Mapping[str, _Edit] = {
    NUMBER: _edit_number,
    TITLE: _edit_title,
    LEVELS: _edit_levels,
    BOARDS: _edit_boards,
}


def with_row(plan: Plan, row: Row) -> Plan:
    """The plan with this row in the place of the one that bears its code."""
    if isinstance(row, Activity):
        return replace(plan, activities=tuple(row if each.code == row.code else each for each in plan.activities))
    return replace(plan, objectives=tuple(row if each.code == row.code else each for each in plan.objectives))


def _inheriting(plan: Plan) -> Plan:
    """Rows without boards of their own have those of the nearest heading that names any."""
    headings = {objective.code: objective for objective in plan.objectives}

    def boards(code: str | None) -> tuple[str, ...]:
        while code is not None and not headings[code].boards:
            code = headings[code].parent
        return () if code is None else headings[code].boards

    return replace(
        plan,
        activities=tuple(
            row if row.boards_text else replace(row, boards=boards(row.objective)) for row in plan.activities
        ),
    )


def _timed(reading: Reading, above: Sequence[Target]) -> Iterator[Target]:
    """A row that says its heading's target again, but not when, means it for the same time."""
    for target, timed in zip(reading.targets, reading.timed, strict=True):
        same = (each for each in above if not timed and _amount(each) == _amount(target))
        model = next(same, target)
        yield replace(target, applies=model.applies, years=model.years)


def _amount(target: Target) -> tuple[object, ...]:
    return target.comparator, target.amount, target.upper, target.unit, target.basis


def add_row(plan: Plan, heading: str, title: str, vocabulary: Vocabulary) -> tuple[Plan, str, tuple[Problem, ...]]:
    """A new row at the end of a heading's own, with blank years: the plan, the row's code, what its words met.

    KeyError where there is no such heading; refused without words.
    """
    codes = {row.code for row in plan.rows()}
    if heading not in {objective.code for objective in plan.objectives}:
        raise KeyError(heading)
    rank = next(rank for rank in range(1, len(codes) + 2) if f"{heading}.{rank}" not in codes)
    code = f"{heading}.{rank}"
    blank = Commitment(text="", kind=CommitmentKind.NONE)
    added = (row.source.row or 0 for row in plan.activities if row.source.file == ADDED)
    row = Activity(
        code=code,
        number="",
        title="",
        objective=heading,
        levels=(),
        levels_text="",
        boards=(),
        boards_text="",
        targets=(),
        commitments=dict.fromkeys(plan.years, blank),
        source=Source(ADDED, row=1 + max(added, default=-1)),
    )
    grown = _inheriting(replace(plan, activities=(*plan.activities, row)))
    edited = edit(grown, Place(code, TITLE), title, vocabulary)
    return edited.plan, code, edited.problems


def remove_row(plan: Plan, code: str) -> Plan:
    """The plan without a row. KeyError where there is none; refused for a heading that still holds rows."""
    plan.find(code)
    holding = {row.objective for row in plan.activities} | {objective.parent for objective in plan.objectives}
    if code in holding:
        raise refuse("edit-holding", "Đề mục này còn hàng bên dưới. Hãy bỏ các hàng đó trước.")
    return replace(
        plan,
        objectives=tuple(row for row in plan.objectives if row.code != code),
        activities=tuple(row for row in plan.activities if row.code != code),
    )


def place_of(problem: Problem, plan: Plan) -> Place:
    """The place of the words that a problem is about: by where they stand in the document."""
    return places_of((problem,), plan)[0]


def places_of(problems: Sequence[Problem], plan: Plan) -> list[Place]:
    """`place_of` for many problems at once."""
    rows = {_line(row.source): row for row in plan.rows() if row.source.row is not None or row.source.paragraph}
    return [_place(problem, rows.get(_line(problem.source))) for problem in problems]


# What the readings of levels and boards, and the rules about them, find; all else stands where its source stands.
_FIELD_OF = {
    **dict.fromkeys(("level-remark", "level-unknown", "row-no-level", "levels-apart"), LEVELS),
    **dict.fromkeys(("board-unknown", "boards-joined", "row-no-board", "board-two-names"), BOARDS),
}


def _line(source: object) -> tuple[object, ...]:
    return tuple(getattr(source, name) for name in ("file", "table", "row", "paragraph"))


def _place(problem: Problem, row: Row | None) -> Place:
    if row is None:
        return DOCUMENT
    if field := _FIELD_OF.get(problem.code):
        return Place(row.code, field)
    if isinstance(row, Activity) and problem.source != row.source:
        for year, cell in row.commitments.items():
            if cell.source == problem.source:
                return Place(row.code, str(year))
    return Place(row.code, TITLE)
