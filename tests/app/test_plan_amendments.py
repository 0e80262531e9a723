"""Amendments: the past keeps its version, codes survive, nothing goes into force unseen."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

import openpyxl
import pytest
from visits import SIGNED, compiled, province, publish_plan, queries, visitor
from worlds import TODAY, World

from toankhoa.core.basics import Refused
from toankhoa.core.returns import Role
from toankhoa.core.review import TITLE, Place, remove_row
from toankhoa.operations.living_plan import living_plan
from toankhoa.plan import amendments, drafts
from toankhoa.plan.models import PlanVersion
from toankhoa.plan.versions import history

ROW = "I.CT05.1"  # a row without a number in its years
CHANGED = date(2020, 3, 1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(settings) -> None:
    settings.TODAY, settings.DEMO = TODAY, False


@pytest.fixture
def world() -> World:
    world = province()
    publish_plan(world)
    return world


@pytest.fixture
def draft(world) -> PlanVersion:
    return amendments.start_amendment(
        based_on=PlanVersion.objects.get(), by=planner(world), at=world.at
    )


def planner(world: World):
    return world.person("p", Role.PLAN)


def edit(world: World, draft: PlanVersion, row: str, field: str, text: str) -> None:
    drafts.edit_draft(
        draft=draft.pk,
        place=Place(row, field),
        text=text,
        row_version=99,
        by=planner(world),
        at=world.at,
        vocabulary=world.library.vocabulary,
    )


def now(draft: PlanVersion) -> PlanVersion:
    return PlanVersion.objects.select_related("based_on").get(pk=draft.pk)


def confirm_all(world: World, draft: PlanVersion) -> None:
    marks = [change.mark for change in amendments.changes(now(draft))]
    amendments.confirm_steps(
        draft=draft.pk, marks=marks, confirmed=True, by=planner(world), at=world.at
    )


def publish(world: World, draft: PlanVersion, effective_on: date = CHANGED) -> PlanVersion:
    return drafts.publish(
        version=now(draft),
        number="12/QĐ",
        signed_on=min(CHANGED, effective_on),
        effective_on=effective_on,
        by=planner(world),
        at=world.at,
        library=world.library,
    )


@contextmanager
def refused(code: str) -> Iterator[None]:
    """A block that is refused for this reason."""
    with pytest.raises(Refused) as found:
        yield
    assert found.value.problem.code == code


def test_a_copy_changes_nothing_until_it_is_edited(world, draft):
    assert amendments.changes(draft) == []
    edit(world, draft, ROW, "2021", "≥ 9.000 hộ")
    assert [
        (change.step.row.code, change.step.years) for change in amendments.changes(now(draft))
    ] == [(ROW, (2021,))]


def test_changes_are_confirmed_and_an_edit_asks_again(world, draft):
    edit(world, draft, ROW, "2021", "≥ 9.000 hộ")
    with refused("amendment-open"):
        publish(world, draft)
    confirm_all(world, draft)
    assert all(change.confirmed for change in amendments.changes(now(draft)))
    edit(world, draft, ROW, "2020", "≥ 8.000 hộ")
    assert not any(change.confirmed for change in amendments.changes(now(draft)))


def test_past_years_stay_under_the_version_that_was_in_force(world, draft):
    """Both years are changed; only the one that had not ended when the amendment took effect
    follows it.
    """
    edit(world, draft, ROW, "2019", "≥ 7.000 hộ")
    edit(world, draft, ROW, "2021", "≥ 9.000 hộ")
    was = PlanVersion.objects.exclude(pk=draft.pk).get().document["activities"]
    before = next(row for row in was if row["code"] == ROW)["commitments"]["2019"]["text"]
    confirm_all(world, draft)
    publish(world, draft)
    living = living_plan(unit="p", by=planner(world))
    cells = living.plan.find(ROW).commitments
    assert (cells[2019].text, cells[2021].text) == (before, "≥ 9.000 hộ")
    assert (
        living.version.number,
        living.in_force.of(2019).number,
        living.in_force.of(2020).number,
    ) == (
        "12/QĐ",
        "70/KH-BCH",
        "12/QĐ",
    )


def test_a_row_taken_out_is_shown_for_its_years_and_marked(world, draft):
    drafts.remove_row(draft=draft.pk, row=ROW, by=planner(world), at=world.at)
    confirm_all(world, draft)
    publish(world, draft)
    living = living_plan(unit="p", by=planner(world))
    assert living.term.removed == {ROW}
    assert living.plan.find(ROW).commitments[2021].text == ""
    page = visitor(world, "p").get("/ke-hoach/").content.decode()
    assert page.count("không còn trong bản hiện hành") == 1


def test_home_and_plan_pages_stand_rows_that_were_taken_out(world, draft):
    """A measured row and a whole target with its rows: pages of every role, every filter, the
    files.
    """
    gone = [row.code for row in compiled()[1].activities if row.objective in ("I.CT02", "I.CT05")]
    for code in (*gone, "I.CT02", "I.CT05"):
        drafts.remove_row(draft=draft.pk, row=code, by=planner(world), at=world.at)
    confirm_all(world, draft)
    publish(world, draft)
    for unit, role in (
        ("p", Role.PLAN),
        ("p", Role.LEADER),
        ("p", Role.BOARD),
        ("d1", Role.OFFICER),
        ("c1", Role.OFFICER),
    ):
        client = visitor(world, unit, role, board="KT" if role is Role.BOARD else "")
        assert client.get("/").status_code == 200
        page = client.get("/ke-hoach/").content.decode()
        assert page.count("không còn trong bản hiện hành") == len(gone) + 2
    client = visitor(world, "p")
    for query in (
        "?nam=2018",
        "?nam=2021&tinh-trang=no_data",
        "?ban=KT",
        "?cap=base",
        "?tim=tiet+kiem",
    ):
        assert client.get(f"/ke-hoach/{query}").status_code == 200
    for kind in ("word", "excel"):
        assert client.get(f"/ke-hoach/tep/{kind}/").status_code == 200
    rows = client.get("/ke-hoach/").content.decode().split("<tr ")
    codes = [match[1] for each in rows if (match := re.search(r'id="(I\.CT0[1-6])"', each))]
    assert codes == [f"I.CT0{number}" for number in range(1, 7)]


def test_what_measured_a_row_goes_on_measuring_it(world, draft):
    """Reworded and moved; taken out, its indicator is looked for among the rest."""
    bound = {
        each["indicator"]: each["row"]
        for each in PlanVersion.objects.exclude(pk=draft.pk).get().bindings
    }
    edit(world, draft, "I.CT01.2", TITLE, "Việc khác hẳn")
    edit(world, draft, "I.CT01.2", "heading", "I.CT04")
    drafts.remove_row(draft=draft.pk, row="I.CT04.1", by=planner(world), at=world.at)
    confirm_all(world, draft)
    later = {each["indicator"]: each["row"] for each in publish(world, draft).bindings}
    assert later["CT01.2"] == bound["CT01.2"] == "I.CT01.2"
    assert {code: row for code, row in later.items() if bound[code] != "I.CT04.1"} == {
        code: row for code, row in bound.items() if row != "I.CT04.1"
    }


def test_details_that_change_are_changes(world, draft):
    edit(world, draft, ROW, "deadline", "Quý I/2020")
    [change] = amendments.changes(now(draft))
    assert [*change.step.kinds] == ["details"]
    page = visitor(world, "p", Role.PLAN).get(f"/nap-ke-hoach/{draft.pk}/so-sanh/").content.decode()
    assert "<ins>Quý I/2020</ins>" in page
    assert "Thời gian hoàn thành" in page


def test_a_version_to_come_does_not_govern_yet(world, draft):
    edit(world, draft, ROW, "2021", "≥ 9.000 hộ")
    confirm_all(world, draft)
    publish(world, draft, date(2021, 12, 1))
    assert living_plan(unit="p", by=planner(world)).version.number == "70/KH-BCH"
    assert [version.number for version in history("p")] == ["70/KH-BCH", "12/QĐ"]


def test_codes_survive_an_uploaded_amendment_and_placed_indicators_follow(world):
    """The document comes back with a row gone, so every row after it has another code when
    compiled.
    """
    source, plan, problems = compiled()
    shorter = remove_row(plan, ROW)
    renamed = {f"I.CT05.{rank}": f"I.CT05.{rank - 1}" for rank in range(2, 20)}
    shorter = replace(
        shorter,
        activities=tuple(
            replace(row, code=renamed.get(row.code, row.code)) for row in shorter.activities
        ),
    )
    draft = drafts.keep_draft(
        source_name="moi.docx",
        source=source,
        plan=shorter,
        problems=problems,
        by=planner(world),
        at=world.at,
        based_on=PlanVersion.objects.get(),
    )
    steps = [
        (change.step.row.code, [*change.step.kinds]) for change in amendments.changes(now(draft))
    ]
    assert steps == [(ROW, ["removed"])]
    confirm_all(world, draft)
    publish(world, draft)
    codes = {row["code"] for row in now(draft).document["activities"]}
    assert codes == {row.code for row in plan.activities} - {ROW}


def test_a_person_may_pair_rows_again(world, draft):
    amendments.pair_rows(draft=draft.pk, row=ROW, was="", by=planner(world), at=world.at)
    kinds = {frozenset(change.step.kinds) for change in amendments.changes(now(draft))}
    assert kinds == {frozenset({"added"}), frozenset({"removed"})}
    amendments.pair_rows(draft=draft.pk, row=ROW, was=ROW, by=planner(world), at=world.at)
    assert amendments.changes(now(draft)) == []
    with refused("pair-kinds"):
        amendments.pair_rows(draft=draft.pk, row=ROW, was="I.CT05", by=planner(world), at=world.at)


@pytest.mark.parametrize("day", [SIGNED, date(2017, 1, 1)])
def test_an_amendment_comes_after_what_it_amends(world, draft, day):
    with refused("amendment-date"):
        publish(world, draft, day)


def test_an_amendment_of_what_was_amended_meanwhile_is_refused(world, draft):
    first = amendments.start_amendment(based_on=now(draft).based_on, by=planner(world), at=world.at)
    publish(world, first)
    later = world.at.replace(hour=8)
    PlanVersion.objects.filter(pk=draft.pk).update(made_at=later)
    with refused("amendment-behind"):
        publish(world, draft, date(2020, 5, 1))


def test_verbs_leave_published_versions_alone(world):
    published = PlanVersion.objects.get()
    by, at = planner(world), world.at
    for act in (
        lambda: edit(world, published, ROW, TITLE, "Khác"),
        lambda: drafts.remove_row(draft=published.pk, row=ROW, by=by, at=at),
        lambda: amendments.pair_rows(draft=published.pk, row=ROW, was="", by=by, at=at),
        lambda: amendments.confirm_steps(
            draft=published.pk, marks=[], confirmed=True, by=by, at=at
        ),
    ):
        with refused("plan-published"):
            act()
    with refused("amendment-base"):
        amendments.start_amendment(based_on=published, by=world.person("d1", Role.PLAN), at=at)
    with refused("plan-role"):
        drafts.remove_row(draft=published.pk, row=ROW, by=world.person("p"), at=at)


# On screen


def test_side_by_side_confirmed_and_published(world, draft):
    client = visitor(world, "p", Role.PLAN)
    edit(world, draft, ROW, "2021", "≥ 9.000 hộ")
    edit(world, draft, "I.CT01", "boards", "Văn phòng")
    where = f"/nap-ke-hoach/{draft.pk}/so-sanh/"
    page = client.get(where).content.decode()
    assert "<ins>≥ 9.000 hộ</ins>" in page
    assert "Ban theo đề mục" in page
    only = client.get(where + "?loai=years").content.decode()
    assert only.count('class="step ') == 1
    marks = [change.mark for change in amendments.changes(now(draft))]
    client.post(where + "xac-nhan/", {"mark": marks})
    assert "Đã xác nhận cả" in client.get(where).content.decode()
    client.post(where + "xac-nhan/", {"mark": marks[:1], "take-back": "1", "loai": "years"})
    assert now(draft).confirmed == sorted(marks[1:])
    with queries() as asked:
        client.get(where)
    assert len(asked) == 5, [each["sql"] for each in asked]


def test_a_pairing_on_screen(world, draft):
    client = visitor(world, "p", Role.PLAN)
    where = f"/nap-ke-hoach/{draft.pk}/so-sanh/"
    client.post(where + "ghep/", {"row": ROW, "was": ""})
    assert ROW not in now(draft).pairs
    assert f'<option value="{ROW}"' in client.get(where).content.decode()
    assert client.post(where + "ghep/", {"row": "X", "was": ""}).status_code == 404


def test_an_amendment_begins_on_screen(world):
    client = visitor(world, "p", Role.PLAN)
    pk = PlanVersion.objects.get().pk
    page = client.post(f"/nap-ke-hoach/{pk}/dieu-chinh/", follow=True).content.decode()
    assert "Bản điều chỉnh của kế hoạch số 70/KH-BCH" in page
    assert (
        visitor(world, "d1", Role.PLAN).post(f"/nap-ke-hoach/{pk}/dieu-chinh/").status_code == 404
    )


def test_the_history_of_a_row_on_screen_and_as_a_workbook(world, draft):
    edit(world, draft, ROW, "2021", "≥ 9.000 hộ")
    confirm_all(world, draft)
    publish(world, draft)
    client = visitor(world, "c1")
    page = client.get(f"/ke-hoach/lich-su/{ROW}/").content.decode()
    assert page.index("12/QĐ") < page.index("70/KH-BCH")
    assert "<ins>≥ 9.000 hộ</ins>" in page
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/ke-hoach/lich-su/{ROW}/excel/").content))
    lines = list(book.active.iter_rows(values_only=True))
    assert [line[0] for line in lines[1:]] == ["70/KH-BCH", "12/QĐ"]
    assert (lines[0][9], lines[2][9], lines[2][2]) == ("Năm 2021", "≥ 9.000 hộ", "Đổi ô của năm")
    assert client.get("/ke-hoach/lich-su/X.9/").status_code == 404
