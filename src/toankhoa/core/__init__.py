"""The subject itself, pure: no Django, no clock, no I/O, no randomness.

A document becomes a plan:   table ▸ columns ▸ parts ▸ outline, or listing where there is no table ▸ compiler → plan;
                             commitment reads a cell, prose a sentence; checks: what an auditor would say
A plan is reviewed:          fields (what may be edited, place by place) ▸ editing (one field, read again) ▸
                             restructuring (rows and headings); amendment, term: one version and the next
A plan meets its measures:   plan, measures ▸ matching (which indicator measures which row)
Units stand and change:      org (who stands under whom, on a day), reform (merge, split, move …; the organisation is
                             folded over reforms), lineage (who carries on whom), reform_rows, reform_json
Units send returns:          returns (states, and who moves them)
Figures add up:              rollup — the only aggregation there is. A stock figure's year is taken in
                             `rollup.stands`, a parent's sum in `rollup.subtree_sums` and `rollup.Cell.__add__`; whose
                             year takes in what, in `rollup.YearTrees`; what stays of units that were merged or
                             divided, in handover ▸ carrying. On another day's boundaries: restating. A row becomes
                             figures, with how much of each is in: coverage
Results are read:            assessment.assess says where an indicator stands; a missing figure is
                             `Figure.value is None` and prints as "…", never as 0; course (a year period by period) ▸
                             outlook (pace, projection, what the rest would take) ▸ assessment ▸ term_result (the
                             whole term), standing (rows rolled up to their targets)
Targets go down:             allocation (rules, parts, the whole), dividing (down the tree, by apportioning),
                             allocation_entry (as typed), handing (from what a unit must reach to a column, and back)
Figures are explained:       explanation (parts, their shares, what is missing), rearranged (when a unit
                             came and went, which reforms touch a figure), figure_code (from paper back to a figure),
                             frozen (an issued report, and what has changed since)
Who may accept a return:     the table `returns.MOVES`
A new check goes:            into `checks.RULES`, one small function
Ground:                      problems, text, numbers, periods
"""
