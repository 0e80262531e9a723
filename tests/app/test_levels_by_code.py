"""An amount for each unit of a level, on trees whose levels have codes and names of their own.

The whole way, with a library of each organisation's own: the plan is compiled and published, handed
down, reported and judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from strategies import unit_version
from worlds import World

from toankhoa import documents
from toankhoa.core.basics import Problem
from toankhoa.core.compiling import compile_document, say_target
from toankhoa.core.organisation import UnitVersion
from toankhoa.core.plan import Basis, Plan
from toankhoa.core.results import Level, Reading
from toankhoa.core.returns import Role
from toankhoa.core.targets import AllocationMethod, Rule
from toankhoa.operations import measuring, target_allocation
from toankhoa.operations.allocation_sheet import allocation_sheet
from toankhoa.operations.living_plan import living_plan
from toankhoa.org.scope import Actor
from toankhoa.plan.column_json import column_from
from toankhoa.plan.drafts import keep_draft, publish
from toankhoa.plan.models import Allocation
from toankhoa.web.allocations import forms

pytestmark = pytest.mark.django_db

SIGNED, ISSUED = date(2019, 12, 1), date(2020, 1, 15)
MODELS = ("I.1", "MH", 2020)
EACH = 2


@dataclass(frozen=True)
class Organised:
    """An organisation: its levels from the top down (code → name), its units, which level is
    counted.
    """

    levels: dict[str, str]
    units: tuple[UnitVersion, ...]
    counted: str

    @property
    def lowest(self) -> str:
        return list(self.levels)[-1]

    def library(self) -> str:
        """Its library: one figure, typed by the lowest level, and the indicator that it makes."""
        words = "".join(f"    {code}: [{name.lower()}]\n" for code, name in self.levels.items())
        names = "".join(f"    {code}: {name}\n" for code, name in self.levels.items())
        return f"""
vocabulary:
  levels:
{words}  level_names:
{names}elements:
  mo_hinh: {{slot: 0, name: Mô hình đã xây dựng, name_en: Models, unit: mô hình, time: flow}}
forms:
  F-6T:
    name: Báo cáo 6 tháng
    level: {self.lowest}
    frequency: half
    sections: [{{title: Chung, elements: [mo_hinh]}}]
indicators:
  MH:
    name: Số mô hình
    name_en: Models
    kind: count
    numerator: mo_hinh
    unit: mô hình
    levels: [{self.lowest}]
    frequency: half
    matches: [[xây dựng, mô hình]]
"""


def row(*cells: str) -> str:
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def plan_page(words: str, level: str) -> bytes:
    """A plan of one row, for two years."""
    table = row("TT", "Nội dung", "2020", "2021", "Cấp thực hiện")
    table += row("I", "XÂY DỰNG TỔ CHỨC", "", "", "") + row("1", words, "x", "x", level)
    return f"<html><body><p>KẾ HOẠCH 2020 - 2021</p><table>{table}</table></body></html>".encode()


TWO = Organised(
    {"cong_ty": "Công ty", "chi_nhanh": "Chi nhánh"},
    (
        unit_version("ct", level="cong_ty"),
        *(unit_version(code, "ct", level="chi_nhanh") for code in ("n1", "n2", "n3")),
    ),
    "chi_nhanh",
)
FOUR = Organised(
    {"tinh_doan": "Tỉnh đoàn", "xa_doan": "Xã đoàn", "chi_doan": "Chi đoàn", "to": "Tổ"},
    (
        unit_version("t", level="tinh_doan"),
        *(unit_version(code, "t", level="xa_doan") for code in ("x1", "x2")),
        *(unit_version(code, "x1", level="chi_doan") for code in ("c1", "c2")),
        unit_version("c3", "x2", level="chi_doan"),
        *(unit_version(f"o{place}", f"c{place}", level="to") for place in (1, 2, 3)),
    ),
    "chi_doan",
)
FIVE = Organised(
    {"tw": "Trung ương", "tinh": "Tỉnh", "huyen": "Huyện", "xa": "Xã", "thon": "Thôn"},
    (
        unit_version("w", level="tw"),
        *(unit_version(code, "w", level="tinh") for code in ("t1", "t2")),
        *(unit_version(code, "t1", level="huyen") for code in ("h1", "h2")),
        unit_version("h3", "t2", level="huyen"),
        *(unit_version(f"x{place}", f"h{place}", level="xa") for place in (1, 2, 3)),
        *(unit_version(code, "x1", level="thon") for code in ("v1", "v2")),
        *(unit_version(f"v{place}", f"x{place - 1}", level="thon") for place in (3, 4)),
    ),
    "thon",
)
ORGANISATIONS = {"two levels": TWO, "four levels": FOUR, "five levels": FIVE}


@pytest.fixture(params=ORGANISATIONS.values(), ids=list(ORGANISATIONS))
def organised(request, settings, tmp_path: Path) -> Iterator[Organised]:
    """The library of the installation is this organisation's own."""
    settings.DATA = tmp_path
    (tmp_path / "library.yaml").write_text(request.param.library(), encoding="utf-8")
    _forget_libraries()
    yield request.param
    _forget_libraries()


