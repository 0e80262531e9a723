"""Plans made up with known truth: every record is built here, none is read from a document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from organisations import ORGANISATIONS
from wordings import BLANK, MARKS, Organisation, Said, level, mark, milestone, section, title

from toankhoa.core.plan import (
    Activity,
    Applies,
    Basis,
    Commitment,
    CommitmentKind,
    Headers,
    Objective,
    Plan,
    Signature,
    Target,
)

MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"
HEADERS = Headers(
    number="STT",
    title="Nội dung",
    years="Mức phấn đấu từng năm",
    levels="Cấp thực hiện",
    boards="Ban phụ trách",
)
# How headings are numbered: (number, code, code of the heading above, whether rows stand under it).
OUTLINES = {
    "own": (
        ("I", "I", None, False),
        ("Chỉ tiêu 1", "I.CT01", "I", True),
        ("Chỉ tiêu 2", "I.CT02", "I", True),
        ("Chỉ tiêu 3", "I.CT03", "I", True),
        ("II", "II", None, False),
        ("1", "II.1", "II", True),
        ("2", "II.2", "II", False),
        ("2.1", "II.2.1", "II.2", True),
        ("2.2", "II.2.2", "II.2", True),
    ),
    "roman": (("I", "I", None, True), ("II", "II", None, True), ("III", "III", None, True)),
    "dotted": (
        ("I", "I", None, False),
        ("1", "I.1", "I", True),
        ("2", "I.2", "I", True),
        ("II", "II", None, False),
        ("1", "II.1", "II", True),
    ),
    "letters": (("A", "A", None, True), ("B", "B", None, True), ("C", "C", None, True)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a plan holds: its outline, the columns beside title and years, and how its year cells
    are filled.
    """

    about: Organisation = ORGANISATIONS[0]
    outline: str = "own"
    years: tuple[int, ...] = (2021, 2022, 2023, 2024, 2025)
    columns: tuple[str, ...] = ("number", "title", "years", "levels", "boards")
    rows: int = 5  # at most, under one heading
    timed: str = "years"  # "deadline", "term": a column of deadlines, of levels for all years, in their place
    numbering: str = "1"  # rows: "1", "1." (1.1), "a", "-" or ""
    headers: Headers = HEADERS


def made(random: Random, shape: Shape) -> Plan:
    """A plan of that shape."""
    about = shape.about
    objectives, activities = _rows(random, shape)
    return Plan(
        organisation=about.name,
        body=about.body,
        number=f"{random.randint(1, 250)}/{about.sign}",
        date=date(shape.years[0], random.randint(1, 12), random.randint(1, 28)),
        place="Sông Hậu",
        motto=MOTTO,
        title=f"KẾ HOẠCH TOÀN KHÓA\nGiai đoạn {shape.years[0]}-{shape.years[-1]}",
        goal="Xây dựng tổ chức vững mạnh." if shape.outline == "own" else "",
        bases=("Căn cứ điều lệ và nghị quyết đại hội;",),
        years=shape.years,
        objectives=objectives,
        activities=activities,
        closing="Các đơn vị báo cáo kết quả về văn phòng trước ngày làm việc cuối quý./.",
        signature=Signature(
            authority=f"TM. {about.body}", title=about.post, name="Trần Văn Bình", mark="(đã ký)"
        ),
        recipients=("Cấp ủy cấp trên", "Các đơn vị trực thuộc", "Lưu VT"),
        headers=shape.headers,
    )


def _rows(random: Random, shape: Shape) -> tuple[tuple[Objective, ...], tuple[Activity, ...]]:
    objectives: dict[str, Objective] = {}
    activities: list[Activity] = []
    seen: set[str] = set()
    for number, code, parent, has_rows in OUTLINES[shape.outline]:
        objectives[code] = _objective(random, shape, (number, code, parent), seen)
        for place in range(1, random.randint(1, shape.rows) + 1 if has_rows else 1):
            activities.append(_activity(random, shape, objectives, code, place, seen))
    return tuple(objectives.values()), tuple(activities)


def _objective(
    random: Random, shape: Shape, place: tuple[str, str, str | None], seen: set[str]
) -> Objective:
    number, code, parent = place
    if parent:
        words, targets = _new(seen, lambda: title(random, shape.about, shape.years, timed=False))
    else:
        words, targets = _new(seen, lambda: section(random, shape.about))
    text, codes = _boards(random, shape) if parent and random.random() < 0.6 else ("", ())
    return Objective(
        code=code,
        number=number,
        title=words,
        parent=parent,
        boards=codes,
        boards_text=text,
        targets=targets,
    )


def _new(seen: set[str], draw: Callable[[], Said]) -> Said:
    """Words that no row of the plan has yet."""
    while (said := draw())[0] in seen:
        pass
    seen.add(said[0])
    return said


