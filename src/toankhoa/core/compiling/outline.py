"""The rows of a plan's table, from top to bottom.

Each is the goal, a heading, or an activity under the last heading.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from toankhoa.core.basics import Problem, Severity, Source, tidy, tidy_lines, words_of
from toankhoa.core.compiling.carriers import read_boards, read_levels, read_supporting
from toankhoa.core.compiling.columns import Columns, Grid
from toankhoa.core.compiling.document_parts import is_annex
from toankhoa.core.compiling.frame import FrameLine
from toankhoa.core.compiling.headers import DETAILS, Period, key_of
from toankhoa.core.compiling.inheritance import boards_of, of_whole_term, timed
from toankhoa.core.compiling.language.prose import read_prose
from toankhoa.core.compiling.language.quantity import Language
from toankhoa.core.compiling.language.targets import is_mark, parse_cell
from toankhoa.core.compiling.spreading import spread, with_unit, with_units
from toankhoa.core.compiling.tables import TableCell
from toankhoa.core.measures import Vocabulary
from toankhoa.core.plan import Activity, Commitment, Objective, Target

_GOAL = re.compile(r"mục tiêu(?: chung)?\s*:\s*", re.IGNORECASE)
_NAMED = re.compile(r"(chỉ tiêu\s*(\d+))\s*[:.]?\s*", re.IGNORECASE)
_ROMAN = re.compile(r"([IVXLC]+|[A-Z])\.?")  # or a capital letter: a section either way
_PLAIN = re.compile(r"(\d{1,3})[.)]?")
_DOTTED = re.compile(r"(\d+(?:\.\d+)*)\.?")
_SUB = re.compile(r"\d+\.(?:\d+\.?)*")
_IN_TITLE = re.compile(r"([IVXLC]+|[A-Z]|\d+(?:\.\d+)*)[.)]\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class TableEntry:
    """One row by the meaning of its cells; `merged` where the title covers the years."""

    number: FrameLine
    title: FrameLine
    merged: bool
    years: dict[int, FrameLine]
    levels: FrameLine
    boards: FrameLine
    details: dict[str, str] = field(default_factory=dict)
    totals: tuple[Target, ...] = ()  # of the whole term, beside the years
    of_term: frozenset[int] = frozenset()  # years whose cell speaks for the whole term
    listed: bool = False  # a row for sure, however it looks
    opens: bool = False  # numbered like a row, but the rows below begin anew under it

    @property
    def blank_years(self) -> bool:
        """Whether nothing stands under the years."""
        return not any(cell.text for cell in self.years.values())

    @property
    def is_bare(self) -> bool:
        """Whether it has nothing but a number, a title and boards."""
        return self.blank_years and not self.levels.text and not self.details

    @property
    def printed_number(self) -> str:
        """Its number, from its own cell or from the head of its title."""
        numbered = _IN_TITLE.match(self.title.text)
        if numbered and not self.number.text:
            return numbered.group(1)
        return self.number.text

    @property
    def is_heading(self) -> bool:
        """Whether it is a title over the years, or a numbered one without years or levels.

        Numbers of headings: "I", "1.1", "Chỉ tiêu 5".
        """
        if self.listed or not self.is_bare:
            return False
        if self.merged or self.opens:
            return True
        number = self.printed_number
        numbered = _ROMAN.fullmatch(number) or _SUB.fullmatch(number)
        return bool(numbered or _NAMED.match(self.title.text))


@dataclass(slots=True)
class Outline:
    """What the rows read so far make."""

    language: Language
    vocabulary: Vocabulary
    goal: str = ""
    sources: dict[str, Source] = field(default_factory=dict)
    objectives: dict[str, Objective] = field(default_factory=dict)
    activities: list[Activity] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)  # rows by heading
    codes: set[str] = field(default_factory=set)  # of headings and rows
    # of headings since a name above a table: what may not come twice
    numbers: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    section: str | None = None  # code of the last heading that stands under no other
    # no year columns: a target without a time is one of the whole term
    untabled: bool = False
    heading: str | None = None  # code of the heading that rows belong to


def read_rows(grid: Grid, columns: Columns, years: Sequence[int], outline: Outline) -> None:
    """Reads the rows under the headers into the outline, with a cell for each of the years."""
    entries = list(_entries(grid, columns, years, outline))
    timed = bool(columns.years or columns.spans or "deadline" in columns.places)
    for entry, below in zip_longest(entries, entries[1:]):
        read_entry(replace(entry, opens=timed and _opens(entry, below)), outline)


def _opens(entry: TableEntry, below: TableEntry | None) -> bool:
    """Whether a bare row with a plain number is a heading: not the next number follows it.

    "2" is a heading where "2.1" comes below it, or a row that begins anew with "1" or "a".
    """
    plain = _PLAIN.fullmatch(entry.printed_number)
    if not plain or not below or not entry.is_bare:
        return False
    number, following = int(plain.group(1)), below.printed_number
    if below.is_bare:
        return following.startswith(f"{number}.") and not _PLAIN.fullmatch(following)
    after = _PLAIN.fullmatch(following)
    return not after or int(after.group(1)) != number + 1


def _entries(
    grid: Grid, columns: Columns, years: Sequence[int], outline: Outline
) -> Iterator[TableEntry]:
    """The rows with a title, before them the headings beside them.

    A row without a title is a problem.
    """
    printed = {_texts(grid, index) for index in range(columns.first)}
    above = ""
    for index in range(columns.first, len(grid.table.rows)):
        texts = _texts(grid, index)
        if texts in printed:
            continue  # the headers again, on the next page
        entry = _entry(_RowCells(grid, columns, index), years, outline)
        beside = _heading_beside(grid, columns, index)
        if beside:
            if beside.text != above:
                yield _heading_entry(beside)
            above = beside.text
        elif entry.merged:
            above = ""
        if entry.title.text:
            yield entry
        elif any(texts):
            outline.problems.append(_without_title(grid, index))


def _heading_beside(grid: Grid, columns: Columns, index: int) -> FrameLine | None:
    """The words that a column of headings has beside a row; None where there are none."""
    cell = grid.at(index, columns.places.get("heading"))
    title = grid.at(index, columns.places["title"])
    if cell is None or cell is title or not tidy(cell.text):
        return None
    return FrameLine(tidy_lines(cell.text), cell.source)


def _texts(grid: Grid, index: int) -> tuple[str, ...]:
    return grid.table.rows[index].texts()


@dataclass(frozen=True, slots=True)
class _RowCells:
    """One row of the table, its cells asked for by column or by what the column means."""

    grid: Grid
    columns: Columns
    index: int

    @property
    def title(self) -> TableCell | None:
        return self.grid.at(self.index, self.columns.places["title"])

    @property
    def is_merged(self) -> bool:
        """Whether the title covers a column that a row of its own has a cell in."""
        title = self.title
        if title is None:
            return False
        return any(
            self.grid.at(self.index, place) is title for place in _beside_title(self.columns)
        )

    def line(self, column: int | None) -> FrameLine:
        """The text of a cell; blank where there is none, or where the title covers it."""
        cell = self.grid.at(self.index, column)
        if cell is None or cell is self.title:
            return FrameLine("", self.grid.table.rows[self.index].source)
        return FrameLine(tidy_lines(cell.text), cell.source)

    def title_line(self) -> FrameLine:
        if self.title is None:
            return self.line(None)
        return FrameLine(tidy_lines(self.title.text), self.title.source)

    def of(self, meaning: str) -> FrameLine:
        return self.line(self.columns.places.get(meaning))

    def years(self) -> dict[int, FrameLine]:
        return {year: self.line(column) for year, column in self.columns.years.items()}

    def spans(self) -> dict[Period, FrameLine]:
        """The cells of columns for several years."""
        return {period: self.line(column) for period, column in self.columns.spans.items()}


def _entry(cells: _RowCells, years: Sequence[int], outline: Outline) -> TableEntry:
    by_year, spans = cells.years(), cells.spans()
    # What stands in a column for several years, by the key that it has among the details.
    beside = {key_of(period): line for period, line in spans.items()}
    if "target" in cells.columns.places and years:
        beside["target"] = spans[years[0], years[-1]] = cells.of("target")
    due = spread(by_year, spans, cells.of("deadline"), years)
    details = _details(cells)
    details |= _not_spread(beside, due)
    return TableEntry(
        number=cells.of("number"),
        title=cells.title_line(),
        merged=cells.is_merged,
        years=due,
        levels=cells.of("levels"),
        boards=cells.of("boards"),
        details=details,
        of_term=_years_of_spans(spans, due),
        totals=tuple(_totals(by_year, spans, details.get("unit", ""), outline)),
    )


def _details(cells: _RowCells) -> dict[str, str]:
    """What the columns say that the product's own table has no column for."""
    details = {}
    for meaning in DETAILS:
        text = cells.of(meaning).text
        if text:
            details[meaning] = text
    return details


