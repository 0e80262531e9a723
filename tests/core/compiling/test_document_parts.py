"""Documents of more than one table: every table of the plan is read, every other one is named."""

import pytest

from toankhoa.core.basics import Source
from toankhoa.core.compiling import (
    Document,
    Paragraph,
    Table,
    TableCell,
    TableRow,
    compile_document,
)

TITLE = ("KẾ HOẠCH", "Giai đoạn 2021-2022")
TARGETS = (
    ["TT", "Chỉ tiêu", "2021", "2022", "Chủ trì"],
    ["I", "XÂY DỰNG TỔ CHỨC", "", "", ""],
    ["1", "Kết nạp hội viên mới", "100 người", "120 người", "BTC"],
)
TASKS = (
    ["Số TT", "Nhiệm vụ", "Đơn vị chủ trì", "Thời gian hoàn thành"],
    ["I", "CÔNG TÁC CÁN BỘ", "", ""],
    ["1", "Ban hành quy chế", "VP", "Quý I/2022"],
)
PEOPLE = (["STT", "Xã", "Dân số"], ["1", "Tân An", "12000"], ["2", "Bình Hòa", "9000"])
RESULTS = (["TT", "Chỉ tiêu", "Năm 2019", "Năm 2020"], ["1", "Kết nạp hội viên mới", "80", "95"])


def document(*blocks) -> Document:
    """Lines and tables of texts as a document, numbered as a reader does."""
    made, tables = [], 0
    for place, block in enumerate(blocks):
        if isinstance(block, str):
            made.append(Paragraph(block, Source("a", paragraph=place)))
            continue
        rows = [
            TableRow(
                tuple(
                    TableCell(text, column, source=Source("a", tables, index, column))
                    for column, text in enumerate(row)
                ),
                Source("a", tables, index),
            )
            for index, row in enumerate(block)
        ]
        made.append(Table(tuple(rows), len(block[0])))
        tables += 1
    return Document("a", tuple(made))


@pytest.fixture
def compiled(vocabulary):
    def build(*blocks, answers=None):
        plan, problems = compile_document(document(*blocks), vocabulary, answers)
        return plan, [problem for problem in problems if not problem.code.startswith("no-")]

    return build


def told(problems) -> list[tuple[str, str]]:
    return [(problem.code, problem.fragment) for problem in problems]


def test_tables_of_two_layouts_are_one_plan(compiled):
    plan, problems = compiled(*TITLE, TARGETS, "Biểu số 2: Nhiệm vụ trọng tâm", TASKS)
    assert told(problems) == []
    assert [(row.code, row.title, row.boards) for row in plan.activities] == [
        ("I.1", "Kết nạp hội viên mới", ("BTC",)),
        ("I-2.1", "Ban hành quy chế", ("VP",)),
    ]
    assert [(row.code, row.number, row.title) for row in plan.objectives] == [
        ("I", "I", "XÂY DỰNG TỔ CHỨC"),
        ("M2", "", "Biểu số 2: Nhiệm vụ trọng tâm"),
        ("I-2", "I", "CÔNG TÁC CÁN BỘ"),
    ]
    levels = [
        {year: cell.text for year, cell in row.commitments.items()} for row in plan.activities
    ]
    assert levels == [{2021: "100 người", 2022: "120 người"}, {2021: "", 2022: "Quý I/2022"}]


def test_table_without_headers_continues_the_last(compiled):
    """A table without headers goes on with the columns of the one before."""
    plan, problems = compiled(
        *TITLE, TARGETS, "Trang 2.", (["2", "Thành lập tổ", "5 tổ", "6 tổ", "VP"],)
    )
    assert [row.commitments[2022].text for row in plan.activities] == ["120 người", "6 tổ"]
    assert told(problems) == [("text-unplaced", "Trang 2.")]


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize(
    ("table", "first"),
    [(PEOPLE, "STT | Xã | Dân số"), (RESULTS, "TT | Chỉ tiêu | Năm 2019 | Năm 2020")],
)
def test_table_without_plan_is_reported(place, table, first, compiled):
    """A table that is no plan is named once."""
    blocks = [TARGETS, table] if place else [table, TARGETS]
    plan, problems = compiled(*TITLE, *blocks)
    assert (plan.years, [row.title for row in plan.activities]) == (
        (2021, 2022),
        ["Kết nạp hội viên mới"],
    )
    assert told(problems) == [("table-not-plan", first)]
    assert problems[0].source.table == place


