"""A customer enrolled in a hurry agrees on the till's screen after all."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kopilka.services.consents import note_consents, texts
from kopilka.services.member_desk import masked_member
from kopilka.services.staff_access import must_not_be_own
from kopilka.till.access import TillRequest, at_till
from kopilka.till.views.enrol import ConsentsForm


@require_http_methods(["GET", "POST"])
@at_till
def agree(request: TillRequest, slug: str, member_id: UUID) -> HttpResponse:
    """The page that is turned to the customer; in training his ticks are looked at and not kept."""
    must_not_be_own(request.staff, member_id)
    known = masked_member(request.program.id, member_id)
    back = HttpResponseRedirect(reverse("till-member", args=[slug, member_id]))
    if request.POST.get("step") == "start":
        return back
    consents = ConsentsForm(
        request.POST if request.method == "POST" else None, texts(request.program, request.language)
    )
    if not consents.is_valid():
        told = {"consents": consents, "phone": known.phone, "name": known.name, "action": request.path}
        return render(request, "till/desk/consents.html", told)
    if request.staff.training:
        return render(request, "till/desk/agreed_in_training.html", {"member_id": member_id})
    note_consents(
        program_id=request.program.id, member_id=member_id, given=consents.given(), door="till",
        evidence=f"{request.device.name}, {request.staff.name}", by=request.staff.actor, at=request.at,
    )  # fmt: skip
    return back
