"""Corrections after acceptance: whoever had accepted a return sees what has changed in it since,
and why.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypedDict

from django.db import transaction
from django.db.models import Exists, F, Min, OuterRef, Prefetch, Q, QuerySet, Subquery

from toankhoa.audit import chain
from toankhoa.core.basics import refuse
from toankhoa.core.measures import DataElement, Form
from toankhoa.core.organisation import UnitVersion
from toankhoa.core.returns import FigureChange, figure_changes
from toankhoa.org.scope import Actor
from toankhoa.reporting.models import Acknowledgement, Return, Revision, Step
from toankhoa.reporting.totals.ledger import Ledger

Figures = tuple[tuple[DataElement, FigureChange], ...]  # with the elements that they are of


class _Revisions(TypedDict):
    """What `_unseen` adds to a return: the last revision that was accepted here, by the person
    herself, sent.
    """

    accepted: int | None
    mine: int | None
    sent: int


if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    _Unseen = WithAnnotations[Return, _Revisions]


@dataclass(frozen=True)
class Correction:
    """A return that was sent again since it was accepted here: figures then and now, and the
    reasons given since.
    """

    ret: Return
    revision: int
    sent_at: datetime
    unit: UnitVersion
    form: Form
    figures: Figures
    reasons: tuple[str, ...]


def corrections(by: Actor, ledger: Ledger) -> list[Correction]:
    """All that a person has not looked at yet, newest first.

    Of what she had accepted, and of what her unit or those it succeeds had and has not accepted
    again. Three queries, however many there are.
    """
    returns = _unseen(by).select_related("unit")
    steps = Prefetch("steps", _by_then(Step.objects.order_by("id"), by))
    revisions = Prefetch("revisions", Revision.objects.order_by("number"))
    listed = []
    for ret in returns.prefetch_related(steps, revisions):
        correction = _correction(ret, ledger)
        if correction is not None:
            listed.append(correction)
    listed.sort(key=lambda correction: (correction.sent_at, correction.ret.pk), reverse=True)
    return listed


def correction_of(ret: Return, by: Actor, ledger: Ledger) -> Correction | None:
    """The one of a single return, None where there is nothing to look at."""
    if ret.revision < 2:
        return None
    steps = Prefetch("steps", _by_then(Step.objects.order_by("id"), by))
    unseen = _unseen(by).filter(pk=ret.pk).select_related("unit").prefetch_related(steps)
    row = unseen.first()
    return None if row is None else _correction(row, ledger)


def changes_of(ret: Return, form: Form, ledger: Ledger) -> dict[int, Figures]:
    """By revision, the figures that differ from the revision sent before it: one query, none where
    it was sent once.
    """
    if ret.revision < 2:
        return {}
    sent = dict(
        ret.revisions.filter(number__lte=ret.revision)
        .order_by("number")
        .values_list("number", "values")
    )
    return {
        number: _named(figure_changes(sent[earlier], sent[number], form.elements), ledger)
        for earlier, number in pairwise(sent)
    }


def acknowledge(*, ret: Return, revision: int, by: Actor, at: datetime) -> None:
    """She has looked at what was corrected, up to a revision.

    Refused where it has been sent once more since.
    """
    with transaction.atomic():
        ret = Return.objects.select_for_update().get(pk=ret.pk)
        by.reach(by.organisation.codes[ret.unit_id], ret.when.last_day)
        if ret.revision != revision:
            raise refuse(
                "return-revision",
                "Báo cáo vừa được gửi lại lần nữa. Hãy tải lại trang để thấy số mới nhất.",
            )
        Acknowledgement.objects.get_or_create(
            ret=ret, user=by.user, revision=revision, defaults={"at": at}
        )
        data = {"revision": revision}
        chain.record(
            stream=f"user:{by.user.pk}",
            verb="acknowledge",
            subject=f"return:{ret.pk}",
            data=data,
            by=by.user,
            at=at,
        )


def first_sent(returns: Iterable[Return]) -> dict[int, datetime]:
    """When each was first sent, by id: sending it again does not make it late.

    One query, none where none was.
    """
    again = [ret.pk for ret in returns if ret.revision > 1]
    steps = Step.objects.filter(ret__in=again, verb="send").values("ret").annotate(first=Min("at"))
    return dict(steps.values_list("ret", "first")) if again else {}


def _unseen(by: Actor) -> QuerySet[_Unseen]:
    """Returns that were sent again (`sent`) since a revision was accepted here, and not looked at.

    `accepted`: the last revision that the unit accepted, `mine`: that she did. Who accepts it again
    has looked at it; her colleague who had accepted it before has not.
    """
    ids = [by.organisation.ids[code] for code in by.acts_for]
    steps = _by_then(Step.objects.filter(ret=OuterRef("pk")).order_by("-id"), by)
    accepted = steps.filter(verb="accept", unit__in=ids).values("revision")[:1]
    mine = steps.filter(verb="accept", unit__in=ids, by=by.user).values("revision")[:1]
    sent = steps.filter(verb="send").values("revision")[:1]
    again = Return.objects.filter(revision__gt=1).annotate(
        accepted=Subquery(accepted), mine=Subquery(mine), sent=Subquery(sent)
    )
    seen = _by_then(
        Acknowledgement.objects.filter(
            ret=OuterRef("pk"), user=by.user, revision__gte=OuterRef("sent")
        ),
        by,
    )
    earlier = Q(mine__lt=F("sent")) | Q(mine=None, accepted__lt=F("sent"))
    return again.filter(earlier).exclude(Exists(seen))


def _by_then(rows: QuerySet[Any], by: Actor) -> QuerySet[Any]:
    """Those of the moment that a person looks back at; all where she does not."""
    return rows if by.as_of is None else rows.filter(at__lte=by.as_of)


def _correction(ret: _Unseen, ledger: Ledger) -> Correction | None:
    """None where no figure changed, or the unit did not see the end of the period, so that it
    counts nowhere.
    """
    unit = ledger.organisation.on(ret.when.last_day).units.get(ret.unit.code)
    form = ledger.library.forms[ret.form].on(ret.when.first_day)
    values = {revision.number: revision.values for revision in ret.revisions.all()}
    held = _revision_held(ret)
    figures = _named(figure_changes(values[held], values[ret.sent], form.elements), ledger)
    if unit is None or not figures:
        return None
    since = [step for step in ret.steps.all() if step.revision >= held]
    reasons = tuple(dict.fromkeys(step.reason for step in since if step.reason))
    return Correction(ret, ret.sent, _sending(since, ret.sent).at, unit, form, figures, reasons)


def _revision_held(ret: _Unseen) -> int:
    """The revision that was accepted here before it was sent again, the earlier one of the unit's
    and the person's.

    Example: she accepted revision 1, her colleague revision 2, and revision 3 was sent: she is
    shown 1 beside 3.
    """
    accepted_here = (ret.accepted, ret.mine)
    return min(number for number in accepted_here if number is not None and number < ret.sent)


def _sending(steps: Iterable[Step], revision: int) -> Step:
    """The step that sent a revision."""
    for step in steps:
        if step.verb == "send" and step.revision == revision:
            return step
    raise LookupError(f"revision {revision} was never sent")


def _named(figures: Iterable[FigureChange], ledger: Ledger) -> Figures:
    elements = ledger.library.elements
    return tuple((elements[figure.element], figure) for figure in figures)
