"""A return on screen: typed as people type, saved as it is typed, sent, accepted, sent back,
corrected.
"""

import re

import pytest
from django.test import Client
from markup import flat, tight
from reformed_units import reformed
from visits import province, publish_plan, queries, visitor
from worlds import TODAY, World

from toankhoa.core.organisation import Change, Effect, ReformPart
from toankhoa.core.returns import Role
from toankhoa.reporting.models import Return

MONTH = "/bao-cao/c1/CS-THANG/2021-09/"
STRAYED = "/bao-cao/c2/CS-THANG/2021-07/"
QUARTER = "/bao-cao/c1/CS-QUY/2021-Q3/"
HTMX = {"headers": {"HX-Request": "true"}}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(settings) -> None:
    settings.TODAY, settings.DEMO = TODAY, False


@pytest.fixture
def world() -> World:
    return province()


@pytest.fixture
def officer(world) -> Client:
    return visitor(world, "c1")


def stored(form: str = "CS-THANG") -> Return:
    return Return.objects.get(unit__code="c1", form=form)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("1.234", 1234), ("1 234", 1234), ("12", 12), ("0", 0), ("–", "nil"), ("/", "n/a")],
)
def test_figures_are_read_as_vietnamese_is_typed(officer, typed, kept):
    officer.post(MONTH + "luu/", {"tin_bai_gui": typed, "row_version": 0})
    assert stored().values == {"tin_bai_gui": kept}


def test_what_was_kept_comes_back_as_it_is_written(officer):
    officer.post(MONTH + "luu/", {"tin_bai_gui": "1234", "tin_bai_dang": "–", "row_version": 0})
    page = flat(officer.get(MONTH).content)
    assert re.search(r'name="tin_bai_gui" value="1.234"', page)
    assert re.search(r'name="tin_bai_dang" value="–"', page)
    assert re.search(r'name="hoi_vien_moi" value=""', page)


def test_an_emptied_box_takes_the_figure_out(officer):
    officer.post(MONTH + "luu/", {"tin_bai_gui": "5", "hoi_vien_moi": "2", "row_version": 0})
    officer.post(MONTH + "luu/", {"tin_bai_gui": "", "row_version": 1})
    assert stored().values == {"hoi_vien_moi": 2}


def test_each_box_saves_by_itself_and_says_when(officer):
    answer = flat(
        officer.post(MONTH + "luu/", {"tin_bai_gui": "1234", "row_version": "0"}, **HTMX).content
    )
    assert "Đã lưu lúc" in answer
    assert "ngày 20/10/2021" in answer
    assert 'id="row_version" value="1" hx-swap-oob="true"' in answer
    assert 'name="tin_bai_gui" value="1.234"' in answer
    assert "<html" not in answer


def test_a_page_opened_earlier_does_not_overwrite(officer):
    officer.post(MONTH + "luu/", {"tin_bai_gui": "5", "row_version": "0"}, **HTMX)
    late = officer.post(MONTH + "luu/", {"tin_bai_gui": "7", "row_version": "0"}, **HTMX)
    assert late.status_code == 409
    assert "vừa được sửa ở nơi khác" in late.content.decode()
    assert stored().values == {"tin_bai_gui": 5}


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_what_is_no_number_is_named_and_not_kept(officer, headers):
    answer = officer.post(
        MONTH + "luu/", {"tin_bai_gui": "mười", "hoi_vien_moi": "3", "row_version": 0}, **headers
    )
    assert "không phải số nguyên" in answer.content.decode()
    assert 'value="mười"' in answer.content.decode()
    assert stored().values == {"hoi_vien_moi": 3}


def test_a_part_above_its_whole_is_shown_and_not_sent(officer):
    figures = {"hoi_vien": "100", "hv_sinh_hoat": "120", "row_version": 0}
    answer = officer.post(QUARTER + "luu/", figures, **HTMX).content.decode()
    assert "“Hội viên sinh hoạt thường xuyên” (120) lớn hơn “Tổng số hội viên” (100)" in answer
    page = officer.post(
        QUARTER + "gui/", {**figures, "row_version": 1}, follow=True
    ).content.decode()
    assert "Sửa một trong hai" in page
    assert stored("CS-QUY").state == "draft"


