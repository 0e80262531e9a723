"""Giao chỉ tiêu on screen: chosen, filled in with and without a script, issued, acknowledged; who
sees it.
"""

import io
import re
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from markup import tight
from visits import province, publish_plan, queries, visitor
from worlds import TODAY, World

from toankhoa.core.measures import IndicatorKind
from toankhoa.core.results import Level
from toankhoa.core.returns import Role
from toankhoa.operations.allocation_sheet import allocation_sheet
from toankhoa.operations.living_plan import living_plan
from toankhoa.plan.column_json import column_from
from toankhoa.plan.models import Allocation

pytestmark = pytest.mark.django_db

HOUSEHOLDS, EXEMPLARS = "I.CT02.2|CT02.2|2021", "I.CT03.1|CT03.1|2021"
ISSUED = {"number": "15/QĐ", "issued_on": "15/01/2021", "effective_on": "15/01/2021"}


@pytest.fixture(autouse=True)
def today(settings) -> None:
    settings.TODAY, settings.DEMO = TODAY, False


@pytest.fixture
def world() -> World:
    world = province()
    publish_plan(world)
    return world


@pytest.fixture
def planner(world):
    return visitor(world, "p", Role.PLAN)


def sheet(client, *targets: str) -> str:
    """The address of a new sheet."""
    return client.post("/giao-chi-tieu/lap/", {"target": targets or [HOUSEHOLDS]}).url


def body(response) -> str:
    return response.content.decode()


def said(response) -> str:
    """What a page says at its head, without tags."""
    return re.sub(r"<[^>]+>", " ", body(response)[body(response).index('id="main"') :])


def decision() -> Allocation:
    return Allocation.objects.get()


def save(client, address: str, script: bool = False, row_version: int | None = None, **boxes):
    headers = {"HX-Request": "true"} if script else {}
    asked = decision().row_version if row_version is None else row_version
    return client.post(
        f"{address}luu/", {"row_version": asked, **boxes}, headers=headers, follow=True
    )


def test_amounts_that_nobody_handed_down_are_ticked(planner):
    page = body(planner.get("/giao-chi-tieu/chon/?nam=2021"))
    ticked = re.findall(r'value="([^"]+)"\s+checked', page)
    assert HOUSEHOLDS in ticked
    assert EXEMPLARS in ticked
    assert "I.CT04.2|CT04.2|2021" not in ticked, "one for each base needs no decision"
    assert "I.CT02.3|CT02.3|2021" not in ticked, "nor does a rate"
    sheet(planner)
    page = body(planner.get("/giao-chi-tieu/chon/?nam=2021"))
    assert HOUSEHOLDS not in re.findall(r'value="([^"]+)"\s+checked', page)
    assert "đang có trong bảng lập lúc" in page


def test_a_sheet_shows_parts_totals_and_what_is_left(planner):
    page = body(planner.get(sheet(planner)))
    assert 'placeholder="205"' in page
    assert 'placeholder="137"' in page
    assert "342 hộ" in page
    assert "Khớp" in page


def test_rows_of_one_year_are_handed_down_for_others_too(planner):
    planner.post(
        "/giao-chi-tieu/lap/",
        {"target": [HOUSEHOLDS, "x", "a|b|c"], "year": ["2019", "2020", "nay"]},
    )
    columns = [column_from(each) for each in decision().columns]
    assert [(column.row, column.year) for column in columns] == [
        ("I.CT02.2", year) for year in (2019, 2020, 2021)
    ]


def test_nothing_ticked_is_said(planner):
    page = body(planner.post("/giao-chi-tieu/lap/", follow=True))
    assert "Chưa chọn chỉ tiêu nào" in page


def test_it_is_saved_without_a_script(planner):
    address = sheet(planner)
    page = save(
        planner,
        address,
        **{"m-0-d1": "200", "m-0-d2": "", "r-0-method": "equal", "r-0-reserve": "2"},
    )
    assert "Đã lưu bảng giao" in body(page)
    (column,) = map(column_from, decision().columns)
    assert (column.fixed, column.rule.method, column.rule.reserve) == ({"d1": 200}, "equal", 2)
    assert 'placeholder="140"' in body(page)


