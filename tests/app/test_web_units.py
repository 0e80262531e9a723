"""Pages of units that change: whose returns one takes over, corrections, series on other
boundaries.
"""

from __future__ import annotations

import re

import pytest
from django.test import Client
from reformed_units import ABOLISH, MERGE, SPLIT, reformed
from visits import province, publish_plan, queries, visitor
from worlds import TODAY, World

from toankhoa.reporting.models import Acknowledgement

pytestmark = pytest.mark.django_db
FORM = "CS-THANG"


@pytest.fixture(autouse=True)
def today(settings) -> None:
    settings.TODAY, settings.DEMO = TODAY, False


@pytest.fixture
def world() -> World:
    return province()


def text(client: Client, path: str, **asked: str) -> str:
    """A page as read: without its tags."""
    answer = client.get(path, asked, follow=True)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def tell(world: World, unit: str, month: str, **figures: int) -> None:
    world.accepted(unit, FORM, month, figures)


# Returns of units that ended


def test_what_is_left_of_the_old_unit_is_listed_under_its_name_with_why(world: World):
    tell(world, "c1", "2021-08", tin_bai_gui=3)
    world, _ = reformed(world, MERGE)
    page = text(visitor(world, "n"), "/bao-cao/")
    assert "Làm tiếp cho c1" in page
    assert "c1 không còn từ ngày 01/7/2021, theo NQ 1" in page
    assert "1 báo cáo của kỳ kết thúc khi đơn vị không còn" in page


def test_the_successor_types_and_sends_it_on_the_page(world: World):
    world, _ = reformed(world, MERGE)
    officer, path = visitor(world, "n"), f"/bao-cao/c1/{FORM}/2021-06/"
    assert "Xã Mới làm tiếp báo cáo này cho c1, đơn vị không còn nữa" in text(officer, path)
    officer.post(f"{path}gui/", {"tin_bai_gui": "4", "row_version": 0})
    assert "đang chờ d1" in text(officer, path)
    assert world.total("c1", "tin_bai_gui", 202106, stage=2) == 4


def test_a_return_that_waits_for_a_district_that_is_gone_says_who_acts_for_it(world: World):
    world.send("c1", FORM, "2021-06", {"tin_bai_gui": 1})
    world, _ = reformed(world, ABOLISH)
    leader, path = visitor(world, "p"), f"/bao-cao/c1/{FORM}/2021-06/"
    assert "đang chờ d1 (p làm thay)" in text(leader, path)
    leader.post(f"{path}nhan/")
    page = text(leader, path)
    assert page.count("Duyệt · ") == 2
    assert "làm thay" in page


def test_a_return_that_counts_nowhere_says_so_and_lets_nobody_type(world: World):
    tell(world, "c1", "2021-08", tin_bai_gui=3)
    world, _ = reformed(world, MERGE)
    page = text(visitor(world, "n"), f"/bao-cao/c1/{FORM}/2021-08/")
    assert "Không tính vào số liệu." in page
    assert "Gửi báo cáo" not in page


def test_the_page_of_a_unit_that_ended_leads_to_the_one_that_carries_it_on(world: World):
    world, _ = reformed(world, MERGE)
    answer = visitor(world, "d1").get("/don-vi/c1/", follow=True)
    assert answer.redirect_chain[-1][0] == "/don-vi/n/"
    assert "c1 không còn nữa; Xã Mới làm tiếp việc của đơn vị ấy." in answer.content.decode()
    assert visitor(world, "d2").get("/don-vi/c1/").status_code == 404


# Corrections


