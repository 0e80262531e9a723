"""Papers of offices that no generator drew: each held against a truth written by hand before it was
read.
"""

import re
from dataclasses import replace
from itertools import zip_longest

import pens
import pytest
from pens import CASES, case

from toankhoa.core.basics import tidy
from toankhoa.core.compiling import compile_document, print_target
from toankhoa.core.measures import Vocabulary
from toankhoa.core.plan import Activity, Commitment, CommitmentKind, Objective, Plan, Target
from toankhoa.documents import read

DRAWN = {
    "docx": lambda drawn: pens.Pen(drawn).file(),
    "html": lambda drawn: pens.Page(drawn).file(),
    "xlsx": pens.workbook,
}


def vocabulary(words: dict) -> Vocabulary:
    boards = {code: tuple(names) for code, names in words["boards"].items()}
    names = {code: said[0] for code, said in boards.items()}
    levels = {code: tuple(said) for code, said in words["levels"].items()}
    return Vocabulary(
        boards=boards, board_names=names, levels=levels, level_names={code: code for code in levels}
    )


PAPERS = [
    pytest.param(path, kind, id=f"{path.stem}.{kind}")
    for path in CASES
    for kind in case(path)["kinds"]
]


@pytest.mark.parametrize(("path", "kind"), PAPERS)
def test_a_paper_is_read_as_its_office_meant_it(path, kind, office):
    words = case(path)
    truth = words["truth"]
    data = DRAWN[kind](words["drawn"]) if kind in DRAWN else office.saved(path.stem, kind)
    document = read(f"plan.{kind}", data)
    plan, problems = compile_document(document, vocabulary(words))
    asked = list(map(expected, truth["rows"]))
    assert [said(row, one) for row, one in zip_longest(rows(plan), asked)] == asked
    assert list(plan.years) == truth["years"]
    frame = {
        "organisation": plan.organisation,
        "number": plan.number,
        "date": plan.date,
        "name": plan.signature.name,
    }
    frame["recipients"] = list(plan.recipients)
    kept = [name for name in frame if name not in words.get("loses", {}).get(kind, ())]
    assert {name: frame[name] for name in kept} == {name: truth[name] for name in kept}
    if "closing" in truth:
        assert plan.closing == truth["closing"]
    spoken = " ".join(
        [plan.closing, plan.goal, *plan.bases, *(problem.fragment for problem in problems)]
    )
    assert [text for text in truth.get("kept", ()) if text not in spoken] == []
    if kind in words.get("says", {}):
        met = [
            problem.code for problem in document.problems if problem.code != "document-converted"
        ]
        assert sorted(met) == sorted(words["says"][kind])


def rows(plan: Plan) -> list[Objective | Activity]:
    """Without the heading that has no words, under which rows before any other one stand."""
    return [row for row in plan.rows() if isinstance(row, Activity) or row.title]


def expected(row: str | dict) -> dict:
    """What the truth says of a row; of a heading only its number and words."""
    if isinstance(row, str):
        return {"heading": tidy(row)}
    return {**row, "row": tidy(row["row"])}


def said(row: Objective | Activity | None, asked: dict | None) -> dict:
    """The same of a compiled row: what the truth asks for."""
    if not isinstance(row, Activity):
        return {"heading": tidy(f"{row.number.rstrip('.')} | {row.title}")} if row else {}
    told = {
        "row": tidy(f"{row.number.rstrip('.')} | {row.title}"),
        "cells": [cell(one) for one in row.commitments.values()],
        "levels": " ".join(row.levels),
        "boards": " ".join(row.boards),
        "reads": list(map(level, row.targets)),
        "details": {name: row.details.get(name) for name in (asked or {}).get("details", ())},
    }
    return (
        {name: told[name] for name in asked if name in told} if asked and "row" in asked else told
    )


def cell(said: Commitment) -> str:
    """ "= 80%", "x", "" or, of a milestone, "! Ra mắt"."""
    if said.kind is CommitmentKind.TARGET:
        return " + ".join(map(level, said.targets))
    return {CommitmentKind.SCHEDULED: "x", CommitmentKind.NONE: ""}.get(said.kind, f"! {said.text}")


def level(target: Target) -> str:
    """A target without what it is about and, in a year's cell, without that year."""
    return re.sub(
        r" (?:trong năm \d{4}|mỗi năm|đến cuối nhiệm kỳ)$",
        "",
        print_target(replace(target, subject="")),
    )
