"""A document becomes a plan: ordered passes that give what they understood, and problems.

tables ▸ bars ▸ document_parts    paragraphs and tables; which of them are the plan
headers ▸ columns                 which column is what
frame                             the words around the table: letterhead, bases, signature
outline, listing                  rows of a table; numbered lines where there is no table
inheritance                       what a row has from the headings above it
spreading                         a cell for each year, where the document writes otherwise
carriers                          who carries a row out and who leads it
language/                         targets in a cell and in prose, quantities, time; into words
compiler                          the passes in their order
checks/                           what an auditor would say of the plan
"""

from toankhoa.core.compiling.carriers import (
    board_names,
    leading_and_supporting,
    read_boards,
    read_levels,
    read_supporting,
)
from toankhoa.core.compiling.columns import Grid, read_columns
from toankhoa.core.compiling.compiler import compile_document
from toankhoa.core.compiling.frame import missing_parts
from toankhoa.core.compiling.headers import DETAILS, MEANINGS, meaning_of, name_of, period_of
from toankhoa.core.compiling.inheritance import boards_of, of_whole_term, timed
from toankhoa.core.compiling.language.paraphrase import (
    say_codes,
    say_commitment,
    say_target,
    say_targets,
)
from toankhoa.core.compiling.language.prose import read_prose
from toankhoa.core.compiling.language.quantity import Language
from toankhoa.core.compiling.language.targets import is_mark, parse_cell, parse_target, print_target
from toankhoa.core.compiling.outline import free_code, heading_code
from toankhoa.core.compiling.spreading import with_unit, with_units
from toankhoa.core.compiling.tables import Document, Paragraph, Table, TableCell, TableRow

__all__ = [
    "DETAILS",
    "MEANINGS",
    "Document",
    "Grid",
    "Language",
    "Paragraph",
    "Table",
    "TableCell",
    "TableRow",
    "board_names",
    "boards_of",
    "compile_document",
    "free_code",
    "heading_code",
    "is_mark",
    "leading_and_supporting",
    "meaning_of",
    "missing_parts",
    "name_of",
    "of_whole_term",
    "parse_cell",
    "parse_target",
    "period_of",
    "print_target",
    "read_boards",
    "read_columns",
    "read_levels",
    "read_prose",
    "read_supporting",
    "say_codes",
    "say_commitment",
    "say_target",
    "say_targets",
    "timed",
    "with_unit",
    "with_units",
]