def test_what_cannot_be_read_is_shown_where_it_was_typed_and_the_rest_is_kept(planner):
    address = sheet(planner)
    page = body(save(planner, address, **{"m-0-d1": "hai trăm", "m-0-d2": "100", "r-0-least": "x"}))
    assert 'value="hai trăm"' in page
    assert "không phải số" in page
    assert "Ô “ít nhất”" in page
    assert "2 ô chưa đọc được" in page
    assert column_from(decision().columns[0]).fixed == {"d2": 100}


def test_a_script_gets_the_table_alone_and_the_next_edition(planner):
    address = sheet(planner)
    part = body(save(planner, address, script=True, **{"m-0-d1": "–"}))
    assert "<html" not in part
    assert 'name="row_version" id="row_version" value="1"' in part
    assert 'placeholder="342"' in part


def test_an_older_page_does_not_overwrite(planner):
    address = sheet(planner)
    save(planner, address, **{"m-0-d1": "200"})
    late = save(planner, address, script=True, row_version=0, **{"m-0-d1": "100"})
    assert late.status_code == 409
    assert "vừa được người khác sửa" in body(late)
    assert "vừa được người khác sửa" in body(
        save(planner, address, row_version=0, **{"m-0-d1": "100"})
    )
    assert column_from(decision().columns[0]).fixed == {"d1": 200}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"number": ""}, "Hãy ghi số, ký hiệu"),
        ({"issued_on": "hôm nay"}, "Ngày chưa đúng"),
        ({"effective_on": "1/1/2021"}, "không thể trước ngày ký"),
    ],
)
def test_what_hinders_issuing_is_said(planner, wrong, message):
    address = sheet(planner)
    page = body(planner.post(f"{address}giao/", ISSUED | wrong))
    assert message in page
    field, text = next(iter(wrong.items()))
    assert re.search(rf'id="{field}"[^>]*value="{text}"[^>]*aria-invalid="true"', page)
    assert decision().state == Allocation.State.DRAFT


def test_a_decision_goes_down_and_its_acknowledgement_up(world, planner):
    address = sheet(planner, HOUSEHOLDS, EXEMPLARS)
    assert "0/2 đơn vị đã xác nhận" in body(planner.post(f"{address}giao/", ISSUED, follow=True))
    district = visitor(world, "d1")
    assert "Quyết định số 15/QĐ" in body(district.get("/"))
    page = body(district.get(f"{address}nhan/"))
    assert "205 hộ" in page
    assert "137" not in page, "what a sibling has is not hers to see"
    assert "Đã xác nhận" in body(district.post(f"{address}nhan/xac-nhan/", follow=True))
    assert "Quyết định số 15/QĐ" not in body(district.get("/"))
    assert "1/2 đơn vị đã xác nhận" in body(planner.get(address))


def test_a_part_leads_to_the_figure_that_its_rule_looks_at(world, planner):
    world.minutes = (
        -9 * 60
    )  # vouched for at midnight, so before the decision whatever the clock says
    for unit in ("c1", "c4"):
        world.accepted(unit, "CS-6T", "2020-H2", {"ho_5k3s": 4})
    address = sheet(planner)
    for rule, words, leads in (
        ({"method": "weight"}, "3 cơ sở", "/don-vi/d1/"),
        ({"method": "actual"}, "4 hộ", "/ke-hoach/d1/I.CT02.2/CT02.2/2020/"),
        ({"method": "weight", "weight": "actual"}, "4 hộ", "/ke-hoach/d1/I.CT02.2/CT02.2/2020/"),
        ({"method": "weight", "weight": "ho_5k3s"}, "4 hộ", "/ke-hoach/d1/I.CT02.2/CT02.2/2020/"),
    ):
        boxes = {f"r-0-{of}": said for of, said in rule.items()}
        draft = body(
            save(planner, address, row_version=Allocation.objects.latest("pk").row_version, **boxes)
        )
        planner.post(f"{address}giao/", ISSUED)
        for page in (draft, body(planner.get(address))):
            assert re.search(
                rf'class="rests-on[^>]* href="{leads}"[^>]*>(từ )?{words}<', tight(page)
            )
        assert planner.get(leads).status_code == 200
        address = sheet(planner)


