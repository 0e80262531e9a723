"""What the documentation says is so: its examples run, its links lead somewhere."""

import doctest
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])


def test_the_examples_of_the_arithmetic_come_out_as_written():
    outcome = doctest.testfile(
        str(ROOT / "docs" / "arithmetic.md"), module_relative=False, encoding="utf-8"
    )
    assert outcome.attempted > 20
    assert outcome.failed == 0


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page):
    links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_code_that_is_named_exists(page):
    """`core.totals.year.year_of` in the text is a name in that module."""
    named = re.findall(r"`core((?:\.[a-z_]+)*)\.(\w+)(?:\.\w+)?`", page.read_text(encoding="utf-8"))
    for modules, thing in named:
        place = (ROOT / "src" / "toankhoa" / "core").joinpath(*modules.split(".")[1:])
        if (place / thing).is_dir() or (place / f"{thing}.py").is_file():
            continue  # a package or a module
        file = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
        source = file.read_text(encoding="utf-8")
        defined = re.search(rf"^(?:def |class )?{thing}\b", source, re.MULTILINE)
        shown = place.is_dir() and f'    "{thing}",\n' in source  # by the face of a package
        assert defined or shown, f"{modules}.{thing}"


def test_every_page_is_reached_from_the_index():
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    pages = [page.relative_to(ROOT / "docs").as_posix() for page in (ROOT / "docs").rglob("*.md")]
    assert [
        page
        for page in pages
        if page != "index.md" and "/" not in page and f"]({page})" not in index
    ] == []
