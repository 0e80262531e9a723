"""The language of targets: cases a plan officer can read, and print∘parse."""

from dataclasses import replace
from decimal import Decimal

import pytest
from case_files import cases
from hypothesis import given
from hypothesis import strategies as st

from toankhoa.core.basics import Source, tidy, tidy_lines
from toankhoa.core.compiling import (
    Language,
    parse_cell,
    parse_target,
    print_target,
    read_boards,
    read_levels,
    read_prose,
    read_supporting,
)
from toankhoa.core.measures import Vocabulary
from toankhoa.core.plan import Applies, Basis, CommitmentKind, Comparator, Target

COMMITMENTS, UNSEEN, LEVELS = map(cases, ("commitments", "unseen_targets", "levels"))
SHORT = {"T": "province", "H": "district", "C": "base"}


@pytest.fixture(scope="module")
def language(vocabulary) -> Language:
    return Language.of(vocabulary)


def codes(problems) -> list[str]:
    return [problem.code for problem in problems]


@pytest.mark.parametrize("case", COMMITMENTS["cells"], ids=lambda case: case["cell"][:30])
def test_a_year_cell_is_read(case, language):
    first, last = case.get("term", (0, -1))
    term = replace(language, term=tuple(range(first, last + 1)))
    commitment, problems = parse_cell(case["cell"], 2018, term)
    assert commitment.kind is CommitmentKind(case["kind"])
    assert [print_target(target, language) for target in commitment.targets] == case.get(
        "reads", []
    )
    assert list(commitment.places) == case.get("places", [])
    assert codes(problems) == case.get("problems", [])
    assert commitment.text == case.get("kept", tidy(case["cell"]))


@pytest.mark.parametrize("case", COMMITMENTS["prose"], ids=lambda case: case["text"][:30])
def test_targets_in_prose_are_read(case, language):
    reading = read_prose(tidy_lines(case["text"]), language)
    assert [print_target(target, language) for target in reading.targets] == case["reads"]
    assert codes(reading.problems) == case.get("problems", [])


@pytest.mark.parametrize("case", UNSEEN, ids=lambda case: case["text"][:40])
def test_wordings_of_other_plans(case, language):
    reading = read_prose(tidy_lines(case["text"]), language)
    bare = [replace(target, subject="") for target in reading.targets]
    assert [print_target(target, language) for target in bare] == case["reads"]
    assert codes(reading.problems) == case.get("problems", [])
    subjects = " ".join(target.subject for target in reading.targets)
    assert all(words in subjects for words in case.get("about", ()))


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("Mỗi tỉnh mở 2 lớp", "= 2 lớp mỗi năm: Mỗi tỉnh mở lớp"),
        ("Mở ít nhất 2 lớp/tỉnh", "≥ 2 lớp/tỉnh mỗi năm: Mở lớp/tỉnh"),
        ("Mỗi huyện mở 2 lớp", "= 2 lớp mỗi huyện mỗi năm: mở lớp"),
    ],
)
def test_the_top_level_stays_in_words(text, reads):
    """A level that no basis counts stays in the words."""
    names = {"province": "tỉnh", "district": "huyện"}
    language = Language({"tinh": "province", "huyen": "district"}, level_names=names)
    reading = read_prose(text, language)
    assert [print_target(target, language) for target in reading.targets] == [reads]


@pytest.mark.parametrize("case", LEVELS, ids=lambda case: case["text"][:30])
def test_levels_are_read(case, vocabulary):
    levels, problems = read_levels(case["text"], vocabulary, Source())
    assert levels == tuple(SHORT[letter] for letter in case["means"])
    assert codes(problems) == case.get("problems", [])


@pytest.mark.parametrize(
    ("text", "boards", "problems"),
    [
        ("Ban Tuyên giáo, VP", ["BTG", "VP"], []),
        ("BTG, Ban GĐXH", ["BTG", "GDXH"], []),
        ("Ban CSLP& Ban GĐXH", ["CSLP", "GDXH"], []),
        ("ban tổ chức và Văn phòng", ["BTC", "VP"], []),
        ("Ban KT-CSLP", ["KT", "CSLP"], ["boards-joined"]),
        ("Ban Đối ngoại, BTC", ["BTC"], ["board-unknown"]),
        ("VP, Văn phòng", ["VP"], []),
        ("", [], []),
    ],
)
def test_leading_boards_are_read(text, boards, problems, vocabulary):
    found, met = read_boards(text, vocabulary, Source())
    assert (list(found), codes(met)) == (boards, problems)


