"""Issued reports: kept as they were issued whatever is corrected later; looked up, and held against
their digests.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from toankhoa.audit.models import AuditEntry
from toankhoa.core.results import SnapshotFigure, snapshot_from
from toankhoa.reporting.models import IssuedReport

VERB = "issue_report"
_HEAVY = ("word", "excel", "figures")


def subject(report: IssuedReport) -> str:
    """What its audit entry is about."""
    return f"report:{report.pk}"


def digests_of(*, word: bytes, excel: bytes, figures: list[dict[str, Any]]) -> dict[str, str]:
    """SHA-256 of each part of a report."""
    text = json.dumps(figures, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    parts = {"word": word, "excel": excel, "figures": text.encode()}
    return {name: hashlib.sha256(part).hexdigest() for name, part in parts.items()}


def of_units(units: Collection[int], as_of: datetime | None) -> QuerySet[IssuedReport]:
    """Reports of these units (by id), the newest first, without their contents."""
    reports = (
        IssuedReport.objects.filter(unit__in=units)
        .defer(*_HEAVY)
        .select_related("unit", "version", "previous")
    )
    if as_of is not None:
        reports = reports.filter(issued_at__lte=as_of)
    return reports.defer("version__document", "version__source", "version__bindings").order_by(
        "-issued_at", "-pk"
    )


def last(unit: int) -> IssuedReport | None:
    """The last report of a unit."""
    return (
        IssuedReport.objects.filter(unit=unit)
        .defer("word", "excel")
        .order_by("-issued_at", "-pk")
        .first()
    )


def between(unit: int, first: datetime, last: datetime) -> IssuedReport | None:
    """The report of a unit whose figures are of a moment from `first` to `last`."""
    of_span = IssuedReport.objects.filter(unit=unit, as_of__gte=first, as_of__lte=last)
    return of_span.defer("word", "excel").order_by("-as_of").first()


def figures_of(report: IssuedReport) -> list[SnapshotFigure]:
    """What it says."""
    return snapshot_from(report.figures)


def altered() -> Iterator[tuple[IssuedReport, str]]:
    """Reports that are not what was issued, and in which part: word, excel, figures or the record
    itself.
    """
    entries = AuditEntry.objects.filter(verb=VERB).values_list("subject", "data")
    issued: dict[str, Mapping[str, Any]] = dict(entries)
    for report in IssuedReport.objects.order_by("pk").iterator(chunk_size=10):
        now = digests_of(word=bytes(report.word), excel=bytes(report.excel), figures=report.figures)
        recorded = issued.pop(subject(report), {}).get("digests", {})
        for part, digest in now.items():
            if recorded.get(part) != digest:
                yield report, part
        if report.digests != recorded:
            yield report, "digests"
