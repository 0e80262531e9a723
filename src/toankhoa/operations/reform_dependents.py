"""What rests on an applied reform: all that was done since by, for or above the units it changed.

While there is nothing, it can be taken back, and nobody loses work without being told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from toankhoa.core.basics import Period, format_date
from toankhoa.core.organisation import Tree
from toankhoa.operations.reform_returns import ReroutedReturn, rerouted_returns
from toankhoa.org.models import MemberMove, Membership, Reform
from toankhoa.org.organisation import Organisation, supposing
from toankhoa.org.people import members, moves_of
from toankhoa.plan.models import Allocation, PlanVersion
from toankhoa.reporting import past_returns
from toankhoa.reporting.models import IssuedReport, Return, Step

_Rows = TypeVar("_Rows", bound=Model)
NAMED = 3  # units that a reason names; of more it says how many


def dependents(reform: Reform, known: Organisation, as_of: datetime | None = None) -> Iterator[str]:
    """What has been done that rests on an applied reform, in words; none: it can be taken back.

    `as_of`: what had been done by then; the organisation is that of then.
    """
    codes = [applied.code for applied in known.reforms]
    later_reforms = known.reforms[codes.index(reform.code) + 1 :]
    for later in later_reforms:
        yield (
            f"đã thực hiện “{later.title}” ({format_date(later.day)}) sau đó, "
            "hãy hoàn tác việc ấy trước"
        )
    if later_reforms:
        return
    assert reform.applied_at is not None  # it is one of those in force
    changed = _ChangedUnits(reform, known, reform.applied_at)
    yield from _returns_since(changed, as_of)
    yield from _papers_since(changed, as_of)
    yield from _people_since(changed, as_of)


def rerouted_by_undoing(
    reform: Reform, known: Organisation, as_of: datetime | None = None
) -> list[ReroutedReturn]:
    """Returns on their way that would wait for another unit again, were the last reform undone."""
    return list(rerouted_returns(known, _without(reform, known), reform.day, as_of))


def _without(reform: Reform, known: Organisation) -> Organisation:
    """The organisation if the reform were not there."""
    return supposing(applied for applied in known.reforms if applied.code != reform.code)


@dataclass(frozen=True)
class _ChangedUnits:
    """The units that the last reform changed, by what it did to them; all by code."""

    reform: Reform
    known: Organisation
    since: datetime

    @cached_property
    def without(self) -> Organisation:
        """The organisation if the reform were not there."""
        return _without(self.reform, self.known)

    @cached_property
    def trees(self) -> tuple[Tree, Tree]:
        """Without the reform and with it, on its day."""
        return self.without.on(self.reform.day), self.known.on(self.reform.day)

    @cached_property
    def begun(self) -> set[str]:
        """Units that would not be there without it."""
        return self.trees[1].units.keys() - self.trees[0].units.keys()

    @cached_property
    def ended(self) -> set[str]:
        """Units that would still be there without it."""
        return self.trees[0].units.keys() - self.trees[1].units.keys()

    @cached_property
    def enlarged(self) -> set[str]:
        """Units that took over one of their own level: what they report since is of both."""
        after, last = self.trees[1].units, self.known.lineage.last
        codes = set()
        for link in self.known.lineage.links:
            if link.day != self.reform.day or link.new == link.old or link.new not in after:
                continue
            if last[link.old].level == after[link.new].level:
                codes.add(link.new)
        return codes

    @cached_property
    def differing(self) -> set[str]:
        """Units that are there in one of the trees only, or are not the same in both."""
        old, new = self.trees
        codes = old.units.keys() | new.units.keys()
        return {code for code in codes if old.units.get(code) != new.units.get(code)}

    @cached_property
    def touched(self) -> set[str]:
        """Units that differ or were enlarged, and all above one of them in either tree."""
        codes: set[str] = set()
        for tree in self.trees:
            for code in self.differing | self.enlarged:
                if code in tree:
                    codes.update(tree.path(code))
        return codes

    def ids(self, codes: set[str]) -> list[int]:
        """Their ids in the database."""
        return [self.known.ids[code] for code in codes]

    def named(self, ids: set[int]) -> str:
        """The names of a few units, in brackets."""
        if len(ids) > NAMED:
            return ""
        last, codes = self.known.lineage.last, self.known.codes
        names = [last[codes[unit_id]].name for unit_id in sorted(ids)]
        return f" ({', '.join(names)})"

    def rechained(self, code: str, period: str) -> bool:
        """Whether others are above a unit at a period's end than without the reform."""
        day = Period.parse(period).last_day
        return _path(code, self.without.on(day)) != _path(code, self.known.on(day))


def _path(code: str, tree: Tree) -> tuple[str, ...]:
    return tree.path(code) if code in tree else ()


