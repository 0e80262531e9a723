"""Which column of a plan's table is what.

An officer's answer comes first, then the words of the headers, last the look of the cells.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from toankhoa.core.basics import Problem, Severity, Source, tidy, words_of
from toankhoa.core.compiling.carriers import read_boards, read_levels
from toankhoa.core.compiling.headers import MEANINGS, Period, key_of, meaning_of, name_of, period_of
from toankhoa.core.compiling.tables import Table, TableCell
from toankhoa.core.measures import Vocabulary
from toankhoa.core.plan import Headers

# A column's number, or the words over it → its meaning, a year ("2021") or a span ("2021-2025").
Answers = Mapping[int | str, str]

_HEADER_ROWS = 6  # headers stand in the first rows, or the table is no plan
_ORDINAL = re.compile(r"(?:[IVXLC]+|\d+(?:\.\d+)*|[a-zđ])[.)]?")
# The row under the headers that numbers the columns: "(1)", "2", "A".
_COUNTED = re.compile(r"\(?(?:\d{1,2}|[A-Za-z])\)?")
_WHEN = re.compile(
    r"(?:(?:năm|tháng|quý)\s)?[\dIVX/ .–-]*(?:19|20)\d\d(?: ?[-–] ?(?:19|20)\d\d)?", re.IGNORECASE
)
_DIGIT = re.compile(r"\d")
_ROLES_WITH_HEADER = ("number", "title", "levels", "boards")  # fields of `Headers`
_NEVER_ALONE = {"title", "number", "unit", "remark"}  # any table may have these: no sign of a plan
# The share of a column's cells above which it is taken for what they look like.
_LOOKS_THE_PART = 1 / 2

_Look = Callable[[str], object]  # whether a cell's text looks like a certain meaning


class Grid:
    """A table as a person sees it: a merged cell is met at each place it covers."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._cells: dict[tuple[int, int], TableCell] = {}
        for index, row in enumerate(table.rows):
            for cell in row.cells:
                rows = range(index, index + cell.rows)
                columns = range(cell.column, cell.column + cell.columns)
                self._cells |= dict.fromkeys(product(rows, columns), cell)

    def at(self, row: int, column: int | None) -> TableCell | None:
        """The cell that covers that place, or None."""
        if column is None:
            return None
        return self._cells.get((row, column))

    def own(self, column: int, first: int) -> Iterator[TableCell]:
        """The cells with words in that column alone, from a row on.

        A cell merged over several rows comes at each row it covers.
        """
        for row in range(first, len(self.table.rows)):
            cell = self.at(row, column)
            if cell and cell.columns == 1 and tidy(cell.text):
                yield cell

    def column(self, column: int, first: int) -> Iterator[str]:
        """Their tidied texts."""
        for cell in self.own(column, first):
            yield tidy(cell.text)


@dataclass(frozen=True, slots=True)
class Columns:
    """Places of the columns of a plan's table; `first` is the first row under the headers.

    `places`: meaning (one of MEANINGS) → column; `years`: year → column; `spans`: years → column.
    """

    places: Mapping[str, int]
    years: Mapping[int, int]
    spans: Mapping[Period, int]
    first: int
    headers: Headers
    problems: tuple[Problem, ...]

    def all_years(self) -> set[int]:
        """The years that any column is for, those of spans too."""
        years = set(self.years)
        for first, last in self.spans:
            years.update(range(first, last + 1))
        return years


@dataclass(frozen=True, slots=True)
class _HeadedTable:
    """A table, the words over each of its columns, and what an officer answered about some.

    `first`: the first row under the headers.
    """

    grid: Grid
    first: int
    words: Mapping[int, str]
    answered: Mapping[int, str]

    @property
    def columns(self) -> range:
        return range(self.grid.table.width)

    def texts(self, column: int) -> list[str]:
        """The texts that a column has of its own, under its header."""
        return list(self.grid.column(column, self.first))

    def length(self, column: int) -> int:
        """Characters in a column: the longest one of a plan is what its rows are about."""
        return sum(map(len, self.texts(column)))

    def share(self, column: int, look: _Look) -> float:
        """Which part of a column's cells looks like something."""
        texts = self.texts(column)
        alike = list(filter(look, texts))
        return len(alike) / len(texts) if texts else 0.0

    def lowest(self, column: int) -> TableCell | None:
        """The header next to the cells of a column."""
        for row in range(self.first - 1, -1, -1):
            cell = self.grid.at(row, column)
            if cell and _is_header(cell):
                return cell
        return None


