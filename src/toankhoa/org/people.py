"""Who acts for which unit: now, or at a past moment, out of how reforms moved people since they
were entered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from operator import itemgetter

from django.db.models import Q, QuerySet

from toankhoa.audit.models import AuditEntry
from toankhoa.org.models import MemberMove, Membership, Reform, Unit

CLOSE, OPEN = "close_account", "open_account"  # verbs of the audit log


def members(rows: QuerySet[Membership], as_of: datetime | None = None) -> list[Membership]:
    """These people with the units they act for; at a past moment those entered by then, with the
    units they had then.

    For reading, never saved. One query, of a past moment two.
    """
    rows = rows.select_related("user", "unit")
    if as_of is None:
        return list(rows)
    entered = list(rows.filter(user__date_joined__lte=as_of))
    users = [member.user_id for member in entered]
    lives: dict[int, list[MemberMove]] = defaultdict(list)
    for move in _through_life(MemberMove.objects.filter(user__in=users)):
        lives[move.user_id].append(move)
    for member in entered:
        member.unit = unit_then(member, lives[member.user_id], as_of)
    return entered


def unit_of(member: Membership, as_of: datetime | None) -> Unit:
    """The unit a person acts for, or acted for at a past moment: one query then."""
    if as_of is None:
        return member.unit
    moves = _through_life(MemberMove.objects.filter(user=member.user_id))
    return unit_then(member, list(moves), as_of)


def unit_then(member: Membership, moves: list[MemberMove], as_of: datetime) -> Unit:
    """Where the moves of a person, in the order in which they were made, had brought her by a
    moment.
    """
    if not moves:
        return member.unit
    unit = moves[0].was
    for at, here, there in sorted(_went(moves), key=itemgetter(0)):
        if at <= as_of and here in (None, unit):
            unit = there
    return unit


def _went(moves: list[MemberMove]) -> Iterator[tuple[datetime, Unit | None, Unit]]:
    """When she came to which unit: by a reform or by hand; back where the reform was undone, if she
    was still there.

    The unit in the middle is the one that she leaves, None whichever it is.
    """
    for move in moves:
        if move.now is not None and move.seated_at is not None:
            yield move.seated_at, None, move.now
            if move.reform is not None and move.reform.undone_at is not None:
                yield move.reform.undone_at, move.now, move.was


def _through_life(moves: QuerySet[MemberMove]) -> QuerySet[MemberMove]:
    return moves.select_related("reform", "was", "now").order_by("pk")


def closed(rows: list[Membership], as_of: datetime | None = None) -> set[int]:
    """Ids of those of these people whose accounts are closed; at a past moment, were closed then:
    one query.
    """
    if as_of is None:
        return {member.user_id for member in rows if not member.user.is_active}
    names = {f"user:{member.user.username}": member.user_id for member in rows}
    entries = AuditEntry.objects.filter(verb__in=(CLOSE, OPEN), at__lte=as_of).order_by("pk")
    last = {names.get(subject): verb for subject, verb in entries.values_list("subject", "verb")}
    return {user for user, verb in last.items() if user is not None and verb == CLOSE}


def moves_of(reform: Reform, as_of: datetime | None = None) -> list[MemberMove]:
    """Who was moved by a reform and where to, by unit and name; at a past moment, as it was known
    then.
    """
    if reform.applied_at is None:
        return []
    rows = reform.moves.select_related("user", "was", "now")
    moves = list(rows.order_by("was__code", "user__username"))
    for move in moves:
        if as_of is not None and move.seated_at is not None and move.seated_at > as_of:
            move.now = None
    return moves


def unseated(as_of: datetime | None = None) -> int:
    """How many people act for no unit since a reform ended theirs; at a past moment, acted for none
    then.
    """
    return _left(as_of).count()


def left_by(user_id: int, as_of: datetime | None = None) -> Reform | None:
    """The reform that ended a person's unit and left her without one."""
    move = (
        _left(as_of).filter(user=user_id).select_related("reform").order_by("-reform__day").first()
    )
    return move.reform if move else None


def _left(as_of: datetime | None) -> QuerySet[MemberMove]:
    if as_of is None:
        return MemberMove.objects.filter(now=None, reform__state=Reform.State.APPLIED)
    nowhere = Q(now=None) | Q(seated_at__gt=as_of)
    in_force = Q(reform__undone_at=None) | Q(reform__undone_at__gt=as_of)
    return MemberMove.objects.filter(nowhere, in_force, reform__applied_at__lte=as_of)
