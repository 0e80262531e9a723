"""A draft on screen: read against its source, edited as one types, findings set aside, indicators
placed.
"""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from markup import flat, tight
from visits import compiled, province, queries, visitor
from worlds import TODAY, World

from toankhoa.audit.models import AuditEntry
from toankhoa.core.returns import Role
from toankhoa.plan.drafts import keep_draft
from toankhoa.plan.models import PlanVersion

HTMX = {"headers": {"HX-Request": "true"}}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(settings) -> None:
    settings.TODAY, settings.DEMO = TODAY, False


@pytest.fixture
def world() -> World:
    return province()


@pytest.fixture
def draft(world) -> PlanVersion:
    source, plan, problems = compiled()
    by = world.person("p", Role.PLAN)
    return keep_draft(
        source_name="plan.docx", source=source, plan=plan, problems=problems, by=by, at=world.at
    )


@pytest.fixture
def planner(world):
    return visitor(world, "p", Role.PLAN)


def at(draft: PlanVersion, *parts: str) -> str:
    return f"/nap-ke-hoach/{draft.pk}/" + "".join(f"{part}/" for part in parts)


def now(draft: PlanVersion) -> PlanVersion:
    return PlanVersion.objects.get(pk=draft.pk)


def save(client, draft, row: str, field: str, text: str, row_version: int = 0):
    return client.post(
        at(draft, "hang", row, field, "luu"), {"text": text, "row_version": row_version}, **HTMX
    )


def cell(draft: PlanVersion, row: str, year: str) -> dict:
    found = next(each for each in now(draft).document["activities"] if each["code"] == row)
    return found["commitments"][year]


def test_the_page_is_the_plans_own_table_with_its_findings(planner, draft):
    page = planner.get(at(draft)).content.decode()
    assert page.count('<tr class="activity"') == 81
    assert "Ban KT-CSLP" in page
    assert 'href="#o' in page
    assert re.search(r"Còn \d+ điểm chưa xử lý", page)


def test_a_row_shows_its_words_its_source_and_its_reading(planner, draft):
    page = planner.get(at(draft, "hang", "I.CT05.1"), **HTMX).content.decode()
    assert "plan.docx · bảng 2, hàng" in page
    assert "Có thực hiện trong năm; không đặt chỉ tiêu bằng số." in page
    assert "Chỉ số đo hàng này" in page


def test_words_are_read_while_they_are_typed_and_not_kept(planner, draft):
    answer = planner.post(
        at(draft, "hang", "I.CT05.1", "2018", "doc-thu"), {"text": "ít nhất 80% hội viên"}, **HTMX
    )
    assert "Ít nhất 80% hội viên, mỗi đơn vị như nhau, trong năm 2018." in answer.content.decode()
    assert now(draft).document == draft.document


def test_a_saved_cell_changes_the_table_and_the_plan(planner, draft):
    answer = save(planner, draft, "I.CT05.1", "2018", "≥ 513 hộ").content.decode()
    assert "Ít nhất 513 hộ, cộng chung tất cả đơn vị, trong năm 2018." in answer
    assert 'hx-swap-oob="true"' in answer
    assert 'id="e-2018" value="1"' in flat(answer)
    assert (cell(draft, "I.CT05.1", "2018")["kind"], now(draft).row_version) == ("target", 1)
    assert now(draft).plan_digest != draft.plan_digest


def test_two_officers_do_not_overwrite_each_other(planner, draft):
    assert save(planner, draft, "I.CT05.1", "2018", "≥ 513 hộ").status_code == 200
    other = save(planner, draft, "I.CT05.1", "2019", "≥ 514 hộ")
    late = save(planner, draft, "I.CT05.1", "2018", "x")
    assert (other.status_code, late.status_code) == (200, 409)
    assert "vừa được người khác sửa" in late.content.decode()
    assert cell(draft, "I.CT05.1", "2018")["text"] == "≥ 513 hộ"


def test_two_officers_at_the_documents_fields_and_at_headings(planner, draft):
    """Each place has its own edition: the number, a heading's words, where a row stands."""
    first = [
        ("van-ban", "number", "71/KH"),
        ("I.CT05", "title", "Đề mục khác"),
        ("I.CT05.1", "heading", "I.CT06"),
    ]
    for row, field, text in first:
        assert save(planner, draft, row, field, text).status_code == 200
    for row, field, _ in first:
        late = save(planner, draft, row, field, "I.CT07")
        assert (late.status_code, "vừa được người khác sửa" in late.content.decode()) == (409, True)
    assert save(planner, draft, "van-ban", "title", "KẾ HOẠCH").status_code == 200
    kept = now(draft)
    headings = {each["code"]: each for each in kept.document["objectives"]}
    rows = {each["code"]: each for each in kept.document["activities"]}
    assert (
        kept.document["number"],
        headings["I.CT05"]["title"],
        rows["I.CT05.1"]["objective"],
    ) == (
        "71/KH",
        "Đề mục khác",
        "I.CT06",
    )
    assert (kept.number, kept.row_version) == ("71/KH", 4)


