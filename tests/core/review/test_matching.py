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
        objectives=tuple(one for one in rows if isinstance(one, Objective)),
        activities=tuple(one for one in rows if isinstance(one, Activity)),
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


def years(found: dict[int, YearTarget]) -> dict[int, tuple[int, str]]:
    return {year: (int(one.target.amount), one.origin) for year, one in found.items()}


def test_the_cell_then_the_row_then_the_heading():
    said = plan(
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
    found = bound(said, SAVING, READING)
    assert found["S"][0] == "A.1"
    assert years(found["S"][1]) == {2017: (80, "cell"), 2018: (70, "row")}
    assert found["R"][0] == "B.1"
    assert years(found["R"][1]) == {2017: (50, "heading"), 2019: (50, "heading")}


def test_a_cell_of_two_parts_gives_each_indicator_its_own():
    two = cell(target(30, subject="đọc sách"), target(50, subject="hội viên tiết kiệm"))
    found = bound(
        plan(heading("A", "Thi đua"), row("A.1", "Tiết kiệm và đọc sách", two, two, two)),
        SAVING,
        READING,
    )
    assert years(found["S"][1])[2017] == (50, "cell")
    assert years(found["R"][1])[2017] == (30, "cell")


def test_a_target_is_given_once():
    other = indicator("O", "Tỷ lệ hội viên tiết kiệm mua bảo hiểm", "tiet kiem")
    found = bound(
        plan(
            heading("A", "Chung"),
            row("A.1", "Tiết kiệm", targets=(target(80, subject="tiết kiệm"),)),
        ),
        SAVING,
        other,
    )
    assert [bool(targets) for _, targets in found.values()].count(True) == 1


def test_what_stands_only_in_the_heading_binds_to_the_heading_unless_a_row_speaks_of_it():
    said = plan(
        heading(
            "A",
            "Mức chung",
            target(85, subject="hội viên tiết kiệm"),
            target(40, subject="hội viên đọc sách"),
        ),
        heading("A2", "Tiết kiệm", target(85, subject="tiết kiệm")),
        row("A.1", "Mở tủ sách để hội viên đọc sách"),
    )
    found = bound(said, SAVING, READING)
    assert found["S"][0] == "A2"
    assert years(found["S"][1]) == dict.fromkeys(YEARS, (85, "heading"))
    assert found["R"][0] == "A.1"
    assert years(found["R"][1]) == dict.fromkeys(YEARS, (40, "heading"))


def test_a_row_that_is_never_marked_holds_nothing():
    said = plan(
        heading("A", "Tiết kiệm", target(85, subject="tiết kiệm")),
        row("A.1", "Tiết kiệm", *[BLANK] * 3),
    )
    assert bound(said, SAVING)["S"][0] == "A"


@pytest.mark.parametrize("applies", [Applies.BY_TERM_END, Applies.TERM_TOTAL])
def test_a_target_of_the_whole_term_stands_in_the_last_marked_year(applies):
    goal = target(25, "tổ", "thành lập tổ", applies=applies)
    found = bound(
        plan(heading("A", "Thành lập tổ", goal), row("A.1", "Thành lập tổ", MARK, MARK, BLANK)),
        GROUPS,
    )
    assert found["G"][1] == {2018: YearTarget(target=goal, origin="heading")}


def test_a_row_that_repeats_its_heading_means_the_heading_s_time():
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


def test_a_target_that_names_its_years_holds_in_those():
    early, late = target(1, "tổ", years=(2017, 2018)), target(3, "tổ", years=(2019,))
    found = bound(
        plan(heading("A", "Tổ"), row("A.1", "Thành lập tổ", targets=(early, late))), GROUPS
    )
    assert years(found["G"][1]) == {2017: (1, "row"), 2018: (1, "row"), 2019: (3, "row")}


def test_a_count_does_not_take_a_percentage_nor_a_ratio_an_amount():
    said = plan(heading("A", "Tổ"), row("A.1", "Thành lập tổ, tiết kiệm", *[cell(target(90))] * 3))
    found = bound(said, GROUPS, SAVING)
    assert found["G"][1] == {}
    assert years(found["S"][1]) == dict.fromkeys(YEARS, (90, "cell"))


def test_all_units_of_a_level_is_one_for_each():
    everyone = target(100, subject="huyện/thị/thành", years=(2019,))
    found = bound(plan(heading("A", "Tổ"), row("A.1", "Thành lập tổ", targets=(everyone,))), GROUPS)
    one = found["G"][1][2019].target
    assert (one.amount, one.basis, one.level) == (1, Basis.PER_UNIT, "district")


def test_a_mark_beside_a_milestone_is_its_target():
    found = bound(plan(heading("A", "Quỹ"), row("A.1", "Lập quỹ", BLANK, MARK, BLANK)), FUND)
    assert found["F"] == ("A.1", {2018: YearTarget(target=DONE, origin="cell")})


def test_the_objective_named_in_the_library_decides_between_equal_rows():
    one, two = (row(f"{code}.1", "Phong trào tiết kiệm") for code in ("A", "B"))
    said = plan(heading("A", "Một"), one, heading("B", "Hai"), two)
    assert bound(said, SAVING)["S"][0] == "A.1"
    named = indicator("S", "Tỷ lệ hội viên tiết kiệm", "tiet kiem", objective="b")
    assert bound(said, named)["S"][0] == "B.1"


def test_a_name_finds_its_row_where_no_phrase_does():
    without = indicator("N", "Tỷ lệ trẻ em được tiêm chủng", "khong co trong ke hoach")
    said = plan(
        heading("A", "Y tế"),
        row("A.1", "Nâng tỷ lệ trẻ em được tiêm chủng đủ mũi"),
        row("A.2", "Việc khác"),
    )
    assert bound(said, without)["N"][0] == "A.1"


def test_what_the_plan_does_not_speak_of_is_left_out():
    assert (
        bound(plan(heading("A", "Đối ngoại"), row("A.1", "Đón đoàn khách")), SAVING, GROUPS) == {}
    )


def test_order_of_the_plan():
    said = plan(heading("A", "Một"), row("A.1", "Đọc sách"), row("A.2", "Tiết kiệm"))
    assert list(bound(said, SAVING, READING)) == ["R", "S"]


def test_candidates_are_offered_best_first_with_a_score():
    known = [
        indicator("A", "Tỷ lệ hội viên được tuyên truyền", "hoi vien duoc tuyen truyen"),
        indicator("B", "Tỷ lệ cán bộ được tuyên truyền"),
        indicator("C", "Số lớp nghề"),
    ]
    the_plan = plan(heading("1", "Mục"), row("1.1", "80% hội viên được tuyên truyền"))
    library = Library(elements={}, indicators={each.code: each for each in known}, forms={})
    offered = candidates("1.1", the_plan, library)
    assert [each.indicator.code for each in offered] == ["A", "B"]
    assert 1 >= offered[0].score > offered[1].score > 0
    assert candidates("1.1", the_plan, library, limit=1) == offered[:1]
    with pytest.raises(KeyError):
        candidates("9", the_plan, library)


def test_what_a_person_placed_stands_there_and_nowhere_else():
    known = indicator("A", "Tỷ lệ hội viên được tuyên truyền", "hoi vien duoc tuyen truyen")
    the_plan = plan(
        heading("1", "Mục"),
        row("1.1", "80% hội viên được tuyên truyền"),
        row("1.2", "Việc khác hẳn"),
    )
    library = Library(elements={}, indicators={"A": known}, forms={})
    rows = [
        [each.row for each in bind(the_plan, library, placed)]
        for placed in (None, {"A": "1.2"}, {"A": ""})
    ]
    assert rows == [["1.1"], ["1.2"], []]


def test_what_is_asked_of_the_whole_term_is_kept_beside_the_years():
    """A row names each year's level, its heading the term's."""
    groups = indicator("G", "Số tổ thành lập", "thanh lap", kind=IndicatorKind.COUNT)
    of_term = target(25, "tổ", "thành lập tổ", applies=Applies.TERM_TOTAL)
    each = target(5, "tổ", "thành lập tổ")
    (binding,) = bind(
        plan(
            heading("A", "Cả nhiệm kỳ thành lập 25 tổ", of_term),
            row("A.1", "Hàng năm thành lập 5 tổ", targets=(each,)),
        ),
        Library(elements={}, indicators={"G": groups}, forms={}),
    )
    assert {year: said.target for year, said in binding.targets.items()} == dict.fromkeys(
        YEARS, each
    )
    assert binding.term == YearTarget(target=of_term, origin="heading")


def test_years_alone_ask_nothing_of_the_term():
    saving = row("A.1", "Hội viên tiết kiệm", targets=(target(80),))
    (binding,) = bind(
        plan(heading("A", "Mục"), saving),
        Library(elements={}, indicators={"S": SAVING}, forms={}, vocabulary=Vocabulary()),
    )
    assert binding.term is None
