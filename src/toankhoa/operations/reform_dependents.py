"""What rests on an applied reform: all that was done since by, for or above the units that it changed.

While there is nothing, it can be taken back, and nothing changes hands without a word.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Q, QuerySet

from toankhoa.core.basics import Period, format_date
from toankhoa.core.organisation import Tree
from toankhoa.operations.reform_returns import ReroutedReturn, passing
from toankhoa.org.models import Membership, Reform
from toankhoa.org.organisation import Organisation, supposing
from toankhoa.org.people import members, moves_of
from toankhoa.plan.models import Allocation, PlanVersion
from toankhoa.reporting import past_returns
from toankhoa.reporting.models import IssuedReport, Return, Step

NAMED = 3  # units that a reason names; of more it says how many


def dependents(reform: Reform, known: Organisation, as_of: datetime | None = None) -> Iterator[str]:
    """What has been done since that rests on an applied reform, in words; none where it can be taken back.

    `as_of`: what had been done by then; the organisation is that of then.
    """
    order = [each.code for each in known.reforms]
    if later := known.reforms[order.index(reform.code) + 1 :]:
        for each in later:
            yield f"đã thực hiện “{each.title}” ({format_date(each.day)}) sau đó, hãy hoàn tác việc ấy trước"
        return
    made = _Made(reform, known)
    yield from _reports(made, as_of)
    yield from _papers(made, as_of)
    yield from _people(made, as_of)


def handed_back(
    reform: Reform, known: Organisation, as_of: datetime | None = None
) -> list[ReroutedReturn]:
    """Returns on their way that would wait for another unit again, were the last reform taken back."""
    return list(passing(known, _Made(reform, known).without, reform.day, as_of))


@dataclass(frozen=True)
class _Made:
    """The units that the last reform changed, by what it did to them."""

    reform: Reform
    known: Organisation

    @cached_property
    def without(self) -> Organisation:
        """The organisation if the reform were not there."""
        return supposing(each for each in self.known.reforms if each.code != self.reform.code)

    @cached_property
    def trees(self) -> tuple[Tree, Tree]:
        """Without the reform and with it, on its day."""
        return self.without.on(self.reform.day), self.known.on(self.reform.day)

    @cached_property
    def begun(self) -> set[str]:
        """Units that would not stand without it."""
        return self.trees[1].units.keys() - self.trees[0].units.keys()

    @cached_property
    def ended(self) -> set[str]:
        """Units that would still stand without it."""
        return self.trees[0].units.keys() - self.trees[1].units.keys()

    @cached_property
    def enlarged(self) -> set[str]:
        """Units that took over one of their own level on the day: what they report since is of both."""
        day, after, last = self.reform.day, self.trees[1].units, self.known.lineage.last
        taken = (
            each for each in self.known.lineage.passings if each.day == day and each.new in after
        )
        return {
            each.new
            for each in taken
            if each.old != each.new and last[each.old].level == after[each.new].level
        }

    @cached_property
    def touched(self) -> set[str]:
        """Every unit that is another than without it, and all that stand above one, with it or without."""
        old, new = self.trees
        differ = {
            code
            for tree in self.trees
            for code in tree.order
            if old.units.get(code) != new.units.get(code)
        }
        return {
            above
            for tree in self.trees
            for code in differ | self.enlarged
            if code in tree
            for above in tree.path(code)
        }

    def ids(self, codes: set[str]) -> list[int]:
        """Their ids in the database."""
        return [self.known.ids[code] for code in codes]

    def named(self, ids: set[int]) -> str:
        """The names of a few units, in brackets."""
        if len(ids) > NAMED:
            return ""
        names = (self.known.lineage.last[self.known.codes[each]].name for each in sorted(ids))
        return f" ({', '.join(names)})"

    def rechained(self, code: str, period: str) -> bool:
        """Whether others stand above a unit at the end of a period than would without the reform."""
        day = Period.parse(period).last_day
        trees = self.without.on(day), self.known.on(day)
        chains = [tree.path(code) if code in tree else () for tree in trees]
        return chains[0] != chains[1]


def _reports(made: _Made, as_of: datetime | None) -> Iterator[str]:
    """Returns typed by units after the reform, for units that ended, and taken in by those above since."""
    known, since, day = made.known, made.reform.applied_at, made.reform.day
    own = Q(unit__in=made.ids(made.begun | made.enlarged), key__gte=day.year * 100 + day.month)
    wanted = Return.objects.filter(own | Q(unit__in=made.ids(made.ended)), saved_at__gt=since)
    saved = {
        ret.pk: ret
        for ret in past_returns.returns_as_of(wanted, known, as_of)
        if ret.saved_at > since
    }
    gone = set(made.ids(made.ended))
    old = [ret.unit_id for ret in saved.values() if ret.unit_id in gone]
    if new := [ret.unit_id for ret in saved.values() if ret.unit_id not in gone]:
        yield f"đã có {len(new)} báo cáo của đơn vị sau sắp xếp, cho các kỳ từ ngày hiệu lực{made.named(set(new))}"
    if old:
        yield f"đã có {len(old)} báo cáo của đơn vị kết thúc được làm tiếp hoặc được duyệt{made.named(set(old))}"
    steps = _by_then(Step.objects.filter(at__gt=since, verb__in=("accept", "return")), "at", as_of)
    taken = steps.exclude(ret__in=saved).values_list(
        "ret_id", "ret__unit_id", "ret__period", "unit_id"
    )
    found = {
        (ret, unit)
        for ret, unit, period, by in taken
        if by in gone or made.rechained(known.codes[unit], period)
    }
    if found:
        names = made.named({unit for _, unit in found})
        yield f"cấp trên mới hoặc cấp làm thay đã duyệt, trả lại {len({ret for ret, _ in found})} báo cáo{names}"


def _papers(made: _Made, as_of: datetime | None) -> Iterator[str]:
    """Decisions, reports and plans since, of or for units that are others than without the reform."""
    since, touched = made.reform.applied_at, made.ids(made.touched)
    changed = made.ids({*made.begun, *made.enlarged, *(made.touched - _above(made))})
    issued = Allocation.objects.filter(
        Q(receipts__unit__in=changed) | Q(unit__in=changed), issued_at__gt=since
    )
    numbers = sorted(set(_by_then(issued, "issued_at", as_of).values_list("number", flat=True)))
    if numbers:
        yield f"đã có {len(numbers)} quyết định giao chỉ tiêu của hoặc cho đơn vị sau sắp xếp{_listed(numbers)}"
    reports = IssuedReport.objects.filter(unit__in=touched, issued_at__gt=since)
    numbers = list(
        _by_then(reports, "issued_at", as_of).order_by("pk").values_list("number", flat=True)
    )
    if numbers:
        yield f"đã ban hành {len(numbers)} báo cáo theo đơn vị sau sắp xếp{_listed(numbers)}"
    plans = _by_then(PlanVersion.objects.filter(unit__in=made.ids(made.begun)), "made_at", as_of)
    if count := plans.count():
        yield f"đơn vị mới đã có {count} kế hoạch"


def _above(made: _Made) -> set[str]:
    """Units that are the same with and without the reform, and only stand above one that is not."""
    old, new = made.trees
    return {code for code in made.touched if old.units.get(code) == new.units.get(code)}


def _people(made: _Made, as_of: datetime | None) -> Iterator[str]:
    """Who was put into a unit since: by hand after the reform, or as somebody new."""
    moves = [move for move in moves_of(made.reform, as_of) if move.now]
    if count := sum(
        move.seated_at is not None and move.seated_at > made.reform.applied_at for move in moves
    ):
        yield f"đã xếp {count} người vào đơn vị mới"
    new, followed = made.ids(made.begun), {move.user_id for move in moves}
    people = members(
        Membership.objects.all() if as_of else Membership.objects.filter(unit__in=new), as_of
    )
    if count := sum(each.unit_id in new and each.user_id not in followed for each in people):
        yield f"đã có {count} người dùng được thêm vào đơn vị mới"


def _by_then(rows: QuerySet, field: str, as_of: datetime | None) -> QuerySet:
    return rows if as_of is None else rows.filter(**{f"{field}__lte": as_of})


def _listed(numbers: list[str]) -> str:
    return f" (số {', '.join(numbers[:NAMED])}{', …' if len(numbers) > NAMED else ''})"
