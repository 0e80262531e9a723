"""The living plan as an Excel workbook: the plan's own table, and every figure in long form.

Numbers are numbers.

A missing figure is a blank cell, never 0. A percentage is the exact ratio under a percent format.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import chain
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from toankhoa.core.measures import IndicatorKind
from toankhoa.core.plan import Activity, Objective, Plan
from toankhoa.core.results import Level, PlanLine, Reading, YearCell
from toankhoa.core.targets import PERCENT, Required
from toankhoa.documents.words import plan_view, report_changes
from toankhoa.documents.words.plan_view import ReportHeading
from toankhoa.documents.words.report_changes import Since
from toankhoa.documents.writing.spreadsheet import (
    AS_DECIMAL,
    AS_PERCENT,
    AS_WHOLE,
    FONT,
    GREY,
    NO_TIME,
    SHADE,
    Looks,
    SheetCell,
    Value,
    number,
    on_paper,
    put_figures,
    put_row,
)
from toankhoa.documents.writing.term_sheet import TERM_SHEET, write_term

PLAN_SHEET, FIGURES_SHEET, CHANGES_SHEET = "Kế hoạch", "Số liệu", "Số đã đổi"
CHANGE_WIDTHS = (54, 8, 24, 24, 16)
YEAR_PARTS = ("Kế hoạch", "Thực hiện", "Đánh giá")
LEFT_WIDTHS, YEAR_WIDTHS, RIGHT_WIDTHS = (6, 46, 24), (17, 13, 16), (14, 13)
HEADER_ROWS = 3
FROZEN = 2  # number and words stay in sight, and are repeated on every page
YEARS_A_PAGE, PRINT_SCALE = 2, 80

COLOURS = {Level.MET: "#1B5E20", Level.NOT_MET: "#A31515", Level.OPEN: "#7A4B00"}

FIGURE_COLUMNS = {
    "Mã dòng": 12,
    "Mã chỉ số": 11,
    "Chỉ số": 44,
    "Năm": 7,
    "Tử số": 12,
    "Mẫu số": 12,
    "Giá trị": 12,
    "Đơn vị tính": 12,
    "So sánh": 11,
    "Chỉ tiêu": 11,
    "Chỉ tiêu trên": 11,
    "Đánh giá": 19,
    "Tỷ lệ đạt chỉ tiêu": 11,
    "Báo cáo đã duyệt": 11,
    "Báo cáo phải gửi": 11,
    "Số kỳ trước": 11,
    "Tiến độ": 15,
    "Theo tiến độ": 11,
    "Dự báo thấp": 11,
    "Dự báo cao": 11,
    "Mã số liệu": 17,
}
FIGURES_FROZEN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorStrip:
    """One row of the plan's sheet.

    A row of the plan with at most one of its indicators (its place among them).

    `first`: it carries the plan's own words; a further indicator of the same row does not repeat
    them.
    """

    line: PlanLine
    place: int | None
    first: bool

    @property
    def indicator(self) -> str:
        """Its name, or nothing."""
        return "" if self.place is None else plan_view.indicators(self.line)[self.place].name

    @property
    def years(self) -> Iterator[tuple[YearCell, Reading | None]]:
        """Each year cell with the reading of this strip's indicator."""
        for cell in self.line.cells:
            yield cell, None if self.place is None else cell.readings[self.place]


def strips(living: Sequence[PlanLine]) -> Iterator[IndicatorStrip]:
    """The rows to write: a heading's words stand alone, its indicators below.

    A row shares its own with the first.
    """
    for line in living:
        count = len(plan_view.indicators(line))
        if line.is_heading or not count:
            yield IndicatorStrip(line=line, place=None, first=True)
        for place in range(count):
            yield IndicatorStrip(line=line, place=place, first=not line.is_heading and place == 0)


def write_xlsx(
    plan: Plan,
    living: Sequence[PlanLine],
    *,
    heading: ReportHeading | None = None,
    of_term: bool = False,
    since: Since | None = None,
) -> bytes:
    """An .xlsx file, the same for the same input.

    `living`: every row of the plan with its readings.

    Years and the whole term each have a sheet; `of_term`: the term's is the one that opens.
    `since`: what has changed since a report before has one of its own.
    """
    saved = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "default_format_properties": FONT}
    with Workbook(saved, options) as book:
        book.set_properties(
            {
                "title": plan.title.partition("\n")[0],
                "author": plan.organisation,
                "created": NO_TIME,
            }
        )
        looks = Looks(book)
        _PlanSheet(book.add_worksheet(PLAN_SHEET), looks, plan).write(living, heading)
        term = book.add_worksheet(TERM_SHEET)
        write_term(term, looks, living)
        if of_term:
            term.activate()
        _write_figures(book.add_worksheet(FIGURES_SHEET), looks, living)
        if since is not None:
            _write_changes(book.add_worksheet(CHANGES_SHEET), looks, since)
    return saved.getvalue()


