"""Home pages: what a unit is asked for, what nobody has asked it for yet, and what is not its to
report.
"""

import re

import pytest
from markup import tight
from visits import province, publish_plan, visitor
from worlds import TODAY, World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(settings) -> None:
    settings.TODAY, settings.DEMO = TODAY, False


@pytest.fixture
def world() -> World:
    world = province()
    publish_plan(world)
    return world


def goal(page: str, number: int) -> str:
    """The card of one target."""
    found = re.search(
        rf'<li class="card goal">(?:(?!</li>).)*>Chỉ tiêu {number}</a>.*?</li>', tight(page)
    )
    assert found is not None
    return found[0]


def test_a_target_not_handed_down_shows_what_is_done_and_says_so(world):
    world.accepted("c1", "CS-QUY", "2021-Q3", {"guong_dien_hinh": 4})
    card = goal(visitor(world, "d1").get("/").content.decode(), 3)
    assert re.search(r"<strong>4</strong>\s*<span class=\"muted\">· chưa giao chỉ tiêu", card)
    assert "Chưa giao chỉ tiêu" in card
    assert "Không đặt ra" not in card


def test_a_target_that_others_report_is_not_said_to_be_unset(world):
    card = goal(visitor(world, "d1").get("/").content.decode(), 14)
    assert "Không đặt ra" not in card
