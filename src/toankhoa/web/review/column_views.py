"""Columns that the reading is unsure of: the officer is asked, and what she says holds for the file."""

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
from toankhoa.web.shell.access import Request, only

UNSURE = "column-unknown"
PREFIX = "cot-"


@dataclass(frozen=True)
class Question:
    """One column. `name` is its box in the form: the place of its header."""

    name: str
    message: str
    sample: str


def questions(version: PlanVersion) -> list[Question]:
    """The columns that a draft's reading does not know, where their header has a place."""
    unsure = [
        each
        for each in version.problems
        if each["code"] == UNSURE and each["source"].get("cell") is not None
    ]
    return [
        Question(_name(each["source"]), _said(each["message"]), each["fragment"]) for each in unsure
    ]


def _said(message: str) -> str:
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
    meanings = {
        place: meaning
        for name, meaning in request.POST.items()
        if meaning and name.startswith(PREFIX) and (place := _place(name)) is not None
    }
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


def _place(name: str) -> HeaderPlace | None:
    parts = name.removeprefix(PREFIX).split("-")
    if len(parts) != 3 or not all(part.isdigit() for part in parts):
        return None
    table, row, cell = map(int, parts)
    return table, row, cell