class _PlanSheet:
    """The plan's own table, three columns to a year."""

    def __init__(self, sheet: Worksheet, looks: Looks, plan: Plan) -> None:
        self.sheet, self.looks, self.plan = sheet, looks, plan
        self.widths = (*LEFT_WIDTHS, *YEAR_WIDTHS * len(plan.years), *RIGHT_WIDTHS)
        self.last = len(self.widths) - 1
        self.levels = self.last - 1
        self.years = range(len(LEFT_WIDTHS), self.levels, len(YEAR_PARTS))

    def write(self, living: Sequence[PlanLine], heading: ReportHeading | None) -> None:
        """Titles, header, rows, and how it is shown and printed."""
        for column, width in enumerate(self.widths):
            self.sheet.set_column(column, column, width)
        top = self._titles(heading)
        self._header(top)
        row = top + HEADER_ROWS
        for place, strip in enumerate(strips(living)):
            self._strip(row, strip)
            row += 1
            if place == 0 and self.plan.goal:  # stands under the first heading of the table
                self._words(row, "", plan_view.GOAL + self.plan.goal, "", italic=True)
                row += 1
        self.sheet.freeze_panes(top + HEADER_ROWS, FROZEN)
        self.sheet.autofilter(top + HEADER_ROWS - 1, 0, row - 1, self.last)
        self._print(top)

    def _titles(self, heading: ReportHeading | None) -> int:
        """What the workbook is; returns the first row below."""
        texts: list[tuple[str, dict[str, Any]]] = [
            (text, {"bold": True, "font_size": 13}) for text in self.plan.title.split("\n")
        ]
        if heading:
            texts.append((heading.words, {"italic": True, "font_size": 12}))
            if heading.synthetic:
                texts.append(
                    (plan_view.SAMPLE, {"bold": True, "font_color": COLOURS[Level.NOT_MET]})
                )
        for row, (text, look) in enumerate(texts):
            self.sheet.write_string(row, 0, text, self.looks(**look, border=0, text_wrap=False))
        return len(texts) + 1

    def _header(self, top: int) -> None:
        """Three rows: the plan's two, and the parts of a year."""
        look, words, sheet = self.looks.header(), self.plan.headers, self.sheet
        bottom = top + HEADER_ROWS - 1
        alone = enumerate((words.number, words.title, "Chỉ số"))
        for column, text in (*alone, (self.levels, words.levels), (self.last, words.boards)):
            sheet.merge_range(top, column, bottom, column, text, look)
        sheet.merge_range(top, self.years.start, top, self.levels - 1, words.years, look)
        for column, year in zip(self.years, self.plan.years, strict=True):
            sheet.merge_range(top + 1, column, top + 1, column + len(YEAR_PARTS) - 1, "", look)
            sheet.write_number(top + 1, column, year, look)
            for part, text in enumerate(YEAR_PARTS):
                sheet.write_string(bottom, column + part, text, look)

    def _strip(self, row: int, strip: IndicatorStrip) -> None:
        item = strip.line.row
        if isinstance(item, Objective) and strip.first:
            self._words(row, *plan_view.numbered(item), item.boards_text, bold=True)
            return
        own = item if strip.first and isinstance(item, Activity) else None
        number = title = levels = boards = None
        if own:
            number, title = own.number, own.title
            levels, boards = own.levels_text, own.boards_text
        plain, centred = self.looks(), self.looks(align="center")
        cells = [
            SheetCell(number, centred),
            SheetCell(title, plain),
            SheetCell(strip.indicator, plain),
        ]
        for cell, reading in strip.years:
            cells += self._year(cell if own else None, reading)
        cells += SheetCell(levels, centred), SheetCell(boards, centred)
        put_row(self.sheet, row, cells, self.widths)

    def _year(
        self, cell: YearCell | None, reading: Reading | None
    ) -> tuple[SheetCell, SheetCell, SheetCell]:
        """What is planned, what has come of it as a number, how it stands."""
        words = cell.commitment.text if cell and cell.commitment else ""
        planned = self.looks(align="center")
        if reading is None:
            return (
                SheetCell(words, planned),
                SheetCell(None, self.looks()),
                SheetCell(None, self.looks()),
            )
        need = plan_view.asked(reading)
        result = reading.result
        return (
            SheetCell("\n".join(filter(None, (words, need and f"KH: {need}"))), planned),
            self._actual(reading),
            SheetCell(
                plan_view.standing(reading), self.looks(font_color=COLOURS.get(result.level, GREY))
            ),
        )

    def _actual(self, reading: Reading) -> SheetCell:
        """A number that leads to where it comes from."""
        figure, mark = reading.result.figure, reading.mark
        value = number(figure.value, percent=figure.ratio)
        look = self.looks(align="right", bold=True, num_format=number_format(reading))
        if mark is None or value is None:
            return SheetCell(value, look)
        return SheetCell(value, look, mark.link, f"Mã số liệu: {mark.code}")

    def _words(self, row: int, number: str, words: str, boards: str, **look: Any) -> None:
        """A heading or the goal.

        Its words keep to their column: merged wider, they would scroll or print in halves.
        """
        shaded = self.looks(bg_color=SHADE)
        cells = [SheetCell(None, shaded)] * len(self.widths)
        cells[0] = SheetCell(number, self.looks(bg_color=SHADE, align="center", **look))
        cells[1] = SheetCell(words, self.looks(bg_color=SHADE, **look))
        cells[-1] = SheetCell(boards, self.looks(bg_color=SHADE, align="center", **look))
        put_row(self.sheet, row, cells, self.widths)

    def _print(self, top: int) -> None:
        """A few years to a page, header and words repeated."""
        on_paper(self.sheet)
        self.sheet.set_print_scale(PRINT_SCALE)
        self.sheet.repeat_rows(top, top + HEADER_ROWS - 1)
        self.sheet.repeat_columns(0, FROZEN - 1)
        self.sheet.set_v_pagebreaks(list(self.years[YEARS_A_PAGE::YEARS_A_PAGE]))


