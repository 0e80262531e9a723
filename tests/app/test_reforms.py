"""What a reform would do, as it is shown before it is done; reforms from files."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction

import pytest
from django.utils import timezone
from openpyxl import Workbook
from worlds import LIBRARY, World

from toankhoa.core.basics import Refused
from toankhoa.core.organisation import Change, Effect, Finder, Reform, ReformPart, rows_of, table_of
from toankhoa.operations.reform_files import changes_csv, changes_in, reforms_in
from toankhoa.operations.reform_preview import Preview, preview
from toankhoa.operations.reforms import apply_reform
from toankhoa.org.models import Reform as Row
from toankhoa.org.organisation import organisation
from toankhoa.org.reforms import draft_reform
from toankhoa.reporting.returns.obligations import inbox

DAY = date(2021, 7, 1)
AT = timezone.make_aware(datetime(2021, 10, 20, 9))
MERGE = Change(effect=Effect.MERGE, units=("c2",), parts=(ReformPart(code="c1", name="Xã Mới"),))
HALVES = tuple(ReformPart(code=code, share=Fraction(1, 2)) for code in ("c4", "c5"))
SPLIT = Change(
    effect=Effect.SPLIT,
    units=("c3",),
    parts=(ReformPart(code="c1"), ReformPart(code="n1", name="Xã N")),
)
ABOLISH = Change(effect=Effect.ABOLISH, level="district")


def drafted(*changes: Change, day: date = DAY, title: str = "Sắp xếp") -> Row:
    reform = Reform(code="", day=day, document="NQ 1", title=title, changes=changes)
    return draft_reform(reform=reform, by=None, at=AT)


def seen(*changes: Change) -> Preview:
    return preview(drafted(*changes), LIBRARY)


def test_units_and_levels_before_and_after(world):
    found = seen(MERGE, SPLIT, ABOLISH)
    assert [(each.unit.code, [heir.code for heir in each.heirs]) for each in found.ending] == [
        ("d1", ["p"]),
        ("c2", ["c1"]),
        ("c3", ["c1", "n1"]),
        ("d2", ["p"]),
    ]
    assert [(unit.code, above) for unit, above in found.beginning] == [("n1", "p")]
    assert [
        (each.before.name, each.after.name, each.old_parent, each.new_parent)
        for each in found.altered
    ] == [
        ("c1", "Xã Mới", "d1", "p"),
        ("c4", "c4", "d2", "p"),
        ("c5", "c5", "d2", "p"),
    ]
    assert found.levels == (("province", 1, 1), ("district", 2, 0), ("base", 5, 4))
    assert world.organisation.on(world.today) is organisation().on(
        world.today
    )  # nothing has been done


@pytest.mark.usefixtures("world")
def test_what_can_be_restated_and_what_not():
    found = seen(SPLIT, replace(MERGE, units=("c1", "c2")))
    assert [(split.unit.code, split.known) for split in found.splits] == [("c3", False)]
    assert found.merged == 1


@pytest.mark.usefixtures("world")
def test_declared_shares_are_shown():
    known = seen(Change(effect=Effect.SPLIT, units=("c3",), parts=HALVES))
    assert [(split.known, [part.percent for part in split.parts]) for split in known.splits] == [
        (True, [50, 50])
    ]


@pytest.mark.usefixtures("world")
def test_due_follows_the_last_days_tree():
    """Returns due are those of the tree of the period's last day."""
    due = {each.form.code: (each.period.code, each.before, each.after) for each in seen(MERGE).due}
    assert due == {"B-M": ("2021-07", 5, 4), "B-Q": ("2021-Q3", 5, 4), "B-Y": ("2021", 5, 4)}


