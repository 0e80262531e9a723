"""The arithmetic of cells, of a unit's year and of totals along the tree."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import trees, unit_version

from toankhoa.core.measures import (
    Condition,
    DataElement,
    Indicator,
    IndicatorKind,
    Library,
    TimeRule,
)
from toankhoa.core.organisation import OrgTree, Tree
from toankhoa.core.returns import NIL, NOT_APPLICABLE, numbers
from toankhoa.core.totals import (
    ALL_YEAR,
    MONTHS,
    Cell,
    Rules,
    UnitYear,
    close_year,
    increments,
    subtree_sums,
    trees_of_year,
    year_of,
)

WIDTH = 8
FLOW, STOCK, TO_DATE, DISTINCT, HAS_STOCK, SPARE, MATCHED_FLOW, MATCHED_STOCK = range(WIDTH)


def element(code: str, slot: int, time: TimeRule, derived: Condition | None = None) -> DataElement:
    return DataElement(
        code=code, slot=slot, name=code, name_en=code, unit="", time=time, derived=derived
    )


FLOW_PER_STOCK = Indicator(
    code="flow_per_stock",
    name="",
    name_en="",
    kind=IndicatorKind.RATIO,
    numerator="flow",
    denominator="stock",
    slots=(MATCHED_FLOW, MATCHED_STOCK),
)


def library(*elements: DataElement, ratios: tuple[Indicator, ...] = ()) -> Library:
    return Library(
        elements={element.code: element for element in elements},
        indicators={ratio.code: ratio for ratio in ratios},
        forms={},
    )


RULES = Rules.of(
    library(
        element("has_stock", HAS_STOCK, TimeRule.STOCK, Condition(element="stock", at_least=10)),
        element("flow", FLOW, TimeRule.FLOW),
        element("stock", STOCK, TimeRule.STOCK),
        element("to_date", TO_DATE, TimeRule.TO_DATE),
        element("distinct", DISTINCT, TimeRule.DISTINCT),
        element("spare", SPARE, TimeRule.FLOW),
        ratios=(FLOW_PER_STOCK,),
    )
)
TYPED = (FLOW, STOCK, TO_DATE, DISTINCT)

figures = st.one_of(st.none(), st.integers(0, 10**12))
months = st.integers(1, MONTHS)
puts = st.lists(st.tuples(months, st.tuples(*[figures] * len(TYPED))), max_size=20)


def cell(values: list[int], counts: list[int] | None = None) -> Cell:
    return Cell(
        np.array(values, np.int64),
        np.array([1] * len(values) if counts is None else counts, np.int32),
    )


def cells(width: int) -> st.SearchStrategy[Cell]:
    return st.builds(
        cell,
        st.lists(st.integers(-(10**15), 10**15), min_size=width, max_size=width),
        st.lists(st.integers(0, 10**5), min_size=width, max_size=width),
    )


def year_with(*entries: tuple[int, tuple[int | None, ...]]) -> UnitYear:
    year = UnitYear(RULES)
    for month, typed in entries:
        year.put(month, TYPED, typed)
    return year


def same(left: UnitYear, right: UnitYear) -> bool:
    return np.array_equal(left.values, right.values) and np.array_equal(left.counts, right.counts)


# Cells


@pytest.mark.law
@given(
    st.lists(cells(3), min_size=1, max_size=6).flatmap(
        lambda drawn: st.tuples(st.just(drawn), st.permutations(drawn))
    )
)
def test_cells_add_up_in_any_order(orders):
    given_order, other_order = orders
    assert sum(given_order, Cell.zero(3)) == sum(other_order, Cell.zero(3))


@pytest.mark.law
@given(cells(3), cells(3))
def test_a_difference_added_back_restores(old, new):
    assert old + (new - old) == new
    assert not old - old
    assert bool(new - old) == (new != old)


@pytest.mark.law
@given(st.integers(0, 5).flatmap(cells), st.integers(0, 4))
def test_a_stored_cell_comes_back(stored, more):
    """Slots declared since it was stored are missing in it."""
    width = len(stored.values)
    back = Cell.unpack(*stored.pack(), width + more)
    assert back == cell([*stored.values, *[0] * more], [*stored.counts, *[0] * more])
    assert [back.get(slot) for slot in range(width, width + more)] == [None] * more


def test_storage_is_little_endian_whatever_the_machine():
    assert cell([1, -2], [3, 0]).pack() == (
        bytes([1, 0, 0, 0, 0, 0, 0, 0, 254, 255, 255, 255, 255, 255, 255, 255]),
        bytes([3, 0, 0, 0, 0, 0, 0, 0]),
    )


def test_a_row_too_wide_is_refused():
    with pytest.raises(ValueError, match="broadcast"):
        Cell.unpack(*cell([1, 2, 3]).pack(), 2)


def test_zero_is_not_missing():
    """A reported zero is 0, a missing figure None."""
    assert cell([0, 0], [1, 0]).get(0) == 0
    assert cell([0, 0], [1, 0]).get(1) is None
    assert cell([0], [1]) != cell([0], [0])
    assert cell([0], [1])
    assert not Cell.zero(2)


# A unit's year


def test_each_time_rule_makes_a_year():
    year = year_with((1, (5, 100, 5, 8)), (2, (7, 90, 12, 8)), (9, (1, 95, 20, 11))).year()
    assert [year.get(slot) for slot in (FLOW, STOCK, TO_DATE, DISTINCT)] == [13, 95, 20, 11]


def test_a_missing_last_month_is_carried():
    """A last month of 0 is 0."""
    carried = year_with((1, (5, 100, 5, 8)), (12, (None, None, None, None))).year()
    assert [carried.get(slot) for slot in TYPED] == [5, 100, 5, 8]
    emptied = year_with((1, (5, 100, 5, 8)), (12, (0, 0, 5, 8))).year()
    assert emptied.get(STOCK) == 0


def test_a_year_without_figures_is_missing():
    year = year_with((3, (None, None, None, None)))
    assert [year.year().get(slot) for slot in range(WIDTH)] == [None] * WIDTH
    assert not year.year()


@pytest.mark.parametrize(("stock", "counted"), [(10, 1), (11, 1), (9, 0), (0, 0), (None, None)])
def test_a_condition_counts_units(stock, counted):
    assert year_with((6, (1, stock, None, None))).year().get(HAS_STOCK) == counted


def test_a_condition_looks_at_the_year():
    """Not at any month of it."""
    fell, carried = (12, (None, 9, None, None)), (12, (1, None, None, None))
    assert year_with((2, (None, 500, None, None)), fell).year().get(HAS_STOCK) == 0
    assert year_with((2, (None, 500, None, None)), carried).year().get(HAS_STOCK) == 1


def test_a_silent_unit_meets_no_condition():
    """Not even "at least 0"."""
    derived = element("any", 1, TimeRule.FLOW, Condition(element="a", at_least=0))
    rules = Rules.of(library(element("a", 0, TimeRule.FLOW), derived))
    year = UnitYear(rules)
    assert year.year() == Cell.zero(2)
    year.put(1, [0], [0])
    assert year.year() == cell([0, 1])


def test_figures_fewer_than_slots_are_refused():
    with pytest.raises(ValueError, match="shorter"):
        year_with((1, (1, 2, 3)))


@pytest.mark.law
@given(puts)
def test_the_last_typing_of_months_counts(entries):
    year = year_with(*entries).year()
    typed = dict(entries)  # the last entry of a month replaces those before it
    column = {slot: [typed[month][at] for month in sorted(typed)] for at, slot in enumerate(TYPED)}
    reported = {slot: [figure for figure in column[slot] if figure is not None] for slot in TYPED}
    assert year.get(FLOW) == (sum(reported[FLOW]) if reported[FLOW] else None)
    for slot in (STOCK, TO_DATE, DISTINCT):
        assert year.get(slot) == (reported[slot][-1] if reported[slot] else None)


@pytest.mark.law
@given(
    puts.flatmap(
        lambda drawn: st.tuples(st.just(dict(drawn)), st.permutations(list(dict(drawn).items())))
    )
)
def test_months_may_arrive_in_any_order(orders):
    in_one_order, other_order = orders
    assert same(year_with(*in_one_order.items()), year_with(*other_order))


@pytest.mark.law
@given(puts, months, st.tuples(*[figures] * len(TYPED)))
def test_a_correction_taken_back_leaves_no_trace(entries, month, wrong):
    right = dict(entries).get(month, (None,) * len(TYPED))
    assert same(year_with(*entries), year_with(*entries, (month, wrong), (month, right)))


@pytest.mark.law
@given(puts, months, figures)
def test_a_form_leaves_others_alone(entries, month, figure):
    before, after = year_with(*entries), year_with(*entries)
    after.put(month, [SPARE], [figure])
    other_slots = [slot for slot in range(WIDTH) if slot != SPARE]
    assert np.array_equal(before.values[:, other_slots], after.values[:, other_slots])
    assert np.array_equal(before.counts[:, other_slots], after.counts[:, other_slots])
    assert after.month(month).get(SPARE) == figure


@pytest.mark.law
@given(puts)
def test_summed_months_add_up(entries):
    """To the year's figure, of a flow and of a running total."""
    year = year_with(*entries)
    total = sum((year.month(month) for month in range(1, MONTHS + 1)), Cell.zero(WIDTH))
    for slot in (FLOW, TO_DATE):
        assert total.values[slot] == year.year().values[slot]


