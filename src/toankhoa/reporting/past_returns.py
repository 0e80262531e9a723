"""Returns as they stood at a past moment, out of their steps and of what was typed by then.

What comes out bears the id of the return of now; it is for reading, and is never saved. Where no
moment is given, it is the returns of now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from itertools import groupby, takewhile
from operator import itemgetter
from typing import NamedTuple

from django.db.models import QuerySet

from toankhoa.audit.models import AuditEntry
from toankhoa.core.returns import MOVES, State, Value, depth_in
from toankhoa.core.totals import trees_of_year
from toankhoa.org.organisation import Organisation
from toankhoa.reporting.models import Return, Revision, Step

_SENT = frozenset({State.SENT, State.ACCEPTED})
_AT_ONCE = 500  # returns whose typing is asked for in one query
_CHUNK = 5000


class PastStep(NamedTuple):
    """A step of a return.

    `depth` in the chain of units as it was known then, `own` that of the owing unit in it.
    """

    ret: int
    verb: str
    revision: int
    depth: int
    own: int
    at: datetime


_STEP_FIELDS = (
    "ret_id",
    "verb",
    "revision",
    "depth",
    "at",
    "unit_id",
    "ret__unit_id",
    "ret__key",
)


class _StoredStep(NamedTuple):
    """A step as it is stored: `_STEP_FIELDS`."""

    ret: int
    verb: str
    revision: int
    depth: int
    at: datetime
    acting: int
    unit: int
    key: int


def past_steps(
    steps: QuerySet[Step], organisation: Organisation, as_of: datetime
) -> Iterator[PastStep]:
    """Steps, ordered by return, without those from the first one on that came after the moment.

    A reform entered since then may have moved them to other depths: here they are at those of then.
    """

    @cache
    def chain(unit: int, key: int) -> tuple[int, ...]:
        tree = trees_of_year(organisation.trees, key // 100).trees[key % 100 - 1]
        code = organisation.codes[unit]
        if code not in tree:
            return ()
        return tuple(organisation.ids[above] for above in tree.path(code))

    rows = steps.values_list(*_STEP_FIELDS).iterator(chunk_size=_CHUNK)
    for _, life in groupby(rows, key=itemgetter(0)):
        for row in life:
            step = _StoredStep(*row)
            if step.at > as_of:
                break
            then = chain(step.unit, step.key)
            depth = depth_in(then, step.acting, step.verb) if then else step.depth
            yield PastStep(step.ret, step.verb, step.revision, depth, len(then) - 1, step.at)


def returns_as_of(
    rows: QuerySet[Return], organisation: Organisation, as_of: datetime | None
) -> list[Return]:
    """These returns as they were; those not begun by then are left out."""
    if as_of is None:
        return list(rows)
    lives, of_now = _lives(rows, organisation, as_of), list(rows)
    written = _written([ret.pk for ret in of_now], as_of)
    begun = [ret for ret in of_now if ret.pk in lives or ret.pk in written]
    sent = _sent_values(begun, lives)
    for ret in begun:
        _rewind(ret, lives.get(ret.pk, []), written.get(ret.pk, []), sent.get(ret.pk, {}))
    return begun


def sent_returns(
    rows: QuerySet[Return], organisation: Organisation, as_of: datetime | None
) -> list[Return]:
    """Those of these returns that were with somebody above, or accepted. Quick for very many."""
    if as_of is None:
        return list(rows.filter(state__in=_SENT))
    lives = {}
    for pk, life in _lives(rows, organisation, as_of).items():
        if _state(life) in _SENT:
            lives[pk] = life
    returns = [ret for ret in rows.defer("values", "counted") if ret.pk in lives]
    sent = _sent_values(returns, lives)
    for ret in returns:
        _rewind(ret, lives[ret.pk], [], sent[ret.pk])
    return returns


class AcceptedDepth(NamedTuple):
    """How far a return has come: the depth of the highest unit that accepted it, its own where it
    was only sent.
    """

    form: str
    period: str
    unit_id: int
    depth: int


def accepted_depths(
    rows: QuerySet[Return], organisation: Organisation, as_of: datetime | None
) -> Iterator[AcceptedDepth]:
    """How far each of these returns had come, of those that were with somebody above, or
    accepted.
    """
    if as_of is None:
        fields = ("form", "period", "unit_id", "accepted_depth")
        for form, period, unit_id, depth in rows.values_list(*fields):
            if depth is not None:
                yield AcceptedDepth(form, period, unit_id, depth)
        return
    lives = _lives(rows, organisation, as_of)
    for pk, form, period, unit_id in rows.values_list("pk", "form", "period", "unit_id"):
        life = lives.get(pk, [])
        if _state(life) in _SENT:
            yield AcceptedDepth(form, period, unit_id, life[-1].depth)


def sent_ever(as_of: datetime | None) -> int:
    """How many returns have been sent so far, whatever became of them."""
    if as_of is None:
        return Return.objects.filter(sent_at__isnull=False).count()
    return Step.objects.filter(verb="send", at__lte=as_of).values("ret").distinct().count()


def steps_of(ret: Return, as_of: datetime | None) -> tuple[Step, ...]:
    """A return's life so far, the first step first."""
    life = ret.steps.select_related("by").order_by("id")
    return tuple(takewhile(lambda step: as_of is None or step.at <= as_of, life))


