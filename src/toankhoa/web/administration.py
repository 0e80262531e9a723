"""Administration: people, units, and the health of totals and audit chain."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from toankhoa.audit.clock import now
from toankhoa.audit.models import AuditEntry
from toankhoa.core.org import Placement
from toankhoa.core.returns import Role
from toankhoa.operations import totals
from toankhoa.org.models import Membership
from toankhoa.web.access import Request, only
from toankhoa.web.plan_rows import finds

LATEST = 15


@only(Role.ADMIN)
def show(request: Request) -> HttpResponse:
    """Who acts for which unit, and what was written last."""
    tree = request.actor.tree
    text = request.GET.get("tim", "").strip()
    people = Membership.objects.select_related("user", "unit").order_by("unit__code", "user__username")
    rows = [(member, tree.units.get(member.unit.code)) for member in people]
    if text:
        rows = [(member, unit) for member, unit in rows if finds(text, _words(member, unit))]
    context = {
        "people": rows[:200],
        "found": len(rows),
        "text": text,
        "levels": [(name, tree.count(code, request.actor.unit)) for code, name in _levels(request)],
        "entries": AuditEntry.objects.select_related("by").order_by("-pk")[:LATEST],
    }
    return render(request, "web/administration.html", context)


@require_POST
@only(Role.ADMIN)
def check(request: Request) -> HttpResponse:
    """Recompute every total and walk every audit chain; say what differs."""
    differences, breaks = totals.check()
    if differences:
        messages.error(request, f"{len(differences)} dòng tổng hợp khác với báo cáo. Hãy bấm Tính lại.")
    if breaks:
        messages.error(request, f"{len(breaks)} dòng nhật ký không nối đúng chuỗi: có dòng đã bị sửa hoặc xóa.")
    if not differences and not breaks:
        messages.success(request, "Mọi số tổng hợp khớp với báo cáo, nhật ký nguyên vẹn.")
    return redirect("administration")


@require_POST
@only(Role.ADMIN)
def rebuild(request: Request) -> HttpResponse:
    """Derive every total again from the returns."""
    rows = totals.rebuild(by=request.actor.user, at=now())
    messages.success(request, f"Đã tính lại {rows} dòng tổng hợp từ báo cáo.")
    return redirect("administration")


def _words(member: Membership, unit: Placement | None) -> str:
    return " ".join([str(member.user), member.user.username, unit.name if unit else ""])


def _levels(request: Request) -> list[tuple[str, str]]:
    return list(request.ledger.library.vocabulary.level_names.items())
