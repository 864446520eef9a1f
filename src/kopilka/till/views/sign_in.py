"""Who works at this till: chosen by a tap, proven by a PIN."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from kopilka.engine.pins import LONGEST
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.devices import TILL, PersonAtTill, last_person_at, people_at
from kopilka.services.staff_access import sign_in, sign_out
from kopilka.till.access import TillRequest, find_staff, on_device, till_page
from kopilka.web.devices import STAFF_COOKIE, door_path, keep
from kopilka.web.problems import sentence_of

MINUTE = 60


class PinForm(forms.Form):
    """`person` is a code of one of those who may sign in here; what is typed as a PIN is never shown again."""

    person = forms.ChoiceField(label=_("Who are you?"), widget=forms.RadioSelect)
    pin = forms.CharField(
        label=pgettext_lazy("at the till", "PIN"),
        max_length=LONGEST,
        widget=forms.PasswordInput(
            attrs={"autofocus": True, "autocomplete": "off", "inputmode": "numeric", "pattern": "[0-9]*"}
        ),
    )
    training = forms.BooleanField(label=_("Training: nothing is booked"), required=False)

    def __init__(self, data: Any, people: list[PersonAtTill], last: str) -> None:
        super().__init__(data)
        who = self.fields["person"]
        assert isinstance(who, forms.ChoiceField)
        who.choices = [(person.code, person.name) for person in people]
        known = {person.code for person in people}
        who.initial = last if last in known else next(iter(person.code for person in people), "")


@require_http_methods(["GET", "POST"])
@on_device
def enter(request: TillRequest, slug: str) -> HttpResponse:
    """Also the page to change places: whoever signs in takes over from who was here."""
    people = people_at(request.program.id, request.device.branch)
    last = last_person_at(request.program.id, request.device.id)
    form = PinForm(request.POST or None, people, last)
    if form.is_valid():
        try:
            return _come_in(request, slug, form.cleaned_data)
        except Refusal as refusal:
            form.add_error("pin", _why(request, refusal))
    find_staff(request, touches=False)
    back = till_page(request, request.GET.get("next", ""))
    told = {"form": form, "people": people, "back": back, "home": door_path(TILL, slug)}
    return render(request, "till/sign_in.html", told)


@require_POST
@on_device
def leave(request: TillRequest, slug: str) -> HttpResponse:
    """Nobody works here now; the browser stays a till."""
    if find_staff(request, touches=False):
        sign_out(program_id=request.program.id, session_id=request.staff.session_id, at=request.at)
    response = HttpResponseRedirect(f"{door_path(TILL, slug)}sign-in/")
    response.delete_cookie(STAFF_COOKIE, path=door_path(TILL, slug))
    return response


def _come_in(request: TillRequest, slug: str, given: dict[str, Any]) -> HttpResponse:
    signed_in = sign_in(
        program_id=request.program.id, device=request.device, employee_code=given["person"], pin=given["pin"],
        training=given["training"], at=request.at,
    )  # fmt: skip
    home = door_path(TILL, slug)
    response = HttpResponseRedirect(till_page(request, request.POST.get("next", "")) or home)
    keep(response, STAFF_COOKIE, signed_in.token, path=home)
    return response


def _why(request: TillRequest, refusal: Refusal) -> str:
    if refusal.code == Code.CODE_WRONG:
        left = int(str(refusal.params["tries_left"]))
        return ngettext(
            "This is not the PIN. %(left)s try is left.", "This is not the PIN. %(left)s tries are left.", left
        ) % {"left": left}
    if refusal.code == Code.TOO_MANY_TRIES:
        return gettext("Too many wrong PINs: locked for %(wait)s. A manager can give a new PIN.") % {
            "wait": wait_in_words(int(str(refusal.params["retry_after_seconds"])))
        }
    return sentence_of(request, refusal)


def wait_in_words(seconds: int) -> str:
    """40 seconds; 5 minutes, rounded up."""
    if seconds < MINUTE:
        return ngettext("%(n)s second", "%(n)s seconds", seconds) % {"n": seconds}
    minutes = -(-seconds // MINUTE)
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
