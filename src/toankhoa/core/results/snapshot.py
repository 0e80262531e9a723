"""The figures of an issued report: what they were when it was issued, and which have changed since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from toankhoa.core.results.plan_view import PlanLine
from toankhoa.core.totals import Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotFigure:
    """One figure of a year as a report shows it. `name`: of its indicator; `code`: see `core.basics.figure_code`."""

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
        parts = {"numerator": self.numerator, "denominator": self.denominator, "ratio": self.ratio}
        return Figure(**parts, reports=self.reports, due=self.due)  # type: ignore[arg-type]


def take_snapshot(lines: Sequence[PlanLine]) -> list[SnapshotFigure]:
    """Every figure of every year."""
    return [
        SnapshotFigure(
            row=line.row.code,
            indicator=reading.indicator.code,
            year=cell.year,
            name=reading.indicator.name,
            unit=reading.indicator.unit,
            numerator=reading.result.figure.numerator,
            denominator=reading.result.figure.denominator,
            ratio=reading.result.figure.ratio,
            reports=reading.result.figure.reports,
            due=reading.result.figure.due,
            level=reading.result.level,
            code=str(reading.mark.code) if reading.mark else "",
        )
        for line in lines
        for cell in line.cells
        for reading in cell.readings
    ]


def snapshot_json(figures: Iterable[SnapshotFigure]) -> list[dict[str, Any]]:
    """As it is kept."""
    return [asdict(figure) for figure in figures]


def snapshot_from(kept: Iterable[dict[str, Any]]) -> list[SnapshotFigure]:
    """As it was."""
    return [SnapshotFigure(**figure) for figure in kept]


@dataclass(frozen=True, slots=True)
class SnapshotChange:
    """A figure that is no longer what a report said. A side is None where the plan had no such figure."""

    was: SnapshotFigure | None
    now: SnapshotFigure | None

    @property
    def about(self) -> SnapshotFigure:
        """The side that says what it is about: the later one, where there is one."""
        about = self.now or self.was
        assert about is not None  # one side at least
        return about

    @property
    def difference(self) -> Fraction | None:
        """Now less then: in percentage points for a ratio. None where a side is missing."""
        was, now = (side.figure.value if side else None for side in (self.was, self.now))
        return None if was is None or now is None else now - was


def snapshot_changes(
    was: Iterable[SnapshotFigure], now: Iterable[SnapshotFigure]
) -> list[SnapshotChange]:
    """What differs, in the order of now, then what is no more. Missing is a value of its own; a blank is no change."""
    before = {figure.address: figure for figure in was}
    after = {figure.address: figure for figure in now}
    pairs: list[tuple[SnapshotFigure | None, SnapshotFigure | None]]
    pairs = [(before.get(address), figure) for address, figure in after.items()]
    pairs += [(figure, None) for address, figure in before.items() if address not in after]
    return [SnapshotChange(old, new) for old, new in pairs if _said(old) != _said(new)]


def _said(figure: SnapshotFigure | None) -> tuple[int | None, int | None]:
    """What the report says: a denominator without a numerator says nothing."""
    if figure is None or figure.numerator is None:
        return None, None
    return figure.numerator, figure.denominator
