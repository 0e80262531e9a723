"""The living plan's rows: the plan's own, and under a heading one row for each of its figures."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from toankhoa.core.basics import words_of
from toankhoa.core.plan import Activity, Objective, Plan
from toankhoa.core.results import (
    Level,
    PlanLine,
    Span,
    StatusTally,
    TermReading,
    YearCell,
    rolled_up,
)
from toankhoa.web.shell.typed import Fields

HEADING, MEASURED, ACTIVITY = "heading", "measured", "activity"


@dataclass(frozen=True, kw_only=True)
class PlanRow:
    """One row. `above`: codes of the headings over it, the nearest first.

    A measured row is under its own heading. `tally`: of a heading, all that is asked for right
    under it, rolled up; None where nothing is. `removed`: taken out by an amendment, and shown for
    the years in which it held.
    """

    kind: str
    code: str
    number: str
    words: str
    above: tuple[str, ...]
    cells: tuple[YearCell, ...]
    term: tuple[TermReading, ...] = ()
    tally: StatusTally | None = None
    levels: tuple[str, ...] = ()
    levels_text: str = ""
    boards: tuple[str, ...] = ()
    boards_text: str = ""
    removed: bool = False

    @property
    def depth(self) -> int:
        """How many headings stand over it."""
        return len(self.above)

    @property
    def numbered_in_words(self) -> bool:
        """Whether the number begins the words ("Chỉ tiêu 5") and has no column of its own."""
        return " " in self.number


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a reader asked to see. `status`: in `year`, or `of_term`; `text`: see `finds`."""

    year: int
    of_term: bool = False
    board: str = ""
    level: str = ""
    status: str = ""
    text: str = ""

    @classmethod
    def read(cls, fields: Fields, years: tuple[int, ...], this_year: int) -> Filters:
        """From an address; what it does not name, or names wrongly, filters nothing."""
        year = fields.year("nam")
        if year is None or year not in years:
            year = min(max(this_year, years[0]), years[-1])
        return cls(
            year=year,
            of_term=asks_term(fields),
            board=fields.text("ban"),
            level=fields.text("cap"),
            status=fields.text("tinh-trang"),
            text=fields.text("tim"),
        )

    @property
    def active(self) -> bool:
        """Whether anything is left out."""
        return any((self.board, self.level, self.status, self.text))

    def answered_by(self, row: PlanRow) -> bool:
        """Whether a row itself answers what was asked."""
        if self.board and self.board not in row.boards:
            return False
        if self.level and self.level not in row.levels:
            return False
        if self.status and self.status not in self._levels(row):
            return False
        return not self.text or finds(self.text, f"{row.number} {row.words}")

    def _levels(self, row: PlanRow) -> set[Level]:
        """How the row's figures stand in the span that is looked at."""
        if self.of_term:
            return {reading.result.level for reading in row.term}
        levels: set[Level] = set()
        for cell in row.cells:
            if cell.year == self.year:
                levels.update(reading.result.level for reading in cell.readings)
        return levels


def asks_term(fields: Fields) -> bool:
    """Whether an address asks for the whole term in place of its years."""
    return fields.text("xem") == "toan-khoa"


def finds(wanted: str, text: str) -> bool:
    """Whether a text holds some words, tones and punctuation aside: "tin bai" finds "tin/bài"."""
    words = words_of(wanted)
    return bool(words) and words in words_of(text)


def rows_of(
    plan: Plan, lines: Sequence[PlanLine], span: Span, removed: Collection[str] = ()
) -> Iterator[PlanRow]:
    """All rows in the plan's order, headings with their rows rolled up in a span.

    `removed`: codes of those that an amendment took out.
    """
    headings = {objective.code: objective for objective in plan.objectives}
    tallies = rolled_up(lines, span)
    for line in lines:
        is_removed = line.row.code in removed
        if isinstance(line.row, Activity):
            row = _activity(line.row, line, headings)
            yield replace(row, removed=True, cells=_in_force(row.cells)) if is_removed else row
        else:
            tally = tallies.get(line.row.code)
            heading = replace(
                _heading(line.row, headings),
                removed=is_removed,
                tally=tally if tally and tally.with_target else None,
            )
            yield heading
            yield from _measured(heading, line)


def _in_force(cells: tuple[YearCell, ...]) -> tuple[YearCell, ...]:
    """Of a row that was taken out: the years in which it held, the others without figures.

    What came in since is shown where it is measured now.
    """
    return tuple(cell if _has_target(cell) else replace(cell, readings=()) for cell in cells)


def _has_target(cell: YearCell) -> bool:
    return any(reading.target for reading in cell.readings)


def _above(code: str | None, headings: Mapping[str, Objective]) -> tuple[str, ...]:
    return () if code is None else (code, *_above(headings[code].parent, headings))


def _heading(row: Objective, headings: Mapping[str, Objective]) -> PlanRow:
    return PlanRow(
        kind=HEADING,
        code=row.code,
        number=row.number,
        words=row.title,
        above=_above(row.parent, headings),
        cells=(),
        boards=row.boards,
        boards_text=row.boards_text,
    )


def _measured(heading: PlanRow, line: PlanLine) -> Iterator[PlanRow]:
    of_indicators = zip(*(cell.readings for cell in line.cells), strict=True)
    for place, readings in enumerate(of_indicators):
        indicator = readings[0].indicator
        cells = [
            YearCell(year=cell.year, commitment=None, readings=(reading,))
            for cell, reading in zip(line.cells, readings, strict=True)
        ]
        yield PlanRow(
            kind=MEASURED,
            code=heading.code,
            number="",
            words=indicator.name,
            above=(heading.code, *heading.above),
            cells=tuple(cells),
            term=line.term[place : place + 1],
            levels=indicator.levels,
            boards=heading.boards,
        )


def _activity(row: Activity, line: PlanLine, headings: Mapping[str, Objective]) -> PlanRow:
    return PlanRow(
        kind=ACTIVITY,
        code=row.code,
        number=row.number,
        words=row.title,
        above=_above(row.objective, headings),
        cells=line.cells,
        term=line.term,
        levels=row.levels,
        levels_text=row.levels_text,
        boards=row.boards,
        boards_text=row.boards_text,
    )


def filtered(rows: Sequence[PlanRow], filters: Filters) -> list[PlanRow]:
    """Rows that answer the filters, with the headings over them.

    A heading whose words answer a search keeps all below it that answers the other filters.
    """
    whole_headings = _headings_found(rows, filters)
    without_search = replace(filters, text="")
    answers: list[bool] = []
    needed: set[str] = set()
    for row in rows:
        found_above = not whole_headings.isdisjoint(row.above)
        filters_of_row = without_search if found_above else filters
        answers.append(row.kind != HEADING and filters_of_row.answered_by(row))
        if answers[-1]:
            needed.update(row.above)
    return [
        row for row, answer in zip(rows, answers, strict=True) if answer or _is_needed(row, needed)
    ]


def _headings_found(rows: Sequence[PlanRow], filters: Filters) -> set[str]:
    if not filters.text:
        return set()
    return {row.code for row in rows if row.kind == HEADING and filters.answered_by(row)}


def _is_needed(row: PlanRow, needed: Collection[str]) -> bool:
    return row.kind == HEADING and row.code in needed
