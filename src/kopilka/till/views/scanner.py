"""The page on which a scanner is tried out and told what to leave out."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kopilka.till.access import TillRequest, at_till


@require_GET
@at_till
def scanner(request: TillRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - the middleware reads the slug
    """What it shows and what is set stays in this browser."""
    return render(request, "till/scanner.html")
