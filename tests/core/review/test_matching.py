"""Rows meet indicators; each year's target is the cell's, else the row's, else the heading's."""

from decimal import Decimal

import pytest

from toankhoa.core.measures import Indicator, IndicatorKind, Library, Vocabulary
from toankhoa.core.plan import (
    Activity,
    Applies,
    Basis,
    Commitment,
    CommitmentKind,
    Comparator,
    Objective,
    Plan,
    Signature,
    Target,
)
from toankhoa.core.review import DONE, YearTarget, bind, candidates

YEARS = (2017, 2018, 2019)
MARK = Commitment(text="x", kind=CommitmentKind.SCHEDULED)
BLANK = Commitment(text="", kind=CommitmentKind.NONE)


def target(amount, unit="%", subject="", **rest) -> Target:
    return Target(
        comparator=Comparator.AT_LEAST, amount=Decimal(amount), unit=unit, subject=subject, **rest
    )


def cell(*targets: Target) -> Commitment:
    return Commitment(text="…", kind=CommitmentKind.TARGET, targets=targets)


def heading(number: str, title: str, *targets: Target) -> Objective:
    return Objective(code=number, number=number, title=title, parent=None, targets=targets)


def row(code: str, title: str, *cells: Commitment, targets: tuple[Target, ...] = ()) -> Activity:
    return Activity(
        code=code,
        number="",
        title=title,
        objective=code.split(".")[0],
        levels=(),
        levels_text="",
        boards=(),
        boards_text="",
        targets=targets,
        commitments=dict(zip(YEARS, cells or [MARK] * 3, strict=True)),
    )


def plan(*rows: Objective | Activity) -> Plan:
    return Plan(
        **dict.fromkeys(
            ("organisation", "body", "number", "place", "motto", "title", "goal", "closing"), ""
        ),
        date=None,
        bases=(),
        years=YEARS,
        objectives=tuple(item for item in rows if isinstance(item, Objective)),
        activities=tuple(item for item in rows if isinstance(item, Activity)),
        signature=Signature(),
        recipients=(),
    )


def indicator(
    code: str, name: str, *matches: str, kind=IndicatorKind.RATIO, objective: str = ""
) -> Indicator:
    return Indicator(
        code=code,
        name=name,
        name_en=name,
        kind=kind,
        numerator="n",
        denominator="d" if kind is IndicatorKind.RATIO else None,
        objective=objective,
        matches=tuple((phrase,) for phrase in matches),
    )


SAVING = indicator("S", "Tỷ lệ hội viên tiết kiệm", "tiet kiem")
READING = indicator("R", "Tỷ lệ hội viên đọc sách", "doc sach")
GROUPS = indicator("G", "Số tổ thành lập mới", "thanh lap to", kind=IndicatorKind.COUNT)
FUND = indicator("F", "Lập quỹ", "lap quy", kind=IndicatorKind.MILESTONE)


def bound(the_plan: Plan, *indicators: Indicator) -> dict[str, tuple[str, dict[int, YearTarget]]]:
    library = Library(
        elements={},
        indicators={item.code: item for item in indicators},
        forms={},
        vocabulary=Vocabulary(
            levels={"province": ("tỉnh",), "district": ("huyện", "thị"), "base": ("cơ sở",)}
        ),
    )
    return {
        binding.indicator: (binding.row, dict(binding.targets))
        for binding in bind(the_plan, library)
    }


def years(bindings: dict[int, YearTarget]) -> dict[int, tuple[int, str]]:
    return {year: (int(entry.target.amount), entry.origin) for year, entry in bindings.items()}


def test_cell_then_row_then_heading():
    """The cell then the row then the heading."""
    the_plan = plan(
        heading("A", "Hội viên tiết kiệm", target(60, subject="hội viên tiết kiệm")),
        row(
            "A.1",
            "Vận động tiết kiệm",
            cell(target(80)),
            MARK,
            BLANK,
            targets=(target(70, subject="tiết kiệm"),),
        ),
        heading("B", "Hội viên đọc sách", target(50, subject="hội viên đọc sách")),
        row("B.1", "Khuyến khích đọc sách", MARK, BLANK, MARK),
    )
    bindings = bound(the_plan, SAVING, READING)
    assert bindings["S"][0] == "A.1"
    assert years(bindings["S"][1]) == {2017: (80, "cell"), 2018: (70, "row")}
    assert bindings["R"][0] == "B.1"
    assert years(bindings["R"][1]) == {2017: (50, "heading"), 2019: (50, "heading")}


