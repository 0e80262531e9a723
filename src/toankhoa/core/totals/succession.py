"""What stands at the end of a year in which units handed over to each other.

The last figure of a unit that was merged or divided stays in the year, at those who carry it on, until they report that
figure themselves. Nothing is lost between a reform and the first report after it, and nothing counts twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from toankhoa.core.organisation import BoundaryChanges, Keeper, Transfer, TransferStep
from toankhoa.core.totals.cell import Cell, Counts, Months, Rules, Values
from toankhoa.core.totals.year import ClosedYear, UnitYear, close_year, year_of
from toankhoa.core.totals.year_trees import YearTrees

Flags = NDArray[np.bool_]


def close_years(
    values: Values, counts: Counts, rules: Rules, handed: BoundaryChanges, place: Mapping[str, int]
) -> ClosedYear:
    """What stands at the year's end of every unit, those that handed over included.

    Arrays are [12, unit, slot], units as in `place`; the results drop the first axis.
    """
    plain = close_year(values, counts, rules)
    if not handed:
        return plain
    rows = [place[unit] for unit in handed.units]
    family = _Family.of(handed, rules)
    found, carried = family.standing(values[:, rows], counts[:, rows]), np.zeros_like(plain.counts)
    plain.values[rows], plain.counts[rows], plain.matched[rows] = (
        found.values,
        found.counts,
        found.matched,
    )
    if found.carried is not None:
        carried[rows] = found.carried
    return ClosedYear(plain.values, plain.counts, plain.matched, carried)


@dataclass
class _Family:
    """Figures of units that hand over, as the year goes on: arrays [row, slot]; what is held has rows behind theirs.

    `known`: whether a unit, or one that it carries on, reported. `gaps`, [row, ratio, part]: whether one that it
    carries on reported the other part of a ratio but not this one, and it has not made up for it since.
    """

    handed: BoundaryChanges
    rules: Rules
    row: Mapping[Keeper, int]
    last: Values
    known: Flags
    carried: Flags
    gaps: Flags

    @classmethod
    def of(cls, handed: BoundaryChanges, rules: Rules) -> _Family:
        """Before anybody reports."""
        keepers: list[Keeper] = [*handed.units, *handed.held]
        row = {keeper: number for number, keeper in enumerate(keepers)}
        shape = (len(row), rules.width)
        pairs = np.zeros((len(row), len(rules.pairs), 2), np.bool_)
        flags: tuple[Flags, Flags] = np.zeros(shape, np.bool_), np.zeros(shape, np.bool_)
        return cls(handed, rules, row, np.zeros(shape, np.int64), *flags, pairs)

    def standing(self, values: Values, counts: Counts) -> ClosedYear:
        """Let the year go by."""
        ends = [*(step.month for step in self.handed.steps[1:]), len(values)]
        self._report(values[: self.handed.steps[0].month], counts[: self.handed.steps[0].month])
        for step, end in zip(self.handed.steps, ends, strict=True):
            self._hand_over(step.parts)
            self._report(values[step.month : end], counts[step.month : end])
            self._end_waiting(step, counts[step.month : end])
        return self._settled(close_year(values, counts, self.rules))

    def _report(self, values: Values, counts: Counts) -> None:
        """Months in which the same units stand: what they report takes the place of what they were handed."""
        units = len(self.handed.units)
        reported = close_year(values, counts, self.rules)
        said = reported.counts > 0
        self.last[:units] = np.where(said, reported.values, self.last[:units])
        self.known[:units] |= said
        self.carried[:units] &= ~said
        self.gaps[:units] &= ~said[:, self.rules.parts]

    def _end_waiting(self, step: TransferStep, counts: Counts) -> None:
        """What was held is over as soon as one who carries it on reports."""
        for held, heirs in step.awaited.items():
            said = (counts[:, [self.row[heir] for heir in heirs]] > 0).any(axis=(0, 1))
            self._clear(self.row[held], np.flatnonzero(said))

    def _clear(self, row: int, slots: NDArray[np.intp]) -> None:
        self.last[row, slots], self.known[row, slots], self.carried[row, slots] = 0, False, False

    def _hand_over(self, parts: Sequence[Transfer]) -> None:
        """All at once: a unit may hand over and be handed something on the same day."""
        if not parts:
            return
        sides = [part.old for part in parts], [part.new for part in parts]
        olds, news = (np.array([self.row[each] for each in side], np.intp) for side in sides)
        amounts = np.stack([self._amount(part) for part in parts])
        known, gaps = self.known[olds], self._missing(olds)
        every = np.arange(self.rules.width)
        for old in np.unique(olds):
            self._clear(old, every)
            self.gaps[old] = False
        taking = np.setdiff1d(news, olds)
        self.gaps[taking] = self._missing(taking)
        np.add.at(self.last, news, amounts)
        for flags, told in ((self.known, known), (self.carried, known), (self.gaps, gaps)):
            np.logical_or.at(flags, news, told)
        yes = self.rules.yes_no
        self.last[np.ix_(news, yes)] = self.last[np.ix_(news, yes)].clip(max=1)

    def _amount(self, part: Transfer) -> Values:
        figures = self.last[self.row[part.old]]
        return (
            figures
            if part.whole
            else np.array([part.of(figure) for figure in figures.tolist()], np.int64)
        )

    def _missing(self, rows: NDArray[np.intp]) -> Flags:
        """Which parts of each ratio these lack, of those that know any of it."""
        known = self.known[rows][:, self.rules.parts]
        missing: Flags = known.any(axis=-1, keepdims=True) & (~known | self.gaps[rows])
        return missing

    def _settled(self, plain: ClosedYear) -> ClosedYear:
        """The year's end: what is held stands at its holder; a ratio takes in all of a family that has it, or none.

        `plain`: what stands where each unit is read for itself.
        """
        rules, units = self.rules, len(self.handed.units)
        values, counts = plain.values, plain.counts
        last, carried = rules.last, np.zeros_like(plain.counts)
        values[:, last], counts[:, last] = self.last[:units, last], self.known[:units, last]
        carried[:, last] = self.carried[:units, last]
        rules.derive(values, counts)
        rules.pass_on(carried)
        for held, holder in self.handed.holders.items():
            row, at = self.row[held], self.row[holder]
            values[at, last] += self.last[row, last]
            for told in (counts, carried):
                told[at, last] += self.known[row, last]
        return ClosedYear(values, counts, self._matched()[:units], carried)

    def _matched(self) -> Flags:
        every = np.arange(len(self.row))
        wrong = self._missing(every).any(axis=-1)
        family = np.array([self.handed.family_of[keeper] for keeper in self.row])
        amiss = np.zeros((family.max() + 1, wrong.shape[1]), np.bool_)
        np.logical_or.at(amiss, family, wrong)
        matched: Flags = ~amiss[family]
        return matched


def own_years(
    years: Mapping[str, UnitYear],
    rules: Rules,
    handed: BoundaryChanges,
    above: Mapping[str, Mapping[str, Months]],
) -> dict[str, dict[Months, Cell]]:
    """By unit and months, what the own cells of units bring to the years of those `above` (see `YearTrees.above`).

    `years`: those of all units among whom figures pass.
    """
    place = {unit: row for row, unit in enumerate(years)}
    values = np.stack([year.values for year in years.values()], axis=1)
    counts = np.stack([year.counts for year in years.values()], axis=1)
    whole = close_years(values, counts, rules, handed, place)
    meant = dict.fromkeys(months for of_unit in above.values() for months in of_unit.values())
    found = {months: year_of(values, counts, rules, whole, months) for months in meant}
    return {
        unit: {months: found[months].at(row) for months in dict.fromkeys(above[unit].values())}
        for unit, row in place.items()
    }


def year_sums(
    values: Values,
    counts: Counts,
    rules: Rules,
    whole: ClosedYear,
    trees: YearTrees,
    place: Mapping[str, int],
) -> tuple[Cell, Cell]:
    """Every unit's year in which units were rearranged: its own, and with all below. Slow next to `subtree_sums`.

    Arrays are [12, unit, slot], units as in `place`; the results drop the first axis.
    """
    own, sums = _nothing(whole), _nothing(whole)
    for months, routes in trees.routes.items():
        years = year_of(values, counts, rules, whole, months)
        lower = [place[unit] for group in routes.lower for unit in group]
        starts = np.cumsum([0, *map(len, routes.lower[:-1])])
        into = [place[unit] for unit in routes.upper]
        itself = [
            place[unit]
            for unit, group in zip(routes.upper, routes.lower, strict=True)
            if unit in group
        ]
        for part, alone, total in zip(years.arrays, own.arrays, sums.arrays, strict=False):
            alone[itself] = part[itself]
            total[into] += np.add.reduceat(part[lower], starts, axis=0)
    return own, sums


def _nothing(whole: ClosedYear) -> Cell:
    carried = None if whole.carried is None else np.zeros_like(whole.carried)
    return Cell(np.zeros_like(whole.values), np.zeros_like(whole.counts), carried)
