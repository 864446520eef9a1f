"""Before the first customer: which program, and the manager's code that makes this tablet a kiosk."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from kopilka.queries.devices import KIOSK
from kopilka.queries.programs import list_programs
from kopilka.web.device_codes import DeviceCodeForm, let_in
from kopilka.web.devices import device_token, door_path, remember_device
from kopilka.web.requests import PageRequest


@require_GET
def start(request: PageRequest) -> HttpResponse:
    programs = [(one, door_path(KIOSK, one.slug)) for one in list_programs()]
    if len(programs) == 1:
        return HttpResponseRedirect(programs[0][1])
    return render(request, "kiosk/start.html", {"programs": programs})


@require_http_methods(["GET", "POST"])
def enrol_device(request: PageRequest, slug: str) -> HttpResponse:
    """A till's code typed here makes a till, which has pages of its own."""
    form = DeviceCodeForm(request.POST or None)
    enrolled = let_in(request, form)
    if enrolled is None:
        return render(request, "kiosk/enrol_device.html", {"form": form, "was_one": bool(device_token(request, KIOSK))})
    response = HttpResponseRedirect(door_path(enrolled.device.kind, slug))
    remember_device(response, slug, enrolled)
    return response
