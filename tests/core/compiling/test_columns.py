"""Tables of other offices: what a column is, is known by the words over it, wherever it stands."""

from itertools import takewhile

import pytest
from case_files import cases

from toankhoa.core.basics import Source
from toankhoa.core.compiling import (
    MEANINGS,
    Document,
    Grid,
    Paragraph,
    Table,
    TableCell,
    TableRow,
    compile_document,
    meaning_of,
    period_of,
    print_target,
    read_columns,
)
from toankhoa.core.plan import Applies, Basis

CASES = cases("headers")
TERM = ("KẾ HOẠCH", "giai đoạn 2026-2030")


def table(*rows, spans=None) -> Table:
    """Rows of texts; `spans`: (row, column) → columns covered, rows covered."""
    spans = spans or {}
    cells = [
        tuple(
            TableCell(
                text, column, *spans.get((index, column), (1, 1)), Source("a", 0, index, column)
            )
            for column, text in enumerate(texts)
            if text is not None
        )
        for index, texts in enumerate(rows)
    ]
    return Table(
        tuple(TableRow(row, Source("a", 0, index)) for index, row in enumerate(cells)),
        max(map(len, rows)),
    )


@pytest.fixture
def compiled(vocabulary):
    def build(*rows, title=(), spans=None, answers=None):
        document = Document("a", (*map(Paragraph, title), table(*rows, spans=spans)))
        plan, problems = compile_document(document, vocabulary, answers)
        return plan, {
            problem.code: problem for problem in problems if not problem.code.startswith("no-")
        }

    return build


def levels(row) -> dict[int, list[str]]:
    return {
        year: list(map(print_target, cell.targets))
        for year, cell in row.commitments.items()
        if cell.targets
    }


HEADERS = [
    *[(text, "number") for text in ("STT", "TT", "Số TT", "Số thứ tự")],
    *[
        (text, "title")
        for text in ("Nội dung công việc", "Hoạt động chính", "Nhiệm vụ", "Chỉ tiêu", "Đầu việc")
    ],
    *[(text, "unit") for text in ("ĐVT", "Đơn vị tính")],
    *[(text, "levels") for text in ("Cấp thực hiện", "Cấp triển khai")],
    *[
        (text, "boards")
        for text in ("Ban thực hiện", "Đơn vị chủ trì", "Chủ trì, phối hợp", "Cơ quan thực hiện")
    ],
    *[(text, "support") for text in ("Phối hợp", "Đơn vị phối hợp")],
    *[(text, "product") for text in ("Sản phẩm", "Kết quả", "Kết quả đầu ra")],
    *[(text, "deadline") for text in ("Thời gian hoàn thành", "Thời hạn", "Tiến độ thực hiện")],
    *[
        (text, "baseline")
        for text in ("Thực hiện năm 2020", "Ước TH 2025", "Kết quả kỳ trước", "Hiện trạng")
    ],
    *[(text, "budget") for text in ("Kinh phí (triệu đồng)", "Dự toán kinh phí")],
    *[(text, "remark") for text in ("Ghi chú",)],
    *[(text, None) for text in ("Màu sắc", "Văn bản", "", "Phân cấp")],
]


@pytest.mark.parametrize(("header", "meaning"), HEADERS)
def test_header_words_name_a_meaning(header, meaning):
    assert meaning_of(header) == meaning


@pytest.mark.parametrize(
    ("header", "period"),
    [
        ("2021", (2021, 2021)),
        ("Năm 2021", (2021, 2021)),
        ("Đến năm 2030", (2030, 2030)),
        ("Kế hoạch năm 2022", (2022, 2022)),
        ("2021-2025", (2021, 2025)),
        ("Giai đoạn 2021 – 2025", (2021, 2025)),
        ("Thực hiện năm 2020", None),
        ("Chỉ tiêu", None),
    ],
)
def test_header_years_are_a_period(header, period):
    assert period_of(header) == period


def drawn(case) -> Grid:
    """The case's header and one row under it.

    "<" and "^" widen and deepen the cell they go on from.
    """
    storeys = case["header"] if isinstance(case["header"][0], list) else [case["header"]]
    texts = [[str(text) for text in storey] for storey in storeys]
    spans = {}
    for row, storey in enumerate(texts):
        for column in range(len(storey)):
            wide = sum(1 for _ in takewhile(lambda other: other == "<", storey[column + 1 :]))
            deep = sum(
                1 for _ in takewhile(lambda other, at=column: other[at] == "^", texts[row + 1 :])
            )
            spans[row, column] = (1 + wide, 1 + deep)
    below = case.get("row", ["1", "Mở lớp dạy nghề cho hội viên"] + [""] * (len(texts[0]) - 2))
    shown = [[None if text in "<^" else text for text in storey] for storey in texts]
    return Grid(table(*shown, below, spans=spans))


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["means"]))
def test_headers_of_other_offices(case, vocabulary):
    columns = read_columns(drawn(case), vocabulary)
    said = {column: meaning for meaning, column in columns.places.items()}
    said |= {column: str(year) for year, column in columns.years.items()}
    said |= {column: f"{first}-{last}" for (first, last), column in columns.spans.items()}
    assert [said.get(column) for column in range(len(case["means"]))] == [
        None if meaning is None else str(meaning) for meaning in case["means"]
    ]


