"""A draft is held against the units of its own day, on its page as on the command line."""

from datetime import date

import pytest
from reformed_units import MERGE, reformed
from visits import province, visitor
from worlds import TODAY

from toankhoa import documents
from toankhoa.core.compiling import compile_document
from toankhoa.core.returns import Role
from toankhoa.operations.review import review
from toankhoa.plan.drafts import keep_draft

pytestmark = pytest.mark.django_db
DATED = "\n\nTỉnh, ngày 29 tháng 9 năm 2017\n\n"


@pytest.fixture(autouse=True)
def today(settings) -> None:
    settings.TODAY, settings.DEMO = TODAY, False


@pytest.fixture
def merged():
    """Five communes until July 2021, four since: two of them were merged."""
    world, _ = reformed(province(), MERGE)
    assert [
        world.organisation.on(day).count("base", "p") for day in (date(2017, 9, 29), TODAY)
    ] == [5, 4]
    return world


def drafted(world, *, years: tuple[int, int], whole: int, dated: str = ""):
    """A draft that asks 2 households of each commune and says how many that is in all."""
    text = f"""{dated}| STT | Nội dung | {years[0]} | {years[1]} | Cấp thực hiện | Ban thực hiện |
|---|---|---|---|---|---|
| I | Chỉ tiêu |  |  |  | Ban KT |
| 1 | Mỗi cơ sở giúp ít nhất 2 hộ | {whole} hộ | {whole} hộ | Cơ sở |  |
"""
    source = text.encode()
    plan, problems = compile_document(
        documents.read("ke-hoach.md", source), world.library.vocabulary
    )
    return keep_draft(
        source_name="ke-hoach.md",
        source=source,
        plan=plan,
        problems=problems,
        by=world.person("p", Role.PLAN),
        at=world.at,
    )


def sums_apart(world, draft) -> list[str]:
    """What the check says of amounts per unit that do not come to the whole."""
    findings = review(draft, by=world.person("p", Role.PLAN), library=world.library).findings
    return [
        finding.problem.message for finding in findings if finding.problem.code == "total-not-parts"
    ]


@pytest.mark.parametrize(
    ("years", "dated", "units"),
    [
        ((2017, 2018), "", 5),
        ((2021, 2022), "", 5),
        ((2022, 2023), "", 4),
        ((2022, 2023), DATED, 5),
    ],
    ids=["first year", "first of January", "years after it", "dated before it"],
)
def test_units_of_the_plans_day_count(merged, years, dated, units):
    """The date decides, else the first day of the first year; today's four communes do not."""
    assert sums_apart(merged, drafted(merged, years=years, whole=2 * units, dated=dated)) == []
    wrong = drafted(merged, years=years, whole=300, dated=dated)
    (message,) = sums_apart(merged, wrong)
    assert f"2 mỗi đơn vị × {units} đơn vị = {2 * units}, nhưng kế hoạch ghi 300" in message


def test_page_shows_the_plans_units(merged):
    """The page of the draft says the same: 5 communes in 2017, though there are 4 today."""
    draft = drafted(merged, years=(2017, 2018), whole=300)
    page = visitor(merged, "p", Role.PLAN).get(f"/nap-ke-hoach/{draft.pk}/").content.decode()
    assert "2 mỗi đơn vị × 5 đơn vị = 10, nhưng kế hoạch ghi 300" in page


def test_later_unit_counts_its_first_day(merged):
    """A commune that the merger founded has a plan older than itself: its own first day counts."""
    world = merged
    by = world.person("n", Role.PLAN)
    draft = drafted(world, years=(2017, 2018), whole=2)
    facts = review(draft, by=by, library=world.library).facts
    assert (facts["units"], facts["places"]) == ({"base": 1}, ("Xã Mới",))
