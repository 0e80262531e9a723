"""Requests with what the middleware and the guards of the pages put on them, by type."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from toankhoa.org.models import User
from toankhoa.org.scope import Actor
from toankhoa.reporting.totals.posting import Ledger


class SiteRequest(HttpRequest):
    """As it comes through the middleware, from anybody; see `web/looking_back/middleware.py`."""

    htmx: HtmxDetails  # true where a script asks for a part of a page
    site_root: str  # the path that the site of the present begins with
    present_path: str  # the path of this page in the present, below `site_root`
    as_of: datetime | None  # the past moment that is looked back at


class Request(SiteRequest):
    """From a person who acts for a unit: `web/shell/access.member` has let it in."""

    user: User
    actor: Actor
    ledger: Ledger


def page_name(request: HttpRequest) -> str:
    """The name of the address that was asked for, as `web/urls.py` gives it.

    Blank where there is none.
    """
    match = request.resolver_match
    if match:
        return match.url_name or ""
    return ""


def part_or_page(request: SiteRequest, part: str, page: str) -> str:
    """Which template answers: the part of a page that a script asks for, or the whole page."""
    if request.htmx:
        return part
    return page
