"""Which column of a plan's table is what: by the officer's answer, the words of its headers, else by its cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from toankhoa.core.basics import Problem, Severity, Source, tidy, words_of
from toankhoa.core.compiling.carriers import read_boards, read_levels
from toankhoa.core.compiling.headers import MEANINGS, Period, key_of, meaning_of, name_of, period_of
from toankhoa.core.compiling.tables import Table, TableCell
from toankhoa.core.measures import Vocabulary
from toankhoa.core.plan import Headers

Answers = Mapping[
    int | str, str
]  # a column's number, or the words over it → its meaning, a year or "2021-2025"

_HEADER_ROWS = 6  # headers stand in the first rows, or the table is no plan
_ORDINAL = re.compile(r"(?:[IVXLC]+|\d+(?:\.\d+)*|[a-zđ])[.)]?")
_COUNTED = re.compile(
    r"\(?(?:\d{1,2}|[A-Za-z])\)?"
)  # the row under the headers that numbers the columns
_WHEN = re.compile(
    r"(?:(?:năm|tháng|quý)\s)?[\dIVX/ .–-]*(?:19|20)\d\d(?: ?[-–] ?(?:19|20)\d\d)?", re.IGNORECASE
)
_KEPT = ("number", "title", "levels", "boards")


class Grid:
    """A table as a person sees it: a merged cell is met at each place it covers."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._cells: dict[tuple[int, int], TableCell] = {}
        for index, row in enumerate(table.rows):
            for cell in row.cells:
                covered = product(
                    range(index, index + cell.rows), range(cell.column, cell.column + cell.columns)
                )
                self._cells |= dict.fromkeys(covered, cell)

    def at(self, row: int, column: int | None) -> TableCell | None:
        """The cell that covers that place, or None."""
        return None if column is None else self._cells.get((row, column))

    def own(self, column: int, first: int) -> Iterator[TableCell]:
        """The cells with words that stand in that column alone, from a row on; a merged one at each row it covers."""
        for row in range(first, len(self.table.rows)):
            cell = self.at(row, column)
            if cell and cell.columns == 1 and tidy(cell.text):
                yield cell

    def column(self, column: int, first: int) -> Iterator[str]:
        """Their tidied texts."""
        return (tidy(cell.text) for cell in self.own(column, first))


@dataclass(frozen=True, slots=True)
class Columns:
    """Places of the columns of a plan's table; `first` is the first row under the headers.

    `places`: meaning (one of MEANINGS) → column; `years`: year → column; `spans`: several years → column.
    """

    places: Mapping[str, int]
    years: Mapping[int, int]
    spans: Mapping[Period, int]
    first: int
    headers: Headers
    problems: tuple[Problem, ...]


def read_columns(
    grid: Grid, vocabulary: Vocabulary, answers: Answers | None = None, *, headless: bool = False
) -> Columns | None:
    """What each column is; None where the headers name no plan. A `headless` table is read by its cells alone."""
    first = 0 if headless else _first_row(grid)
    if not first and not headless:
        return None
    width = range(grid.table.width)
    words = {column: _header(grid, column, first) for column in width}
    answered, problems = _answered(answers or {}, words, grid)
    named = {
        column: period
        for column in width
        if (period := _period(grid, column, first, words, answered))
    }
    periods = {
        column: period for column, period in named.items() if column == _first_of(period, named)
    }
    free = [column for column in width if column not in named]
    meanings = {
        column: answered.get(column) or _meaning(grid, column, first, words[column])
        for column in free
    }
    over = {
        column: meaning
        for column, meaning in _over_rows(grid, first, meanings).items()
        if column not in answered
    }
    places = _by_words(grid, first, meanings | over)
    places |= _by_shape(
        grid,
        first,
        [c for c in free if c not in places.values() and c not in answered],
        places,
        vocabulary,
    )
    if "title" not in places or not (
        periods or headless or places.keys() - {"title", "number", "unit", "remark"}
    ):
        return None
    ignored = {column for column, meaning in answered.items() if meaning == "ignore"}
    unknown = [column for column in width if column not in {*places.values(), *ignored, *periods}]
    years = {first: column for column, (first, last) in sorted(periods.items()) if first == last}
    return Columns(
        places=places,
        years=dict(sorted(years.items())),
        spans={period: column for column, period in periods.items() if period[0] < period[1]},
        first=first,
        headers=_headers(
            grid, first, {**_keys(places), **_keys_of_periods(periods)}, words, answered
        ),
        problems=(*problems, *_unknown(grid, first, unknown, words)),
    )


