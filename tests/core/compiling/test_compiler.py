"""From a document to a plan: the signed plan in both its files, and unusual tables."""

import time
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from case_files import cases

from toankhoa.core.basics import Severity, Source
from toankhoa.core.compiling import (
    Document,
    Language,
    Paragraph,
    Table,
    TableCell,
    TableRow,
    compile_document,
    print_target,
)
from toankhoa.core.plan import Applies, Basis, CommitmentKind, Comparator, Plan
from toankhoa.documents import read

PLANS = Path(__file__).resolve().parents[4] / "shared" / "plans"
SIGNED = "kh-70-toan-khoa-2016-2021"
TARGETS = cases("signed_targets")


@pytest.fixture(scope="module", params=["docx", "txt"])
def compiled(request, signed_document, vocabulary):
    return compile_document(signed_document(request.param), vocabulary)


@pytest.fixture
def signed(compiled) -> Plan:
    return compiled[0]


def test_both_files_are_one_plan(signed, signed_document, vocabulary):
    assert compile_document(signed_document("docx"), vocabulary)[0] == signed


def test_letterhead_title_and_bases_are_read(signed):
    assert (signed.organisation, signed.body) == ("HỘI LHPN TỈNH ĐỒNG NAI", "BAN CHẤP HÀNH")
    assert (signed.number, signed.date, signed.place) == (
        "70/KH-BCH",
        date(2017, 9, 29),
        "Đồng Nai",
    )
    assert [line[:8] for line in signed.motto.splitlines()] == ["CỘNG HÒA", "Độc lập "]
    assert [line.split()[0] for line in signed.title.splitlines()] == ["KẾ", "Thực", "và"]
    assert [basis.split()[0] for basis in signed.bases] == ["Thực", "Căn", "Căn"]
    assert signed.goal.startswith("Vận động")
    assert signed.years == (2017, 2018, 2019, 2020, 2021)
    assert (signed.headers.number, signed.headers.levels, signed.headers.boards) == (
        "STT",
        "Cấp thực hiện",
        "Ban thực hiện",
    )


def test_closing_recipients_signature_are_read(signed):
    signature = signed.signature
    assert (signature.authority, signature.title) == ("TM. BAN CHẤP HÀNH", "CHỦ TỊCH")
    assert (signature.mark, signature.name) == ("(đã ký)", "Lê Thị Ngọc Loan")
    assert len(signed.recipients) == 9
    assert signed.recipients[-1] == "Lưu VT"
    assert not any(name.startswith("-") or name.endswith((";", ".")) for name in signed.recipients)
    assert signed.closing.endswith("hợp lý./.")
    assert "\n" not in signed.closing


def test_headings_have_codes_and_targets(signed):
    sections = [
        "II.1",
        "II.1.1",
        "II.1.2",
        "II.2",
        "II.2.1",
        "II.2.2",
        "II.3",
        "II.3.1",
        "II.3.2",
        "II.3.3",
    ]
    numbered = [f"I.CT{number:02}" for number in range(1, 15)]
    assert [objective.code for objective in signed.objectives] == ["I", *numbered, "II", *sections]
    assert (signed.find("I.CT05").number, signed.find("II.2.1").number) == ("Chỉ tiêu 5", "2.1")
    assert signed.find("I.CT11").title.startswith("Trong nhiệm kỳ")
    parents = {code: signed.find(code).parent for code in ("I", "I.CT14", "II.3", "II.3.3")}
    assert parents == {"I": None, "I.CT14": "I", "II.3": "II", "II.3.3": "II.3"}


def test_rows_have_levels_and_boards(signed):
    assert Counter(activity.code.partition(".")[0] for activity in signed.activities) == {
        "I": 32,
        "II": 49,
    }
    assert {"I.CT13.2", "II.2.2.1", "II.3.2.4", "II.1.1.11"} <= {
        activity.code for activity in signed.activities
    }
    assert (signed.find("II.1.1.11").number, signed.find("I.CT13.2").number) == ("11", "")
    assert len({activity.levels_text for activity in signed.activities}) == 29
    assert all(activity.levels and activity.boards for activity in signed.activities)


