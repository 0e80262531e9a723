"""Edits of a plan under review: read again like the compiler read them, and nothing else moves."""

from functools import cache

import pytest

from toankhoa import documents
from toankhoa.core.compiler import compile_document
from toankhoa.core.editing import edit
from toankhoa.core.fields import BOARDS, LEVELS, NUMBER, TITLE, Place, places_of, words
from toankhoa.core.measures import Library
from toankhoa.core.plan import Activity, CommitmentKind, Comparator, Plan
from toankhoa.core.problems import Problem, Refused
from toankhoa.core.restructuring import add_row, remove_row
from toankhoa.documents.seed_document import seed_docx
from toankhoa.library import load_library


@cache
def compiled() -> tuple[Plan, tuple[Problem, ...], Library]:
    library = load_library()
    plan, problems = compile_document(documents.read("plan.docx", seed_docx()), library.vocabulary)
    return plan, problems, library


def edited(place: Place, text: str) -> tuple[Plan, list[str]]:
    plan, _, library = compiled()
    result = edit(plan, place, text, library.vocabulary)
    return result.plan, [problem.code for problem in result.problems]


def some_row() -> Activity:
    """A row with boards of its own heading only."""
    return next(row for row in compiled()[0].activities if not row.boards_text and row.boards)


def test_the_same_words_again_are_the_same_plan():
    """The editor reads every field of the real plan exactly as the compiler did, problems included."""
    plan, problems, library = compiled()
    met = []
    for code, of in (("", plan), *((row.code, row) for row in plan.rows())):
        for field, said in words(of).items():
            place = Place(code, field)
            result = edit(plan, place, said, library.vocabulary)
            assert result.plan == plan, place
            met += [(problem.code, place) for problem in result.problems]
    assert met
    assert sorted(met) == sorted(zip([p.code for p in problems], places_of(problems, plan), strict=True))


def test_a_cell_is_read_in_the_language_of_the_plan():
    row = some_row()
    plan, problems = edited(Place(row.code, "2018"), "ít nhất 1.234 hộ")
    cell = plan.find(row.code).commitments[2018]
    assert (cell.kind, cell.targets[0].comparator, cell.targets[0].amount) == (
        CommitmentKind.TARGET,
        Comparator.AT_LEAST,
        1234,
    )
    assert (problems, cell.source) == ([], row.commitments[2018].source)


def test_levels_and_boards_say_what_they_do_not_know():
    row = some_row()
    assert edited(Place(row.code, BOARDS), "Ban Vũ trụ")[1] == ["board-unknown"]
    plan, problems = edited(Place(row.code, LEVELS), "Cấp tỉnh")
    assert (plan.find(row.code).levels, problems) == (("province",), [])


def test_rows_without_boards_follow_their_heading():
    row = some_row()
    plan, _ = edited(Place(row.objective, BOARDS), "Văn phòng")
    assert plan.find(row.code).boards == ("VP",) != row.boards


def test_a_title_brings_its_targets():
    row = some_row()
    plan, _ = edited(Place(row.code, TITLE), "Vận động 80% hội viên tham gia bảo hiểm y tế")
    assert [(target.amount, target.unit) for target in plan.find(row.code).targets] == [(80, "%")]


def test_numbers_are_words_only():
    plan, _ = edited(Place("I", NUMBER), "A")
    assert plan.find("I").number == "A"


@pytest.mark.parametrize("place", [Place("X.9", TITLE), Place("I", LEVELS), Place("I", "2018")])
def test_a_place_that_is_not_there(place):
    with pytest.raises(KeyError):
        edited(place, "x")


@pytest.mark.parametrize(("text", "code"), [("  ", "edit-title"), ("á" * 4001, "edit-long")])
def test_words_that_cannot_stand(text, code):
    with pytest.raises(Refused) as refused:
        edited(Place(some_row().code, TITLE), text)
    assert refused.value.problem.code == code


def test_a_row_is_added_under_a_code_of_its_own_and_taken_out_again():
    plan, _, library = compiled()
    grown, code, _ = add_row(plan, "I.CT05", "Mở 3 lớp tập huấn", library.vocabulary)
    row = grown.find(code)
    assert code not in {each.code for each in plan.rows()}
    assert (row.objective, row.boards, list(row.commitments)) == (
        "I.CT05",
        plan.find("I.CT05").boards,
        list(plan.years),
    )
    assert remove_row(grown, code) == plan
    with pytest.raises(Refused):
        remove_row(plan, "I.CT05")