def _returns_since(changed: _ChangedUnits, as_of: datetime | None) -> Iterator[str]:
    """Returns typed by units after the reform or for units that ended, and those accepted since."""
    known, day = changed.known, changed.reform.day
    ended_ids = set(changed.ids(changed.ended))
    of_new_units = Q(
        unit__in=changed.ids(changed.begun | changed.enlarged),
        key__gte=day.year * 100 + day.month,
    )
    rows = Return.objects.filter(of_new_units | Q(unit__in=ended_ids), saved_at__gt=changed.since)
    returns = past_returns.returns_as_of(rows, known, as_of)
    typed = [ret for ret in returns if ret.saved_at > changed.since]
    new, old = Counter[int](), Counter[int]()
    for ret in typed:
        counter = old if ret.unit_id in ended_ids else new
        counter[ret.unit_id] += 1
    if new:
        yield (
            f"đã có {new.total()} báo cáo của đơn vị sau sắp xếp, "
            f"cho các kỳ từ ngày hiệu lực{changed.named(set(new))}"
        )
    if old:
        yield (
            f"đã có {old.total()} báo cáo của đơn vị kết thúc được làm tiếp "
            f"hoặc được duyệt{changed.named(set(old))}"
        )
    yield from _decided_since(changed, {ret.pk for ret in typed}, ended_ids, as_of)


def _decided_since(
    changed: _ChangedUnits, typed: set[int], ended_ids: set[int], as_of: datetime | None
) -> Iterator[str]:
    """Other returns that were accepted or sent back by who may do so only since the reform."""
    verbs = Step.objects.filter(at__gt=changed.since, verb__in=("accept", "return"))
    steps = _by_then(verbs, "at", as_of).exclude(ret__in=typed)
    returns, units = set(), set()
    fields = ("ret_id", "ret__unit_id", "ret__period", "unit_id")
    for ret_id, unit_id, period, acting_id in steps.values_list(*fields):
        code = changed.known.codes[unit_id]
        if acting_id in ended_ids or changed.rechained(code, period):
            returns.add(ret_id)
            units.add(unit_id)
    if returns:
        yield (
            f"cấp trên mới hoặc cấp làm thay đã duyệt, trả lại {len(returns)} báo cáo"
            f"{changed.named(units)}"
        )


def _papers_since(changed: _ChangedUnits, as_of: datetime | None) -> Iterator[str]:
    """Decisions, reports and plans of or for units that are others than without the reform."""
    differing = changed.ids(changed.begun | changed.enlarged | changed.differing)
    decisions = Allocation.objects.filter(
        Q(receipts__unit__in=differing) | Q(unit__in=differing), issued_at__gt=changed.since
    )
    decisions = _by_then(decisions, "issued_at", as_of)
    numbers = sorted(set(decisions.values_list("number", flat=True)))
    if numbers:
        yield (
            f"đã có {len(numbers)} quyết định giao chỉ tiêu của hoặc cho đơn vị "
            f"sau sắp xếp{_listed(numbers)}"
        )
    reports = IssuedReport.objects.filter(
        unit__in=changed.ids(changed.touched), issued_at__gt=changed.since
    )
    reports = _by_then(reports, "issued_at", as_of).order_by("pk")
    numbers = list(reports.values_list("number", flat=True))
    if numbers:
        yield f"đã ban hành {len(numbers)} báo cáo theo đơn vị sau sắp xếp{_listed(numbers)}"
    plans = PlanVersion.objects.filter(unit__in=changed.ids(changed.begun))
    if count := _by_then(plans, "made_at", as_of).count():
        yield f"đơn vị mới đã có {count} kế hoạch"


def _people_since(changed: _ChangedUnits, as_of: datetime | None) -> Iterator[str]:
    """Who was put into a unit since: by hand after the reform, or as somebody new."""
    moves = [move for move in moves_of(changed.reform, as_of) if move.now]
    if count := sum(_seated_since(move, changed.since) for move in moves):
        yield f"đã xếp {count} người vào đơn vị mới"
    if count := len(_members_of_new(changed, as_of) - {move.user_id for move in moves}):
        yield f"đã có {count} người dùng được thêm vào đơn vị mới"


def _seated_since(move: MemberMove, since: datetime) -> bool:
    return move.seated_at is not None and move.seated_at > since


def _members_of_new(changed: _ChangedUnits, as_of: datetime | None) -> set[int]:
    """Ids of those who act for a unit that the reform founded."""
    begun = changed.ids(changed.begun)
    rows = Membership.objects.filter(unit__in=begun)
    if as_of is not None:
        # Who acted for which unit at a past moment is only known once all people are read.
        rows = Membership.objects.all()
    return {member.user_id for member in members(rows, as_of) if member.unit_id in begun}


def _by_then(rows: QuerySet[_Rows], field: str, as_of: datetime | None) -> QuerySet[_Rows]:
    """Those of the rows whose moment had come by then."""
    return rows if as_of is None else rows.filter(**{f"{field}__lte": as_of})


def _listed(numbers: list[str]) -> str:
    more = ", …" if len(numbers) > NAMED else ""
    return f" (số {', '.join(numbers[:NAMED])}{more})"
