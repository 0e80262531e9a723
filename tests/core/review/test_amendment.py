"""From one version of a plan to the next: rows are recognised, changes named, codes survive."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toankhoa.core.plan import Activity, Commitment, CommitmentKind, Objective, Plan, Signature
from toankhoa.core.review import AmendmentKind, carry_codes, difference, match_rows

MARK = Commitment(text="x", kind=CommitmentKind.SCHEDULED)
BLANK = Commitment(text="", kind=CommitmentKind.NONE)


def heading(code: str, title: str, parent: str | None = "I") -> Objective:
    return Objective(code=code, number=code, title=title, parent=parent, boards=("KT",))


def row(code: str, title: str, objective: str = "I.1", **change: object) -> Activity:
    usual = {
        "number": code.rpartition(".")[2],
        "levels": ("base",),
        "levels_text": "Cơ sở",
        "boards": ("KT",),
        "boards_text": "",
        "targets": (),
        "commitments": {2017: MARK, 2018: BLANK},
    }
    return Activity(code=code, title=title, objective=objective, **{**usual, **change})


def plan(*rows: Objective | Activity) -> Plan:
    return Plan(
        organisation="",
        body="",
        number="",
        date=None,
        place="",
        motto="",
        title="",
        goal="",
        bases=(),
        years=(2017, 2018),
        objectives=tuple(entry for entry in rows if isinstance(entry, Objective)),
        activities=tuple(entry for entry in rows if isinstance(entry, Activity)),
        closing="",
        signature=Signature(),
        recipients=(),
    )


BEFORE = plan(
    heading("I", "Thực hiện chỉ tiêu", None),
    heading("I.1", "Giúp hộ nghèo thoát nghèo bền vững"),
    heading("I.2", "Xây dựng tổ chức vững mạnh"),
    row("I.1.1", "Cho vay vốn từ quỹ tiết kiệm"),
    row("I.1.2", "Dạy nghề cho lao động nữ nông thôn"),
    row("I.2.1", "Tập huấn cán bộ chi hội", "I.2"),
)


def changes(after: Plan) -> dict[str, set[AmendmentKind]]:
    return {step.row.code: set(step.kinds) for step in difference(BEFORE, after) if step.kinds}


def with_row(code: str, **change: object) -> Plan:
    return replace(
        BEFORE,
        activities=tuple(
            replace(entry, **change) if entry.code == code else entry for entry in BEFORE.activities
        ),
    )


def test_a_plan_does_not_differ_from_itself():
    assert changes(BEFORE) == {}
    assert len(difference(BEFORE, BEFORE)) == 6


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"title": "Cho vay vốn từ quỹ tiết kiệm của chi hội"}, AmendmentKind.REWORDED),
        ({"number": "7"}, AmendmentKind.RENUMBERED),
        ({"levels": ("district", "base")}, AmendmentKind.LEVELS),
        ({"boards": ("VP",)}, AmendmentKind.BOARDS),
        ({"objective": "I.2"}, AmendmentKind.MOVED),
        ({"commitments": {2017: MARK, 2018: MARK}}, AmendmentKind.YEARS),
    ],
)
def test_each_change_is_named(change, kind):
    assert changes(with_row("I.1.1", **change)) == {"I.1.1": {kind}}


def test_the_years_that_changed_are_named():
    after = with_row("I.1.1", commitments={2017: MARK, 2018: MARK})
    assert [step.years for step in difference(BEFORE, after) if step.kinds] == [(2018,)]


def test_added_and_removed_rows():
    after = replace(
        BEFORE,
        activities=(*BEFORE.activities[1:], row("I.2.2", "Xuất bản bản tin hằng quý", "I.2")),
    )
    assert changes(after) == {"I.1.1": {AmendmentKind.REMOVED}, "I.2.2": {AmendmentKind.ADDED}}


def test_reworded_row_is_still_itself():
    """One row goes out before it, so the compiler's codes shift; its words decide."""
    after = plan(
        *BEFORE.objectives,
        row("I.1.1", "Dạy nghề cho lao động nữ ở nông thôn"),
        BEFORE.activities[2],
    )
    pairs = match_rows(BEFORE, after)
    assert pairs["I.1.1"] == "I.1.2"
    assert {entry.code for entry in carry_codes(BEFORE, after, pairs).activities} == {
        "I.1.2",
        "I.2.1",
    }


def test_codes_of_removed_rows_never_return():
    """A new row never gets the code of one that is gone."""
    after = plan(
        *BEFORE.objectives, row("I.1.1", "Mở gian hàng nông sản sạch"), *BEFORE.activities[1:]
    )
    assert match_rows(BEFORE, after).get("I.1.1") is None
    assert carry_codes(BEFORE, after, match_rows(BEFORE, after)).activities[0].code == "I.1.3"


def test_rows_follow_their_new_headings_code():
    """Rows under a new heading follow its code."""
    new = heading("I.2", "Chuyển đổi số trong hoạt động")
    after = plan(BEFORE.objectives[0], new, row("I.2.1", "Lập trang tin điện tử", "I.2"))
    carried = carry_codes(BEFORE, after, match_rows(BEFORE, after))
    assert [entry.code for entry in carried.objectives] == ["I", "I.3"]
    assert [(entry.code, entry.objective) for entry in carried.activities] == [("I.3.1", "I.3")]


def test_person_decides_which_row_is_which():
    """A person may say which row is which."""
    after = with_row("I.1.1", title="Một câu khác hẳn")
    assert [set(step.kinds) for step in difference(BEFORE, after) if step.kinds] == [
        {AmendmentKind.ADDED},
        {AmendmentKind.REMOVED},
    ]
    pairs = match_rows(BEFORE, after) | {"I.1.1": "I.1.1"}
    assert [set(step.kinds) for step in difference(BEFORE, after, pairs) if step.kinds] == [
        {AmendmentKind.REWORDED}
    ]


@pytest.mark.law
@given(st.permutations(BEFORE.activities), st.integers(0, 3))
def test_codes_survive_any_order_and_any_loss(rows, lost):
    """Recompiled, rows are numbered by their order.

    Whatever goes or moves, a row keeps the code it had.
    """
    kept = rows[lost:]
    renumbered = [
        replace(entry, code=f"{entry.objective}.{place}") for place, entry in enumerate(kept, 1)
    ]
    after = plan(*BEFORE.objectives, *renumbered)
    carried = carry_codes(BEFORE, after, match_rows(BEFORE, after))
    assert [entry.code for entry in carried.activities] == [entry.code for entry in kept]
