"""Units side by side through the years on the boundaries of a day: on screen and as a workbook."""

from __future__ import annotations

import re
from io import BytesIO

import openpyxl
import pytest
from django.test import Client
from reformed_units import ABOLISH, MERGE, SPLIT, reformed
from visits import province, publish_plan, queries, visitor
from worlds import TODAY, World

pytestmark = pytest.mark.django_db
FORM = "CS-THANG"
NEWS = "tin_bai_dang"


@pytest.fixture(autouse=True)
def today(settings) -> None:
    settings.TODAY, settings.DEMO = TODAY, False


@pytest.fixture
def told() -> World:
    """Every commune had as many news items printed as its number, in one month of 2020."""
    world = province()
    publish_plan(world)
    for number in range(1, 6):
        world.accepted(f"c{number}", FORM, "2020-05", {NEWS: number})
    return world


def indicator(world: World) -> str:
    """An indicator of the plan that counts news items."""
    return next(code for code, each in world.library.indicators.items() if each.numerator == NEWS)


def rows(client: Client, path: str, **asked: str) -> dict[str, list[str]]:
    """The table by unit, as read: each year's cell without what is small below it."""
    answer = client.get(path, asked)
    assert answer.status_code == 200
    found = re.findall(
        r"<tr>\s*<th scope=\"row\">(.*?)</th>(.*?)</tr>", answer.content.decode(), re.S
    )
    return {
        _words(name): [_words(cell) for cell in re.findall(r"<td.*?>(.*?)</td>", cells, re.S)]
        for name, cells in found
    }


def _words(html: str) -> str:
    html = re.sub(r'<span class="(in-of|visually-hidden)">.*?</span>', "", html)
    return re.sub(r"<[^>]+>", "", html).strip()


def test_merged_units_stand_in_every_year_as_they_do_today(told: World):
    world, _ = reformed(told, MERGE)
    found = rows(
        visitor(world, "p"), "/don-vi/p/so-sanh/", **{"cap": "base", "chi-so": indicator(world)}
    )
    assert {name: cells[3] for name, cells in found.items()} == {
        "Xã Mới": "3",
        "c3": "3",
        "c4": "4",
        "c5": "5",
        "p": "15",
    }


def test_on_the_boundaries_of_an_earlier_day_the_old_units_stand(told: World):
    world, _ = reformed(told, MERGE)
    asked = {"cap": "base", "chi-so": indicator(world), "dia-gioi": "1/6/2021"}
    assert set(rows(visitor(world, "p"), "/don-vi/p/so-sanh/", **asked)) == {
        "c1",
        "c2",
        "c3",
        "c4",
        "c5",
        "p",
    }


def test_what_nobody_knows_is_said_and_is_not_missing(told: World):
    world, _ = reformed(told, SPLIT)
    found = rows(visitor(world, "d1"), "/don-vi/d1/so-sanh/", **{"chi-so": indicator(world)})
    assert found["Xã A"][3] == "không rõ"
    assert found["c2"][3] == "2"
    assert found["c2"][0] == "…"


def test_units_are_sorted_by_the_last_year_and_what_is_missing_comes_last(told: World):
    world = told
    for unit, number in (("c2", 1), ("c4", 9)):
        world.accepted(unit, FORM, "2021-02", {NEWS: number})
    asked = {"cap": "base", "chi-so": indicator(world), "xep": "cao"}
    assert list(rows(visitor(world, "p"), "/don-vi/p/so-sanh/", **asked))[:3] == ["c4", "c2", "c1"]
    asked["xep"] = "thap"
    assert list(rows(visitor(world, "p"), "/don-vi/p/so-sanh/", **asked))[:2] == ["c2", "c4"]


def test_the_workbook_holds_every_indicator_with_coverage_and_how_it_was_restated(told: World):
    world, _ = reformed(told, SPLIT)
    answer = visitor(world, "p").get("/don-vi/p/so-sanh/excel/", {"cap": "base"})
    book = openpyxl.load_workbook(BytesIO(answer.content))
    name = world.library.indicators[indicator(world)].name
    titles = [cell.value for cell in book["Số liệu"][1]]
    year = titles.index("Năm 2020")
    found = {
        row[3]: row[year]
        for row in book["Số liệu"].iter_rows(min_row=2, values_only=True)
        if row[0] == name
    }
    assert found == {
        "Xã A": "không rõ",
        "Xã B": "không rõ",
        "c2": 2,
        "c3": 3,
        "c4": 4,
        "c5": 5,
        "p": 15,
    }
    cover = {
        row[3]: row[year]
        for row in book["Báo cáo đã duyệt"].iter_rows(min_row=2, values_only=True)
        if row[0] == name
    }
    assert cover["c2"] == "1 / 12"
    facts = {row[0]: row[1] for row in book["Địa giới"].iter_rows(min_row=2, values_only=True)}
    assert facts["Sắp xếp từ 01/7/2021"] == "NQ 1"
    assert facts["Xã A"] == "Không rõ phần nào của c1; chỉ biết từ d1 trở lên."


def test_out_of_reach_does_not_exist(told: World):
    assert visitor(told, "d1").get("/don-vi/d2/so-sanh/").status_code == 404
    assert visitor(told, "d1").get("/don-vi/nowhere/so-sanh/").status_code == 404


def test_a_unit_with_nothing_below_says_so(told: World):
    answer = visitor(told, "c1").get("/don-vi/c1/so-sanh/")
    assert "Dưới đơn vị này không có đơn vị nào" in answer.content.decode()


@pytest.mark.parametrize("changes", [(), (MERGE,), (MERGE, ABOLISH)])
def test_the_page_costs_the_same_for_one_unit_and_for_three(told: World, changes: tuple):
    world, _ = reformed(told, *changes) if changes else (told, None)
    client, counts = visitor(world, "p"), []
    for unit in ("n" if changes else "d2", "p"):
        client.get(f"/don-vi/{unit}/so-sanh/", {"cap": "base"})  # what the process keeps is read
        with queries() as asked:
            client.get(f"/don-vi/{unit}/so-sanh/", {"cap": "base"})
        counts.append(len(asked))
    assert counts[1] - counts[0] <= 2  # rows of those that were units of their own, for each depth
