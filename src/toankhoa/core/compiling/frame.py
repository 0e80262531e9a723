"""The words around the plan's table.

Before it letterhead, title and legal bases; after it closing, recipients and signature.

Each pass takes the lines it understands; what is left over at the end the compiler reports.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from toankhoa.core.basics import Problem, Severity, Source, read_date, tidy, words_of
from toankhoa.core.compiling.tables import Paragraph, Table, TableCell
from toankhoa.core.plan import Signature

# "Số: 70/KH-BCH"; a party office writes no colon: "Số 12-KH/TU".
_NUMBER = re.compile(r"Số\s*(?::\s*|(?=\d+\s*[-/]))(.+)", re.IGNORECASE)
_PLACE_AND_DATE = re.compile(
    r"([^,;:]{2,40}), ngày \d{1,2} tháng \d{1,2} năm \d{4}\.?", re.IGNORECASE
)
_MOTTO = ("cong hoa xa hoi chu nghia", "doc lap tu do", "dang cong san viet nam")
_BASIS = ("can cu", "thuc hien", "theo", "xet", "tren co so")
_BASIS_ENDS = (";", ",", ":", ".")
_TERM = re.compile(
    r"(?:nhiệm k[ỳì]|giai đoạn|khóa|khoá|mục tiêu|thời kỳ|5 năm|năm năm)\D{0,14}?"
    r"((?:19|20)\d\d) ?[-–] ?((?:19|20)\d\d)",
    re.IGNORECASE,
)
# What every plan has around its table, as `Plan.sources` names it.
_EXPECTED = {
    "organisation": "tên cơ quan ban hành",
    "number": "số văn bản (dòng “Số: …”)",
    "date": "ngày ban hành (“…, ngày … tháng … năm …”)",
    "title": "tên kế hoạch",
    "recipients": "nơi nhận",
    "signature": "khối chữ ký",
}
_LONGEST_TITLE = 6  # lines
_FEWEST_COLUMNS = 3  # of a table that holds more than words side by side
_RECIPIENTS = "noi nhan"
_BULLETS = ("-", "–", "+", "•")
_DASHES = "-–+• "
_AUTHORITY = re.compile(r"(?:TM|KT|TL|TUQ|Q|T/M|K/T|T/L)\b[./ ]")
_MARK = re.compile(r"\(.*\)|đã ký", re.IGNORECASE)


def term_of(text: str) -> tuple[int, ...]:
    """The years of the first term or period that a text names ("giai đoạn 2026-2030"), or none."""
    match = _TERM.search(tidy(text))
    if match is None:
        return ()
    first, last = map(int, match.groups())
    return tuple(range(first, last + 1))


def missing_parts(present: Collection[str], file: str) -> Iterator[Problem]:
    """A problem for each part that a plan should have around its table and has not.

    `present`: names of the parts that are there, as `Plan.sources` has them.
    """
    for name, words in _EXPECTED.items():
        if name not in present:
            message = (
                f"Không tìm thấy {words}. "
                "Hãy kiểm tra phần đầu và phần cuối văn bản, hoặc nhập bổ sung."
            )
            yield Problem(f"no-{name}", Severity.WARNING, message, Source(file), file)


@dataclass(frozen=True, slots=True)
class FrameLine:
    """A tidied line of text outside the plan's table."""

    text: str
    source: Source

    def starts(self, *words: str) -> bool:
        """Whether its folded words begin with one of these."""
        return words_of(self.text).startswith(words)


LineTest = Callable[[FrameLine], object]


def place_of_first(lines: Sequence[FrameLine], wanted: LineTest) -> int:
    """The place of the first line that is wanted; the number of lines where none is."""
    for place, line in enumerate(lines):
        if wanted(line):
            return place
    return len(lines)


def joined_text(lines: Iterable[FrameLine]) -> str:
    """The lines as one text, each on a line of its own."""
    return "\n".join(texts_of(lines))


def texts_of(lines: Iterable[FrameLine]) -> tuple[str, ...]:
    """The text of each line."""
    return tuple(line.text for line in lines)


class Unread:
    """Lines that no pass has understood yet."""

    def __init__(self, lines: Iterable[FrameLine]) -> None:
        self.lines = list(lines)

    def take(self, wanted: LineTest) -> list[FrameLine]:
        """Removes and returns the lines that are wanted, in order."""
        taken: list[FrameLine] = []
        left: list[FrameLine] = []
        for line in self.lines:
            (taken if wanted(line) else left).append(line)
        self.lines = left
        return taken

    def take_until(self, ends: LineTest) -> list[FrameLine]:
        """Removes and returns the lines before the first one at which they end."""
        count = place_of_first(self.lines, ends)
        taken, self.lines = self.lines[:count], self.lines[count:]
        return taken


@dataclass(slots=True)
class Head:
    """What stands before the table."""

    organisation: str = ""
    body: str = ""
    number: str = ""
    date: date | None = None
    place: str = ""
    motto: str = ""
    title: str = ""
    bases: tuple[str, ...] = ()
    sources: dict[str, Source] = field(default_factory=dict)


@dataclass(slots=True)
class Foot:
    """What stands after the table."""

    closing: str = ""
    recipients: tuple[str, ...] = ()
    signature: Signature = field(default_factory=Signature)
    sources: dict[str, Source] = field(default_factory=dict)


