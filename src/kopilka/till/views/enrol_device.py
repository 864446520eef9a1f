"""A browser becomes a till: whoever sits at it types the code a manager has made."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from kopilka.queries.devices import TILL
from kopilka.web.device_codes import DeviceCodeForm, let_in
from kopilka.web.devices import device_token, door_path, remember_device
from kopilka.web.requests import PageRequest


@require_http_methods(["GET", "POST"])
def enrol(request: PageRequest, slug: str) -> HttpResponse:
    """A kiosk's code typed here makes a kiosk, which has pages of its own."""
    form = DeviceCodeForm(request.POST or None)
    enrolled = let_in(request, form)
    if enrolled is None:
        told = {"form": form, "was_one": bool(device_token(request, TILL))}
        return render(request, "till/enrol_device.html", told)
    response = HttpResponseRedirect(door_path(enrolled.device.kind, slug))
    remember_device(response, slug, enrolled)
    return response
