"""Figures are explained through reforms: of units that ended, began or moved, of the term, and
restated ones.
"""

from __future__ import annotations

import html
import io
import re
from datetime import timedelta
from fractions import Fraction

import openpyxl
import pytest
from django.test import Client
from reformed_units import ABOLISH, MERGE, MOVE, SPLIT, reformed
from visits import province, publish_plan, queries, visitor
from worlds import TODAY, World

from toankhoa.core.organisation import Change, Effect, ReformPart
from toankhoa.operations.living_plan import plan_of
from toankhoa.web.looking_back.middleware import written

pytestmark = pytest.mark.django_db
FORM, NEWS = "CS-THANG", "tin_bai_dang"


@pytest.fixture(autouse=True)
def today(settings) -> None:
    settings.TODAY, settings.DEMO = TODAY, False


@pytest.fixture
def told() -> World:
    """Every commune had as many news items printed as its number, in May of 2020 and in June of
    2021.
    """
    world = province()
    publish_plan(world)
    for number in range(1, 6):
        for month in ("2020-05", "2021-06"):
            world.accepted(f"c{number}", FORM, month, {NEWS: number})
    return world


def address(world: World, unit: str, year: int | str = 2021, more: str = "") -> str:
    """Where the explanation of a figure of news items stands."""
    for row, code, _ in plan_of(unit="p", today=TODAY).reader.addresses():
        if world.library.indicators[code].numerator == NEWS:
            return f"/ke-hoach/{unit}/{row}/{code}/{year}/{more}"
    raise AssertionError("no row of the plan counts news items")


def text(client: Client, path: str) -> str:
    answer = client.get(path, follow=True)
    assert answer.status_code == 200, path
    words = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))
    return re.sub(r" ([,;:.)])", r"\1", words)


def sheet(client: Client, path: str, name: str) -> list[tuple]:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return list(
        openpyxl.load_workbook(io.BytesIO(answer.content))[name].iter_rows(
            min_row=2, values_only=True
        )
    )


# Units that ended


@pytest.mark.parametrize("unit", ["p", "d1", "n"])
def test_a_unit_that_ended_keeps_its_explanation_for_its_heirs_and_those_above(
    told: World, unit: str
):
    world, _ = reformed(told, MERGE)
    client = visitor(world, unit)
    for path in (address(world, "c1"), address(world, "c1", "toan-khoa"), "/ke-hoach/?don-vi=c1"):
        page = text(client, path)
        assert "c1 hoạt động đến hết ngày 30/6/2021; nay Xã Mới làm tiếp" in page
    assert client.get("/ke-hoach/tep/excel/?don-vi=c1").status_code == 200
    assert visitor(world, "d2").get(address(world, "c1")).status_code == 404


def test_the_code_of_a_figure_leads_to_it_after_its_unit_ended(told: World, settings):
    settings.TODAY = TODAY + timedelta(
        days=1
    )  # whatever was done on that day is past, whichever minute it is now
    client = visitor(told, "d1")
    path = address(told, "c1")
    for world in (told, reformed(told, MERGE)[0]):
        page = visitor(world, "d1").get(path).content.decode()
        code = re.search(r'<strong class="code">([^<]+)</strong>', page)
        assert code is not None
        assert client.get(f"/so-lieu/{code[1]}/")["Location"].endswith(path)


def test_pages_of_a_unit_that_ended_can_be_looked_back_at(told: World, settings):
    world, _ = reformed(told, MERGE)
    settings.TODAY = TODAY + timedelta(days=1)
    page = text(visitor(world, "d1"), f"/tai/{written(world.at)}{address(world, 'c1')}")
    assert "c1 hoạt động đến hết ngày 30/6/2021" in page


# What reforms touch, and who brings what


def test_only_reforms_that_touch_the_figure_are_named(told: World):
    rename = Change(effect=Effect.RENAME, parts=(ReformPart(code="c3", name="Xã Ba"),))
    world, _ = reformed(told, MERGE)
    world, _ = reformed(world, rename, day=TODAY.replace(month=8, day=1))
    client = visitor(world, "p")
    lead = "Trong thời gian này có sắp xếp đơn vị"
    assert lead in text(client, address(world, "d1"))
    _, below_lead = text(client, address(world, "d1")).split(lead)
    assert below_lead.count("NQ 1") == 1
    assert lead not in text(client, address(world, "d2"))
    assert lead not in text(client, address(world, "c3"))
    assert lead not in text(client, address(world, "d1", 2020))


