"""One row of a plan across its versions, as an Excel workbook.

One line per version, its years side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from xlsxwriter import Workbook

from toankhoa.core.basics import format_date
from toankhoa.core.plan import Activity, Objective
from toankhoa.documents.writing.spreadsheet import NO_TIME, Looks, SheetCell, on_paper, put_row

BEFORE = {
    "Phiên bản": 16,
    "Có hiệu lực từ": 13,
    "Thay đổi": 24,
    "Số thứ tự": 10,
    "Nội dung": 50,
}
AFTER = {"Cấp thực hiện": 18, "Ban thực hiện": 18}
YEAR_WIDTH = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The row as one version holds it; None where it does not."""

    number: str
    effective_on: date
    says: str
    row: Objective | Activity | None


def write_history(moments: Sequence[Moment]) -> bytes:
    """The workbook. Years are those that any version has."""
    years = sorted(set().union(*(_years(moment.row) for moment in moments)))
    widths = [*BEFORE.values(), *[YEAR_WIDTH] * len(years), *AFTER.values()]
    file = BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"created": NO_TIME})
        looks = Looks(book)
        sheet = book.add_worksheet("Lịch sử của hàng")
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        headers = [*BEFORE, *(f"Năm {year}" for year in years), *AFTER]
        put_row(sheet, 0, [SheetCell(words, looks.header()) for words in headers], widths)
        for place, moment in enumerate(moments, 1):
            put_row(
                sheet, place, [SheetCell(words, looks()) for words in _line(moment, years)], widths
            )
        sheet.freeze_panes(1, 0)
        on_paper(sheet)
    return file.getvalue()


def _years(row: Objective | Activity | None) -> Sequence[int]:
    return tuple(row.commitments) if isinstance(row, Activity) else ()


def _line(moment: Moment, years: Sequence[int]) -> list[str]:
    row = moment.row
    head = [moment.number, format_date(moment.effective_on), moment.says]
    if row is None:
        return [*head, *[""] * (len(BEFORE) + len(years) + len(AFTER) - len(head))]
    words_by_year: dict[int, str] = {}
    levels = ""
    if isinstance(row, Activity):
        words_by_year = {year: commitment.text for year, commitment in row.commitments.items()}
        levels = row.levels_text
    cells = [words_by_year.get(year, "") for year in years]
    return [*head, row.number, row.title, *cells, levels, row.boards_text]
