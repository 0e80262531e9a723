"""Random histories: provinces of any shape, and what people may do in them one after another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from hypothesis import settings
from hypothesis import strategies as st
from strategies import unit_version
from worlds import LIBRARY, World

from toankhoa.core.basics import Period
from toankhoa.core.organisation import UnitVersion
from toankhoa.core.returns import NIL, NOT_APPLICABLE, State, Value
from toankhoa.reporting.models import Return


@dataclass(frozen=True)
class Act:
    """One attempt: in some state of the world it will be refused, which is fine."""

    unit: int
    form: str
    period: str
    verb: str
    figure: Value


FIELDS = {
    "B-M": ("meetings", "members", "lent"),
    "B-Q": ("trained", "savers"),
    "D-Q": ("articles",),
}
PERIODS = {
    "B-M": ["2020-12", "2021-02", "2021-06"],
    "B-Q": ["2021-Q1", "2021-Q2"],
    "D-Q": ["2021-Q1", "2021-Q2"],
}
values = st.one_of(st.integers(0, 9), st.sampled_from([NIL, NOT_APPLICABLE]))


@st.composite
def provinces(draw: st.DrawFn) -> tuple[UnitVersion, ...]:
    """A tree of at most four levels in which bases stand at different depths; some move or begin
    within the year.
    """
    units = [unit_version("u0", level="province")]
    for number in range(1, draw(st.integers(3, 6))):
        above = [unit.code for unit in units if unit.level != "base"]
        level = draw(st.sampled_from(["district", "base", "base"]))
        units.append(unit_version(f"u{number}", draw(st.sampled_from(above)), level=level))
    day = draw(st.sampled_from([None, date(2021, 3, 1), date(2021, 6, 15)]))
    return tuple(units) if day is None else tuple(rearranged(draw, units, day))


def rearranged(draw: st.DrawFn, units: list[UnitVersion], day: date) -> Iterator[UnitVersion]:
    """The same units; from that day on some bases stand elsewhere, others stand only since."""
    above = [unit.code for unit in units if unit.level != "base"]
    for unit in units:
        fate = (
            draw(st.sampled_from(["stays", "moves", "begins"])) if unit.level == "base" else "stays"
        )
        if fate == "moves":
            yield replace(unit, end=day)
            yield replace(unit, start=day, parent=draw(st.sampled_from(above)))
        else:
            yield replace(unit, start=day) if fate == "begins" else unit


@st.composite
def acts(
    draw: st.DrawFn,
    verbs: tuple[str, ...] = ("send", "send", "accept", "accept", "return", "correct"),
) -> Act:
    form = draw(st.sampled_from(sorted(FIELDS)))
    period = draw(st.sampled_from(PERIODS[form]))
    return Act(draw(st.integers(1, 5)), form, period, draw(st.sampled_from(verbs)), draw(values))


def perform(world: World, act: Act) -> None:
    """Do it if it may be done: the verb that is refused in this state is no part of the law."""
    tree = world.organisation.on(Period.parse(act.period).last_day)
    bases = [code for code, unit in tree.units.items() if unit.level == level_of(act.form)]
    if not bases:
        return
    unit = bases[act.unit % len(bases)]
    ret = Return.objects.filter(unit__code=unit, form=act.form, period=act.period).first()
    state = ret.state if ret else State.DRAFT
    if act.verb == "send" and state in (State.DRAFT, State.RETURNED):
        world.send(unit, act.form, act.period, dict.fromkeys(FIELDS[act.form], act.figure))
    elif ret and state in (State.SENT, State.ACCEPTED):
        if act.verb == "correct":
            world.correct(ret)
        elif ret.accepted_depth and act.verb != "send":
            above = world.organisation.on(ret.when.last_day).path(unit)[::-1][
                ret.accepted_depth - 1
            ]
            (world.accept if act.verb == "accept" else world.send_back)(ret, above)


def level_of(form: str) -> str:
    return LIBRARY.forms[form].level


# Each example is a whole world in the database: fewer of them than of the laws of the core.
LAW = settings(max_examples=max(12, settings().max_examples // 10))
