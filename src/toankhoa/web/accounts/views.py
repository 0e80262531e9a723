"""People as an administrator keeps them: added, moved, closed, opened; and one's own password."""

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
from toankhoa.web.accounts.forms import PasswordForm, PersonForm
from toankhoa.web.shell.access import member, only
from toankhoa.web.shell.requests import Request
from toankhoa.web.shell.typed import form_fields, query_fields
from toankhoa.web.shell.words import ROLES
from toankhoa.web.units.views import offered

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another one


@never_cache
@only(Role.ADMIN)
def add(request: Request) -> HttpResponse:
    """A form for somebody new; once she is entered, her first password, shown this once."""
    tree = request.actor.tree
    if request.method != "POST":
        usual = {"unit": query_fields(request).text("don-vi"), "role": Role.OFFICER}
        return _add_page(request, PersonForm(initial=usual, tree=tree))
    form, password = PersonForm(request.POST, tree=tree), _password()
    if not form.is_valid():
        return _add_page(request, form)
    try:
        user = accounts.enter_person(
            **form.cleaned_data, password=password, by=request.actor, at=now()
        )
    except Refused as refused:
        form.refuse(refused)
        return _add_page(request, form)
    return _lent_page(request, _member(request, user.pk), password)


@only(Role.ADMIN)
def one(request: Request, pk: int) -> HttpResponse:
    """One person: where she works, and what may be done with her account."""
    seat = _member(request, pk)
    organisation = request.actor.organisation
    place = request.actor.tree.units.get(seat.unit.code)
    context = {
        "seat": seat,
        "place": place or organisation.lineage.last[seat.unit.code],
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
        unit = Finder(request.actor.tree, {}).unit(form_fields(request).text("unit"))
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
    seat, password = _member(request, pk), _password()
    accounts.lend_password(user=seat.user, password=password, by=request.actor, at=now())
    return _lent_page(request, seat, password)


@member
def own_password(request: Request) -> HttpResponse:
    """Choose one's own password; who was lent one sees no other page before."""
    if request.method != "POST":
        return _password_page(request, PasswordForm())
    if settings.DEMO:  # its passwords are written on its entrance: they stay
        raise Http404
    form = PasswordForm(request.POST)
    if not form.is_valid():
        return _password_page(request, form)
    try:
        user = accounts.choose_password(**form.cleaned_data, by=request.actor, at=now())
    except Refused as refused:
        form.refuse(refused)
        return _password_page(request, form)
    update_session_auth_hash(request, user)
    messages.success(request, "Đã đổi mật khẩu. Lần đăng nhập sau hãy dùng mật khẩu mới.")
    return redirect("home")


def _password_page(request: Request, form: PasswordForm) -> HttpResponse:
    context = {
        "form": form,
        "lent": request.user.lent,
        "shortest": accounts.SHORTEST,
        "fixed": settings.DEMO,
    }
    return render(request, "accounts/password.html", context)


def _add_page(request: Request, form: PersonForm) -> HttpResponse:
    context = {
        "form": form,
        "offered": offered(request.actor.tree, request.actor.unit),
        "roles": ROLES.items(),
        "boards": request.ledger.library.vocabulary.board_names.items(),
    }
    return render(request, "accounts/add.html", context)


def _lent_page(request: Request, seat: Membership, password: str) -> HttpResponse:
    place = request.actor.tree.units.get(seat.unit.code)
    context = {"seat": seat, "place": place, "password": password}
    return render(request, "accounts/lent.html", context)


def _act(request: Request, pk: int, act: Callable[[Membership], str]) -> HttpResponse:
    try:
        messages.success(request, act(_member(request, pk)))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("person", pk)


def _member(request: Request, pk: int) -> Membership:
    """A person whose unit is within reach.

    Http404 where there is none, or she was not there yet.
    """
    seat = next(iter(members(Membership.objects.filter(user=pk), request.as_of)), None)
    if seat is None:
        raise Http404
    request.actor.reach(seat.unit.code)
    return seat


def _password() -> str:
    """Three groups of four, to be read out over the telephone."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(12))
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"
