"""From a file to a published plan: upload, watch it being read, look at what was understood, publish."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from toankhoa.audit.clock import now
from toankhoa.core.numbers import read_date
from toankhoa.core.plan import CommitmentKind, Plan
from toankhoa.core.plan_json import from_json
from toankhoa.core.problems import Refused
from toankhoa.core.returns import Role
from toankhoa.jobs.models import Job
from toankhoa.operations.upload import compile_upload
from toankhoa.plan import drafts
from toankhoa.plan.models import PlanVersion
from toankhoa.web.access import Request, only
from toankhoa.web.words import COMMITMENTS

LARGEST = 20 * 1024 * 1024
SUFFIXES = (".docx", ".txt")


@only(Role.PLAN)
def show(request: Request) -> HttpResponse:
    """Upload a file; drafts and published versions so far."""
    mine = PlanVersion.objects.filter(unit__code=request.actor.unit).defer("source", "document", "bindings")
    published = mine.filter(state=PlanVersion.State.PUBLISHED).order_by("-effective_on", "-pk")
    context = {"drafts": drafts.drafts(request.actor), "published": published}
    return render(request, "web/uploads/uploads.html", context)


@require_POST
@only(Role.PLAN)
def upload(request: Request) -> HttpResponse:
    """Begin to compile the file beside the request."""
    file = request.FILES.get("file")
    if file is None:
        messages.error(request, "Chưa chọn tệp. Hãy chọn tệp Word của kế hoạch rồi bấm Nạp.")
    elif not file.name.lower().endswith(SUFFIXES):
        messages.error(request, "Chỉ đọc được tệp .docx hoặc .txt. Tệp .doc cũ: mở bằng Word rồi lưu thành .docx.")
    elif file.size > LARGEST:
        messages.error(request, "Tệp lớn hơn 20 MB. Hãy bỏ bớt hình ảnh trong tệp rồi nạp lại.")
    else:
        job = compile_upload(name=file.name, data=file.read(), by=request.actor, at=now())
        return redirect("job", job.pk)
    return redirect("uploads")


@only(Role.PLAN)
def watch(request: Request, pk: int) -> HttpResponse:
    """How far a piece of work is: asks again every moment until it is done, then leads to its draft."""
    job = get_object_or_404(Job, pk=pk, by=request.user)
    if job.state == Job.State.DONE:
        response = redirect("draft", job.result["version"])
        if request.htmx:
            return HttpResponse(headers={"HX-Redirect": response.url})
        return response
    return render(request, "web/uploads/progress.html" if request.htmx else "web/uploads/job.html", {"job": job})


@only(Role.PLAN)
def draft(request: Request, pk: int) -> HttpResponse:
    """What the compiler understood: counts, what it did not understand, and the table."""
    version = _mine(request, pk)
    plan = from_json(version.document)
    context = {
        "version": version,
        "plan": plan,
        "counts": _counts(plan),
        "problems": version.problems,
        "rows": list(plan.rows()),
        "today": request.actor.today,
    }
    return render(request, "web/uploads/draft.html", context)


@require_POST
@only(Role.PLAN)
def publish(request: Request, pk: int) -> HttpResponse:
    """Put it in force, under a number and from a day on."""
    version = _mine(request, pk)
    signed, effective = (_day(request.POST.get(name, "")) for name in ("signed_on", "effective_on"))
    if signed is None or effective is None:
        messages.error(request, "Ngày chưa đúng. Hãy ghi ngày/tháng/năm, ví dụ 29/9/2017.")
        return redirect("draft", pk)
    try:
        drafts.publish(
            version=version,
            number=request.POST.get("number", ""),
            signed_on=signed,
            effective_on=effective,
            by=request.actor,
            at=now(),
            library=request.ledger.library,
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("draft", pk)
    messages.success(request, "Đã ban hành. Từ nay kết quả được tính theo phiên bản này.")
    return redirect("living-plan")


def _mine(request: Request, pk: int) -> PlanVersion:
    version = PlanVersion.objects.filter(pk=pk, unit__code=request.actor.unit).defer("source").first()
    if version is None:
        raise Http404
    return version


def _day(text: str) -> date | None:
    return read_date(text.strip())


def _counts(plan: Plan) -> list[tuple[str, int]]:
    """What was read, in numbers a person can hold against the paper."""
    cells = [cell for row in plan.activities for cell in row.commitments.values()]
    kinds = [(COMMITMENTS[kind], sum(cell.kind is kind for cell in cells)) for kind in CommitmentKind]
    first = plan.objectives[0].code if plan.objectives else ""
    targets = sum(objective.parent == first for objective in plan.objectives)
    return [("Chỉ tiêu", targets), ("Hoạt động", len(plan.activities)), ("Ô của các năm", len(cells)), *kinds]
