"""The plan as an official Word document.

Alone in its own form, or living, with an actual beneath each target.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from toankhoa.core.basics import long_date
from toankhoa.core.plan import Plan
from toankhoa.core.results import PlanLine
from toankhoa.documents.reading.word_styles import REPORTED
from toankhoa.documents.words import plan_view
from toankhoa.documents.words.plan_view import ReportHeading
from toankhoa.documents.words.report_changes import Since
from toankhoa.documents.writing import changes_table, term_table
from toankhoa.documents.writing.paper import (
    CENTRE,
    JUSTIFY,
    StyledParagraph,
    TextRun,
    WordPaper,
    held,
    line,
    lines,
)
from toankhoa.documents.writing.plan_form import PlanForm
from toankhoa.documents.writing.plan_table import SMALL, strips

HALVES = (10.2, 15.0)
LEGEND = (
    "KH: chỉ tiêu kế hoạch; TH: thực hiện. {signs}. Dấu … là chưa có số liệu, không phải bằng 0."
    " (a/b báo cáo): số báo cáo đã duyệt trên số phải gửi. (n số kỳ trước): n đơn vị chưa có số"
    " của kỳ cuối, lấy số kỳ trước. (n theo đơn vị trước sắp xếp): n đơn vị mới chưa báo cáo, lấy"
    " số cuối của các đơn vị cũ. Dấu *: chỉ tính các đơn vị có đủ tử số và mẫu số."
)
TERM = (
    " n/m năm đạt: số năm đạt chỉ tiêu của năm. Tiến độ: so với chỗ lẽ ra đã tới vào ngày cuối"
    " của kỳ báo cáo vừa hết. Dự báo: từ mức thấp nhất đến mức cao nhất theo các năm trước; cách"
    " tính từng số ghi ở trang giải thích của số đó."
)
CODES = (
    " Bốn ký tự nhỏ cạnh mỗi số là mã của số đó: gõ {document} rồi bốn ký tự ấy vào ô “Tìm số"
    " liệu theo mã” để xem cơ sở của số liệu."
)


def write_docx(
    plan: Plan,
    living: Sequence[PlanLine] | None = None,
    *,
    heading: ReportHeading | None = None,
    of_term: bool = False,
    since: Since | None = None,
) -> bytes:
    """A .docx file, the same for the same input.

    Without `living` it is the plan alone, and compiles back to an equal plan. With it, the rows of
    `plan` carry the figures of the lines of the same code; everything added to the plan stands in
    the paragraph style `REPORTED`. `of_term`: the years' columns give way to those of the whole
    term. `since`: what has changed since a report before.
    """
    title = plan.title.partition("\n")[0]
    foot = heading.foot if heading else ""
    sheet = WordPaper(
        title=title, author=plan.organisation, styles={REPORTED: "Thực hiện"}, foot=foot
    )
    sheet.halves(tuple(_issuer(plan)), tuple(_state(plan)), widths=HALVES)
    sheet.write(*_opening(plan, heading))
    form = PlanForm.of(plan, living=living is not None)
    if living is not None and of_term:
        sheet.table(tuple(term_table.strips(plan, living)), widths=term_table.WIDTHS)
    else:
        sheet.table(tuple(strips(plan, form, living)), widths=form.widths)
    if living is not None:
        sheet.write(_legend(heading, of_term=of_term))
    if since is not None:
        sheet.write(changes_table.heading(since))
        if since.changes:
            sheet.table(tuple(changes_table.strips(since)), widths=changes_table.WIDTHS)
    # Signatures never stand alone on a page: the last words go with them.
    sheet.write(*held(lines(plan.closing, align=JUSTIFY, size=13, before=8, after=10, indent=1)))
    sheet.halves(tuple(_recipients(plan)), tuple(_signature(plan)), widths=HALVES)
    return sheet.saved()


def _issuer(plan: Plan) -> Iterator[StyledParagraph]:
    yield from lines(plan.organisation, size=13, align=CENTRE)
    yield from lines(plan.body, size=13, bold=True, underline=True, align=CENTRE)
    if plan.number:
        yield line(f"Số: {plan.number}", size=13, align=CENTRE, before=4)


def _state(plan: Plan) -> Iterator[StyledParagraph]:
    country, _, motto = plan.motto.partition("\n")
    yield line(country, size=13, bold=True, align=CENTRE)
    if motto:
        yield from lines(motto, size=13, bold=True, underline=True, align=CENTRE)
    day = long_date(plan.date) if plan.date else ""
    yield line(
        ", ".join(filter(None, (plan.place, day))), size=13, italic=True, align=CENTRE, before=4
    )


def _opening(plan: Plan, heading: ReportHeading | None) -> Iterator[StyledParagraph]:
    """Title, what the paper says of itself, legal bases."""
    name, *rest = plan.title.split("\n")
    yield line(name, size=15, bold=True, align=CENTRE, before=16)
    for text in rest:
        yield line(text, size=13, bold=True, align=CENTRE)
    if heading:
        yield line(heading.words, size=12, italic=True, align=CENTRE, before=6, style=REPORTED)
        if heading.synthetic:
            yield line(
                plan_view.SAMPLE, size=12, bold=True, colour="A31515", align=CENTRE, style=REPORTED
            )
    for place, basis in enumerate(plan.bases):
        last = place == len(plan.bases) - 1
        yield line(
            basis,
            size=13,
            align=JUSTIFY,
            indent=1,
            before=0 if place else 10,
            after=10 if last else 4,
        )


def _legend(heading: ReportHeading | None, *, of_term: bool) -> StyledParagraph:
    signs = ", ".join(
        f"{plan_view.SIGNS[level]} {word}" for level, word in plan_view.LEVELS.items()
    )
    text = LEGEND.format(signs=signs) + (TERM if of_term else "")
    if (
        heading and heading.document and not of_term
    ):  # a figure of the whole term has no code of its own
        text += CODES.format(document=heading.document)
    return StyledParagraph(
        pieces=(
            TextRun(text="Ghi chú: ", size=SMALL, bold=True),
            TextRun(text=text, size=SMALL, italic=True),
        ),
        align=JUSTIFY,
        before=4,
        style=REPORTED,
    )


def _recipients(plan: Plan) -> Iterator[StyledParagraph]:
    if plan.recipients:
        yield line("Nơi nhận:", size=12, bold=True, italic=True)
    for place, name in enumerate(plan.recipients, start=1):
        yield line(f"- {name}{'.' if place == len(plan.recipients) else ';'}", size=11)


def _signature(plan: Plan) -> Iterator[StyledParagraph]:
    """Authority, title, room to sign with the mark in it, name; all on one page."""
    block = plan.signature
    head = (
        line(text, size=13, bold=True, align=CENTRE)
        for text in (block.authority, block.title)
        if text
    )
    yield from held(tuple(head))
    yield line(block.mark, size=13, italic=True, align=CENTRE, before=20, after=20, hold=True)
    yield line(block.name, size=13, bold=True, align=CENTRE)
