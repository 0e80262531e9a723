"""Explain a restated number: which units of then it is put together from, and how much of each; also as a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from toankhoa.core.basics import format_date, format_number
from toankhoa.core.measures import IndicatorKind
from toankhoa.core.totals import ALL_YEAR, Months
from toankhoa.documents.writing.write_explanation import ExplanationSheets, PartLine
from toankhoa.operations.living_plan import living_plan
from toankhoa.operations.restated_figure import RestatedFigure, restated_figure
from toankhoa.reporting.reading.restated_reader import RestatedPart
from toankhoa.web.explanations import words
from toankhoa.web.explanations.views import opened, workbook
from toankhoa.web.shell.access import Request, member
from toankhoa.web.templatetags.vietnamese import ket_qua, luc, so_hoac
from toankhoa.web.units.series import UNKNOWN


@member
def explain(
    request: Request, unit: str, row: str, indicator: str, year: int, day: str
) -> HttpResponse:
    """How one figure came about on a day's boundaries; led to the reported one where the unit stood as it does then."""
    found = _found(request, unit, row, indicator, year, day)
    if found.restated.as_reported:
        return redirect("explain", unit, row, indicator, year)
    context = {
        "found": found,
        "living": found.living,
        "row": found.row,
        "indicator": found.indicator,
        "figure": found.figure,
        "ratio": found.indicator.kind is IndicatorKind.RATIO,
        "year": year,
        "day": found.reader.day,
        "seen_from": found.reader.seen_from,
        "query": request.GET.urlencode(),
        "formula": formula(found),
        "parts": [(part, share, part_note(part)) for part, share in found.parts],
        "open_to": opened(request.actor, (part.share.unit for part in found.restated.parts)),
    }
    template = (
        "explanations/restated.html" if request.htmx else "explanations/explain_restated.html"
    )
    return render(request, template, context)


@member
def download(
    request: Request, unit: str, row: str, indicator: str, year: int, day: str
) -> HttpResponse:
    """The same as a workbook."""
    found = _found(request, unit, row, indicator, year, day)
    parts = [
        PartLine(part.name, part.figure, share, note=part_note(part)) for part, share in found.parts
    ]
    until = luc(request.as_of) if request.as_of else format_date(request.actor.today)
    facts = [*_facts(found), ("Số liệu tính đến", until)]
    sheets = ExplanationSheets(
        facts=facts, ratio=found.indicator.kind is IndicatorKind.RATIO, parts=parts
    )
    return workbook(sheets, f"giai-thich-{unit}-{indicator}-{year}-dia-gioi-{found.reader.day}")


def _found(
    request: Request, unit: str, row: str, indicator: str, year: int, day: str
) -> RestatedFigure:
    actor = request.actor
    seen_from = request.GET.get("tu", "")
    living = living_plan(unit=unit, by=actor)
    try:
        on = date.fromisoformat(day)
        if living is None or on > actor.today:
            raise Http404
        above = actor.reach(seen_from, on) if seen_from else ""
        return restated_figure(living, row, indicator, year, day=on, seen_from=above)
    except (KeyError, ValueError) as error:
        raise Http404 from error


def part_note(part: RestatedPart) -> str:
    """How much of a unit of then, and of which months: `1/3 của 10, theo tỷ lệ đã công bố; tháng 1–6`."""
    piece = part.share
    low, high = piece.part
    said = []
    if not piece.whole:
        said.append(f"{_fraction(high - low)} của {_parts(part)}, theo tỷ lệ đã công bố")
    elif piece.alone:
        said.append("phần đơn vị tự báo cáo")
    if part.months != ALL_YEAR:
        said.append(_months(part.months))
    return "; ".join(said) or "cả đơn vị, cả năm"


def _parts(part: RestatedPart) -> str:
    whole = part.whole
    return (
        f"{so_hoac(whole.numerator)}/{so_hoac(whole.denominator)}"
        if whole.ratio
        else so_hoac(whole.numerator)
    )


def _fraction(share: Fraction) -> str:
    return f"{share.numerator}/{share.denominator}"


def _months(months: Months) -> str:
    """`tháng 1–6`; each by its number where they do not follow one another."""
    there = [month for month, here in enumerate(months, start=1) if here]
    run = there == list(range(there[0], there[-1] + 1))
    return (
        f"tháng {there[0]}–{there[-1]}"
        if run and len(there) > 1
        else f"tháng {', '.join(map(str, there))}"
    )


def formula(found: RestatedFigure) -> str:
    """`3 (Xã A) + 4 (Xã B) = 7`; of a ratio both parts are added."""
    figure = found.figure
    if figure is None:
        return f"{UNKNOWN}: không biết phần nào của đơn vị khi ấy thuộc {found.name}"
    if figure.value is None:
        return "Các đơn vị khi ấy chưa có số liệu được duyệt."
    if not figure.ratio:
        return f"{_added([(part.figure.numerator, part.name) for part, _ in found.parts])} = {ket_qua(figure)}"
    of_parts = found.parts
    top = _added([(part.figure.numerator, part.name) for part, _ in of_parts])
    bottom = _added([(part.figure.denominator, part.name) for part, _ in of_parts])
    return f"({top}) ÷ ({bottom}) × 100 = {ket_qua(figure)}"


def _added(parts: list[tuple[int | None, str]]) -> str:
    return (
        " + ".join(
            f"{format_number(number)} ({name})" for number, name in parts if number is not None
        )
        or "…"
    )


def _facts(found: RestatedFigure) -> Iterator[tuple[str, str]]:
    day, figure = format_date(found.reader.day), found.figure
    yield "Đơn vị", found.name
    yield "Chỉ số", found.indicator.name
    yield "Năm", str(found.year)
    yield "Địa giới", f"Tính lại theo địa giới ngày {day}; không phải số đã báo cáo khi ấy"
    yield "Kết quả", UNKNOWN if figure is None else ket_qua(figure)
    yield "Cách tính", formula(found)
    for name, _, known in found.unsure:
        yield (
            "Không rõ",
            f"Phần của {name} thuộc đơn vị này"
            + (f"; chỉ biết từ {known} trở lên" if known else ""),
        )
    if figure:
        yield (
            "Báo cáo",
            f"Đã duyệt {format_number(figure.reports)}/{format_number(figure.due)} báo cáo phải gửi",
        )
    yield from words.reforms_said(found.restated.reforms)
