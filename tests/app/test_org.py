"""Units in the database, the people who act for them, and how far each one reaches."""

from datetime import date

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from strategies import unit_version
from worlds import DEEP, PROVINCE, TODAY, World

from toankhoa.audit.models import AuditEntry
from toankhoa.core.basics import Refused
from toankhoa.core.returns import Role
from toankhoa.org.models import Membership, OrgRevision, Unit, User
from toankhoa.org.organisation import add_member, load_units, organisation
from toankhoa.org.scope import OutOfReach, actor_of

AT = timezone.make_aware(timezone.datetime(2021, 10, 20, 9))


def member(username: str, unit: str, role: Role = Role.OFFICER, board: str = "") -> User:
    return add_member(
        username=username,
        full_name="Nguyễn Thị Hoa",
        password="mot-mat-khau",
        unit=unit,
        role=role,
        board=board,
        by=None,
        at=AT,
    )


# Units


@pytest.mark.django_db
def test_units_come_back_as_they_were_entered():
    unit_versions = (*DEEP, unit_version("c9", "d2", start=date(2019, 1, 1), end=date(2020, 1, 1)))
    load_units(unit_versions=unit_versions, by=None, at=AT)
    found = organisation()
    assert set(found.trees.unit_versions) == set(unit_versions)
    assert found.on(date(2019, 6, 1)).path("c9") == ("c9", "d2", "p")
    assert "c9" not in found.on(TODAY)
    assert {found.codes[pk] for pk in found.ids.values()} == set(
        Unit.objects.values_list("code", flat=True)
    )
    assert AuditEntry.objects.get().data == {"units": len(DEEP) + 1}


@pytest.mark.usefixtures("world")
def test_units_are_entered_once():
    with pytest.raises(Refused, match="Đã có đơn vị"):
        load_units(unit_versions=PROVINCE, by=None, at=AT)
    assert AuditEntry.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param((unit_version("a", "x"),), id="under nobody"),
        pytest.param((unit_version("a", "b"), unit_version("b", "a")), id="in a circle"),
        pytest.param(
            (unit_version("a"), unit_version("a", start=date(2015, 1, 1))), id="twice on a day"
        ),
        pytest.param(
            (unit_version("a", end=date(2020, 1, 1)), unit_version("b", "a")),
            id="left behind by its parent",
        ),
    ],
)
def test_what_makes_no_tree_on_some_day_is_not_entered(wrong):
    with pytest.raises(ValueError, match="unit"):
        load_units(unit_versions=wrong, by=None, at=AT)
    assert not Unit.objects.exists()
    assert not AuditEntry.objects.exists()


@pytest.mark.usefixtures("world")
def test_the_tree_is_read_once_for_each_change(django_assert_num_queries: DjangoAssertNumQueries):
    known = organisation()
    with django_assert_num_queries(1):  # the mark of the last change
        assert organisation() is known
    OrgRevision.objects.update(mark="changed by another process")
    with django_assert_num_queries(4):  # the mark; codes of units; placements; reforms applied
        assert organisation() is not known
    assert OrgRevision.objects.count() == 1


# People


@pytest.mark.usefixtures("world")
def test_a_person_acts_for_her_unit_in_her_role(django_assert_num_queries: DjangoAssertNumQueries):
    user = member("hoa", "p", Role.BOARD, "KT")
    assert user.check_password("mot-mat-khau")
    with django_assert_num_queries(
        2
    ):  # her membership with its unit; the mark of the last change of units
        actor = actor_of(user, TODAY)
    assert actor is not None
    assert (actor.unit, actor.role, actor.board, actor.place.level) == (
        "p",
        Role.BOARD,
        "KT",
        "province",
    )
    entry = AuditEntry.objects.get(verb="add_member")
    assert (entry.subject, entry.data) == (
        "user:hoa",
        {"unit": "p", "role": "board", "board": "KT"},
    )


@pytest.mark.usefixtures("world")
def test_a_name_that_is_taken_and_a_unit_that_is_not_there_are_refused():
    member("hoa", "c1")
    with pytest.raises(Refused, match="đã có người dùng"):
        member("hoa", "c2")
    with pytest.raises(Refused, match="Không có đơn vị mã x"):
        member("lan", "x")
    assert list(User.objects.values_list("username", flat=True)) == ["hoa"]
    assert AuditEntry.objects.filter(verb="add_member").count() == 1


@pytest.mark.django_db
def test_who_acts_for_no_unit_or_for_one_that_is_gone_is_nobody():
    world = World.of((*PROVINCE, unit_version("c9", "d1", end=date(2021, 1, 1))))
    stranger = User.objects.create(username="stranger")
    assert actor_of(stranger, TODAY) is None
    Membership.objects.create(user=stranger, unit=Unit.objects.get(code="c9"), role=Role.OFFICER)
    assert actor_of(stranger, TODAY) is None
    before = actor_of(stranger, date(2020, 12, 31))
    assert before is not None
    assert before.organisation is world.organisation


# Reach


@pytest.mark.parametrize(
    ("unit", "within"),
    [
        ("p", {"p", "r", "d1", "d2", "c1", "c2", "c3"}),
        ("r", {"r", "d1", "c1", "c2"}),
        ("d1", {"d1", "c1", "c2"}),
        ("d2", {"d2", "c3"}),
        ("c1", {"c1"}),
    ],
)
def test_a_person_reaches_her_unit_and_all_below_and_nothing_else(
    deep: World, unit: str, within: set[str]
):
    by = deep.person(unit)
    for code in (*deep.organisation.ids, "x"):
        if code in within:
            assert by.reach(code) == code
        else:
            with pytest.raises(OutOfReach):
                by.reach(code)
