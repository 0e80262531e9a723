"""Units, where each stood from when to when, and who acts for which."""

from django.contrib.auth.models import AbstractUser
from django.db import models

from toankhoa.core.organisation import Reform as ReformRecord
from toankhoa.core.organisation import UnitVersion as UnitVersionRecord
from toankhoa.core.organisation import reform_codec
from toankhoa.core.returns import Role

# Characters of a reform's words.
LONGEST_CODE = 40
LONGEST_TITLE = 200
LONGEST_DOCUMENT = 300


class User(AbstractUser):
    """A person. The name is one field, as Vietnamese names are.

    `lent`: her password was made by an administrator; she chooses one of her own before she does
    anything else.
    """

    # How Django takes an inherited field away, which the stubs do not know.
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    full_name = models.CharField(max_length=120)
    lent = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.full_name or self.username


class Unit(models.Model):
    """An org unit: only its code, which never changes.

    What does change stands in its placements.
    """

    code = models.CharField(max_length=20, unique=True)

    def __str__(self) -> str:
        return self.code


class UnitVersion(models.Model):
    """Name, kind, level and parent of a unit from `start` until the day before `end`, as first
    entered.

    Reforms never write here: the organisation is these rows folded over the reforms applied (see
    `organisation`).
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="unit_versions")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    level = models.CharField(max_length=20)
    parent = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    start = models.DateField()
    end = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "start"], name="org_one_placement_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.unit.code} {self.name}"

    def record(self, codes: dict[int, str]) -> UnitVersionRecord:
        """As the core knows it; `codes` by id of unit."""
        return UnitVersionRecord(
            code=codes[self.unit_id],
            name=self.name,
            kind=self.kind,
            level=self.level,
            parent=None if self.parent_id is None else codes[self.parent_id],
            start=self.start,
            end=self.end,
        )


class Reform(models.Model):
    """A reform of units: a draft until it is applied, and possibly undone again.

    `changes` as `core.organisation.reform_codec`.

    A draft that was dropped is kept for who looks back alone; its code is free again.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        APPLIED = "applied"
        UNDONE = "undone"
        DROPPED = "dropped"

    code = models.CharField(max_length=LONGEST_CODE)
    day = models.DateField()
    document = models.CharField(max_length=LONGEST_DOCUMENT, blank=True)
    title = models.CharField(max_length=LONGEST_TITLE)
    changes = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    row_version = models.PositiveIntegerField(default=0)
    drafted_at = models.DateTimeField()
    drafted_by = models.ForeignKey("User", null=True, on_delete=models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(null=True)
    applied_by = models.ForeignKey("User", null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey("User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["day", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=~models.Q(state="dropped"), name="org_one_reform_a_code"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def record(self) -> ReformRecord:
        """As the core knows it."""
        words = {"code": self.code, "document": self.document, "title": self.title}
        return reform_codec.reform_from({**words, "day": self.day, "changes": self.changes})


class OrgRevision(models.Model):
    """One row: a mark that is new after every change of units or of what is measured: both are read
    once per change.
    """

    mark = models.CharField(max_length=32)

    def __str__(self) -> str:
        return self.mark


class MemberMove(models.Model):
    """A person whose unit a reform ended: to which unit she went and when, None while nobody has
    said.

    Without a reform: an administrator put her into another unit.
    """

    reform = models.ForeignKey(Reform, null=True, on_delete=models.PROTECT, related_name="moves")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    was = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    now = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    seated_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.user} {self.was} → {self.now}"


class Membership(models.Model):
    """Which unit a person acts for, and as what. Her rights reach over that unit and all below it.

    `move`: how she came to that unit by a reform, until she has read it.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="membership")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=[(role.value, role.value) for role in Role])
    board = models.CharField(max_length=20, blank=True)
    move = models.ForeignKey(MemberMove, null=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return f"{self.user} {self.role} {self.unit.code}"
