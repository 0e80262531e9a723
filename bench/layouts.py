"""Fifty ways to lay a plan out: which columns under which words, merged how, broken where, with
what around them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

from organisations import ORGANISATIONS
from plans import Shape, made

from toankhoa.core.basics import long_date
from toankhoa.core.compiling import Document, Paragraph, Table, TableCell, TableRow
from toankhoa.core.plan import Activity, Objective, Plan

COUNT = 50
KINDS = ("docx", "xlsx", "html", "docx", "md", "docx", "txt")
WORDS = {
    "number": ("STT", "TT", "Số TT"),
    "title": (
        "Nội dung",
        "Hoạt động",
        "Nhiệm vụ",
        "Chỉ tiêu",
        "Nội dung công việc",
        "Nhiệm vụ, giải pháp",
        "NỘI DUNG",
    ),
    "target": ("Chỉ tiêu nhiệm kỳ", "Mức phấn đấu", "Mục tiêu đến cuối nhiệm kỳ"),
    "unit": ("Đơn vị tính", "ĐVT", "Đơn vị\ntính"),
    "years": (
        "Mức phấn đấu từng năm",
        "Chỉ tiêu từng năm",
        "Lộ trình thực hiện",
        "Năm",
        "Kế hoạch các năm",
    ),
    "levels": ("Cấp thực hiện", "Cấp triển khai", "Cấp"),
    "boards": (
        "Ban phụ trách",
        "Chủ trì",
        "Đơn vị chủ trì",
        "Cơ quan chủ trì",
        "Phân công thực hiện",
    ),
    "support": ("Phối hợp", "Đơn vị phối hợp"),
    "product": ("Sản phẩm", "Kết quả đầu ra"),
    "baseline": ("Kết quả nhiệm kỳ trước", "Thực hiện năm {before}", "Hiện trạng"),
    "deadline": ("Thời gian hoàn thành", "Tiến độ", "Thời gian thực hiện"),
    "remark": ("Ghi chú",),
    "budget": ("Kinh phí",),
}
ORDERS = (
    ("number", "title", "years", "levels", "boards"),
    ("number", "title", "unit", "years", "levels", "boards"),
    ("number", "title", "levels", "boards", "years"),
    ("number", "title", "unit", "baseline", "years", "boards", "support"),
    ("title", "years", "boards"),
    ("number", "title", "boards", "support", "years", "remark"),
    ("number", "title", "product", "years", "levels", "boards", "remark"),
    ("number", "title", "unit", "years"),
    ("boards", "number", "title", "years", "levels"),
)
DATED = (
    ("number", "title", "boards", "support", "product", "deadline"),
    ("number", "title", "deadline", "levels", "boards"),
)
TERMS = tuple(
    tuple(range(first, last + 1))
    for first, last in ((2021, 2025), (2026, 2030), (2022, 2027), (2023, 2024))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a plan of a shape is drawn. `pieces`: rows of the table before it breaks (0: never)."""

    number: int
    kind: str
    shape: Shape
    words: dict[str, str]
    year: str  # over one year: "{}", "Năm {}"
    two_rows: bool  # years under a header of their own
    counted: bool  # a row under the headers that numbers the columns
    merged: str  # a heading's title: "wide" over the years, "no", or "whole" over the table with its number inside
    pieces: int
    again: bool  # headers repeated on each piece
    frame: str  # "office": letterhead and signature; "lines": the same as lines; "annex": a title alone
    banner: bool  # the plan's name in a merged first row of the table

    @property
    def name(self) -> str:
        """What sets it apart, in a few words."""
        columns = (
            "dated" if self.shape.timed == "deadline" else f"{len(self.shape.columns)} columns"
        )
        header = "2 header rows" if self.two_rows else "1 header row"
        broken = f", broken{' with headers' if self.again else ''}" if self.pieces else ""
        return (
            f"{self.shape.outline}, {columns}, {header}, titles {self.merged}{broken}, {self.frame}"
        )


def layout(number: int) -> Layout:
    """The layout of that number, 0 to COUNT - 1: always the same."""
    random = Random(f"layout {number}")
    dated = number % 12 == 11
    kind = KINDS[number % len(KINDS)]
    columns = random.choice(DATED) if dated else ORDERS[number % len(ORDERS)]
    years = random.choice(TERMS)
    words = {name: random.choice(said).format(before=years[0] - 1) for name, said in WORDS.items()}
    outline = random.choice(("own", "roman", "dotted", "letters"))
    spans = kind not in ("md", "txt")  # what has no merged cells keeps to simpler tables
    return Layout(
        number=number,
        kind=kind,
        words=words,
        shape=Shape(
            about=ORGANISATIONS[number % len(ORGANISATIONS)],
            outline=outline,
            years=years,
            columns=columns,
            timed="deadline" if dated else "years",
            numbering=random.choice(("1", "1.", "a", "-", "")) if "number" in columns else "",
        ),
        year=random.choice(("{}", "Năm {}", "năm {}", "KH {}")),
        two_rows=not dated and random.random() < 0.5,
        counted=random.random() < 0.2,
        merged=random.choice(("wide", "no", "whole")) if spans else "no",
        pieces=random.choice((0, 0, 7)) if kind == "docx" else 0,
        again=random.random() < 0.7,
        frame=random.choice(("office", "lines", "annex")),
        banner=spans and random.random() < 0.2,
    )


def drawn(number: int) -> tuple[Layout, Plan, Document]:
    """The layout of that number, the plan that is the truth, and the document that shows it."""
    chosen = layout(number)
    plan = made(Random(f"plan {number}"), chosen.shape)
    if "number" not in chosen.shape.columns:  # the numbers of headings then stand in their titles
        chosen = replace(chosen, merged="whole" if chosen.merged == "whole" else "inside")
    return (
        chosen,
        plan,
        Document(
            "", (*_before(plan, chosen.frame), *_tables(plan, chosen), *_after(plan, chosen.frame))
        ),
    )


