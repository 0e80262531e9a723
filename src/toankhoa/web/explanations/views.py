"""Explain this number: where a figure of a year or of the term comes from, on screen and as a workbook."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import Http404, HttpResponse
from django.shortcuts import render

from toankhoa.audit.clock import now
from toankhoa.core.basics import format_date
from toankhoa.core.plan import Activity
from toankhoa.core.results import TermReading
from toankhoa.documents.words.report_changes import said
from toankhoa.documents.writing.write_explanation import ExplanationSheets, write_explanation
from toankhoa.operations.explained import Explained, explained
from toankhoa.operations.living_plan import living_plan
from toankhoa.org.scope import Actor, OutOfReach
from toankhoa.reporting.models import IssuedReport
from toankhoa.reporting.reading import issued_reports
from toankhoa.web.explanations import words
from toankhoa.web.plan import outlook_chart
from toankhoa.web.shell.access import Request, member

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@member
def explain(
    request: Request, unit: str, row: str, indicator: str, year: int | None = None
) -> HttpResponse:
    """How one figure came about, that of the term where no year is named: beside the plan (htmx), or as a page."""
    found = _explained(request, unit, row, indicator, year)
    reading = found.reading
    term = reading if isinstance(reading, TermReading) else found.living.reader.term(row, indicator)
    commitments = found.row.commitments if isinstance(found.row, Activity) else {}
    names = found.names
    context = {
        "living": found.living,
        "explanation": found.explanation,
        "reading": reading,
        "row": found.row,
        "governed_by": found.governed_by,
        "said_by": found.target_row,
        "commitment": commitments.get(year) if year else None,
        "year": year,
        "months": words.months_of(found),
        "formula": words.formula(found),
        "below_name": words.below_name(found),
        "chart": outlook_chart.of_term(reading)
        if found.of_term
        else outlook_chart.of_year(term, reading.year),
        "found": found,
        "parts": [(part, words.part_note(part, names)) for part in found.parts],
        "open_to": opened(request.actor, (part.unit for part in found.parts)),
        "own": found.returns(alone=True),
        "reported": _reported(request, unit, (row, indicator, year)),
    }
    return render(
        request, "plan/explanation.html" if request.htmx else "explanations/explain.html", context
    )


@member
def download(
    request: Request, unit: str, row: str, indicator: str, year: int | None = None
) -> HttpResponse:
    """The same as a workbook, with every return behind the figure."""
    found = _explained(request, unit, row, indicator, year)
    today = format_date(request.actor.today)
    sheets = ExplanationSheets(
        facts=list(words.facts(found, today, request.as_of)),
        ratio=found.reading.result.figure.ratio,
        parts=words.part_lines(found),
        years=words.year_lines(found),
        handed=[
            words.handed_line(step, found.living.ledger.library) for step in found.cascade_steps
        ],
        returns=[words.return_line(behind, found) for behind in found.returns(alone=False)],
        elements=found.elements,
    )
    return workbook(sheets, f"giai-thich-{unit}-{indicator}-{year or 'toan-khoa'}")


def workbook(sheets: ExplanationSheets, name: str) -> HttpResponse:
    """An explanation as a file to keep."""
    response = HttpResponse(write_explanation(sheets), content_type=SPREADSHEET)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


def opened(actor: Actor, units: Iterable[str]) -> set[str]:
    """Those of these units whose explanations she may open."""
    return {unit for unit in units if _within(actor, unit)}


def _within(actor: Actor, unit: str) -> bool:
    try:
        actor.reach(unit, actor.organisation.trees.last_day(unit, actor.today))
    except OutOfReach:
        return False
    return True


def _reported(
    request: Request, unit: str, address: tuple[str, str, int | None]
) -> tuple[IssuedReport, str] | None:
    """The issued report whose moment is looked back at, and the figure as it shows it."""
    if request.as_of is None:
        return None
    report = issued_reports.between(
        request.actor.organisation.ids[unit], request.as_of, request.as_of
    )
    if report is None:
        return None
    return next(
        (
            (report, said(each))
            for each in issued_reports.figures_of(report)
            if each.address == address
        ),
        None,
    )


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
