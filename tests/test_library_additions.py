"""What an installation adds to its library: drawn up whole, or refused with the mend; slots are
given once.
"""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toankhoa.core.basics import Frequency, Period, Refused
from toankhoa.core.measures import IndicatorKind, Library, Path, TermRule, TimeRule
from toankhoa.core.totals import Cell
from toankhoa.library import load_library
from toankhoa.library.additions import (
    NOT_YET,
    SECTION,
    AdditionPart,
    Wish,
    draw_up,
    extended,
    in_force,
    read_addition,
    redrawn,
)
from toankhoa.library.checks import cross_checks
from toankhoa.library.schema import Addition

LIBRARY = load_library()
CLASSES = Wish(
    name="Số lớp dạy nghề đã mở",
    kind=IndicatorKind.COUNT,
    numerator=AdditionPart(name="Lớp dạy nghề đã mở", unit="lớp"),
    level="base",
    frequency=Frequency.MONTH,
    unit="lớp",
)
SHARE = replace(
    CLASSES,
    name="Tỷ lệ học viên có việc làm",
    kind=IndicatorKind.RATIO,
    numerator=AdditionPart(name="Học viên có việc làm", unit="người", time=TimeRule.DISTINCT),
    denominator=AdditionPart(name="Học viên đã học", unit="người", time=TimeRule.DISTINCT),
    frequency=Frequency.QUARTER,
)


def added(*wishes: Wish) -> tuple[Library, list[Addition]]:
    made: list[Addition] = []
    for wish in wishes:
        taken = {slot for each in made for slot in each.slots}
        made.append(draw_up(wish, len(made), extended(LIBRARY, made), taken))
    return extended(LIBRARY, made), made


def refusal(wish: Wish, library: Library = LIBRARY) -> str:
    with pytest.raises(Refused) as refused:
        draw_up(wish, 0, library, ())
    return refused.value.problem.code


def test_a_count_gets_an_element():
    """A count gets an element on the form of its level."""
    library, [addition] = added(CLASSES)
    form = library.collected_by("bs1_1", "base")
    assert form is not None
    assert (form.code, form.sections[-1].title, form.sections[-1].since) == (
        "CS-THANG",
        SECTION,
        NOT_YET,
    )
    assert library.indicators["BS1"].added
    assert library.elements["bs1_1"].slot == LIBRARY.additions_from == addition.slots[0]
    assert cross_checks(library) == ()


def test_a_ratio_gets_two_slots():
    """A ratio of two gets a pair of slots of its own."""
    library, [_, share] = added(CLASSES, SHARE)
    assert library.indicators["BS2"].slots == (131, 132)
    assert sorted(share.slots) == [129, 130, 131, 132]


def test_a_ratio_of_units_needs_none():
    library, _ = added(
        replace(
            SHARE,
            numerator=AdditionPart(code="co_tu_sach"),
            denominator=AdditionPart(code="units:base"),
        )
    )
    assert (library.indicators["BS1"].slots, library.width) == (None, LIBRARY.width)


def test_a_milestone_is_yes_or_no():
    """A milestone is typed as yes or no."""
    library, _ = added(replace(CLASSES, kind=IndicatorKind.MILESTONE))
    element = library.elements["bs1_1"]
    assert (element.yes_no, element.time) == (True, TimeRule.STOCK)


def test_a_new_form_where_none_serves():
    """Where a level owes no form so often a new one comes."""
    library, _ = added(
        replace(CLASSES, level="district"),
        replace(SHARE, level="district", frequency=Frequency.MONTH),
    )
    form = library.forms["BS-district-month"]
    assert (form.name, form.elements) == ("Báo cáo tháng của huyện", ("bs1_1", "bs2_1", "bs2_2"))
    assert form.on(date(2021, 10, 1)).sections == ()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": " . "}, "measure-name"),
        ({"name": "TỶ LỆ hội viên được tuyên truyền"}, "measure-name-twice"),
        ({"kind": IndicatorKind.RATIO}, "measure-denominator"),
        ({"denominator": AdditionPart(code="units:base")}, "measure-denominator"),
        ({"level": "village"}, "measure-level"),
        ({"numerator": AdditionPart()}, "measure-element-name"),
        ({"numerator": AdditionPart(name="Tổng số hội viên")}, "measure-element-twice"),
        ({"numerator": AdditionPart(code="khong_co")}, "measure-element"),
        ({"numerator": AdditionPart(code="hoi_vien"), "level": "province"}, "measure-not-typed"),
        (
            {"numerator": AdditionPart(code="hoi_vien"), "kind": IndicatorKind.MILESTONE},
            "measure-yes-no",
        ),
        ({"question": "Đếm ai?"}, "measure-choice"),
    ],
)
def test_what_cannot_be_measured_is_refused(change, code):
    """What cannot be measured is refused with its mend."""
    assert refusal(replace(CLASSES, **change)) == code


