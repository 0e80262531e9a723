"""The living plan's rows as they are shown: the plan's own, and under a heading one row per figure in its words."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.http import QueryDict

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

HEADING, MEASURED, ACTIVITY = "heading", "measured", "activity"


@dataclass(frozen=True, kw_only=True)
class PlanRow:
    """One row. `above`: codes of the headings over it, the nearest first; a measured row stands under its own.

    `tally`: of a heading, all that is asked for right under it, rolled up; None where nothing is.
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
    removed: bool = False  # taken out by an amendment: it stands for the years in which it held

    @property
    def depth(self) -> int:
        """How many headings stand over it."""
        return len(self.above)

    @property
    def numbered_in_words(self) -> bool:
        """Whether the number is part of the words ("Chỉ tiêu 5") and not of the first column ("1.1")."""
        return " " in self.number


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a reader asked to see. `status` is that of the year `year`, or `of_term`; `text`: see `finds`."""

    year: int
    of_term: bool = False
    board: str = ""
    level: str = ""
    status: str = ""
    text: str = ""

    @classmethod
    def read(cls, query: QueryDict, years: tuple[int, ...], this_year: int) -> Filters:
        """From an address; what it does not name, or names wrongly, filters nothing."""
        asked = query.get("nam", "")
        usual = min(max(this_year, years[0]), years[-1])
        return cls(
            year=int(asked) if asked.isdigit() and int(asked) in years else usual,
            of_term=asks_term(query),
            board=query.get("ban", ""),
            level=query.get("cap", ""),
            status=query.get("tinh-trang", ""),
            text=query.get("tim", "").strip(),
        )

    @property
    def active(self) -> bool:
        """Whether anything is left out."""
        return bool(self.board or self.level or self.status or self.text)

    def keep(self, row: PlanRow) -> bool:
        """Whether a row itself answers what was asked."""
        return (
            (not self.board or self.board in row.boards)
            and (not self.level or self.level in row.levels)
            and (not self.status or self.status in self._levels(row))
            and (not self.text or finds(self.text, f"{row.number} {row.words}"))
        )

    def _levels(self, row: PlanRow) -> set[Level]:
        if self.of_term:
            return {reading.result.level for reading in row.term}
        return {
            reading.result.level
            for cell in row.cells
            if cell.year == self.year
            for reading in cell.readings
        }


def asks_term(query: QueryDict) -> bool:
    """Whether an address asks for the whole term in place of its years."""
    return query.get("xem") == "toan-khoa"


def finds(asked: str, text: str) -> bool:
    """Whether a text holds what was asked, marks of tone and punctuation aside: "tin bai" finds "tin/bài"."""
    words = words_of(asked)
    return bool(words) and words in words_of(text)


def rows_of(
    plan: Plan, lines: Sequence[PlanLine], span: Span, removed: Collection[str] = ()
) -> Iterator[PlanRow]:
    """All rows in the plan's order, headings with their rows rolled up in a span.

    `removed`: codes of those that an amendment took out.
    """
    headings = {objective.code: objective for objective in plan.objectives}
    tallies = {code: tally for code, tally in rolled_up(lines, span).items() if tally.with_target}
    for line in lines:
        if isinstance(line.row, Activity):
            row = _activity(line.row, line, headings)
            yield (
                replace(row, removed=True, cells=_held(row.cells))
                if line.row.code in removed
                else row
            )
        else:
            code = line.row.code
            heading = replace(
                _heading(line.row, headings), removed=code in removed, tally=tallies.get(code)
            )
            yield heading
            yield from _measured(heading, line)


def _held(cells: tuple[YearCell, ...]) -> tuple[YearCell, ...]:
    """Of a row that was taken out: the years in which it held. What came in since stands where it is measured now."""
    return tuple(
        cell if any(each.target for each in cell.readings) else replace(cell, readings=())
        for cell in cells
    )


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
    for place, reading in enumerate(line.cells[0].readings if line.cells else ()):
        yield PlanRow(
            kind=MEASURED,
            code=heading.code,
            number="",
            words=reading.indicator.name,
            above=(heading.code, *heading.above),
            cells=tuple(
                YearCell(year=cell.year, commitment=None, readings=(cell.readings[place],))
                for cell in line.cells
            ),
            term=line.term[place : place + 1],
            levels=reading.indicator.levels,
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


def filtered(rows: list[PlanRow], filters: Filters) -> list[PlanRow]:
    """Rows that answer the filters, with the headings over them; a heading that answers a search keeps all below it."""
    found = {row.code for row in rows if row.kind == HEADING and filters.text and filters.keep(row)}
    rest = replace(filters, text="")
    kept = [
        row
        for row in rows
        if row.kind != HEADING and (filters.keep(row) or (found & {*row.above} and rest.keep(row)))
    ]
    needed = {code for row in kept for code in row.above}
    shown = {id(row) for row in kept}
    return [row for row in rows if id(row) in shown or (row.kind == HEADING and row.code in needed)]
