"""Columns that the reading is unsure of: the officer's answer holds for the file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from toankhoa.audit.clock import now
from toankhoa.core.basics import Refused
from toankhoa.core.returns import Role
from toankhoa.operations.upload import HeaderPlace, answer_columns
from toankhoa.plan.models import PlanVersion
from toankhoa.web.shell.access import only
from toankhoa.web.shell.requests import Request
from toankhoa.web.shell.typed import Fields, form_fields, whole_number

UNSURE = "column-unknown"
PREFIX = "cot-"


@dataclass(frozen=True)
class ColumnQuestion:
    """One column. `name` is its box in the form: the place of its header."""

    name: str
    message: str
    sample: str


def questions(version: PlanVersion) -> list[ColumnQuestion]:
    """The columns that a draft's reading does not know, where their header has a place."""
    unsure = []
    for problem in version.problems:
        if problem["code"] == UNSURE and problem["source"].get("cell") is not None:
            name, message = _name(problem["source"]), _without_mend(problem["message"])
            unsure.append(ColumnQuestion(name, message, problem["fragment"]))
    return unsure


def _without_mend(message: str) -> str:
    """What was met; the mend, a list of all meanings, is what the page offers to choose from."""
    return message.partition(" Hãy ")[0]


def likely_years(today: date) -> range:
    """Years a plan may speak of, where none was read."""
    return range(today.year - 5, today.year + 11)


@require_POST
@only(Role.PLAN)
def answer(request: Request, pk: int) -> HttpResponse:
    """Read the file again with what she said."""
    draft = PlanVersion.objects.filter(pk=pk, unit__code=request.actor.unit).first()
    if draft is None:
        raise Http404
    meanings = _meanings(form_fields(request))
    if not meanings:
        messages.error(request, "Chưa chọn nghĩa của cột nào. Hãy chọn ít nhất một cột.")
        return redirect("draft", pk)
    try:
        answer_columns(draft=draft, meanings=meanings, by=request.actor, at=now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(
            request, "Đã đọc lại tệp theo câu trả lời. Lần sau nạp đúng tệp này, máy sẽ nhớ."
        )
    return redirect("draft", pk)


def _name(source: dict[str, int]) -> str:
    return PREFIX + "-".join(str(source[part]) for part in ("table", "row", "cell"))


def _meanings(fields: Fields) -> dict[HeaderPlace, str]:
    """What she says of each column, by the place of its header."""
    meanings = {}
    for name, meaning in fields:
        place = _place(name)
        if meaning and place is not None:
            meanings[place] = meaning
    return meanings


def _place(name: str) -> HeaderPlace | None:
    """The place of a header by the name of its box: `cot-0-1-3`; None for other fields."""
    if not name.startswith(PREFIX):
        return None
    parts = [whole_number(part) for part in name.removeprefix(PREFIX).split("-")]
    if len(parts) != 3:
        return None
    table, row, cell = parts
    if table is None or row is None or cell is None:
        return None
    return table, row, cell
