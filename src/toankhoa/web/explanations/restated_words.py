"""What is said of a restated figure, in the words of its page and of its workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from toankhoa.core.basics import format_date, format_number
from toankhoa.core.totals import ALL_YEAR, Figure, Months
from toankhoa.documents.words.alike_figures import figure_words
from toankhoa.operations.restated_figure import RestatedFigure
from toankhoa.reporting.reading.restated_reader import RestatedPart
from toankhoa.web.explanations.words import approved_reports, reform_facts
from toankhoa.web.templatetags.vietnamese import so_hoac
from toankhoa.web.units.series import UNKNOWN


def part_note(part: RestatedPart) -> str:
    """How much of a unit of then, and of which months.

    `1/3 của 10, theo tỷ lệ đã công bố; tháng 1–6`
    """
    piece = part.share
    low, high = piece.part
    notes = []
    if not piece.whole:
        share = _fraction_words(high - low)
        notes.append(f"{share} của {_amount_words(part.whole)}, theo tỷ lệ đã công bố")
    elif piece.alone:
        notes.append("phần đơn vị tự báo cáo")
    if part.months != ALL_YEAR:
        notes.append(month_words(part.months))
    return "; ".join(notes) or "cả đơn vị, cả năm"


def _amount_words(whole: Figure) -> str:
    if not whole.ratio:
        return so_hoac(whole.numerator)
    return f"{so_hoac(whole.numerator)}/{so_hoac(whole.denominator)}"


def _fraction_words(share: Fraction) -> str:
    return f"{share.numerator}/{share.denominator}"


def month_words(months: Months) -> str:
    """`tháng 1–6`; each by its number where they do not follow one another."""
    numbers = [number for number, meant in enumerate(months, start=1) if meant]
    first, last = numbers[0], numbers[-1]
    if len(numbers) > 1 and numbers == list(range(first, last + 1)):
        return f"tháng {first}–{last}"
    return f"tháng {', '.join(map(str, numbers))}"


def formula(restated: RestatedFigure) -> str:
    """`3 (Xã A) + 4 (Xã B) = 7`; of a ratio both parts are added."""
    figure = restated.figure
    if figure is None:
        return f"{UNKNOWN}: không biết phần nào của đơn vị khi ấy thuộc {restated.name}"
    if figure.value is None:
        return "Các đơn vị khi ấy chưa có số liệu được duyệt."
    parts = [part for part, _ in restated.parts]
    top = _added([(part.figure.numerator, part.name) for part in parts])
    if not figure.ratio:
        return f"{top} = {figure_words(figure)}"
    bottom = _added([(part.figure.denominator, part.name) for part in parts])
    return f"({top}) ÷ ({bottom}) × 100 = {figure_words(figure)}"


def _added(parts: Sequence[tuple[int | None, str]]) -> str:
    summands = [f"{format_number(number)} ({name})" for number, name in parts if number is not None]
    return " + ".join(summands) or "…"


def restated_facts(restated: RestatedFigure) -> Iterator[tuple[str, str]]:
    """What the page says above its tables, by what it is about."""
    day, figure = format_date(restated.reader.day), restated.figure
    yield "Đơn vị", restated.name
    yield "Chỉ số", restated.indicator.name
    yield "Năm", str(restated.year)
    yield "Địa giới", f"Tính lại theo địa giới ngày {day}; không phải số đã báo cáo khi ấy"
    yield "Kết quả", UNKNOWN if figure is None else figure_words(figure)
    yield "Cách tính", formula(restated)
    for name, _, known_from in restated.unsure:
        known = f"; chỉ biết từ {known_from} trở lên" if known_from else ""
        yield "Không rõ", f"Phần của {name} thuộc đơn vị này{known}"
    if figure:
        yield "Báo cáo", approved_reports(figure)
    yield from reform_facts(restated.restated.reforms)