def test_the_explanation_names_the_decision(world, planner):
    address = sheet(planner)
    planner.post(f"{address}giao/", ISSUED)
    page = said(visitor(world, "d1").get("/ke-hoach/d1/I.CT02.2/CT02.2/2021/"))
    assert re.search(r"205 hộ\s*,\s+theo\s+quyết định số 15/QĐ\s+ngày 15/01/2021 của p", page)


def test_the_explanation_of_the_whole_holds_each_part_against_what_was_handed_on(world, planner):
    address = "/ke-hoach/p/I.CT02.2/CT02.2/2021/"
    assert "Chỉ tiêu giao" not in said(planner.get(address))
    planner.post(f"{sheet(planner)}giao/", ISSUED)
    with queries() as first:
        page = said(planner.get(address))
    assert re.search(r"d1\s+chưa có\s+205 hộ", page)
    for number in ("16/QĐ", "17/QĐ"):
        planner.post(f"{sheet(planner)}giao/", ISSUED | {"number": number})
    with queries() as third:
        planner.get(address)
    assert len(first) == len(third)
    assert "Chỉ tiêu giao" not in said(
        visitor(world, "d1").get("/ke-hoach/d1/I.CT02.2/CT02.2/2021/")
    )


def test_a_district_divides_further_and_a_commune_sees_its_own(world, planner):
    planner.post(f"{sheet(planner)}giao/", ISSUED)
    district = visitor(world, "d1")
    address = sheet(district)
    assert 'placeholder="69"' in body(district.get(address))
    district.post(f"{address}giao/", ISSUED | {"number": "3/QĐ"})
    assert "69 hộ" in body(visitor(world, "c1").get(f"{address}nhan/"))
    assert "69 hộ" in body(visitor(world, "c1").get("/ke-hoach/"))


def test_a_revision_begins_where_the_decision_stands(planner):
    address = sheet(planner)
    save(planner, address, **{"m-0-d1": "200"})
    planner.post(f"{address}giao/", ISSUED)
    page = planner.post(f"{address}dieu-chinh/", follow=True)
    assert "Điều chỉnh quyết định số 15/QĐ" in body(page)
    assert 'value="200"' in body(page)
    planner.post(f"{page.request['PATH_INFO']}giao/", ISSUED | {"number": "16/QĐ"})
    assert "quyết định số 16/QĐ" in body(planner.get(address))


def test_a_draft_is_thrown_away(planner):
    address = sheet(planner)
    assert "Đã bỏ bảng giao này" in body(planner.post(f"{address}bo/", follow=True))
    assert planner.get(address).status_code == 404


# In one sheet to the last units


def deep(client, *targets: str, reach: str = "through") -> str:
    """The address of a new sheet that goes down to the communes."""
    return client.post(
        "/giao-chi-tieu/lap/", {"target": targets or [HOUSEHOLDS], "reach": reach}
    ).url


def test_one_sheet_reaches_every_unit_within_what_binds_each(planner):
    address = deep(planner)
    save(
        planner,
        address,
        **{"m-0-d1": "200; dp 5", "m-0-c1": "≥ 80", "m-0-c3": "≤ 50", "m-0-c4": "100"},
    )
    page = said(planner.get(address))
    assert re.search(r"bên dưới 195\s+\+ dp 5\s+Khớp", page), (
        "200 of the first district: 5 kept, 195 handed on"
    )
    planner.post(f"{address}giao/", ISSUED)
    parts = column_from(decision().columns[0]).parts
    assert parts == {"d1": 200, "c1": 80, "c2": 65, "c3": 50, "d2": 142, "c4": 100, "c5": 42}
    assert "0/7 đơn vị đã xác nhận" in body(planner.get(address))


