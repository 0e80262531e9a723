"""What people sent is the truth; totals are derived from it and can be rebuilt."""

from django.conf import settings
from django.db import models

from toankhoa.core.basics import Period
from toankhoa.core.returns import State
from toankhoa.org.models import Unit
from toankhoa.plan.models import PlanVersion


class Return(models.Model):
    """One unit's return of one form for one period: its current state and figures.

    `values` holds whole numbers (or "nil", "n/a") by element; a figure not typed is absent. `key`
    is the period's year × 100 + last month. `accepted_depth` is the depth of the highest unit that
    vouches for it (see core.returns.workflow). `counted` maps a stage to the revision that counts
    there: derived from the steps, kept for reading. `row_version` rises with every write, so that a
    page opened earlier cannot overwrite a later one.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="returns")
    form = models.CharField(max_length=40)
    period = models.CharField(max_length=7)
    key = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=[(state.value, state.value) for state in State])
    accepted_depth = models.PositiveSmallIntegerField(null=True)
    revision = models.PositiveIntegerField(default=1)
    values = models.JSONField(default=dict)
    counted = models.JSONField(default=dict)
    row_version = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "form", "period"], name="reporting_one_return_per_unit_and_period"
            )
        ]
        indexes = [
            models.Index(fields=["key", "state"]),
            models.Index(fields=["unit", "key"]),
            models.Index(
                fields=["revision"], condition=models.Q(revision__gt=1), name="reporting_sent_again"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.form} {self.period}"

    @property
    def when(self) -> Period:
        """The period as the core knows it."""
        return Period.parse(self.period)


class Revision(models.Model):
    """Figures as they were sent, once for each sending. Append-only."""

    ret = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    values = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ret", "number"], name="reporting_one_revision_per_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.ret_id} r{self.number}"


class Step(models.Model):
    """One move in a return's life: sent, accepted, returned, corrected. Append-only."""

    ret = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=8)
    revision = models.PositiveIntegerField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    depth = models.PositiveSmallIntegerField()
    reason = models.TextField(blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["ret", "id"])]

    def __str__(self) -> str:
        return f"{self.ret_id} {self.verb} r{self.revision}"


class Acknowledgement(models.Model):
    """A person who had accepted a return has seen how it was corrected since, up to a revision.

    Append-only.
    """

    ret = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="acknowledgements")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    revision = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "ret", "revision"], name="reporting_one_acknowledgement_each"
            )
        ]

    def __str__(self) -> str:
        return f"{self.ret_id} r{self.revision} {self.user_id}"


class IssuedReport(models.Model):
    """A report as it was issued: its files and figures, which never change, and their digests
    (SHA-256).

    `period` is the code of what it reports on, blank for the term and for others. `as_of` is the
    moment of its figures; `previous` the report of the same unit before it. Digests stand in the
    audit entry of its issue, too.
    """

    class Kind(models.TextChoices):
        QUARTER = "quarter", "Báo cáo quý"
        HALF = "half", "Báo cáo 6 tháng"
        YEAR = "year", "Báo cáo năm"
        TERM = "term", "Báo cáo tổng kết nhiệm kỳ"
        OTHER = "other", "Báo cáo khác"

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    period = models.CharField(max_length=7, default="", blank=True)
    number = models.CharField(max_length=60)
    signed_on = models.DateField()
    as_of = models.DateTimeField()
    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="+")
    previous = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    word = models.BinaryField()
    excel = models.BinaryField()
    figures = models.JSONField()
    digests = models.JSONField()
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    issued_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "number"], name="reporting_one_report_per_number"
            )
        ]
        indexes = [models.Index(fields=["unit", "as_of"])]

    def __str__(self) -> str:
        kind = (
            f"Báo cáo {Period.parse(self.period).label}" if self.period else self.get_kind_display()
        )
        return f"{kind} số {self.number}"


class Total(models.Model):
    """One packed row (see core.totals.cell.Cell). Read and written by `store` only.

    `period` is year × 100 + month, or year × 100 for the year's own cell. `stage` is a depth (see
    core.returns.workflow).
    """

    class Scope(models.IntegerChoices):
        OWN = 1, "of the unit itself"
        SUBTREE = 2, "of the unit and all below"
        BOTH = 3, "of a unit with none below, for which the two are one"

    pk = models.CompositePrimaryKey("unit", "period", "stage", "scope")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    period = models.PositiveIntegerField()
    stage = models.PositiveSmallIntegerField()
    scope = models.PositiveSmallIntegerField(choices=Scope.choices)
    sums = models.BinaryField()
    counts = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.unit_id} {self.period} stage {self.stage} scope {self.scope}"
