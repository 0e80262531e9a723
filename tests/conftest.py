"""How much the laws are tried: a little on every run, a lot in `make soak`."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from office import Office

# derandomize: a run of the same code gives the same answer; new cases are what the soak is for.
settings.register_profile("quick", max_examples=5, deadline=None, derandomize=True, database=None)
settings.register_profile(
    "soak",
    max_examples=2000,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("quick")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what touches a database: the rest would say the same again."""
    if "DATABASE_URL" not in os.environ:
        return
    kept = [item for item in items if _touches_a_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


def _touches_a_database(item: pytest.Item) -> bool:
    fixtures = {"db", "transactional_db", "world", "deep"} & set(getattr(item, "fixturenames", ()))
    return bool(fixtures) or any(item.get_closest_marker(name) for name in ("django_db", "browser"))


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> "Office":
    """Files as LibreOffice saves them, made once for all processes of this run."""
    from office import Office  # with all that it can write, which few tests need

    mine = tmp_path_factory.getbasetemp()
    folder = Path(mine if "PYTEST_XDIST_WORKER" not in os.environ else mine.parent) / "office"
    folder.mkdir(exist_ok=True)
    return Office(folder)


@pytest.fixture(autouse=True, scope="session")
def _quick_passwords() -> None:
    """What guards passwords is slow on purpose; tests sign in hundreds of times."""
    from django.conf import settings as django_settings

    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
