"""`/look/`: every part that pages are put together from, on one page of a demo program, for people and for tests."""

from __future__ import annotations

from django.forms import BooleanField, CharField, ChoiceField, EmailField, Form, RadioSelect, Textarea, TextInput
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from kopilka.web.icons import ICONS
from kopilka.web.requests import PageRequest

DEMO = "demo"
COLOURS = (
    ("ground", "text"), ("surface", "text"), ("sunken", "text"), ("surface", "quiet"), ("accent", "on-accent"),
    ("accent-ground", "accent"), ("brand", "on-brand"), ("info-ground", "info"), ("good-ground", "good"),
    ("warn-ground", "warn"), ("bad-ground", "bad"),
)  # fmt: skip
"""Grounds and the letters on them."""


class PartsForm(Form):
    """A field of each kind."""

    phone = CharField(
        label=gettext_lazy("Phone"), help_text=gettext_lazy("In any spelling"), widget=TextInput({"inputmode": "tel"})
    )
    mail = EmailField(label=gettext_lazy("E-mail"))
    amount = CharField(label=gettext_lazy("Amount"), widget=TextInput({"inputmode": "decimal"}))
    city = ChoiceField(
        label=gettext_lazy("Shop"),
        choices=[("c", gettext_lazy("In the centre")), ("s", gettext_lazy("At the station"))],
    )
    about = CharField(label=gettext_lazy("About yourself"), widget=Textarea({"rows": 3}))
    spend = ChoiceField(
        label=gettext_lazy("Pay with points"),
        choices=[("all", gettext_lazy("all")), ("some", gettext_lazy("some")), ("none", gettext_lazy("none"))],
        widget=RadioSelect,
    )
    agreed = BooleanField(label=gettext_lazy("I have read the rules and agree with them"))
    code = CharField(label=gettext_lazy("Code"), max_length=6, widget=TextInput({"inputmode": "numeric"}))
    pin = CharField(label=gettext_lazy("PIN"), max_length=4, widget=TextInput({"inputmode": "numeric"}))


@require_safe
def look(request: PageRequest, slug: str = "") -> HttpResponse:
    """Nothing secret, yet nothing for members either: it exists for demo programs only."""
    if not slug:
        return HttpResponseRedirect(reverse("look", args=[DEMO]))
    if not request.program.is_demo:
        raise Http404
    wrong = PartsForm({"mail": "anna@", "spend": "some"})
    wrong.add_error(None, gettext("The network was gone for a moment. Nothing was booked: try again."))
    told = {
        "form": PartsForm(initial={"phone": "+7 900 000-00-01", "amount": "1234,56", "spend": "all", "pin": ""}),
        "wrong": wrong,
        "icons": sorted(ICONS),
        "colours": COLOURS,
    }
    return render(request, "web/look.html", told)