def test_column_of_units_fills_the_levels(compiled):
    """A unit of its own column goes into the levels."""
    plan, _ = compiled(
        ["TT", "Chỉ tiêu", "ĐVT", "Thực hiện năm 2020", "2021", "2022"],
        ["1", "Tỷ lệ thu hút", "%", "60", "62", "65"],
        ["2", "Kết nạp mới", "Người", "90", "100", "120"],
    )
    rate, count = plan.activities
    assert levels(rate) == {2021: ["= 62% trong năm 2021"], 2022: ["= 65% trong năm 2022"]}
    assert rate.commitments[2021].targets[0].basis is Basis.RATE
    assert levels(count)[2022] == ["= 120 Người trong năm 2022"]
    assert rate.details == {"unit": "%", "baseline": "60"}
    assert plan.years == (2021, 2022)


def test_several_header_rows_and_their_numbers(compiled):
    """Several rows of headers and a row that numbers them."""
    spans = {(0, 0): (1, 2), (0, 1): (1, 2), (0, 2): (2, 1), (0, 4): (1, 2)}
    plan, problems = compiled(
        ["STT", "Nội dung", "Mức đạt", None, "Chủ trì"],
        [None, None, "2024", "2025", None],
        ["(1)", "(2)", "(3)", "(4)", "(5)"],
        ["1", "Mở lớp dạy nghề", "2 lớp", "3 lớp", "Ban KT"],
        spans=spans,
    )
    (row,) = plan.activities
    assert (row.title, row.boards, plan.headers.years) == ("Mở lớp dạy nghề", ("KT",), "Mức đạt")
    assert levels(row)[2025] == ["= 3 lớp trong năm 2025"]
    assert problems.keys() == {"row-no-heading"}


def test_total_column_is_the_rows_target(compiled):
    """A total beside the years is a target of the row."""
    plan, _ = compiled(
        ["TT", "Nội dung", "2024", "2025", "Giai đoạn 2024-2025"],
        ["1", "Mở lớp", "2 lớp", "3 lớp", "5 lớp"],
    )
    (row,) = plan.activities
    assert [print_target(target) for target in row.targets] == ["= 5 lớp trong nhiệm kỳ"]
    assert levels(row)[2025] == ["= 3 lớp trong năm 2025"]


def test_one_level_for_the_whole_term(compiled):
    plan, _ = compiled(
        ["STT", "Nhiệm vụ", "Chỉ tiêu", "Đơn vị chủ trì", "Phối hợp", "Sản phẩm", "Thời gian"],
        ["1", "Bồi dưỡng cán bộ ở các cấp", "90%", "VP", "Sở Nội vụ", "Báo cáo", "Hằng năm"],
        [
            "2",
            "Xây dựng mô hình sinh kế",
            "25 mô hình",
            "Ban KT",
            "BTG, Sở Công Thương",
            "Mô hình",
            "6/2027",
        ],
        title=TERM,
    )
    trained, built = plan.activities
    assert plan.years == (2026, 2027, 2028, 2029, 2030)
    assert levels(trained) == {2030: ["= 90% đến cuối nhiệm kỳ"]}
    assert levels(built) == {2030: ["= 25 mô hình trong nhiệm kỳ"]}
    assert built.commitments[2030].targets[0].applies is Applies.TERM_TOTAL
    assert (trained.supporting, built.supporting) == ((), ("BTG",))
    assert trained.details == {"support": "Sở Nội vụ", "product": "Báo cáo", "deadline": "Hằng năm"}


def test_a_level_column_with_its_year(compiled):
    plan, _ = compiled(
        ["TT", "Chỉ tiêu", "Năm 2025", "Đến năm 2030"], ["1", "Tỷ lệ thu hút", "65%", "75%"]
    )
    assert levels(plan.activities[0]) == {
        2025: ["= 65% trong năm 2025"],
        2030: ["= 75% trong năm 2030"],
    }


