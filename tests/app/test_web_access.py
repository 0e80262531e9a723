"""Who gets in where, what surrounds every page, and what the browser may run."""

import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.test import Client, RequestFactory
from markup import tight
from reformed_units import ABOLISH, reformed
from visits import province, publish_plan, visitor
from worlds import TODAY, World

import toankhoa.web
from toankhoa.core.returns import Role
from toankhoa.demo.cast import PASSWORD, Person, people
from toankhoa.library import load_units
from toankhoa.org.models import Membership, Unit, User
from toankhoa.web.shell.errors import failed

TEMPLATES = sorted(Path(toankhoa.web.__file__).parent.rglob("*.html"))
assert len(TEMPLATES) > 100
SRC = Path(toankhoa.web.__file__).parents[2]
PAGES = ["/", "/ke-hoach/", "/don-vi/", "/bao-cao/", "/hop-duyet/", "/nap-ke-hoach/", "/quan-tri/"]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(settings) -> None:
    settings.TODAY, settings.DEMO = TODAY, False


@pytest.fixture
def world() -> World:
    return province()


@pytest.mark.parametrize("page", PAGES)
def test_strangers_are_led_to_the_sign_in_page(page):
    response = Client().get(page)
    assert response.status_code == 302
    assert response["Location"].startswith("/dang-nhap/")


def test_signing_in_with_a_password_leads_home(world):
    user = world.person("c1").user
    user.set_password("một mật khẩu dài")
    user.save()
    client = Client()
    wrong = client.post("/dang-nhap/", {"username": user.username, "password": "sai"})
    assert "chưa đúng" in wrong.content.decode()
    right = client.post("/dang-nhap/", {"username": user.username, "password": "một mật khẩu dài"})
    assert (right.status_code, right["Location"]) == (302, "/")
    assert client.post("/dang-xuat/")["Location"] == "/dang-nhap/"
    assert client.get("/").status_code == 302


def test_the_demo_says_so_on_every_page_and_lists_its_logins(settings):
    settings.DEMO = True
    world = World.of(load_units())
    enter(people(world.organisation.on(TODAY)))
    entrance = Client().get("/dang-nhap/").content.decode()
    home = (
        visitor(world, world.organisation.on(TODAY).roots[0], Role.LEADER).get("/").content.decode()
    )
    for page in (entrance, home):
        assert "Dữ liệu mẫu (tổng hợp nhân tạo) — hôm nay trong bản demo: 20/10/2021" in page
    assert 'data-login="coso"' in entrance
    assert f'data-password="{PASSWORD}"' in entrance


def enter(made: Iterable[Person]) -> None:
    for person in made:
        user = User.objects.create(username=person.username, full_name=person.full_name)
        unit = Unit.objects.get(code=person.unit)
        Membership.objects.create(user=user, unit=unit, role=person.role, board=person.board)


@pytest.mark.parametrize(
    ("officer", "label"), [("c1", "Cán bộ cơ sở · c1"), ("d2", "Cán bộ đang chờ xếp đơn vị")]
)
def test_the_demos_logins_follow_its_people_through_reforms(settings, world, officer, label):
    settings.DEMO = True
    enter(
        [Person("huyen", "Lan", Role.OFFICER, officer), Person("kehoach", "Hạnh", Role.PLAN, "p")]
    )
    reformed(world, ABOLISH)  # the first unit below the province is now a commune
    entrance = Client().get("/dang-nhap/").content.decode()
    assert re.findall(r"<span><strong>(.*?)</strong>", tight(entrance)) == [
        label,
        "Cán bộ kế hoạch · p",
    ]


def test_a_real_installation_shows_neither_banner_nor_logins():
    entrance = Client().get("/dang-nhap/").content.decode()
    assert "Dữ liệu mẫu" not in entrance
    assert "data-login" not in entrance


@pytest.mark.parametrize(
    "path",
    [
        "/don-vi/c2/",
        "/don-vi/d1/",
        "/ke-hoach/?don-vi=c2",
        "/ke-hoach/tep/word/?don-vi=d1",
        "/bao-cao/c2/CS-THANG/2021-09/",
        "/don-vi/nowhere/",
        "/bao-cao/c1/CS-THANG/2021-13/",
        "/bao-cao/c1/H-QUY/2021-Q3/",
        "/hop-duyet/nowhere/",
    ],
)
def test_what_a_sibling_or_a_parent_has_does_not_exist(world, path):
    publish_plan(world)
    response = visitor(world, "c1").get(path)
    assert response.status_code == 404
    assert "Không tìm thấy trang" in response.content.decode()


