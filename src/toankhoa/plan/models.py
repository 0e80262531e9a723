"""A plan's versions, and what was added to the library to measure them."""

from django.conf import settings
from django.db import models

from toankhoa.org.models import Unit


class PlanVersion(models.Model):
    """One state of a plan. A draft is what the compiler read; a published version is immutable.

    `document` is the plan as JSON (DESIGN §8), `bindings` which indicator measures which row with
    which target per year, both frozen at publication; `source` the file it was compiled from.

    What a review adds: `row_version` counts its changes and `touched` says at which edition a field
    ("row/field") changed last; `dismissed` are findings set aside, each with reason, name and
    moment; `placed` gives an indicator the row that a person chose; `answers` what she said of
    columns. An amendment is `based_on` the version it amends; `pairs` says which of its rows
    carries on which row of that version, `confirmed` which changes a person has seen.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Bản thảo"
        PUBLISHED = "published", "Đã ban hành"

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    number = models.CharField(max_length=60, blank=True)
    signed_on = models.DateField(null=True)
    effective_on = models.DateField(null=True)
    years = models.JSONField()
    document = models.JSONField()
    bindings = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    row_version = models.PositiveIntegerField(default=0)
    touched = models.JSONField(default=dict)
    dismissed = models.JSONField(default=list)
    placed = models.JSONField(default=dict)
    answers = models.JSONField(default=dict)
    based_on = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    pairs = models.JSONField(default=dict)
    confirmed = models.JSONField(default=list)
    source_name = models.CharField(max_length=200)
    source = models.BinaryField()
    source_digest = models.CharField(max_length=64)
    plan_digest = models.CharField(max_length=64)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.number} ({self.state})"


class Allocation(models.Model):
    """A decision that hands targets down from a unit to those below it: a sheet while a draft,
    immutable once issued.

    `columns` are `core.targets.allocation.Column` as JSON, one per row, indicator and year. From
    `effective_on` on a column takes the place of the same one of every earlier decision of the
    unit; `revises` names the decision it began as a copy of. `row_version` counts the changes of
    the sheet. A draft that was discarded is kept for who looks back alone.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Bản thảo"
        ISSUED = "issued", "Đã giao"
        DISCARDED = "discarded", "Đã bỏ"

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    number = models.CharField(max_length=60, blank=True)
    issued_on = models.DateField(null=True)
    effective_on = models.DateField(null=True)
    columns = models.JSONField()
    row_version = models.PositiveIntegerField(default=0)
    revises = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="revisions"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    issued_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.number} ({self.state})"


class Receipt(models.Model):
    """An issued decision at one of the units it was handed down to, and who there took note of
    it.
    """

    allocation = models.ForeignKey(Allocation, on_delete=models.PROTECT, related_name="receipts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["allocation", "unit"], name="plan_one_receipt_a_unit")
        ]

    def __str__(self) -> str:
        return f"{self.allocation_id} {self.unit_id}"


class LibraryAddition(models.Model):
    """One state of what the installation added to its library, by the code of its indicator;
    append-only.

    The last state counts, and None withdraws it. No row ever goes: the slots that any state names
    stay taken.
    """

    code = models.CharField(max_length=20)
    content = models.JSONField(null=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.code
