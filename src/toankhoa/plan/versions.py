"""Published versions, read: which is in force, and what it says. A published version never changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from toankhoa.core import plan_json
from toankhoa.core.matching import Binding, YearTarget
from toankhoa.core.plan import Plan
from toankhoa.org.organisation import Organisation
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


def binding_json(binding: Binding) -> dict[str, Any]:
    """A binding as a version keeps it."""
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
