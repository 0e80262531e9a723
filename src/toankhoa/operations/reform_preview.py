"""What a reform does, before it is done: units, returns due and open, people, and what can be restated across it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from django.db.models import QuerySet

from toankhoa.core.basics import Period, Refused, fold
from toankhoa.core.measures import Form, Library
from toankhoa.core.organisation import Change, Effect, Passings, Tree, UnitVersion, faults
from toankhoa.core.organisation import Reform as ReformRecord
from toankhoa.core.returns import State
from toankhoa.operations.reform_returns import Fallen, ReroutedReturn, fallen, passing
from toankhoa.org.models import Reform
from toankhoa.org.organisation import Organisation, organisation, supposing
from toankhoa.org.reforms import Follow, follows, reforms
from toankhoa.plan.models import Allocation, Receipt
from toankhoa.reporting import past_returns
from toankhoa.reporting.models import Return


@dataclass(frozen=True)
class Ending:
    """A unit that ends, and those that carry it on."""

    unit: UnitVersion
    heirs: tuple[UnitVersion, ...]


@dataclass(frozen=True)
class Altered:
    """A unit that goes on under another name, kind or parent; names of parents where it has another one."""

    before: UnitVersion
    after: UnitVersion
    old_parent: str
    new_parent: str


@dataclass(frozen=True)
class Due:
    """How many units owe a form in the period that holds the day."""

    form: Form
    period: Period
    before: int
    after: int


@dataclass(frozen=True)
class Handover:
    """Open returns in the hands of a unit that ends: its own that it has not sent, others' that it has not accepted."""

    holder: UnitVersion
    heirs: tuple[UnitVersion, ...]
    own: int
    waiting: int
    after: (
        int  # of its own, those of periods that end on the day or later: nobody owes them any more
    )


@dataclass(frozen=True)
class Handed:
    """A decision in force for the day's year or later that hands targets to units that end, are merged into or move,
    and to how many."""

    number: str
    units: int


@dataclass(frozen=True)
class SplitPart:
    """A unit that takes over a part of another one."""

    unit: UnitVersion
    share: Fraction | None

    @property
    def percent(self) -> Fraction | None:
        """The share as it is written."""
        return None if self.share is None else self.share * 100


@dataclass(frozen=True)
class Splitting:
    """A unit that is divided; a share that is not known cannot be restated."""

    unit: UnitVersion
    parts: tuple[SplitPart, ...]

    @property
    def known(self) -> bool:
        """Whether every share is declared."""
        return all(part.share is not None for part in self.parts)


@dataclass(frozen=True)
class Preview:
    """Everything a person should see before she applies a reform. Where there are faults, nothing else is said."""

    faults: tuple[tuple[int | None, Refused], ...]
    along: tuple[str, ...]  # titles of earlier drafts that were taken as done
    before: Tree
    after: Tree | None = None
    ending: tuple[Ending, ...] = ()
    beginning: tuple[tuple[UnitVersion, str], ...] = ()  # with the name of the unit above
    altered: tuple[Altered, ...] = ()
    levels: tuple[tuple[str, int, int], ...] = ()
    splits: tuple[Splitting, ...] = ()
    merged: int = 0
    due: tuple[Due, ...] = ()
    handovers: tuple[Handover, ...] = ()
    fallen: tuple[Fallen, ...] = ()
    passing: tuple[ReroutedReturn, ...] = ()
    handed: tuple[Handed, ...] = ()
    outside: tuple[
        UnitVersion, ...
    ] = ()  # new units above which nobody stands: their figures go nowhere
    namesakes: tuple[
        UnitVersion, ...
    ] = ()  # new or renamed units that bear the name of one beside them
    follows: tuple[Follow, ...] = ()