def test_deadlines_mark_the_years_they_name(compiled):
    """Tasks with deadlines are due in the years they name."""
    plan, problems = compiled(
        ["STT", "Nhiệm vụ", "Cơ quan chủ trì", "Thời hạn"],
        ["I", "Công tác cán bộ", "", ""],
        ["1", "Ban hành quy chế", "VP", "Quý I/2026"],
        ["2", "Sơ kết", "VP", "2027-2028"],
        ["3", "Kiểm tra", "VP", "Hằng năm"],
        title=TERM,
    )
    due = [[year for year, cell in row.commitments.items() if cell.text] for row in plan.activities]
    assert due == [[2026], [2027, 2028], [2026, 2027, 2028, 2029, 2030]]
    assert [row.commitments[2030].kind.value for row in plan.activities] == [
        "none",
        "none",
        "scheduled",
    ]
    assert problems == {}


def test_unsure_column_is_asked_and_answered(compiled):
    """What is not sure is asked and the answer taken."""
    rows = (["TT", "Nội dung", "2025", "Nơi làm"], ["1", "Mở lớp", "x", "Sở Nội vụ"])
    _, problems = compiled(*rows)
    assert all(choice in problems["column-unknown"].message for choice in MEANINGS.values())
    assert (problems["column-unknown"].source.cell, problems["column-unknown"].fragment) == (
        3,
        "Sở Nội vụ",
    )
    for key in (3, "3", "0:3", "nơi làm"):
        plan, problems = compiled(*rows, answers={key: "support"})
        assert plan.activities[0].details == {"support": "Sở Nội vụ"}
        assert problems.keys() == {"row-no-heading"}
    assert compiled(*rows, answers={3: "ignore"})[1].keys() == {"row-no-heading"}
    assert compiled(*rows, answers={3: "2026"})[0].years == (2025, 2026)


def test_an_answer_that_means_nothing_is_said(compiled):
    for answers in ({9: "title"}, {0: "colour"}):
        assert (
            "answer-unknown"
            in compiled(["TT", "Nội dung", "2025"], ["1", "Mở lớp", "x"], answers=answers)[1]
        )


def test_unknown_board_is_reported_once(compiled):
    """A board that is not known is said once."""
    rows = [[str(number), f"Việc {number}", "x", "Sở Nội vụ"] for number in range(1, 5)]
    plan, problems = compiled(["TT", "Nội dung", "2025", "Chủ trì"], *rows)
    assert plan.activities[0].boards_text == "Sở Nội vụ"
    assert "4 dòng" in problems["board-unknown"].message


def test_second_column_of_a_year_is_asked(compiled):
    """Two columns for one year are asked about."""
    plan, problems = compiled(
        ["TT", "Nội dung", "2025", "Năm 2025"], ["1", "Mở lớp", "2 lớp", "9 lớp"]
    )
    assert levels(plan.activities[0]) == {2025: ["= 2 lớp trong năm 2025"]}
    assert "“Năm 2025”: 1 ô" in problems["column-unknown"].message


MERGED = (
    ["TT", "Mục tiêu", "Chỉ tiêu", "2025", "Ghi chú"],
    ["1", "Tổ chức vững mạnh", "Kết nạp", "20 tổ", ""],
    ["2", None, "Mở lớp", "3 lớp", ""],
    ["Phần hai", None, None, None, None],
    ["3", "Tổ chức vững mạnh", "Sơ kết", "x", ""],
)
SPANS = {(1, 1): (1, 2), (3, 0): (5, 1)}


def outlined(plan) -> list[str]:
    return [row.title for row in plan.rows()]


def test_merged_column_is_its_rows_headings(compiled):
    """A column merged down over rows is their headings."""
    plan, problems = compiled(*MERGED[:3], spans=SPANS)
    assert outlined(plan) == ["Tổ chức vững mạnh", "Kết nạp", "Mở lớp"]
    assert problems == {}
    assert "heading" not in dict(plan.headers.columns)
    plan, _ = compiled(*MERGED, spans=SPANS)
    assert outlined(plan)[3:] == [
        "Phần hai",
        "Tổ chức vững mạnh",
        "Sơ kết",
    ]  # named again under another section


def test_answer_for_merged_column_holds(compiled):
    """What the officer says of a merged column holds."""
    plan, _ = compiled(*MERGED[:3], spans=SPANS, answers={1: "remark"})
    assert [row.details["remark"] for row in plan.activities] == ["Tổ chức vững mạnh"] * 2
    plain = (
        ["TT", "Nhóm việc", "Nội dung", "2025"],
        ["1", "Tuyên truyền", "Mở lớp", "x"],
        ["2", "", "Thi", "x"],
    )
    assert "column-unknown" in compiled(*plain)[1]
    assert outlined(compiled(*plain, answers={1: "heading"})[0]) == [
        "Tuyên truyền",
        "Mở lớp",
        "Thi",
    ]
