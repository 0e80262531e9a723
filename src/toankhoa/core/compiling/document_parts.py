"""The parts of a document: the words before its plan, the plan's tables with the words above each, the words after.

A table is one of the plan's where its headers name a plan's columns, or where it goes on with the columns of the table
before it. A letterhead or a block of signatures is words; any other table is named in a problem, so that none is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from toankhoa.core.basics import Problem, Severity, tidy, words_of
from toankhoa.core.compiling.columns import Answers, Columns, Grid, read_columns
from toankhoa.core.compiling.frame import FrameLine, begins_foot, is_frame, lines_of, term_of
from toankhoa.core.compiling.tables import Document, Paragraph, Table
from toankhoa.core.measures import Vocabulary

_CARRIES = {
    "levels",
    "boards",
    "support",
    "target",
    "deadline",
}  # a column of these makes rows tasks of a plan
_ANNEX = (
    "phu luc",
    "bieu ",
    "bang ",
    "danh muc ",
    "kem theo ",
    "ban hanh kem theo ",
)  # a line that names a table
_NAMED_ANNEX = re.compile(r"phu luc\b|(?:bieu|bang)(?: so)? (?:\d|[ivx]+\b)")
_UNIT_NOTE = ("don vi tinh", "dvt")  # "Đơn vị tính: người", over a table's corner
_LONGEST_NAME = 160  # characters of a line that is the heading of the table below it
_FEWEST_COLUMNS = 3  # of a table that goes on with another's columns
_NO_WORDS = re.compile(r"[\d.,%IVXxa-h)]+|[-–✓]")


@dataclass(slots=True)
class PlanTable:
    """A table of the plan, its columns, and the lines between the block before it and itself."""

    grid: Grid
    columns: Columns
    above: list[FrameLine]


@dataclass(slots=True)
class Parts:
    """Lines before and after, tables between; `problems` name the tables that are no part of the plan."""

    before: list[FrameLine] = field(default_factory=list)
    tables: list[PlanTable] = field(default_factory=list)
    after: list[FrameLine] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_parts(document: Document, vocabulary: Vocabulary, answers: Answers | None = None) -> Parts:
    """The document in its parts; without `tables` where none of its tables is a plan's."""
    found = _find_tables(document, vocabulary, answers)
    parts = Parts(problems=_answered_nowhere([columns for _, columns in found.values()]))
    words: list[Paragraph | Table] = []
    for place, block in enumerate(document.blocks):
        if place in found:
            parts.tables.append(PlanTable(*found[place], above=lines_of(words)))
            words = []
        elif isinstance(block, Paragraph) or not found or len(block.rows) == 1 or is_frame(block):
            words.append(block)
        else:
            parts.problems.append(_no_plan_table(block))
    parts.after = lines_of(words)
    if parts.tables:
        parts.before = _before(parts)
    return parts


def name_above(table: PlanTable) -> FrameLine | None:
    """The heading that the lines above a table give its rows, taken out of them; None where they give none.

    From a line that begins an annex on ("Phụ lục 2", "Biểu số 3") all of them; else the last, where it is short.
    """
    above = table.above
    start = next((place for place, line in enumerate(above) if _begins_annex(line)), None)
    if start is None:
        start = len(above) - 1 if above and _names_rows(above[-1]) else len(above)
    name, table.above = above[start:], above[:start]
    return FrameLine(" ".join(line.text for line in name), name[0].source) if name else None


def _before(parts: Parts) -> list[FrameLine]:
    """The lines before the first table's own; a foot among them, of a plan whose tables are annexes, goes after."""
    first, *later = parts.tables
    lines, first.above = first.above, []
    named = max((place for place, line in enumerate(lines) if _is_numbered_annex(line)), default=0)
    foot = next((place for place, line in enumerate(lines) if begins_foot(line)), None)
    if not first.columns.first and lines:
        lines, first.above = lines[:-1], lines[-1:]
    elif foot is not None:
        annex = next(
            (p for p, line in enumerate(lines) if p > foot and _begins_annex(line)), len(lines)
        )
        parts.after[:0] = lines[foot:annex]
        lines, first.above = lines[:foot], lines[annex:]
    elif named and any(_begins_annex(line) for table in later for line in table.above):
        lines, first.above = lines[:named], lines[named:]
    return lines


def _begins_annex(line: FrameLine) -> bool:
    return line.starts(*_ANNEX) and not line.text.endswith((".", ";"))


def _is_numbered_annex(line: FrameLine) -> bool:
    return _begins_annex(line) and bool(_NAMED_ANNEX.match(words_of(line.text)))