def test_cell_of_two_parts_is_shared():
    """A cell of two parts gives each indicator its own."""
    two = cell(target(30, subject="đọc sách"), target(50, subject="hội viên tiết kiệm"))
    bindings = bound(
        plan(heading("A", "Thi đua"), row("A.1", "Tiết kiệm và đọc sách", two, two, two)),
        SAVING,
        READING,
    )
    assert years(bindings["S"][1])[2017] == (50, "cell")
    assert years(bindings["R"][1])[2017] == (30, "cell")


def test_a_target_is_given_once():
    second = indicator("O", "Tỷ lệ hội viên tiết kiệm mua bảo hiểm", "tiet kiem")
    bindings = bound(
        plan(
            heading("A", "Chung"),
            row("A.1", "Tiết kiệm", targets=(target(80, subject="tiết kiệm"),)),
        ),
        SAVING,
        second,
    )
    assert [bool(targets) for _, targets in bindings.values()].count(True) == 1


def test_heading_binds_where_no_row_does():
    """What stands only in the heading binds to the heading unless a row speaks of it."""
    the_plan = plan(
        heading(
            "A",
            "Mức chung",
            target(85, subject="hội viên tiết kiệm"),
            target(40, subject="hội viên đọc sách"),
        ),
        heading("A2", "Tiết kiệm", target(85, subject="tiết kiệm")),
        row("A.1", "Mở tủ sách để hội viên đọc sách"),
    )
    bindings = bound(the_plan, SAVING, READING)
    assert bindings["S"][0] == "A2"
    assert years(bindings["S"][1]) == dict.fromkeys(YEARS, (85, "heading"))
    assert bindings["R"][0] == "A.1"
    assert years(bindings["R"][1]) == dict.fromkeys(YEARS, (40, "heading"))


def test_unmarked_row_holds_no_indicator():
    """A row that is never marked holds nothing."""
    the_plan = plan(
        heading("A", "Tiết kiệm", target(85, subject="tiết kiệm")),
        row("A.1", "Tiết kiệm", *[BLANK] * 3),
    )
    assert bound(the_plan, SAVING)["S"][0] == "A"


@pytest.mark.parametrize("applies", [Applies.BY_TERM_END, Applies.TERM_TOTAL])
def test_term_target_is_in_last_marked_year(applies):
    """A target of the whole term stands in the last marked year."""
    goal = target(25, "tổ", "thành lập tổ", applies=applies)
    bindings = bound(
        plan(heading("A", "Thành lập tổ", goal), row("A.1", "Thành lập tổ", MARK, MARK, BLANK)),
        GROUPS,
    )
    assert bindings["G"][1] == {2018: YearTarget(target=goal, origin="heading")}


def test_repeated_target_has_the_headings_time():
    """A row that repeats its heading means the heading's time."""
    end = target(5, "tổ", "thành lập tổ", applies=Applies.BY_TERM_END)
    again = target(5, "tổ", "thành lập tổ")
    vague = plan(
        heading("A", "Đến cuối nhiệm kỳ thành lập tổ", end),
        row("A.1", "Thành lập tổ", targets=(again,)),
    )
    assert years(bound(vague, GROUPS)["G"][1]) == {2019: (5, "row")}
    yearly = plan(
        heading("A", "Đến cuối nhiệm kỳ", end),
        row("A.1", "Hàng năm thành lập tổ", targets=(again,)),
    )
    assert years(bound(yearly, GROUPS)["G"][1]) == dict.fromkeys(YEARS, (5, "row"))


def test_target_holds_in_years_it_names():
    """A target that names its years holds in those."""
    early, late = target(1, "tổ", years=(2017, 2018)), target(3, "tổ", years=(2019,))
    bindings = bound(
        plan(heading("A", "Tổ"), row("A.1", "Thành lập tổ", targets=(early, late))), GROUPS
    )
    assert years(bindings["G"][1]) == {2017: (1, "row"), 2018: (1, "row"), 2019: (3, "row")}


def test_counts_and_ratios_take_their_kind():
    """A count does not take a percentage nor a ratio an amount."""
    the_plan = plan(
        heading("A", "Tổ"), row("A.1", "Thành lập tổ, tiết kiệm", *[cell(target(90))] * 3)
    )
    bindings = bound(the_plan, GROUPS, SAVING)
    assert bindings["G"][1] == {}
    assert years(bindings["S"][1]) == dict.fromkeys(YEARS, (90, "cell"))


def test_all_units_means_one_for_each():
    """All units of a level is one for each."""
    everyone = target(100, subject="huyện/thị/thành", years=(2019,))
    bindings = bound(
        plan(heading("A", "Tổ"), row("A.1", "Thành lập tổ", targets=(everyone,))), GROUPS
    )
    goal = bindings["G"][1][2019].target
    assert (goal.amount, goal.basis, goal.level) == (1, Basis.PER_UNIT, "district")


