"""What happened with the points of a card, and for what."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kopilka.card.access import CardRequest, with_card


@require_GET
@with_card
def history(request: CardRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - the middleware reads the slug
    return render(request, "card/history.html")
