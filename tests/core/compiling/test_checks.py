"""The rules of an auditor: each finds what it is for, and is silent on a clean plan."""

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toankhoa.core.compiling import (
    Document,
    Paragraph,
    Table,
    TableCell,
    TableRow,
    compile_document,
)
from toankhoa.core.compiling.checks import RULES, check
from toankhoa.core.compiling.checks.syllables import is_syllable, one_slip_apart
from toankhoa.core.plan import Plan

ROOT = Path(__file__).resolve().parents[3]
UNITS = {"province": 1, "district": 11, "base": 171}
PLACES = ("Huyện Tân Phú", "Thành phố Biên Hòa")
HEADERS = ["TT", "Nội dung", "2024", "2025", "Cấp thực hiện", "Ban thực hiện"]
SECTION = ["I", "Chỉ tiêu", "", "", "", "Ban KT"]
CLEAN = ["1", "Mỗi cơ sở giúp ít nhất 2 hộ", "342 hộ", "342 hộ", "Cơ sở", ""]


def compile_rows(vocabulary, rows, title=()) -> Plan:
    cells = (
        tuple(TableCell(text, column) for column, text in enumerate(row))
        for row in (HEADERS, *rows)
    )
    table = Table(tuple(map(TableRow, cells)), 6)
    return compile_document(Document("a", (*map(Paragraph, title), table)), vocabulary)[0]


@pytest.fixture
def findings_of(vocabulary):
    def found(*rows: list[str], title=()):
        return check(
            compile_rows(vocabulary, rows, title),
            units=UNITS,
            places=PLACES,
            level_names={"base": "Cơ sở"},
        )

    return found


def test_a_clean_plan_has_no_findings(findings_of):
    assert findings_of(SECTION, CLEAN, ["2", "Tổng kết nhiệm kỳ", "x", "x", "Tỉnh", "VP"]) == ()


def row(title, *years, levels="Tỉnh", number="1"):
    return [number, title, *years, levels, ""]


def heading(title):
    return ["", f"Chỉ tiêu 1: {title}", "", "", "", "Ban KT"]


