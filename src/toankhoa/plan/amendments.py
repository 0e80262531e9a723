"""An amendment: begun from a document or a copy, which row carries on which, what a person has
confirmed of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from toankhoa.core.basics import refuse
from toankhoa.core.plan import Activity, Plan, as_shown_in_contract_1, codec
from toankhoa.core.review import NO_ROW, AmendmentStep, carry_codes, difference, match_rows
from toankhoa.org.scope import Actor
from toankhoa.plan.changes import changing, guard, put_plan, record
from toankhoa.plan.models import PlanVersion

State = PlanVersion.State


@dataclass(frozen=True)
class Amended:
    """One change that the amendment makes.

    `mark` names it with its content: another content is another mark.
    """

    step: AmendmentStep
    mark: str
    confirmed: bool


def begin(draft: PlanVersion, plan: Plan, based_on: PlanVersion, by: Actor) -> None:
    """Make a new draft an amendment: its rows are matched to the version's, and what measured them
    follows them.
    """
    _check_based_on(based_on, by)
    pairs = match_rows(codec.plan_from(based_on.document), plan)
    now = {was: row for row, was in pairs.items()} | {NO_ROW: NO_ROW}
    draft.based_on, draft.pairs = based_on, pairs
    draft.placed = {code: now[row] for code, row in _measured(based_on).items() if row in now}


def start_amendment(*, based_on: PlanVersion, by: Actor, at: datetime) -> PlanVersion:
    """A draft that is a copy of a published version, to be edited into the next one."""
    guard(by)
    _check_based_on(based_on, by)
    plan = codec.plan_from(based_on.document)
    with transaction.atomic():
        draft = PlanVersion(
            unit_id=based_on.unit_id,
            based_on=based_on,
            pairs={row.code: row.code for row in plan.rows()},
            problems=based_on.problems,
            dismissed=based_on.dismissed,
            placed=_measured(based_on),
            source_name=based_on.source_name,
            source=based_on.source,
            source_digest=based_on.source_digest,
            made_by=by.user,
            made_at=at,
        )
        put_plan(draft, plan)
        draft.save(force_insert=True)
        record(
            "start_amendment", draft, by, at, {"based_on": based_on.pk, "number": based_on.number}
        )
    return draft


def _measured(version: PlanVersion) -> dict[str, str]:
    """The row of each indicator: a row goes on being measured as it was, however it is reworded or
    moved.
    """
    bound = {binding["indicator"]: binding["row"] for binding in version.bindings}
    return {**bound, **version.placed}


def changes(version: PlanVersion) -> list[Amended]:
    """What an amendment changes, in the order of its rows, then the rows that are gone."""
    assert version.based_on is not None  # a plan's first version changes nothing
    before = codec.plan_from(version.based_on.document)
    after = codec.plan_from(version.document)
    steps = [step for step in difference(before, after, version.pairs) if step.kinds]
    marks = [_mark(step) for step in steps]
    confirmed = set(version.confirmed)
    return [Amended(step, mark, mark in confirmed) for step, mark in zip(steps, marks, strict=True)]


def confirm_steps(
    *, draft: int, marks: Collection[str], confirmed: bool, by: Actor, at: datetime
) -> PlanVersion:
    """Say of changes that they are meant so, or take that back.

    Marks of changes that are no more are left out.
    """
    with changing(draft, by) as version:
        _check_amendment(version)
        known = {change.mark for change in changes(version)}
        still_confirmed = known & set(version.confirmed)
        if confirmed:
            still_confirmed |= known & set(marks)
        else:
            still_confirmed -= set(marks)
        version.confirmed = sorted(still_confirmed)
        version.row_version += 1
        record("confirm_steps", version, by, at, {"marks": sorted(marks), "confirmed": confirmed})
    return version


def pair_rows(*, draft: int, row: str, was: str, by: Actor, at: datetime) -> PlanVersion:
    """Say which row of the version in force a row carries on; "" where it is new.

    KeyError for unknown rows.
    """
    with changing(draft, by) as version:
        based_on = _check_amendment(version)
        now = codec.plan_from(version.document).find(row)
        pairs = {new: old for new, old in version.pairs.items() if new != row and old != was}
        if was:
            old = codec.plan_from(based_on.document).find(was)
            if isinstance(now, Activity) != isinstance(old, Activity):
                raise refuse(
                    "pair-kinds", "Chỉ ghép hàng với hàng, đề mục với đề mục. Hãy chọn lại."
                )
            pairs[row] = was
        version.pairs = pairs
        version.row_version += 1
        record("pair_rows", version, by, at, {"row": row, "was": was})
    return version


def carry(version: PlanVersion, effective_on: date) -> None:
    """Give an amendment's rows the codes of those they carry on.

    Refused while a change is not confirmed.
    """
    based_on = _check_amendment(version)
    _check_confirmed(version)
    _check_newest(version, based_on)
    _check_effective_after(based_on, effective_on)
    plan = codec.plan_from(version.document)
    carried = carry_codes(codec.plan_from(based_on.document), plan, version.pairs)
    codes = {was.code: now.code for was, now in zip(plan.rows(), carried.rows(), strict=True)}
    put_plan(version, carried)
    version.placed = {code: codes.get(row, NO_ROW) for code, row in version.placed.items()}
    version.problems = [_recoded(problem, codes) for problem in version.problems]
    version.dismissed = [_recoded(dismissal, codes) for dismissal in version.dismissed]
    version.pairs = {codes[row]: was for row, was in version.pairs.items() if row in codes}


def _check_confirmed(version: PlanVersion) -> None:
    left = sum(not change.confirmed for change in changes(version))
    if left:
        raise refuse(
            "amendment-open",
            f"Còn {left} thay đổi chưa xác nhận. Hãy xác nhận từng hàng trước khi ban hành.",
        )


def _check_newest(version: PlanVersion, based_on: PlanVersion) -> None:
    """No other version was published since the amendment was begun: it would be lost."""
    later = PlanVersion.objects.filter(
        unit_id=version.unit_id, state=State.PUBLISHED, published_at__gt=version.made_at
    )
    if later.exclude(pk=based_on.pk).exists():
        raise refuse(
            "amendment-behind",
            "Một phiên bản khác đã ban hành sau khi lập bản này. Hãy lập bản mới.",
        )


def _check_effective_after(based_on: PlanVersion, effective_on: date) -> None:
    assert based_on.effective_on is not None  # it is published
    if effective_on <= based_on.effective_on:
        raise refuse(
            "amendment-date",
            "Ngày có hiệu lực phải sau ngày có hiệu lực của phiên bản được điều chỉnh.",
        )


def _recoded(about: Mapping[str, object], codes: Mapping[str, str]) -> dict[str, object]:
    return {**about, "row": codes.get(str(about["row"]), "")}


def _check_based_on(based_on: PlanVersion, by: Actor) -> None:
    if based_on.state != State.PUBLISHED or by.organisation.codes[based_on.unit_id] != by.unit:
        raise refuse(
            "amendment-base", "Chỉ điều chỉnh được phiên bản đã ban hành của chính đơn vị mình."
        )


def _check_amendment(version: PlanVersion) -> PlanVersion:
    if version.based_on is None:
        raise refuse("amendment-none", "Bản thảo này không phải bản điều chỉnh của phiên bản nào.")
    return version.based_on


def _mark(step: AmendmentStep) -> str:
    before, after = (row.code if row else "" for row in (step.before, step.after))
    shown = as_shown_in_contract_1(repr((step.before, step.after, sorted(step.kinds))))
    content = hashlib.sha256(shown.encode()).hexdigest()
    return f"{before}>{after}:{content[:12]}"