def _forget_libraries() -> None:
    measuring.declared.cache_clear()
    measuring._library.cache_clear()


@pytest.fixture
def world(organised: Organised) -> World:
    world = World.of(organised.units)
    world.library = measuring.library()
    return world


def compiled(world: World, name: str) -> tuple[bytes, Plan, tuple[Problem, ...]]:
    source = plan_page(f"Mỗi {name.lower()} xây dựng ≥ 02 mô hình", name)
    plan, problems = compile_document(documents.read("plan.html", source), world.library.vocabulary)
    return source, plan, problems


def planner(world: World, organised: Organised) -> Actor:
    return world.person(organised.units[0].code, Role.PLAN)


def published(world: World, organised: Organised) -> None:
    by = planner(world, organised)
    source, plan, problems = compiled(world, organised.levels[organised.counted])
    draft = keep_draft(
        source_name="plan.html", source=source, plan=plan, problems=problems, by=by, at=world.at
    )
    publish(
        version=draft,
        number="1/KH",
        signed_on=SIGNED,
        effective_on=SIGNED,
        by=by,
        at=world.at,
        library=world.library,
    )


def handed_down(world: World, organised: Organised) -> Allocation:
    by = planner(world, organised)
    draft = target_allocation.start(keys=[MODELS], by=by, at=world.at, ledger=world.ledger)
    return target_allocation.issue(
        allocation=draft,
        number="2/QĐ",
        issued_on=ISSUED,
        effective_on=ISSUED,
        by=by,
        at=world.at,
        ledger=world.ledger,
    )


def reading(unit: str, by: Actor) -> Reading:
    living = living_plan(unit=unit, by=by)
    assert living is not None
    found, indicator, year = MODELS
    return living.reader.reading(living.reader.binding(found, indicator), year)


def test_each_unit_of_a_level_is_read(world, organised):
    """The words name the level by its own name; the paraphrase says the same name again."""
    _, plan, problems = compiled(world, organised.levels[organised.counted])
    (target,) = plan.find("I.1").targets
    assert (target.basis, target.level, target.amount) == (Basis.PER_UNIT, organised.counted, EACH)
    assert "unit-of-no-level" not in {problem.code for problem in problems}
    name = organised.levels[organised.counted].lower()
    assert f"mỗi {name}," in say_target(target, world.library.vocabulary)


@pytest.mark.parametrize("words", ["Mỗi đơn vị", "Mỗi chi hội"])
def test_a_unit_of_no_level_is_said(world, organised, words):
    """What no level bears is read as the whole body's, and a person is told so, with the levels
    there are.
    """
    source = plan_page(f"{words} xây dựng ≥ 02 mô hình", organised.levels[organised.lowest])
    plan, problems = compile_document(documents.read("plan.html", source), world.library.vocabulary)
    (target,) = plan.find("I.1").targets
    assert (target.basis, target.level) == (Basis.WHOLE, None)
    (said,) = [problem for problem in problems if problem.code == "unit-of-no-level"]
    assert said.fragment == words
    assert f"“mỗi {organised.levels[organised.lowest].lower()}”" in said.message
    assert said.source.file == "plan.html"