def _not_spread(beside: Mapping[str, FrameLine], due: Mapping[int, FrameLine]) -> dict[str, str]:
    """The words of columns for several years that are no year's: they stay among the details.

    The line itself is looked for, not one with the same words: two columns may both say "80%".
    """
    spread_lines = set(map(id, due.values()))
    details = {}
    for key, line in beside.items():
        if line.text and id(line) not in spread_lines:
            details[key] = line.text
    return details


def _years_of_spans(
    spans: Mapping[Period, FrameLine], due: Mapping[int, FrameLine]
) -> frozenset[int]:
    """Years whose cell is that of a span which ends in them: it speaks for the whole term."""
    return frozenset(last for (_, last), line in spans.items() if due.get(last) is line)


def _beside_title(columns: Columns) -> Iterator[int]:
    """Columns of which a row of its own has cells.

    They are the years, or what stands for them where there are none.
    """
    yield from columns.years.values()
    yield from columns.spans.values()
    if columns.years:
        return
    for meaning, place in columns.places.items():
        if meaning not in ("title", "number"):
            yield place


def _totals(
    cells: Mapping[int, FrameLine], spans: Mapping[Period, FrameLine], unit: str, outline: Outline
) -> Iterator[Target]:
    """Targets of a column for several years, where its last year has a column of its own."""
    for (_, last), line in spans.items():
        if last in cells and not is_mark(line.text):
            commitment, problems = parse_cell(line.text, None, outline.language, line.source)
            outline.problems += problems
            for target in commitment.targets:
                yield of_whole_term(with_unit(target, unit))


