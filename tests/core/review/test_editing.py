"""Edits of a plan under review: read again like the compiler read them, and nothing else moves."""

from dataclasses import replace
from functools import cache

import pytest

from toankhoa import documents
from toankhoa.core.basics import Problem, Refused, Severity
from toankhoa.core.compiling import compile_document
from toankhoa.core.measures import Library
from toankhoa.core.plan import Activity, CommitmentKind, Comparator, Plan
from toankhoa.core.review import (
    BOARDS,
    HEADING,
    LEVELS,
    NUMBER,
    TITLE,
    Place,
    add_heading,
    add_row,
    edit,
    language_of,
    places_of,
    remove_row,
    words,
)
from toankhoa.documents.writing.seed_document import seed_docx
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


def test_same_words_give_the_same_plan():
    """The editor reads every field of the real plan exactly as the compiler did, problems included.

    Like words are read once for each kind of field, but where a problem stands.
    """
    plan, problems, library = compiled()
    language, stands = language_of(plan, library.vocabulary), places_of(problems, plan)
    tried, met = set(), []
    for code, of in (("", plan), *((row.code, row) for row in plan.rows())):
        for field, said in words(of).items():
            place, like = Place(code, field), ("year" if field.isdigit() else field, said)
            if like in tried and place not in stands:
                continue
            tried.add(like)
            result = edit(plan, place, said, library.vocabulary, language)
            assert result.plan == plan, place
            met += [(problem.code, place) for problem in result.problems]
    assert met
    assert sorted(met) == sorted(zip([p.code for p in problems], stands, strict=True))


def test_cell_is_read_in_plans_language():
    """A cell is read in the language of the plan."""
    row = some_row()
    plan, problems = edited(Place(row.code, "2018"), "ít nhất 1.234 hộ")
    cell = plan.find(row.code).commitments[2018]
    assert (cell.kind, cell.targets[0].comparator, cell.targets[0].amount) == (
        CommitmentKind.TARGET,
        Comparator.AT_LEAST,
        1234,
    )
    assert (problems, cell.source) == ([], row.commitments[2018].source)


def test_unknown_levels_and_boards_are_problems():
    """Levels and boards say what they do not know."""
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


def test_moved_row_keeps_its_code():
    """It has the boards of where it is, and is last there.

    Back under its heading it is what it was.
    """
    plan, _, library = compiled()
    row = some_row()
    moved, problems = edited(Place(row.code, HEADING), "II.1.1")
    now = moved.find(row.code)
    assert (now.objective, now.boards, problems) == ("II.1.1", plan.find("II.1.1").boards, [])
    assert [entry.code for entry in moved.activities if entry.objective == "II.1.1"][-1] == row.code
    back = edit(moved, Place(row.code, HEADING), row.objective, library.vocabulary).plan
    assert {entry.code: entry for entry in back.rows()} == {
        entry.code: entry for entry in plan.rows()
    }


def test_heading_moves_with_all_below_it():
    """A heading moves with its rows and never under itself."""
    plan, _, _ = compiled()
    moved, _ = edited(Place("II.1.1", HEADING), "I")
    assert moved.find("II.1.1").parent == "I"
    assert {row.code for row in moved.rows()} == {row.code for row in plan.rows()}
    alone, _ = edited(Place("II.1.1", HEADING), "")
    assert alone.find("II.1.1").parent is None
    for place, text in (
        (Place("II.1", HEADING), "II.1.1"),
        (Place("II", HEADING), "II"),
        (Place("II.1.1", HEADING), "Z"),
    ):
        with pytest.raises(Refused):
            edited(place, text)
    with pytest.raises(Refused):
        edited(Place(some_row().code, HEADING), "")


def test_unit_fills_cells_that_name_none():
    """A unit is that of the cells that say none."""
    row, library = some_row(), compiled()[2]
    counted, _ = edited(Place(row.code, "2018"), "50")
    with_unit = edit(counted, Place(row.code, "unit"), "hộ", library.vocabulary).plan
    assert with_unit.find(row.code).commitments[2018].targets[0].unit == "hộ"
    later = edit(with_unit, Place(row.code, "2019"), "60", library.vocabulary).plan
    assert later.find(row.code).commitments[2019].targets[0].unit == "hộ"
    without = edit(with_unit, Place(row.code, "unit"), "", library.vocabulary).plan
    assert without == counted


