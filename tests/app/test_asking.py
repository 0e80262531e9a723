"""Who asks: a person in her role with the ledger of now or of a past moment."""

from __future__ import annotations

from datetime import timedelta

import pytest
from worlds import TODAY, World

from toankhoa.operations.asking import asked_by
from toankhoa.org.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(settings) -> None:
    settings.TODAY = TODAY


def test_a_question_of_now(world: World):
    question = asked_by(world.person("c1").user)
    assert (question.actor.unit, question.actor.today, question.as_of) == ("c1", TODAY, None)
    assert question.ledger.organisation is question.actor.organisation


def test_a_question_of_the_past(world: World):
    user = world.person("c1").user
    moment = world.at + timedelta(hours=1)
    question = asked_by(user, moment)
    assert (question.as_of, question.ledger.as_of) == (moment, moment)


def test_a_stranger_asks_nothing(world: World):
    assert asked_by(User.objects.create(username="x", date_joined=world.at)) is None
