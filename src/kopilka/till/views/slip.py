"""A finished receipt: told, printed, shown to the customer."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from kopilka.engine.refusal import Refusal
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


@require_GET
@at_till
def sent(request: TillRequest, slug: str, receipt: UUID) -> HttpResponse:
    """What became of a sale whose answer was lost: it is booked, it still stands at the till, or neither."""
    try:
        state = receipt_of_device(request.program.id, request.device.id, receipt).state
    except Refusal:
        state = "unknown"
    if state == "done":
        return HttpResponseRedirect(reverse("till-slip", args=[slug, receipt]))
    page = reverse("till-sale", args=[slug])
    return HttpResponseRedirect(page if state == "open" else f"{page}#not-booked")