@pytest.mark.law
@given(puts)
def test_stored_months_make_the_same_year(entries):
    typed, stored = year_with(*entries), UnitYear(RULES)
    for month in range(1, MONTHS + 1):
        stored.load(month, Cell.unpack(*typed.month(month).pack(), WIDTH))
    assert same(typed, stored)
    assert typed.year() == stored.year()


def test_a_month_is_a_copy():
    """It does not change when the year does."""
    year = year_with((4, (1, 1, 1, 1)))
    april = year.month(4)
    year.put(4, TYPED, (2, 2, 2, 2))
    assert april.get(FLOW) == 1


@pytest.mark.law
@given(st.lists(puts, min_size=1, max_size=3))
def test_many_units_at_once_are_each(units):
    """Years worked out for all units in one go are those worked out one by one."""
    years = [year_with(*entries) for entries in units]
    values = np.stack([year.values for year in years], axis=1)
    counts = np.stack([year.counts for year in years], axis=1)
    at_once = year_of(values, counts, RULES, close_year(values, counts, RULES))
    for row, year in enumerate(years):
        assert at_once.at(row) == year.year()


def test_a_running_total_becomes_increments():
    """Over the last one that is present."""
    running = np.array([5, 0, 12, 0, 0, 11, 0, 0, 0, 0, 0, 30])
    present = np.array([1, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1])
    assert increments(running, present).tolist() == [5, 0, 7, 0, 0, -1, 0, 0, 0, 0, 0, 19]


