"""Units side by side through the years as a workbook.

The figures, how much of each is in, and what was restated.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO

from xlsxwriter import Workbook

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

COLUMNS = {"Chỉ số": 44, "Đơn vị tính": 12, "Mã đơn vị": 12, "Đơn vị": 32}
YEAR_WIDTH, COVER_WIDTH = 13, 17
FACT_COLUMNS = {"Mục": 30, "Nội dung": 100}
RESTATED = "#E8F0F7"
FROZEN = 4


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit's figures of an indicator, year by year, None where unknown.

    `restated`: which are not as reported.
    """

    indicator: str
    measured_in: str
    code: str
    name: str
    figures: tuple[Figure | None, ...]
    restated: tuple[bool, ...]


def write_side_by_side(
    lines: Sequence[UnitLine], years: Sequence[int], facts: Iterable[tuple[str, str]]
) -> bytes:
    """Three sheets.

    `facts`: what is said of the file and of what was restated, by what it is about.
    """
    file = BytesIO()
    with Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": NO_TIME})
        looks = Looks(book)
        columns = COLUMNS | {f"Năm {year}": YEAR_WIDTH for year in years}
        rows = [[*_about(line, looks), *_figures(line, looks)] for line in lines]
        put_table(book.add_worksheet("Số liệu"), looks, columns, rows, frozen=FROZEN)
        columns = COLUMNS | {f"Đã duyệt / phải gửi {year}": COVER_WIDTH for year in years}
        rows = [[*_about(line, looks), *_cover(line, looks)] for line in lines]
        put_table(book.add_worksheet("Báo cáo đã duyệt"), looks, columns, rows, frozen=FROZEN)
        rows = [
            [SheetCell(about, looks(bold=True)), SheetCell(said, looks())] for about, said in facts
        ]
        put_table(book.add_worksheet("Địa giới"), looks, FACT_COLUMNS, rows, frozen=1)
    return file.getvalue()


def _about(line: UnitLine, looks: Looks) -> list[SheetCell]:
    return [
        SheetCell(text, looks())
        for text in (line.indicator, line.measured_in, line.code, line.name)
    ]


def _figures(line: UnitLine, looks: Looks) -> Iterable[SheetCell]:
    for figure, restated in zip(line.figures, line.restated, strict=True):
        look = {"bg_color": RESTATED} if restated else {}
        if figure is None:
            yield SheetCell("không rõ", looks(italic=True, align="right", **look))
        else:
            form = AS_PERCENT if figure.ratio else AS_WHOLE
            yield SheetCell(
                number(figure.value, percent=figure.ratio), looks(num_format=form, **look)
            )


def _cover(line: UnitLine, looks: Looks) -> Iterable[SheetCell]:
    for figure in line.figures:
        owed = figure is not None and figure.due
        yield SheetCell(
            f"{figure.reports} / {figure.due}" if figure and owed else None, looks(align="right")
        )