def test_signed_before_its_annex(compiled):
    """The table is an annex: the signature stands before it."""
    annex = ("PHỤ LỤC", "CHỈ TIÊU CHỦ YẾU", "(Kèm theo Kế hoạch số 5/KH-BTV)")
    signed = ("Nơi nhận:", "- Các huyện;", "TM. BAN THƯỜNG VỤ", "CHỦ TỊCH", "Trần Văn Bình")
    plan, problems = compiled("Số: 5/KH-BTV", *TITLE, *signed, *annex, TARGETS)
    assert told(problems) == []
    assert (plan.signature.authority, plan.signature.title, plan.signature.name) == signed[2:]
    assert plan.recipients == ("Các huyện",)
    assert (plan.title, plan.objectives[0].title) == ("\n".join(TITLE), " ".join(annex))
    assert [(row.objective, row.code) for row in plan.activities] == [("I", "I.1")]


def test_note_on_units_is_no_heading(compiled):
    """A note on units over a table is no heading."""
    plan, problems = compiled(*TITLE, TARGETS, "Đơn vị tính: người", TASKS)
    assert [row.title for row in plan.objectives] == ["XÂY DỰNG TỔ CHỨC", "CÔNG TÁC CÁN BỘ"]
    assert told(problems) == [
        ("number-twice", "CÔNG TÁC CÁN BỘ"),
        ("text-unplaced", "Đơn vị tính: người"),
    ]


def test_answer_for_one_table_is_enough(compiled):
    """An answer for one of two tables is not in vain."""
    asked = (["TT", "Nhiệm vụ", "Thời hạn", "Nơi làm"], ["1", "Mở lớp", "Quý I/2022", "Sở Nội vụ"])
    blocks = (*TITLE, TARGETS, "PHỤ LỤC 1", asked)
    assert [code for code, _ in told(compiled(*blocks)[1])] == ["column-unknown"]
    plan, problems = compiled(*blocks, answers={"Nơi làm": "support"})
    assert (told(problems), plan.activities[1].details["support"]) == ([], "Sở Nội vụ")
    assert told(compiled(*blocks, answers={"Nơi kia": "support"})[1])[0] == (
        "answer-unknown",
        "Nơi kia",
    )


def test_later_tables_deadlines_span_the_term(compiled):
    """Deadlines of a later table reach over the term."""
    title, tasks = ("KẾ HOẠCH", "Giai đoạn 2020-2024"), (*TASKS, ["2", "Sơ kết", "VP", "2023"])

    def years(*blocks):
        plan, _ = compiled(*blocks)
        named = [year for year, cell in plan.activities[-1].commitments.items() if cell.text]
        return plan.years, named

    assert years(*title, TARGETS) == ((2021, 2022), [2021, 2022])
    assert years(*title, TARGETS, "Nhiệm vụ", tasks) == ((2020, 2021, 2022, 2023, 2024), [2023])
    # Not this plan's term: only the years that deadlines name.
    past = "Thực hiện kế hoạch giai đoạn 2016-2020;"
    assert years("KẾ HOẠCH", past, TARGETS, "Nhiệm vụ", tasks) == ((2021, 2022, 2023), [2023])


def test_first_annex_heads_as_later_ones(compiled):
    """The first annex is a heading where later ones are."""
    first, second = "PHỤ LỤC I. CHỈ TIÊU", "PHỤ LỤC II. NHIỆM VỤ"
    plan, problems = compiled(*TITLE, first, TARGETS, second, TASKS)
    assert [row.title for row in plan.objectives] == [
        first,
        "XÂY DỰNG TỔ CHỨC",
        second,
        "CÔNG TÁC CÁN BỘ",
    ]
    assert (plan.title, problems) == ("\n".join(TITLE), [])
    plan, _ = compiled(
        "PHỤ LỤC I", *TITLE, TARGETS, second, TASKS
    )  # the paper's own first line is over its title
    assert plan.objectives[0].title == "XÂY DỰNG TỔ CHỨC"
