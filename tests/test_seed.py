"""The demonstration plan: a Word file like the signed one, in other words, that compiles and is
measured alike.
"""

import re
from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest
from case_files import cases
from docx import Document
from docx.oxml.ns import qn
from plan_files import source

from toankhoa.core.basics import tidy_lines, words_of
from toankhoa.core.compiling import compile_document
from toankhoa.core.plan import Applies, CommitmentKind, Comparator, Plan
from toankhoa.core.review import DONE, YearTarget, bind
from toankhoa.documents import read
from toankhoa.documents.writing.seed_document import seed_docx
from toankhoa.library import load_library

TESTS = Path(__file__).resolve().parent
SIGNED = TESTS.parents[1] / "shared" / "plans" / "kh-70-toan-khoa-2016-2021.docx"
CASES = cases("bindings")


def compiled(name: str, data: bytes) -> Plan:
    return compile_document(read(name, data), load_library().vocabulary)[0]


@pytest.fixture(scope="module")
def seed() -> Plan:
    return compiled("seed.docx", source("seed"))


@pytest.fixture(scope="module")
def signed_bytes() -> bytes:
    if not SIGNED.exists():
        pytest.skip("../shared is not here: the signed plan cannot be compared")
    return SIGNED.read_bytes()


@pytest.fixture(scope="module")
def signed(signed_bytes) -> Plan:
    return compiled(SIGNED.name, signed_bytes)


def grid(data: bytes) -> list[list[tuple[str, str, str]]]:
    """Every row of the plan's table: each cell's text, horizontal and vertical merge."""

    def cell(element) -> tuple[str, str, str]:
        properties = element.tcPr
        span, merge = properties.find(qn("w:gridSpan")), properties.find(qn("w:vMerge"))
        lines = (
            "".join(text.text or "" for text in p.iter(qn("w:t"))) for p in element.iter(qn("w:p"))
        )
        columns = span.get(qn("w:val")) if span is not None else "1"
        return (
            tidy_lines("\n".join(lines)),
            columns,
            "" if merge is None else merge.get(qn("w:val"), "continue"),
        )

    table = max(Document(BytesIO(data)).tables, key=lambda one: len(one._tbl.tr_lst))
    return [[cell(one) for one in row.tc_lst] for row in table._tbl.tr_lst]


def prose(data: bytes) -> list[str]:
    """Everything that is written in the plan as sentences: paragraphs, titles, goal, and year cells
    of some length.
    """
    texts = [paragraph.text for paragraph in Document(BytesIO(data)).paragraphs]
    for row in grid(data):
        texts += [text for text, _, _ in (row[1:7] if len(row) == 9 else row[1:2])]
    return texts


def runs(texts: list[str], length: int) -> set[str]:
    words = [words_of(text).split() for text in texts]
    return {" ".join(line[i : i + length]) for line in words for i in range(len(line) - length + 1)}


# The file


def test_the_same_bytes_every_time():
    assert seed_docx() == seed_docx()


def test_rows_and_merges_without_the_signed_plan():
    rows = grid(source("seed"))
    assert len(rows) == 110
    assert [merge for _, _, merge in rows[0]] == ["restart", "restart", "", "restart", "restart"]
    assert [merge for _, _, merge in rows[1]] == [
        "continue",
        "continue",
        *[""] * 5,
        "continue",
        "continue",
    ]
    assert Counter(len(row) for row in rows[2:]) == {9: 83, 3: 25}
    assert {row[1][1] for row in rows[2:] if len(row) == 3} == {"7"}


def is_sentence(text: str) -> bool:
    """Long enough to be the plan's own words: it is said in other words, and not compared."""
    return len(text.split()) > 8


def test_the_table_is_the_signed_one(signed_bytes):
    """Rows merges marks levels and boards are those of the signed plan."""
    ours, theirs = grid(source("seed")), grid(signed_bytes)
    assert [[cell[1:] for cell in row] for row in ours] == [
        [cell[1:] for cell in row] for row in theirs
    ]
    for our, their in zip(ours[2:], theirs[2:], strict=True):
        beside_the_title = [0, *range(2, len(their))]
        for column in beside_the_title:
            assert our[column][0] == their[column][0] or is_sentence(their[column][0])


def test_no_signed_sentence_is_copied(signed_bytes):
    """No sentence of the signed plan is copied."""
    length = 8
    assert runs(prose(signed_bytes), length) & runs(prose(source("seed")), length) == set()


def test_the_search_for_copies_finds_one(signed_bytes):
    assert runs(prose(signed_bytes), 8) & runs([prose(signed_bytes)[1]], 8)


# What it compiles to


