"""Returns as they stood at a past moment, out of their steps and of what was typed by then.

What comes out bears the id of the return of now; it is for reading, and is never saved. Where no
moment is given, it is the returns of now.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache
from itertools import groupby, takewhile
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import QuerySet

from toankhoa.audit.models import AuditEntry
from toankhoa.core.returns import MOVES, State, depth_in
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


def past_steps(
    steps: QuerySet[Step], organisation: Organisation, as_of: datetime
) -> Iterator[PastStep]:
    """Steps, ordered by return, without those from the first one on that came after the moment.

    A reform entered since then may have moved them to other depths: here they stand where they
    stood.
    """

    @cache
    def chain(unit: int, key: int) -> tuple[int, ...]:
        tree, code = (
            trees_of_year(organisation.trees, key // 100).trees[key % 100 - 1],
            organisation.codes[unit],
        )
        return tuple(organisation.ids[above] for above in tree.path(code)) if code in tree else ()

    fields = ("ret_id", "verb", "revision", "depth", "at", "unit_id", "ret__unit_id", "ret__key")
    for _, life in groupby(
        steps.values_list(*fields).iterator(chunk_size=_CHUNK), key=itemgetter(0)
    ):
        for ret, verb, revision, depth, at, acting, unit, key in takewhile(
            lambda step: step[4] <= as_of, life
        ):
            then = chain(unit, key)
            place = depth_in(then, acting, verb) if then else depth
            yield PastStep(ret, verb, revision, place, len(then) - 1, at)


def returns(
    rows: QuerySet[Return], organisation: Organisation, as_of: datetime | None
) -> list[Return]:
    """These returns as they stood; those not begun by then are left out."""
    if as_of is None:
        return list(rows)
    lives, found = _lives(rows, organisation, as_of), list(rows)
    written = _written([ret.pk for ret in found], as_of)
    begun = [ret for ret in found if ret.pk in lives or ret.pk in written]
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
    lives = {
        pk: life for pk, life in _lives(rows, organisation, as_of).items() if _state(life) in _SENT
    }
    found = [ret for ret in rows.defer("values", "counted") if ret.pk in lives]
    sent = _sent_values(found, lives)
    for ret in found:
        _rewind(ret, lives[ret.pk], [], sent[ret.pk])
    return found


Vouched = tuple[
    str, str, int, int
]  # form, period, id of the unit, depth of the highest unit that vouches for it


def accepted_depths(
    rows: QuerySet[Return], organisation: Organisation, as_of: datetime | None
) -> Iterator[Vouched]:
    """How far each of these returns had come, of those that somebody vouched for."""
    fields = ("form", "period", "unit_id")
    if as_of is None:
        yield from rows.filter(accepted_depth__isnull=False).values_list(*fields, "accepted_depth")
        return
    lives = _lives(rows, organisation, as_of)
    for pk, *address in rows.values_list("pk", *fields):
        if _state(lives.get(pk, [])) in _SENT:
            yield *address, lives[pk][-1].depth


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


def _state(life: list[PastStep]) -> State | None:
    """The state that the last step led to. Accepted by nobody above the owing unit is sent."""
    if not life:
        return None
    last = life[-1]
    return State.SENT if last.verb == "accept" and last.depth == last.own else MOVES[last.verb].to


def _written(ids: list[int], as_of: datetime) -> dict[int, list[AuditEntry]]:
    """What was written of each return by then, by its id; returns imported from before the system
    have none.
    """
    found: dict[int, list[AuditEntry]] = {}
    for start in range(0, len(ids), _AT_ONCE):
        subjects = [f"return:{pk}" for pk in ids[start : start + _AT_ONCE]]
        entries = AuditEntry.objects.filter(subject__in=subjects, verb__in=MOVES, at__lte=as_of)
        for entry in entries.select_related("by").order_by("pk"):
            found.setdefault(int(entry.subject.partition(":")[2]), []).append(entry)
    return found


def _sent_values(
    rows: Iterable[Return], lives: Mapping[int, list[PastStep]]
) -> dict[int, dict[str, Any]]:
    """The figures last sent, by id of return."""
    numbers = {
        ret.pk: max(step.revision for step in lives[ret.pk]) for ret in rows if ret.pk in lives
    }
    sent = Revision.objects.filter(ret__in=numbers).values_list("ret_id", "number", "values")
    return {
        pk: values
        for pk, number, values in sent.iterator(chunk_size=_CHUNK)
        if numbers[pk] == number
    }


def _rewind(
    ret: Return, life: list[PastStep], written: list[AuditEntry], sent: Mapping[str, Any]
) -> None:
    """Make a return what it was: `written` are its audit entries by then, `sent` the figures of its
    last revision.
    """
    state = MOVES[written[-1].verb].to if written and written[-1].verb == "save" else _state(life)
    assert state is not None  # one of the two says that it was begun
    last_sent = max(
        (place for place, entry in enumerate(written) if entry.verb == "send"), default=0
    )
    typed = [entry.data["figures"] for entry in written[last_sent:] if entry.verb == "save"]
    values = dict(sent)
    for figures in typed:
        values |= figures
    ret.state, ret.accepted_depth = state, life[-1].depth if state in _SENT else None
    ret.values = {code: value for code, value in values.items() if value is not None}
    ret.revision = max((step.revision for step in life), default=0)
    ret.sent_at = max((step.at for step in life if step.verb == "send"), default=None)
    if written:
        ret.saved_at, ret.saved_by = written[-1].at, written[-1].by
