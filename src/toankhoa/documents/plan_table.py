"""The plan's own table as rows of boxes: its headers, merges and words; on the living plan, the actuals beneath them.

Every line that is not the plan's stands in the style `living_words.REPORTED`, so that a reader can tell the two apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from toankhoa.core.assessment import Level
from toankhoa.core.living import Line, Reading, YearCell
from toankhoa.core.plan import Activity, Objective, Plan
from toankhoa.documents import living_words
from toankhoa.documents.paper import CENTRE, JUSTIFY, LEFT, Box, Paragraph, Piece, Strip, held, line, lines
from toankhoa.documents.plan_form import Form

_SECTION = re.compile("[IVXLC]+")

WORDS, SMALL, TINY = 11, 9.5, 7
SHADE = "EDEDED"
UNBROKEN = " =\u00a0"  # keeps "= 88,3%" together where "151/171 = 88,3%" does not fit one line
LONG = 24  # characters of a year cell that read better from the left than centred
COLOURS = {
    Level.MET: "1B5E20",
    Level.NOT_MET: "A31515",
    Level.OPEN: "7A4B00",
}
GREY = "555555"


def strips(plan: Plan, form: Form, living: Sequence[Line] | None) -> Iterator[Strip]:
    """The table row by row. Without `living`, the plan alone."""
    yield from _header(form)
    figures = {row.row.code: row for row in living or ()}
    goal = plan.goal
    for row in plan.rows():
        figured = figures.get(row.code)
        if isinstance(row, Activity):
            yield _activity(form, row, figured)
            continue
        yield _heading(form, row)
        if goal:  # stands under the first heading of the table
            yield _strip(form, {"title": _goal(goal)}, wide=True)
            goal = ""
        if figured and living_words.indicators(figured):
            yield _measured(form, figured)


def _header(form: Form) -> Iterator[Strip]:
    """The words over the columns; where years have words over them all, in two rows."""
    heads = {key: replace(_centred(words, bold=True, middle=True), shade=SHADE) for key, words in form.columns.items()}
    heads |= {key: replace(heads[key], lines=(_small(key, align=CENTRE),)) for key in form.added}
    if not form.over_years:
        yield Strip(boxes=tuple(heads.values()), header=True)
        return
    upper: list[Box] = []
    lower: list[Box] = []
    for are_years, keys in form.runs():
        words = "" if form.added.issuperset(keys) else form.over_years
        over = replace(_centred(words, bold=True, middle=True), columns=len(keys), shade=SHADE)
        upper += [over] if are_years else [replace(heads[key], merge="restart") for key in keys]
        lower += [heads[key] if are_years else Box(merge="continue", shade=SHADE) for key in keys]
    yield Strip(boxes=tuple(upper), header=True)
    yield Strip(boxes=tuple(lower), header=True)


def _strip(form: Form, boxes: Mapping[str, Box], *, wide: bool = False) -> Strip:
    """A row of these cells, the others blank; a `wide` title covers what follows it, up to the boards at a distance."""
    keys = list(form.columns)
    place = keys.index("title")
    ends = (at for at, key in enumerate(keys) if at > place and (key in boxes or (key == "boards" and at > place + 1)))
    end = next(ends, len(keys)) if wide else place + 1
    title = replace(boxes["title"], columns=end - place)
    row = [boxes.get(key, Box()) for key in keys]
    return Strip(boxes=(*row[:place], title, *row[end:]))


def _heading(form: Form, row: Objective) -> Strip:
    """A section keeps its blank cells, other headings cover years and levels; all stay on the page of what follows."""
    number, title = living_words.numbered(row)
    section = bool(_SECTION.fullmatch(number))
    if number and "number" not in form.columns:
        title = f"{number}. {title}"
    boxes = {
        "number": _centred(number, bold=True),
        "title": Box(lines=lines(title, bold=True, size=WORDS, align=LEFT if section else JUSTIFY)),
        "boards": _centred(row.boards_text, bold=True),
    }
    kept = {
        key: replace(box, lines=held(box.lines)) for key, box in boxes.items() if key != "boards" or row.boards_text
    }
    strip = _strip(form, kept, wide=not section)
    return Strip(boxes=tuple(replace(box, shade=SHADE) for box in strip.boxes)) if section else strip


def _goal(goal: str) -> Box:
    return Box(lines=lines(living_words.GOAL + goal, italic=True, size=WORDS, align=JUSTIFY))


def _activity(form: Form, row: Activity, figured: Line | None) -> Strip:
    cells = {str(cell.year): cell for cell in figured.cells} if figured else {}
    boxes = {
        key: _year(form.words(row, key), cells.get(key)) if key.isdigit() else _centred(form.words(row, key))
        for key in form.columns
    }
    names = _names(figured) if figured else ()
    boxes["title"] = Box(lines=(*lines(row.title, size=WORDS, align=JUSTIFY), *names))
    return _strip(form, boxes)


def _measured(form: Form, figured: Line) -> Strip:
    """Under a heading whose words no row carries on: its indicators, and how each stands in each year."""
    empty = Box(lines=(Paragraph(style=living_words.REPORTED),))
    names = _names(figured) or tuple(_small(one.name) for one in living_words.indicators(figured))
    cells = {str(cell.year): _year("", cell) for cell in figured.cells}
    return _strip(form, dict.fromkeys(form.columns, empty) | {"title": Box(lines=names)} | cells)


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
    words = f" {living_words.LEVELS[level]}{living_words.tempo(reading)}"
    yield Piece(text=words, size=SMALL, italic=True, colour=colour)
    if short := living_words.reports(reading):
        yield Piece(text=f" ({short})", size=SMALL, colour=GREY)
    yield from code(reading)


def code(reading: Reading) -> Iterator[Piece]:
    """What leads back to a figure that is shown: the end of its code, small."""
    if reading.mark and living_words.speaks(reading):
        yield Piece(text=" ", size=TINY)
        yield Piece(text=reading.mark.code.figure, size=TINY, colour=GREY, link=reading.mark.link)


def _centred(text: str, *, bold: bool = False, middle: bool = False) -> Box:
    return Box(lines=lines(text, bold=bold, size=WORDS, align=CENTRE), middle=middle)


def _small(text: str, **look: object) -> Paragraph:
    return line(text, size=SMALL, style=living_words.REPORTED, **look)