def test_blank_detail_leaves_the_row():
    """A detail is words and goes when it is blank."""
    row = some_row()
    said, problems = edited(Place(row.code, "deadline"), "Quý I/2019")
    assert (said.find(row.code).details, problems) == ({"deadline": "Quý I/2019"}, [])
    assert (
        edit(said, Place(row.code, "deadline"), " ", compiled()[2].vocabulary).plan == compiled()[0]
    )


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("number", " 71 / KH-BCH ", "71/KH-BCH"),
        ("date", "ngày 5 tháng 2 năm 2018", "05/02/2018"),
        ("bases", "Căn cứ một;\nCăn cứ hai;", "Căn cứ một;\nCăn cứ hai;"),
        ("recipients", "Nơi một\n\nNơi hai", "Nơi một\nNơi hai"),
        ("signer", "Nguyễn Thị A", "Nguyễn Thị A"),
        ("goal", "", ""),
    ],
)
def test_the_documents_own_fields_are_read(field, text, said):
    plan, problems = edited(Place("", field), text)
    assert (words(plan)[field], problems) == (said, [])
    others = {name: entry for name, entry in words(plan).items() if name != field}
    assert others == {name: entry for name, entry in words(compiled()[0]).items() if name != field}


def test_missing_document_parts_are_problems():
    """What every document has is missed until it is said."""
    plan, problems = edited(Place("", "number"), "")
    assert problems == ["no-number"]
    again = edit(plan, Place("", "number"), "1/KH", compiled()[2].vocabulary)
    assert again.problems == ()
    corrections_due = Problem("no-number", Severity.WARNING, "")
    assert places_of([corrections_due], plan) == [Place("", "number")]


def test_a_date_that_is_none_is_refused():
    with pytest.raises(Refused) as refused:
        edited(Place("", "date"), "32/13/2017")
    assert refused.value.problem.code == "edit-date"


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


def test_row_is_added_and_removed():
    """A row is added under a code of its own and taken out again."""
    plan, _, library = compiled()
    grown, code, _ = add_row(plan, "I.CT05", "Mở 3 lớp tập huấn", library.vocabulary)
    row = grown.find(code)
    assert code not in {entry.code for entry in plan.rows()}
    assert (row.objective, row.boards, list(row.commitments)) == (
        "I.CT05",
        plan.find("I.CT05").boards,
        list(plan.years),
    )
    assert remove_row(grown, code) == plan
    with pytest.raises(Refused):
        remove_row(plan, "I.CT05")


@pytest.mark.parametrize(
    ("parent", "number", "code"),
    [
        ("I", "Chỉ tiêu 15", "I.CT15"),
        ("I", "Chỉ tiêu 5", "I.CT05-2"),
        ("", "III", "III"),
        ("II", "4", "II.4"),
        ("II", "", "II.M27"),
    ],
)
def test_heading_is_added_and_removed(parent, number, code):
    """A heading is added under a code of its own and taken out again."""
    plan, _, library = compiled()
    grown, made, _ = add_heading(
        plan, parent, number, "Đề mục thêm, 30% hội viên", library.vocabulary
    )
    heading = grown.find(made)
    assert (made, heading.parent, len(heading.targets)) == (code, parent or None, 1)
    with_row, _, _ = add_row(grown, made, "Việc mới", library.vocabulary)
    with pytest.raises(Refused):
        remove_row(with_row, made)
    assert remove_row(grown, made) == plan


def test_a_heading_needs_words_and_a_place():
    plan, _, library = compiled()
    with pytest.raises(Refused):
        add_heading(plan, "I", "1", " ", library.vocabulary)
    with pytest.raises(KeyError):
        add_heading(plan, "X", "1", "Tên", library.vocabulary)


def test_boards_that_support_follow_their_words():
    plan, _, library = compiled()
    row = some_row()
    rows = tuple(
        replace(entry, details={"support": "Sở Tài chính"}) if entry is row else entry
        for entry in plan.activities
    )
    plan = replace(plan, activities=rows)
    edited = edit(plan, Place(row.code, "support"), "VP, Sở Tài chính", library.vocabulary)
    assert edited.plan.find(row.code).supporting == ("VP",)
