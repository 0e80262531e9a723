"""An amended term: the past stays under the version that governed it."""

from dataclasses import replace
from decimal import Decimal

from toankhoa.core.plan import (
    Activity,
    Commitment,
    CommitmentKind,
    Comparator,
    Objective,
    Plan,
    Signature,
    Target,
)
from toankhoa.core.review import (
    AmendmentKind,
    Binding,
    Version,
    YearTarget,
    row_history,
    whole_term,
)

YEARS = (2017, 2018, 2019)


def target(amount: int) -> Target:
    return Target(comparator=Comparator.AT_LEAST, amount=Decimal(amount))


def row(code: str, amount: int) -> Activity:
    cell = Commitment(text=f"≥ {amount}", kind=CommitmentKind.TARGET, targets=(target(amount),))
    return Activity(
        code=code,
        number="",
        title=code,
        objective="I",
        levels=(),
        levels_text="",
        boards=(),
        boards_text="",
        targets=(),
        commitments=dict.fromkeys(YEARS, cell),
    )


def version(*rows: Activity) -> Version:
    words = dict.fromkeys(
        ("organisation", "body", "number", "place", "motto", "title", "goal", "closing"), ""
    )
    heading = Objective(code="I", number="I", title="I", parent=None)
    plan = Plan(
        **words,
        date=None,
        bases=(),
        years=YEARS,
        objectives=(heading,),
        activities=rows,
        signature=Signature(),
        recipients=(),
    )
    held = [
        Binding(
            row=entry.code,
            indicator=entry.code.lower(),
            score=1,
            targets={
                year: YearTarget(target=cell.targets[0], origin="cell")
                for year, cell in entry.commitments.items()
            },
        )
        for entry in rows
    ]
    return Version(plan, tuple(held))


FIRST = version(row("I.1", 10), row("I.2", 5))
SECOND = version(row("I.1", 20), row("I.3", 7))


def amounts(term, code: str) -> dict[int, int]:
    bound = next(binding for binding in term.bindings if binding.row == code)
    return {year: int(held.target.amount) for year, held in bound.targets.items()}


def said(term, code: str) -> list[str]:
    return [cell.text for cell in term.plan.find(code).commitments.values()]


def test_plan_without_amendment_stays_itself():
    """Without an amendment the plan is the plan."""
    term = whole_term(FIRST, dict.fromkeys(YEARS, FIRST))
    assert (term.plan, term.bindings, term.removed) == (FIRST.plan, FIRST.bindings, frozenset())


def test_past_year_keeps_its_level():
    """A past year keeps the level it had."""
    term = whole_term(SECOND, {2017: FIRST, 2018: SECOND})
    assert amounts(term, "I.1") == {2017: 10, 2018: 20, 2019: 20}
    assert said(term, "I.1") == ["≥ 10", "≥ 20", "≥ 20"]


def test_removed_row_stays_for_its_years():
    """A row that was taken out stays for its years."""
    term = whole_term(SECOND, {2017: FIRST})
    assert term.removed == {"I.2"}
    assert (said(term, "I.2"), amounts(term, "I.2")) == (["≥ 5", "", ""], {2017: 5})


def test_new_row_asks_nothing_before_it():
    """A new row asks for nothing before it was there."""
    term = whole_term(SECOND, {2017: FIRST, 2018: FIRST})
    assert (said(term, "I.3"), amounts(term, "I.3")) == (["", "", "≥ 7"], {2019: 7})


def test_removed_heading_returns_with_its_rows():
    """A heading that went with its rows comes back with them."""
    moved = replace(row("II.1", 3), objective="II")
    plan = replace(
        FIRST.plan,
        objectives=(
            *FIRST.plan.objectives,
            Objective(code="II", number="II", title="II", parent=None),
        ),
        activities=(*FIRST.plan.activities, moved),
    )
    term = whole_term(SECOND, {2017: Version(plan, FIRST.bindings)})
    assert [entry.code for entry in term.plan.rows()] == ["I", "I.1", "I.2", "I.3", "II", "II.1"]
    assert term.removed == {"I.2", "II", "II.1"}


def test_history_names_what_versions_did():
    """The history of a row names what each version did."""
    third = version(row("I.3", 7))
    plans = [FIRST.plan, SECOND.plan, third.plan]
    kinds = [step and set(step.kinds) for step in row_history(plans, "I.1")]
    assert kinds == [{AmendmentKind.ADDED}, {AmendmentKind.YEARS}, {AmendmentKind.REMOVED}]
    assert [step and set(step.kinds) for step in row_history(plans, "I.3")] == [
        None,
        {AmendmentKind.ADDED},
        set(),
    ]
    assert row_history([third.plan, third.plan], "I.1") == [None, None]


def test_rows_taken_out_stand_where_they_stood():
    """The last version that held a row says what stood before it; the first of all stands first."""
    now, second, first = (
        version(*(row(code, 1) for code in codes))
        for codes in (["I.3"], ["I.2", "I.3"], ["I.1", "I.3", "I.4"])
    )
    term = whole_term(now, {2017: first, 2018: second})
    assert [entry.code for entry in term.plan.rows()] == ["I", "I.1", "I.2", "I.3", "I.4"]
