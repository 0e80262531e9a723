"""The administrator's screens of reforms, without JavaScript: entered, previewed, applied, undone;
people are told.
"""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from markup import flat, tight
from visits import province, publish_plan, queries, visitor
from worlds import TODAY, World

from toankhoa.audit.clock import now
from toankhoa.core.returns import Role
from toankhoa.org.models import Membership, Reform
from toankhoa.org.organisation import organisation
from toankhoa.plan.models import Allocation, PlanVersion, Receipt

pytestmark = pytest.mark.django_db
LIST = "/quan-tri/sap-xep/"


@pytest.fixture(autouse=True)
def today(settings) -> None:
    settings.TODAY, settings.DEMO, settings.JOBS = TODAY, False, "inline"


@pytest.fixture
def world() -> World:
    return province()


@pytest.fixture
def admin(world) -> Client:
    return visitor(world, "p", Role.ADMIN)


def begin(admin: Client, day: str = "01/7/2021", **more) -> str:
    """A new draft; its address."""
    heading = {"title": "Sáp nhập hai xã", "document": "Nghị quyết 1", "day": day}
    response = admin.post(f"{LIST}lap/", {**heading, **more})
    assert response.status_code == 302
    return response["Location"]


def add(admin: Client, page: str, **typed) -> str:
    """One more change; what the page says then."""
    row_version = re.search(r'name="row_version" value="(\d+)"', admin.get(page).content.decode())[
        1
    ]
    return admin.post(
        f"{page}them/", {"row_version": row_version, **typed}, follow=True
    ).content.decode()


def test_a_merger_is_entered_previewed_applied_and_undone(world, admin):
    person = world.person("c2").user
    page = begin(admin)
    said = add(admin, page, effect="merge", unit=["c2", "", "c3"], into="c1", name="Xã Mới")
    assert "Sáp nhập c2 và c3 vào c1, lấy tên Xã Mới." in said
    assert re.search(
        r"<details name=.effect. open><summary>Sáp nhập", tight(said)
    )  # ready for the next one
    assert "5 → 3" in said
    assert person.full_name in said
    assert "c2" in organisation().on(TODAY)
    done = admin.post(f"{page}thuc-hien/", follow=True).content.decode()
    assert "Đã thực hiện: cây đơn vị đổi từ ngày hiệu lực" in done
    assert "Đã theo đơn vị kế tục" in done
    assert "c2" not in organisation().on(TODAY)
    assert "Sáp nhập hai xã" in admin.get(LIST).content.decode()
    undone = admin.post(f"{page}hoan-tac/", follow=True).content.decode()
    assert "Đã hoàn tác" in undone
    assert "c2" in organisation().on(TODAY)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"effect": "split", "unit": "c1", "into": ["c2", "n1"], "name": ["", "Xã N"], "share": ["60%", "40"]},
         "Chia c1 thành c2 (60%) và Xã N (n1, mới) (40%)."),
        ({"effect": "split", "unit": "c1", "into": ["c1", "c2", ""], "name": ["", "", ""], "share": ["", "", ""]},
         "Tách c1 thành c1 và c2 (không rõ tỷ lệ)."),
        ({"effect": "rename", "unit": "c1", "name": "Xã Một"}, "Đổi tên c1 thành Xã Một."),
        ({"effect": "kind", "unit": "c1", "name": "Phường Một", "kind": "Phường"},
         "Đổi loại c1 thành Phường, lấy tên Phường Một."),
        ({"effect": "move", "unit": "c1 · d1 (c1)", "parent": "d2"}, "Chuyển c1 về d2."),
        ({"effect": "abolish", "level": "district"}, "Bỏ cấp huyện; đơn vị bên dưới về thẳng cấp trên."),
        ({"effect": "abolish", "unit": "c1"}, "Bãi bỏ c1; đơn vị bên dưới về cấp trên."),
        ({"effect": "found", "unit": "n1", "name": "Xã N", "kind": "Xã", "level": "base", "parent": "d1"},
         "Thành lập Xã N (n1), thuộc d1."),
        ({"effect": "merge", "unit": ["c1", "c2"], "into": "n1", "name": "Xã N"}, "Sáp nhập c1 và c2 thành Xã N (n1)."),
    ],
)  # fmt: skip
def test_every_effect_is_typed_and_said_in_a_sentence(admin, typed, sentence):
    said = add(admin, begin(admin), **typed)
    assert sentence in said
    assert "không thực hiện được" not in said


def test_a_change_that_cannot_be_made_is_marked_and_keeps_the_reform_from_being_applied(admin):
    page = begin(admin)
    said = add(admin, page, effect="move", unit="d1", parent="c1")
    assert "dưới chính mình" in said
    assert re.search(r'<button class="button primary" disabled>.*Thực hiện', tight(said))
    assert "Hãy chọn trong danh sách" in add(
        admin, page, effect="rename", unit="Xã không có", name="X"
    )
    gone = admin.post(f"{page}bot/", {"row_version": 2, "place": 0}, follow=True).content.decode()
    assert "Chưa có thay đổi nào" in gone