def _activity(
    random: Random,
    shape: Shape,
    objectives: dict[str, Objective],
    heading: str,
    place: int,
    seen: set[str],
) -> Activity:
    words, targets = _new(seen, lambda: title(random, shape.about, shape.years))
    levels_text, levels = (
        random.choice(shape.about.level_words) if "levels" in shape.columns else ("", ())
    )
    text, boards = _boards(random, shape) if random.random() < 0.6 else ("", ())
    details, commitments = _years(random, shape)
    totals, of_term = _total(random, shape)
    return Activity(
        code=f"{heading}.{place}",
        number=_number(shape.numbering, heading, place),
        title=words,
        objective=heading,
        levels=levels,
        levels_text=levels_text,
        boards=boards or _inherited(objectives, heading),
        boards_text=text,
        targets=(*targets, *totals),
        commitments=commitments,
        details=details | of_term | _others(random, shape),
    )


def _number(numbering: str, heading: str, place: int) -> str:
    if numbering == "1.":
        return f"{heading.rpartition('.')[2]}.{place}" if heading[-1].isdigit() else str(place)
    return {"1": str(place), "a": f"{'abcdefghijk'[place - 1]})", "-": "-", "": ""}[numbering]


def _boards(random: Random, shape: Shape) -> tuple[str, tuple[str, ...]]:
    if "boards" not in shape.columns:
        return "", ()
    codes = tuple(random.sample(tuple(shape.about.vocabulary.boards), random.choice((1, 1, 2))))
    names = [random.choice(shape.about.vocabulary.boards[code]) for code in codes]
    return random.choice((", ", "; ", " và ", "\n")).join(names), codes


def _inherited(objectives: dict[str, Objective], code: str | None) -> tuple[str, ...]:
    while code and not objectives[code].boards:
        code = objectives[code].parent
    return objectives[code].boards if code else ()


def _years(random: Random, shape: Shape) -> tuple[dict[str, str], dict[int, Commitment]]:
    if shape.timed == "deadline":
        return _by_deadline(random, shape.years)
    if shape.timed == "term":
        return {}, dict.fromkeys(shape.years, BLANK) | {shape.years[-1]: _of_term(random, shape)}
    unit = random.choice(("%", *shape.about.counted))
    apart = "unit" in shape.columns
    kind = random.choice(("level", "level", "mark", "mixed"))
    cells = {year: _cell(random, kind, unit, year, apart) for year in shape.years}
    if all(cell.kind is CommitmentKind.NONE for cell in cells.values()):
        cells[shape.years[-1]] = mark("x")
    measured = any(cell.kind is CommitmentKind.TARGET for cell in cells.values())
    return {"unit": unit} if apart and measured else {}, cells


def _of_term(random: Random, shape: Shape) -> Commitment:
    """A level for the whole term: a rate is reached at its end, all else by then."""
    said = level(
        random, random.choice(("%", *shape.about.counted)), shape.years[-1], unit_apart=False
    )
    applies = {
        target: Applies.BY_TERM_END if target.basis is Basis.RATE else Applies.TERM_TOTAL
        for target in said.targets
    }
    return replace(
        said,
        targets=tuple(replace(target, applies=when, years=()) for target, when in applies.items()),
    )


def _total(random: Random, shape: Shape) -> tuple[tuple[Target, ...], dict[str, str]]:
    """Targets of a column for all years that stands beside the years, and its words."""
    if shape.timed != "years" or "target" not in shape.columns or random.random() < 0.3:
        return (), {}
    said = _of_term(random, replace(shape, timed="term"))
    return said.targets, {"target": said.text}


def _cell(random: Random, kind: str, unit: str, year: int, apart: bool) -> Commitment:
    chosen = random.choice(("level", "mark", "blank", "milestone")) if kind == "mixed" else kind
    if kind != "mixed" and random.random() < 0.15:
        return BLANK
    match chosen:
        case "level":
            return level(random, unit, year, unit_apart=apart)
        case "mark":
            return mark(random.choice(MARKS))
        case "milestone":
            return milestone(random, year)
    return BLANK


def _by_deadline(
    random: Random, years: Sequence[int]
) -> tuple[dict[str, str], dict[int, Commitment]]:
    """One date for the row: that year holds it; "Thường xuyên" marks every year."""
    year = random.choice(years)
    text = random.choice(
        ("Thường xuyên", "Hằng năm", f"Quý IV/{year}", f"Tháng 6/{year}", f"Năm {year}")
    )
    if str(year) not in text:
        return {"deadline": text}, {one: mark(text) for one in years}
    dated = Commitment(text=text, kind=CommitmentKind.MILESTONE)
    return {"deadline": text}, {one: dated if one == year else BLANK for one in years}


def _others(random: Random, shape: Shape) -> dict[str, str]:
    """What stands in columns that a plan may have besides."""
    texts = {
        "support": ("Các đơn vị liên quan", "Sở Tài chính", "Ủy ban nhân dân các huyện"),
        "product": ("Báo cáo", "Kế hoạch", "Quyết định"),
        "baseline": ("12 mô hình", "75%", "chưa có"),
        "remark": ("theo nghị quyết", "lồng ghép"),
        "budget": ("Ngân sách tỉnh", "Xã hội hóa"),
    }
    return {meaning: random.choice(texts[meaning]) for meaning in _kept(texts, shape.columns)}


def _kept(texts: dict[str, tuple[str, ...]], columns: Sequence[str]) -> Iterator[str]:
    return (meaning for meaning in columns if meaning in texts)
