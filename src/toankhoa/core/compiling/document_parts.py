"""The parts of a document: the plan's tables, the words before, between and after them.

A table is one of the plan's where its headers name a plan's columns, or where it goes on with the
columns of the table before it. A letterhead or a block of signatures is words; any other table is
named in a problem, so that none is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from toankhoa.core.basics import Problem, Severity, tidy, words_of
from toankhoa.core.compiling.columns import Answers, Columns, Grid, read_columns
from toankhoa.core.compiling.frame import (
    FrameLine,
    begins_foot,
    is_frame,
    lines_of,
    place_of_first,
    term_of,
    texts_of,
)
from toankhoa.core.compiling.tables import Document, Paragraph, Table
from toankhoa.core.measures import Vocabulary

# A column of one of these makes rows tasks of a plan.
_MEANINGS_OF_TASKS = {"levels", "boards", "support", "target", "deadline"}
# A line that names a table begins with one of these.
_ANNEX = ("phu luc", "bieu ", "bang ", "danh muc ", "kem theo ", "ban hanh kem theo ")
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
    """Lines before and after, tables between.

    `problems` name the tables that are no part of the plan.
    """

    before: list[FrameLine] = field(default_factory=list)
    tables: list[PlanTable] = field(default_factory=list)
    after: list[FrameLine] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_parts(document: Document, vocabulary: Vocabulary, answers: Answers | None = None) -> Parts:
    """The document in its parts; without `tables` where none of its tables is a plan's."""
    tables = _find_tables(document, vocabulary, answers)
    parts = Parts(problems=_answered_nowhere([table.columns for table in tables.values()]))
    words: list[Paragraph | Table] = []
    for place, block in enumerate(document.blocks):
        if place in tables:
            table = tables[place]
            parts.tables.append(PlanTable(table.grid, table.columns, above=lines_of(words)))
            words = []
        elif isinstance(block, Paragraph) or not tables or _is_words(block):
            words.append(block)
        else:
            parts.problems.append(_no_plan_table(block))
    parts.after = lines_of(words)
    if parts.tables:
        parts.before = _take_before(parts)
    return parts


def _is_words(table: Table) -> bool:
    return len(table.rows) == 1 or is_frame(table)


def name_above(table: PlanTable) -> FrameLine | None:
    """The heading that the lines above a table give its rows, taken out of them.

    From a line that begins an annex on ("Phụ lục 2", "Biểu số 3") all of them; else the last, where
    it is short. None where they give none.
    """
    above = table.above
    start = place_of_first(above, _begins_annex)
    if start == len(above) and above and _names_rows(above[-1]):
        start -= 1
    name, table.above = above[start:], above[:start]
    if not name:
        return None
    return FrameLine(" ".join(texts_of(name)), name[0].source)


def _take_before(parts: Parts) -> list[FrameLine]:
    """The lines before the plan, taken out of those above its first table.

    A plan whose tables are annexes has its foot among them: it goes after the tables.
    """
    first, *later = parts.tables
    lines = first.above
    foot = place_of_first(lines, begins_foot)
    if not first.columns.first and lines:  # without headers, the last line is the table's name
        end = start = len(lines) - 1
    elif foot < len(lines):
        end = foot
        start = foot + place_of_first(lines[foot:], _begins_annex)
    elif any(map(_has_annex_above, later)):
        end = start = _place_of_last_annex(lines)
    else:
        end = start = len(lines)
    parts.after[:0] = lines[end:start]
    first.above = lines[start:]
    return lines[:end]


def _has_annex_above(table: PlanTable) -> bool:
    return any(map(_begins_annex, table.above))


def _place_of_last_annex(lines: Sequence[FrameLine]) -> int:
    """The place of the last line that begins a numbered annex; where none does, the end."""
    for place in range(len(lines) - 1, 0, -1):
        if _is_numbered_annex(lines[place]):
            return place
    return len(lines)


def _begins_annex(line: FrameLine) -> bool:
    return line.starts(*_ANNEX) and not line.text.endswith((".", ";"))


def _is_numbered_annex(line: FrameLine) -> bool:
    return _begins_annex(line) and bool(_NAMED_ANNEX.match(words_of(line.text)))


def _names_rows(line: FrameLine) -> bool:
    """Whether a line is a heading of the rows below it: short, no sentence, no note of the unit."""
    if len(line.text) > _LONGEST_NAME or line.text.endswith((".", ";", ":")):
        return False
    return not line.starts(*_UNIT_NOTE)


# Which tables


@dataclass(frozen=True, slots=True)
class _ReadTable:
    """A table whose columns are known."""

    grid: Grid
    columns: Columns


