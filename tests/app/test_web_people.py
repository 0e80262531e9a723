"""The administrator's screens of people: added with a first password, moved, closed, opened; one's
own password.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from reformed_units import MERGE, SPLIT, reformed
from visits import province, queries, visitor
from worlds import TODAY, World

from toankhoa.audit.models import AuditEntry
from toankhoa.core.basics import Refused
from toankhoa.core.returns import Role
from toankhoa.operations.reforms import undo_reform
from toankhoa.org.accounts import close_account, enter_person, lend_password, move_person
from toankhoa.org.models import MemberMove, Membership, User
from toankhoa.org.people import closed, members
from toankhoa.org.scope import OutOfReach, actor_of

pytestmark = pytest.mark.django_db
PAGE = "/quan-tri/nguoi-dung/"
NEW = {
    "full_name": "Nguyễn Thị Hoa",
    "username": "hoa",
    "unit": "c2",
    "role": "officer",
    "board": "",
}


@pytest.fixture(autouse=True)
def today(settings) -> None:
    settings.TODAY, settings.DEMO = TODAY, False


@pytest.fixture
def world() -> World:
    return province()


@pytest.fixture
def admin(world) -> Client:
    return visitor(world, "p", Role.ADMIN)


def entered(world: World, **other) -> User:
    typed = NEW | {"password": "first-one"} | other
    return enter_person(**typed, by=world.person("p", Role.ADMIN), at=world.at)


def seat(user: User) -> str:
    return Membership.objects.get(user=user).unit.code


def signed_in(username: str, password: str) -> Client:
    hers = Client()
    assert hers.post("/dang-nhap/", {"username": username, "password": password}).status_code == 302
    return hers


def test_somebody_new_gets_a_password_once_and_chooses_her_own_before_anything_else(admin):
    shown = admin.post(f"{PAGE}them/", NEW).content.decode()
    password = re.search(r'class="secret">([a-z2-9-]{14})<', shown)[1]
    user = User.objects.get(username="hoa")
    assert password not in admin.get(f"{PAGE}{user.pk}/").content.decode()
    hers = signed_in("hoa", password)
    assert hers.get("/")["Location"] == hers.get("/bao-cao/")["Location"] == "/mat-khau/"
    assert "Chọn mật khẩu của bạn" in hers.get("/mat-khau/").content.decode()
    for old, new, words in (
        ("wrong", "long enough", "đang dùng chưa đúng"),
        (password, "short", "ít nhất 10 ký tự"),
    ):
        assert words in hers.post("/mat-khau/", {"old": old, "new": new}).content.decode()
    assert hers.post("/mat-khau/", {"old": password, "new": "mưa rơi trên lá"})["Location"] == "/"
    assert hers.get("/").status_code == 200
    assert signed_in("hoa", "mưa rơi trên lá").get("/").status_code == 200
    verbs = list(
        AuditEntry.objects.filter(subject="user:hoa").order_by("pk").values_list("verb", flat=True)
    )
    assert verbs == ["add_member", "choose_password"]
    assert password not in str(list(AuditEntry.objects.values_list("data", flat=True)))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"username": "Hoa Nguyễn"}, "chữ thường không dấu"),
        ({"full_name": " "}, "Hãy ghi họ tên"),
        ({"unit": "Xã không có"}, "Không có đơn vị nào tên"),
        ({"unit": "zz"}, "Hãy chọn một đơn vị đang hoạt động"),
        ({"role": "chief"}, "Hãy chọn vai trò"),
        ({"role": "board"}, "Hãy chọn ban"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(admin, typed, words):
    page = admin.post(f"{PAGE}them/", NEW | typed).content.decode()
    assert words in page
    assert (NEW | typed)["username"] in page
    assert not User.objects.filter(full_name=NEW["full_name"]).exists()


def test_a_unit_made_by_a_merger_gets_somebody_who_reports(world):
    after, _ = reformed(world, MERGE)
    admin = visitor(after, "p", Role.ADMIN)
    assert f'href="{PAGE}them/?don-vi=n"' in admin.get("/quan-tri/").content.decode()
    assert 'value="n"' in admin.get(f"{PAGE}them/?don-vi=n").content.decode()
    admin.post(f"{PAGE}them/", NEW | {"unit": "Xã Mới (n)"})
    assert actor_of(User.objects.get(username="hoa"), TODAY).unit == "n"
    assert f"{PAGE}them/?don-vi=n" not in admin.get("/quan-tri/").content.decode()


def test_she_is_moved_and_the_past_keeps_where_she_was(world, admin):
    user = world.person("c1").user
    User.objects.filter(pk=user.pk).update(date_joined=world.at - timedelta(days=9))
    page = admin.post(f"{PAGE}{user.pk}/chuyen/", {"unit": "c3"}, follow=True).content.decode()
    assert "từ nay làm việc cho c3" in page
    assert seat(user) == "c3"
    then = world.at - timedelta(days=3)
    assert [each.unit.code for each in members(Membership.objects.filter(user=user), then)] == [
        "c1"
    ]
    again = admin.post(f"{PAGE}{user.pk}/chuyen/", {"unit": "c3"}, follow=True).content.decode()
    assert "đang ở chính đơn vị đó" in again


def test_moving_somebody_whom_a_reform_left_over_settles_it(world):
    user = world.person("c1").user
    after, _ = reformed(world, SPLIT)
    assert actor_of(user, TODAY) is None
    move_person(user=user, unit="a", by=after.person("p", Role.ADMIN), at=after.at)
    assert actor_of(user, TODAY).unit == "a"
    assert MemberMove.objects.get(user=user).now.code == "a"


def test_who_was_moved_by_hand_stays_there_when_an_earlier_reform_is_undone(world):
    user = world.person("c1").user
    after, row = reformed(world, MERGE)
    by = after.person("p", Role.ADMIN)
    after.minutes += 1
    move_person(user=user, unit="c3", by=by, at=after.at)
    after.minutes += 1
    undo_reform(reform=row, by=by, at=after.at, library=after.library)
    assert seat(user) == "c3"
    then = after.at + timedelta(minutes=1)
    assert [each.unit.code for each in members(Membership.objects.filter(user=user), then)] == [
        "c3"
    ]


def test_a_closed_account_signs_in_no_longer_until_it_is_opened(world, admin):
    user = world.person("c1").user
    hers = visitor(world, "c1")
    assert (
        "Đã ngừng tài khoản" in admin.post(f"{PAGE}{user.pk}/ngung/", follow=True).content.decode()
    )
    assert hers.get("/")["Location"].startswith("/dang-nhap/")
    assert "đã ngừng" in admin.get("/quan-tri/").content.decode()
    everybody = members(Membership.objects.all())
    assert closed(everybody) == closed(everybody, world.at + timedelta(days=1)) == {user.pk}
    assert closed(everybody, world.at - timedelta(days=1)) == set()
    admin.post(f"{PAGE}{user.pk}/mo-lai/")
    assert User.objects.get(pk=user.pk).is_active


def test_a_lost_password_is_replaced(world, admin):
    user = world.person("c1").user
    password = re.search(
        r'class="secret">([^<]+)<', admin.post(f"{PAGE}{user.pk}/mat-khau/").content.decode()
    )[1]
    hers = signed_in(user.username, password)
    assert hers.get("/")["Location"] == "/mat-khau/"


def test_nobody_closes_herself_and_an_administrator_reaches_only_her_own_people(world, admin):
    herself = world.person("p", Role.ADMIN).user
    assert (
        "Không tự ngừng" in admin.post(f"{PAGE}{herself.pk}/ngung/", follow=True).content.decode()
    )
    other, district = world.person("c4").user, world.person("d1", Role.ADMIN)
    with pytest.raises(OutOfReach):
        close_account(user=other, by=district, at=world.at)
    with pytest.raises(Refused, match="Hãy chọn một đơn vị"):
        enter_person(**NEW | {"unit": "c4"}, password="x", by=district, at=world.at)
    with pytest.raises(Refused, match="Chỉ người quản trị"):
        lend_password(user=other, password="x", by=world.person("c4"), at=world.at)
    assert visitor(world, "d1", Role.ADMIN).get(f"{PAGE}{other.pk}/").status_code == 404
    assert visitor(world, "c4").get(f"{PAGE}them/").status_code == 404


def test_the_demo_keeps_the_passwords_of_its_entrance(settings, world):
    settings.DEMO = True
    officer = visitor(world, "c1")
    assert "giữ nguyên mật khẩu" in officer.get("/mat-khau/").content.decode()
    assert officer.post("/mat-khau/", {"old": "a", "new": "b"}).status_code == 404


def test_the_page_asks_the_same_of_one_person_and_of_three(world, admin):
    asked = []
    for units in (("c1",), ("c2", "c3")):
        for unit in units:
            world.person(unit)
        with queries() as found:
            admin.get("/quan-tri/")
        asked.append(len(found))
    assert asked[0] == asked[1]
