"""Enrolling in ten seconds: a phone, a name, the consents before the customer's eyes or on his own phone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods

from kopilka.engine.consents import CHANNELS, REQUIRED, Given
from kopilka.engine.contacts import NAME_LENGTH_MAX
from kopilka.engine.refusal import Code, Refusal
from kopilka.services.consents import ConsentTextView, texts
from kopilka.services.enrolling import check_newcomer, find_by_phone
from kopilka.services.look_ups import note_look_up
from kopilka.services.member_desk import masked_member
from kopilka.services.member_sessions import make_card_link
from kopilka.services.members import enrol_member
from kopilka.services.open_receipts import How, name_member
from kopilka.services.phones import WRITTEN_LENGTH_MAX, normalise_phone
from kopilka.services.profiles import MemberFacts
from kopilka.services.staff_access import must_not_be_own
from kopilka.till.access import TillRequest, at_till
from kopilka.till.once import request_of
from kopilka.web.once import OnceForm
from kopilka.web.problems import tell_in_form
from kopilka.web.requests import address_of
from kopilka.wording.masking import masked_phone
from kopilka.wording.qr import qr_svg

CODE_MAX = 64
PLAIN = {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}
CHANNEL_WORDS = {
    "sms": _("Text messages and calls"),
    "email": _("E-mail"),
    "messenger": _("Messengers"),
    "push": _("Notifications on the phone"),
}


class EnrolForm(OnceForm):
    phone = forms.CharField(
        label=_("Phone"), max_length=WRITTEN_LENGTH_MAX,
        widget=forms.TextInput(attrs={**PLAIN, "inputmode": "tel", "type": "tel", "autofocus": True}),
    )  # fmt: skip
    name = forms.CharField(
        label=_("Name"), max_length=NAME_LENGTH_MAX, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "words"}),
    )  # fmt: skip
    invited_by = forms.CharField(
        label=_("Code of the friend who invited him"), max_length=CODE_MAX, required=False,
        widget=forms.TextInput(attrs=PLAIN),
    )  # fmt: skip
    agent = forms.CharField(
        label=_("Agent's code"), max_length=CODE_MAX, required=False, widget=forms.TextInput(attrs=PLAIN)
    )

    def facts(self, request: TillRequest, given: tuple[Given, ...] = (), evidence: str = "") -> MemberFacts:
        """As the services take a person; enrolled by whoever is at the till."""
        typed = {name: self.cleaned_data[name] for name in ("phone", "name", "invited_by", "agent")}
        return MemberFacts(
            **typed, staff=request.staff.code, door="till", language=request.language.value, consents=given,
            evidence=evidence,
        )  # fmt: skip


class ConsentsForm(forms.Form):
    """A tick for each consent; only those nobody can be a member without are needed."""

    def __init__(self, data: Any, shown: tuple[ConsentTextView, ...]) -> None:
        super().__init__(data)
        self.shown = shown
        for kind in REQUIRED:
            missing = _("Without this nobody can be enrolled.")
            self.fields[f"consent_{kind}"] = forms.BooleanField(
                label=pgettext_lazy("customer", "I agree"), error_messages={"required": missing}
            )
        for channel in CHANNELS:
            self.fields[f"ads_{channel}"] = forms.BooleanField(label=CHANNEL_WORDS[channel], required=False)

    @property
    def parts(self) -> list[tuple[ConsentTextView, list[forms.BoundField]]]:
        """Each text with its ticks."""
        ads = [self[f"ads_{channel}"] for channel in CHANNELS]
        return [(one, ads if one.kind == "ads" else [self[f"consent_{one.kind}"]]) for one in self.shown]

    def given(self) -> tuple[Given, ...]:
        versions = {one.kind: one.version for one in self.shown}
        plain = [Given(kind, "", versions[kind]) for kind in REQUIRED if self.cleaned_data[f"consent_{kind}"]]
        ads = [Given("ads", one, versions["ads"]) for one in CHANNELS if self.cleaned_data[f"ads_{one}"]]
        return (*plain, *ads)


@require_http_methods(["GET", "POST"])
@at_till
def enrol(request: TillRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - the middleware reads the slug
    step = request.POST.get("step", "")
    if request.method == "GET" or step == "start":
        typed = {name: request.POST[name] for name in EnrolForm.base_fields if request.POST.get(name)}
        return _ask(request, EnrolForm(initial=typed))
    form = EnrolForm(request.POST)
    if not form.is_valid():
        return _ask(request, form)
    try:
        try:
            return _STEPS.get(step, _show_consents)(request, form)
        except Refusal as refusal:
            if refusal.code is not Code.IDENTIFIER_TAKEN:
                raise
            return _known_already(request, form)
    except Refusal as refusal:
        about = {"referral_code": "invited_by", "agent": "agent"}.get(str(refusal.params.get("what")))
        at = "phone" if refusal.code is Code.PHONE_INVALID else about
        tell_in_form(request, form, refusal, at=at)
        return _ask(request, form)


def _show_consents(request: TillRequest, form: EnrolForm) -> HttpResponse:
    """The page that is turned to the customer."""
    check_newcomer(program=request.program, facts=form.facts(request), by=request.staff.actor, at=request.at)
    return _turned(request, form, ConsentsForm(None, texts(request.program, request.language)))


def _agreed(request: TillRequest, form: EnrolForm) -> HttpResponse:
    consents = ConsentsForm(request.POST, texts(request.program, request.language))
    if not consents.is_valid():
        return _turned(request, form, consents)
    evidence = f"{request.device.name}, {request.staff.name}"
    member_id = _enrol(request, form, form.facts(request, consents.given(), evidence))
    if member_id is None:
        return _only_trained(request, form)
    return HttpResponseRedirect(reverse("till-sale", args=[request.program.slug]))


def _on_his_phone(request: TillRequest, form: EnrolForm) -> HttpResponse:
    """Enrolled at once, so that this receipt counts; he reads, agrees and adds the rest on his own phone."""
    member_id = _enrol(request, form, form.facts(request))
    if member_id is None:
        return _only_trained(request, form)
    token = make_card_link(program_id=request.program.id, member_id=member_id, by=request.staff.actor, at=request.at)
    address = address_of(request, "card-link", slug=request.program.slug, token=token)
    told = {"picture": qr_svg(address), "name": form.cleaned_data["name"]}
    return render(request, "till/desk/enrolled.html", told)


def _take_known(request: TillRequest, form: EnrolForm) -> HttpResponse:
    """Somebody has this phone already: he is put on the receipt."""
    phone = form.cleaned_data["phone"]
    member_id = find_by_phone(program=request.program, phone=phone, by=request.staff.actor)
    if member_id is None:
        return _show_consents(request, form)
    must_not_be_own(request.staff, member_id)
    _name(request, member_id, How.PHONE)
    return HttpResponseRedirect(reverse("till-sale", args=[request.program.slug]))


def _enrol(request: TillRequest, form: EnrolForm, facts: MemberFacts) -> UUID | None:
    """None in training: what was typed was looked at, and nobody was enrolled."""
    if request.staff.training:
        check_newcomer(program=request.program, facts=facts, by=request.staff.actor, at=request.at)
        return None
    done = enrol_member(
        program_id=request.program.id, facts=facts, request=request_of(request, form, facts), by=request.staff.actor,
        at=request.at,
    )  # fmt: skip
    _name(request, done.member.id, How.ENROLLED)
    return done.member.id


def _name(request: TillRequest, member_id: UUID, how: How) -> None:
    name_member(
        program_id=request.program.id, device_id=request.device.id, member_id=member_id, how=how,
        training=request.staff.training, at=request.at,
    )  # fmt: skip


def _known_already(request: TillRequest, form: EnrolForm) -> HttpResponse:
    """Told by the mask alone, and counted as a look-up (T29)."""
    note_look_up(program_id=request.program.id, by=request.staff.actor, at=request.at)
    phone = form.cleaned_data["phone"]
    member_id = find_by_phone(program=request.program, phone=phone, by=request.staff.actor)
    known = masked_member(request.program.id, member_id) if member_id else None
    return _ask(request, form, known=known)


def _ask(request: TillRequest, form: EnrolForm, **told: Any) -> HttpResponse:
    is_open = any(form[name].value() or form[name].errors for name in ("invited_by", "agent"))
    return render(request, "till/desk/enrol.html", {"form": form, "more": is_open, **told})


def _turned(request: TillRequest, form: EnrolForm, consents: ConsentsForm) -> HttpResponse:
    phone = normalise_phone(form.cleaned_data["phone"], request.program.country)
    told = {"form": form, "consents": consents, "phone": masked_phone(phone), "name": form.cleaned_data["name"]}
    action = reverse("till-enrol", args=[request.program.slug])
    return render(request, "till/desk/consents.html", {**told, "action": action})


def _only_trained(request: TillRequest, form: EnrolForm) -> HttpResponse:
    told = {"name": form.cleaned_data["name"], "phone": form.cleaned_data["phone"]}
    return render(request, "till/desk/enrolled_in_training.html", told)


_STEPS = {"agree": _agreed, "own-phone": _on_his_phone, "known": _take_known}
