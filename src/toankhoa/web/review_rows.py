"""A row under review as it is shown: each field with its words, its reading, its source and what was found in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from toankhoa.core import editing
from toankhoa.core.editing import Place, Row
from toankhoa.core.measures import Indicator, Vocabulary
from toankhoa.core.plan import Activity, Target
from toankhoa.core.problems import Problem, Source
from toankhoa.core.reading_words import say_codes, say_commitment, say_targets
from toankhoa.operations.review import Finding, Review

LABELS = {
    editing.NUMBER: "Số thứ tự",
    editing.TITLE: "Lời của hàng",
    editing.LEVELS: "Cấp thực hiện",
    editing.BOARDS: "Ban thực hiện",
}
NO_LEVEL, NO_BOARD = "Chưa rõ cấp nào thực hiện.", "Chưa rõ ban nào chủ trì."


@dataclass(frozen=True)
class FieldView:
    """One field. `rank` is the row's place in the table: with the field's name it is the id of its cell on the page."""

    row: Row
    name: str
    rank: int
    vocabulary: Vocabulary
    problems: tuple[Problem, ...] = ()

    @property
    def id(self) -> str:
        """Of the cell in the table."""
        return f"o{self.rank}-{self.name}"

    @property
    def label(self) -> str:
        """What the field is."""
        return LABELS.get(self.name) or f"Năm {self.name}"

    @property
    def words(self) -> str:
        """As they stand in the plan."""
        return editing.words_at(self.row, self.name)

    @property
    def is_year(self) -> bool:
        """Whether it is a year cell."""
        return self.name.isdigit()

    @property
    def kind(self) -> str:
        """Of a year cell: what it says."""
        return self.row.commitments[int(self.name)].kind if self.is_year and isinstance(self.row, Activity) else ""

    @property
    def targets(self) -> tuple[Target, ...]:
        """The targets in its words."""
        if self.is_year and isinstance(self.row, Activity):
            return self.row.commitments[int(self.name)].targets
        return self.row.targets if self.name == editing.TITLE else ()

    @property
    def source(self) -> Source:
        """Where its words stand in the document."""
        if self.is_year and isinstance(self.row, Activity):
            return self.row.commitments[int(self.name)].source
        return self.row.source

    @property
    def says(self) -> str:
        """Its reading in a sentence; a number of a row says nothing."""
        if self.is_year and isinstance(self.row, Activity):
            return say_commitment(self.row.commitments[int(self.name)])
        if self.name == editing.LEVELS and isinstance(self.row, Activity):
            return say_codes(self.row.levels, self.vocabulary.level_names, nobody=NO_LEVEL)
        if self.name == editing.BOARDS:
            inherited = "Theo đề mục ở trên: " if self.row.boards and not self.row.boards_text else ""
            return inherited + say_codes(self.row.boards, self.vocabulary.board_names, nobody=NO_BOARD)
        return say_targets(self.row.targets) if self.name == editing.TITLE else ""


@dataclass(frozen=True)
class RowView:
    """One row with its fields by name."""

    row: Row
    rank: int
    fields: dict[str, FieldView]
    indicators: tuple[Indicator, ...]
    open: int  # findings nobody set aside

    @property
    def years(self) -> list[FieldView]:
        """The year cells."""
        return [field for field in self.fields.values() if field.is_year]

    @property
    def heading(self) -> bool:
        """Whether it is a heading of the table."""
        return not isinstance(self.row, Activity)

    @property
    def number_in_words(self) -> bool:
        """Whether the number is part of the words ("Chỉ tiêu 5") and not of the first column."""
        return " " in self.row.number


def views(review: Review) -> Iterator[RowView]:
    """Every row, in the order of the table."""
    for code in review.rows:
        yield view(review, code)


def view(review: Review, code: str) -> RowView:
    """One row; KeyError where there is none."""
    row = review.rows[code]
    rank = review.ranks[code]
    found = [finding for finding in review.by_row.get(code, ()) if finding.dismissed is None]
    fields = {
        name: FieldView(row, name, rank, review.library.vocabulary, _at(found, code, name))
        for name in editing.fields_of(row)
    }
    measured = review.bindings.get(code, ())
    indicators = tuple(review.library.indicators[binding.indicator] for binding in measured)
    return RowView(row, rank, fields, indicators, len(found))


def _at(found: list[Finding], code: str, name: str) -> tuple[Problem, ...]:
    return tuple(finding.problem for finding in found if finding.place == Place(code, name))
