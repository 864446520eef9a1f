"""/card/ : straight to the card where there is one program, else a choice."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kopilka.card.access import SEEN_COOKIE, private
from kopilka.queries.programs import list_programs
from kopilka.web.requests import PageRequest


@require_safe
def start(request: PageRequest) -> HttpResponse:
    """Programs whose card this browser has come first; with a single one nothing is asked."""
    known = request.COOKIES.get(SEEN_COOKIE, "").split(".")
    programs = sorted(list_programs(), key=lambda one: (one.slug not in known, one.name))
    mine = [one for one in programs if one.slug in known]
    if len(mine or programs) == 1:
        return private(HttpResponseRedirect(reverse("card-home", args=[(mine or programs)[0].slug])))
    return private(render(request, "card/start.html", {"programs": programs, "known": known}))
