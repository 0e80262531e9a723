"""One piece of long work and how far it is."""

from django.conf import settings
from django.db import models


class Job(models.Model):
    """One piece of long work: `done` of `total` steps.

    `message` is what it is doing, in Vietnamese; `result` what it left.
    """

    class State(models.TextChoices):
        RUNNING = "running", "Đang chạy"
        DONE = "done", "Xong"
        FAILED = "failed", "Hỏng"

    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=1)
    message = models.CharField(max_length=300, blank=True)
    result = models.JSONField(default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    started = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} {self.percent}%"

    @property
    def percent(self) -> int:
        """0–100."""
        return 100 * self.done // max(self.total, 1)
