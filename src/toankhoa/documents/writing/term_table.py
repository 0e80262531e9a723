"""The whole term on paper.

The plan's rows, and for each of their indicators level, actual, standing and outlook.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from toankhoa.core.plan import Activity, Objective, Plan
from toankhoa.core.results import PlanLine, Prospect, StatusTally, TermReading, in_term, rolled_up
from toankhoa.documents.reading.word_styles import REPORTED
from toankhoa.documents.words import forecast, plan_view
from toankhoa.documents.writing.paper import (
    CENTRE,
    JUSTIFY,
    LEFT,
    WIDTH,
    Box,
    StyledParagraph,
    TableStrip,
    TextRun,
    held,
    line,
    lines,
)
from toankhoa.documents.writing.plan_table import COLOURS, GREY, SHADE, SMALL, UNBROKEN, WORDS, code

HEADERS = (
    "TT",
    "Hoạt động chính",
    "Chỉ tiêu cả nhiệm kỳ",
    "Thực hiện",
    "Đánh giá",
    "Dự báo đến hết khóa",
    "Ban thực hiện",
)
_FIXED = (1.1, 3.4, 3.4, 3.4, 4.6, 2.1)  # centimetres; the words of a row take the rest
WIDTHS = (_FIXED[0], WIDTH - sum(_FIXED), *_FIXED[1:])


def strips(plan: Plan, living: Sequence[PlanLine]) -> Iterator[TableStrip]:
    """The table row by row: a strip for each indicator, the row's own words beside the first."""
    yield TableStrip(
        boxes=tuple(
            replace(_centred(text, bold=True), shade=SHADE, middle=True) for text in HEADERS
        ),
        header=True,
    )
    figures = {row.row.code: row for row in living}
    tallies = rolled_up(living, in_term)
    for row in plan.rows():
        term = figures[row.code].term if row.code in figures else ()
        if isinstance(row, Objective):
            yield _heading(row, tallies.get(row.code))
            yield from (_strip("", reading.indicator.name, reading, "") for reading in term)
            continue
        yield from _activity(row, term)


def _heading(row: Objective, tally: StatusTally | None) -> TableStrip:
    """With what stands right under it rolled up, where anything is asked for there."""
    number, title = plan_view.numbered(row)
    rolled = (_small(forecast.rolled_up(tally)),) if tally and tally.with_target else ()
    words = (*lines(title, bold=True, size=WORDS, align=JUSTIFY), *rolled)
    boxes = (
        _centred(number, bold=True),
        Box(lines=words, columns=len(HEADERS) - 2),
        _centred(row.boards_text, bold=True),
    )
    return TableStrip(
        boxes=tuple(
            replace(box, lines=held(box.lines), shade="" if row.parent else SHADE) for box in boxes
        )
    )


def _activity(row: Activity, term: Sequence[TermReading]) -> Iterator[TableStrip]:
    if not term:
        words = Box(lines=lines(row.title, size=WORDS, align=JUSTIFY))
        yield TableStrip(
            boxes=(
                _centred(row.number),
                words,
                *[Box()] * (len(HEADERS) - 3),
                _centred(row.boards_text),
            )
        )
    number, title, boards = row.number, row.title, row.boards_text
    for reading in term:
        strip = _strip(number, title, reading, boards)
        number = title = boards = ""  # a row's own words stand beside its first indicator only
        if len(term) > 1:
            named = replace(
                strip.boxes[1], lines=(*strip.boxes[1].lines, _small(reading.indicator.name))
            )
            strip = replace(strip, boxes=(strip.boxes[0], named, *strip.boxes[2:]))
        yield strip


def _strip(number: str, title: str, reading: TermReading, boards: str) -> TableStrip:
    words = lines(title, size=WORDS, align=JUSTIFY) if title else ()
    return TableStrip(
        boxes=(
            _centred(number),
            Box(lines=words),
            *(Box(lines=paragraphs) for paragraphs in _facts(reading)),
            _centred(boards),
        )
    )


def _facts(reading: TermReading) -> Iterator[tuple[StyledParagraph, ...]]:
    """What the term asks, what has come of it, how it stands, where it will end."""
    result = reading.result
    yield (_small(plan_view.required(result.required) if result.required else "", align=CENTRE),)
    actual = plan_view.actual(reading) if plan_view.speaks(reading) else ""
    of_year = forecast.of_year(reading)
    yield (
        line(actual.replace(" = ", UNBROKEN), size=SMALL, bold=True, align=CENTRE, style=REPORTED),
        *((_small(f"({of_year})", align=CENTRE),) if of_year and actual else ()),
    )
    yield tuple(_standing(reading))
    yield (_small(_prospect(reading), align=LEFT),)


def _prospect(reading: TermReading) -> str:
    """`khó đạt: dự báo 343–407 hộ`; nothing where no prospect is known."""
    result = reading.result
    if result.required is None or result.prospect is Prospect.UNKNOWN:
        return ""
    words = forecast.PROSPECTS[result.prospect], forecast.why(reading)
    return ": ".join(filter(None, words))


def _standing(reading: TermReading) -> Iterator[StyledParagraph]:
    level = reading.result.level
    colour = COLOURS.get(level, GREY)
    sign = TextRun(text=plan_view.SIGNS[level], size=SMALL - 1, colour=colour, sign=True)
    word = TextRun(text=f" {plan_view.LEVELS[level]}", size=SMALL, italic=True, colour=colour)
    yield StyledParagraph(pieces=(sign, word, *code(reading)), align=CENTRE, style=REPORTED)
    notes = (forecast.years_met(reading), forecast.tempo(reading), plan_view.reports(reading))
    for note in filter(None, notes):
        yield _small(note, align=CENTRE)


def _centred(text: str, *, bold: bool = False) -> Box:
    return Box(lines=lines(text, bold=bold, size=WORDS, align=CENTRE))


def _small(text: str, **look: object) -> StyledParagraph:
    return line(text, size=SMALL, style=REPORTED, **look)
