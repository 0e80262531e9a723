"""Explain this number: where a figure comes from, unit by unit, on screen, on paper and from the code beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import cached_property

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import get_script_prefix, reverse
from django.utils.timezone import localdate

from toankhoa.audit.clock import now, today
from toankhoa.core.assessment import Figure, Required
from toankhoa.core.explanation import by_weight, share
from toankhoa.core.figure_code import FigureCode, fits, minute_of, read_code
from toankhoa.core.living import Reading
from toankhoa.core.numbers import format_date, format_number
from toankhoa.core.plan import Activity, Objective, Plan
from toankhoa.core.problems import Refused, refuse
from toankhoa.core.reform import Reform
from toankhoa.core.returns import State
from toankhoa.documents import living_words
from toankhoa.documents.changed_words import said
from toankhoa.documents.write_explanation import PartLine, ReturnLine, write_explanation
from toankhoa.operations.handed_down import handed_on
from toankhoa.operations.living import LivingPlan, living_plan
from toankhoa.org.organisation import organisation
from toankhoa.org.scope import OutOfReach, actor_of
from toankhoa.plan.versions import Published
from toankhoa.reporting import issued
from toankhoa.reporting.behind import Behind, elements_of, returns_behind
from toankhoa.reporting.models import IssuedReport
from toankhoa.reporting.results import Explanation
from toankhoa.web import outlook_chart, words
from toankhoa.web.access import Request, member
from toankhoa.web.as_of import address_at
from toankhoa.web.templatetags.vietnamese import ket_qua, luc, so_hoac

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Part:
    """What one unit brings to a figure. `share` of its numerator; `level`: what the unit above has asked of it."""

    unit: str
    name: str
    figure: Figure
    share: Fraction | None
    level: Required | None = None


@dataclass(frozen=True)
class Explained:
    """A figure with all that its page and its workbook say of it."""

    living: LivingPlan
    row: Objective | Activity
    explanation: Explanation
    mark: FigureCode | None

    @property
    def reading(self) -> Reading:
        """Where the figure stands."""
        return self.explanation.reading

    @property
    def year(self) -> int:
        """Its year."""
        return self.reading.year

    @property
    def parts(self) -> list[Part]:
        """Missing first, then the largest."""
        whole, levels = self.reading.result.figure, self.handed_on
        parts = by_weight(self.explanation.parts, lambda part: part.figure)
        return [
            Part(part.unit, part.name, part.figure, share(part.figure, whole), levels.get(part.unit)) for part in parts
        ]

    @cached_property
    def handed_on(self) -> dict[str, Required | None]:
        """What the unit's own decision asks of each unit below."""
        reader, key = self.living.reader.reader, (self.row.code, self.reading.indicator.code, self.year)
        units, as_of = reader.organisation, reader.ledger.as_of
        return handed_on(self.living.unit, key, organisation=units, today=reader.today, as_of=as_of)

    @property
    def reforms(self) -> list[Reform]:
        """Units were rearranged within its year, as far as it has run."""
        reader = self.living.reader.reader
        return [each for each in reader.organisation.reforms if each.day.year == self.year and each.day <= reader.today]

    def returns(self, *, alone: bool) -> list[Behind]:
        """The returns behind it: of the unit itself, or of all below it too."""
        return returns_behind(self.living.reader.reader, self.reading.indicator, self.year, alone=alone)

    @property
    def governed_by(self) -> Published:
        """The version whose words it is held against."""
        return self.living.in_force.of(self.year)

    @property
    def said_by(self) -> Objective | Activity:
        """The row or heading whose words set the target."""
        return _said_by(self.living.plan, self.row, self.reading)

    @property
    def elements(self) -> list[str]:
        """Names of what its returns' figures are."""
        return [element.name for element in elements_of(self.reading.indicator, self.living.reader.reader)]


