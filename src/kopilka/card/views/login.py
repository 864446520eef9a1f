"""Getting in: a code sent to a phone or an address, or a link shown at the till; and getting out."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from kopilka.card.access import card_of, next_of, private, signed_in, signed_out
from kopilka.engine.refusal import Refusal
from kopilka.services.member_sessions import end_session, open_card_link
from kopilka.web.requests import PageRequest

GONE = 410


@require_http_methods(["GET", "POST"])
def login(request: PageRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - the middleware reads the slug
    if card_of(request) is not None:
        return private(HttpResponseRedirect(next_of(request, request.GET.get("next", ""), "card-home")))
    return private(render(request, "card/login.html"))


@require_http_methods(["GET", "POST"])
def open_link(request: PageRequest, slug: str, token: str) -> HttpResponse:
    """A link from the till. Looking at it uses nothing up, as messengers look at every link; the button does."""
    if request.method == "GET":
        return private(render(request, "card/open_link.html"))
    try:
        session = open_card_link(
            program_id=request.program.id, token=token, label=request.headers.get("User-Agent", ""), at=request.at
        )
    except Refusal:
        return private(render(request, "card/open_link.html", {"is_gone": True}, status=GONE))
    return signed_in(request, session, HttpResponseRedirect(reverse("card-home", args=[slug])))


@require_POST
def logout(request: PageRequest, slug: str) -> HttpResponse:
    """Ends the session on the server, and what the browser kept of the card goes."""
    found = card_of(request)
    if found is not None:
        end_session(
            program_id=request.program.id, member_id=found.member_id, session_id=found.session_id, at=request.at
        )
    return signed_out(request, HttpResponseRedirect(reverse("card-login", args=[slug])))
