"""A draft under review: kept, edited, its findings set aside, its indicators placed, published.

Each verb: guards, one transaction, one audit entry. A published version is refused by all of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from toankhoa.audit import past_rows
from toankhoa.core.basics import Problem, refuse, tidy_lines
from toankhoa.core.measures import Library, Vocabulary
from toankhoa.core.plan import Plan, codec
from toankhoa.core.review import (
    DATE,
    DOCUMENT,
    NO_ROW,
    NUMBER,
    TITLE,
    Grown,
    Place,
    bind,
    edit,
    places_of,
    restructuring,
    subject,
    words,
)
from toankhoa.org.scope import Actor
from toankhoa.plan import addition_book, amendments
from toankhoa.plan.changes import (
    changing,
    check_row_version,
    guard,
    put_plan,
    record,
    touch,
    touch_all,
)
from toankhoa.plan.models import PlanVersion
from toankhoa.plan.versions import binding_json

State = PlanVersion.State

INDICATORS = "indicators"  # stands for a field where the row version of a row's indicators is kept


def keep_draft(
    *,
    source_name: str,
    source: bytes,
    plan: Plan,
    problems: Sequence[Problem],
    by: Actor,
    at: datetime,
    based_on: PlanVersion | None = None,
    answers: Mapping[str, str] | None = None,
) -> PlanVersion:
    """Keep a compiled document as a draft of the person's unit; as an amendment where it is based
    on a version.

    `answers`: what the document's columns were said to be.
    """
    guard(by)
    with transaction.atomic():
        draft = PlanVersion(
            unit_id=by.organisation.ids[by.unit],
            number=plan.number,
            signed_on=plan.date,
            problems=_placed_problems(problems, plan),
            source_name=source_name,
            source=source,
            source_digest=hashlib.sha256(source).hexdigest(),
            answers=dict(answers or {}),
            made_by=by.user,
            made_at=at,
        )
        put_plan(draft, plan)
        if based_on is not None:
            amendments.begin(draft, plan, based_on, by)
        draft.save(force_insert=True)
        record("keep_draft", draft, by, at, {"file": source_name, "digest": draft.source_digest})
    return draft


def reread_draft(
    *,
    draft: int,
    plan: Plan,
    problems: Sequence[Problem],
    answers: Mapping[str, str],
    by: Actor,
    at: datetime,
) -> PlanVersion:
    """The draft's own file, compiled again with these answers, takes the place of what was read and
    edited before.
    """
    with changing(draft, by) as version:
        version.problems, version.answers = _placed_problems(problems, plan), dict(answers)
        put_plan(version, plan)
        touch_all(version)
        if version.based_on is not None:
            amendments.begin(version, plan, version.based_on, by)
        record("answer_columns", version, by, at, {"answers": dict(answers)})
    return version


def answers_for(*, source: bytes, by: Actor) -> dict[str, str]:
    """What was last said of the columns of this very file in her unit; nothing where nobody was
    asked.
    """
    same = PlanVersion.objects.filter(
        unit__code=by.unit, source_digest=hashlib.sha256(source).hexdigest()
    )
    return same.order_by("-pk").values_list("answers", flat=True).first() or {}


def edit_draft(
    *,
    draft: int,
    place: Place,
    text: str,
    row_version: int,
    by: Actor,
    at: datetime,
    vocabulary: Vocabulary,
) -> PlanVersion:
    """Other words in one field, read again.

    `row_version`: of the draft she saw; a later change of the field is kept.
    """
    with changing(draft, by) as version:
        plan = codec.plan_from(version.document)
        was = words(subject(plan, place.row))[place.field]
        if tidy_lines(text) == was:
            return version
        check_row_version(version, place, row_version)
        edited = edit(plan, place, text, vocabulary)
        version.problems = [problem for problem in version.problems if _place(problem) != place]
        version.problems += [_problem_json(problem, place) for problem in edited.problems]
        put_plan(version, edited.plan)
        if place in (Place(DOCUMENT.row, NUMBER), Place(DOCUMENT.row, DATE)):
            version.number, version.signed_on = edited.plan.number, edited.plan.date
        touch(version, place)
        what = {"row": place.row, "field": place.field, "was": was, "is": text}
        record("edit_draft", version, by, at, what)
    return version


def add_row(
    *, draft: int, heading: str, title: str, by: Actor, at: datetime, vocabulary: Vocabulary
) -> str:
    """A new row under a heading; its code."""
    with changing(draft, by) as version:
        code = _grown(
            version,
            restructuring.add_row(codec.plan_from(version.document), heading, title, vocabulary),
        )
        record("add_row", version, by, at, {"row": code, "title": title})
    return code


def add_heading(
    *,
    draft: int,
    parent: str,
    number: str,
    title: str,
    by: Actor,
    at: datetime,
    vocabulary: Vocabulary,
) -> str:
    """A new heading under another, or under none where `parent` is blank; its code."""
    with changing(draft, by) as version:
        plan = codec.plan_from(version.document)
        code = _grown(version, restructuring.add_heading(plan, parent, number, title, vocabulary))
        record("add_heading", version, by, at, {"row": code, "number": number, "title": title})
    return code


def _grown(version: PlanVersion, grown: Grown) -> str:
    plan, code, problems = grown
    place = Place(code, TITLE)
    version.problems += [_problem_json(problem, place) for problem in problems]
    put_plan(version, plan)
    touch(version, place)
    return code


def remove_row(*, draft: int, row: str, by: Actor, at: datetime) -> None:
    """A row goes, with its problems, indicators and place in an amendment; a heading that holds
    rows is refused.
    """
    with changing(draft, by) as version:
        plan = restructuring.remove_row(codec.plan_from(version.document), row)
        version.problems = [problem for problem in version.problems if problem["row"] != row]
        version.pairs = {new: old for new, old in version.pairs.items() if new != row}
        version.placed = {code: at for code, at in version.placed.items() if at != row}
        put_plan(version, plan)
        touch(version, Place(row))
        record("remove_row", version, by, at, {"row": row})


def attach_indicator(
    *,
    draft: int,
    row: str,
    indicator: str,
    row_version: int,
    by: Actor,
    at: datetime,
    library: Library,
) -> PlanVersion:
    """An indicator measures this row, wherever it stood before; with `row` "" it measures none."""
    with changing(draft, by) as version:
        if indicator not in library.indicators:
            raise refuse(
                "indicator-unknown",
                f"Thư viện không có chỉ số mã {indicator}. Hãy chọn trong danh sách.",
            )
        if row != NO_ROW:
            codec.plan_from(version.document).find(row)
        place = Place(f"indicator:{indicator}", INDICATORS)
        check_row_version(version, place, row_version)
        version.placed = {**version.placed, indicator: row}
        touch(version, place)
        record("attach_indicator", version, by, at, {"row": row, "indicator": indicator})
    return version


def dismiss_problem(
    *, draft: int, code: str, place: Place, fragment: str, reason: str, by: Actor, at: datetime
) -> PlanVersion:
    """Set a finding aside, with a reason that is kept and shown; the same words dismissed again
    change the reason.
    """
    reason = reason.strip()
    if not reason:
        raise refuse("dismiss-reason", "Hãy ghi lý do bỏ qua, để người sau hiểu vì sao.")
    with changing(draft, by) as version:
        entry = {"code": code, "row": place.row, "field": place.field, "fragment": fragment}
        name = by.user.full_name or by.user.username
        dismissal = entry | {"reason": reason, "by": name, "at": at.isoformat()}
        version.dismissed = [*_without(version.dismissed, entry), dismissal]
        version.row_version += 1
        record("dismiss_problem", version, by, at, entry | {"reason": reason})
    return version


def restore_problem(
    *, draft: int, code: str, place: Place, fragment: str, by: Actor, at: datetime
) -> PlanVersion:
    """Put a dismissed finding back on the list."""
    with changing(draft, by) as version:
        entry = {"code": code, "row": place.row, "field": place.field, "fragment": fragment}
        version.dismissed = _without(version.dismissed, entry)
        version.row_version += 1
        record("restore_problem", version, by, at, entry)
    return version


def _without(dismissed: list[dict[str, str]], entry: dict[str, str]) -> list[dict[str, str]]:
    """What was dismissed, but for that entry whatever its reason."""
    return [dismissal for dismissal in dismissed if not entry.items() <= dismissal.items()]


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
    """Make a draft the plan in force from `effective_on` on: bound to its indicators, numbered,
    frozen.

    Additions to the library that it needs are asked for on forms from then on.
    """
    if not number.strip():
        raise refuse("plan-number", "Hãy ghi số, ký hiệu của văn bản, ví dụ 70/KH-BCH.")
    if effective_on < signed_on:
        raise refuse(
            "plan-dates", "Ngày có hiệu lực không thể trước ngày ký. Hãy sửa một trong hai ngày."
        )
    with changing(version.pk, by) as version:
        if not version.years or not version.document["activities"]:
            raise refuse(
                "plan-no-years",
                "Kế hoạch chưa có năm hoặc chưa có hàng nào. Hãy nạp tệp có bảng kế hoạch.",
            )
        if version.based_on is not None:
            amendments.carry(version, effective_on)
        bindings = bind(codec.plan_from(version.document), library, version.placed)
        version.bindings = [binding_json(binding) for binding in bindings]
        measured_by = {binding.indicator for binding in bindings}
        asks_for = addition_book.put_in_force(measured_by, max(effective_on, by.today), by.user, at)
        version.number = number.strip()
        version.signed_on, version.effective_on = signed_on, effective_on
        version.state, version.published_by, version.published_at = State.PUBLISHED, by.user, at
        version.row_version += 1
        what = {"number": version.number, "plan_digest": version.plan_digest, "asks_for": asks_for}
        record("publish", version, by, at, what)
    return version


def drafts(by: Actor) -> list[PlanVersion]:
    """The unit's drafts, newest first, without their files; looking back, those made and not yet
    published by then.
    """
    open_then = Q(state=State.DRAFT)
    if by.as_of is not None:
        open_then = Q(published_at=None) | Q(published_at__gt=by.as_of)
    mine = PlanVersion.objects.filter(open_then, unit__code=by.unit)
    return as_they_stood(mine.defer("source", "document").order_by("-made_at", "-pk"), by)


def published(by: Actor) -> list[PlanVersion]:
    """The unit's published versions, the last to take effect first, without what they say; looking
    back, of then.
    """
    mine = PlanVersion.objects.filter(unit__code=by.unit, state=State.PUBLISHED)
    if by.as_of is not None:
        mine = mine.filter(published_at__lte=by.as_of)
    return list(mine.defer("source", "document", "bindings").order_by("-effective_on", "-pk"))


def as_they_stood(versions: QuerySet[PlanVersion], by: Actor) -> list[PlanVersion]:
    """These versions; looking back, those made by then, as they stood then: one more query."""
    if by.as_of is not None:
        versions = versions.filter(made_at__lte=by.as_of)
    return past_rows.as_they_stood(versions, "plan", by.as_of)


def _placed_problems(problems: Sequence[Problem], plan: Plan) -> list[dict[str, Any]]:
    places = places_of(problems, plan)
    return [_problem_json(problem, place) for problem, place in zip(problems, places, strict=True)]


def _problem_json(problem: Problem, place: Place) -> dict[str, Any]:
    return codec.problem_json(problem) | {"row": place.row, "field": place.field}


def _place(problem: dict[str, Any]) -> Place:
    return Place(problem["row"], problem["field"])
