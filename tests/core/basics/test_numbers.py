"""Numbers and dates, in and out."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toankhoa.core.basics import (
    NumberReading,
    Source,
    ambiguity,
    decimal_mark,
    format_date,
    format_number,
    format_percent,
    long_date,
    read_date,
    read_number,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("02", "2"),
        ("88,3", "88.3"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1.234.567", "1234567"),
        ("0,5", "0.5"),
        ("0.125", "0.125"),
        ("2026", "2026"),
    ],
)
def test_a_clear_number_has_one_reading(text, value):
    assert read_number(text) == NumberReading(Decimal(value))


@pytest.mark.parametrize(
    ("text", "value", "alternative"),
    [("1.234", "1234", "1.234"), ("1,234", "1.234", "1234"), ("18.5", "18.5", "185")],
)
def test_an_ambiguous_number_has_both_readings(text, value, alternative):
    reading = read_number(text)
    assert reading == NumberReading(Decimal(value), Decimal(alternative))
    (problem,) = ambiguity(text, reading, Source())
    assert f"“{text}”" in problem.message
    assert (
        f"{format_number(Decimal(value))} hoặc {format_number(Decimal(alternative))}"
        in problem.message
    )


@pytest.mark.parametrize(
    ("text", "mark", "value"),
    [("1.234", ",", "1234"), ("1.234", ".", "1.234"), ("18.5", ".", "18.5")],
)
def test_the_habit_of_the_document_decides(text, mark, value):
    assert read_number(text, mark) == NumberReading(Decimal(value))
    assert ambiguity(text, read_number(text, mark), Source()) == ()


@pytest.mark.parametrize("text", ["", "x", "1.2.3", "12,34,5", "-", "1..2", "1.23,4"])
def test_what_is_no_number_is_none(text):
    assert read_number(text) is None


@pytest.mark.parametrize(
    ("text", "mark"),
    [("đạt 88,3%", ","), ("18.5 và 1,234.5", "."), ("5.000đ", None), ("88,3 và 1,234.5", None)],
)
def test_a_document_may_show_its_habit(text, mark):
    """None where its numbers leave it open or contradict each alternative."""
    assert decimal_mark(text) == mark


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (1234567, None, "1.234.567"),
        (Decimal("1234567.50"), None, "1.234.567,5"),
        (Decimal("1E3"), None, "1.000"),
        (Fraction(1, 3), None, "0,33"),
        (Fraction(1, 8), 2, "0,13"),
        (Fraction(2, 3), 0, "1"),
        (Decimal("88.3"), 2, "88,30"),
        (-1234, None, "-1.234"),
        (Fraction(-1, 1000), 1, "0,0"),
        (0, None, "0"),
    ],
)
def test_numbers_are_printed_the_vietnamese_way(value, places, text):
    assert format_number(value, places) == text


def test_a_percent_counts_percents_already():
    """The argument is 88.3, not 0.883."""
    assert format_percent(Decimal("88.3")) == "88,3%"
    assert format_percent(Fraction(200, 3), 1) == "66,7%"


def test_dates_follow_the_decree_on_official_documents():
    assert (format_date(date(2017, 9, 29)), format_date(date(2018, 2, 5))) == (
        "29/9/2017",
        "05/02/2018",
    )
    assert long_date(date(2017, 9, 29)) == "ngày 29 tháng 9 năm 2017"
    assert long_date(date(2018, 2, 5)) == "ngày 05 tháng 02 năm 2018"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Biên Hòa, ngày 05 tháng 02 năm 2018", date(2018, 2, 5)),
        ("03/04/2025", date(2025, 4, 3)),
        ("ngày 31 tháng 2 năm 2018", None),
        ("năm 2018", None),
    ],
)
def test_dates_are_read_day_first(text, day):
    assert read_date(text) == day


@pytest.mark.law
@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_what_is_printed_is_read_back(value):
    sign, text = (-1, format_number(value)[1:]) if value < 0 else (1, format_number(value))
    assert sign * read_number(text, ",").value == value


@pytest.mark.law
@given(st.dates(min_value=date(1000, 1, 1)))
def test_a_printed_date_is_read_back(day):
    assert read_date(format_date(day)) == read_date(long_date(day)) == day