def test_a_reform_is_only_previewed_before_its_day(admin):
    page = begin(admin, day="ngày 1 tháng 12 năm 2021")
    said = add(admin, page, effect="merge", unit="c2", into="c1")
    assert "có hiệu lực từ 01/12/2021. Trước ngày đó chỉ xem trước" in said
    failed = admin.post(f"{page}thuc-hien/", follow=True).content.decode()
    assert "có hiệu lực từ 01/12/2021" in failed
    assert "c2" in organisation().on(TODAY)


def test_a_heading_without_a_day_or_a_name_is_asked_for(admin):
    for wrong in ({"day": "mai", "title": "T"}, {"day": "1/7/2021", "title": " "}):
        said = admin.post(f"{LIST}lap/", wrong, follow=True).content.decode()
        assert "Hãy ghi" in said
    long = {"title": "T" * 201, "day": "1/7/2021"}
    assert "dài quá 200 chữ" in admin.post(f"{LIST}lap/", long, follow=True).content.decode()
    assert not Reform.objects.exists()


def test_a_draft_is_revised_and_dropped(admin):
    page = begin(admin)
    heading = {"row_version": 1, "title": "Tên khác", "document": "", "day": "2/7/2021"}
    said = admin.post(f"{page}sua/", heading, follow=True).content.decode()
    assert "Tên khác" in said
    assert "Đã bỏ bản thảo" in admin.post(f"{page}bo/", follow=True).content.decode()
    assert admin.get(page).status_code == 404
    assert "Tên khác" in admin.get("/quan-tri/").content.decode()  # the log remembers


def test_a_table_is_loaded_and_comes_back(admin):
    csv = "Thay đổi;Đơn vị;Thành\r\nSáp nhập;c2;c1\r\nSáp nhập;c3;c1\r\n"
    page = begin(admin, file=SimpleUploadedFile("a.csv", csv.encode("utf-8-sig")))
    said = admin.get(page).content.decode()
    assert "Sáp nhập c2 và c3 vào c1." in said
    table = admin.get(f"{page}bang-thay-doi/")
    assert table["Content-Type"].startswith("text/csv")
    assert 'filename="sap-xep-don-vi-2021-07-01.csv"' in table["Content-Disposition"]
    more = SimpleUploadedFile("b.csv", table.content.replace(b"c2", b"c4").replace(b"c3", b"c5"))
    assert "Sáp nhập c4 và c5 vào c1." in add(admin, page, file=more)
    bad = SimpleUploadedFile("b.csv", "Thay đổi;Đơn vị\r\nXóa;c1\r\n".encode())
    assert "Dòng 1: “Xóa” không phải" in add(admin, page, file=bad)


def test_a_history_is_loaded_from_yaml(admin):
    text = "reforms:\n- {code: a, day: 2021-07-01, title: Bỏ huyện, changes: [{effect: abolish, level: district}]}"
    page = admin.post(
        f"{LIST}nap/", {"file": SimpleUploadedFile("a.yaml", text.encode())}, follow=True
    )
    assert "Bỏ huyện" in page.content.decode()
    assert "Chưa chọn tệp" in admin.post(f"{LIST}nap/", follow=True).content.decode()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("reforms: 5", "phải là một danh sách các lần sắp xếp"),
        ("reforms:\n- {code: a", "dừng ở dòng 2, cột"),
        ("reforms: [{code: a, day: 2021-13-01}]", "có ngày không có thật"),
        ("- 1", "phải gồm các phần có tên"),
        (
            "reforms: [&a {code: a, title: A, document: NQ, day: 2021-07-01}, *a]",
            "Đã có lần sắp xếp mã a",
        ),
    ],
)
def test_a_file_that_cannot_be_loaded_says_where_and_nothing_of_it_is_kept(
    admin, text: str, said: str
):
    page = admin.post(
        f"{LIST}nap/", {"file": SimpleUploadedFile("a.yaml", text.encode())}, follow=True
    )
    assert said in page.content.decode()
    assert not Reform.objects.exists()


def test_a_decision_that_hands_targets_down_is_shown_and_keeps_a_reform_from_being_undone(
    world, admin
):
    publish_plan(world)
    page = begin(admin)
    add(admin, page, effect="merge", unit="c2", into="c1")
    decide(world, "c2", number="1/QĐ")
    shown = admin.get(page).content.decode()
    assert "Quyết định 1/QĐ" in shown
    admin.post(f"{page}thuc-hien/")
    assert "Chưa có việc gì dựa vào" in admin.get(page).content.decode()
    decide(world, "c1", number="2/QĐ")
    assert "đã có 1 quyết định giao chỉ tiêu" in admin.get(page).content.decode()


def decide(world: World, unit: str, *, number: str) -> None:
    """A decision of the province, in force, that reaches a unit."""
    version = PlanVersion.objects.get()
    made = {
        "unit": version.unit,
        "version": version,
        "columns": [{"year": 2021}],
        "made_at": world.at,
    }
    issued = Allocation.objects.create(
        **made,
        state=Allocation.State.ISSUED,
        number=number,
        effective_on=TODAY,
        issued_at=now(),
    )
    Receipt.objects.create(allocation=issued, unit_id=organisation().ids[unit])


