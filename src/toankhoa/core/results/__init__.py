"""What figures mean against their targets. Everything shown reads these records.

trajectory       a year of an indicator, period by period
forecast         pace, projection, what the rest would take
assessment       `assess`: how an indicator compares with its target, in a year or in the term
term_trajectory  how the whole term has come along
term_status      the whole term out of its years
plan_status      rows rolled up to their targets, targets to the plan
plan_view        the plan's own rows, each cell beside what it has come to
plan_targets     the plan's own targets with what measures them; what is most urgent
explanation      what a figure is made of
missing          arithmetic with figures that may be missing
snapshot         the figures of an issued report, and what has changed since
"""

from toankhoa.core.results.assessment import Level, Prospect, Result, assess, goal, holds
from toankhoa.core.results.explanation import (
    PartStatus,
    part_status,
    share_of_whole,
    sorted_by_weight,
)
from toankhoa.core.results.forecast import (
    ExpectedPath,
    ForecastMethod,
    Pace,
    Progress,
    Projection,
    Remainder,
    RunningYear,
    Tempo,
    best_gain,
    best_run,
    by_rate,
    by_season,
    by_trend,
    pace,
    remainder,
    usual_share,
    worst_fall,
    year_progress,
)
from toankhoa.core.results.plan_status import (
    TROUBLE,
    URGENCY,
    WITH_TARGET,
    StatusTally,
    tally_objectives,
    tally_results,
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
    figure_marks,
    in_term,
    in_year,
    marked_lines,
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
from toankhoa.core.results.term_status import TermResult, combined_figure, term_result
from toankhoa.core.results.term_trajectory import TermYear
from toankhoa.core.results.trajectory import Trajectory, frequency_of, trajectory_of

__all__ = [
    "TROUBLE",
    "URGENCY",
    "WITH_TARGET",
    "Address",
    "ExpectedPath",
    "FigureMark",
    "ForecastMethod",
    "IndicatorYears",
    "Level",
    "Pace",
    "PartStatus",
    "PlanLine",
    "PlanTarget",
    "Progress",
    "Projection",
    "Prospect",
    "Reading",
    "Remainder",
    "Result",
    "RowReading",
    "RunningYear",
    "SnapshotChange",
    "SnapshotFigure",
    "Span",
    "StatusTally",
    "Tempo",
    "TermReading",
    "TermResult",
    "TermYear",
    "Trajectory",
    "YearCell",
    "addresses",
    "assess",
    "best_gain",
    "best_run",
    "by_rate",
    "by_season",
    "by_trend",
    "combined_figure",
    "figure_marks",
    "frequency_of",
    "goal",
    "holds",
    "in_term",
    "in_year",
    "indicator_years",
    "marked_lines",
    "most_urgent",
    "pace",
    "part_status",
    "plan_targets",
    "remainder",
    "rolled_up",
    "share_of_whole",
    "snapshot_changes",
    "snapshot_from",
    "snapshot_json",
    "sorted_by_weight",
    "take_snapshot",
    "tally_objectives",
    "tally_results",
    "term_result",
    "trajectory_of",
    "usual_share",
    "whole_plan",
    "worst_fall",
    "year_progress",
]