def test_words_that_did_not_change_write_nothing(planner, draft):
    """Not even where somebody else changed another field meanwhile, or this one to the very same
    words.
    """
    save(planner, draft, "I.CT05.1", "2018", "≥ 513 hộ")
    before, entries = now(draft), AuditEntry.objects.count()
    again = save(planner, draft, "I.CT05.1", "2018", " ≥ 513  hộ ", row_version=0)
    same = save(planner, draft, "van-ban", "number", draft.document["number"], row_version=1)
    assert (again.status_code, same.status_code) == (200, 200)
    assert (now(draft).row_version, now(draft).document, AuditEntry.objects.count()) == (
        1,
        before.document,
        entries,
    )


def test_the_documents_fields_are_shown_found_and_mended(planner, draft):
    page = planner.get(at(draft)).content.decode()
    assert 'id="vb-number"' in page
    panel = planner.get(at(draft, "hang", "van-ban"), **HTMX).content.decode()
    assert "Phần đầu và phần cuối văn bản" in panel
    assert "Chỉ số đo hàng này" not in panel
    save(planner, draft, "van-ban", "number", "")
    assert ("no-number", "number") in {
        (each["code"], each["field"]) for each in now(draft).problems
    }
    assert 'href="#vb-number"' in planner.get(at(draft)).content.decode()
    mended = save(planner, draft, "van-ban", "number", "72/KH", row_version=9).content.decode()
    assert 'id="number" name="number" value="72/KH"' in flat(mended)
    assert "no-number" not in {each["code"] for each in now(draft).problems}
    wrong = save(planner, draft, "van-ban", "date", "hôm qua", row_version=9)
    assert (wrong.status_code, "không phải ngày" in wrong.content.decode()) == (409, True)
    assert planner.post(at(draft, "hang", "van-ban", "bo")).status_code == 404


def test_a_detail_is_added_and_shown_under_its_row(planner, draft):
    answer = save(planner, draft, "I.CT05.1", "unit", "hộ").content.decode()
    assert "Đơn vị tính: hộ" in answer
    assert "Đơn vị tính: hộ" in planner.get(at(draft)).content.decode()
    row = next(each for each in now(draft).document["activities"] if each["code"] == "I.CT05.1")
    assert row["details"] == {"unit": "hộ"}


def test_headings_are_added_filled_emptied_and_taken_out(planner, draft):
    new = {"heading": "I", "number": "Chỉ tiêu 15", "title": "Chuyển đổi số"}
    page = planner.post(at(draft, "them-hang"), new, follow=True).content.decode()
    assert "Đề mục I.CT15" in page
    moved = save(planner, draft, "I.CT05.1", "heading", "I.CT15")
    assert moved["HX-Refresh"] == "true"
    planner.post(at(draft, "hang", "I.CT15", "bo"))
    assert "I.CT15" in {each["code"] for each in now(draft).document["objectives"]}
    save(planner, draft, "I.CT05.1", "heading", "I.CT05", row_version=9)
    planner.post(at(draft, "hang", "I.CT15", "bo"))
    assert "I.CT15" not in {each["code"] for each in now(draft).document["objectives"]}
    assert planner.post(at(draft, "them-hang"), {**new, "heading": "X"}).status_code == 404
    blank = planner.post(
        at(draft, "them-hang"), {**new, "title": " "}, follow=True
    ).content.decode()
    assert "không được để trống" in blank


def test_without_script_a_field_is_saved_and_the_row_shown_again(planner, draft):
    answer = planner.post(
        at(draft, "hang", "I.CT05.1", "2018", "luu"),
        {"text": "≥ 9 hộ", "row_version": "0"},
        follow=True,
    )
    assert "Đã lưu." in answer.content.decode()
    assert cell(draft, "I.CT05.1", "2018")["text"] == "≥ 9 hộ"


def test_a_mended_cell_loses_its_problem(planner, draft):
    where = next(each for each in draft.problems if each["code"] == "boards-joined")
    assert where["field"] == "boards"
    save(planner, draft, where["row"], "boards", "Ban KT, Ban CSLP")
    assert "boards-joined" not in {each["code"] for each in now(draft).problems}


def test_a_finding_is_set_aside_with_a_reason_and_put_back(planner, draft):
    found = next(each for each in draft.problems if each["code"] == "boards-joined")
    about = {key: found[key] for key in ("code", "row", "field", "fragment")}
    assert planner.post(at(draft, "bo-qua"), {**about, "reason": " "}, **HTMX).status_code == 409
    page = planner.post(
        at(draft, "bo-qua"), {**about, "reason": "Hai ban cùng làm"}, **HTMX
    ).content.decode()
    assert "Hai ban cùng làm" in page
    assert "1 đã bỏ qua" in page
    assert (
        "Hai ban cùng làm"
        not in planner.post(at(draft, "bo-qua"), {**about, "restore": "1"}, **HTMX).content.decode()
    )


