"""Explain this number: where a figure of a year or of the term comes from; also as a workbook."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from toankhoa.audit.clock import now
from toankhoa.core.basics import Source, format_date
from toankhoa.core.measures import TermRule
from toankhoa.core.plan import Activity
from toankhoa.core.results import Reading, TermReading
from toankhoa.core.targets import Required
from toankhoa.documents.charts import ChartReform, chart_svg, term_chart, year_chart
from toankhoa.documents.words import plan_view, report_changes
from toankhoa.documents.writing.write_explanation import ExplanationSheets, write_explanation
from toankhoa.operations.explained import Explained, explained
from toankhoa.operations.living_plan import living_plan
from toankhoa.org.scope import Actor, OutOfReach
from toankhoa.reporting.models import IssuedReport
from toankhoa.reporting.reading import issued_reports
from toankhoa.reporting.reading.figure_reforms import FigureReforms
from toankhoa.web.explanations import part_tables, words
from toankhoa.web.explanations.addresses import explained_at, explained_in_file, restated_at
from toankhoa.web.plan.reading_facts import ReadingFacts
from toankhoa.web.shell.access import Request, member
from toankhoa.web.shell.files import file_answer, file_name
from toankhoa.web.units.series import chart_reforms

CHART_HEIGHT = 170
REFORMS_LEAD = "Trong thời gian này có sắp xếp đơn vị, mỗi tháng cộng theo các đơn vị của tháng đó:"
MANY_RETURNS = 12  # beyond, they are folded away
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Predecessor:
    """A unit that the explained one carries on, and what is said of the level asked of it."""

    name: str
    address: str
    target_words: str


@dataclass(frozen=True)
class IssuedFigure:
    """The issued report whose moment is looked back at, and the figure as it shows it."""

    report: IssuedReport
    words: str


@member
def explain(
    request: Request, unit: str, row: str, indicator: str, year: int | None = None
) -> HttpResponse:
    """How one figure came about, that of the term where no year is named.

    Beside the plan (htmx), or as a page.
    """
    figure = _explained(request, unit, row, indicator, year)
    address = (unit, row, indicator, year)
    context = {
        "living": figure.living,
        "explained": figure,
        "explanation": figure.explanation,
        "facts": ReadingFacts(figure.reading),
        "reading": figure.reading,
        "row": figure.row,
        "year": year,
        "in_plan": _in_plan(figure, year),
        "page": explained_at(*address),
        "file": explained_in_file(*address),
        "chart": _chart(figure),
        "issued": _issued(request, unit, (row, indicator, year)),
    }
    context["received_here"] = unit == request.actor.unit
    context |= _origin_of_target(figure, year)
    context |= _tables(request, figure)
    context |= _origin_of_unit(request, figure)
    beside_the_plan = request.htmx
    template = "plan/explanation.html" if beside_the_plan else "explanations/explain.html"
    return render(request, template, context)


def _in_plan(figure: Explained, year: int | None) -> str:
    """The figure's row in the plan's table."""
    span = f"nam={year}" if year else "xem=toan-khoa"
    return f"{reverse('living-plan')}?don-vi={figure.living.unit}&{span}#{figure.row.code}"


def _tables(request: Request, figure: Explained) -> dict[str, Any]:
    """How the figure is reckoned, and out of whose figures."""
    units = {part.unit for part in figure.parts}
    own = part_tables.return_rows(figure.returns(alone=True))
    return {
        "months": words.months_of(figure),
        "adds_up": figure.explanation.numerator.time == "flow",
        "formula": words.formula(figure),
        "ratio_words": _ratio_words(figure),
        "reforms_lead": REFORMS_LEAD,
        "years": part_tables.year_rows(figure),
        "years_add_up": _years_add_up(figure.reading),
        "of_years": _span_of_parts(figure),
        "parts": part_tables.part_rows(figure, may_open(request.actor, units)),
        "ratio": figure.reading.result.figure.ratio,
        "unit_title": "Đơn vị",
        "result_title": "Kết quả",
        "shows_targets": bool(figure.targets_below),
        "own": own,
        "own_folded": len(own) > MANY_RETURNS,
    }


def _ratio_words(figure: Explained) -> str:
    """What is divided by what; of a term, in which year."""
    divided = f"{figure.explanation.numerator.name} ÷ {words.denominator_name(figure)}"
    return f"{divided}, số của năm {figure.years[-1]}" if figure.of_term else divided


def _years_add_up(reading: Reading) -> bool:
    return isinstance(reading, TermReading) and reading.term.rule is TermRule.SUM


def _span_of_parts(figure: Explained) -> str:
    """Of which years a term's parts are; blank of a year."""
    if not figure.of_term:
        return ""
    first, last = figure.years[0], figure.years[-1]
    return f"năm {first}" if first == last else f"{first}–{last}"


