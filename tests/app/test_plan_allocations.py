"""Decisions that hand targets down: drafted, issued, acknowledged, revised; what each unit's plan
then asks of it.
"""

import json
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from visits import province, publish_plan, queries
from worlds import World

from toankhoa.audit.models import AuditEntry
from toankhoa.cli import main
from toankhoa.core.basics import Refused
from toankhoa.core.results import Level, Reading
from toankhoa.core.returns import Role
from toankhoa.core.targets import AllocationMethod, Rule, Verdict
from toankhoa.operations import target_allocation
from toankhoa.operations.allocation_sheet import allocation_sheet
from toankhoa.operations.living_plan import living_plan
from toankhoa.org.scope import Actor, actor_of
from toankhoa.plan import allocations
from toankhoa.plan.column_json import column_from
from toankhoa.plan.models import Allocation, Receipt
from toankhoa.plan.targets_in_force import in_force

pytestmark = pytest.mark.django_db

HOUSEHOLDS = ("I.CT02.2", "CT02.2", 2021)  # 342 households, whole
EXEMPLARS = ("I.CT03.1", "CT03.1", 2021)  # at least 513
LASTING = ("I.CT04.2", "CT04.2", 2021)  # 1 household for each base
STARTERS = ("I.CT07.1", "CT07.1", 2021)  # 45, reported by districts
PLACES = ("I.CT05.1", "CT05.1", 2018)  # 2 cooperatives, in districts that the cell names
RATE = ("I.CT02.3", "CT02.3", 2021)  # 90%


@pytest.fixture
def world() -> World:
    world = province()
    publish_plan(world)
    return world


def planner(world: World) -> Actor:
    return world.person("p", Role.PLAN)


def drafted(world: World, *keys, by: Actor | None = None) -> Allocation:
    return target_allocation.start(
        keys=keys, by=by or planner(world), at=world.at, ledger=world.ledger
    )


def issued(world: World, draft: Allocation, by: Actor | None = None, **said) -> Allocation:
    by = by or planner(world)
    terms = {
        "number": "15/QĐ",
        "issued_on": date(2021, 1, 15),
        "effective_on": date(2021, 1, 15),
    } | said
    return target_allocation.issue(
        allocation=draft, by=by, at=world.at, ledger=world.ledger, **terms
    )


def parts(world: World, allocation: Allocation, place: int = 0, by: Actor | None = None):
    shown = allocation_sheet(allocation=allocation, by=by or planner(world), ledger=world.ledger)
    return shown.columns[place].division.parts


def ruled(
    world: World, draft: Allocation, rule: Rule, by: Actor | None = None, **fixed
) -> Allocation:
    columns = [column_from(each) for each in draft.columns]
    columns[0] = replace(columns[0], rule=rule, fixed={**columns[0].fixed, **fixed})
    by = by or planner(world)
    return allocations.save_sheet(
        allocation=draft.pk, columns=columns, row_version=draft.row_version, by=by, at=world.at
    )


def reading(world: World, unit: str, key, today: date | None = None) -> Reading:
    actor = world.person(unit, Role.PLAN if unit == "p" else Role.OFFICER)
    if today is not None:
        actor = actor_of(actor.user, today)
    living = living_plan(unit=unit, by=actor)
    row, indicator, year = key
    return living.reader.reading(living.reader.binding(row, indicator), year)


def refusal(act) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.problem.code


# The sheet


def test_an_amount_goes_by_bases_until_she_says_otherwise(world):
    draft = drafted(world, HOUSEHOLDS)
    assert parts(world, draft) == {"d1": 205, "d2": 137}, (
        "342 over 3 and 2 bases, the larger remainder up"
    )
    assert column_from(draft.columns[0]).rule == Rule(
        method=AllocationMethod.WEIGHT, weight="units:base"
    )


