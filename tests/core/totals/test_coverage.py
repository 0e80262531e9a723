"""How much of a figure is in: what is due by a day, what came, what is carried on from before."""

from datetime import date
from fractions import Fraction

import numpy as np
import pytest

from toankhoa.core.basics import Frequency
from toankhoa.core.measures import (
    Condition,
    DataElement,
    Form,
    Indicator,
    IndicatorKind,
    Library,
    Section,
    TimeRule,
)
from toankhoa.core.organisation import BoundaryShare
from toankhoa.core.totals import Cell, CoveredYear, Schedule, combined_year

MEETINGS, MEMBERS, ACTIVE, MODEL, MATCHED_ACTIVE, MATCHED_MEMBERS = range(6)
WIDTH = 6
PLAIN = {"name": "", "name_en": "", "unit": ""}


def element(code: str, slot: int, time: TimeRule, **more) -> DataElement:
    return DataElement(code=code, slot=slot, time=time, **PLAIN, **more)


ACTIVE_SHARE = Indicator(
    code="active%",
    name="",
    name_en="",
    kind=IndicatorKind.RATIO,
    numerator="active",
    denominator="members",
    slots=(MATCHED_ACTIVE, MATCHED_MEMBERS),
)
MODEL_SHARE = Indicator(
    code="model%",
    name="",
    name_en="",
    kind=IndicatorKind.RATIO,
    numerator="model",
    denominator="units:xa",
)
MEETINGS_HELD = Indicator(
    code="meetings", name="", name_en="", kind=IndicatorKind.COUNT, numerator="meetings"
)
LIBRARY = Library(
    elements={
        "meetings": element("meetings", MEETINGS, TimeRule.FLOW),
        "members": element("members", MEMBERS, TimeRule.STOCK),
        "active": element("active", ACTIVE, TimeRule.STOCK),
        "model": element(
            "model", MODEL, TimeRule.STOCK, derived=Condition(element="members", at_least=10)
        ),
    },
    indicators={one.code: one for one in (ACTIVE_SHARE, MODEL_SHARE, MEETINGS_HELD)},
    forms={
        "Q": Form(
            code="Q",
            name="",
            level="xa",
            frequency=Frequency.QUARTER,
            sections=(
                Section(title="", elements=("meetings", "members")),
                Section(title="", elements=("active",), since=date(2021, 4, 1)),
            ),
        )
    },
)
AUTUMN = Schedule.of(LIBRARY, 2021, date(2021, 10, 20))


def cell(figures: dict[int, tuple[int, int]], marked: dict[int, int] | None = None) -> Cell:
    """A packed row: by slot its sum and the number of reports in it."""
    row = Cell.zero(WIDTH)
    for slot, (value, reports) in figures.items():
        row.values[slot], row.counts[slot] = value, reports
    if marked is None:
        return row
    marks = np.zeros(WIDTH, np.int32)
    for slot, count in marked.items():
        marks[slot] = count
    return Cell(row.values, row.counts, marks)


def test_what_is_due_by_a_day():
    """Three quarters are over; of what lasts only the last one counts, of what is summed all."""
    assert [(period.level, period.month) for period in AUTUMN.owed] == [
        ("xa", 3),
        ("xa", 6),
        ("xa", 9),
    ]
    assert AUTUMN.keys_of(MEETINGS) == {202103, 202106, 202109}
    assert AUTUMN.keys_of(MEMBERS) == AUTUMN.keys_of(MODEL) == {202109}
    assert AUTUMN.last[ACTIVE] == 202109


def test_sections_count_from_their_day():
    """In March nobody was asked for active members."""
    spring = Schedule.of(LIBRARY, 2021, date(2021, 4, 10))
    assert spring.keys_of(ACTIVE) == set()
    assert spring.keys_of(MEMBERS) == {202103}


def test_reports_in_and_carried_on():
    """Two of three units sent the third quarter's members; the third one's are of June."""
    quarters = [
        cell({MEETINGS: (5, 3), MEMBERS: (60, 3)}),
        cell({MEETINGS: (6, 3), MEMBERS: (63, 3)}),
        cell({MEETINGS: (4, 2), MEMBERS: (41, 2)}),
    ]
    year = cell({MEETINGS: (15, 3), MEMBERS: (62, 3)})
    cover = AUTUMN.cover([3, 3, 3], quarters, year)
    assert (cover.reports[MEETINGS], cover.due[MEETINGS]) == (8, 9)
    assert (cover.reports[MEMBERS], cover.due[MEMBERS], cover.carried[MEMBERS]) == (2, 3, 1)
    assert cover.reports[MODEL] == 2, "what is derived is in where its source is"
    assert (cover.share(MEETINGS), cover.share(MEMBERS)) == (Fraction(8, 9), Fraction(2, 3))
    assert cover.share(MATCHED_ACTIVE) == 1, "nothing is due of it"


