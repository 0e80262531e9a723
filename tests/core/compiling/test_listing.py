"""Plans without a table, and papers that are none."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toankhoa.core.compiling import Document, Language, Paragraph, compile_document, print_target
from toankhoa.core.compiling.language.quantity import PLAIN
from toankhoa.core.plan import CommitmentKind
from toankhoa.documents import read

PLANS = Path(__file__).resolve().parents[4] / "shared" / "plans"
PROSE = """HỘI NÔNG DÂN TỈNH
BAN CHẤP HÀNH
Số: 12/KH-HND
Hà Nam, ngày 5 tháng 6 năm 2025
KẾ HOẠCH
Thực hiện Nghị quyết Đại hội, nhiệm kỳ 2025-2030
Căn cứ Nghị quyết Đại hội tỉnh;
I. MỤC TIÊU
Phát huy vai trò của hội viên trong phát triển kinh tế.
II. CHỈ TIÊU
Chỉ tiêu 1: Tỷ lệ thu hút đạt 65% vào năm 2025 và 75% vào năm 2030; hằng năm kết nạp ít nhất 500 hội viên.
Chỉ tiêu 2: Mỗi huyện xây dựng từ 2-3 mô hình.
III. NHIỆM VỤ
1. Tuyên truyền
- Đẩy mạnh tuyên truyền pháp luật.
+ Mỗi năm in ít nhất 02 tập san.
2. Phát triển kinh tế
2.1. Hỗ trợ vốn cho hộ nghèo
2.2. Dạy nghề
a) Mở 10 lớp/năm
b) Kết nối việc làm
Nơi nhận:
- Trung ương Hội;
- Lưu VT.
TM. BAN CHẤP HÀNH
CHỦ TỊCH
Nguyễn Văn A
"""
PARAGRAPH = """CHƯƠNG TRÌNH HÀNH ĐỘNG
Giai đoạn 2026-2030
Phấn đấu đến năm 2030: 80% hội viên được bồi dưỡng; 100% chi hội có quỹ; giảm tỷ lệ hộ nghèo xuống dưới 3%.
"""


@pytest.fixture
def compiled(vocabulary):
    return lambda text, name="a.txt": compile_document(read(name, text.encode()), vocabulary)


def readings(row, language: Language = PLAIN) -> dict[int, list[str]]:
    return {
        year: [print_target(target, language) for target in cell.targets]
        for year, cell in row.commitments.items()
        if cell.targets
    }


def test_numbered_targets_in_prose(compiled, vocabulary):
    language = Language.of(vocabulary)
    plan, problems = compiled(PROSE)
    assert plan.years == (2025, 2026, 2027, 2028, 2029, 2030)
    assert [row.code for row in plan.objectives] == [
        "I",
        "II",
        "II.CT01",
        "II.CT02",
        "III",
        "III.1",
        "III.1.M7",
        "III.2",
        "III.2.2",
    ]
    reached, joined, models = (plan.find(code) for code in ("II.CT01.1", "II.CT01.2", "II.CT02.1"))
    assert readings(reached) == {2025: ["= 65% trong năm 2025"], 2030: ["= 75% trong năm 2030"]}
    assert list(readings(joined)) == list(plan.years)
    assert readings(models, language) == {2030: ["2–3 mô hình mỗi huyện trong nhiệm kỳ"]}
    assert [print_target(target, language) for target in models.targets] == [
        "2–3 mô hình mỗi huyện trong nhiệm kỳ: xây dựng mô hình"
    ]
    assert {problem.code for problem in problems} == {"plan-in-words"}


def test_the_words_around_it(compiled):
    plan, _ = compiled(PROSE)
    assert (plan.number, plan.place, plan.organisation) == (
        "12/KH-HND",
        "Hà Nam",
        "HỘI NÔNG DÂN TỈNH",
    )
    assert plan.title.splitlines()[0] == "KẾ HOẠCH"
    assert (len(plan.bases), len(plan.recipients), plan.signature.name) == (1, 2, "Nguyễn Văn A")
    assert plan.goal.startswith("Phát huy vai trò")


def test_tasks_under_dotted_numbers_and_letters(compiled):
    plan, _ = compiled(PROSE)
    rows = {
        row.code: (row.number, row.title) for row in plan.activities if row.code.startswith("III.2")
    }
    assert rows == {
        "III.2.1": ("2.1", "Hỗ trợ vốn cho hộ nghèo"),
        "III.2.2.1": ("a", "Mở 10 lớp/năm"),
        "III.2.2.2": ("b", "Kết nối việc làm"),
    }
    assert all(
        cell.kind is CommitmentKind.NONE for cell in plan.find("III.2.2.2").commitments.values()
    )


def test_one_paragraph_of_targets_between_semicolons(compiled):
    plan, problems = compiled(PARAGRAPH)
    assert [list(map(print_target, row.targets)) for row in plan.activities] == [
        ["= 80% trong năm 2030: hội viên được bồi dưỡng"],
        ["= 100% trong năm 2030: chi hội có quỹ"],
        ["< 3% trong năm 2030: tỷ lệ hộ nghèo"],
    ]
    assert {"plan-in-words", "row-no-heading"} <= {problem.code for problem in problems}


def test_barred_lines_without_headers_are_asked_about(compiled, vocabulary):
    text = "KỲ HỌP\n" + "\n".join(
        f"{n} | {2025 + n} | Kỳ họp thường lệ thứ {n} | Nghị quyết" for n in range(1, 5)
    )
    plan, problems = compiled(text)
    assert plan.activities[0].title == "Kỳ họp thường lệ thứ 1"
    assert [year for year, cell in plan.activities[1].commitments.items() if cell.text] == [2027]
    assert [problem.source.cell for problem in problems if problem.code == "column-unknown"] == [3]
    answered, problems = compile_document(
        read("a.txt", text.encode()), vocabulary, {"0:3": "product"}
    )
    assert answered.activities[0].details["product"] == "Nghị quyết"
    assert "column-unknown" not in {problem.code for problem in problems}


def test_results_of_the_past_are_no_targets(compiled):
    plan, problems = compiled(
        "I. KẾT QUẢ THỰC HIỆN NHIỆM KỲ 2020-2025\n- Đạt 90% hội viên\n"
        "II. CHỈ TIÊU 2025-2030\n- Đạt 95% hội viên\n"
    )
    assert [row.title for row in plan.activities] == ["Đạt 95% hội viên"]
    past = next(problem for problem in problems if problem.code == "results-not-targets")
    assert "1 mục" in past.message


def shared(name: str) -> bytes:
    path = PLANS / name
    if not path.exists():
        pytest.skip("../shared is not here: documents of other organisations cannot be compiled")
    return path.read_bytes()


def test_a_dashboard_of_another_organisation(vocabulary):
    data = shared("tinhdoan_phutho_2025_2030.txt")
    plan, problems = compile_document(read("a.txt", data), vocabulary)
    assert plan.years == (2025, 2026, 2027, 2028, 2029, 2030)
    numbered = [row for row in plan.objectives if row.number.startswith("Chỉ tiêu")]
    assert [row.number for row in numbered] == [f"Chỉ tiêu {number}" for number in range(1, 16)]
    amounts = [int(target.amount) for row in plan.activities for target in row.targets]
    assert amounts == [
        100,
        80,
        2_500_000,
        300,
        1,
        1,
        100,
        80,
        25,
        300_000,
        120_000,
        100,
        50,
        80,
        25_000,
    ]
    assert "results-not-targets" in {problem.code for problem in problems}


def test_sessions_of_another_organisation(vocabulary):
    plan, problems = compile_document(
        read("a.txt", shared("hdnd_thanhhoa_toankhoa_2026_2031.txt")), vocabulary
    )
    assert plan.years == (2026, 2027, 2028, 2029, 2030, 2031)
    assert Counter(row.objective for row in plan.activities) == {"M1": 7, "M2": 17}
    last = plan.find("M1.6").commitments
    assert [year for year, cell in last.items() if cell.text] == [2027, 2028, 2029, 2030]
    assert Counter(problem.code for problem in problems)["column-unknown"] == 4


def test_a_report_is_no_plan(vocabulary):
    plan, problems = compile_document(
        read("a.txt", shared("hoilhpn_mau_baocao_thang_chihoi.txt")), vocabulary
    )
    assert (plan.objectives, plan.activities) == ((), ())
    assert (problems[0].code, problems[0].severity.value, problems[0].fragment) == (
        "not-a-plan",
        "error",
        "BÁO CÁO",
    )


PIECES = [
    "I. ",
    "1.1. ",
    "a) ",
    "- ",
    "## ",
    "Chỉ tiêu 3: ",
    "NHÓM 2: ",
    "MỤC TIÊU 2025-2030",
    "80% ",
    "đạt ",
    "năm 2030",
]
PIECES += [
    "2-3 ",
    "; ",
    ": ",
    ", ",
    "(",
    ")",
    "“",
    "Nơi nhận:",
    "TM. ",
    "mỗi huyện ",
    "5 lớp/năm",
    " | ",
    "Kết quả thực hiện",
]
LINES = st.lists(st.lists(st.sampled_from(PIECES), max_size=6).map("".join), max_size=10)


@pytest.mark.law
@given(LINES)
def test_any_lines_make_distinct_rows(vocabulary, lines):
    """Any lines make a plan of distinct rows."""
    document = Document("a", tuple(map(Paragraph, lines)))
    plan, problems = compile_document(document, vocabulary)
    rows = list(plan.rows())
    assert (
        len({row.code for row in rows}) == len(rows) == len(plan.objectives) + len(plan.activities)
    )
    assert all(tuple(row.commitments) == plan.years for row in plan.activities)
    assert bool(plan.activities) or any(problem.severity.value == "error" for problem in problems)
