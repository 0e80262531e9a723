"""Write an entry; check the chains."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from toankhoa.audit.models import AuditEntry, AuditHead

SYSTEM = "system"  # the stream of what no unit's person did

_BEGINNING = (0, "")  # number and digest before a stream's first entry


@dataclass(frozen=True, slots=True)
class Break:
    """A place where a chain does not hold: the entry of this number was altered, removed or put in
    between.
    """

    stream: str
    number: int

    def __str__(self) -> str:
        return f"{self.stream} {self.number}"


def record(
    *,
    stream: str,
    verb: str,
    subject: str,
    data: dict[str, Any],
    by: AbstractBaseUser | None,
    at: datetime,
) -> AuditEntry:
    """Append one entry to a stream.

    Must run inside the verb's own transaction, so that both stand or fall.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an audit entry belongs to the transaction of its verb")
    AuditHead.objects.bulk_create([AuditHead(stream=stream)], ignore_conflicts=True)
    head = AuditHead.objects.select_for_update().get(stream=stream)
    # The user model, which the stubs ask for, lies on a floor above this one.
    entry = AuditEntry(  # type: ignore[misc]
        stream=stream,
        number=head.number + 1,
        at=at,
        by=by,
        verb=verb,
        subject=subject,
        data=data,
        previous=head.digest,
    )
    entry.digest = _digest(entry)
    entry.save(force_insert=True)
    head.number, head.digest = entry.number, entry.digest
    head.save()
    return entry


def breaks() -> Iterator[Break]:
    """Every place where a chain does not hold, those where its end is missing too.

    None is the healthy answer.
    """
    ends: dict[str, tuple[int, str]] = {}
    for entry in AuditEntry.objects.order_by("stream", "number").iterator():
        number, digest = ends.get(entry.stream, _BEGINNING)
        if entry.number != number + 1 or entry.previous != digest or entry.digest != _digest(entry):
            yield Break(entry.stream, entry.number)
        ends[entry.stream] = entry.number, entry.digest
    heads = {head.stream: (head.number, head.digest) for head in AuditHead.objects.all()}
    for stream in sorted({*ends, *heads}):
        end = ends.get(stream, _BEGINNING)
        if heads.get(stream, _BEGINNING) != end:
            yield Break(stream, end[0] + 1)


def _digest(entry: AuditEntry) -> str:
    content = [
        entry.stream,
        entry.number,
        entry.at.astimezone(UTC).isoformat(),
        entry.by_id,
        entry.verb,
        entry.subject,
        entry.data,
        entry.previous,
    ]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
