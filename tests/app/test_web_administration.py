"""Administration: totals checked and derived beside the request, and a log that names what it is
about.
"""

import re
from dataclasses import replace

import pytest
from django.test import Client
from markup import flat, tight
from visits import province, publish_plan, queries, visitor
from worlds import TODAY, World

from toankhoa.core.organisation import Change, Effect, Reform, ReformPart
from toankhoa.core.returns import Role
from toankhoa.jobs.models import Job
from toankhoa.org.accounts import move_person
from toankhoa.org.reforms import draft_reform, revise_reform
from toankhoa.reporting.models import Total

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(settings) -> None:
    settings.TODAY, settings.DEMO = TODAY, False
    settings.JOBS = "inline"


@pytest.fixture
def world() -> World:
    return province()


@pytest.fixture
def admin(world) -> Client:
    return visitor(world, "p", Role.ADMIN)


def test_the_administrator_checks_and_derives_totals(world, admin):
    world.accepted("c1", "CS-THANG", "2021-09", {"hoi_vien_moi": 5})
    checked = admin.post("/quan-tri/kiem-tra/", follow=True).content.decode()
    assert "Mọi số tổng hợp khớp với báo cáo" in checked
    derived = admin.post("/quan-tri/tinh-lai/", follow=True).content.decode()
    assert re.search(r"Đã tính lại \d+ dòng tổng hợp", derived)


def test_what_differs_is_counted(world, admin):
    world.accepted("c1", "CS-THANG", "2021-09", {"hoi_vien_moi": 5})
    lost = Total.objects.all().delete()[0]
    page = admin.post("/quan-tri/kiem-tra/", follow=True).content.decode()
    assert f"{lost} dòng tổng hợp khác với báo cáo" in page


def test_large_numbers_are_written_with_points(world, admin):
    job = Job.objects.create(
        kind="rebuild",
        state=Job.State.DONE,
        result={"rows": 34728},
        by=world.person("p", Role.ADMIN).user,
        started=world.at,
    )
    page = admin.get(f"/quan-tri/viec/{job.pk}/", follow=True).content.decode()
    assert "Đã tính lại 34.728 dòng tổng hợp" in page


def test_the_work_is_watched_until_it_is_done(world, admin):
    job = Job.objects.create(
        kind="check",
        done=3,
        total=12,
        message="Đang so",
        by=world.person("p", Role.ADMIN).user,
        started=world.at,
    )
    page = admin.get(f"/quan-tri/viec/{job.pk}/").content.decode()
    assert 'value="25" max="100"' in flat(page)
    part = admin.get(f"/quan-tri/viec/{job.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert f'hx-get="/quan-tri/viec/{job.pk}/"' in part
    assert "<html" not in part
    Job.objects.update(state=Job.State.FAILED, message="Có lỗi trong máy chủ")
    failed = admin.get(f"/quan-tri/viec/{job.pk}/").content.decode()
    assert "Có lỗi trong máy chủ" in failed
    assert "hx-get" not in re.search(r'<div class="stack-s" id="progress".*?>', flat(failed))[0]


def test_work_of_others_is_not_hers_to_watch(world, admin):
    job = Job.objects.create(
        kind="compile", by=world.person("p", Role.ADMIN).user, started=world.at
    )
    assert admin.get(f"/quan-tri/viec/{job.pk}/").status_code == 404


def test_the_log_names_what_it_is_about_and_leads_there(world, admin):
    publish_plan(world)
    world.send("c1", "CS-THANG", "2021-09", {"tin_bai_gui": 1})
    page = admin.get("/quan-tri/").content.decode()
    place = world.organisation.on(TODAY).units["c1"].name
    assert (
        f'<a href="/bao-cao/c1/CS-THANG/2021-09/">{place} · Báo cáo tháng của cơ sở, tháng 9/2021</a>'
        in page
    )
    assert '<a href="/ke-hoach/">Kế hoạch số 70/KH-BCH</a>' in page
    assert "Danh sách đơn vị" in page
    assert not re.search(r"<td>(return|plan|user|org|totals)\b", page)


def test_the_log_asks_the_same_of_one_return_and_of_two(world, admin):
    counts = []
    for unit in ("c1", "c2"):
        world.send(unit, "CS-THANG", "2021-09", {"tin_bai_gui": 1})
        with queries() as asked:
            admin.get("/quan-tri/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_log_says_what_was_changed_of_a_draft_and_where_somebody_was_put(world, admin):
    by = world.person("p", Role.ADMIN)
    record = Reform(code="", day=TODAY, document="", title="Gộp xã", changes=())
    draft = draft_reform(reform=record, by=by, at=world.at)
    rename = Change(effect=Effect.RENAME, parts=(ReformPart(code="c1", name="Xã Một"),))
    for row_version, revised in enumerate(
        (replace(record, changes=(rename,)), replace(record, title="Gộp", document="A"))
    ):
        revise_reform(draft=draft, reform=revised, row_version=row_version + 1, by=by, at=world.at)
    move_person(user=world.person("c1").user, unit="c2", by=by, at=world.at)
    page = admin.get("/quan-tri/").content.decode()
    said = re.findall(r'<span class="muted">· (.*?)</span></td>', tight(page))
    assert said[:3] == ["c2", "đổi tên gọi, đổi văn bản, nay có 0 thay đổi", "nay có 1 thay đổi"]