def _keys(places: Mapping[str, int]) -> dict[int, str]:
    """Meanings by column, of the columns that rows have cells in: headings become rows of their own."""
    return {column: meaning for meaning, column in places.items() if meaning != "heading"}


def _keys_of_periods(periods: Mapping[int, Period]) -> dict[int, str]:
    return {column: key_of(period) for column, period in periods.items()}


def _headers(
    grid: Grid,
    first: int,
    keys: Mapping[int, str],
    words: Mapping[int, str],
    answered: Mapping[int, str],
) -> Headers:
    """The words over the columns whose meaning is known; what an officer said, or a name, where they do not tell it."""
    said: dict[str, str] = {}
    over = ""
    for column, key in sorted(keys.items()):
        lowest = _lowest(grid, column, first)
        text = tidy(lowest.text) if lowest else ""
        text = words[column] if key in MEANINGS and meaning_of(text) != key else text
        said[key] = name_of(key) if column in answered or not text else text
        if key.isdigit() and not over:
            above = dict.fromkeys(grid.at(row, column) for row in range(first))
            over = " ".join(
                tidy(cell.text)
                for cell in above
                if cell and cell is not lowest and _is_header(cell) and _is_of_columns(cell, grid)
            )
    usual = ["number", "title", *sorted(filter(str.isdigit, said)), "levels", "boards"]
    columns = () if list(said) == usual else tuple(said.items())
    return Headers(
        **{role: said[role] for role in _KEPT if role in said}, years=over, columns=columns
    )


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


def _own(grid: Grid, row: int) -> list[str]:
    return [text for cell in grid.table.rows[row].cells if (text := tidy(cell.text))]


def _named(text: str) -> bool:
    return bool(period_of(text) or meaning_of(text))


def _names_columns(grid: Grid, row: int) -> bool:
    """Two cells that are headers, or a year; and not more that are none."""
    texts = _own(grid, row)
    known = [text for text in texts if _named(text)]
    enough = len(known) > 1 or any(map(period_of, known))
    return enough and len(known) >= len(texts) - len(known)


def _only_names(grid: Grid, row: int) -> bool:
    """A further row of headers: only names of columns, with years or, more than one, under wider headers."""
    texts = _own(grid, row)
    if not texts or not all(map(_named, texts)):
        return False
    above = [
        grid.at(row - 1, cell.column) for cell in grid.table.rows[row].cells if tidy(cell.text)
    ]
    wider = all(cell is None or cell.columns > 1 or not cell.text for cell in above)
    return any(map(period_of, texts)) or (len(texts) > 1 and wider)


def _numbers_columns(grid: Grid, row: int) -> bool:
    texts = _own(grid, row)
    return len(texts) > 2 and len(texts) == len(set(texts)) and all(map(_COUNTED.fullmatch, texts))


def _header(grid: Grid, column: int, rows: int) -> str:
    """The words over a column, each cell once; rows that only number the columns, or name the table, say nothing."""
    cells = dict.fromkeys(
        cell for row in range(rows) if (cell := grid.at(row, column)) and _is_of_columns(cell, grid)
    )
    return tidy(" ".join(cell.text for cell in cells if not _COUNTED.fullmatch(tidy(cell.text))))


def _is_of_columns(cell: TableCell, grid: Grid) -> bool:
    """Whether a header is not the table's own name, over all its columns."""
    return cell.columns < grid.table.width or grid.table.width == 1


def _answered(
    answers: Answers, words: Mapping[int, str], grid: Grid
) -> tuple[dict[int, str], list[Problem]]:
    """The officer's answers by column ("3", or "1:3" in table 1); an answer that means nothing is a problem."""
    table = grid.table.rows[0].source.table
    columns = {words_of(text): column for column, text in words.items() if text}
    columns |= {str(c): c for c in words} | {f"{table} {c}": c for c in words}
    found: dict[int, str] = {}
    problems = []
    for asked, meaning in answers.items():
        column = columns.get(words_of(str(asked)))
        if column is None or not (meaning in MEANINGS or period_of(meaning)):
            message = f"Trả lời “{asked}: {meaning}” không khớp cột nào của bảng. Hãy chọn lại nghĩa của cột."
            problems.append(
                Problem("answer-unknown", Severity.WARNING, message, Source(), str(asked))
            )
        else:
            found[column] = meaning
    return found, problems