def _origin_of_target(figure: Explained, year: int | None) -> dict[str, Any]:
    """Whose words set the target, and which they are."""
    target, target_row = figure.reading.target, figure.target_row
    commitments = figure.row.commitments if isinstance(figure.row, Activity) else {}
    commitment = commitments.get(year) if year else None
    in_cell = target is not None and target.origin == "cell"
    quoted = commitment.text if commitment and in_cell else ""
    return {
        "governed_by": figure.governed_by,
        "target_row": target_row,
        "place": _place(target_row.source),
        "quoted": quoted or target_row.title,
    }


def _place(source: Source) -> str:
    """Where it stands in the signed document; blank where that is not known."""
    if source.row is None:
        return ""
    table = (source.table or 0) + 1
    return f"(bảng {table}, hàng {source.row + 1} của văn bản)"


def _origin_of_unit(request: Request, figure: Explained) -> dict[str, Any]:
    """Of a unit that began in the year: whom it carries on, where the whole year is restated."""
    stay = figure.tenure
    if not stay.began or figure.of_term:
        return {}
    row, indicator = figure.row.code, figure.reading.indicator.code
    unit, year, day = figure.living.unit, figure.reading.year, request.actor.today.isoformat()
    predecessors = [
        Predecessor(
            name=predecessor.name,
            address=explained_at(predecessor.code, row, indicator, year),
            target_words=_asked_of_predecessor(target),
        )
        for predecessor, target in figure.forebears
    ]
    return {
        "began_on": stay.since,
        "predecessors": predecessors,
        "restated_today": restated_at(unit, row, indicator, year, day),
        "restated_name": f"Số cả năm {year} tính lại theo địa giới hôm nay",
    }


def _asked_of_predecessor(target: Required | None) -> str:
    if target is None:
        return "chưa có quyết định giao chỉ tiêu riêng"
    return f"chỉ tiêu được giao {plan_view.required(target)}"


def _chart(figure: Explained) -> SafeString | None:
    """The years of its indicator; None where there is nothing to draw."""
    reading, reforms = figure.reading, _reforms_of_plan(figure)
    if isinstance(reading, TermReading):
        chart = term_chart(reading, reforms)
    else:
        term = figure.living.reader.term(figure.row.code, reading.indicator.code)
        chart = year_chart(term, reading.year, reforms)
    # `chart_svg` escapes what it is given.
    return mark_safe(chart_svg(chart, "reading-chart", CHART_HEIGHT)) if chart else None


def _reforms_of_plan(figure: Explained) -> list[ChartReform]:
    """Those in the years of the plan: the chart shows all of them, whatever year is explained."""
    living, years = figure.living, figure.living.plan.years
    last = min(living.last_day, date(years[-1], 12, 31))
    within = FigureReforms(living.reader.reader, date(years[0], 1, 1), last)
    return chart_reforms(within.behind(figure.reading.indicator))


@member
def download(
    request: Request, unit: str, row: str, indicator: str, year: int | None = None
) -> HttpResponse:
    """The same as a workbook, with every return behind the figure."""
    figure = _explained(request, unit, row, indicator, year)
    library = figure.living.ledger.library
    today = format_date(request.actor.today)
    sheets = ExplanationSheets(
        facts=list(words.facts(figure, today, request.as_of)),
        ratio=figure.reading.result.figure.ratio,
        parts=words.part_lines(figure),
        years=words.year_lines(figure),
        handed=[words.cascade_line(step, library) for step in figure.cascade_steps],
        returns=[words.return_line(source, figure) for source in figure.returns(alone=False)],
        elements=figure.elements,
    )
    code, name = figure.reading.indicator.code, figure.living.unit_name
    span = year or "toàn khóa"
    return workbook(sheets, file_name("cơ sở của số liệu", code, name, span, suffix=".xlsx"))


def workbook(sheets: ExplanationSheets, name: str) -> HttpResponse:
    """An explanation as a file to keep."""
    return file_answer(write_explanation(sheets), name=name, content_type=SPREADSHEET)


def may_open(actor: Actor, units: Iterable[str]) -> set[str]:
    """Those of these units whose explanations she may open."""
    return {unit for unit in units if _within(actor, unit)}


def _within(actor: Actor, unit: str) -> bool:
    try:
        actor.reach(unit, actor.organisation.trees.last_day(unit, actor.today))
    except OutOfReach:
        return False
    return True


def _issued(
    request: Request, unit: str, address: tuple[str, str, int | None]
) -> IssuedFigure | None:
    """None in the present, and where the moment is of no report that shows the figure."""
    if request.as_of is None:
        return None
    unit_id = request.actor.organisation.ids[unit]
    report = issued_reports.between(unit_id, request.as_of, request.as_of)
    if report is None:
        return None
    for figure in issued_reports.figures_of(report):
        if figure.address == address:
            return IssuedFigure(report, report_changes.said(figure))
    return None


def _explained(
    request: Request, unit: str, row: str, indicator: str, year: int | None
) -> Explained:
    living = living_plan(unit=unit, by=request.actor)
    if living is None:
        raise Http404
    try:
        return explained(living, row, indicator, year, at=request.as_of or now())
    except KeyError as error:
        raise Http404 from error
