"""The plan's own table as rows of boxes: its headers, merges and words; on the living plan, the actuals beneath them.

Every line that is not the plan's stands in the style `living_words.REPORTED`, so that a reader can tell the two apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from toankhoa.core.assessment import Level
from toankhoa.core.living import Line, Reading, YearCell
from toankhoa.core.plan import Activity, Objective, Plan
from toankhoa.documents import living_words
from toankhoa.documents.paper import CENTRE, JUSTIFY, LEFT, WIDTH, Box, Paragraph, Piece, Strip, held, line, lines

_SECTION = re.compile("[IVXLC]+")
NUMBER_WIDTH = 1.1
# Centimetres of levels, of boards, and of all years together; the words of a row take the rest.
PLAIN_WIDTHS = (2.6, 2.6, 10.5)
LIVING_WIDTHS = (2.1, 1.9, 14.0)

WORDS, SMALL = 11, 9.5
SHADE = "EDEDED"
UNBROKEN = " =\u00a0"  # keeps "= 88,3%" together where "151/171 = 88,3%" does not fit one line
LONG = 24  # characters of a year cell that read better from the left than centred
COLOURS = {
    Level.MET: "1B5E20",
    Level.NOT_MET: "A31515",
    Level.OPEN: "7A4B00",
}
GREY = "555555"


def widths(years: int, *, living: bool) -> tuple[float, ...]:
    """Column widths in centimetres."""
    levels, boards, together = LIVING_WIDTHS if living else PLAIN_WIDTHS
    words = WIDTH - NUMBER_WIDTH - levels - boards - together
    return (NUMBER_WIDTH, words, *[together / years] * years, levels, boards)


def strips(plan: Plan, living: Sequence[Line] | None) -> Iterator[Strip]:
    """The table row by row. Without `living`, the plan alone."""
    yield from _header(plan)
    figures = {row.row.code: row for row in living or ()}
    goal = plan.goal
    for row in plan.rows():
        figured = figures.get(row.code)
        if isinstance(row, Activity):
            yield _activity(plan, row, figured)
            continue
        yield _heading(plan, row)
        if goal:  # stands under the first heading of the table
            yield _goal(plan, goal)
            goal = ""
        if figured and living_words.indicators(figured):
            yield _measured(figured)


def _header(plan: Plan) -> Iterator[Strip]:
    words = plan.headers
    number, title, levels, boards = (
        replace(_centred(text, bold=True, middle=True), merge="restart", shade=SHADE)
        for text in (words.number, words.title, words.levels, words.boards)
    )
    years = replace(_centred(words.years, bold=True, middle=True), columns=len(plan.years), shade=SHADE)
    below = Box(merge="continue", shade=SHADE)
    each = (replace(_centred(str(year), bold=True), shade=SHADE) for year in plan.years)
    yield Strip(boxes=(number, title, years, levels, boards), header=True)
    yield Strip(boxes=(below, below, *each, below, below), header=True)


def _heading(plan: Plan, row: Objective) -> Strip:
    """A section keeps its blank cells, other headings span years and levels; all stay on the page of what follows."""
    number, title = living_words.numbered(row)
    section = bool(_SECTION.fullmatch(number))
    boxes = (
        _centred(number, bold=True),
        Box(
            lines=lines(title, bold=True, size=WORDS, align=LEFT if section else JUSTIFY),
            columns=1 if section else len(plan.years) + 2,
        ),
        *([Box()] * (len(plan.years) + 1) if section else ()),
        _centred(row.boards_text, bold=True),
    )
    shade = SHADE if section else ""
    return Strip(boxes=tuple(replace(box, lines=held(box.lines), shade=shade) for box in boxes))


def _goal(plan: Plan, goal: str) -> Strip:
    words = Box(
        lines=lines(living_words.GOAL + goal, italic=True, size=WORDS, align=JUSTIFY), columns=len(plan.years) + 2
    )
    return Strip(boxes=(Box(), words, Box()))


def _activity(plan: Plan, row: Activity, figured: Line | None) -> Strip:
    cells = {cell.year: cell for cell in figured.cells} if figured else {}
    names = _names(figured) if figured else ()
    return Strip(
        boxes=(
            _centred(row.number),
            Box(lines=(*lines(row.title, size=WORDS, align=JUSTIFY), *names)),
            *(_year(row.commitments[year].text, cells.get(year)) for year in plan.years),
            _centred(row.levels_text),
            _centred(row.boards_text),
        )
    )


def _measured(figured: Line) -> Strip:
    """Under a heading whose words no row carries on: its indicators, and how each stands in each year."""
    empty = Box(lines=(Paragraph(style=living_words.REPORTED),))
    names = _names(figured) or tuple(_small(one.name) for one in living_words.indicators(figured))
    return Strip(boxes=(empty, Box(lines=names), *(_year("", cell) for cell in figured.cells), empty, empty))


def _names(figured: Line) -> tuple[Paragraph, ...]:
    """Where a row has several indicators they are named once, beside its words, and called by number in its cells."""
    found = living_words.indicators(figured)
    if len(found) < 2:
        return ()
    return tuple(_small(f"({place}) {one.name}", before=2) for place, one in enumerate(found, start=1))


def _year(words: str, cell: YearCell | None) -> Box:
    align = LEFT if max(map(len, words.split("\n"))) > LONG else CENTRE
    own = lines(words, size=WORDS, align=align) if words else ()
    readings = cell.readings if cell else ()
    beneath = (
        part
        for place, reading in enumerate(readings, start=1)
        for part in _reading(reading, f"({place}) " if len(readings) > 1 else "")
    )
    return Box(lines=(*own, *beneath))


def _reading(reading: Reading, call: str) -> Iterator[Paragraph]:
    """What is asked where the cell does not say it, the actual, and how it stands."""
    level = reading.result.level
    before = 3.0
    if living_words.speaks(reading):
        if need := living_words.asked(reading):
            yield _small(f"{call}KH: {need}", align=CENTRE, before=before)
            call, before = "", 0.0
        yield Paragraph(
            pieces=(
                Piece(text=f"{call}TH: ", size=SMALL),
                Piece(text=living_words.actual(reading).replace(" = ", UNBROKEN), size=SMALL, bold=True),
            ),
            align=CENTRE,
            before=before,
            style=living_words.REPORTED,
        )
        call, before = "", 0.0
    yield Paragraph(
        pieces=tuple(_standing(reading, level, call)), align=CENTRE, before=before, style=living_words.REPORTED
    )


def _standing(reading: Reading, level: Level, call: str) -> Iterator[Piece]:
    colour = COLOURS.get(level, GREY)
    if call:
        yield Piece(text=call, size=SMALL)
    yield Piece(text=living_words.SIGNS[level], size=SMALL - 1, colour=colour, sign=True)
    yield Piece(text=f" {living_words.LEVELS[level]}", size=SMALL, italic=True, colour=colour)
    if short := living_words.reports(reading):
        yield Piece(text=f" ({short})", size=SMALL, colour=GREY)


def _centred(text: str, *, bold: bool = False, middle: bool = False) -> Box:
    return Box(lines=lines(text, bold=bold, size=WORDS, align=CENTRE), middle=middle)


def _small(text: str, **look: object) -> Paragraph:
    return line(text, size=SMALL, style=living_words.REPORTED, **look)
