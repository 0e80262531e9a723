"""docs/plan-language.md: each example in it compiles as it says."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from toankhoa.core.compiling import Language, parse_cell, parse_target, print_target, read_prose

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "plan-language.md").read_text(
    encoding="utf-8"
)
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if re.match(r"\| (?!---)", line)
]
PROSE = [row for row in ROWS if len(row) == 2 and row[0] != "words"]
CELLS = [row for row in ROWS if len(row) == 3 and row[1] != "is"]


@pytest.fixture(scope="module")
def language(vocabulary) -> Language:
    return Language.of(vocabulary)


def said(readings: str) -> tuple[list[str], list[str]]:
    return re.findall(r"`([^`]+)`", readings), re.findall(r"\(([a-z-]+)\)$", readings)


@pytest.mark.parametrize(("words", "readings"), PROSE)
def test_the_page_s_words_compile(words, readings, language):
    reading = read_prose(words, language)
    assert (
        [print_target(target, language) for target in reading.targets],
        [found.code for found in reading.problems],
    ) == said(readings)


@pytest.mark.parametrize(("cell", "kind", "readings"), CELLS)
def test_the_page_s_cells_compile(cell, kind, readings, language):
    commitment, problems = parse_cell(cell, 2025, replace(language, term=tuple(range(2021, 2026))))
    assert commitment.kind.value == kind
    printed = [print_target(target, language) for target in commitment.targets]
    assert (printed, [found.code for found in problems]) == said(readings)


def test_the_page_has_examples():
    assert (len(PROSE), len(CELLS)) >= (40, 20)


def test_what_an_officer_types(language):
    (typed,) = re.findall(r"^    (.+)$", PAGE, re.MULTILINE)
    target, problems = parse_target(typed, language)
    assert (target and print_target(target, language), problems) == (typed, ())