def test_boards_come_from_row_or_heading(signed):
    assert signed.find("I.CT03").boards == ("BTG", "GDXH", "VP")
    assert signed.find("II.3").boards == ("BTC", "KT", "CSLP", "VP")
    assert signed.find("I.CT13").boards == signed.find("I.CT13.1").boards == ("CSLP", "BTC")
    assert signed.find("I.CT13.2").boards == ("CSLP", "GDXH")


def test_year_cells_are_read_apart(signed):
    cells = [cell for activity in signed.activities for cell in activity.commitments.values()]
    kinds = Counter(cell.kind for cell in cells)
    assert all(tuple(activity.commitments) == signed.years for activity in signed.activities)
    assert kinds == {
        CommitmentKind.SCHEDULED: 298,
        CommitmentKind.NONE: 39,
        CommitmentKind.TARGET: 63,
        CommitmentKind.MILESTONE: 5,
    }
    assert Counter(cell.text for cell in cells if cell.kind is CommitmentKind.SCHEDULED) == {
        "x": 297,
        "X": 1,
    }


def test_levels_of_years_are_targets(signed):
    def levels(code: str) -> list[list[str]]:
        return [
            [print_target(replace(target, subject="")) for target in cell.targets]
            for cell in signed.find(code).commitments.values()
        ]

    years = signed.years
    rising = zip(("88,3", "89", "89", "90", "90"), years, strict=True)
    assert levels("I.CT01.3") == [[f"= {level}% trong năm {year}"] for level, year in rising]
    assert levels("I.CT01.2") == [[f"> 80% trong năm {year}"] for year in years]
    assert levels("I.CT02.2") == [[f"= 342 hộ trong năm {year}"] for year in years]
    assert levels("I.CT03.1") == [[f"≥ 513 trong năm {year}"] for year in years]
    assert levels("I.CT06.1") == [[f"= 154 cơ sở trong năm {year}"] for year in years]
    parts = zip((50, 60, 70, 80, 90), (30, 40, 50, 60, 70), years, strict=True)
    assert levels("I.CT02.1") == [
        [f"= {all_}% trong năm {year}", f"= {part}% trong năm {year}"] for all_, part, year in parts
    ]


def test_what_year_cells_are_of(signed):
    registered, titled = signed.find("I.CT02.1").commitments[2017].targets
    assert registered.subject.startswith("hội viên đăng ký")
    assert titled.subject == "đạt danh hiệu “Phụ nữ tiên tiến”"
    pilots = signed.find("I.CT05.1").commitments
    assert pilots[2018].places == ("Định Quán", "Vĩnh Cửu")
    assert pilots[2019].places == ("Cẩm Mỹ", "Tân Phú")
    assert (pilots[2021].places, pilots[2021].targets[0].subject) == ((), "Thành lập HTX /THT")
    site = signed.find("II.1.1.11").commitments
    assert [site[year].text for year in signed.years] == [
        "Thành lập, thử nghiệm, ra mắt",
        *["Hoạt động"] * 4,
    ]
    assert [site[year].operating for year in signed.years] == [False, True, True, True, True]


def test_targets_in_words_are_read(signed, vocabulary):
    language = Language.of(vocabulary)
    found = {
        row.code: [print_target(replace(target, subject=""), language) for target in row.targets]
        for row in signed.rows()
        if row.targets
    }
    assert found == TARGETS


def test_a_target_says_all_it_says(signed):
    household, *_ = [target for target in signed.find("I.CT02").targets if target.unit == "hộ"]
    assert (household.comparator, household.amount, household.basis, household.level) == (
        Comparator.AT_LEAST,
        Decimal(2),
        Basis.PER_UNIT,
        "base",
    )
    proposed = signed.find("I.CT13").targets[3]
    assert (proposed.comparator, proposed.amount, proposed.upper) == (
        Comparator.RANGE,
        Decimal(2),
        Decimal(3),
    )
    assert signed.find("I.CT10").targets[0].subject == "tỷ lệ tập hợp hội viên"
    assert signed.find("I.CT05.1").targets[1].years == (2019, 2020)
    assert signed.find("I.CT11").targets[0].applies is Applies.TERM_TOTAL


