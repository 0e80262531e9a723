"""Reforms in the database: drafted, applied, undone; people and totals follow; the past stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone
from strategies import unit_version
from worlds import LIBRARY, PROVINCE, World

from toankhoa.audit.models import AuditEntry
from toankhoa.core.basics import Refused
from toankhoa.core.organisation import Change, Effect, Reform, ReformPart
from toankhoa.core.returns import Role
from toankhoa.operations.reform_dependents import dependents
from toankhoa.operations.reform_preview import preview
from toankhoa.operations.reforms import apply_reform, undo_reform
from toankhoa.org.models import MemberMove, Membership
from toankhoa.org.models import Reform as Row
from toankhoa.org.organisation import organisation
from toankhoa.org.reforms import draft_reform, drop_reform, read_move, revise_reform, seat_member
from toankhoa.org.scope import actor_of
from toankhoa.plan.models import PlanVersion
from toankhoa.reporting.models import IssuedReport, Return, Total
from toankhoa.reporting.returns.workflow import accept_return
from toankhoa.reporting.totals import posting

DAY = date(2021, 7, 1)
AT = timezone.make_aware(datetime(2021, 10, 20, 9))
MERGE = Change(effect=Effect.MERGE, units=("c2",), parts=(ReformPart(code="c1", name="Xã Mới"),))
SPLIT = Change(
    effect=Effect.SPLIT,
    units=("c3",),
    parts=(ReformPart(code="c1"), ReformPart(code="n1", name="Xã N")),
)
ABOLISH = Change(effect=Effect.ABOLISH, level="district")


def drafted(*changes: Change, day: date = DAY, code: str = "", by=None) -> Row:
    reform = Reform(code=code, day=day, document="NQ 1", title="Sắp xếp", changes=changes)
    return draft_reform(reform=reform, by=by, at=AT)


def applied(world: World, *changes: Change, day: date = DAY, at: datetime = AT) -> Row:
    row = apply_reform(
        draft=drafted(*changes, day=day), by=None, today=world.today, at=at, library=LIBRARY
    )
    world.organisation = organisation()
    again = {key: actor_of(actor.user, world.today) for key, actor in world.people.items()}
    world.people = {key: actor for key, actor in again.items() if actor is not None}
    return row


def admin(world: World):
    return world.person("p", Role.ADMIN)


def stored(before: int):
    """All total rows of the months before a key."""
    rows = (
        Total.objects.filter(period__lt=before).exclude(period=before // 100 * 100).order_by("pk")
    )
    return [(row.pk, bytes(row.sums), bytes(row.counts)) for row in rows]


def standing():
    """How far every return has come."""
    return list(
        Return.objects.order_by("pk").values_list("state", "accepted_depth", "counted", "values")
    )


def test_an_applied_reform_is_the_organisation_from_its_day_on(world):
    applied(world, MERGE)
    assert world.organisation.on(DAY).units["c1"].name == "Xã Mới"
    assert "c2" not in world.organisation.on(DAY)
    assert "c2" in world.organisation.on(DAY - timedelta(days=1))
    assert world.organisation.heirs("c2", DAY) == ("c1",)
    assert world.organisation.forebears("c1", DAY) == ("c2",)
    assert [reform.title for reform in world.organisation.reforms] == ["Sắp xếp"]
    entry = AuditEntry.objects.get(verb="apply_reform")
    assert entry.subject == f"reform:{Row.objects.get().pk}"
    assert entry.data["people"] == {"moved": 0, "left": 0}


def test_totals_of_months_before_stay_byte_for_byte_and_all_equal_a_rebuild(world):
    for month in ("2021-03", "2021-08"):
        for unit, members in (("c1", 10), ("c2", 20), ("c4", 5)):
            world.accepted(unit, "B-M", month, {"meetings": 1, "members": members})
    before = stored(202107)
    assert before
    applied(world, MERGE, ABOLISH)
    assert stored(202107) == before
    assert posting.differences(ledger=world.ledger) == []
    assert world.total("p", "members", 202103, stage=0) == 35


def test_undoing_gives_back_what_was(world):
    world.accepted("c1", "B-M", "2021-08", {"meetings": 1, "members": 10})
    world.send("c3", "B-M", "2021-08", {"meetings": 2})
    world.accept(world.send("c5", "B-M", "2021-08", {"meetings": 4}), "d2")
    everything = stored(999999), standing()
    tree = world.organisation.on(DAY)
    row = applied(world, SPLIT, ABOLISH)
    assert standing() != everything[1]
    undo_reform(reform=row, by=admin(world), at=AT, library=LIBRARY)
    assert organisation().on(DAY).units == tree.units
    assert (stored(999999), standing()) == everything
    assert Row.objects.get().state == Row.State.UNDONE
    again = drafted(SPLIT)  # the code of the new unit is free again
    apply_reform(draft=again, by=None, today=world.today, at=AT, library=LIBRARY)
    assert "n1" in organisation().on(DAY)


def test_the_organisation_can_be_asked_as_of_a_moment(world):
    row = applied(world, MERGE, at=AT)
    undo_reform(reform=row, by=admin(world), at=AT + timedelta(days=2), library=LIBRARY)
    moments = {-1: True, 0: False, 1: False, 2: True, 3: True}
    for days, stands in moments.items():
        assert ("c2" in organisation(AT + timedelta(days=days)).on(DAY)) is stands
    assert organisation(AT + timedelta(days=9)) is organisation()


def test_what_was_begun_before_a_reform_is_not_added_up_along_the_old_tree(world):
    ret = world.send("c4", "B-M", "2021-09", {"meetings": 1})
    officer, before = world.person("d2"), world.ledger
    applied(world, MERGE)
    with pytest.raises(Refused, match="vừa thay đổi"):
        accept_return(ret=ret, by=officer, at=AT, ledger=before)
    with pytest.raises(Refused, match="vừa thay đổi"):
        posting.rebuild(ledger=before)
    assert posting.differences(ledger=world.ledger) == []


# What is refused


def test_a_reform_is_not_applied_before_its_day_nor_twice_nor_out_of_order(world):
    early = drafted(MERGE, day=date(2021, 12, 1))
    with pytest.raises(Refused, match="có hiệu lực từ 01/12/2021"):
        apply_reform(draft=early, by=None, today=world.today, at=AT, library=LIBRARY)
    first = applied(world, MERGE)
    with pytest.raises(Refused, match="bước khác"):
        apply_reform(draft=first, by=None, today=world.today, at=AT, library=LIBRARY)
    behind = drafted(ABOLISH, day=date(2020, 1, 1))
    with pytest.raises(Refused, match="đã thực hiện “Sắp xếp” có hiệu lực sau đó"):
        apply_reform(draft=behind, by=None, today=world.today, at=AT, library=LIBRARY)
    behind.refresh_from_db()
    assert behind.state == Row.State.DRAFT
    assert "d1" in organisation().on(world.today)
    ahead = drafted(ABOLISH, day=date(2021, 8, 1))
    with pytest.raises(Refused, match="bản thảo “Sắp xếp” có hiệu lực trước đó"):
        apply_reform(draft=ahead, by=None, today=world.today, at=AT, library=LIBRARY)


def test_only_an_administrator_of_the_whole_tree_reforms_it(world):
    for by in (world.person("p", Role.PLAN), world.person("d1", Role.ADMIN)):
        with pytest.raises(Refused, match="Chỉ người quản trị"):
            drafted(MERGE, by=by)
    assert not Row.objects.exists()
    assert drafted(MERGE, by=admin(world)).drafted_by == admin(world).user


def test_a_draft_is_revised_and_dropped_and_only_a_draft(world):
    row, by = drafted(MERGE), admin(world)
    renamed = replace(row.record(), title="Tên khác", changes=(ABOLISH,))
    row = revise_reform(draft=row, reform=renamed, row_version=1, by=by, at=AT)
    assert (row.title, row.record().changes) == ("Tên khác", (ABOLISH,))
    with pytest.raises(Refused, match="sửa ở nơi khác"):
        revise_reform(draft=row, reform=renamed, row_version=1, by=by, at=AT)
    with pytest.raises(Refused, match="tên gọi"):
        revise_reform(draft=row, reform=replace(renamed, title=" "), row_version=2, by=by, at=AT)
    drop_reform(draft=row, by=by, at=AT)
    done = applied(world, MERGE)
    with pytest.raises(Refused, match="bước khác"):
        drop_reform(draft=done, by=admin(world), at=AT)
    assert [entry.verb for entry in AuditEntry.objects.order_by("pk")][-4:] == [
        "revise_reform",
        "drop_reform",
        "draft_reform",
        "apply_reform",
    ]


@pytest.mark.usefixtures("world")
def test_two_reforms_do_not_share_a_code():
    assert drafted(MERGE).code != drafted(MERGE).code
    drafted(MERGE, code="nq")
    with pytest.raises(Refused, match="Đã có lần sắp xếp mã nq"):
        drafted(MERGE, code="nq")


def test_what_rests_on_a_reform_keeps_it_from_being_undone(world):
    row = applied(world, SPLIT, at=timezone.make_aware(datetime(2021, 7, 1, 8)))
    world.send("n1", "B-M", "2021-08", {"meetings": 1})
    world.send("c4", "B-M", "2021-08", {"meetings": 1})  # has nothing to do with it
    with pytest.raises(
        Refused, match=r"đã có 1 báo cáo của đơn vị sau sắp xếp.*đã có 1 người dùng"
    ):
        undo_reform(reform=row, by=admin(world), at=AT, library=LIBRARY)
    second = applied(world, ABOLISH, day=date(2021, 9, 1))
    with pytest.raises(Refused, match="hãy hoàn tác việc ấy trước"):
        undo_reform(reform=row, by=admin(world), at=AT, library=LIBRARY)
    undo_reform(reform=second, by=admin(world), at=AT, library=LIBRARY)
    assert "d1" in organisation().on(world.today)


MOVE = Change(effect=Effect.MOVE, parts=(ReformPart(code="c1", parent="d2"),))
MORNING = timezone.make_aware(datetime(2021, 10, 20, 8))  # before anything that `world.at` does


def refusal(world: World, row: Row) -> str:
    with pytest.raises(Refused) as refused:
        undo_reform(reform=row, by=admin(world), at=AT, library=LIBRARY)
    return str(refused.value)


def test_what_the_new_district_took_in_keeps_a_move_from_being_undone(world):
    row = applied(world, MOVE, at=MORNING)
    ret = world.send("c1", "B-M", "2021-08", {"meetings": 1})
    world.accepted("c4", "B-M", "2021-08", {"meetings": 1})  # has the chain that it had
    world.accepted("c1", "B-M", "2021-06", {"meetings": 1})  # of before the day: the old district's
    assert list(dependents(row, organisation())) == []
    world.accept(ret, "d2")
    assert "đã duyệt, trả lại 1 báo cáo (c1)" in refusal(world, row)


def test_what_was_done_in_the_place_of_a_unit_that_ended_keeps_its_end_from_being_undone(world):
    sent = world.send("c1", "B-M", "2021-05", {"meetings": 1})
    world.save("c2", "B-M", "2021-05", {"meetings": 1})
    row = applied(world, MERGE, ABOLISH, at=world.at)
    assert list(dependents(row, organisation())) == []
    world.minutes += 1
    accept_return(ret=sent, by=world.person("p"), at=world.at, ledger=world.ledger)  # for d1, too
    world.save("c2", "B-M", "2021-05", {"meetings": 2}, by=world.person("c1"))
    said = refusal(world, row)
    assert "cấp làm thay đã duyệt, trả lại 1 báo cáo (Xã Mới)" in said
    assert "1 báo cáo của đơn vị kết thúc được làm tiếp" in said


def test_a_seat_given_by_hand_keeps_a_reform_from_being_undone(world):
    user = world.person("c3").user
    row = applied(world, SPLIT, at=MORNING)
    assert list(dependents(row, organisation())) == []
    seat_member(move=MemberMove.objects.get(user=user), unit="n1", by=admin(world), at=AT)
    assert "đã xếp 1 người vào đơn vị mới" in refusal(world, row)


@pytest.mark.parametrize(("unit", "rests"), [("p", True), ("d1", True), ("d2", False)])
def test_a_report_issued_above_what_changed_keeps_it_from_being_undone(world, unit, rests):
    row = applied(world, MERGE, at=MORNING)
    made = {"source_name": "k.docx", "source": b"", "years": [2021], "document": {}, "made_at": AT}
    plan = PlanVersion.objects.create(
        unit_id=organisation().ids["p"], state=PlanVersion.State.PUBLISHED, **made
    )
    told = {
        "kind": "other",
        "number": "01/BC",
        "signed_on": world.today,
        "as_of": AT,
        "issued_at": AT,
    }
    files = {"word": b"", "excel": b"", "figures": {}, "digests": {}}
    IssuedReport.objects.create(unit_id=organisation().ids[unit], version=plan, **told, **files)
    assert [("01/BC" in reason) for reason in dependents(row, organisation())] == (
        [True] if rests else []
    )


def test_reforms_of_one_day_are_made_in_the_order_they_were_applied(world):
    for code, change in (
        ("z", SPLIT),
        ("a", Change(effect=Effect.RENAME, parts=(ReformPart(code="n1", name="Xã M"),))),
    ):
        draft = drafted(change, code=code)
        apply_reform(draft=draft, by=None, today=world.today, at=AT, library=LIBRARY)
    assert organisation().on(DAY).units["n1"].name == "Xã M"
    shown = preview(Row.objects.get(code="a"), LIBRARY)
    assert [each.after.name for each in shown.altered] == ["Xã M"]


# People


def test_a_person_follows_her_unit_to_its_one_successor_and_is_told(world):
    user = world.person("c2").user
    applied(world, MERGE)
    actor = actor_of(user, world.today)
    assert actor is not None
    assert (actor.unit, actor.move.was.code, actor.move.reform.title) == ("c1", "c2", "Sắp xếp")
    read_move(by=actor, at=AT)
    assert actor_of(user, world.today).move is None
    read_move(by=actor, at=AT)
    assert AuditEntry.objects.filter(verb="read_move").count() == 1


def test_where_no_unit_alone_carries_hers_on_an_administrator_says_where_she_goes(world):
    user, district = world.person("c3").user, world.person("d1").user
    row = applied(world, SPLIT, ABOLISH)
    assert actor_of(user, world.today) is None
    assert {(move.user, move.now) for move in row.moves.all()} == {(user, None), (district, None)}
    move = MemberMove.objects.get(user=user)
    seat_member(move=move, unit="n1", by=admin(world), at=AT)
    assert actor_of(user, world.today).unit == "n1"
    with pytest.raises(Refused, match="đã được xếp"):
        seat_member(move=move, unit="c1", by=admin(world), at=AT)


def test_people_go_back_with_their_unit(world):
    user = world.person("c2").user
    row = applied(world, MERGE)
    undo_reform(reform=row, by=admin(world), at=AT, library=LIBRARY)
    member = Membership.objects.get(user=user)
    assert (member.unit.code, member.move) == ("c2", None)


@pytest.mark.django_db
def test_units_known_to_end_are_no_reforms():
    world = World.of((*PROVINCE, unit_version("c9", "d1", end=date(2020, 1, 1))))
    assert world.organisation.heirs("c9", world.today) == ("d1",)
    assert world.organisation.reforms == ()
