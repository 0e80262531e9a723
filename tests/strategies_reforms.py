"""Random reforms: any effects on any tree, those that can be made."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import count

from hypothesis import strategies as st
from strategies import LONG_AGO, trees

from toankhoa.core.organisation import (
    Change,
    Effect,
    Reform,
    ReformPart,
    Tree,
    UnitVersion,
    faults,
    folded,
)

LEVELS = ["province", "district", "base"]


@st.composite
def changes(draw, tree: Tree, fresh) -> Change:
    """A change that names units of the tree and some new ones; nothing says that it can be made."""
    effect = draw(st.sampled_from(list(Effect)))
    some = st.sampled_from(tree.order)
    new = f"n{next(fresh):02}"
    if effect is Effect.FOUND:
        parent = draw(st.one_of(some, st.just("")))
        level = draw(st.sampled_from(LEVELS))
        return Change(
            effect=effect,
            parts=(ReformPart(code=new, name=new, kind="mới", level=level, parent=parent),),
        )
    if effect is Effect.MERGE:
        into = draw(st.one_of(some, st.just(new)))
        units = draw(st.lists(some, min_size=1, max_size=3, unique=True))
        return Change(
            effect=effect, units=tuple(units), parts=(ReformPart(code=into, name="nhập"),)
        )
    if effect is Effect.SPLIT:
        unit = draw(some)
        others = [code for code in tree.order if tree.units[code].level == tree.units[unit].level]
        codes = draw(st.lists(st.sampled_from([*others, new]), min_size=2, max_size=3, unique=True))
        weights = draw(
            st.none() | st.lists(st.integers(1, 9), min_size=len(codes), max_size=len(codes))
        )
        shares = [
            None if weights is None else Fraction(weight, sum(weights))
            for weight in weights or codes
        ]
        parts = (
            ReformPart(code=code, name=code if code == new else "", share=share)
            for code, share in zip(codes, shares, strict=True)
        )
        return Change(effect=effect, units=(unit,), parts=tuple(parts))
    if effect is Effect.ABOLISH:
        if draw(st.booleans()):
            return Change(effect=effect, level=draw(st.sampled_from(LEVELS)))
        return Change(
            effect=effect, units=tuple(draw(st.lists(some, min_size=1, max_size=2, unique=True)))
        )
    field = {
        Effect.RENAME: {"name": new},
        Effect.KIND: {"kind": new},
        Effect.MOVE: {"parent": draw(some)},
    }[effect]
    return Change(effect=effect, parts=(ReformPart(code=draw(some), **field),))


@st.composite
def histories(
    draw, max_size: int = 12, max_reforms: int = 4
) -> tuple[tuple[UnitVersion, ...], list[Reform]]:
    """Units as they began, and reforms that can be made one after another, at times two on one day."""
    unit_versions = initial = tuple(draw(trees(max_size=max_size)).units.values())
    day, fresh, reforms = LONG_AGO, count(), []
    for number in range(draw(st.integers(0, max_reforms))):
        day += timedelta(days=draw(st.sampled_from([0 if reforms else 40, 40, 500])))
        tree = Tree(unit_version for unit_version in unit_versions if unit_version.holds(day))
        if not tree.order:
            break
        made: list[Change] = []
        for _ in range(draw(st.integers(1, 4))):
            change = draw(changes(tree, fresh))
            if not faults(unit_versions, reform(number, day, *made, change)):
                made.append(change)
        if made:
            reforms.append(reform(number, day, *made))
            unit_versions = folded(unit_versions, reforms[-1:])[0].unit_versions
    return initial, reforms


def reform(number: int, day: date, *changes: Change) -> Reform:
    """A reform of which only the changes matter."""
    return Reform(code=f"r{number}", day=day, document="NQ", title="Sắp xếp", changes=changes)
