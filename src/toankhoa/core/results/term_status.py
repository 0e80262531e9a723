"""The whole term of one indicator, out of its years: `term_result`.

The rule is the indicator's (`core.measures.indicators.TermRule`): its years add up, or the figure
of the last one is the term's. What the term asks is what the plan's words ask of it; where they
speak of years only, the sum of the years' levels, or the last of them (docs/arithmetic.md, "The
whole term").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from toankhoa.core.measures import Indicator, Path, TermRule
from toankhoa.core.plan import Comparator
from toankhoa.core.results.assessment import Level, Result, assess
from toankhoa.core.results.missing import present
from toankhoa.core.results.term_trajectory import TermTrajectory, TermYear
from toankhoa.core.results.trajectory import Trajectory
from toankhoa.core.targets import Required
from toankhoa.core.totals import Figure

# Only amounts of these add up: 5 more than last year, twice, is no "10 more than last year".
_ADDABLE = frozenset(
    {Comparator.AT_LEAST, Comparator.EXACTLY, Comparator.AT_MOST, Comparator.RANGE}
)
_HELD_AGAINST_A_TARGET = (Level.MET, Level.OPEN, Level.NOT_MET)


@dataclass(frozen=True, slots=True, kw_only=True)
class TermResult:
    """The term's `result`, and what it is made of.

    `year`: the year its figure is of, None where the years add up; `years`: those it takes in.
    `from_years`: the amount is put together from the years' levels. `years_met` of
    `years_with_target` were reached.
    """

    result: Result
    rule: TermRule
    year: int | None
    years: tuple[int, ...]
    from_years: bool
    years_met: int
    years_with_target: int


def term_result(
    *,
    indicator: Indicator,
    rule: TermRule,
    path: Path,
    years: Sequence[TermYear],
    required: Required | None,
    due: bool,
    trajectories: Sequence[Trajectory] = (),
    ceiling: Fraction | None = None,
) -> TermResult:
    """How the term compares with its target.

    `years`: all of the plan's, in order; `required`: what its words ask of the term here; `due`:
    whether they ask for anything, of the term or of a year; `path`: the indicator's;
    `trajectories`: the years as they went, period by period; `ceiling`: the most a figure can be.
    """
    with_target = [year for year in years if year.has_target]
    need = required or _required_by_years(rule, with_target)
    target_year = _target_year(years, with_target, required)
    years_until = [year for year in years if year.year <= target_year.year]
    shown = _shown_years(rule, years_until)
    trajectory = TermTrajectory(
        rule=rule,
        path=path,
        years=years_until,
        has_yearly_targets=bool(with_target),
        trajectories=trajectories,
        ceiling=ceiling,
    )
    result = assess(
        indicator=indicator,
        figure=_figure_of(shown),
        target=need,
        due=due,
        year_over=target_year.over,
        applies=_count(years, Level.NOT_APPLICABLE) < len(years),
        before=target_year.result.before,
        progress=trajectory.progress(),
    )
    if shown[-1] is not target_year:
        result = _undecided(result, over=target_year.over)
    return TermResult(
        result=result,
        rule=rule,
        year=None if rule is TermRule.SUM else shown[-1].year,
        years=tuple(year.year for year in shown),
        from_years=required is None and need is not None,
        years_met=_count(with_target, Level.MET),
        years_with_target=len(with_target),
    )


def _target_year(
    years: Sequence[TermYear], with_target: Sequence[TermYear], required: Required | None
) -> TermYear:
    """The year that the target is for: the term's last, if its words ask anything of the term.

    Where they speak of years only, the last one that has a level: nothing is asked after it.
    """
    if required is None and with_target:
        return with_target[-1]
    return years[-1]


def _figure_of(years: Sequence[TermYear]) -> Figure:
    return combined_figure([year.result.figure for year in years])


def _count(years: Sequence[TermYear], level: Level) -> int:
    return sum(year.result.level is level for year in years)


def _shown_years(rule: TermRule, years: Sequence[TermYear]) -> Sequence[TermYear]:
    """The years that the term's figure takes in: all that add up, else the last one known."""
    if rule is TermRule.SUM:
        return years
    last = years[-1]
    if last.value is None:
        last = _last_known(years)
    return [last]


def _last_known(years: Sequence[TermYear]) -> TermYear:
    """The last year that is over and has a figure: half a year says nothing of the term's end.

    Where no year with a figure is over, the last one with a figure; else the last one.
    """
    known = [year for year in years if year.value is not None]
    for year in reversed(known):
        if year.over:
            return year
    return known[-1] if known else years[-1]


def _undecided(result: Result, *, over: bool) -> Result:
    """An earlier year's figure says nothing yet of the year that the target is for."""
    if result.level not in _HELD_AGAINST_A_TARGET:
        return result
    return replace(result, level=Level.NO_DATA if over else Level.OPEN)


def _required_by_years(rule: TermRule, with_target: Sequence[TermYear]) -> Required | None:
    """What the levels of the years ask of the term: the last one, or all of them together.

    None where they cannot be added, or where one is not known here.
    """
    if not with_target:
        return None
    last = with_target[-1].result.required
    if rule is TermRule.LAST or last is None:
        return last
    needs = present(year.result.required for year in with_target)
    if len(needs) < len(with_target):
        return None
    return _sum_of(needs)


def _sum_of(needs: Sequence[Required]) -> Required | None:
    """Amounts of one kind, added up: "at least 5" each year for five years is "at least 25"."""
    comparators = {_as_bound(need.comparator) for need in needs}
    last = needs[-1]
    if len(comparators) > 1 or last.comparator not in _ADDABLE:
        return None
    amount = sum((need.amount for need in needs), Fraction(0))
    upper = None
    if last.upper is not None:
        upper = sum((need.upper or need.amount for need in needs), Fraction(0))
    return replace(last, amount=amount, upper=upper)


def _as_bound(comparator: Comparator) -> Comparator:
    """A bare figure is an amount to reach like any other."""
    if comparator in (Comparator.EXACTLY, Comparator.RANGE):
        return Comparator.AT_LEAST
    return comparator


def combined_figure(figures: Sequence[Figure]) -> Figure:
    """The figures of one or more years as one.

    Missing ones add nothing, and show in the reports. What several years add up to is a count: only
    a single year's figure keeps its denominator.
    """
    if len(figures) == 1:
        return figures[0]
    numerators = present(figure.numerator for figure in figures)
    return Figure(
        numerator=sum(numerators) if numerators else None,
        reports=sum(figure.reports for figure in figures),
        due=sum(figure.due for figure in figures),
        carried=figures[-1].carried,
        partial=any(figure.partial for figure in figures),
    )
