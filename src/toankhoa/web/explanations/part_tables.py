"""Rows of the tables of an explanation: the units a figure is made of, its years, its returns."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.urls import reverse

from toankhoa.core.basics import format_percent
from toankhoa.core.results import Level, PartStatus, TermReading
from toankhoa.core.totals import Figure
from toankhoa.documents.words.alike_figures import decimal_places, figure_places, figure_words
from toankhoa.operations.explained import Explained
from toankhoa.operations.restated_figure import RestatedFigure
from toankhoa.reporting.models import Return
from toankhoa.reporting.reading.source_returns import SourceReturn
from toankhoa.web.explanations import words
from toankhoa.web.explanations.addresses import explained_at
from toankhoa.web.explanations.restated_words import part_note as restated_note
from toankhoa.web.templatetags.vietnamese import gia_tri, muc


@dataclass(frozen=True, kw_only=True)
class PartRow:
    """What one unit brings. `address`: of its own explanation, blank where she may not open it.

    `result`: blank where nothing is owed here; `missing`: something is, and has not come in.
    `share`: of the whole figure, also as a bar. `incomplete`: reports of it are missing.
    """

    name: str
    address: str
    note: str
    figure: Figure
    result: str
    missing: bool
    share: Fraction | None
    share_words: str
    target: str = ""
    reports_itself: bool = False
    incomplete: bool = False


@dataclass(frozen=True, kw_only=True)
class ExplainedYear:
    """A year of a term."""

    year: int
    address: str
    target: str
    figure: Figure
    result: str
    level: Level


@dataclass(frozen=True, kw_only=True)
class ExplainedReturn:
    """A return behind a figure, with the figures of it that count; blank where nothing does."""

    address: str
    period: str
    form: str
    figures: Sequence[str]
    sent_return: Return | None


def part_rows(explained: Explained, may_open: Collection[str]) -> list[PartRow]:
    """The units a figure is made of. `may_open`: those whose explanations she may see."""
    parts, own = explained.parts, explained.living.unit
    places = figure_places(part.figure for part in parts)
    share_places = _share_places([part.share for part in parts])
    row, indicator = explained.row.code, explained.reading.indicator.code
    year = None if explained.of_term else explained.reading.year
    rows = []
    for part in parts:
        opens = part.unit in may_open and part.unit != own
        confidence = part.figure.confidence
        rows.append(
            PartRow(
                name=part.name,
                address=explained_at(part.unit, row, indicator, year) if opens else "",
                note=words.part_note(part, explained.names),
                figure=part.figure,
                result=figure_words(part.figure, places, missing=""),
                missing=part.brings is PartStatus.MISSING,
                share=part.share,
                share_words=_share_words(part.share, share_places),
                target=muc(part.target),
                reports_itself=part.unit == own and len(parts) > 1,
                incomplete=confidence is not None and confidence < 1,
            )
        )
    return rows


def restated_part_rows(restated: RestatedFigure, may_open: Collection[str]) -> list[PartRow]:
    """The units of then that a restated figure is put together from."""
    places = figure_places(part.figure for part, _ in restated.parts)
    share_places = _share_places([share for _, share in restated.parts])
    row, indicator = restated.row.code, restated.indicator.code
    rows = []
    for part, share in restated.parts:
        unit, figure = part.share.unit, part.figure
        opens = unit in may_open
        rows.append(
            PartRow(
                name=part.name,
                address=explained_at(unit, row, indicator, restated.year) if opens else "",
                note=restated_note(part),
                figure=figure,
                result=figure_words(figure, places, missing=""),
                missing=figure.value is None and figure.reports < figure.due,
                share=share,
                share_words=_share_words(share, share_places),
            )
        )
    return rows


def year_rows(explained: Explained) -> list[ExplainedYear]:
    """The years of a term; none of a year."""
    reading = explained.reading
    if not isinstance(reading, TermReading):
        return []
    places = figure_places(of_year.result.figure for of_year in reading.years)
    row, indicator, unit = explained.row.code, reading.indicator.code, explained.living.unit
    rows = []
    for of_year in reading.years:
        result = of_year.result
        rows.append(
            ExplainedYear(
                year=of_year.year,
                address=explained_at(unit, row, indicator, of_year.year),
                target=muc(result.required),
                figure=result.figure,
                result=words.actual_words(of_year, places),
                level=result.level,
            )
        )
    return rows


def return_rows(returns: Sequence[SourceReturn]) -> list[ExplainedReturn]:
    """The returns of the unit itself."""
    return [_return_row(source) for source in returns]


def _return_row(source: SourceReturn) -> ExplainedReturn:
    unit, form, period = source.unit.code, source.form, source.period
    return ExplainedReturn(
        address=reverse("return", args=[unit, form.code, period.code]),
        period=period.label,
        form=form.name,
        figures=[gia_tri(figure) for figure in source.figures],
        sent_return=source.ret,
    )


def _share_places(shares: Sequence[Fraction | None]) -> int:
    return decimal_places(100 * share for share in shares if share is not None)


def _share_words(share: Fraction | None, places: int) -> str:
    return "" if share is None else format_percent(100 * share, places)