def test_a_correction_is_told_on_the_home_page_until_it_has_been_looked_at(world: World):
    tell(world, "c1", "2021-08", tin_bai_gui=3)
    world.correct(world.accepted("c2", FORM, "2021-08", {"tin_bai_gui": 5}), "Đếm thiếu hai tin")
    ret = world.send("c2", FORM, "2021-08", {"tin_bai_gui": 7})
    for unit in ("d1", "p"):
        client = visitor(world, unit)
        page = text(client, "/")
        assert "Đã đính chính sau khi bạn duyệt 1 báo cáo" in page
        assert re.search(r"5 → nay là 7", page)
        assert "Đếm thiếu hai tin" in page
        assert "Đã đính chính sau khi bạn duyệt" in text(client, f"/bao-cao/c2/{FORM}/2021-08/")
        answer = client.post(
            f"/bao-cao/c2/{FORM}/2021-08/da-xem/", {"revision": ret.revision, "from": "home"}
        )
        assert answer.url == "/"
        assert "Đã đính chính" not in text(client, "/")
    assert Acknowledgement.objects.filter(ret=ret, revision=2).count() == 2
    page = text(visitor(world, "c2"), f"/bao-cao/c2/{FORM}/2021-08/")
    assert "Đã đính chính" not in page
    assert (
        "Tin, bài đã gửi: 5 → nay là 7" in page
    )  # the life of the return tells everybody, for good


# Series on the boundaries of a day


@pytest.fixture
def told(world: World) -> World:
    """A plan, and two communes that have reported a year of it."""
    publish_plan(world)
    for unit, number in (("c1", 2), ("c2", 3)):
        tell(world, unit, "2020-06", hoi_vien_moi=number, tin_bai_gui=number, tin_bai_dang=number)
    return world


def test_a_new_unit_has_no_series_as_reported_and_that_of_its_past_on_todays_boundaries(
    told: World,
):
    world, _ = reformed(told, MERGE)
    client = visitor(world, "d1")
    page = text(client, "/don-vi/n/")
    assert "Đơn vị chưa có số liệu được duyệt dưới tên hiện nay" in page
    page = text(client, "/don-vi/n/", **{"dia-gioi": "hom-nay"})
    assert "Số liệu tính lại theo địa giới ngày 20/10/2021 , qua NQ 1 (từ 01/7/2021)" in page
    assert "Đây không phải số đã báo cáo khi ấy." in page
    assert re.search(r"2020 5 : cơ sở của số liệu", page)


def test_what_cannot_be_divided_says_from_where_up_it_is_known(told: World):
    world, _ = reformed(told, SPLIT)
    tell(world, "a", "2021-08", hoi_vien_moi=1, tin_bai_gui=1, tin_bai_dang=1)
    page = text(visitor(world, "d1"), "/don-vi/a/", **{"dia-gioi": "1/8/2021"})
    assert "2020 không rõ : cơ sở của số liệu" in page
    assert "2019 chưa có : cơ sở của số liệu" in page, "what is missing is not what is unknown"


def test_on_unchanged_boundaries_the_page_says_that_nothing_was_restated(told: World):
    world, _ = reformed(told, MERGE)
    page = text(visitor(world, "p"), "/don-vi/d1/", **{"dia-gioi": "1/1/2019"})
    assert "Trong các năm này đơn vị không thay đổi, nên số liệu như khi báo cáo." in page


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("hôm qua", "không phải một ngày"),
        ("1/1/2030", "Chưa đến ngày ấy"),
        ("1/1/2020", "Đơn vị này chưa có vào ngày 01/01/2020"),
    ],
)
def test_a_day_that_cannot_be_shown_is_refused_in_words(told: World, day: str, why: str):
    world, _ = reformed(told, MERGE)
    assert why in text(visitor(world, "d1"), "/don-vi/n/", **{"dia-gioi": day})


def test_without_reforms_nobody_is_asked_for_boundaries(told: World):
    assert "Theo địa giới" not in text(visitor(told, "d1"), "/don-vi/c1/")


@pytest.mark.parametrize("changes", [(MERGE,), (MERGE, ABOLISH)])
def test_a_restated_page_costs_the_same_whatever_has_changed(told: World, changes: tuple):
    world, _ = reformed(told, *changes)
    client = visitor(world, "p")
    client.get("/don-vi/n/")  # what the process keeps is read
    with queries() as restated:
        client.get("/don-vi/n/", {"dia-gioi": "hom-nay"})
    with queries() as reported:
        client.get("/don-vi/n/")
    assert (
        len(restated) - len(reported) <= 2
    )  # rows of the units of then, for each depth at which they are read
