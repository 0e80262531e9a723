"""Units side by side through the years, on the boundaries of one day: an indicator on screen, all of them in Excel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from toankhoa.core.basics import format_date
from toankhoa.core.measures import Indicator, IndicatorKind
from toankhoa.documents.writing.write_side_by_side import UnitLine, write_side_by_side
from toankhoa.operations.living_plan import LivingPlan, living_plan
from toankhoa.operations.side_by_side import RestatedYear, SideBySide, levels_below, side_by_side
from toankhoa.web.explanations.views import SPREADSHEET
from toankhoa.web.shell.access import Request, member
from toankhoa.web.units.series import Boundary, boundary

SORTS = {"": "Theo danh sách", "cao": "Cao xuống thấp", "thap": "Thấp lên cao"}
Row = tuple[str, str, list[RestatedYear]]


@dataclass(frozen=True)
class Asked:
    """What the address asks for. `rows`: the plan's row of each indicator, whose explanation its figures have."""

    living: LivingPlan
    at: Boundary
    level: str
    levels: dict[str, str]
    rows: dict[str, str]
    request: Request

    @cached_property
    def table(self) -> SideBySide:
        """The units and their figures."""
        today = self.request.actor.today
        years = [year for year in self.living.plan.years if year <= today.year]
        about = {"day": self.at.day, "years": years, "today": today, "ledger": self.request.ledger}
        return side_by_side(unit=self.living.unit, level=self.level, **about)

    @property
    def indicators(self) -> list[Indicator]:
        """Those of the plan that are figures, in its order."""
        every = self.request.ledger.library.indicators
        return [
            every[code] for code in self.rows if every[code].kind is not IndicatorKind.MILESTONE
        ]

    @property
    def indicator(self) -> Indicator | None:
        """The one to show: as asked, else the first."""
        code = self.request.GET.get("chi-so", "")
        return next(
            (each for each in self.indicators if each.code == code),
            next(iter(self.indicators), None),
        )


@member
def show(request: Request, unit: str) -> HttpResponse:
    """One indicator, every unit of a level, every year."""
    asked = _asked(request, unit)
    found, indicator = asked.table, asked.indicator
    sort = request.GET.get("xep", "")
    context: dict[str, Any] = {
        "found": asked,
        "place": found.tree.units[unit],
        "indicator": indicator,
        "row": asked.rows.get(indicator.code, "") if indicator else "",
        "whole": found.years(found.whole, indicator) if indicator else [],
        "rows": _sorted(found.rows(indicator), sort) if indicator else [],
        "sorts": SORTS,
        "sort": sort,
    }
    return render(request, "comparison/comparison.html", context)


@member
def download(request: Request, unit: str) -> HttpResponse:
    """Every indicator of the plan as a workbook."""
    asked = _asked(request, unit)
    found = asked.table
    data = write_side_by_side(list(_lines(asked)), found.whole.years, _facts(asked))
    response = HttpResponse(data, content_type=SPREADSHEET)
    response["Content-Disposition"] = f'attachment; filename="so-sanh-{unit}-{found.day}.xlsx"'
    return response


def _asked(request: Request, unit: str) -> Asked:
    actor = request.actor
    living = living_plan(unit=actor.reach(unit), by=actor) if unit in actor.tree else None
    if living is None:
        raise Http404
    at = boundary(request, unit)
    names = request.ledger.library.vocabulary.level_names
    below = levels_below(unit, actor.organisation.on(at.day or actor.today))
    level = request.GET.get("cap", "")
    rows: dict[str, str] = {}
    for row, indicator, _ in living.reader.addresses():
        rows.setdefault(indicator, row)
    return Asked(
        living=living,
        at=replace(at, day=at.day or actor.today),
        level=level if level in below else next(iter(below), ""),
        levels={code: names.get(code, code) for code in below},
        rows=rows,
        request=request,
    )


def _sorted(rows: list[Row], sort: str) -> list[Row]:
    """By the last year's figure where that is asked for; what is missing comes last."""
    if sort not in ("cao", "thap"):
        return rows

    def value(row: Row) -> Any:
        figure = row[2][-1].figure if row[2] else None
        return None if figure is None else figure.value

    known = sorted(
        (row for row in rows if value(row) is not None), key=value, reverse=sort == "cao"
    )
    return known + [row for row in rows if value(row) is None]


def _lines(asked: Asked) -> Iterator[UnitLine]:
    found = asked.table
    for indicator in asked.indicators:
        whole = (found.whole.unit, asked.living.unit_name, found.years(found.whole, indicator))
        for code, name, years in (*found.rows(indicator), whole):
            yield UnitLine(
                indicator=indicator.name,
                measured_in="%" if indicator.kind is IndicatorKind.RATIO else indicator.unit,
                code=code,
                name=name,
                figures=tuple(each.figure for each in years),
                restated=tuple(each.restated for each in years),
            )


def _facts(asked: Asked) -> Iterator[tuple[str, str]]:
    found = asked.table
    day = format_date(found.day)
    yield "Đơn vị", asked.living.unit_name
    yield (
        "Địa giới",
        f"Mọi năm theo địa giới ngày {day}. Ô có nền là số tính lại, không phải số đã báo cáo khi ấy.",
    )
    yield (
        "“không rõ”",
        "Đơn vị đã chia tách mà không có tỷ lệ, hoặc đã hợp nhất: không biết phần nào thuộc đơn vị này.",
    )
    for reform in found.reforms:
        yield f"Sắp xếp từ {format_date(reform.day)}", reform.document or reform.title
    for reader in found.readers:
        known = [
            (each.unit, each.known_from or "")
            for year in reader.years
            for each in reader.doubtful(year)
        ]
        for old, since in dict.fromkeys(known):
            yield (
                found.name(reader.unit),
                f"Không rõ phần nào của {found.name(old)}"
                + (f"; chỉ biết từ {found.name(since)} trở lên." if since else "."),
            )
