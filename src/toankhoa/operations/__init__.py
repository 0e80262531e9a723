"""Verbs that cross apps, and readings that several of them make together.

measuring            the library of this installation, and the ledger that adds up by it
living_plan          the plan in force with its figures, on screen and on paper
cascaded_targets     what decisions ask of a unit
explained            one figure: parts, returns, target, reforms
restated_figure      one figure on the boundaries of another day
side_by_side         units through the years on one day's boundaries
upload               from a file to a draft
review               a draft as it is reviewed
units_of_plan        the units that a plan is checked against
library_additions    indicators that a plan officer adds
target_allocation    handing targets down
allocation_sheet     a decision as a table
as_issued            a decision as it was signed, and what has become of its units
report_issue         a report and its files, kept as they were issued
reforms              apply a reform, take it back
reform_files         reforms out of files and into them
reform_preview       what a reform does, before it is done
reform_units         … to units
reform_returns       … to returns
reform_dependents    what rests on an applied reform
totals_check         recompute the totals, or compare them with the returns
"""