def test_bounds_that_cannot_be_kept_are_told_where_they_are(planner):
    address = deep(planner)
    save(planner, address, **{"m-0-d1": "100", "m-0-c1": "≥ 80", "m-0-c2": "≥ 80"})
    assert "Mức ít nhất của các đơn vị cộng lại là 160, mà chỉ còn 100" in said(
        planner.get(address)
    )
    page = planner.post(f"{address}giao/", ISSUED, follow=True)
    assert "Cột “" in body(page)
    assert decision().state == Allocation.State.DRAFT


def test_what_binds_single_units_goes_to_excel_and_comes_back(planner):
    address = deep(planner)
    save(planner, address, **{"m-0-d1": "200; dp 5", "m-0-c1": "80–90"})
    book = workbook(planner, address)
    assert "không có ô nào khác" in upload(planner, address, book)
    limits = book["Giới hạn"]
    row = next(row for row in limits.iter_rows() if row[0].value == "c3")
    row[2].value = "≤ 50"
    assert "Đã lấy 1 ô khác" in upload(planner, address, book)
    said = {
        code: (each.least, each.most, each.reserve)
        for code, each in column_from(decision().columns[0]).limits.items()
    }
    assert said == {"c1": (80, 90, 0), "c3": (None, 50, 0), "d1": (None, None, 5)}


def test_a_milestone_goes_down_is_acknowledged_and_assessed_below(world, planner):
    offered = re.findall(r'value="([^"]+)"', body(planner.get("/giao-chi-tieu/chon/?nam=2018")))
    library = world.ledger.library.indicators
    milestones = [
        one
        for one in offered
        if "|" in one and library[one.split("|")[1]].kind is IndicatorKind.MILESTONE
    ]
    assert milestones, "the plan names no milestone of that year"
    row, indicator, year = milestones[0].split("|")
    address = deep(planner, milestones[0])
    assert "Phải thực hiện" in body(planner.get(address))
    asked, spared = ("d1", "d2")
    save(planner, address, **{f"m-0-{spared}": "–"})
    planner.post(f"{address}giao/", ISSUED)
    district = visitor(world, asked)
    assert "Đã xác nhận" in body(district.post(f"{address}nhan/xac-nhan/", follow=True))
    for unit, level in ((asked, Level.NO_DATA), (spared, Level.NOT_DUE)):
        reader = living_plan(unit=unit, by=world.person(unit)).reader
        assert reader.reading(reader.binding(row, indicator), int(year)).result.level is level


@pytest.mark.parametrize("state", ["draft", "issued"])
def test_a_deep_sheet_asks_the_same_questions_for_one_column_and_for_three(planner, state):
    def asked(*targets: str) -> int:
        address = deep(planner, *targets)
        if state == "issued":
            planner.post(f"{address}giao/", ISSUED)
        planner.get(address)
        with queries() as found:
            planner.get(address)
        return len(found)

    rate = "I.CT02.3|CT02.3|2021"  # its mean asks for figures
    assert asked(rate) == asked(rate, HOUSEHOLDS, EXEMPLARS)


# Who gets in


@pytest.mark.parametrize(
    ("unit", "role"),
    [("p", Role.OFFICER), ("p", Role.LEADER), ("d1", Role.OFFICER), ("c1", Role.OFFICER)],
)
def test_a_sheet_is_for_who_hands_it_down(world, planner, unit, role):
    address, other = sheet(planner), visitor(world, unit, role)
    for page in (address, f"{address}excel/"):
        assert other.get(page).status_code == 404
    for act in ("luu", "giao", "bo", "dieu-chinh", "nap-excel"):
        assert other.post(f"{address}{act}/").status_code == 404
    assert other.get(f"{address}nhan/").status_code == 404, "a draft reaches nobody"


