"""What a unit's year is at its end, where units succeeded each other within it.

The last figure of a unit that was merged or divided stays in the year, at those who carry it on,
until they report that figure themselves. Nothing is lost between a reform and the first report
after it, and nothing counts twice (docs/arithmetic.md, "A year in which units are rearranged").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from toankhoa.core.organisation import BoundaryChanges, Keeper, Transfer, TransferStep
from toankhoa.core.totals.cell import Cell, Counts, Months, Rules, Values
from toankhoa.core.totals.year import ClosedYear, UnitYear, close_year, year_of
from toankhoa.core.totals.year_trees import YearTrees

Flags = NDArray[np.bool_]


def close_years(
    values: Values, counts: Counts, rules: Rules, changes: BoundaryChanges, place: Mapping[str, int]
) -> ClosedYear:
    """What every unit's year is at its end, those that passed figures on included.

    Arrays are [12, unit, slot], units as in `place`; the results drop the first axis.
    """
    closed = close_year(values, counts, rules)
    if not changes:
        return closed
    rows = [place[unit] for unit in changes.units]
    changed = _LastFigures(changes, rules).year_end(values[:, rows], counts[:, rows])
    inherited = np.zeros_like(closed.counts)
    closed.values[rows] = changed.values
    closed.counts[rows] = changed.counts
    closed.matched[rows] = changed.matched
    if changed.inherited is not None:
        inherited[rows] = changed.inherited
    return ClosedYear(closed.values, closed.counts, closed.matched, inherited)


class _LastFigures:
    """The last figures of units that pass some on, while the months of a year go by.

    Arrays are [row, slot]: a row for each unit, and behind these one for each that is held because
    nobody knows how to divide it.

    `figures`: the last ones. `known`: whether a unit, or one that it carries on, reported it.
    `inherited`: whether it is what it received, as it has not reported it since. `gaps`, [row,
    ratio, part]: whether a unit that it carries on reported the other part of a ratio but not this
    one, and it has not made up for it since.
    """

    def __init__(self, changes: BoundaryChanges, rules: Rules) -> None:
        self.changes = changes
        self.rules = rules
        self.units = len(changes.units)
        keepers: list[Keeper] = [*changes.units, *changes.held]
        self.row = {keeper: row for row, keeper in enumerate(keepers)}
        shape = (len(keepers), rules.width)
        self.figures: Values = np.zeros(shape, np.int64)
        self.known: Flags = np.zeros(shape, np.bool_)
        self.inherited: Flags = np.zeros(shape, np.bool_)
        self.gaps: Flags = np.zeros((len(keepers), len(rules.pairs), 2), np.bool_)

    def year_end(self, values: Values, counts: Counts) -> ClosedYear:
        """Let the year go by: figures pass on, months are reported, figures pass on again."""
        steps = self.changes.steps
        self._report(values[: steps[0].month], counts[: steps[0].month])
        ends = [*(step.month for step in steps[1:]), len(values)]
        for step, end in zip(steps, ends, strict=True):
            months = slice(step.month, end)
            self._pass_on(step.transfers)
            self._report(values[months], counts[months])
            self._end_awaited(step, counts[months])
        return self._closed(close_year(values, counts, self.rules))

    def _report(self, values: Values, counts: Counts) -> None:
        """Months in which the same units stand: a report takes the place of what was received."""
        units = slice(self.units)
        months = close_year(values, counts, self.rules)
        reported = months.counts > 0
        self.figures[units] = np.where(reported, months.values, self.figures[units])
        self.known[units] |= reported
        self.inherited[units] &= ~reported
        self.gaps[units] &= ~reported[:, self.rules.parts]

    def _end_awaited(self, step: TransferStep, counts: Counts) -> None:
        """What is held undivided is over as soon as one who carries it on reports."""
        for held, heirs in step.awaited.items():
            row = self.row[held]
            reported = (counts[:, self._rows(heirs)] > 0).any(axis=(0, 1))
            self.figures[row, reported] = 0
            self.known[row, reported] = False
            self.inherited[row, reported] = False

    def _pass_on(self, transfers: Sequence[Transfer]) -> None:
        """All at once: a unit may pass something on and receive something on the same day.

        So what everybody has is read first; then those who pass on have nothing; then all receive.
        """
        if not transfers:
            return
        olds = self._rows(transfer.old for transfer in transfers)
        news = self._rows(transfer.new for transfer in transfers)
        amounts = np.stack([self._amount(transfer) for transfer in transfers])
        known, gaps = self.known[olds], self._missing(olds)

        self.figures[olds] = 0
        self.known[olds] = False
        self.inherited[olds] = False
        self.gaps[olds] = False
        # Who only receives has gaps of its own: parts of ratios that it has not reported so far.
        receiving = np.setdiff1d(news, olds)
        self.gaps[receiving] = self._missing(receiving)

        np.add.at(self.figures, news, amounts)
        np.logical_or.at(self.known, news, known)
        np.logical_or.at(self.inherited, news, known)
        np.logical_or.at(self.gaps, news, gaps)
        # What is done or not done is done once, however many of the merged units had done it.
        yes_no = np.ix_(news, self.rules.yes_no)
        self.figures[yes_no] = self.figures[yes_no].clip(max=1)

    def _rows(self, keepers: Iterable[Keeper]) -> NDArray[np.intp]:
        return np.array([self.row[keeper] for keeper in keepers], np.intp)

    def _amount(self, transfer: Transfer) -> Values:
        figures: Values = self.figures[self.row[transfer.old]]
        if transfer.whole:
            return figures
        return np.array([transfer.of(figure) for figure in figures.tolist()], np.int64)

    def _missing(self, rows: NDArray[np.intp]) -> Flags:
        """Which parts of a ratio these lack, of those that know any of it: [row, ratio, part]."""
        known = self.known[rows][:, self.rules.parts]
        missing: Flags = known.any(axis=-1, keepdims=True) & (~known | self.gaps[rows])
        return missing

    def _closed(self, closed: ClosedYear) -> ClosedYear:
        """The year's end, out of years that were closed as if nothing had passed on.

        What is summed is right in these already. What lasts is the last figure, received or
        reported; what is still held is added to its holder.
        """
        last, units = self.rules.last, slice(self.units)
        values, counts, inherited = closed.values, closed.counts, np.zeros_like(closed.counts)
        values[:, last] = self.figures[units, last]
        counts[:, last] = self.known[units, last]
        inherited[:, last] = self.inherited[units, last]
        self.rules.derive(values, counts)
        self.rules.pass_on(inherited)
        for held, holder in self.changes.holders.items():
            source, target = self.row[held], self.row[holder]
            values[target, last] += self.figures[source, last]
            counts[target, last] += self.known[source, last]
            inherited[target, last] += self.known[source, last]
        return ClosedYear(values, counts, self._matched()[units], inherited)

    def _matched(self) -> Flags:
        """A ratio takes in all of a family that has it, or none: [row, ratio]."""
        rows = np.arange(len(self.row))
        incomplete = self._missing(rows).any(axis=-1)
        family = np.array([self.changes.family_of[keeper] for keeper in self.row])
        of_family = np.zeros((family.max() + 1, incomplete.shape[1]), np.bool_)
        np.logical_or.at(of_family, family, incomplete)
        matched: Flags = ~of_family[family]
        return matched


def own_years(
    years: Mapping[str, UnitYear],
    rules: Rules,
    changes: BoundaryChanges,
    above: Mapping[str, Mapping[str, Months]],
) -> dict[str, dict[Months, Cell]]:
    """By unit and months, what the own cells of units add to the years of those `above`.

    `years`: those of all units among whom figures pass; `above`: by unit, see `YearTrees.above`.
    """
    place = {unit: row for row, unit in enumerate(years)}
    values = np.stack([year.values for year in years.values()], axis=1)
    counts = np.stack([year.counts for year in years.values()], axis=1)
    closed = close_years(values, counts, rules, changes, place)
    cells: dict[Months, Cell] = {}  # each in arrays of all units
    own: dict[str, dict[Months, Cell]] = {}
    for unit, row in place.items():
        own[unit] = {}
        for months in above[unit].values():
            if months not in cells:
                cells[months] = year_of(values, counts, rules, closed, months)
            own[unit][months] = cells[months].at(row)
    return own


def year_sums(
    values: Values,
    counts: Counts,
    rules: Rules,
    closed: ClosedYear,
    trees: YearTrees,
    place: Mapping[str, int],
) -> tuple[Cell, Cell]:
    """Every unit's year in which units were rearranged: its own, and with all below.

    Arrays are [12, unit, slot], units as in `place`; the results drop the first axis. Slow next to
    `subtree_sums`.
    """
    own, sums = _nothing(closed), _nothing(closed)
    for months, routes in trees.routes.items():
        years = year_of(values, counts, rules, closed, months)
        lower: list[int] = []  # rows of all groups, one group after another
        starts: list[int] = []
        itself: list[int] = []
        for upper, group in zip(routes.upper, routes.lower, strict=True):
            starts.append(len(lower))
            lower += [place[unit] for unit in group]
            if upper in group:
                itself.append(place[upper])
        into = [place[unit] for unit in routes.upper]
        for part, alone, total in zip(years.arrays, own.arrays, sums.arrays, strict=False):
            alone[itself] = part[itself]
            total[into] += np.add.reduceat(part[lower], starts, axis=0)
    return own, sums


def _nothing(closed: ClosedYear) -> Cell:
    inherited = None if closed.inherited is None else np.zeros_like(closed.inherited)
    return Cell(np.zeros_like(closed.values), np.zeros_like(closed.counts), inherited)
