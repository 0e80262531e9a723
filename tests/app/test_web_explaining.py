"""Explain this number: one page, one panel, one workbook."""

from __future__ import annotations

import html
import io
import re

import openpyxl
import pytest
from visits import province, publish_plan, queries, visitor
from worlds import TODAY, World

pytestmark = pytest.mark.django_db
ADDRESS = "/ke-hoach/{}/I.CT05.1/CT05.1/2021/"
COOPERATIVES = {"htx_moi": 3}


@pytest.fixture(autouse=True)
def today(settings) -> None:
    settings.TODAY, settings.DEMO = TODAY, False


@pytest.fixture
def living() -> World:
    world = province()
    publish_plan(world)
    return world


def test_each_part_says_its_share_the_missing_first_then_the_largest(living):
    living.accepted("d1", "H-QUY", "2021-Q3", COOPERATIVES)
    living.accepted("d2", "H-QUY", "2021-Q3", {"htx_moi": 9})
    page = visitor(living, "p").get(ADDRESS.format("p")).content.decode()
    table = page[page.index("Đóng góp của từng đơn vị") :]
    rows = re.findall(
        r'<th scope="row">\s*(?:<a[^>]*>)?(\w+).*?class="number share">([^<]*)<', table, re.S
    )
    assert [(unit, share.strip()) for unit, share in rows] == [
        ("p", "–"),
        ("d2", "75%"),
        ("d1", "25%"),
    ]


def test_a_units_own_returns_stand_behind_its_figure(living):
    living.send("d1", "H-QUY", "2021-Q3", COOPERATIVES)
    page = html.unescape(visitor(living, "d1").get(ADDRESS.format("d1")).content.decode())
    behind = page[page.index("phía sau số này") :]
    assert re.search(
        r'href="/bao-cao/d1/H-QUY/2021-Q3/".*?<strong>3</strong>.*?Đã gửi', behind, re.S
    )
    assert behind.count("Chưa có báo cáo") == 2, "the quarters before never came"
    assert re.search(r'Mã số liệu <strong class="code">[0-9A-Z]{4}(-[0-9A-Z]{4}){3}<', behind)


def test_the_workbook_holds_formula_parts_and_every_return(living):
    living.accepted("d1", "H-QUY", "2021-Q1", COOPERATIVES)
    living.accepted("d1", "H-QUY", "2021-Q3", {"htx_moi": 4})
    answer = visitor(living, "p").get(ADDRESS.format("p") + "excel/")
    assert (
        answer["Content-Disposition"]
        == 'attachment; filename="co-so-cua-so-lieu-ct05-1-p-2021.xlsx"'
    )
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    facts = dict(book["Giải thích"].iter_rows(min_row=2, values_only=True))
    assert facts["Năm"] == "2021"
    assert facts["Kế hoạch"].startswith("Số 70/KH-BCH")
    assert "3 (tháng 3) + 4 (tháng 9) = 7" in facts["Cách tính"]
    columns, *rows = book["Đóng góp"].iter_rows(values_only=True)
    assert columns[:3] == ("Đơn vị", "Kết quả", "Tỷ trọng"), "a count has no numerator"
    assert [row[:3] for row in rows] == [("d2", None, None), ("p", None, None), ("d1", 7, 1)], (
        "missing first"
    )
    returns = list(book["Báo cáo"].iter_rows(min_row=2, values_only=True))
    counted = [(row[0], row[2], row[5]) for row in returns if row[5] is not None]
    assert counted == [("d1", "quý I/2021", 3), ("d1", "quý III/2021", 4)]
    assert len({(row[0], row[1], row[2]) for row in returns}) == len(returns)


def test_what_cannot_be_explained_has_no_workbook(living):
    client = visitor(living, "d1")
    for address in (
        ADDRESS.format("p"),
        ADDRESS.format("d1").replace("CT05.1/2021", "nothing/2021"),
    ):
        assert client.get(address + "excel/").status_code == 404


@pytest.mark.parametrize(
    "path",
    [ADDRESS.format("p"), "/tai/2021-10-20T23:00/ke-hoach/", "/tai/2021-10-20T23:00/hop-duyet/"],
)
def test_pages_ask_the_same_of_one_return_and_of_three(living, path):
    client, counts = visitor(living, "p"), []
    client.get(path)  # what is read once
    for unit in ("c1", "c2", "c4"):
        living.accepted(unit, "CS-QUY", "2021-Q3", {"hoi_vien": 100, "hv_sinh_hoat": 80})
        with queries() as asked:
            assert client.get(path).status_code == 200
        counts.append(len(asked))
    assert len(set(counts)) == 1
