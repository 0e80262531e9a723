"""The whole term as a sheet of the workbook: one row for each indicator, numbers as numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xlsxwriter.worksheet import Worksheet

from toankhoa.core.results import PlanLine, Prospect, Result, TermReading
from toankhoa.documents.words import forecast, plan_view
from toankhoa.documents.writing.spreadsheet import (
    AS_DECIMAL,
    AS_PERCENT,
    AS_WHOLE,
    Looks,
    Value,
    number,
    put_figures,
)

TERM_SHEET = "Toàn khóa"
COLUMNS = {
    "Mã dòng": 12,
    "Chỉ số": 40,
    "Cách tính toàn khóa": 16,
    "Chỉ tiêu": 18,
    "Thực hiện": 12,
    "Số của năm": 8,
    "Đánh giá": 18,
    "Số năm đạt": 9,
    "Số năm có chỉ tiêu": 9,
    "Tiến độ": 15,
    "Theo tiến độ": 11,
    "Dự báo thấp": 11,
    "Dự báo giữa": 11,
    "Dự báo cao": 11,
    "Khả năng": 20,
    "Vì sao": 52,
    "Báo cáo đã duyệt": 11,
    "Báo cáo phải gửi": 11,
    "Mã số liệu": 17,
}
FROZEN = 2


def write_term(sheet: Worksheet, looks: Looks, living: Sequence[PlanLine]) -> None:
    """Every indicator of every row, in the plan's order."""
    rows = []
    for line in living:
        rows += [(_cells(line.row.code, reading), reading.mark) for reading in line.term]
    put_figures(sheet, looks, COLUMNS, rows, frozen=FROZEN)


def _cells(code: str, reading: TermReading) -> Iterator[tuple[Value, str]]:
    """The cells of `COLUMNS` but the code, each with its number format."""
    result, term, figure = reading.result, reading.term, reading.result.figure
    yield code, "@"
    yield reading.indicator.name, "@"
    yield forecast.TERM_RULES[term.rule], "@"
    yield plan_view.required(result.required) if result.required else None, "@"
    yield number(figure.value, percent=figure.ratio), AS_PERCENT if figure.ratio else AS_WHOLE
    yield term.year, "0"
    yield plan_view.LEVELS[result.level], "@"
    yield term.years_met if term.years_with_target else None, AS_WHOLE
    yield term.years_with_target or None, AS_WHOLE
    yield from _pace_and_outlook(result)
    yield from _prospect(reading)
    yield figure.reports, AS_WHOLE
    yield figure.due, AS_WHOLE


def _pace_and_outlook(result: Result) -> Iterator[tuple[Value, str]]:
    ratio = result.figure.ratio
    amount = AS_PERCENT if ratio else AS_DECIMAL
    pace, outlook = result.pace, result.outlook
    yield forecast.TEMPOS[pace.tempo] if pace else None, "@"
    yield number(pace.expected if pace else None, percent=ratio), amount
    ends = (outlook.low, outlook.middle, outlook.high) if outlook else (None, None, None)
    for end in ends:
        yield number(end, percent=ratio), amount


def _prospect(reading: TermReading) -> Iterator[tuple[Value, str]]:
    """What is to be expected, and why; nothing where nothing is asked or known."""
    result = reading.result
    if result.required is None or result.prospect is Prospect.UNKNOWN:
        yield from ((None, "@"), (None, "@"))
        return
    yield forecast.PROSPECTS[result.prospect], "@"
    yield forecast.why(reading) or None, "@"