def preview(reform: Reform, library: Library, as_of: datetime | None = None) -> Preview:
    """What a reform does to the units before it. A draft is taken as following the drafts of earlier days.

    `as_of`: as it was seen at that moment; the reform is that of then.
    """
    record = reform.record()
    base, along = _before(reform, record, as_of)
    found = faults(base.trees.unit_versions, record)
    if found:
        return Preview(tuple(found), along, base.on(record.day))
    after = supposing([*base.reforms, record])
    old, new = base.on(record.day), after.on(record.day)
    gone = [code for code in old.order if code not in new]
    passed = after.lineage.passed[len(base.lineage.passed) :]
    return Preview(
        faults=(),
        along=along,
        before=old,
        after=new,
        ending=tuple(Ending(old.units[code], _heirs(code, after, record.day)) for code in gone),
        beginning=tuple(
            (new.units[code], _name(new.units[code].parent, new))
            for code in new.order
            if code not in old
        ),
        altered=tuple(_altered(old, new)),
        levels=tuple(_levels(old, new)),
        splits=tuple(_splits(passed, old, new)),
        merged=sum(map(_merged, record.changes)),
        due=tuple(_due(base, after, record.day, library)),
        handovers=tuple(_handovers(gone, base, after, record.day, as_of)),
        fallen=tuple(fallen(gone, base, record.day, library, as_of)),
        passing=tuple(passing(base, after, record.day, as_of)),
        handed=tuple(
            _handed(
                [base.ids[code] for code in _displaced(base, after, record.day)],
                record.day.year,
                as_of,
            )
        ),
        outside=tuple(
            unit
            for code, unit in new.units.items()
            if unit.parent is None and code not in old.roots
        ),
        namesakes=tuple(_namesakes(old, new)),
        follows=tuple(follows(base, after, record.day, as_of)),
    )


def tree_before(reform: Reform) -> Tree:
    """The units that a reform meets on its day."""
    return _before(reform, reform.record(), None)[0].on(reform.day)


def _before(
    reform: Reform, record: ReformRecord, as_of: datetime | None
) -> tuple[Organisation, tuple[str, ...]]:
    """The organisation that a reform meets, and the titles of the drafts that it takes as done."""
    applied = organisation(as_of).reforms
    if reform.state == Reform.State.APPLIED:
        return supposing(applied[: [each.code for each in applied].index(record.code)]), ()
    base = supposing(each for each in applied if each.day <= record.day)
    if reform.state != Reform.State.DRAFT:
        return base, ()
    along = []
    drafts = (
        each
        for each in reforms(as_of)
        if each.state == Reform.State.DRAFT and each.day < reform.day
    )
    for draft in (each.record() for each in drafts):
        if not faults(base.trees.unit_versions, draft):
            base = supposing([*base.reforms, draft])
            along.append(draft.title)
    return base, tuple(along)


def _heirs(code: str, after: Organisation, day: date) -> tuple[UnitVersion, ...]:
    return tuple(after.on(day).units[heir] for heir in after.heirs(code, day))


def _altered(old: Tree, new: Tree) -> Iterator[Altered]:
    for code in old.order:
        one, other = old.units[code], new.units.get(code)
        if other is not None and (one.name, one.kind, one.parent) != (
            other.name,
            other.kind,
            other.parent,
        ):
            parents = (
                (_name(one.parent, old), _name(other.parent, new))
                if one.parent != other.parent
                else ("", "")
            )
            yield Altered(one, other, *parents)


def _name(code: str | None, tree: Tree) -> str:
    return tree.units[code].name if code else ""


def _levels(old: Tree, new: Tree) -> Iterator[tuple[str, int, int]]:
    before, after = (Counter(unit.level for unit in tree.units.values()) for tree in (old, new))
    for level in dict.fromkeys(
        unit.level for tree in (old, new) for unit in map(tree.units.__getitem__, tree.order)
    ):
        yield level, before[level], after[level]


def _merged(change: Change) -> int:
    """How many units a change merges into another one."""
    return (
        len({*change.units} - {part.code for part in change.parts})
        if change.effect is Effect.MERGE
        else 0
    )


