"""Looking back: any page as it stood at a past moment, at an address that begins with the moment.

`/tai/2020-06-30/ke-hoach/` is the plan's page at the end of that day; `?tai=2020-06-30` on any
address leads there. The moment is what the site is mounted under, as a site is mounted under a
script name: every link and form of such a page stays in its moment, and none of them knows of it.
Nothing can be written there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import get_script_prefix, set_script_prefix
from django.utils import timezone

from toankhoa.audit.clock import now
from toankhoa.core.basics import Refused, format_date, refuse
from toankhoa.web.shell import typed
from toankhoa.web.shell.requests import SiteRequest, page_name

DAY, CLOCK = "tai", "luc"  # what an address names: a day or a moment, and the time of a day
MOUNT = re.compile(rf"/{DAY}/([^/]+)(/.*)?")
SAFE = {"GET", "HEAD", "OPTIONS"}
# Every page has a past, but those of work under way: they lead to the present.
PRESENT = {
    "job": "how far the reading of a file is",
    "administration-job": "how far a check of totals is",
    "reform-job": "how far applying a reform is",
}
DOORS = {"sign-in", "sign-out"}  # these write nothing about figures

CLOCK_FORM = re.compile(r"([0-9]{1,2})[:.h]([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{6}))?)?")
ISO_FORM = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T(.+))?")

Handler = Callable[[SiteRequest], HttpResponse]


class LookingBack:
    """Middleware: takes the moment off the address and hands it on as `request.as_of`."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: SiteRequest) -> HttpResponse:
        request.site_root, request.present_path = get_script_prefix(), request.path_info
        request.as_of = None
        mounted = MOUNT.fullmatch(request.path_info)
        try:
            if mounted:
                request.present_path = mounted[2] or "/"
                request.as_of = moment_of(mounted[1])
            if DAY in request.GET and request.method in SAFE:
                return _led(request)
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect(present_address(request))
        if request.as_of is None:
            return self.get_response(request)
        return self._mounted(request, request.as_of)

    def _mounted(self, request: SiteRequest, moment: datetime) -> HttpResponse:
        request.path_info = request.present_path
        set_script_prefix(_mount(request, moment))
        try:
            return self.get_response(request)
        finally:
            set_script_prefix(request.site_root)

    def process_view(self, request: SiteRequest, *_: object) -> HttpResponse | None:
        """Nothing is written while looking back, and work under way leads to the present."""
        page = page_name(request)
        if request.as_of is None or page in DOORS:
            return None
        if request.method not in SAFE:
            return _refused(request)
        if page not in PRESENT:
            return None
        messages.info(request, "Việc đang chạy chỉ có ở hiện tại, nên đã rời chế độ xem lại.")
        return redirect(present_address(request))


def moment_of(text: str, clock: str = "") -> datetime:
    """A past moment as an address or a person names it: its end, where it is a day or a minute.

    Refused where it is none, or has not come yet.
    """
    named_day, named_time = _day_and_time(text.strip(), clock.strip())
    moment = timezone.make_aware(datetime.combine(named_day, named_time))
    if moment > now() and named_day != now().date():
        raise refuse(
            "moment-future",
            f"Chưa đến ngày {format_date(named_day)}. Hãy chọn một ngày đã qua để xem lại.",
        )
    return moment


def _day_and_time(text: str, clock: str) -> tuple[date, time]:
    iso = ISO_FORM.fullmatch(text)
    day_text, clock_text = (iso[1], iso[2] or "") if iso else (text, "")
    named_day = _iso_day(day_text) if iso else typed.day(day_text)
    named_time = _end_of(clock or clock_text)
    if named_day is None or named_time is None:
        words = f"{text} {clock}".strip()
        raise refuse(
            "moment-unread",
            f"“{words}” chưa phải thời điểm. Hãy ghi ngày như 30/6/2020, giờ như 14:05.",
        )
    return named_day, named_time


def _iso_day(text: str) -> date | None:
    """2020-06-30, of a year that a day can be typed in."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    if typed.year(text[:4]):
        return day
    return None


def _end_of(clock: str) -> time | None:
    """14:05 is up to 14:05:59.999999; nothing is the whole day; None for what is no time."""
    if not clock:
        return time.max
    parts = CLOCK_FORM.fullmatch(clock)
    if not parts:
        return None
    hour, minute, second, micro = parts.groups()
    try:
        return time(int(hour), int(minute), int(second or 59), int(micro or 999_999))
    except ValueError:  # 25:00
        return None


def written(moment: datetime) -> str:
    """The moment as `moment_of` reads it, as short as it can be said."""
    local = timezone.localtime(moment)
    at = local.time()
    if at == time.max:
        return f"{local:%Y-%m-%d}"
    if at == at.replace(second=59, microsecond=999_999):
        return f"{local:%Y-%m-%dT%H:%M}"
    return f"{local:%Y-%m-%dT%H:%M:%S.%f}"


def present_address(request: SiteRequest) -> str:
    """Where this page stands in the present."""
    return address_at(request, None, request.present_path, request.GET)


def address_at(
    request: SiteRequest, moment: datetime | None, path: str, query: QueryDict | None = None
) -> str:
    """A page's address at a moment (None: the present); `path` as the present has it."""
    fields = QueryDict(mutable=True) if query is None else query.copy()
    for name in (DAY, CLOCK):
        fields.pop(name, None)
    root = _mount(request, moment) if moment else request.site_root
    address = root + path.removeprefix("/")
    if fields:
        return f"{address}?{fields.urlencode()}"
    return address


def _mount(request: SiteRequest, moment: datetime) -> str:
    return f"{request.site_root}{DAY}/{written(moment)}/"


def _led(request: SiteRequest) -> HttpResponse:
    """From `?tai=…` to the address that begins with the moment.

    Blank, or later today, leads to the present.
    """
    query = typed.query_fields(request)
    day_text = query.text(DAY)
    moment = moment_of(day_text, query.text(CLOCK)) if day_text else None
    if moment is not None and moment > now():
        moment = None
    return redirect(address_at(request, moment, request.present_path, request.GET))


def _refused(request: SiteRequest) -> HttpResponse:
    words = "Đang xem lại một thời điểm đã qua, nên không ghi được gì. Hãy về hiện tại rồi làm lại."
    if request.htmx:
        return HttpResponse(words, status=409, content_type="text/plain; charset=utf-8")
    return render(request, "looking_back/refused.html", {"words": words}, status=409)
