"""Looking back: any page as it stood at a past moment, at an address that begins with the moment.

`/tai/2020-06-30/ke-hoach/` is the plan's page at the end of that day; `?tai=2020-06-30` on any address leads there. The
moment is what the site is mounted under, as a site is mounted under a script name: every link and form of such a page
stays in its moment, and none of them knows of it. Nothing can be written there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import get_script_prefix, set_script_prefix
from django.utils import timezone

from toankhoa.audit.clock import now
from toankhoa.core.basics import Refused, format_date, read_date, refuse

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

Handler = Callable[[HttpRequest], HttpResponse]


class LookingBack:
    """Middleware: takes the moment off the address and hands it on as `request.as_of`, None for the present."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.site, request.present, request.as_of = get_script_prefix(), request.path_info, None
        mounted = MOUNT.fullmatch(request.path_info)
        try:
            if mounted:
                request.present = mounted[2] or "/"
                request.as_of = moment_of(mounted[1])
            if DAY in request.GET and request.method in SAFE:
                return _led(request)
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect(present_address(request))
        return self._mounted(request) if request.as_of else self.get_response(request)

    def _mounted(self, request: HttpRequest) -> HttpResponse:
        request.path_info = request.present
        set_script_prefix(_mount(request, request.as_of))
        try:
            return self.get_response(request)
        finally:
            set_script_prefix(request.site)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        """Nothing is written while looking back, and work under way leads to the present."""
        page = request.resolver_match.url_name
        if request.as_of is None or page in DOORS:
            return None
        if request.method not in SAFE:
            return _refused(request)
        if page not in PRESENT:
            return None
        messages.info(request, "Việc đang chạy chỉ có ở hiện tại, nên đã rời chế độ xem lại.")
        return redirect(present_address(request))


def moment_of(text: str, clock: str = "") -> datetime:
    """A past moment as an address or a person names it: its end, where it is a day, a minute or a second.

    Refused where it is none, or has not come yet.
    """
    day, at = _day_and_time(text.strip(), clock.strip())
    moment = timezone.make_aware(datetime.combine(day, at))
    if moment > now() and day != now().date():
        raise refuse(
            "moment-future",
            f"Chưa đến ngày {format_date(day)}. Hãy chọn một ngày đã qua để xem lại.",
        )
    return moment


def _day_and_time(text: str, clock: str) -> tuple[date, time]:
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d)(?:T(.+))?", text)
    try:
        day = date.fromisoformat(found[1]) if found else read_date(text)
        at = _end_of(clock or (found[2] or "" if found else ""))
    except ValueError:
        day = None
    if day is None:
        said = f"{text} {clock}".strip()
        raise refuse(
            "moment-unread",
            f"“{said}” chưa phải thời điểm. Hãy ghi ngày như 30/6/2020, giờ như 14:05.",
        )
    return day, at


def _end_of(clock: str) -> time:
    """14:05 is up to 14:05:59.999999; nothing is the whole day."""
    if not clock:
        return time.max
    found = re.fullmatch(r"(\d{1,2})[:.h](\d\d)(?::(\d\d)(?:\.(\d{6}))?)?", clock)
    if not found:
        raise ValueError(clock)
    hour, minute, second, micro = found.groups()
    return time(int(hour), int(minute), int(second or 59), int(micro or 999_999))


def written(moment: datetime) -> str:
    """The moment as `moment_of` reads it, as short as it can be said."""
    local = timezone.localtime(moment)
    at = local.time()
    for form, end in (
        ("%Y-%m-%d", time.max),
        ("%Y-%m-%dT%H:%M", at.replace(second=59, microsecond=999_999)),
    ):
        if at == end:
            return f"{local:{form}}"
    return f"{local:%Y-%m-%dT%H:%M:%S.%f}"


def present_address(request: HttpRequest) -> str:
    """Where this page stands in the present."""
    return address_at(request, None, request.present, request.GET)


def address_at(
    request: HttpRequest, moment: datetime | None, path: str, query: QueryDict | None = None
) -> str:
    """A page's address at a moment (None: the present); `path` as the present has it."""
    kept = QueryDict(mutable=True) if query is None else query.copy()
    for name in (DAY, CLOCK):
        kept.pop(name, None)
    under = _mount(request, moment) if moment else request.site
    return under + path.removeprefix("/") + (f"?{kept.urlencode()}" if kept else "")


def _mount(request: HttpRequest, moment: datetime) -> str:
    return f"{request.site}{DAY}/{written(moment)}/"


def _led(request: HttpRequest) -> HttpResponse:
    """From `?tai=…` to the address that begins with the moment; blank, or later today, leads to the present."""
    asked = request.GET[DAY]
    moment = moment_of(asked, request.GET.get(CLOCK, "")) if asked else None
    if moment is not None and moment > now():
        moment = None
    return redirect(address_at(request, moment, request.present, request.GET))


def _refused(request: HttpRequest) -> HttpResponse:
    words = "Đang xem lại một thời điểm đã qua, nên không ghi được gì. Hãy về hiện tại rồi làm lại."
    if request.htmx:
        return HttpResponse(words, status=409, content_type="text/plain; charset=utf-8")
    return render(request, "looking_back/refused.html", {"words": words}, status=409)
