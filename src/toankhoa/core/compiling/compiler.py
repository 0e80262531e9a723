"""A document becomes a plan: ordered passes that give what they understood, and problems.

The words around the table (frame), what its columns are (columns), its rows from top to bottom
(outline); where there is no table, its numbered lines (listing). What no pass understood becomes a
problem; nothing is dropped in silence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace

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
    place_of_first,
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
_HEADER_FIELDS = tuple(header_field.name for header_field in fields(Headers))

Compiled = tuple[Plan, tuple[Problem, ...]]


def compile_document(
    document: Document, vocabulary: Vocabulary, answers: Answers | None = None
) -> Compiled:
    """The plan in a document and what a person should look at.

    A document without a plan is a problem, too. `answers`: what the officer answered about columns,
    by number (from 0) or by the words over them; see `headers.MEANINGS`.
    """
    document = with_barred_tables(document)
    text = "\n".join(_texts(document))
    outline = Outline(Language.of(vocabulary, text), vocabulary)
    parts = read_parts(document, vocabulary, answers)
    if parts.tables:
        plan, problems = _from_tables(document, parts, outline, text)
    else:
        plan, problems = _from_lines(document, outline, text)
    return plan, (*document.problems, *problems)


def _from_tables(document: Document, parts: Parts, outline: Outline, text: str) -> Compiled:
    """The plan of its tables, the rows of each under the name that stands above it."""
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
    problems = (
        *parts.problems,
        *_problems_of_columns(parts.tables),
        *missing_parts(plan.sources, document.file),
        *_each_board_once(outline.problems),
    )
    return plan, (*problems, *map(_unplaced, before.lines + loose + after.lines))


def _problems_of_columns(tables: Sequence[PlanTable]) -> Iterator[Problem]:
    """What the columns of any table met. Answers in vain are `parts`' to report: see there."""
    for table in tables:
        for problem in table.columns.problems:
            if problem.code != "answer-unknown":
                yield problem


def _headers(tables: Sequence[PlanTable]) -> Headers:
    """The headers of the first table, with the columns that only later tables have at its end."""
    headers = tables[0].columns.headers
    first = _header_words(tables[0])
    later: dict[str, str] = {}
    for table in tables[1:]:
        later |= _header_words(table)
    added = {meaning: words for meaning, words in later.items() if meaning not in first}
    if not added:
        return headers
    roles = {role: words for role, words in added.items() if role in _HEADER_FIELDS}
    return replace(headers, columns=(*first.items(), *added.items()), **roles)


def _header_words(table: PlanTable) -> dict[str, str]:
    """The words over a table's columns, by their meaning."""
    return dict(table.columns.headers.of(list(table.columns.years)))


def _from_lines(document: Document, outline: Outline, text: str) -> Compiled:
    """The plan of its numbered lines and paragraphs; one without a target is no plan."""
    lines = lines_of(document.blocks)
    end = place_of_first(lines, begins_foot)
    before, after = Unread(lines[:end]), Unread(lines[end:])
    head, foot = read_head(before, body=lambda line: _begins_body(line, outline)), read_foot(after)
    outline.untabled = True
    years = _years_of_lines(head, before.lines, outline, text)
    loose = read_listing(before.lines, years, outline)
    targets = sum(len(row.targets) for row in outline.activities)
    if not targets:
        nothing = Outline(outline.language, outline.vocabulary)
        plan = _plan(head, foot, nothing, (), Headers())
        problems = [_no_plan(document, head), *missing_parts(plan.sources, document.file)]
        return plan, (*problems, *map(_unplaced, before.lines + after.lines))
    plan = _plan(head, foot, outline, years, Headers())
    problems = [
        _no_table(document, len(outline.activities), targets),
        *missing_parts(plan.sources, document.file),
        *_each_board_once(outline.problems),
    ]
    return plan, (*problems, *map(_unplaced, loose + after.lines))


def _begins_body(line: FrameLine, outline: Outline) -> bool:
    return opens_item(line) or bool(read_prose(line.text, outline.language).targets)


def _texts(document: Document) -> Iterator[str]:
    for block in document.blocks:
        if isinstance(block, Paragraph):
            yield block.text
        else:
            for cell in block.cells():
                yield cell.text


