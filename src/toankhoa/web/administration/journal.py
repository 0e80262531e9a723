"""The audit log in words: what each entry is about, by name, with the page where it can be seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
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
from toankhoa.web.shell.requests import Request
from toankhoa.web.shell.typed import whole_number

# Seen by its own unit alone: a decision has no page for everybody.
DECISION, SHEET = "Quyết định giao số", "Bảng giao chỉ tiêu"
HEADING = {"title": "đổi tên gọi", "document": "đổi văn bản", "day": "đổi ngày"}
SEATED = {"add_member", "seat_member", "move_member"}
NAMES = {"org": "Danh sách đơn vị", "totals": "Số tổng hợp", "returns": "Báo cáo cũ"}


@dataclass(frozen=True)
class Subject:
    """What an entry is about. `url`: blank where it has no page. `more`: what the entry adds."""

    name: str
    url: str = ""
    more: str = ""


def with_subjects(
    entries: Iterable[AuditEntry], request: Request
) -> list[tuple[AuditEntry, Subject]]:
    """Each entry with its subject as it was at the moment that is looked at.

    One query for each kind of subject; of a past moment, two.
    """
    entries = list(entries)
    subjects = _subjects(entries, request)
    pairs = []
    for entry in entries:
        subject = subjects.get(entry.subject) or _other(entry)
        more = _more(entry, request.actor.organisation)
        pairs.append((entry, replace(subject, more=more)))
    return pairs


def _subjects(entries: Sequence[AuditEntry], request: Request) -> dict[str, Subject | None]:
    """Subjects that have a row of their own, by what entries call them: `plan:12`."""
    organisation, forms = request.actor.organisation, request.ledger.library.forms
    subjects: dict[str, Subject | None] = {}
    returns = Return.objects.only("unit_id", "form", "period")
    for ret in returns.filter(pk__in=_ids("return", entries)):
        subjects[f"return:{ret.pk}"] = _return(ret, organisation, forms)
    for kind, (rows, subject_of) in ROWS.items():
        named = _ids(kind, entries)
        if not named:
            continue
        for row in as_they_stood(rows().filter(pk__in=named), kind, request.as_of):
            subjects[f"{kind}:{row.pk}"] = subject_of(row)
    return subjects


def _more(entry: AuditEntry, organisation: Organisation) -> str:
    """What was changed of a draft reform, and where somebody was put."""
    if entry.verb == "revise_reform":
        before = entry.data.get(BEFORE, {})
        changed = [words for name, words in HEADING.items() if name in before]
        return ", ".join([*changed, f"nay có {len(entry.data['changes'])} thay đổi"])
    if entry.verb in SEATED:
        last = organisation.lineage.last.get(entry.data["unit"])
        if last:
            return last.name
        return entry.data["unit"]
    return ""


def _ids(kind: str, entries: Iterable[AuditEntry]) -> set[int]:
    """Ids of the subjects of one kind."""
    ids = set()
    for entry in entries:
        kind_of_subject, _, name = entry.subject.partition(":")
        number = whole_number(name)
        if kind_of_subject == kind and number is not None:
            ids.add(number)
    return ids


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
    if decision.number:
        return Subject(f"{DECISION} {decision.number}")
    return None


def _reform(reform: Reform) -> Subject:
    dropped = reform.state == Reform.State.DROPPED
    return Subject(reform.title, "" if dropped else reverse("reform", args=[reform.pk]))


# Kinds of subjects whose rows change: how to read them, and what they are called.
ROWS: dict[str, tuple[Callable[[], QuerySet[Any]], Callable[[Any], Subject | None]]] = {
    "plan": (lambda: PlanVersion.objects.only("state", "number", "source_name"), _plan),
    "allocation": (lambda: Allocation.objects.only("number"), _decision),
    "reform": (lambda: Reform.objects.only("title", "state"), _reform),
}


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
