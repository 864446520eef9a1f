"""News of the business."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kopilka.card.access import CardRequest, with_card
from kopilka.card.cursors import cursor_of
from kopilka.queries.posts import posts_for_card


@require_GET
@with_card
def news(request: CardRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - the middleware reads the slug
    after = cursor_of(request.GET.get("after", ""))
    page = posts_for_card(request.program.id, at=request.at, after=after)
    name = "card/parts/posts.html" if request.headers.get("HX-Request") else "card/news.html"
    return render(request, name, {"page": page, "is_later_page": after is not None})
