"""Reading what a person types, and what looks wrong about it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toankhoa.core.basics import Refused, Severity, format_number
from toankhoa.core.measures import DataElement, TimeRule
from toankhoa.core.returns import (
    BURST,
    FEW,
    JUMP,
    LARGEST,
    NIL,
    NOT_APPLICABLE,
    SMALL,
    Value,
    checked,
    contradictions,
    missing,
    read_figure,
    surprises,
)


def element(
    code: str, time: TimeRule = TimeRule.STOCK, *, of: str | None = None, yes_no: bool = False
) -> DataElement:
    return DataElement(
        code=code, slot=0, name=f"Số {code}", name_en=code, unit="", time=time, of=of, yes_no=yes_no
    )


COUNT, YES_NO = element("count"), element("model", yes_no=True)


def refusal(text: str, of: DataElement = COUNT) -> str:
    with pytest.raises(Refused) as refused:
        read_figure(text, of)
    assert of.name in str(refused.value)
    return refused.value.problem.code


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("7", 7),
        ("0007", 7),
        (" 1234 ", 1234),
        ("1.234", 1234),
        ("1.234.567", 1_234_567),
        ("1 234 567", 1_234_567),
        ("1\u00a0234", 1234),  # a no-break space, as Excel pastes it
        ("7\u200b", 7),  # an invisible character, as a chat pastes it
        ("", None),
        ("  ", None),
        ("-", NIL),
        ("–", NIL),
        ("—", NIL),
        ("Không phát sinh", NIL),
        ("khong phat sinh", NIL),
        (unicodedata.normalize("NFD", "không phát sinh"), NIL),
        ("/", NOT_APPLICABLE),
        ("KHÔNG ÁP DỤNG", NOT_APPLICABLE),
        (format_number(LARGEST), LARGEST),
    ],
)
def test_what_people_type_is_read(text: str, value: Value | None):
    assert read_figure(text, COUNT) == value


@pytest.mark.parametrize(
    "text",
    [
        "1.23",
        "12.3456",
        "1,5",
        "1,234",
        "-5",
        "+5",
        "5%",
        "5k",
        "1e3",
        "²",
        "٣",
        "1..234",
        "1.234 567",
        "không",
    ],
)
def test_doubtful_numbers_are_refused(text: str):
    assert refusal(text) == "entry-number"


@pytest.mark.parametrize("text", [str(LARGEST + 1), "9" * 6000, "9" * 20])
def test_figures_too_large_are_refused(text: str):
    assert refusal(text) == "entry-large"


@pytest.mark.parametrize(
    ("text", "value"),
    [("1", 1), ("0", 0), ("Có", 1), ("co", 1), ("không", 0), ("-", NIL), ("", None)],
)
def test_yes_and_no_may_be_written_out(text: str, value: Value | None):
    assert read_figure(text, YES_NO) == value


@pytest.mark.parametrize("text", ["2", "11"])
def test_more_than_yes_is_refused(text: str):
    assert refusal(text, YES_NO) == "entry-yes-no"


@pytest.mark.law
@given(st.integers(0, LARGEST))
def test_a_number_printed_is_read_back(number: int):
    assert read_figure(format_number(number), COUNT) == number
    assert checked(number, COUNT) == number


@pytest.mark.law
@given(st.text(max_size=12))
def test_any_text_has_an_answer(text: str):
    """A figure or a refusal, never an error."""
    try:
        value = read_figure(text, COUNT)
    except Refused:
        return
    assert value is None or checked(value, COUNT) == value


@pytest.mark.parametrize("value", [-1, True, 1.5, "3", "", [1], None])
def test_only_figures_pass_for_figures(value: object):
    with pytest.raises(Refused):
        checked(value, COUNT)  # type: ignore[arg-type]


# Parts and wholes

MEMBERS = {
    "members": element("members"),
    "active": element("active", of="members"),
    "young": element("young", of="active"),
    "meetings": element("meetings", TimeRule.FLOW),
}


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"members": 10, "active": 10}, []),
        ({"members": 10, "active": 11}, ["active"]),
        ({"members": 10, "active": 9, "young": 10}, ["young"]),
        ({"members": 0, "active": 1}, ["active"]),
        ({"members": NIL, "active": 1}, ["active"]),
        ({"members": NIL, "active": NIL}, []),
        ({"active": 1}, []),  # the whole is not typed yet
        ({"members": NOT_APPLICABLE, "active": 1}, []),
        ({"members": 5, "active": NOT_APPLICABLE}, []),
        ({}, []),
    ],
)
def test_a_part_does_not_exceed_its_whole(values: dict[str, Value], wrong: list[str]):
    problems = contradictions(values, MEMBERS)
    assert [problem.fragment for problem in problems] == wrong
    assert all(problem.severity is Severity.ERROR for problem in problems)


def test_a_contradiction_names_both_figures():
    """As they are printed."""
    (problem,) = contradictions({"members": 1000, "active": 1200}, MEMBERS)
    assert problem.message == "“Số active” (1.200) lớn hơn “Số members” (1.000). Sửa một trong hai."


# Surprises


@pytest.mark.parametrize(
    ("now", "before", "surprising"),
    [
        (100 * JUMP, 100, False),
        (100 * JUMP + 1, 100, True),
        (100, 100 * JUMP, False),
        (99, 100 * JUMP, True),
        (SMALL, 0, True),
        (SMALL - 1, 0, False),
        (SMALL - 1, 1, False),
        (NIL, 50, True),
        (50, NIL, True),
        (NOT_APPLICABLE, 50, False),
        (50, NOT_APPLICABLE, False),
    ],
)
def test_a_stock_that_jumps_surprises(now: Value, before: Value, surprising: bool):
    problems = surprises({"members": now}, {"members": before}, MEMBERS)
    assert [problem.fragment for problem in problems] == ["members"] * surprising
    assert all(problem.severity is Severity.WARNING for problem in problems)


def test_without_an_earlier_figure_nothing_surprises():
    assert surprises({"members": 5000, "meetings": 5000}, {}, MEMBERS) == []


@pytest.mark.parametrize("time", [TimeRule.FLOW, TimeRule.TO_DATE, TimeRule.DISTINCT])
@pytest.mark.parametrize(
    ("now", "before", "past", "surprising"),
    [
        (8 * BURST, 8, [], False),
        (8 * BURST + 1, 8, [], True),
        (8 * BURST + 1, 2, [9], False),  # it was more in an earlier period
        (8 * BURST + 1, 2, [8, 3], True),
        (FEW, 0, [], False),
        (FEW + 1, 0, [], True),
        (FEW + 1, NIL, [], True),
        (FEW + 1, NOT_APPLICABLE, [], False),
        (FEW + 1, None, [0], True),
        (NIL, 5000, [], False),  # nothing happening now is no surprise
        (0, 5000, [9000], False),
    ],
)
def test_a_flow_that_bursts_surprises(
    time: TimeRule, now: Value, before: Value | None, past: list[Value], surprising: bool
):
    """Only another order of magnitude does."""
    elements = {"held": element("held", time)}
    earlier = {} if before is None else {"held": before}
    problems = surprises({"held": now}, earlier, elements, [{"held": figure} for figure in past])
    assert [problem.fragment for problem in problems] == ["held"] * surprising


def test_a_surprise_names_the_earlier_figure():
    (problem,) = surprises({"meetings": 5000}, {"meetings": 10}, MEMBERS, [{"meetings": 12}])
    assert problem.message.startswith(
        "“Số meetings”: 5.000, hơn 10 lần số lớn nhất đã ghi trong một năm qua (12)."
    )


def test_only_what_was_not_typed_is_missing():
    values: dict[str, Value] = {"members": 0, "active": NIL, "young": NOT_APPLICABLE}
    assert missing(values, ["members", "meetings", "active", "young"]) == ["meetings"]
