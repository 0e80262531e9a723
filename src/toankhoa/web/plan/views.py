"""The living plan: the plan's own table with what each cell has come to; also as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.timezone import localtime

from toankhoa.audit.clock import now
from toankhoa.core.basics import Refused
from toankhoa.core.organisation import Tree, UnitVersion
from toankhoa.core.plan import Plan
from toankhoa.core.results import Level, Prospect, in_term, in_year
from toankhoa.core.returns import Role
from toankhoa.operations.living_plan import living_plan, paper
from toankhoa.web.explanations.codes import figure_site
from toankhoa.web.plan.plan_cells import rows_shown
from toankhoa.web.plan.plan_rows import ACTIVITY, Filters, PlanRow, asks_term, filtered, rows_of
from toankhoa.web.shell.access import Request, member
from toankhoa.web.shell.files import file_answer, file_name
from toankhoa.web.shell.typed import query_fields
from toankhoa.web.shell.words import LEVELS

SHOWN_LEVELS = (Level.MET, Level.OPEN, Level.NOT_MET, Level.NO_DATA, Level.NO_TARGET)
SHOWN_PROSPECTS = (Prospect.LIKELY, Prospect.UNSURE, Prospect.UNLIKELY)
OFFICE = "application/vnd.openxmlformats-officedocument."
FILES = {
    "word": (".docx", f"{OFFICE}wordprocessingml.document"),
    "excel": (".xlsx", f"{OFFICE}spreadsheetml.sheet"),
}
HEADERS = {
    "number": "STT",
    "title": "Hoạt động chính",
    "years": "Mức độ đạt từng năm",
    "levels": "Cấp thực hiện",
    "boards": "Ban thực hiện",
}
INDENT = "\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class UnitChoice:
    """One unit in the selector, indented by how far it stands below the reader's own."""

    unit: UnitVersion
    indent: str
    is_shown: bool


@dataclass(frozen=True)
class FilterOption:
    """One value of a filter."""

    code: str
    name: str
    is_chosen: bool


@dataclass(frozen=True)
class YearTab:
    """One year of the plan."""

    number: int
    is_shown: bool


def choices(tree: Tree, own: str, shown: str) -> list[UnitChoice]:
    """The reader's unit and all below it, in the order of the tree."""
    top = tree.depth(own)
    return [
        UnitChoice(tree.units[code], INDENT * (tree.depth(code) - top), code == shown)
        for code in tree.subtree(own)
    ]


def _options(names: Mapping[str, str], chosen: str) -> list[FilterOption]:
    return [FilterOption(code, name, code == chosen) for code, name in names.items()]


def asked_unit(request: Request) -> str:
    """The unit an address names, the reader's own where it names none.

    OutOfReach where it is not hers.
    """
    actor = request.actor
    unit = query_fields(request).text("don-vi") or actor.unit
    return actor.reach(unit, actor.organisation.trees.last_day(unit, actor.today))


@member
def show(request: Request) -> HttpResponse:
    """The table, filtered."""
    actor = request.actor
    living = living_plan(unit=asked_unit(request), by=actor)
    if living is None:
        return render(request, "plan/none.html", {"may_upload": actor.role is Role.PLAN})
    plan = living.plan
    filters = Filters.read(query_fields(request), plan.years, actor.today.year)
    span = in_term if filters.of_term else in_year(filters.year)
    rows = list(rows_of(plan, living.reader.lines(), span, living.term.removed))
    if filters.active:
        rows = filtered(rows, filters)
    context: dict[str, Any] = {
        "living": living,
        "plan": plan,
        "filters": filters,
        "rows": rows_shown(rows, living.unit, filters),
        "activities": _count_of_activities(rows),
        "headers": _headers(plan),
        "across": _columns_across(plan.years, filters),
        "shown_goal": "" if filters.active else plan.goal,
        "shown_levels": SHOWN_LEVELS,
        "shown_prospects": SHOWN_PROSPECTS,
        "years": [YearTab(year, year == filters.year) for year in plan.years],
        "is_own_plan": living.unit == actor.unit,
        "span_words": "Toàn khóa" if filters.of_term else f"Năm {filters.year}",
        "query": _query(living.unit, filters),
    }
    context |= _filter_options(request, living.unit, filters)
    return render(request, "plan/plan.html", context)


def _filter_options(request: Request, unit: str, filters: Filters) -> dict[str, Any]:
    """What each filter offers."""
    actor, vocabulary = request.actor, request.ledger.library.vocabulary
    units = choices(actor.tree, actor.unit, unit)
    statuses = {str(level): LEVELS[level] for level in SHOWN_LEVELS}
    return {
        "units": units,
        "has_units_below": len(units) > 1,
        "boards": _options(vocabulary.board_names, filters.board),
        "levels": _options(vocabulary.level_names, filters.level),
        "statuses": _options(statuses, filters.status),
    }


def _headers(plan: Plan) -> dict[str, str]:
    """Of the table's columns: as the signed document names them, else as is usual."""
    return {name: getattr(plan.headers, name) or usual for name, usual in HEADERS.items()}


def _count_of_activities(rows: Sequence[PlanRow]) -> int:
    return sum(row.kind == ACTIVITY for row in rows)


def _columns_across(years: Sequence[int], filters: Filters) -> dict[str, int]:
    """Over how many columns a heading's words reach (up to the boards), and the plan's goal."""
    spans = 1 if filters.of_term else len(years)
    return {"heading": 2 + spans, "goal": 3 + spans}


def _query(unit: str, filters: Filters) -> dict[str, str]:
    """Addresses of the same table otherwise: `years`, `term`, and `other_year` without its year."""
    fields = {"don-vi": unit, "ban": filters.board, "cap": filters.level, "tim": filters.text}
    with_status = fields | {"tinh-trang": filters.status}
    span = {"xem": "toan-khoa"} if filters.of_term else {}
    return {
        "years": _encoded(fields | {"nam": str(filters.year)}),
        "term": _encoded(fields | {"xem": "toan-khoa"}),
        "other_year": _encoded(with_status),
        "unfiltered": _encoded({"don-vi": unit} | span),
    }


def _encoded(fields: dict[str, str]) -> str:
    query = QueryDict(mutable=True)
    query.update(fields)
    return query.urlencode()


@member
def download(request: Request, kind: str) -> HttpResponse:
    """The living plan as a Word or Excel file."""
    unit = asked_unit(request)
    if kind not in FILES:
        raise Http404
    suffix, content_type = FILES[kind]
    at, of_term = request.as_of or now(), asks_term(query_fields(request))
    try:
        document = paper(unit=unit, at=at, as_of=request.as_of, site=figure_site(request))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("living-plan")
    span = "toàn khóa" if of_term else ""
    name = file_name(
        "kế hoạch thực hiện", span, document.living.unit_name, localtime(at).year, suffix=suffix
    )
    data = document.written(suffix, of_term=of_term)
    return file_answer(data, name=name, content_type=content_type)