def test_sources_count_from_the_first_header_row(compiled):
    plan, _ = compiled
    cell = plan.find("I.CT01.3").commitments[2017].source
    assert (cell.table, cell.row, cell.cell) == (1, 7, 2)
    heading = plan.find("I.CT01").source
    assert (heading.table, heading.row, heading.cell) == (1, 4, 1)
    assert plan.sources["signature"].table == 2
    assert plan.sources["number"].cell == 0
    assert plan.sources["title"].table is None


def test_problems_of_the_signed_plan(compiled):
    _, problems = compiled
    assert Counter(problem.code for problem in problems) == {
        "number-not-target": 4,
        "level-remark": 1,
        "boards-joined": 1,
    }
    joined = next(problem for problem in problems if problem.code == "boards-joined")
    assert (joined.severity, joined.fragment, joined.source.row) == (
        Severity.WARNING,
        "Ban KT-CSLP",
        86,
    )


@pytest.mark.parametrize("kind", ["docx", "txt"])
def test_plan_compiles_within_a_second(kind, vocabulary):
    """A plan compiles in less than a second."""
    path = PLANS / f"{SIGNED}.{kind}"
    if not path.exists():
        pytest.skip("../shared is not here: the signed plan cannot be compiled")
    begun = time.process_time()
    compile_document(read(path.name, path.read_bytes()), vocabulary)
    assert time.process_time() - begun < 1


# Tables that look otherwise


def table(*rows: list[str], number: int = 0) -> Table:
    return Table(
        tuple(
            TableRow(
                tuple(
                    TableCell(text, column, source=Source("a", number, index, column))
                    for column, text in enumerate(texts)
                ),
                Source("a", number, index),
            )
            for index, texts in enumerate(rows)
        ),
        max(map(len, rows)),
    )


def compile_rows(vocabulary, *rows: list[str]):
    plan, problems = compile_document(Document("a", (table(*rows),)), vocabulary)
    return plan, {
        problem.code: problem for problem in problems if not problem.code.startswith("no-")
    }


def test_columns_are_understood_by_their_headers(vocabulary):
    plan, problems = compile_rows(
        vocabulary,
        ["Chủ trì", "Năm 2025", "Năm 2024", "Nội dung", "Cấp thực hiện", "TT"],
        ["Ban KT", "5 lớp", "x", "Dạy nghề", "Huyện", "1"],
    )
    (row,) = plan.activities
    assert (row.title, row.number, row.levels, row.boards) == (
        "Dạy nghề",
        "1",
        ("district",),
        ("KT",),
    )
    assert plan.years == (2024, 2025)
    assert [row.commitments[year].kind.value for year in plan.years] == ["scheduled", "target"]
    assert problems.keys() == {"row-no-heading"}


def test_columns_without_headers_by_their_cells(vocabulary):
    """Columns without headers are understood by what they hold."""
    plan, _ = compile_rows(
        vocabulary,
        ["", "", "2024", "2025", "", ""],
        ["1", "Dạy nghề cho người lao động", "x", "", "Ban KT", "Cấp tỉnh"],
        ["2", "Mở hội chợ", "", "x", "VP", "Cơ sở"],
    )
    assert [row.levels for row in plan.activities] == [("province",), ("base",)]
    assert [row.boards for row in plan.activities] == [("KT",), ("VP",)]
    assert [row.number for row in plan.activities] == ["1", "2"]


def test_unknown_column_is_a_problem(vocabulary):
    """A column that is not understood is said."""
    _, problems = compile_rows(
        vocabulary, ["TT", "Nội dung", "2024", "Màu sắc"], ["1", "Mở lớp dạy nghề", "x", "Xanh"]
    )
    assert "“Màu sắc”: 1 ô" in problems["column-unknown"].message


