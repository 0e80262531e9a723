"""What a database shows to who looks back at its moments, as digests: run as a program on a data
folder.

`python tests/look_back.py MOMENT…` brings the database up to this version (migrations), then prints
one JSON object, by
moment: the plan in force as its Word table, figures of three units, drafts, decisions, reforms and
reports as they stood.
"""

import hashlib
import json
import os
import sys
from datetime import date, datetime

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "toankhoa.settings")
django.setup()

from django.conf import settings  # noqa: E402 — Django's parts can be imported only after its set-up
from django.core.management import call_command  # noqa: E402

from toankhoa.documents.writing.write_docx import write_docx  # noqa: E402
from toankhoa.operations import totals_check  # noqa: E402
from toankhoa.operations.living_plan import LivingPlan, living_plan  # noqa: E402
from toankhoa.org.models import User  # noqa: E402
from toankhoa.org.reforms import reforms  # noqa: E402
from toankhoa.org.scope import Actor, actor_of  # noqa: E402
from toankhoa.plan import allocations, drafts  # noqa: E402
from toankhoa.plan.models import Allocation, PlanVersion  # noqa: E402
from toankhoa.reporting.models import IssuedReport  # noqa: E402

TODAY = date(2021, 10, 20)
UNITS = ("p", "d1", "c1")


def digest(content: object) -> str:
    """The first half of SHA-256; of what is no bytes, that of its JSON."""
    if not isinstance(content, bytes):
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        content = text.encode()
    return hashlib.sha256(content).hexdigest()[:32]


def figures(living: LivingPlan) -> list[list[object]]:
    """Every figure of every year, with how much of it is in and what is required."""
    rows: list[list[object]] = []
    for line in living.reader.lines():
        for cell in line.cells:
            for reading in cell.readings:
                result = reading.result
                figure, required = result.figure, result.required
                about = [line.row.code, reading.indicator.code, cell.year]
                parts = [figure.numerator, figure.denominator, figure.reports, figure.due]
                asked = required.amount if required else None
                rows.append(
                    [*about, *parts, str(result.level), None if asked is None else str(asked)]
                )
    return rows


def plans_as_they_stood(by: Actor) -> list[list[object]]:
    """Versions and drafts, row by row, as the database keeps them."""
    versions = drafts.as_they_stood(PlanVersion.objects.all(), by)
    rows: list[list[object]] = []
    for version in sorted(versions, key=lambda version: version.pk):
        content = [
            version.document,
            version.bindings,
            version.problems,
            version.touched,
            version.dismissed,
            version.placed,
            version.answers,
            version.pairs,
            version.confirmed,
        ]
        about = [version.pk, version.state, version.number, version.row_version]
        rows.append([*about, digest(content)])
    return rows


def decisions_as_they_stood(by: Actor) -> list[list[object]]:
    """Decisions that hand targets down."""
    begun = Allocation.objects.filter(made_at__lte=by.as_of)
    decisions = sorted(allocations.as_they_stood(begun, by), key=lambda decision: decision.pk)
    return [
        [row.pk, row.state, row.number, row.row_version, digest(row.columns)] for row in decisions
    ]


def observed(moment: datetime) -> dict[str, object]:
    """All that is looked at, as it stood at a moment."""
    by = actor_of(User.objects.get(username="p-plan-"), TODAY, moment)
    assert by is not None
    shown: dict[str, object] = {"plan": None}
    for unit in UNITS:
        living = living_plan(unit=unit, by=by)
        if living is None:
            continue
        if unit == "p":
            shown["plan"] = [living.version.number, digest(write_docx(living.version.plan))]
        shown[f"figures of {unit}"] = digest(figures(living))
    shown["drafts"] = plans_as_they_stood(by)
    shown["decisions"] = decisions_as_they_stood(by)
    shown["reforms"] = [
        [row.pk, row.code, row.state, row.title, row.document, row.row_version, digest(row.changes)]
        for row in reforms(moment)
    ]
    shown["reports"] = [
        [row.number, digest(bytes(row.word)), digest(bytes(row.excel)), digest(row.figures)]
        for row in IssuedReport.objects.filter(issued_at__lte=moment).order_by("pk")
    ]
    return shown


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    settings.TODAY = TODAY
    differences, breaks = totals_check.check()
    assert not differences, differences
    assert not breaks, breaks
    shown = {moment: observed(datetime.fromisoformat(moment)) for moment in sys.argv[1:]}
    sys.stdout.write(json.dumps(shown, ensure_ascii=False))