def test_rules_follow_the_words_of_the_target(world):
    draft = drafted(world, RATE, LASTING)
    rules = {column["indicator"]: column["rule"] for column in draft.columns}
    said = {code: (rule["method"], rule["level"]) for code, rule in rules.items()}
    assert said == {"CT02.3": ("same_rate", None), "CT04.2": ("per_unit", "base")}
    assert parts(world, draft, 1) == {"d1": 3, "d2": 2}


def test_places_of_the_cell_that_are_no_units_here_are_said(world):
    shown = allocation_sheet(
        allocation=drafted(world, PLACES), by=planner(world), ledger=world.ledger
    )
    assert "Định Quán" in shown.columns[0].division.problems[0].message


def test_figures_of_the_year_before_weigh_and_stretch(world):
    for base, families in (("c1", 4), ("c2", 2), ("c3", 0), ("c4", 3), ("c5", 3)):
        world.accepted(base, "CS-6T", "2020-H2", {"ho_5k3s": families})
    draft = ruled(
        world,
        drafted(world, HOUSEHOLDS),
        Rule(method=AllocationMethod.ACTUAL, stretch=Fraction(50)),
    )
    assert parts(world, draft) == {"d1": 9, "d2": 9}
    held = (
        allocation_sheet(allocation=draft, by=planner(world), ledger=world.ledger)
        .columns[0]
        .balance
    )
    assert (held.left, held.verdict) == (324, Verdict.UNDER)


def test_a_sheet_asks_the_same_questions_for_one_column_and_for_three(world):
    def asked(draft) -> int:
        with queries() as found:
            allocation_sheet(allocation=draft, by=planner(world), ledger=world.ledger)
        return len(found)

    one, three = drafted(world, HOUSEHOLDS), drafted(world, HOUSEHOLDS, EXEMPLARS, RATE)
    asked(one)
    assert asked(one) == asked(three)


def test_two_officers_do_not_overwrite_each_other(world):
    draft = drafted(world, HOUSEHOLDS)
    ruled(world, draft, Rule(method=AllocationMethod.EQUAL))
    assert (
        refusal(lambda: ruled(world, draft, Rule(method=AllocationMethod.HAND)))
        == "allocation-row-version"
    )


def test_saving_what_is_there_already_writes_nothing(world):
    draft = drafted(world, HOUSEHOLDS)
    entries = AuditEntry.objects.count()
    again = ruled(world, draft, column_from(draft.columns[0]).rule)
    assert (again.row_version, AuditEntry.objects.count()) == (0, entries)


@pytest.mark.parametrize(
    ("unit", "role"),
    [("p", Role.OFFICER), ("p", Role.LEADER), ("d1", Role.BOARD), ("c1", Role.OFFICER)],
)
def test_others_hand_nothing_down(world, unit, role):
    draft = drafted(world, HOUSEHOLDS)
    by = world.person(unit, role)
    assert refusal(
        lambda: allocations.start(version=draft.version_id, columns=[1], by=by, at=world.at)
    ) == ("allocation-role")
    assert refusal(lambda: allocations.discard(allocation=draft.pk, by=by, at=world.at)) in (
        "allocation-role",
        "allocation-unit",
    )


def test_nothing_chosen_is_nothing_to_decide(world):
    assert refusal(lambda: drafted(world)) == "allocation-empty"


def test_a_draft_that_is_thrown_away_leaves_its_trace(world):
    draft = drafted(world, HOUSEHOLDS)
    allocations.discard(allocation=draft.pk, by=planner(world), at=world.at)
    assert Allocation.objects.get().state == Allocation.State.DISCARDED
    assert allocations.made(planner(world)) == []
    assert AuditEntry.objects.latest("pk").verb == "discard_allocation"


# Issued


def test_each_unit_reads_its_own_level_and_where_it_comes_from(world):
    assert reading(world, "d1", HOUSEHOLDS).result.level is Level.NO_TARGET
    decision = issued(world, drafted(world, HOUSEHOLDS))
    now = reading(world, "d1", HOUSEHOLDS)
    assert now.result.required.amount == 205
    assert now.result.level in (Level.NO_DATA, Level.OPEN)
    said = now.cascaded
    assert (said.number, said.issued_on, said.issued_by, said.decision) == (
        "15/QĐ",
        date(2021, 1, 15),
        "p",
        decision.pk,
    )
    assert reading(world, "c1", HOUSEHOLDS).result.level is Level.NO_TARGET, (
        "her district has not divided it yet"
    )
    assert reading(world, "p", HOUSEHOLDS).result.required.amount == 342


