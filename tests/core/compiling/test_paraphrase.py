"""The sentences that tell a person what was read: cases she can hold against the words herself."""

import pytest
from case_files import cases

from toankhoa.core.compiling import (
    Language,
    parse_cell,
    parse_target,
    say_codes,
    say_commitment,
    say_target,
    say_targets,
)

CASES = cases("paraphrases")


@pytest.mark.parametrize("case", CASES["cells"], ids=lambda case: case["cell"][:30])
def test_a_cell_in_a_sentence(case, vocabulary):
    commitment, _ = parse_cell(case["cell"], 2018, Language.of(vocabulary))
    assert say_commitment(commitment, vocabulary) == case["says"]


@pytest.mark.parametrize("case", CASES["targets"], ids=lambda case: case["target"][:30])
def test_a_target_in_a_phrase(case, vocabulary):
    target, problems = parse_target(case["target"], Language.of(vocabulary))
    assert problems == ()
    assert target is not None
    assert say_target(target, vocabulary) == case["says"]


def test_words_that_ask_nothing_say_so(vocabulary):
    """Words that ask for nothing are said to."""
    assert say_targets((), vocabulary) == "Không có chỉ tiêu bằng số trong lời."


def test_levels_and_boards_by_name():
    names = {"base": "cơ sở", "district": "cấp huyện"}
    assert say_codes(("district", "base"), names, nobody="Chưa rõ.") == "Cấp huyện, cơ sở."
    assert say_codes((), names, nobody="Chưa rõ.") == "Chưa rõ."
