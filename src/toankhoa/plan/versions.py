"""Keep what the compiler read, publish it, and find the version in force. A published version never changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db import transaction

from toankhoa.audit import chain
from toankhoa.core import plan_json
from toankhoa.core.matching import Binding, YearTarget, bind
from toankhoa.core.measures import Library
from toankhoa.core.plan import Plan
from toankhoa.core.problems import Problem, refuse
from toankhoa.core.returns import Role
from toankhoa.org.organisation import Organisation
from toankhoa.org.scope import Actor
from toankhoa.plan.models import PlanVersion

State = PlanVersion.State


@dataclass(frozen=True)
class Published:
    """A published version, read: the plan and which indicator measures which row."""

    pk: int
    root: str
    number: str
    effective_on: date
    plan: Plan
    bindings: tuple[Binding, ...]


def keep_draft(
    *, source_name: str, source: bytes, plan: Plan, problems: Sequence[Problem], by: Actor, at: datetime
) -> PlanVersion:
    """Keep a compiled document as a draft of the person's unit."""
    _guard(by)
    document = plan_json.to_json(plan, problems)
    findings = document.pop("problems")
    with transaction.atomic():
        draft = PlanVersion.objects.create(
            unit_id=by.organisation.ids[by.unit],
            number=plan.number,
            signed_on=plan.date,
            years=list(plan.years),
            document=document,
            problems=findings,
            source_name=source_name,
            source=source,
            source_digest=hashlib.sha256(source).hexdigest(),
            plan_digest=_digest(document),
            made_by=by.user,
            made_at=at,
        )
        _record("keep_draft", draft, by, at, {"file": source_name, "digest": draft.source_digest})
    return draft


def publish(
    *,
    version: PlanVersion,
    number: str,
    signed_on: date,
    effective_on: date,
    by: Actor,
    at: datetime,
    library: Library,
) -> PlanVersion:
    """Make a draft the plan in force from `effective_on` on: bound to its indicators, numbered, frozen."""
    _guard(by)
    if not number.strip():
        raise refuse("plan-number", "Hãy ghi số, ký hiệu của văn bản, ví dụ 70/KH-BCH.")
    if effective_on < signed_on:
        raise refuse("plan-dates", "Ngày có hiệu lực không thể trước ngày ký. Hãy sửa một trong hai ngày.")
    with transaction.atomic():
        version = PlanVersion.objects.select_for_update().get(pk=version.pk)
        if version.state != State.DRAFT:
            raise refuse("plan-published", "Phiên bản này đã ban hành, không sửa được nữa. Hãy lập phiên bản mới.")
        if by.organisation.codes[version.unit_id] != by.unit:
            raise refuse("plan-unit", "Bản thảo này thuộc đơn vị khác.")
        bindings = bind(plan_json.from_json(version.document), library)
        version.bindings = [_binding_to_json(binding) for binding in bindings]
        version.number, version.signed_on, version.effective_on = number.strip(), signed_on, effective_on
        version.state, version.published_by, version.published_at = State.PUBLISHED, by.user, at
        version.save()
        _record("publish", version, by, at, {"number": version.number, "plan_digest": version.plan_digest})
    return version


def drafts(by: Actor) -> list[PlanVersion]:
    """The unit's drafts, newest first, without their files."""
    mine = PlanVersion.objects.filter(unit__code=by.unit, state=State.DRAFT)
    return list(mine.defer("source", "document").order_by("-made_at", "-pk"))


def in_force(*, unit: str, organisation: Organisation, today: date) -> Published | None:
    """The version that governs a unit on a day: the latest in effect of the unit itself or the nearest one above."""
    for code in organisation.on(today).path(unit):
        found = (
            PlanVersion.objects.filter(unit__code=code, state=State.PUBLISHED, effective_on__lte=today)
            .order_by("-effective_on", "-published_at", "-pk")
            .values_list("pk", flat=True)
            .first()
        )
        if found is not None:
            return read(found)
    return None


@lru_cache(maxsize=16)
def _read(pk: int, _plan_digest: str) -> Published:
    # The digest only tells apart versions that bear the same id in two databases of one process.
    version = PlanVersion.objects.select_related("unit").defer("source").get(pk=pk)
    return Published(
        pk=pk,
        root=version.unit.code,
        number=version.number,
        effective_on=version.effective_on,
        plan=plan_json.from_json(version.document),
        bindings=tuple(_binding_from_json(binding) for binding in version.bindings),
    )


def read(pk: int) -> Published:
    """A published version. What is published does not change, so it is read once per process."""
    return _read(pk, PlanVersion.objects.values_list("plan_digest", flat=True).get(pk=pk))


def _guard(by: Actor) -> None:
    if by.role is not Role.PLAN:
        raise refuse("plan-role", "Chỉ cán bộ kế hoạch của đơn vị lập kế hoạch được nạp và ban hành kế hoạch.")


def _record(verb: str, version: PlanVersion, by: Actor, at: datetime, data: dict[str, Any]) -> None:
    chain.record(stream=f"unit:{by.unit}", verb=verb, subject=f"plan:{version.pk}", data=data, by=by.user, at=at)


def _digest(document: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(document, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _binding_to_json(binding: Binding) -> dict[str, Any]:
    return {
        "row": binding.row,
        "indicator": binding.indicator,
        "score": binding.score,
        "targets": {
            str(year): {"target": plan_json.target_json(target.target), "origin": target.origin}
            for year, target in binding.targets.items()
        },
    }


def _binding_from_json(data: dict[str, Any]) -> Binding:
    return Binding(
        row=data["row"],
        indicator=data["indicator"],
        score=data["score"],
        targets={
            int(year): YearTarget(target=plan_json.target_from(target["target"]), origin=target["origin"])
            for year, target in data["targets"].items()
        },
    )
