"""Codes of figures on paper: what they name comes back, and a slip of the pen is found."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toankhoa.core.basics import (
    ALPHABET,
    EXACT,
    TO_THE_MINUTE,
    FigureCode,
    Refused,
    fits,
    read_code,
)

BEGINNING = datetime(2010, 1, 1, tzinfo=UTC)
CODE = FigureCode(datetime(2021, 10, 20, 7, 5, 3, 141_000, tzinfo=UTC), 42, 17)
OLD = FigureCode(datetime(2021, 10, 20, 7, 5, tzinfo=UTC), 42, 17, TO_THE_MINUTE)


@st.composite
def codes(draw):
    """Of today's form, or as on papers of before."""
    form = draw(st.sampled_from([EXACT, TO_THE_MINUTE]))
    ticks, unit, place = (
        draw(st.integers(0, most - 1)) for most in (form.ticks, form.units, form.places)
    )
    return FigureCode(BEGINNING + ticks * form.tick, unit, place, form)


@pytest.mark.law
@given(codes())
def test_what_a_code_names_comes_back(code):
    assert read_code(str(code)) == code


@pytest.mark.law
@given(codes(), st.integers(0, 11), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_found(code, place, char):
    written = str(code).replace("-", "")
    wrong = written[:place] + char + written[place + 1 :]
    if wrong != written:
        with pytest.raises(Refused):
            read_code(wrong)


@pytest.mark.law
@given(codes(), st.integers(0, 11), st.integers(0, 11))
def test_two_characters_that_changed_places_are_found(code, left, right):
    written = list(str(code).replace("-", ""))
    if written[left] != written[right]:
        written[left], written[right] = written[right], written[left]
        with pytest.raises(Refused):
            read_code("".join(written))


def test_all_figures_of_a_document_begin_alike():
    neighbour = FigureCode(CODE.moment, CODE.unit, 18)
    assert CODE.document == neighbour.document == str(CODE)[:14]
    assert CODE.figure != neighbour.figure
    assert f"{CODE.document}-{CODE.figure}" == str(CODE)


def test_how_exactly_codes_name_moments():
    """Codes of today to the millisecond, those of before to the minute."""
    assert [str(code.until)[17:26] for code in (CODE, OLD)] == ["03.141999", "59.999999"]
    later = FigureCode(CODE.moment + timedelta(milliseconds=1), 42, 17)
    assert later != CODE
    assert str(later) != str(CODE)
    assert len(str(OLD)) == 14


def test_how_it_is_written_does_not_matter():
    text = str(CODE)
    loose = text.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert read_code(f"  {loose}.") == read_code(text.replace("-", "")) == CODE


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "có 0 ký tự, mã đủ có 16 hoặc 12"),
        ("4K7M-200F", "có 8 ký tự"),
        ("4K7M-200U-01CX", "có ký tự “U”"),
        ("4K7M-200Đ-01CX", "có ký tự “Đ”"),
        ("0000-0000-0001", "gõ sai hoặc đổi chỗ"),
    ],
)
def test_what_is_no_code_says_why(text, what):
    with pytest.raises(Refused, match="Hãy so lại từng ký tự") as refused:
        read_code(text)
    assert what in str(refused.value)


def test_what_has_no_code_is_known_before():
    assert fits(CODE.moment, 42, 17)
    for moment, unit, place in (
        (CODE.moment, 2**19, 0),
        (CODE.moment, 0, 2**15),
        (datetime(2009, 12, 31, tzinfo=UTC), 0, 0),
        (datetime(2010, 1, 1, tzinfo=UTC) + timedelta(milliseconds=2**41), 0, 0),
    ):
        assert not fits(moment, unit, place)
        with pytest.raises(ValueError, match="no code"):
            str(FigureCode(moment, unit, place))
