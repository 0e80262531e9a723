"""What a person does to a compiled plan, and how one version becomes the next.

fields          what may be edited, place by place
editing         one field gets other words and is read again
restructuring   rows and headings that come and go
matching        which indicator measures which row, and its target in each year
amendment       from one version to the next: which row became which
term            a term whose plan was amended on the way
"""

from toankhoa.core.review.amendment import (
    AmendmentKind,
    AmendmentStep,
    carry_codes,
    difference,
    match_rows,
)
from toankhoa.core.review.editing import edit, language_of
from toankhoa.core.review.fields import (
    BOARDS,
    DATE,
    DOCUMENT,
    HEADING,
    LEVELS,
    NUMBER,
    TITLE,
    WHOLE,
    Place,
    Subject,
    places_of,
    source_at,
    subject,
    words,
)
from toankhoa.core.review.matching import (
    DONE,
    NO_ROW,
    Binding,
    Candidate,
    YearTarget,
    bind,
    candidates,
)
from toankhoa.core.review.restructuring import Grown, add_heading, add_row, remove_row
from toankhoa.core.review.term import Term, Version, row_history, whole_term

__all__ = [
    "BOARDS",
    "DATE",
    "DOCUMENT",
    "DONE",
    "HEADING",
    "LEVELS",
    "NO_ROW",
    "NUMBER",
    "TITLE",
    "WHOLE",
    "AmendmentKind",
    "AmendmentStep",
    "Binding",
    "Candidate",
    "Grown",
    "Place",
    "Subject",
    "Term",
    "Version",
    "YearTarget",
    "add_heading",
    "add_row",
    "bind",
    "candidates",
    "carry_codes",
    "difference",
    "edit",
    "language_of",
    "match_rows",
    "places_of",
    "remove_row",
    "row_history",
    "source_at",
    "subject",
    "whole_term",
    "words",
]