def test_who_is_not_concerned_owes_nothing():
    """ "Không áp dụng" takes a report off what is due."""
    quarters = [cell({}), cell({}), cell({MEMBERS: (41, 2)}, marked={MEMBERS: 1})]
    cover = AUTUMN.cover([3, 3, 3], quarters, cell({MEMBERS: (41, 2)}))
    assert (cover.reports[MEMBERS], cover.due[MEMBERS]) == (2, 2)


def test_no_more_reports_than_due():
    """Units that report early do not make up for others."""
    cover = AUTUMN.cover([1, 1, 1], [cell({MEETINGS: (9, 2)})] * 3, cell({MEETINGS: (27, 2)}))
    assert cover.reports[MEETINGS] == 6
    assert cover.at_most_due().reports[MEETINGS] == 3


def test_lasting_and_summed_from_two():
    """What lasts as one cover says it, what is summed as another does."""
    one = AUTUMN.cover([1, 1, 1], [cell({MEMBERS: (9, 1)})] * 3, cell({MEMBERS: (9, 1)}))
    other = AUTUMN.cover([2, 2, 2], [cell({MEETINGS: (9, 1)})] * 3, cell({MEETINGS: (27, 1)}))
    both = AUTUMN.where_it_lasts(lasting=one, summed=other)
    assert (both.reports[MEMBERS], both.due[MEMBERS]) == (1, 1)
    assert (both.reports[MEETINGS], both.due[MEETINGS]) == (3, 6)


def covered(figures: dict[int, tuple[int, int]], marked: dict[int, int] | None = None):
    row = cell(figures, marked)
    last = cell({slot: pair for slot, pair in figures.items() if slot < MATCHED_ACTIVE})
    cover = AUTUMN.cover([2, 2, 2], [cell({}), cell({}), last], row)
    return CoveredYear(row, cover, lambda level: 4 if level == "xa" else 0)


def test_ratio_of_matched_parts():
    """A unit that sent members and no active ones is left out, and the figure says so."""
    year = covered(
        {
            MEMBERS: (30, 2),
            ACTIVE: (12, 1),
            MATCHED_ACTIVE: (12, 1),
            MATCHED_MEMBERS: (20, 1),
        }
    )
    figure = year.figure(ACTIVE_SHARE, LIBRARY)
    assert (figure.numerator, figure.denominator, figure.value) == (12, 20, 60)
    assert figure.partial
    assert (figure.reports, figure.due) == (1, 2), "as much as of the less covered part"


def test_ratio_of_units_of_a_level():
    """Its denominator is the number of units, and is there though nobody reported."""
    figure = covered({MODEL: (3, 2), MEMBERS: (30, 2)}).figure(MODEL_SHARE, LIBRARY)
    assert (figure.numerator, figure.denominator, figure.value) == (3, 4, 75)
    assert not figure.partial


def test_count_with_inherited_units():
    """What units of before a reform had, until their heirs report."""
    assert covered({MEETINGS: (7, 2)}).figure(MEETINGS_HELD, LIBRARY).inherited == 0
    figure = covered({MEETINGS: (7, 2)}, marked={MEETINGS: 1}).figure(MEETINGS_HELD, LIBRARY)
    assert (figure.numerator, figure.inherited, figure.ratio) == (7, 1, False)


@pytest.mark.parametrize(
    ("low", "high", "members", "units"), [((0, 1), (1, 1), 31, 4), ((0, 1), (1, 3), 10, 1)]
)
def test_part_of_a_year(low, high, members, units):
    """A third of 31 members is 10; how many reports it rests on stays as it was."""
    share = BoundaryShare("a", alone=False, part=(Fraction(*low), Fraction(*high)))
    part = covered({MEMBERS: (31, 2)}).part(share)
    assert (part.cell.get(MEMBERS), part.cell.counts[MEMBERS]) == (members, 2)
    assert part.units("xa") == units


def test_years_of_units_combined():
    """Sums, reports and units add up."""
    both = combined_year([covered({MEMBERS: (31, 2)}), covered({MEMBERS: (9, 1)})], WIDTH)
    assert both.cell.get(MEMBERS) == 40
    assert (both.cover.reports[MEMBERS], both.cover.due[MEMBERS]) == (3, 4)
    assert both.units("xa") == 8