def test_an_empty_library_has_no_width():
    rules = Rules.of(library())
    assert rules.width == 0
    assert not UnitYear(rules).year()


# Along the tree


@pytest.mark.law
@given(
    trees(), st.lists(st.tuples(*[st.integers(-(10**15), 10**15)] * 2), min_size=25, max_size=25)
)
def test_totals_are_sums_of_their_parts(tree, pool):
    own = dict(zip(tree.order, np.array(pool), strict=False))
    totals = subtree_sums(np.array([own[code] for code in tree.order]), tree)
    total = dict(zip(tree.order, totals, strict=True))
    for code in tree.order:
        assert np.array_equal(
            total[code], own[code] + sum(total[child] for child in tree.children(code))
        )
        assert np.array_equal(total[code], sum(own[below] for below in tree.subtree(code)))


def test_sums_are_exact_beyond_floats():
    tree = Tree([unit_version("p"), *[unit_version(f"b{number:03}", "p") for number in range(200)]])
    own = np.full((201, 1), 10**15 + 1, np.int64)
    assert subtree_sums(own, tree)[0, 0] == 201 * (10**15 + 1)


def test_a_stock_sums_last_figures():
    """The December column alone would say 60 and lose the commune that last reported in October."""
    on_time = year_with((10, (None, 50, None, None)), (12, (None, 60, None, None)))
    late = year_with((10, (None, 40, None, None)))
    assert (on_time.year() + late.year()).get(STOCK) == 100
    assert (on_time.month(12) + late.month(12)).get(STOCK) == 60