def number_format(reading: Reading) -> str:
    """How Excel shows an actual: 88,3%, 356 hộ, and a milestone's 1 or 0 in words."""
    indicator, figure = reading.indicator, reading.result.figure
    if figure.ratio:
        return AS_PERCENT
    unit = indicator.unit
    if indicator.kind is IndicatorKind.MILESTONE:
        if figure.due <= 1:
            return f'"{plan_view.DONE}";;"{plan_view.NOT_DONE}"'
        unit = plan_view.UNITS_DONE
    unit = unit.replace('"', "")
    return f'{AS_WHOLE}" {unit}"' if unit else AS_WHOLE


def _write_figures(sheet: Worksheet, looks: Looks, living: Sequence[PlanLine]) -> None:
    """One row for each indicator and year."""
    rows = []
    for line in living:
        for reading in chain.from_iterable(cell.readings for cell in line.cells):
            rows.append((_figures(line.row.code, reading), reading.mark))
    put_figures(sheet, looks, FIGURE_COLUMNS, rows, frozen=FIGURES_FROZEN)


def _figures(code: str, reading: Reading) -> Iterator[tuple[Value, str]]:
    """The cells of `FIGURE_COLUMNS` but the code, each with its number format."""
    indicator, result = reading.indicator, reading.result
    figure, need = result.figure, result.required
    yield from ((text, "@") for text in (code, indicator.code, indicator.name))
    yield reading.year, "0"
    yield figure.numerator, AS_WHOLE
    yield figure.denominator, AS_WHOLE
    yield number(figure.value, percent=figure.ratio), AS_PERCENT if figure.ratio else AS_WHOLE
    yield PERCENT if figure.ratio else indicator.unit, "@"
    yield plan_view.COMPARATORS[need.comparator] if need else None, "@"
    yield from _amounts(need)
    yield plan_view.LEVELS[result.level], "@"
    yield number(result.attainment), AS_PERCENT
    yield figure.reports, AS_WHOLE
    yield figure.due, AS_WHOLE
    yield figure.carried, AS_WHOLE
    yield from _progress(reading)


def _progress(reading: Reading) -> Iterator[tuple[Value, str]]:
    """The tempo, what the path expects by now, and the ends of the outlook."""
    result, ratio = reading.result, reading.result.figure.ratio
    tempo = expected = low = high = None
    if result.pace:
        tempo, expected = plan_view.TEMPOS[result.pace.tempo], result.pace.expected
    if result.outlook:
        low, high = result.outlook.low, result.outlook.high
    form = AS_PERCENT if ratio else AS_DECIMAL
    yield tempo, "@"
    for value in (expected, low, high):
        yield number(value, percent=ratio), form


def _write_changes(sheet: Worksheet, looks: Looks, since: Since) -> None:
    """What has changed since the report before, under a line that says which."""
    for column, width in enumerate(CHANGE_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, since.words, looks(bold=True, border=0, text_wrap=False))
    titles = [SheetCell(title, looks.header()) for title in report_changes.HEADERS]
    put_row(sheet, 1, titles, CHANGE_WIDTHS)
    for row, change in enumerate(since.changes, start=2):
        cells = [SheetCell(text, looks()) for text in report_changes.row(change)]
        put_row(sheet, row, cells, CHANGE_WIDTHS)
    sheet.freeze_panes(2, 1)
    on_paper(sheet)
    sheet.fit_to_pages(1, 0)


def _amounts(need: Required | None) -> Iterator[tuple[Value, str]]:
    """The target's amount and its upper end."""
    if need is None:
        yield None, AS_WHOLE
        yield None, AS_WHOLE
        return
    for amount in (need.amount, need.upper):
        if need.unit == PERCENT:
            yield number(amount, percent=True), AS_PERCENT
        else:
            value = number(amount)
            yield value, AS_DECIMAL if isinstance(value, float) else AS_WHOLE
