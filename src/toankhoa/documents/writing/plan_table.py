"""The plan's own table as rows of boxes: its headers, merges and words.

On the living plan, the actuals beneath them.

Every line that is not the plan's stands in the style `word_styles.REPORTED`, so that a reader can
tell the two apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from toankhoa.core.plan import Activity, Objective, Plan
from toankhoa.core.results import Level, PlanLine, Reading, YearCell
from toankhoa.documents.reading.word_styles import REPORTED
from toankhoa.documents.words import plan_view
from toankhoa.documents.writing.paper import (
    CENTRE,
    JUSTIFY,
    LEFT,
    Box,
    StyledParagraph,
    TableStrip,
    TextRun,
    held,
    line,
    lines,
)
from toankhoa.documents.writing.plan_form import PlanForm

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


def strips(plan: Plan, form: PlanForm, living: Sequence[PlanLine] | None) -> Iterator[TableStrip]:
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
        if figured and plan_view.indicators(figured):
            yield _measured(form, figured)


def _header(form: PlanForm) -> Iterator[TableStrip]:
    """The words over the columns; where years have words over them all, in two rows."""
    heads = {
        key: replace(_centred(words, bold=True, middle=True), shade=SHADE)
        for key, words in form.columns.items()
    }
    heads |= {key: replace(heads[key], lines=(_small(key, align=CENTRE),)) for key in form.added}
    if not form.over_years:
        yield TableStrip(boxes=tuple(heads.values()), header=True)
        return
    upper: list[Box] = []
    lower: list[Box] = []
    for are_years, keys in form.runs():
        words = "" if form.added.issuperset(keys) else form.over_years
        over = replace(_centred(words, bold=True, middle=True), columns=len(keys), shade=SHADE)
        upper += [over] if are_years else [replace(heads[key], merge="restart") for key in keys]
        lower += [heads[key] if are_years else Box(merge="continue", shade=SHADE) for key in keys]
    yield TableStrip(boxes=tuple(upper), header=True)
    yield TableStrip(boxes=tuple(lower), header=True)


def _strip(form: PlanForm, boxes: Mapping[str, Box], *, wide: bool = False) -> TableStrip:
    """A row of these cells, the others blank.

    A `wide` title covers what follows it, up to the boards at a distance.
    """
    keys = list(form.columns)
    place = keys.index("title")
    ends = (
        at
        for at, key in enumerate(keys)
        if at > place and (key in boxes or (key == "boards" and at > place + 1))
    )
    end = next(ends, len(keys)) if wide else place + 1
    title = replace(boxes["title"], columns=end - place)
    row = [boxes.get(key, Box()) for key in keys]
    return TableStrip(boxes=(*row[:place], title, *row[end:]))


def _heading(form: PlanForm, row: Objective) -> TableStrip:
    """A section keeps its blank cells, other headings cover years and levels.

    All stay on the page of what follows.
    """
    number, title = plan_view.numbered(row)
    section = bool(_SECTION.fullmatch(number))
    if number and "number" not in form.columns:
        title = f"{number}. {title}"
    boxes = {
        "number": _centred(number, bold=True),
        "title": Box(lines=lines(title, bold=True, size=WORDS, align=LEFT if section else JUSTIFY)),
        "boards": _centred(row.boards_text, bold=True),
    }
    if not row.boards_text:
        del boxes["boards"]
    held_boxes = {key: replace(box, lines=held(box.lines)) for key, box in boxes.items()}
    strip = _strip(form, held_boxes, wide=not section)
    if not section:
        return strip
    return TableStrip(boxes=tuple(replace(box, shade=SHADE) for box in strip.boxes))


def _goal(goal: str) -> Box:
    return Box(lines=lines(plan_view.GOAL + goal, italic=True, size=WORDS, align=JUSTIFY))


def _activity(form: PlanForm, row: Activity, figured: PlanLine | None) -> TableStrip:
    cells = {str(cell.year): cell for cell in figured.cells} if figured else {}
    boxes = {}
    for key in form.columns:
        words = form.words(row, key)
        boxes[key] = _year(words, cells.get(key)) if key.isdigit() else _centred(words)
    names = _names(figured) if figured else ()
    boxes["title"] = Box(lines=(*lines(row.title, size=WORDS, align=JUSTIFY), *names))
    return _strip(form, boxes)


def _measured(form: PlanForm, figured: PlanLine) -> TableStrip:
    """Under a heading whose words no row carries on.

    Its indicators, and how each stands in each year.
    """
    empty = Box(lines=(StyledParagraph(style=REPORTED),))
    names = _names(figured) or tuple(
        _small(indicator.name) for indicator in plan_view.indicators(figured)
    )
    cells = {str(cell.year): _year("", cell) for cell in figured.cells}
    return _strip(form, dict.fromkeys(form.columns, empty) | {"title": Box(lines=names)} | cells)


def _names(figured: PlanLine) -> tuple[StyledParagraph, ...]:
    """The names of a row's indicators, where it has several.

    They are named once, beside its words, and called by number in its cells.
    """
    indicators = plan_view.indicators(figured)
    if len(indicators) < 2:
        return ()
    return tuple(
        _small(f"({place}) {indicator.name}", before=2)
        for place, indicator in enumerate(indicators, start=1)
    )


def _year(words: str, cell: YearCell | None) -> Box:
    align = LEFT if max(map(len, words.split("\n"))) > LONG else CENTRE
    own = lines(words, size=WORDS, align=align) if words else ()
    readings = cell.readings if cell else ()
    beneath: list[StyledParagraph] = []
    for place, reading in enumerate(readings, start=1):
        call = f"({place}) " if len(readings) > 1 else ""
        beneath += _reading(reading, call)
    return Box(lines=(*own, *beneath))


def _reading(reading: Reading, call: str) -> Iterator[StyledParagraph]:
    """What is asked where the cell does not say it, the actual, and how it stands."""
    level = reading.result.level
    before = 3.0
    if plan_view.speaks(reading):
        if need := plan_view.asked(reading):
            yield _small(f"{call}KH: {need}", align=CENTRE, before=before)
            call, before = "", 0.0
        yield StyledParagraph(
            pieces=(
                TextRun(text=f"{call}TH: ", size=SMALL),
                TextRun(
                    text=plan_view.actual(reading).replace(" = ", UNBROKEN), size=SMALL, bold=True
                ),
            ),
            align=CENTRE,
            before=before,
            style=REPORTED,
        )
        call, before = "", 0.0
    yield StyledParagraph(
        pieces=tuple(_standing(reading, level, call)), align=CENTRE, before=before, style=REPORTED
    )


def _standing(reading: Reading, level: Level, call: str) -> Iterator[TextRun]:
    colour = COLOURS.get(level, GREY)
    if call:
        yield TextRun(text=call, size=SMALL)
    yield TextRun(text=plan_view.SIGNS[level], size=SMALL - 1, colour=colour, sign=True)
    words = f" {plan_view.LEVELS[level]}{plan_view.tempo(reading)}"
    yield TextRun(text=words, size=SMALL, italic=True, colour=colour)
    if short := plan_view.reports(reading):
        yield TextRun(text=f" ({short})", size=SMALL, colour=GREY)
    yield from code(reading)


def code(reading: Reading) -> Iterator[TextRun]:
    """What leads back to a figure that is shown: the end of its code, small."""
    if reading.mark and plan_view.speaks(reading):
        yield TextRun(text=" ", size=TINY)
        yield TextRun(text=reading.mark.code.figure, size=TINY, colour=GREY, link=reading.mark.link)


def _centred(text: str, *, bold: bool = False, middle: bool = False) -> Box:
    return Box(lines=lines(text, bold=bold, size=WORDS, align=CENTRE), middle=middle)


def _small(text: str, **look: object) -> StyledParagraph:
    return line(text, size=SMALL, style=REPORTED, **look)