# The table


def _tables(plan: Plan, chosen: Layout) -> Iterator[Table | Paragraph]:
    head = list(_headers(chosen))
    body = [_row(row, chosen) for row in plan.rows()]
    size = chosen.pieces or len(body)
    for start in range(0, len(body), size):
        top = head if start == 0 or chosen.again else []
        banner = (
            [[TableCell(plan.title.replace("\n", " "), 0, _width(chosen))]]
            if chosen.banner and start == 0
            else []
        )
        yield Table(
            tuple(TableRow(tuple(cells)) for cells in [*banner, *top, *body[start : start + size]]),
            _width(chosen),
        )


def _width(chosen: Layout) -> int:
    return sum(_span(meaning, chosen) for meaning in chosen.shape.columns)


def _span(meaning: str, chosen: Layout) -> int:
    return len(chosen.shape.years) if meaning == "years" else 1


def _starts(chosen: Layout) -> Iterator[tuple[str, int]]:
    """Each column's meaning with its place; the years have the place of the first."""
    place = 0
    for meaning in chosen.shape.columns:
        yield meaning, place
        place += _span(meaning, chosen)


def _headers(chosen: Layout) -> Iterator[list[TableCell]]:
    years = [chosen.year.format(year) for year in chosen.shape.years]
    first: list[TableCell] = []
    second: list[TableCell] = []
    for meaning, place in _starts(chosen):
        if meaning == "years":
            singly = [TableCell(text, place + index) for index, text in enumerate(years)]
            first += (
                [TableCell(chosen.words["years"], place, len(years))] if chosen.two_rows else singly
            )
            second += singly
        else:
            first.append(TableCell(chosen.words[meaning], place, 1, 2 if chosen.two_rows else 1))
    yield first
    if chosen.two_rows:
        yield second
    if chosen.counted:
        yield [TableCell(f"({place + 1})", place) for place in range(_width(chosen))]


def _row(row: Objective | Activity, chosen: Layout) -> list[TableCell]:
    if isinstance(row, Objective):
        return _heading(row, chosen)
    cells = []
    for meaning, place in _starts(chosen):
        if meaning == "years":
            texts = [row.commitments[year].text for year in chosen.shape.years]
            cells += [TableCell(text, place + index) for index, text in enumerate(texts)]
        else:
            cells.append(TableCell(_text(row, meaning), place))
    return cells


def _text(row: Activity, meaning: str) -> str:
    match meaning:
        case "number" | "title":
            return str(getattr(row, meaning))
        case "levels" | "boards":
            return str(getattr(row, f"{meaning}_text"))
    return row.details.get(meaning, "")


def _heading(row: Objective, chosen: Layout) -> list[TableCell]:
    """The number in its own cell, "Chỉ tiêu 1: …" before the title, or "I. …" where no column is
    for numbers.
    """
    named = row.number.startswith("Chỉ tiêu")
    inside = named or chosen.merged in ("whole", "inside")
    title = f"{row.number}{':' if named else '.'} {row.title}" if inside else row.title
    if chosen.merged == "whole" and not row.boards_text:
        return [TableCell(title, 0, _width(chosen))]
    texts = {"number": "" if inside else row.number, "title": title, "boards": row.boards_text}
    cells = [
        TableCell(texts.get(meaning, ""), place, _span(meaning, chosen))
        for meaning, place in _starts(chosen)
    ]
    return list(_wide(cells, chosen) if chosen.merged in ("wide", "whole") else _apart(cells))


def _wide(cells: Sequence[TableCell], chosen: Layout) -> Iterator[TableCell]:
    """The title over every blank column that follows it."""
    place = chosen.shape.columns.index("title")
    blank = next(
        (index for index, cell in enumerate(cells) if index > place and cell.text), len(cells)
    )
    yield from cells[:place]
    yield replace(cells[place], columns=sum(cell.columns for cell in cells[place:blank]))
    yield from cells[blank:]


def _apart(cells: Sequence[TableCell]) -> Iterator[TableCell]:
    """No cell merged."""
    for cell in cells:
        yield replace(cell, columns=1)
        yield from (TableCell("", cell.column + place) for place in range(1, cell.columns))


# Around the table


def _before(plan: Plan, frame: str) -> Iterator[Table | Paragraph]:
    issuer = (plan.organisation, plan.body, f"Số: {plan.number}")
    state = (*plan.motto.splitlines(), f"{plan.place}, {long_date(plan.date)}" if plan.date else "")
    if frame == "office":
        yield Table(
            (TableRow((TableCell("\n".join(issuer), 0), TableCell("\n".join(state), 1))),), 2
        )
    elif frame == "lines":
        yield from map(Paragraph, (*issuer, *state))
    yield from map(Paragraph, plan.title.splitlines())
    yield from map(Paragraph, () if frame == "annex" else plan.bases)


def _after(plan: Plan, frame: str) -> Iterator[Table | Paragraph]:
    signed = plan.signature
    block = (signed.authority, signed.title, signed.mark, signed.name)
    recipients = ("Nơi nhận:", *(f"- {name};" for name in plan.recipients))
    if frame == "annex":
        return
    yield Paragraph(plan.closing)
    if frame == "office":
        yield Table(
            (TableRow((TableCell("\n".join(recipients), 0), TableCell("\n".join(block), 1))),), 2
        )
    else:
        yield from map(Paragraph, (*recipients, *block))
