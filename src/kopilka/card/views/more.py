"""Everything else of a card, and the browsers in which it is open."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from kopilka.card.access import CardRequest, signed_out, with_card
from kopilka.card.devices import device_name
from kopilka.engine.refusal import Refusal
from kopilka.queries.chats import unread_by_member
from kopilka.queries.members import member_for_door
from kopilka.services.member_sessions import end_other_sessions, end_session, list_sessions
from kopilka.web.requests import rulebook_of


@require_GET
@with_card
def more(request: CardRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - the middleware reads the slug
    rulebook = rulebook_of(request)
    told = {
        "member": member_for_door(request.program.id, request.card.member_id),
        "unread": unread_by_member(request.program.id, request.card.member_id),
        "has_pins": rulebook is not None and rulebook.proof.pin,
    }
    return render(request, "card/more.html", told)


@require_http_methods(["GET", "POST"])
@with_card
def devices(request: CardRequest, slug: str) -> HttpResponse:
    """Browsers in which the card is open; any of them can be sent out, this one too."""
    if request.method == "POST":
        return _send_out(request, slug, request.POST.get("device", ""))
    found = list_sessions(program_id=request.program.id, member_id=request.card.member_id, at=request.at)
    shown = [{"it": one, "name": device_name(one.label), "is_this": one.id == request.card.session_id} for one in found]
    return render(request, "card/devices.html", {"shown": shown, "others": len(shown) > 1})


def _send_out(request: CardRequest, slug: str, which: str) -> HttpResponse:
    program_id, member_id, mine = request.program.id, request.card.member_id, request.card.session_id
    if which == "others":
        end_other_sessions(program_id=program_id, member_id=member_id, but=mine, at=request.at)
        return HttpResponseRedirect(reverse("card-devices", args=[slug]))
    try:
        session_id = UUID(which)
        end_session(program_id=program_id, member_id=member_id, session_id=session_id, at=request.at)
    except (ValueError, Refusal):
        raise Http404 from None
    if session_id == mine:
        return signed_out(request, HttpResponseRedirect(reverse("card-login", args=[slug])))
    return HttpResponseRedirect(reverse("card-devices", args=[slug]))
