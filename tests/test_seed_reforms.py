"""The real history: units of 2017 folded over the shipped reforms, against the lists it was taken
from.
"""

import csv
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from toankhoa.core.basics import modern_tone
from toankhoa.core.organisation import (
    COLUMNS,
    Effect,
    Finder,
    OrgTree,
    Tree,
    changes_of,
    faults,
    folded,
    in_order,
    reform_from,
    reform_json,
    rows_of,
    rows_of_table,
    table_of,
)
from toankhoa.library import LibraryError, load_reforms, load_units, read_reforms

DATA = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(scope="module")
def reforms():
    return load_reforms()


@pytest.fixture(scope="module")
def history(reforms):
    return folded(load_units(), reforms)


@pytest.mark.parametrize(
    ("day", "root", "districts", "bases"),
    [
        (date(2019, 5, 31), "75", 11, 171),
        (date(2019, 6, 1), "75", 11, 170),
        (date(2024, 10, 31), "75", 11, 170),
        (date(2024, 11, 1), "75", 11, 159),
        (date(2025, 6, 30), "75", 11, 159),
        (date(2025, 6, 30), "70", 11, 111),
        (date(2025, 7, 1), "75", 0, 95),
        (date(2026, 4, 30), "75", 0, 95),
    ],
)
def test_units_on_each_day(history, day, root, districts, bases):
    tree = history[0].on(day)
    assert (tree.count("district", root), tree.count("base", root)) == (districts, bases)
    assert tree.count("province", root) == 1


@pytest.mark.parametrize(
    ("day", "kinds"),
    [
        (date(2017, 8, 18), {"Xã": 136, "Phường": 29, "Thị trấn": 6}),
        (date(2021, 7, 1), {"Xã": 121, "Phường": 40, "Thị trấn": 9}),
        (date(2025, 7, 1), {"Xã": 72, "Phường": 23}),
        (date(2026, 4, 30), {"Xã": 62, "Phường": 33}),
    ],
)
def test_kinds_of_bases_on_each_day(history, day, kinds):
    bases = [unit.kind for unit in history[0].on(day).units.values() if unit.level == "base"]
    assert {kind: bases.count(kind) for kind in set(bases)} == kinds


def test_the_lineage_follows_codes_not_names(history):
    """Names move between codes and the lineage follows the codes."""
    trees, lineage = history
    before, after = trees.on(date(2024, 10, 31)), trees.on(date(2024, 11, 1))
    assert before.units["26026"].name == after.units["26014"].name == "Phường Tân Mai"
    assert lineage.heirs("26026", date(2024, 11, 1)) == ("26014",)
    assert lineage.heirs("26026", date(2025, 7, 1)) == ("26017",)


def test_two_splits_have_unknown_shares(history):
    """Two communes were split and nobody knows in which shares."""
    _, lineage = history
    split = {
        succession[0].old
        for succession in lineage.successions
        if any(link.share is None for link in succession)
    }
    assert split == {"26407", "26449"}
    assert lineage.heirs("26407", date(2021, 1, 1)) == ("26395", "26410")


def test_the_province_carries_districts_on(history):
    """Districts and the joined province are carried on by the province."""
    assert {history[1].heirs(code, date(2026, 5, 1)) for code in ("731", "688", "70")} == {("75",)}


def rows(name: str):
    path = DATA / name
    if not path.exists():
        pytest.skip("../shared is not here: the lists of units cannot be compared")
    with path.open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("name", "day", "root"),
    [
        ("dongnai_communes_2017-08-18.csv", date(2017, 8, 18), "75"),
        ("dongnai_communes_2019-05-10.csv", date(2019, 7, 1), "75"),
        ("dongnai_communes_2025-03-01.csv", date(2025, 3, 1), "75"),
        ("binhphuoc_communes_2025-03-01.csv", date(2025, 3, 1), "70"),
    ],
)
def test_units_agree_with_every_list(history, name, day, root):
    """Units agree with every list they were taken from."""
    listed, tree = rows(name), history[0].on(day)
    assert {code for code in tree.subtree(root) if tree.units[code].level == "base"} == {
        row["code"] for row in listed
    }
    for row in listed:
        unit, district = tree.units[row["code"]], tree.units[row["district_code"]]
        assert (modern_tone(unit.name), unit.kind, unit.parent) == (
            modern_tone(row["name"]),
            row["kind"],
            row["district_code"],
        )
        assert (modern_tone(district.name), district.kind) == (
            modern_tone(row["district_name"]),
            row["district_kind"],
        )


