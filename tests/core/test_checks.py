"""The rules of an auditor: each finds what it is for, and is silent on a clean plan."""

from collections import Counter
from pathlib import Path

import pytest

from toankhoa.core.checks import check
from toankhoa.core.compiler import compile_document
from toankhoa.core.plan import Plan
from toankhoa.core.table import Cell, Document, Row, Table
from toankhoa.documents import read

SIGNED = Path(__file__).resolve().parents[3] / "shared" / "plans" / "kh-70-toan-khoa-2016-2021.docx"
UNITS = {"province": 1, "district": 11, "base": 171}
HEADERS = ["TT", "Nội dung", "2024", "2025", "Cấp thực hiện", "Ban thực hiện"]
SECTION = ["I", "Chăm lo", "", "", "", "Ban KT"]
CLEAN = ["1", "Mỗi cơ sở giúp ít nhất 2 hộ", "342 hộ", "342 hộ", "Cơ sở", ""]


@pytest.fixture
def plan_of(vocabulary):
    def build(*rows: list[str]) -> Plan:
        cells = (tuple(Cell(text, column) for column, text in enumerate(row)) for row in (HEADERS, *rows))
        return compile_document(Document("a", (Table(tuple(map(Row, cells)), 6),)), vocabulary)[0]

    return build


def test_a_clean_plan_has_no_findings(plan_of):
    assert check(plan_of(SECTION, CLEAN, ["2", "Tổng kết", "x", "x", "Tỉnh", "VP"]), units=UNITS) == ()


UNEVEN = ["1", "Mỗi cơ sở giúp ít nhất 3 hộ", "≥ 513", "≥ 512", "Cơ sở", ""]
AGAIN = ["2", "mỗi CƠ SỞ giúp ít nhất 2 hộ.", *CLEAN[2:]]
FOUND = [
    ([SECTION, ["1", "Tổng kết", "", "", "Tỉnh", ""]], "row-no-year", "I.1: không có năm"),
    ([SECTION, ["1", "Tổng kết", "x", "", "", ""]], "row-no-level", "I.1: chưa rõ cấp"),
    ([["I", "Chăm lo", "", "", "", ""], CLEAN], "row-no-board", "I.1: chưa có ban"),
    ([SECTION, CLEAN, AGAIN], "row-twice", "I.2: trùng lời với I.1"),
    ([SECTION, ["1", "Mở ít nhất 5 lớp", "x", "x", "Tỉnh", ""]], "target-not-in-years", "I.1: có chỉ tiêu"),
    ([SECTION, ["1", "Tổng kết", "x", "x", "Tỉnh", "Kinh tế"]], "board-two-names", "“Kinh tế” và “Ban KT”"),
    ([SECTION, [*CLEAN[:2], "340 hộ", *CLEAN[3:]]], "total-not-parts", "2 mỗi đơn vị × 171 đơn vị = 342, nhưng"),
    ([SECTION, UNEVEN], "total-not-parts", "kế hoạch ghi 512"),
]


@pytest.mark.parametrize(("rows", "code", "says"), FOUND)
def test_each_rule_finds_its_own(rows, code, says, plan_of):
    findings = [problem for problem in check(plan_of(*rows), units=UNITS) if problem.code == code]
    assert len(findings) == 1
    assert says in findings[0].message


def test_about_so_many_each_agrees_with_a_rounded_total(plan_of):
    row = ["1", "Giúp ít nhất 45 hộ (bình quân 04 hộ/huyện)", "≥ 45 hộ", "≥ 45 hộ", "Huyện", ""]
    assert check(plan_of(SECTION, row), units=UNITS) == ()
    assert [problem.code for problem in check(plan_of(SECTION, row), units={"district": 8})] == ["total-not-parts"]


def test_without_the_number_of_units_nothing_is_said_of_totals(plan_of):
    assert check(plan_of(SECTION, [*CLEAN[:2], "340 hộ", "342 hộ", "Cơ sở", ""])) == ()


def test_the_signed_plan(vocabulary):
    if not SIGNED.exists():
        pytest.skip("../shared is not here: the signed plan cannot be checked")
    plan, _ = compile_document(read(SIGNED.name, SIGNED.read_bytes()), vocabulary)
    found = check(plan, units=UNITS)
    assert Counter(problem.code for problem in found) == {
        "row-no-year": 2,
        "row-twice": 5,
        "target-not-in-years": 18,
        "board-two-names": 2,
    }
    assert [problem.source.row for problem in found if problem.code == "row-no-year"] == [35, 91]