TASKS = ["II", "Nhiệm vụ", "", "", "", "VP"]
LONG = "Tổ chức tập huấn kỹ năng truyền thông cho cán bộ trẻ mới nhận công tác ở cơ sở trong cả"
FOUND = [
    ([SECTION, row("Tổng kết", "", "")], "row-no-year", "I.1: không có năm"),
    ([SECTION, row("Tổng kết", "x", "", levels="")], "row-no-level", "I.1: chưa rõ cấp"),
    ([["I", "Chăm lo", "", "", "", ""], CLEAN], "row-no-board", "I.1: chưa có ban"),
    (
        [SECTION, CLEAN, ["2", "mỗi CƠ SỞ giúp ít nhất 2 hộ.", *CLEAN[2:]]],
        "row-twice",
        "I.2: trùng lời với I.1",
    ),
    (
        [SECTION, row(f"{LONG} tỉnh", "x", "x"), row(f"{LONG} vùng", "x", "x", number="2")],
        "row-nearly-twice",
        "I.2: gần như trùng lời với I.1",
    ),
    (
        [SECTION, row("Mở lớp", "x", "x"), row("Dạy nghề", "x", "x", number="3")],
        "row-not-numbered",
        "không liên tiếp (1, 3)",
    ),
    (
        [
            SECTION,
            row("Mở lớp", "x", "x"),
            row("Dạy nghề", "x", "x", number="2"),
            row("Hội thi", "x", "x", number=""),
        ],
        "row-not-numbered",
        "1 dòng chưa đánh số",
    ),
    ([SECTION, row("Mở lớp dạy nghề và", "x", "x")], "text-cut", "câu chưa hết"),
    ([SECTION, row("Mở lớp (dạy nghề", "x", "x")], "text-cut", "không đủ đôi"),
    ([SECTION, row("Mở ít nhất 5 lớp", "x", "x")], "target-not-in-years", "(≥ 5 lớp)"),
    ([SECTION, TASKS, row("Mở ít nhất 5 lớp", "x", "x")], "target-in-task", "nằm trong nhiệm vụ"),
    (
        [SECTION, [*row("Tổng kết", "x", "x")[:5], "Kinh tế"]],
        "board-two-names",
        "“Kinh tế” và “Ban KT”",
    ),
    (
        [SECTION, [*row("Tổng kết", "x", "x")[:5], "VP; phối hợp: Ban KT, VP"]],
        "board-both",
        "“VP” vừa chủ trì",
    ),
    (
        [SECTION, [*CLEAN[:2], "340 hộ", *CLEAN[3:]]],
        "total-not-parts",
        "2 mỗi đơn vị × 171 đơn vị = 342, nhưng",
    ),
    (
        [SECTION, row("Mỗi cơ sở giúp ít nhất 3 hộ", "≥ 513", "≥ 512", levels="Cơ sở")],
        "total-not-parts",
        "ghi 512",
    ),
    ([SECTION, row("80% cơ sở có quỹ", "88%", "90%")], "level-above-target", "năm 2024: 88%"),
    ([SECTION, row("80% cơ sở có quỹ", "60%", "70%")], "level-short", "chưa tới chỉ tiêu 80%"),
    (
        [SECTION, row("Ít nhất 80% cơ sở có quỹ", "≥ 90%", "≥ 85%")],
        "level-backwards",
        "thấp hơn năm trước (≥ 90%)",
    ),
    (
        [SECTION, row("Thành lập tổ hợp tác", "2", "100% các huyện")],
        "unit-changes",
        "đơn vị khác nhau",
    ),
    (
        [SECTION, row("Mở lớp:\n2024: 3 lớp\n2025: 4 lớp", "3 lớp", "5 lớp")],
        "words-against-years",
        "năm 2025: lời ghi 4",
    ),
    (
        [SECTION, row("Mở lớp:\n2024: 3 lớp", "", "5 lớp")],
        "words-against-years",
        "năm 2024: lời ghi 3 lớp",
    ),
    (
        [SECTION, row("Trong nhiệm kỳ thành lập 9 tổ", "4 tổ", "4 tổ")],
        "years-not-total",
        "cả nhiệm kỳ ghi 9 tổ, các năm cộng lại là 8",
    ),
    (
        [heading("Mở ít nhất 2 lớp"), row("Mở 2 lớp", "2 lớp", "2 lớp")],
        "heading-sign",
        "“≥ 2 lớp”, dòng này ghi “2 lớp”",
    ),
    (
        [heading("Mở ít nhất 2 lớp"), row("Mở ít nhất 9 lớp", "≥ 9 lớp", "≥ 9 lớp")],
        "heading-number",
        "ghi ≥ 2 lớp",
    ),
    (
        [heading("Mỗi cơ sở giúp 2 hộ"), row("Giúp 300 hộ", "300 hộ", "300 hộ", levels="Cơ sở")],
        "heading-per-unit",
        "171 đơn vị là 342",
    ),
    (
        [heading("90% cơ sở có quỹ"), row("Hướng dẫn xây dựng quỹ", "x", "x")],
        "heading-not-measured",
        "90% cơ sở có quỹ",
    ),
    (
        [SECTION, row("80% hội viên, đoàn viên học nghề", "80%", "80%")],
        "percent-of-two",
        "“hội viên, đoàn viên”",
    ),
    (
        [SECTION, row("Giúp 80% hộ khó khăn, trong đó 40% thoát nghèo", "80%", "80%")],
        "percent-of-which",
        "“trong đó thoát nghèo” 40%",
    ),
    ([SECTION, row("Khám sức khỏe", "80%", "80%")], "percent-of-nothing", "“80%” không nói"),
    (
        [
            SECTION,
            row("Hàng năm, các cấp giám sát", "x", "x"),
            row("Dạy nghề", "x", "x", levels="Cơ sở", number="2"),
        ],
        "levels-apart",
        "lời nói “các cấp”",
    ),
    (
        [SECTION, [*CLEAN[:4], "Tỉnh", ""]],
        "levels-apart",
        "“mỗi cơ sở” nhưng cấp thực hiện ghi “Tỉnh”",
    ),
    (
        [SECTION, row("Thành lập tổ", "2 (Tân Phú, Long Hải)", "x")],
        "place-unknown",
        "“Long Hải” không là tên",
    ),
    ([SECTION, row("Phát trển kinh tế", "x", "x")], "spelling", "Nên viết “phát triển”"),
    ([SECTION, row("Đăng thông tn điện tử", "x", "x")], "spelling", "Nên viết “thông tin”"),
    ([SECTION, row("Mở rqt lớp", "x", "x")], "spelling", "“rqt” có thể sai chính tả"),
    ([SECTION, row("2030: mở 5 lớp", "x", "x")], "target-outside-term", "năm 2030"),
]


@pytest.mark.parametrize(("rows", "code", "says"), FOUND)
def test_each_rule_finds_its_own(rows, code, says, findings_of):
    findings = [problem for problem in findings_of(*rows) if problem.code == code]
    assert len(findings) == 1
    assert says in findings[0].message
    assert findings[0].fragment


TITLES = [
    (
        ["KẾ HOẠCH", "thực hiện Nghị quyết Đại hội, nhiệm kỳ 2025-2030"],
        "term-columns",
        "lệch năm 2024",
    ),
    (
        [
            "KẾ HOẠCH",
            "Nghị quyết Đại hội toàn tỉnh lần thứ V, nhiệm kỳ 2024-2025",
            "Căn cứ Nghị quyết Đại hội toàn tỉnh lần V, nhiệm kỳ 2019-2023;",
        ],
        "term-two-periods",
        "lần thứ V",
    ),
]


@pytest.mark.parametrize(("title", "code", "says"), TITLES)
def test_years_of_the_title(title, code, says, findings_of):
    (found,) = findings_of(SECTION, CLEAN, title=title)
    assert (found.code, says in found.message) == (code, True)


