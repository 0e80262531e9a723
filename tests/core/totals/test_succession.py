"""A year of reform: what each month's tree adds up, whose last figures stay until the next."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from strategies import LONG_AGO, unit_version
from strategies_reforms import histories

from toankhoa.core.measures import (
    Condition,
    DataElement,
    Indicator,
    IndicatorKind,
    Library,
    TimeRule,
)
from toankhoa.core.organisation import (
    BoundaryChanges,
    Change,
    Effect,
    Reform,
    ReformPart,
    boundary_changes_in,
    folded,
)
from toankhoa.core.totals import (
    MONTHS,
    Cell,
    Rules,
    UnitYear,
    YearTrees,
    close_years,
    own_years,
    part_of_year,
    trees_of_year,
    year_sums,
)

CASES = yaml.safe_load(
    (Path(__file__).parents[2] / "cases" / "reform_year.yaml").read_text(encoding="utf-8")
)
(
    FLOW,
    STOCK,
    MODEL,
    TO_DATE,
    HAS_STOCK,
    PER_STOCK,
    OF_STOCK,
    PER_FLOW,
    OF_FLOW,
    PER_MODEL,
    OF_MODEL,
) = range(WIDTH := 11)
SUMMED, LASTING = (FLOW, TO_DATE), (STOCK, MODEL)
RATIOS = ((FLOW, STOCK), (TO_DATE, FLOW), (MODEL, STOCK))
TYPED = (FLOW, STOCK, MODEL, TO_DATE)


def library() -> Library:
    """Meetings, members, a model, a running total, who has ten members; the ratios of `RATIOS`."""
    time = (TimeRule.FLOW, TimeRule.STOCK, TimeRule.STOCK, TimeRule.TO_DATE)
    elements = [
        DataElement(
            code=str(slot), slot=slot, name="", name_en="", unit="", time=rule, yes_no=slot == MODEL
        )
        for slot, rule in enumerate(time)
    ]
    met = Condition(element=str(STOCK), at_least=10)
    elements.append(
        DataElement(
            code="4", slot=4, name="", name_en="", unit="", time=TimeRule.STOCK, derived=met
        )
    )
    ratios = [
        Indicator(
            code=f"r{number}",
            name="",
            name_en="",
            kind=IndicatorKind.RATIO,
            numerator=str(top),
            denominator=str(bottom),
            slots=(5 + 2 * number, 6 + 2 * number),
        )
        for number, (top, bottom) in enumerate(RATIOS)
    ]
    return Library(
        elements={element.code: element for element in elements},
        indicators={ratio.code: ratio for ratio in ratios},
        forms={},
    )


RULES = Rules.of(library())


class World:
    """A year's trees and boundary changes, and what every unit reported in it."""

    def __init__(self, organisation, year: int) -> None:
        trees, self.lineage = organisation
        self.trees: YearTrees = trees_of_year(trees, year)
        self.changes: BoundaryChanges = boundary_changes_in(self.lineage, year)
        self.years = {unit: UnitYear(RULES) for unit in self.trees.units}

    def put(self, unit: str, month: int, figures) -> None:
        if unit in self.trees.trees[month - 1]:
            self.years[unit].put(month, TYPED, figures)

    def sums(self) -> tuple[dict[str, Cell], dict[str, Cell]]:
        """Own cells and totals of the year by unit, worked out at once, as a rebuild does."""
        values = np.stack([year.values for year in self.years.values()], axis=1)
        counts = np.stack([year.counts for year in self.years.values()], axis=1)
        place = {unit: row for row, unit in enumerate(self.years)}
        whole = close_years(values, counts, RULES, self.changes, place)
        sums = year_sums(values, counts, RULES, whole, self.trees, place)
        return tuple({unit: cells.at(row) for unit, row in place.items()} for cells in sums)

    def family(self, unit: str) -> dict[str, Cell]:
        """What the family of a unit brings to each unit above, as an acceptance adds it."""
        changes = self.changes.among(unit)
        family = changes.units or (unit,)
        above = {code: self.trees.above(code) for code in family}
        cells = own_years({code: self.years[code] for code in family}, RULES, changes, above)
        added: dict[str, Cell] = {}
        for code in family:
            for upper, months in above[code].items():
                added[upper] = added.get(upper, Cell.zero(WIDTH)) + cells[code][months]
        return added

    def month_totals(self, unit: str) -> list[Cell]:
        """A unit's totals of the twelve months."""
        zero = Cell.zero(WIDTH)
        return [
            sum((self.years[code].month(month) for code in tree.subtree(unit)), zero)
            if unit in tree
            else zero
            for month, tree in enumerate(self.trees.trees, 1)
        ]


