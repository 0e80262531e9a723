"""When a unit came and went, and which reforms touch what adds up to its figures."""

from datetime import date

import pytest
from strategies import unit_version

from toankhoa.core.organisation import (
    Change,
    Effect,
    Lineage,
    OrgTree,
    Reform,
    ReformPart,
    Tenure,
    folded,
    tenure,
    touches,
)

UNITS = (
    unit_version("p", level="province"),
    unit_version("d1", "p", level="district"),
    unit_version("d2", "p", level="district"),
    *(unit_version(code, "d1") for code in ("c1", "c2", "c3")),
    unit_version("c4", "d2"),
)
JULY, YEAR = date(2021, 7, 1), (date(2021, 1, 1), date(2021, 12, 31))
MERGE = Change(effect=Effect.MERGE, units=("c1", "c2"), parts=(ReformPart(code="n", name="Mới"),))
MOVE = Change(effect=Effect.MOVE, parts=(ReformPart(code="c1", parent="d2"),))
RENAME = Change(effect=Effect.RENAME, parts=(ReformPart(code="c1", name="Tên mới"),))
KIND = Change(effect=Effect.KIND, parts=(ReformPart(code="c1", kind="thị trấn"),))
ABOLISH = Change(effect=Effect.ABOLISH, level="district")


def made(change: Change) -> tuple[OrgTree, Lineage, Reform]:
    reform = Reform(code="r", day=JULY, document="", title="", changes=(change,))
    return *folded(UNITS, [reform]), reform


def test_an_undisturbed_unit_has_no_days():
    _, lineage, _ = made(MERGE)
    assert tenure(lineage, "c4", *YEAR) == Tenure()
    assert not tenure(lineage, "c4", *YEAR, below="d2")


def test_a_merger_ends_some_and_begins_another():
    _, lineage, _ = made(MERGE)
    assert tenure(lineage, "c1", *YEAR) == Tenure(
        until=date(2021, 6, 30), ended=True, went_to=("n",)
    )
    assert tenure(lineage, "n", *YEAR) == Tenure(since=JULY, began=True, came_from=("c1", "c2"))


def test_a_moved_unit_leaves_and_arrives():
    _, lineage, _ = made(MOVE)
    assert tenure(lineage, "c1", *YEAR, below="d1") == Tenure(
        until=date(2021, 6, 30), went_to=("d2",)
    )
    assert tenure(lineage, "c1", *YEAR, below="d2") == Tenure(since=JULY, came_from=("d1",))
    assert tenure(lineage, "c1", *YEAR) == Tenure(), "it stood all year"


def test_another_name_is_no_going():
    _, lineage, _ = made(RENAME)
    assert tenure(lineage, "c1", *YEAR, below="d1") == Tenure()


def test_other_years_know_nothing_of_it():
    _, lineage, _ = made(MERGE)
    assert tenure(lineage, "c1", date(2020, 1, 1), date(2020, 12, 31)) == Tenure()
    assert tenure(lineage, "n", date(2022, 1, 1), date(2022, 12, 31)) == Tenure()
    assert tenure(lineage, "n", date(2020, 1, 1), date(2020, 12, 31)) == Tenure()


@pytest.mark.parametrize(
    ("change", "touched"),
    [
        (MERGE, {"p", "d1", "c1", "c2", "n"}),
        (MOVE, {"p", "d1", "d2"}),
        (ABOLISH, {"p", "d1", "d2"}),
        (RENAME, set()),
        (KIND, set()),
    ],
    ids=lambda value: value.effect if isinstance(value, Change) else "",
)
def test_a_reform_touches_those_whose_parts_change(change: Change, touched: set[str]):
    trees, _, reform = made(change)
    units = {"p", "d1", "d2", "c1", "c2", "c3", "c4", "n"}
    assert {unit for unit in units if touches(reform, unit, trees, {"base"})} == touched


def test_reforms_elsewhere_do_not_touch():
    """A reform of communes does not touch what only districts report."""
    trees, _, reform = made(MERGE)
    assert not touches(reform, "d1", trees, {"district"})
    trees, _, reform = made(ABOLISH)
    assert touches(reform, "p", trees, {"district"})


def test_the_last_day_of_a_unit():
    trees, _, _ = made(MERGE)
    assert trees.last_day("c1", date(2021, 10, 20)) == date(2021, 6, 30)
    assert trees.last_day("c3", date(2021, 10, 20)) == date(2021, 10, 20)
    assert trees.last_day("n", date(2021, 6, 30)) is None
    assert trees.last_day("x", date(2021, 10, 20)) is None