def test_last_period_stands_beside_and_jumps_are_pointed_at(world, officer):
    world.send("c1", "CS-QUY", "2021-Q2", {"hoi_vien": 1500})
    officer.post(QUARTER + "luu/", {"hoi_vien": "15", "row_version": 0})
    page = officer.get(QUARTER).content.decode()
    assert "kỳ trước<b>1.500</b>" in page
    assert "Thay đổi lớn" in page


@pytest.mark.parametrize(("kept", "said"), [(1, "Có"), (0, "Không"), ("n/a", "không áp dụng")])
def test_last_period_of_a_question_is_answered_in_words(world, officer, kept, said):
    world.send("c1", "CS-NAM", "2020", {"co_tu_sach": kept})
    page = officer.get("/bao-cao/c1/CS-NAM/2021/").content.decode()
    before = re.search(r'id="row-co_tu_sach".*?kỳ trước<b>(.*?)</b>', page, re.S)
    assert before is not None
    assert before[1] == said


def test_what_is_far_from_a_year_of_figures_is_pointed_at_on_the_form_and_to_those_who_accept(
    world, officer
):
    world.send("c1", "CS-THANG", "2020-11", {"tin_bai_gui": 12})
    world.send("c1", "CS-THANG", "2021-08", {"tin_bai_gui": 5})
    answer = officer.post(
        MONTH + "luu/", {"tin_bai_gui": "1200", "row_version": 0}, **HTMX
    ).content.decode()
    assert "1.200, hơn 10 lần số lớn nhất đã ghi trong một năm qua (12)" in answer
    assert "1 số cần xem lại" in answer
    officer.post(MONTH + "gui/", {"row_version": 1})
    world.send(
        "c2", "CS-THANG", "2021-09", {"tin_bai_gui": 1200}
    )  # with nothing to hold it against
    district = visitor(world, "d1")
    inbox = tight(district.get("/hop-duyet/").content)
    rows = re.findall(r'<tr><td class="tick">.*?</tr>', inbox)
    assert [("1 số cần xem lại" in row) for row in rows] == [False, False, True, False]
    page = district.get(MONTH).content.decode()
    assert "1 số cần xem lại" in page
    assert "hơn 10 lần" in page


def test_sending_keeps_what_is_in_the_boxes_and_closes_the_form(officer):
    page = officer.post(
        MONTH + "gui/", {"tin_bai_gui": "5", "row_version": 0}, follow=True
    ).content.decode()
    assert "Đã gửi. Bạn sẽ thấy ở đây" in page
    assert 'name="tin_bai_gui"' not in page
    assert (stored().state, stored().values) == ("sent", {"tin_bai_gui": 5})


def test_an_empty_return_is_not_sent(officer):
    page = officer.post(MONTH + "gui/", {"row_version": 0}, follow=True).content.decode()
    assert "Báo cáo chưa có số liệu nào" in page
    assert not Return.objects.exists()


@pytest.mark.parametrize(
    ("form", "period", "why"),
    [
        ("CS-THANG", "2021-11", "Có thể nhập từ ngày 01/11/2021"),
        ("CS-THANG", "2030-01", "Có thể nhập từ ngày 01/01/2030"),
        ("CS-NAM", "2016", "Kế hoạch bắt đầu từ năm 2017"),
    ],
)
def test_a_period_that_is_not_due_is_locked_and_says_why(world, officer, form, period, why):
    publish_plan(world)
    path = f"/bao-cao/c1/{form}/{period}/"
    page = officer.get(path).content.decode()
    assert why in page
    assert 'id="entry"' not in page
    element = world.library.forms[form].elements[0]
    for verb in ("luu", "gui"):
        assert (
            why
            in officer.post(
                f"{path}{verb}/", {element: "1", "row_version": 0}, follow=True
            ).content.decode()
        )
    assert not Return.objects.exists()