def test_a_district_divides_its_share_further(world):
    issued(world, drafted(world, HOUSEHOLDS))
    by = world.person("d1")
    draft = drafted(world, HOUSEHOLDS, by=by)
    assert parts(world, draft, by=by) == {"c1": 69, "c2": 68, "c3": 68}
    issued(world, draft, by=by, number="3/QĐ-H")
    assert [
        reading(world, unit, HOUSEHOLDS).result.required.amount for unit in ("c1", "c2", "c3")
    ] == [69, 68, 68]
    assert reading(world, "c1", HOUSEHOLDS).cascaded.issued_by == "d1"


def test_what_was_not_handed_to_a_district_it_cannot_hand_down(world):
    assert refusal(lambda: drafted(world, HOUSEHOLDS, by=world.person("d1"))) == "allocation-empty"


def test_a_unit_of_which_nothing_is_asked_owes_nothing(world):
    issued(
        world,
        ruled(world, drafted(world, HOUSEHOLDS), Rule(method=AllocationMethod.EQUAL), d2=None),
    )
    assert reading(world, "d1", HOUSEHOLDS).result.required.amount == 342
    assert reading(world, "d2", HOUSEHOLDS).result.level is Level.NOT_DUE


def test_a_sheet_with_a_unit_undecided_is_not_issued(world):
    draft = ruled(
        world, drafted(world, HOUSEHOLDS), Rule(method=AllocationMethod.HAND), d1=Fraction(300)
    )
    with pytest.raises(Refused, match="chưa có chỉ tiêu của d2"):
        issued(world, draft)
    with pytest.raises(Refused, match="Không có đơn vị nào tên"):
        issued(world, drafted(world, PLACES))


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"number": " "}, "allocation-number"),
        ({"issued_on": date(2021, 11, 1), "effective_on": date(2021, 11, 1)}, "allocation-day"),
        ({"effective_on": date(2021, 1, 1)}, "allocation-dates"),
    ],
)
def test_what_a_decision_must_say(world, said, code):
    assert refusal(lambda: issued(world, drafted(world, HOUSEHOLDS), **said)) == code


def test_an_issued_decision_changes_no_more(world):
    decision = issued(world, drafted(world, HOUSEHOLDS))
    assert (
        refusal(lambda: ruled(world, decision, Rule(method=AllocationMethod.EQUAL)))
        == "allocation-issued"
    )
    assert refusal(lambda: issued(world, decision)) == "allocation-issued"
    assert refusal(
        lambda: allocations.discard(allocation=decision.pk, by=planner(world), at=world.at)
    ) == ("allocation-issued")


def test_units_acknowledge_once(world):
    decision = issued(world, drafted(world, HOUSEHOLDS))
    assert (
        refusal(
            lambda: allocations.acknowledge(
                allocation=decision.pk, by=world.person("c1"), at=world.at
            )
        )
        == "allocation-receipt"
    )
    first = allocations.acknowledge(allocation=decision.pk, by=world.person("d1"), at=world.at)
    again = allocations.acknowledge(
        allocation=decision.pk, by=world.person("d1", name="other"), at=world.at + timedelta(days=1)
    )
    assert again.acknowledged_at == first.acknowledged_at
    assert (
        Receipt.objects.filter(acknowledged_at=None).values_list("unit__code", flat=True).get()
        == "d2"
    )


# Revised


def revised(world: World, decision: Allocation, rule: Rule, **said) -> Allocation:
    draft = target_allocation.revise(
        allocation=decision, by=planner(world), at=world.at, ledger=world.ledger
    )
    return issued(world, ruled(world, draft, rule), **said)


