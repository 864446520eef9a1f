"""The member's PIN, with which he proves himself at a till without his phone."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from kopilka.card.access import CardRequest, with_card
from kopilka.engine.refusal import Refusal
from kopilka.services.member_pins import has_pin, set_pin, take_pin
from kopilka.web.problems import tell_in_form
from kopilka.web.requests import rulebook_of

UNPROCESSABLE = 422
_DIGITS = {"inputmode": "numeric", "autocomplete": "off", "maxlength": "8"}


class PinForm(forms.Form):
    pin = forms.CharField(
        label=_("New PIN"), help_text=_("From 4 to 8 digits."), max_length=40, widget=forms.PasswordInput(attrs=_DIGITS)
    )  # fmt: skip
    again = forms.CharField(label=_("The same once more"), max_length=40, widget=forms.PasswordInput(attrs=_DIGITS))

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if "pin" in self.cleaned_data and again != self.cleaned_data["pin"]:
            raise forms.ValidationError(_("These are two different PINs. Type the same one twice."))
        return again


@require_http_methods(["GET", "POST"])
@with_card
def pin(request: CardRequest, slug: str) -> HttpResponse:
    rulebook = rulebook_of(request)
    if rulebook is None or not rulebook.proof.pin:
        raise Http404
    program_id, member_id, by = request.program.id, request.card.member_id, request.card.actor
    if request.method == "POST" and "take" in request.POST:
        take_pin(program_id=program_id, member_id=member_id, by=by, at=request.at)
        return HttpResponseRedirect(reverse("card-pin", args=[slug]))
    form = PinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            set_pin(program_id=program_id, member_id=member_id, pin=form.cleaned_data["pin"], by=by, at=request.at)
        except Refusal as refusal:
            tell_in_form(request, form, refusal)
        else:
            return HttpResponseRedirect(f"{reverse('card-pin', args=[slug])}?done=1")
    told = {"form": form, "has": has_pin(program_id, member_id), "done": "done" in request.GET and not form.is_bound}
    return render(request, "card/pin.html", told, status=UNPROCESSABLE if form.errors else None)
