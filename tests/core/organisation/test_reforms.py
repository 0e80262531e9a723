"""Reforms: each effect on a small province, what is refused, and what holds after any of them."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from strategies import LONG_AGO, unit_version
from strategies_reforms import histories, reform

from toankhoa.core.basics import Refused
from toankhoa.core.organisation import Change, Effect, ReformPart, Tree, faults, folded, in_order

DAY = timedelta(days=1)
WHEN = date(2019, 6, 1)
EVE = WHEN - DAY
PROVINCE = (
    unit_version("p", level="province"),
    unit_version("d1", "p", level="district"),
    unit_version("d2", "p", level="district"),
    *(unit_version(code, "d1") for code in ("a", "b", "c")),
    *(unit_version(code, "d2") for code in ("x", "y")),
)


def merge(into: str, *units: str, **more: str) -> Change:
    return Change(effect=Effect.MERGE, units=units, parts=(ReformPart(code=into, **more),))


def split(unit: str, /, **shares: Fraction | None) -> Change:
    parts = (
        ReformPart(code=code, name=f"Xã {code}", share=share) for code, share in shares.items()
    )
    return Change(effect=Effect.SPLIT, units=(unit,), parts=tuple(parts))


def change(effect: Effect, code: str, **more: str) -> Change:
    return Change(effect=effect, parts=(ReformPart(code=code, **more),))


def abolish(*units: str, level: str = "") -> Change:
    return Change(effect=Effect.ABOLISH, units=units, level=level)


def after(*changes: Change):
    """The tree and the lineage after a reform of the small province."""
    trees, lineage = folded(PROVINCE, [reform(1, WHEN, *changes)])
    return trees.on(WHEN), lineage


def versions_after(unit_versions, made):
    """All unit versions once one reform is made."""
    trees, _ = folded(unit_versions, [made])
    return trees.unit_versions


def test_merged_units_end_that_day():
    """What stood below them stands below their successor."""
    tree, lineage = after(merge("d1", "d2"), merge("a", "b", name="Xã Mới", kind="Xã"))
    assert tree.order == ("p", "d1", "a", "c", "x", "y")
    assert (tree.units["a"].name, tree.units["a"].kind, tree.units["a"].start) == (
        "Xã Mới",
        "Xã",
        WHEN,
    )
    assert lineage.heirs("b", WHEN) == ("a",)
    assert lineage.heirs("d2", WHEN) == ("d1",)
    assert lineage.forebears("a", WHEN) == ("b",)
    assert lineage.forebears("a", EVE) == ()


def test_units_merge_into_a_new_one():
    """It stands where the first of them stood."""
    tree, lineage = after(merge("n", "x", "a", name="Xã N"))
    assert tree.path("n") == ("n", "d2", "p")
    assert tree.units["n"].level == "base"
    assert lineage.forebears("n", WHEN) == ("a", "x")
    assert lineage.heirs("n", EVE) == ()


def test_a_split_unit_passes_on_shares():
    tree, lineage = after(split("a", b=Fraction(1, 4), n=Fraction(3, 4)))
    assert tree.children("d1") == ("b", "c", "n")
    assert tree.units["n"].name == "Xã n"
    assert lineage.heirs("a", WHEN) == ("b", "n")
    assert lineage.shares("a", EVE, WHEN) == {"b": Fraction(1, 4), "n": Fraction(3, 4)}
    assert lineage.shares("a", EVE, EVE) == {"a": 1}


def test_a_unit_may_give_up_a_part():
    """It goes on with the rest."""
    tree, lineage = after(split("a", a=Fraction(3, 5), n=Fraction(2, 5)))
    assert "a" in tree
    assert lineage.heirs("a", WHEN) == ("a",)
    assert lineage.shares("a", EVE, WHEN) == {"a": Fraction(3, 5), "n": Fraction(2, 5)}
    assert lineage.shares("a", WHEN, WHEN) == {"a": 1}


def test_unknown_shares_may_meet_again():
    """All the parts in one unit are the whole, however large each was."""
    apart = reform(1, WHEN, split("a", b=None, c=None))
    lineage = folded(PROVINCE, [apart])[1]
    assert lineage.shares("a", EVE, WHEN) == {"b": None, "c": None}
    again = reform(2, date(2020, 1, 1), merge("b", "c"))
    assert folded(PROVINCE, [apart, again])[1].shares("a", EVE, date(2020, 1, 1)) == {"b": 1}


def test_an_abolished_level_passes_to_parents():
    tree, lineage = after(abolish(level="district"))
    assert tree.children("p") == ("a", "b", "c", "x", "y")
    assert lineage.heirs("d1", WHEN) == ("p",)
    assert lineage.forebears("p", WHEN) == ("d1", "d2")


def test_a_unit_may_end_without_reform():
    """Its parent carries it on."""
    trees, lineage = folded(
        (*PROVINCE, unit_version("gone", "d2", end=WHEN)), [reform(1, WHEN, abolish("d2"))]
    )
    assert "gone" not in trees.on(WHEN)
    assert lineage.heirs("gone", WHEN) == ("p",)


def test_the_past_keeps_names_and_parents():
    """Names, kinds and parents change from the day of the reform on."""
    changes = (
        change(Effect.RENAME, "a", name="Phường A"),
        change(Effect.KIND, "a", kind="Phường"),
        change(Effect.MOVE, "b", parent="d2"),
        change(Effect.FOUND, "n", name="Xã N", kind="Xã", level="base", parent="d1"),
    )
    trees, _ = folded(PROVINCE, [reform(1, WHEN, *changes)])
    assert (trees.on(WHEN).units["a"].name, trees.on(WHEN).units["a"].kind) == (
        "Phường A",
        "Phường",
    )
    assert trees.on(EVE).units["a"].name == "a"
    assert trees.on(WHEN).path("b") == ("b", "d2", "p")
    assert trees.on(EVE).path("b") == ("b", "d1", "p")
    assert trees.on(WHEN).path("n") == ("n", "d1", "p")
    assert "n" not in trees.on(EVE)


def test_changes_are_made_one_after_another():
    moved_then_split = (
        change(Effect.FOUND, "d3", name="Huyện 3", kind="Huyện", level="district", parent="p"),
        *(change(Effect.MOVE, code, parent="d3") for code in ("a", "b")),
        change(Effect.MOVE, "c", parent="d2"),
        split("d1", d2=Fraction(1, 3), d3=Fraction(2, 3)),
    )
    tree, lineage = after(*moved_then_split)
    assert tree.children("p") == ("d2", "d3")
    assert lineage.heirs("d1", WHEN) == ("d2", "d3")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (merge("a", "z"), "Không có đơn vị mã z"),
        (merge("a", "a"), "ít nhất một đơn vị được sáp nhập"),
        (merge("n", "a", "b"), "cần có tên"),
        (merge("d1", "a"), "không cùng cấp"),
        (Change(effect=Effect.MERGE, units=("a",)), "đúng một đơn vị nhận"),
        (split("a", b=None), "ít nhất hai"),
        (split("a", b=Fraction(1, 2), c=Fraction(1, 3)), "cộng đủ 100%"),
        (split("a", b=Fraction(1, 2), c=None), "cộng đủ 100%"),
        (split("a", b=Fraction(3, 2), c=Fraction(-1, 2)), "cộng đủ 100%"),
        (split("a", b=None, d2=None), "không cùng cấp"),
        (split("d1", d2=None, n=None), "còn đơn vị bên dưới"),
        (change(Effect.RENAME, "a"), "tên mới"),
        (change(Effect.KIND, "a", name="Phường A"), "loại đơn vị mới"),
        (change(Effect.MOVE, "d1", parent="a"), "dưới chính mình"),
        (change(Effect.MOVE, "a", parent="z"), "Không có đơn vị mã z"),
        (change(Effect.FOUND, "a", name="A", kind="Xã", level="base", parent="d1"), "đã dùng"),
        (change(Effect.FOUND, "n", name="N", parent="d1"), "tên, loại và cấp"),
        (
            change(Effect.FOUND, "xã n", name="N", kind="Xã", level="base", parent="d1"),
            "không dấu cách",
        ),
        (
            change(Effect.FOUND, "n" * 21, name="N", kind="Xã", level="base", parent="d1"),
            "1 đến 20",
        ),
        (
            change(Effect.FOUND, "n", name="N", kind="Xã", level="base", parent="a"),
            "không thể đứng dưới",
        ),
        (
            change(Effect.FOUND, "n", name="N", kind="Huyện", level="district", parent="a"),
            "phải ở cấp cao hơn",
        ),
        (change(Effect.MOVE, "d1", parent="x"), "phải ở cấp cao hơn"),
        (change(Effect.MOVE, "a", parent="b"), "phải ở cấp cao hơn"),
        (change(Effect.MOVE, "a", parent="d1"), "không có gì đổi"),
        (change(Effect.RENAME, "a", name="a"), "không có gì đổi"),
        (merge("n", "a", "b", name="N", level="district"), "cùng cấp với đơn vị ấy"),
        (split("a", b=Fraction(1), c=Fraction(0)), "mỗi phần lớn hơn 0"),
        (abolish("p"), "không có đơn vị cấp trên"),
        (abolish(level="ward"), "Không có đơn vị nào để bãi bỏ"),
    ],
)
def test_what_cannot_be_is_refused_in_words(wrong, words):
    with pytest.raises(Refused, match=words):
        versions_after(PROVINCE, reform(1, WHEN, wrong))


def test_a_code_is_never_used_again():
    """And a unit does not end on its first day."""
    first = reform(
        1,
        WHEN,
        merge("a", "b"),
        change(Effect.FOUND, "n", name="N", kind="Xã", level="base", parent="d1"),
    )
    versions = versions_after(PROVINCE, first)
    back = change(Effect.FOUND, "b", name="B", kind="Xã", level="base", parent="d1")
    with pytest.raises(Refused, match="đã dùng"):
        versions_after(versions, reform(2, date(2020, 1, 1), back))
    with pytest.raises(Refused, match="cùng ngày"):
        versions_after(versions, reform(2, WHEN, merge("a", "n")))


def test_what_has_ended_takes_nothing_over():
    with pytest.raises(Refused, match="Mã a đã dùng cho một đơn vị nay không còn"):
        versions_after(PROVINCE, reform(1, WHEN, merge("b", "a"), merge("a", "b")))


def test_a_day_before_all_units_is_refused():
    with pytest.raises(Refused, match="đơn vị đầu tiên có từ ngày"):
        versions_after(PROVINCE, reform(1, LONG_AGO - DAY, merge("a", "b")))


def test_a_level_gone_keeps_its_rank():
    """Its place between the others is known from when it stood."""
    versions = versions_after(PROVINCE, reform(1, WHEN, abolish(level="district")))
    with pytest.raises(Refused, match="phải ở cấp cao hơn"):
        versions_after(
            versions,
            reform(
                2, WHEN, change(Effect.FOUND, "n", name="N", kind="H", level="district", parent="a")
            ),
        )
    ward = change(
        Effect.FOUND, "w", name="Tổ", kind="Tổ", level="ward", parent="a"
    )  # a level of which nothing is known
    assert "w" in {unit.code for unit in versions_after(PROVINCE, reform(1, WHEN, ward))}


def test_reforms_come_in_order_of_day():
    """None is made before a change that was made already."""
    versions = versions_after(PROVINCE, reform(1, WHEN, merge("a", "b")))
    with pytest.raises(Refused, match="sau ngày 31/5/2019"):
        versions_after(versions, reform(2, EVE, merge("a", "c")))


def test_every_fault_is_found_with_its_place():
    refusals = faults(PROVINCE, reform(1, WHEN, merge("a", "z"), merge("a", "b"), merge("a", "b")))
    assert [place for place, _ in refusals] == [0, 2]
    assert [place for place, _ in faults(PROVINCE, reform(1, WHEN))] == [None]


# Laws


@pytest.mark.law
@given(histories())
def test_no_reform_touches_days_before_it(history):
    """And every day has a tree."""
    unit_versions, reforms = history
    for number in range(1, len(reforms) + 1):
        before, after = (
            folded(unit_versions, reforms[: number - 1])[0],
            folded(unit_versions, reforms[:number])[0],
        )
        eve = reforms[number - 1].day - DAY
        for day in (LONG_AGO, *(made.day for made in reforms), eve):
            tree = after.on(day)
            assert isinstance(tree, Tree)  # making it checks that it is one
            if day <= eve:
                assert tree.units.keys() == before.on(day).units.keys()
                assert all(tree.path(code) == before.on(day).path(code) for code in tree.order)
                assert all(
                    tree.units[code].name == before.on(day).units[code].name for code in tree.order
                )


@pytest.mark.law
@given(histories())
def test_a_unit_stands_without_a_gap(history):
    """From its beginning to its end one version follows the other."""
    trees, _ = folded(*history)
    by_code = {}
    for version in trees.unit_versions:
        by_code.setdefault(version.code, []).append(version)
    for unit_versions in by_code.values():
        unit_versions.sort(key=lambda version: version.start)
        for version, next_version in pairwise(unit_versions):
            assert version.end == next_version.start
        assert all(version.end is None or version.start < version.end for version in unit_versions)


@pytest.mark.law
@given(histories())
def test_reforms_are_folded_in_order(history):
    """By day, those of one day as given."""
    unit_versions, reforms = history
    later_days_first = sorted(reforms, key=lambda reform: reform.day, reverse=True)
    assert in_order(later_days_first) == reforms
    assert (
        folded(unit_versions, later_days_first)[0].unit_versions
        == folded(unit_versions, reforms)[0].unit_versions
    )


@pytest.mark.law
@given(histories())
def test_heirs_and_forebears_are_two_sides(history):
    """Heirs stand on the day, and each unit that ended is a forebear of its heirs."""
    unit_versions, reforms = history
    trees, lineage = folded(unit_versions, reforms)
    codes = {version.code for version in trees.unit_versions}
    for day in (LONG_AGO, *(made.day for made in reforms)):
        tree = trees.on(day)
        begun = {version.code for version in trees.unit_versions if version.start <= day}
        for code in codes:
            heirs = lineage.heirs(code, day)
            assert set(heirs) <= set(tree.order)
            assert (code in tree) == (heirs == (code,)) or code not in begun
            assert bool(heirs) == (code in begun)
        for code in tree.order:
            gone = {old for old in codes if old not in tree and code in lineage.heirs(old, day)}
            assert set(lineage.forebears(code, day)) == gone


@pytest.mark.law
@given(histories())
def test_known_shares_make_the_whole(history):
    unit_versions, reforms = history
    trees, lineage = folded(unit_versions, reforms)
    days = (LONG_AGO, *(made.day for made in reforms))
    for since in days:
        for day in (day for day in days if day >= since):
            for code in trees.on(since).order:
                shares = lineage.shares(code, since, day)
                assert shares.keys() <= trees.on(day).units.keys()
                known = [share for share in shares.values() if share is not None]
                assert all(0 <= share <= 1 for share in known)
                assert sum(known) == 1 if len(known) == len(shares) else sum(known) < 1