@pytest.mark.parametrize(
    ("boards", "support", "leads", "supports", "problems"),
    [
        ("VP chủ trì, phối hợp với BTG", "", ["VP"], ["BTG"], []),
        ("Chủ trì: Ban KT; Phối hợp: VP, BTG", "", ["KT"], ["VP", "BTG"], []),
        ("VP (chủ trì), BTG, BTC (phối hợp)", "", ["VP"], ["BTG", "BTC"], []),
        ("Ban KT\nPhối hợp: Sở Tài chính", "", ["KT"], [], []),
        ("Ban KT", "VP; các huyện, Ban Đối ngoại", ["KT"], ["VP"], ["partner-unknown"]),
        ("Phối hợp: VP", "Phối hợp với BTG", [], ["VP", "BTG"], []),
        ("Chủ trì: VP", "", ["VP"], [], []),
    ],
)
def test_boards_that_support(boards, support, leads, supports, problems, vocabulary):
    assert read_boards(boards, vocabulary, Source()) == (tuple(leads), ())
    found, met = read_supporting(boards, support, vocabulary, Source())
    assert (list(found), codes(met)) == (supports, problems)


def test_a_typed_target_may_be_short(language):
    """A target of an officer may be short."""
    target, problems = parse_target("ít nhất 80% : hộ thoát nghèo", language)
    assert problems == ()
    assert target == Target(
        comparator=Comparator.AT_LEAST,
        amount=Decimal(80),
        unit="%",
        basis=Basis.RATE,
        subject="hộ thoát nghèo",
    )


@pytest.mark.parametrize("text", ["", "nhiều hộ", "≥ hộ", "≥ 5 hộ mỗi năm mỗi năm", "≥ 5 6"])
def test_what_is_no_target_says_so(text, language):
    target, problems = parse_target(text, language)
    assert target is None
    assert codes(problems) == ["target-not-understood"]
    assert "Hãy viết như" in problems[0].message


# Laws

UNITS = [
    "",
    "hộ",
    "tin/bài",
    "cơ sở",
    "mô hình/hoạt động",
    "triệu đồng",
    "đ/tháng",
    "phần việc",
    "chi/tổ",
    "HTX",
]
AMOUNTS = st.decimals(min_value=0, max_value=10**7, places=1)
SUBJECTS = st.text(st.sampled_from("aăđếộ xyz“”,.;:()%-2019"), max_size=25).map(tidy)


_NEVER = {True: Basis.WHOLE, False: Basis.RATE}  # a rate is no amount of the whole


@st.composite
def targets(draw) -> Target:
    """Any target that a plan can state."""
    comparator = draw(st.sampled_from(Comparator))
    rate = draw(st.booleans())
    basis = draw(st.sampled_from([basis for basis in Basis if basis is not _NEVER[rate]]))
    low = draw(AMOUNTS)
    changes = comparator is Comparator.CHANGE
    sign = -1 if changes and draw(st.booleans()) else 1
    bounded = comparator is Comparator.RANGE or (changes and draw(st.booleans()))
    return Target(
        comparator=comparator,
        amount=sign * low,
        upper=sign * (low + draw(AMOUNTS)) if bounded else None,
        unit="%" if rate else draw(st.sampled_from(UNITS)),
        basis=basis,
        level=draw(st.sampled_from(("to", "chi_doan"))) if basis is Basis.PER_UNIT else None,
        subject=draw(SUBJECTS),
        applies=draw(st.sampled_from(Applies)),
        years=tuple(draw(st.lists(st.integers(1990, 2099), max_size=3))),
    )


@pytest.mark.law
@given(targets())
def test_what_is_printed_is_parsed_back(target):
    language = Language.of(
        Vocabulary(
            levels={"xa_doan": ("xã đoàn",), "chi_doan": ("chi đoàn",), "to": ("tổ", "tổ đoàn")},
            level_names={"chi_doan": "Chi đoàn", "to": "Tổ"},
        )
    )
    assert parse_target(print_target(target, language), language) == (target, ())


PIECES = [
    "ít nhất ",
    "từ ",
    "trên ",
    "5",
    "2-3",
    "2019",
    " %",
    "%",
    "/năm",
    "/ ",
    "mỗi ",
    "cơ sở ",
    "(",
    ")",
    "“",
]
PIECES += [
    ": ",
    "; ",
    ". ",
    "\n",
    "trở lên",
    " và ",
    ", ",
    "đ",
    "hộ ",
    "05-CT/TW",
    "1/2/2018",
    "hàng năm ",
    "x",
    "…",
]


@pytest.mark.law
@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=25).map("".join)))
def test_every_text_has_a_reading(text):
    language = Language({"co so": "base", "nam": "district"}, ("cơ sở vật chất",))
    for reading in (read_prose(tidy_lines(text), language), parse_cell(text, 2018, language)[0]):
        for target in reading.targets:
            assert parse_target(print_target(target, language), language) == (target, ())