def test_the_top_level_is_the_whole(world, organised):
    _, plan, problems = compiled(world, next(iter(organised.levels.values())))
    (target,) = plan.find("I.1").targets
    assert target.basis is Basis.WHOLE
    assert "unit-of-top-level" in {problem.code for problem in problems}


def test_from_the_plan_to_the_verdict(world, organised):
    """Compiled, published, handed down, reported, judged: by the units of that level in the tree."""
    published(world, organised)
    by, root = planner(world, organised), organised.units[0].code
    decision = handed_down(world, organised)
    (column,) = map(column_from, decision.columns)
    assert column.rule == Rule(
        method=AllocationMethod.PER_UNIT, level=organised.counted, each=Fraction(EACH)
    )
    tree = by.tree
    expected = {
        code: EACH * tree.count(organised.counted, code) or None for code in tree.children(root)
    }
    assert dict(column.parts) == expected
    reporters = [unit.code for unit in organised.units if unit.level == organised.lowest]
    for place, unit in enumerate(reporters):
        built = 3 if place else 0  # the first has built none
        world.accepted(unit, "F-6T", "2020-H1", {"mo_hinh": built})
        world.accepted(unit, "F-6T", "2020-H2", {"mo_hinh": 0})
    whole = reading(root, by).result
    assert whole.required is not None
    assert whole.required.amount == EACH * tree.count(organised.counted, root)
    assert whole.reached == 3 * (len(reporters) - 1)
    assert whole.level is Level.MET
    first = next(code for code in tree.path(reporters[0]) if code in expected)
    need = reading(first, by).result.required
    assert need is not None
    assert need.amount == expected[first]
    judged = reading(reporters[0], by).result
    asked = tree.count(organised.counted, reporters[0])
    assert judged.level is (Level.NOT_MET if asked else Level.NO_TARGET)


def test_the_sheet_speaks_of_its_own_levels(world, organised):
    """Every choice per unit names a level that stands below, by its name; none that is not there."""
    published(world, organised)
    by = planner(world, organised)
    draft = target_allocation.start(keys=[MODELS], by=by, at=world.at, ledger=world.ledger)
    sheet = allocation_sheet(allocation=draft, by=by, ledger=world.ledger)
    (shown,) = forms.view(sheet, world.library).columns
    below = list(organised.levels.items())[1:]
    choices = {value: words for value, words in shown.methods if value.startswith("per_unit")}
    assert choices == {
        f"per_unit:{code}": f"Mỗi {name.lower()} một chỉ tiêu" for code, name in below
    }
    assert shown.fields["method"] == f"per_unit:{organised.counted}"
    assert shown.rule == f"Mỗi {organised.levels[organised.counted].lower()} một chỉ tiêu: 2"
    typed = forms.read_typed(sheet, {"r-0-method": f"per_unit:{organised.lowest}"})
    assert typed.columns[0].rule.level == organised.lowest


def test_an_amount_goes_by_the_lowest_units(world, organised):
    """What is whole is divided by how many units of the lowest level each has below it."""
    by = planner(world, organised)
    source = plan_page("Xây dựng 24 mô hình", organised.levels[organised.lowest])
    plan, problems = compile_document(documents.read("plan.html", source), world.library.vocabulary)
    draft = keep_draft(
        source_name="plan.html", source=source, plan=plan, problems=problems, by=by, at=world.at
    )
    publish(
        version=draft,
        number="1/KH",
        signed_on=SIGNED,
        effective_on=SIGNED,
        by=by,
        at=world.at,
        library=world.library,
    )
    (column,) = map(column_from, handed_down(world, organised).columns)
    tree, lowest = by.tree, organised.lowest
    share = Fraction(24, tree.count(lowest, organised.units[0].code))
    assert column.parts == {
        code: share * tree.count(lowest, code) for code in tree.children(organised.units[0].code)
    }
