"""The audit log in words: what each entry is about, by name, with the page where it can be seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from toankhoa.audit.models import AuditEntry
from toankhoa.audit.past_rows import BEFORE, as_they_stood
from toankhoa.core.measures import Form
from toankhoa.org.models import Reform
from toankhoa.org.organisation import Organisation
from toankhoa.plan.models import Allocation, PlanVersion
from toankhoa.reporting.models import Return
from toankhoa.web.shell.access import Request

DECISION, SHEET = (
    "Quyết định giao số",
    "Bảng giao chỉ tiêu",
)  # seen by its own unit alone: no page for everybody
HEADING = {"title": "đổi tên gọi", "document": "đổi văn bản", "day": "đổi ngày"}
SEATED = {"add_member", "seat_member", "move_member"}
NAMES = {"org": "Danh sách đơn vị", "totals": "Số tổng hợp", "returns": "Báo cáo cũ"}


@dataclass(frozen=True)
class Subject:
    """What an entry is about; `url` is blank where there is no page of it. `more`: what it says beside."""

    name: str
    url: str = ""
    more: str = ""


def told(entries: Iterable[AuditEntry], request: Request) -> list[tuple[AuditEntry, Subject]]:
    """Each entry with its subject as it stood at the moment that is looked at.

    One query for each kind of subject; of a past moment, two.
    """
    entries = list(entries)
    organisation, forms = request.actor.organisation, request.ledger.library.forms
    kinds: dict[str, tuple[QuerySet, Callable[[Any], Subject | None]]] = {
        "return": (
            Return.objects.only("unit_id", "form", "period"),
            lambda ret: _return(ret, organisation, forms),
        ),
        "plan": (PlanVersion.objects.only("state", "number", "source_name"), _plan),
        "allocation": (Allocation.objects.only("number"), _decision),
        "reform": (Reform.objects.only("title", "state"), _reform),
    }
    subjects: dict[str, Subject | None] = {}
    for kind, (rows, said) in kinds.items():
        if named := _ids(kind, entries):
            of_then = rows.filter(pk__in=named)
            found = (
                list(of_then) if kind == "return" else as_they_stood(of_then, kind, request.as_of)
            )
            subjects |= {f"{kind}:{row.pk}": said(row) for row in found}
    return [
        (
            entry,
            replace(subjects.get(entry.subject) or _other(entry), more=_more(entry, organisation)),
        )
        for entry in entries
    ]


def _more(entry: AuditEntry, organisation: Organisation) -> str:
    """What was changed of a draft reform, and where somebody was put."""
    if entry.verb == "revise_reform":
        said = [words for name, words in HEADING.items() if name in entry.data.get(BEFORE, {})]
        return ", ".join([*said, f"nay có {len(entry.data['changes'])} thay đổi"])
    if entry.verb in SEATED:
        last = organisation.lineage.last.get(entry.data["unit"])
        return last.name if last else entry.data["unit"]
    return ""


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


def _decision(decision: Allocation) -> Subject | None:
    return Subject(f"{DECISION} {decision.number}") if decision.number else None


def _reform(reform: Reform) -> Subject:
    dropped = reform.state == Reform.State.DROPPED
    return Subject(reform.title, "" if dropped else reverse("reform", args=[reform.pk]))


def _other(entry: AuditEntry) -> Subject:
    subject = entry.subject
    kind, _, name = subject.partition(":")
    if kind == "reform":  # a draft that was dropped when drafts were still deleted
        return Subject(entry.data["title"])
    if kind == "allocation":
        return Subject(SHEET)
    if kind == "report":
        return Subject(f"Báo cáo số {entry.data['number']}", reverse("issued-report", args=[name]))
    return Subject(f"Người dùng {name}" if kind == "user" else NAMES.get(subject, subject))
