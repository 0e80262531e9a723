"""What was written under contract 1: it is upcast when it is read, and never rewritten."""

import copy
from decimal import Decimal

import pytest

from toankhoa.core.compiling import compile_document
from toankhoa.core.plan import Basis, Comparator, Target, contract_of, plan_from, plan_json
from toankhoa.core.plan.codec import target_from
from toankhoa.core.plan.contracts import as_shown_in_contract_1, upcast_rule
from toankhoa.documents import read

PAGE = (
    "<p>KẾ HOẠCH 2020 - 2021</p><table>"
    "<tr><td>TT</td><td>Nội dung</td><td>2020</td><td>2021</td><td>Cấp thực hiện</td></tr>"
    "<tr><td>I</td><td>CHỈ TIÊU: mỗi huyện mở ít nhất 2 lớp</td><td></td><td></td><td></td></tr>"
    "<tr><td>1</td><td>Mỗi cơ sở giúp 2 hộ</td><td>2 hộ/cơ sở</td><td>90%</td><td>Cơ sở</td></tr>"
    "</table>"
)
WRITTEN = {
    "comparator": ">=",
    "amount": 2,
    "upper": None,
    "unit": "hộ",
    "basis": "per_base",
    "subject": "",
    "applies": "each_year",
    "years": [],
}


def in_contract_1(document):
    """A document as the first contract wrote it."""
    if isinstance(document, list):
        return [in_contract_1(item) for item in document]
    if not isinstance(document, dict):
        return document
    old = {key: in_contract_1(value) for key, value in document.items() if key != "contract"}
    if "basis" in old and (level := old.pop("level", None)):
        old["basis"] = f"per_{level}"
    return old


def test_a_document_says_its_contract(vocabulary):
    plan, _ = compile_document(read("a.html", PAGE.encode()), vocabulary)
    assert plan_json(plan)["contract"] == 2
    assert contract_of(plan_json(plan)) == 2
    assert contract_of({}) == 1


def test_an_old_plan_reads_the_same(vocabulary):
    """Cells, rows and headings of contract 1 become amounts per unit of the level that it named."""
    plan, _ = compile_document(read("a.html", PAGE.encode()), vocabulary)
    old = in_contract_1(plan_json(plan))
    kept = copy.deepcopy(old)
    assert "per_base" in str(old)
    assert "per_district" in str(old)
    assert plan_from(old) == plan
    assert old == kept, "reading alters nothing"


@pytest.mark.parametrize(
    ("basis", "level"), [("per_base", "base"), ("per_district", "district"), ("whole", None)]
)
def test_a_target_of_contract_1(basis, level):
    target = target_from(WRITTEN | {"basis": basis}, contract=1)
    assert target.level == level
    assert target.basis is (Basis.PER_UNIT if level else Basis.WHOLE)


def test_a_rule_of_contract_1():
    assert upcast_rule({"method": "per_base", "each": 2}, 1) == {
        "method": "per_unit",
        "level": "base",
        "each": 2,
    }
    assert upcast_rule({"method": "equal"}, 1) == {"method": "equal", "level": None}
    now = {"method": "per_unit", "level": "to"}
    assert upcast_rule(now, 2) == now


def test_a_later_contract_is_refused():
    with pytest.raises(ValueError, match="newer"):
        contract_of({"contract": 3})


def test_a_record_is_shown_as_before():
    """The text that marks of confirmed changes are digests of has not changed with the contract."""
    per_base = Target(
        comparator=Comparator.AT_LEAST, amount=Decimal(2), basis=Basis.PER_UNIT, level="base"
    )
    shown = as_shown_in_contract_1(
        repr((per_base, Target(comparator=Comparator.KEEP, amount=Decimal(0))))
    )
    assert "basis=<Basis.PER_BASE: 'per_base'>, subject=''" in shown
    assert "basis=<Basis.WHOLE: 'whole'>, subject=''" in shown
    assert "level" not in shown


@pytest.mark.parametrize(
    "wrong", [{"basis": Basis.PER_UNIT}, {"basis": Basis.WHOLE, "level": "base"}]
)
def test_a_level_goes_with_its_basis(wrong):
    with pytest.raises(ValueError, match="names a level"):
        Target(comparator=Comparator.AT_LEAST, amount=Decimal(2), **wrong)