def test_a_ratio_takes_both_parts():
    """Of a unit with flow and stock, one without flow, one without stock, one with a flow of 0."""
    units = [
        year_with((3, (3, 4, None, None))),
        year_with((3, (None, 90, None, None))),
        year_with((3, (5, None, None, None))),
        year_with((3, (0, 2, None, None))),
    ]
    total = sum((unit.year() for unit in units), Cell.zero(WIDTH))
    assert (total.get(FLOW), total.get(STOCK)) == (8, 96)
    assert (total.get(MATCHED_FLOW), total.get(MATCHED_STOCK)) == (3, 6)
    assert total.counts[[FLOW, STOCK, MATCHED_FLOW, MATCHED_STOCK]].tolist() == [3, 3, 2, 2]


def test_parts_of_ratios_may_differ_in_month():
    unit = year_with((3, (3, None, None, None)), (9, (None, 4, None, None)))
    assert (unit.year().get(MATCHED_FLOW), unit.year().get(MATCHED_STOCK)) == (3, 4)
    assert unit.month(9).get(MATCHED_STOCK) is None


# What is not applicable


def test_not_applicable_is_not_missing():
    """Nor is it reported."""
    year = UnitYear(RULES)
    figures = numbers({"a": NOT_APPLICABLE, "b": NIL, "c": 4}, ["a", "b", "c", "d"])
    year.put(3, TYPED, figures)
    march = year.month(3)
    assert march.counts[list(TYPED)].tolist() == [0, 1, 1, 0]
    assert march == Cell(march.values, march.counts, np.eye(1, WIDTH, FLOW, dtype=np.int32)[0])
    assert year.year().get(FLOW) is None


@pytest.mark.law
@given(*[st.tuples(cells(3), st.none() | st.lists(st.integers(0, 5), min_size=3, max_size=3))] * 2)
def test_marked_cells_add_and_come_back(first, second):
    def marked(cell: Cell, waived: list[int] | None) -> Cell:
        return Cell(
            cell.values, cell.counts, None if waived is None else np.array(waived, np.int32)
        )

    left, right = marked(*first), marked(*second)
    assert left + right == right + left
    assert left + right - right == left
    assert Cell.unpack(*left.pack(), 3) == left
    wider = None if left.marked is None else np.array([*left.marked, 0, 0], np.int32)
    assert Cell.unpack(*left.pack(), 5) == Cell(
        np.pad(left.values, (0, 2)), np.pad(left.counts, (0, 2)), wider
    )


# A year in which one tree stands


@pytest.mark.law
@given(trees(max_size=10), st.data())
def test_one_tree_makes_whole_years(tree, data):
    """Where no unit changes, every month of every unit goes to those above it."""
    year = trees_of_year(OrgTree(tree.units.values()), 2021)
    assert year.steady
    unit = data.draw(st.sampled_from(tree.order))
    assert year.above(unit) == dict.fromkeys(tree.path(unit), ALL_YEAR)
    assert year.below(unit) == dict.fromkeys(tree.children(unit), ALL_YEAR)
    assert year.bare(unit) == (not tree.children(unit))