def read_columns(
    grid: Grid, vocabulary: Vocabulary, answers: Answers | None = None, *, headless: bool = False
) -> Columns | None:
    """What each column is; None where the headers name no plan.

    A `headless` table is read by its cells alone.
    """
    first = 0 if headless else _first_row(grid)
    if not first and not headless:
        return None
    words = _headers_by_column(grid, first)
    answered, problems = _answered(answers or {}, words, grid)
    table = _HeadedTable(grid, first, words, answered)
    dated = _dated_columns(table)
    periods = _each_period_once(dated)
    undated = [column for column in table.columns if column not in dated]
    places = _places_by_words(table, _meanings(table, undated))
    places |= _places_by_look(table, _unplaced(table, undated, places), places, vocabulary)
    if not _is_plan(places, has_periods=bool(periods), headless=headless):
        return None
    return Columns(
        places=places,
        years=_years(periods),
        spans=_spans(periods),
        first=first,
        headers=_headers(table, _keys(places, periods)),
        problems=(*problems, *_not_understood(table, places, periods)),
    )


def _is_plan(places: Mapping[str, int], *, has_periods: bool, headless: bool) -> bool:
    """Whether rows have words, and anything beside them that is asked for or known."""
    if "title" not in places:
        return False
    return has_periods or headless or bool(places.keys() - _NEVER_ALONE)


# The rows of headers


def _first_row(grid: Grid) -> int:
    """The row after the last one that names columns; 0 where none of the first rows does."""
    rows = range(min(_HEADER_ROWS, len(grid.table.rows)))
    start = next((row for row in rows if _names_columns(grid, row)), None)
    if start is None:
        return 0
    first = start + 1
    while first in rows and (_is_covered(grid, first) or _only_names(grid, first)):
        first += 1
    if first < len(grid.table.rows) and _numbers_columns(grid, first):
        first += 1
    return first


def _is_covered(grid: Grid, row: int) -> bool:
    """Whether cells from above are merged over a whole row."""
    return not grid.table.rows[row].cells


def _filled(grid: Grid, row: int) -> list[TableCell]:
    """The cells with words that begin in a row."""
    return [cell for cell in grid.table.rows[row].cells if tidy(cell.text)]


def _texts(grid: Grid, row: int) -> list[str]:
    return list(filter(None, grid.table.rows[row].texts()))


def _is_known(text: str) -> bool:
    return bool(period_of(text) or meaning_of(text))


def _names_columns(grid: Grid, row: int) -> bool:
    """Two cells that are headers, or a year; and not more that are none."""
    texts = _texts(grid, row)
    known = list(filter(_is_known, texts))
    enough = len(known) > 1 or any(map(period_of, known))
    return enough and len(known) >= len(texts) - len(known)


def _only_names(grid: Grid, row: int) -> bool:
    """A further row of headers: years, or several names of columns that stand under wider headers.

    A row of names under narrow headers is a row of the plan that happens to be worded so.
    """
    texts = _texts(grid, row)
    if not texts or not all(map(_is_known, texts)):
        return False
    if any(map(period_of, texts)):
        return True
    return len(texts) > 1 and all(_is_under_wider(grid, row, cell) for cell in _filled(grid, row))


def _is_under_wider(grid: Grid, row: int, cell: TableCell) -> bool:
    above = grid.at(row - 1, cell.column)
    return above is None or above.columns > 1 or not above.text


def _numbers_columns(grid: Grid, row: int) -> bool:
    texts = _texts(grid, row)
    return len(texts) > 2 and len(texts) == len(set(texts)) and all(map(_COUNTED.fullmatch, texts))


def _headers_by_column(grid: Grid, first: int) -> dict[int, str]:
    return {column: _header(grid, column, first) for column in range(grid.table.width)}


def _header(grid: Grid, column: int, rows: int) -> str:
    """The words over a column, each cell once.

    Rows that only number the columns, or name the table, say nothing.
    """
    texts = [tidy(cell.text) for cell in _cells_over(grid, column, rows)]
    return tidy(" ".join(text for text in texts if not _COUNTED.fullmatch(text)))


def _cells_over(grid: Grid, column: int, rows: int) -> Iterable[TableCell]:
    """The cells over a column, each once, but for the table's own name."""
    cells: dict[TableCell, None] = {}
    for row in range(rows):
        cell = grid.at(row, column)
        if cell and _is_of_columns(cell, grid):
            cells[cell] = None
    return cells


def _is_header(cell: TableCell) -> bool:
    text = tidy(cell.text)
    return bool(text) and not _COUNTED.fullmatch(text)


def _is_of_columns(cell: TableCell, grid: Grid) -> bool:
    """Whether a header is not the table's own name, over all its columns."""
    return cell.columns < grid.table.width or grid.table.width == 1


# First the officer's answers


