"""How a draft is changed: by a plan officer of its unit, locked, saved and recorded in one
transaction.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction

from toankhoa.audit import chain, past_rows
from toankhoa.core.basics import refuse
from toankhoa.core.plan import Plan, codec
from toankhoa.core.returns import Role
from toankhoa.core.review import Place
from toankhoa.org.scope import Actor
from toankhoa.plan.models import PlanVersion

EVERYWHERE = "*"  # the row version at which the whole plan changed


@contextmanager
def changing(draft: int, by: Actor) -> Iterator[PlanVersion]:
    """The draft, locked for one change, then saved if it changed.

    Refused where it is published or another unit's.
    """
    guard(by)
    with transaction.atomic():
        version = PlanVersion.objects.select_for_update().defer("source").get(pk=draft)
        if by.organisation.codes[version.unit_id] != by.unit:
            raise refuse("plan-unit", "Bản thảo này thuộc đơn vị khác.")
        if version.state != PlanVersion.State.DRAFT:
            raise refuse(
                "plan-published",
                "Phiên bản này đã ban hành, không sửa được nữa. Hãy lập bản điều chỉnh.",
            )
        seen = past_rows.watched(version).row_version
        yield version
        if version.row_version != seen:
            version.save()


def guard(by: Actor) -> None:
    """Refused for anybody but a plan officer."""
    if by.role is not Role.PLAN:
        raise refuse(
            "plan-role",
            "Chỉ cán bộ kế hoạch của đơn vị lập kế hoạch được nạp và ban hành kế hoạch.",
        )


def record(verb: str, version: PlanVersion, by: Actor, at: datetime, data: dict[str, Any]) -> None:
    """The verb's audit entry, in its unit's stream, with the way back to what the version was."""
    data = data | past_rows.before(version)
    chain.record(
        stream=f"unit:{by.unit}",
        verb=verb,
        subject=f"plan:{version.pk}",
        data=data,
        by=by.user,
        at=at,
    )


def check_row_version(version: PlanVersion, place: Place, seen: int) -> None:
    """Refused where the place was changed after the row version that the person saw."""
    if max(version.touched.get(key, 0) for key in (_key(place), EVERYWHERE)) > seen:
        raise refuse(
            "draft-row-version",
            "Ô này vừa được người khác sửa. Hãy tải lại trang để thấy lời mới nhất rồi sửa tiếp.",
        )


def put_plan(version: PlanVersion, plan: Plan) -> None:
    """The version's plan from now on, with its digest. Problems are kept apart."""
    document = codec.plan_json(plan)
    document.pop("problems")
    version.document, version.years = document, list(plan.years)
    text = json.dumps(document, ensure_ascii=False, sort_keys=True)
    version.plan_digest = hashlib.sha256(text.encode()).hexdigest()


def touch(version: PlanVersion, place: Place) -> None:
    """Counts a change of that place."""
    version.row_version += 1
    version.touched = {**version.touched, _key(place): version.row_version}


def touch_all(version: PlanVersion) -> None:
    """Counts a change of every place at once."""
    version.row_version += 1
    version.touched = {EVERYWHERE: version.row_version}


def _key(place: Place) -> str:
    return f"{place.row}/{place.field}"