def _lives(
    rows: QuerySet[Return], organisation: Organisation, as_of: datetime
) -> dict[int, list[PastStep]]:
    """Steps by id of return, of returns that had any by then."""
    steps = Step.objects.filter(ret__in=rows.order_by().values("pk")).order_by("ret_id", "id")
    lives = groupby(past_steps(steps, organisation, as_of), key=itemgetter(0))
    return {pk: list(life) for pk, life in lives}


def _state(life: Sequence[PastStep]) -> State | None:
    """The state that the last step led to; None where there is none.

    A step of a unit that is the owing unit itself since a reform is an acceptance by nobody above:
    the return is sent.
    """
    if not life:
        return None
    last = life[-1]
    if last.verb == "accept" and last.depth == last.own:
        return State.SENT
    return MOVES[last.verb].to


def _written(ids: Sequence[int], as_of: datetime) -> dict[int, list[AuditEntry]]:
    """What was written of each return by then, by its id.

    Returns imported from before the system have none.
    """
    written: dict[int, list[AuditEntry]] = defaultdict(list)
    for start in range(0, len(ids), _AT_ONCE):
        subjects = [f"return:{pk}" for pk in ids[start : start + _AT_ONCE]]
        entries = AuditEntry.objects.filter(subject__in=subjects, verb__in=MOVES, at__lte=as_of)
        for entry in entries.select_related("by").order_by("pk"):
            written[int(entry.subject.partition(":")[2])].append(entry)
    return written


def _sent_values(
    rows: Iterable[Return], lives: Mapping[int, Sequence[PastStep]]
) -> dict[int, Mapping[str, Value]]:
    """The figures last sent, by id of return."""
    numbers = {ret.pk: _last_revision(lives[ret.pk]) for ret in rows if ret.pk in lives}
    sent = Revision.objects.filter(ret__in=numbers).values_list("ret_id", "number", "values")
    values_by_return = {}
    for pk, number, values in sent.iterator(chunk_size=_CHUNK):
        if numbers[pk] == number:
            values_by_return[pk] = values
    return values_by_return


def _last_revision(life: Iterable[PastStep]) -> int:
    """The number of the revision last sent, 0 where none was."""
    return max((step.revision for step in life), default=0)


def _rewind(
    ret: Return,
    life: Sequence[PastStep],
    written: Sequence[AuditEntry],
    sent: Mapping[str, Value],
) -> None:
    """Make a return what it was.

    `written` are its audit entries by then, `sent` the figures of its last revision.
    """
    being_typed = bool(written) and written[-1].verb == "save"
    state = MOVES["save"].to if being_typed else _state(life)
    assert state is not None  # one of the two says that it was begun
    ret.state = state
    ret.accepted_depth = life[-1].depth if state in _SENT else None
    ret.values = _values_then(written, sent)
    ret.revision = _last_revision(life)
    ret.sent_at = max((step.at for step in life if step.verb == "send"), default=None)
    if written:
        ret.saved_at, ret.saved_by = written[-1].at, written[-1].by


def _values_then(written: Sequence[AuditEntry], sent: Mapping[str, Value]) -> dict[str, Value]:
    """The figures last sent, with what was typed over them since."""
    typed: dict[str, Value | None] = {}
    for entry in written:
        if entry.verb == "send":
            typed = {}  # it is in what was sent
        elif entry.verb == "save":
            typed |= entry.data["figures"]
    return {code: value for code, value in {**sent, **typed}.items() if value is not None}
