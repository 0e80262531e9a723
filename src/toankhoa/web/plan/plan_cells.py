"""The living plan's table as its page prints it: rows and cells with their words and addresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from toankhoa.core.basics import format_number
from toankhoa.core.plan import CommitmentKind
from toankhoa.core.results import Level, Prospect, Reading, TermReading, YearCell
from toankhoa.documents.words import forecast, plan_view
from toankhoa.web.explanations.addresses import explained_at
from toankhoa.web.plan.plan_rows import ACTIVITY, HEADING, Filters, PlanRow
from toankhoa.web.shell.words import PROSPECTS
from toankhoa.web.templatetags.vietnamese import thuc_te

MISSING_WORDS = "chưa có"
SILENT_PROSPECTS = frozenset({Prospect.REACHED, Prospect.UNKNOWN})


@dataclass(frozen=True)
class ReadingShown:
    """One figure in a cell. `name`: of its indicator where the cell holds several, else blank.

    `asked`: the level where the plan's words do not say it; `so_far`: what a term's target has come
    to since its first year; `prospect`: how it will end, and why.
    """

    reading: Reading
    address: str
    name: str
    asked: str
    so_far: str = ""
    prospect: str = ""

    @property
    def is_missing(self) -> bool:
        """Whether there is no figure yet."""
        return self.reading.result.figure.value is None

    @property
    def words(self) -> str:
        """The actual."""
        return MISSING_WORDS if self.is_missing else thuc_te(self.reading)

    @property
    def is_incomplete(self) -> bool:
        """Whether reports of it are missing."""
        confidence = self.reading.result.confidence
        return confidence is not None and confidence < 1


@dataclass(frozen=True)
class CellShown:
    """A year's cell. `is_shown`: of the year that is looked at, the only one on a phone."""

    year: int
    text: str
    is_mark: bool  # "x": planned for the year, without an amount
    is_shown: bool
    readings: tuple[ReadingShown, ...]


@dataclass(frozen=True)
class RowShown:
    """A row of the table."""

    row: PlanRow
    cells: tuple[CellShown, ...] = ()
    term: tuple[ReadingShown, ...] = ()

    @property
    def is_heading(self) -> bool:
        """Whether it spans the table."""
        return self.row.kind == HEADING

    @property
    def prospect(self) -> Prospect | None:
        """Of a heading's rows in the term: how they will end, where that is worth saying."""
        tally = self.row.tally
        if tally is None or tally.prospect in SILENT_PROSPECTS:
            return None
        return tally.prospect

    @property
    def anchor(self) -> str:
        """What an address leads to; a measured row has none, its heading has."""
        return self.row.code if self.row.kind == ACTIVITY else ""


def rows_shown(rows: Iterable[PlanRow], unit: str, filters: Filters) -> list[RowShown]:
    """The rows in the span that is looked at."""
    if filters.of_term:
        return [RowShown(row, term=tuple(_term(row, unit))) for row in rows]
    return [RowShown(row, cells=tuple(_cells(row, unit, filters.year))) for row in rows]


def _cells(row: PlanRow, unit: str, shown: int) -> Iterator[CellShown]:
    for cell in row.cells:
        commitment = cell.commitment
        yield CellShown(
            year=cell.year,
            text=commitment.text if commitment else "",
            is_mark=commitment is not None and commitment.kind is CommitmentKind.SCHEDULED,
            is_shown=cell.year == shown,
            readings=tuple(_year_readings(row, cell, unit)),
        )


def _year_readings(row: PlanRow, cell: YearCell, unit: str) -> Iterator[ReadingShown]:
    names = _names(cell.readings)
    for reading in cell.readings:
        if not plan_view.speaks(reading):
            continue
        code = reading.indicator.code
        yield ReadingShown(
            reading=reading,
            address=explained_at(unit, row.code, code, cell.year),
            name=names.get(reading.indicator.code, ""),
            asked=plan_view.asked(reading),
            so_far=_since_term_began(reading),
        )


def _names(readings: Sequence[Reading]) -> dict[str, str]:
    """Names of the indicators of a cell by code, where it holds several: one alone needs none."""
    if len(readings) < 2:
        return {}
    return {reading.indicator.code: reading.indicator.name for reading in readings}


def _since_term_began(reading: Reading) -> str:
    result = reading.result
    if result.earlier_years is None or result.reached is None:
        return ""
    return format_number(result.reached)


def _term(row: PlanRow, unit: str) -> Iterator[ReadingShown]:
    names = _names(row.term)
    for reading in row.term:
        if not plan_view.speaks(reading):
            continue
        yield ReadingShown(
            reading=reading,
            address=explained_at(unit, row.code, reading.indicator.code, None),
            name=names.get(reading.indicator.code, ""),
            asked=_asked_of_term(reading),
            prospect=_prospect(reading),
        )


def _asked_of_term(reading: TermReading) -> str:
    """`chỉ tiêu 25 chi/tổ · số năm 2020 · 3/5 năm đạt`."""
    result = reading.result
    words = []
    if result.required:
        words.append(f"chỉ tiêu {plan_view.required(result.required)}")
    elif result.level is Level.NO_TARGET:
        words.append("chưa giao chỉ tiêu")
    words += [forecast.of_year(reading), forecast.years_met(reading)]
    return " · ".join(filter(None, words))


def _prospect(reading: Reading) -> str:
    """How it will end, and why; blank where that is known already, or not at all."""
    result = reading.result
    if not result.progress or result.prospect in SILENT_PROSPECTS:
        return ""
    return ": ".join(filter(None, [PROSPECTS[result.prospect], forecast.why(reading)]))
