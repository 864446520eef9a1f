"""The page on which a browser becomes a till or a kiosk: somebody types the code a manager has made."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from kopilka.engine.refusal import Refusal
from kopilka.services.devices import Enrolled, enrol_device
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


def let_in(request: PageRequest, form: DeviceCodeForm) -> Enrolled | None:
    """The device this browser is now; None when the form says why not."""
    if not form.is_valid():
        return None
    try:
        return enrol_device(
            program_id=request.program.id, code=form.cleaned_data["code"], network=network_of(request), at=request.at
        )
    except Refusal as refusal:
        tell_in_form(request, form, refusal, at="code")
        return None
