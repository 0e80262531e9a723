"""Text of addresses and forms becomes values in one place, and nothing typed there can raise."""

from datetime import date
from enum import StrEnum

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from toankhoa.web.shell.typed import Fields, day, whole_number, year

NO_NUMBERS = ["", "²", "٣", "-1", "1.5", " 1", "9" * 30, "1\n", "0x1", "½"]


class Colour(StrEnum):
    RED = "red"


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_is_no_number_is_none(text):
    assert whole_number(text) is None


@given(st.integers(0, 10**18 - 1))
def test_plain_digits_are_a_number(number):
    assert whole_number(str(number)) == number


@given(st.text())
def test_no_text_raises_when_it_is_read(text):
    fields = Fields(QueryDict(mutable=True) | {"x": text})
    assert fields.number("x") is None or str(fields.number("x"))
    assert fields.year("x") is None or 1000 <= fields.year("x") < 3000
    assert "\x00" not in fields.text("x")
    assert fields.member("x", Colour) in (None, Colour.RED)


def test_fields_are_read_by_their_type():
    fields = Fields(QueryDict("n=12&n=²&n=7&d=2/9/2021&c=red&t=%20a%20&y=2021"))
    assert fields.numbers("n") == [12, 7]
    assert fields.day("d") == date(2021, 9, 2)
    assert fields.day("nothing") is None
    assert fields.member("c", Colour) is Colour.RED
    assert (fields.text("t"), fields.text("nothing")) == ("a", "")
    assert (fields.year("y"), year("0999"), year("3000")) == (2021, None, None)
    assert (fields.choice("c", {"red": 1}), fields.choice("t", {"red": 1})) == (1, None)


@pytest.mark.parametrize("text", ["1/1/0001", "31/12/9999", "30/2/2021", "²/1/2021", ""])
def test_no_day_that_cannot_be_reckoned_with(text):
    """A day has one before and one after it, and a database that holds it."""
    assert day(text) is None


def test_a_password_keeps_its_blanks():
    """Blanks belong to it, NUL does not."""
    fields = Fields(QueryDict(mutable=True) | {"p": " a b \x00"})
    assert fields.as_typed("p") == " a b "
    assert fields.dictionary() == {"p": "a b"}
