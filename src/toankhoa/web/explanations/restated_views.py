"""Explain a restated number: which units of then it is put together from; also as a workbook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from toankhoa.core.basics import format_date
from toankhoa.core.measures import IndicatorKind
from toankhoa.documents.writing.write_explanation import ExplanationSheets, PartLine
from toankhoa.operations.living_plan import living_plan
from toankhoa.operations.restated_figure import RestatedFigure, restated_figure
from toankhoa.web.explanations.addresses import restated_at, restated_in_file
from toankhoa.web.explanations.part_tables import restated_part_rows
from toankhoa.web.explanations.restated_words import formula, part_note, restated_facts
from toankhoa.web.explanations.views import may_open, workbook
from toankhoa.web.shell.access import Request, member
from toankhoa.web.shell.files import file_name
from toankhoa.web.shell.typed import query_fields
from toankhoa.web.templatetags.vietnamese import luc

SEEN_FROM = "tu"  # names the unit above from which it is seen


@dataclass(frozen=True)
class UnsureUnit:
    """A unit of which nobody knows how much belongs here, and the unit from which up that is known.

    `known_from` and `address` are blank where it is known nowhere.
    """

    name: str
    known_from: str
    address: str


@member
def explain(
    request: Request, unit: str, row: str, indicator: str, year: int, day: str
) -> HttpResponse:
    """How one figure came about on a day's boundaries.

    Led to the reported one where the unit was then what it is on that day.
    """
    restated = _restated(request, unit, row, indicator, year, day)
    if restated.restated.as_reported:
        return redirect("explain", unit, row, indicator, year)
    figure, shown_day = restated.figure, restated.reader.day
    address = (unit, row, indicator, year, shown_day.isoformat())
    query = request.GET.urlencode()
    if query:
        query = f"?{query}"
    units = {part.share.unit for part in restated.restated.parts}
    context = {
        "living": restated.living,
        "name": restated.name,
        "indicator": restated.indicator,
        "figure": figure,
        "ratio": restated.indicator.kind is IndicatorKind.RATIO,
        "unit_of_measure": _unit_of_measure(restated),
        "unsure": _unsure_units(restated, row, day),
        "year": year,
        "day": shown_day,
        "page": restated_at(*address) + query,
        "file": restated_in_file(*address) + query,
        "formula": formula(restated),
        "reforms": restated.restated.reforms,
        "lead": "Tính lại qua:",
        "unit_title": "Đơn vị khi ấy",
        "result_title": "Tính vào đây",
        "parts": restated_part_rows(restated, may_open(request.actor, units)),
    }
    beside_the_plan = request.htmx
    template = "explanations/explain_restated.html"
    if beside_the_plan:
        template = "explanations/restated.html"
    return render(request, template, context)


def _unit_of_measure(restated: RestatedFigure) -> str:
    """What a count is of; blank for a percentage and where there is no figure."""
    figure = restated.figure
    if figure is None or figure.ratio or figure.value is None:
        return ""
    return restated.indicator.unit


def _unsure_units(restated: RestatedFigure, row: str, day: str) -> list[UnsureUnit]:
    indicator, year = restated.indicator.code, restated.year
    units = []
    for name, known, known_name in restated.unsure:
        address = restated_at(known, row, indicator, year, day) if known else ""
        units.append(UnsureUnit(name, known_name, address))
    return units


@member
def download(
    request: Request, unit: str, row: str, indicator: str, year: int, day: str
) -> HttpResponse:
    """The same as a workbook."""
    restated = _restated(request, unit, row, indicator, year, day)
    parts = [
        PartLine(part.name, part.figure, share, note=part_note(part))
        for part, share in restated.parts
    ]
    until = luc(request.as_of) if request.as_of else format_date(request.actor.today)
    sheets = ExplanationSheets(
        facts=[*restated_facts(restated), ("Số liệu tính đến", until)],
        ratio=restated.indicator.kind is IndicatorKind.RATIO,
        parts=parts,
    )
    code = restated.indicator.code
    of_day = f"địa giới {restated.reader.day}"
    name = file_name("cơ sở của số liệu", code, restated.name, year, of_day, suffix=".xlsx")
    return workbook(sheets, name)


def _restated(
    request: Request, unit: str, row: str, indicator: str, year: int, day: str
) -> RestatedFigure:
    actor = request.actor
    seen_from = query_fields(request).text(SEEN_FROM)
    living = living_plan(unit=unit, by=actor)
    try:
        boundaries = date.fromisoformat(day)
        if living is None or boundaries > actor.today:
            raise Http404
        above = actor.reach(seen_from, boundaries) if seen_from else ""
        return restated_figure(living, row, indicator, year, day=boundaries, seen_from=above)
    except (KeyError, ValueError) as error:
        raise Http404 from error
