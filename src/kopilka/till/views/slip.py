"""A finished receipt: told, printed, shown to the customer."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kopilka.queries.open_receipts import receipt_of_device
from kopilka.till.access import TillRequest, at_till
from kopilka.till.outcome import outcome_of
from kopilka.web.requests import pages_of


@require_GET
@at_till
def slip(request: TillRequest, slug: str, receipt: UUID) -> HttpResponse:  # noqa: ARG001 - the middleware reads the slug
    finished = receipt_of_device(request.program.id, request.device.id, receipt)
    told = {"outcome": outcome_of(request, finished), "undo_minutes": pages_of(request).undo_minutes}
    return render(request, "till/slip.html", told)
