"""The whole term of one indicator, out of its years: `term_result`.

The rule is the indicator's (`measures.TermRule`): its years add up, or it stands where it stands last. What the term
asks is what the plan's words ask of it; where they speak of years only, the sum of their levels, or the last of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from toankhoa.core.basics import Frequency
from toankhoa.core.measures import Indicator, Path, TermRule
from toankhoa.core.plan import Comparator
from toankhoa.core.results.assessment import Level, Result, assess
from toankhoa.core.results.forecast import Progress, Projection, best_run, by_trend
from toankhoa.core.results.trajectory import Trajectory
from toankhoa.core.targets import Required
from toankhoa.core.totals import Figure

_ONE_AMOUNT = frozenset(
    {Comparator.AT_LEAST, Comparator.EXACTLY, Comparator.AT_MOST, Comparator.RANGE}
)
MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class YearOf:
    """One year of the term: `asked` is whether the plan sets a level for the year itself, `over` whether it has ended.

    `progress` is that of the running year, whatever is asked of it.
    """

    year: int
    result: Result
    asked: bool
    over: bool
    progress: Progress | None = None

    @property
    def value(self) -> Fraction | None:
        """Its figure."""
        return self.result.figure.value


@dataclass(frozen=True, slots=True, kw_only=True)
class TermResult:
    """The term's `result`. `year`: the year its figure is of, None where the years add up; `years`: those it takes in.

    `from_years`: the amount is put together from the years' levels. `met` of `asked` years were reached.
    """

    result: Result
    rule: TermRule
    year: int | None
    years: tuple[int, ...]
    from_years: bool
    met: int
    asked: int


def term_result(
    *,
    indicator: Indicator,
    rule: TermRule,
    path: Path,
    years: Sequence[YearOf],
    asked: Required | None,
    due: bool,
    trajectories: Sequence[Trajectory] = (),
    ceiling: Fraction | None = None,
) -> TermResult:
    """Where the term stands. `years`: all of the plan's, in order; `asked`: what its words ask of the term here.

    `due`: whether they ask for anything, of the term or of a year; `path`: the indicator's; `courses`: the years as
    they went, period by period.
    """
    own, summed = [year for year in years if year.asked], rule is TermRule.SUM
    need, at = asked or _from_years(rule, own), years[-1] if asked or not own else own[-1]
    within = [year for year in years if year.year <= at.year]
    stands = at if summed or at.value is not None else _last_known(within)
    way = _Way(
        rule=rule,
        path=path,
        years=within,
        by_levels=bool(own),
        ceiling=ceiling,
        trajectories=trajectories,
    )
    result = assess(
        indicator=indicator,
        figure=together([year.result.figure for year in within])
        if summed
        else stands.result.figure,
        target=need,
        due=due,
        year_over=at.over,
        applies=any(year.result.level is not Level.NOT_APPLICABLE for year in years),
        before=at.result.before,
        progress=None if at.over else way.progress(),
    )
    return TermResult(
        result=result if stands is at else _unsettled(result, over=at.over),
        rule=rule,
        year=None if summed else stands.year,
        years=tuple(year.year for year in within) if summed else (stands.year,),
        from_years=asked is None and need is not None,
        met=sum(year.result.level is Level.MET for year in own),
        asked=len(own),
    )


def _unsettled(result: Result, *, over: bool) -> Result:
    """An earlier year's figure says nothing yet of the year that the target is for."""
    if result.level not in (Level.MET, Level.OPEN, Level.NOT_MET):
        return result
    return replace(result, level=Level.NO_DATA if over else Level.OPEN)


def _from_years(rule: TermRule, own: Sequence[YearOf]) -> Required | None:
    """The last year's level, or all years' together where they can be added and none is missing here."""
    if not own:
        return None
    needs = [year.result.required for year in own]
    last = needs[-1]
    if rule is TermRule.LAST or last is None:
        return last
    known = [need for need in needs if need is not None]
    same = len({_plain(need.comparator) for need in known}) == 1 and last.comparator in _ONE_AMOUNT
    if len(known) < len(needs) or not same:
        return None
    upper = (
        None
        if last.upper is None
        else sum((need.upper or need.amount for need in known), Fraction(0))
    )
    return replace(last, amount=sum((need.amount for need in known), Fraction(0)), upper=upper)


def _plain(comparator: Comparator) -> Comparator:
    """A bare figure is an amount to reach like any other."""
    return (
        Comparator.AT_LEAST if comparator in (Comparator.EXACTLY, Comparator.RANGE) else comparator
    )


def _last_known(years: Sequence[YearOf]) -> YearOf:
    """The last year that is over with a figure: half a year cannot stand for the last one of the term."""
    known = [year for year in years if year.value is not None]
    return next((year for year in reversed(known) if year.over), known[-1] if known else years[-1])