def test_it_adds_no_problem_when_compiled(signed_bytes):
    """It compiles without a problem that the signed plan has not."""
    vocabulary = load_library().vocabulary
    ours = compile_document(read("seed.docx", source("seed")), vocabulary)[1]
    theirs = compile_document(read(SIGNED.name, signed_bytes), vocabulary)[1]
    assert Counter(problem.code for problem in ours) <= Counter(problem.code for problem in theirs)


def test_its_structure_is_the_signed_one(seed):
    assert (seed.number, str(seed.date), seed.place) == ("70/KH-BCH", "2017-09-29", "Đồng Nai")
    assert (seed.organisation, seed.body) == ("HỘI LHPN TỈNH ĐỒNG NAI", "BAN CHẤP HÀNH")
    assert seed.years == (2017, 2018, 2019, 2020, 2021)
    assert (len(seed.bases), len(seed.recipients)) == (3, 9)
    assert (seed.signature.title, seed.signature.name) == ("CHỦ TỊCH", "Lê Thị Ngọc Loan")
    assert seed.goal.startswith("Khơi dậy")
    assert seed.closing.endswith("hợp lý./.")
    assert [objective.code for objective in seed.objectives] == [
        "I",
        *(f"I.CT{number:02}" for number in range(1, 15)),
        *(
            "II",
            "II.1",
            "II.1.1",
            "II.1.2",
            "II.2",
            "II.2.1",
            "II.2.2",
            "II.3",
            "II.3.1",
            "II.3.2",
            "II.3.3",
        ),
    ]
    assert Counter(activity.objective.split(".")[0] for activity in seed.activities) == {
        "I": 32,
        "II": 49,
    }


def test_its_year_cells_are_alike(seed):
    kinds = Counter(
        cell.kind for activity in seed.activities for cell in activity.commitments.values()
    )
    assert kinds[CommitmentKind.SCHEDULED] == 298
    assert kinds[CommitmentKind.NONE] == 39
    assert kinds[CommitmentKind.TARGET] + kinds[CommitmentKind.MILESTONE] == 68
    assert sum(kinds.values()) == 405


def said(targets) -> list[tuple]:
    """What a target asks, without the words it is said in."""
    return [
        (t.comparator, t.amount, t.upper, t.unit == "%", t.basis, t.applies, t.years)
        for t in targets
    ]


def test_it_reads_like_the_signed_plan(seed, signed):
    """Cells headings and rows read like the signed plan."""
    for ours, theirs in zip(seed.rows(), signed.rows(), strict=True):
        assert ours.code == theirs.code
        assert ours.boards == theirs.boards
        assert said(ours.targets) == said(theirs.targets), ours.code
    for ours, theirs in zip(seed.activities, signed.activities, strict=True):
        assert ours.levels == theirs.levels
        for year in seed.years:
            our, their = ours.commitments[year], theirs.commitments[year]
            assert (our.kind, our.places, said(our.targets)) == (
                their.kind,
                their.places,
                said(their.targets),
            )


# How it is measured

_SCOPE = {"base": " mỗi cơ sở", "district": " mỗi huyện"}
_TIME = {Applies.BY_TERM_END: " cuối kỳ", Applies.TERM_TOTAL: " cả kỳ"}


def written(found: YearTarget | None) -> str:
    """A target as bindings.yaml writes it."""
    if found is None:
        return "-"
    target = found.target
    if target == DONE:
        return "làm xong"
    amount = f"{target.comparator} {target.amount}"
    if target.comparator is Comparator.RANGE:
        amount = f"{target.amount}–{target.upper}"
    percent = "%" if target.unit == "%" else ""
    return f"{amount}{percent}{_SCOPE.get(target.level, '')}{_TIME.get(target.applies, '')}"


@pytest.mark.parametrize("which", ["seed", "signed"])
def test_every_indicator_is_bound_with_targets(which, request):
    """Every indicator is bound to its row with its targets."""
    plan = request.getfixturevalue(which)
    found = {binding.indicator: binding for binding in bind(plan, load_library())}
    assert found.keys() == CASES.keys() == load_library().indicators.keys()
    for code, case in CASES.items():
        targets = [found[code].targets.get(year) for year in plan.years]
        origins = (
            case["from"] if isinstance(case["from"], list) else [case["from"]] * len(plan.years)
        )
        assert found[code].row == case["row"], code
        assert [written(target) for target in targets] == case["years"], code
        assert all(
            one is None or one.origin == origin
            for one, origin in zip(targets, origins, strict=True)
        ), code


def test_each_of_the_fourteen_has_its_indicators(seed):
    measured = {
        re.match(r"I\.CT\d\d", binding.row).group() for binding in bind(seed, load_library())
    }
    assert measured == {f"I.CT{number:02}" for number in range(1, 15)}
