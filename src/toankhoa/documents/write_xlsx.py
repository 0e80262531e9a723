"""The living plan as an Excel workbook: the plan's own table, and every figure in long form. Numbers are numbers.

A missing figure is a blank cell, never 0. A percentage is the exact ratio under a percent format.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from toankhoa.core.assessment import PERCENT, Level, Required
from toankhoa.core.living import Line, Reading, YearCell
from toankhoa.core.measures import IndicatorKind
from toankhoa.core.plan import Activity, Objective, Plan
from toankhoa.documents import living_words
from toankhoa.documents.living_words import ReportHeading

# The file must carry a time; Excel's own first day says that it means nothing.
NO_TIME = datetime(1980, 1, 1)
A4 = 9
PLAN_SHEET, FIGURES_SHEET = "Kế hoạch", "Số liệu"
FIRST = ("number", "title")  # the plan's headers before the years; the indicator's column comes after them
LEFT_WIDTHS, YEAR_WIDTHS, RIGHT_WIDTHS = (6, 40, 24), (16, 12, 16), (14, 13)
YEAR_PARTS = ("Kế hoạch", "Thực hiện", "Đánh giá")
YEARS_A_PAGE = 3
HEADER_ROWS = 3
HEIGHT_OF_LINE = 15.0  # points
TALLEST = 400.0  # Excel takes 409

PERCENT_FORMAT, COUNT_FORMAT = "0.0#%", "#,##0.###"
COLOURS = {Level.MET: "#1B5E20", Level.NOT_MET: "#A31515", Level.OPEN: "#7A4B00"}
GREY = "#555555"
SHADE = "#EDEDED"

FIGURE_COLUMNS = {
    "Mã dòng": 12, "Mã chỉ số": 11, "Chỉ số": 44, "Năm": 7, "Tử số": 13, "Mẫu số": 13, "Giá trị": 13, "Đơn vị tính": 11,
    "So sánh": 10, "Mức": 12, "Mức trên": 10, "Đánh giá": 20, "Tỷ lệ đạt mức": 13, "Báo cáo đã nhận": 10,
    "Báo cáo phải có": 10, "Số kỳ trước": 10,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """One row of the plan's sheet: a row of the plan with at most one of its indicators.

    `first`: it carries the plan's own words; a further indicator of the same row does not repeat them.
    """

    line: Line
    place: int | None
    first: bool

    @property
    def readings(self) -> Iterator[tuple[YearCell, Reading | None]]:
        """Each year cell with the reading of this strip's indicator."""
        for cell in self.line.cells:
            yield cell, None if self.place is None else cell.readings[self.place]


def strips(living: Sequence[Line]) -> Iterator[Strip]:
    """The rows to write: a heading's words stand alone, its indicators below; a row shares its own with the first."""
    for line in living:
        count = len(living_words.indicators(line))
        if line.is_heading or not count:
            yield Strip(line=line, place=None, first=True)
        for place in range(count):
            yield Strip(line=line, place=place, first=not line.is_heading and place == 0)


def write_xlsx(plan: Plan, living: Sequence[Line], *, heading: ReportHeading | None = None) -> bytes:
    """An .xlsx file, the same for the same input. `living`: every row of the plan with its readings."""
    saved = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(saved, options) as book:
        book.set_properties({"title": plan.title.partition("\n")[0], "author": plan.organisation, "created": NO_TIME})
        looks = Looks(book)
        _PlanSheet(book.add_worksheet(PLAN_SHEET), looks, plan).write(living, heading)
        _write_figures(book.add_worksheet(FIGURES_SHEET), looks, living)
    return saved.getvalue()


class Looks:
    """Cell formats of a workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def __call__(self, **look: Any) -> Format:
        """Times New Roman, bordered, wrapped, from the top, with `look` on top of it."""
        whole = {
            "font_name": "Times New Roman", "font_size": 11, "valign": "top", "text_wrap": True, "border": 1,
        } | look  # fmt: skip
        key = tuple(sorted(whole.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(whole)
        return self._made[key]

    def header(self) -> Format:
        """Of a table's header."""
        return self(bold=True, align="center", valign="vcenter", bg_color=SHADE)

    def figure(self, reading: Reading) -> Format:
        """Of an actual: it shows the unit, the value stays a number."""
        return self(align="right", bold=True, num_format=number_format(reading))


def number_format(reading: Reading) -> str:
    """How Excel shows an actual: 88,3%, 356 hộ, and a milestone's 1 or 0 in words."""
    indicator, figure = reading.indicator, reading.result.figure
    if figure.ratio:
        return PERCENT_FORMAT
    unit = indicator.unit
    if indicator.kind is IndicatorKind.MILESTONE:
        if figure.due <= 1:
            return f'"{living_words.DONE}";;"{living_words.NOT_DONE}"'
        unit = living_words.UNITS_DONE
    plain = unit.replace('"', "")
    return f'{COUNT_FORMAT.partition(".")[0]}" {plain}"' if plain else COUNT_FORMAT.partition(".")[0]


