"""The only place that reads the time. Edges (web, command line) call it and pass the moment on."""

from datetime import date, datetime

from django.conf import settings
from django.utils import timezone


def now() -> datetime:
    """This moment, in whole milliseconds, as codes on paper name it (see
    `core.basics.figure_code`).

    Where the installation has a day of its own (the demo), that day at this time of day.
    """
    moment = timezone.localtime()
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    if settings.TODAY is None:
        return moment
    return moment.replace(
        year=settings.TODAY.year, month=settings.TODAY.month, day=settings.TODAY.day
    )


def today() -> date:
    """The day of `now`."""
    return now().date()
