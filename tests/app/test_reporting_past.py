"""A past moment: totals and returns as they stood then, whatever came after."""

from __future__ import annotations

import itertools
import random
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import pytest
from django.db import connections
from histories import FIELDS, LAW, Act, acts, perform, provinces
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries
from reformed_units import MERGE, reformed
from worlds import LIBRARY, PROVINCE, World, rolled_back

from toankhoa.core.organisation import Change, Effect, Reform, ReformPart
from toankhoa.core.returns import State
from toankhoa.operations.reforms import apply_reform
from toankhoa.org.organisation import organisation
from toankhoa.org.reforms import draft_reform
from toankhoa.org.scope import Actor
from toankhoa.reporting import past_returns
from toankhoa.reporting.models import Return
from toankhoa.reporting.reading.contributions import contributions
from toankhoa.reporting.reading.unit_reader import UnitReader
from toankhoa.reporting.returns.obligations import inbox, intake
from toankhoa.reporting.returns.return_view import return_view
from toankhoa.reporting.totals import past_totals, store
from toankhoa.reporting.totals.ledger import Ledger
from toankhoa.reporting.totals.recent import Recent
from toankhoa.web.units.views import last_due


def then(world: World, moment: datetime) -> Ledger:
    return Ledger(world.organisation, LIBRARY, moment)


def rows_then(world: World, moment: datetime, units: list[int]) -> dict[tuple, bytes]:
    """Every row of these units, as the moment had it."""
    found = {}
    for stage in range(world.organisation.on(world.today).deepest + 1):
        for kind, scopes in (("own", store.OF_ITSELF), ("below", store.OF_ALL_BELOW)):
            asked = {
                "units": units,
                "first": 202000,
                "last": 202112,
                "stage": stage,
                "scopes": scopes,
            }
            for address, cell in past_totals.read(ledger=then(world, moment), **asked).items():
                if cell:
                    found[kind, stage, *address] = cell.pack()
    return found


def rows_now() -> dict[tuple, bytes]:
    """The same of what is stored."""
    found = {}
    for key, cell in store.stored(LIBRARY.width):
        for kind, scopes in (("own", store.OF_ITSELF), ("below", store.OF_ALL_BELOW)):
            if key.scope in scopes:
                found[kind, key.stage, key.unit, key.period] = cell.pack()
    return found


def standing(ret: Return) -> tuple:
    return (
        ret.pk,
        ret.state,
        ret.accepted_depth,
        ret.revision,
        ret.values,
        ret.sent_at,
        ret.saved_at,
        ret.saved_by_id,
    )


def members(world: World, unit: str, moment: datetime) -> int | None:
    reader = UnitReader(unit=unit, years=[2021], today=world.today, ledger=then(world, moment))
    return reader.figure(LIBRARY.indicators["members"], 2021).numerator


def later(world: World) -> datetime:
    """A minute passes; the moment before it did."""
    moment = world.at
    world.minutes += 1
    return moment


# Laws


def act_or_type(world: World, act: Act) -> None:
    """What `perform` does, and typing that is not sent."""
    if act.verb != "save":
        perform(world, act)
        return
    ret = Return.objects.filter(form=act.form, period=act.period).order_by("unit__code").first()
    if ret is not None and ret.state in (State.DRAFT, State.RETURNED):
        figures = dict.fromkeys(FIELDS[act.form][: 1 + act.unit % 2], act.figure)
        world.save(world.organisation.codes[ret.unit_id], act.form, act.period, figures)


VERBS = ("send", "send", "accept", "accept", "return", "correct", "save", "save")


@pytest.mark.law
@pytest.mark.django_db
@LAW
@given(provinces(), st.lists(acts(VERBS), min_size=4, max_size=12))
def test_every_moment_is_what_was_shown_then(units, life):
    with rolled_back():
        world = World.of(units)
        shown = []
        for act in life:
            act_or_type(world, act)
            shown.append((later(world), rows_now(), sorted(map(standing, Return.objects.all()))))
        ids = list(world.organisation.codes)
        for moment, rows, returns in shown[-1::-4]:
            assert rows_then(world, moment, ids) == rows
            stood = past_returns.returns_as_of(Return.objects.all(), world.organisation, moment)
            assert sorted(map(standing, stood)) == returns