def _answered(
    answers: Answers, words: Mapping[int, str], grid: Grid
) -> tuple[dict[int, str], list[Problem]]:
    """The officer's answers by column; an answer that means nothing is a problem.

    A column is named by its number ("3"), by table and number ("1:3"), or by the words over it.
    """
    columns = _columns_by_name(words, grid.table.rows[0].source.table)
    answered: dict[int, str] = {}
    problems = []
    for name, meaning in answers.items():
        column = columns.get(words_of(str(name)))
        if column is not None and (meaning in MEANINGS or period_of(meaning)):
            answered[column] = meaning
        else:
            problems.append(_answer_unknown(str(name), meaning))
    return answered, problems


def _columns_by_name(words: Mapping[int, str], table: int | None) -> dict[str, int]:
    names = {words_of(text): column for column, text in words.items() if text}
    for column in words:
        names[str(column)] = column
        names[f"{table} {column}"] = column
    return names


def _answer_unknown(name: str, meaning: str) -> Problem:
    message = (
        f"Trả lời “{name}: {meaning}” không khớp cột nào của bảng. Hãy chọn lại nghĩa của cột."
    )
    return Problem("answer-unknown", Severity.WARNING, message, Source(), name)


# Then the columns of years


def _dated_columns(table: _HeadedTable) -> dict[int, Period]:
    """The years that each column is for, where it is for any."""
    dated: dict[int, Period] = {}
    for column in table.columns:
        period = _period(table, column)
        if period:
            dated[column] = period
    return dated


def _period(table: _HeadedTable, column: int) -> Period | None:
    """The years a column is for: as answered, else as its lowest header says.

    Headers that speak of what was done ("Thực hiện năm 2020") name no year of the plan.
    """
    if column in table.answered:
        return period_of(table.answered[column])
    lowest = table.lowest(column)
    period = period_of(lowest.text) if lowest else None
    if period and meaning_of(table.words[column]) == "baseline":
        return None
    return period


def _each_period_once(dated: Mapping[int, Period]) -> dict[int, Period]:
    """Of two columns for the same years the first one counts; the second is asked about."""
    once: dict[int, Period] = {}
    for column, period in dated.items():
        if period not in once.values():
            once[column] = period
    return once


def _years(periods: Mapping[int, Period]) -> dict[int, int]:
    years = {first: column for column, (first, last) in periods.items() if first == last}
    return dict(sorted(years.items()))


def _spans(periods: Mapping[int, Period]) -> dict[Period, int]:
    return {period: column for column, period in periods.items() if period[0] < period[1]}


# Then the words over the others


def _meanings(table: _HeadedTable, undated: Sequence[int]) -> dict[int, str | None]:
    """The meaning of each column without years, as answered or as its headers say."""
    meanings = {column: table.answered.get(column) or _meaning(table, column) for column in undated}
    for column in _heading_columns(table, meanings):
        if column not in table.answered:
            meanings[column] = "heading"
    return meanings


def _meaning(table: _HeadedTable, column: int) -> str | None:
    """What the header next to the cells says, else all those over the column.

    "Phối hợp" under "Đơn vị thực hiện" is a column of supporting boards, not of leading ones.
    """
    words = table.words[column]
    meaning, lowest = meaning_of(words), table.lowest(column)
    if meaning == "baseline" or not lowest:
        return meaning
    return meaning_of(lowest.text) or meaning


def _heading_columns(table: _HeadedTable, meanings: Mapping[int, str | None]) -> list[int]:
    """Columns of headings: titles or targets left of the rows' own title, with cells merged down.

    Example: "Mục tiêu" over five rows each, beside it "Hoạt động" with a cell for each row.
    """
    merged: list[int] = []
    own_title = 0
    for column, meaning in meanings.items():
        if meaning not in ("title", "target"):
            continue
        if _is_merged_down(table, column):
            merged.append(column)
        elif meaning == "title":
            own_title = max(own_title, column)
    return [column for column in merged if column < own_title]


def _is_merged_down(table: _HeadedTable, column: int) -> bool:
    return any(cell.rows > 1 for cell in table.grid.own(column, table.first))


def _places_by_words(table: _HeadedTable, meanings: Mapping[int, str | None]) -> dict[str, int]:
    """The column of each meaning: the first one with it, of titles the longest.

    Another title whose cells mostly hold numbers is the target of the whole term.
    """
    places: dict[str, int] = {}
    titles: list[int] = []
    for column, meaning in meanings.items():
        if meaning == "title":
            titles.append(column)
        elif meaning and meaning != "ignore":
            places.setdefault(meaning, column)
    titles.sort(key=table.length, reverse=True)
    if titles:
        places["title"] = titles[0]
    for column in titles[1:]:
        if "target" not in places and table.share(column, _DIGIT.search) > _LOOKS_THE_PART:
            places["target"] = column
    return places


# Last the look of the cells


