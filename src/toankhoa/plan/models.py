"""A plan's versions."""

from django.conf import settings
from django.db import models

from toankhoa.org.models import Unit


class PlanVersion(models.Model):
    """One state of a plan. A draft is what the compiler read; a published version is immutable.

    `document` is the plan as JSON (DESIGN §8), `bindings` which indicator measures which row with which target per
    year, both frozen at publication; `source` the file it was compiled from.
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