@pytest.mark.law
@pytest.mark.django_db
@LAW
@given(provinces(), st.lists(acts(), min_size=4, max_size=12), st.integers(0, 11))
def test_a_branch_alone_is_what_it_is_within_the_whole(units, life, number):
    with rolled_back():
        world = World.of(units)
        for act in life:
            perform(world, act)
            later(world)
        moment = world.at - timedelta(minutes=min(number, len(life)))
        whole = rows_then(world, moment, list(world.organisation.codes))
        for unit in list(world.organisation.codes)[::2]:
            branch = rows_then(world, moment, [unit])
            assert branch == {key: cell for key, cell in whole.items() if key[2] == unit}


# By example


def test_figures_lists_and_sheets_look_back(world: World):
    ret = world.send("c1", "B-M", "2021-09", {"members": 50, "meetings": 2})
    sent = later(world)
    ret = world.accept(ret, "d1")
    accepted = later(world)
    world.accept(ret, "p")
    world.correct(ret)
    world.save("c1", "B-M", "2021-09", {"members": 44})
    corrected = later(world)
    assert [members(world, "d1", moment) for moment in (sent, accepted, corrected)] == [
        None,
        50,
        50,
    ]
    seen = []
    for moment in (sent - timedelta(minutes=1), sent, accepted, corrected):
        officer = world.person("d1")
        her = Actor(officer.user, "d1", officer.role, "", world.organisation, world.today, moment)
        at = return_view(
            unit="c1", form="B-M", period=ret.when, actor=her, ledger=then(world, moment)
        )
        counted = intake(
            unit="d1", periods=last_due(world.today), today=world.today, ledger=then(world, moment)
        )[0]
        seen.append(
            (
                len(inbox(her)),
                len(counted.accepted),
                at.values.get("members"),
                len(at.steps),
                at.moves,
            )
        )
    assert seen == [
        (0, 0, None, 0, frozenset()),
        (1, 0, 50, 1, frozenset()),
        (0, 1, 50, 2, frozenset()),
        (0, 0, 44, 4, frozenset()),
    ]


def test_parts_of_a_past_figure_add_up_to_it(world: World):
    for place, unit in enumerate(("c1", "c2", "c4"), start=1):
        world.accepted(unit, "B-M", "2021-09", {"articles": place})
    moment = later(world)
    world.accepted("d1", "D-Q", "2021-Q3", {"articles": 100})
    reader = UnitReader(unit="p", years=[2021], today=world.today, ledger=then(world, moment))
    indicator = LIBRARY.indicators["articles"]
    parts = {part.unit: part.figure.numerator for part in contributions(reader, indicator, 2021)}
    assert parts == {"p": None, "d1": 3, "d2": 3}
    assert reader.figure(indicator, 2021).numerator == 6


def test_what_is_kept_gives_way_to_what_was_entered_since(world: World):
    moment = world.at + timedelta(hours=1)
    assert members(world, "c1", moment) is None
    world.send("c1", "B-M", "2021-09", {"members": 50})
    assert members(world, "c1", moment) == 50


def test_a_reform_entered_late_moves_nothing_of_what_was_shown_before(world: World):
    """c1 moves to the other district from July on, which is told in October: then its returns wait
    there.
    """
    ret = world.accept(world.send("c1", "B-M", "2021-09", {"members": 50}), "d1")
    moment = later(world)
    before = rows_now()
    change = Change(effect=Effect.MOVE, units=("c1",), parts=(ReformPart(code="c1", parent="d2"),))
    reform = Reform(
        code="", day=date(2021, 7, 1), document="NQ 1", title="Chuyển xã", changes=(change,)
    )
    draft = draft_reform(reform=reform, by=None, at=world.at)
    apply_reform(draft=draft, by=None, today=world.today, at=world.at, library=LIBRARY)
    now = World(organisation(), world.today)
    assert now.organisation.on(world.today).path("c1") == ("c1", "d2", "p")
    assert world.now(ret).accepted_depth == 2, "nobody above it has accepted it any more"
    assert rows_now() != before
    known = World(organisation(moment), world.today)
    assert rows_then(known, moment, list(known.organisation.codes)) == before
    (then_ret,) = past_returns.returns_as_of(Return.objects.all(), known.organisation, moment)
    assert (then_ret.accepted_depth, then_ret.state) == (1, State.ACCEPTED)