@pytest.mark.parametrize("day", [date(2025, 7, 1), date(2026, 4, 30)])
def test_two_levels_agree_with_their_list(history, day):
    """Units of two levels agree with their list."""
    listed, tree = rows("dongnai_new_two_tier.csv"), history[0].on(day)
    assert set(tree.children("75")) == {row["code"] for row in listed}
    for row in listed:
        unit = tree.units[row["code"]]
        assert modern_tone(unit.name) == modern_tone(row[f"name_{day}"])
        assert unit.kind == row[f"kind_{day}"]


def test_every_commune_went_where_the_lists_say(history):
    _, lineage = history
    heirs: dict[str, set[str]] = {}
    for row in rows("dongnai_old2025_to_new.csv"):
        heirs.setdefault(row["old_code"], set()).add(row["new_code"])
    assert len(heirs) == 270
    eve, day = date(2025, 6, 30), date(2025, 7, 1)
    assert {code: set(lineage.shares(code, eve, day)) for code in heirs} == heirs
    chain: dict[str, set[str]] = {}
    for row in rows("dongnai_2017_to_2026.csv"):
        chain.setdefault(row["code_2017"], set()).add(row["code_new"])
    assert {code: set(lineage.shares(code, date(2017, 8, 18), day)) for code in chain} == chain


# The files


def test_documented_examples_can_be_applied(reforms):
    """The examples of the documentation can be loaded and applied."""
    page = (Path(__file__).parents[1] / "docs" / "reforms.md").read_text(encoding="utf-8")
    yaml_text, csv_text = (
        re.search(rf"```{kind}\n(.*?)```", page, re.DOTALL)[1] for kind in ("yaml", "csv")
    )
    units = load_units()
    assert faults(units, read_reforms(yaml_text, "reforms.md")[0]) == []
    find = Finder(OrgTree(units).on(date(2019, 1, 1)), {"base": "Cơ sở", "district": "Huyện"})
    changes = changes_of(rows_of_table(csv.reader(csv_text.splitlines(), delimiter=";")), find)
    assert {change.effect for change in changes} == set(Effect)
    assert faults(units, replace(reforms[0], changes=changes)) == []


def test_shipped_reforms_come_back_from_json(reforms):
    """Shipped reforms are in order say their document and come back from json."""
    assert (
        in_order(reforms)
        == sorted(reforms, key=lambda each: each.day)
        == in_order(map(reform_from, map(reform_json, reforms)))
    )
    assert all(reform.document and reform.title for reform in reforms)
    assert len({reform.code for reform in reforms}) == len(reforms)
    assert all(
        one.day + timedelta(days=1) < two.day
        for one, two in zip(in_order(reforms), in_order(reforms)[1:], strict=False)
    )


def test_shipped_reforms_survive_a_table(reforms):
    codes = Finder(Tree([]), {level: level for level in ("province", "district", "base")})
    for reform in reforms:
        table = table_of(rows_of(reform.changes))
        assert table[0] == tuple(COLUMNS.values())
        assert changes_of(rows_of_table(table), codes) == reform.changes


HEAD = "reforms:\n- code: a\n  day: 2019-06-01\n  document: NQ\n  title: T\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD + "  changes: [{effect: vanish}]", "thay đổi thứ 1: effect phải là một trong found"),
        (HEAD + "  changes: [{effect: rename, part: []}]", "không có trường part"),
        (
            HEAD + '  changes: [{effect: split, units: ["1"], parts: [{code: "2", share: nửa}]}]',
            "như 60% hoặc 3/5",
        ),
        (HEAD + "  changes: abolish", "phải là danh sách"),
        (HEAD.replace("2019-06-01", "1/6/2019"), "phải viết như 2019-06-01"),
        ("reforms: [abolish]", "mục 1: .*trường có tên"),
        (HEAD.replace("2019-06-01", "2019-13-01"), "không đọc được YAML"),
        ("reforms: " + "[" * 500, "không đọc được YAML"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path, text, words):
    path = tmp_path / "reforms.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LibraryError, match=words):
        load_reforms(path)


@pytest.mark.parametrize("written", ["60%", "3/5", " 60 % ", "60", "60,0%"])
def test_a_share_is_written_naturally(written):
    """A share is written as people write it."""
    given = {
        "day": "2019-06-01",
        "changes": [
            {"effect": "split", "units": ["1"], "parts": ["2", {"code": 3, "share": written}]}
        ],
    }
    parts = reform_from(given).changes[0].parts
    assert (parts[0].code, parts[0].share, parts[1].code) == ("2", None, "3")
    assert parts[1].share is not None
    assert parts[1].share * 5 == 3
