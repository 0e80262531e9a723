"""Periods: their codes, days, keys and names."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toankhoa.core.basics import Frequency, Period, periods_of, year_key

DAY = timedelta(days=1)

frequencies = st.sampled_from(Frequency)
periods = st.builds(
    lambda year, frequency, share: Period(year, 1 + share % (12 // frequency.months), frequency),
    st.integers(1, 9999),
    frequencies,
    st.integers(0, 11),
)


@pytest.mark.law
@given(periods)
def test_a_code_reads_back_as_its_period(period):
    assert Period.parse(period.code) == period


@pytest.mark.parametrize(
    "code", ["2021", "2021-09", "2021-12", "2021-Q1", "2021-Q4", "2021-H1", "2021-H2"]
)
def test_a_code_is_printed_as_read(code):
    assert Period.parse(code).code == code


NO_CODES = [
    "",
    "21",
    "20210",
    "0000",
    "２０２１",
    " 2021",
    "2021\n",
    "2021-",
    "2021-0",
    "2021-00",
    "2021-13",
    "2021-9",
]
NO_CODES += ["2021-Q0", "2021-Q5", "2021-q1", "2021-H3", "09-2021", "2021-09-01"]


@pytest.mark.parametrize("code", NO_CODES)
def test_what_is_no_code_is_refused(code):
    with pytest.raises(ValueError, match=r"not a period|no \S+ \d+"):
        Period.parse(code)


@pytest.mark.parametrize(
    ("index", "frequency"), [(13, "month"), (5, "quarter"), (3, "half"), (2, "year"), (0, "year")]
)
def test_periods_beyond_a_year_are_refused(index, frequency):
    with pytest.raises(ValueError, match=f"no {frequency} {index} in a year"):
        Period(2021, index, Frequency(frequency))


@pytest.mark.law
@given(st.dates(), frequencies)
def test_a_day_falls_in_one_period(day, frequency):
    """The one that contains it, of each frequency."""
    period = Period.containing(day, frequency)
    assert period.first_day <= day <= period.last_day
    assert [
        candidate
        for candidate in periods_of(day.year, frequency)
        if candidate.first_day <= day <= candidate.last_day
    ] == [period]


@pytest.mark.parametrize("frequency", Frequency)
def test_periods_of_a_year_leave_no_gap(frequency):
    year = periods_of(2020, frequency)
    assert year[0].first_day == date(2020, 1, 1)
    assert year[-1].last_day == date(2020, 12, 31)
    for before, after in pairwise(year):
        assert before.last_day + DAY == after.first_day
        assert after.previous() == before
        assert before < after
    assert year[0].previous() == periods_of(2019, frequency)[-1]


@pytest.mark.parametrize(
    ("code", "key", "label"),
    [
        ("2021-09", 202109, "tháng 9/2021"),
        ("2021-Q3", 202109, "quý III/2021"),
        ("2021-H1", 202106, "6 tháng đầu năm 2021"),
        ("2021-H2", 202112, "6 tháng cuối năm 2021"),
        ("2021", 202112, "năm 2021"),
    ],
)
def test_periods_have_keys_and_names(code, key, label):
    """Figures sit in the last month of their period."""
    assert Period.parse(code).key == key
    assert Period.parse(code).label == label


def test_the_year_comes_before_its_months():
    """Its key is less than those of its months, greater than those of the year before."""
    assert Period.parse("2020-12").key < year_key(2021) < Period.parse("2021-01").key


def test_february_knows_leap_years():
    assert Period.parse("2020-02").last_day == date(2020, 2, 29)
    assert Period.parse("2021-02").last_day == date(2021, 2, 28)


def test_a_period_ends_with_its_last_day():
    september = Period.parse("2021-09")
    assert not september.over(date(2021, 9, 30))
    assert september.over(date(2021, 10, 1))