def test_a_year_of_the_plan_is_open(world, officer):
    publish_plan(world)
    assert 'id="entry"' in officer.get("/bao-cao/c1/CS-NAM/2017/").content.decode()


def test_a_sent_return_opens_again_with_a_reason(officer):
    officer.post(MONTH + "gui/", {"tin_bai_gui": "5", "row_version": 0})
    without = officer.post(MONTH + "mo-lai/", {"reason": " "}, follow=True).content.decode()
    assert "Hãy ghi lý do" in without
    page = officer.post(
        MONTH + "mo-lai/", {"reason": "Đếm sót một bài"}, follow=True
    ).content.decode()
    assert "Đếm sót một bài" in page
    assert 'name="tin_bai_gui" value="5"' in flat(page)


def test_the_unit_above_accepts_and_the_one_above_it_is_next(world, officer):
    officer.post(MONTH + "gui/", {"tin_bai_gui": "5", "row_version": 0})
    page = visitor(world, "d1").post(MONTH + "nhan/", follow=True).content.decode()
    assert "Huyện đã duyệt, chờ Tỉnh" in page
    assert stored().accepted_depth == 1
    assert "Huyện đã duyệt, chờ Tỉnh" in officer.get("/bao-cao/").content.decode()
    visitor(world, "p").post(MONTH + "nhan/")
    assert stored().accepted_depth == 0
    assert "Các cấp đã duyệt" in officer.get("/bao-cao/").content.decode()


def test_a_return_sent_back_says_why(world, officer):
    officer.post(MONTH + "gui/", {"tin_bai_gui": "5", "row_version": 0})
    district = visitor(world, "d1")
    assert (
        "Hãy ghi lý do"
        in district.post(MONTH + "tra-lai/", {"reason": ""}, follow=True).content.decode()
    )
    district.post(MONTH + "tra-lai/", {"reason": "Thiếu tin của chi hội 3"})
    page = officer.get(MONTH).content.decode()
    assert "Thiếu tin của chi hội 3" in page
    assert "Gửi báo cáo" in page
    assert "1 báo cáo bị trả lại" in officer.get("/").content.decode()


@pytest.mark.parametrize("verb", ["nhan", "tra-lai", "mo-lai", "gui", "luu"])
def test_nobody_moves_a_return_that_is_not_hers_to_move(world, officer, verb):
    officer.post(MONTH + "gui/", {"tin_bai_gui": "5", "row_version": 0})
    before = stored().row_version
    visitor(world, "p").post(
        f"{MONTH}{verb}/", {"reason": "x", "tin_bai_gui": "9", "row_version": before}
    )
    assert (stored().row_version, stored().values) == (before, {"tin_bai_gui": 5})
    assert visitor(world, "d2").post(f"{MONTH}{verb}/").status_code == 404


def test_several_are_accepted_at_once(world):
    for unit in ("c1", "c2", "c3"):
        world.send(unit, "CS-THANG", "2021-09", {"tin_bai_gui": 1})
    district = visitor(world, "d1")
    chosen = list(Return.objects.exclude(unit__code="c3").values_list("pk", flat=True))
    page = district.post("/hop-duyet/nhan/", {"chosen": chosen}, follow=True).content.decode()
    assert "Đã duyệt 2 báo cáo" in page
    assert set(Return.objects.values_list("unit__code", "state")) == {
        ("c1", "accepted"),
        ("c2", "accepted"),
        ("c3", "sent"),
    }


def test_the_inbox_filters_and_names_who_is_missing(world):
    world.send("c1", "CS-THANG", "2021-09", {"tin_bai_gui": 1})
    world.send("c1", "CS-QUY", "2021-Q3", {"hoi_vien": 10})
    district = visitor(world, "d1")
    both = district.get("/hop-duyet/").content.decode()
    assert both.count('name="chosen"') == 2
    one = district.get("/hop-duyet/?bieu=CS-QUY").content.decode()
    assert one.count('name="chosen"') == 1
    missing = re.search(r"tháng 9/2021.*?</details>", both, re.S)
    assert missing is not None
    assert re.findall(r"/don-vi/(\w+)/", missing[0]) == ["c2", "c3"]


