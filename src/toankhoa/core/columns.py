"""Which column of a plan's table is what: by the words of its headers, else by what its cells look like."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from toankhoa.core.measures import Vocabulary
from toankhoa.core.plan import Headers
from toankhoa.core.problems import Problem, Severity, Source
from toankhoa.core.table import Cell, Table
from toankhoa.core.text import tidy, words_of
from toankhoa.core.wording import read_boards, read_levels

_YEAR = re.compile(r"(?:năm )?((?:19|20)\d\d)", re.IGNORECASE)
_HEADER_ROWS = 5  # years stand in one of the first rows, or the table is no plan
_ORDINAL = re.compile(r"(?:[IVXLC]+|\d+(?:\.\d+)*|[a-zđ])[.)]?")
_HEADER_WORDS = {
    "number": ("stt", "tt", "so tt", "so thu tu"),
    "levels": ("cap thuc hien", "cap trien khai", "cap"),
    "boards": ("ban thuc hien", "ban phu trach", "chu tri", "phu trach", "tham muu", "ban"),
    "title": ("hoat dong", "noi dung", "chi tieu", "nhiem vu", "cong viec", "dau viec"),
}


class Grid:
    """A table as a person sees it: a merged cell is met at each place it covers."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._cells: dict[tuple[int, int], Cell] = {}
        for index, row in enumerate(table.rows):
            for cell in row.cells:
                covered = product(range(index, index + cell.rows), range(cell.column, cell.column + cell.columns))
                self._cells |= dict.fromkeys(covered, cell)

    def at(self, row: int, column: int | None) -> Cell | None:
        """The cell that covers that place, or None."""
        return None if column is None else self._cells.get((row, column))

    def column(self, column: int, first: int) -> Iterator[str]:
        """The tidied texts of a column from a row on, blank ones left out."""
        for row in range(first, len(self.table.rows)):
            cell = self.at(row, column)
            if cell and cell.columns == 1 and (text := tidy(cell.text)):
                yield text


@dataclass(frozen=True, slots=True)
class Columns:
    """Places of the columns of a plan's table; `first` is the first row under the headers."""

    title: int
    years: Mapping[int, int]  # year → column
    number: int | None
    levels: int | None
    boards: int | None
    first: int
    headers: Headers
    problems: tuple[Problem, ...]


def read_columns(grid: Grid, vocabulary: Vocabulary) -> Columns | None:
    """What each column is; None where the table has no years over its columns, and so is no plan."""
    first = _first_row(grid)
    if not first:
        return None
    width = range(grid.table.width)
    years = {year: column for column in width if (year := _year(grid.at(first - 1, column)))}
    free = [column for column in width if column not in years.values()]
    words = {column: _header(grid, column, first) for column in free}
    roles = _by_words(words)
    roles |= _by_shape(grid, first, [column for column in free if column not in roles.values()], roles, vocabulary)
    if "title" not in roles:
        return None
    over_years = _header(grid, min(years.values()), first - 1)
    return Columns(
        title=roles["title"],
        years=dict(sorted(years.items())),
        number=roles.get("number"),
        levels=roles.get("levels"),
        boards=roles.get("boards"),
        first=first,
        headers=Headers(**{role: words[column] for role, column in roles.items()}, years=over_years),
        problems=tuple(_unknown(grid, first, [column for column in free if column not in roles.values()], words)),
    )


def _first_row(grid: Grid) -> int:
    """The row after the one that names the years; 0 where none does."""
    for row in range(min(_HEADER_ROWS, len(grid.table.rows))):
        if any(_year(grid.at(row, column)) for column in range(grid.table.width)):
            return row + 1
    return 0


def _year(cell: Cell | None) -> int | None:
    said = _YEAR.fullmatch(tidy(cell.text)) if cell else None
    return int(said.group(1)) if said else None


def _header(grid: Grid, column: int, rows: int) -> str:
    """The words over a column, each cell once."""
    cells = dict.fromkeys(cell for row in range(rows) if (cell := grid.at(row, column)))
    return tidy(" ".join(cell.text for cell in cells))


def _by_words(words: Mapping[int, str]) -> dict[str, int]:
    roles: dict[str, int] = {}
    for role, said in _HEADER_WORDS.items():
        named = (column for column, text in words.items() if column not in roles.values() and _says(text, said))
        if (column := next(named, None)) is not None:
            roles[role] = column
    return roles


def _says(text: str, said: tuple[str, ...]) -> bool:
    """Whether a header holds one of the phrases, or is one of the single words: "ban" alone, not in "văn bản"."""
    folded = words_of(text)
    return any(re.search(rf"\b{words}\b", folded) if " " in words else folded == words for words in said)


def _by_shape(
    grid: Grid, first: int, free: list[int], known: Mapping[str, int], vocabulary: Vocabulary
) -> dict[str, int]:
    """Roles that no header names, given to the columns whose cells mostly look the part; the title is the longest."""
    looks: dict[str, Callable[[str], object]] = {
        "number": _ORDINAL.fullmatch,
        "levels": lambda text: read_levels(text, vocabulary, Source())[0],
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


def _unknown(grid: Grid, first: int, columns: list[int], words: Mapping[int, str]) -> Iterator[Problem]:
    for column in columns:
        texts = list(grid.column(column, first))
        if texts:
            message = (
                f"Không hiểu cột “{words[column]}”: {len(texts)} ô của cột này không vào kế hoạch. "
                "Hãy đổi tên cột, hoặc chuyển nội dung sang cột khác."
            )
            header = grid.at(0, column)
            yield Problem("column-unknown", Severity.ERROR, message, header.source if header else Source(), texts[0])
