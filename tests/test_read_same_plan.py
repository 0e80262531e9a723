"""One plan in many kinds of file is one plan."""

from dataclasses import replace
from functools import cache

import plan_files
import pytest

from toankhoa.core.compiling import compile_document
from toankhoa.core.plan import Activity, Plan
from toankhoa.documents import read
from toankhoa.library import load_library

VOCABULARY = load_library().vocabulary
PLANS = pytest.mark.parametrize("which", ["seed", "real"])
# What takes long: of the real plan in `make soak` only.
LONG = pytest.mark.parametrize("which", ["seed", pytest.param("real", marks=pytest.mark.soak)])


def compiled(name: str, data: bytes) -> Plan:
    plan, _ = compile_document(read(name, data), VOCABULARY)
    return plan


@cache
def expected(which: str) -> Plan:
    return compiled("plan.docx", plan_files.source(which))


@PLANS
@pytest.mark.parametrize("kind", ["xlsx", "html"])
def test_a_kind_of_file_that_keeps_merges_gives_the_same_plan(which, kind):
    written = getattr(plan_files, kind)(plan_files.document(which))
    assert compiled(f"plan.{kind}", written) == expected(which)


@LONG
@pytest.mark.parametrize("write", [plan_files.in_tcvn3, plan_files.in_vni])
def test_old_encodings_give_the_same_plan(which, write):
    document = read("plan.docx", plan_files.typed(which, write))
    assert compile_document(document, VOCABULARY)[0] == expected(which)
    assert {problem.code for problem in document.problems} == {"encoding-old"}


@PLANS
@pytest.mark.soak
@pytest.mark.parametrize("kind", ["odt", "rtf"])
def test_other_office_files_give_the_same_plan(which, kind, office):
    kept = expected(which)
    assert compiled(f"plan.{kind}", office.saved(which, kind)) == kept


@LONG
def test_an_old_word_file_gives_the_same_table(which, office):
    """LibreOffice loses the two halves of the signature in one of the two: they come as running
    text.
    """
    kept = expected(which)
    plan = compiled("plan.doc", office.saved(which, "doc"))
    assert replace(plan, signature=kept.signature, recipients=kept.recipients) == kept


@PLANS
def test_markdown_gives_the_same_rows(which):
    """A merged title cannot be written there, so that only rows, not all headings, can be told for
    what they are.
    """
    rows = [row for row in expected(which).rows() if isinstance(row, Activity)]
    found = compiled("plan.md", plan_files.markdown(plan_files.document(which)))
    words = {(row.title, row.levels, tuple(row.commitments.values())) for row in found.activities}
    assert {(row.title, row.levels, tuple(row.commitments.values())) for row in rows} <= words


@PLANS
def test_a_pdf_gives_the_same_rows_and_figures(which, office):
    """A PDF has no paragraphs in a cell; rows and words are cut where a page or a column ends, and
    made one again.
    """
    kept = expected(which)
    document = read("plan.pdf", office.saved(which, "pdf"))
    plan, _ = compile_document(document, VOCABULARY)
    assert (plan.number, plan.date, plan.years, plan.headers) == (
        kept.number,
        kept.date,
        kept.years,
        kept.headers,
    )
    assert [row.code for row in plan.objectives] == [row.code for row in kept.objectives]
    figures = [tuple(cell.targets for cell in row.commitments.values()) for row in kept.activities]
    found = [tuple(cell.targets for cell in row.commitments.values()) for row in plan.activities]
    assert [one for one in figures if one not in found] == []
    assert len(plan.activities) == len(kept.activities)
    joined = [one for one in document.problems if one.code == "row-joined"]
    assert len(joined) <= len(kept.activities) // 50