def test_mark_is_the_milestones_target():
    """A mark beside a milestone is its target."""
    bindings = bound(plan(heading("A", "Quỹ"), row("A.1", "Lập quỹ", BLANK, MARK, BLANK)), FUND)
    assert bindings["F"] == ("A.1", {2018: YearTarget(target=DONE, origin="cell")})


def test_librarys_objective_decides_between_rows():
    """The objective named in the library decides between equal rows."""
    first, second = (row(f"{code}.1", "Phong trào tiết kiệm") for code in ("A", "B"))
    the_plan = plan(heading("A", "Một"), first, heading("B", "Hai"), second)
    assert bound(the_plan, SAVING)["S"][0] == "A.1"
    named = indicator("S", "Tỷ lệ hội viên tiết kiệm", "tiet kiem", objective="b")
    assert bound(the_plan, named)["S"][0] == "B.1"


def test_name_finds_row_without_phrases():
    """A name finds its row where no phrase does."""
    without = indicator("N", "Tỷ lệ trẻ em được tiêm chủng", "khong co trong ke hoach")
    the_plan = plan(
        heading("A", "Y tế"),
        row("A.1", "Nâng tỷ lệ trẻ em được tiêm chủng đủ mũi"),
        row("A.2", "Việc khác"),
    )
    assert bound(the_plan, without)["N"][0] == "A.1"


def test_indicator_without_words_is_left_out():
    """What the plan does not speak of is left out."""
    assert (
        bound(plan(heading("A", "Đối ngoại"), row("A.1", "Đón đoàn khách")), SAVING, GROUPS) == {}
    )


def test_order_of_the_plan():
    the_plan = plan(heading("A", "Một"), row("A.1", "Đọc sách"), row("A.2", "Tiết kiệm"))
    assert list(bound(the_plan, SAVING, READING)) == ["R", "S"]


def test_candidates_are_offered_best_first():
    """Candidates are offered best first with a score."""
    known = [
        indicator("A", "Tỷ lệ hội viên được tuyên truyền", "hoi vien duoc tuyen truyen"),
        indicator("B", "Tỷ lệ cán bộ được tuyên truyền"),
        indicator("C", "Số lớp nghề"),
    ]
    the_plan = plan(heading("1", "Mục"), row("1.1", "80% hội viên được tuyên truyền"))
    library = Library(elements={}, indicators={entry.code: entry for entry in known}, forms={})
    offered = candidates("1.1", the_plan, library)
    assert [entry.indicator.code for entry in offered] == ["A", "B"]
    assert 1 >= offered[0].score > offered[1].score > 0
    assert candidates("1.1", the_plan, library, limit=1) == offered[:1]
    with pytest.raises(KeyError):
        candidates("9", the_plan, library)


def test_placed_indicator_is_there_alone():
    """What a person placed stands there and nowhere else."""
    known = indicator("A", "Tỷ lệ hội viên được tuyên truyền", "hoi vien duoc tuyen truyen")
    the_plan = plan(
        heading("1", "Mục"),
        row("1.1", "80% hội viên được tuyên truyền"),
        row("1.2", "Việc khác hẳn"),
    )
    library = Library(elements={}, indicators={"A": known}, forms={})
    rows = [
        [entry.row for entry in bind(the_plan, library, placed)]
        for placed in (None, {"A": "1.2"}, {"A": ""})
    ]
    assert rows == [["1.1"], ["1.2"], []]


def test_term_target_is_beside_the_years():
    """A row names each year's level, its heading the term's."""
    groups = indicator("G", "Số tổ thành lập", "thanh lap", kind=IndicatorKind.COUNT)
    of_term = target(25, "tổ", "thành lập tổ", applies=Applies.TERM_TOTAL)
    entry = target(5, "tổ", "thành lập tổ")
    (binding,) = bind(
        plan(
            heading("A", "Cả nhiệm kỳ thành lập 25 tổ", of_term),
            row("A.1", "Hàng năm thành lập 5 tổ", targets=(entry,)),
        ),
        Library(elements={}, indicators={"G": groups}, forms={}),
    )
    assert {
        year: year_target.target for year, year_target in binding.targets.items()
    } == dict.fromkeys(YEARS, entry)
    assert binding.term == YearTarget(target=of_term, origin="heading")


def test_years_alone_ask_nothing_of_the_term():
    saving = row("A.1", "Hội viên tiết kiệm", targets=(target(80),))
    (binding,) = bind(
        plan(heading("A", "Mục"), saving),
        Library(elements={}, indicators={"S": SAVING}, forms={}, vocabulary=Vocabulary()),
    )
    assert binding.term is None
