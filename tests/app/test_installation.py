"""The installation as Django sees it."""

import pytest
from django.core.management import call_command


def test_django_finds_nothing_wrong():
    call_command("check", fail_level="WARNING")


@pytest.mark.django_db
def test_every_model_change_has_migration():
    """Every change of a model has its migration."""
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
