"""A reform as rows that people type: names and codes, runs of one change, what is unclear."""

import pytest
from strategies import unit_version

from toankhoa.core.basics import Refused
from toankhoa.core.organisation import ChangeRow, Effect, Finder, Tree, changes_of, rows_of_table

TREE = Tree(
    [
        unit_version("75", level="province"),
        *(unit_version(code, "75") for code in ("1", "2", "3", "4")),
    ]
)
NAMES = {
    "1": "Xã Bình Sơn",
    "2": "Xã Bàu Cạn",
    "3": "Phường Hòa Bình",
    "4": "Phường Hòa Bình",
    "75": "Tỉnh",
}


@pytest.fixture(scope="module")
def find():
    named = [unit_version(code, unit.parent, level=unit.level) for code, unit in TREE.units.items()]
    for unit in named:
        object.__setattr__(unit, "name", NAMES[unit.code])
    return Finder(Tree(named), {"province": "Tỉnh", "district": "Huyện", "base": "Cơ sở"})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1", "1"),
        ("Xã Bình Sơn", "1"),
        ("xã bình  sơn", "1"),
        ("Xa Bau Can", "2"),
        ("Phường Hòa Bình · Tỉnh (4)", "4"),
        ("99", "99"),
        ("", ""),
    ],
)
def test_units_are_found_by_code_or_name(find, text, code):
    assert find.unit(text) == code


@pytest.mark.parametrize(
    ("text", "words"), [("Phường Hòa Bình", "Có 2 đơn vị tên"), ("Xã Xa", "Không có đơn vị nào")]
)
def test_an_unclear_name_is_refused(find, text, words):
    with pytest.raises(Refused, match=words):
        find.unit(text)


def test_rows_of_one_merger_are_one_change(find):
    """So are those of one division."""
    rows = [
        ChangeRow(effect="Sáp nhập", unit="1", into="Xã Bàu Cạn"),
        ChangeRow(effect="sap nhap", unit="3", into="2", name=""),
        ChangeRow(effect="Chia", unit="4", into="1", share="60%"),
        ChangeRow(effect="Chia", unit="4", into="2", share="2/5"),
        ChangeRow(effect="Bãi bỏ", level="Huyện"),
        ChangeRow(effect="Đổi tên", unit="1", name="Xã Mới"),
        ChangeRow(effect="Đổi tên", unit="1", name="Xã Mới Nữa"),
    ]
    changes = changes_of(rows, find)
    assert [(change.effect, change.units) for change in changes] == [
        (Effect.MERGE, ("1", "3")),
        (Effect.SPLIT, ("4",)),
        (Effect.ABOLISH, ()),
        (Effect.RENAME, ()),
        (Effect.RENAME, ()),
    ]
    assert [part.share * 5 for part in changes[1].parts] == [3, 2]
    assert changes[2].level == "district"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (ChangeRow(effect="Xóa", unit="1"), "Dòng 1: “Xóa” không phải"),
        (ChangeRow(effect="Chia", unit="1", into="2", share="nửa"), "Dòng 1: .*như 60% hoặc 3/5"),
        (ChangeRow(effect="Bãi bỏ", level="Ấp"), "Dòng 1: Không có cấp nào tên “Ấp”"),
    ],
)
def test_an_unreadable_row_is_named(find, row, words):
    with pytest.raises(Refused, match=words):
        changes_of([row], find)


def test_columns_come_in_any_order():
    """Below any heading; blank rows count for nothing."""
    table = [
        ["Danh sách sắp xếp"],
        ["TT", "Thành", "đơn vị", "Thay đổi"],
        ["1", "2", "1", "Sáp nhập"],
        ["", "", "", ""],
    ]
    assert rows_of_table(table) == [ChangeRow(effect="Sáp nhập", unit="1", into="2")]
    with pytest.raises(Refused, match="Không thấy hàng tiêu đề"):
        rows_of_table([["Xã A", "Xã B"]])
