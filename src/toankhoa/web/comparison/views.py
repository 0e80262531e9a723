"""Units side by side through the years, on the boundaries of one day.

One indicator on screen, all of them in Excel.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from toankhoa.core.basics import format_date, format_number
from toankhoa.core.measures import Indicator, IndicatorKind
from toankhoa.documents.words.alike_figures import figure_places, figure_words
from toankhoa.documents.words.reforms import reforms_in_line
from toankhoa.documents.writing.write_side_by_side import UnitLine, write_side_by_side
from toankhoa.operations.living_plan import LivingPlan, living_plan
from toankhoa.operations.side_by_side import RestatedYear, SideBySide, levels_below, side_by_side
from toankhoa.web.explanations.addresses import explained_at, restated_at
from toankhoa.web.explanations.restated_views import SEEN_FROM
from toankhoa.web.explanations.views import SPREADSHEET
from toankhoa.web.shell.access import Request, member
from toankhoa.web.shell.files import file_answer, file_name
from toankhoa.web.shell.typed import query_fields
from toankhoa.web.units.series import UNKNOWN, BoundaryDay, boundary_day

SORTS = {"": "Theo danh sách", "cao": "Cao xuống thấp", "thap": "Thấp lên cao"}
UnitYears = tuple[str, str, list[RestatedYear]]  # code and name of a unit, its figures


@dataclass(frozen=True)
class Option:
    """One value of a choice of the page."""

    code: str
    name: str
    is_chosen: bool


@dataclass(frozen=True)
class ComparedCell:
    """A unit's figure of a year. `reports`: how many of those due are in, where some are missing.

    `unknown`: why it cannot be known, blank where it is.
    """

    words: str
    address: str
    is_restated: bool
    reports: str = ""
    unknown: str = ""


@dataclass(frozen=True)
class ComparedRow:
    """A unit with its years."""

    code: str
    name: str
    cells: tuple[ComparedCell, ...]


@dataclass(frozen=True)
class Comparison:
    """What the address asks for. `rows`: by indicator, the plan's row that explains its figures."""

    living: LivingPlan
    boundary: BoundaryDay
    level: str
    levels: dict[str, str]
    rows: dict[str, str]
    request: Request

    @cached_property
    def table(self) -> SideBySide:
        """The units and their figures."""
        today = self.request.actor.today
        return side_by_side(
            unit=self.living.unit,
            level=self.level,
            day=self.boundary.day or today,
            years=[year for year in self.living.plan.years if year <= today.year],
            today=today,
            ledger=self.request.ledger,
        )

    @cached_property
    def indicators(self) -> list[Indicator]:
        """Those of the plan that are figures, in its order."""
        in_library = self.request.ledger.library.indicators
        indicators = [in_library[code] for code in self.rows]
        return [
            indicator for indicator in indicators if indicator.kind is not IndicatorKind.MILESTONE
        ]

    @property
    def indicator(self) -> Indicator | None:
        """The one to show: as asked, else the first."""
        by_code = {indicator.code: indicator for indicator in self.indicators}
        first = self.indicators[0] if self.indicators else None
        return query_fields(self.request).choice("chi-so", by_code) or first


@member
def show(request: Request, unit: str) -> HttpResponse:
    """One indicator, every unit of a level, every year."""
    comparison = _comparison(request, unit)
    table, indicator = comparison.table, comparison.indicator
    sort = query_fields(request).text("xep")
    place = table.tree.units[unit]
    context: dict[str, Any] = {
        "boundary": comparison.boundary,
        "place": place,
        "indicator": indicator,
        "indicators": _options(
            {known.code: known.name for known in comparison.indicators},
            indicator.code if indicator else "",
        ),
        "levels": _options(comparison.levels, comparison.level),
        "has_levels": len(comparison.levels) > 1,
        "sorts": _options(SORTS, sort),
        "years": table.whole.years,
        "reforms_in_line": reforms_in_line(table.reforms),
    }
    if indicator:
        units = _sorted(table.rows(indicator), sort)
        whole = (unit, place.name, table.years(table.whole, indicator))
        *rows, foot = _shown([*units, whole], comparison, indicator)
        context |= {"rows": rows, "foot": foot}
    return render(request, "comparison/comparison.html", context)


def _options(names: dict[str, str], chosen: str) -> list[Option]:
    return [Option(code, name, code == chosen) for code, name in names.items()]


def _shown(
    units: Sequence[UnitYears], comparison: Comparison, indicator: Indicator
) -> Iterator[ComparedRow]:
    """The rows in words: percentages of a year show as many decimals in every row."""
    columns = zip(*(years for _, _, years in units), strict=True)
    places = [figure_places(year.figure for year in column) for column in columns]
    for code, name, years in units:
        cells = [
            _cell(code, year, of_column, comparison, indicator)
            for year, of_column in zip(years, places, strict=True)
        ]
        yield ComparedRow(code, name, tuple(cells))