def test_open_returns_by_their_holder(world):
    """Open returns are counted by the unit that has to act on them."""
    world.save("c2", "B-M", "2021-05", {"meetings": 1})
    world.save(
        "c2", "B-M", "2021-08", {"meetings": 1}
    )  # of a period that the unit would not live to see
    world.send("c4", "B-M", "2021-05", {"meetings": 1})
    world.accept(
        world.send("c5", "B-M", "2021-05", {"meetings": 1}), "d2"
    )  # the province has it in hand
    world.accepted("c2", "B-M", "2021-04", {"meetings": 1})
    world.save("c3", "B-M", "2021-05", {"meetings": 1})
    found = {
        each.holder.code: (each.own, each.waiting, each.after)
        for each in seen(MERGE, ABOLISH).open_returns
    }
    assert found == {"c2": (2, 0, 1), "d2": (0, 1, 0)}


def test_unfinished_periods_count_no_more(world):
    """Accepted returns of periods that a unit does not see the end of are not counted any more."""
    for unit, meetings in (("c1", 5), ("c2", 3)):
        world.accepted(unit, "B-M", "2021-08", {"meetings": meetings, "members": 10})
    world.accepted("c2", "B-Q", "2021-Q3", {"trained": 2})
    world.accepted("c2", "B-M", "2021-06", {"meetings": 1})  # of before the day
    world.send("c2", "B-M", "2021-09", {"meetings": 1})  # not accepted yet
    world.save("c2", "B-M", "2021-10", {"meetings": 1})  # not sent either
    row = drafted(MERGE)
    told = {each.period.code: each for each in preview(row, LIBRARY).uncounted}
    moved = {
        code: [(figure.code, *more) for figure, *more in each.figures]
        for code, each in told.items()
    }
    counts = {code: (each.returns, each.waiting) for code, each in told.items()}
    assert counts == {"2021-08": (1, 0), "2021-09": (0, 1), "2021-Q3": (1, 0)}
    falls = {
        "2021-08": [("meetings", 8, 5), ("members", 20, 10)],
        "2021-Q3": [("trained", 2, None)],
    }
    assert moved == falls | {"2021-09": []}
    apply_reform(draft=row, by=None, today=world.today, at=AT, library=LIBRARY)
    world.organisation = organisation()
    assert [world.total("p", element, 202108, stage=0) for element in ("meetings", "members")] == [
        5,
        10,
    ]


def test_open_returns_reach_the_new_district(world):
    """Returns on their way pass to the new district's inbox."""
    move = Change(effect=Effect.MOVE, parts=(ReformPart(code="c1", parent="d2"),))
    world.send("c1", "B-M", "2021-08", {"meetings": 1})
    world.send(
        "c1", "B-M", "2021-06", {"meetings": 1}
    )  # of before the day: it stays with the old one
    world.accept(
        world.send("c1", "B-M", "2021-07", {"meetings": 1}), "d1"
    )  # the new one has not accepted it
    world.send("c3", "B-M", "2021-08", {"meetings": 1})
    row = drafted(move)
    assert [
        (each.old.code, each.new.code, each.returns) for each in preview(row, LIBRARY).rerouted
    ] == [
        ("d1", "d2", 1),
        ("p", "d2", 1),
    ]
    apply_reform(draft=row, by=None, today=world.today, at=AT, library=LIBRARY)
    world.organisation = organisation()
    world.people.clear()
    assert len(inbox(world.person("d2", name="new"))) == 2


@pytest.mark.usefixtures("world")
def test_orphans_and_namesakes_are_shown():
    """Units under nobody are shown, and names that are there already."""
    new = {"kind": "Xã", "level": "base"}
    found = seen(
        Change(effect=Effect.FOUND, parts=(ReformPart(code="n1", name="C2", parent="d1", **new),)),
        Change(effect=Effect.FOUND, parts=(ReformPart(code="n2", name="Xã Lẻ", **new),)),
        Change(
            effect=Effect.RENAME, parts=(ReformPart(code="c4", name="c1"),)
        ),  # there is one, but elsewhere
    )
    assert [unit.code for unit in found.outside] == ["n2"]
    assert [unit.code for unit in found.namesakes] == ["n1"]


def test_people_follow_or_are_left(world):
    for unit in ("c2", "c3", "c4"):
        world.person(unit)
    assert [(each.was, each.to) for each in seen(MERGE, SPLIT).follows] == [
        ("c2", "c1"),
        ("c3", None),
    ]