def number(value: Fraction | int | None, *, percent: bool = False) -> float | int | None:
    """A value as Excel keeps it: whole numbers whole, percentages as shares; None stays a blank cell."""
    if value is None:
        return None
    share = Fraction(value) / 100 if percent else Fraction(value)
    return share.numerator if share.denominator == 1 else share.numerator / share.denominator


def _put(sheet: Worksheet, row: int, column: int, value: str | float | int | None, look: Format) -> None:
    """Text as text, numbers as numbers, nothing as a blank cell."""
    if value is None or value == "":
        sheet.write_blank(row, column, None, look)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, look)
    else:
        sheet.write_number(row, column, value, look)


class _PlanSheet:
    """The plan's own table, three columns to a year."""

    def __init__(self, sheet: Worksheet, looks: Looks, plan: Plan) -> None:
        self.sheet, self.looks, self.plan = sheet, looks, plan
        self.after_years = len(LEFT_WIDTHS) + len(YEAR_PARTS) * len(plan.years)
        self.last = self.after_years + 1

    def write(self, living: Sequence[Line], heading: ReportHeading | None) -> None:
        """Titles, header, rows, and how it is shown and printed."""
        top = self._titles(heading)
        self._header(top)
        row = top + HEADER_ROWS
        for place, strip in enumerate(strips(living)):
            self._strip(row, strip)
            row += 1
            if place == 0 and self.plan.goal:  # stands under the first heading of the table
                self._words(row, "", living_words.GOAL + self.plan.goal, "", {"italic": True})
                row += 1
        self._columns()
        self._window(top, row - 1)
        self._print(top)

    def _titles(self, heading: ReportHeading | None) -> int:
        """What the workbook is; returns the first row below."""
        texts: list[tuple[str, dict[str, Any]]] = [
            (text, {"bold": True, "font_size": 13}) for text in self.plan.title.split("\n")
        ]
        if heading:
            texts.append((heading.words, {"italic": True, "font_size": 12}))
            if heading.synthetic:
                texts.append((living_words.SAMPLE, {"bold": True, "font_color": COLOURS[Level.NOT_MET]}))
        for row, (text, look) in enumerate(texts):
            self.sheet.write_string(row, 0, text, self.looks(**look, border=0, text_wrap=False))
        return len(texts) + 1

    def _header(self, top: int) -> None:
        """Three rows: the plan's two, and the parts of a year."""
        look, words, sheet = self.looks.header(), self.plan.headers, self.sheet
        bottom, first = top + HEADER_ROWS - 1, len(LEFT_WIDTHS)
        alone = enumerate((words.number, words.title, "Chỉ số"))
        for column, text in (*alone, (self.after_years, words.levels), (self.last, words.boards)):
            sheet.merge_range(top, column, bottom, column, text, look)
        sheet.merge_range(top, first, top, self.after_years - 1, words.years, look)
        for place, year in enumerate(self.plan.years):
            column = first + len(YEAR_PARTS) * place
            sheet.merge_range(top + 1, column, top + 1, column + len(YEAR_PARTS) - 1, "", look)
            sheet.write_number(top + 1, column, year, look)
            for part, text in enumerate(YEAR_PARTS):
                sheet.write_string(bottom, column + part, text, look)

    def _strip(self, row: int, strip: Strip) -> None:
        item = strip.line.row
        if isinstance(item, Objective) and strip.first:
            self._words(row, *living_words.numbered(item), item.boards_text, {"bold": True, "bg_color": SHADE})
            return
        plain, centred = self.looks(), self.looks(align="center")
        own = item if strip.first and isinstance(item, Activity) else None
        named = "" if strip.place is None else living_words.indicators(strip.line)[strip.place].name
        _put(self.sheet, row, 0, own.number if own else "", centred)
        _put(self.sheet, row, 1, own.title if own else "", plain)
        _put(self.sheet, row, 2, named, plain)
        for place, (cell, reading) in enumerate(strip.readings):
            words = cell.commitment.text if own and cell.commitment else ""
            self._year(row, len(LEFT_WIDTHS) + len(YEAR_PARTS) * place, words, reading)
        _put(self.sheet, row, self.after_years, own.levels_text if own else "", centred)
        _put(self.sheet, row, self.last, own.boards_text if own else "", centred)

    def _words(self, row: int, number: str, words: str, boards: str, look: dict[str, Any]) -> None:
        """Words over all columns but the first and the last. Merged cells do not grow by themselves: the row must."""
        _put(self.sheet, row, 0, number, self.looks(**look, align="center"))
        self.sheet.merge_range(row, 1, row, self.after_years, words, self.looks(**look))
        _put(self.sheet, row, self.last, boards, self.looks(**look, align="center"))
        room = sum(LEFT_WIDTHS[1:]) + sum(YEAR_WIDTHS) * len(self.plan.years)
        needed = max(1 + len(words) // room, 1 + len(boards) // RIGHT_WIDTHS[1])
        self.sheet.set_row(row, min(needed * HEIGHT_OF_LINE + 3, TALLEST))

    def _year(self, row: int, column: int, words: str, reading: Reading | None) -> None:
        """What is planned, what has come of it as a number, how it stands."""
        asked = f"KH: {need}" if reading and (need := living_words.asked(reading)) else ""
        _put(self.sheet, row, column, "\n".join(filter(None, (words, asked))), self.looks(align="center"))
        if reading is None:
            _put(self.sheet, row, column + 1, None, self.looks())
            _put(self.sheet, row, column + 2, None, self.looks())
            return
        result = reading.result
        value = number(result.figure.value, percent=result.figure.ratio)
        _put(self.sheet, row, column + 1, value, self.looks.figure(reading))
        look = self.looks(font_color=COLOURS.get(result.level, GREY))
        _put(self.sheet, row, column + 2, living_words.standing(reading), look)

    def _columns(self) -> None:
        widths = (*LEFT_WIDTHS, *YEAR_WIDTHS * len(self.plan.years), *RIGHT_WIDTHS)
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)

    def _window(self, top: int, last_row: int) -> None:
        """Header and words stay in sight; every column can be filtered."""
        below = top + HEADER_ROWS
        self.sheet.freeze_panes(below, len(FIRST))
        self.sheet.autofilter(below - 1, 0, last_row, self.last)

    def _print(self, top: int) -> None:
        """Landscape A4, a few years to a page, header and words repeated."""
        sheet = self.sheet
        _paper(sheet)
        sheet.set_print_scale(70)
        sheet.repeat_rows(top, top + HEADER_ROWS - 1)
        sheet.repeat_columns(0, len(FIRST) - 1)
        first, step = len(LEFT_WIDTHS), len(YEAR_PARTS) * YEARS_A_PAGE
        sheet.set_v_pagebreaks(list(range(first + step, self.after_years, step)))


