"""The texts people agree to, each version of each."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kopilka.engine.refusal import Refusal
from kopilka.services.consents import text_of
from kopilka.web.requests import PageRequest


@require_GET
def terms(request: PageRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - the middleware reads the slug
    return _text(request, "terms")


@require_GET
def privacy(request: PageRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - same
    return _text(request, "privacy")


@require_GET
def ads(request: PageRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - same
    return _text(request, "ads")


def _text(request: PageRequest, kind: str) -> HttpResponse:
    """`?version=2` shows what people agreed to then."""
    asked = request.GET.get("version", "")
    if asked and not (asked.isascii() and asked.isdigit() and len(asked) < 7):  # noqa: PLR2004 - a version's digits
        raise Http404
    current = text_of(request.program, kind, request.language)
    try:
        shown = text_of(request.program, kind, request.language, int(asked)) if asked else current
    except Refusal:
        raise Http404 from None
    told = {"kind": kind, "shown": shown, "current": current, "earlier": range(1, current.version)}
    return render(request, "site/text.html", told)