def test_the_inbox_asks_the_same_of_one_return_and_of_three(world):
    district = visitor(world, "d1")
    counts = []
    for unit in ("c1", "c2", "c3"):
        world.send(unit, "CS-THANG", "2021-09", {"tin_bai_gui": 1})
        with queries() as asked:
            assert district.get("/hop-duyet/").status_code == 200
        counts.append(len(asked))
    # session, user, membership, mark of the tree; returns that wait and the year before them; what
    # has come in
    assert counts == [7, 7, 7]


def test_my_returns_ask_the_same_of_one_return_and_of_three(world, officer):
    counts = []
    for month in ("2021-07", "2021-08", "2021-09"):
        world.send("c1", "CS-THANG", month, {"tin_bai_gui": 1})
        with queries() as asked:
            page = officer.get("/bao-cao/?nam=2021").content.decode()
        counts.append(len(asked))
    assert page.count("Đã gửi") == 3
    # session, user, membership, mark of the tree; the unit's returns
    assert counts == [5, 5, 5]


def test_one_return_asks_the_same_of_one_step_and_of_three(world, officer):
    counts = []
    ret = world.send("c1", "CS-THANG", "2021-09", {"tin_bai_gui": 1})
    for step in (lambda: world.accept(ret, "d1"), lambda: world.accept(ret, "p"), lambda: None):
        with queries() as asked:
            officer.get(MONTH)
        counts.append(len(asked))
        step()
    # session, user, membership, mark of the tree; this return and those of a year; its steps
    assert counts == [6, 6, 6]


def test_a_correction_in_the_inbox_shows_what_changes_and_is_not_late_for_it(world: World):
    world.minutes = -48 * 24 * 60  # in time, on 2 September
    ret = world.accepted("c1", "CS-THANG", "2021-08", {"tin_bai_gui": 5})
    world.minutes = 0
    world.correct(ret, "Đếm sót")
    world.send("c1", "CS-THANG", "2021-08", {"tin_bai_gui": 7})
    page = visitor(world, "d1").get("/hop-duyet/").content.decode()
    page = tight(page)
    row = re.sub(r"<[^>]+>", "", page[page.index('<tr><td class="tick">') :])
    assert "đính chính" in row
    assert re.search(r"5→nay là7", row)
    assert "“Đếm sót”" in row
    assert "muộn" not in row


def test_corrections_in_the_inbox_cost_the_same_for_one_and_for_three(world: World):
    district, counts = visitor(world, "d1"), []
    for unit in ("c1", "c2", "c3"):
        world.correct(world.accepted(unit, "CS-THANG", "2021-08", {"tin_bai_gui": 5}))
        world.send(unit, "CS-THANG", "2021-08", {"tin_bai_gui": 7})
        with queries() as asked:
            district.get("/hop-duyet/")
        counts.append(len(asked))
    assert counts == [
        11,
        11,
        11,
    ]  # four more than without: corrections, their steps and revisions; when first sent


def test_a_page_open_since_before_a_reform_is_told_why_nothing_is_saved(world):
    follower, left = visitor(world, "c2"), visitor(world, "c3")
    merge = Change(effect=Effect.MERGE, units=("c2",), parts=(ReformPart(code="c1"),))
    split = Change(
        effect=Effect.SPLIT,
        units=("c3",),
        parts=(ReformPart(code="a", name="Xã A"), ReformPart(code="b", name="Xã B")),
    )
    reformed(world, merge, split)
    typed = {"tin_bai_gui": "3", "row_version": "0"}
    said = follower.post("/bao-cao/c2/CS-THANG/2021-09/luu/", typed, **HTMX)
    assert said.status_code == 409
    words = "c2 đã kết thúc từ 01/7/2021. Số của tháng 9/2021 thuộc báo cáo của c1."
    assert said.content.decode() == words
    assert follower.get("/bao-cao/c2/CS-THANG/2021-09/").status_code == 404
    said = left.post("/bao-cao/c3/CS-THANG/2021-09/luu/", typed, **HTMX)
    assert said.status_code == 409
    assert said.content.decode().startswith(
        "Chưa lưu: đơn vị của bạn đã kết thúc từ 01/7/2021 theo “Sắp xếp”"
    )


