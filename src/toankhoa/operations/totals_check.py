"""Derive all totals again, or compare them with what the returns say."""

from datetime import datetime

from django.db import transaction

from toankhoa.audit import chain
from toankhoa.audit.chain import Break
from toankhoa.operations.measuring import ledger
from toankhoa.org.models import User
from toankhoa.reporting.totals import posting
from toankhoa.reporting.totals.posting import Difference, Progress, silent


def rebuild(*, by: User | None, at: datetime, progress: Progress = silent) -> int:
    """Derive every total from the returns; how many rows."""
    with transaction.atomic():
        rows = posting.rebuild(ledger=ledger(), progress=progress)
        chain.record(
            stream=chain.SYSTEM, verb="rebuild", subject="totals", data={"rows": rows}, by=by, at=at
        )
    return rows


def check(*, progress: Progress = silent) -> tuple[list[Difference], list[Break]]:
    """Totals that differ from the returns, and places where an audit chain breaks.

    Both empty: all is well.
    """
    return posting.differences(ledger=ledger(), progress=progress), list(chain.breaks())
