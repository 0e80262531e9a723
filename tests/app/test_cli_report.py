"""`toankhoa report`: the living plan as a file, its years or its whole term."""

from pathlib import Path

import docx
import openpyxl
import pytest
from visits import province, publish_plan
from worlds import TODAY

from toankhoa.cli import main
from toankhoa.documents.writing import term_table
from toankhoa.documents.writing.term_sheet import TERM_SHEET

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def published(settings) -> None:
    settings.TODAY, settings.DEMO = TODAY, False
    world = province()
    world.accepted("d1", "H-QUY", "2021-Q3", {"nha_tro_moi": 3})
    publish_plan(world)


def headers(path: Path) -> list[tuple[str, ...]]:
    return [
        tuple(cell.text for cell in table.rows[0].cells)
        for table in docx.Document(str(path)).tables
    ]


@pytest.mark.parametrize(("options", "of_term"), [(["--term"], True), ([], False)])
def test_word_report_of_years_or_term(tmp_path: Path, options: list[str], of_term: bool):
    """A report in Word is of the years, or of the whole term."""
    path = tmp_path / "report.docx"
    assert main(["report", *options, "--out", str(path)]) == 0
    assert (term_table.HEADERS in headers(path)) == of_term


def test_workbook_opens_at_years_or_term(tmp_path: Path):
    """A workbook holds both, and opens at the one that was asked for."""
    names = []
    for options in (["--term"], []):
        path = tmp_path / "report.xlsx"
        assert main(["report", *options, "--out", str(path)]) == 0
        book = openpyxl.load_workbook(path)
        assert TERM_SHEET in book.sheetnames
        names.append(book.active.title)
    assert names[0] == TERM_SHEET != names[1]