# Cases


def day_of(text: str) -> date:
    day, month = map(int, text.split("/"))
    return date(2021, month, day)


def change_of(case: dict) -> Change:
    if "merge" in case:
        return Change(
            effect=Effect.MERGE,
            units=tuple(case["merge"]),
            parts=(ReformPart(code=case["into"], name="Mới"),),
        )
    if "split" in case:
        parts = tuple(
            ReformPart(
                code=code,
                name=code,
                share=None if share is None else Fraction(int(share.rstrip("%")), 100),
            )
            for code, share in case["parts"].items()
        )
        return Change(effect=Effect.SPLIT, units=(case["split"],), parts=parts)
    if "move" in case:
        return Change(
            effect=Effect.MOVE, parts=(ReformPart(code=case["move"], parent=case["under"]),)
        )
    return Change(effect=Effect.ABOLISH, units=(case["abolish"],))


def world_of(case: dict) -> World:
    units = [
        unit_version("P", level="province"),
        unit_version("D", "P", level="district"),
        unit_version("E", "P", level="district"),
    ]
    units += [unit_version(code, "D") for code in "ABC"] + [unit_version("X", "E")]
    reforms = [
        Reform(
            code=str(number),
            day=day_of(reform["day"]),
            document="",
            title="",
            changes=(change_of(reform),),
        )
        for number, reform in enumerate(case["reforms"])
    ]
    world = World(folded(units, reforms), 2021)
    for unit, months in case["sent"].items():
        for month, figures in months.items():
            assert unit in world.trees.trees[month - 1], f"{unit} không còn trong tháng {month}"
            world.put(unit, month, (*figures, None))
    return world


@pytest.mark.parametrize("case", CASES, ids=[case["is"] for case in CASES])
def test_a_year_of_reform(case):
    _, total = world_of(case).sums()
    assert {
        unit: [total[unit].get(slot) for slot in (FLOW, STOCK, MODEL)] for unit in case["year"]
    } == case["year"]
    inherited = {
        unit: 0 if (cell := total[unit]).marked is None else int(cell.marked[STOCK])
        for unit in total
    }
    assert {unit: inherited[unit] for unit in case.get("carried", {})} == case.get("carried", {})
    ratio = {
        unit: [total[unit].get(PER_STOCK), total[unit].get(OF_STOCK)] for unit in case["ratio"]
    }
    assert ratio == case["ratio"]
    left_out = {
        unit
        for unit in (*case["ratio"], *case.get("partial", ()))
        if total[unit].counts[PER_STOCK] != total[unit].counts[FLOW]
        or total[unit].counts[OF_STOCK] != total[unit].counts[STOCK]
    }
    assert left_out == set(case.get("partial", ()))


# Laws

figures = st.one_of(st.none(), st.integers(0, 10**12))
reports = st.tuples(figures, figures, st.none() | st.integers(0, 1), figures)


@st.composite
def rearranged(draw) -> World:
    """Rearranged trees, and figures of every unit for months in which it stood."""
    world = World(folded(*draw(histories(max_size=6, max_reforms=3))), LONG_AGO.year)
    for unit in world.trees.units:
        for month, typed in draw(st.lists(st.tuples(st.integers(1, MONTHS), reports), max_size=4)):
            world.put(unit, month, typed)
    return world


