"""The bench's two designs, run small: they must give the same figures. Nothing here is timed."""

import sys
from pathlib import Path

import pytest
from django.db import connection

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))

from comparison import Comparison
from facts import ROOT, Facts
from reformed import Reformed
from through_reform import ThroughReform

from toankhoa.reporting.models import Return
from toankhoa.reporting.totals import posting

pytestmark = pytest.mark.django_db
on_sqlite = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="this other design is written for SQLite"
)
on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="these are written for PostgreSQL"
)


@pytest.fixture
def comparison() -> Comparison:
    comparison = Comparison.of(
        Facts(communes=20, elements=6, months=15, seed=3, pending=7), budget=0
    )
    comparison.load()
    return comparison


@on_sqlite
def test_both_designs_answer_every_question_alike(comparison):
    questions = [line.question for line in comparison.lines()]
    assert len(questions) == len(set(questions)) == 7
    assert not Return.objects.filter(accepted_depth=1).exists()
    assert posting.differences(ledger=comparison.packed.ledger) == []


@on_sqlite
def test_the_figures_are_those_that_were_made_up(comparison):
    list(comparison.lines())
    facts = comparison.facts
    of_year = facts.figures[:12]
    flow = int(of_year[:, :, 0].clip(min=0).sum())
    stock = 0
    for commune in range(facts.communes):
        reported = [figure for figure in of_year[:, commune, 1].tolist() if figure >= 0]
        stock += reported[-1] if reported else 0
    nation = {(slot, year): figure for _, slot, year, figure in comparison.packed.dashboard(ROOT)}
    assert nation[0, 2017] == flow
    assert nation[1, 2017] == stock
    assert set(nation) == {(slot, year) for slot in range(6) for year in (2017, 2018)}


@on_sqlite
def test_answers_that_differ_are_not_passed_over(comparison):
    right = comparison.packed.dashboard(ROOT)
    unit, slot, year, figure = right[0]
    wrong = [(unit, slot, year, figure + 1), *right[1:]]
    with pytest.raises(RuntimeError, match="differently"):
        comparison.compare("dashboard", [right, wrong])
    with pytest.raises(RuntimeError, match="differently"):
        comparison.compare("dashboard", [[], []])


@on_postgresql
def test_three_designs_that_lived_through_a_reform_answer_every_question_alike():
    lines = list(
        ThroughReform(
            Reformed(communes=20, elements=6, months=60, seed=3, pending=0), budget=0
        ).lines()
    )
    assert len(lines) == 2 + 6  # what was loaded and the headings, then a line a question
