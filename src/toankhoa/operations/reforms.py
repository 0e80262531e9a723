"""Apply a reform of units and take it back: units, people and totals move in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction

from toankhoa.core.measures import Library
from toankhoa.core.numbers import format_date
from toankhoa.core.problems import refuse
from toankhoa.org.models import Membership, Reform
from toankhoa.org.organisation import Organisation, organisation, supposing
from toankhoa.org.people import members, moves_of
from toankhoa.org.reforms import carry_out, guard, locked, record, reforms, take_back
from toankhoa.org.scope import Actor
from toankhoa.plan.models import PlanVersion, Receipt
from toankhoa.reporting import past_returns, totals
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


def in_the_way(draft: Reform, today: date, as_of: datetime | None = None) -> str:
    """Why a draft cannot be applied yet, whatever it changes; blank where nothing is in the way."""
    if draft.day > today:
        return f"Sắp xếp này có hiệu lực từ {format_date(draft.day)}. Trước ngày đó chỉ xem trước, chưa thực hiện được."
    order = "Phải thực hiện theo thứ tự ngày"
    known = reforms(as_of)
    later = next((each for each in known if each.state == Reform.State.APPLIED and each.day > draft.day), None)
    if later is not None:
        when = format_date(later.day)
        return f"{order}: đã thực hiện “{later.title}” có hiệu lực sau đó ({when}), hãy hoàn tác việc ấy trước."
    earlier = next((each for each in known if each.state == Reform.State.DRAFT and each.day < draft.day), None)
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


def dependents(reform: Reform, known: Organisation, as_of: datetime | None = None) -> Iterator[str]:
    """What has been done since that rests on an applied reform, in words; none where it can be taken back.

    `as_of`: what had been done by then; the organisation is that of then.
    """
    order = [each.code for each in known.reforms]
    if later := known.reforms[order.index(reform.code) + 1 :]:
        for each in later:
            yield f"đã thực hiện “{each.title}” ({format_date(each.day)}) sau đó, hãy hoàn tác việc ấy trước"
        return
    begun = _begun(reform, known)
    made = [known.ids[code] for code in begun]
    reached = [known.ids[code] for code in begun | _enlarged(reform, known)]
    returns = Return.objects.filter(unit__in=reached, key__gte=reform.day.year * 100 + reform.day.month)
    saved = past_returns.returns(returns.filter(saved_at__gt=reform.applied_at), known, as_of)
    if count := sum(ret.saved_at > reform.applied_at for ret in saved):
        yield f"đã có {count} báo cáo của đơn vị sau sắp xếp, cho các kỳ từ ngày hiệu lực"
    issued = Receipt.objects.filter(unit__in=reached, allocation__issued_at__gt=reform.applied_at)
    if as_of is not None:
        issued = issued.filter(allocation__issued_at__lte=as_of)
    if count := issued.values("allocation").distinct().count():
        yield f"đã có {count} quyết định giao chỉ tiêu cho đơn vị sau sắp xếp"
    followed = {move.user_id for move in moves_of(reform, as_of) if move.now}
    people = members(Membership.objects.all() if as_of else Membership.objects.filter(unit__in=made), as_of)
    if count := sum(each.unit_id in made and each.user_id not in followed for each in people):
        yield f"đã có {count} người dùng được thêm vào đơn vị mới"
    plans = PlanVersion.objects.filter(unit__in=made, **({} if as_of is None else {"made_at__lte": as_of}))
    if count := plans.count():
        yield f"đơn vị mới đã có {count} kế hoạch"


def _begun(reform: Reform, known: Organisation) -> set[str]:
    """Units that would not stand without the last reform."""
    before = supposing(each for each in known.reforms if each.code != reform.code)
    return known.on(reform.day).units.keys() - before.on(reform.day).units.keys()


def _enlarged(reform: Reform, known: Organisation) -> set[str]:
    """Units that took over one of their own level on the day: what they report since is of both."""
    after, last = known.on(reform.day).units, known.lineage.last
    taken = (each for each in known.lineage.passings if each.day == reform.day and each.new in after)
    return {each.new for each in taken if each.old != each.new and last[each.old].level == after[each.new].level}
