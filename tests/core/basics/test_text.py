"""Vietnamese text: normal form, folding, places of tones."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toankhoa.core.basics import fold, modern_tone, tidy, tidy_lines, words_of

WORDS = st.text(st.sampled_from("aàảãáạăằâầbcdđeêgiokmnôơờuưữyỳ ANĐ-.,12\t\n\u200b"), max_size=30)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đồng Nai", "dong nai"),
        ("Biên Hoà", "bien hoa"),
        ("Biên Hòa", "bien hoa"),
        ("ƯU ĐÃI", "uu dai"),
    ],
)
def test_search_finds_without_diacritics(text, folded):
    assert fold(text) == folded
    assert fold(unicodedata.normalize("NFD", text)) == folded


def test_words_stand_apart_from_punctuation():
    assert words_of("Tỉnh Hội, các huyện/thị/Tp.") == "tinh hoi cac huyen thi tp"


def test_tidy_drops_what_is_not_seen():
    """Runs of white space become one space, invisible characters none."""
    assert tidy("  Hội\u00a0 viên\u200b\n mới ") == "Hội viên mới"
    assert tidy_lines("một \n\n  hai\u00ad\n") == "một\nhai"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Biên Hoà", "Biên Hòa"),
        ("khoẻ", "khỏe"),
        ("THUỶ", "THỦY"),
        ("quý", "quý"),
        ("toàn", "toàn"),
        ("Hoà.", "Hòa."),
    ],
)
def test_a_tone_has_one_place(old, new):
    assert modern_tone(old) == new
    assert modern_tone(new) == new


@pytest.mark.law
@given(WORDS)
def test_tidying_and_folding_twice_changes_nothing(text):
    assert tidy(tidy(text)) == tidy(text)
    assert tidy_lines(tidy_lines(text)) == tidy_lines(text)
    assert fold(fold(text)) == fold(text)
    assert modern_tone(modern_tone(text)) == modern_tone(text)
