"""The first screen: the code to be shown at the till, and everything the member has."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kopilka.card.access import CardRequest, with_card


@require_GET
@with_card
def home(request: CardRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - the middleware reads the slug
    return render(request, "card/home.html")