def _splits(passed: tuple[Passings, ...], old: Tree, new: Tree) -> Iterator[Splitting]:
    units = {**new.units, **old.units}
    for passings in passed:
        if len(passings) > 1:
            yield Splitting(
                units[passings[0].old],
                tuple(SplitPart(units[each.new], each.share) for each in passings),
            )


def _due(base: Organisation, after: Organisation, day: date, library: Library) -> Iterator[Due]:
    for form in library.forms.values():
        period = Period.containing(day, form.frequency)
        trees = base.on(period.last_day), after.on(period.last_day)
        before, now = (
            sum(unit.level == form.level for unit in tree.units.values()) for tree in trees
        )
        if before != now:
            yield Due(form, period, before, now)


def _displaced(base: Organisation, after: Organisation, day: date) -> Iterator[str]:
    """Units with a decision of their own that end, move to another parent or take another one in."""
    old, new = base.on(day), after.on(day)
    into = {each.new for each in after.lineage.passings[len(base.lineage.passings) :]}
    for code in old.order:
        stays = code in new and old.units[code].parent == new.units[code].parent
        if code in base.ids and (not stays or code in into):
            yield code


def _namesakes(old: Tree, new: Tree) -> Iterator[UnitVersion]:
    for code in new.order:
        unit, was = new.units[code], old.units.get(code)
        beside = (
            new.units[each]
            for each in (new.children(unit.parent) if unit.parent else new.roots)
            if each != code
        )
        changed = was is None or (was.name, was.parent) != (unit.name, unit.parent)
        if changed and any(fold(each.name) == fold(unit.name) for each in beside):
            yield unit


def _handed(gone: list[int], year: int, as_of: datetime | None) -> Iterator[Handed]:
    """Two queries."""
    issued = Receipt.objects.filter(unit__in=gone, allocation__state=Allocation.State.ISSUED)
    if as_of is not None:
        issued = issued.filter(allocation__issued_at__lte=as_of)
    units = Counter(issued.values_list("allocation_id", flat=True))
    for allocation in Allocation.objects.filter(pk__in=units).order_by("effective_on", "pk"):
        if any(column["year"] >= year for column in allocation.columns):
            yield Handed(allocation.number, units[allocation.pk])


def _handovers(
    gone: list[str], base: Organisation, after: Organisation, day: date, as_of: datetime | None
) -> Iterator[Handover]:
    """Which open returns the units that end have in hand: one query, of a past moment four."""
    tree, ended = base.on(day), set(gone)
    below = [
        base.ids[code]
        for code in tree.order
        if ended.intersection(tree.path(code)) and code in base.ids
    ]
    own, waiting, late = Counter[str](), Counter[str](), Counter[str]()
    for unit, state, accepted_depth, period in _still_open(
        Return.objects.filter(unit__in=below), base, as_of
    ):
        code, last_day = base.codes[unit], Period.parse(period).last_day
        path = base.on(last_day).path(code)[::-1] if code in base.on(last_day) else (code,)
        sent = state in (State.SENT, State.ACCEPTED) and accepted_depth
        holder = path[accepted_depth - 1] if sent and accepted_depth <= len(path) else code
        if holder in ended:
            (waiting if holder != code else own)[holder] += 1
            late[holder] += holder == code and last_day >= day
    for code in gone:
        if own[code] or waiting[code]:
            heirs = _heirs(code, after, day)
            yield Handover(tree.units[code], heirs, own[code], waiting[code], late[code])


def _still_open(
    rows: QuerySet[Return], base: Organisation, as_of: datetime | None
) -> Iterator[tuple[int, str, int | None, str]]:
    """Of these returns those that not everybody accepted: unit, state, depth of who vouches for it, period."""
    if as_of is None:
        unaccepted = rows.exclude(state=State.ACCEPTED, accepted_depth=0)
        yield from unaccepted.values_list("unit_id", "state", "accepted_depth", "period")
        return
    for ret in past_returns.returns_as_of(rows, base, as_of):
        if (ret.state, ret.accepted_depth) != (State.ACCEPTED, 0):
            yield ret.unit_id, ret.state, ret.accepted_depth, ret.period
