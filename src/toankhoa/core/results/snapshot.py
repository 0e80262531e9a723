"""The figures of an issued report: what they were when it was issued, and which changed since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from toankhoa.core.results.missing import difference
from toankhoa.core.results.plan_view import PlanLine, Reading
from toankhoa.core.totals import Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotFigure:
    """One figure of a year as a report shows it.

    `name`: of its indicator; `code`: see `core.basics.figure_code`. The names of the fields are the
    keys of stored documents (`snapshot_json`), which are never rewritten: they do not change.
    """

    row: str
    indicator: str
    year: int
    name: str
    unit: str
    numerator: int | None
    denominator: int | None
    ratio: bool
    reports: int
    due: int
    level: str
    code: str = ""

    @property
    def address(self) -> tuple[str, str, int]:
        """What it is about."""
        return self.row, self.indicator, self.year

    @property
    def figure(self) -> Figure:
        """As an actual."""
        return Figure(
            numerator=self.numerator,
            denominator=self.denominator,
            ratio=self.ratio,
            reports=self.reports,
            due=self.due,
        )


def take_snapshot(lines: Sequence[PlanLine]) -> list[SnapshotFigure]:
    """Every figure of every year, in the order of the plan's table."""
    snapshot: list[SnapshotFigure] = []
    for line in lines:
        for reading in line.year_readings:
            snapshot.append(_snapshot_figure(line.row.code, reading))
    return snapshot


def _snapshot_figure(row: str, reading: Reading) -> SnapshotFigure:
    figure = reading.result.figure
    return SnapshotFigure(
        row=row,
        indicator=reading.indicator.code,
        year=reading.year,
        name=reading.indicator.name,
        unit=reading.indicator.unit,
        numerator=figure.numerator,
        denominator=figure.denominator,
        ratio=figure.ratio,
        reports=figure.reports,
        due=figure.due,
        level=reading.result.level,
        code=str(reading.mark.code) if reading.mark else "",
    )


def snapshot_json(figures: Iterable[SnapshotFigure]) -> list[dict[str, Any]]:
    """A snapshot as it is stored with its report."""
    return [asdict(figure) for figure in figures]


def snapshot_from(stored: Iterable[dict[str, Any]]) -> list[SnapshotFigure]:
    """A snapshot as it was stored."""
    return [SnapshotFigure(**figure) for figure in stored]


@dataclass(frozen=True, slots=True)
class SnapshotChange:
    """A figure that is no longer what a report said.

    A side is None where the plan had no such figure; one side at least is there.
    """

    was: SnapshotFigure | None
    now: SnapshotFigure | None

    @property
    def about(self) -> SnapshotFigure:
        """The side that says what it is about: the later one, where there is one."""
        about = self.now or self.was
        assert about is not None
        return about

    @property
    def difference(self) -> Fraction | None:
        """Now less then: in percentage points for a ratio. None where a side is missing."""
        if self.was is None or self.now is None:
            return None
        return difference(self.now.figure.value, self.was.figure.value)


def snapshot_changes(
    was: Iterable[SnapshotFigure], now: Iterable[SnapshotFigure]
) -> list[SnapshotChange]:
    """What differs, in the order of now, then what is no more.

    Missing is a value of its own: from missing to 0 is a change. From blank to blank is none.
    """
    before = {figure.address: figure for figure in was}
    after = {figure.address: figure for figure in now}
    addresses = dict.fromkeys([*after, *before])  # in that order, none twice
    pairs = [SnapshotChange(before.get(address), after.get(address)) for address in addresses]
    return [pair for pair in pairs if _shown_parts(pair.was) != _shown_parts(pair.now)]


def _shown_parts(figure: SnapshotFigure | None) -> tuple[int | None, int | None]:
    """What the report shows: a denominator without a numerator shows nothing."""
    if figure is None or figure.numerator is None:
        return None, None
    return figure.numerator, figure.denominator
