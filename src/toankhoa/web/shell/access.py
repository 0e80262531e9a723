"""Who is asking: a signed-in person with a unit. What is out of her reach does not exist for her."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from toankhoa.audit.clock import today
from toankhoa.core.basics import format_date
from toankhoa.core.returns import Role
from toankhoa.operations.measuring import ledger
from toankhoa.org.models import Reform
from toankhoa.org.people import left_by
from toankhoa.org.scope import Actor, OutOfReach, actor_of
from toankhoa.reporting.totals.posting import Ledger

View = Callable[..., HttpResponse]
CHOOSING = "own-password"  # the one page for somebody whose password was made by an administrator


class Request(HttpRequest):
    """A request that `member` has let in."""

    actor: Actor
    ledger: Ledger
    as_of: datetime | None  # see `web.looking_back.middleware`


def _signed_in(view: View) -> View:
    """Others are led to the entrance; a page that was open when she signed out elsewhere is told so."""
    led = login_required(view)

    @wraps(view)
    def guarded(request: Request, *args: object, **kwargs: object) -> HttpResponse:
        if request.htmx and not request.user.is_authenticated:
            return refusal(
                "Chưa lưu: bạn đã đăng xuất. Hãy đăng nhập lại ở một thẻ khác rồi gõ lại số này."
            )
        return led(request, *args, **kwargs)

    return guarded


def member(view: View) -> View:
    """Only for people who act for a unit; the view finds her as `request.actor`. Out of reach answers 404."""

    @_signed_in
    @wraps(view)
    def guarded(request: Request, *args: object, **kwargs: object) -> HttpResponse:
        day = timezone.localdate(request.as_of) if request.as_of else today()
        actor = actor_of(request.user, day, request.as_of)
        if actor is None:
            if request.htmx:
                return refusal(left_in_words(left_by(request.user.pk)))
            page = "looking_back/not_there.html" if request.as_of else "shell/no_unit.html"
            return render(
                request, page, {"left_by": left_by(request.user.pk, request.as_of)}, status=403
            )
        if (
            request.user.lent
            and request.as_of is None
            and request.resolver_match.url_name != CHOOSING
        ):
            return redirect(CHOOSING)
        request.actor = actor
        request.ledger = ledger(actor.organisation, actor.as_of)
        try:
            return view(request, *args, **kwargs)
        except OutOfReach as out:
            raise Http404 from out

    return guarded


def refusal(words: str) -> HttpResponse:
    """An answer to what a page did beside itself (htmx): it is refused, and the page shows these words."""
    return HttpResponse(words, status=409, content_type="text/plain; charset=utf-8")


def left_in_words(reform: Reform | None) -> str:
    """Why a person who had a page open acts for no unit any more, and what becomes of what she types there."""
    if reform is None:
        return "Chưa lưu: tài khoản của bạn không còn gắn với đơn vị nào. Hãy hỏi người quản trị."
    return (
        f"Chưa lưu: đơn vị của bạn đã kết thúc từ {format_date(reform.day)} theo “{reform.title}”; "
        "người quản trị sẽ xếp bạn vào đơn vị mới."
    )


def only(*roles: Role) -> Callable[[View], View]:
    """Only for people in one of these roles; for others the page does not exist."""

    def decorate(view: View) -> View:
        @member
        @wraps(view)
        def guarded(request: Request, *args: object, **kwargs: object) -> HttpResponse:
            if request.actor.role not in roles:
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return decorate
