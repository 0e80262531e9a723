"""A plan's versions."""

from django.conf import settings
from django.db import models

from toankhoa.org.models import Unit


class PlanVersion(models.Model):
    """One state of a plan. A draft is what the compiler read; a published version is immutable.

    `document` is the plan as JSON (DESIGN §8), `bindings` which indicator measures which row with which target per
    year, both frozen at publication; `source` the file it was compiled from.

    What a review adds: `edition` counts its changes and `touched` says at which edition a field ("row/field") changed
    last; `dismissed` are findings set aside, each with reason, name and moment; `placed` gives an indicator the row
    that a person chose; `answers` what she said of columns. An amendment is `based_on` the version it amends; `pairs`
    says which of its rows carries on which row of that version, `confirmed` which changes a person has seen.
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
    edition = models.PositiveIntegerField(default=0)
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
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.number} ({self.state})"
