"""Many people at once: no figure is lost, no chain is torn, nobody is answered with an error."""

import random
import threading

import pytest
from django.db import connection, connections
from worlds import PROVINCE, World

from toankhoa.audit import chain
from toankhoa.core.problems import Refused
from toankhoa.reporting.models import Return
from toankhoa.reporting.totals import differences, rebuild

# Forms that share a unit's year, and months of one form that share a running total.
OWED = [
    ("B-M", "2021-02", ("meetings", "members", "lent")),
    ("B-M", "2021-06", ("meetings", "members", "lent")),
    ("B-Q", "2021-Q1", ("trained", "savers")),
]


def work(world: World, chance: random.Random) -> None:
    """One thing that somebody would do; that another was quicker is no error."""
    unit, (form, period, elements) = chance.choice(["c1", "c2", "c4"]), chance.choice(OWED)
    ret = Return.objects.filter(unit__code=unit, form=form, period=period).first()
    verb = chance.choice(["send", "send", "accept", "accept", "correct"])
    try:
        if verb == "send":
            world.send(unit, form, period, {element: chance.randint(0, 50) for element in elements})
        elif ret and verb == "correct":
            world.correct(ret)
        elif ret and ret.vouched:
            world.accept(ret, world.organisation.on(ret.when.last_day).path(unit)[::-1][ret.vouched - 1])
    except Refused:
        pass


@pytest.mark.django_db(transaction=True)
def test_whoever_works_at_the_same_time_no_figure_is_lost():
    world = World.of(PROVINCE)
    for code in world.organisation.ids:
        world.person(code)
    errors = []

    def shift(seed: int) -> None:
        chance = random.Random(seed)
        try:
            for turn in range(25):
                work(world, chance)
                if seed == 0 and turn == 12:
                    rebuild(ledger=world.ledger)
                if turn % 5 == 4:
                    assert differences(ledger=world.ledger) == []
        except Exception as error:
            errors.append(error)

    def beside(seed: int) -> None:
        try:
            shift(seed)
        finally:
            connections.close_all()

    # SQLite keeps its test database in memory, where connections cannot wait for each other: one after the other.
    if connection.features.has_select_for_update:
        people = [threading.Thread(target=beside, args=(seed,)) for seed in range(6)]
        for person in people:
            person.start()
        for person in people:
            person.join()
    else:
        for seed in range(6):
            shift(seed)
    assert errors == []
    assert differences(ledger=world.ledger) == []
    assert list(chain.breaks()) == []
    assert Return.objects.count() == 9
