"""What was handed down, after units were merged, split or a level abolished."""

import re
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from io import BytesIO

import openpyxl
import pytest
from visits import province, publish_plan, queries, visitor
from worlds import World

from toankhoa.core.organisation import Change, Effect, Reform, ReformPart
from toankhoa.core.results import Level
from toankhoa.core.returns import Role
from toankhoa.core.targets import AllocationMethod, Reach, Rule
from toankhoa.operations import target_allocation
from toankhoa.operations.allocation_sheet import AllocationSheet, allocation_sheet
from toankhoa.operations.as_issued import as_issued, units_since
from toankhoa.operations.living_plan import living_plan
from toankhoa.operations.reforms import apply_reform
from toankhoa.org.models import Unit
from toankhoa.org.organisation import organisation
from toankhoa.org.reforms import draft_reform
from toankhoa.org.scope import actor_of
from toankhoa.plan import allocations
from toankhoa.plan.column_json import column_from
from toankhoa.plan.models import Allocation
from toankhoa.web.allocations.words import became_words

pytestmark = pytest.mark.django_db

HOUSEHOLDS, LASTING = ("I.CT02.2", "CT02.2", 2021), ("I.CT04.2", "CT04.2", 2021)
TWO_EACH = Rule(method=AllocationMethod.PER_UNIT, level="base", each=Fraction(2))
MERGE = Change(effect=Effect.MERGE, units=("c2",), parts=(ReformPart(code="c1"),))
SPLIT = Change(
    effect=Effect.SPLIT,
    units=("c3",),
    parts=(ReformPart(code="c3"), ReformPart(code="n1", name="Xã N")),
)
ABOLISH = Change(effect=Effect.ABOLISH, level="district")


@pytest.fixture
def world(settings) -> World:
    """The province has handed down 342 households and two lasting ones for each base; so has the
    first district.
    """
    world = province()
    settings.TODAY, settings.DEMO = world.today, False
    publish_plan(world)
    for unit in ("p", "d1"):
        cascaded(world, unit)
    return world


def cascaded(world: World, unit: str) -> Allocation:
    by = world.person(unit, Role.PLAN if unit == "p" else Role.OFFICER)
    draft = target_allocation.start(
        keys=[HOUSEHOLDS, LASTING], by=by, at=world.at, ledger=world.ledger
    )
    households, lasting = map(column_from, draft.columns)
    columns = [households, replace(lasting, rule=TWO_EACH)]
    draft = allocations.save_sheet(
        allocation=draft.pk, columns=columns, row_version=0, by=by, at=world.at
    )
    day = date(2021, 1, 15)
    return target_allocation.issue(
        allocation=draft,
        number=f"1/{unit}",
        issued_on=day,
        effective_on=day,
        by=by,
        at=world.at,
        ledger=world.ledger,
    )


def reform(world: World, *changes: Change) -> None:
    record = Reform(
        code="", day=date(2021, 7, 1), document="NQ 1", title="Sắp xếp", changes=changes
    )
    later = world.at + timedelta(hours=1)
    draft = draft_reform(reform=record, by=None, at=later)
    apply_reform(draft=draft, by=None, today=world.today, at=later, library=world.library)
    world.organisation = organisation()
    world.people = {
        key: replace(actor, organisation=world.organisation) for key, actor in world.people.items()
    }


def level(world: World, unit: str, key):
    """What a unit must reach, asked by somebody who sees all."""
    row, indicator, year = key
    actor = world.person("p", Role.LEADER)
    living = living_plan(unit=unit, by=actor)
    reading = living.reader.reading(living.reader.binding(row, indicator), year)
    return reading.result.required and reading.result.required.amount


def test_amount_per_unit_follows_the_tree(world):
    """A rule that gives so much for each unit of a level follows the tree."""
    assert (level(world, "d1", LASTING), level(world, "c1", LASTING)) == (6, 2)
    reform(world, MERGE)
    assert (level(world, "d1", LASTING), level(world, "c1", LASTING)) == (4, 2)


