"""The living plan: readings in the plan's order, their codes on paper, and what they roll up to."""

from datetime import UTC, datetime
from fractions import Fraction

import pytest

from toankhoa.core.basics import FigureCode
from toankhoa.core.measures import Indicator, IndicatorKind, TermRule
from toankhoa.core.plan import Comparator, Objective
from toankhoa.core.results import (
    FigureMark,
    Level,
    PlanLine,
    Prospect,
    Reading,
    Result,
    TermReading,
    TermResult,
    YearCell,
    addresses,
    assess,
    figure_marks,
    in_term,
    in_year,
    marked_lines,
    rolled_up,
    take_snapshot,
    tally_objectives,
    tally_results,
)
from toankhoa.core.targets import Required
from toankhoa.core.totals import Figure

NOON = datetime(2021, 10, 20, 12, tzinfo=UTC)
YEARS = (2020, 2021)


def indicator(code: str) -> Indicator:
    return Indicator(
        code=code, name=f"Số {code}", name_en="", kind=IndicatorKind.COUNT, numerator="n"
    )


def result(figure: int | None, *, due: bool = True) -> Result:
    """Held against 5, in a closed year."""
    return assess(
        indicator=indicator("i"),
        figure=Figure(numerator=figure),
        target=Required(comparator=Comparator.AT_LEAST, amount=Fraction(5)),
        due=due,
        year_over=True,
    )


def line(row: str, **figures: tuple[int | None, ...]) -> PlanLine:
    """A heading; by indicator, its figures of both years."""
    readings = {
        code: [
            Reading(indicator=indicator(code), year=year, target=None, result=result(figure))
            for year, figure in zip(YEARS, of_years, strict=True)
        ]
        for code, of_years in figures.items()
    }
    cells = [
        YearCell(
            year=year,
            commitment=None,
            readings=tuple(of_years[place] for of_years in readings.values()),
        )
        for place, year in enumerate(YEARS)
    ]
    terms = [term_reading(code, of_years) for code, of_years in readings.items()]
    heading = Objective(code=row, number=row, title="", parent=None)
    return PlanLine(row=heading, cells=tuple(cells), term=tuple(terms))


def term_reading(code: str, years: list[Reading]) -> TermReading:
    term = TermResult(
        result=years[-1].result,
        rule=TermRule.LAST,
        year=YEARS[-1],
        years=YEARS[-1:],
        from_years=False,
        years_met=0,
        years_with_target=0,
    )
    return TermReading(
        indicator=indicator(code),
        year=YEARS[-1],
        target=None,
        result=term.result,
        term=term,
        years=tuple(years),
    )


LINES = [line("I", a=(1, 9), b=(7, None)), line("II", a=(5, 5))]


def test_figures_are_counted_row_by_row():
    """Within a row by years, within a year by indicators; the term comes last."""
    assert list(addresses(LINES)) == [
        ("I", "a", 2020),
        ("I", "b", 2020),
        ("I", "a", 2021),
        ("I", "b", 2021),
        ("I", "a", None),
        ("I", "b", None),
        ("II", "a", 2020),
        ("II", "a", 2021),
        ("II", "a", None),
    ]


def test_codes_follow_the_order_of_addresses():
    """Each figure has its place in that order as its code, and a link where the site is known."""
    marked = marked_lines(LINES, NOON, 7, "https://t.vn/s/")
    marks = list(figure_marks(marked))
    codes = [FigureCode(NOON, 7, place) for place in range(len(list(addresses(LINES))))]
    assert marks == [FigureMark(code, f"https://t.vn/s/{code}") for code in codes]
    assert marked[0].cells[1].readings[0].mark == marks[2]
    assert marked[1].term[0].mark == marks[8]


def test_without_a_site_codes_lead_nowhere():
    marked = marked_lines(LINES, NOON, 7)
    assert {mark.link for mark in figure_marks(marked)} == {""}


def test_units_beyond_all_codes_have_none():
    assert list(figure_marks(marked_lines(LINES, NOON, 10**9))) == []
    assert list(figure_marks(LINES)) == []


def test_a_snapshot_holds_every_year():
    """Figures of years with the code on paper; the term is no part of it."""
    snapshot = take_snapshot(marked_lines(LINES, NOON, 7))
    assert [figure.address for figure in snapshot] == [
        address for address in addresses(LINES) if address[2] is not None
    ]
    first = snapshot[0]
    assert (first.name, first.numerator, first.level) == ("Số a", 1, "not_met")
    assert first.code == str(FigureCode(NOON, 7, 0))
    assert take_snapshot(LINES)[0].code == ""


@pytest.mark.parametrize(
    ("span", "levels"),
    [
        (in_year(2020), {"I": {Level.NOT_MET: 1, Level.MET: 1}, "II": {Level.MET: 1}}),
        (in_year(2021), {"I": {Level.MET: 1, Level.NO_DATA: 1}, "II": {Level.MET: 1}}),
        (in_term, {"I": {Level.MET: 1, Level.NO_DATA: 1}, "II": {Level.MET: 1}}),
    ],
)
def test_headings_roll_up_a_span(span, levels):
    tallies = rolled_up(LINES, span)
    assert {code: dict(tally.levels) for code, tally in tallies.items()} == levels


# Tallies


def test_the_worst_level_decides():
    """What has no target here is counted by its level, and expects nothing."""
    tally = tally_results([result(9), result(1), result(None), result(3, due=False)])
    assert (tally.level, tally.prospect) == (Level.NOT_MET, Prospect.LOST)
    assert tally.with_target == 3
    assert tally.counts == [(Level.MET, 1), (Level.NOT_MET, 1), (Level.NO_DATA, 1)]
    assert tally.expected == [
        (Prospect.LOST, 1),
        (Prospect.UNKNOWN, 1),
        (Prospect.REACHED, 1),
    ]


def test_each_objective_counts_as_one():
    """However many rows it has; one without any target only by its level."""
    tallies = [
        tally_results([result(9), result(1)]),
        tally_results([result(9)]),
        tally_results([result(9, due=False)]),
    ]
    plan = tally_objectives(tallies)
    assert dict(plan.levels) == {Level.NOT_MET: 1, Level.MET: 1, Level.NOT_DUE: 1}
    assert dict(plan.prospects) == {Prospect.LOST: 1, Prospect.REACHED: 1}


def test_nothing_rolled_up_is_not_due():
    tally = tally_results([])
    assert (tally.level, tally.prospect, tally.with_target) == (
        Level.NOT_DUE,
        Prospect.UNKNOWN,
        0,
    )
