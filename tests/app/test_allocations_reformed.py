"""What was handed down, after units were merged, split or a level abolished."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from visits import province, publish_plan, visitor
from worlds import World

from toankhoa.core.allocation import Method, Rule
from toankhoa.core.assessment import Level
from toankhoa.core.reform import Change, Effect, Part, Reform
from toankhoa.core.returns import Role
from toankhoa.operations import allocating
from toankhoa.operations.living import living_plan
from toankhoa.operations.reforms import apply_reform
from toankhoa.org.models import Unit
from toankhoa.org.organisation import organisation
from toankhoa.org.reforms import draft_reform
from toankhoa.plan import allocations
from toankhoa.plan.column_json import column_from
from toankhoa.plan.models import Allocation

pytestmark = pytest.mark.django_db

HOUSEHOLDS, LASTING = ("I.CT02.2", "CT02.2", 2021), ("I.CT04.2", "CT04.2", 2021)
TWO_EACH = Rule(method=Method.PER_BASE, each=Fraction(2))
MERGE = Change(effect=Effect.MERGE, units=("c2",), parts=(Part(code="c1"),))
SPLIT = Change(effect=Effect.SPLIT, units=("c3",), parts=(Part(code="c3"), Part(code="n1", name="Xã N")))
ABOLISH = Change(effect=Effect.ABOLISH, level="district")


@pytest.fixture
def world(settings) -> World:
    """The province has handed down 342 households and two lasting ones for each base; so has the first district."""
    world = province()
    settings.TODAY, settings.DEMO = world.today, False
    publish_plan(world)
    for unit in ("p", "d1"):
        handed_down(world, unit)
    return world


def handed_down(world: World, unit: str) -> Allocation:
    by = world.person(unit, Role.PLAN if unit == "p" else Role.OFFICER)
    draft = allocating.start(keys=[HOUSEHOLDS, LASTING], by=by, at=world.at, ledger=world.ledger)
    households, lasting = map(column_from, draft.columns)
    columns = [households, replace(lasting, rule=TWO_EACH)]
    draft = allocations.save_sheet(allocation=draft.pk, columns=columns, edition=0, by=by, at=world.at)
    day = date(2021, 1, 15)
    return allocating.issue(
        allocation=draft, number=f"1/{unit}", issued_on=day, effective_on=day, by=by, at=world.at, ledger=world.ledger
    )


def reform(world: World, *changes: Change) -> None:
    record = Reform(code="", day=date(2021, 7, 1), document="NQ 1", title="Sắp xếp", changes=changes)
    draft = draft_reform(reform=record, by=None, at=world.at)
    apply_reform(draft=draft, by=None, today=world.today, at=world.at, library=world.library)
    world.organisation = organisation()
    world.people = {key: replace(actor, organisation=world.organisation) for key, actor in world.people.items()}


def level(world: World, unit: str, key):
    """What a unit must reach, asked by somebody who sees all."""
    row, indicator, year = key
    actor = world.person("p", Role.LEADER)
    living = living_plan(unit=unit, by=actor)
    reading = living.reader.reading(living.reader.binding(row, indicator), year)
    return reading.result.required and reading.result.required.amount


def test_a_rule_for_each_base_follows_the_tree(world):
    assert (level(world, "d1", LASTING), level(world, "c1", LASTING)) == (6, 2)
    reform(world, MERGE)
    assert (level(world, "d1", LASTING), level(world, "c1", LASTING)) == (4, 2)


def test_a_signed_amount_does_not_and_the_gap_is_left_over(world):
    reform(world, MERGE)
    assert (level(world, "d1", HOUSEHOLDS), level(world, "c1", HOUSEHOLDS)) == (205, 69)
    by = world.person("d1")
    decision = Allocation.objects.get(number="1/d1")
    households, lasting = allocating.sheet(allocation=decision, by=by, ledger=world.ledger).columns
    assert (households.whole_now, households.balance.left) == (205, 68)
    assert (lasting.whole_now, lasting.balance.left) == (4, 0), "what the district must reach follows as well"


def test_the_page_says_what_became_of_it(world):
    reform(world, MERGE)
    page = visitor(world, "d1", Role.PLAN).get(f"/giao-chi-tieu/{Allocation.objects.get(number='1/d1').pk}/")
    page = page.content.decode()
    assert "1 đơn vị nhận mức nay không còn là đơn vị trực thuộc (c2)" in page
    assert "Còn 68" in page


def test_a_unit_founded_later_is_reached_by_rules_alone(world):
    reform(world, SPLIT)
    assert (level(world, "n1", LASTING), level(world, "n1", HOUSEHOLDS)) == (2, None)
    assert Unit.objects.filter(code="n1").exists()
    client, pk = visitor(world, "n1"), Allocation.objects.get(number="1/d1").pk
    page = client.get(f"/giao-chi-tieu/{pk}/nhan/").content.decode()
    assert "2 hộ" in page
    assert "Xác nhận đã nhận" not in page, "nobody asked it then"
    assert client.get(f"/giao-chi-tieu/{Allocation.objects.get(number='1/p').pk}/nhan/").status_code == 404


def test_what_a_unit_was_given_stays_its_own_when_the_level_above_goes(world):
    reform(world, ABOLISH)
    assert level(world, "c1", HOUSEHOLDS) == 69
    by = world.person("p", Role.PLAN)
    decision = Allocation.objects.get(number="1/p")
    (households, lasting) = allocating.sheet(allocation=decision, by=by, ledger=world.ledger).columns
    assert households.balance.left == 342, "both districts are gone"
    assert lasting.balance.handed == 10, "two for each of five bases that now stand below the province"
    draft = allocating.revise(allocation=decision, by=by, at=world.at, ledger=world.ledger)
    parts = allocating.sheet(allocation=draft, by=by, ledger=world.ledger).columns[0].division.parts
    assert parts == {"c1": 69, "c2": 69, "c3": 68, "c4": 68, "c5": 68}


def test_a_past_year_keeps_the_level_it_had(world):
    before = living_plan(unit="c1", by=world.person("p", Role.LEADER)).reader
    old = before.reading(before.binding("I.CT02.2", "CT02.2"), 2020).result.level
    reform(world, MERGE)
    after = living_plan(unit="c1", by=world.person("p", Role.LEADER)).reader
    assert after.reading(after.binding("I.CT02.2", "CT02.2"), 2020).result.level is old is Level.NO_TARGET
