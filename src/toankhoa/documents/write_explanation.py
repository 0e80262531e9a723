"""The explanation of one figure as a workbook: how it is worked out, what each unit brings, every return behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from io import BytesIO

from xlsxwriter import Workbook

from toankhoa.core.assessment import Figure
from toankhoa.core.returns import NIL, NOT_APPLICABLE, Value
from toankhoa.documents.spreadsheet import AS_PERCENT, AS_WHOLE, Cell, Looks, number, on_paper, put_row

# The file must carry a time; the first day of its format says that it means nothing.
NO_TIME = datetime(1980, 1, 1)
FACT_WIDTHS = (28, 90)
PART_COLUMNS = {
    "Đơn vị": 34,
    "Tử số": 13,
    "Mẫu số": 13,
    "Kết quả": 13,
    "Phần trong tổng": 13,
    "Báo cáo đã nhận": 12,
    "Báo cáo phải có": 12,
}
RETURN_COLUMNS = {"Đơn vị": 34, "Biểu": 34, "Kỳ": 18, "Tình trạng": 26, "Gửi lúc": 20}
FIGURE_WIDTH = 18
TYPED = {NIL: "– (không phát sinh)", NOT_APPLICABLE: "/ (không áp dụng)"}


@dataclass(frozen=True, slots=True)
class PartLine:
    """What one unit brings; `share` of the whole."""

    unit: str
    figure: Figure
    share: Fraction | None


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """One return behind the figure; `figures` as they count, by element."""

    unit: str
    form: str
    period: str
    state: str
    sent: str
    figures: tuple[Value | None, ...]


def write_explanation(
    facts: Sequence[tuple[str, str]],
    parts: Sequence[PartLine],
    returns: Sequence[ReturnLine],
    elements: Sequence[str],
) -> bytes:
    """Three sheets. `facts`: what is said, by what it is about; `elements`: names of what the returns' figures are."""
    file = BytesIO()
    with Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": NO_TIME})
        looks = Looks(book)
        rows = [[Cell(about, looks(bold=True)), Cell(said, looks())] for about, said in facts]
        _sheet(book, looks, "Giải thích", dict(zip(("Mục", "Nội dung"), FACT_WIDTHS, strict=True)), rows)
        _sheet(book, looks, "Đóng góp", PART_COLUMNS, [_part(part, looks) for part in parts])
        columns = RETURN_COLUMNS | dict.fromkeys(elements, FIGURE_WIDTH)
        _sheet(book, looks, "Báo cáo", columns, [_return(each, looks) for each in returns])
    return file.getvalue()


def _sheet(book: Workbook, looks: Looks, name: str, columns: dict[str, float], rows: list[list[Cell]]) -> None:
    sheet = book.add_worksheet(name)
    widths = tuple(columns.values())
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    put_row(sheet, 0, [Cell(title, looks.header()) for title in columns], widths)
    for place, row in enumerate(rows, start=1):
        put_row(sheet, place, row, widths)
    sheet.freeze_panes(1, 1)
    on_paper(sheet)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _part(part: PartLine, looks: Looks) -> list[Cell]:
    figure = part.figure
    whole, percent = looks(num_format=AS_WHOLE), looks(num_format=AS_PERCENT)
    value = looks(num_format=AS_PERCENT if figure.ratio else AS_WHOLE, bold=True)
    return [
        Cell(part.unit, looks()),
        Cell(figure.numerator, whole),
        Cell(figure.denominator, whole),
        Cell(number(figure.value, percent=figure.ratio), value),
        Cell(number(part.share), percent),
        Cell(figure.reports, whole),
        Cell(figure.due, whole),
    ]


def _return(each: ReturnLine, looks: Looks) -> list[Cell]:
    words = [Cell(text, looks()) for text in (each.unit, each.form, each.period, each.state, each.sent)]
    figures = (TYPED.get(figure, figure) if isinstance(figure, str) else figure for figure in each.figures)
    return [*words, *(Cell(figure, looks(num_format=AS_WHOLE, align="right")) for figure in figures)]