def together(figures: Sequence[Figure]) -> Figure:
    """The figures of one or more years as one: missing ones add nothing, and show in the reports."""
    if len(figures) == 1:
        return figures[0]
    known = [figure.numerator for figure in figures if figure.numerator is not None]
    return Figure(
        numerator=sum(known) if known else None,
        reports=sum(figure.reports for figure in figures),
        due=sum(figure.due for figure in figures),
        carried=figures[-1].carried,
        partial=any(figure.partial for figure in figures),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """The term on its way: closed years, the running one, those to come. `by_levels`: the plan sets years' levels."""

    rule: TermRule
    path: Path
    years: Sequence[YearOf]
    by_levels: bool
    ceiling: Fraction | None
    trajectories: Sequence[Trajectory]

    @property
    def closed(self) -> list[YearOf]:
        return [year for year in self.years if year.over]

    @property
    def points(self) -> dict[int, Fraction]:
        return {year.year: year.value for year in self.closed if year.value is not None}

    @property
    def now(self) -> YearOf | None:
        return next((year for year in self.years if year.progress is not None), None)

    def progress(self) -> Progress | None:
        """None before the term's first year."""
        if self.rule is TermRule.SUM:
            return self._adding()
        if self.now and self.now.year == self.years[-1].year and self.now.progress:
            progress = self.now.progress
            return progress if self.by_levels else self._on_a_line(progress)
        return self._standing()

    def _adding(self) -> Progress | None:
        now = self.now
        running = now.progress if now else None
        if running is None:
            return None
        known = [*self.points.values(), *([running.so_far] if running.so_far is not None else [])]
        by = running.by or (date(self.closed[-1].year, MONTHS, 31) if self.closed else None)
        later = len(self.years) - len(self.closed) - 1
        left = running.left + later * (MONTHS // running.frequency.months)
        share, path = self._share(running)
        return replace(
            running,
            ends=date(self.years[-1].year, MONTHS, 31),
            by=by,
            so_far=sum(known, Fraction(0)) if known else None,
            path=path,
            start=Fraction(0),
            share=share,
            left=left,
            best=best_run(self.trajectories, left),
            projection=self._sum_ahead(running),
        )

    def _share(self, running: Progress) -> tuple[Fraction | None, Path]:
        """How much of the term should lie behind: by its years' levels, evenly where there are none."""
        goals = {year.year: year.result.goal for year in self.years if year.asked}
        amounts = [goal for goal in goals.values() if goal is not None]
        if not goals and self.path is Path.DEADLINE:
            return None, self.path
        if not amounts or len(amounts) < len(goals) or not sum(amounts):
            months = MONTHS * len(self.closed) + (running.by.month if running.by else 0)
            return Fraction(months, MONTHS * len(self.years)), Path.EVEN
        behind = sum((goals.get(year.year) or Fraction(0) for year in self.closed), Fraction(0))
        this_year = goals.get(self.now.year if self.now else 0) or Fraction(0)
        return (behind + this_year * (running.share or 0)) / sum(amounts), Path.STEPS

    def _sum_ahead(self, running: Progress) -> Projection | None:
        """What is in, the running year's outlook, and the trend for every year to come."""
        ahead = running.projection
        for year in self.years[len(self.closed) + 1 :]:
            one = by_trend(self.points, year.year)
            ahead = None if ahead is None or one is None else ahead.plus(one.within(self.ceiling))
        return ahead and ahead.plus(sum(self.points.values(), Fraction(0)))

    def _standing(self) -> Progress | None:
        """A figure of a later year: read at the end of the last year that is over."""
        points = self.points
        if not points:
            return None
        last, end = max(points), self.years[-1].year
        left = end - last
        gains = [points[year + left] - points[year] for year in points if year + left in points]
        by = date(last, MONTHS, 31)
        trend = by_trend(points, end)
        way = Progress(
            adds_up=False,
            ends=date(end, MONTHS, 31),
            by=by,
            so_far=points[last],
            path=Path.EVEN,
            start=None,
            share=None,
            frequency=Frequency.YEAR,
            left=left,
            best=max(gains, default=None),
            fall=max((-gain for gain in gains), default=None),
            projection=trend and trend.within(self.ceiling),
        )
        step = next((year.result.goal for year in reversed(self.closed) if year.asked), None)
        if step is not None:
            return replace(way, path=Path.STEPS, start=step, share=Fraction(0))
        return self._on_a_line(way)

    def _on_a_line(self, way: Progress) -> Progress:
        """With the straight line from the first year that is known to the end of the term as its path."""
        if self.path is Path.DEADLINE:
            return replace(way, path=self.path, share=None)
        first, end, by = min(self.points, default=None), self.years[-1].year, way.by
        if first is None or by is None or first >= end:
            return replace(way, start=None, share=None)
        months = MONTHS * (by.year - first - 1) + by.month
        share = Fraction(months, MONTHS * (end - first))
        return replace(way, path=Path.EVEN, start=self.points[first], share=share)