@pytest.mark.parametrize("units", [1, 3])
def test_a_year_looked_back_at_is_four_queries_however_many_forms_and_units(
    world: World, units: int, django_assert_num_queries: DjangoAssertNumQueries
):
    for number in range(1, units + 1):
        world.accepted(f"c{number}", "B-M", "2021-03", {"members": 10})
        world.accepted(f"c{number}", "B-Q", "2021-Q1", {"savers": 5})
    ledger = then(world, later(world))
    reader = UnitReader(unit="p", years=(2021,), today=world.today, ledger=ledger)
    with django_assert_num_queries(4):  # the newest step; returns, their steps and their revisions
        assert reader.figure(LIBRARY.indicators["members"], 2021).numerator == 10 * units


def test_what_a_merged_unit_holds_of_those_before_is_looked_back_at_alone_as_within_the_whole(
    world: World,
):
    for unit in ("c1", "c2"):
        world.accepted(unit, "B-M", "2021-03", {"meetings": 1, "members": 10})
    world, _ = reformed(world, MERGE)
    ledger = then(world, later(world))
    for unit in ("n", "d1", "p"):
        reader = UnitReader(unit=unit, years=(2021,), today=world.today, ledger=ledger)
        figure = reader.figure(LIBRARY.indicators["members"], 2021)
        assert (figure.numerator, figure.inherited) == (20, 1)
        assert world.figure(unit, "members", stage=0).numerator == 20


# Many readers

THREADS = 8  # as many as a server has
READS = 60  # of each


@contextmanager
def switching_often() -> Iterator[None]:
    """Threads take turns after nearly every step, so that a race shows in a short test."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


@pytest.mark.django_db(transaction=True)
def test_many_threads_read_the_past():
    """Each gets the rows of its own question, whatever the others push out of memory meanwhile."""
    world = World.of(PROVINCE)
    for unit in ("c1", "c2", "c4"):
        world.accepted(unit, "B-M", "2021-07", {"meetings": 2, "members": 9})
    moment = later(world)
    ids = world.organisation.ids
    questions = list(itertools.product(ids, range(202101, 202113)))  # more than are remembered
    ledger = then(world, moment)

    def answer(unit: str, first: int) -> Mapping[tuple[int, int], tuple[bytes, bytes]]:
        rows = past_totals.read(
            ledger=ledger,
            units=[ids[unit]],
            first=first,
            last=202112,
            stage=0,
            scopes=store.OF_ALL_BELOW,
        )
        return {address: cell.pack() for address, cell in rows.items() if cell}

    past_totals.forget()
    alone = {question: answer(*question) for question in questions}

    def read(seed: int) -> list[tuple[str, int]]:
        chance = random.Random(seed)
        try:
            asked = chance.choices(questions, k=READS)
            return [question for question in asked if answer(*question) != alone[question]]
        finally:
            connections.close_all()

    with switching_often(), ThreadPoolExecutor(THREADS) as threads:
        wrong = list(threads.map(read, range(THREADS)))
    assert wrong == [[]] * THREADS


def test_what_is_recent_withstands_many_threads():
    """Threads that remember, ask and forget at the same time never break it; it never grows."""
    recent = Recent[int, str](3)

    def work(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(3000):
            number = chance.randrange(9)
            if recent.get(number) not in (None, f"the answer to {number}"):
                raise AssertionError(number)
            recent.remember(number, f"the answer to {number}")

    with switching_often(), ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(work, range(THREADS)))
    assert len(recent) == 3