@pytest.mark.usefixtures("world")
def test_faults_are_all_that_is_said():
    wrong = Change(effect=Effect.RENAME, parts=(ReformPart(code="zz", name="Z"),))
    found = seen(MERGE, wrong)
    assert [(place, str(fault)) for place, fault in found.faults] == [
        (1, "Không có đơn vị mã zz vào ngày 1/7/2021. Hãy kiểm tra lại mã.")
    ]
    assert found.ending == ()


def test_draft_follows_earlier_sound_drafts(world):
    """A draft follows the drafts of earlier days, and not those that cannot be made."""
    drafted(
        Change(effect=Effect.RENAME, parts=(ReformPart(code="zz", name="Z"),)),
        day=date(2021, 1, 1),
        title="Sai",
    )
    drafted(MERGE, day=date(2021, 2, 1), title="Trước")
    drafted(ABOLISH, day=date(2021, 9, 1), title="Sau")
    found = preview(
        drafted(Change(effect=Effect.MERGE, units=("c3",), parts=(ReformPart(code="c1"),))), LIBRARY
    )
    assert found.along == ("Trước",)
    assert found.levels[-1] == ("base", 4, 3)
    assert "c2" in world.organisation.on(world.today)


def test_applied_reform_shows_its_effects(world):
    """An applied reform is shown by what it did."""
    row = drafted(MERGE)
    before = preview(row, LIBRARY)
    apply_reform(draft=row, by=None, today=world.today, at=AT, library=LIBRARY)
    row.refresh_from_db()
    after = preview(row, LIBRARY)
    assert (after.ending, after.levels, after.altered) == (
        before.ending,
        before.levels,
        before.altered,
    )


@pytest.mark.parametrize("more", [0, 2])
def test_preview_queries_do_not_grow(world, django_assert_max_num_queries, more):
    """A preview asks the same number of questions of few units and of many."""
    for unit in ("c2", "c3", "c4")[: more + 1]:
        world.send(unit, "B-M", "2021-05", {"meetings": 1})
    row = drafted(MERGE, SPLIT, ABOLISH)
    organisation()
    # mark (twice: what is applied, what if), drafts, base without, what if again; open returns,
    # those that fall out of
    # count, those on their way to another unit; allocations; people
    with django_assert_max_num_queries(10):
        preview(row, LIBRARY)


# Files


@pytest.fixture
def find(world: World) -> Finder:
    return Finder(world.organisation.on(world.today), {"district": "Huyện"})


CHANGES = (MERGE, Change(effect=Effect.SPLIT, units=("c3",), parts=HALVES), ABOLISH)


def test_changes_come_back_from_csv(find):
    assert changes_in("a.csv", changes_csv(CHANGES), find) == CHANGES
    with_commas = changes_csv(CHANGES).decode("utf-8-sig").replace(";", ",").encode()
    assert changes_in("a.csv", with_commas, find) == CHANGES


def test_changes_come_back_from_excel(find, tmp_path):
    book = Workbook()
    for line in table_of(rows_of(CHANGES)):
        book.active.append(line)
    path = tmp_path / "a.xlsx"
    book.save(path)
    assert changes_in("a.xlsx", path.read_bytes(), find) == CHANGES


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("Thay đổi;Đơn vị\r\n".encode(), "chưa có dòng thay đổi nào"),
        (b"\xff\xfe\x00", "không phải văn bản UTF-8"),
        (b"a,b\r\n", "Không thấy hàng tiêu đề"),
        (b"PK\x03\x04rubbish", "hỏng"),
    ],
)
def test_unreadable_file_says_why(find, data, words):
    """A file that cannot be read says why."""
    with pytest.raises(Refused, match=words):
        changes_in("a", data, find)


def test_whole_reforms_come_from_yaml():
    text = "reforms:\n- {code: a, day: 2021-07-01, title: T, changes: [{effect: abolish, level: district}]}"
    assert [reform.changes for reform in reforms_in("a.yaml", text.encode())] == [(ABOLISH,)]
    with pytest.raises(Refused, match="không đọc được YAML"):
        reforms_in("a.yaml", b"reforms: [")