def test_rules_have_cases_and_docs():
    """Every rule has a case and a line in the docs."""
    listed = re.findall(
        r"^\| `([a-z-]+)` \|",
        (ROOT / "docs" / "checks.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert listed == list(RULES)
    assert {code for _, code, _ in (*FOUND, *TITLES)} == set(RULES)


def test_about_agrees_with_rounded_total(vocabulary):
    """About so many each agrees with a rounded total."""
    says = row("Giúp ít nhất 45 hộ (bình quân 04 hộ/huyện)", "≥ 45 hộ", "≥ 45 hộ", levels="Huyện")
    plan = compile_rows(vocabulary, [SECTION, says])
    assert check(plan, units=UNITS) == ()
    assert [problem.code for problem in check(plan, units={"district": 8})] == ["total-not-parts"]


def test_totals_need_the_number_of_units(vocabulary):
    """Without the number of units nothing is said of totals."""
    plan = compile_rows(vocabulary, [SECTION, [*CLEAN[:2], "340 hộ", "342 hộ", "Cơ sở", ""]])
    assert check(plan) == ()


def test_signed_plans_findings_are_counted(signed_document, vocabulary):
    plan, _ = compile_document(signed_document("docx"), vocabulary)
    found = check(plan, units=UNITS, populations=vocabulary.counters)
    said = Counter(problem.code for problem in found)
    assert 45 <= len(found) <= 60
    assert {
        code: said[code]
        for code in ("row-no-year", "row-twice", "board-two-names", "levels-apart", "spelling")
    } == {
        "row-no-year": 2,
        "row-twice": 5,
        "board-two-names": 2,
        "levels-apart": 3,
        "spelling": 6,
    }
    assert said.keys() >= {
        "term-two-periods",
        "term-columns",
        "level-above-target",
        "unit-changes",
        "text-cut",
    }
    assert [problem.source.row for problem in found if problem.code == "row-no-year"] == [35, 91]
    written = {problem.fragment for problem in found if problem.code == "spelling"}
    assert written == {"phầm chất", "mổi cơ", "trong tâm", "thông tn", "giúp nhay", "phát trển"}


# No false alarm: clean plans of many words, levels and shapes.

WORK = [
    "Tổ chức hội nghị tuyên truyền pháp luật",
    "Hướng dẫn cơ sở xây dựng mô hình sinh kế",
    "Tổng kết phong trào thi đua",
]
WORK += [
    "Phối hợp giám sát việc thực hiện chính sách an sinh xã hội",
    "Duy trì chuyên mục trên báo và đài của địa phương",
]
RATED = [
    "cán bộ được bồi dưỡng nghiệp vụ",
    "chi hội có quỹ hoạt động",
    "hộ nghèo được hỗ trợ vốn sản xuất",
]
COUNTED = [("lớp", "Mở ít nhất {} lớp dạy nghề"), ("hộ", "Hỗ trợ ít nhất {} hộ khởi nghiệp")]
COUNTED += [("tin bài", "Đăng tải ít nhất {} tin bài về gương điển hình")]
LEVELS = ["Các cấp", "Tỉnh", "Huyện", "Cơ sở", "Cấp tỉnh và huyện"]


@st.composite
def clean_rows(draw):
    lines = [["", draw(st.sampled_from(WORK)), "x", draw(st.sampled_from(["", "x"]))]]
    rate, low = draw(st.sampled_from(RATED)), draw(st.integers(20, 60))
    top = low + draw(st.integers(0, 40))
    lines.append(["", f"{top}% {rate}", f"{low}%", f"{top}%"])
    unit, words = draw(st.sampled_from(COUNTED))
    count = draw(st.integers(2, 900))
    lines.append(["", words.format(count), f"≥ {count} {unit}", f"≥ {count} {unit}"])
    order = draw(st.permutations(lines))
    levels = [draw(st.sampled_from(LEVELS)) for _ in order]
    return [
        [str(place + 1), *line[1:], level, ""]
        for place, (line, level) in enumerate(zip(order, levels, strict=True))
    ]


@pytest.mark.law
@given(clean_rows())
def test_no_false_alarm_on_a_clean_plan(vocabulary, rows):
    title = ["KẾ HOẠCH", "Công tác toàn khóa, giai đoạn 2024-2025"]
    assert (
        check(compile_rows(vocabulary, [SECTION, *rows], title), units=UNITS, places=PLACES) == ()
    )


@pytest.mark.parametrize(
    "word", ["nghiêng", "quốc", "giữ", "gìn", "khuỷu", "thuở", "quý", "quyết", "khỏe", "yêu"]
)
def test_syllables_are_known_by_shape(word):
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["tn", "rqt", "phátt", "đat", "trieển", "ngg", "thức\u0301"])
def test_what_is_no_syllable(word):
    assert not is_syllable(word)


@pytest.mark.parametrize(
    ("first", "second", "near"),
    [
        ("nhay", "nhau", True),
        ("trển", "triển", True),
        ("tn", "tin", True),
        ("a", "a", False),
        ("nhay", "nhiều", False),
    ],
)
def test_slips_are_one_letter_apart(first, second, near):
    assert one_slip_apart(first, second) is near
    assert one_slip_apart(second, first) is near
