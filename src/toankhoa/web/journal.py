"""The audit log in words: what each entry is about, by name, with the page where it can be seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse

from toankhoa.audit.models import AuditEntry
from toankhoa.core.measures import Form
from toankhoa.org.models import Reform
from toankhoa.org.organisation import Organisation
from toankhoa.plan.models import Allocation, PlanVersion
from toankhoa.reporting.models import Return
from toankhoa.web.access import Request

DECISION, SHEET = "Quyết định giao số", "Bảng giao chỉ tiêu"  # seen by its own unit alone: no page for everybody
NAMES = {"org": "Danh sách đơn vị", "totals": "Số tổng hợp", "returns": "Báo cáo cũ"}


@dataclass(frozen=True)
class Subject:
    """What an entry is about; `url` is blank where there is no page of it."""

    name: str
    url: str = ""


def told(entries: Iterable[AuditEntry], request: Request) -> list[tuple[AuditEntry, Subject]]:
    """Each entry with its subject: one query for each kind of subject."""
    entries = list(entries)
    organisation, forms = request.actor.organisation, request.ledger.library.forms
    returns = Return.objects.in_bulk(_ids("return", entries))
    plans = PlanVersion.objects.only("state", "number", "source_name").in_bulk(_ids("plan", entries))
    subjects = {f"return:{pk}": _return(ret, organisation, forms) for pk, ret in returns.items()}
    subjects |= {f"plan:{pk}": _plan(version) for pk, version in plans.items()}
    decisions = Allocation.objects.only("number").in_bulk(_ids("allocation", entries))
    subjects |= {
        f"allocation:{pk}": Subject(f"{DECISION} {each.number}") for pk, each in decisions.items() if each.number
    }
    reforms = Reform.objects.in_bulk(_ids("reform", entries))
    subjects |= {f"reform:{pk}": Subject(str(reform), reverse("reform", args=[pk])) for pk, reform in reforms.items()}
    return [(entry, subjects.get(entry.subject) or _other(entry)) for entry in entries]


def _ids(kind: str, entries: Iterable[AuditEntry]) -> set[int]:
    named = (entry.subject.partition(":") for entry in entries)
    return {int(number) for what, _, number in named if what == kind and number.isdigit()}


def _return(ret: Return, organisation: Organisation, forms: Mapping[str, Form]) -> Subject:
    unit, period = organisation.codes[ret.unit_id], ret.when
    tree = organisation.on(period.last_day)
    if unit not in tree or ret.form not in forms:
        return Subject(f"Báo cáo {ret.form}, {period.label} ({unit})")
    name = f"{tree.units[unit].name} · {forms[ret.form].name}, {period.label}"
    return Subject(name, reverse("return", args=[unit, ret.form, ret.period]))


def _plan(version: PlanVersion) -> Subject:
    if version.state == PlanVersion.State.PUBLISHED:
        return Subject(f"Kế hoạch số {version.number}", reverse("living-plan"))
    return Subject(f"Bản thảo “{version.source_name}”")


def _other(entry: AuditEntry) -> Subject:
    subject = entry.subject
    kind, _, name = subject.partition(":")
    if kind == "reform":  # a draft that was dropped
        return Subject(entry.data["title"])
    if kind == "allocation":
        return Subject(SHEET)
    if kind == "report":
        return Subject(f"Báo cáo số {entry.data['number']}", reverse("issued-report", args=[name]))
    return Subject(f"Người dùng {name}" if kind == "user" else NAMES.get(subject, subject))
