"""A row under review as it is shown.

Each field with its words, its reading, its source, its findings.

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
from toankhoa.web.shell.typed import year

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
    if name in LABELS:
        return LABELS[name]
    if year(name) is None:
        return f"Giai đoạn {name}"
    return f"Năm {name}"


@dataclass(frozen=True)
class FieldView:
    """One field.

    `rank`: the row's place in the table; with the field's name it is the id of its cell on the
    page.
    `headings`: titles by code, the ones that the row's words may be under.
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
        if isinstance(self.row, Plan):
            return ""
        return self.row.code

    @property
    def label(self) -> str:
        """What the field is."""
        if isinstance(self.row, Plan):
            return DOCUMENT_LABELS[self.name]
        return label(self.name)

    @property
    def words(self) -> str:
        """As they stand in the plan."""
        return words(self.row)[self.name]

    @property
    def printed(self) -> str:
        """The words as their cell shows them: a number that belongs to a title is printed there."""
        in_title = self.name == fields.NUMBER and isinstance(self.row, Objective)
        if in_title and " " in self.words:
            return ""
        return self.words

    @property
    def blank(self) -> bool:
        """Whether its cell shows nothing at all."""
        return not self.printed and not self.problems

    @property
    def spoken(self) -> str:
        """What it is and says, for those who do not see where its cell is."""
        return f"{self.label}: {self.words or 'để trống'}"

    @property
    def shown(self) -> str:
        """The words as a person reads them: of the heading above its title, not its code."""
        if self.name != fields.HEADING:
            return self.words
        return self.headings.get(self.words, self.words)

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
        if self.name != fields.TITLE or not isinstance(self.row, Objective):
            return False
        return " " in self.row.number

    @property
    def lines(self) -> int:
        """How high its box is before anything is typed."""
        if self.name == fields.TITLE:
            return 4
        if self.name in LONG:
            return 3
        return 1

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Of the heading above: what may be chosen, by code.

        A heading may be under none, and never under itself.
        """
        if self.name != fields.HEADING:
            return []
        none = [("", "không đề mục nào")] if isinstance(self.row, Objective) else []
        others = [(code, title) for code, title in self.headings.items() if code != self.code]
        return none + others

    @property
    def is_year(self) -> bool:
        """Whether it is a year cell."""
        return year(self.name) is not None

    @property
    def cell(self) -> Commitment | None:
        """Of a year cell: what it says."""
        number = year(self.name)
        if number is None or not isinstance(self.row, Activity):
            return None
        return self.row.commitments[number]

    @property
    def targets(self) -> tuple[Target, ...]:
        """The targets in its words."""
        if self.cell:
            return self.cell.targets
        if isinstance(self.row, Plan) or self.name != fields.TITLE:
            return ()
        return self.row.targets

    @property
    def source(self) -> Source:
        """Where its words stand in the document."""
        return source_at(self.row, self.name)

    @property
    def placed(self) -> bool:
        """Whether its words have a place of their own in the file, not just that of their row."""
        return self.is_year or self.name == fields.TITLE or isinstance(self.row, Plan)

    @property
    def reading(self) -> str:
        """How it was read, in a sentence; what is only words says nothing."""
        if isinstance(self.row, Plan):
            return self._reading_of_document(self.row)
        if self.cell:
            return say_commitment(self.cell, self.vocabulary)
        if self.name == fields.LEVELS and isinstance(self.row, Activity):
            return say_codes(self.row.levels, self.vocabulary.level_names, nobody=NO_LEVEL)
        if self.name == fields.BOARDS:
            return self._reading_of_boards(self.row)
        if self.name == fields.TITLE:
            return say_targets(self.row.targets, self.vocabulary)
        return ""

    def _reading_of_document(self, plan: Plan) -> str:
        if self.name != fields.DATE or plan.date is None:
            return ""
        return long_date(plan.date).capitalize()

    def _reading_of_boards(self, row: Objective | Activity) -> str:
        boards = say_codes(row.boards, self.vocabulary.board_names, nobody=NO_BOARD)
        inherited = row.boards and not row.boards_text
        if inherited:
            return f"Theo đề mục ở trên: {boards}"
        return boards


def anchor(rank: int, name: str) -> str:
    """The id of a field's cell on the page; the document's rank is that before the first row."""
    if rank == DOCUMENT_RANK:
        return f"vb-{name}"
    return f"o{rank}-{name}"


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
        if isinstance(self.row, Plan):
            return ""
        return self.row.code

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

    @property
    def kind_words(self) -> str:
        """What the row is."""
        if self.heading:
            return "đề mục"
        return "hàng"

    @property
    def measured_by(self) -> str:
        """Names of its indicators."""
        return "; ".join(indicator.name for indicator in self.indicators)

    @property
    def details_in_words(self) -> str:
        """The details that the row has."""
        return " · ".join(f"{field.label}: {field.words}" for field in self.written_details)

    def cells_of(self, name: str) -> list[FieldView]:
        """Cells of the table that show a field.

        A heading's number and title are one to the reader.
        """
        in_one = (fields.NUMBER, fields.TITLE) if self.heading else ()
        names = in_one if name in in_one else (name,)
        return [self.fields[name] for name in names if self.fields[name].in_table]

    @property
    def usual(self) -> list[FieldView]:
        """The fields that the table shows, and details that the row has."""
        return [field for field in self.fields.values() if not field.detail or field.words]

    @property
    def details(self) -> list[FieldView]:
        """What the row may say beside them: its unit, who helps, its product, its deadline."""
        return [field for field in self.fields.values() if field.name in self.blank_details]

    @property
    def blank_details(self) -> set[str]:
        """Names of the details that it has not."""
        return {name for name, field in self.fields.items() if field.detail and not field.words}

    @property
    def written_details(self) -> list[FieldView]:
        """The details that the row has."""
        return [field for field in self.fields.values() if field.detail and field.words]


DOCUMENT_RANK = -1


def views(review: Review) -> Iterator[ReviewRow]:
    """Every row, in the order of the table."""
    for code in review.rows:
        yield view(review, code)


def view(review: Review, code: str) -> ReviewRow:
    """One row, or the document where the code is blank; KeyError where there is none."""
    in_document = code == fields.DOCUMENT.row
    row = fields.subject(review.plan, code) if in_document else review.rows[code]
    rank = review.ranks.get(code, DOCUMENT_RANK)
    findings = [item for item in review.by_row.get(code, ()) if item.dismissed is None]
    vocabulary, headings = review.library.vocabulary, review.headings
    shown = {
        name: FieldView(row, name, rank, vocabulary, headings, _at(findings, code, name))
        for name in words(row)
    }
    bindings = review.bindings.get(code, ()) if code else ()
    indicators = tuple(review.library.indicators[binding.indicator] for binding in bindings)
    return ReviewRow(row, rank, shown, indicators, len(findings))


def _at(findings: list[Finding], code: str, name: str) -> tuple[Problem, ...]:
    place = Place(code, name)
    return tuple(finding.problem for finding in findings if finding.place == place)
