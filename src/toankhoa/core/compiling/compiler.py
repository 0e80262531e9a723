"""A document becomes a plan: ordered passes, each giving what it understood and the problems it met.

The words around the table (frame), what its columns are (columns), its rows from top to bottom (outline); where there
is no table, its numbered lines (listing). What no pass understood becomes a problem; nothing is dropped in silence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from toankhoa.core.basics import Problem, Severity, Source, words_of
from toankhoa.core.compiling.bars import with_barred_tables
from toankhoa.core.compiling.columns import Answers, Columns
from toankhoa.core.compiling.document_parts import Parts, PlanTable, name_above, read_parts
from toankhoa.core.compiling.frame import (
    Foot,
    FrameLine,
    Head,
    Unread,
    begins_foot,
    lines_of,
    missing_parts,
    read_foot,
    read_head,
    term_of,
)
from toankhoa.core.compiling.language.prose import read_prose
from toankhoa.core.compiling.language.quantity import Language
from toankhoa.core.compiling.listing import is_past, opens_item, read_listing
from toankhoa.core.compiling.outline import Outline, read_heading, read_rows
from toankhoa.core.compiling.spreading import years_named
from toankhoa.core.compiling.tables import Document, Paragraph
from toankhoa.core.measures import Vocabulary
from toankhoa.core.plan import Headers, Plan

_REPORTS = ("bao cao", "bien ban", "thong bao", "giay moi", "to trinh")


def compile_document(
    document: Document, vocabulary: Vocabulary, answers: Answers | None = None
) -> tuple[Plan, tuple[Problem, ...]]:
    """The plan in a document and what a person should look at; a document without a plan is a problem, too.

    `answers`: what the officer said of columns, by number (from 0) or by the words over them; see `headers.MEANINGS`.
    """
    document = with_barred_tables(document)
    text = "\n".join(_texts(document))
    outline = Outline(Language.of(vocabulary, text), vocabulary)
    parts = read_parts(document, vocabulary, answers)
    read = (
        _from_tables(document, parts, outline, text)
        if parts.tables
        else _from_lines(document, outline, text)
    )
    return read[0], (*document.problems, *read[1])


def _from_tables(
    document: Document, parts: Parts, outline: Outline, text: str
) -> tuple[Plan, tuple[Problem, ...]]:
    """The plan of its tables, each after the first under the name that stands above it."""
    before, after = Unread(parts.before), Unread(parts.after)
    head, foot = read_head(before), read_foot(after)
    years = _years(parts.tables, term_of(head.title) or term_of(text))
    outline.language = replace(outline.language, term=years)
    loose: list[FrameLine] = []
    for table in parts.tables:
        if name := name_above(table):
            read_heading(name, outline)
        loose += table.above
        read_rows(table.grid, table.columns, years, outline)
    plan = _plan(head, foot, outline, years, _headers(parts.tables))
    columns = (problem for table in parts.tables for problem in table.columns.problems)
    asked = [problem for problem in columns if problem.code != "answer-unknown"]
    missing = missing_parts(plan.sources, document.file)
    problems = (*parts.problems, *asked, *missing, *_each_board_once(outline.problems))
    return plan, (*problems, *map(_unplaced, before.lines + loose + after.lines))


def _headers(tables: Sequence[PlanTable]) -> Headers:
    """The headers of the first table, with the columns that only later tables have at its end."""
    first, *later = (table.columns.headers.of(list(table.columns.years)) for table in tables)
    others = {
        meaning: words
        for table in later
        for meaning, words in table.items()
        if meaning not in first
    }
    headers = tables[0].columns.headers
    if not others:
        return headers
    roles = {role: words for role, words in others.items() if role in Headers.__dataclass_fields__}
    return replace(headers, columns=(*first.items(), *others.items()), **roles)


def _from_lines(
    document: Document, outline: Outline, text: str
) -> tuple[Plan, tuple[Problem, ...]]:
    """The plan of its numbered lines and paragraphs; a document of none has no targets and is no plan."""
    lines = lines_of(document.blocks)
    end = next((place for place, line in enumerate(lines) if begins_foot(line)), len(lines))
    before, after = Unread(lines[:end]), Unread(lines[end:])
    head, foot = read_head(before, body=lambda line: _begins_body(line, outline)), read_foot(after)
    outline.untabled = True
    years = _years_of_lines(head, before.lines, outline, text)
    loose = read_listing(before.lines, years, outline)
    targets = sum(len(row.targets) for row in outline.activities)
    if not targets:
        nothing = Outline(outline.language, outline.vocabulary)
        plan = _plan(head, foot, nothing, (), Headers())
        return plan, (
            _no_plan(document, head),
            *missing_parts(plan.sources, document.file),
            *map(_unplaced, before.lines + after.lines),
        )
    plan = _plan(head, foot, outline, years, Headers())
    note = _no_table(document, len(outline.activities), targets)
    problems = (
        note,
        *missing_parts(plan.sources, document.file),
        *_each_board_once(outline.problems),
    )
    return plan, (*problems, *map(_unplaced, loose + after.lines))


def _begins_body(line: FrameLine, outline: Outline) -> bool:
    return opens_item(line) or bool(read_prose(line.text, outline.language).targets)


def _texts(document: Document) -> Iterator[str]:
    for block in document.blocks:
        if isinstance(block, Paragraph):
            yield block.text
        else:
            yield from (cell.text for row in block.rows for cell in row.cells)


def _years(tables: Sequence[PlanTable], term: Sequence[int]) -> tuple[int, ...]:
    """The years of the columns. A table with deadlines instead reaches over the term, else over the years they name."""
    every = [table.columns for table in tables]
    periods = [
        period
        for columns in every
        for period in (*((year, year) for year in columns.years), *columns.spans)
    ]
    years = {year for first, last in periods for year in range(first, last + 1)}
    due = [table for table in tables if _has_deadlines_alone(table.columns)]
    if years and not due:
        return tuple(sorted(years))
    if term and years <= set(
        term
    ):  # a term named in passing, of other years than the columns', is not the plan's
        return tuple(term)
    deadlines = (
        table.grid.column(table.columns.places["deadline"], table.columns.first) for table in due
    )
    named = years_named(" ; ".join(chain.from_iterable(deadlines)))
    return tuple(sorted(years | set(range(min(named), max(named) + 1) if named else ())))


def _has_deadlines_alone(columns: Columns) -> bool:
    return "deadline" in columns.places and not columns.years and not columns.spans


def _years_of_lines(
    head: Head, lines: Sequence[FrameLine], outline: Outline, text: str
) -> tuple[int, ...]:
    """The term of the title, or of the first heading that looks ahead; and the years that targets name."""
    ahead = (
        line.text for line in lines if not is_past(line.text.lstrip("#* ")) and term_of(line.text)
    )
    term = (
        term_of(head.title)
        or next((term_of(said) for said in ahead if not _speaks_of_past(said)), ())
        or term_of(text)
    )
    targets = [
        target for line in lines for target in read_prose(line.text, outline.language).targets
    ]
    return tuple(sorted({*term, *(year for target in targets for year in target.years)}))


def _speaks_of_past(text: str) -> bool:
    return any(is_past(part.strip()) for part in text.split(":"))


def _plan(head: Head, foot: Foot, outline: Outline, years: Sequence[int], headers: Headers) -> Plan:
    return Plan(
        organisation=head.organisation,
        body=head.body,
        number=head.number,
        date=head.date,
        place=head.place,
        motto=head.motto,
        title=head.title,
        goal=outline.goal,
        bases=head.bases,
        years=tuple(years),
        objectives=tuple(outline.objectives.values()),
        activities=tuple(outline.activities),
        closing=foot.closing,
        signature=foot.signature,
        recipients=foot.recipients,
        headers=headers,
        sources=head.sources | outline.sources | foot.sources,
    )


def _no_plan(document: Document, head: Head) -> Problem:
    """No table and no target in words: another kind of paper, or a plan that was not read."""
    kind = next(
        (line for line in head.title.splitlines() if words_of(line).startswith(_REPORTS)), ""
    )
    if kind:
        message = f"Văn bản này là “{kind}”, không phải kế hoạch: không có chỉ tiêu nào phải đạt. Hãy chọn tệp kế hoạch."
        return Problem(
            "not-a-plan",
            Severity.ERROR,
            message,
            head.sources.get("title", Source(document.file)),
            kind,
        )
    message = "Không tìm thấy bảng kế hoạch, cũng không thấy chỉ tiêu nào trong lời văn. Hãy kiểm tra lại tệp."
    return Problem("no-plan-table", Severity.ERROR, message, Source(document.file), document.file)


def _no_table(document: Document, rows: int, targets: int) -> Problem:
    message = (
        f"Văn bản không có bảng kế hoạch; đã đọc {targets} chỉ tiêu thành {rows} dòng từ lời văn. "
        "Hãy xem lại từng dòng, ghi thêm mức từng năm và cấp thực hiện."
    )
    return Problem("plan-in-words", Severity.NOTE, message, Source(document.file), document.file)


def _each_board_once(problems: Sequence[Problem]) -> Iterator[Problem]:
    """A board that is not known is one problem, however many rows name it."""
    count: dict[str, int] = {}
    for problem in problems:
        if problem.code == "board-unknown":
            count[problem.fragment] = count.get(problem.fragment, 0) + 1
    told: set[str] = set()
    for problem in problems:
        if problem.code != "board-unknown" or count[problem.fragment] == 1:
            yield problem
        elif problem.fragment not in told:
            told.add(problem.fragment)
            yield replace(
                problem, message=f"{problem.message} Tên này có ở {count[problem.fragment]} dòng."
            )


def _unplaced(line: FrameLine) -> Problem:
    message = f"Chưa hiểu đoạn “{line.text}”: không vào phần nào của kế hoạch. Hãy kiểm tra và sửa nếu cần."
    return Problem("text-unplaced", Severity.WARNING, message, line.source, line.text)
