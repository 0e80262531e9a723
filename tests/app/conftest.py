"""The worlds that tests of the apps start from."""

import pytest
from worlds import DEEP, PROVINCE, World


@pytest.fixture
def world(request: pytest.FixtureRequest) -> World:
    """A province of two districts with three and two communes."""
    request.getfixturevalue("db")
    return World.of(PROVINCE)


@pytest.fixture
def deep(request: pytest.FixtureRequest) -> World:
    """A tree of four levels in one branch and three in another."""
    request.getfixturevalue("db")
    return World.of(DEEP)
