"""Rows as they stood at a past moment: each entry about a row keeps a reverse patch to what it was.

A verb locks a row and has it `watched`; the entry that it records holds `before(row)`. A row is
never deleted.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable
from datetime import date, datetime
from itertools import dropwhile, groupby
from operator import attrgetter
from typing import Any, TypeVar

from django.db import models

from toankhoa.audit.models import AuditEntry
from toankhoa.core.basics import Patch, patched, reverse_patch

BEFORE = "before"
# Entries are never rewritten: a field that has been renamed since keeps, in them, the name it had.
RENAMED = {"edition": "row_version"}
Content = dict[str, Any]
_WATCHED = "_stood_as"

Row = TypeVar("Row", bound=models.Model)


def watched(row: Row) -> Row:
    """The same row, which remembers what it is now, for `before`."""
    setattr(
        row, _WATCHED, pickle.dumps(_content(row))
    )  # a copy of a long record, in a tenth of deepcopy's time
    return row


def before(row: models.Model) -> dict[str, Any]:
    """What the audit entry of a change keeps: the reverse patch to what the row was when it was
    watched.
    """
    watched_as: bytes | None = getattr(row, _WATCHED, None)
    was: Content = pickle.loads(watched_as) if watched_as else {}
    now = _content(row)
    steps = {name: reverse_patch(now[name], value) for name, value in was.items() if name in now}
    return {BEFORE: {name: step for name, step in steps.items() if step}}


def as_they_stood(rows: Iterable[Row], kind: str, as_of: datetime | None) -> list[Row]:
    """These rows as they stood at a moment; for reading, never saved.

    `kind`: of their subject, "plan" in "plan:12".

    The caller leaves out what was begun later. A row that was changed since by an entry without a
    reverse patch (from before these were kept) is left out: what it was is not known. One query.
    """
    by_then = list(rows)
    if as_of is None or not by_then:
        return by_then
    subjects = {f"{kind}:{row.pk}": row for row in by_then}
    entries = AuditEntry.objects.filter(subject__in=subjects).order_by("subject", "pk")
    for subject, life in groupby(entries.only("subject", "at", "data"), key=attrgetter("subject")):
        row = subjects[subject]
        since = [entry.data.get(BEFORE) for entry in _since(life, as_of)]
        if None in since:
            by_then.remove(row)
        else:
            _rewind(row, since[::-1])
    return by_then


def _since(life: Iterable[AuditEntry], as_of: datetime) -> list[AuditEntry]:
    """From the first one on that came after the moment."""
    return list(dropwhile(lambda entry: entry.at <= as_of, life))


def _rewind(row: models.Model, reverse_patches: list[dict[str, Patch]]) -> None:
    """A list may have left out heavy fields: they stay unread."""
    fields = {field.attname: field for field in _watched_fields(row)}
    content = _content(row)
    for steps in reverse_patches:
        for written, patch in steps.items():
            name = RENAMED.get(written, written)
            if name not in fields:
                continue
            content[name] = patched(content[name], patch)
            setattr(row, name, fields[name].to_python(content[name]))


def _content(row: models.Model) -> Content:
    return {field.attname: _plain(getattr(row, field.attname)) for field in _watched_fields(row)}


def _watched_fields(row: models.Model) -> list[models.Field[Any, Any]]:
    """Fields that changes may touch and that were read; the bytes of a file never change."""
    unread = row.get_deferred_fields()
    fields = (
        field
        for field in row._meta.concrete_fields
        if not field.primary_key and field.attname not in unread
    )
    return [field for field in fields if not isinstance(field, models.BinaryField)]


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