def _cell(
    unit: str, year: RestatedYear, places: int, comparison: Comparison, indicator: Indicator
) -> ComparedCell:
    figure, code, top = year.figure, indicator.code, comparison.living.unit
    row, day = comparison.rows[code], comparison.table.day.isoformat()
    address = explained_at(unit, row, code, year.year)
    if year.restated or figure is None:
        address = restated_at(unit, row, code, year.year, day)
    if year.restated and unit != top:
        address = f"{address}?{SEEN_FROM}={top}"
    if figure is None:
        return ComparedCell(UNKNOWN, address, year.restated, unknown=_why_unknown(year))
    reports = ""
    if figure.reports < figure.due:
        reports = f"{format_number(figure.reports)}/{format_number(figure.due)}"
    return ComparedCell(figure_words(figure, places), address, year.restated, reports)


def _why_unknown(year: RestatedYear) -> str:
    reasons = []
    for name, known_from in year.unsure:
        known = f", chỉ biết từ {known_from} trở lên" if known_from else ""
        reasons.append(f"Không rõ phần nào của {name}{known}")
    return "; ".join(reasons)


@member
def download(request: Request, unit: str) -> HttpResponse:
    """Every indicator of the plan as a workbook."""
    comparison = _comparison(request, unit)
    table = comparison.table
    data = write_side_by_side(list(_lines(comparison)), table.whole.years, _facts(comparison))
    unit_name = comparison.living.unit_name
    name = file_name("so sánh đơn vị", unit_name, "địa giới", table.day, suffix=".xlsx")
    return file_answer(data, name=name, content_type=SPREADSHEET)


def _comparison(request: Request, unit: str) -> Comparison:
    actor = request.actor
    living = living_plan(unit=actor.reach(unit), by=actor) if unit in actor.tree else None
    if living is None:
        raise Http404
    asked = boundary_day(request, unit)
    day = asked.day or actor.today
    level_names = request.ledger.library.vocabulary.level_names
    levels = {
        code: level_names.get(code, code) for code in levels_below(unit, actor.organisation.on(day))
    }
    level = query_fields(request).text("cap")
    rows: dict[str, str] = {}
    for row, indicator, _ in living.reader.addresses():
        rows.setdefault(indicator, row)
    return Comparison(
        living=living,
        boundary=replace(asked, day=day),
        level=level if level in levels else next(iter(levels), ""),
        levels=levels,
        rows=rows,
        request=request,
    )


def _last_value(row: UnitYears) -> Fraction | None:
    """The figure of the last year; None where it is missing or not known."""
    _, _, years = row
    figure = years[-1].figure if years else None
    return None if figure is None else figure.value


def _sorted(rows: list[UnitYears], sort: str) -> list[UnitYears]:
    """By the last year's figure where that is asked for; what is missing comes last."""
    if sort not in ("cao", "thap"):
        return rows
    known: list[tuple[Fraction, UnitYears]] = []
    missing: list[UnitYears] = []
    for row in rows:
        value = _last_value(row)
        if value is None:
            missing.append(row)
        else:
            known.append((value, row))
    known.sort(key=lambda with_value: with_value[0], reverse=sort == "cao")
    return [row for _, row in known] + missing


def _lines(comparison: Comparison) -> Iterator[UnitLine]:
    table, unit_name = comparison.table, comparison.living.unit_name
    for indicator in comparison.indicators:
        is_ratio = indicator.kind is IndicatorKind.RATIO
        whole = (table.whole.unit, unit_name, table.years(table.whole, indicator))
        for code, name, years in (*table.rows(indicator), whole):
            yield UnitLine(
                indicator=indicator.name,
                measured_in="%" if is_ratio else indicator.unit,
                code=code,
                name=name,
                figures=tuple(year.figure for year in years),
                restated=tuple(year.restated for year in years),
            )


def _facts(comparison: Comparison) -> Iterator[tuple[str, str]]:
    table = comparison.table
    day = format_date(table.day)
    yield "Đơn vị", comparison.living.unit_name
    yield (
        "Địa giới",
        f"Mọi năm theo địa giới ngày {day}. "
        "Ô có nền là số tính lại, không phải số đã báo cáo khi ấy.",
    )
    yield (
        "“không rõ”",
        "Đơn vị đã chia tách mà không có tỷ lệ, hoặc đã hợp nhất: "
        "không biết phần nào thuộc đơn vị này.",
    )
    for reform in table.reforms:
        yield f"Sắp xếp từ {format_date(reform.day)}", reform.document or reform.title
    yield from _unsure_facts(table)


def _unsure_facts(table: SideBySide) -> Iterator[tuple[str, str]]:
    """Of which units nobody knows how much belongs to each unit, once for all years."""
    for reader in table.readers:
        unsure: dict[tuple[str, str], None] = {}
        for year in reader.years:
            for part in reader.doubtful(year):
                unsure[part.unit, part.known_from or ""] = None
        for old, known_from in unsure:
            known = f"; chỉ biết từ {table.name(known_from)} trở lên." if known_from else "."
            yield table.name(reader.unit), f"Không rõ phần nào của {table.name(old)}{known}"
