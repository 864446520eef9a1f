"""A browser becomes a till: whoever sits at it types the code a manager has made."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from kopilka.engine.refusal import Refusal
from kopilka.queries.devices import TILL
from kopilka.services.devices import enrol_device
from kopilka.web.devices import device_token, door_path, remember_device
from kopilka.web.problems import tell_in_form
from kopilka.web.requests import PageRequest, network_of

TYPED_MAX = 40


class DeviceCodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code of the device"),
        max_length=TYPED_MAX,
        widget=forms.TextInput(
            attrs={"autofocus": True, "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


@require_http_methods(["GET", "POST"])
def enrol(request: PageRequest, slug: str) -> HttpResponse:
    """A kiosk's code typed here makes a kiosk, which has pages of its own."""
    form = DeviceCodeForm(request.POST or None)
    if form.is_valid():
        try:
            enrolled = enrol_device(
                program_id=request.program.id, code=form.cleaned_data["code"], network=network_of(request),
                at=request.at,
            )  # fmt: skip
        except Refusal as refusal:
            tell_in_form(request, form, refusal, at="code")
        else:
            response = HttpResponseRedirect(door_path(enrolled.device.kind, slug))
            remember_device(response, slug, enrolled)
            return response
    told = {"form": form, "was_one": bool(device_token(request, TILL))}
    return render(request, "till/enrol_device.html", told)
