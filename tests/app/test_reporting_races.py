"""Many people at once: no figure is lost, no chain is torn, nobody is answered with an error."""

import random
from functools import partial

import pytest
from racing import at_once
from worlds import PROVINCE, World

from toankhoa.audit import chain
from toankhoa.core.basics import Refused
from toankhoa.reporting.models import Return
from toankhoa.reporting.returns.workflow import accept_return
from toankhoa.reporting.totals.posting import differences, rebuild

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
        elif ret and ret.accepted_depth:
            world.accept(
                ret,
                world.organisation.on(ret.when.last_day).path(unit)[::-1][ret.accepted_depth - 1],
            )
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

    at_once([partial(shift, seed) for seed in range(6)])
    assert errors == []
    assert differences(ledger=world.ledger) == []
    assert list(chain.breaks()) == []
    assert Return.objects.count() == 9


@pytest.mark.django_db(transaction=True)
def test_thirty_two_officers_accept_under_one_root_and_no_one_is_answered_with_an_error():
    world = World.of(PROVINCE)
    tree = world.organisation.on(world.today)
    waiting = [
        world.accept(
            world.send(
                unit, "B-M", f"2021-{month:02}", {"meetings": month, "members": 9, "lent": month}
            ),
            above,
        )
        for unit in ("c1", "c2", "c3", "c4", "c5")
        for above in tree.path(unit)[1:2]
        for month in range(1, 10)
    ]
    officers = [world.person("p", name=str(number)) for number in range(32)]
    errors = []

    def accept(number: int) -> None:
        try:
            for ret in waiting[number :: len(officers)]:
                accept_return(ret=ret, by=officers[number], at=world.at, ledger=world.ledger)
        except Exception as error:
            errors.append(error)

    at_once([partial(accept, number) for number in range(len(officers))])
    assert errors == []
    assert not Return.objects.exclude(accepted_depth=0).exists()
    assert differences(ledger=world.ledger) == []
    assert list(chain.breaks()) == []
    assert world.figure("p", "meetings").numerator == 5 * sum(range(1, 10))
