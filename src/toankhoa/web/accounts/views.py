"""People as an administrator keeps them: added with a first password, moved, closed, opened; and one's own password."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from toankhoa.audit.clock import now
from toankhoa.core.basics import Refused
from toankhoa.core.organisation import Finder
from toankhoa.core.returns import Role
from toankhoa.org import accounts
from toankhoa.org.models import Membership
from toankhoa.org.people import closed, members
from toankhoa.web.shell.access import Request, member, only
from toankhoa.web.shell.words import ROLES
from toankhoa.web.units.views import offered

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another one
TYPED = ("full_name", "username", "unit", "role", "board")


@never_cache
@only(Role.ADMIN)
def add(request: Request) -> HttpResponse:
    """A form for somebody new; once she is entered, her first password, shown this once."""
    typed = {name: request.POST.get(name, "").strip() for name in TYPED}
    if request.method != "POST":
        return _adding(
            request, typed | {"unit": request.GET.get("don-vi", ""), "role": Role.OFFICER}
        )
    password = _password()
    try:
        unit = _unit(request, typed["unit"])
        user = accounts.enter_person(
            **typed | {"unit": unit}, password=password, by=request.actor, at=now()
        )
    except Refused as refused:
        return _adding(request, typed, str(refused))
    return _lent(request, _found(request, user.pk), password)


@only(Role.ADMIN)
def one(request: Request, pk: int) -> HttpResponse:
    """One person: where she works, and what may be done with her account."""
    seat = _found(request, pk)
    organisation = request.actor.organisation
    context = {
        "seat": seat,
        "place": request.actor.tree.units.get(seat.unit.code)
        or organisation.lineage.last[seat.unit.code],
        "closed": pk in closed([seat], request.as_of),
        "offered": offered(request.actor.tree, request.actor.unit),
        "boards": request.ledger.library.vocabulary.board_names,
        "herself": pk == request.user.pk,
    }
    return render(request, "accounts/person.html", context)


@require_POST
@only(Role.ADMIN)
def move(request: Request, pk: int) -> HttpResponse:
    """Put her into another unit."""

    def act(seat: Membership) -> str:
        unit = _unit(request, request.POST.get("unit", ""))
        accounts.move_person(user=seat.user, unit=unit, by=request.actor, at=now())
        return f"{seat.user} từ nay làm việc cho {request.actor.tree.units[unit].name}."

    return _act(request, pk, act)


@require_POST
@only(Role.ADMIN)
def close(request: Request, pk: int) -> HttpResponse:
    """She signs in no longer."""

    def act(seat: Membership) -> str:
        accounts.close_account(user=seat.user, by=request.actor, at=now())
        return f"Đã ngừng tài khoản của {seat.user}. Việc đã làm vẫn ghi tên người ấy."

    return _act(request, pk, act)


@require_POST
@only(Role.ADMIN)
def reopen(request: Request, pk: int) -> HttpResponse:
    """She signs in again."""

    def act(seat: Membership) -> str:
        accounts.open_account(user=seat.user, by=request.actor, at=now())
        return f"Đã mở lại tài khoản của {seat.user}."

    return _act(request, pk, act)


@require_POST
@never_cache
@only(Role.ADMIN)
def lend(request: Request, pk: int) -> HttpResponse:
    """Another first password, for who forgot hers."""
    seat, password = _found(request, pk), _password()
    accounts.lend_password(user=seat.user, password=password, by=request.actor, at=now())
    return _lent(request, seat, password)


@member
def own_password(request: Request) -> HttpResponse:
    """Choose one's own password; who was lent one sees no other page before."""
    error = ""
    if request.method == "POST":
        try:
            _choose(request)
        except Refused as refused:
            error = str(refused)
        else:
            messages.success(request, "Đã đổi mật khẩu. Lần đăng nhập sau hãy dùng mật khẩu mới.")
            return redirect("home")
    context = {
        "error": error,
        "lent": request.user.lent,
        "shortest": accounts.SHORTEST,
        "fixed": settings.DEMO,
    }
    return render(request, "accounts/password.html", context)


def _choose(request: Request) -> None:
    """The demo's passwords stand on its entrance: they stay."""
    if settings.DEMO:
        raise Http404
    old, new = (request.POST.get(name, "") for name in ("old", "new"))
    user = accounts.choose_password(old=old, new=new, by=request.actor, at=now())
    update_session_auth_hash(request, user)


def _adding(request: Request, typed: dict[str, str], error: str = "") -> HttpResponse:
    context = {
        "typed": typed,
        "error": error,
        "offered": offered(request.actor.tree, request.actor.unit),
        "roles": ROLES.items(),
        "boards": request.ledger.library.vocabulary.board_names.items(),
    }
    return render(request, "accounts/add.html", context)


def _lent(request: Request, seat: Membership, password: str) -> HttpResponse:
    place = request.actor.tree.units.get(seat.unit.code)
    return render(
        request, "accounts/lent.html", {"seat": seat, "place": place, "password": password}
    )


def _act(request: Request, pk: int, act: Callable[[Membership], str]) -> HttpResponse:
    try:
        messages.success(request, act(_found(request, pk)))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("person", pk)


def _found(request: Request, pk: int) -> Membership:
    """A person whose unit is within reach; Http404 where there is none, or she was not there yet."""
    seat = next(iter(members(Membership.objects.filter(user=pk), request.as_of)), None)
    if seat is None:
        raise Http404
    request.actor.reach(seat.unit.code)
    return seat


def _unit(request: Request, text: str) -> str:
    return Finder(request.actor.tree, {}).unit(text)


def _password() -> str:
    """Three groups of four, to be read out over the telephone."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))
