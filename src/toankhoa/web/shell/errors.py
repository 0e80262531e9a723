"""Error pages: what happened, and where to go from here."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from toankhoa.audit.clock import now


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: signed in, but not for this."""
    del exception  # Django hands it over; the page says no more than it is
    return render(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: no such page, or not hers to see. What was looked for is not told."""
    del exception
    return render(request, "errors/404.html", status=404)


def failed(_: HttpRequest) -> HttpResponse:
    """500: our mistake.

    Rendered without the request: anything that hangs on it may be what failed.
    """
    moment = now()
    context = {"demo": settings.DEMO, "demo_today": moment.date(), "moment": moment}
    return HttpResponse(render_to_string("errors/500.html", context), status=500)


def csrf_failure(request: HttpRequest, **_: object) -> HttpResponse:
    """The form's token has expired (signed out elsewhere, or cookies are blocked)."""
    return render(request, "errors/expired.html", status=403)
