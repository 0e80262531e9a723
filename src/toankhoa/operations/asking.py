"""Who asks a question, and what she is answered from, through whichever page or interface.

Signing in, leading elsewhere and answering 404 belong to what she asks through; for pages see
`web/shell/access.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localdate

from toankhoa.audit.clock import today
from toankhoa.operations.measuring import ledger
from toankhoa.org.models import User
from toankhoa.org.scope import Actor, actor_of
from toankhoa.reporting.totals.posting import Ledger


@dataclass(frozen=True)
class Question:
    """A person in her role, with units and library as they are, or were at a past moment."""

    actor: Actor
    ledger: Ledger

    @property
    def as_of(self) -> datetime | None:
        """The past moment that is asked about; None for now."""
        return self.actor.as_of


def asked_by(user: User, as_of: datetime | None = None) -> Question | None:
    """What a user asks from, now or as of a past moment.

    None where she acts for no unit of that day.
    """
    day = today() if as_of is None else localdate(as_of)
    actor = actor_of(user, day, as_of)
    if actor is None:
        return None
    return Question(actor, ledger(actor.organisation, as_of))