def read_heading(line: FrameLine, outline: Outline) -> None:
    """A line above a table as the heading of its rows; numbers of headings begin anew under it."""
    outline.numbers.clear()
    read_entry(_heading_entry(line), outline)


def _heading_entry(line: FrameLine) -> TableEntry:
    blank = FrameLine("", line.source)
    return TableEntry(blank, line, merged=True, years={}, levels=blank, boards=blank)


def read_entry(entry: TableEntry, outline: Outline) -> None:
    """One row into the outline: the goal, a heading, or an activity under the last heading."""
    goal = _GOAL.match(entry.title.text)
    if goal and entry.blank_years and not outline.goal:
        outline.goal = entry.title.text[goal.end() :]
        outline.sources["goal"] = entry.title.source
    elif entry.is_heading:
        _add_heading(entry, outline)
    else:
        _add_activity(entry, outline)


def _add_heading(entry: TableEntry, outline: Outline) -> None:
    number, title = _number_and_title(entry)
    code, parent = heading_code(number, _section_of(number, title, outline), outline.objectives)
    if code in outline.numbers:
        outline.problems.append(_number_twice(number, entry))
    outline.numbers.add(code)
    code = _claimed(code, outline)
    boards, unknown = read_boards(entry.boards.text, outline.vocabulary, entry.boards.source)
    reading = read_prose(title, outline.language, entry.title.source)
    outline.problems += [*reading.problems, *unknown]
    outline.objectives[code] = Objective(
        code=code,
        number=number,
        title=title,
        parent=parent,
        boards=boards,
        boards_text=entry.boards.text,
        targets=tuple(timed(reading, (), untabled=outline.untabled)),
        source=entry.title.source,
    )
    outline.heading = code
    if parent is None:
        outline.section = code


def _section_of(number: str, title: str, outline: Outline) -> str | None:
    """The section a heading stands in, None where it begins one of its own.

    Without a number it begins one where an annex does, or beside another such.
    """
    section = outline.section
    if number or section is None:
        return section
    if is_annex(title) or not outline.objectives[section].number:
        return None
    return section


def _number_and_title(entry: TableEntry) -> tuple[str, str]:
    """The number as printed, and the title without it.

    It stands in its own cell or at the head of the title: "Chỉ tiêu 5: …", "1.1. …".
    """
    title = entry.title.text
    named, numbered = _NAMED.match(title), _IN_TITLE.match(title)
    if named:
        return tidy(named.group(1)), title[named.end() :]
    if numbered and not entry.number.text:
        return numbered.group(1), title[numbered.end() :]
    return entry.number.text, title