@pytest.mark.parametrize(
    ("unit", "role"), [("c1", Role.OFFICER), ("p", Role.LEADER), ("d1", Role.BOARD)]
)
def test_others_have_nothing_to_choose_from(world, unit, role):
    client = visitor(world, unit, role)
    assert client.get("/giao-chi-tieu/").status_code == 200
    assert "Lập bảng giao mới" not in body(client.get("/giao-chi-tieu/"))
    assert client.get("/giao-chi-tieu/chon/").status_code == 404
    assert client.post("/giao-chi-tieu/lap/", {"target": [HOUSEHOLDS]}).status_code == 404


def test_a_leader_of_a_district_reads_and_does_not_acknowledge(world, planner):
    address = sheet(planner)
    planner.post(f"{address}giao/", ISSUED)
    leader = visitor(world, "d1", Role.LEADER)
    assert "205 hộ" in body(leader.get(f"{address}nhan/"))
    page = body(leader.post(f"{address}nhan/xac-nhan/", follow=True))
    assert "Chỉ cán bộ của đơn vị" in page


def test_the_list_asks_the_same_questions_for_one_decision_and_for_three(planner):
    def asked() -> int:
        with queries() as found:
            planner.get("/giao-chi-tieu/")
        return len(found)

    sheet(planner)
    asked()
    one = asked()
    sheet(planner)
    planner.post(f"{sheet(planner)}giao/", ISSUED)
    assert asked() == one


# Excel


def workbook(client, address: str):
    return openpyxl.load_workbook(io.BytesIO(client.get(f"{address}excel/").content))


def upload(client, address: str, book) -> str:
    saved = io.BytesIO()
    book.save(saved)
    file = SimpleUploadedFile("giao.xlsx", saved.getvalue())
    return body(client.post(f"{address}nap-excel/", {"file": file}, follow=True))


def test_excel_comes_back_as_it_went_out(planner):
    address = sheet(planner, HOUSEHOLDS, EXEMPLARS)
    answer = planner.get(f"{address}excel/")
    assert answer["Content-Disposition"] == 'attachment; filename="giao-chi-tieu-2021-p.xlsx"'
    book = workbook(planner, address)
    assert [cell.value for cell in book.active[8]][:4] == ["d1", "d1", 205, 308]
    assert "không có ô nào khác" in upload(planner, address, book)
    assert decision().row_version == 0


def test_what_was_typed_into_excel_is_taken_over_and_what_is_wrong_is_named(planner):
    address = sheet(planner, HOUSEHOLDS, EXEMPLARS)
    book = workbook(planner, address)
    book.active["C8"], book.active["D8"], book.active["C9"] = 200, "ba trăm", "–"
    page = upload(planner, address, book)
    assert "Đã lấy 2 ô khác" in page
    assert "Ô D8: “ba trăm” không phải số" in page
    assert column_from(decision().columns[0]).fixed == {"d1": 200, "d2": None}


def test_rows_and_columns_of_a_workbook_that_are_not_of_the_sheet_are_named(planner):
    address = sheet(planner, HOUSEHOLDS, EXEMPLARS)
    book = workbook(planner, address)
    book.active["A9"], book.active["D4"] = "x9", "khác"
    page = upload(planner, address, book)
    assert "Ô C9: cột này không giao cho đơn vị mã “x9”" in page
    assert "Ô D8: bảng này không có cột “khác”" in page


def test_another_workbook_is_no_sheet(planner):
    address = sheet(planner)
    book = openpyxl.Workbook()
    book.active.append(["a", "b", "c"])
    assert "không có hàng mã" in upload(planner, address, book)
    assert "Hãy chọn tệp Excel" in body(planner.post(f"{address}nap-excel/", follow=True))


def test_a_unit_that_left_shows_as_a_gap(world, planner):
    """What was handed to a unit that is none of hers any more is left over until a revision."""
    address = sheet(planner)
    planner.post(f"{address}giao/", ISSUED)
    columns = decision().columns
    columns[0]["parts"] = {"d1": 205, "d3": 137}
    Allocation.objects.update(columns=columns)
    by = world.person("p", Role.PLAN)
    (shown,) = allocation_sheet(allocation=decision(), by=by, ledger=world.ledger).columns
    assert shown.balance.left == 137
    assert date(2021, 1, 15) == decision().issued_on