def test_parts_that_owe_nothing_here_are_not_missing(told: World):
    october = TODAY.replace(month=10, day=1)
    world, _ = reformed(told, ABOLISH, day=october)
    rows = sheet(visitor(world, "p"), address(world, "p", more="excel/"), "Đóng góp")
    brought = {row[0]: row[1] for row in rows}
    assert brought == {
        "d1": 6,
        "d2": 9,
        "c1": None,
        "c2": None,
        "c3": None,
        "c4": None,
        "c5": None,
        "p": None,
    }
    assert [row[0] for row in rows][:3] == ["p", "d2", "d1"], (
        "only the province's own report is missing"
    )
    notes = {row[0]: row[-1] for row in rows}
    assert notes["d1"] == "đến hết 30/9/2021, nay là p"
    assert notes["c1"] == "từ 01/10/2021, trước đó thuộc d1; không có kỳ nào đến hạn ở đây"


def test_units_that_began_ended_or_moved_say_so(told: World):
    world, _ = reformed(told, MERGE)
    notes = {
        row[0]: row[-1]
        for row in sheet(visitor(world, "p"), address(world, "d1", more="excel/"), "Đóng góp")
    }
    assert notes["c1"] == "đến hết 30/6/2021, nay là Xã Mới"
    assert notes["Xã Mới"].startswith("từ 01/7/2021, nối tiếp c1, c2")


def test_what_lasts_is_owed_where_the_unit_stands_at_the_end(told: World):
    """c1 goes to d2 in October: its members, and the reports of them, count there; d1 lacks none."""
    for number in range(1, 6):
        told.accepted(
            f"c{number}", "CS-QUY", "2021-Q3", {"hoi_vien": 10 * number, "hv_sinh_hoat": number}
        )
    world, _ = reformed(told, MOVE, day=TODAY.replace(month=10, day=1))
    code = next(
        code for code, each in world.library.indicators.items() if each.numerator == "hv_sinh_hoat"
    )
    row = next(
        row for row, each, _ in plan_of(unit="p", today=TODAY).reader.addresses() if each == code
    )
    for district, expected in (("d1", None), ("d2", 1)):
        rows = sheet(
            visitor(world, "p"), f"/ke-hoach/{district}/{row}/{code}/2021/excel/", "Đóng góp"
        )
        found = next(found for found in rows if found[0] == "c1")
        assert found[1] == expected
        assert found[5:7] == ((0, 0) if expected is None else (1, 1))


def test_a_return_on_its_way_says_so_in_the_workbook_too(told: World):
    told.accept(told.send("c1", FORM, "2021-08", {NEWS: 4}), "d1")
    rows = sheet(visitor(told, "p"), address(told, "p", more="excel/"), "Báo cáo")
    states = {(row[0], row[2]): row[3] for row in rows}
    assert states["c1", "tháng 8/2021"] == "Huyện đã duyệt, chờ Tỉnh"
    assert states["c1", "tháng 6/2021"] == "Các cấp đã duyệt"


def test_a_new_unit_tells_of_the_months_and_levels_of_its_forebears(told: World):
    world, _ = reformed(told, MERGE)
    page = text(visitor(world, "n"), address(world, "n"))
    assert "Xã Mới có từ ngày 01/7/2021, nối tiếp các đơn vị dưới đây" in page
    assert "c1: chưa có quyết định giao chỉ tiêu riêng" in page
    assert "Số cả năm 2021 tính lại theo địa giới hôm nay" in page


# The term


def test_the_term_is_explained_as_a_year_is(told: World, settings):
    settings.TODAY = TODAY + timedelta(
        days=1
    )  # whatever was done on that day is past, whichever minute it is now
    client, path = visitor(told, "p"), address(told, "p", "toan-khoa")
    page = text(client, path)
    assert "… (2017) + … (2018) + … (2019) + 15 (2020) + 15 (2021) = 30" in page
    assert re.search(r"d2 18 60% .* d1 12 40%", page)
    code = re.search(r"Mã số liệu (\S+):", page)
    assert code is not None
    assert client.get(f"/so-lieu/{code[1]}/")["Location"].endswith("/toan-khoa/")
    rows = sheet(client, f"{path}excel/", "Từng năm")
    assert [(row[0], row[2]) for row in rows][-2:] == [(2020, 15), (2021, 15)]
    assert [row[:2] for row in sheet(client, f"{path}excel/", "Đóng góp")] == [
        ("p", None),
        ("d2", 18),
        ("d1", 12),
    ]
    assert (
        len([row for row in sheet(client, f"{path}excel/", "Báo cáo") if row[5] is not None]) == 10
    )