def test_a_later_decision_holds_from_its_day_on_and_the_earlier_stays_readable(world):
    first = issued(world, drafted(world, HOUSEHOLDS, EXEMPLARS))
    july = {"issued_on": date(2021, 7, 1), "effective_on": date(2021, 7, 1), "number": "40/QĐ"}
    second = revised(world, first, Rule(method=AllocationMethod.EQUAL), **july)
    assert second.revises == first
    before, after = (
        reading(world, "d1", HOUSEHOLDS, day) for day in (date(2021, 6, 30), date(2021, 7, 1))
    )
    assert (before.result.required.amount, before.cascaded.number) == (205, "15/QĐ")
    assert (after.result.required.amount, after.cascaded.number) == (171, "40/QĐ")
    assert parts(world, Allocation.objects.get(pk=first.pk)) == {"d1": 205, "d2": 137}


def test_a_revision_is_held_against_the_plan_as_it_stands(world):
    decision = issued(world, drafted(world, HOUSEHOLDS))
    decision.columns[0]["whole"] = 300  # as if the plan had asked for less then
    decision.save()
    draft = target_allocation.revise(
        allocation=decision, by=planner(world), at=world.at, ledger=world.ledger
    )
    assert column_from(draft.columns[0]).whole == 342


def test_as_of_a_past_moment_only_what_was_issued_by_then_holds(world):
    decision = issued(world, drafted(world, HOUSEHOLDS))
    asked = {"organisation": world.organisation, "years": [2021], "day": world.today}
    assert in_force("d1", **asked, as_of=decision.issued_at)[HOUSEHOLDS].part == 205
    assert in_force("d1", **asked, as_of=decision.issued_at - timedelta(seconds=1)) == {}


def test_all_levels_of_a_unit_are_one_query(world):
    def asked() -> int:
        with queries() as found:
            in_force("d1", organisation=world.organisation, years=[2020, 2021], day=world.today)
        return len(found)

    issued(world, drafted(world, HOUSEHOLDS))
    assert asked() == 1
    for year in (2019, 2020):
        issued(world, drafted(world, ("I.CT02.2", "CT02.2", year), ("I.CT03.1", "CT03.1", year)))
    assert asked() == 1


# The command line


def test_a_rule_is_tried_on_the_command_line(world, settings, capsys):
    settings.TODAY = world.today
    assert main(["allocate", "I.CT02.2", "--year", "2021", "--rule", "equal", "--most", "150"]) == 0
    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [
        ["Chỉ", "tiêu", "phải", "chia:", "342", "hộ"],
        ["d1", "150"],
        ["d2", "150"],
        ["Còn", "lại:", "42"],
    ]
    assert main(["allocate", "I.CT02.2", "--year", "2021", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["parts"] == {"d1": 205, "d2": 137}
    assert main(["allocate", "I.CT02.2", "--year", "2021", "--reach", "through"]) == 0
    _, *lines = capsys.readouterr().out.splitlines()
    assert [line.rstrip() for line in lines[:5]] == [
        "d1         205",
        "  c1        69",
        "  c2        68",
        "  c3        68",
        "d2         137",
    ]


def test_the_command_line_says_what_it_cannot_divide(world, settings, capsys):
    settings.TODAY = world.today
    assert main(["allocate", "I.CT02.2", "--year", "2021", "--rule", "actual"]) == 1
    assert "Chưa có kết quả năm trước của d1, d2" in capsys.readouterr().out
    for arguments, why in (
        (["I.CT04.1", "--year", "2021"], "CT04.1a, CT04.1b"),
        (["I.CT02.2", "--year", "2016"], "không có chỉ tiêu năm 2016"),
        (["I.CT02.2", "--year", "2021", "--unit", "x"], "Không có đơn vị mã x"),
        (["I.CT02.2", "--year", "2021", "--least", "hai"], "Ô “ít nhất”"),
    ):
        assert main(["allocate", *arguments]) == 2
        assert why in capsys.readouterr().err
    assert not Allocation.objects.exists()