def test_a_page_open_when_she_signed_out_elsewhere_is_told_so():
    said = Client().post(f"{MONTH}luu/", {"tin_bai_gui": "3"}, **HTMX)
    assert (said.status_code, said.content.decode()[:26]) == (409, "Chưa lưu: bạn đã đăng xuất")


def late(world: World) -> None:
    """Two communes merged from July on, entered when both had reported July; June is the old one's
    own.
    """
    for unit, invited in (("c1", 4), ("c2", 7)):
        for period in ("2021-06", "2021-07"):
            world.accepted(unit, "CS-THANG", period, {"tin_bai_gui": invited})
    world.minutes += 5
    reformed(world, Change(effect=Effect.MERGE, units=("c2",), parts=(ReformPart(code="c1"),)))


def test_after_a_reform_entered_late_she_is_asked_to_take_in_the_old_units_part(world, officer):
    late(world)
    link = '<a class="title" href="/bao-cao/c1/CS-THANG/2021-07/">'
    for page in ("/", "/bao-cao/"):
        said = officer.get(page).content.decode()
        assert "Báo cáo đã gửi thiếu phần của đơn vị cũ" in said
        assert f"{link}Tháng 7/2021</a>" in said
        assert "thiếu phần của c2" in said
    assert f"{link}c1, tháng 7/2021</a>" in visitor(world, "d1").get("/").content.decode()
    assert "thiếu phần" not in visitor(world, "d2").get("/").content.decode()
    form = officer.get("/bao-cao/c1/CS-THANG/2021-07/").content.decode()
    assert "c2 đã báo: <strong>7</strong>" in form
    assert ">Gộp số của c2</textarea>" in form
    assert 'href="/bao-cao/c2/CS-THANG/2021-07/"' in form
    officer.post("/bao-cao/c1/CS-THANG/2021-07/mo-lai/", {"reason": "Gộp số của c2"})
    assert (
        "c2 đã báo: <strong>7</strong>"
        in officer.get("/bao-cao/c1/CS-THANG/2021-07/").content.decode()
    )
    assert "đã báo:" not in officer.get("/bao-cao/c1/CS-THANG/2021-06/").content.decode()


def test_what_an_old_unit_had_sent_is_reached_from_who_carries_it_on(world, officer):
    late(world)
    pages = [officer.get(page) for page in ("/bao-cao/", "/don-vi/c1/")]
    for page in (*pages, visitor(world, "d1").get("/don-vi/c1/")):
        said = page.content.decode()
        assert "Báo cáo của đơn vị cũ" in said
        assert 'href="/bao-cao/c2/CS-THANG/2021-06/"' in said
    assert "Báo cáo của đơn vị cũ" not in officer.get("/").content.decode()
    assert officer.get("/bao-cao/c2/CS-THANG/2021-06/").status_code == 200


@pytest.mark.parametrize(
    ("unit", "role", "label"),
    [
        ("c1", Role.OFFICER, "Báo cáo"),
        ("d1", Role.OFFICER, "Hộp duyệt"),
        ("d1", Role.LEADER, "Đơn vị"),
    ],
)
def test_a_return_that_counts_nowhere_leads_back_to_a_page_that_she_has(world, unit, role, label):
    late(world)
    page = visitor(world, unit, role).get(STRAYED).content.decode()
    crumb = re.search(r'class="crumbs"><li><a href=".*?">(.*?)</a>', tight(page))
    assert crumb[1] == label