def lines_of(blocks: Iterable[Paragraph | Table]) -> list[FrameLine]:
    """Lines of paragraphs and of cells, in reading order; rules of dashes or stars are no text."""
    lines: list[FrameLine] = []
    for block in blocks:
        texts = block.cells() if isinstance(block, Table) else [block]
        for text in texts:
            lines += _lines_of_text(text)
    return lines


def _lines_of_text(text: Paragraph | TableCell) -> Iterator[FrameLine]:
    for line in text.text.splitlines():
        if any(map(str.isalnum, line)):
            yield FrameLine(tidy(line), text.source)


def is_frame(table: Table) -> bool:
    """Whether a table only sets words side by side: a letterhead, recipients beside a signature."""
    return table.width < _FEWEST_COLUMNS or any(map(_is_of_frame, lines_of([table])))


def _is_of_frame(line: FrameLine) -> bool:
    return line.starts(*_MOTTO) or _is_number(line) or begins_foot(line)


def _is_number(line: FrameLine) -> bool:
    return bool(_NUMBER.fullmatch(line.text))


def begins_foot(line: FrameLine) -> bool:
    """Whether recipients or a signature begin here."""
    return line.starts(_RECIPIENTS) or bool(_AUTHORITY.match(line.text))


def read_head(unread: Unread, body: LineTest | None = None) -> Head:
    """Letterhead, title and bases; takes from `unread` what it understands.

    The title ends where the `body` begins.
    """
    head = Head()
    _read_issuer(head, unread)
    _read_place_and_date(head, unread)
    _read_title_and_bases(head, unread, body)
    return head


def _read_issuer(head: Head, unread: Unread) -> None:
    """The number, and above it the organisation and its body; the motto stands beside them."""
    motto = unread.take(lambda line: line.starts(*_MOTTO))
    head.motto = _note(head.sources, "motto", motto)
    if not any(map(_is_number, unread.lines)):
        return
    issuer = unread.take_until(_is_number)
    number = unread.lines.pop(0)
    head.number = "".join(_NUMBER.sub(r"\1", number.text).split())
    head.sources["number"] = number.source
    head.organisation = _note(head.sources, "organisation", issuer[:1])
    head.body = _note(head.sources, "body", issuer[1:])


def _read_place_and_date(head: Head, unread: Unread) -> None:
    for line in unread.take(lambda line: _PLACE_AND_DATE.fullmatch(line.text))[:1]:
        head.place = line.text.partition(",")[0]
        head.date = read_date(line.text)
        head.sources |= {"place": line.source, "date": line.source}


def _read_title_and_bases(head: Head, unread: Unread, body: LineTest | None) -> None:
    """The title runs on until the first legal basis.

    A basis is a sentence that begins as bases do and has an end: "Căn cứ Nghị quyết …;".
    """
    title = unread.take_until(lambda line: _is_basis(line) or (body and body(line)))
    if len(title) > _LONGEST_TITLE:  # running text: only the capitals it begins with are a title
        count = place_of_first(title, lambda line: not line.text.isupper())
        title, unread.lines = title[:count], title[count:] + unread.lines
    head.title = _note(head.sources, "title", title)
    bases = unread.take(_is_basis)
    head.bases = texts_of(bases)
    _note(head.sources, "bases", bases)


def _is_basis(line: FrameLine) -> bool:
    return line.starts(*_BASIS) and line.text.endswith(_BASIS_ENDS)


def _note(sources: dict[str, Source], name: str, lines: list[FrameLine]) -> str:
    """The text of the lines; remembers where the first one stands."""
    if lines:
        sources[name] = lines[0].source
    return joined_text(lines)


def read_foot(unread: Unread) -> Foot:
    """Closing clause, recipients and signature; takes from `unread` what it understands."""
    foot = Foot()
    foot.closing = _note(foot.sources, "closing", unread.take_until(_ends_closing))
    _read_recipients(foot, unread)
    _read_signature(foot, unread)
    return foot


def _ends_closing(line: FrameLine) -> bool:
    return line.source.table is not None or begins_foot(line)


def _read_recipients(foot: Foot, unread: Unread) -> None:
    """Lines under "Nơi nhận": dashed ones, and any in the same cell of a table."""
    before = unread.take_until(lambda line: line.starts(_RECIPIENTS))
    if unread.lines:
        label = unread.lines.pop(0)
        listed = unread.take_until(lambda line: not _is_recipient(line, label))
        texts = [label.text.partition(":")[2], *texts_of(listed)]
        names = [text.strip(_DASHES).rstrip(" ;.,") for text in texts]
        foot.recipients = tuple(filter(None, names))
        foot.sources["recipients"] = label.source
    unread.lines = before + unread.lines


def _is_recipient(line: FrameLine, label: FrameLine) -> bool:
    in_same_cell = label.source.table is not None and line.source == label.source
    return in_same_cell or line.text.startswith(_BULLETS)


def _read_signature(foot: Foot, unread: Unread) -> None:
    """Authority ("TM. …"), title, mark ("(đã ký)") and name, the last line."""
    if not unread.lines:
        return
    place = unread.lines[0].source
    authority = unread.take(lambda line: _AUTHORITY.match(line.text))
    mark = unread.take(lambda line: _MARK.fullmatch(line.text))
    name = [unread.lines.pop()] if unread.lines else []
    title = unread.take(lambda line: line.text.isupper())
    foot.signature = Signature(
        authority=joined_text(authority),
        title=joined_text(title),
        mark=joined_text(mark),
        name=joined_text(name),
    )
    foot.sources["signature"] = place
