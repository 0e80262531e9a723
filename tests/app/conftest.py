"""The worlds that tests of the apps start from."""

import pytest
from worlds import DEEP, PROVINCE, World


@pytest.fixture
def world(db: None) -> World:
    """A province of two districts with three and two communes."""
    assert db is None  # named as an argument, so that a test run alone has its database made too
    return World.of(PROVINCE)


@pytest.fixture
def deep(db: None) -> World:
    """A tree of four levels in one branch and three in another."""
    assert db is None
    return World.of(DEEP)