def test_findings_are_filtered_by_how_much_they_matter(planner, draft):
    every, notes = (planner.get(at(draft) + query).content.decode() for query in ("", "?muc=note"))
    assert (
        every.count('class="button small" href="#o')
        > notes.count('class="button small" href="#o')
        > 0
    )


def test_an_indicator_is_offered_with_its_score_and_moved(planner, draft):
    page = planner.get(at(draft, "hang", "I.CT05.1"), **HTMX).content.decode()
    assert re.search(r"Hợp \d+%", page)
    code = re.search(
        r'name="indicator" value="([^"]+)"><button class="button small">(?:Gắn|Chuyển)', tight(page)
    )[1]
    planner.post(
        at(draft, "hang", "I.CT05.1", "chi-so"), {"indicator": code, "row_version": 0}, **HTMX
    )
    assert now(draft).placed == {code: "I.CT05.1"}
    planner.post(
        at(draft, "hang", "I.CT05.1", "chi-so"),
        {"indicator": code, "remove": "1", "row_version": 1},
        **HTMX,
    )
    assert now(draft).placed == {code: ""}


def test_rows_are_added_and_taken_out(planner, draft):
    page = planner.post(
        at(draft, "them-hang"), {"heading": "I.CT05", "title": "Mở 3 lớp nghề"}, follow=True
    )
    code = now(draft).document["activities"][-1]["code"]
    assert code in page.content.decode()
    planner.post(at(draft, "hang", code, "bo"))
    assert len(now(draft).document["activities"]) == 81


@pytest.mark.parametrize(
    "path", ["hang/X.1/", "hang/I.CT05.1/2031/doc-thu/", "hang/I.CT05/levels/luu/"]
)
def test_what_is_not_there_is_not_found(planner, draft, path):
    where = at(draft) + path
    answer = planner.get(where) if path == "hang/X.1/" else planner.post(where, {"text": "x"})
    assert answer.status_code == 404


def test_others_find_no_draft(world, draft):
    for client in (visitor(world, "d1", Role.PLAN), visitor(world, "c1")):
        assert client.get(at(draft)).status_code == 404
        assert save(client, draft, "I.CT05.1", "2018", "x").status_code == 404


def test_a_published_version_is_shown_and_never_changed(planner, draft):
    day = {"signed_on": "29/9/2017", "effective_on": "29/9/2017", "number": "70/KH"}
    planner.post(at(draft, "ban-hanh"), day)
    kept = now(draft)
    assert save(planner, draft, "I.CT05.1", "2018", "x", 99).status_code == 409
    assert (
        planner.post(at(draft, "bo-qua"), {"code": "x", "reason": "vì"}, **HTMX).status_code == 409
    )
    planner.post(at(draft, "hang", "I.CT05.1", "bo"))
    planner.post(at(draft, "them-hang"), {"heading": "I.CT05", "title": "Thêm"})
    planner.post(at(draft, "ban-hanh"), day | {"number": "71/KH"})
    assert (now(draft).document, now(draft).number, now(draft).row_version) == (
        kept.document,
        "70/KH",
        kept.row_version,
    )
    assert "<textarea" not in planner.get(at(draft, "hang", "I.CT05.1")).content.decode()


def test_pages_ask_little_of_the_database(planner, draft):
    """Session, user, membership with unit, mark of the organisation, the draft."""
    for path in (at(draft), at(draft, "hang", "I.CT05.1")):
        planner.get(path)
        with queries() as asked:
            planner.get(path)
        assert len(asked) == 5, [each["sql"] for each in asked]


def test_an_unsure_column_is_asked_about_and_the_answer_remembered(planner, settings):
    settings.JOBS = "inline"
    lines = [
        "| TT | Nội dung | 2021 | 2022 | Lượt kiểm đếm | Chủ trì |",
        "|---|---|---|---|---|---|",
        *(
            f"| {n} | Việc cần làm số {n} của chi hội | x | x | mỗi quý {n} lần | Văn phòng |"
            for n in range(1, 6)
        ),
    ]
    source = "\n".join(lines).encode()

    def upload() -> PlanVersion:
        file = SimpleUploadedFile("ke-hoach.md", source)
        planner.post("/nap-ke-hoach/nap/", {"file": file}, follow=True)
        return PlanVersion.objects.latest("pk")

    draft = upload()
    page = planner.get(at(draft)).content.decode()
    name = re.search(r'<select id="(cot-[\d-]+)"', page)
    assert name is not None
    assert "chưa trả lời" in page
    planner.post(at(draft, "cot"), {name[1]: "ignore"})
    assert "column-unknown" not in {each["code"] for each in now(draft).problems}
    assert (
        save(
            planner, draft, now(draft).document["activities"][0]["code"], "title", "x", 0
        ).status_code
        == 409
    )
    again = upload()
    assert again.answers == now(draft).answers != {}
    assert "Cột này là gì?" not in planner.get(at(again)).content.decode()
    assert (
        "Chưa chọn nghĩa"
        in planner.post(at(again, "cot"), {"cot-x": ""}, follow=True).content.decode()
    )
