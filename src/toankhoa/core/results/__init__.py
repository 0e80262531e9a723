"""What figures mean against their targets. Everything shown reads these records.

trajectory    a year of an indicator, period by period
forecast      pace, projection, what the rest would take
assessment    `assess`: where an indicator stands in a year or in the term
term_status   the whole term out of its years
plan_status   rows rolled up to their targets, targets to the plan
plan_view     the plan's own rows, each cell beside what it has come to
plan_targets  the plan's own targets with what measures them; what is most urgent
explanation   what a figure is made of
snapshot      the figures of an issued report, and what has changed since
"""

from toankhoa.core.results.assessment import Level, Prospect, Result, assess, goal, holds
from toankhoa.core.results.explanation import Brings, brings, by_weight, share
from toankhoa.core.results.forecast import (
    ForecastMethod,
    Pace,
    Progress,
    Projection,
    Remainder,
    Tempo,
    best_gain,
    best_run,
    by_rate,
    by_season,
    by_trend,
    median,
    pace,
    remainder,
    usual_share,
    year_progress,
)
from toankhoa.core.results.plan_status import (
    ASKED,
    TROUBLE,
    URGENCY,
    StatusTally,
    of_results,
    of_tallies,
)
from toankhoa.core.results.plan_targets import (
    IndicatorYears,
    PlanTarget,
    RowReading,
    indicator_years,
    most_urgent,
    plan_targets,
    whole_plan,
)
from toankhoa.core.results.plan_view import (
    Address,
    FigureMark,
    PlanLine,
    Reading,
    Span,
    TermReading,
    YearCell,
    addresses,
    in_term,
    in_year,
    marked,
    marks,
    rolled_up,
)
from toankhoa.core.results.snapshot import (
    SnapshotChange,
    SnapshotFigure,
    snapshot_changes,
    snapshot_from,
    snapshot_json,
    take_snapshot,
)
from toankhoa.core.results.term_status import YearOf, term_result, together
from toankhoa.core.results.trajectory import Trajectory, frequency_of, trajectory_of

__all__ = [
    "ASKED",
    "TROUBLE",
    "URGENCY",
    "Address",
    "Brings",
    "FigureMark",
    "ForecastMethod",
    "IndicatorYears",
    "Level",
    "Pace",
    "PlanLine",
    "PlanTarget",
    "Progress",
    "Projection",
    "Prospect",
    "Reading",
    "Remainder",
    "Result",
    "RowReading",
    "SnapshotChange",
    "SnapshotFigure",
    "Span",
    "StatusTally",
    "Tempo",
    "TermReading",
    "Trajectory",
    "YearCell",
    "YearOf",
    "addresses",
    "assess",
    "best_gain",
    "best_run",
    "brings",
    "by_rate",
    "by_season",
    "by_trend",
    "by_weight",
    "frequency_of",
    "goal",
    "holds",
    "in_term",
    "in_year",
    "indicator_years",
    "marked",
    "marks",
    "median",
    "most_urgent",
    "of_results",
    "of_tallies",
    "pace",
    "plan_targets",
    "remainder",
    "rolled_up",
    "share",
    "snapshot_changes",
    "snapshot_from",
    "snapshot_json",
    "take_snapshot",
    "term_result",
    "together",
    "trajectory_of",
    "usual_share",
    "whole_plan",
    "year_progress",
]