def _period(
    grid: Grid, column: int, first: int, words: Mapping[int, str], answered: Mapping[int, str]
) -> Period | None:
    """The years a column is for: as answered, as its lowest header says, unless the headers speak of what was done."""
    if column in answered:
        return period_of(answered[column])
    lowest = _lowest(grid, column, first)
    period = period_of(lowest.text) if lowest else None
    return period if period and meaning_of(words[column]) != "baseline" else None


def _lowest(grid: Grid, column: int, first: int) -> TableCell | None:
    """The header next to the cells of a column."""
    cells = (grid.at(row, column) for row in range(first - 1, -1, -1))
    return next((cell for cell in cells if cell and _is_header(cell)), None)


def _first_of(period: Period, named: Mapping[int, Period]) -> int:
    """Of two columns for the same years the first one counts; the other is asked about."""
    return next(column for column, other in named.items() if other == period)


def _is_header(cell: TableCell) -> bool:
    text = tidy(cell.text)
    return bool(text) and not _COUNTED.fullmatch(text)


def _meaning(grid: Grid, column: int, first: int, words: str) -> str | None:
    """What the header next to the cells says ("Phối hợp" under "Đơn vị thực hiện"), else all those over the column."""
    meaning, lowest = meaning_of(words), _lowest(grid, column, first)
    return meaning if meaning == "baseline" or not lowest else meaning_of(lowest.text) or meaning


def _by_words(grid: Grid, first: int, meanings: Mapping[int, str | None]) -> dict[str, int]:
    """The column of each meaning. Of two titles the longer one is it, the other a level where it counts."""
    places: dict[str, int] = {}
    for column, meaning in meanings.items():
        if meaning and meaning not in ("ignore", "title"):
            places.setdefault(meaning, column)
    titles = [column for column, meaning in meanings.items() if meaning == "title"]
    titles.sort(key=lambda column: -sum(map(len, grid.column(column, first))))
    for column in titles[:1]:
        places["title"] = column
    for column in titles[1:]:
        if (
            "target" not in places
            and _share(list(grid.column(column, first)), lambda text: re.search(r"\d", text))
            > 1 / 2
        ):
            places["target"] = column
    return places


def _over_rows(grid: Grid, first: int, meanings: Mapping[int, str | None]) -> dict[int, str]:
    """Columns of headings: titles or targets left of the rows' own title, with cells merged down over several rows."""
    named = [column for column, meaning in meanings.items() if meaning in ("title", "target")]
    merged = [column for column in named if any(cell.rows > 1 for cell in grid.own(column, first))]
    own = max(
        (column for column in named if meanings[column] == "title" and column not in merged),
        default=0,
    )
    return {column: "heading" for column in merged if column < own}


def _by_shape(
    grid: Grid, first: int, free: list[int], known: Mapping[str, int], vocabulary: Vocabulary
) -> dict[str, int]:
    """Roles that no header names, given to the columns whose cells mostly look the part; the title is the longest."""
    looks: dict[str, Callable[[str], object]] = {
        "number": _ORDINAL.fullmatch,
        "deadline": _WHEN.fullmatch,
        "levels": lambda text: (
            read_levels(text, vocabulary, Source())[0]
            and not read_levels(text, vocabulary, Source())[1]
        ),
        "boards": lambda text: read_boards(text, vocabulary, Source())[0],
    }
    roles: dict[str, int] = {}
    for role, look in looks.items():
        if role not in known:
            shares = {column: _share(list(grid.column(column, first)), look) for column in free}
            best = max(shares, key=lambda column: shares[column], default=None)
            if best is not None and shares[best] > 1 / 2:
                roles[role] = best
                free = [column for column in free if column != best]
    if "title" not in known and free:
        roles["title"] = max(free, key=lambda column: sum(map(len, grid.column(column, first))))
    return roles


def _share(texts: list[str], look: Callable[[str], object]) -> float:
    return sum(bool(look(text)) for text in texts) / len(texts) if texts else 0.0


def _unknown(
    grid: Grid, first: int, columns: list[int], words: Mapping[int, str]
) -> Iterator[Problem]:
    for column in columns:
        texts = list(grid.column(column, first))
        if texts:
            choices = ", ".join(MEANINGS.values())
            message = (
                f"Không hiểu cột “{words[column] or column + 1}”: {len(texts)} ô của cột này không vào kế hoạch. "
                f"Hãy cho biết cột này là: {choices}, hay mức của năm nào."
            )
            header = grid.at(0, column)
            yield Problem(
                "column-unknown",
                Severity.ERROR,
                message,
                header.source if header else Source(),
                texts[0],
            )