def _find_tables(
    document: Document, vocabulary: Vocabulary, answers: Answers | None
) -> dict[int, _ReadTable]:
    """The plan's tables by their place among the blocks.

    Where no table has headers, those that were lines with bars.
    """
    grids: dict[int, Grid] = {}
    for place, block in enumerate(document.blocks):
        if isinstance(block, Table):
            grids[place] = Grid(block)
    tables = _read_tables(grids, vocabulary, answers)
    if not tables:
        barred = {place: grid for place, grid in grids.items() if _is_barred(grid)}
        return _read_tables(barred, vocabulary, answers, headless=True)
    term = _term(document)
    plans = {place: table for place, table in tables.items() if _is_plan(table.columns, term)}
    if not plans:
        longest = max(tables, key=lambda place: len(tables[place].grid.table.rows))
        plans = {longest: tables[longest]}
    return dict(_with_continuations(grids, plans))


def _read_tables(
    grids: Mapping[int, Grid],
    vocabulary: Vocabulary,
    answers: Answers | None,
    *,
    headless: bool = False,
) -> dict[int, _ReadTable]:
    """The tables whose columns are a plan's, by their place."""
    tables: dict[int, _ReadTable] = {}
    for place, grid in grids.items():
        columns = read_columns(grid, vocabulary, answers, headless=headless)
        if columns:
            tables[place] = _ReadTable(grid, columns)
    return tables


def _is_barred(grid: Grid) -> bool:
    return bool(grid.table.rows) and grid.table.rows[0].source.paragraph is not None


def _term(document: Document) -> tuple[int, ...]:
    """The first term that a paragraph names."""
    for block in document.blocks:
        term = term_of(block.text) if isinstance(block, Paragraph) else ()
        if term:
            return term
    return ()


def _is_plan(columns: Columns, term: Sequence[int]) -> bool:
    """Whether its rows are asked for in a year, by someone, or by a day.

    Years before the term are results, not targets.
    """
    years = columns.all_years()
    if years:
        return not term or max(years) >= term[0]
    return bool(_MEANINGS_OF_TASKS & columns.places.keys())


def _with_continuations(
    grids: Mapping[int, Grid], plans: Mapping[int, _ReadTable]
) -> Iterator[tuple[int, _ReadTable]]:
    """The plan's tables, and those without headers that go on with the one before."""
    last: _ReadTable | None = None
    for place, grid in grids.items():
        if place in plans:
            last = plans[place]
            yield place, last
        elif is_frame(grid.table):
            continue
        elif last and _continues(grid, last.grid):
            yield place, _ReadTable(grid, replace(last.columns, first=0, problems=()))
        else:
            last = None


def _continues(grid: Grid, before: Grid) -> bool:
    """As wide as the table before it, with a first row that is not all words, as headers are."""
    width, rows = grid.table.width, grid.table.rows
    if width != before.table.width or width < _FEWEST_COLUMNS or not rows:
        return False
    texts = rows[0].texts()
    return not all(texts) or any(map(_NO_WORDS.fullmatch, texts))


# Problems of tables and of answers


def _answered_nowhere(tables: Iterable[Columns]) -> list[Problem]:
    """An answer of the officer is in vain only where no table has the column."""
    vain = list(map(_answers_in_vain, tables))
    if not vain:
        return []
    in_all = set.intersection(*map(set, vain))
    return [problem for answer, problem in vain[0].items() if answer in in_all]


def _answers_in_vain(columns: Columns) -> dict[str, Problem]:
    """The answers that fit no column of a table, each with its problem."""
    problems = columns.problems
    return {problem.fragment: problem for problem in problems if problem.code == "answer-unknown"}


def _no_plan_table(table: Table) -> Problem:
    words = _first_words(table)
    message = (
        f"Bảng {len(table.rows)} hàng bắt đầu bằng “{words}” không được đọc thành kế hoạch: "
        "không thấy cột của các năm kế hoạch, cấp thực hiện, ban chủ trì hay thời hạn. "
        "Nếu bảng có chỉ tiêu, hãy ghi tên cột như bảng chính."
    )
    return Problem("table-not-plan", Severity.WARNING, message, table.rows[0].source, words)


def _first_words(table: Table) -> str:
    """The cells of the first row that has any words."""
    for row in table.rows:
        texts = [tidy(cell.text) for cell in row.cells if cell.text]
        if texts:
            return " | ".join(filter(None, texts))
    return ""


def is_annex(title: str) -> bool:
    """Whether an unnumbered heading begins a part of its own.

    "Phụ lục" and "Biểu số 2" do, and what is all in capitals.
    """
    return title.isupper() or bool(_NAMED_ANNEX.match(words_of(title)))
