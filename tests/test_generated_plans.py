"""Made-up plans: what is written to paper compiles back to itself; what is laid out otherwise is
read as its truth.
"""

import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from strategies_plans import shaped_plans

from toankhoa import documents
from toankhoa.core.basics import Problem, Severity
from toankhoa.core.compiling import compile_document
from toankhoa.core.plan import Commitment, CommitmentKind, Plan
from toankhoa.documents.writing.write_docx import write_docx

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))

from compile import generated
from layouts import COUNT, KINDS, drawn, layout
from scoring import Score, scored, shares

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks-compile.md"
SOME = (0, 8, 14, 30, 32, 44)  # of every kind of file but text dumps, read without a fault


# Round trip


@pytest.mark.law
@given(shaped_plans())
def test_a_plan_written_to_word_compiles_back_to_itself(shaped):
    shape, plan = shaped
    again, _ = compile_document(
        documents.read("plan.docx", write_docx(plan)), shape.about.vocabulary
    )
    assert again == plan


# Layouts


def together(numbers):
    total = Score()
    for outcome in generated(numbers):
        total.add(outcome.score)
    return total


@pytest.mark.parametrize("number", SOME)
def test_layouts_that_were_read_without_a_fault_still_are(number):
    score = together([number])
    assert score.wrong == []
    assert score.all["cells"] > 0


@pytest.mark.soak
def test_fifty_layouts_are_read_as_the_page_says():
    """The page may not promise more than what is measured, nor fewer silent errors."""
    said = (
        re.search(r"\*\*50 made-up plans\*\* \|(.*)", PAGE.read_text(encoding="utf-8"))
        .group(1)
        .split("|")
    )
    score = together(range(COUNT))
    now = [float(share) for share in shares(score)]
    assert all(share >= float(then) for share, then in zip(now, said, strict=False))
    assert len(score.silent) <= int(said[len(now)])


def test_layouts_differ_and_stay_the_same():
    layouts = [layout(number) for number in range(COUNT)]
    looks = {(one.kind, one.name, one.shape.columns, tuple(one.words.values())) for one in layouts}
    assert len(looks) == COUNT
    assert {one.kind for one in layouts} == set(KINDS)
    assert drawn(3) == drawn(3)


# The score itself


def changed(plan: Plan, year: int, cell: Commitment, **row) -> Plan:
    """The plan with another cell in one year of its first row."""
    first, *rest = plan.activities
    other = replace(first, commitments={**first.commitments, year: cell}, **row)
    return replace(plan, activities=(other, *rest))


@pytest.fixture
def truth() -> Plan:
    return drawn(0)[1]


def test_the_truth_itself_scores_full(truth):
    score = scored(truth, truth, ())
    assert score.right == score.all
    assert score.all["rows"] == len(truth.objectives) + len(truth.activities)


def test_a_wrong_cell_is_silent_until_a_problem_stands_at_its_row(truth):
    year = truth.years[0]
    wrong = changed(truth, year, Commitment(text="?", kind=CommitmentKind.MILESTONE))
    assert len(scored(truth, wrong, ()).silent) == 1
    place = replace(wrong.activities[0].source, table=1, row=4)
    wrong = changed(truth, year, wrong.activities[0].commitments[year], source=place)
    said = Problem("cell", Severity.NOTE, "…", place.at(cell=2), "?")
    score = scored(truth, wrong, (said,))
    assert (len(score.wrong), score.silent) == (1, [])


def test_rows_that_are_missing_or_too_many_count(truth):
    fewer = replace(truth, activities=truth.activities[1:])
    cells = len(truth.years)
    missed = scored(truth, fewer, ())
    assert missed.all["cells"] - missed.right["cells"] == cells
    more = scored(fewer, truth, ())
    assert more.wrong == [f"rows: not in the document: {truth.activities[0].title!r}"]
