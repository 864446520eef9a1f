"""What a demo would have sent to phones and mailboxes."""

from __future__ import annotations

from datetime import timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kopilka.card.access import private
from kopilka.queries.demo_messages import demo_messages
from kopilka.web.requests import PageRequest

SHOWN = timedelta(minutes=30)


@require_safe
def demo_codes(request: PageRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - the middleware reads the slug
    """Where the program is not a demo there is no such page."""
    if not request.program.is_demo:
        raise Http404
    messages = demo_messages(request.program.id, since=request.at - SHOWN)
    return private(render(request, "card/demo_codes.html", {"messages": messages}))
