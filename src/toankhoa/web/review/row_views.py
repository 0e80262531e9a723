"""A row under review as it is shown: each field with its words, its reading, its source and what was found in it.

The document around the table is shown as a row is: its fields are those of the place without a row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from toankhoa.core.basics import Problem, Source, long_date
from toankhoa.core.compiling import DETAILS, MEANINGS, say_codes, say_commitment, say_targets
from toankhoa.core.measures import Indicator, Vocabulary
from toankhoa.core.plan import Activity, Commitment, Objective, Plan, Target
from toankhoa.core.review import Place, Subject, fields, source_at, words
from toankhoa.operations.review import Finding, Review

LABELS = {
    fields.NUMBER: "Số thứ tự",
    fields.TITLE: "Nội dung",
    fields.LEVELS: "Cấp thực hiện",
    fields.BOARDS: "Ban thực hiện",
    fields.HEADING: "Đề mục ở trên",
    **{name: MEANINGS[name].capitalize() for name in (*DETAILS, "target")},
}
DOCUMENT_LABELS = {
    "organisation": "Tổ chức",
    "body": "Cơ quan ban hành",
    fields.NUMBER: "Số, ký hiệu",
    "place": "Nơi ký",
    fields.DATE: "Ngày ký",
    "motto": "Quốc hiệu, tiêu ngữ",
    fields.TITLE: "Tên kế hoạch",
    fields.GOAL: "Mục tiêu",
    "bases": "Căn cứ (mỗi dòng một căn cứ)",
    "closing": "Lời kết",
    "recipients": "Nơi nhận (mỗi dòng một nơi)",
    "authority": "Thẩm quyền ký",
    "position": "Chức vụ người ký",
    "mark": "Dấu hiệu đã ký",
    fields.SIGNER: "Họ tên người ký",
}
NO_LEVEL, NO_BOARD = "Chưa rõ cấp nào thực hiện.", "Chưa rõ ban nào chủ trì."
LONG = {"motto", fields.GOAL, "bases", "closing", "recipients"}  # not one line


def label(name: str) -> str:
    """What a field of a row is."""
    return LABELS.get(name) or f"{'Năm' if name.isdigit() else 'Giai đoạn'} {name}"


@dataclass(frozen=True)
class FieldView:
    """One field. `rank` is the row's place in the table: with the field's name it is the id of its cell on the page.

    `headings`: titles by code, the ones that the row's words may stand under.
    """

    row: Subject
    name: str
    rank: int
    vocabulary: Vocabulary
    headings: Mapping[str, str]
    problems: tuple[Problem, ...] = ()

    @property
    def id(self) -> str:
        """Of the cell in the table."""
        return anchor(self.rank, self.name)

    @property
    def code(self) -> str:
        """Of its row; blank for the document."""
        return "" if isinstance(self.row, Plan) else self.row.code

    @property
    def label(self) -> str:
        """What the field is."""
        return DOCUMENT_LABELS[self.name] if isinstance(self.row, Plan) else label(self.name)

    @property
    def words(self) -> str:
        """As they stand in the plan."""
        return words(self.row)[self.name]

    @property
    def printed(self) -> str:
        """The words as their cell in the table shows them: a number that belongs to a title stands before it."""
        in_title = (
            self.name == fields.NUMBER and isinstance(self.row, Objective) and " " in self.words
        )
        return "" if in_title else self.words

    @property
    def shown(self) -> str:
        """The words as a person reads them: of the heading above its title, not its code."""
        return (
            self.headings.get(self.words, self.words) if self.name == fields.HEADING else self.words
        )

    @property
    def in_table(self) -> bool:
        """Whether the page shows it in a cell of its own."""
        return self.name != fields.HEADING and not self.detail

    @property
    def detail(self) -> bool:
        """Whether it is one of what other columns say."""
        return fields.is_detail(self.row, self.name)

    @property
    def number_in_words(self) -> bool:
        """Whether it is a title that the row's number belongs to ("Chỉ tiêu 5: …")."""
        return (
            self.name == fields.TITLE and isinstance(self.row, Objective) and " " in self.row.number
        )

    @property
    def lines(self) -> int:
        """How high its box is before anything is typed."""
        return 4 if self.name == fields.TITLE else 3 if self.name in LONG else 1

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Of the heading above: what may be chosen, by code. A heading may stand under none, and not under itself."""
        if self.name != fields.HEADING:
            return []
        none = [("", "không đề mục nào")] if isinstance(self.row, Objective) else []
        return none + [(code, said) for code, said in self.headings.items() if code != self.code]

    @property
    def is_year(self) -> bool:
        """Whether it is a year cell."""
        return self.name.isdigit()

    @property
    def cell(self) -> Commitment | None:
        """Of a year cell: what it says."""
        return (
            self.row.commitments[int(self.name)]
            if self.is_year and isinstance(self.row, Activity)
            else None
        )

    @property
    def targets(self) -> tuple[Target, ...]:
        """The targets in its words."""
        if self.cell:
            return self.cell.targets
        return () if isinstance(self.row, Plan) or self.name != fields.TITLE else self.row.targets

    @property
    def source(self) -> Source:
        """Where its words stand in the document."""
        return source_at(self.row, self.name)

    @property
    def placed(self) -> bool:
        """Whether its words have a place of their own in the file, and not just that of their row."""
        return self.is_year or self.name == fields.TITLE or isinstance(self.row, Plan)

    @property
    def says(self) -> str:
        """Its reading in a sentence; what is only words says nothing."""
        if isinstance(self.row, Plan):
            return (
                long_date(self.row.date).capitalize()
                if self.name == fields.DATE and self.row.date
                else ""
            )
        if self.cell:
            return say_commitment(self.cell, self.vocabulary)
        if self.name == fields.LEVELS and isinstance(self.row, Activity):
            return say_codes(self.row.levels, self.vocabulary.level_names, nobody=NO_LEVEL)
        if self.name == fields.BOARDS:
            inherited = (
                "Theo đề mục ở trên: " if self.row.boards and not self.row.boards_text else ""
            )
            return inherited + say_codes(
                self.row.boards, self.vocabulary.board_names, nobody=NO_BOARD
            )
        return say_targets(self.row.targets, self.vocabulary) if self.name == fields.TITLE else ""


def anchor(rank: int, name: str) -> str:
    """The id of a field's cell on the page; the document's rank is that before the first row."""
    return f"vb-{name}" if rank == DOCUMENT_RANK else f"o{rank}-{name}"


@dataclass(frozen=True)
class ReviewRow:
    """One row, or the document, with its fields by name."""

    row: Subject
    rank: int
    fields: dict[str, FieldView]
    indicators: tuple[Indicator, ...]
    open: int  # findings nobody set aside

    @property
    def code(self) -> str:
        """Of the row; blank for the document."""
        return "" if isinstance(self.row, Plan) else self.row.code

    @property
    def years(self) -> list[FieldView]:
        """The year cells."""
        return [field for field in self.fields.values() if field.is_year]

    @property
    def document(self) -> bool:
        """Whether it is the document around the table."""
        return isinstance(self.row, Plan)

    @property
    def heading(self) -> bool:
        """Whether it is a heading of the table."""
        return isinstance(self.row, Objective)

    def cells_of(self, name: str) -> list[FieldView]:
        """Cells of the table that show a field: a heading's number and title are one to the reader."""
        together = (fields.NUMBER, fields.TITLE) if self.heading else ()
        names = together if name in together else (name,)
        return [self.fields[each] for each in names if self.fields[each].in_table]

    @property
    def usual(self) -> list[FieldView]:
        """The fields that the table shows, and details that the row has."""
        return [field for field in self.fields.values() if not field.detail or field.words]

    @property
    def details(self) -> list[FieldView]:
        """What the row may say beside them: its unit, who helps, its product, its deadline."""
        return [field for field in self.fields.values() if field.name in self.unsaid]

    @property
    def unsaid(self) -> set[str]:
        """Names of the details that it has not."""
        return {name for name, field in self.fields.items() if field.detail and not field.words}

    @property
    def said(self) -> list[FieldView]:
        """The details that the row has."""
        return [field for field in self.fields.values() if field.detail and field.words]


DOCUMENT_RANK = -1


def views(review: Review) -> Iterator[ReviewRow]:
    """Every row, in the order of the table."""
    for code in review.rows:
        yield view(review, code)


def view(review: Review, code: str) -> ReviewRow:
    """One row, or the document where the code is blank; KeyError where there is none."""
    row = fields.subject(review.plan, code) if code == fields.DOCUMENT.row else review.rows[code]
    rank = review.ranks.get(code, DOCUMENT_RANK)
    found = [finding for finding in review.by_row.get(code, ()) if finding.dismissed is None]
    measured = review.bindings.get(code, ()) if code else ()
    shown = {
        name: FieldView(
            row, name, rank, review.library.vocabulary, review.headings, _at(found, code, name)
        )
        for name in words(row)
    }
    indicators = tuple(review.library.indicators[binding.indicator] for binding in measured)
    return ReviewRow(row, rank, shown, indicators, len(found))


def _at(found: list[Finding], code: str, name: str) -> tuple[Problem, ...]:
    return tuple(finding.problem for finding in found if finding.place == Place(code, name))
