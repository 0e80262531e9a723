"""The only aggregation there is: returns → a unit's own cells → the totals of every unit above.

cell         the packed row in which figures are kept and added
year         a unit's year out of its months: what is summed, what is the last figure
year_trees   along which trees the months of a year add up; sums of all subtrees
succession   what stays of units that were merged or divided, until their heirs report
coverage     how much of a figure is in
figure       an actual: its value, its parts, its coverage
"""

from toankhoa.core.totals.cell import ALL_YEAR, MONTHS, Cell, Counts, Months, Rules, Values
from toankhoa.core.totals.coverage import Cover, CoveredYear, DuePeriod, Schedule, combined_year
from toankhoa.core.totals.figure import Figure
from toankhoa.core.totals.succession import close_years, own_years, year_sums
from toankhoa.core.totals.year import UnitYear, close_year, increments, part_of_year, year_of
from toankhoa.core.totals.year_trees import YearTrees, subtree_sums, trees_of_year

__all__ = [
    "ALL_YEAR",
    "MONTHS",
    "Cell",
    "Counts",
    "Cover",
    "CoveredYear",
    "DuePeriod",
    "Figure",
    "Months",
    "Rules",
    "Schedule",
    "UnitYear",
    "Values",
    "YearTrees",
    "close_year",
    "close_years",
    "combined_year",
    "increments",
    "own_years",
    "part_of_year",
    "subtree_sums",
    "trees_of_year",
    "year_of",
    "year_sums",
]
