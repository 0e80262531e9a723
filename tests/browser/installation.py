"""Fill an empty data folder with units and one person per role, and say that it is the demo day: no
plan, no returns.

Run as a program, so that the server that follows is the real one on real files.
"""

import os
from datetime import datetime, time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "toankhoa.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 — Django's parts can be imported only after its set-up
from django.utils import timezone  # noqa: E402

from toankhoa.demo.cast import PASSWORD, TODAY, people  # noqa: E402
from toankhoa.library import load_units  # noqa: E402
from toankhoa.org import organisation  # noqa: E402

call_command("migrate", verbosity=0)
at = timezone.make_aware(datetime.combine(TODAY, time(7)))
organisation.load_units(unit_versions=load_units(), by=None, at=at)
for person in people(organisation.organisation().on(TODAY)):
    organisation.add_member(
        username=person.username,
        full_name=person.full_name,
        password=PASSWORD,
        unit=person.unit,
        role=person.role,
        board=person.board,
        by=None,
        at=at,
    )
mark = f"demo = true\ntoday = {TODAY.isoformat()}\n"
(Path(os.environ["TOANKHOA_DATA"]) / "installation.toml").write_text(mark, encoding="utf-8")
