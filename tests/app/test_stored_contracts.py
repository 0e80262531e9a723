"""A database from before contract 2: plans, bindings and decisions read the same, and stay as they
were stored.
"""

from datetime import date, timedelta
from typing import Any

import pytest
from visits import province, publish_plan
from worlds import World

from toankhoa.audit import past_rows
from toankhoa.core.returns import Role
from toankhoa.core.review import TITLE, Place
from toankhoa.operations import target_allocation
from toankhoa.operations.allocation_sheet import allocation_sheet
from toankhoa.operations.living_plan import living_plan
from toankhoa.org.scope import Actor
from toankhoa.plan import amendments, drafts
from toankhoa.plan.models import Allocation, PlanVersion

pytestmark = pytest.mark.django_db

LASTING = ("I.CT04.2", "CT04.2", 2021)  # 1 household for each base


def in_contract_1(stored: Any) -> Any:
    """What was stored as contract 1 wrote it."""
    if isinstance(stored, list):
        return [in_contract_1(item) for item in stored]
    if not isinstance(stored, dict):
        return stored
    old = {key: in_contract_1(value) for key, value in stored.items() if key != "contract"}
    kind = "basis" if "basis" in old else "method"
    if kind in old and (level := old.pop("level", None)):
        old[kind] = f"per_{level}"
    return old


@pytest.fixture
def world() -> World:
    world = province()
    publish_plan(world)
    return world


def planner(world: World) -> Actor:
    return world.person("p", Role.PLAN)


def grown_old(version: PlanVersion) -> PlanVersion:
    """The same row, as it was stored before."""
    stored = {"document": version.document, "bindings": version.bindings}
    PlanVersion.objects.filter(pk=version.pk).update(**in_contract_1(stored))
    return PlanVersion.objects.get(pk=version.pk)


def test_a_published_plan_reads_the_same(world):
    """Its digest stays what it was, since nothing is written by reading."""
    by = planner(world)
    before = living_plan(unit="p", by=by)
    version = grown_old(PlanVersion.objects.get())
    raw = version.document, version.bindings, version.plan_digest
    assert "contract" not in version.document
    after = living_plan(unit="p", by=by)
    assert before
    assert after
    assert after.plan == before.plan
    assert after.reader.bindings == before.reader.bindings
    stored = PlanVersion.objects.get()
    assert (stored.document, stored.bindings, stored.plan_digest) == raw


def test_a_decision_reads_the_same(world):
    by = planner(world)
    draft = target_allocation.start(keys=[LASTING], by=by, at=world.at, ledger=world.ledger)
    issued = target_allocation.issue(
        allocation=draft,
        number="15/QĐ",
        issued_on=date(2021, 1, 15),
        effective_on=date(2021, 1, 15),
        by=by,
        at=world.at,
        ledger=world.ledger,
    )
    assert issued.columns[0]["contract"] == 2
    asked = living_plan(unit="d1", by=by).reader.cascaded
    Allocation.objects.filter(pk=issued.pk).update(columns=in_contract_1(issued.columns))
    old = Allocation.objects.get(pk=issued.pk)
    assert old.columns[0]["rule"]["method"] == "per_base"
    assert living_plan(unit="d1", by=by).reader.cascaded == asked
    shown = allocation_sheet(allocation=old, by=by, ledger=world.ledger)
    assert (shown.columns[0].column.rule.level, shown.columns[0].division.parts["d1"]) == (
        "base",
        3,
    )


def test_a_draft_is_edited_and_looked_back_at(world):
    """The edit is stored under contract 2; the way back leads to the very bytes of contract 1."""
    by = planner(world)
    based_on = PlanVersion.objects.get()
    draft = amendments.start_amendment(based_on=based_on, by=by, at=world.at)
    old = grown_old(draft)
    edited_at = world.at + timedelta(hours=1)
    drafts.edit_draft(
        draft=draft.pk,
        place=Place("I.CT05.1", TITLE),
        text="Thành lập hợp tác xã",
        row_version=old.row_version,
        by=by,
        at=edited_at,
        vocabulary=world.library.vocabulary,
    )
    now = PlanVersion.objects.get(pk=draft.pk)
    assert now.document["contract"] == 2
    then = past_rows.as_they_stood([now], "plan", edited_at - timedelta(minutes=1))
    assert then[0].document == old.document


def test_confirmed_changes_stay_confirmed(world):
    """A mark that was kept before contract 2 is the mark of the same change after it."""
    by = planner(world)
    draft = amendments.start_amendment(based_on=PlanVersion.objects.get(), by=by, at=world.at)
    drafts.edit_draft(
        draft=draft.pk,
        place=Place("I.CT02.2", TITLE),
        text="Mỗi cơ sở giúp thêm 3 hộ",
        row_version=0,
        by=by,
        at=world.at,
        vocabulary=world.library.vocabulary,
    )
    (change,) = amendments.changes(PlanVersion.objects.get(pk=draft.pk))
    amendments.confirm_steps(
        draft=draft.pk, marks=[change.mark], confirmed=True, by=by, at=world.at
    )
    grown_old(PlanVersion.objects.get(pk=draft.pk))
    assert [
        each.confirmed for each in amendments.changes(PlanVersion.objects.get(pk=draft.pk))
    ] == [True]
