"""A customer at the kiosk: phone, questions, consents, card.

Every page is asked for by GET and knows nothing by itself: what was typed lies in the visit, and is gone with it.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kopilka.engine.refusal import Code, Refusal
from kopilka.kiosk.access import KioskRequest, in_visit, on_kiosk, to_page
from kopilka.kiosk.alike import in_whole_steps
from kopilka.kiosk.enrolling import enrol_visitor
from kopilka.kiosk.forms import ConsentsForm, PersonForm, PhoneForm
from kopilka.services.consents import texts
from kopilka.services.kiosk_visits import begin_visit, end_visit, keep_person, keep_phone, keep_typed, rest_seconds
from kopilka.services.phones import WRITTEN_LENGTH_MAX
from kopilka.web.problems import tell_in_form
from kopilka.web.requests import address_of, pages_of, rulebook_of
from kopilka.wording.languages import Language
from kopilka.wording.program_words import program_words
from kopilka.wording.qr import qr_svg

UNPROCESSABLE = 422
AS_LONG = 30
"""Bytes that make the address of the login as long as that of a new card, so that their codes look alike."""


@require_GET
@on_kiosk
def home(request: KioskRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - the middleware reads the slug
    """Whoever opens this page is somebody new: what the last one left is gone."""
    end_visit(program_id=request.program.id, device_id=request.device.id)
    rulebook, pages = rulebook_of(request), pages_of(request)
    is_english = request.language is Language.EN
    told = {
        "rules": program_words(rulebook, request.language, at=request.at).sections if rulebook else (),
        "slogan": (pages.slogan_en if is_english else "") or pages.slogan_ru or pages.slogan_en,
        "about": (pages.about_en if is_english else "") or pages.about_ru or pages.about_en,
    }
    return render(request, "kiosk/home.html", told)


@require_POST
@on_kiosk
def begin(request: KioskRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - same
    if _rests(request):
        return to_page(request, "kiosk-rest")
    begin_visit(program_id=request.program.id, device_id=request.device.id, at=request.at)
    return to_page(request, "kiosk-phone")


@require_GET
@on_kiosk
def rest(request: KioskRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - same
    """As many people as this kiosk may serve within an hour have been here: nobody types in vain, the till enrols."""
    return render(request, "kiosk/rest.html") if _rests(request) else to_page(request, "kiosk-home")


@require_POST
@on_kiosk
def wipe(request: KioskRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - same
    """He is done, or has gone. The next one reads the language of the tablet again."""
    end_visit(program_id=request.program.id, device_id=request.device.id)
    response = to_page(request, "kiosk-home")
    response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
    return response


@require_http_methods(["GET", "POST"])
@in_visit
def phone(request: KioskRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - same
    if request.visit.state != "open":
        return to_page(request, "kiosk-card")
    if "press" in request.POST:
        return _press(request)
    form = PhoneForm(request.POST or None, initial={"typed": request.visit.typed})
    if form.is_valid():
        try:
            keep_phone(
                program=request.program, device_id=request.device.id, visit_id=request.visit.id,
                typed=form.cleaned_data["typed"], at=request.at,
            )  # fmt: skip
        except Refusal as refusal:
            tell_in_form(request, form, refusal, at="typed")
        else:
            return to_page(request, "kiosk-person")
    return _show(request, "kiosk/phone.html", form)


@require_http_methods(["GET", "POST"])
@in_visit
def person(request: KioskRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - same
    if request.visit.state != "open" or not request.visit.phone:
        return to_page(request, "kiosk-phone")
    rulebook = rulebook_of(request)
    questions = tuple(rulebook.mechanics.profile.values()) if rulebook else ()
    form = PersonForm(
        request.POST or None, known=request.visit.person, questions=questions, language=request.language
    )  # fmt: skip
    if form.is_valid():
        try:
            keep_person(
                program=request.program, device_id=request.device.id, visit_id=request.visit.id, person=form.person(),
                at=request.at,
            )  # fmt: skip
        except Refusal as refusal:
            _tell(request, form, refusal)
        else:
            return to_page(request, "kiosk-consents")
    return _show(request, "kiosk/person.html", form)


@require_http_methods(["GET", "POST"])
@in_visit
def consents(request: KioskRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - same
    if request.visit.state != "open":
        return to_page(request, "kiosk-card")
    if request.visit.person is None:
        return to_page(request, "kiosk-person")
    form = ConsentsForm(
        request.POST or None, texts=texts(request.program, request.language), language=request.language
    )  # fmt: skip
    if form.is_valid():
        try:
            with in_whole_steps():
                enrol_visitor(request, form.given())
        except Refusal as refusal:
            if refusal.code is Code.TOO_MANY_TRIES:
                return to_page(request, "kiosk-rest")
            tell_in_form(request, form, refusal)
        else:
            return to_page(request, "kiosk-card")
    return _show(request, "kiosk/consents.html", form)


@require_GET
@in_visit
def card(request: KioskRequest, slug: str) -> HttpResponse:
    """The same page for a new member and for one known before: only where the code leads differs, not its size (T7)."""
    visit = request.visit
    if visit.state == "open":
        return to_page(request, "kiosk-phone")
    if visit.state != "done":
        return render(request, "kiosk/one_moment.html")
    address = (
        address_of(request, "card-link", slug=slug, token=visit.link_token)
        if visit.link_token
        else f"{address_of(request, 'card-login', slug=slug)}?k={secrets.token_urlsafe(AS_LONG)}"
    )
    return render(request, "kiosk/card.html", {"qr": qr_svg(address), "on_receipt": visit.on_receipt})


def _rests(request: KioskRequest) -> bool:
    return rest_seconds(request.program.id, request.device.id, at=request.at) > 0


def _press(request: KioskRequest) -> HttpResponse:
    """A key of the number pad, where no script has taken care of it."""
    typed, key = request.POST.get("typed", "")[:WRITTEN_LENGTH_MAX], request.POST["press"]
    after = {"back": typed[:-1], "": ""}.get(key, typed + key if key.isdecimal() else typed)
    try:
        keep_typed(
            program_id=request.program.id, device_id=request.device.id, visit_id=request.visit.id, typed=after,
            at=request.at,
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.code is not Code.NOT_FOUND:
            raise
        return to_page(request, "kiosk-home")
    return to_page(request, "kiosk-phone")


def _tell(request: KioskRequest, form: PersonForm, refusal: Refusal) -> None:
    about = str(refusal.params.get("field", "")).replace("answers.", "q-")
    if refusal.code is Code.OUT_OF_RANGE and about == "birth_date":
        form.add_error(about, gettext("Is the year right? A birthday lies between 1900 and today."))
    else:
        tell_in_form(request, form, refusal, at=about if about in form.fields else None)


def _show(request: KioskRequest, template: str, form: Any) -> HttpResponse:
    status = UNPROCESSABLE if form.errors else None
    return render(request, template, {"form": form, "visit": request.visit}, status=status)