@pytest.mark.law
@given(rearranged())
def test_sums_follow_the_trees_of_months(
    world: World,
):
    """All else follows the tree of the year's end."""
    own, total = world.sums()
    for unit in world.trees.units:
        by_month = world.month_totals(unit)
        for slot in SUMMED:
            assert total[unit].values[slot] == sum(cell.values[slot] for cell in by_month)
        stood = world.trees.last.subtree(unit) if unit in world.trees.last else ()
        for slot in (*LASTING, HAS_STOCK):
            assert total[unit].values[slot] == sum(own[code].values[slot] for code in stood)
            assert total[unit].counts[slot] == sum(own[code].counts[slot] for code in stood)


@pytest.mark.law
@given(rearranged())
def test_families_come_to_all_at_once(world: World):
    """What acceptances add, family by family, is what a rebuild of all units comes to."""
    _, total = world.sums()
    added = dict.fromkeys(world.trees.units, Cell.zero(WIDTH))
    families = {frozenset(world.changes.among(unit).units or (unit,)) for unit in world.trees.units}
    assert sorted(unit for family in families for unit in family) == sorted(world.trees.units)
    for family in families:
        for upper, cell in world.family(min(family)).items():
            added[upper] += cell
    assert added == total


@pytest.mark.law
@given(rearranged())
def test_parts_of_a_year_make_it(world: World):
    """Every unit directly below for its months there, and the unit itself.

    Where one has no part, those below it.
    """

    def part(unit: str, there) -> Cell:
        cell = part_of_year(world.month_totals(unit), total[unit], RULES, there)
        return below(unit, there) if cell is None else cell

    def below(unit: str, there) -> Cell:
        cell = part_of_year(
            [world.years[unit].month(month) for month in range(1, 13)], own[unit], RULES, there
        )
        for code, months in world.trees.below(unit).items():
            both = tuple(map(all, zip(there, months, strict=True)))
            cell += part(code, both) if any(both) else Cell.zero(WIDTH)
        return cell

    own, total = world.sums()
    for unit in world.trees.units:
        stood = tuple(unit in tree for tree in world.trees.trees)
        assert np.array_equal(below(unit, stood).values, total[unit].values)


@pytest.mark.law
@given(rearranged())
def test_matched_parts_are_within_their_parts(world: World):
    """A ratio takes some of the figures that it is made of, never more."""
    _, total = world.sums()
    for cell in total.values():
        for number, parts in enumerate(RATIOS):
            for matched, slot in zip((5 + 2 * number, 6 + 2 * number), parts, strict=True):
                assert (
                    slot == TO_DATE or cell.values[matched] <= cell.values[slot]
                )  # a running total may be corrected down
                assert cell.counts[matched] <= cell.counts[slot]


@pytest.mark.law
@given(
    histories(max_size=6, max_reforms=3), st.lists(st.integers(0, 10**12), min_size=30, max_size=30)
)
def test_no_stock_is_lost_or_doubled(history, stocks: list[int]):
    """Each unit reports once, in January, before any reform: it is all there at the end."""
    initial, reforms = history
    later = [
        Reform(
            code=reform.code,
            day=reform.day.replace(year=2021, month=6),
            document="",
            title="",
            changes=reform.changes,
        )
        for reform in reforms[:1]
    ]
    world = World(folded(initial, later), 2021)
    for unit, stock in zip(world.trees.trees[0].order, stocks, strict=False):
        world.put(unit, 1, (None, stock, None, None))
    _, total = world.sums()
    at_the_end = sum(int(total[root].values[STOCK]) for root in world.trees.last.roots)
    january, december = date(2021, 1, 31), date(2021, 12, 31)
    nowhere = {
        held.unit for held in world.changes.held if held not in world.changes.holders
    }  # several roots
    carried_on = [
        unit
        for unit in world.years
        if world.lineage.shares(unit, january, december) and unit not in nowhere
    ]
    assert at_the_end == sum(int(world.years[unit].values[0, STOCK]) for unit in carried_on)
