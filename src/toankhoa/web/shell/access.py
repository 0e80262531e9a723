"""Who may see a page: a signed-in person with a unit.

What is out of her reach does not exist for her.
"""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from toankhoa.core.basics import format_date
from toankhoa.core.returns import Role
from toankhoa.operations.asking import asked_by
from toankhoa.org.models import Reform
from toankhoa.org.people import left_by
from toankhoa.org.scope import OutOfReach
from toankhoa.web.shell.requests import Request, page_name

View = Callable[..., HttpResponse]
CHOOSING = "own-password"  # the one page for somebody whose password was made by an administrator


def _signed_in(view: View) -> View:
    """Others are led to the entrance; an open page whose reader signed out elsewhere is told so."""
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
    """Only for people who act for a unit, found as `request.actor`. Out of reach answers 404."""

    @_signed_in
    @wraps(view)
    def guarded(request: Request, *args: object, **kwargs: object) -> HttpResponse:
        question = asked_by(request.user, request.as_of)
        if question is None:
            return _without_unit(request)
        if _must_choose_password(request):
            return redirect(CHOOSING)
        request.actor, request.ledger = question.actor, question.ledger
        try:
            return view(request, *args, **kwargs)
        except OutOfReach as out:
            raise Http404 from out

    return guarded


def _without_unit(request: Request) -> HttpResponse:
    """What somebody sees who acts for no unit, now or at the moment that she looks back at."""
    if request.htmx:
        return refusal(left_in_words(left_by(request.user.pk)))
    page = "looking_back/not_there.html" if request.as_of else "shell/no_unit.html"
    context = {"left_by": left_by(request.user.pk, request.as_of)}
    return render(request, page, context, status=403)


def _must_choose_password(request: Request) -> bool:
    """Whether she has a password that an administrator made, and asks for another page."""
    return request.user.lent and request.as_of is None and page_name(request) != CHOOSING


def refusal(words: str) -> HttpResponse:
    """An answer to a script (htmx) whose act was refused: the page shows these words."""
    return HttpResponse(words, status=409, content_type="text/plain; charset=utf-8")


def left_in_words(reform: Reform | None) -> str:
    """Why a person who had a page open acts for no unit any more, and what becomes of her words."""
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
