"""What the pages of a draft have in common: whose it is, what they show, and how a change is answered."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from toankhoa.core.basics import Refused, Severity
from toankhoa.core.review import DOCUMENT, TITLE, WHOLE
from toankhoa.operations.measuring import ledger
from toankhoa.operations.review import Finding, Review, review
from toankhoa.plan import drafts
from toankhoa.plan.models import PlanVersion
from toankhoa.web.review.offers import measures
from toankhoa.web.review.row_views import DOCUMENT_RANK, FieldView, ReviewRow, anchor, view
from toankhoa.web.shell.access import Request


def done(
    request: Request,
    pk: int,
    row: str | None,
    act: Callable[[], str],
    template: str | None,
    field: str = TITLE,
) -> HttpResponse:
    """Act; then the parts of the page that changed (htmx; without a template the page anew), or the page again.

    `row`: the one that was changed, with its fields; None where it was no row.
    """
    back = reverse("draft", args=[pk]) if row is None else reverse("review-row", args=[pk, row])
    try:
        said = act()
    except Refused as refused:
        if request.htmx:
            return HttpResponse(str(refused), status=409, content_type="text/plain; charset=utf-8")
        messages.error(request, str(refused))
        return redirect(back)
    if not request.htmx or template is None:
        messages.success(request, said)
        return HttpResponse(headers={"HX-Refresh": "true"}) if request.htmx else redirect(back)
    looked = review(
        mine(request, pk), by=request.actor, library=ledger().library
    )  # the act may have added to it
    context = whole(request, looked) | {"oob": True, "saved": said}
    if row is not None:
        shown = view_of(looked, row)
        context |= of_row(request, looked, shown) | {
            "field": field_of(shown, field),
            "cells": shown.cells_of(field),
        }
    return render(request, template, context)


def mine(request: Request, pk: int) -> PlanVersion:
    """A version of her unit; Http404 where it is none."""
    hers = PlanVersion.objects.filter(pk=pk, unit__code=request.actor.unit).select_related(
        "based_on"
    )
    found = drafts.as_they_stood(hers.defer("source", "based_on__source"), request.actor)
    if not found:
        raise Http404
    return found[0]


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
    said = request.POST.get("row_version", "")
    return int(said) if said.isdigit() else 0


def whole(request: Request, looked: Review) -> dict[str, object]:
    """What every page of a version shows: the version itself and its findings, of one severity where she asks."""
    asked = request.GET.get("muc", "")
    chosen = [
        finding
        for finding in looked.open
        if asked not in list(Severity) or finding.problem.severity == asked
    ]
    return {
        "version": looked.version,
        "plan": looked.plan,
        "editable": looked.version.state == PlanVersion.State.DRAFT,
        "open": looked.open,
        "chosen": [(finding, _anchor(looked, finding)) for finding in chosen],
        "aside": [
            (finding, _anchor(looked, finding)) for finding in looked.findings if finding.dismissed
        ],
        "severities": [
            (each, sum(f.problem.severity is each for f in looked.open)) for each in Severity
        ],
        "asked_severity": asked,
    }


def _anchor(looked: Review, finding: Finding) -> str:
    """The id of the cell a finding is about; of none where it is about the document as such."""
    if finding.place.row == DOCUMENT.row:
        return "" if finding.place.field == WHOLE else anchor(DOCUMENT_RANK, finding.place.field)
    rank = looked.ranks.get(finding.place.row)
    return "" if rank is None else anchor(rank, finding.place.field or TITLE)


def of_row(request: Request, looked: Review, shown: ReviewRow) -> dict[str, object]:
    """What the page of a row shows beside its fields."""
    found = [finding for finding in looked.by_row.get(shown.code, ()) if finding.dismissed is None]
    if shown.document:
        return {"view": shown, "of_row": []}
    return {"view": shown, "of_row": found, **measures(looked, shown.code, request.actor)}


def known(request: Request, pk: int, row: str) -> str:
    """The code of a row of a version of hers; Http404 where there is none, and for the document."""
    if view_of(looked_at(request, pk), row).document:
        raise Http404
    return row
