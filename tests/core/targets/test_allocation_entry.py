"""Parts and rules as they are typed."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toankhoa.core.basics import Refused
from toankhoa.core.targets import AllocationMethod, Rule, read_part, read_rule, say_part


@pytest.mark.parametrize(
    ("text", "rate", "part"),
    [
        ("1.234", False, Fraction(1234)),
        (" 0 ", False, Fraction(0)),
        ("-5", False, Fraction(-5)),
        ("–", False, None),
        ("Không giao", True, None),
        ("88,3%", True, Fraction(883, 10)),
        ("90", True, Fraction(90)),
    ],
)
def test_a_part_is_read(text, rate, part):
    assert read_part(text, rate=rate) == part


@pytest.mark.parametrize(
    ("text", "rate", "code"),
    [
        ("mười", False, "part-number"),
        ("=A1", False, "part-number"),
        ("9" * 40, False, "part-number"),
        ("2,5", False, "part-whole"),
        ("120", True, "part-rate"),
        ("-1", True, "part-rate"),
    ],
)
def test_what_is_no_part_is_refused(text, rate, code):
    with pytest.raises(Refused) as refused:
        read_part(text, rate=rate)
    assert refused.value.problem.code == code


@pytest.mark.law
@given(st.none() | st.integers(-(10**9), 10**9).map(Fraction))
def test_what_is_shown_is_read_again(part):
    assert read_part(say_part(part), rate=False) == part


def test_what_is_not_typed_stays():
    """A rule is read and the rest stays."""
    was = Rule(method=AllocationMethod.EQUAL, places=("Định Quán",), least=2)
    said = {
        "method": "actual",
        "stretch": "5%",
        "least": "",
        "most": "1.000",
        "reserve": "10",
        "each": "2,5",
    }
    assert read_rule(said, was) == Rule(
        method=AllocationMethod.ACTUAL,
        stretch=Fraction(5),
        places=("Định Quán",),
        most=1000,
        reserve=10,
        each=Fraction(5, 2),
    )
    assert read_rule({}, was) == was
    assert read_rule({"method": "guess"}, was) == was


@pytest.mark.parametrize("said", [{"least": "hai"}, {"most": "2,5"}, {"each": "x"}])
def test_no_number_in_a_rule_is_refused(said):
    """What is no number in a rule is refused."""
    with pytest.raises(Refused, match="Ô “"):
        read_rule(said, Rule(method=AllocationMethod.EQUAL))