@pytest.mark.parametrize(
    ("role", "page", "status"),
    [
        (Role.PLAN, "/nap-ke-hoach/", 200),
        (Role.OFFICER, "/nap-ke-hoach/", 404),
        (Role.ADMIN, "/quan-tri/", 200),
        (Role.PLAN, "/quan-tri/", 404),
        (Role.OFFICER, "/hop-duyet/", 200),
        (Role.LEADER, "/hop-duyet/", 404),
    ],
)
def test_pages_of_a_role_are_for_that_role(world, role, page, status):
    assert visitor(world, "p", role).get(page).status_code == status


def test_a_person_without_a_unit_is_told_what_is_missing():
    client = Client()
    user = User.objects.create(username="moi")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    response = client.get("/")
    assert response.status_code == 403
    assert "chưa gắn với đơn vị nào" in response.content.decode()


@pytest.mark.parametrize(
    ("role", "unit", "words"),
    [
        (Role.OFFICER, "c1", "Cần gửi ngay"),
        (Role.OFFICER, "d1", "Kỳ vừa qua đã về đến đâu"),
        (Role.PLAN, "p", "Kế hoạch đang có hiệu lực"),
        (Role.LEADER, "p", "Dự báo hoàn thành chỉ tiêu nhiệm kỳ"),
        (Role.BOARD, "p", "việc chậm nhất đứng trước"),
        (Role.ADMIN, "p", "Quản trị hệ thống"),
    ],
)
def test_home_is_what_each_role_came_for(world, role, unit, words):
    publish_plan(world)
    page = visitor(world, unit, role, board="KT").get("/")
    assert words in page.content.decode()


def test_the_leader_sees_all_fourteen_targets(world):
    publish_plan(world)
    page = visitor(world, "p", Role.LEADER).get("/").content.decode()
    assert [int(n) for n in re.findall(r">Chỉ tiêu (\d+)</a>", tight(page))] == list(range(1, 15))


def test_nothing_inline_may_run(world):
    policy = visitor(world, "c1").get("/")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_needs_inline_code(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:|hx-on", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)


def test_too_many_wrong_passwords_lock_the_door_for_a_while():
    client = Client()
    for _ in range(10):
        answer = client.post("/dang-nhap/", {"username": "coso", "password": "sai"})
    assert answer.status_code == 429
    assert "Tạm khóa đăng nhập" in answer.content.decode()


def test_a_mistake_of_ours_is_admitted(settings):
    settings.DEMO = True
    answer = failed(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "Máy chủ gặp lỗi" in answer.content.decode()
    assert "Dữ liệu mẫu" in answer.content.decode()
    assert "chưa được ghi" not in answer.content.decode(), (
        "what was done may have been kept before the mistake"
    )


def test_a_mistake_of_ours_leaves_its_trace_in_the_data_folder(tmp_path):
    """A server of its own: the test runner replaces handlers of logs."""
    asked = """
import django; django.setup()
from django.core.handlers.exception import response_for_exception
from django.test import RequestFactory
try:
    raise ValueError("bếp cháy")
except ValueError as error:
    print(response_for_exception(RequestFactory().get("/hop-duyet/"), error).status_code)
"""
    env = {
        **os.environ,
        "TOANKHOA_DATA": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "toankhoa.settings",
    }
    ran = subprocess.run(
        [sys.executable, "-c", asked],
        env={**env, "PYTHONPATH": str(SRC)},
        capture_output=True,
        text=True,
        check=True,
    )
    kept = (tmp_path / "log" / "toankhoa.log").read_text(encoding="utf-8")
    assert ran.stdout == "500\n"
    for trace in (kept, ran.stderr):
        assert "/hop-duyet/" in trace
        assert "Traceback" in trace
        assert "ValueError: bếp cháy" in trace


def test_an_expired_form_is_answered_in_vietnamese():
    client = Client(enforce_csrf_checks=True)
    response = client.post("/dang-nhap/", {"username": "a", "password": "b"})
    assert response.status_code == 403
    assert "Biểu mẫu đã quá hạn" in response.content.decode()