@member
def explain(request: Request, unit: str, row: str, indicator: str, year: int) -> HttpResponse:
    """How one figure came about: beside the plan (htmx), or as a page."""
    found = _explained(request, unit, row, indicator, year)
    context = {
        "living": found.living,
        "explanation": found.explanation,
        "reading": found.reading,
        "row": found.row,
        "governed_by": found.governed_by,
        "said_by": found.said_by,
        "commitment": found.row.commitments.get(year) if isinstance(found.row, Activity) else None,
        "year": year,
        "months": found.living.reader.reader.months(found.explanation.numerator, year),
        "chart": outlook_chart.of_year(found.living.reader.term(row, indicator), year),
        "found": found,
        "own": found.returns(alone=True),
        "reported": _reported(request, unit, (row, indicator, year)),
    }
    return render(request, "web/plan/explanation.html" if request.htmx else "web/plan/explain.html", context)


@member
def download(request: Request, unit: str, row: str, indicator: str, year: int) -> HttpResponse:
    """The same as a workbook, with every return behind the figure."""
    found = _explained(request, unit, row, indicator, year)
    parts = [PartLine(part.name, part.figure, part.share) for part in found.parts]
    returns = [_line(behind) for behind in found.returns(alone=False)]
    data = write_explanation(list(_facts(request, found)), parts, returns, found.elements)
    response = HttpResponse(data, content_type=SPREADSHEET)
    response["Content-Disposition"] = f'attachment; filename="giai-thich-{unit}-{indicator}-{year}.xlsx"'
    return response


def _reported(request: Request, unit: str, address: tuple[str, str, int]) -> tuple[IssuedReport, str] | None:
    """The issued report whose moment is looked back at, and the figure as it shows it."""
    if request.as_of is None:
        return None
    report = issued.of_minute(request.actor.organisation.ids[unit], minute_of(request.as_of))
    if report is None or report.as_of != request.as_of:
        return None
    return next(((report, said(each)) for each in issued.figures_of(report) if each.address == address), None)


def _explained(request: Request, unit: str, row: str, indicator: str, year: int) -> Explained:
    living = living_plan(unit=request.actor.reach(unit), by=request.actor)
    if living is None:
        raise Http404
    try:
        explanation, at = living.reader.explain(row, indicator, year), living.plan.find(row)
        place = living.reader.addresses().index((row, indicator, year))
    except (KeyError, ValueError) as error:
        raise Http404 from error
    minute, number = minute_of(request.as_of or now()), request.actor.organisation.ids[unit]
    mark = FigureCode(minute, number, place) if fits(minute, number, place) else None
    return Explained(living, at, explanation, mark)


def _line(behind: Behind) -> ReturnLine:
    ret = behind.ret
    state = words.STATES[State(ret.state)] if ret else words.MISSING
    return ReturnLine(
        behind.unit.name,
        behind.form.name,
        behind.period.label,
        state,
        luc(ret.sent_at if ret else None),
        behind.figures,
    )


def _facts(request: Request, found: Explained) -> Iterator[tuple[str, str]]:
    """What the page says above its tables, by what it is about."""
    reading, explanation = found.reading, found.explanation
    figure, result = reading.result.figure, reading.result
    yield "Đơn vị", found.living.unit_name
    yield "Chỉ số", reading.indicator.name
    yield "Năm", str(found.year)
    yield "Kết quả", living_words.actual(reading)
    yield "Đánh giá", words.LEVELS[result.level]
    yield "Cách tính", _formula(explanation)
    if result.required:
        yield "Mức phải đạt", living_words.required(result.required)
    if given := reading.handed_down:
        yield "Mức giao", f"Quyết định số {given.number} ngày {format_date(given.issued_on)} của {given.issued_by}"
    if reading.target:
        yield "Mức lấy từ", f"{words.ORIGINS[reading.target.origin]}: {found.said_by.title}"
    version = found.governed_by
    yield "Kế hoạch", f"Số {version.number}, có hiệu lực từ {format_date(version.effective_on)}"
    yield "Báo cáo", f"Đã nhận {format_number(figure.reports)}/{format_number(figure.due)} báo cáo phải có"
    if figure.carried:
        yield "Số kỳ trước", f"{format_number(figure.carried)} đơn vị: lấy số gần nhất trong năm"
    for reform in found.reforms:
        yield "Sắp xếp đơn vị", f"{reform.title} ({reform.document}), từ {format_date(reform.day)}"
    yield "Số liệu tính đến", luc(request.as_of) if request.as_of else format_date(request.actor.today)
    if found.mark:
        yield "Mã số liệu", str(found.mark)


