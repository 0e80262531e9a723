"""Published versions, read: which is in force, and what it says.

A published version never changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from toankhoa.core.plan import CONTRACT, KEY, Plan, codec, contract_of
from toankhoa.core.review import Binding, YearTarget
from toankhoa.org.organisation import Organisation
from toankhoa.plan.models import PlanVersion

State = PlanVersion.State


@dataclass(frozen=True)
class Published:
    """A published version, read: the plan and which indicator measures which row."""

    pk: int
    root: str
    number: str
    signed_on: date
    effective_on: date
    plan: Plan
    bindings: tuple[Binding, ...]


@dataclass(frozen=True)
class InForce:
    """What governs a unit on a day, and what governed each past year: the version in force on the
    year's last day.

    A year that ended before any version was in force is governed by the first one.
    """

    now: Published
    past: Mapping[int, Published]

    def of(self, year: int) -> Published:
        """The version that a year's results are held against."""
        return self.past.get(year, self.now)


def in_force(
    *, unit: str, organisation: Organisation, today: date, as_of: datetime | None = None
) -> InForce | None:
    """The versions that govern a unit on a day: those of the unit itself or the nearest one above
    that has any.

    One that has ended stays under those of its last day. `as_of`: of those published by that
    moment; None for all.
    """
    day = organisation.trees.last_day(unit, today)
    if day is None:
        return None
    for code in organisation.on(day).path(unit):
        versions = _effective(code, day, as_of)
        if versions:
            return _in_force(versions, day)
    return None


class _Version(NamedTuple):
    """A published version, not read yet."""

    effective_on: date
    pk: int
    plan_digest: str

    def read(self) -> Published:
        return _read(self.pk, self.plan_digest)


def _in_force(versions: list[_Version], day: date) -> InForce:
    """What governs on a day and governed the years that have ended by then."""
    now = versions[-1].read()
    past = {}
    for year in now.plan.years:
        last_day = date(year, 12, 31)
        if last_day < day:
            past[year] = _governing(versions, last_day).read()
    return InForce(now, past)


def _effective(unit: str, today: date, as_of: datetime | None) -> list[_Version]:
    """A unit's versions in effect by a day; of those from one day the last published stands
    last.
    """
    effective = PlanVersion.objects.filter(
        unit__code=unit, state=State.PUBLISHED, effective_on__lte=today
    )
    if as_of is not None:
        effective = effective.filter(published_at__lte=as_of)
    ordered = effective.order_by("effective_on", "published_at", "pk")
    versions = []
    for effective_on, pk, plan_digest in ordered.values_list("effective_on", "pk", "plan_digest"):
        assert effective_on is not None  # the filter takes those without a day out
        versions.append(_Version(effective_on, pk, plan_digest))
    return versions


def _governing(versions: list[_Version], day: date) -> _Version:
    """The last of those in effect on a day, the first one where there was none yet."""
    for version in reversed(versions):
        if version.effective_on <= day:
            return version
    return versions[0]


def history(unit: str, as_of: datetime | None = None) -> list[Published]:
    """Every version of a unit published (by that moment), as they took effect; those to come into
    effect included.
    """
    return [version.read() for version in _effective(unit, date.max, as_of)]


@lru_cache(maxsize=16)
def _read(pk: int, _plan_digest: str) -> Published:
    # The digest only tells apart versions that bear the same id in two databases of one process.
    version = PlanVersion.objects.select_related("unit").defer("source").get(pk=pk)
    assert version.signed_on is not None  # what is published was signed
    assert version.effective_on is not None  # and takes effect
    return Published(
        pk=pk,
        root=version.unit.code,
        number=version.number,
        signed_on=version.signed_on,
        effective_on=version.effective_on,
        plan=codec.plan_from(version.document),
        bindings=tuple(_binding_from_json(binding) for binding in version.bindings),
    )


def binding_json(binding: Binding) -> dict[str, Any]:
    """A binding as a version keeps it."""
    return {
        KEY: CONTRACT,
        "row": binding.row,
        "indicator": binding.indicator,
        "score": binding.score,
        "targets": {str(year): _target_json(target) for year, target in binding.targets.items()},
        "term": binding.term and _target_json(binding.term),
    }


def _target_json(target: YearTarget) -> dict[str, Any]:
    return {"target": codec.target_json(target.target), "origin": target.origin}


def _target_from_json(data: dict[str, Any], contract: int) -> YearTarget:
    return YearTarget(target=codec.target_from(data["target"], contract), origin=data["origin"])


def _binding_from_json(data: dict[str, Any]) -> Binding:
    contract = contract_of(data)
    targets = {
        int(year): _target_from_json(target, contract) for year, target in data["targets"].items()
    }
    return Binding(
        row=data["row"],
        indicator=data["indicator"],
        score=data["score"],
        targets=targets,
        # A version published before terms were read has none.
        term=_target_from_json(data["term"], contract) if data.get("term") else None,
    )
