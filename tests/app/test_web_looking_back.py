"""Looking back: pages at an address that begins with a moment, which they keep, and where nothing
is written.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest
from django.urls import URLResolver, get_resolver
from django.utils import timezone
from markup import flat
from visits import province, publish_plan, visitor
from worlds import TODAY, World

from toankhoa.core.basics import Refused
from toankhoa.core.returns import Role
from toankhoa.web.looking_back.middleware import PRESENT, moment_of, written

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(settings) -> None:
    settings.TODAY, settings.DEMO = TODAY, False


@pytest.fixture
def world() -> World:
    return province()


@pytest.fixture
def living(world: World) -> World:
    publish_plan(world)
    return world


# Moments as people and addresses name them


@pytest.mark.parametrize(
    ("text", "clock", "moment"),
    [
        ("30/6/2020", "", datetime(2020, 6, 30, 23, 59, 59, 999_999)),
        ("2020-06-30", "", datetime(2020, 6, 30, 23, 59, 59, 999_999)),
        ("ngày 30 tháng 6 năm 2020", "14:05", datetime(2020, 6, 30, 14, 5, 59, 999_999)),
        ("30/6/2020", "14h05", datetime(2020, 6, 30, 14, 5, 59, 999_999)),
        ("2020-06-30T14:05:07", "", datetime(2020, 6, 30, 14, 5, 7, 999_999)),
        ("2020-06-30T14:05:07.000123", "", datetime(2020, 6, 30, 14, 5, 7, 123)),
    ],
)
def test_a_moment_is_the_end_of_what_was_named(text, clock, moment):
    found = moment_of(text, clock)
    assert found == timezone.make_aware(moment)
    assert moment_of(written(found)) == found


@pytest.mark.parametrize("text", ["hôm qua", "31/2/2020", "2020-13-01", "2020-06-30T25:00"])
def test_what_is_no_moment_says_how_to_write_one(text):
    with pytest.raises(Refused, match="Hãy ghi ngày như 30/6/2020"):
        moment_of(text)


def test_what_has_not_come_is_no_past():
    with pytest.raises(Refused, match="Chưa đến ngày 21/10/2021"):
        moment_of("21/10/2021")


# Addresses


def test_an_address_with_a_day_leads_to_the_address_of_that_day(living):
    client = visitor(living, "p")
    led = client.get("/ke-hoach/?tai=30/6/2020&nam=2019")
    assert led["Location"] == "/tai/2020-06-30/ke-hoach/?nam=2019"
    again = client.get("/tai/2020-06-30/ke-hoach/?tai=2021-01-31&luc=8:00&nam=2019")
    assert again["Location"] == "/tai/2021-01-31T08:00/ke-hoach/?nam=2019"
    assert (
        client.get("/tai/2020-06-30/ke-hoach/?tai=&nam=2019")["Location"] == "/ke-hoach/?nam=2019"
    )
    assert client.get("/ke-hoach/?tai=20/10/2021")["Location"] == "/ke-hoach/", (
        "today is the present"
    )


def test_a_wrong_moment_is_said_on_the_page_of_the_present(living):
    page = visitor(living, "p").get("/tai/hom-qua/ke-hoach/", follow=True)
    assert page.redirect_chain == [("/ke-hoach/", 302)]
    assert "chưa phải thời điểm" in page.content.decode()


def test_every_link_and_form_of_a_page_stays_in_its_moment(living):
    page = visitor(living, "p", Role.PLAN).get("/tai/2021-10-20T09:30/").content.decode()
    addresses = set(re.findall(r'(?:href|action|hx-get|hx-post)="(/[^"]*)"', page))
    out = {
        address
        for address in addresses
        if not address.startswith(("/static/", "/tai/2021-10-20T09:30/"))
    }
    assert out == {"/"}, "only the way back leaves"
    assert "Đang xem lại <strong>lúc 09:30 ngày 20/10/2021" in flat(page)


def test_looking_back_keeps_what_was_asked(living):
    """The form for a moment sends the query of the page along, but not another moment."""
    page = flat(visitor(living, "c1").get("/bao-cao/?nam=2020").content)
    assert '<input type="hidden" name="nam" value="2020">' in page


def test_the_next_request_is_of_the_present_again(living):
    client = visitor(living, "p")
    client.get("/tai/2021-10-20T09:30/ke-hoach/")
    page = client.get("/ke-hoach/").content.decode()
    assert "/tai/2021" not in page
    assert "Đang xem lại" not in page


def names(found: URLResolver) -> set[str]:
    """Of every address of the site."""
    every = [
        names(each) if isinstance(each, URLResolver) else {each.name} for each in found.url_patterns
    ]
    return set().union(*every)


def test_only_work_under_way_has_no_past_and_says_why():
    assert names(get_resolver("toankhoa.web.urls")) >= set(PRESENT)
    assert all(PRESENT.values())


# Nothing is written


def test_nothing_is_written_while_looking_back(living):
    ret = living.send("c1", "CS-QUY", "2021-Q3", {"hoi_vien": 100})
    client = visitor(living, "d1")
    address = "/tai/2021-10-20T09:30/bao-cao/c1/CS-QUY/2021-Q3/nhan/"
    refused = client.post(address)
    assert (refused.status_code, "không ghi được gì" in refused.content.decode()) == (409, True)
    refused = client.post(address, headers={"HX-Request": "true"})
    assert (refused.status_code, refused["Content-Type"]) == (409, "text/plain; charset=utf-8")
    assert living.now(ret).state == "sent"


def test_work_under_way_leads_to_the_present(living):
    planner = visitor(living, "p", Role.PLAN)
    assert (
        planner.get("/tai/2021-10-20T09:30/nap-ke-hoach/viec/1/")["Location"]
        == "/nap-ke-hoach/viec/1/"
    )
    assert "Việc đang chạy chỉ có ở hiện tại" in planner.get("/").content.decode()


def test_a_stranger_signs_in_and_comes_back_to_the_moment(living, client):
    asked = "/tai/2021-10-20/ke-hoach/"
    door = client.get(asked)["Location"]
    assert door == f"/tai/2021-10-20/dang-nhap/?next={asked}"
    user = living.person("p").user
    user.set_password("mật khẩu")
    user.save()
    back = client.post(door, {"username": user.username, "password": "mật khẩu"})
    assert back["Location"] == asked


def test_a_moment_alone_is_its_home_page(living):
    assert visitor(living, "p").get("/tai/2021-10-20T09:30").status_code == 200


def test_one_can_sign_out_from_the_past(living):
    assert visitor(living, "p").post("/tai/2021-10-20T09:30/dang-xuat/").status_code == 302


# What is shown


def test_before_the_plan_was_published_there_was_none(living):
    page = visitor(living, "p").get("/tai/2021-10-19/ke-hoach/").content.decode()
    assert "Chưa có kế hoạch nào được ban hành" in page
    assert date(2021, 10, 19) < living.today


PAGES = {
    ("p", Role.LEADER): ["/", "/ke-hoach/", "/ke-hoach/p/I.CT05.1/CT05.1/2021/"],
    ("c1", Role.LEADER): ["/bao-cao/c1/CS-QUY/2021-Q3/"],
    ("d1", Role.OFFICER): ["/", "/hop-duyet/", "/don-vi/c1/"],
    ("c1", Role.OFFICER): ["/", "/bao-cao/"],
}
# What a person is told once, now: a correction of what she had accepted.
NOTICE = re.compile(r'<section class="card accent" id="dinh-chinh">.*?</section>', re.S)


def shown(world: World, mount: str = "") -> dict[tuple, list[str]]:
    """What every page says, without the moment in its addresses and what no two requests share."""
    found = {}
    for who, paths in PAGES.items():
        client = visitor(world, *who)
        for path in paths:
            page = client.get(mount + path).content.decode()
            main = page[page.index("<main") : page.index("</main>")]
            main = re.sub(
                r"<input[^>]*csrf[^>]*>", "", main.replace(mount + "/", "/") if mount else main
            )
            found[*who, path] = NOTICE.sub(
                "", re.sub(r'<strong class="code">[^<]*</strong>', "", main)
            ).split()
    return found


def test_every_page_is_what_it_was_then(living, settings):
    """What people saw after each step of a history is what they see when they look back at it."""
    settings.TODAY = TODAY
    moments = []

    def happened(*_: object) -> None:
        moments.append((living.at, shown(living)))
        living.minutes += 1

    ret = living.send("c1", "CS-QUY", "2021-Q3", {"hoi_vien": 100, "hv_sinh_hoat": 80})
    happened()
    living.accept(ret, "d1", "p")
    happened(living.send("d1", "H-QUY", "2021-Q3", {"htx_moi": 3}))
    living.correct(ret)
    happened(living.save("c1", "CS-QUY", "2021-Q3", {"hoi_vien": 90}))
    happened(living.send_back(living.send("c1", "CS-QUY", "2021-Q3", {}), "d1"))
    settings.TODAY = TODAY + timedelta(days=1)
    for moment, pages in moments:
        back = shown(living, f"/tai/{written(moment.replace(second=59, microsecond=999_999))}")
        for page, text in pages.items():
            assert back[page] == text, (page, moment)
