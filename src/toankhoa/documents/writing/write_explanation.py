"""The explanation of one figure as a workbook.

How it is worked out, what each unit brings, every return behind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO

from xlsxwriter import Workbook

from toankhoa.core.returns import NIL, NOT_APPLICABLE, Value
from toankhoa.core.totals import Figure
from toankhoa.documents.writing.spreadsheet import (
    AS_PERCENT,
    AS_WHOLE,
    NO_TIME,
    Looks,
    SheetCell,
    number,
    put_table,
)

FACT_COLUMNS = {"Mục": 28, "Nội dung": 90}
YEAR_COLUMNS = {"Năm": 10, "Chỉ tiêu": 18}
UNIT_COLUMNS = {"Đơn vị": 34}
RATIO_COLUMNS = {"Tử số": 13, "Mẫu số": 13}
PART_COLUMNS = {"Kết quả": 13, "Tỷ trọng": 13, "Báo cáo đã duyệt": 12, "Báo cáo phải gửi": 12}
NOTE_COLUMNS = {"Chỉ tiêu giao": 18, "Ghi chú": 48}
RETURN_COLUMNS = {"Đơn vị": 34, "Biểu": 34, "Kỳ": 18, "Tình trạng": 26, "Gửi lúc": 20}
HANDED_COLUMNS = {
    "Đơn vị": 34,
    "Chỉ tiêu của đơn vị": 18,
    "Đơn vị giao": 34,
    "Quyết định số": 18,
    "Ngày ký": 13,
    "Có hiệu lực từ": 13,
    "Cách giao": 48,
    "Chia từ chỉ tiêu": 18,
}
FIGURE_WIDTH = 18
TYPED = {NIL: "– (không phát sinh)", NOT_APPLICABLE: "/ (không áp dụng)"}


@dataclass(frozen=True, slots=True)
class PartLine:
    """What one unit brings; `share` of the whole, `asked` of it, and a `note` in words."""

    unit: str
    figure: Figure
    share: Fraction | None
    asked: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class YearLine:
    """One year of a term's figure: what was asked and where it stands, in words."""

    year: int
    asked: str
    figure: Figure
    level: str


@dataclass(frozen=True, slots=True)
class HandedLine:
    """One step of a target down to the unit, all in words.

    To whom, what, by whom and which decision, by which rule, out of what.
    """

    unit: str
    part: str
    giver: str
    number: str
    issued: str
    effective: str
    rule: str
    divided: str


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """One return behind the figure; `figures` as they count, by element."""

    unit: str
    form: str
    period: str
    state: str
    sent: str
    figures: tuple[Value | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplanationSheets:
    """What a workbook holds.

    `facts`: what is said, by what it is about; `elements`: names of what the returns' figures are;
    `years`: of a term's figure; `handed`: how decisions brought the target down to the unit.
    """

    facts: Sequence[tuple[str, str]]
    ratio: bool
    parts: Sequence[PartLine]
    returns: Sequence[ReturnLine] = ()
    elements: Sequence[str] = ()
    years: Sequence[YearLine] = ()
    handed: Sequence[HandedLine] = ()


def write_explanation(sheets: ExplanationSheets) -> bytes:
    """A sheet for each of what there is to say, the first two always."""
    file = BytesIO()
    with Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": NO_TIME})
        looks = Looks(book)
        for name, columns, rows in _sheets(sheets, looks):
            put_table(book.add_worksheet(name), looks, columns, rows, frozen=1)
    return file.getvalue()


def _sheets(
    sheets: ExplanationSheets, looks: Looks
) -> Iterator[tuple[str, Mapping[str, float], list[list[SheetCell]]]]:
    of_ratio = RATIO_COLUMNS if sheets.ratio else {}
    facts = [
        [SheetCell(about, looks(bold=True)), SheetCell(words, looks())]
        for about, words in sheets.facts
    ]
    yield "Giải thích", FACT_COLUMNS, facts
    if sheets.years:
        columns = YEAR_COLUMNS | of_ratio | {"Kết quả": 13, "Đánh giá": 24}
        yield "Từng năm", columns, [_year(year, sheets.ratio, looks) for year in sheets.years]
    columns = UNIT_COLUMNS | of_ratio | PART_COLUMNS | NOTE_COLUMNS
    yield "Đóng góp", columns, [_part(part, sheets.ratio, looks) for part in sheets.parts]
    if sheets.handed:
        yield "Chỉ tiêu giao", HANDED_COLUMNS, [_handed(step, looks) for step in sheets.handed]
    if sheets.elements:
        columns = RETURN_COLUMNS | dict.fromkeys(sheets.elements, FIGURE_WIDTH)
        yield "Báo cáo", columns, [_return(line, looks) for line in sheets.returns]


def _figure(figure: Figure, ratio: bool, looks: Looks) -> list[SheetCell]:
    """Of a ratio its parts first; a count is one number."""
    whole = looks(num_format=AS_WHOLE)
    value = looks(num_format=AS_PERCENT if ratio else AS_WHOLE, bold=True)
    parts = (figure.numerator, figure.denominator) if ratio else ()
    return [
        *(SheetCell(part, whole) for part in parts),
        SheetCell(number(figure.value, percent=ratio), value),
    ]


def _year(year: YearLine, ratio: bool, looks: Looks) -> list[SheetCell]:
    right = looks(align="right")
    return [
        SheetCell(year.year, looks()),
        SheetCell(year.asked, right),
        *_figure(year.figure, ratio, looks),
        SheetCell(year.level, looks()),
    ]


def _part(part: PartLine, ratio: bool, looks: Looks) -> list[SheetCell]:
    whole, percent = looks(num_format=AS_WHOLE), looks(num_format=AS_PERCENT)
    return [
        SheetCell(part.unit, looks()),
        *_figure(part.figure, ratio, looks),
        SheetCell(number(part.share), percent),
        SheetCell(part.figure.reports, whole),
        SheetCell(part.figure.due, whole),
        SheetCell(part.asked, looks(align="right")),
        SheetCell(part.note, looks()),
    ]


def _handed(step: HandedLine, looks: Looks) -> list[SheetCell]:
    right, words = looks(align="right"), looks()
    return [
        SheetCell(step.unit, words),
        SheetCell(step.part, right),
        SheetCell(step.giver, words),
        SheetCell(step.number, words),
        SheetCell(step.issued, words),
        SheetCell(step.effective, words),
        SheetCell(step.rule, words),
        SheetCell(step.divided, right),
    ]


def _return(line: ReturnLine, looks: Looks) -> list[SheetCell]:
    texts = (line.unit, line.form, line.period, line.state, line.sent)
    cells = [SheetCell(text, looks()) for text in texts]
    for figure in line.figures:
        shown = TYPED.get(figure, figure) if isinstance(figure, str) else figure
        cells.append(SheetCell(shown, looks(num_format=AS_WHOLE, align="right")))
    return cells
