"""Apply a reform of units and take it back: units, people and totals move in one transaction."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from toankhoa.core.basics import format_date, refuse
from toankhoa.core.measures import Library
from toankhoa.operations.reform_dependents import dependents
from toankhoa.org.models import Reform
from toankhoa.org.organisation import organisation
from toankhoa.org.reforms import carry_out, guard, locked, record, reforms, take_back
from toankhoa.org.scope import Actor
from toankhoa.reporting.returns.rechaining import rechain
from toankhoa.reporting.totals import posting
from toankhoa.reporting.totals.posting import Ledger, Progress, silent


def apply_reform(
    *,
    draft: Reform,
    by: Actor | None,
    today: date,
    at: datetime,
    library: Library,
    progress: Progress = silent,
) -> Reform:
    """Make a draft part of the organisation from its day on; totals since are derived anew.

    Refused before its day, and where one of its changes cannot be made: then nothing happens.
    """
    guard(by)
    with transaction.atomic():
        reform = locked(draft, Reform.State.DRAFT)
        if reason := in_the_way(reform, today):
            raise refuse("reform-order", reason)
        moves = carry_out(reform, by, at)
        rows = _add_up_again(reform.day, library, progress)
        moved = sum(move.now_id is not None for move in moves)
        people = {"moved": moved, "left": len(moves) - moved}
        record(reform, "apply_reform", by, at, rows=rows, people=people)
    return reform


def in_the_way(draft: Reform, today: date, as_of: datetime | None = None) -> str:
    """Why a draft cannot be applied yet, whatever it changes; blank where nothing is in the way."""
    if draft.day > today:
        return (
            f"Sắp xếp này có hiệu lực từ {format_date(draft.day)}. "
            "Trước ngày đó chỉ xem trước, chưa thực hiện được."
        )
    order = "Phải thực hiện theo thứ tự ngày"
    known = reforms(as_of)
    for later in known:
        if later.state == Reform.State.APPLIED and later.day > draft.day:
            return (
                f"{order}: đã thực hiện “{later.title}” có hiệu lực sau đó "
                f"({format_date(later.day)}), hãy hoàn tác việc ấy trước."
            )
    for earlier in known:
        if earlier.state == Reform.State.DRAFT and earlier.day < draft.day:
            return (
                f"{order}: bản thảo “{earlier.title}” có hiệu lực trước đó "
                f"({format_date(earlier.day)}), hãy thực hiện hoặc bỏ nó trước."
            )
    return ""


def undo_reform(
    *, reform: Reform, by: Actor, at: datetime, library: Library, progress: Progress = silent
) -> Reform:
    """Take an applied reform back, as if it had never been.

    Refused once something depends on it; the words say what.
    """
    guard(by)
    with transaction.atomic():
        reform = locked(reform, Reform.State.APPLIED)
        if reasons := list(dependents(reform, organisation())):
            raise refuse("reform-depended", f"Không hoàn tác được: {'; '.join(reasons)}.")
        take_back(reform, by, at)
        rows = _add_up_again(reform.day, library, progress)
        record(reform, "undo_reform", by, at, rows=rows)
    return reform


def _add_up_again(since: date, library: Library, progress: Progress) -> int:
    ledger = Ledger(organisation(), library)
    rechain(since=since, ledger=ledger)
    return posting.rebuild(ledger=ledger, years=range(since.year, date.max.year), progress=progress)