def _formula(explanation: Explanation) -> str:
    """`Hội viên sinh hoạt ÷ Hội viên × 100 = 80 ÷ 100 × 100 = 80%`, or what is added up."""
    figure = explanation.reading.result.figure
    if not figure.ratio:
        return f"{explanation.numerator.name}: {words.TIMES[explanation.numerator.time]}"
    below = explanation.denominator.name if explanation.denominator else "số đơn vị của cấp trong năm"
    sums = " ÷ ".join(so_hoac(part) for part in (figure.numerator, figure.denominator))
    return f"{explanation.numerator.name} ÷ {below} × 100 = {sums} × 100 = {ket_qua(figure)}"


@member
def explain_term(request: Request, unit: str, row: str, indicator: str) -> HttpResponse:
    """How one indicator's term came about, year by year: beside the plan (htmx), or as a page."""
    living = living_plan(unit=request.actor.reach(unit), by=request.actor)
    if living is None:
        raise Http404
    try:
        reading = living.reader.term(row, indicator)
        at = living.plan.find(row)
    except KeyError as error:
        raise Http404 from error
    context = {
        "living": living,
        "reading": reading,
        "row": at,
        "said_by": _said_by(living.plan, at, reading),
        "governed_by": living.in_force.now,
        "chart": outlook_chart.of_term(reading),
    }
    return render(request, "web/plan/term_explanation.html" if request.htmx else "web/plan/explain_term.html", context)


def _said_by(plan: Plan, row: Objective | Activity, reading: Reading) -> Objective | Activity:
    """The row or heading whose words set the target."""
    from_above = isinstance(row, Activity) and reading.target is not None and reading.target.origin == "heading"
    return plan.find(row.objective) if from_above else row


@member
def find(request: Request, code: str = "") -> HttpResponse:
    """A figure by the code beside it on paper: typed, or followed as a link."""
    typed = code or request.GET.get("ma", "").strip()
    if not typed:
        return render(request, "web/plan/find.html")
    try:
        return redirect(_leads_to(request, read_code(typed)))
    except Refused as refused:
        return render(request, "web/plan/find.html", {"typed": typed, "refused": refused}, status=404)


def figure_site(request: Request) -> str:
    """The address that a figure's code is put behind, to open it from paper."""
    return request.build_absolute_uri(address_at(request, None, "/so-lieu/"))


def _leads_to(request: Request, code: FigureCode) -> str:
    """The address of the explanation as of the document's moment: of an issued report that of its figures, else the end
    of the minute in which it was made. Refused where there is none for her.
    """
    report = issued.of_minute(code.unit, code.minute)
    moment: datetime | None = report.as_of if report else code.minute.replace(second=59, microsecond=999_999)
    if moment >= now():
        moment = None
    day = today() if moment is None else localdate(moment)
    actor = actor_of(request.user, day, moment)
    unit = organisation(moment).codes.get(code.unit)
    nothing = refuse(
        "figure-unknown", f"Không có số nào mang mã {code} trong phạm vi của bạn. Hãy so lại với mã trên giấy."
    )
    try:
        living = living_plan(unit=unit, by=actor) if actor and unit else None
    except OutOfReach as out:
        raise nothing from out
    addresses = living.reader.addresses() if living else []
    if code.place >= len(addresses):
        raise nothing
    row, indicator, year = addresses[code.place]
    name, of_year = ("explain-term", []) if year is None else ("explain", [year])
    path = reverse(name, args=[unit, row, indicator, *of_year])
    return address_at(request, moment, path.removeprefix(get_script_prefix()))