# Restated figures

DAY = "2021-10-20"


def test_a_restated_figure_says_what_it_is_put_together_from(told: World):
    world, _ = reformed(told, MERGE)
    client, path = visitor(world, "d1"), address(world, "n", 2020, f"dia-gioi/{DAY}/")
    page = text(client, path)
    assert re.search(r"2 \(c2\) \+ 1 \(c1\) = 3", page)
    assert "Số tính lại theo địa giới ngày 20/10/2021, không phải số đã báo cáo khi ấy." in page
    assert "NQ 1" in page
    facts = dict(sheet(client, f"{path}excel/", "Giải thích"))
    assert facts["Kết quả"] == "3"
    assert [row[:2] for row in sheet(client, f"{path}excel/", "Đóng góp")] == [("c2", 2), ("c1", 1)]
    assert visitor(world, "d2").get(path).status_code == 404


def test_a_divided_figure_says_the_share_and_the_figure_that_was_divided(told: World):
    parts = tuple(
        ReformPart(code=code, name=code.upper(), share=Fraction(share, 3))
        for code, share in (("a", 1), ("b", 2))
    )
    world, _ = reformed(told, Change(effect=Effect.SPLIT, units=("c3",), parts=parts))
    page = text(visitor(world, "d1"), address(world, "a", 2020, f"dia-gioi/{DAY}/"))
    assert "1/3 của 3, theo tỷ lệ đã công bố" in page
    assert "1 (c3) = 1" in page


def test_what_nobody_knows_says_from_where_up_it_is_known(told: World):
    world, _ = reformed(told, SPLIT)
    page = text(visitor(world, "d1"), address(world, "a", 2020, f"dia-gioi/{DAY}/"))
    assert re.search(r"Không biết phần nào của c1 thuộc Xã A; chỉ biết từ d1 trở lên", page)
    series = text(visitor(world, "d1"), "/don-vi/a/?dia-gioi=hom-nay")
    assert "2019 chưa có: cơ sở của số liệu 2020 không rõ: cơ sở của số liệu" in series, (
        "unknown is not missing"
    )


def test_what_was_not_restated_leads_to_the_figure_as_reported(told: World):
    answer = visitor(told, "d1").get(address(told, "c3", 2020, f"dia-gioi/{DAY}/"))
    assert answer["Location"] == address(told, "c3", 2020)


def test_every_restated_figure_of_the_series_and_of_the_comparison_leads_to_its_explanation(
    told: World,
):
    world, _ = reformed(told, MERGE)
    client, path = visitor(world, "p"), address(world, "n", 2020, f"dia-gioi/{DAY}/")
    assert f'href="{path}"' in client.get("/don-vi/n/?dia-gioi=hom-nay").content.decode()
    code = path.split("/")[4]
    page = client.get(f"/don-vi/p/so-sanh/?cap=base&chi-so={code}").content.decode()
    assert f'href="{path}?tu=p"' in page
    assert text(client, f"{path}?tu=p").count("= 3") == 1


@pytest.mark.parametrize("kind", ["", "toan-khoa", "dia-gioi"])
def test_an_explanation_asks_the_same_of_one_return_and_of_three(told: World, kind: str):
    world, _ = reformed(told, MERGE)
    path = (
        address(world, "d1", kind or 2021)
        if kind != "dia-gioi"
        else address(world, "n", 2020, f"dia-gioi/{DAY}/")
    )
    client, counts = visitor(world, "p"), []
    client.get(path)
    for unit in ("c3", "c4", "c5"):
        world.accepted(unit, FORM, "2021-08", {NEWS: 1})
        with queries() as asked:
            assert client.get(path).status_code == 200
        counts.append(len(asked))
    assert len(set(counts)) == 1