def _names_rows(line: FrameLine) -> bool:
    return (
        len(line.text) <= _LONGEST_NAME
        and not line.text.endswith((".", ";", ":"))
        and not line.starts(*_UNIT_NOTE)
    )


# Which tables

_Read = tuple[Grid, Columns]


def _find_tables(
    document: Document, vocabulary: Vocabulary, answers: Answers | None
) -> dict[int, _Read]:
    """The plan's tables by their place among the blocks; without headers anywhere, those of barred lines."""
    grids = {
        place: Grid(block)
        for place, block in enumerate(document.blocks)
        if isinstance(block, Table)
    }
    read = {
        at: (grid, columns)
        for at, grid in grids.items()
        if (columns := read_columns(grid, vocabulary, answers))
    }
    if not read:
        barred = {at: grid for at, grid in grids.items() if _is_barred(grid)}
        headless = {
            at: (grid, read_columns(grid, vocabulary, answers, headless=True))
            for at, grid in barred.items()
        }
        return {at: (grid, columns) for at, (grid, columns) in headless.items() if columns}
    term = _term(document)
    plans = {at: table for at, table in read.items() if _is_plan(table[1], term)}
    if not plans:
        longest = max(read, key=lambda at: len(read[at][0].table.rows))
        plans = {longest: read[longest]}
    return dict(_with_rest(grids, plans))


def _is_barred(grid: Grid) -> bool:
    return bool(grid.table.rows) and grid.table.rows[0].source.paragraph is not None


def _term(document: Document) -> tuple[int, ...]:
    lines = (block.text for block in document.blocks if isinstance(block, Paragraph))
    return next((term for text in lines if (term := term_of(text))), ())


def _is_plan(columns: Columns, term: Sequence[int]) -> bool:
    """Whether its rows are asked for in a year, by someone, or by a day; levels before the term are results."""
    last = max((*columns.years, *(last for _, last in columns.spans)), default=None)
    if last is not None:
        return not term or last >= term[0]
    return bool(_CARRIES & columns.places.keys())


def _with_rest(
    grids: Mapping[int, Grid], plans: Mapping[int, _Read]
) -> Iterator[tuple[int, _Read]]:
    """The plan's tables and those without headers that go on with the columns of the one before."""
    last: _Read | None = None
    for at, grid in grids.items():
        if at in plans:
            last = plans[at]
            yield at, last
        elif last and _goes_on(grid, last[0]) and not is_frame(grid.table):
            yield at, (grid, replace(last[1], first=0, problems=()))
        elif not is_frame(grid.table):
            last = None


def _goes_on(grid: Grid, before: Grid) -> bool:
    """As wide as the table before it, with a first row that is not all words, as headers are."""
    if (
        grid.table.width != before.table.width
        or grid.table.width < _FEWEST_COLUMNS
        or not grid.table.rows
    ):
        return False
    texts = [tidy(cell.text) for cell in grid.table.rows[0].cells]
    return not all(texts) or any(_NO_WORDS.fullmatch(text) for text in texts)


# What is said of the rest


def _answered_nowhere(tables: Iterable[Columns]) -> list[Problem]:
    """An answer of the officer is in vain only where no table has the column."""
    vain = [{problem.fragment: problem for problem in _vain(columns)} for columns in tables]
    return (
        [
            problem
            for fragment, problem in vain[0].items()
            if all(fragment in other for other in vain)
        ]
        if vain
        else []
    )


def _vain(columns: Columns) -> Iterator[Problem]:
    return (problem for problem in columns.problems if problem.code == "answer-unknown")


def _no_plan_table(table: Table) -> Problem:
    first = next(
        (
            texts
            for row in table.rows
            if (texts := [tidy(cell.text) for cell in row.cells if cell.text])
        ),
        [""],
    )
    said = " | ".join(filter(None, first))
    message = (
        f"Bảng {len(table.rows)} hàng bắt đầu bằng “{said}” không được đọc thành kế hoạch: không thấy cột của các năm "
        "kế hoạch, cấp thực hiện, ban chủ trì hay thời hạn. Nếu bảng có chỉ tiêu, hãy ghi tên cột như bảng chính."
    )
    return Problem("table-not-plan", Severity.WARNING, message, table.rows[0].source, said)


def is_annex(title: str) -> bool:
    """Whether an unnumbered heading begins a part of its own: "Phụ lục", "Biểu số 2", or all in capitals."""
    return title.isupper() or bool(_NAMED_ANNEX.match(words_of(title)))
