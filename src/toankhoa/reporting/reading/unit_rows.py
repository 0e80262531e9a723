"""What is read of units: packed rows, loaded together for all the readers that need them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from toankhoa.core.basics import year_key
from toankhoa.core.totals import MONTHS, Cell
from toankhoa.reporting.totals import past_totals, store
from toankhoa.reporting.totals.ledger import Ledger


@dataclass(frozen=True)
class UnitRows:
    """What was read of one unit: its packed rows by period key (year × 100 + month, month 0 for the
    year itself).

    A row that is not there says that nothing was accepted to the depth that is read: it is empty.
    """

    cells: Mapping[int, Cell]
    nothing: Cell

    def cell(self, key: int) -> Cell:
        """One row."""
        return self.cells.get(key, self.nothing)

    def months(self, year: int) -> list[Cell]:
        """The twelve rows of a year's months."""
        return [self.cell(year_key(year) + month) for month in range(1, MONTHS + 1)]

    @property
    def last_key(self) -> int:
        """The key of the last row, 0 where there is none."""
        return max(self.cells, default=0)


@dataclass(frozen=True)
class RowRequest:
    """Which rows a reader needs: of one unit, each year as accepted to a depth (`stages`: year,
    depth).

    `alone`: of the unit's own returns, else with all below it.
    """

    unit: str
    stages: tuple[tuple[int, int], ...]
    alone: bool


class RowBatch:
    """Loads the rows of many readers together, when the first of them is asked for a figure.

    One query for each depth at which rows are read, with all below and alone counted apart.
    Example: the page of a province reads the rows of its 30 districts, all accepted to depth 0, in
    one query.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._waiting: list[Callable[[], RowRequest]] = []
        self._cells: dict[tuple[str, int, bool], dict[int, Cell]] = {}  # unit, stage, alone

    def expect(self, request: Callable[[], RowRequest]) -> None:
        """Say that rows may be asked for; which ones is worked out once any reader of the batch is
        asked.
        """
        self._waiting.append(request)

    def rows(self, request: RowRequest) -> UnitRows:
        """What was read for an expected request."""
        if self._waiting:
            self._load()
        cells: dict[int, Cell] = {}
        for year, stage in request.stages:
            of_stage = self._cells[request.unit, stage, request.alone]
            cells |= {key: cell for key, cell in of_stage.items() if key // 100 == year}
        return UnitRows(cells, Cell.zero(self._ledger.library.width))

    def _load(self) -> None:
        units: dict[tuple[int, bool], set[str]] = {}  # by stage and alone
        years: dict[tuple[int, bool], set[int]] = {}
        for request_of in self._waiting:
            request = request_of()
            for year, stage in request.stages:
                units.setdefault((stage, request.alone), set()).add(request.unit)
                years.setdefault((stage, request.alone), set()).add(year)
        self._waiting = []
        for (stage, alone), of_kind in units.items():
            by_unit = _read(of_kind, years[stage, alone], stage, alone, self._ledger)
            for unit, cells in by_unit.items():
                self._cells.setdefault((unit, stage, alone), {}).update(cells)


def _read(
    units: Iterable[str], years: Iterable[int], stage: int, alone: bool, ledger: Ledger
) -> dict[str, dict[int, Cell]]:
    """Rows of several units by unit and period key: one query."""
    organisation, wanted = ledger.organisation, set(years)
    by_unit: dict[str, dict[int, Cell]] = {unit: {} for unit in units}
    rows = past_totals.read(
        ledger=ledger,
        units=[organisation.ids[unit] for unit in by_unit],
        first=year_key(min(wanted)),
        last=year_key(max(wanted)) + MONTHS,
        stage=stage,
        scopes=store.OF_ITSELF if alone else store.OF_ALL_BELOW,
    )
    for (unit, period), cell in rows.items():
        if period // 100 in wanted:
            by_unit[organisation.codes[unit]][period] = cell
    return by_unit