def _years(tables: Sequence[PlanTable], term: Sequence[int]) -> tuple[int, ...]:
    """The years of the plan: those of its columns.

    A table with deadlines instead reaches over the term, else over the years that they name.
    """
    years: set[int] = set()
    for table in tables:
        years |= table.columns.all_years()
    with_deadlines = [table for table in tables if _has_deadlines_alone(table.columns)]
    if years and not with_deadlines:
        return tuple(sorted(years))
    # A term named in passing, of other years than the columns', is not the plan's.
    if term and years <= set(term):
        return tuple(term)
    named: set[int] = set()
    for table in with_deadlines:
        named |= _years_of_deadlines(table)
    if named:
        years.update(range(min(named), max(named) + 1))
    return tuple(sorted(years))


def _years_of_deadlines(table: PlanTable) -> set[int]:
    texts = table.grid.column(table.columns.places["deadline"], table.columns.first)
    return years_named(" ; ".join(texts))


def _has_deadlines_alone(columns: Columns) -> bool:
    return "deadline" in columns.places and not columns.years and not columns.spans


def _years_of_lines(
    head: Head, lines: Sequence[FrameLine], outline: Outline, text: str
) -> tuple[int, ...]:
    """The years of the term and those that targets name.

    The term is that of the title, else of the first heading that looks ahead, else the first one
    that the document names.
    """
    years = set(term_of(head.title) or _term_ahead(lines) or term_of(text))
    for line in lines:
        for target in read_prose(line.text, outline.language).targets:
            years.update(target.years)
    return tuple(sorted(years))


def _term_ahead(lines: Sequence[FrameLine]) -> tuple[int, ...]:
    """The term of the first line that names one, and does not speak of what was reached."""
    for line in lines:
        term = term_of(line.text)
        if term and not _speaks_of_past(line.text):
            return term
    return ()


def _speaks_of_past(text: str) -> bool:
    """Whether a line, or a part of it after a colon, is a heading of results.

    Example: "PHẦN I: KẾT QUẢ NHIỆM KỲ 2021-2026".
    """
    if is_past(text.lstrip("#* ")):
        return True
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
    for line in head.title.splitlines():
        if words_of(line).startswith(_REPORTS):
            source = head.sources.get("title", Source(document.file))
            return _not_a_plan(line, source)
    message = (
        "Không tìm thấy bảng kế hoạch, cũng không thấy chỉ tiêu nào trong lời văn. "
        "Hãy kiểm tra lại tệp."
    )
    return Problem("no-plan-table", Severity.ERROR, message, Source(document.file), document.file)


def _not_a_plan(kind: str, source: Source) -> Problem:
    message = (
        f"Văn bản này là “{kind}”, không phải kế hoạch: không có chỉ tiêu nào phải đạt. "
        "Hãy chọn tệp kế hoạch."
    )
    return Problem("not-a-plan", Severity.ERROR, message, source, kind)


def _no_table(document: Document, rows: int, targets: int) -> Problem:
    message = (
        f"Văn bản không có bảng kế hoạch; đã đọc {targets} chỉ tiêu thành {rows} dòng từ lời văn. "
        "Hãy xem lại từng dòng, ghi thêm mức từng năm và cấp thực hiện."
    )
    return Problem("plan-in-words", Severity.NOTE, message, Source(document.file), document.file)


def _each_board_once(problems: Sequence[Problem]) -> Iterator[Problem]:
    """A board that is not known is one problem, however many rows name it."""
    unknown = [problem.fragment for problem in problems if problem.code == "board-unknown"]
    count = Counter(unknown)
    reported: set[str] = set()
    for problem in problems:
        if problem.code != "board-unknown" or count[problem.fragment] == 1:
            yield problem
        elif problem.fragment not in reported:
            reported.add(problem.fragment)
            rows = f"Tên này có ở {count[problem.fragment]} dòng."
            yield replace(problem, message=f"{problem.message} {rows}")


def _unplaced(line: FrameLine) -> Problem:
    message = (
        f"Chưa hiểu đoạn “{line.text}”: không vào phần nào của kế hoạch. "
        "Hãy kiểm tra và sửa nếu cần."
    )
    return Problem("text-unplaced", Severity.WARNING, message, line.source, line.text)
