"""Codes of figures on paper: what they name comes back, and a slip of the pen is found."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toankhoa.core.figure_code import ALPHABET, FigureCode, fits, minute_of, read_code
from toankhoa.core.problems import Refused

codes = st.builds(
    FigureCode,
    st.datetimes(datetime(2010, 1, 1), datetime(2073, 1, 1), timezones=st.just(UTC)).map(minute_of),
    st.integers(0, 2**15 - 1),
    st.integers(0, 2**15 - 1),
)
CODE = FigureCode(datetime(2021, 10, 20, 7, 5, tzinfo=UTC), 42, 17)


@pytest.mark.law
@given(codes)
def test_what_a_code_names_comes_back(code):
    assert read_code(str(code)) == code


@pytest.mark.law
@given(codes, st.integers(0, 11), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_found(code, place, char):
    written = str(code).replace("-", "")
    wrong = written[:place] + char + written[place + 1 :]
    if wrong != written:
        with pytest.raises(Refused):
            read_code(wrong)


@pytest.mark.law
@given(codes, st.integers(0, 11), st.integers(0, 11))
def test_two_characters_that_changed_places_are_found(code, one, other):
    written = list(str(code).replace("-", ""))
    if written[one] != written[other]:
        written[one], written[other] = written[other], written[one]
        with pytest.raises(Refused):
            read_code("".join(written))


def test_all_figures_of_a_document_begin_alike():
    other = FigureCode(CODE.minute, CODE.unit, 18)
    assert CODE.document == other.document == str(CODE)[:9]
    assert CODE.figure != other.figure
    assert f"{CODE.document}-{CODE.figure}" == str(CODE)


def test_how_it_is_written_does_not_matter():
    text = str(CODE)
    loose = text.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert read_code(f"  {loose}.") == read_code(text.replace("-", "")) == CODE


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "có 0 ký tự, mã đủ có 12"),
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
    assert fits(CODE.minute, 42, 17)
    for minute, unit, place in (
        (CODE.minute, 2**15, 0),
        (CODE.minute, 0, 2**15),
        (datetime(2009, 12, 31, tzinfo=UTC), 0, 0),
        (datetime(2010, 1, 1, tzinfo=UTC) + timedelta(minutes=2**25), 0, 0),
    ):
        assert not fits(minute, unit, place)
        with pytest.raises(ValueError, match="no code"):
            str(FigureCode(minute, unit, place))
