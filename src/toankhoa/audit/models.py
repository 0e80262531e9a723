"""Entries and the heads of their chains."""

from django.conf import settings
from django.db import models


class AuditHead(models.Model):
    """The last entry of one stream: what a writer locks, so that streams do not wait for each
    other.
    """

    stream = models.CharField(max_length=40, unique=True)
    number = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.stream} {self.number}"


class AuditEntry(models.Model):
    """One write. `digest` covers the entry and the digest before it."""

    stream = models.CharField(max_length=40)
    number = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    verb = models.CharField(max_length=40)
    subject = models.CharField(max_length=80, db_index=True)
    data = models.JSONField(default=dict)
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stream", "number"], name="audit_one_entry_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.stream} {self.number}: {self.verb} {self.subject}"
