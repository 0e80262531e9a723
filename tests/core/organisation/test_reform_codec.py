"""A reform as JSON: there and back it is the same, and what cannot be read is said."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from strategies_reforms import histories

from toankhoa.core.basics import Refused
from toankhoa.core.organisation import reform_from, reform_json
from toankhoa.core.organisation.reform_codec import share_of

WHOLE = {"code": "a", "day": "2019-06-01", "document": "NQ 1", "title": "Sáp nhập", "changes": []}
MERGE = {"effect": "merge", "units": ["c1", "c2"], "parts": ["c1"]}


@pytest.mark.law
@given(histories())
def test_there_and_back_it_is_the_same(history):
    """Whatever a history holds."""
    _, reforms = history
    for reform in reforms:
        assert reform_from(reform_json(reform)) == reform


def test_what_people_write_is_read():
    """A unit by its code alone, a day as a day, a share in percent."""
    parts = [{"code": "c1", "share": "60%"}, {"code": "n1", "name": "Xã N", "share": "2/5"}]
    change = {"effect": "split", "units": ["c1"], "parts": parts}
    reform = reform_from(WHOLE | {"day": date(2019, 6, 1), "changes": [MERGE, change]})
    assert reform.day == date(2019, 6, 1)
    assert [part.code for part in reform.changes[0].parts] == ["c1"]
    assert [part.share for part in reform.changes[1].parts] == [Fraction(3, 5), Fraction(2, 5)]


@pytest.mark.parametrize(
    ("written", "share"),
    [
        ("60%", Fraction(3, 5)),
        ("62,5 %", Fraction(5, 8)),
        ("60", Fraction(3, 5)),
        ("3/5", Fraction(3, 5)),
        ("1", Fraction(1)),
        (1, Fraction(1)),
        ("?", None),
        ("", None),
        (None, None),
    ],
)
def test_shares_as_people_write_them(written, share):
    assert share_of(written) == share


@pytest.mark.parametrize("written", ["một nửa", "3/0", "-1", "60%%"])
def test_what_is_no_share_is_refused(written):
    with pytest.raises(Refused, match="tỷ lệ"):
        share_of(written)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([], "các trường có tên"),
        (WHOLE | {"ngay": 1}, "không có trường ngay"),
        (WHOLE | {"day": "1/6/2019"}, "ngày có hiệu lực"),
        (WHOLE | {"title": ["x"]}, "phải là chữ"),
        (WHOLE | {"changes": "merge"}, "phải là danh sách"),
        (WHOLE | {"changes": ["merge"]}, "thay đổi thứ 1: phải gồm các trường"),
        (WHOLE | {"changes": [MERGE | {"effect": "join"}]}, "effect phải là một trong"),
        (WHOLE | {"changes": [MERGE | {"unit": "c1"}]}, "không có trường unit"),
        (WHOLE | {"changes": [MERGE | {"parts": [{"code": True}]}]}, "phải là chữ"),
    ],
)
def test_what_cannot_be_read_is_said(given, words):
    with pytest.raises(Refused, match=words):
        reform_from(given)
