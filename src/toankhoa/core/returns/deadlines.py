"""Until when a return is on time."""

from __future__ import annotations

from datetime import date, timedelta

from toankhoa.core.basics import Period

DAYS_TO_SEND = 10  # after a period's last day; what comes later counts, and is flagged as late


def deadline(period: Period) -> date:
    """The last day on which a period's return is on time."""
    return period.last_day + timedelta(days=DAYS_TO_SEND)
