"""A plan as JSON and back."""

import json
from decimal import Decimal

import pytest

from toankhoa.core.basics import Problem, Severity, Source
from toankhoa.core.compiling import Document, compile_document
from toankhoa.core.plan import Plan, plan_from, plan_json
from toankhoa.documents import read

DUMP = """\tHỘI A\nSố: 1/KH\n\tBiên Hòa, ngày 05 tháng 02 năm 2018\n\n\nKẾ HOẠCH\n
Căn cứ Điều lệ;
\tTT\n\tNội dung\n\t2018\n\t2019\n\tCấp\n\n\tI\n\tChăm lo\n\t\n\t\n\t\n
\t1\n\tĐạt 88,5% hộ, giúp 2-3 hộ mỗi cơ sở\n\t2 (Định Quán)\n\tx\n\tCơ sở\n\n\nHết.
\tNơi nhận:\n- Như trên;\n\tTM. BAN\n\nLê A
"""


def places(plan: Plan) -> list[object]:
    """Every source, which equality of plans leaves out."""
    cells = [cell.source for row in plan.activities for cell in row.commitments.values()]
    return [plan.sources, [row.source for row in plan.rows()], cells]


def there_and_back(plan: Plan) -> Plan:
    return plan_from(json.loads(json.dumps(plan_json(plan))))


def test_a_plan_comes_back_with_its_sources(vocabulary):
    plan, _ = compile_document(read("a.txt", DUMP.encode()), vocabulary)
    assert plan.date
    assert [len(row.targets) for row in plan.activities] == [2]
    assert there_and_back(plan) == plan
    assert places(there_and_back(plan)) == places(plan)


def test_the_signed_plan_comes_back(signed_document, vocabulary):
    plan, _ = compile_document(signed_document("docx"), vocabulary)
    assert there_and_back(plan) == plan
    assert places(there_and_back(plan)) == places(plan)


def test_an_empty_plan_comes_back(vocabulary):
    plan, _ = compile_document(Document("a", ()), vocabulary)
    assert there_and_back(plan) == plan


def test_the_shape_that_others_read(vocabulary):
    plan, _ = compile_document(read("a.txt", DUMP.encode()), vocabulary)
    found = Problem("one", Severity.NOTE, "Lời", Source("a.txt", 0, 1, 2), "mảnh")
    said = plan_json(plan, [found])
    row = said["activities"][0]
    assert row["commitments"].keys() == {"2018", "2019"}
    assert row["commitments"]["2018"]["places"] == ["Định Quán"]
    assert row["commitments"]["2018"]["source"] == {
        "file": "a.txt",
        "table": 1,
        "row": 2,
        "cell": 2,
    }
    assert row["targets"][0] == {
        "comparator": "=",
        "amount": 88.5,
        "upper": None,
        "unit": "%",
        "basis": "rate",
        "level": None,
        "subject": "hộ",
        "applies": "each_year",
        "years": [],
    }
    assert (row["targets"][1]["comparator"], row["targets"][1]["upper"]) == ("range", 3)
    assert said["problems"] == [
        {
            "code": "one",
            "severity": "note",
            "message": "Lời",
            "source": {"file": "a.txt", "table": 0, "row": 1, "cell": 2},
            "fragment": "mảnh",
        }
    ]
    assert (said["date"], said["years"], said["signature"]["name"]) == (
        "2018-02-05",
        [2018, 2019],
        "Lê A",
    )


def test_amounts_stay_exact(vocabulary):
    plan, _ = compile_document(read("a.txt", DUMP.replace("88,5", "66,67").encode()), vocabulary)
    assert there_and_back(plan).activities[0].targets[0].amount == Decimal("66.67")


def test_what_is_no_plan_is_refused():
    with pytest.raises(KeyError):
        plan_from({})