def test_nothing_is_dropped_in_silence(vocabulary):
    rows = table(["TT", "Nội dung", "2024"], ["7", "", "5 lớp"])
    head = [Paragraph(text) for text in ("KẾ HOẠCH", "Căn cứ Điều lệ;", "Ghi chú lạc chỗ")]
    _, problems = compile_document(Document("a", (*head, rows)), vocabulary)
    said = {problem.code: problem.fragment for problem in problems}
    assert said["row-no-title"] == "7 | 5 lớp"
    assert said["text-unplaced"] == "Ghi chú lạc chỗ"
    assert {"no-number", "no-date", "no-signature"} <= said.keys()


def test_running_text_is_no_title(vocabulary):
    lines = ["KẾ HOẠCH", *(f"Điều {number} của văn bản này" for number in range(20))]
    plan, problems = compile_document(Document("a", tuple(map(Paragraph, lines))), vocabulary)
    assert plan.title == "KẾ HOẠCH"
    assert Counter(problem.code for problem in problems)["text-unplaced"] == 20
    assert problems[0].code == "no-plan-table"


def test_repeated_headers_are_no_row(vocabulary):
    """Headers again on the next page are no row."""
    headers = ["TT", "Nội dung", "2024"]
    plan, _ = compile_rows(
        vocabulary, headers, ["1", "Mở lớp", "x"], headers, ["2", "Tổng kết", "x"]
    )
    assert [row.title for row in plan.activities] == ["Mở lớp", "Tổng kết"]


def test_number_used_twice_is_a_problem(vocabulary):
    """A number used twice is said and both headings stay."""
    plan, problems = compile_rows(
        vocabulary,
        ["TT", "Nội dung", "2024"],
        ["I", "Việc một", ""],
        ["1", "Mở lớp", "x"],
        ["I", "Việc hai", ""],
        ["1", "Tổng kết", "x"],
    )
    assert [objective.code for objective in plan.objectives] == ["I", "I-2"]
    assert [row.code for row in plan.activities] == ["I.1", "I-2.1"]
    assert problems["number-twice"].fragment == "Việc hai"


def test_merged_cell_holds_for_its_rows(vocabulary):
    """A cell merged down holds for each row it covers."""
    rows = table(
        ["TT", "Nội dung", "2024", "Chủ trì"],
        ["1", "Mở lớp", "x", "Ban KT"],
        ["2", "Tổng kết", "x"],
    )
    first = rows.rows[1]
    merged = replace(first, cells=(*first.cells[:3], replace(first.cells[3], rows=2)))
    document = Document("a", (replace(rows, rows=(rows.rows[0], merged, rows.rows[2])),))
    plan, _ = compile_document(document, vocabulary)
    assert [row.boards for row in plan.activities] == [("KT",), ("KT",)]


def test_repeated_target_means_the_same_time(vocabulary):
    """A row that repeats its heading means the same time."""
    plan, _ = compile_rows(
        vocabulary,
        ["TT", "Nội dung", "2024"],
        ["", "Chỉ tiêu 1: Trong nhiệm kỳ mở ít nhất 5 lớp", ""],
        ["1", "Mở ít nhất 5 lớp", "x"],
        ["2", "Hàng năm, mở ít nhất 5 lớp", "x"],
        ["3", "Mở ít nhất 6 lớp", "x"],
    )
    applies = [row.targets[0].applies for row in plan.activities]
    assert applies == [Applies.TERM_TOTAL, Applies.EACH_YEAR, Applies.EACH_YEAR]


def test_empty_document_is_only_problems(vocabulary):
    """An empty document is a list of problems."""
    plan, problems = compile_document(Document("a", ()), vocabulary)
    assert (plan.activities, plan.years) == ((), ())
    assert problems[0].severity is Severity.ERROR
    assert all(problem.message for problem in problems)