def heading_code(
    number: str, section: str | None, headings: Collection[str]
) -> tuple[str, str | None]:
    """Code of a heading by its number, and its parent's: I · I.CT05 · II.3 · II.3.2.

    `section`: code of the section it stands in; `headings`: codes so far.
    """
    if roman := _ROMAN.fullmatch(number):
        return roman.group(1), None
    prefix = f"{section}." if section else ""
    if named := _NAMED.fullmatch(number):
        return f"{prefix}CT{int(named.group(2)):02}", section
    if dotted := _DOTTED.fullmatch(number):
        above = prefix + dotted.group(1).rpartition(".")[0]
        return prefix + dotted.group(1), above if above in headings else section
    name = "-".join(words_of(number).upper().split())
    return prefix + (name or f"M{len(headings) + 1}"), section


def free_code(code: str, taken: Collection[str]) -> str:
    """The code, or the first of code-2, code-3, … where a heading or a row has it already."""
    count, free = 1, code
    while free in taken:
        count += 1
        free = f"{code}-{count}"
    return free


def _claimed(code: str, outline: Outline) -> str:
    free = free_code(code, outline.codes)
    outline.codes.add(free)
    return free


def _add_activity(entry: TableEntry, outline: Outline) -> None:
    heading = outline.heading or _unnamed_heading(entry, outline)
    above = outline.objectives[heading].targets
    outline.counts[heading] += 1
    boards, unknown = read_boards(entry.boards.text, outline.vocabulary, entry.boards.source)
    levels, unclear = read_levels(entry.levels.text, outline.vocabulary, entry.levels.source)
    support = entry.details.get("support", "")
    supporting, strange = read_supporting(
        entry.boards.text, support, outline.vocabulary, entry.boards.source
    )
    reading = read_prose(entry.title.text, outline.language, entry.title.source)
    outline.problems += [*reading.problems, *unclear, *unknown, *strange]
    outline.activities.append(
        Activity(
            code=_claimed(f"{heading}.{outline.counts[heading]}", outline),
            number=entry.number.text,
            title=entry.title.text,
            objective=heading,
            levels=levels,
            levels_text=entry.levels.text,
            boards=boards if entry.boards.text else boards_of(heading, outline.objectives),
            boards_text=entry.boards.text,
            supporting=supporting,
            targets=(*timed(reading, above, untabled=outline.untabled), *entry.totals),
            commitments=dict(_commitments(entry, outline)),
            details=entry.details,
            source=entry.title.source,
        )
    )


def _unnamed_heading(entry: TableEntry, outline: Outline) -> str:
    """Rows above any heading stand under one without a name."""
    message = f"Dòng “{entry.title.text}” đứng trước mọi đề mục. Hãy thêm đề mục ở trên dòng này."
    outline.problems.append(
        Problem("row-no-heading", Severity.WARNING, message, entry.title.source, entry.title.text)
    )
    outline.codes.add("0")
    outline.objectives["0"] = Objective(
        code="0", number="", title="", parent=None, source=entry.title.source
    )
    outline.heading = "0"
    return outline.heading


def _commitments(entry: TableEntry, outline: Outline) -> Iterator[tuple[int, Commitment]]:
    unit = entry.details.get("unit", "")
    for year, cell in entry.years.items():
        commitment, problems = parse_cell(cell.text, year, outline.language, cell.source)
        outline.problems += problems
        targets = with_units(commitment.targets, unit)
        if year in entry.of_term:
            targets = tuple(map(of_whole_term, targets))
        yield year, replace(commitment, targets=targets)


def _without_title(grid: Grid, index: int) -> Problem:
    text = " | ".join(filter(None, _texts(grid, index)))
    message = (
        f"Dòng có nội dung “{text}” nhưng không có tên hoạt động. "
        "Hãy ghi tên hoạt động, hoặc gộp vào dòng trên."
    )
    return Problem("row-no-title", Severity.ERROR, message, grid.table.rows[index].source, text)


def _number_twice(number: str, entry: TableEntry) -> Problem:
    message = (
        f"Số thứ tự “{number}” dùng cho hai đề mục. "
        f"Hãy đánh lại số của đề mục “{entry.title.text}”."
    )
    return Problem("number-twice", Severity.WARNING, message, entry.title.source, entry.title.text)
