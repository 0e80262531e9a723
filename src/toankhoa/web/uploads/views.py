"""From a file to a draft: uploaded, watched as it is read; drafts and published versions so far."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from toankhoa.audit.clock import now
from toankhoa.core.returns import Role
from toankhoa.jobs.models import Job
from toankhoa.operations.upload import compile_upload
from toankhoa.plan import drafts
from toankhoa.plan.models import PlanVersion
from toankhoa.web.shell.access import only
from toankhoa.web.shell.requests import Request, part_or_page
from toankhoa.web.shell.typed import form_fields, uploaded_file

LARGEST = 20 * 1024 * 1024


@only(Role.PLAN)
def show(request: Request) -> HttpResponse:
    """Upload a file; drafts and published versions so far."""
    context = {"drafts": drafts.drafts(request.actor), "published": drafts.published(request.actor)}
    return render(request, "uploads/uploads.html", context)


@require_POST
@only(Role.PLAN)
def upload(request: Request) -> HttpResponse:
    """Begin to compile the file beside the request."""
    file = uploaded_file(request)
    if file is None:
        messages.error(request, "Chưa chọn tệp. Hãy chọn tệp kế hoạch rồi bấm Nạp.")
        return redirect("uploads")
    if file.size > LARGEST:
        messages.error(request, "Tệp lớn hơn 20 MB. Hãy bỏ bớt hình ảnh trong tệp rồi nạp lại.")
        return redirect("uploads")
    job = compile_upload(
        name=file.name,
        data=file.read(),
        by=request.actor,
        at=now(),
        based_on=_based_on(request),
    )
    return redirect("job", job.pk)


@only(Role.PLAN)
def watch(request: Request, pk: int) -> HttpResponse:
    """How far it is: asks again every moment until it is done, then leads to its draft."""
    job = get_object_or_404(Job, pk=pk, by=request.user)
    if job.state == Job.State.DONE:
        address = reverse("draft", args=[job.result["version"]])
        if request.htmx:
            return HttpResponse(headers={"HX-Redirect": address})
        return redirect(address)
    page = part_or_page(request, "uploads/progress.html", "uploads/job.html")
    context = {
        "job": job,
        "running": job.state == Job.State.RUNNING,
        "failed": job.state == Job.State.FAILED,
        "watch": reverse("job", args=[pk]),
    }
    return render(request, page, context)


def _based_on(request: Request) -> PlanVersion | None:
    """The published version that the file amends, where she chose one."""
    chosen = form_fields(request).number("based_on")
    if chosen is None:
        return None
    published = PlanVersion.objects.filter(
        unit__code=request.actor.unit, state=PlanVersion.State.PUBLISHED
    )
    return get_object_or_404(published.defer("source"), pk=chosen)
