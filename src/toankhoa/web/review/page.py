"""What the pages of a draft have in common.

Whose it is, what they show, and how a change is answered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from toankhoa.core.basics import Refused, Severity
from toankhoa.core.review import DATE, DOCUMENT, NUMBER, TITLE, WHOLE
from toankhoa.operations.measuring import ledger
from toankhoa.operations.review import Finding, Review, review
from toankhoa.plan import drafts
from toankhoa.plan.models import PlanVersion
from toankhoa.web.review.forms import publishing
from toankhoa.web.review.offers import measures
from toankhoa.web.review.row_views import DOCUMENT_RANK, FieldView, ReviewRow, anchor, view
from toankhoa.web.shell.access import refusal
from toankhoa.web.shell.requests import Request
from toankhoa.web.shell.typed import form_fields, query_fields

# Fields of the document that the form for publishing repeats, with the box that shows each.
CHANGED_BOXES = {NUMBER: "review/publish_number.html", DATE: "review/publish_date.html"}


def done(
    request: Request,
    pk: int,
    row: str | None,
    act: Callable[[], str],
    template: str | None,
    field: str = TITLE,
) -> HttpResponse:
    """Act; then the parts of the page that changed (htmx), or the page again.

    `row`: the one that was changed, with its fields; None where it was no row.
    `template`: of the parts that changed; None where the whole page is loaded anew.
    """
    page = reverse("draft", args=[pk]) if row is None else reverse("review-row", args=[pk, row])
    try:
        success = act()
    except Refused as refused:
        if request.htmx:
            return refusal(str(refused))
        messages.error(request, str(refused))
        return redirect(page)
    if request.htmx and template is not None:
        return _changed_parts(request, pk, row, template, field, success)
    messages.success(request, success)
    if request.htmx:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return redirect(page)


def _changed_parts(
    request: Request, pk: int, row: str | None, template: str, field: str, success: str
) -> HttpResponse:
    """By the library as it is now: the act may have added to it."""
    looked = review(mine(request, pk), by=request.actor, library=ledger().library)
    context = whole(request, looked) | {"oob": True, "saved": success}
    if row is not None:
        shown = view_of(looked, row)
        context |= of_row(request, looked, shown)
        context |= {"field": field_of(shown, field), "cells": shown.cells_of(field)}
        context["changed_box"] = CHANGED_BOXES.get(field, "") if shown.document else ""
    return render(request, template, context)


def mine(request: Request, pk: int) -> PlanVersion:
    """A version of her unit; Http404 where it is none."""
    hers = PlanVersion.objects.filter(pk=pk, unit__code=request.actor.unit)
    hers = hers.select_related("based_on").defer("source", "based_on__source")
    versions = drafts.as_they_stood(hers, request.actor)
    if not versions:
        raise Http404
    return versions[0]


def looked_at(request: Request, pk: int) -> Review:
    """A version of her unit as it is reviewed."""
    return review(mine(request, pk), by=request.actor, library=request.ledger.library)


def view_of(looked: Review, code: str) -> ReviewRow:
    """One row, or the document; Http404 where there is none."""
    try:
        return view(looked, code)
    except KeyError as error:
        raise Http404 from error


def field_of(seen: ReviewRow, name: str) -> FieldView:
    """One field of a row; Http404 where it has none of that name."""
    if name not in seen.fields:
        raise Http404
    return seen.fields[name]


def row_version(request: Request) -> int:
    """Of the draft on her screen; without one, nothing that others changed is overwritten."""
    return form_fields(request).number("row_version") or 0


def whole(request: Request, looked: Review) -> dict[str, object]:
    """What every page of a version shows: itself and its findings.

    The list of findings may be of one severity, where she asks for one.
    """
    severity = query_fields(request).member("muc", Severity)
    version = looked.version
    return {
        "version": version,
        "plan": looked.plan,
        "editable": version.state == PlanVersion.State.DRAFT,
        "open": looked.open,
        "chosen": _with_anchors(
            looked, [item for item in looked.open if severity in (None, item.problem.severity)]
        ),
        "aside": _with_anchors(looked, [item for item in looked.findings if item.dismissed]),
        "severities": _by_severity(looked.open),
        "chosen_severity": severity,
        "publishing": publishing(version),
    }


def _by_severity(findings: list[Finding]) -> list[tuple[Severity, int]]:
    counts = Counter(finding.problem.severity for finding in findings)
    return [(severity, counts[severity]) for severity in Severity]


def _with_anchors(looked: Review, findings: list[Finding]) -> list[tuple[Finding, str]]:
    return [(finding, _anchor(looked, finding)) for finding in findings]


def _anchor(looked: Review, finding: Finding) -> str:
    """The id of the cell a finding is about; blank where it is about the document as such."""
    place = finding.place
    if place.row == DOCUMENT.row:
        if place.field == WHOLE:
            return ""
        return anchor(DOCUMENT_RANK, place.field)
    rank = looked.ranks.get(place.row)
    if rank is None:
        return ""
    return anchor(rank, place.field or TITLE)


def of_row(request: Request, looked: Review, shown: ReviewRow) -> dict[str, object]:
    """What the page of a row shows beside its fields."""
    if shown.document:
        return {"view": shown, "row_findings": []}
    findings = looked.by_row.get(shown.code, ())
    not_aside = [finding for finding in findings if finding.dismissed is None]
    context = {"view": shown, "row_findings": not_aside}
    return context | measures(looked, shown.code, request.actor)


def known(request: Request, pk: int, row: str) -> str:
    """The code of a row of a version of hers; Http404 where there is none, and for the document."""
    if view_of(looked_at(request, pk), row).document:
        raise Http404
    return row
