"""What a reform does, before it is done: to units, returns, people, decisions and old figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from toankhoa.core.basics import Refused
from toankhoa.core.measures import Library
from toankhoa.core.organisation import Reform as ReformRecord
from toankhoa.core.organisation import Tree, UnitVersion, faults
from toankhoa.operations.reform_returns import (
    FormDue,
    OpenReturns,
    ReroutedReturn,
    UncountedReturns,
    forms_due,
    open_returns,
    rerouted_returns,
    uncounted_returns,
)
from toankhoa.operations.reform_units import (
    Altered,
    Ending,
    Splitting,
    altered_units,
    begun_units,
    displaced_units,
    ended_units,
    endings,
    merged_units,
    namesakes,
    splittings,
    units_by_level,
    units_outside,
)
from toankhoa.org.models import Reform
from toankhoa.org.organisation import Organisation, organisation, supposing
from toankhoa.org.reforms import Follow, follows, reforms
from toankhoa.plan.models import Allocation, Receipt


@dataclass(frozen=True)
class AffectedDecision:
    """An allocation of the day's year or later whose targets go to units that end, merge or move.

    `units`: how many of those it reached.
    """

    number: str
    units: int


@dataclass(frozen=True)
class Preview:
    """All that a person should see before she applies a reform.

    Where there are faults, nothing is filled in but these, `along` and `before`. `along`: titles of
    earlier drafts that were taken as done; `beginning`: new units, each with the name of the unit
    above; `levels`: level, units before, units after; `outside`, `namesakes`: see `reform_units`.
    """

    faults: tuple[tuple[int | None, Refused], ...]
    along: tuple[str, ...]
    before: Tree
    after: Tree | None = None
    ending: tuple[Ending, ...] = ()
    beginning: tuple[tuple[UnitVersion, str], ...] = ()
    altered: tuple[Altered, ...] = ()
    levels: tuple[tuple[str, int, int], ...] = ()
    splits: tuple[Splitting, ...] = ()
    merged: int = 0
    due: tuple[FormDue, ...] = ()
    open_returns: tuple[OpenReturns, ...] = ()
    uncounted: tuple[UncountedReturns, ...] = ()
    rerouted: tuple[ReroutedReturn, ...] = ()
    decisions: tuple[AffectedDecision, ...] = ()
    outside: tuple[UnitVersion, ...] = ()
    namesakes: tuple[UnitVersion, ...] = ()
    follows: tuple[Follow, ...] = ()


def preview(reform: Reform, library: Library, as_of: datetime | None = None) -> Preview:
    """What a reform does to the units before it. A draft is taken as following earlier drafts.

    `as_of`: as it was seen at that moment; the reform is that of then.
    """
    record = reform.record()
    day = record.day
    base, along = _before(reform, record, as_of)
    old = base.on(day)
    problems = faults(base.trees.unit_versions, record)
    if problems:
        return Preview(tuple(problems), along, old)
    after = supposing([*base.reforms, record])
    new = after.on(day)
    gone = ended_units(old, new)
    passed = after.lineage.successions[len(base.lineage.successions) :]
    return Preview(
        faults=(),
        along=along,
        before=old,
        after=new,
        ending=tuple(endings(gone, old, after, day)),
        beginning=tuple(begun_units(old, new)),
        altered=tuple(altered_units(old, new)),
        levels=tuple(units_by_level(old, new)),
        splits=tuple(splittings(passed, old, new)),
        merged=merged_units(record.changes),
        due=tuple(forms_due(base, after, day, library)),
        open_returns=tuple(open_returns(gone, base, after, day, as_of)),
        uncounted=tuple(uncounted_returns(gone, base, day, library, as_of)),
        rerouted=tuple(rerouted_returns(base, after, day, as_of)),
        decisions=tuple(_affected_decisions(base, after, record, as_of)),
        outside=tuple(units_outside(old, new)),
        namesakes=tuple(namesakes(old, new)),
        follows=tuple(follows(base, after, day, as_of)),
    )


def tree_before(reform: Reform) -> Tree:
    """The units that a reform meets on its day."""
    base, _ = _before(reform, reform.record(), None)
    return base.on(reform.day)


def _before(
    reform: Reform, record: ReformRecord, as_of: datetime | None
) -> tuple[Organisation, tuple[str, ...]]:
    """The organisation that a reform meets, and the titles of the drafts that it takes as done."""
    applied = organisation(as_of).reforms
    if reform.state == Reform.State.APPLIED:
        place = [earlier.code for earlier in applied].index(record.code)
        return supposing(applied[:place]), ()
    base = supposing(earlier for earlier in applied if earlier.day <= record.day)
    if reform.state != Reform.State.DRAFT:
        return base, ()
    along = []
    for draft in _earlier_drafts(reform, as_of):
        # One that cannot be made is left out: it says so on its own page.
        if not faults(base.trees.unit_versions, draft):
            base = supposing([*base.reforms, draft])
            along.append(draft.title)
    return base, tuple(along)


def _earlier_drafts(reform: Reform, as_of: datetime | None) -> Iterator[ReformRecord]:
    for draft in reforms(as_of):
        if draft.state == Reform.State.DRAFT and draft.day < reform.day:
            yield draft.record()


def _affected_decisions(
    base: Organisation, after: Organisation, record: ReformRecord, as_of: datetime | None
) -> Iterator[AffectedDecision]:
    """Two queries."""
    displaced = [base.ids[code] for code in displaced_units(base, after, record.day)]
    receipts = Receipt.objects.filter(unit__in=displaced, allocation__state=Allocation.State.ISSUED)
    if as_of is not None:
        receipts = receipts.filter(allocation__issued_at__lte=as_of)
    units = Counter(receipts.values_list("allocation_id", flat=True))
    for allocation in Allocation.objects.filter(pk__in=units).order_by("effective_on", "pk"):
        if any(column["year"] >= record.day.year for column in allocation.columns):
            yield AffectedDecision(allocation.number, units[allocation.pk])