def signed(world: World, unit: str) -> AllocationSheet:
    """The decision of a unit as it shows it today."""
    by = actor_of(world.person(unit, Role.PLAN if unit == "p" else Role.OFFICER).user, world.today)
    return as_issued(allocation=Allocation.objects.get(number=f"1/{unit}"), by=by)


def since(world: World, unit: str, row: str) -> str:
    """What its decision says has become of a unit, and of its part of the households."""
    shown, actor = signed(world, unit), actor_of(world.person(unit, Role.PLAN).user, world.today)
    one = units_since(shown=shown, by=actor).get(row)
    if one is None:
        return ""
    parts = [
        f"{heir.code} {now.part if now else '…'}" for heir, now in one.targets.get(HOUSEHOLDS, ())
    ]
    return " | ".join([became_words(one), *parts])


def test_signed_amount_stays_as_signed(world):
    """A signed amount does not follow the tree: the decision says what was signed."""
    before = signed(world, "d1")
    reform(world, MERGE)
    assert (level(world, "d1", HOUSEHOLDS), level(world, "c1", HOUSEHOLDS)) == (205, 69)
    after = signed(world, "d1")
    assert [unit.code for unit in after.units] == ["c1", "c2", "c3"]
    for was, now in zip(before.columns, after.columns, strict=True):
        assert (now.division, now.balances, now.recipients) == (
            was.division,
            was.balances,
            was.recipients,
        )
    assert after.columns[0].balance.left == 0
    assert [each.whole_now for each in after.columns] == [205, 4], (
        "what the district must reach now follows the tree"
    )


@pytest.mark.parametrize(
    ("changes", "row", "said"),
    [
        ((MERGE,), "c2", "từ 01/7/2021 nay là c1 | c1 69"),
        ((MERGE,), "c1", "nay gồm cả c2"),
        ((MERGE,), "c3", ""),
        ((SPLIT,), "c3", "từ 01/7/2021 một phần sang Xã N | c3 68 | n1 …"),
        (
            (Change(effect=Effect.RENAME, parts=(ReformPart(code="c1", name="Xã Một"),)),),
            "c1",
            "nay tên là Xã Một",
        ),
    ],
)
def test_decision_shows_what_units_became(world, changes, row, said):
    """Beside a decision it is written what has become of each of its units."""
    assert since(world, "d1", row) == ""
    reform(world, *changes)
    assert since(world, "d1", row) == said


def test_moved_unit_shows_its_new_place(world):
    """A unit that has moved is shown with the unit below which it is now."""
    by, day = world.person("p", Role.PLAN), date(2021, 2, 1)
    draft = target_allocation.start(
        keys=[HOUSEHOLDS], by=by, at=world.at, ledger=world.ledger, reach=Reach.THROUGH
    )
    terms = {"number": "2/p", "issued_on": day, "effective_on": day}
    decision = target_allocation.issue(
        allocation=draft, **terms, by=by, at=world.at, ledger=world.ledger
    )
    reform(world, ABOLISH)
    by = actor_of(by.user, world.today)
    shown = as_issued(allocation=decision, by=by)
    assert [unit.code for unit in shown.units] == ["d1", "c1", "c2", "c3", "d2", "c4", "c5"]
    said = {code: became_words(one) for code, one in units_since(shown=shown, by=by).items()}
    assert said["c1"] == "nay thuộc p"
    assert said["d1"] == "từ 01/7/2021 nay là p"


def test_rows_of_ended_units_stay(world):
    """Page and workbook keep the rows of units that have ended."""
    reform(world, MERGE)
    district, pk = visitor(world, "d1", Role.PLAN), Allocation.objects.get(number="1/d1").pk
    page = re.sub(r"<[^>]+>", " ", district.get(f"/giao-chi-tieu/{pk}/").content.decode())
    assert "2 đơn vị đã thay đổi từ ngày giao" in page
    assert re.search(r"c2\s+chưa xác nhận\s+từ 01/7/2021 nay là c1", page)
    assert re.search(r"68\s+nay c1: 69 hộ", page)
    assert "Còn 68" not in page
    book = openpyxl.load_workbook(BytesIO(district.get(f"/giao-chi-tieu/{pk}/excel/").content))
    (only,) = book.worksheets
    assert "quyết định số 1/d1" in only["A1"].value
    assert "ký ngày 15/01/2021" in only["A2"].value
    assert [row[0].value for row in only.iter_rows(min_row=8, max_row=10)] == ["c1", "c2", "c3"]