def _unplaced(
    table: _HeadedTable, undated: Sequence[int], places: Mapping[str, int]
) -> tuple[int, ...]:
    """Columns that neither an answer nor words gave a meaning."""
    placed = {*places.values(), *table.answered}
    return tuple(column for column in undated if column not in placed)


def _places_by_look(
    table: _HeadedTable, unplaced: tuple[int, ...], known: Mapping[str, int], vocabulary: Vocabulary
) -> dict[str, int]:
    """Meanings that no header names, for the columns whose cells mostly look the part.

    What is left and longest is the title.
    """
    places: dict[str, int] = {}
    for meaning, look in _looks(vocabulary).items():
        best = _best_by_look(table, unplaced, look) if meaning not in known else None
        if best is not None:
            places[meaning] = best
            unplaced = tuple(column for column in unplaced if column != best)
    if "title" not in known and unplaced:
        places["title"] = max(unplaced, key=table.length)
    return places


def _looks(vocabulary: Vocabulary) -> dict[str, _Look]:
    """What cells of a column look like, by its meaning."""

    def is_levels(text: str) -> bool:
        levels, problems = read_levels(text, vocabulary, Source())
        return bool(levels) and not problems

    def is_boards(text: str) -> bool:
        boards, _ = read_boards(text, vocabulary, Source())
        return bool(boards)

    return {
        "number": _ORDINAL.fullmatch,
        "deadline": _WHEN.fullmatch,
        "levels": is_levels,
        "boards": is_boards,
    }


def _best_by_look(table: _HeadedTable, columns: Sequence[int], look: _Look) -> int | None:
    shares = {column: table.share(column, look) for column in columns}
    best = max(columns, key=lambda column: shares[column], default=None)
    if best is None or shares[best] <= _LOOKS_THE_PART:
        return None
    return best


# What the headers are called, and what nobody understood


def _keys(places: Mapping[str, int], periods: Mapping[int, Period]) -> dict[int, str]:
    """Meanings and periods by column, left to right, of the columns that rows have cells in.

    A column of headings has none: its cells become rows of their own.
    """
    keys = {column: meaning for meaning, column in places.items() if meaning != "heading"}
    for column, period in periods.items():
        keys[column] = key_of(period)
    return dict(sorted(keys.items()))


def _headers(table: _HeadedTable, keys: Mapping[int, str]) -> Headers:
    """The words over the columns whose meaning is known."""
    wording = {key: _wording(table, column, key) for column, key in keys.items()}
    years = sorted(filter(str.isdigit, wording))
    usual = ["number", "title", *years, "levels", "boards"]
    roles = {role: wording[role] for role in _ROLES_WITH_HEADER if role in wording}
    columns = () if list(wording) == usual else tuple(wording.items())
    return Headers(**roles, years=_words_over_years(table, keys), columns=columns)


def _wording(table: _HeadedTable, column: int, key: str) -> str:
    """The words over a column, or the common name of its meaning where they do not tell it."""
    if column in table.answered:
        return name_of(key)
    lowest = table.lowest(column)
    text = tidy(lowest.text) if lowest else ""
    if key in MEANINGS and meaning_of(text) != key:
        text = table.words[column]
    return text or name_of(key)


def _words_over_years(table: _HeadedTable, keys: Mapping[int, str]) -> str:
    """The header over the columns of single years: "Mức độ đạt từng năm"."""
    for column, key in keys.items():
        words = _words_above_lowest(table, column) if key.isdigit() else ""
        if words:
            return words
    return ""


def _words_above_lowest(table: _HeadedTable, column: int) -> str:
    lowest = table.lowest(column)
    texts = []
    for cell in _cells_over(table.grid, column, table.first):
        if cell is not lowest and _is_header(cell):
            texts.append(tidy(cell.text))
    return " ".join(texts)


def _not_understood(
    table: _HeadedTable, places: Mapping[str, int], periods: Mapping[int, Period]
) -> Iterator[Problem]:
    """A problem for each column with words that has no meaning; one to be ignored is left out."""
    for column in table.columns:
        ignored = table.answered.get(column) == "ignore"
        if ignored or column in periods or column in places.values():
            continue
        texts = table.texts(column)
        if texts:
            yield _column_unknown(table, column, texts)


def _column_unknown(table: _HeadedTable, column: int, texts: Sequence[str]) -> Problem:
    choices = ", ".join(MEANINGS.values())
    message = (
        f"Không hiểu cột “{table.words[column] or column + 1}”: {len(texts)} ô của cột này không "
        f"vào kế hoạch. Hãy cho biết cột này là: {choices}, hay mức của năm nào."
    )
    header = table.grid.at(0, column) or TableCell("", column)
    return Problem("column-unknown", Severity.ERROR, message, header.source, texts[0])