def _paper(sheet: Worksheet) -> None:
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.6, right=0.4, top=0.6, bottom=0.7)
    sheet.set_footer('&C&"Times New Roman"Trang &P/&N')


def _write_figures(sheet: Worksheet, looks: Looks, living: Sequence[Line]) -> None:
    """One row for each indicator and year."""
    for column, (title, width) in enumerate(FIGURE_COLUMNS.items()):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, looks.header())
    rows = [(line.row.code, reading) for line in living for cell in line.cells for reading in cell.readings]
    for row, (code, reading) in enumerate(rows, start=1):
        for column, (value, form) in enumerate(_figures(code, reading)):
            _put(sheet, row, column, value, looks(num_format=form) if form else looks())
    sheet.freeze_panes(1, len(FIGURE_COLUMNS) - 12)
    sheet.autofilter(0, 0, len(rows), len(FIGURE_COLUMNS) - 1)
    _paper(sheet)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _figures(code: str, reading: Reading) -> Iterator[tuple[str | float | int | None, str]]:
    """The cells of `FIGURE_COLUMNS`, each with its number format."""
    indicator, result = reading.indicator, reading.result
    figure, need = result.figure, result.required
    count = "#,##0"
    of_value = PERCENT_FORMAT if figure.ratio else count
    yield from ((text, "") for text in (code, indicator.code, indicator.name))
    yield reading.year, "0"
    yield figure.numerator, count
    yield figure.denominator, count
    yield number(figure.value, percent=figure.ratio), of_value
    yield PERCENT if figure.ratio else indicator.unit, ""
    yield living_words.COMPARATORS[need.comparator] if need else None, ""
    yield from _amounts(need)
    yield living_words.LEVELS[result.level], ""
    yield number(result.attainment), PERCENT_FORMAT
    yield figure.reports, count
    yield figure.due, count
    yield figure.carried, count


def _amounts(need: Required | None) -> Iterator[tuple[float | int | None, str]]:
    """The target's amount and its upper end."""
    percent = need is not None and need.unit == PERCENT
    for amount in (need.amount, need.upper) if need else (None, None):
        yield number(amount, percent=percent), PERCENT_FORMAT if percent else COUNT_FORMAT