def test_past_year_shows_no_later_targets(world):
    """A year that was over before the reform shows no targets of after it."""
    by = world.person("p", Role.PLAN)
    draft = target_allocation.start(
        keys=[("I.CT02.2", "CT02.2", 2020)], by=by, at=world.at, ledger=world.ledger
    )
    terms = {"number": "2020/p", "issued_on": date(2020, 1, 9), "effective_on": date(2020, 1, 9)}
    decision = target_allocation.issue(
        allocation=draft, **terms, by=by, at=world.at, ledger=world.ledger
    )
    reform(world, Change(effect=Effect.MERGE, units=("d2",), parts=(ReformPart(code="d1"),)))
    by = actor_of(by.user, world.today)
    said = units_since(shown=as_issued(allocation=decision, by=by), by=by)
    assert said["d2"].since == date(2021, 7, 1)
    assert said["d2"].targets == {}


@pytest.mark.parametrize("merged", [1, 2], ids=["one unit carried on", "two"])
def test_units_since_takes_fixed_queries(world, merged):
    """What became of units takes the same number of queries, however many merged."""
    changes = (MERGE, replace(MERGE, units=("c3",)))[:merged]
    reform(world, *changes)
    by = actor_of(world.person("d1").user, world.today)
    shown = signed(world, "d1")
    with queries() as found:
        units_since(shown=shown, by=by)
    assert len(found) == 2, "the mark of the organisation; all decisions that reach an heir"


def test_later_unit_follows_rules_alone(world):
    """A unit that was founded later is reached by rules alone, not by signed amounts."""
    reform(world, SPLIT)
    assert (level(world, "n1", LASTING), level(world, "n1", HOUSEHOLDS)) == (2, None)
    assert Unit.objects.filter(code="n1").exists()
    client, pk = visitor(world, "n1"), Allocation.objects.get(number="1/d1").pk
    page = client.get(f"/giao-chi-tieu/{pk}/nhan/").content.decode()
    assert "2 hộ" in page
    assert "Xác nhận đã nhận" not in page, "nobody asked it then"
    assert (
        client.get(f"/giao-chi-tieu/{Allocation.objects.get(number='1/p').pk}/nhan/").status_code
        == 404
    )


def test_target_survives_its_abolished_level(world):
    """What a unit was given stays its own when the level above it goes."""
    reform(world, ABOLISH)
    assert level(world, "c1", HOUSEHOLDS) == 69
    by = world.person("p", Role.PLAN)
    decision = Allocation.objects.get(number="1/p")
    assert [unit.code for unit in signed(world, "p").units] == ["d1", "d2"], "as it was signed"
    draft = target_allocation.revise(allocation=decision, by=by, at=world.at, ledger=world.ledger)
    parts = allocation_sheet(allocation=draft, by=by, ledger=world.ledger).columns[0].division.parts
    assert parts == {"c1": 69, "c2": 69, "c3": 68, "c4": 68, "c5": 68}


def test_past_year_keeps_its_target(world):
    """A past year keeps the target that it had."""
    before = living_plan(unit="c1", by=world.person("p", Role.LEADER)).reader
    old = before.reading(before.binding("I.CT02.2", "CT02.2"), 2020).result.level
    reform(world, MERGE)
    after = living_plan(unit="c1", by=world.person("p", Role.LEADER)).reader
    assert (
        after.reading(after.binding("I.CT02.2", "CT02.2"), 2020).result.level
        is old
        is Level.NO_TARGET
    )