def test_a_ratio_to_itself_is_refused():
    """A ratio of one thing to itself is refused."""
    same = {
        "numerator": AdditionPart(code="hoi_vien"),
        "denominator": AdditionPart(code="hoi_vien"),
    }
    assert refusal(replace(SHARE, **same)) == "measure-same"
    twice = {"numerator": AdditionPart(name="Lớp"), "denominator": AdditionPart(name="lớp")}
    assert refusal(replace(SHARE, **twice)) == "measure-element-twice"


def test_withdrawn_slots_stay_taken():
    """Slots of what was withdrawn are not given again."""
    _, [first] = added(CLASSES)
    again = draw_up(CLASSES, 1, LIBRARY, first.slots)
    assert set(again.slots) & set(first.slots) == set()


@pytest.mark.parametrize(
    ("frequency", "starts_now", "first"),
    [
        (Frequency.MONTH, False, "2021-11"),
        (Frequency.MONTH, True, "2021-10"),
        (Frequency.QUARTER, False, "2022-Q1"),
        (Frequency.YEAR, True, "2021"),
    ],
)
def test_forms_ask_from_the_chosen_period(frequency, starts_now, first):
    """Forms ask from the next period on or from the running one."""
    wish = replace(CLASSES, frequency=frequency, starts_now=starts_now)
    addition = in_force(draw_up(wish, 0, LIBRARY, ()), date(2021, 10, 20))
    form = extended(LIBRARY, [addition]).collected_by("bs1_1", "base")
    assert form is not None
    period = Period.parse(first)
    assert (
        form.asks("bs1_1", period.previous().first_day),
        form.asks("bs1_1", period.first_day),
    ) == (False, True)
    assert in_force(addition, date(2030, 1, 1)) == addition  # the first publication counts


def test_what_is_kept_reads_back():
    _, made = added(CLASSES, SHARE)
    for each in (*made, in_force(made[0], date(2021, 1, 5))):
        assert read_addition(each.model_dump(mode="json")) == each


def test_name_unit_direction_and_choice_may_change():
    library, [addition, other] = added(CLASSES, SHARE)
    wish = replace(
        CLASSES,
        name="Lớp nghề",
        unit="khóa",
        more_is_better=False,
        question="Lớp mấy tháng?",
        answer="3",
    )
    changed = extended(LIBRARY, [redrawn(addition, wish, library), other]).indicators["BS1"]
    assert (changed.name, changed.unit, changed.more_is_better) == ("Lớp nghề", "khóa", False)
    assert changed.choice is not None
    assert changed.choice.default == "3"
    assert (changed.numerator, changed.kind) == ("bs1_1", IndicatorKind.COUNT)
    with pytest.raises(Refused):
        redrawn(addition, replace(wish, name=SHARE.name), library)


def test_path_and_term_follow_the_kind():
    """Path and term follow the kind unless they are declared."""
    library, [addition] = added(CLASSES)
    assert (library.path(library.indicators["BS1"]), library.term(library.indicators["BS1"])) == (
        Path.EVEN,
        TermRule.SUM,
    )
    declared = extended(
        LIBRARY,
        [redrawn(addition, replace(CLASSES, path=Path.DEADLINE, term=TermRule.LAST), library)],
    )
    item = declared.indicators["BS1"]
    assert (declared.path(item), declared.term(item)) == (Path.DEADLINE, TermRule.LAST)
    assert read_addition(addition.model_dump(mode="json")) == addition


def test_ratios_do_not_add_up():
    """Years of a ratio do not add up."""
    assert refusal(replace(SHARE, term=TermRule.SUM)) == "measure-term"


WISHES = st.builds(
    Wish,
    name=st.just(""),
    kind=st.just(IndicatorKind.RATIO),
    numerator=st.just(AdditionPart()),
    level=st.sampled_from(["province", "district", "base"]),
    frequency=st.sampled_from(Frequency),
    starts_now=st.booleans(),
)


@pytest.mark.law
@given(st.lists(WISHES, max_size=6))
def test_any_additions_make_a_usable_library(wishes):
    """The shipped part stays as it is, and a row packed before reads as missing in all that is new."""
    named = [
        replace(
            wish,
            name=f"Tỷ lệ {n}",
            numerator=AdditionPart(name=f"Tử {n}"),
            denominator=AdditionPart(name=f"Mẫu {n}"),
        )
        for n, wish in enumerate(wishes)
    ]
    library, made = added(*named)
    assert cross_checks(library) == ()
    slots = [slot for each in made for slot in each.slots]
    assert len(set(slots)) == len(slots) == 4 * len(made)
    assert all(library.elements[code] == element for code, element in LIBRARY.elements.items())
    narrow = Cell.zero(LIBRARY.width)
    wide = Cell.unpack(*narrow.pack()[:2], library.width)
    assert all(wide.get(slot) is None for slot in slots)