def test_a_wrong_date_keeps_what_was_typed(admin):
    typed = {"title": "Sáp nhập hai xã", "document": "Nghị quyết 1", "day": "31/02/2021"}
    page = admin.post(f"{LIST}lap/", typed).content.decode()
    assert "Hãy ghi ngày có hiệu lực" in page
    assert re.search(r'id="day"[^>]*aria-invalid="true"[^>]*>\s*<span class="error"', page)
    for text in typed.values():
        assert f'value="{text}"' in page
    assert not Reform.objects.exists()


def test_what_would_no_longer_count_is_told_before_it_is_applied(world, admin):
    for unit, members in (("c1", 5), ("c2", 3)):
        world.accepted(unit, "CS-THANG", "2021-09", {"hoi_vien_moi": members})
    said = add(
        admin,
        begin(admin, "01/9/2021"),
        effect="merge",
        unit="c2",
        into="n",
        name="Xã N",
        parent="d2",
    )
    assert "Báo cáo đã gửi sẽ không còn tính" in said
    assert "8 → 5" in said
    assert "thuộc d2" in said  # the parent that she chose


# People


def test_who_followed_is_told_until_she_has_read_it(world, admin):
    client = visitor(world, "c2")
    page = begin(admin)
    add(admin, page, effect="merge", unit="c2", into="c1")
    admin.post(f"{page}thuc-hien/")
    told = client.get("/").content.decode()
    assert "c2 không còn: “Sáp nhập hai xã” (Nghị quyết 1)" in flat(told)
    assert "nay làm việc cho <strong>c1</strong>" in told
    client.post("/da-chuyen-don-vi/")
    assert "Sáp nhập hai xã" not in client.get("/").content.decode()


def test_who_was_left_is_seated_by_the_administrator(world, admin):
    client = visitor(world, "d1")
    page = begin(admin)
    add(admin, page, effect="abolish", level="district")
    assert "Đã đến ngày hiệu lực (01/7/2021) mà chưa thực hiện" in admin.get("/").content.decode()
    admin.post(f"{page}thuc-hien/")
    left = client.get("/")
    assert left.status_code == 403
    assert "Đơn vị của bạn đã kết thúc" in left.content.decode()
    home = admin.get("/").content.decode()
    assert "1 người chưa được xếp vào đơn vị" in home
    assert "Đã đến ngày hiệu lực" not in home
    assert "Còn 1 người chưa được xếp" in admin.get(LIST).content.decode()
    move = Reform.objects.get().moves.get()
    assert admin.post(f"{page}xep-nguoi/", {"move": "x", "unit": "c1"}).status_code == 404
    wrong = admin.post(
        f"{page}xep-nguoi/", {"move": move.pk, "unit": "d1"}, follow=True
    ).content.decode()
    assert "Hãy chọn một đơn vị đang hoạt động" in wrong
    said = admin.post(
        f"{page}xep-nguoi/", {"move": move.pk, "unit": "c1"}, follow=True
    ).content.decode()
    assert "vào c1" in said
    assert Membership.objects.get(user=move.user).unit.code == "c1"
    assert client.get("/").status_code == 200


def test_a_person_of_a_unit_that_ended_is_named_with_it(world, admin):
    visitor(world, "d1")
    page = begin(admin)
    add(admin, page, effect="abolish", level="district")
    admin.post(f"{page}thuc-hien/")
    assert re.search(
        r'>d1</a><span class="tag">đã kết thúc</span>', tight(admin.get("/quan-tri/").content)
    )


# Who, and how much it asks


@pytest.mark.parametrize(
    ("unit", "role"), [("d1", Role.ADMIN), ("p", Role.PLAN), ("p", Role.LEADER)]
)
def test_for_others_the_pages_do_not_exist(world, admin, unit, role):
    page, other = begin(admin), visitor(world, unit, role)
    for address in (LIST, page, f"{page}bang-thay-doi/"):
        assert other.get(address).status_code == 404
    for address in (f"{LIST}lap/", f"{page}thuc-hien/", f"{page}bo/", f"{page}hoan-tac/"):
        assert other.post(address).status_code == 404
    assert "Sắp xếp đơn vị" not in other.get("/").content.decode()


def test_the_list_asks_the_same_of_one_reform_and_of_three(admin):
    counts = []
    for number in range(2):
        for _ in range(1 + number):
            begin(admin)
        with queries() as asked:
            admin.get(LIST)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_before_an_undoing_it_is_told_what_changes_hands_again(world, admin):
    world.send("c1", "CS-THANG", "2021-09", {"tin_bai_gui": 1})
    page = begin(admin, "01/9/2021")
    add(admin, page, effect="move", unit="c1", parent="d2")
    applied = admin.post(f"{page}thuc-hien/", follow=True).content.decode()
    assert "1 báo cáo đang chờ d2 sẽ về chờ d1." in flat(applied)
    admin.post(f"{page}hoan-tac/")
    assert "sẽ về chờ" not in admin.get(page).content.decode()
