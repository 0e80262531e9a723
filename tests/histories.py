"""Random histories: provinces of any shape, and what people may do in them one after another."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import settings
from hypothesis import strategies as st
from strategies import placement
from worlds import LIBRARY, World

from toankhoa.core.org import Placement
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


FIELDS = {"B-M": ("meetings", "members", "lent"), "B-Q": ("trained", "savers"), "D-Q": ("articles",)}
PERIODS = {"B-M": ["2020-12", "2021-02", "2021-06"], "B-Q": ["2021-Q1", "2021-Q2"], "D-Q": ["2021-Q1", "2021-Q2"]}
values = st.one_of(st.integers(0, 9), st.sampled_from([NIL, NOT_APPLICABLE]))


@st.composite
def provinces(draw: st.DrawFn) -> tuple[Placement, ...]:
    """A tree of at most four levels in which bases stand at different depths."""
    units = [placement("u0", level="province")]
    for number in range(1, draw(st.integers(3, 6))):
        parent = draw(st.sampled_from([unit for unit in units if unit.level != "base"]))
        level = draw(st.sampled_from(["district", "base", "base"]))
        units.append(placement(f"u{number}", parent.code, level=level))
    return tuple(units)


@st.composite
def acts(draw: st.DrawFn, verbs: tuple[str, ...] = ("send", "send", "accept", "accept", "return", "correct")) -> Act:
    form = draw(st.sampled_from(sorted(FIELDS)))
    period = draw(st.sampled_from(PERIODS[form]))
    return Act(draw(st.integers(1, 5)), form, period, draw(st.sampled_from(verbs)), draw(values))


def perform(world: World, act: Act) -> None:
    """Do it if it may be done: the verb that is refused in this state is no part of the law."""
    bases = [
        code for code, unit in world.organisation.on(world.today).units.items() if unit.level == level_of(act.form)
    ]
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
        elif ret.vouched and act.verb != "send":
            above = world.organisation.on(ret.when.last_day).path(unit)[::-1][ret.vouched - 1]
            (world.accept if act.verb == "accept" else world.send_back)(ret, above)


def level_of(form: str) -> str:
    return LIBRARY.forms[form].level


# Each example is a whole world in the database: fewer of them than of the laws of the core.
LAW = settings(max_examples=max(12, settings().max_examples // 10))
