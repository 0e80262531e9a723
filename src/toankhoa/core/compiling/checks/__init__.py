"""The plan as an auditor reads it: one small function per rule, giving the remarks it makes.

finding        what a rule is given and what it gives
terms          the term as the title, the columns and the targets say it
row_rules      rows as such: without year, level or board; twice; not numbered; cut
year_levels    year cells against the words of their row
headings       headings against the rows under them
denominators   percentages of what
naming         boards, levels and places by their names
spelling       by syllables, the domain's lexicon and the document's own habit

A new rule is one generator of `Remark`s, its code here and its line in docs/checks.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from toankhoa.core.basics import Problem, Severity, Source
from toankhoa.core.compiling.checks import (
    denominators,
    headings,
    naming,
    row_rules,
    spelling,
    terms,
    year_levels,
)
from toankhoa.core.compiling.checks.finding import Facts, Remark, Rule
from toankhoa.core.plan import Plan

RULES: Mapping[str, Rule] = {
    "term-two-periods": terms.congress_with_two_terms,
    "term-columns": terms.columns_against_term,
    "target-outside-term": terms.target_outside_term,
    "row-no-year": row_rules.row_without_year,
    "row-no-level": row_rules.row_without_level,
    "row-no-board": row_rules.row_without_board,
    "row-twice": row_rules.row_twice,
    "row-nearly-twice": row_rules.row_nearly_twice,
    "row-not-numbered": row_rules.row_not_numbered,
    "text-cut": row_rules.text_cut,
    "level-above-target": year_levels.level_above_target,
    "level-short": year_levels.level_short_of_target,
    "level-backwards": year_levels.level_backwards,
    "unit-changes": year_levels.unit_changes,
    "words-against-years": year_levels.words_against_years,
    "years-not-total": year_levels.years_against_term_total,
    "total-not-parts": year_levels.total_against_parts,
    "heading-sign": headings.heading_sign_apart,
    "heading-number": headings.heading_number_apart,
    "heading-per-unit": headings.per_unit_apart,
    "heading-not-measured": headings.heading_not_measured,
    "target-not-in-years": headings.target_outside_years,
    "target-in-task": headings.target_in_task,
    "percent-of-two": denominators.percent_of_two,
    "percent-of-which": denominators.percent_of_which,
    "percent-of-nothing": denominators.percent_of_nothing,
    "board-two-names": naming.board_under_two_names,
    "board-both": naming.board_leads_and_supports,
    "levels-apart": naming.levels_apart,
    "place-unknown": naming.place_unknown,
    "spelling": spelling.misspelt,
}


def check(
    plan: Plan,
    *,
    units: Mapping[str, int] | None = None,
    places: Sequence[str] = (),
    populations: Sequence[str] = (),
    level_names: Mapping[str, str] | None = None,
) -> tuple[Problem, ...]:
    """Findings of every rule, in the order of RULES.

    `units`: level → number of its units; `places`: names of units; `populations`: words for those a
    percentage may be a share of, beside the common ones; `level_names`: level → what it is called.
    The rules that need what is not given say nothing.
    """
    facts = Facts(units or {}, tuple(places), tuple(populations), level_names or {})
    problems: list[Problem] = []
    for code, rule in RULES.items():
        problems += [_problem(code, remark) for remark in rule(plan, facts)]
    return tuple(problems)


def _problem(code: str, remark: Remark) -> Problem:
    row = remark.row
    if row is None:  # about the whole plan
        message = remark.says[:1].upper() + remark.says[1:]
        source = remark.source or Source()
        return Problem(code, Severity.WARNING, message, source, remark.fragment)
    message = f"{row.code}: {remark.says}"
    source, fragment = remark.source or row.source, remark.fragment or row.title
    return Problem(code, Severity.WARNING, message, source, fragment)
