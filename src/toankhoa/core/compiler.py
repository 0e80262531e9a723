"""A document becomes a plan: ordered passes, each giving what it understood and the problems it met.

The words around the table (frame), what its columns are (columns), its rows from top to bottom (outline). What no pass
understood becomes a problem; nothing is dropped in silence.
"""

from __future__ import annotations

from collections.abc import Iterator

from toankhoa.core.columns import Columns, Grid, read_columns
from toankhoa.core.frame import Foot, Head, Line, Unread, lines_of, read_foot, read_head
from toankhoa.core.measures import Vocabulary
from toankhoa.core.outline import Outline, read_rows
from toankhoa.core.plan import Headers, Plan
from toankhoa.core.problems import Problem, Severity, Source
from toankhoa.core.quantity import Language
from toankhoa.core.table import Document, Paragraph, Table

_EXPECTED = {
    "organisation": "tên cơ quan ban hành",
    "number": "số văn bản (dòng “Số: …”)",
    "date": "ngày ban hành (“…, ngày … tháng … năm …”)",
    "title": "tên kế hoạch",
    "recipients": "nơi nhận",
    "signature": "khối chữ ký",
}


def compile_document(document: Document, vocabulary: Vocabulary) -> tuple[Plan, tuple[Problem, ...]]:
    """The plan in a document and what a person should look at; a document without a plan's table is a problem, too."""
    language = Language.of(vocabulary, "\n".join(_texts(document)))
    place, grid, columns = _find_table(document, vocabulary)
    before, after = Unread(lines_of(document.blocks[:place])), Unread(lines_of(document.blocks[place + 1 :]))
    head, foot = read_head(before), read_foot(after)
    outline = Outline(language, vocabulary)
    problems = [*document.problems, *(columns.problems if columns else [_no_table(document)])]
    if grid and columns:
        read_rows(grid, columns, outline)
    plan = _plan(head, foot, outline, columns)
    problems += [*_missing(plan, document), *outline.problems, *map(_unplaced, before.lines + after.lines)]
    return plan, tuple(problems)


def _texts(document: Document) -> Iterator[str]:
    for block in document.blocks:
        if isinstance(block, Paragraph):
            yield block.text
        else:
            yield from (cell.text for row in block.rows for cell in row.cells)


def _find_table(document: Document, vocabulary: Vocabulary) -> tuple[int, Grid | None, Columns | None]:
    """The block that is the plan's table: the longest one with years over its columns. Past the end where none is."""
    found: tuple[int, Grid | None, Columns | None] = (len(document.blocks), None, None)
    for place, block in enumerate(document.blocks):
        if isinstance(block, Table) and (found[1] is None or len(block.rows) > len(found[1].table.rows)):
            grid = Grid(block)
            if columns := read_columns(grid, vocabulary):
                found = place, grid, columns
    return found


def _plan(head: Head, foot: Foot, outline: Outline, columns: Columns | None) -> Plan:
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
        years=tuple(columns.years) if columns else (),
        objectives=tuple(outline.objectives.values()),
        activities=tuple(outline.activities),
        closing=foot.closing,
        signature=foot.signature,
        recipients=foot.recipients,
        headers=columns.headers if columns else Headers(),
        sources=head.sources | outline.sources | foot.sources,
    )


def _no_table(document: Document) -> Problem:
    message = "Không tìm thấy bảng kế hoạch: không bảng nào có các năm (2017, 2018, …) ở đầu cột. Hãy kiểm tra lại tệp."
    return Problem("no-plan-table", Severity.ERROR, message, Source(document.file), document.file)


def _missing(plan: Plan, document: Document) -> Iterator[Problem]:
    for name, words in _EXPECTED.items():
        if name not in plan.sources:
            message = f"Không tìm thấy {words}. Hãy kiểm tra phần đầu và phần cuối văn bản, hoặc nhập bổ sung."
            yield Problem(f"no-{name}", Severity.WARNING, message, Source(document.file), document.file)


def _unplaced(line: Line) -> Problem:
    message = f"Chưa hiểu đoạn “{line.text}”: không vào phần nào của kế hoạch. Hãy kiểm tra và sửa nếu cần."
    return Problem("text-unplaced", Severity.WARNING, message, line.source, line.text)
