"""Apply a reform of units and take it back: units, people and totals move in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction

from toankhoa.core.measures import Library
from toankhoa.core.numbers import format_date
from toankhoa.core.problems import refuse
from toankhoa.core.reform import Effect, in_order
from toankhoa.org.models import Membership, Reform
from toankhoa.org.organisation import Organisation, organisation
from toankhoa.org.reforms import carry_out, changes_of, guard, locked, record, take_back
from toankhoa.org.scope import Actor
from toankhoa.plan.models import PlanVersion, Receipt
from toankhoa.reporting import totals
from toankhoa.reporting.models import Return
from toankhoa.reporting.rechaining import rechain
from toankhoa.reporting.totals import Ledger, Progress, silent


def apply_reform(
    *, draft: Reform, by: Actor | None, today: date, at: datetime, library: Library, progress: Progress = silent
) -> Reform:
    """Make a draft part of the organisation from its day on; totals of its year and later are derived anew.

    Refused before its day, and where one of its changes cannot be made: then nothing happens.
    """
    guard(by)
    with transaction.atomic():
        reform = locked(draft, Reform.State.DRAFT)
        if reason := in_the_way(reform, today):
            raise refuse("reform-order", reason)
        moves = carry_out(reform, by, at)
        rows = _add_up_again(reform.day, library, progress)
        people = {"moved": sum(move.now_id is not None for move in moves), "left": sum(m.now_id is None for m in moves)}
        record(reform, "apply_reform", by, at, rows=rows, people=people)
    return reform


def in_the_way(draft: Reform, today: date) -> str:
    """Why a draft cannot be applied yet, whatever it changes; blank where nothing is in the way."""
    if draft.day > today:
        return f"Sắp xếp này có hiệu lực từ {format_date(draft.day)}. Trước ngày đó chỉ xem trước, chưa thực hiện được."
    order = "Phải thực hiện theo thứ tự ngày"
    later = Reform.objects.filter(state=Reform.State.APPLIED, day__gt=draft.day).first()
    if later is not None:
        when = format_date(later.day)
        return f"{order}: đã thực hiện “{later.title}” có hiệu lực sau đó ({when}), hãy hoàn tác việc ấy trước."
    earlier = Reform.objects.filter(state=Reform.State.DRAFT, day__lt=draft.day).first()
    if earlier is not None:
        when = format_date(earlier.day)
        return f"{order}: bản thảo “{earlier.title}” có hiệu lực trước đó ({when}), hãy thực hiện hoặc bỏ nó trước."
    return ""


def undo_reform(*, reform: Reform, by: Actor, at: datetime, library: Library, progress: Progress = silent) -> Reform:
    """Take an applied reform back, as if it had never been. Refused once something depends on it, and says what."""
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
    return totals.rebuild(ledger=ledger, years=range(since.year, date.max.year), progress=progress)


def dependents(reform: Reform, known: Organisation) -> Iterator[str]:
    """What has been done since that rests on an applied reform, in words; none where it can be taken back."""
    order = [each.code for each in in_order(known.reforms)]
    for later in known.reforms[order.index(reform.code) + 1 :]:
        yield f"đã thực hiện “{later.title}” ({format_date(later.day)}) sau đó, hãy hoàn tác việc ấy trước"
    begun = _begun(reform, known)
    heirs = begun | {each.new for each in known.lineage.passings if each.day == reform.day}
    of_level = [code for code in heirs if _carries_on_its_like(code, reform.day, known)]
    ids = [known.ids[code] for code in begun.union(of_level)]
    later_returns = Return.objects.filter(unit__in=ids, key__gt=reform.day.year * 100 + reform.day.month - 1)
    if count := later_returns.filter(saved_at__gt=reform.applied_at).count():
        yield f"đã có {count} báo cáo của đơn vị sau sắp xếp, cho các kỳ từ ngày hiệu lực"
    made = [known.ids[code] for code in begun]
    followed = reform.moves.filter(now__isnull=False).values("user")
    if count := Membership.objects.filter(unit__in=made).exclude(user__in=followed).count():
        yield f"đã có {count} người dùng được thêm vào đơn vị mới"
    issued = Receipt.objects.filter(unit__in=ids, allocation__issued_at__gt=reform.applied_at)
    if count := issued.values("allocation").distinct().count():
        yield f"đã có {count} quyết định giao chỉ tiêu cho đơn vị sau sắp xếp"
    if count := PlanVersion.objects.filter(unit__in=made).count():
        yield f"đơn vị mới đã có {count} kế hoạch"


def _begun(reform: Reform, known: Organisation) -> set[str]:
    """Units that the reform founded or made."""
    codes = {part.code for change in changes_of(reform) for part in change.parts if change.effect in _MAKES}
    starts: dict[str, date] = {}
    for placement in known.trees.placements:
        starts[placement.code] = min(placement.start, starts.get(placement.code, placement.start))
    return {code for code in codes if starts.get(code) == reform.day}


_MAKES = {Effect.FOUND, Effect.MERGE, Effect.SPLIT}


def _carries_on_its_like(code: str, day: date, known: Organisation) -> bool:
    """Whether a unit took over one of its own level: then what it reports since is of both."""
    tree = known.on(day)
    if code not in tree:
        return False
    level = tree.units[code].level
    olds = {each.old for each in known.lineage.passings if each.day == day and each.new == code and each.old != code}
    return any(placement.level == level for placement in known.trees.placements if placement.code in olds)
