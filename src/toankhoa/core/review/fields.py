"""The fields of a plan that a person may read and edit one by one; where a problem stands.

A field is a `Place`: a row's code and `title`, `number`, `levels`, `boards`, `heading`, a detail or
the year of a cell; or, with a blank row, one of the document around the table: its number, its
date, its title, who signed it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from toankhoa.core.basics import Problem, Source, format_date
from toankhoa.core.compiling import DETAILS
from toankhoa.core.plan import Activity, Objective, Plan

Row = Objective | Activity
Subject = Row | Plan  # whose field it is; the plan itself for the document around the table

NUMBER, TITLE, LEVELS, BOARDS, HEADING = "number", "title", "levels", "boards", "heading"
DATE, GOAL, SIGNER = "date", "goal", "signer"
WHOLE = ""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A field of a row.

    A blank `field` is the row as such, a blank `row` the document around the table.
    """

    row: str = ""
    field: str = WHOLE


DOCUMENT = Place()


@dataclass(frozen=True, slots=True)
class EditableField:
    """A field of the document: its words, and the plan with other words there.

    `source`: see `Plan.sources`.
    """

    words: Callable[[Plan], str]
    put: Callable[[Plan, str], Plan]
    source: str


def _text(name: str) -> EditableField:
    return EditableField(
        lambda plan: str(getattr(plan, name)), lambda plan, text: _with(plan, name, text), name
    )


def _lines(name: str) -> EditableField:
    return EditableField(
        lambda plan: "\n".join(getattr(plan, name)),
        lambda plan, text: _with(plan, name, tuple(text.splitlines())),
        name,
    )


def _signed(name: str) -> EditableField:
    return EditableField(
        lambda plan: str(getattr(plan.signature, name)),
        lambda plan, text: replace(plan, signature=replace(plan.signature, **{name: text})),
        "signature",
    )


def _with(plan: Plan, name: str, value: object) -> Plan:
    changed: dict[str, Any] = {name: value}
    return replace(plan, **changed)


_NUMBER = EditableField(
    lambda plan: plan.number, lambda plan, text: replace(plan, number="".join(text.split())), NUMBER
)
# The date is read, and put, by `editing`: words that name no day are refused there.
_DATE = EditableField(
    lambda plan: format_date(plan.date) if plan.date else "", lambda plan, _: plan, DATE
)

PARTS: Mapping[str, EditableField] = {
    **{name: _text(name) for name in ("organisation", "body")},
    NUMBER: _NUMBER,
    "place": _text("place"),
    DATE: _DATE,
    **{name: _text(name) for name in ("motto", TITLE, GOAL)},
    "bases": _lines("bases"),
    "closing": _text("closing"),
    "recipients": _lines("recipients"),
    "authority": _signed("authority"),
    "position": _signed("title"),
    "mark": _signed("mark"),
    SIGNER: _signed("name"),
}


def subject(plan: Plan, row: str) -> Subject:
    """Whose fields a place's `row` names; KeyError where there is none."""
    return plan if row == DOCUMENT.row else plan.find(row)


def words(of: Subject) -> dict[str, str]:
    """Its fields in the order of the table, each with the words that stand in it."""
    if isinstance(of, Plan):
        return {name: part.words(of) for name, part in PARTS.items()}
    titled = {NUMBER: of.number, TITLE: of.title}
    if isinstance(of, Objective):
        return {**titled, BOARDS: of.boards_text, HEADING: of.parent or ""}
    years = {str(year): cell.text for year, cell in of.commitments.items()}
    details = {**dict.fromkeys(DETAILS, ""), **of.details}
    return {
        **titled,
        **years,
        LEVELS: of.levels_text,
        BOARDS: of.boards_text,
        HEADING: of.objective,
        **details,
    }


def row_codes(plan: Plan) -> set[str]:
    """Codes of rows and headings."""
    return {row.code for row in plan.rows()}


def headings_by_code(plan: Plan) -> dict[str, Objective]:
    """The plan's headings, each by its code."""
    return {objective.code: objective for objective in plan.objectives}


def is_detail(of: Subject, field: str) -> bool:
    """Whether a field is what other columns say: a unit, a product, a level of several years."""
    return isinstance(of, Activity) and (field in DETAILS or field in of.details)


def source_at(of: Subject, field: str) -> Source:
    """Where the words of a field stand in the document."""
    if isinstance(of, Plan):
        return of.sources.get(PARTS[field].source, Source())
    if isinstance(of, Activity) and field.isdigit():
        return of.commitments[int(field)].source
    return of.source


def places_of(problems: Sequence[Problem], plan: Plan) -> list[Place]:
    """The place of the words that each problem is about: by where they stand in the document."""
    rows: dict[tuple[object, ...], Row] = {}
    for row in plan.rows():
        if row.source.row is not None or row.source.paragraph:
            rows[_line(row.source)] = row
    parts: dict[Source, str] = {}
    for name, part in PARTS.items():
        source = plan.sources.get(part.source)
        if source is not None:
            parts[source] = name
    return [_place(problem, rows.get(_line(problem.source)), parts) for problem in problems]


# Codes of what the readings of levels and boards, and the rules about them, find. Other problems
# stand where their source stands.
_FIELD_OF = {
    **dict.fromkeys(("level-remark", "level-unknown", "row-no-level", "levels-apart"), LEVELS),
    **dict.fromkeys(
        (
            "board-unknown",
            "boards-joined",
            "row-no-board",
            "board-two-names",
            "board-both",
            "partner-unknown",
        ),
        BOARDS,
    ),
}
# Of several fields with one source the last: who signed, by name.
_FIELD_OF_MISSING = {f"no-{part.source}": name for name, part in PARTS.items()}


def _line(source: Source) -> tuple[object, ...]:
    return source.file, source.table, source.row, source.paragraph


def _place(problem: Problem, row: Row | None, parts: Mapping[Source, str]) -> Place:
    if row is None:
        part = _FIELD_OF_MISSING.get(problem.code) or parts.get(problem.source, WHOLE)
        return Place(DOCUMENT.row, part)
    field = _FIELD_OF.get(problem.code)
    if field:
        return Place(row.code, field)
    if isinstance(row, Activity) and problem.source != row.source:
        for year, cell in row.commitments.items():
            if cell.source == problem.source:
                return Place(row.code, str(year))
    return Place(row.code, TITLE)
